//! A page's record: what it is by itself once the defaults of the sections above and the configuration are applied.
//! It is the same in every edition, so it is shared by `Arc`; where document and defaults are unchanged, so is it.

use std::sync::Arc;

use jiff::civil::Date;

use super::fact::{Changed, Entity, Kind};
use crate::content::{Audience, Document, Kiosk, SortBy};
use crate::picture::Picture;
use crate::tree::Node;

/// Index of a page in [`super::Library`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub(super) u32);

/// Index of a section in [`super::Library`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectionId(pub(super) u32);

/// Index of a term in [`super::Library`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub(super) u32);

/// Index of a file beside a page in [`super::Library`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssetId(pub(super) u32);

macro_rules! index {
    ($($name:ident),*) => {$(impl $name {
        /// As an index.
        pub(super) fn at(self) -> usize {
            self.0 as usize
        }

        /// Its number, to compare by within one build.
        pub fn number(self) -> u64 {
            u64::from(self.0)
        }
    })*};
}
index!(PageId, SectionId, TermId, AssetId);

/// A set of offices, a bit each in the order of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offices(pub(super) u64);

impl Offices {
    /// All there are or will be.
    pub const ALL: Self = Self(u64::MAX);

    /// Whether it holds office number `office`.
    pub fn holds(self, office: usize) -> bool {
        office < 64 && self.0 >> office & 1 == 1
    }
}

/// Whether a page is published at the build's date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is.
    Live,
    /// A draft.
    Draft,
    /// Its date is still to come.
    Future,
    /// It has expired.
    Expired,
}

/// A page by itself.
#[derive(Debug)]
pub struct Record {
    pub(super) entity: Entity,
    pub(super) document: Arc<Document>,
    pub(super) title: Arc<str>,
    pub(super) date: Option<Arc<str>>,
    pub(super) updated: Option<Arc<str>>,
    pub(super) expires: Option<Arc<str>>,
    pub(super) as_of: Option<Arc<str>>,
    /// Whether that is so long ago that it may be out of date.
    pub(super) stale: bool,
    /// What its kind has beyond the keys of all pages.
    pub(super) fields: Vec<(Arc<str>, Node)>,
    pub(super) day: Option<Date>,
    pub(super) status: Status,
    pub(super) draft: bool,
    pub(super) offices: Offices,
    pub(super) audience: Audience,
    pub(super) kiosk: Option<Kiosk>,
    pub(super) kind: Option<Arc<crate::source::Kind>>,
    pub(super) author: Option<Arc<str>>,
    pub(super) source: Option<Arc<str>>,
    pub(super) editor: Option<Arc<str>>,
    pub(super) summary: Arc<str>,
    pub(super) template: Option<Arc<str>>,
    pub(super) section: SectionId,
    pub(super) slug: Arc<str>,
    /// Address below the edition's folder, percent-encoded never needed: pinyin alone.
    pub(super) path: Arc<str>,
    /// Folder of its own files below the edition's folder, ending in `/`, if it is a folder page.
    pub(super) terms: Vec<TermId>,
    pub(super) term_entities: Vec<Entity>,
    /// The series that its front matter names; to which it belongs says the syllabus.
    pub(super) series: Option<Arc<str>>,
    pub(super) weight: i64,
    pub(super) extra: Vec<(Arc<str>, Node)>,
    pub(super) cover: Option<AssetId>,
    pub(super) attachments: Vec<AssetId>,
    pub(super) file_entities: Vec<Entity>,
    pub(super) aliases: Vec<Arc<str>>,
}

impl Record {
    /// The file it comes from.
    pub fn source_path(&self) -> &Arc<str> {
        &self.document.path
    }

    /// Its address below the edition's folder.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// Its title.
    pub fn title(&self) -> &Arc<str> {
        &self.title
    }

    /// Whether it is published.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Its date as `2026-11-20`.
    pub fn date(&self) -> Option<&Arc<str>> {
        self.date.as_ref()
    }

    /// The day on which it goes, as `2026-11-20`.
    pub fn expires(&self) -> Option<&Arc<str>> {
        self.expires.as_ref()
    }

    /// Whether `new`, the same page later, stands in the same relations to all others: in lists, series, the home page.
    pub(super) fn relates_as(&self, new: &Self, sort_by: SortBy) -> bool {
        let lead = |record: &Self| super::edition::is_lead(&record.extra);
        (&self.date, &self.updated, self.status, self.offices) == (&new.date, &new.updated, new.status, new.offices)
            && (&self.kind, &self.series, self.weight) == (&new.kind, &new.series, new.weight)
            && (&self.terms, self.cover, &self.attachments) == (&new.terms, new.cover, &new.attachments)
            && (sort_by != SortBy::Title || self.title == new.title)
            && lead(self) == lead(new)
            && self.audience == new.audience
    }

