//! All pages, sections, terms and files of the portal, whatever the edition: the first half of the model. Documents
//! come in, records go out; defaults of the sections above are applied here, and what the front matter names (offices,
//! kinds, series, terms) is looked up and complained about.

mod gather;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::fact::Entity;
use super::record::{
    AssetId, AssetRecord, Offices, PageId, Record, SectionId, SectionRecord, Status, TermId, TermRecord,
};
use super::{address, place};
use crate::content::{At, Document, FrontMatter, SortBy, slug};
use crate::diag::{
    Diagnostic, INDEX_BESIDE_PAGES, KIND_UNKNOWN, OFFICE_NONE, OFFICE_UNKNOWN, SERIES_UNKNOWN, SUPERSEDES_SELF, nearest,
};
use crate::source::{Config, Kind, Sources};

/// Everything that is the same in every edition.
#[derive(Debug)]
pub struct Library {
    pub(super) config: Arc<Config>,
    pub(super) pages: Vec<Arc<Record>>,
    pub(super) sections: Vec<Arc<SectionRecord>>,
    pub(super) terms: Vec<TermRecord>,
    pub(super) assets: Vec<AssetRecord>,
    pub(super) by_path: HashMap<Arc<str>, Found>,
    /// Source file by output path, for links that were written as addresses.
    by_address: OnceLock<HashMap<Arc<str>, Arc<str>>>,
    /// Pages, newest first, undated ones last, then by path.
    pub(super) by_date: Vec<PageId>,
    /// Place of each page in `by_date`.
    pub(super) rank: Vec<u32>,
    /// `2026-11`, the month whose plan the home page shows.
    pub(super) month: Arc<str>,
}

/// What stands at a path of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A page.
    Page(PageId),
    /// A section's `_index.md`.
    Section(SectionId),
    /// Another file.
    Asset(AssetId),
}

impl Library {
    /// Makes records of documents. `documents` are sorted by path.
    pub fn new(sources: &Sources, documents: &[Arc<Document>], problems: &mut Vec<Diagnostic>) -> Self {
        let mut maker = Maker {
            config: sources.config().clone(),
            sources,
            problems,
            folders: BTreeMap::new(),
            sections: Vec::new(),
            bundles: BTreeMap::new(),
            by_path: HashMap::with_capacity(documents.len() * 2),
        };
        let pages_of = maker.sort_files(documents);
        maker.make_sections();
        let (terms, page_terms) = maker.terms(&pages_of);
        let assets = maker.assets(&pages_of);
        let pages = maker.pages(&pages_of, page_terms, &terms, &assets);
        let mut by_date: Vec<PageId> = (0..pages.len() as u32).map(PageId).collect();
        by_date.par_sort_unstable_by(|&a, &b| pages[b.at()].day.cmp(&pages[a.at()].day).then(a.cmp(&b)));
        let mut rank = vec![0; pages.len()];
        for (at, page) in by_date.iter().enumerate() {
            rank[page.at()] = at as u32;
        }
        let today = sources.today();
        let month = format!("{:04}-{:02}", today.year(), today.month()).into();
        let Maker { config, sections, by_path, .. } = maker;
        Self { config, pages, sections, terms, assets, by_path, by_address: OnceLock::new(), by_date, rank, month }
    }

    /// Reports pages that replace each other in a circle, or themselves.
    pub(super) fn check_supersession(&self, problems: &mut Vec<Diagnostic>) {
        for (at, page) in self.pages.iter().enumerate() {
            // Nobody replaces a page thirty times over; the bound keeps a circle elsewhere from holding us.
            let round = std::iter::successors(page.supersedes, |id| self.pages[id.at()].supersedes).take(32);
            let Some(wanted) = page.document.front.supersedes.as_ref() else { continue };
            if round.into_iter().any(|id| id.at() == at) {
                problems.push(
                    Diagnostic::error(SUPERSEDES_SELF, "几篇文章互相替代，绕成了一圈")
                        .at(&page.document.path, wanted.span)
                        .cause("读者要从旧的一篇找到现行的一篇；绕成一圈，就没有一篇是现行的。")
                        .cure("supersedes 只写在新的一篇里，写它替代的旧的那一篇；删去旧的一篇里的这一项。"),
                );
            }
        }
    }

    /// The pages, sorted by source path.
    pub fn pages(&self) -> &[Arc<Record>] {
        &self.pages
    }

