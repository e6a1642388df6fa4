//! Where each Markdown file stands: which are sections, which are pages of a folder of their own, which are plain pages.
//! It depends on the files' names, the sections' own texts and the configuration alone, so an edit of a page leaves it
//! as it is, and so does a plain page that comes or goes beside others.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::super::address;
use super::super::fact::Entity;
use super::super::record::{Offices, SectionId, SectionRecord};
use super::{below_content, names, split};
use crate::content::{Document, SortBy, slug};
use crate::diag::{Diagnostic, INDEX_BESIDE_PAGES, INDEX_SECOND};
use crate::source::Config;
use crate::texts::{Edit, Texts};

/// Where each Markdown file stands.
#[derive(Debug)]
pub(in super::super) struct Outline {
    /// The sections, sorted by folder.
    pub sections: Arc<[Arc<SectionRecord>]>,
    /// What is wrong with the sections, and with files that stand in the wrong place.
    pub problems: Vec<Diagnostic>,
    /// Paths of the documents that are sections' texts, or would be.
    texts: HashSet<Arc<str>>,
}

/// Where a page stands.
#[derive(Clone, Debug)]
pub(in super::super) struct Placed {
    pub document: Arc<Document>,
    pub section: SectionId,
    /// Whether it has a folder of its own.
    pub is_bundle: bool,
}

impl Placed {
    /// The name of the file or folder that stands for the page.
    pub fn name(&self) -> &str {
        let (folder, name) = split(below_content(&self.document.path));
        if self.is_bundle { split(folder).1 } else { stem(name) }
    }

    /// Its folder, if it has one of its own.
    pub fn folder(&self) -> Option<&str> {
        self.is_bundle.then(|| folder_of(&self.document))
    }
}

fn stem(name: &str) -> &str {
    name.strip_suffix(".markdown").or_else(|| name.strip_suffix(".md")).unwrap_or(name)
}

impl Outline {
    /// The outline of `texts`, and the pages among them in order of their paths. Sections that are as they were are
    /// those of `previous`.
    pub fn new(config: &Config, texts: &Texts, previous: Option<&Arc<[Arc<SectionRecord>]>>) -> (Self, Vec<Placed>) {
        let mut problems = Vec::new();
        let mut own = HashSet::new();
        let documents: Vec<&Arc<Document>> = texts.iter().map(|text| &text.document).collect();
        let (pages, folders) = sort_files(&documents, &mut own, &mut problems);
        let mut made = sections(config, folders, &mut problems);
        if let Some(previous) = previous {
            keep(previous, &mut made);
        }
        let same = previous
            .filter(|old| old.len() == made.len() && old.iter().zip(&made).all(|(old, new)| Arc::ptr_eq(old, new)));
        let sections = same.cloned().unwrap_or_else(|| made.into());
        (Self { sections, problems, texts: own }, pages)
    }

    /// Where the document of an edit stands as a page, if this is the outline of the texts `after` it too, as it was of
    /// those `before`. The inner `None` is for one that is gone.
    pub fn stays(&self, edit: &Edit, before: &Texts, after: &Texts) -> Option<Option<Placed>> {
        let document = edit.new.as_ref().or(edit.old.as_ref())?;
        let path = &document.path;
        let (folder, name) = path.rsplit_once('/')?;
        if self.texts.contains(path) || before.is_double(path) || after.is_double(path) {
            return None;
        }
        if edit.old.is_none() || edit.new.is_none() {
            // Beside an index, what a file is depends on how many there are.
            let has_index = |texts: &Texts| {
                ["index.md", "index.markdown"].iter().any(|index| texts.find(&format!("{folder}/{index}")).is_some())
            };
            let beside = |text: &crate::texts::Text| {
                text.path().rsplit_once('/').is_some_and(|(one, _)| one == folder) && before.find(text.path()).is_some()
            };
            let stem = stem(name);
            let is_plain = !matches!(stem, "index" | "_index") && !is_index_of_language(stem);
            // Another file of the folder that stays makes sure that the section does.
            if !is_plain || has_index(before) || has_index(after) || !after.beside(path).any(beside) {
                return None;
            }
        }
        let folder = split(below_content(path)).0;
        let of_folder = |folder: &str| self.sections.binary_search_by(|section| (*section.folder).cmp(folder)).ok();
        let is_bundle = matches!(stem(name), "index");
        let section = of_folder(if is_bundle { split(folder).0 } else { folder })?;
        let document = edit.new.clone();
        Some(document.map(|document| Placed { document, section: SectionId(section as u32), is_bundle }))
    }
}

