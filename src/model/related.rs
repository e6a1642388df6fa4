//! Related pages across kinds: those that share topics and tags, the other kinds first. Candidates are drawn from the
//! newest 50 of each shared term and kind, so that the cost of a page is bounded however large the portal.

mod before;

use std::cmp::Reverse;

use rayon::prelude::*;

pub(super) use self::before::Before;
use super::edition::TermNode;
use super::library::Library;
use super::lists::Lists;
use super::record::PageId;

/// Newest pages of each shared term and kind that are looked at.
const HEAD: usize = 50;
/// So many pages are one piece of work.
const STRETCH: usize = 256;
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
    of: Lists<PageId>,
    /// By term: the newest of each kind, newest first.
    heads: Vec<Box<[PageId]>>,
}

impl Related {
    /// The related pages of a page.
    pub fn of(&self, id: PageId) -> &[PageId] {
        self.of.of(id)
    }
}

/// By term: the newest of each kind, newest first, and what sharing it weighs.
pub(super) struct Heads {
    all: Vec<Box<[PageId]>>,
    weights: Vec<u16>,
}

/// Chooses for each held page.
pub(super) fn related(library: &Library, held: &[bool], terms: &[TermNode], before: Option<Before<'_>>) -> Related {
    let kinds = library.config.kinds();
    let kind_of = |id: PageId| usize::from(library.rows[id.at()].kind);
    let all: Vec<Box<[PageId]>> = terms
        .iter()
        .map(|node| {
            let mut seen = [0usize; 256];
            let pages = node.pages.iter().copied();
            pages
                .filter(|id| {
                    let count = &mut seen[kind_of(*id)];
                    *count += 1;
                    *count <= HEAD
                })
                .collect()
        })
        .collect();
    let weights = library.terms.iter().map(|term| weight(&library.config.taxonomies()[term.taxonomy].id)).collect();
    let heads = Heads { all, weights };
    let before = before.filter(|before| before.library.terms.are_numbered_as(&library.terms));
    let before = before.map(|before| (before.anew(library, terms, &heads), before));
    // One table of scores a thread, cleared through the list of what was touched.
    let scratch = || Scratch {
        scores: vec![0; held.len()],
        touched: Vec::new(),
        best: vec![[None; MOST_OF_A_KIND]; kinds.len().min(usize::from(u8::MAX)) + 1],
        chosen: Vec::new(),
    };
    let one = |scratch: &mut Scratch, at: usize| {
        scratch.chosen.clear();
        if !held[at] {
            return;
        }
        if let Some((anew, before)) = &before
            && !anew[at]
            && before.chosen(at, &mut scratch.chosen)
        {
            return;
        }
        let Scratch { scores, touched, best, chosen } = scratch;
        for &term in library.terms_of.of(PageId(at as u32)) {
            for &id in &heads.all[term.at()] {
                let score = &mut scores[id.at()];
                if *score == 0 {
                    touched.push(id);
                }
                *score = score.saturating_add(heads.weights[term.at()]);
            }
        }
        for id in touched.drain(..) {
            let score = std::mem::take(&mut scores[id.at()]);
            if id.at() == at {
                continue;
            }
            let of_kind = &mut best[kind_of(id)];
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
        chosen.clear();
        choose(best, kind_of(PageId(at as u32)), chosen);
    };
    let stretches: Vec<usize> = (0..held.len()).step_by(STRETCH).collect();
    let parts: Vec<Lists<PageId>> = stretches
        .into_par_iter()
        .map_init(scratch, |scratch, from| {
            let to = held.len().min(from + STRETCH);
            let mut lists = Lists::with_capacity(to - from);
            for at in from..to {
                one(scratch, at);
                lists.push(scratch.chosen.iter().copied());
            }
            lists
        })
        .collect();
    let mut of = Lists::with_capacity(held.len());
    parts.iter().for_each(|part| of.append(part));
    Related { of, heads: heads.all }
}

/// What one thread works with.
struct Scratch {
    /// By page; all zero between two pages.
    scores: Vec<u16>,
    touched: Vec<PageId>,
    /// By kind: its best candidates, best first; all empty between two pages.
    best: Vec<[Option<Candidate>; MOST_OF_A_KIND]>,
    /// What was chosen for the page at hand.
    chosen: Vec<PageId>,
}

/// A page that shares terms; the greater is the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    score: u16,
    newer: Reverse<u32>,
    id: PageId,
}

/// Best of each kind first, other kinds before the page's own; then the second of each.
fn choose(best: &mut [[Option<Candidate>; MOST_OF_A_KIND]], own: usize, into: &mut Vec<PageId>) {
    let mut taken: Vec<(usize, bool, Reverse<Candidate>)> = Vec::new();
    for (kind, of_kind) in best.iter_mut().enumerate() {
        for (nth, place) in of_kind.iter_mut().enumerate() {
            taken.extend(place.take().map(|one| (nth, kind == own, Reverse(one))));
        }
    }
    taken.sort_unstable();
    into.extend(taken.into_iter().take(MOST).map(|(_, _, one)| one.0.id));
}
