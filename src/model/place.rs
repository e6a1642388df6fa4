//! Where links lead. What an author wrote is turned into a page, a section, a file or an anchor of the portal once for
//! all editions; each thing that leads nowhere is its own error with the nearest candidates.

mod cited;
mod meant;
mod picture;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;

pub use self::cited::Cited;
use self::cited::{cited, near_articles};
use self::meant::{candidates, guess};
pub use self::picture::{Use, remark};
use super::address;
use super::library::{Found, Library, Pairing, Paths, Turn};
use super::record::{AssetId, PageId, Record, SectionId};
use crate::chunk::Slots;
use crate::content::{ArticleNumber, At, Document};
use crate::diag::{ANCHOR_MISSING, Diagnostic, IMAGE_MISSING, LINK_LOCAL_DISK, LINK_MISSING, Span, nearest};
use crate::source::folded;

/// Where one link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A page, and an anchor on it.
    Page(PageId, Option<Arc<str>>),
    /// A section's first list page, and an anchor on it.
    Section(SectionId, Option<Arc<str>>),
    /// A file beside a page.
    Asset(AssetId),
    /// An anchor on the same page.
    Here(Arc<str>),
    /// Nowhere: reported.
    Broken,
}

/// The links and pictures of one document, resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// As [`crate::content::Body::links`].
    pub links: Vec<Target>,
    /// As [`crate::content::Body::images`]; `None` is reported.
    pub images: Vec<Option<AssetId>>,
    /// As [`Document::citations`].
    pub citations: Vec<Cited>,
    /// The errors among what was found, for the page that shows them.
    pub faults: Vec<Diagnostic>,
    /// Something was found that is no error.
    pub remarks: bool,
}

impl Targets {
    /// The pages that they lead to, but for the one that they stand in.
    pub(super) fn pages_but(&self, own: PageId) -> impl Iterator<Item = PageId> {
        let linked = self.links.iter().filter_map(|link| match link {
            Target::Page(to, _) => Some(*to),
            _ => None,
        });
        linked.chain(self.citations.iter().filter_map(|cited| cited.law)).filter(move |to| *to != own)
    }

    /// Whether nothing at all is to be said about them.
    fn are_sound(&self) -> bool {
        self.faults.is_empty() && !self.remarks
    }
}

/// Where all links lead: the same in every edition.
#[derive(Clone, Debug)]
pub struct Links {
    /// By page.
    pub pages: Slots<Arc<Targets>>,
    /// By section, of its own text.
    pub sections: Arc<Vec<Targets>>,
    /// By page: the pages that link to it, itself not among them, in no order that means anything.
    pub from: Slots<Vec<PageId>>,
    /// Pages about whose links there is something to say.
    unsound: Arc<BTreeSet<PageId>>,
    /// Pages whose links are others than in the library before, by number.
    pub others: Vec<PageId>,
}

