//! What of the choices of the edition before still holds. A choice is made by scores, and a page's score is the sum of
//! the weights of the terms whose heads it stands in. So where a few pages enter or leave a head, every other page's
//! score is what it was, and a page's choice can only be another one if it held one of those that left, or if one that
//! entered beats what it holds.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Candidate, Heads, MOST_OF_A_KIND, Related};
use crate::model::edition::TermNode;
use crate::model::library::{Library, Pairing};
use crate::model::record::PageId;

/// More pages than this entering and leaving one head are not worth looking at one by one.
const FEW: usize = 4;

/// The related pages of the edition before, and how its pages are those of today.
pub struct Before<'a> {
    pub library: &'a Library,
    pub held: &'a [bool],
    pub related: &'a Related,
    pub pairing: &'a Pairing,
}

/// How a term's head differs from the one before.
enum Turnover {
    None,
    /// By numbers of today the one, of before the other.
    Few {
        entered: Vec<PageId>,
        left: Vec<PageId>,
    },
    Many,
}

impl Before<'_> {
    /// How the head of term number `at` differs.
    fn turnover(&self, library: &Library, heads: &Heads, at: usize) -> Turnover {
        let (Some(old), new) = (self.related.heads.get(at), &heads.all[at]) else { return Turnover::Many };
        // By day and path the pages that stay keep their order; another day or kind is another choice.
        let same = |old: PageId, new: PageId| {
            let (a, b) = (&self.library.pages[old.at()], &library.pages[new.at()]);
            Arc::ptr_eq(a, b) || (a.day == b.day && a.kind == b.kind)
        };
        let same_place = |(old, new): (&PageId, &PageId)| self.pairing.new_of(*old) == Some(*new) && same(*old, *new);
        if old.len() == new.len() && old.iter().zip(&**new).all(same_place) {
            return Turnover::None;
        }
        let stood: HashSet<PageId> = old.iter().filter_map(|&id| self.pairing.new_of(id)).collect();
        let stands: HashSet<PageId> = new.iter().copied().collect();
        let stays = |id: PageId| self.pairing.new_of(id).filter(|now| stands.contains(now));
        if old.iter().any(|&id| stays(id).is_some_and(|now| !same(id, now))) {
            return Turnover::Many;
        }
        let entered: Vec<PageId> = new.iter().copied().filter(|id| !stood.contains(id)).collect();
        let left: Vec<PageId> = old.iter().copied().filter(|&id| stays(id).is_none()).collect();
        if entered.len() + left.len() > FEW { Turnover::Many } else { Turnover::Few { entered, left } }
    }

    /// By page: whether what it was chosen by may be new.
    pub fn anew(&self, library: &Library, terms: &[TermNode], heads: &Heads) -> Vec<bool> {
        let mut anew: Vec<bool> = (0..library.pages.len())
            .map(|at| {
                let Some(old) = self.pairing.old(PageId(at as u32)) else { return true };
                let (a, b) = (&self.library.pages[old.at()], &library.pages[at]);
                !(self.held[old.at()] && (Arc::ptr_eq(a, b) || (a.terms == b.terms && a.kind == b.kind)))
            })
            .collect();
        for (at, node) in terms.iter().enumerate() {
            match self.turnover(library, heads, at) {
                Turnover::None => {}
                Turnover::Many => node.pages.iter().for_each(|id| anew[id.at()] = true),
                Turnover::Few { entered, left } => {
                    for &id in &node.pages {
                        anew[id.at()] = anew[id.at()] || self.differs(library, heads, id, &entered, &left);
                    }
                }
            }
        }
        anew
    }

    /// Whether the choice of page `id` may differ because these entered and left a head that it chooses from.
    fn differs(&self, library: &Library, heads: &Heads, id: PageId, entered: &[PageId], left: &[PageId]) -> bool {
        let Some(old) = self.pairing.old(id) else { return true };
        let chosen = self.related.of(old);
        if chosen.iter().any(|one| left.contains(one)) {
            return true;
        }
        let kind = |id: PageId| library.rows[id.at()].kind;
        entered.iter().filter(|&&one| one != id).any(|&one| {
            let rivals = chosen.iter().filter_map(|&rival| self.pairing.new_of(rival));
            let rivals: Vec<PageId> = rivals.filter(|&rival| kind(rival) == kind(one)).collect();
            let beats = |rival: &PageId| heads.candidate(library, id, one) > heads.candidate(library, id, *rival);
            rivals.len() < MOST_OF_A_KIND || rivals.contains(&one) || rivals.iter().any(beats)
        })
    }

    /// Takes over what was chosen for page number `at`; whether it could.
    pub fn chosen(&self, at: usize, into: &mut Vec<PageId>) -> bool {
        let Some(old) = self.pairing.old(PageId(at as u32)) else { return false };
        let old = self.related.of(old);
        into.extend(old.iter().filter_map(|&id| self.pairing.new_of(id)));
        into.len() == old.len()
    }
}

impl Heads {
    /// Page `other` as it stands to be chosen for page `id`.
    fn candidate(&self, library: &Library, id: PageId, other: PageId) -> Candidate {
        let mut score = 0u16;
        for term in library.terms_of.of(id) {
            // Newest first, so by rank.
            let rank = |one: &PageId| library.rank[one.at()];
            if self.all[term.at()].binary_search_by_key(&rank(&other), rank).is_ok() {
                score = score.saturating_add(self.weights[term.at()]);
            }
        }
        Candidate { score, newer: std::cmp::Reverse(library.rank[other.at()]), id: other }
    }
}
