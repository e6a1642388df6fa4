//! The one way to read a model: through a [`Reader`], which notes each fact that it gives out. The model's fields are
//! private to this module's neighbours, so a template object that reads without recording does not compile.

mod page;
mod screen;

pub use page::PageReader;

use std::sync::Arc;

use super::edition::{Model, Stand};
use super::fact::{Entity, Kind, Recorder};
use super::library::{Found, Map, Paths as _};
use super::place::{Cited, Target, Targets};
use super::record::{AssetId, AssetRecord, PageId, SectionId, SectionRecord, TermId, TermRecord};
use super::syllabus::{Course, Named};
use crate::content::{Body, Citation, Document, SortBy};
use crate::insides::Inside;
use crate::source::{Config, MapConf, Office, TaxonomyConf};
use crate::tree::Node;

/// Entries of a list are compared in stretches of this many pages where nobody paginates.
pub(super) const CHUNK: usize = 20;

/// A model and the recorder of the job that reads it.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    model: &'a Model,
    recorder: &'a Recorder,
}

impl Model {
    /// Reads for the job with that recorder.
    pub fn read<'a>(&'a self, recorder: &'a Recorder) -> Reader<'a> {
        Reader { model: self, recorder }
    }
}

/// Prose with its holes, and what fills them: where links lead, and which files pictures are. Held by what templates see
/// of components, which outlives the reading.
#[derive(Clone, Debug)]
pub struct Prose {
    document: Arc<Document>,
    targets: Arc<Targets>,
}

impl Prose {
    /// The text.
    pub fn body(&self) -> &Body {
        &self.document.body
    }

    /// The file it stands in.
    pub fn file(&self) -> &Arc<str> {
        &self.document.path
    }

    /// Where link `n` leads.
    pub fn link(&self, n: u32) -> Option<&Target> {
        self.targets.links.get(n as usize)
    }

    /// The articles that its components cite, and where they stand.
    pub fn citations(&self) -> impl Iterator<Item = (&Citation, &Cited)> {
        self.document.citations.iter().zip(&self.targets.citations)
    }

    /// Where its links lead.
    pub fn links(&self) -> &[Target] {
        &self.targets.links
    }

    /// The file that picture `n` is; `None` if there is none.
    pub fn image(&self, n: u32) -> Option<AssetId> {
        self.targets.images.get(n as usize).copied().flatten()
    }
}

/// A list of pages of a section, a term or a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum List {
    /// Of a section.
    Section(SectionId),
    /// Of a term.
    Term(TermId),
}

impl<'a> Reader<'a> {
    fn note(&self, entity: Entity, kind: Kind) {
        self.recorder.read(entity.fact(kind));
    }

    fn edition(&self, kind: Kind) {
        self.note(super::edition_entity(), kind);
    }