impl Links {
    /// Resolves the links of every page and section; those that lead where they led are taken from `before`, which are
    /// those of an older library.
    pub fn new(library: &Library, before: Option<(&Library, &Self)>, problems: &mut Vec<Diagnostic>) -> Self {
        let memory = before.and_then(|(old, links)| Memory::new(library, old, links));
        let anew = match &memory {
            Some(memory) => memory.anew(library),
            None => library.order.ids().to_vec(),
        };
        if anew.len() > 100 {
            library.index();
        }
        let at_once = |place: Place<'_>| resolve_all(library, place, &Budget::default());
        let place = |id: PageId| Place::of(&library.pages[id.at()]);
        let of_pages: Vec<(Targets, Vec<Diagnostic>)> = anew.par_iter().map(|&id| at_once(place(id))).collect();
        let of_sections: Vec<(Targets, Vec<Diagnostic>)> = library
            .sections
            .iter()
            .map(|section| section.document.as_deref().map(Place::bare).map(at_once).unwrap_or_default())
            .collect();
        // Searching for what was meant comes after, in order of the files, so that the same ones get it in every build.
        let budget = Budget::new(SEARCHES);
        let search = |targets: &mut Targets, mut found: Vec<Diagnostic>, place: Place<'_>| {
            if budget.get() > 0 && found.iter().any(is_searched) {
                found = resolve_all(library, place, &budget).1;
            }
            targets.faults = found.iter().filter(|problem| problem.is_error()).cloned().collect();
            targets.remarks = found.len() > targets.faults.len();
            found
        };
        let mut pages = Vec::with_capacity(of_pages.len());
        for (&id, (mut targets, found)) in anew.iter().zip(of_pages) {
            if !found.is_empty() {
                problems.extend(search(&mut targets, found, place(id)));
            }
            pages.push((id, Arc::new(targets)));
        }
        let mut sections = Vec::with_capacity(of_sections.len());
        for (at, (mut targets, found)) in of_sections.into_iter().enumerate() {
            if let Some(document) = library.sections[at].document.as_ref().filter(|_| !found.is_empty()) {
                problems.extend(search(&mut targets, found, Place::bare(document)));
            }
            sections.push(targets);
        }
        match memory {
            Some(memory) => memory.with(pages, sections, library),
            None => Self::all(pages, sections, library),
        }
    }

    /// The links of all pages.
    fn all(made: Vec<(PageId, Arc<Targets>)>, sections: Vec<Targets>, library: &Library) -> Self {
        let unsound = made.iter().filter(|(_, targets)| !targets.are_sound()).map(|(id, _)| *id).collect();
        let mut from = vec![Vec::new(); library.pages.len()];
        let mut pages = vec![Arc::default(); library.pages.len()];
        for (id, targets) in made {
            for to in targets.pages_but(id) {
                if from[to.at()].last() != Some(&id) {
                    from[to.at()].push(id);
                }
            }
            pages[id.at()] = targets;
        }
        let mut others = library.order.ids().to_vec();
        others.sort_unstable();
        let (pages, from) = (pages.into_iter().collect(), from.into_iter().collect());
        Self { pages, sections: Arc::new(sections), from, unsound: Arc::new(unsound), others }
    }
}

/// What can be taken over of the links before: those about which nothing was said, of texts that are the same, to pages
/// that still stand there and have the same anchors.
struct Memory<'a> {
    old: &'a Library,
    links: &'a Links,
    turn: &'a Turn,
}

impl<'a> Memory<'a> {
    fn new(library: &'a Library, old: &'a Library, links: &'a Links) -> Option<Self> {
        let turn = library.turn_since(old)?;
        let same_places = Arc::ptr_eq(&old.sections, &library.sections) && Arc::ptr_eq(&old.assets, &library.assets);
        // What was read as a file and an anchor, or as an escape, may now be this file's name.
        let is_odd = |id: &PageId| library.pages[id.at()].document.path.contains(['#', '?', '%']);
        (same_places && !turn.came.iter().any(is_odd)).then_some(Self { old, links, turn })
    }

    /// The pages whose links are looked up again, in order of the files.
    fn anew(&self, library: &Library) -> Vec<PageId> {
        let mut anew: Vec<PageId> = self.links.unsound.iter().chain(&self.turn.came).copied().collect();
        for &id in &self.turn.went {
            anew.extend(&self.links.from[id.at()]);
        }
        for &id in &self.turn.remade {
            let (a, b) = (&self.old.pages[id.at()], &library.pages[id.at()]);
            if Arc::ptr_eq(&a.document, &b.document) && a.is_law() == b.is_law() {
                continue;
            }
            anew.push(id);
            if !Place::of(a).anchors().eq(Place::of(b).anchors()) {
                anew.extend(&self.links.from[id.at()]);
            }
        }
        if !library.laws.are_as(library, self.old, &Pairing::of(self.old, library)) {
            let cites = |id: &PageId| !library.pages[id.at()].document.citations.is_empty();
            anew.extend(library.order.ids().iter().copied().filter(cites));
        }
        anew.retain(|&id| library.order.has(id));
        anew.sort_unstable_by_key(|&id| library.order.place(id));
        anew.dedup();
        anew
    }

