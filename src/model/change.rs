//! What changed between two models: the facts whose values differ. Records that are the same `Arc` are skipped at once,
//! others compared side by side; lists are compared in stretches; what exists on one side only has changed whole, so
//! absence is a fact too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::edition::{Model, Stand};
use super::edition_entity;
use super::fact::{Changed, Entity, Kind};
use super::library::{Library, Pairing};
use super::place::{Target, Targets};
use super::read::CHUNK;
use super::record::{PageId, Record, SectionId, SectionRecord, TermId};
use crate::diag::Diagnostic;
use crate::source::{Config, Office};

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

fn configs(old: &Config, new: &Config, changed: &mut Changed) {
    let key = |key: &str| Entity::new("config", key);
    changed.compare(key("title"), Kind::Config, old.title(), new.title());
    changed.compare(key("subtitle"), Kind::Config, old.subtitle(), new.subtitle());
    let extra =
        |config: &Config| -> Vec<_> { config.extra().iter().map(|(k, v)| (k.clone(), super::plain(v))).collect() };
    changed.compare(key("extra"), Kind::Config, extra(old), extra(new));
    changed.compare(key("taxonomies"), Kind::Config, old.taxonomies(), new.taxonomies());
    changed.compare(key("paginate_by"), Kind::Config, old.paginate_by(), new.paginate_by());
    changed.compare(key("sections"), Kind::Config, old.sections(), new.sections());
    let ids = |config: &Config| -> Vec<_> { config.offices().iter().map(|office| office.id.clone()).collect() };
    changed.compare(key("offices"), Kind::Config, ids(old), ids(new));
    for id in ids(old).into_iter().chain(ids(new)) {
        let find = |config: &Config| config.offices().iter().find(|office| office.id == id).cloned();
        let accent = |config: &Config| find(config).map(|office| office.accent.clone());
        changed.compare(Entity::new("accent", &id), Kind::Office, accent(old), accent(new));
        let colourless =
            |config: &Config| find(config).map(|office| Office { accent: Arc::default(), ..(*office).clone() });
        changed.compare(Entity::new("office", &id), Kind::Office, colourless(old), colourless(new));
    }
    for series in old.series().iter().chain(new.series()) {
        let find = |config: &Config| {
            let found = config.series().iter().find(|one| one.id == series.id);
            found.map(|one| (one.name.clone(), one.description.clone()))
        };
        changed.compare(Entity::new("series", &series.id), Kind::SeriesFace, find(old), find(new));
    }
}

