//! Which page of an older library is which of a newer one: both are sorted by path, so one pass tells. Made once for two
//! libraries, for everything that is taken over or compared.

use std::sync::Arc;

use super::Library;
use crate::content::Document;
use crate::model::record::{PageId, Record};

/// Which page of an older library is which of a newer one.
#[derive(Debug)]
pub struct Pairing {
    /// By new page: the old one.
    old: Vec<Option<PageId>>,
    /// By old page: the new one.
    new: Vec<Option<PageId>>,
}

impl Pairing {
    /// Pairs `before` with `count` newer pages, both sorted by path.
    pub(super) fn new<'a>(before: &[Arc<Record>], count: usize, document: impl Fn(usize) -> &'a Arc<Document>) -> Self {
        let mut pairing = Self { old: vec![None; count], new: vec![None; before.len()] };
        let mut at = 0;
        for (was, page) in before.iter().enumerate() {
            let old = &page.document;
            while at < count && !Arc::ptr_eq(document(at), old) && document(at).path < old.path {
                at += 1;
            }
            if at < count && (Arc::ptr_eq(document(at), old) || document(at).path == old.path) {
                pairing.old[at] = Some(PageId(was as u32));
                pairing.new[was] = Some(PageId(at as u32));
                at += 1;
            }
        }
        pairing
    }

    /// Pairs two libraries' pages.
    pub fn of(old: &Library, new: &Library) -> Arc<Self> {
        match &new.lineage {
            Some((token, pairing)) if Arc::ptr_eq(token, &old.token) => pairing.clone(),
            _ => Arc::new(Self::new(&old.pages, new.pages.len(), |at| &new.pages[at].document)),
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