    /// The links before, with those that were `made`.
    fn with(&self, made: Vec<(PageId, Arc<Targets>)>, sections: Vec<Targets>, library: &Library) -> Links {
        let Links { mut pages, mut from, unsound, .. } = self.links.clone();
        let (mut unsound, mut others) = (BTreeSet::clone(&unsound), Vec::new());
        pages.grow(library.pages.len(), &Arc::default());
        from.grow(library.pages.len(), &Vec::new());
        let gone = self.turn.went.iter().map(|&id| (id, Arc::default()));
        for (id, targets) in made.into_iter().chain(gone) {
            if targets.are_sound() {
                unsound.remove(&id);
            } else {
                unsound.insert(id);
            }
            if pages[id.at()] == targets && library.order.has(id) && self.old.order.has(id) {
                continue;
            }
            for to in pages[id.at()].pages_but(id) {
                from.get_mut(to.at()).retain(|&one| one != id);
            }
            for to in targets.pages_but(id) {
                // Twice is not often enough to be told: it would stand at the end.
                if from[to.at()].last() != Some(&id) {
                    from.get_mut(to.at()).push(id);
                }
            }
            pages.set(id.at(), targets);
            others.push(id);
        }
        others.sort_unstable();
        Links { pages, sections: Arc::new(sections), from, unsound: Arc::new(unsound), others }
    }
}

/// A text in the portal, and whether its paragraphs are articles of a statute.
#[derive(Clone, Copy)]
struct Place<'a> {
    document: &'a Document,
    is_law: bool,
}

impl<'a> Place<'a> {
    fn of(page: &'a Record) -> Self {
        Self { document: &page.document, is_law: page.is_law() }
    }

    fn bare(document: &'a Document) -> Self {
        Self { document, is_law: false }
    }

    /// Its articles, each with its anchor.
    fn articles(self) -> impl Iterator<Item = (ArticleNumber, &'a Arc<str>)> {
        let clauses = if self.is_law { &self.document.body.clauses[..] } else { &[] };
        clauses.iter().filter_map(|clause| Some((clause.article()?, &clause.id))).filter(|(_, id)| !id.is_empty())
    }

    /// Everything on it that a link may aim at.
    fn anchors(self) -> impl Iterator<Item = &'a Arc<str>> {
        let body = &self.document.body;
        let clauses = if self.is_law { &body.clauses[..] } else { &[] };
        let clauses = clauses.iter().filter(|clause| !clause.is_heading && !clause.id.is_empty());
        body.headings.iter().map(|heading| &heading.id).chain(&body.anchors).chain(clauses.map(|clause| &clause.id))
    }
}

fn resolve_all(library: &Library, place: Place<'_>, budget: &Budget) -> (Targets, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let targets = targets(library, place, budget, &mut found);
    (targets, found)
}

/// How many more times all paths may be searched for what an author may have meant: each search looks at every page,
/// so ten thousand broken links must not each have one. Only as many are shown anyway.
pub type Budget = Cell<usize>;

/// The searches of one build.
pub const SEARCHES: usize = 100;

/// Whether a diagnostic would say more after a search.
pub fn is_searched(problem: &Diagnostic) -> bool {
    problem.code == LINK_MISSING || problem.code == IMAGE_MISSING
}

