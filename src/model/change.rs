//! What changed between two models: the facts whose values differ. Records that are the same `Arc` are skipped at once,
//! others compared side by side; lists are compared in stretches; what exists on one side only has changed whole, so
//! absence is a fact too.

mod cross;
mod series;
mod shared;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::shared::{configs, merge, records};
use super::edition::{Model, Stand, TermNode};
use super::edition_entity;
use super::fact::{Changed, Entity, Kind};
use super::library::{Library, Pairing, Turn};
use super::place::{Target, Targets};
use super::programme::Programme;
use super::read::CHUNK;
use super::record::{PageId, SectionId, TermId};
use crate::diag::Diagnostic;

/// The changed facts of every edition.
#[derive(Debug, Default)]
pub struct Changes {
    /// By office id. A job's facts are looked up in its own edition's.
    editions: BTreeMap<Arc<str>, Changed>,
    /// For the door, which reads all editions.
    portal: Changed,
}

impl Changes {
    /// The changed facts of an edition; of the portal's own outputs for `None`. `None` comes back for an edition that
    /// one side does not have.
    pub fn of(&self, office: Option<&str>) -> Option<&Changed> {
        match office {
            Some(office) => self.editions.get(office),
            None => Some(&self.portal),
        }
    }

    /// Compares two builds' libraries and models. `themed` are facts about the plan and the theme
    /// that changed.
    pub fn between(old: (&Library, &[Arc<Model>]), new: (&Library, &[Arc<Model>]), themed: &Changed) -> Self {
        let mut shared = themed.clone();
        if old.0.config.hash() != new.0.config.hash() {
            configs(&old.0.config, &new.0.config, &mut shared);
        }
        let pairing = Pairing::of(old.0, new.0);
        records(old.0, new.0, &pairing, &mut shared);
        series::faces(&old.0.syllabus, &new.0.syllabus, &mut shared);
        series::memberships(old.0, new.0, &pairing, &mut shared);
        let mut changes = Self::default();
        for model in new.1 {
            if let Some(before) = old.1.iter().find(|one| one.office().id == model.office().id) {
                let mut changed = shared.clone();
                Compare { old: before, new: model, pairing: &pairing, changed: &mut changed }.edition();
                for fact in changed.facts() {
                    changes.portal.add(fact);
                }
                changes.editions.insert(model.office().id.clone(), changed);
            }
        }
        for fact in shared.facts() {
            changes.portal.add(fact);
        }
        changes
    }
}

/// A page before and now.
type Pair = (Option<PageId>, Option<PageId>);

/// The pages of both libraries that are one, and those that only one of them has; those that `few` picks, if the newer was
/// built upon the older.
fn pairs(old: &Library, new: &Library, pairing: &Pairing, few: impl FnOnce(&Turn) -> Vec<PageId>) -> Vec<Pair> {
    if let Some(turn) = pairing.turn() {
        let mut few = few(turn);
        few.sort_unstable();
        few.dedup();
        let has = |library: &Library, id: PageId| Some(id).filter(|_| library.order.has(id));
        return few.into_iter().map(|id| (has(old, id), has(new, id))).collect();
    }
    let gone = old.order.ids().iter().filter(|&&id| pairing.new_of(id).is_none());
    let gone = gone.map(|&id| (Some(id), None));
    new.order.ids().iter().map(|&id| (pairing.old(id), Some(id))).chain(gone).collect()
}

/// Where one link leads, as what is printed depends on it: its sort, path, anchor (or a picture's size), office.
type Led = (u8, Option<Arc<str>>, Option<Arc<str>>, Option<Arc<str>>);

/// Whether a section is held, its pages, the pages in it and below, and both by year.
type Size = (bool, usize, usize, Vec<(Arc<str>, usize)>);

impl Model {
    fn entities(&self, ids: &[PageId]) -> Vec<Entity> {
        ids.iter().map(|&id| self.record(id).entity).collect()
    }

    fn entity_of(&self, id: Option<PageId>) -> Option<Entity> {
        id.map(|id| self.record(id).entity)
    }

