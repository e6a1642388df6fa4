//! Planning again: after an edit nearly every page stands where it stood. What was planned of such pages is taken over
//! in the order in which it stood, and the rest is merged in; only what is new can clash with anything.

use std::collections::HashSet;
use std::sync::Arc;

use super::job::{Job, What};
use crate::model::{Model, PageId, Recorder};
use crate::source::folded;

/// The plan before, if no two of its jobs clashed.
#[derive(Clone, Copy)]
pub(super) struct Before<'a> {
    /// Sorted by path.
    pub jobs: &'a [Job],
    pub models: &'a [Arc<Model>],
    /// Whether the addresses of all pages are as they are after folding.
    pub is_tame: bool,
}

/// What is taken over.
#[derive(Default)]
pub(super) struct Kept {
    /// Sorted by path.
    jobs: Vec<Job>,
    /// By edition and page: whether all of it is there.
    pages: Vec<Option<Vec<bool>>>,
}

impl Kept {
    /// Everything that `before` made of pages that are as they were.
    pub fn new(before: Option<Before<'_>>, models: &[Arc<Model>]) -> Self {
        let Some(before) = before.filter(|before| before.is_tame) else { return Self::default() };
        let nobody = Recorder::default();
        let pairs: Vec<_> = models
            .iter()
            .enumerate()
            .map(|(at, new)| {
                let old = before.models.get(at)?;
                let same = old.read(&nobody).office().1.id == new.read(&nobody).office().1.id;
                same.then(|| (old, new, new.pairing(old)))
            })
            .collect();
        let mut pages: Vec<Option<Vec<bool>>> =
            pairs.iter().map(|pair| pair.as_ref().map(|(_, new, _)| vec![false; new.all_pages()])).collect();
        let mut jobs = Vec::with_capacity(before.jobs.len());
        for job in before.jobs {
            let (id, what): (PageId, fn(PageId) -> What) = match &job.what {
                What::Page(id) => (*id, What::Page),
                What::Redirect(id) => (*id, What::Redirect),
                _ => continue,
            };
            let Some(at) = job.edition() else { continue };
            let (Some(Some((old, new, pairing))), Some(Some(pages))) = (pairs.get(at), pages.get_mut(at)) else {
                continue;
            };
            if let Some(now) = new.same_page(old, id, pairing) {
                pages[now.number() as usize] = true;
                jobs.push(job.again(what(now)));
            }
        }
        Self { jobs, pages }
    }

    /// Whether nothing is taken over.
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Whether what is made of a page is there already.
    pub fn has(&self, edition: usize, id: PageId) -> bool {
        self.pages.get(edition).and_then(Option::as_ref).is_some_and(|pages| pages[id.number() as usize])
    }

    /// All jobs sorted by path: these and `others`, which are sorted too; and whether it is certain that no two clash.
    pub fn merge(self, others: Vec<Job>) -> (Vec<Job>, bool) {
        let is_first_time = self.jobs.is_empty();
        let mut jobs = Vec::with_capacity(self.jobs.len() + others.len());
        let mut kept = self.jobs.into_iter();
        let mut is_clear = !is_first_time;
        let mut wild = HashSet::new();
        for other in others {
            let rest = kept.as_slice();
            let before = gallop(rest, |one| one.order(&other).is_lt());
            is_clear &= rest.get(before).is_none_or(|one| one.path() != other.path());
            jobs.extend(kept.by_ref().take(before));
            is_clear &= jobs.last().is_none_or(|one: &Job| one.path() != other.path());
            if !other.is_folded() {
                let folded = folded(other.path());
                // Equal paths are neighbours and have been seen; of the others, what it is after folding.
                let is_other = folded != **other.path();
                is_clear &= wild.insert((folded, is_other));
            }
            jobs.push(other);
        }
        jobs.extend(kept);
        // What is not folded may clash with what is.
        let stands = |path: &str| jobs.binary_search_by(|job| (**job.path()).cmp(path)).is_ok();
        is_clear = is_clear && !wild.iter().any(|(path, is_other)| *is_other && stands(path));
        (jobs, is_clear)
    }
}

/// How many of the first elements are before something: they are few, or many alike follow each other.
fn gallop<T>(list: &[T], is_before: impl Fn(&T) -> bool) -> usize {
    let mut reach = 1;
    while list.get(reach - 1).is_some_and(&is_before) {
        reach *= 2;
    }
    let from = reach / 2;
    let to = list.len().min(reach);
    from.min(to) + list[from.min(to)..to].partition_point(is_before)
}

#[cfg(test)]
mod tests {
    use super::gallop;

    #[test]
    fn galloping_finds_what_counting_finds() {
        for length in 0..40 {
            let list: Vec<usize> = (0..length).collect();
            for bound in 0..=length + 1 {
                assert_eq!(gallop(&list, |&one| one < bound), bound.min(length), "{length} {bound}");
            }
        }
    }
}
