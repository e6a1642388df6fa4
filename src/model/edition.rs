//! The model of one edition: which pages it holds, their order and what relates them. Built from the library for each
//! office; its fields are private, and the way to read them is [`super::read`], which records.

mod checked;
mod home;
mod listed;
mod order;

pub(super) use home::is_lead;

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use self::checked::Checked;
use self::home::Home;
use self::listed::Listed;
use super::fact::Entity;
use super::library::{Library, Turn};
use super::place::{Cited, Links, Target};
use super::programme::{Ground, Programme};
use super::record::{PageId, Record, SectionId, SectionRecord, Status};
use super::related::{self, Related};
use super::syllabus::Plan;
use crate::content::{ArticleNumber, Audience};
use crate::diag::Diagnostic;
use crate::source::{Office, Screen};

/// Most entries a feed holds.
const FEED: usize = 20;

/// One edition: an office and what it holds.
#[derive(Debug)]
pub struct Model {
    pub(super) library: Arc<Library>,
    pub(super) links: Arc<Links>,
    pub(super) office: usize,
    /// What each of its screens shows.
    programmes: Vec<Arc<Programme>>,
    relations: Arc<Relations>,
}

/// What an edition's pages have to do with each other. An edit that changes no date, term, link … leaves it as it is;
/// another changes the lists in which the page stands, and all others are those of before.
#[derive(Debug)]
pub struct Relations {
    pub(super) held: Vec<bool>,
    pub(super) sections: Vec<SectionNode>,
    pub(super) terms: Vec<TermNode>,
    /// By taxonomy: whether this edition has a term of it.
    pub(super) used: Vec<bool>,
    pub(super) related: Related,
    pub(super) superseded_by: HashMap<PageId, PageId>,
    /// By id, those that have a page here.
    pub(super) series: BTreeMap<Arc<str>, Arc<Vec<PageId>>>,
    /// Their plans, without months of which this edition has no page.
    pub(super) plans: BTreeMap<Arc<str>, Plan>,
    pub(super) months: BTreeMap<Arc<str>, Arc<Vec<PageId>>>,
    pub(super) nav: Vec<SectionId>,
    pub(super) home: Home,
    pub(super) feed: Vec<PageId>,
    pub(super) updated: Option<Arc<str>>,
    /// The newest date on which a page says that it was changed.
    newest_update: Option<Arc<str>>,
    pub(super) checked: Checked,
}

/// Nearly everything that is read of a model is read of its relations.
impl Deref for Model {
    type Target = Relations;

    fn deref(&self) -> &Relations {
        &self.relations
    }
}

/// A section in an edition.
#[derive(Clone, Debug, Default)]
pub(super) struct SectionNode {
    pub held: bool,
    /// Its pages, and what is counted of them.
    pub listed: Arc<Listed>,
    pub children: Vec<SectionId>,
    /// Pages here and below.
    pub total: usize,
}

impl Deref for SectionNode {
    type Target = Listed;

    fn deref(&self) -> &Listed {
        &self.listed
    }
}

/// A term in an edition.
#[derive(Clone, Debug, Default)]
pub(super) struct TermNode {
    pub pages: Arc<Vec<PageId>>,
}

/// Where a page stands as seen from an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// In this edition.
    Here,
    /// Only in that office's.
    Office(usize),
    /// Not published.
    Nowhere,
}

impl Model {
    /// The model of office number `office`. `previous` is the one before, if this library was built upon its; `edited`
    /// says that nothing new has to do with relations but perhaps with what is said of these pages.
    pub(super) fn new(
        library: &Arc<Library>,
        (links, ground): (&Arc<Links>, &Ground),
        office: usize,
        previous: Option<(&Self, &Turn)>,
        edited: Option<&[PageId]>,
    ) -> Self {
        let kept = previous.zip(edited).map(|((previous, _), edited)| (&previous.relations, edited));
        let kept = kept.filter(|(relations, edited)| !edited.iter().any(|id| relations.checked.spoken_of.contains(id)));
        let relations = match kept {
            Some((relations, _)) => relations.clone(),
            None => Arc::new(Maker::new(library, links, office, previous).make()),
        };
        let old = |screen: &Screen| {
            let mut old = previous.into_iter().flat_map(|(previous, _)| &previous.programmes);
            old.find(|programme| programme.screen().id == screen.id)
        };
        let programme = |screen: &Arc<Screen>| {
            let before = old(screen).map(|programme| &**programme);
            Arc::new(Programme::new(library, links, (office, screen), ground, before))
        };
        let programmes = library.config.offices()[office].screens.iter().map(programme).collect();
        Self { library: library.clone(), links: links.clone(), office, programmes, relations }
    }