    /// The terms of a taxonomy that this edition uses.
    pub(super) fn terms_of(&self, taxonomy: usize) -> Vec<super::TermId> {
        let order = &self.library.config.taxonomies()[taxonomy].terms;
        let mut found: Vec<super::TermId> = (0..self.terms.len())
            .filter(|&at| self.library.terms[at].taxonomy == taxonomy && !self.terms[at].pages.is_empty())
            .map(|at| super::TermId(at as u32))
            .collect();
        if order.is_empty() {
            found.sort_by_key(|id| (std::cmp::Reverse(self.terms[id.at()].pages.len()), self.library.terms.rank(*id)));
        } else {
            found.sort_by_key(|id| order.iter().position(|name| *name == self.library.terms[id.at()].name));
        }
        found
    }

    pub(super) fn has_terms(&self, taxonomy: usize) -> bool {
        self.used[taxonomy]
    }

    pub(super) fn supersession(&self, id: PageId) -> (Option<PageId>, Option<PageId>) {
        let old = self.library.supersedes.get(&id).copied().filter(|old| self.held[old.at()]);
        (old, self.superseded_by.get(&id).copied())
    }

    pub(super) fn problems(&self, id: PageId) -> Vec<Diagnostic> {
        let own = self.record(id).document.problems.iter().filter(|problem| problem.is_error());
        own.chain(&self.links.pages[id.at()].faults).chain(self.checked.errors_of(id)).cloned().collect()
    }

    /// Addresses of sections and pages, these with their dates.
    pub(super) fn sitemap(&self) -> impl Iterator<Item = (&Arc<str>, Option<&Arc<str>>)> {
        let sections = self.library.sections.iter().zip(&self.sections).filter(|(_, node)| node.held);
        sections.map(|(section, _)| (&section.path, None)).chain(self.pages().map(|id| self.sitemap_entry(id)))
    }

    fn sitemap_entry(&self, id: PageId) -> (&Arc<str>, Option<&Arc<str>>) {
        let page = self.record(id);
        (&page.path, page.updated.as_ref().or(page.date.as_ref()))
    }

    fn has_same_sitemap(&self, other: &Self) -> bool {
        self.count() == other.count() && self.sitemap().eq(other.sitemap())
    }

    /// Where links lead, as what is printed depends on it.
    fn led(&self, targets: &Targets) -> Vec<Led> {
        let link = |target: &Target| match target {
            Target::Page(id, anchor) => {
                // One that is not published is an error, and a section's text is shown all the same.
                let (sort, office) = match self.stand(*id) {
                    Stand::Here => (0, None),
                    Stand::Office(at) => (0, Some(self.library.config.offices()[at].id.clone())),
                    Stand::Nowhere => (5, None),
                };
                (sort, Some(self.record(*id).path.clone()), anchor.clone(), office)
            }
            Target::Section(id, anchor) => (1, Some(self.library.sections[id.at()].path.clone()), anchor.clone(), None),
            Target::Asset(id) => (2, Some(self.library.assets[id.at()].url.clone()), None, None),
            Target::Here(anchor) => (3, None, Some(anchor.clone()), None),
            Target::Broken => (4, None, None, None),
        };
        let image = |id: &Option<super::AssetId>| {
            let asset = id.map(|id| &self.library.assets[id.at()]);
            let size = asset.map(|asset| {
                let widths: Vec<u32> = asset.widths().collect();
                format!("{:?} {widths:?} {}", asset.dimensions, asset.is_unshowable()).into()
            });
            (6, asset.map(|asset| asset.url.clone()), size, None)
        };
        let cited = targets.citations.iter().map(|cited| self.led_by(cited));
        targets.links.iter().map(link).chain(targets.images.iter().map(image)).chain(cited).collect()
    }
}

/// What relates a page to others.
const RELATIONS: [Kind; 6] = [
    Kind::PageNeighbours,
    Kind::PageRelated,
    Kind::PageSides,
    Kind::PageBacklinks,
    Kind::PageCited,
    Kind::PageSupersession,
];

/// Two models of one office.
struct Compare<'a> {
    old: &'a Model,
    new: &'a Model,
    pairing: &'a Pairing,
    changed: &'a mut Changed,
}

