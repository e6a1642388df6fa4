//! What changed of what is the same in all editions: the configuration, the pages, sections, terms and files by
//! themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::pairs;
use crate::model::fact::{Changed, Entity, Kind};
use crate::model::library::{Library, Pairing};
use crate::model::record::{PageId, Record, SectionRecord};
use crate::source::{Config, Office};

pub(super) fn configs(old: &Config, new: &Config, changed: &mut Changed) {
    let key = |key: &str| Entity::new("config", key);
    changed.compare(key("title"), Kind::Config, old.title(), new.title());
    changed.compare(key("subtitle"), Kind::Config, old.subtitle(), new.subtitle());
    let extra = |config: &Config| -> Vec<_> {
        config.extra().iter().map(|(k, v)| (k.clone(), crate::model::plain(v))).collect()
    };
    changed.compare(key("extra"), Kind::Config, extra(old), extra(new));
    changed.compare(key("taxonomies"), Kind::Config, old.taxonomies(), new.taxonomies());
    changed.compare(key("kinds"), Kind::Config, old.kinds(), new.kinds());
    let map = |config: &Config| (config.map().clone(), crate::model::library::map_taxonomy(config));
    changed.compare(key("map"), Kind::Config, map(old), map(new));
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
}

/// Walks two sorted lists side by side.
pub(super) fn merge<'a, T>(
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

pub(super) fn records(old: &Library, new: &Library, pairing: &Pairing, changed: &mut Changed) {
    for (was, id) in pairs(old, new, pairing, |turn| turn.all().collect()) {
        match (was.map(|id| &old.pages[id.at()]), id.map(|id| &new.pages[id.at()])) {
            (Some(before), Some(page)) if Arc::ptr_eq(before, page) => {}
            (Some(before), Some(page)) => before.changes(page, changed),
            (before, page) => {
                for record in before.into_iter().chain(page) {
                    Record::KINDS.iter().for_each(|&kind| changed.add(record.entity.fact(kind)));
                }
            }
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
    audiences(old, new, pairing, changed);
}

/// Whether what was read of a file may be shown to everybody is another question where the page beside it is another one, or
/// is for others.
fn audiences(old: &Library, new: &Library, pairing: &Pairing, changed: &mut Changed) {
    let of_page = |library: &Library, id: PageId| library.pages.get(id.at()).map(|page| page.audience);
    let same = pairing.turn().is_some_and(|turn| turn.all().all(|id| of_page(old, id) == of_page(new, id)))
        && Arc::ptr_eq(&old.assets, &new.assets)
        && old.owners == new.owners;
    if same {
        return;
    }
    let of_file = |library: &Library, at: usize| library.owners[at].and_then(|owner| of_page(library, owner));
    merge(
        &old.assets,
        &new.assets,
        |asset| &asset.source,
        |a, b| {
            if let (Some(a), Some(b)) = (a, b)
                && of_file(old, a) != of_file(new, b)
            {
                let asset = &new.assets[b];
                changed.add(asset.entity.fact(Kind::Asset));
                changed.add(Entity::new("asset-bytes", &asset.source).fact(Kind::Asset));
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