    /// A page of any edition.
    pub fn page(self, id: PageId) -> PageReader<'a> {
        PageReader { reader: self, id, record: self.model.record(id) }
    }

    /// A section.
    pub fn section(self, id: SectionId) -> SectionReader<'a> {
        SectionReader { reader: self, id, record: &self.model.library.sections[id.at()] }
    }

    /// A term.
    pub fn term(self, id: TermId) -> TermReader<'a> {
        TermReader { reader: self, id, record: &self.model.library.terms[id.at()] }
    }

    /// The configuration's plain keys; each is a fact of its own.
    pub fn config(&self, key: &str) -> &'a Config {
        self.note(Entity::new("config", key), Kind::Config);
        &self.model.library.config
    }

    /// This edition's office.
    pub fn office(&self) -> (usize, &'a Arc<Office>) {
        (self.model.office, self.office_at(self.model.office))
    }

    /// The accent colour of office number `at`: a fact of its own, since pages show an office's name and only the
    /// generated style sheet its colour.
    pub fn accent_at(&self, at: usize) -> &'a Arc<str> {
        let office = &self.model.library.config.offices()[at];
        self.note(Entity::new("accent", &office.id), Kind::Office);
        &office.accent
    }

    /// Office number `at`, but for its accent.
    pub fn office_at(&self, at: usize) -> &'a Arc<Office> {
        let office = &self.model.library.config.offices()[at];
        self.note(Entity::new("office", &office.id), Kind::Office);
        office
    }

    /// All offices.
    pub fn offices(&self) -> usize {
        self.note(Entity::new("config", "offices"), Kind::Config);
        self.model.library.config.offices().len()
    }

    /// A page by its source path, if this edition holds it.
    pub fn find_page(&self, path: &str) -> Option<PageId> {
        self.note(Entity::new("page", path), Kind::PagePresence);
        match self.model.library.find(path) {
            Some(Found::Page(id)) if self.model.held[id.at()] => Some(id),
            _ => None,
        }
    }

    /// A section by its folder below `content/`, if this edition holds it.
    pub fn find_section(&self, folder: &str) -> Option<SectionId> {
        self.note(Entity::new("section", folder), Kind::SectionPresence);
        let sections = &self.model.library.sections;
        let at = sections.binary_search_by(|section| (*section.folder).cmp(folder)).ok()?;
        self.model.sections[at].held.then_some(SectionId(at as u32))
    }

    /// A file beside pages by its source path.
    pub fn find_asset(&self, path: &str) -> Option<&'a AssetRecord> {
        self.note(Entity::new("asset", path), Kind::Asset);
        match self.model.library.find(path) {
            Some(Found::Asset(id)) if self.model.checked.assets[id.at()].is_any() => {
                Some(&self.model.library.assets[id.at()])
            }
            _ => None,
        }
    }

    /// A file beside pages.
    pub fn asset(&self, id: AssetId) -> &'a AssetRecord {
        let asset = &self.model.library.assets[id.at()];
        self.note(asset.entity, Kind::Asset);
        asset
    }

    /// What stands inside of a file beside pages, where a text wants to know.
    pub fn inside(&self, id: AssetId) -> Option<&'a Arc<Inside>> {
        let source = &self.model.library.assets[id.at()].source;
        self.note(Entity::new("asset-bytes", source), Kind::Asset);
        self.model.library.insides.of(source)
    }

    /// Whether a file is needed as it is, not only as large as a screen shows it.
    pub fn is_whole(&self, id: AssetId) -> bool {
        self.note(self.model.library.assets[id.at()].entity, Kind::Asset);
        self.model.checked.assets[id.at()].is_whole()
    }

    /// A taxonomy by its id.
    pub fn taxonomy(&self, id: &str) -> Option<(usize, &'a TaxonomyConf)> {
        self.note(Entity::new("config", "taxonomies"), Kind::Config);
        self.model.library.config.taxonomies().iter().enumerate().find(|(_, taxonomy)| *taxonomy.id == *id)
    }

    /// All taxonomies.
    pub fn taxonomies(&self) -> &'a [TaxonomyConf] {
        self.note(Entity::new("config", "taxonomies"), Kind::Config);
        self.model.library.config.taxonomies()
    }

    /// The terms of a taxonomy that this edition uses: in the configured order, else most used first.
    pub fn terms_of(&self, taxonomy: usize) -> Vec<TermId> {
        let id = &self.model.library.config.taxonomies()[taxonomy].id;
        self.note(Entity::new("taxonomy", id), Kind::TaxonomyTerms);
        self.model.terms_of(taxonomy)
    }

    /// Whether this edition has a term of the taxonomy.
    pub fn has_terms(&self, taxonomy: usize) -> bool {
        let id = &self.model.library.config.taxonomies()[taxonomy].id;
        self.note(Entity::new("taxonomy", id), Kind::TaxonomyPresence);
        self.model.has_terms(taxonomy)
    }

    /// The menu.
    pub fn nav(&self) -> &'a [SectionId] {
        self.edition(Kind::Nav);
        &self.model.nav
    }

    /// Months with pages, newest first, and how many.
    pub fn months(&self) -> Vec<(Arc<str>, usize)> {
        self.edition(Kind::Months);
        self.model.months.iter().rev().map(|(month, pages)| (month.clone(), pages.len())).collect()
    }

    /// The pages of a month.
    pub fn month(&self, month: &str) -> &'a [PageId] {
        self.note(Entity::new("month", month), Kind::MonthPages);
        self.model.months.get(month).map_or(&[], |pages| pages.as_slice())
    }

    /// The lead story.
    pub fn lead(&self) -> Option<PageId> {
        self.edition(Kind::HomeLead);
        self.model.home.lead
    }

    /// The home page's columns.
    pub fn columns(&self) -> &'a [(SectionId, Vec<PageId>)] {
        self.edition(Kind::HomeColumn);
        &self.model.home.columns
    }

    /// The office's own notices.
    pub fn notices(&self) -> &'a [PageId] {
        self.edition(Kind::HomeNotices);
        &self.model.home.notices
    }

    /// This month, and what each series that has study in it plans.
    pub fn plans(&self) -> (&'a Arc<str>, &'a [Named]) {
        self.edition(Kind::HomePlan);
        (&self.model.library.month, &self.model.home.plans)
    }

    /// The freshest pages that only other offices hold.
    pub fn elsewhere(&self) -> &'a [(PageId, usize)] {
        self.edition(Kind::HomeElsewhere);
        &self.model.home.elsewhere
    }

    /// The most used topics.
    pub fn topics(&self) -> &'a [TermId] {
        self.edition(Kind::HomeTopics);
        &self.model.home.topics
    }

    /// Pages of the feed.
    pub fn feed(&self) -> &'a [PageId] {
        self.edition(Kind::Feed);
        &self.model.feed
    }

    /// Address and date of every page and section. One fact: a site map reads everything.
    pub fn sitemap(&self) -> Vec<(Arc<str>, Option<Arc<str>>)> {
        self.edition(Kind::Sitemap);
        self.model.sitemap().map(|(path, date)| (path.clone(), date.cloned())).collect()
    }

    /// The map of lines of business, if there is one: what the configuration says of it, and what it shows.
    pub fn map(&self) -> Option<(&'a MapConf, &'a Map)> {
        self.has_map().then(|| {
            self.edition(Kind::Map);
            (self.model.library.config.map(), self.model.library.map())
        })
    }

    /// Whether there is such a map.
    pub fn has_map(&self) -> bool {
        self.note(Entity::new("config", "map"), Kind::Config);
        let Some(taxonomy) = super::library::map_taxonomy(&self.model.library.config) else { return false };
        self.taxonomies().get(taxonomy).is_some_and(|conf| !conf.terms.is_empty()) || self.has_terms(taxonomy)
    }

    /// The kinds of pages.
    pub fn kinds(&self) -> &'a [Arc<crate::source::Kind>] {
        self.config("kinds").kinds()
    }

    /// Date of the newest page.
    pub fn updated(&self) -> Option<Arc<str>> {
        self.edition(Kind::Updated);
        self.model.updated.clone()
    }

    /// What the door shows of this edition: the newest page of its own, else the newest.
    pub fn newest(&self) -> Option<PageId> {
        self.note(self.model.office().door_entity(), Kind::Door);
        self.model.home.door
    }

    /// Whether this edition has any series.
    pub fn has_series(&self) -> bool {
        self.edition(Kind::SeriesPresence);
        !self.model.series.is_empty()
    }

    /// The ids of the series that this edition has, in order.
    pub fn series_list(&self) -> impl Iterator<Item = &'a Arc<str>> {
        self.edition(Kind::SeriesList);
        self.model.series.keys()
    }

    /// What a series is by itself.
    pub fn series(&self, id: &str) -> Option<&'a Course> {
        self.note(Entity::new("series", id), Kind::SeriesFace);
        self.model.library.syllabus.course(id)
    }

    /// The plan of a series in this edition.
    pub fn series_plan(&self, id: &str) -> &'a [Named] {
        self.note(Entity::new("series", id), Kind::SeriesPlan);
        self.model.plans.get(id).map_or(&[], Vec::as_slice)
    }

    /// Which month it is, as `2026-11`.
    pub fn this_month(&self) -> &'a Arc<str> {
        self.edition(Kind::ThisMonth);
        &self.model.library.month
    }

    /// The pages of a series in this edition, in order.
    pub fn series_pages(&self, id: &str) -> &'a [PageId] {
        self.note(Entity::new("series", id), Kind::SeriesPages);
        self.model.series.get(id).map_or(&[], |pages| pages.as_slice())
    }

    /// Whether a list is to be had as one printable page.
    pub fn has_booklet(&self, list: List) -> bool {
        let wanted = match list {
            List::Section(id) => {
                let folder = &self.model.library.sections[id.at()].folder;
                self.config("sections").sections().iter().any(|conf| conf.path == *folder && conf.booklet)
            }
            List::Term(id) => {
                let taxonomy = self.model.library.terms[id.at()].taxonomy;
                self.taxonomies().get(taxonomy).is_some_and(|conf| conf.booklet)
            }
        };
        wanted && (1..=super::BOUND).contains(&self.count(list))
    }

    /// How many pages a list has.
    pub fn count(&self, list: List) -> usize {
        match list {
            List::Section(id) => self.section(id).count(),
            List::Term(id) => self.term(id).count(),
        }
    }

    /// Page `n` (from 0) of a list cut into pages of `size`.
    pub fn stretch(&self, list: List, n: usize, size: usize) -> &'a [PageId] {
        let (entity, kind, pages) = match list {
            List::Section(id) => {
                (self.model.library.sections[id.at()].entity, Kind::SectionPages, &self.model.sections[id.at()].pages)
            }
            List::Term(id) => {
                (self.model.library.terms[id.at()].entity, Kind::TermPages, &*self.model.terms[id.at()].pages)
            }
        };
        let from = (n * size).min(pages.len());
        let to = (from + size).min(pages.len());
        for chunk in from / CHUNK..to.div_ceil(CHUNK).max(from / CHUNK + 1) {
            self.note(entity.chunk(chunk), kind);
        }
        &pages[from..to]
    }

    /// All pages of a list.
    pub fn whole(&self, list: List) -> &'a [PageId] {
        let size = self.count(list).max(1);
        self.stretch(list, 0, size)
    }

    /// Where a page stands as seen from this edition.
    pub fn stand(&self, id: PageId) -> Stand {
        self.note(self.model.record(id).entity, Kind::PagePresence);
        self.model.stand(id)
    }

    /// Notes that a template was asked for, whether or not it exists.
    pub fn template(&self, name: &str) {
        self.note(Entity::new("template", name), Kind::Template);
    }

    /// Notes that it was looked up which component bears that name, whether or not one does.
    pub fn component(&self, name: &str) {
        self.note(Entity::new("component", &name.to_lowercase()), Kind::Template);
    }

    /// Notes that the names of all templates and theme files were gone through, to find the nearest to a missing one.
    pub fn theme_names(&self) {
        self.note(Entity::new("names", "templates"), Kind::Template);
        self.note(Entity::new("names", "static"), Kind::ThemeFile);
    }

    /// Notes that the address of a generated style sheet was asked for: an office's, or the door's for `None`.
    pub fn office_style(&self, office: Option<&str>) {
        self.note(Entity::new("office-style", office.unwrap_or_default()), Kind::ThemeFile);
    }

    /// Notes that a theme file's address was asked for.
    pub fn theme_file(&self, name: &str) {
        self.note(Entity::new("static", name), Kind::ThemeFile);
    }
}