/// Puts the section records of before where nothing that they depend on is new. Sections are sorted by folder, so
/// each stands after the one above it.
fn keep(old: &[Arc<SectionRecord>], new: &mut [Arc<SectionRecord>]) {
    for at in 0..new.len() {
        let section = &new[at];
        let Ok(found) = old.binary_search_by(|one| one.folder.cmp(&section.folder)) else { continue };
        let before = &old[found];
        let same_text = match (&before.document, &section.document) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        let same_above = before.parent == section.parent
            && section.parent.is_none_or(|id| Arc::ptr_eq(&old[id.at()], &new[id.at()]));
        if same_text && same_above {
            new[at] = before.clone();
        }
    }
}

/// Section folders below `content/`, with their `_index.md`.
type Folders = BTreeMap<Arc<str>, Option<Arc<Document>>>;

/// Tells sections, folder pages and plain pages apart. `texts` takes the paths of the sections' own texts.
fn sort_files(
    documents: &[&Arc<Document>],
    texts: &mut HashSet<Arc<str>>,
    problems: &mut Vec<Diagnostic>,
) -> (Vec<Placed>, Folders) {
    let places: Vec<(&str, &str)> = documents.par_iter().map(|document| split(below_content(&document.path))).collect();
    // Files of one folder mostly follow each other, so what is known of a folder is asked for once a run.
    let runs = || places.chunk_by(|a, b| a.0 == b.0).map(|run| (run[0].0, run));
    let mut in_folder: HashMap<&str, usize> = HashMap::new();
    let mut above_pages: HashSet<&str> = HashSet::new();
    for (folder, run) in runs() {
        *in_folder.entry(folder).or_default() += run.len();
        let mut up = folder;
        while !up.is_empty() {
            up = split(up).0;
            above_pages.insert(up);
        }
    }
    // Its document's place, folder of its section, and whether it is a folder page.
    type Plain<'d> = (u32, &'d str, bool);
    let mut plain: Vec<Plain<'_>> = Vec::with_capacity(documents.len());
    let mut folders = Folders::new();
    folders.insert("".into(), None);
    let mut at = 0;
    for (folder, run) in runs() {
        let single = in_folder.get(folder) == Some(&1) && !above_pages.contains(folder);
        for (_, name) in run {
            let document = documents[at];
            let stem = stem(name);
            let alone = single && !folder.is_empty();
            if is_index_of_language(stem) {
                texts.insert(document.path.clone());
                match folders.get(folder) {
                    Some(Some(text)) => problems.push(second_index(&document.path, &text.path)),
                    _ => _ = folders.insert(folder.into(), Some(document.clone())),
                }
            } else if stem == "_index" || (stem == "index" && !alone) {
                // A portal of one page: its text is the root section's.
                let whole = single && folder.is_empty();
                if stem == "index" && !whole {
                    problems.push(index_beside_pages(&document.path));
                }
                texts.insert(document.path.clone());
                folders.insert(folder.into(), Some(document.clone()));
            } else if stem == "index" {
                plain.push((at as u32, split(folder).0, true));
            } else {
                plain.push((at as u32, folder, false));
            }
            at += 1;
        }
    }
    let by_section = || plain.chunk_by(|a, b| a.1 == b.1);
    for run in by_section() {
        with_all_above(run[0].1, &mut folders);
    }
    let all: Vec<Arc<str>> = folders.keys().cloned().collect();
    for folder in &all {
        with_all_above(split(folder).0, &mut folders);
    }
    let index: HashMap<&str, SectionId> =
        folders.keys().enumerate().map(|(at, folder)| (&**folder, SectionId(at as u32))).collect();
    // `documents` are sorted by path, so the pages are.
    let mut pages = Vec::with_capacity(plain.len());
    for run in by_section() {
        let section = index[run[0].1];
        pages.extend(run.iter().map(|&(at, _, is_bundle)| Placed {
            document: documents[at as usize].clone(),
            section,
            is_bundle,
        }));
    }
    (pages, folders)
}

/// Whether a file is Hugo's `_index.zh-cn.md`: a section's text with its language, which counts where there is none
/// without. Files are sorted, and `_index.md` stands before `_index.zh.md`.
fn is_index_of_language(stem: &str) -> bool {
    stem.strip_prefix("_index.").is_some_and(|language| {
        let mut parts = language.split(['-', '_']);
        parts.next().is_some_and(|part| (2..=3).contains(&part.len()))
            && parts.all(|part| (2..=8).contains(&part.len()))
            && language.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    })
}

