//! What an edition holds, for the plan. It is made anew for each build, so nothing of it is recorded.

use std::sync::Arc;

use super::edition::Model;
use super::library::Pairing;
use super::read::List;
use super::record::{AssetId, AssetRecord, PageId, SectionId, TermId};

impl Model {
    /// The sections that this edition holds.
    pub fn sections(&self) -> impl Iterator<Item = SectionId> {
        self.sections.iter().enumerate().filter(|(_, node)| node.held).map(|(at, _)| SectionId(at as u32))
    }

    /// The pages that this edition holds, in order of their files.
    pub fn pages(&self) -> impl Iterator<Item = PageId> {
        self.library.order.ids().iter().copied().filter(|id| self.held[id.at()])
    }

    /// The files beside pages that this edition needs.
    pub fn assets(&self) -> impl Iterator<Item = (AssetId, &AssetRecord)> {
        let needed = self.checked.assets.iter().zip(&*self.library.assets).enumerate();
        needed.filter(|(_, (needed, _))| needed.is_any()).map(|(at, (_, asset))| (AssetId(at as u32), asset))
    }

    /// A file beside pages, by its number.
    pub fn asset(&self, id: AssetId) -> Option<&AssetRecord> {
        self.library.assets.get(id.at())
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
    pub fn pairing(&self, old: &Self) -> Pairing {
        Pairing::of(&old.library, &self.library)
    }

    /// Whether this edition holds a page.
    pub fn holds(&self, id: PageId) -> bool {
        self.held.get(id.at()).is_some_and(|held| *held)
    }

    /// The pages of which something else may be planned than in `old`; `None` where more is another than pages and lists.
    pub fn turned_pages(&self, old: &Self) -> Option<Vec<PageId>> {
        let turn = self.library.turn_since(&old.library)?;
        let same = Arc::ptr_eq(&self.library.sections, &old.library.sections)
            && Arc::ptr_eq(&self.library.assets, &old.library.assets)
            && self.checked.assets == old.checked.assets
            && old.library.terms.are_numbered_as(&self.library.terms);
        same.then(|| turn.all().collect())
    }

    /// The lists that may be longer or shorter than in `old`, or stand elsewhere; both have the same numbers.
    pub fn turned_lists(&self, old: &Self) -> Vec<List> {
        let sections = self.sections.iter().zip(&old.sections).enumerate();
        let sections = sections.filter(|(_, (a, b))| a.held != b.held || !Arc::ptr_eq(&a.listed, &b.listed));
        let sections = sections.map(|(at, _)| List::Section(SectionId(at as u32)));
        let terms = (0..self.terms.len()).filter(|&at| {
            let same = old.terms.get(at).is_some_and(|node| Arc::ptr_eq(&node.pages, &self.terms[at].pages));
            !same || old.library.terms[at].out != self.library.terms[at].out
        });
        sections.chain(terms.map(|at| List::Term(TermId(at as u32)))).collect()
    }

    /// The folder of a list, and how many list pages it has.
    pub fn extent(&self, list: List) -> (&str, usize) {
        match list {
            List::Section(id) => {
                let (section, node) = (&self.library.sections[id.at()], &self.sections[id.at()]);
                let is_planned = node.held && !section.folder.is_empty();
                let pages = if is_planned { node.pages.len().div_ceil(section.paginate_by).max(1) } else { 0 };
                (&section.out, pages)
            }
            List::Term(id) => {
                let Some(node) = self.terms.get(id.at()) else { return ("", 0) };
                (&self.library.terms[id.at()].out, node.pages.len().div_ceil(self.paginate_by()))
            }
        }
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

    /// The file that declares a series.
    pub fn series_source(&self, id: &str) -> Option<Arc<str>> {
        self.library.syllabus.course(id).map(|course| course.source().clone())
    }

    /// Pages a list page of a term.
    pub fn paginate_by(&self) -> usize {
        self.library.config.paginate_by().max(1) as usize
    }
}