/// The path that `target` means when it stands in `file`, both from the portal's root.
pub(super) fn resolve(file: &str, target: &str) -> Option<String> {
    let (mut parts, rest): (Vec<&str>, &str) = match target.strip_prefix("@/") {
        Some(rest) => (vec!["content"], rest),
        None if target.starts_with('/') => (vec!["content"], target),
        None => (
            file.rsplit_once('/').map_or("", |(folder, _)| folder).split('/').filter(|p| !p.is_empty()).collect(),
            target,
        ),
    };
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `target` looked up in the portal, as written and then percent-decoded.
fn look_up(known: &dyn Paths, file: &str, target: &str) -> Option<Found> {
    let target = target.replace('\\', "/");
    if target.starts_with('/') {
        return None; // an address, see `meant_page`
    }
    let exact = resolve(file, &target).and_then(|path| known.find(&path));
    exact.or_else(|| {
        let decoded = address::decode(&target).filter(|decoded| *decoded != target)?;
        known.find(&resolve(file, &decoded)?)
    })
}

/// A picture or an attachment that the front matter names.
pub fn asset(
    known: &dyn Paths,
    document: &Document,
    wanted: &At<Arc<str>>,
    budget: &Budget,
    problems: &mut Vec<Diagnostic>,
) -> Option<AssetId> {
    if let Some(Found::Asset(id)) = look_up(known, &document.path, &wanted.value) {
        return Some(id);
    }
    let near = candidates(known, &document.path, &wanted.value, budget, |found| matches!(found, Found::Asset(_)));
    problems.push(
        Diagnostic::error(IMAGE_MISSING, format!("找不到文件“{}”", wanted.value))
            .at(&document.path, wanted.span)
            .label(format!("没有 {}", resolve(&document.path, &wanted.value).unwrap_or_default()))
            .cause("封面和附件要放在文章旁边，读者才能看到、下载。")
            .cure(guess(&near, "把文件复制到文章所在的文件夹，文件名要一字不差。")),
    );
    None
}

/// A page that the front matter names.
pub fn page(
    known: &dyn Paths,
    document: &Document,
    wanted: &At<Arc<str>>,
    budget: &Budget,
    problems: &mut Vec<Diagnostic>,
) -> Option<PageId> {
    if let Some(Found::Page(id)) = look_up(known, &document.path, &wanted.value) {
        return Some(id);
    }
    let near = candidates(known, &document.path, &wanted.value, budget, |found| matches!(found, Found::Page(_)));
    problems.push(
        Diagnostic::error(LINK_MISSING, format!("找不到文章“{}”", wanted.value))
            .at(&document.path, wanted.span)
            .label(format!("没有 {}", resolve(&document.path, &wanted.value).unwrap_or_default()))
            .cause("这里要写另一篇文章的文件路径，从本文件所在的文件夹算起。")
            .cure(guess(&near, "核对文件名和文件夹。")),
    );
    None
}

/// Resolves every link and picture of a document.
fn targets(library: &Library, place: Place<'_>, budget: &Budget, problems: &mut Vec<Diagnostic>) -> Targets {
    let document = place.document;
    let body = &document.body;
    Targets {
        links: body.links.iter().map(|link| one(library, place, &link.target, link.span, budget, problems)).collect(),
        images: body
            .images
            .iter()
            .map(|image| shown(library, document, &image.target, image.span, budget, problems))
            .collect(),
        citations: document.citations.iter().map(|one| cited(library, document, one, problems)).collect(),
        faults: Vec::new(),
        remarks: false,
    }
}

fn shown(
    library: &Library,
    document: &Document,
    target: &str,
    span: Span,
    budget: &Budget,
    problems: &mut Vec<Diagnostic>,
) -> Option<AssetId> {
    if is_local_disk(target) {
        problems.push(local_disk(document, target, span));
        return None;
    }
    let plain = target.split(['?', '#']).next().unwrap_or(target);
    let found = look_up(library, &document.path, target).or_else(|| look_up(library, &document.path, plain));
    if let Some(Found::Asset(id)) = found {
        let remark = picture::remark(&library.assets[id.at()], plain, Use::Show);
        problems.extend(remark.map(|remark| remark.at(&document.path, span)));
        return Some(id);
    }
    if found.is_some() {
        problems.push(
            Diagnostic::error(IMAGE_MISSING, "图片的位置写了一篇文章")
                .at(&document.path, span)
                .label("这是文章，不是图片")
                .cause("读者看到的会是一个破图标。")
                .cure("要链接到那一篇，就去掉最前面的感叹号；要放图片，就写图片文件的名字。"),
        );
        return None;
    }
    problems.push(meant::missing_picture(library, document, target, span, budget));
    None
}

fn is_local_disk(target: &str) -> bool {
    let bytes = target.as_bytes();
    target.to_ascii_lowercase().starts_with("file:")
        || (bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && matches!(bytes[2], b'\\' | b'/'))
        || target.starts_with("\\\\")
}

fn local_disk(document: &Document, target: &str, span: Span) -> Diagnostic {
    let name = target.rsplit(['/', '\\']).next().unwrap_or(target);
    Diagnostic::error(LINK_LOCAL_DISK, "这是您自己电脑上的路径，别人打不开")
        .at(&document.path, span)
        .cause("读者的电脑上没有这个文件。")
        .cure(format!(
            "把文件复制到文章所在的文件夹，链接改成：{}",
            address::decode(name).unwrap_or_else(|| name.to_owned())
        ))
}

fn one(
    library: &Library,
    place: Place<'_>,
    target: &str,
    span: Span,
    budget: &Budget,
    problems: &mut Vec<Diagnostic>,
) -> Target {
    let document = place.document;
    let file = &document.path;
    if is_local_disk(target) {
        problems.push(local_disk(document, target, span));
        return Target::Broken;
    }
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    if path.is_empty() {
        let Some(anchor) = anchor.filter(|anchor| !anchor.is_empty()) else { return Target::Here("".into()) };
        return check_anchor(document, place, target, anchor, span, problems).map_or(Target::Broken, Target::Here);
    }
    let plain = path.split('?').next().unwrap_or(path);
    // A file name may itself hold `#` or `?`, so what was written is looked for first.
    let found = look_up(library, file, target)
        .map(|found| (found, None))
        .or_else(|| look_up(library, file, path).map(|found| (found, anchor)))
        .or_else(|| look_up(library, file, plain).map(|found| (found, anchor)));
    let Some((found, anchor)) = found else {
        problems.push(meant::missing(library, document, target, (path, anchor), span, budget));
        return Target::Broken;
    };
    let anchor = anchor.filter(|anchor| !anchor.is_empty());
    match found {
        Found::Asset(id) => {
            let remark = picture::remark(&library.assets[id.at()], plain, Use::Offer);
            problems.extend(remark.map(|remark| remark.at(file, span)));
            Target::Asset(id)
        }
        Found::Page(id) => {
            let page = Place::of(&library.pages[id.at()]);
            match anchor {
                None => Target::Page(id, None),
                Some(anchor) => match check_anchor(document, page, target, anchor, span, problems) {
                    Some(anchor) => Target::Page(id, Some(anchor)),
                    None => Target::Broken,
                },
            }
        }
        Found::Section(id) => match (anchor, &library.sections[id.at()].document) {
            (Some(anchor), Some(section)) => {
                match check_anchor(document, Place::bare(section), target, anchor, span, problems) {
                    Some(anchor) => Target::Section(id, Some(anchor)),
                    None => Target::Broken,
                }
            }
            _ => Target::Section(id, None),
        },
    }
}

/// The anchor as it stands on `page`, or `None` and a complaint.
fn check_anchor(
    document: &Document,
    place: Place<'_>,
    target: &str,
    anchor: &str,
    span: Span,
    problems: &mut Vec<Diagnostic>,
) -> Option<Arc<str>> {
    let decoded = address::decode(anchor).unwrap_or_else(|| anchor.to_owned());
    let page = place.document;
    let ids = || place.anchors();
    if let Some(id) = ids().find(|id| ***id == *decoded || ***id == *anchor) {
        return Some(id.clone());
    }
    // 第10条 is 第十条.
    let number =
        ArticleNumber::at_head(&decoded).filter(|(_, length)| *length == decoded.len()).map(|(number, _)| number);
    let number = number.filter(|_| place.is_law);
    if let Some((_, id)) = number.and_then(|number| place.articles().find(|(one, _)| *one == number)) {
        return Some(id.clone());
    }
    let prefix = &target[..target.len() - anchor.len()];
    let same = ids().find(|id| folded(id) == folded(&decoded)).map(|id| format!("{prefix}{id}"));
    let by_text =
        page.body.headings.iter().find(|heading| *heading.text == *decoded).map(|h| format!("{prefix}{}", h.id));
    let near: Vec<String> = match same.or(by_text) {
        Some(link) => vec![link],
        None => nearest(&decoded, ids().map(|id| &**id)).into_iter().map(|id| format!("{prefix}{id}")).collect(),
    };
    let whole: Vec<&str> = page.body.headings.iter().map(|heading| &*heading.id).take(8).collect();
    let otherwise = if whole.is_empty() {
        "那一页没有小标题，去掉 # 和后面的字。".to_owned()
    } else {
        format!("那一页可以链接的小标题有：{}", whole.join("、"))
    };
    if let Some(number) = number {
        problems.push(
            Diagnostic::error(ANCHOR_MISSING, format!("目标页里没有{number}"))
                .at(&document.path, span)
                .cause("读者点击后只会停在页首，找不到您要他看的那一条。")
                .cure(near_articles(place, number)),
        );
        return None;
    }
    problems.push(
        Diagnostic::error(ANCHOR_MISSING, format!("目标页里没有“{decoded}”这个小标题"))
            .at(&document.path, span)
            .cause("读者点击后只会停在页首，找不到您要他看的那一段。")
            .cure(guess(&near, &otherwise)),
    );
    None
}