fn folder_of(document: &Arc<Document>) -> &str {
    split(below_content(&document.path)).0
}

fn with_all_above(folder: &str, folders: &mut Folders) {
    let mut up = folder;
    while !folders.contains_key(up) {
        folders.insert(up.into(), None);
        up = split(up).0;
    }
}

/// The records of the sections, sorted by folder.
fn sections(config: &Config, folders: Folders, problems: &mut Vec<Diagnostic>) -> Vec<Arc<SectionRecord>> {
    let mut made: Vec<Arc<SectionRecord>> = Vec::with_capacity(folders.len());
    let index: HashMap<Arc<str>, SectionId> =
        folders.keys().enumerate().map(|(at, folder)| (folder.clone(), SectionId(at as u32))).collect();
    for (folder, document) in folders {
        let parent = (!folder.is_empty()).then(|| index[split(&folder).0]);
        let above = parent.map(|id| made[id.at()].clone());
        let front = document.as_ref().map(|document| &document.front);
        let conf = config.sections().iter().find(|conf| conf.path == folder).cloned();
        let name = split(&folder).1;
        let title = front
            .and_then(|front| front.title.as_ref().map(|title| title.value.clone()))
            .or_else(|| document.as_ref().and_then(|document| document.body.first_heading.clone()))
            .unwrap_or_else(|| name.into());
        let place = document.as_ref().map(|document| document.path.clone());
        let wanted = front.and_then(|front| front.slug.as_ref());
        let own = match (wanted, &place) {
            (Some(wanted), Some(file)) => address::slug_given(wanted, file, problems),
            _ => None,
        };
        let own = own.unwrap_or_else(|| slug(name));
        let out: Arc<str> = match &above {
            None => "".into(),
            Some(above) => format!("{}{own}/", above.out).into(),
        };
        let offices = match (front.and_then(|front| front.offices.as_ref()), &place) {
            (Some(words), Some(file)) => names::offices(config, words, file, problems),
            _ => Offices::ALL,
        };
        let offices = Offices(offices.0 & above.as_ref().map_or(u64::MAX, |above| above.offices.0));
        let kind = match (front.and_then(|front| front.kind.as_ref()), &place) {
            (Some(word), Some(file)) => names::kind(config, word, file, problems),
            _ => None,
        };
        let kind = kind
            .or_else(|| conf.as_ref().and_then(|conf| config.kind(conf.kind.as_deref()?).cloned()))
            .or_else(|| above.as_ref().and_then(|above| above.kind.clone()));
        let paginate_by = front
            .and_then(|front| front.paginate_by)
            .or_else(|| conf.as_ref().and_then(|conf| conf.paginate_by))
            .unwrap_or(config.paginate_by());
        made.push(Arc::new(SectionRecord {
            entity: Entity::new("section", &folder),
            title,
            description: front.and_then(|front| front.summary.clone()),
            path: format!("{out}index.html").into(),
            out,
            parent,
            offices,
            kind,
            sort_by: front.and_then(|front| front.sort_by.as_ref()).map_or(SortBy::Date, |sort| sort.value),
            paginate_by: paginate_by.max(1) as usize,
            template: front.and_then(|front| front.template.as_ref()).map(|at| at.value.clone()),
            extra: front.map(|front| front.extra.clone()).unwrap_or_default(),
            folder,
            document,
        }));
    }
    made
}

fn second_index(path: &Arc<str>, used: &Arc<str>) -> Diagnostic {
    let name = |path: &str| split(path).1.to_owned();
    Diagnostic::warning(INDEX_SECOND, format!("这个文件夹已有栏目说明 {}，这一份没有用", name(used)))
        .in_file(path)
        .cause("一个栏目只有一份说明；文件名里的语言（如 .zh-cn、.en）在这里不分版本。")
        .cure(format!("要用这一份，就把内容移到 {}；用不到就删掉这个文件", name(used)))
}

fn index_beside_pages(path: &Arc<str>) -> Diagnostic {
    Diagnostic::error(INDEX_BESIDE_PAGES, "这个文件夹里还有别的文章，首页文件不能叫 index.md")
        .in_file(path)
        .cause("只有一篇文章的文件夹才用 index.md；文件夹里有多篇文章时，它是一个栏目，栏目说明要写在 _index.md 里。")
        .cure("把它改名为 _index.md；如果它本身是一篇文章，就给它另起一个文件名。")
}