/// A section as a job reads it.
#[derive(Clone, Copy)]
pub struct SectionReader<'a> {
    reader: Reader<'a>,
    id: SectionId,
    record: &'a Arc<SectionRecord>,
}

impl<'a> SectionReader<'a> {
    /// What it is by itself, but for its text.
    pub fn face(&self) -> &'a SectionRecord {
        self.reader.note(self.record.entity, Kind::SectionFace);
        self.record
    }

    /// Its text, and where its links lead.
    pub fn content(&self) -> Option<Prose> {
        self.reader.note(self.record.entity, Kind::SectionContent);
        self.reader.note(self.record.entity, Kind::PageLinks);
        let targets = &self.reader.model.links.sections[self.id.at()];
        let document = self.record.document.clone()?;
        Some(Prose { document, targets: Arc::new(targets.clone()) })
    }

    /// Description.
    pub fn description(&self) -> Option<&'a Arc<str>> {
        self.reader.note(self.record.entity, Kind::SectionContent);
        self.record.description.as_ref()
    }

    /// `extra`.
    pub fn extra(&self) -> &'a [(Arc<str>, Node)] {
        self.reader.note(self.record.entity, Kind::SectionContent);
        &self.record.extra
    }

    /// The section above.
    pub fn parent(&self) -> Option<SectionId> {
        self.record.parent
    }

    /// Pages directly in it.
    pub fn count(&self) -> usize {
        self.reader.note(self.record.entity, Kind::SectionCount);
        self.reader.model.sections[self.id.at()].pages.len()
    }

    /// Pages in it and below.
    pub fn total(&self) -> usize {
        self.reader.note(self.record.entity, Kind::SectionCount);
        self.reader.model.sections[self.id.at()].total
    }

    /// Years, newest first, with their counts.
    pub fn years(&self) -> &'a [(Arc<str>, usize)] {
        self.reader.note(self.record.entity, Kind::SectionCount);
        &self.reader.model.sections[self.id.at()].years
    }

    /// Sections directly below.
    pub fn children(&self) -> &'a [SectionId] {
        self.reader.note(self.record.entity, Kind::SectionChildren);
        &self.reader.model.sections[self.id.at()].children
    }

    /// Terms of the first taxonomy met in it.
    pub fn topics(&self) -> &'a [TermId] {
        self.reader.note(self.record.entity, Kind::SectionTopics);
        &self.reader.model.sections[self.id.at()].topics
    }
}