    pub(super) fn by_address(&self) -> &HashMap<Arc<str>, Arc<str>> {
        self.by_address.get_or_init(|| {
            let sections = self.sections.iter().rev().filter_map(|section| {
                let document = section.document.as_ref()?;
                Some((section.path.clone(), document.path.clone()))
            });
            let pages = self.pages.iter().rev().map(|page| (page.path.clone(), page.document.path.clone()));
            sections.chain(pages).collect()
        })
    }

    /// The files beside pages.
    pub fn assets(&self) -> &[AssetRecord] {
        &self.assets
    }
}

/// A page before it has a record.
struct Draft {
    document: Arc<Document>,
    section: SectionId,
    /// File or folder name that stands for the page.
    name: Arc<str>,
    /// Folder of its own files, below `content/`, if it is a folder page.
    bundle: Option<Arc<str>>,
}

/// What a page's front matter names: its offices, kind and series.
type LookedUp = (Offices, Option<Arc<Kind>>, Option<Arc<str>>);

struct Maker<'a> {
    config: Arc<Config>,
    sources: &'a Sources,
    problems: &'a mut Vec<Diagnostic>,
    /// Section folders below `content/`, with their `_index.md`.
    folders: BTreeMap<Arc<str>, Option<Arc<Document>>>,
    sections: Vec<Arc<SectionRecord>>,
    /// Folder pages: folder to page.
    bundles: BTreeMap<Arc<str>, PageId>,
    by_path: HashMap<Arc<str>, Found>,
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn below_content(path: &str) -> &str {
    path.strip_prefix("content/").unwrap_or(path)
}

fn stem(name: &str) -> &str {
    name.strip_suffix(".markdown").or_else(|| name.strip_suffix(".md")).unwrap_or(name)
}

