//! Which number each page has. A page keeps it from build to build, so that what is known by page stays where it is when
//! others come and go. A new page gets one that is empty; one that has just become empty stays so for one build, so that
//! the same number in two builds, the second built upon the first, is the same page.

use std::sync::Arc;

use super::outline::{Outline, Placed};
use super::{Library, Order, Turn};
use crate::chunk::Slots;
use crate::model::record::PageId;
use crate::source::Config;
use crate::texts::Texts;

/// More empty numbers than pages, and this many besides, are too many.
const EMPTY: usize = 1000;

/// The pages by number, and where each stands.
#[derive(Clone, Debug)]
pub(super) struct Roster {
    pub outline: Arc<Outline>,
    pub placed: Slots<Placed>,
    /// Numbers that may be given away.
    empty: Vec<PageId>,
}

impl Roster {
    /// The roster of `texts`, the order of the pages, and what became of those of `previous`; [`Turn::remade`] are here
    /// the pages whose documents are others.
    pub fn new(config: &Config, texts: &Texts, previous: Option<(&Library, &Texts)>) -> (Self, Arc<Order>, Turn) {
        let Some((library, before)) = previous else {
            let (outline, pages) = Outline::new(config, texts, None);
            let order = Order::new((0..pages.len() as u32).map(PageId).collect());
            let roster = Self { outline: Arc::new(outline), placed: pages.into_iter().collect(), empty: Vec::new() };
            return (roster, Arc::new(order), Turn::default());
        };
        let mut change = Change { roster: library.roster.clone(), turn: Turn::default() };
        let mut all = None;
        let edits = texts.edits_since(before);
        let outline = &library.roster.outline;
        let stays: Option<Vec<Option<Placed>>> = if outline.problems.is_empty() {
            edits.iter().map(|edit| outline.stays(edit, before, texts)).collect()
        } else {
            None
        };
        let found = |path: &str| {
            let ids = library.order.ids();
            let at = ids.binary_search_by(|id| (*library.roster.placed[id.at()].document.path).cmp(path)).ok()?;
            Some(ids[at])
        };
        match stays {
            Some(stays) => {
                for (edit, placed) in edits.iter().zip(stays) {
                    let old = edit.old.as_ref().and_then(|document| found(&document.path));
                    change.page(old, placed);
                }
            }
            None => {
                let (outline, pages) = Outline::new(config, texts, Some(&library.sections));
                change.roster.outline = Arc::new(outline);
                let mut old = library.order.ids().iter().copied().peekable();
                let path = |id: PageId| &library.roster.placed[id.at()].document.path;
                let mut ids = Vec::with_capacity(pages.len());
                for page in pages {
                    while let Some(id) = old.next_if(|&id| *path(id) < page.document.path) {
                        change.page(Some(id), None);
                    }
                    let same = old.next_if(|&id| *path(id) == page.document.path);
                    ids.extend(change.page(same, Some(page)));
                }
                all = Some(ids);
                old.for_each(|id| _ = change.page(Some(id), None));
            }
        }
        let Change { mut roster, mut turn } = change;
        for list in [&mut turn.came, &mut turn.went, &mut turn.remade] {
            list.sort_unstable();
        }
        roster.empty.extend(&turn.went);
        let order = if let Some(all) = all {
            Arc::new(Order::new(all))
        } else if turn.is_other_set() {
            let path = |id: PageId| &roster.placed[id.at()].document.path;
            Arc::new(library.order.with(turn.went.iter().copied(), turn.came.clone(), |a, b| path(a).cmp(path(b))))
        } else {
            library.order.clone()
        };
        (roster, order, turn)
    }

    /// Whether so many numbers are empty that it is time to begin anew.
    pub fn is_sparse(&self, order: &Order) -> bool {
        self.empty.len() > EMPTY + order.ids().len()
    }
}

/// A roster on its way to the next.
struct Change {
    roster: Roster,
    turn: Turn,
}

impl Change {
    /// A page that was `old` and is now `new`; gives its number.
    fn page(&mut self, old: Option<PageId>, new: Option<Placed>) -> Option<PageId> {
        let placed = &mut self.roster.placed;
        match (old, new) {
            (Some(id), Some(new)) => {
                let was = &placed[id.at()];
                let same_document = Arc::ptr_eq(&was.document, &new.document);
                if !same_document || was.section != new.section || was.is_bundle != new.is_bundle {
                    placed.set(id.at(), new);
                }
                if !same_document {
                    self.turn.remade.push(id);
                }
                Some(id)
            }
            (None, Some(new)) => {
                let id = self.roster.empty.pop().unwrap_or(PageId(placed.len() as u32));
                placed.put(id.at(), new);
                self.turn.came.push(id);
                Some(id)
            }
            (old, None) => {
                self.turn.went.extend(old);
                None
            }
        }
    }
}
