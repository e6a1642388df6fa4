//! An order of all pages. A page keeps its number from build to build, so numbers say nothing about which comes first;
//! where that counts, it is asked here.

use std::cmp::Ordering;

use crate::model::record::PageId;

/// The place of a number that no page has.
const NONE: u32 = u32::MAX;

/// An order of pages.
#[derive(Debug, Default)]
pub(in super::super) struct Order {
    ids: Vec<PageId>,
    /// By number.
    places: Vec<u32>,
}

impl Order {
    /// The pages in this order.
    pub fn new(ids: Vec<PageId>) -> Self {
        let numbers = ids.iter().map(|id| id.at() + 1).max().unwrap_or(0);
        let mut places = vec![NONE; numbers];
        for (at, id) in ids.iter().enumerate() {
            places[id.at()] = at as u32;
        }
        Self { ids, places }
    }

    /// The same order without those that go `out`, and with those that come `in`, by `order`.
    pub fn with(
        &self,
        out: impl IntoIterator<Item = PageId>,
        mut come: Vec<PageId>,
        order: impl Fn(PageId, PageId) -> Ordering,
    ) -> Self {
        let mut out: Vec<usize> =
            out.into_iter().filter(|&id| self.has(id)).map(|id| self.place(id) as usize).collect();
        out.sort_unstable();
        out.dedup();
        let mut stay = Vec::with_capacity(self.ids.len());
        let mut from = 0;
        for at in out {
            stay.extend_from_slice(&self.ids[from..at]);
            from = at + 1;
        }
        stay.extend_from_slice(&self.ids[from..]);
        come.sort_unstable_by(|&a, &b| order(a, b));
        Self::new(merged(&stay, &come, order))
    }

    /// Whether a page has this number.
    pub fn has(&self, id: PageId) -> bool {
        self.places.get(id.at()).is_some_and(|&place| place != NONE)
    }

    /// The place of a page; after all others for a number that no page has.
    pub fn place(&self, id: PageId) -> u32 {
        self.places.get(id.at()).copied().unwrap_or(NONE)
    }

    /// The pages, one after the other.
    pub fn ids(&self) -> &[PageId] {
        &self.ids
    }
}

/// One list of two, both in order.
pub(in super::super) fn merged(
    stay: &[PageId],
    come: &[PageId],
    order: impl Fn(PageId, PageId) -> Ordering,
) -> Vec<PageId> {
    let mut all = Vec::with_capacity(stay.len() + come.len());
    let mut rest = stay;
    for &id in come {
        let (before, after) = rest.split_at(rest.partition_point(|&one| order(one, id).is_lt()));
        all.extend_from_slice(before);
        all.push(id);
        rest = after;
    }
    all.extend_from_slice(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_go_and_come_in_order() {
        let ids = |numbers: &[u32]| numbers.iter().copied().map(PageId).collect::<Vec<_>>();
        let order = Order::new(ids(&[4, 2, 0]));
        assert_eq!((order.place(PageId(2)), order.has(PageId(1)), order.has(PageId(9))), (1, false, false));
        let order = order.with(ids(&[2, 3]), ids(&[1, 7]), |a, b| b.cmp(&a));
        assert_eq!(order.ids(), ids(&[7, 4, 1, 0]));
        assert_eq!((order.place(PageId(0)), order.has(PageId(2))), (3, false));
    }
}