impl Compare<'_> {
    fn edition(mut self) {
        self.links();
        self.sitemap();
        self.programmes();
        if self.new.is_alike(self.old) {
            return;
        }
        self.pages();
        self.sections();
        self.terms();
        self.whole();
        let (old, new) = (self.old, self.new);
        if Arc::ptr_eq(&old.library.assets, &new.library.assets) && old.checked.assets == new.checked.assets {
            return;
        }
        merge(
            &old.library.assets,
            &new.library.assets,
            |asset| &asset.source,
            |a, b| {
                let needed =
                    |model: &Model, at: Option<usize>| at.map(|at| model.checked.assets[at]).unwrap_or_default();
                let asset = a.map(|at| &old.library.assets[at]).or_else(|| b.map(|at| &new.library.assets[at]));
                if let Some(asset) = asset {
                    self.changed.compare(asset.entity, Kind::Asset, needed(old, a), needed(new, b));
                }
            },
        );
    }

    fn same_page(&self, old: Option<PageId>, new: Option<PageId>) -> bool {
        match (old, new) {
            (Some(old), Some(new)) => self.pairing.new_of(old) == Some(new),
            (None, None) => true,
            _ => false,
        }
    }

    fn same_list(&self, old: &[PageId], new: &[PageId]) -> bool {
        // A number that both builds have is one page.
        if self.pairing.turn().is_some() {
            return old == new;
        }
        old.len() == new.len() && old.iter().zip(new).all(|(&old, &new)| self.same_page(Some(old), Some(new)))
    }

    /// See [`pairs`].
    fn pairs(&self, few: impl FnOnce(&Turn) -> Vec<PageId>) -> Vec<Pair> {
        pairs(&self.old.library, &self.new.library, self.pairing, few)
    }

    /// Looked at only where something differs: it costs a visit to the page's record.
    fn entity(&self, (old, new): Pair) -> Option<Entity> {
        self.old.entity_of(old).or_else(|| self.new.entity_of(new))
    }

    fn differs(&mut self, pair: Pair, kind: Kind) {
        if let Some(entity) = self.entity(pair) {
            self.changed.add(entity.fact(kind));
        }
    }

    /// Where pages' links lead, and what is wrong with the pages.
    fn links(&mut self) {
        let (old, new) = (self.old, self.new);
        let places_moved = !Arc::ptr_eq(&old.library.assets, &new.library.assets)
            || !Arc::ptr_eq(&old.library.sections, &new.library.sections);
        // Pages that links to them now name otherwise: at another address, in another office's edition.
        let has_moved = |(was, id): Pair| {
            let (Some(was), Some(id)) = (was, id) else { return true };
            let (a, b) = (old.record(was), new.record(id));
            (!Arc::ptr_eq(a, b) && a.path != b.path) || place(old, Some(was)) != place(new, Some(id))
        };
        let few = self.pairs(|turn| {
            let moved = |id: &PageId| {
                let has = |library: &Library| Some(*id).filter(|&id| library.order.has(id));
                has_moved((has(&old.library), has(&new.library)))
            };
            let linking =
                |id: PageId| [old, new].into_iter().filter_map(move |model| model.links.from.get(id.at())).flatten();
            let linking = turn.all().filter(moved).flat_map(linking).copied();
            let all: &[PageId] = if places_moved { new.library.order.ids() } else { &[] };
            turn.all().chain(linking).chain(new.links.others.iter().copied()).chain(all.iter().copied()).collect()
        });
        for &pair in &few {
            let (Some(was), Some(id)) = pair else {
                self.differs(pair, Kind::PageLinks);
                continue;
            };
            let (a, b) = (&old.links.pages[was.at()], &new.links.pages[id.at()]);
            if old.led(a) != new.led(b) {
                self.differs(pair, Kind::PageLinks);
            }
        }
        let said = || old.checked.said_of().chain(new.checked.said_of());
        for pair in self.pairs(|turn| turn.all().chain(new.links.others.iter().copied()).chain(said()).collect()) {
            let (Some(was), Some(id)) = pair else {
                self.differs(pair, Kind::PageProblems);
                continue;
            };
            if old.problems(was) != new.problems(id) {
                self.differs(pair, Kind::PageProblems);
            }
        }
    }

    fn programmes(&mut self) {
        let (old, new) = (self.old.programmes(), self.new.programmes());
        let id = |programme: &Arc<Programme>| programme.screen().id.clone();
        let all: BTreeSet<Arc<str>> = old.iter().chain(new).map(id).collect();
        for screen in all {
            let find = |all: &'_ [Arc<Programme>]| all.iter().position(|one| one.screen().id == screen);
            let (a, b) = (find(old).map(|at| &*old[at]), find(new).map(|at| &*new[at]));
            Programme::changes(a, b, self.changed);
        }
    }

    /// Whether the site map is another.
    fn sitemap(&mut self) {
        let (old, new) = (self.old, self.new);
        let sections = |model: &Model| model.sections.iter().map(|node| node.held).collect::<Vec<_>>();
        let same = match self.pairing.turn() {
            Some(turn) if Arc::ptr_eq(&old.library.sections, &new.library.sections) => {
                let entry = |model: &'_ Model, id: PageId| -> Option<(Arc<str>, Option<Arc<str>>)> {
                    let is_held = model.held.get(id.at()).is_some_and(|held| *held);
                    is_held.then(|| model.sitemap_entry(id)).map(|(path, date)| (path.clone(), date.cloned()))
                };
                sections(old) == sections(new) && turn.all().all(|id| entry(old, id) == entry(new, id))
            }
            _ => old.has_same_sitemap(new),
        };
        if !same {
            self.changed.add(edition_entity().fact(Kind::Sitemap));
        }
    }

    fn pages(&mut self) {
        let (old, new) = (self.old, self.new);
        for pair in self.pairs(|turn| turn.all().collect()) {
            if place(old, pair.0) != place(new, pair.1) {
                self.differs(pair, Kind::PagePresence);
            }
            if pair.0.is_none() || pair.1.is_none() {
                for kind in RELATIONS {
                    self.differs(pair, kind);
                }
            }
        }
        for pair in self.pairs(|_| self.moved_in_sections()) {
            if let (Some(x), Some(y)) = pair {
                let (before, after) = (old.neighbours(x), new.neighbours(y));
                if !(self.same_page(before.0, after.0) && self.same_page(before.1, after.1)) {
                    self.differs(pair, Kind::PageNeighbours);
                }
            }
        }
        // The same choice is shown the same way, unless a page of it has become another kind.
        let same_kinds = old.library.config.hash() == new.library.config.hash()
            && self.pairing.turn().is_some_and(|turn| turn.all().all(|id| self.has_same_kind(id)));
        let is_same = |id: &PageId| same_kinds && old.related.chosen(*id) == new.related.chosen(*id);
        for pair in self.pairs(|_| new.related.unshared(&old.related).filter(|id| !is_same(id)).collect()) {
            if let (Some(x), Some(y)) = pair {
                self.across_kinds(x, y);
            }
        }
        // Pages that others link to: who they are, whether they are held, and which of them is the newest.
        let linked = self.pairs(|turn| {
            let from = turn.all().chain(new.links.others.iter().copied());
            let linked = from.flat_map(|id| {
                let targets = [old, new].into_iter().filter_map(move |model| model.links.pages.get(id.at()));
                targets.flat_map(move |targets| targets.pages_but(id))
            });
            linked.chain(turn.all()).collect()
        });
        for pair in linked {
            if let (Some(x), Some(y)) = pair
                && !self.same_list(&old.backlinks(x), &new.backlinks(y))
            {
                self.differs(pair, Kind::PageBacklinks);
            }
            if let (Some(x), Some(y)) = pair {
                self.cited(x, y);
            }
        }
        let replaced = |model: &Model| -> Vec<PageId> {
            let own = model.library.supersedes.iter().flat_map(|(&id, &old)| [id, old]);
            own.chain(model.superseded_by.iter().flat_map(|(&old, &id)| [old, id])).collect()
        };
        for pair in self.pairs(|_| [replaced(old), replaced(new)].concat()) {
            if let (Some(x), Some(y)) = pair {
                let (before, after) = (old.supersession(x), new.supersession(y));
                if !(self.same_page(before.0, after.0) && self.same_page(before.1, after.1)) {
                    self.differs(pair, Kind::PageSupersession);
                }
            }
        }
    }

    /// The pages whose neighbours in their sections may be others, of two editions with the same numbers.
    fn moved_in_sections(&self) -> Vec<PageId> {
        let (old, new) = (self.old, self.new);
        if !Arc::ptr_eq(&old.library.sections, &new.library.sections) {
            return new.library.order.ids().to_vec();
        }
        let mut moved = Vec::new();
        for (a, b) in old.sections.iter().zip(&new.sections).filter(|(a, b)| !Arc::ptr_eq(&a.listed, &b.listed)) {
            let (a, b) = (&a.pages, &b.pages);
            // What both begin and end with is as it was, but for the pages at the seams.
            let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
            let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
            if head == a.len() && head == b.len() {
                continue;
            }
            for list in [a, b] {
                let tail = tail.min(list.len().saturating_sub(head));
                let to = (list.len() - tail + 1).min(list.len());
                moved.extend(&list[head.saturating_sub(1)..to]);
            }
        }
        moved
    }

    fn sections(&mut self) {
        let (old, new) = (self.old, self.new);
        merge(
            &old.library.sections,
            &new.library.sections,
            |section| &section.folder,
            |a, b| {
                let record = a.map(|at| &old.library.sections[at]).or_else(|| b.map(|at| &new.library.sections[at]));
                let Some(entity) = record.map(|section| section.entity) else { return };
                let node = |model: &'_ Model, at: Option<usize>| -> Option<Size> {
                    at.map(|at| &model.sections[at])
                        .map(|node| (node.held, node.pages.len(), node.total, node.years.clone()))
                };
                let (x, y) = (node(old, a), node(new, b));
                self.changed.compare(entity, Kind::SectionPresence, x.as_ref().map(|n| n.0), y.as_ref().map(|n| n.0));
                self.changed.compare(
                    entity,
                    Kind::SectionCount,
                    x.map(|n| (n.1, n.2, n.3)),
                    y.map(|n| (n.1, n.2, n.3)),
                );
                let same_list = match (a, b) {
                    (Some(a), Some(b)) => {
                        self.pairing.turn().is_some() && Arc::ptr_eq(&old.sections[a].listed, &new.sections[b].listed)
                    }
                    _ => false,
                };
                if !same_list {
                    let list = |model: &'_ Model, at: Option<usize>| at.map(|at| model.sections[at].listed.clone());
                    let (x, y) = (list(old, a).unwrap_or_default(), list(new, b).unwrap_or_default());
                    self.chunks(entity, Kind::SectionPages, &x.pages, &y.pages);
                }
                let children = |model: &Model, at: Option<usize>| -> Option<Vec<Entity>> {
                    at.map(|at| section_entities(model, &model.sections[at].children))
                };
                self.changed.compare(entity, Kind::SectionChildren, children(old, a), children(new, b));
                let topics =
                    |model: &Model, at: Option<usize>| at.map(|at| term_entities(model, &model.sections[at].topics));
                self.changed.compare(entity, Kind::SectionTopics, topics(old, a), topics(new, b));
                let led = |model: &Model, at: Option<usize>| at.map(|at| model.led(&model.links.sections[at]));
                self.changed.compare(entity, Kind::PageLinks, led(old, a), led(new, b));
            },
        );
    }

    fn terms(&mut self) {
        let (old, new) = (self.old, self.new);
        fn lists(model: &Model) -> BTreeMap<Entity, &[PageId]> {
            let nodes = model.terms.iter().zip(model.library.terms.iter()).filter(|(node, _)| !node.pages.is_empty());
            nodes.map(|(node, term)| (term.entity, node.pages.as_slice())).collect()
        }
        let same_terms = self.pairing.turn().is_some() && old.library.terms.are_numbered_as(&new.library.terms);
        if same_terms {
            let none = TermNode::default();
            for (at, term) in new.library.terms.iter().enumerate() {
                let (a, b) = (old.terms.get(at).unwrap_or(&none), &new.terms[at]);
                if !Arc::ptr_eq(&a.pages, &b.pages) {
                    self.chunks(term.entity, Kind::TermPages, &a.pages, &b.pages);
                    self.changed.compare(term.entity, Kind::TermCount, a.pages.len(), b.pages.len());
                }
            }
        }
        let (a, b) = if same_terms { Default::default() } else { (lists(old), lists(new)) };
        for entity in a.keys().chain(b.keys()).copied().collect::<BTreeSet<Entity>>() {
            let (a, b) = (a.get(&entity).copied().unwrap_or_default(), b.get(&entity).copied().unwrap_or_default());
            self.chunks(entity, Kind::TermPages, a, b);
            self.changed.compare(entity, Kind::TermCount, a.len(), b.len());
        }
        let names = |model: &Model| -> BTreeSet<Arc<str>> {
            model.library.config.taxonomies().iter().map(|taxonomy| taxonomy.id.clone()).collect()
        };
        for id in names(old).union(&names(new)) {
            let terms = |model: &Model| -> Vec<Entity> {
                let at = model.library.config.taxonomies().iter().position(|taxonomy| taxonomy.id == *id);
                at.map(|at| term_entities(model, &model.terms_of(at))).unwrap_or_default()
            };
            let (a, b) = (terms(old), terms(new));
            self.changed.compare(Entity::new("taxonomy", id), Kind::TaxonomyPresence, a.is_empty(), b.is_empty());
            self.changed.compare(Entity::new("taxonomy", id), Kind::TaxonomyTerms, a, b);
        }
    }

    /// What the edition as a whole shows.
    fn whole(&mut self) {
        let (old, new) = (self.old, self.new);
        let whole = edition_entity();
        let nav = |model: &Model| (section_entities(model, &model.nav), model.library.config.sections().to_vec());
        self.changed.compare(whole, Kind::Nav, nav(old), nav(new));
        let counts = |model: &Model| -> Vec<_> {
            model.months.iter().map(|(month, pages)| (month.clone(), pages.len())).collect()
        };
        self.changed.compare(whole, Kind::Months, counts(old), counts(new));
        self.named(&old.months, &new.months, "month", Kind::MonthPages);
        self.series();
        self.changed.compare(whole, Kind::ThisMonth, &old.library.month, &new.library.month);
        if !self.same_page(old.home.lead, new.home.lead) {
            self.changed.add(whole.fact(Kind::HomeLead));
        }
        let columns = |model: &Model| -> Vec<_> {
            let columns = model.home.columns.iter();
            columns.map(|(id, pages)| (model.library.sections[id.at()].entity, model.entities(pages))).collect()
        };
        self.changed.compare(whole, Kind::HomeColumn, columns(old), columns(new));
        if !self.same_list(&old.home.notices, &new.home.notices) {
            self.changed.add(whole.fact(Kind::HomeNotices));
        }
        let plans = |model: &Model| -> Vec<_> {
            let plans = model.home.plans.iter();
            plans.map(|(series, pages)| (model.library.month.clone(), series.clone(), model.entities(pages))).collect()
        };
        self.changed.compare(whole, Kind::HomePlan, plans(old), plans(new));
        let elsewhere = |model: &Model| -> Vec<_> {
            let offices = model.library.config.offices();
            model.home.elsewhere.iter().map(|&(id, at)| (model.record(id).entity, offices[at].id.clone())).collect()
        };
        self.changed.compare(whole, Kind::HomeElsewhere, elsewhere(old), elsewhere(new));
        let topics = |model: &Model| term_entities(model, &model.home.topics);
        self.changed.compare(whole, Kind::HomeTopics, topics(old), topics(new));
        if !self.same_list(&old.feed, &new.feed) {
            self.changed.add(whole.fact(Kind::Feed));
        }
        self.map();
        self.changed.compare(whole, Kind::Updated, &old.updated, &new.updated);
        if !self.same_page(old.home.door, new.home.door) {
            self.changed.add(new.office().door_entity().fact(Kind::Door));
        }
    }

    fn named(&mut self, old: &Lists, new: &Lists, sort: &str, kind: Kind) {
        for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
            let same = match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) => {
                    (Arc::ptr_eq(old, new) && self.pairing.turn().is_some()) || self.same_list(old, new)
                }
                _ => false,
            };
            if !same {
                self.changed.add(Entity::new(sort, name).fact(kind));
            }
        }
    }

    /// Two long lists, stretch by stretch.
    fn chunks(&mut self, entity: Entity, kind: Kind, old: &[PageId], new: &[PageId]) {
        fn part(list: &[PageId], n: usize) -> &[PageId] {
            let from = (n * CHUNK).min(list.len());
            &list[from..(from + CHUNK).min(list.len())]
        }
        for n in 0..old.len().max(new.len()).div_ceil(CHUNK) {
            if !self.same_list(part(old, n), part(new, n)) {
                self.changed.add(entity.chunk(n).fact(kind));
            }
        }
    }
}

/// Pages by month or series.
type Lists = BTreeMap<Arc<str>, Arc<Vec<PageId>>>;

/// Where a page stands as seen from the model, by names that mean the same in every build; `None` if there is none.
fn place(model: &Model, id: Option<PageId>) -> Option<(u8, Option<Arc<str>>)> {
    id.map(|id| match model.stand(id) {
        Stand::Office(at) => (1, Some(model.library.config.offices()[at].id.clone())),
        Stand::Here => (0, None),
        Stand::Nowhere => (2, None),
    })
}

fn section_entities(model: &Model, ids: &[SectionId]) -> Vec<Entity> {
    ids.iter().map(|id| model.library.sections[id.at()].entity).collect()
}

fn term_entities(model: &Model, ids: &[TermId]) -> Vec<Entity> {
    ids.iter().map(|id| model.library.terms[id.at()].entity).collect()
}
