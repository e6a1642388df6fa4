//! What of the choices of the edition before still holds. A choice is made by scores, and a page's score is the sum of
//! the weights of the terms whose heads it stands in. So where a few pages enter or leave a head, every other page's
//! score is what it was, and a page's choice can only be another one if it held one of those that left, or if one that
//! entered beats what it holds: only that has to be weighed.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::{Candidate, Heads, Related};
use crate::model::edition::TermNode;
use crate::model::library::Library;
use crate::model::record::PageId;

/// More pages than this entering and leaving one head are not worth looking at one by one.
const FEW: usize = 4;

/// Nor are more pages than this that enter heads.
const NEWCOMERS: usize = 32;

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
        let mut is_moved = vec![false; library.pages.len()];
        let (mut came, mut left) = (BTreeSet::new(), BTreeSet::new());
        for (at, node) in terms.iter().enumerate().filter(|(at, _)| self.touched[*at]) {
            match self.turnover(library, heads, at) {
                Turnover::None => {}
                Turnover::Many => node.pages.iter().for_each(|id| is_anew[id.at()] = true),
                Turnover::Few { entered, left: gone } => {
                    node.pages.iter().for_each(|id| is_moved[id.at()] = true);
                    came.extend(entered);
                    left.extend(gone);
                }
            }
        }
        let ids = |is: &dyn Fn(usize) -> bool| -> Vec<PageId> {
            (0..library.pages.len()).filter(|&at| is(at)).map(|at| PageId(at as u32)).collect()
        };
        if came.len() > NEWCOMERS {
            return Turned { anew: ids(&|at| is_anew[at] || is_moved[at]), ..Turned::default() };
        }
        let newcomers = came.into_iter().map(|id| Newcomer::new(id, library, terms, heads)).collect();
        let moved = ids(&|at| is_moved[at] && !is_anew[at]);
        Turned { anew: ids(&|at| is_anew[at]), moved, newcomers, left: left.into_iter().collect() }
    }
}

/// Pages for which others may have to be chosen.
#[derive(Default)]
pub struct Turned {
    /// Those for which all have to be weighed.
    pub anew: Vec<PageId>,
    /// Those for which only the newcomers have to be weighed against what was chosen, unless that holds a page of `left`.
    pub moved: Vec<PageId>,
    /// What has entered a head.
    pub newcomers: Vec<Newcomer>,
    /// What has left a head.
    pub left: Vec<PageId>,
}

/// A page that has entered a head.
pub struct Newcomer {
    pub id: PageId,
    /// By page, as it stands to be chosen for that; 0 for one with which it shares no head.
    scores: Vec<u16>,
}

impl Newcomer {
    fn new(id: PageId, library: &Library, terms: &[TermNode], heads: &Heads) -> Self {
        let mut scores = vec![0u16; library.pages.len()];
        for term in library.pages[id.at()].terms.iter().filter(|term| heads.all[term.at()].contains(&id)) {
            for one in &*terms[term.at()].pages {
                let score = &mut scores[one.at()];
                *score = score.saturating_add(heads.weights[term.at()]);
            }
        }
        Self { id, scores }
    }

    /// As it stands to be chosen for page `own`, if it does.
    pub(super) fn candidate(&self, library: &Library, own: PageId) -> Option<Candidate> {
        let score = self.scores[own.at()];
        (score > 0 && self.id != own).then(|| Candidate { score, newer: Reverse(library.rank(self.id)), id: self.id })
    }
}