    /// Adds the facts in which this record and `new` differ.
    pub(super) fn changes(&self, new: &Self, changed: &mut Changed) {
        let e = self.entity;
        let (a, b) = (&self.document, &new.document);
        // Whether what was read of it may be shown to everybody is another question now.
        if self.audience != new.audience {
            Kind::of_page().for_each(|kind| changed.add(e.fact(kind)));
        }
        // Equal bytes are not enough: what a text means depends on the configuration too.
        let same_text = Arc::ptr_eq(a, b);
        changed.compare(e, Kind::PageTitle, (&self.title, short(a)), (&new.title, short(b)));
        changed.compare(
            e,
            Kind::PageDate,
            (&self.date, &self.updated, &self.expires, &self.as_of, self.stale),
            (&new.date, &new.updated, &new.expires, &new.as_of, new.stale),
        );
        changed.compare(
            e,
            Kind::PageByline,
            (&self.author, &self.source, &self.editor),
            (&new.author, &new.source, &new.editor),
        );
        changed.compare(e, Kind::PageSummary, &self.summary, &new.summary);
        if !same_text {
            changed.compare(e, Kind::PageContent, prose(a), prose(b));
            let toc = |d: &Document| -> Vec<_> {
                let own = d.body.headings.iter().map(|h| (h.level, h.is_inside, h.id.clone(), h.text.clone()));
                own.collect()
            };
            changed.compare(e, Kind::PageToc, (toc(a), divisions(a)), (toc(b), divisions(b)));
            changed.compare(e, Kind::PageLength, a.body.length, b.body.length);
            changed.compare(e, Kind::PageReadingTime, reading_time(a), reading_time(b));
        }
        changed.compare(e, Kind::PagePath, &self.path, &new.path);
        changed.compare(e, Kind::PageKind, &self.kind, &new.kind);
        changed.compare(e, Kind::PageTerms, &self.term_entities, &new.term_entities);
        changed.compare(
            e,
            Kind::PageFiles,
            (self.cover.is_some(), &self.file_entities),
            (new.cover.is_some(), &new.file_entities),
        );
        if !same_text {
            changed.compare(e, Kind::PageExtra, values(&self.extra), values(&new.extra));
            changed.compare(e, Kind::PageExtra, values(&self.fields), values(&new.fields));
        }
        changed.compare(e, Kind::PageOffices, (self.offices, self.draft), (new.offices, new.draft));
        changed.compare(e, Kind::PageTemplate, &self.template, &new.template);
    }

    /// The facts of this record that a record which exists on one side only stands for.
    pub(super) const KINDS: &[Kind] = &[
        Kind::PageTitle,
        Kind::PageDate,
        Kind::PageByline,
        Kind::PageSummary,
        Kind::PageContent,
        Kind::PageToc,
        Kind::PageLength,
        Kind::PageReadingTime,
        Kind::PagePath,
        Kind::PageKind,
        Kind::PageTerms,
        Kind::PageSeries,
        Kind::PageFiles,
        Kind::PageExtra,
        Kind::PageOffices,
        Kind::PageTemplate,
    ];
}

/// Characters that a practised adult reads in a minute (《普通话阅读》 studies give 300 to 500; the lower third).
const READING_SPEED: u32 = 350;

/// Minutes to read a text, by its length and [`READING_SPEED`].
pub(super) fn reading_time(document: &Document) -> u32 {
    document.body.length.div_ceil(READING_SPEED).max(1)
}

fn short(document: &Document) -> Option<&str> {
    document.front.short.as_ref().map(|short| &*short.value)
}

/// What is shown of a text. The places of components count: what a template says about one names its line.
fn prose(document: &Document) -> impl PartialEq {
    let body = &document.body;
    let clauses: Vec<_> =
        body.clauses.iter().map(|clause| (clause.kind, &clause.id, &clause.text, clause.start)).collect();
    let cited: Vec<_> = document.citations.iter().map(|one| (one.component, &one.law, &one.articles)).collect();
    (&body.html, &body.holes, &body.components, clauses, cited)
}

/// The parts of a statute that are paragraphs.
fn divisions(document: &Document) -> Vec<(&Arc<str>, &Arc<str>)> {
    let clauses = document.body.clauses.iter().filter(|clause| !clause.is_heading && clause.article().is_none());
    clauses.map(|clause| (&clause.id, &clause.text)).collect()
}

/// Keys and values without their places, which a line more above would shift.
fn values(extra: &[(Arc<str>, Node)]) -> Vec<(Arc<str>, serde_json::Value)> {
    extra.iter().map(|(key, node)| (key.clone(), plain(node))).collect()
}