    /// What its screens show, in the order of the configuration.
    pub fn programmes(&self) -> &[Arc<Programme>] {
        &self.programmes
    }

    /// Every entity that only employees may come to know of, with its file: internal pages and the files beside them.
    pub fn internal(&self) -> HashMap<Entity, Arc<str>> {
        let library = &self.library;
        let is_internal = |id: &PageId| library.pages[id.at()].audience == Audience::Internal;
        let pages = library.order.ids().iter().filter(|id| is_internal(id)).map(|id| &library.pages[id.at()]);
        let pages = pages.map(|page| (page.entity, page.document.path.clone()));
        let owned = library.assets.iter().zip(library.owners.iter());
        let files = owned.filter(|(_, owner)| owner.as_ref().is_some_and(is_internal)).flat_map(|(asset, _)| {
            let bytes = Entity::new("asset-bytes", &asset.source);
            [(asset.entity, asset.source.clone()), (bytes, asset.source.clone())]
        });
        pages.chain(files).collect()
    }

    /// Whether its screens have the same outputs as in `old`, whose numbers are the same.
    pub fn screens_stand_as(&self, old: &Self) -> bool {
        self.programmes.len() == old.programmes.len()
            && self.programmes.iter().zip(&old.programmes).all(|(a, b)| a.stands_as(b))
    }

    /// Where the links lead.
    pub(super) fn links(&self) -> &Arc<Links> {
        &self.links
    }

    /// Whether everything stands at the same addresses as in `old`, under the same numbers: then its plan is this one's.
    pub fn stands_as(&self, old: &Self) -> bool {
        let Some(turn) = self.library.turn_since(&old.library) else { return false };
        let same_page = |&id: &PageId| {
            let (a, b) = (old.record(id), self.record(id));
            (&a.path, &a.aliases) == (&b.path, &b.aliases)
        };
        self.library.stands_as(&old.library)
            && self.screens_stand_as(old)
            && turn.remade.iter().all(same_page)
            && (self.is_alike(old) || self.lists_as(old))
    }

    /// Whether there are the same lists, of as many pages each.
    fn lists_as(&self, old: &Self) -> bool {
        let size = self.paginate_by();
        let sections = self.sections.iter().zip(&old.sections).zip(&*self.library.sections);
        let same_section = |((a, b), section): ((&SectionNode, &SectionNode), &Arc<SectionRecord>)| {
            a.held == b.held
                && a.pages.len().div_ceil(section.paginate_by) == b.pages.len().div_ceil(section.paginate_by)
        };
        let same_term = |(a, b): (&TermNode, &TermNode)| {
            a.pages.is_empty() == b.pages.is_empty() && a.pages.len().div_ceil(size) == b.pages.len().div_ceil(size)
        };
        self.held == old.held
            && self.checked.assets == old.checked.assets
            && self.months.keys().eq(old.months.keys())
            && self.series.keys().eq(old.series.keys())
            && sections.into_iter().all(same_section)
            && self.terms.iter().zip(&old.terms).all(same_term)
    }

    /// Whether nothing relates otherwise than in `other`.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.relations, &other.relations)
    }

    /// What is to be said about links.
    pub(super) fn link_problems(&self) -> impl Iterator<Item = &Diagnostic> {
        self.relations.checked.problems()
    }

    /// Newer and older than a page in its section.
    pub(super) fn neighbours(&self, id: PageId) -> (Option<PageId>, Option<PageId>) {
        if !self.held.get(id.at()).is_some_and(|held| *held) {
            return (None, None);
        }
        let section = self.record(id).section;
        self.sections[section.at()].neighbours(&self.library, section, id)
    }

    /// The pages of this edition that link to a page which it holds, newest first.
    pub(super) fn backlinks(&self, id: PageId) -> Vec<PageId> {
        if !self.held.get(id.at()).is_some_and(|held| *held) {
            return Vec::new();
        }
        let from = self.links.from[id.at()].iter().copied();
        let mut from: Vec<PageId> = from.filter(|from| self.held[from.at()]).collect();
        from.sort_unstable_by_key(|&from| self.library.rank(from));
        from
    }

    /// Which articles of a page this edition's pages cite, by component or by link: by number, newest first.
    pub(super) fn cited(&self, id: PageId) -> Vec<(ArticleNumber, PageId)> {
        if !self.record(id).is_law() {
            return Vec::new();
        }
        let mut all = Vec::new();
        for from in self.backlinks(id) {
            let targets = &self.links.pages[from.at()];
            for link in &targets.links {
                if let Target::Page(to, Some(anchor)) = link
                    && *to == id
                    && let Some((number, length)) = ArticleNumber::at_head(anchor)
                    && length == anchor.len()
                {
                    all.push((number, from));
                }
            }
            let citations = &self.record(from).document.citations;
            for (Cited { anchors, .. }, one) in
                targets.citations.iter().zip(citations).filter(|(cited, _)| cited.law == Some(id))
            {
                let found = one.articles.iter().zip(anchors).filter(|(_, anchor)| anchor.is_some());
                all.extend(found.map(|((number, _), _)| (*number, from)));
            }
        }
        // Stable: the pages come newest first.
        all.sort_by_key(|(number, _)| *number);
        all.dedup();
        all
    }

    pub(super) fn office(&self) -> &Arc<Office> {
        &self.library.config.offices()[self.office]
    }

    pub(super) fn record(&self, id: PageId) -> &Arc<Record> {
        &self.library.pages[id.at()]
    }

    /// Pages that this edition holds.
    pub fn count(&self) -> usize {
        self.held.iter().filter(|&&held| held).count()
    }

    pub(super) fn stand(&self, id: PageId) -> Stand {
        stand(&self.library, &self.held, id)
    }
}

