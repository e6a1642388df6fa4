//! Related pages across kinds: those that share topics and tags, the other kinds first. Candidates are drawn from the
//! newest 50 of each shared term and kind, so that the cost of a page is bounded however large the portal.

mod before;

use std::cmp::Reverse;
use std::sync::Arc;

use rayon::prelude::*;

pub(super) use self::before::Before;
use super::edition::TermNode;
use super::library::Library;
use super::record::PageId;
use crate::chunk::Slots;

/// Newest pages of each shared term and kind that are looked at.
const HEAD: usize = 50;
/// At least so many pages are one piece of work.
const STRETCH: usize = 64;
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

/// The related pages of one page, best first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chosen {
    ids: [PageId; MOST],
    count: u8,
}

impl Default for Chosen {
    fn default() -> Self {
        Self { ids: [PageId(0); MOST], count: 0 }
    }
}

impl FromIterator<PageId> for Chosen {
    /// The first of them, as many as there is room for.
    fn from_iter<I: IntoIterator<Item = PageId>>(ids: I) -> Self {
        let mut chosen = Self::default();
        for (place, id) in chosen.ids.iter_mut().zip(ids) {
            *place = id;
            chosen.count += 1;
        }
        chosen
    }
}

/// For each page, its related pages; and what they were chosen from.
#[derive(Debug, Default)]
pub(super) struct Related {
    of: Slots<Chosen>,
    /// By term: the newest of each kind, newest first.
    heads: Vec<Arc<[PageId]>>,
}

impl Related {
    /// The related pages of a page.
    pub fn of(&self, id: PageId) -> &[PageId] {
        self.of.get(id.at()).map_or(&[], |chosen| &chosen.ids[..usize::from(chosen.count)])
    }

    /// The pages for which others may have been chosen than in `other`, under the same numbers.
    pub fn unshared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = PageId> + 'a {
        self.of.unshared(&other.of).map(|at| PageId(at as u32))
    }
}

/// By term: the newest of each kind, newest first, and what sharing it weighs.
pub(super) struct Heads {
    all: Vec<Arc<[PageId]>>,
    weights: Vec<u16>,
}

/// Chooses for each held page; with an edition before, for those among the `pages` that may be others, and for whom one of
/// those may be another choice.
pub(super) fn related(
    library: &Library,
    held: &[bool],
    terms: &[TermNode],
    pages: &[PageId],
    before: Option<Before<'_>>,
) -> Related {
    let kinds = library.config.kinds();
    // Side by side in memory: asked of every candidate.
    let kind_of: Vec<u8> = library.rows.iter().map(|row| row.kind).collect();
    let head = |node: &TermNode| {
        let mut seen = [0usize; 256];
        let pages = node.pages.iter().copied();
        let head = pages.filter(|id| {
            let count = &mut seen[usize::from(kind_of[id.at()])];
            *count += 1;
            *count <= HEAD
        });
        head.collect()
    };
    let all: Vec<Arc<[PageId]>> = terms
        .iter()
        .enumerate()
        .map(|(at, node)| {
            match before.filter(|before| !before.touched[at]).and_then(|before| before.related.heads.get(at)) {
                Some(same) => same.clone(),
                None => head(node),
            }
        })
        .collect();
    let weights = library.terms.iter().map(|term| weight(&library.config.taxonomies()[term.taxonomy].id)).collect();
    let heads = Heads { all, weights };
    let anew: Vec<PageId> = match before {
        Some(before) => before.anew(library, terms, &heads, pages).into_iter().filter(|id| held[id.at()]).collect(),
        None => pages.iter().copied().filter(|id| held[id.at()]).collect(),
    };
    // One table of scores a thread, cleared through the list of what was touched.
    let scratch = || Scratch {
        scores: vec![0; held.len()],
        touched: Vec::new(),
        best: vec![[None; MOST_OF_A_KIND]; kinds.len().min(usize::from(u8::MAX)) + 1],
    };
    let one = |scratch: &mut Scratch, &own: &PageId| {
        let Scratch { scores, touched, best } = scratch;
        for &term in &library.pages[own.at()].terms {
            for &id in &*heads.all[term.at()] {
                let score = &mut scores[id.at()];
                if *score == 0 {
                    touched.push(id);
                }
                *score = score.saturating_add(heads.weights[term.at()]);
            }
        }
        for id in touched.drain(..) {
            let score = std::mem::take(&mut scores[id.at()]);
            if id == own {
                continue;
            }
            let of_kind = &mut best[usize::from(kind_of[id.at()])];
            // Nearly all fall short of the best so far; only the others' rank is worth looking up.
            if of_kind[MOST_OF_A_KIND - 1].is_some_and(|last| last.score > score) {
                continue;
            }
            let mut one = Some(Candidate { score, newer: Reverse(library.rank(id)), id });
            for place in of_kind.iter_mut() {
                if *place < one {
                    std::mem::swap(place, &mut one);
                }
            }
        }
        (own, choose(best, usize::from(kind_of[own.at()])))
    };
    let chosen: Vec<(PageId, Chosen)> = anew.par_iter().with_min_len(STRETCH).map_init(scratch, one).collect();
    let mut of = before.map_or_else(Slots::default, |before| before.related.of.clone());
    of.grow(held.len(), &Chosen::default());
    for &id in pages.iter().filter(|id| !held[id.at()]) {
        of.set(id.at(), Chosen::default());
    }
    for (id, chosen) in chosen {
        of.set(id.at(), chosen);
    }
    Related { of, heads: heads.all }
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
fn choose(best: &mut [[Option<Candidate>; MOST_OF_A_KIND]], own: usize) -> Chosen {
    let mut taken: Vec<(usize, bool, Reverse<Candidate>)> = Vec::new();
    for (kind, of_kind) in best.iter_mut().enumerate() {
        for (nth, place) in of_kind.iter_mut().enumerate() {
            taken.extend(place.take().map(|one| (nth, kind == own, Reverse(one))));
        }
    }
    taken.sort_unstable();
    taken.into_iter().map(|(_, _, one)| one.0.id).collect()
}
