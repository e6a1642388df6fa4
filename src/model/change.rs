//! What changed between two models: the facts whose values differ. Records that are the same `Arc` are skipped at once,
//! others compared side by side; lists are compared in stretches; what exists on one side only has changed whole, so
//! absence is a fact too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::edition::{Model, Stand};
use super::edition_entity;
use super::fact::{Changed, Entity, Kind};
use super::library::Library;
use super::place::{Target, Targets};
use super::read::CHUNK;
use super::record::{PageId, Record, SectionRecord};
use crate::diag::Diagnostic;
use crate::source::Config;

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
        configs(&old.0.config, &new.0.config, &mut shared);
        records(old.0, new.0, &mut shared);
        let mut changes = Self::default();
        for model in new.1 {
            if let Some(before) = old.1.iter().find(|one| one.office().id == model.office().id) {
                let mut changed = shared.clone();
                editions(before, model, &mut changed);
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
        changed.compare(Entity::new("office", &id), Kind::Office, find(old), find(new));
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

fn records(old: &Library, new: &Library, changed: &mut Changed) {
    merge(
        &old.pages,
        &new.pages,
        |page| &page.document.path,
        |a, b| match (a, b) {
            (Some(a), Some(b)) if Arc::ptr_eq(&old.pages[a], &new.pages[b]) => {}
            (Some(a), Some(b)) => old.pages[a].changes(&new.pages[b], changed),
            (Some(at), None) => Record::KINDS.iter().for_each(|&kind| changed.add(old.pages[at].entity.fact(kind))),
            (None, Some(at)) => Record::KINDS.iter().for_each(|&kind| changed.add(new.pages[at].entity.fact(kind))),
            (None, None) => {}
        },
    );
    merge(
        &old.sections,
        &new.sections,
        |section| &section.folder,
        |a, b| match (a, b) {
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
    let terms = |library: &Library| -> BTreeMap<Entity, (Arc<str>, Arc<str>)> {
        library.terms.iter().map(|term| (term.entity, (term.name.clone(), term.path.clone()))).collect()
    };
    compare_maps(&terms(old), &terms(new), |entity| changed.add(entity.fact(Kind::TermFace)));
    merge(
        &old.assets,
        &new.assets,
        |asset| &asset.source,
        |a, b| {
            let face = |library: &Library, at: Option<usize>| {
                at.map(|at| &library.assets[at])
                    .map(|asset| (asset.entity, asset.path.clone(), asset.size, asset.dimensions))
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
            let source = a.map(|at| &old.assets[at]).or_else(|| b.map(|at| &new.assets[at])).map(|asset| &asset.source);
            let hash = |library: &Library, at: Option<usize>| at.map(|at| library.assets[at].hash);
            if let Some(source) = source {
                changed.compare(Entity::new("asset-bytes", source), Kind::Asset, hash(old, a), hash(new, b));
            }
        },
    );
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
            found.sort_by_key(|id| (std::cmp::Reverse(self.terms[id.at()].pages.len()), *id));
        } else {
            found.sort_by_key(|id| order.iter().position(|name| *name == self.library.terms[id.at()].name));
        }
        found
    }

    pub(super) fn has_terms(&self, taxonomy: usize) -> bool {
        self.used[taxonomy]
    }

    pub(super) fn supersession(&self, id: PageId) -> (Option<PageId>, Option<PageId>) {
        let old = self.record(id).supersedes.filter(|old| self.held[old.at()]);
        (old, self.superseded_by.get(&id).copied())
    }

    pub(super) fn problems(&self, id: PageId) -> Vec<Diagnostic> {
        let own = self.record(id).document.problems.iter().filter(|problem| problem.is_error());
        own.chain(&self.targets[id.at()].faults)
            .chain(self.problems_of.get(&id).into_iter().flatten())
            .cloned()
            .collect()
    }

    pub(super) fn sitemap(&self) -> Vec<(Arc<str>, Option<Arc<str>>)> {
        let sections = self.library.sections.iter().zip(&self.sections).filter(|(_, node)| node.held);
        let pages = self.library.pages.iter().zip(&self.held).filter(|(_, held)| **held);
        sections
            .map(|(section, _)| (section.path.clone(), None))
            .chain(pages.map(|(page, _)| (page.path.clone(), page.updated.clone().or_else(|| page.date.clone()))))
            .collect()
    }

    /// Where links lead, as what is printed depends on it.
    fn led(&self, targets: &Targets) -> Vec<Led> {
        let link = |target: &Target| match target {
            Target::Page(id, anchor) => {
                let office = match self.stand(*id) {
                    Stand::Here => None,
                    Stand::Office(at) => Some(self.library.config.offices()[at].id.clone()),
                    Stand::Nowhere => return (5, None, None, None),
                };
                (0, Some(self.record(*id).path.clone()), anchor.clone(), office)
            }
            Target::Section(id, anchor) => (1, Some(self.library.sections[id.at()].path.clone()), anchor.clone(), None),
            Target::Asset(id) => (2, Some(self.library.assets[id.at()].url.clone()), None, None),
            Target::Here(anchor) => (3, None, Some(anchor.clone()), None),
            Target::Broken => (4, None, None, None),
        };
        let image = |id: &Option<super::AssetId>| {
            let asset = id.map(|id| &self.library.assets[id.at()]);
            let size = asset.and_then(|asset| asset.dimensions).map(|(w, h)| format!("{w}x{h}").into());
            (6, asset.map(|asset| asset.url.clone()), size, None)
        };
        targets.links.iter().map(link).chain(targets.images.iter().map(image)).collect()
    }
}

fn editions(old: &Model, new: &Model, changed: &mut Changed) {
    pages(old, new, changed);
    sections(old, new, changed);
    merge(
        &old.library.assets,
        &new.library.assets,
        |asset| &asset.source,
        |a, b| {
            let needed = |model: &Model, at: Option<usize>| at.is_some_and(|at| model.assets[at]);
            let asset = a.map(|at| &old.library.assets[at]).or_else(|| b.map(|at| &new.library.assets[at]));
            if let Some(asset) = asset {
                changed.compare(asset.entity, Kind::Asset, needed(old, a), needed(new, b));
            }
        },
    );
    let whole = edition_entity();
    let lists = |model: &Model| -> BTreeMap<Entity, Vec<Entity>> {
        let nodes = model.terms.iter().zip(&model.library.terms).filter(|(node, _)| !node.pages.is_empty());
        nodes.map(|(node, term)| (term.entity, model.entities(&node.pages))).collect()
    };
    let (a, b) = (lists(old), lists(new));
    for entity in a.keys().chain(b.keys()).copied().collect::<BTreeSet<Entity>>() {
        let empty = Vec::new();
        let (a, b) = (a.get(&entity).unwrap_or(&empty), b.get(&entity).unwrap_or(&empty));
        chunks(entity, Kind::TermPages, a, b, changed);
        changed.compare(entity, Kind::TermCount, a.len(), b.len());
    }
    let names = |model: &Model| -> BTreeSet<Arc<str>> {
        model.library.config.taxonomies().iter().map(|taxonomy| taxonomy.id.clone()).collect()
    };
    for id in names(old).union(&names(new)) {
        let terms = |model: &Model| -> Vec<Entity> {
            let at = model.library.config.taxonomies().iter().position(|taxonomy| taxonomy.id == *id);
            at.map(|at| model.terms_of(at).iter().map(|id| model.library.terms[id.at()].entity).collect())
                .unwrap_or_default()
        };
        changed.compare(Entity::new("taxonomy", id), Kind::TaxonomyTerms, terms(old), terms(new));
        let any = |model: &Model| !terms(model).is_empty();
        changed.compare(Entity::new("taxonomy", id), Kind::TaxonomyPresence, any(old), any(new));
    }
    let sections_of = |model: &Model, ids: &[super::SectionId]| -> Vec<Entity> {
        ids.iter().map(|id| model.library.sections[id.at()].entity).collect()
    };
    let terms_of = |model: &Model, ids: &[super::TermId]| -> Vec<Entity> {
        ids.iter().map(|id| model.library.terms[id.at()].entity).collect()
    };
    let nav = |model: &Model| (sections_of(model, &model.nav), model.library.config.sections().to_vec());
    changed.compare(whole, Kind::Nav, nav(old), nav(new));
    let counts =
        |model: &Model| -> Vec<_> { model.months.iter().map(|(month, pages)| (month.clone(), pages.len())).collect() };
    changed.compare(whole, Kind::Months, counts(old), counts(new));
    for month in old.months.keys().chain(new.months.keys()) {
        let pages = |model: &Model| model.months.get(month).map(|pages| model.entities(pages));
        changed.compare(Entity::new("month", month), Kind::MonthPages, pages(old), pages(new));
    }
    for series in old.series.keys().chain(new.series.keys()) {
        let pages = |model: &Model| model.series.get(series).map(|pages| model.entities(pages));
        changed.compare(Entity::new("series", series), Kind::SeriesPages, pages(old), pages(new));
    }
    changed.compare(whole, Kind::HomeLead, old.entity_of(old.home.lead), new.entity_of(new.home.lead));
    let columns = |model: &Model| -> Vec<_> {
        let columns = model.home.columns.iter();
        columns.map(|(id, pages)| (model.library.sections[id.at()].entity, model.entities(pages))).collect()
    };
    changed.compare(whole, Kind::HomeColumn, columns(old), columns(new));
    changed.compare(whole, Kind::HomeNotices, old.entities(&old.home.notices), new.entities(&new.home.notices));
    let plan = |model: &Model| {
        let plan = model.home.plan.as_ref();
        plan.map(|(series, pages)| (model.library.month.clone(), series.clone(), model.entities(pages)))
    };
    changed.compare(whole, Kind::HomePlan, plan(old), plan(new));
    let elsewhere = |model: &Model| -> Vec<_> {
        let offices = model.library.config.offices();
        model.home.elsewhere.iter().map(|&(id, at)| (model.record(id).entity, offices[at].id.clone())).collect()
    };
    changed.compare(whole, Kind::HomeElsewhere, elsewhere(old), elsewhere(new));
    changed.compare(whole, Kind::HomeTopics, terms_of(old, &old.home.topics), terms_of(new, &new.home.topics));
    changed.compare(whole, Kind::Feed, old.entities(&old.feed), new.entities(&new.feed));
    changed.compare(whole, Kind::Sitemap, old.sitemap(), new.sitemap());
    changed.compare(whole, Kind::Updated, &old.updated, &new.updated);
    let door = |model: &Model| model.entity_of(model.home.door);
    changed.compare(new.office().door_entity(), Kind::Door, door(old), door(new));
}

/// Two long lists, stretch by stretch.
fn chunks(entity: Entity, kind: Kind, old: &[Entity], new: &[Entity], changed: &mut Changed) {
    for n in 0..old.len().max(new.len()).div_ceil(CHUNK).max(1) {
        let part = |list: &'_ [Entity]| -> Vec<Entity> { list.iter().skip(n * CHUNK).take(CHUNK).copied().collect() };
        changed.compare(entity.chunk(n), kind, part(old), part(new));
    }
}

fn pages(old: &Model, new: &Model, changed: &mut Changed) {
    let (before, after) = (&old.library.pages, &new.library.pages);
    merge(
        before,
        after,
        |page| &page.document.path,
        |a, b| {
            let (a, b) = (a.map(|at| PageId(at as u32)), b.map(|at| PageId(at as u32)));
            let Some(entity) = old.entity_of(a).or_else(|| new.entity_of(b)) else { return };
            let stand = |model: &Model, id: Option<PageId>| {
                id.map(|id| match model.stand(id) {
                    Stand::Office(at) => (1, Some(model.library.config.offices()[at].id.clone())),
                    Stand::Here => (0, None),
                    Stand::Nowhere => (2, None),
                })
            };
            changed.compare(entity, Kind::PagePresence, stand(old, a), stand(new, b));
            let near = |model: &Model, id: Option<PageId>| {
                id.map(|id| model.neighbours[id.at()]).map(|(x, y)| (model.entity_of(x), model.entity_of(y)))
            };
            changed.compare(entity, Kind::PageNeighbours, near(old, a), near(new, b));
            let related = |model: &Model, id: Option<PageId>| id.map(|id| model.entities(&model.related[id.at()]));
            changed.compare(entity, Kind::PageRelated, related(old, a), related(new, b));
            let back = |model: &Model, id: Option<PageId>| id.map(|id| model.entities(&model.backlinks[id.at()]));
            changed.compare(entity, Kind::PageBacklinks, back(old, a), back(new, b));
            let chain = |model: &Model, id: Option<PageId>| {
                id.map(|id| model.supersession(id)).map(|(x, y)| (model.entity_of(x), model.entity_of(y)))
            };
            changed.compare(entity, Kind::PageSupersession, chain(old, a), chain(new, b));
            let led = |model: &Model, id: Option<PageId>| id.map(|id| model.led(&model.targets[id.at()]));
            changed.compare(entity, Kind::PageLinks, led(old, a), led(new, b));
            let problems = |model: &Model, id: Option<PageId>| id.map(|id| model.problems(id));
            changed.compare(entity, Kind::PageProblems, problems(old, a), problems(new, b));
        },
    );
}

fn sections(old: &Model, new: &Model, changed: &mut Changed) {
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
            changed.compare(entity, Kind::SectionPresence, x.as_ref().map(|n| n.0), y.as_ref().map(|n| n.0));
            changed.compare(entity, Kind::SectionCount, x.map(|n| (n.1, n.2, n.3)), y.map(|n| (n.1, n.2, n.3)));
            let list = |model: &Model, at: Option<usize>| {
                at.map(|at| model.entities(&model.sections[at].pages)).unwrap_or_default()
            };
            chunks(entity, Kind::SectionPages, &list(old, a), &list(new, b), changed);
            let children = |model: &Model, at: Option<usize>| -> Option<Vec<Entity>> {
                at.map(|at| {
                    model.sections[at].children.iter().map(|id| model.library.sections[id.at()].entity).collect()
                })
            };
            changed.compare(entity, Kind::SectionChildren, children(old, a), children(new, b));
            let topics = |model: &Model, at: Option<usize>| -> Option<Vec<Entity>> {
                at.map(|at| model.sections[at].topics.iter().map(|id| model.library.terms[id.at()].entity).collect())
            };
            changed.compare(entity, Kind::SectionTopics, topics(old, a), topics(new, b));
            let led = |model: &Model, at: Option<usize>| at.map(|at| model.led(&model.section_targets[at]));
            changed.compare(entity, Kind::PageLinks, led(old, a), led(new, b));
        },
    );
}
