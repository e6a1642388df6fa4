//! Many short lists, one for each page, in one piece of memory: they are made anew and gone through whenever anything
//! relates otherwise than before, and ten thousand small allocations would be most of that work.

use super::record::PageId;

/// A list for each page.
#[derive(Debug)]
pub(super) struct Lists<T> {
    /// By page: where its list ends.
    ends: Vec<u32>,
    ids: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self { ends: Vec::new(), ids: Vec::new() }
    }
}

impl<T: Copy> Lists<T> {
    /// Empty, with room for so many lists.
    pub fn with_capacity(lists: usize) -> Self {
        Self { ends: Vec::with_capacity(lists), ids: Vec::new() }
    }

    /// Adds the list of the next page.
    pub fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.ids.extend(list);
        self.ends.push(self.ids.len() as u32);
    }

    /// Adds the lists of the pages after these.
    pub fn append(&mut self, other: &Self) {
        let from = self.ids.len() as u32;
        self.ids.extend_from_slice(&other.ids);
        self.ends.extend(other.ends.iter().map(|end| from + end));
    }

    /// The list of a page.
    pub fn of(&self, id: PageId) -> &[T] {
        let from = id.at().checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.ids[from as usize..self.ends[id.at()] as usize]
    }
}
