//! Related pages across kinds: those that share topics and tags, the other kinds first. Candidates are drawn from the
//! newest 50 of each shared term and kind, so that the cost of a page is bounded however large the portal.

mod before;

use std::cmp::Reverse;
use std::sync::Arc;

use rayon::prelude::*;

pub(super) use self::before::Before;
use self::before::Turned;
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
const MOST_RELATED: usize = 2;
/// Most pages of a kind that stand in its column beside those of other kinds.
const MOST_OF_A_KIND: usize = 3;

/// Weight of a shared term: a topic is chosen with care, a business line is broad, tags lie in between.
fn weight(taxonomy: &str) -> u16 {
    match taxonomy {
        "topics" => 6,
        "business" => 1,
        _ => 2,
    }
}

/// So many are remembered of a page's best of each kind, so that what enters a head can be weighed against them.
const REMEMBERED: usize = 15;

/// The best pages of each kind for one page, in the order in which they are chosen. With their scores: so long as nothing
/// but others enters or leaves the heads that they stand in, these are what they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    ids: [PageId; REMEMBERED],
    scores: [u16; REMEMBERED],
    count: u8,
    /// Whether there was no room for all.
    is_cut: bool,
}

impl Default for Chosen {
    fn default() -> Self {
        Self { ids: [PageId(0); REMEMBERED], scores: [0; REMEMBERED], count: 0, is_cut: false }
    }
}

impl Chosen {
    fn ids(&self) -> &[PageId] {
        &self.ids[..usize::from(self.count)]
    }

    /// All that are remembered, as they stand to be chosen.
    fn all(&self, library: &Library) -> impl Iterator<Item = Candidate> {
        let known = self.ids.iter().zip(&self.scores).take(usize::from(self.count));
        known.map(|(&id, &score)| Candidate { score, newer: Reverse(library.rank(id)), id })
    }
}

impl FromIterator<Candidate> for Chosen {
    fn from_iter<I: IntoIterator<Item = Candidate>>(candidates: I) -> Self {
        let mut chosen = Self::default();
        for one in candidates {
            let at = usize::from(chosen.count);
            if at == REMEMBERED {
                chosen.is_cut = true;
                break;
            }
            (chosen.ids[at], chosen.scores[at]) = (one.id, one.score);
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
    /// All that were chosen for a page.
    pub fn chosen(&self, id: PageId) -> &[PageId] {
        self.of.get(id.at()).map_or(&[], Chosen::ids)
    }

    /// The related pages of a page: the best of each kind, then the second of each.
    pub fn of<'a>(&'a self, library: &Library, id: PageId) -> &'a [PageId] {
        let chosen = self.chosen(id);
        let mut seen = [0u8; 256];
        let is_third = |id: &PageId| {
            let count = &mut seen[usize::from(library.rows[id.at()].kind)];
            *count += 1;
            usize::from(*count) > MOST_RELATED
        };
        &chosen[..chosen.iter().position(is_third).unwrap_or(chosen.len()).min(MOST)]
    }

    /// Those of a page that stand side by side, each with the number of its kind, the best of a kind first.
    pub fn sides<'a>(&'a self, library: &'a Library, id: PageId) -> impl Iterator<Item = (usize, PageId)> + 'a {
        let kinds = library.config.kinds();
        let kind = |id: &PageId| (usize::from(library.rows[id.at()].kind), *id);
        self.chosen(id).iter().map(kind).filter(|(kind, _)| kinds.get(*kind).is_some_and(|kind| kind.side.is_some()))
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
    let turned = match before {
        Some(before) => before.turned(library, terms, &heads, pages),
        None => Turned { anew: pages.to_vec(), ..Turned::default() },
    };
    // One table of scores a thread, cleared through the list of what was touched.
    let scratch = || Scratch {
        scores: vec![0; held.len()],
        touched: Vec::new(),
        best: vec![[None; MOST_OF_A_KIND]; kinds.len().min(usize::from(u8::MAX)) + 1],
        taken: Vec::new(),
    };
    let one = |scratch: &mut Scratch, &own: &PageId| {
        let Scratch { scores, touched, best, taken } = scratch;
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
            offer(of_kind, Candidate { score, newer: Reverse(library.rank(id)), id });
        }
        (own, choose(best, taken, usize::from(kind_of[own.at()])))
    };
    // What has entered is weighed against what was chosen; where that does not tell, all is weighed.
    let weigh = |scratch: &mut Scratch, &own: &PageId| {
        let before = before.and_then(|before| before.related.of.get(own.at()));
        let before = before.filter(|chosen| !chosen.is_cut && !turned.left.iter().any(|id| chosen.ids().contains(id)));
        let Some(before) = before else { return Some(one(scratch, &own)) };
        let Scratch { best, taken, .. } = scratch;
        let news = turned.newcomers.iter().filter_map(|newcomer| newcomer.candidate(library, own));
        let stays = before.all(library).filter(|one| !turned.newcomers.iter().any(|newcomer| newcomer.id == one.id));
        news.chain(stays).for_each(|one| offer(&mut best[usize::from(kind_of[one.id.at()])], one));
        let chosen = choose(best, taken, usize::from(kind_of[own.at()]));
        (chosen != *before).then_some((own, chosen))
    };
    let is_held = |id: &&PageId| held[id.at()];
    let anew: Vec<PageId> = turned.anew.iter().filter(is_held).copied().collect();
    let (chosen, weighed): (Vec<_>, Vec<_>) = rayon::join(
        || anew.par_iter().with_min_len(STRETCH).map_init(scratch, one).collect(),
        || turned.moved.par_iter().with_min_len(STRETCH).map_init(scratch, weigh).collect(),
    );
    let mut of = before.map_or_else(Slots::default, |before| before.related.of.clone());
    of.grow(held.len(), &Chosen::default());
    for &id in pages.iter().filter(|id| !held[id.at()]) {
        of.set(id.at(), Chosen::default());
    }
    for (id, chosen) in chosen.into_iter().chain(weighed.into_iter().flatten()) {
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
    taken: Vec<Taken>,
}

/// One of the best: how many of its kind are before it, whether it is of the page's own kind.
type Taken = (usize, bool, Reverse<Candidate>);

/// A page that shares terms; the greater is the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    score: u16,
    newer: Reverse<u32>,
    id: PageId,
}

/// Puts a candidate among the best of its kind, if it is one of them.
fn offer(of_kind: &mut [Option<Candidate>; MOST_OF_A_KIND], one: Candidate) {
    let mut one = Some(one);
    for place in of_kind.iter_mut() {
        if *place < one {
            std::mem::swap(place, &mut one);
        }
    }
}

/// Best of each kind first, other kinds before the page's own; then the second of each.
fn choose(best: &mut [[Option<Candidate>; MOST_OF_A_KIND]], taken: &mut Vec<Taken>, own: usize) -> Chosen {
    for (kind, of_kind) in best.iter_mut().enumerate() {
        for (nth, place) in of_kind.iter_mut().enumerate() {
            taken.extend(place.take().map(|one| (nth, kind == own, Reverse(one))));
        }
    }
    taken.sort_unstable();
    taken.drain(..).map(|(_, _, one)| one.0).collect()
}