/// Walks two sorted lists side by side.
fn merge<'a, T>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&'a T) -> &'a str,
    mut visit: impl FnMut(Option<usize>, Option<usize>),
) {
    let (mut a, mut b) = (0, 0);
    while a < old.len() || b < new.len() {
        let order = match (old.get(a), new.get(b)) {
            (Some(x), Some(y)) => key(x).cmp(key(y)),
            (Some(_), None) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        match order {
            std::cmp::Ordering::Less => visit(Some(a), None),
            std::cmp::Ordering::Greater => visit(None, Some(b)),
            std::cmp::Ordering::Equal => visit(Some(a), Some(b)),
        }
        a += usize::from(order.is_le());
        b += usize::from(order.is_ge());
    }
}

fn records(old: &Library, new: &Library, pairing: &Pairing, changed: &mut Changed) {
    let mut all = |record: &Record| Record::KINDS.iter().for_each(|&kind| changed.add(record.entity.fact(kind)));
    let gone = (0..old.pages.len()).filter(|&at| pairing.new_of(PageId(at as u32)).is_none());
    gone.for_each(|at| all(&old.pages[at]));
    for (at, page) in new.pages.iter().enumerate() {
        match pairing.old(PageId(at as u32)).map(|id| &old.pages[id.at()]) {
            Some(before) if Arc::ptr_eq(before, page) => {}
            Some(before) => before.changes(page, changed),
            None => Record::KINDS.iter().for_each(|&kind| changed.add(page.entity.fact(kind))),
        }
    }
    merge(
        &old.sections,
        &new.sections,
        |section| &section.folder,
        |a, b| match (a, b) {
            (Some(a), Some(b)) if Arc::ptr_eq(&old.sections[a], &new.sections[b]) => {}
            (Some(a), Some(b)) => old.sections[a].changes(&new.sections[b], changed),
            (Some(at), None) => {
                SectionRecord::KINDS.iter().for_each(|&kind| changed.add(old.sections[at].entity.fact(kind)));
            }
            (None, Some(at)) => {
                SectionRecord::KINDS.iter().for_each(|&kind| changed.add(new.sections[at].entity.fact(kind)));
            }
            (None, None) => {}
        },
    );
    if !Arc::ptr_eq(&old.terms, &new.terms) {
        let terms = |library: &Library| -> BTreeMap<Entity, (Arc<str>, Arc<str>)> {
            let met = library.terms.iter().filter(|term| term.met);
            met.map(|term| (term.entity, (term.name.clone(), term.path.clone()))).collect()
        };
        compare_maps(&terms(old), &terms(new), |entity| changed.add(entity.fact(Kind::TermFace)));
    }
    if !Arc::ptr_eq(&old.assets, &new.assets) {
        merge(
            &old.assets,
            &new.assets,
            |asset| &asset.source,
            |a, b| {
                let face = |library: &Library, at: Option<usize>| {
                    at.map(|at| &library.assets[at]).map(|asset| {
                        let shown = (asset.dimensions, asset.is_unshowable(), asset.widths().collect::<Vec<_>>());
                        (asset.entity, asset.path.clone(), asset.size, shown)
                    })
                };
                let (a, b) = (face(old, a), face(new, b));
                if a != b
                    && let Some((entity, ..)) = a.or(b)
                {
                    changed.add(entity.fact(Kind::Asset));
                }
            },
        );
        merge(
            &old.assets,
            &new.assets,
            |asset| &asset.source,
            |a, b| {
                let source =
                    a.map(|at| &old.assets[at]).or_else(|| b.map(|at| &new.assets[at])).map(|asset| &asset.source);
                let hash = |library: &Library, at: Option<usize>| at.map(|at| library.assets[at].hash);
                if let Some(source) = source {
                    changed.compare(Entity::new("asset-bytes", source), Kind::Asset, hash(old, a), hash(new, b));
                }
            },
        );
    }
}

fn compare_maps<K: Ord + Copy, V: PartialEq>(old: &BTreeMap<K, V>, new: &BTreeMap<K, V>, mut differs: impl FnMut(K)) {
    for key in old.keys().chain(new.keys()).copied().collect::<BTreeSet<K>>() {
        if old.get(&key) != new.get(&key) {
            differs(key);
        }
    }
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
        own.chain(&self.targets[id.at()].faults)
            .chain(self.checked.problems_of.get(&id).into_iter().flatten())
            .cloned()
            .collect()
    }

    fn has_problems(&self, id: PageId) -> bool {
        !self.targets[id.at()].faults.is_empty()
            || self.checked.problems_of.contains_key(&id)
            || self.record(id).document.problems.iter().any(Diagnostic::is_error)
    }

    /// Addresses of sections and pages, these with their dates.
    pub(super) fn sitemap(&self) -> impl Iterator<Item = (&Arc<str>, Option<&Arc<str>>)> {
        let sections = self.library.sections.iter().zip(&self.sections).filter(|(_, node)| node.held);
        let pages = self.library.pages.iter().zip(&self.held).filter(|(_, held)| **held);
        sections
            .map(|(section, _)| (&section.path, None))
            .chain(pages.map(|(page, _)| (&page.path, page.updated.as_ref().or(page.date.as_ref()))))
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
        targets.links.iter().map(link).chain(targets.images.iter().map(image)).collect()
    }
}

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
        if self.new.is_alike(self.old) {
            return;
        }
        self.pages();
        self.sections();
        self.terms();
        self.whole();
        let (old, new) = (self.old, self.new);
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
        old.len() == new.len() && old.iter().zip(new).all(|(&old, &new)| self.same_page(Some(old), Some(new)))
    }

    /// The pages of both models that are one, and those that only one of them has.
    fn pairs(&self) -> Vec<(Option<PageId>, Option<PageId>)> {
        let ids = |count: usize| (0..count as u32).map(PageId);
        let gone = ids(self.old.library.pages.len()).filter(|&id| self.pairing.new_of(id).is_none());
        let gone = gone.map(|id| (Some(id), None));
        ids(self.new.library.pages.len()).map(|id| (self.pairing.old(id), Some(id))).chain(gone).collect()
    }

    /// Looked at only where something differs: it costs a visit to the page's record.
    fn entity(&self, (old, new): (Option<PageId>, Option<PageId>)) -> Option<Entity> {
        self.old.entity_of(old).or_else(|| self.new.entity_of(new))
    }

    fn differs(&mut self, pair: (Option<PageId>, Option<PageId>), kind: Kind) {
        if let Some(entity) = self.entity(pair) {
            self.changed.add(entity.fact(kind));
        }
    }

    /// Where pages' links lead, and what is wrong with the pages.
    fn links(&mut self) {
        let (old, new) = (self.old, self.new);
        let alike = new.is_alike(old);
        let assets_moved = !Arc::ptr_eq(&old.library.assets, &new.library.assets);
        let sections_moved = !Arc::ptr_eq(&old.library.sections, &new.library.sections);
        // Pages that links to them now name otherwise: at another address, in another office's edition.
        let moved: Vec<bool> = (0..new.library.pages.len() as u32)
            .map(PageId)
            .map(|id| {
                let Some(was) = self.pairing.old(id) else { return true };
                let (a, b) = (old.record(was), new.record(id));
                (!Arc::ptr_eq(a, b) && a.path != b.path) || (!alike && place(old, Some(was)) != place(new, Some(id)))
            })
            .collect();
        let any_moved = assets_moved || sections_moved || moved.contains(&true);
        // Links that are the very same lead to no page that has just come.
        let is_old = |at: usize| self.pairing.old(PageId(at as u32)).is_some();
        let any_old_moved =
            assets_moved || sections_moved || moved.iter().enumerate().any(|(at, moved)| *moved && is_old(at));
        let same = |a: &Targets, b: &Targets| {
            let same_link = |pair: (&Target, &Target)| match pair {
                (Target::Page(x, ax), Target::Page(y, ay)) => {
                    self.pairing.new_of(*x) == Some(*y) && ax == ay && !moved[y.at()]
                }
                (x, Target::Section(..)) => x == pair.1 && !sections_moved,
                (x, Target::Asset(_)) => x == pair.1 && !assets_moved,
                (x, y) => x == y,
            };
            a.links.len() == b.links.len()
                && a.links.iter().zip(&b.links).all(same_link)
                && a.images == b.images
                && (b.images.is_empty() || !assets_moved)
        };
        let no_problems = old.checked.problems_of.is_empty() && new.checked.problems_of.is_empty();
        let mut found = Vec::new();
        for pair in self.pairs() {
            let (Some(was), Some(id)) = pair else {
                found.extend([(pair, Kind::PageLinks), (pair, Kind::PageProblems)]);
                continue;
            };
            let (a, b) = (&old.targets[was.at()], &new.targets[id.at()]);
            let same_targets = Arc::ptr_eq(a, b);
            if (!same_targets || any_old_moved) && !same(a, b) && old.led(a) != new.led(b) {
                found.push((pair, Kind::PageLinks));
            }
            let (x, y) = (old.record(was), new.record(id));
            let same_text = Arc::ptr_eq(x, y) || Arc::ptr_eq(&x.document, &y.document);
            let same_problems = if same_targets && same_text {
                alike || no_problems || old.checked.problems_of.get(&was) == new.checked.problems_of.get(&id)
            } else {
                !(old.has_problems(was) || new.has_problems(id)) || old.problems(was) == new.problems(id)
            };
            if !same_problems {
                found.push((pair, Kind::PageProblems));
            }
        }
        for (pair, kind) in found {
            self.differs(pair, kind);
        }
        if any_moved && !old.has_same_sitemap(new) {
            self.changed.add(edition_entity().fact(Kind::Sitemap));
        }
    }

    fn pages(&mut self) {
        let (old, new) = (self.old, self.new);
        for pair in self.pairs() {
            let (a, b) = pair;
            // Nearly all are here and were; where a page that is not stands has to be looked up.
            let both_here = a.is_some_and(|id| old.held[id.at()]) && b.is_some_and(|id| new.held[id.at()]);
            if !both_here && place(old, a) != place(new, b) {
                self.differs(pair, Kind::PagePresence);
            }
            let (Some(x), Some(y)) = pair else {
                for kind in [Kind::PageNeighbours, Kind::PageRelated, Kind::PageBacklinks, Kind::PageSupersession] {
                    self.differs(pair, kind);
                }
                continue;
            };
            let (before, after) = (old.neighbours[x.at()], new.neighbours[y.at()]);
            if !(self.same_page(before.0, after.0) && self.same_page(before.1, after.1)) {
                self.differs(pair, Kind::PageNeighbours);
            }
            if !self.same_list(old.related.of(x), new.related.of(y)) {
                self.differs(pair, Kind::PageRelated);
            }
            if !self.same_list(old.backlinks.of(x), new.backlinks.of(y)) {
                self.differs(pair, Kind::PageBacklinks);
            }
            let (before, after) = (old.supersession(x), new.supersession(y));
            if !(self.same_page(before.0, after.0) && self.same_page(before.1, after.1)) {
                self.differs(pair, Kind::PageSupersession);
            }
        }
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
                let (x, y) = (a.map(|at| &*old.sections[at].pages), b.map(|at| &*new.sections[at].pages));
                self.chunks(entity, Kind::SectionPages, x.unwrap_or_default(), y.unwrap_or_default());
                let children = |model: &Model, at: Option<usize>| -> Option<Vec<Entity>> {
                    at.map(|at| section_entities(model, &model.sections[at].children))
                };
                self.changed.compare(entity, Kind::SectionChildren, children(old, a), children(new, b));
                let topics =
                    |model: &Model, at: Option<usize>| at.map(|at| term_entities(model, &model.sections[at].topics));
                self.changed.compare(entity, Kind::SectionTopics, topics(old, a), topics(new, b));
                let led = |model: &Model, at: Option<usize>| at.map(|at| model.led(&model.section_targets[at]));
                self.changed.compare(entity, Kind::PageLinks, led(old, a), led(new, b));
            },
        );
    }

    fn terms(&mut self) {
        let (old, new) = (self.old, self.new);
        fn lists(model: &Model) -> BTreeMap<Entity, &[PageId]> {
            let nodes = model.terms.iter().zip(model.library.terms.iter()).filter(|(node, _)| !node.pages.is_empty());
            nodes.map(|(node, term)| (term.entity, &*node.pages)).collect()
        }
        let (a, b) = (lists(old), lists(new));
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
        self.named(&old.series, &new.series, "series", Kind::SeriesPages);
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
        let plan = |model: &Model| {
            let plan = model.home.plan.as_ref();
            plan.map(|(series, pages)| (model.library.month.clone(), series.clone(), model.entities(pages)))
        };
        self.changed.compare(whole, Kind::HomePlan, plan(old), plan(new));
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
        if !old.has_same_sitemap(new) {
            self.changed.add(whole.fact(Kind::Sitemap));
        }
        self.changed.compare(whole, Kind::Updated, &old.updated, &new.updated);
        if !self.same_page(old.home.door, new.home.door) {
            self.changed.add(new.office().door_entity().fact(Kind::Door));
        }
    }

    fn named(&mut self, old: &Lists, new: &Lists, sort: &str, kind: Kind) {
        for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
            let same = match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) => self.same_list(old, new),
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
type Lists = BTreeMap<Arc<str>, Vec<PageId>>;

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
