//! What an edition holds, for the plan. It is made anew for each build, so nothing of it is recorded.

use std::sync::Arc;

use super::edition::Model;
use super::library::Pairing;
use super::read::List;
use super::record::{AssetId, AssetRecord, PageId, SectionId};

impl Model {
    /// The sections that this edition holds.
    pub fn sections(&self) -> impl Iterator<Item = SectionId> {
        self.sections.iter().enumerate().filter(|(_, node)| node.held).map(|(at, _)| SectionId(at as u32))
    }

    /// The pages that this edition holds.
    pub fn pages(&self) -> impl Iterator<Item = PageId> {
        self.held.iter().enumerate().filter(|(_, held)| **held).map(|(at, _)| PageId(at as u32))
    }

    /// How many pages there are in all editions.
    pub fn all_pages(&self) -> usize {
        self.held.len()
    }

    /// The files beside pages that this edition needs.
    pub fn assets(&self) -> impl Iterator<Item = (AssetId, &AssetRecord)> {
        let needed = self.checked.assets.iter().zip(&*self.library.assets).enumerate();
        needed.filter(|(_, (needed, _))| needed.is_any()).map(|(at, (_, asset))| (AssetId(at as u32), asset))
    }

    /// Whether a file is needed as it is, not only as large as a screen shows it.
    pub fn needs_whole(&self, id: AssetId) -> bool {
        self.checked.assets[id.at()].is_whole()
    }

    /// Whether a page of this edition shows a file.
    pub fn shows(&self, id: AssetId) -> bool {
        self.checked.assets[id.at()].is_shown()
    }

    /// How the pages of `old` are these.
    pub fn pairing(&self, old: &Self) -> Arc<Pairing> {
        Pairing::of(&old.library, &self.library)
    }

    /// The page that page `id` of `old` is, if this edition holds it and everything about it by itself is as it was.
    pub fn same_page(&self, old: &Self, id: PageId, pairing: &Pairing) -> Option<PageId> {
        let now = pairing.new_of(id).filter(|now| self.held[now.at()])?;
        Arc::ptr_eq(self.record(now), old.record(id)).then_some(now)
    }

    /// Address of a page below the edition's folder.
    pub fn path_of(&self, id: PageId) -> &Arc<str> {
        &self.record(id).path
    }

    /// Addresses that lead on to a page.
    pub fn aliases_of(&self, id: PageId) -> impl Iterator<Item = &Arc<str>> {
        self.record(id).aliases.iter()
    }

    /// Source file of a page.
    pub fn source_of(&self, id: PageId) -> &Arc<str> {
        &self.record(id).document.path
    }

    /// Source file of a file beside pages.
    pub fn asset_source(&self, id: AssetId) -> &Arc<str> {
        &self.library.assets[id.at()].source
    }

    /// Whether a list is that of `newer`.
    pub fn is_same_list(&self, list: List, newer: &Self, other: List) -> bool {
        match (list, other) {
            (List::Section(a), List::Section(b)) => {
                self.library.sections[a.at()].folder == newer.library.sections[b.at()].folder
            }
            (List::Term(a), List::Term(b)) => self.library.terms[a.at()].entity == newer.library.terms[b.at()].entity,
            _ => false,
        }
    }

    /// Source file or folder of a section.
    pub fn section_source(&self, id: SectionId) -> Arc<str> {
        let section = &self.library.sections[id.at()];
        match &section.document {
            Some(document) => document.path.clone(),
            None => format!("content/{}", section.folder).into(),
        }
    }

    /// Pages a list page of a term.
    pub fn paginate_by(&self) -> usize {
        self.library.config.paginate_by().max(1) as usize
    }
}
