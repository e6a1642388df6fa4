//! Related pages across kinds: those that share topics and tags, the other kinds first. Candidates are drawn from the
//! newest 50 of each shared term and kind, so that the cost of a page is bounded however large the portal.

use std::cell::RefCell;

use rayon::prelude::*;

use super::edition::TermNode;
use super::library::Library;
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

/// For each held page, its related pages, best first.
pub(super) fn related(library: &Library, held: &[bool], terms: &[TermNode]) -> Vec<Box<[PageId]>> {
    let kinds = library.config.kinds();
    let kind_of: Vec<u8> = library
        .pages
        .iter()
        .map(|page| {
            page.kind.as_ref().and_then(|kind| kinds.iter().position(|one| one.id == kind.id)).unwrap_or(kinds.len())
        })
        .map(|at| u8::try_from(at).unwrap_or(u8::MAX))
        .collect();
    let heads: Vec<Vec<PageId>> = terms
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
    let weights: Vec<u16> =
        library.terms.iter().map(|term| weight(&library.config.taxonomies()[term.taxonomy].id)).collect();
    // One table of scores a thread, cleared through the list of what was touched.
    let scratch = || RefCell::new((vec![0u16; held.len()], Vec::<PageId>::new()));
    (0..held.len())
        .into_par_iter()
        .map_init(scratch, |scratch, at| {
            if !held[at] {
                return Box::default();
            }
            let (scores, touched) = &mut *scratch.borrow_mut();
            for &term in &library.pages[at].terms {
                for &id in &heads[term.at()] {
                    let score = &mut scores[id.at()];
                    if *score == 0 {
                        touched.push(id);
                    }
                    *score = score.saturating_add(weights[term.at()]);
                }
            }
            let own = kind_of[at];
            // Best of each kind first: rank within its kind, other kinds before the own one.
            let mut best: Vec<(u16, u32, PageId)> = touched
                .iter()
                .filter(|id| id.at() != at)
                .map(|&id| (u16::MAX - scores[id.at()], library.rank[id.at()], id))
                .collect();
            for id in touched.drain(..) {
                scores[id.at()] = 0;
            }
            let wanted = MOST * 4;
            if best.len() > wanted {
                // Enough of each kind must survive the cut: kinds are few, so cut per kind.
                let mut kept = Vec::with_capacity(wanted);
                for kind in 0..=kinds.len() as u8 {
                    let mut of_kind: Vec<_> = best.iter().copied().filter(|one| kind_of[one.2.at()] == kind).collect();
                    if of_kind.len() > MOST_OF_A_KIND {
                        of_kind.select_nth_unstable(MOST_OF_A_KIND - 1);
                        of_kind.truncate(MOST_OF_A_KIND);
                    }
                    kept.extend(of_kind);
                }
                best = kept;
            }
            best.sort_unstable();
            let mut taken: Vec<(u8, bool, usize, PageId)> = Vec::new();
            for (order, &(_, _, id)) in best.iter().enumerate() {
                let kind = kind_of[id.at()];
                let nth = taken.iter().filter(|one| kind_of[one.3.at()] == kind).count();
                if nth < MOST_OF_A_KIND {
                    taken.push((nth as u8, kind == own, order, id));
                }
            }
            taken.sort_unstable();
            taken.into_iter().take(MOST).map(|(_, _, _, id)| id).collect()
        })
        .collect()
}
