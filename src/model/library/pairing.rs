//! Which page of an older library is which of a newer one: both are sorted by path, so one pass tells. Made once for two
//! libraries, for everything that is taken over or compared.

use std::sync::Arc;

use super::Library;
use crate::content::Document;
use crate::model::record::PageId;

/// Which page of an older library is which of a newer one.
#[derive(Debug)]
pub struct Pairing {
    /// By new page: the old one.
    old: Vec<Option<PageId>>,
    /// By old page: the new one.
    new: Vec<Option<PageId>>,
}

impl Pairing {
    /// Pairs so many pages with so many newer ones, each by its document and sorted by path.
    pub(super) fn new<'a>(
        (before, was): (usize, impl Fn(usize) -> &'a Arc<Document>),
        (count, document): (usize, impl Fn(usize) -> &'a Arc<Document>),
    ) -> Self {
        let mut pairing = Self { old: vec![None; count], new: vec![None; before] };
        let mut at = 0;
        for from in 0..before {
            let old = was(from);
            while at < count && !Arc::ptr_eq(document(at), old) && document(at).path < old.path {
                at += 1;
            }
            if at < count && (Arc::ptr_eq(document(at), old) || document(at).path == old.path) {
                pairing.old[at] = Some(PageId(from as u32));
                pairing.new[from] = Some(PageId(at as u32));
                at += 1;
            }
        }
        pairing
    }

    /// Pairs two libraries' pages.
    pub fn of(old: &Library, new: &Library) -> Arc<Self> {
        match &new.lineage {
            Some((token, pairing)) if Arc::ptr_eq(token, &old.token) => pairing.clone(),
            _ => {
                Arc::new(Self::new((old.pages.len(), |at| old.document(at)), (new.pages.len(), |at| new.document(at))))
            }
        }
    }

    /// The old page that is this new one.
    pub fn old(&self, new: PageId) -> Option<PageId> {
        self.old[new.at()]
    }

    /// The new page that is this old one.
    pub fn new_of(&self, old: PageId) -> Option<PageId> {
        self.new[old.at()]
    }
}