/// A node as plain data.
pub fn plain(node: &Node) -> serde_json::Value {
    use crate::tree::{Scalar, Value};
    match &node.value {
        Value::Scalar(text, kind) => match kind {
            Scalar::Null => serde_json::Value::Null,
            Scalar::Bool(value) => (*value).into(),
            Scalar::Int(value) => (*value).into(),
            Scalar::Float(value) => (*value).into(),
            Scalar::Text => text.clone().into(),
        },
        Value::List(items) => items.iter().map(plain).collect(),
        Value::Map(entries) => entries.iter().map(|(key, node)| (key.name.clone(), plain(node))).collect(),
    }
}

/// A section by itself.
#[derive(Debug)]
pub struct SectionRecord {
    pub(super) entity: Entity,
    /// Folder below `content/`, `""` for the root.
    pub(super) folder: Arc<str>,
    /// Its `_index.md`, if it has one.
    pub(super) document: Option<Arc<Document>>,
    pub(super) title: Arc<str>,
    pub(super) description: Option<Arc<str>>,
    /// Folder of its output below the edition's, `""` or ending in `/`.
    pub(super) out: Arc<str>,
    /// Address of its first list page.
    pub(super) path: Arc<str>,
    pub(super) parent: Option<SectionId>,
    pub(super) offices: Offices,
    pub(super) kind: Option<Arc<crate::source::Kind>>,
    pub(super) sort_by: SortBy,
    pub(super) paginate_by: usize,
    pub(super) template: Option<Arc<str>>,
    pub(super) extra: Vec<(Arc<str>, Node)>,
}

impl SectionRecord {
    /// Adds the facts in which this section and `new` differ.
    pub(super) fn changes(&self, new: &Self, changed: &mut Changed) {
        let face =
            |s: &Self| (s.title.clone(), s.path.clone(), s.kind.clone(), s.sort_by, s.paginate_by, s.template.clone());
        changed.compare(self.entity, Kind::SectionFace, face(self), face(new));
        changed.compare(self.entity, Kind::SectionContent, self.content(), new.content());
    }

    fn content(&self) -> impl PartialEq {
        (&self.description, self.document.as_deref().map(prose), values(&self.extra))
    }

    /// The facts of this record that a section which exists on one side only stands for.
    pub(super) const KINDS: &[Kind] = &[Kind::SectionFace, Kind::SectionContent];
}

/// A term.
#[derive(Clone, Debug)]
pub struct TermRecord {
    pub(super) entity: Entity,
    /// Index of its taxonomy in the configuration.
    pub(super) taxonomy: usize,
    pub(super) name: Arc<str>,
    pub(super) slug: Arc<str>,
    /// Folder of its output, ending in `/`.
    pub(super) out: Arc<str>,
    pub(super) path: Arc<str>,
    /// Whether any page has it today. One that has none keeps its number until all are numbered anew.
    pub(super) met: bool,
}

/// A file beside pages.
#[derive(Debug, PartialEq, Eq)]
pub struct AssetRecord {
    pub(super) entity: Entity,
    /// Path from the portal's root.
    pub(super) source: Arc<str>,
    /// Path below the edition's folder, with its hash if names are hashed.
    pub(super) path: Arc<str>,
    /// The same, percent-encoded for an address.
    pub(super) url: Arc<str>,
    pub(super) hash: blake3::Hash,
    pub(super) size: u64,
    pub(super) dimensions: Option<(u32, u32)>,
    pub(super) picture: Option<Picture>,
}

impl AssetRecord {
    /// Path from the portal's root.
    pub fn source(&self) -> &Arc<str> {
        &self.source
    }
    /// Path below the edition's folder.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }
    /// The same, as it stands in an address.
    pub fn url(&self) -> &Arc<str> {
        &self.url
    }
    /// Width and height in pixels, for a picture.
    pub fn dimensions(&self) -> Option<(u32, u32)> {
        self.dimensions
    }
    /// What its head says, for a picture of pixels.
    pub fn picture(&self) -> Option<&Picture> {
        self.picture.as_ref()
    }
    /// Whether it is a picture of which a page can show nothing.
    pub fn is_unshowable(&self) -> bool {
        self.picture.is_some_and(|picture| picture.flaw().is_some())
    }
    /// The widths in which it is published beside its original where a page shows it.
    pub fn widths(&self) -> impl Iterator<Item = u32> {
        self.picture.into_iter().flat_map(|picture| picture.widths(self.size))
    }
    /// Hash of its bytes.
    pub fn hash(&self) -> blake3::Hash {
        self.hash
    }
    /// Size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }
}
