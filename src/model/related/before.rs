//! What of the choices of the edition before still holds. A choice is made by scores, and a page's score is the sum of
//! the weights of the terms whose heads it stands in. So where a few pages enter or leave a head, every other page's
//! score is what it was, and a page's choice can only be another one if it held one of those that left, or if one that
//! entered beats what it holds: only that has to be weighed.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Candidate, Heads, Related};
use crate::model::edition::TermNode;
use crate::model::library::Library;
use crate::model::record::PageId;

/// More pages than this entering and leaving one head are not worth looking at one by one.
const FEW: usize = 4;

/// The related pages of the edition before, whose pages and terms have the numbers of today.
#[derive(Clone, Copy)]
pub struct Before<'a> {
    pub library: &'a Library,
    pub held: &'a [bool],
    pub related: &'a Related,
    /// By term: whether something is another among its pages.
    pub touched: &'a [bool],
}

/// How a term's head differs from the one before.
enum Turnover {
    None,
    Few { entered: Vec<PageId>, left: Vec<PageId> },
    Many,
}

impl Before<'_> {
    /// How the head of term number `at` differs.
    fn turnover(&self, library: &Library, heads: &Heads, at: usize) -> Turnover {
        let (Some(old), new) = (self.related.heads.get(at), &heads.all[at]) else { return Turnover::Many };
        // By day and path the pages that stay keep their order; another day or kind is another choice.
        let same = |id: PageId| {
            let (a, b) = (&self.library.rows[id.at()], &library.rows[id.at()]);
            a.day == b.day && a.kind == b.kind
        };
        if old == new && old.iter().all(|&id| same(id)) {
            return Turnover::None;
        }
        let stood: HashSet<PageId> = old.iter().copied().collect();
        let stands: HashSet<PageId> = new.iter().copied().collect();
        if old.iter().any(|id| stands.contains(id) && !same(*id)) {
            return Turnover::Many;
        }
        let entered: Vec<PageId> = new.iter().copied().filter(|id| !stood.contains(id)).collect();
        let left: Vec<PageId> = old.iter().copied().filter(|id| !stands.contains(id)).collect();
        if entered.len() + left.len() > FEW { Turnover::Many } else { Turnover::Few { entered, left } }
    }

    /// The pages for which others may have to be chosen. `pages` are those that may be others themselves.
    pub fn turned(&self, library: &Library, terms: &[TermNode], heads: &Heads, pages: &[PageId]) -> Turned {
        let is_other = |id: &PageId| {
            let (a, b) = (self.library.pages.get(id.at()), &library.pages[id.at()]);
            let was_held = self.held.get(id.at()).is_some_and(|held| *held);
            !(was_held && a.is_some_and(|a| Arc::ptr_eq(a, b) || (a.terms == b.terms && a.kind == b.kind)))
        };
        let mut is_anew = vec![false; library.pages.len()];
        pages.iter().filter(|id| is_other(id)).for_each(|id| is_anew[id.at()] = true);
        let mut all_entered: Vec<(PageId, PageId)> = Vec::new();
        for (at, node) in terms.iter().enumerate().filter(|(at, _)| self.touched[*at]) {
            match self.turnover(library, heads, at) {
                Turnover::None => {}
                Turnover::Many => node.pages.iter().for_each(|id| is_anew[id.at()] = true),
                Turnover::Few { entered, left } => {
                    for &id in &*node.pages {
                        let chosen = self.related.of.get(id.at());
                        if chosen.is_none_or(|chosen| chosen.ids.iter().any(|one| left.contains(one))) {
                            is_anew[id.at()] = true;
                        } else {
                            all_entered.extend(entered.iter().map(|&one| (id, one)));
                        }
                    }
                }
            }
        }
        all_entered.retain(|(id, _)| !is_anew[id.at()]);
        all_entered.sort_unstable();
        all_entered.dedup();
        let entered = all_entered.chunk_by(|a, b| a.0 == b.0);
        let entered = entered.map(|run| (run[0].0, run.iter().map(|(_, one)| *one).collect())).collect();
        let anew = (0..is_anew.len()).filter(|&at| is_anew[at]).map(|at| PageId(at as u32)).collect();
        Turned { anew, entered }
    }
}

/// Pages for which others may have to be chosen.
pub struct Turned {
    /// Those for which all have to be weighed.
    pub anew: Vec<PageId>,
    /// Those for which only these have to be weighed, against what was chosen.
    pub entered: Vec<(PageId, Vec<PageId>)>,
}

impl Heads {
    /// Page `other` as it stands to be chosen for page `id`.
    pub(super) fn candidate(&self, library: &Library, id: PageId, other: PageId) -> Candidate {
        let mut score = 0u16;
        for term in &library.pages[id.at()].terms {
            // Newest first, so by rank.
            let rank = |one: &PageId| library.rank(*one);
            if self.all[term.at()].binary_search_by_key(&rank(&other), rank).is_ok() {
                score = score.saturating_add(self.weights[term.at()]);
            }
        }
        Candidate { score, newer: std::cmp::Reverse(library.rank(other)), id: other }
    }
}
