//! Handing pages out to the lists in which they stand: sections, terms, months. What is new leaves its lists and
//! enters them again, each at its place; lists that it stands in neither before nor now are those of before.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Maker;
use super::order::in_section;
use crate::content::SortBy;
use crate::model::library::{Library, merged};
use crate::model::record::{PageId, Record, SectionId, TermId};

/// How many topics a section names.
const TOPICS: usize = 12;

/// The pages of a section, and what is counted of them.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Listed {
    pub pages: Vec<PageId>,
    /// Year, newest first, and how many pages.
    pub years: Vec<(Arc<str>, usize)>,
    /// Terms of the first taxonomy met in it, most used first.
    pub topics: Vec<TermId>,
    /// How many pages have each term.
    counts: BTreeMap<TermId, u32>,
}

impl Listed {
    /// Newer and older than a page that stands in it, which is the list of that section.
    pub fn neighbours(&self, library: &Library, section: SectionId, id: PageId) -> (Option<PageId>, Option<PageId>) {
        let sort_by = library.sections[section.at()].sort_by;
        let Ok(at) = self.pages.binary_search_by(|&one| in_section(library, sort_by, one, id)) else {
            return (None, None);
        };
        let before = at.checked_sub(1).map(|at| self.pages[at]);
        let after = self.pages.get(at + 1).copied();
        // By date the list runs from new to old; by weight or title, from first to last.
        if sort_by == SortBy::Date { (before, after) } else { (after, before) }
    }

    /// Counts a page that has come, or one that has gone.
    fn count(&mut self, record: &Record, has_come: bool) {
        if let Some(date) = &record.date {
            let year = &date[..4];
            let place = self.years.binary_search_by(|(one, _)| year.cmp(one));
            match (place, has_come) {
                (Ok(at), true) => self.years[at].1 += 1,
                (Err(at), true) => self.years.insert(at, (year.into(), 1)),
                (Ok(at), false) if self.years[at].1 > 1 => self.years[at].1 -= 1,
                (Ok(at), false) => _ = self.years.remove(at),
                (Err(_), false) => {}
            }
        }
        for &term in &record.terms {
            let count = self.counts.entry(term).or_default();
            *count = if has_come { *count + 1 } else { count.saturating_sub(1) };
            if *count == 0 {
                self.counts.remove(&term);
            }
        }
    }

    /// Chooses the topics, by what was counted.
    fn choose(&mut self, library: &Library) {
        let taxonomy = |term: &TermId| library.terms[term.at()].taxonomy;
        let first = self.counts.keys().map(taxonomy).min();
        let mut used: Vec<(u32, TermId)> = self
            .counts
            .iter()
            .filter(|(term, _)| Some(taxonomy(term)) == first)
            .map(|(&term, &count)| (count, term))
            .collect();
        used.sort_by_key(|&(count, term)| (std::cmp::Reverse(count), library.terms.rank(term)));
        self.topics = used.into_iter().take(TOPICS).map(|(_, term)| term).collect();
    }
}

/// What leaves one list, and what enters it.
#[derive(Clone, Default)]
struct Change {
    out: Vec<PageId>,
    come: Vec<PageId>,
}

impl Change {
    /// The list after it.
    fn of(mut self, list: &[PageId], order: impl Fn(PageId, PageId) -> std::cmp::Ordering) -> Vec<PageId> {
        self.out.sort_unstable();
        let stay: Vec<PageId> = list.iter().copied().filter(|id| self.out.binary_search(id).is_err()).collect();
        self.come.sort_by(|&a, &b| order(a, b));
        merged(&stay, &self.come, order)
    }
}

fn month_of(record: &Record) -> Option<&str> {
    record.date.as_deref().map(|date| &date[..7])
}

impl Maker<'_> {
    /// Puts the pages into their lists. Gives by term whether something is another among its pages: which they are, or
    /// their days or kinds.
    pub(super) fn distribute(&mut self) -> Vec<bool> {
        let mut sections = vec![Change::default(); self.r.sections.len()];
        let mut terms = vec![Change::default(); self.r.terms.len()];
        let mut months: BTreeMap<Arc<str>, Change> = BTreeMap::new();
        let mut touched = vec![false; terms.len()];
        for &id in &self.pages {
            let (was, is) = (self.was(id), self.is(id));
            let same_day = was.zip(is).is_some_and(|(was, is)| was.day == is.day);
            let same_kind = was.zip(is).is_some_and(|(was, is)| was.kind == is.kind);
            if let Some(was) = was {
                sections[was.section.at()].out.push(id);
                if let Some(month) = month_of(was).filter(|_| !same_day) {
                    months.entry(month.into()).or_default().out.push(id);
                }
                for &term in &was.terms {
                    let stays = same_day && is.is_some_and(|is| is.terms.contains(&term));
                    if !stays {
                        terms[term.at()].out.push(id);
                    }
                    if !(stays && same_kind) {
                        touched[term.at()] = true;
                    }
                }
            }
            if let Some(is) = is {
                sections[is.section.at()].come.push(id);
                if let Some(month) = month_of(is).filter(|_| !same_day) {
                    months.entry(month.into()).or_default().come.push(id);
                }
                for &term in &is.terms {
                    if !(same_day && was.is_some_and(|was| was.terms.contains(&term))) {
                        terms[term.at()].come.push(id);
                        touched[term.at()] = true;
                    }
                }
            }
        }
        let library = self.library;
        let by_date = |a, b| in_section(library, SortBy::Date, a, b);
        for (at, change) in sections.into_iter().enumerate() {
            if change.out.is_empty() && change.come.is_empty() {
                continue;
            }
            let mut listed = Listed::clone(&self.r.sections[at].listed);
            change.out.iter().filter_map(|&id| self.was(id)).for_each(|record| listed.count(record, false));
            change.come.iter().filter_map(|&id| self.is(id)).for_each(|record| listed.count(record, true));
            let sort_by = library.sections[at].sort_by;
            listed.pages = change.of(&listed.pages, |a, b| in_section(library, sort_by, a, b));
            listed.choose(library);
            self.r.sections[at].listed = Arc::new(listed);
        }
        for (node, change) in self.r.terms.iter_mut().zip(terms) {
            if !(change.out.is_empty() && change.come.is_empty()) {
                node.pages = Arc::new(change.of(&node.pages, by_date));
            }
        }
        named(&mut self.r.months, months, by_date);
        touched
    }
}

/// Changes lists that have names; one without pages is none.
fn named(
    lists: &mut BTreeMap<Arc<str>, Arc<Vec<PageId>>>,
    changes: BTreeMap<Arc<str>, Change>,
    order: impl Fn(PageId, PageId) -> std::cmp::Ordering,
) {
    for (name, change) in changes {
        let list = change.of(lists.get(&name).map_or(&[], |list| list.as_slice()), &order);
        if list.is_empty() {
            lists.remove(&name);
        } else {
            lists.insert(name, Arc::new(list));
        }
    }
}
