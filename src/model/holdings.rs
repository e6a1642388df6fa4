//! What an edition holds, for the plan. It is made anew for each build, so nothing of it is recorded.

use std::sync::Arc;

use super::edition::Model;
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

    /// The files beside pages that this edition needs.
    pub fn assets(&self) -> impl Iterator<Item = (AssetId, &AssetRecord)> {
        let needed = self.assets.iter().zip(&*self.library.assets).enumerate();
        needed.filter(|(_, (needed, _))| **needed).map(|(at, (_, asset))| (AssetId(at as u32), asset))
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