impl SectionRecord {
    /// Title.
    pub fn title(&self) -> &Arc<str> {
        &self.title
    }
    /// Folder below `content/`.
    pub fn folder(&self) -> &Arc<str> {
        &self.folder
    }
    /// Address of its first list page.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }
    /// Folder of its output.
    pub fn out(&self) -> &Arc<str> {
        &self.out
    }
    /// Kind of its pages.
    pub fn kind(&self) -> Option<&Arc<crate::source::Kind>> {
        self.kind.as_ref()
    }
    /// Order of its pages.
    pub fn sort_by(&self) -> SortBy {
        self.sort_by
    }
    /// Pages a list page.
    pub fn paginate_by(&self) -> usize {
        self.paginate_by
    }
    /// Template it asks for.
    pub fn template(&self) -> Option<&Arc<str>> {
        self.template.as_ref()
    }
}

/// A term as a job reads it.
#[derive(Clone, Copy)]
pub struct TermReader<'a> {
    reader: Reader<'a>,
    id: TermId,
    record: &'a TermRecord,
}

impl<'a> TermReader<'a> {
    /// Its name.
    pub fn name(&self) -> &'a Arc<str> {
        self.reader.note(self.record.entity, Kind::TermFace);
        &self.record.name
    }

    /// Last part of its address.
    pub fn slug(&self) -> &'a Arc<str> {
        self.reader.note(self.record.entity, Kind::TermFace);
        &self.record.slug
    }

    /// Address of its first list page.
    pub fn path(&self) -> &'a Arc<str> {
        self.reader.note(self.record.entity, Kind::TermFace);
        &self.record.path
    }

    /// Folder of its output.
    pub fn out(&self) -> &'a Arc<str> {
        self.reader.note(self.record.entity, Kind::TermFace);
        &self.record.out
    }

    /// Its taxonomy; part of what it is.
    pub fn taxonomy(&self) -> usize {
        self.record.taxonomy
    }

    /// How many pages it has.
    pub fn count(&self) -> usize {
        self.reader.note(self.record.entity, Kind::TermCount);
        self.reader.model.terms[self.id.at()].pages.len()
    }
}