fn stand(library: &Library, held: &[bool], id: PageId) -> Stand {
    if held[id.at()] {
        return Stand::Here;
    }
    let page = &library.pages[id.at()];
    if page.status != Status::Live {
        return Stand::Nowhere;
    }
    let offices = 0..library.config.offices().len();
    offices.into_iter().find(|&office| page.offices.holds(office)).map_or(Stand::Nowhere, Stand::Office)
}

/// The relations before, if all numbers and sections are as they were.
#[derive(Clone, Copy)]
struct Before<'a> {
    library: &'a Library,
    links: &'a Links,
    relations: &'a Relations,
    turn: &'a Turn,
}

/// Puts one edition's relations together: those of before, or none, with what became of the pages.
struct Maker<'a> {
    library: &'a Library,
    links: &'a Links,
    office: usize,
    before: Option<Before<'a>>,
    /// The pages whose places may be others, newest first, those that are no more behind them.
    pages: Vec<PageId>,
    r: Relations,
}

impl<'a> Maker<'a> {
    fn new(library: &'a Library, links: &'a Links, office: usize, previous: Option<(&'a Model, &'a Turn)>) -> Self {
        let before = previous.map(|(model, turn)| Before {
            library: &model.library,
            links: &model.links,
            relations: &model.relations,
            turn,
        });
        let before = before.filter(|before| {
            Arc::ptr_eq(&before.library.sections, &library.sections)
                && before.library.terms.are_numbered_as(&library.terms)
        });
        let pages = match before {
            Some(before) => {
                let mut pages: Vec<PageId> = before.turn.all().collect();
                pages.sort_unstable_by_key(|&id| library.rank(id));
                pages
            }
            None => library.by_date.ids().to_vec(),
        };
        let holds = |id: PageId| {
            let row = &library.rows[id.at()];
            library.order.has(id) && row.is_live && row.offices.holds(office)
        };
        let mut held = before.map_or_else(Vec::new, |before| before.relations.held.clone());
        held.resize(library.pages.len(), false);
        pages.iter().for_each(|&id| held[id.at()] = holds(id));
        let of_before = before.map(|before| before.relations);
        let section = |at: usize| SectionNode {
            listed: of_before.map_or_else(Arc::default, |before| before.sections[at].listed.clone()),
            ..SectionNode::default()
        };
        let mut terms = of_before.map_or_else(Vec::new, |before| before.terms.clone());
        terms.resize(library.terms.len(), TermNode::default());
        let r = Relations {
            held,
            sections: (0..library.sections.len()).map(section).collect(),
            terms,
            used: vec![false; library.config.taxonomies().len()],
            related: Related::default(),
            superseded_by: HashMap::new(),
            series: BTreeMap::new(),
            plans: BTreeMap::new(),
            months: of_before.map_or_else(BTreeMap::new, |before| before.months.clone()),
            nav: Vec::new(),
            home: Home::default(),
            feed: Vec::new(),
            updated: None,
            newest_update: None,
            checked: Checked::default(),
        };
        Self { library, links, r, office, before, pages }
    }

