//! Planning again: after an edit nearly every output stands where it stood. What was planned of lists and pages that are
//! other ones is taken out, and what is planned of them now is put in. Whatever else is another (files, sections, the
//! theme), or where two clash, everything is planned anew: the result is the same.

use std::collections::HashMap;
use std::sync::Arc;

use super::job::{Job, MAP, Planned, What, list_path};
use crate::chunk::Sorted;
use crate::model::{List, Model, Recorder};

/// A path below an edition's folder, and what stands there.
type Spot = (Arc<str>, What);

/// The plan of `new`, made of the one of `old`, whose theme and settings are the same; `None` where that cannot be.
pub(super) fn plan(before: &Planned, old: &[Arc<Model>], new: &[Arc<Model>]) -> Option<Planned> {
    if !before.is_whole || old.len() != new.len() {
        return None;
    }
    let nobody = Recorder::default();
    let mut change = Change { jobs: before.jobs.clone(), out: HashMap::new(), come: Vec::new() };
    for (at, (old, new)) in old.iter().zip(new).enumerate() {
        let office = new.read(&nobody).office().1.id.clone();
        if old.read(&nobody).office().1.id != office {
            return None;
        }
        let edition = Edition { at, office };
        for id in new.turned_pages(old)? {
            change.differ(&edition, of_page(old, id), of_page(new, id));
        }
        let months = |model: &Model| -> Vec<Spot> {
            let months = model.read(&nobody).months().into_iter();
            months.map(|(month, _)| (format!("archive/{month}.html").into(), What::Month(month))).collect()
        };
        change.differ(&edition, months(old), months(new));
        for list in new.turned_lists(old) {
            change.differ(&edition, of_list(old, list), of_list(new, list));
        }
        change.differ(&edition, of_series(old), of_series(new));
        let taxonomies = |model: &Model| -> Vec<Spot> {
            let read = model.read(&nobody);
            let used = read.taxonomies().iter().enumerate().filter(|(at, _)| read.has_terms(*at));
            used.map(|(at, conf)| (format!("{}/index.html", conf.id).into(), What::Taxonomy(at))).collect()
        };
        change.differ(&edition, taxonomies(old), taxonomies(new));
        let map = |model: &Model| -> Vec<Spot> {
            model.read(&nobody).has_map().then(|| (MAP.into(), What::Map)).into_iter().collect()
        };
        change.differ(&edition, map(old), map(new));
    }
    change.finish(before)
}

/// What is planned of a page.
pub(super) fn of_page(model: &Model, id: crate::model::PageId) -> Vec<Spot> {
    if !model.holds(id) {
        return Vec::new();
    }
    let aliases = model.aliases_of(id).map(|alias| (alias.clone(), What::Redirect(id)));
    std::iter::once((model.path_of(id).clone(), What::Page(id))).chain(aliases).collect()
}

/// What is planned of series: the list of them, and of each its page and its sheet.
pub(super) fn of_series(model: &Model) -> Vec<Spot> {
    let nobody = Recorder::default();
    let read = model.read(&nobody);
    let list = read.has_series().then(|| ("series/index.html".into(), What::SeriesList));
    let each = read.series_list().filter_map(|id| Some((id, read.series(id)?))).flat_map(|(id, series)| {
        let page = (series.path().into(), What::Series(id.clone()));
        [page, (series.sheet_path().into(), What::Sheet(id.clone()))]
    });
    list.into_iter().chain(each).collect()
}

/// What is planned of a list.
pub(super) fn of_list(model: &Model, list: List) -> Vec<Spot> {
    let (out, pages) = model.extent(list);
    (0..pages).map(|n| (list_path(out, n).into(), What::List(list, n))).collect()
}

struct Edition {
    at: usize,
    office: Arc<str>,
}

/// A plan on its way to the next.
struct Change {
    jobs: Sorted<Job>,
    /// What was taken out: paths and numbers.
    out: HashMap<Arc<str>, u32>,
    come: Vec<Job>,
}

impl Change {
    fn differ(&mut self, edition: &Edition, old: Vec<Spot>, new: Vec<Spot>) {
        let lacks = |list: &[Spot], path: &str| !list.iter().any(|(one, _)| **one == *path);
        for (local, _) in &old {
            if lacks(&new, local) {
                let path = format!("{}/{local}", edition.office);
                let taken = self.jobs.take(|job| **job.path() < *path, |job| **job.path() == *path);
                self.out.extend(taken.into_iter().map(|job| (job.path().clone(), job.number())));
            }
        }
        for (local, what) in new {
            if lacks(&old, &local) {
                self.come.push(Job::new(Some((edition.at, edition.office.clone())), local, what));
            }
        }
    }

    /// Puts in what has come, unless it clashes with something.
    fn finish(mut self, before: &Planned) -> Option<Planned> {
        let (mut numbers, mut empty) = (before.numbers, before.empty.clone());
        for job in self.come {
            let path = job.path().clone();
            let is_free = self.jobs.find(|one| one.path().cmp(&path)).is_none();
            if !is_free || !job.is_folded() || before.wild.contains(&*path) {
                return None;
            }
            // What stands at a path where something else stood has its number: it is the same output.
            let number = self.out.remove(&path).or_else(|| empty.pop()).unwrap_or_else(|| {
                numbers += 1;
                numbers - 1
            });
            self.jobs.put(job.numbered(number), |one| *one.path() < path);
        }
        let mut gone: Vec<u32> = self.out.into_values().collect();
        gone.sort_unstable();
        empty.extend(&gone);
        Some(Planned {
            jobs: self.jobs,
            is_whole: true,
            wild: before.wild.clone(),
            numbers,
            empty,
            token: Arc::default(),
            lineage: Some((before.token.clone(), gone)),
        })
    }
}
