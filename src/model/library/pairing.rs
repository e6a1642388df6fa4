//! Which page of an older library is which of a newer one, and which are not what they were. A library that was built
//! upon another has its numbers, and knows what it changed; of two others the pages are told by their paths.

use std::sync::Arc;

use super::Library;
use crate::model::record::PageId;

/// What a library did to the pages of the one that it was built upon, each list by number.
#[derive(Debug, Default)]
pub(in super::super) struct Turn {
    /// New pages.
    pub came: Vec<PageId>,
    /// Pages that are no more; nobody gets their numbers at once.
    pub went: Vec<PageId>,
    /// Pages whose records were made anew.
    pub remade: Vec<PageId>,
}

impl Turn {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = PageId> {
        self.came.iter().chain(&self.went).chain(&self.remade).copied()
    }

    /// Whether the set of pages is another.
    pub fn is_other_set(&self) -> bool {
        !self.came.is_empty() || !self.went.is_empty()
    }
}

/// Which page of an older library is which of a newer one.
#[derive(Clone, Debug)]
pub struct Pairing(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// The newer was built upon the older.
    Same(Arc<Turn>),
    /// They were told one by one.
    Told(Arc<Table>),
}

#[derive(Debug)]
struct Table {
    /// By new page.
    old: Vec<Option<PageId>>,
    /// By old page.
    new: Vec<Option<PageId>>,
}

impl Pairing {
    /// Pairs two libraries' pages.
    pub fn of(old: &Library, new: &Library) -> Self {
        if let Some((token, turn)) = &new.lineage
            && Arc::ptr_eq(token, &old.token)
        {
            return Self(Kind::Same(turn.clone()));
        }
        let mut table = Table { old: vec![None; new.pages.len()], new: vec![None; old.pages.len()] };
        let mut rest = new.order.ids().iter().peekable();
        for &was in old.order.ids() {
            let path = &old.pages[was.at()].document.path;
            while rest.next_if(|id| new.pages[id.at()].document.path < *path).is_some() {}
            if let Some(&id) = rest.next_if(|id| new.pages[id.at()].document.path == *path) {
                table.old[id.at()] = Some(was);
                table.new[was.at()] = Some(id);
            }
        }
        Self(Kind::Told(Arc::new(table)))
    }

    /// What was changed, if the newer library was built upon the older.
    pub(in super::super) fn turn(&self) -> Option<&Turn> {
        match &self.0 {
            Kind::Same(turn) => Some(turn),
            Kind::Told(_) => None,
        }
    }

    /// The old page that is this new one.
    pub fn old(&self, new: PageId) -> Option<PageId> {
        match &self.0 {
            Kind::Same(turn) => Some(new).filter(|id| turn.came.binary_search(id).is_err()),
            Kind::Told(table) => table.old[new.at()],
        }
    }

    /// The new page that is this old one.
    pub fn new_of(&self, old: PageId) -> Option<PageId> {
        match &self.0 {
            Kind::Same(turn) => Some(old).filter(|id| turn.went.binary_search(id).is_err()),
            Kind::Told(table) => table.new[old.at()],
        }
    }
}