    fn make(mut self) -> Relations {
        let touched = self.distribute();
        self.dates();
        self.courses();
        self.order();
        let (library, links, r) = (self.library, self.links, &self.r);
        let before = self.before;
        let (related, checked) = rayon::join(
            || {
                let before = before.map(|before| related::Before {
                    library: before.library,
                    held: &before.relations.held,
                    related: &before.relations.related,
                    touched: &touched,
                });
                related::related(library, &r.held, &r.terms, &self.pages, before)
            },
            || Checked::new(library, links, &r.held, &r.sections, before),
        );
        self.r.related = related;
        self.r.checked = checked;
        self.fill_home();
        self.r
    }

    /// The record of a page as it was, if the edition held it.
    fn was(&self, id: PageId) -> Option<&'a Arc<Record>> {
        let before = self.before?;
        before.relations.held.get(id.at()).is_some_and(|held| *held).then(|| &before.library.pages[id.at()])
    }

    /// The record of a page as it is, if the edition holds it.
    fn is(&self, id: PageId) -> Option<&'a Arc<Record>> {
        self.r.held[id.at()].then(|| &self.library.pages[id.at()])
    }

    /// The newest pages of all, and the newest dates.
    fn dates(&mut self) {
        let (library, r) = (self.library, &mut self.r);
        let dated = library.by_date.ids().iter().filter(|id| r.held[id.at()]);
        let dated = dated.take_while(|id| library.rows[id.at()].day.is_some());
        r.feed = dated.take(FEED).copied().collect();
        let newest = r.feed.first().and_then(|id| library.pages[id.at()].date.clone());
        let is_updated = |record: Option<&Arc<Record>>| record.is_some_and(|record| record.updated.is_some());
        let before = self.before.map(|before| before.relations);
        let before =
            before.filter(|_| !self.pages.iter().any(|&id| is_updated(self.was(id)) || is_updated(self.is(id))));
        self.r.newest_update = match before {
            Some(before) => before.newest_update.clone(),
            None => {
                let updated =
                    library.order.ids().iter().filter(|id| self.r.held[id.at()] && library.rows[id.at()].is_updated);
                updated.filter_map(|id| library.pages[id.at()].updated.clone()).max()
            }
        };
        self.r.updated = newest.max(self.r.newest_update.clone());
        // The newest of those that replace one page; all of them are few.
        let mut replacing: Vec<(PageId, PageId)> = library.supersedes.iter().map(|(&id, &old)| (id, old)).collect();
        replacing.sort_unstable_by_key(|&(id, _)| library.rank(id));
        for (id, old) in replacing {
            if self.r.held[id.at()] && self.r.held[old.at()] {
                self.r.superseded_by.entry(old).or_insert(id);
            }
        }
        for (term, node) in library.terms.iter().zip(&self.r.terms) {
            self.r.used[term.taxonomy] |= !node.pages.is_empty();
        }
    }

    /// What this edition has of the series: they are few, and have an order of their own.
    fn courses(&mut self) {
        let r = &mut self.r;
        for course in self.library.syllabus.courses() {
            let here =
                |pages: &Vec<PageId>| -> Vec<PageId> { pages.iter().copied().filter(|id| r.held[id.at()]).collect() };
            let pages = here(&course.pages);
            if pages.is_empty() {
                continue;
            }
            let plan = course.plan.iter().map(|(month, pages)| (month.clone(), here(pages)));
            let plan = plan.filter(|(_, pages)| !pages.is_empty()).collect();
            r.plans.insert(course.id().clone(), plan);
            r.series.insert(course.id().clone(), Arc::new(pages));
        }
    }

    /// Counts, and decides which sections there are.
    fn order(&mut self) {
        let library = self.library;
        // Sections are sorted by folder, so each stands after the one above it.
        for at in (0..self.r.sections.len()).rev() {
            let section = &library.sections[at];
            self.r.sections[at].total += self.r.sections[at].pages.len();
            let node = &self.r.sections[at];
            let named = section.document.is_some() && section.offices.holds(self.office);
            let held = named || node.total > 0 || section.parent.is_none();
            let total = node.total;
            self.r.sections[at].held = held;
            if let (Some(parent), true) = (section.parent, held) {
                self.r.sections[parent.at()].total += total;
                self.r.sections[parent.at()].held = true;
                self.r.sections[parent.at()].children.push(SectionId(at as u32));
            }
        }
        self.r.sections.iter_mut().for_each(|node| node.children.reverse());
        let find = |path: &str| library.sections.iter().position(|section| *section.folder == *path);
        let confs = library.config.sections();
        self.r.nav = if confs.is_empty() {
            self.r.sections.first().map(|root| root.children.clone()).unwrap_or_default()
        } else {
            confs.iter().filter_map(|conf| find(&conf.path)).map(|at| SectionId(at as u32)).collect()
        };
        self.r.nav.retain(|id| self.r.sections[id.at()].held);
    }
}