impl Maker<'_> {
    /// Tells sections, folder pages and plain pages apart.
    fn sort_files(&mut self, documents: &[Arc<Document>]) -> Vec<Draft> {
        let mut in_folder: BTreeMap<&str, usize> = BTreeMap::new();
        let mut above_pages: BTreeSet<&str> = BTreeSet::new();
        for document in documents {
            let (folder, _) = split(below_content(&document.path));
            *in_folder.entry(folder).or_default() += 1;
            let mut up = folder;
            while !up.is_empty() {
                up = split(up).0;
                above_pages.insert(up);
            }
        }
        // Document, folder of its section, name, and whether it is a folder page.
        type Plain = (Arc<Document>, Arc<str>, Arc<str>, bool);
        let mut plain: Vec<Plain> = Vec::new();
        self.folders.insert("".into(), None);
        for document in documents {
            let (folder, name) = split(below_content(&document.path));
            let stem = stem(name);
            let alone = in_folder.get(folder) == Some(&1) && !above_pages.contains(folder) && !folder.is_empty();
            if stem == "_index" || (stem == "index" && !alone) {
                if stem == "index" {
                    if in_folder.get(folder) == Some(&1) && folder.is_empty() && !above_pages.contains("") {
                        // A portal of one page: its text is the root section's.
                    } else {
                        self.problems.push(index_beside_pages(&document.path));
                    }
                }
                self.folders.insert(folder.into(), Some(document.clone()));
            } else if stem == "index" {
                let (above, last) = split(folder);
                plain.push((document.clone(), above.into(), last.into(), true));
            } else {
                plain.push((document.clone(), folder.into(), stem.into(), false));
            }
        }
        for (_, folder, _, _) in &plain {
            let mut up: &str = folder;
            while !self.folders.contains_key(up) {
                self.folders.insert(up.into(), None);
                up = split(up).0;
            }
        }
        let all: Vec<Arc<str>> = self.folders.keys().cloned().collect();
        for folder in &all {
            let mut up = split(folder).0;
            while !self.folders.contains_key(up) {
                self.folders.insert(up.into(), None);
                up = split(up).0;
            }
        }
        let index: HashMap<Arc<str>, SectionId> =
            self.folders.keys().enumerate().map(|(at, folder)| (folder.clone(), SectionId(at as u32))).collect();
        let mut drafts: Vec<Draft> = plain
            .into_iter()
            .map(|(document, folder, name, bundle)| {
                let bundle = bundle.then(|| split(below_content(&document.path)).0.into());
                Draft { section: index[&folder], document, name, bundle }
            })
            .collect();
        drafts.sort_by(|a, b| a.document.path.cmp(&b.document.path));
        for (at, draft) in drafts.iter().enumerate() {
            let id = PageId(at as u32);
            self.by_path.insert(draft.document.path.clone(), Found::Page(id));
            if let Some(folder) = &draft.bundle {
                self.bundles.insert(folder.clone(), id);
            }
        }
        drafts
    }

    fn make_sections(&mut self) {
        let folders = std::mem::take(&mut self.folders);
        let index: HashMap<Arc<str>, SectionId> =
            folders.keys().enumerate().map(|(at, folder)| (folder.clone(), SectionId(at as u32))).collect();
        for (folder, document) in folders {
            let parent = (!folder.is_empty()).then(|| index[split(&folder).0]);
            let above = parent.map(|id| self.sections[id.at()].clone());
            let front = document.as_ref().map(|document| &document.front);
            if let Some(document) = &document {
                self.by_path.insert(document.path.clone(), Found::Section(index[&folder]));
            }
            let conf = self.config.sections().iter().find(|conf| conf.path == folder).cloned();
            let name = split(&folder).1;
            let title = front
                .and_then(|front| front.title.as_ref().map(|title| title.value.clone()))
                .or_else(|| document.as_ref().and_then(|document| document.body.first_heading.clone()))
                .unwrap_or_else(|| name.into());
            let place = document.as_ref().map(|document| document.path.clone());
            let wanted = front.and_then(|front| front.slug.as_ref());
            let own = match (wanted, &place) {
                (Some(wanted), Some(file)) => address::slug_given(wanted, file, self.problems),
                _ => None,
            };
            let own = own.unwrap_or_else(|| slug(name));
            let out: Arc<str> = match &above {
                None => "".into(),
                Some(above) => format!("{}{own}/", above.out).into(),
            };
            let offices = match (front.and_then(|front| front.offices.as_ref()), &place) {
                (Some(words), Some(file)) => self.offices(words, file),
                _ => Offices::ALL,
            };
            let offices = Offices(offices.0 & above.as_ref().map_or(u64::MAX, |above| above.offices.0));
            let kind = match (front.and_then(|front| front.kind.as_ref()), &place) {
                (Some(word), Some(file)) => self.kind(word, file),
                _ => None,
            };
            let kind = kind
                .or_else(|| conf.as_ref().and_then(|conf| self.config.kind(conf.kind.as_deref()?).cloned()))
                .or_else(|| above.as_ref().and_then(|above| above.kind.clone()));
            let paginate_by = front
                .and_then(|front| front.paginate_by)
                .or_else(|| conf.as_ref().and_then(|conf| conf.paginate_by))
                .unwrap_or(self.config.paginate_by());
            self.sections.push(Arc::new(SectionRecord {
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
    }

    /// The documents whose `cascade` holds for a page of this section, nearest first.
    fn cascades(&self, section: SectionId) -> Vec<&FrontMatter> {
        let mut found = Vec::new();
        let mut at = Some(section);
        while let Some(id) = at {
            let record = &self.sections[id.at()];
            found.extend(record.document.as_ref().and_then(|document| document.front.cascade.as_deref()));
            at = record.parent;
        }
        found
    }

    /// The page's own document, then those of the sections above whose `cascade` holds for it (`true`), nearest first.
    fn fronts(&self, draft: &Draft) -> Vec<(Arc<Document>, bool)> {
        let mut found = vec![(draft.document.clone(), false)];
        let mut at = Some(draft.section);
        while let Some(id) = at {
            let record = &self.sections[id.at()];
            let above = record.document.as_ref().filter(|document| document.front.cascade.is_some());
            found.extend(above.map(|document| (document.clone(), true)));
            at = record.parent;
        }
        found
    }

    fn offices(&mut self, words: &[At<Arc<str>>], file: &Arc<str>) -> Offices {
        // Without any office the configuration is at fault, which has been said.
        if words.is_empty() || self.config.offices().is_empty() {
            return Offices::ALL;
        }
        let mut bits = 0;
        for word in words {
            match self.config.office(&word.value) {
                Some(at) if at < 64 => bits |= 1 << at,
                _ => {
                    let names: Vec<String> = self
                        .config
                        .offices()
                        .iter()
                        .map(|office| format!("{}（{}）", office.id, office.short))
                        .collect();
                    let known =
                        self.config.offices().iter().flat_map(|office| [&*office.id, &*office.short, &*office.name]);
                    let near = nearest(&word.value, known);
                    let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
                    self.problems.push(
                        Diagnostic::error(OFFICE_UNKNOWN, format!("没有叫“{}”的办公区", word.value))
                            .at(file, word.span)
                            .cause("这一篇该放进哪个办公区的站点就定不下来。")
                            .cure(format!("{guess}可以写的有：{}；所有办公区都要，就删去这一项。", names.join("、"))),
                    );
                }
            }
        }
        if bits == 0 { Offices::ALL } else { Offices(bits) }
    }

    fn kind(&mut self, word: &At<Arc<str>>, file: &Arc<str>) -> Option<Arc<Kind>> {
        let found = self.config.kind(&word.value).cloned();
        if found.is_none() {
            let near = nearest(&word.value, self.config.kinds().iter().flat_map(|kind| [&*kind.id, &*kind.name]));
            let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
            let names: Vec<String> =
                self.config.kinds().iter().map(|kind| format!("{}（{}）", kind.id, kind.name)).collect();
            self.problems.push(
                Diagnostic::error(KIND_UNKNOWN, format!("没有叫“{}”的类型", word.value))
                    .at(file, word.span)
                    .cause("类型决定用哪个版式、进首页哪一栏。")
                    .cure(format!("{guess}可以写的有：{}；不写就按所在栏目来定。", names.join("、"))),
            );
        }
        found
    }

    fn slug(&self, draft: &Draft, problems: &mut Vec<Diagnostic>) -> String {
        let given = draft.document.front.slug.as_ref();
        given
            .and_then(|given| address::slug_given(given, &draft.document.path, problems))
            .unwrap_or_else(|| slug(&draft.name))
    }

    fn pages(
        &mut self,
        drafts: &[Draft],
        page_terms: Vec<Vec<TermId>>,
        terms: &[TermRecord],
        assets: &[AssetRecord],
    ) -> Vec<Arc<Record>> {
        // Lookups that complain need `self`; the rest runs in parallel.
        let mut looked: Vec<LookedUp> = Vec::with_capacity(drafts.len());
        for draft in drafts {
            looked.push(self.look_up(draft));
        }
        let this = &*self;
        let made: Vec<(Record, Vec<Diagnostic>)> = drafts
            .par_iter()
            .zip(looked)
            .zip(page_terms)
            .map(|((draft, looked), own_terms)| this.record(draft, looked, own_terms, terms, assets))
            .collect();
        let mut pages = Vec::with_capacity(made.len());
        let budget = place::Budget::new(place::SEARCHES);
        for (record, mut problems) in made {
            if budget.get() > 0 && problems.iter().any(place::is_searched) {
                problems.retain(|problem| !place::is_searched(problem));
                self.named(&record.document, &budget, &mut problems);
            }
            self.problems.extend(problems);
            pages.push(Arc::new(record));
        }
        pages
    }

    fn look_up(&mut self, draft: &Draft) -> LookedUp {
        let document = draft.document.clone();
        let section = self.sections[draft.section.at()].clone();
        let fronts = self.fronts(draft);
        let front = &document.front;
        let own = match said(&fronts, |front| front.offices.as_ref()) {
            Some((words, file)) => self.offices(words, file),
            None => Offices::ALL,
        };
        let mut offices = Offices(own.0 & section.offices.0);
        if offices.0 == 0 {
            let diagnostic = Diagnostic::error(OFFICE_NONE, "这一篇写的办公区，不在它所在栏目的办公区之内");
            let word = front.offices.as_ref().and_then(|words| words.first());
            self.problems.push(
                word.map_or_else(
                    || diagnostic.clone().in_file(&document.path),
                    |word| diagnostic.clone().at(&document.path, word.span),
                )
                .cause(format!("栏目“{}”限定了办公区，两边没有交集，这一篇就哪里也不会出现。", section.title))
                .cure("改这一篇的 offices，或者把它移到别的栏目。"),
            );
            offices = own;
        }
        let kind = said(&fronts, |front| front.kind.as_ref()).and_then(|(word, file)| self.kind(word, file));
        let series = said(&fronts, |front| front.series.as_ref()).and_then(|(word, file)| {
            let found = self.config.series().iter().find(|series| series.id == word.value || series.name == word.value);
            if found.is_none() && !self.config.offices().is_empty() {
                let near = nearest(&word.value, self.config.series().iter().flat_map(|one| [&*one.id, &*one.name]));
                let bare = word.value.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
                let key = if bare { word.value.to_string() } else { format!("\"{}\"", word.value) };
                let cure = match near.first() {
                    Some(near) => format!("是否想写 {near}？或者在 zhendi.toml 里加上 [series.{key}]。"),
                    None => format!("在 zhendi.toml 里加上 [series.{key}]，或者去掉这一项。"),
                };
                self.problems.push(
                    Diagnostic::error(SERIES_UNKNOWN, format!("没有编号是“{}”的系列", word.value))
                        .at(file, word.span)
                        .cause("系列要先在 zhendi.toml 里用 [series.编号] 定义，才知道它的名称和学习计划。")
                        .cure(cure),
                );
            }
            found.map(|series| series.id.clone())
        });
        (offices, kind.or_else(|| section.kind.clone()), series)
    }

    /// Cover, attachments and the page that this one replaces.
    fn named(
        &self,
        document: &Document,
        budget: &place::Budget,
        problems: &mut Vec<Diagnostic>,
    ) -> (Option<AssetId>, Vec<AssetId>, Option<PageId>) {
        let front = &document.front;
        let mut file_at = |wanted: &At<Arc<str>>| place::asset(&self.by_path, document, wanted, budget, problems);
        let cover = front.cover.as_ref().and_then(&mut file_at);
        let attachments = front.attachments.iter().filter_map(&mut file_at).collect();
        let old = front.supersedes.as_ref();
        let old = old.and_then(|wanted| place::page(&self.by_path, document, wanted, budget, problems));
        (cover, attachments, old)
    }

    fn record(
        &self,
        draft: &Draft,
        (offices, kind, series): LookedUp,
        terms: Vec<TermId>,
        all_terms: &[TermRecord],
        assets: &[AssetRecord],
    ) -> (Record, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let document = &draft.document;
        let front = &document.front;
        let cascades = self.cascades(draft.section);
        let inherited = |pick: fn(&FrontMatter) -> Option<&Arc<str>>| {
            pick(front).or_else(|| cascades.iter().find_map(|front| pick(front))).cloned()
        };
        let section = &self.sections[draft.section.at()];
        let slug = self.slug(draft, &mut problems);
        let today = self.sources.today();
        let draft_mark = front.draft.or_else(|| cascades.iter().find_map(|front| front.draft)).unwrap_or(false);
        let day = front.date.as_ref().map(|at| at.value);
        let expires = front.expires.as_ref().map(|at| at.value);
        let status = if draft_mark && !self.sources.options().drafts {
            Status::Draft
        } else if day.is_some_and(|day| day > today) {
            Status::Future
        } else if expires.is_some_and(|day| day <= today) {
            Status::Expired
        } else {
            Status::Live
        };
        let iso = |date: &Option<At<jiff::civil::Date>>| date.as_ref().map(|at| at.value.to_string().into());
        let (cover, attachments, supersedes) = self.named(document, &place::Budget::default(), &mut problems);
        let file_entities = cover.iter().chain(&attachments).map(|id| assets[id.at()].entity).collect();
        let aliases =
            front.aliases.iter().filter_map(|alias| address::alias(alias, &document.path, &mut problems)).collect();
        let title = match &front.title {
            Some(title) => title.value.clone(),
            None => document.body.first_heading.clone().unwrap_or_else(|| draft.name.clone()),
        };
        let summary = front.summary.clone().unwrap_or_else(|| document.body.summary.clone());
        let record = Record {
            entity: Entity::new("page", &document.path),
            title,
            date: iso(&front.date),
            updated: iso(&front.updated),
            expires: iso(&front.expires),
            as_of: iso(&front.as_of),
            day,
            status,
            draft: draft_mark,
            offices,
            kind,
            author: inherited(|front| front.author.as_ref()),
            source: inherited(|front| front.source.as_ref()),
            editor: inherited(|front| front.editor.as_ref()),
            summary,
            template: inherited(|front| front.template.as_ref().map(|at| &at.value)),
            section: draft.section,
            path: format!("{}{slug}.html", section.out).into(),
            slug: slug.into(),
            term_entities: terms.iter().map(|id| all_terms[id.at()].entity).collect(),
            terms,
            series,
            weight: front.weight.unwrap_or(0),
            extra: front.extra.clone(),
            cover,
            attachments,
            file_entities,
            supersedes,
            aliases,
            document: document.clone(),
        };
        (record, problems)
    }
}

/// What the nearest of `fronts` says, and the file in which it does.
fn said<T>(fronts: &[(Arc<Document>, bool)], pick: impl Fn(&FrontMatter) -> Option<&T>) -> Option<(&T, &Arc<str>)> {
    fronts.iter().find_map(|(document, cascades)| {
        let front = if *cascades { document.front.cascade.as_deref()? } else { &document.front };
        Some((pick(front)?, &document.path))
    })
}

fn index_beside_pages(path: &Arc<str>) -> Diagnostic {
    Diagnostic::error(INDEX_BESIDE_PAGES, "这个文件夹里还有别的文章，首页文件不能叫 index.md")
        .in_file(path)
        .cause("只有一篇文章的文件夹才用 index.md；文件夹里有多篇文章时，它是一个栏目，栏目说明要写在 _index.md 里。")
        .cure("把它改名为 _index.md；如果它本身是一篇文章，就给它另起一个文件名。")
}
