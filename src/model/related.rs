//! Related pages across kinds: those that share topics and tags, the other kinds first. Candidates are drawn from the
//! newest 50 of each shared term and kind, so that the cost of a page is bounded however large the portal.

use std::cmp::Reverse;
use std::sync::Arc;

use rayon::prelude::*;

use super::edition::TermNode;
use super::library::{Library, Pairing};
use super::record::PageId;

/// Newest pages of each shared term and kind that are looked at.
const HEAD: usize = 50;
/// Most related pages of one page, and of one kind among them.
const MOST: usize = 6;
const MOST_OF_A_KIND: usize = 2;

/// Weight of a shared term: a topic is chosen with care, a business line is broad, tags lie in between.
fn weight(taxonomy: &str) -> u16 {
    match taxonomy {
        "topics" => 6,
        "business" => 1,
        _ => 2,
    }
}

/// For each page, its related pages, best first; and what they were chosen from.
#[derive(Debug, Default)]
pub(super) struct Related {
    of: Vec<Box<[PageId]>>,
    /// By term: the newest of each kind, newest first.
    heads: Vec<Box<[PageId]>>,
}

impl Related {
    /// The related pages of a page.
    pub fn of(&self, id: PageId) -> &[PageId] {
        &self.of[id.at()]
    }
}

/// The related pages of the edition before, and how its pages are those of today.
pub(super) struct Before<'a> {
    pub library: &'a Library,
    pub held: &'a [bool],
    pub related: &'a Related,
    pub pairing: &'a Pairing,
}

impl Before<'_> {
    /// By term: whether its head is other pages than before, or of other days or kinds, so that choices from it may
    /// differ. Chosen are pages by score, then by day and path; the order of paths among pages that stay is theirs for
    /// ever.
    fn stale(&self, library: &Library, heads: &[Box<[PageId]>]) -> Vec<bool> {
        let same = |(old, new): (&PageId, &PageId)| {
            let (a, b) = (&self.library.pages[old.at()], &library.pages[new.at()]);
            self.pairing.new_of(*old) == Some(*new) && (Arc::ptr_eq(a, b) || (a.day == b.day && a.kind == b.kind))
        };
        let pairs = self.related.heads.iter().zip(heads);
        pairs.map(|(old, new)| old.len() != new.len() || !old.iter().zip(&**new).all(same)).collect()
    }

    /// What was chosen for page number `at`, if nothing that it was chosen by is new.
    fn chosen(&self, library: &Library, stale: &[bool], at: usize) -> Option<Box<[PageId]>> {
        let old = self.pairing.old(PageId(at as u32))?;
        let (a, b) = (&self.library.pages[old.at()], &library.pages[at]);
        let same = self.held[old.at()]
            && (Arc::ptr_eq(a, b) || (a.terms == b.terms && a.kind == b.kind))
            && !b.terms.iter().any(|term| stale.get(term.at()).copied().unwrap_or(true));
        let chosen = same.then(|| self.related.of(old).iter().map(|&id| self.pairing.new_of(id)))?;
        chosen.collect()
    }
}

/// Chooses for each held page.
pub(super) fn related(library: &Library, held: &[bool], terms: &[TermNode], before: Option<Before<'_>>) -> Related {
    let kinds = library.config.kinds();
    let kind_of: Vec<u8> = library
        .pages
        .iter()
        .map(|page| {
            page.kind.as_ref().and_then(|kind| kinds.iter().position(|one| one.id == kind.id)).unwrap_or(kinds.len())
        })
        .map(|at| u8::try_from(at).unwrap_or(u8::MAX))
        .collect();
    let heads: Vec<Box<[PageId]>> = terms
        .iter()
        .map(|node| {
            let mut seen = [0usize; 256];
            let pages = node.pages.iter().copied();
            pages
                .filter(|id| {
                    let count = &mut seen[kind_of[id.at()] as usize];
                    *count += 1;
                    *count <= HEAD
                })
                .collect()
        })
        .collect();
    let before = before.filter(|before| before.library.terms.are_numbered_as(&library.terms));
    let before = before.map(|before| (before.stale(library, &heads), before));
    let weights: Vec<u16> =
        library.terms.iter().map(|term| weight(&library.config.taxonomies()[term.taxonomy].id)).collect();
    // One table of scores a thread, cleared through the list of what was touched.
    let scratch = || Scratch {
        scores: vec![0; held.len()],
        touched: Vec::new(),
        best: vec![[None; MOST_OF_A_KIND]; kinds.len().min(usize::from(u8::MAX)) + 1],
    };
    let of = (0..held.len())
        .into_par_iter()
        .map_init(scratch, |scratch, at| {
            if !held[at] {
                return Box::default();
            }
            if let Some(chosen) = before.as_ref().and_then(|(stale, before)| before.chosen(library, stale, at)) {
                return chosen;
            }
            let Scratch { scores, touched, best } = scratch;
            for &term in &library.pages[at].terms {
                for &id in &heads[term.at()] {
                    let score = &mut scores[id.at()];
                    if *score == 0 {
                        touched.push(id);
                    }
                    *score = score.saturating_add(weights[term.at()]);
                }
            }
            for id in touched.drain(..) {
                let score = std::mem::take(&mut scores[id.at()]);
                if id.at() == at {
                    continue;
                }
                let of_kind = &mut best[usize::from(kind_of[id.at()])];
                // Nearly all fall short of the best so far; only the others' rank is worth looking up.
                if of_kind[MOST_OF_A_KIND - 1].is_some_and(|last| last.score > score) {
                    continue;
                }
                let mut one = Some(Candidate { score, newer: Reverse(library.rank[id.at()]), id });
                for place in of_kind.iter_mut() {
                    if *place < one {
                        std::mem::swap(place, &mut one);
                    }
                }
            }
            choose(best, usize::from(kind_of[at]))
        })
        .collect();
    Related { of, heads }
}

/// What one thread works with.
struct Scratch {
    /// By page; all zero between two pages.
    scores: Vec<u16>,
    touched: Vec<PageId>,
    /// By kind: its best candidates, best first; all empty between two pages.
    best: Vec<[Option<Candidate>; MOST_OF_A_KIND]>,
}

/// A page that shares terms; the greater is the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    score: u16,
    newer: Reverse<u32>,
    id: PageId,
}

/// Best of each kind first, other kinds before the page's own; then the second of each.
fn choose(best: &mut [[Option<Candidate>; MOST_OF_A_KIND]], own: usize) -> Box<[PageId]> {
    let mut taken: Vec<(usize, bool, Reverse<Candidate>)> = Vec::new();
    for (kind, of_kind) in best.iter_mut().enumerate() {
        for (nth, place) in of_kind.iter_mut().enumerate() {
            taken.extend(place.take().map(|one| (nth, kind == own, Reverse(one))));
        }
    }
    taken.sort_unstable();
    taken.into_iter().take(MOST).map(|(_, _, one)| one.0.id).collect()
}
