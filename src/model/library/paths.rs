//! Looking up what an author named by its path.

use std::sync::Arc;

use super::{Found, Library, Order};
use crate::content::Document;
use crate::model::record::{AssetId, AssetRecord, PageId, SectionId, SectionRecord};

/// Looks up what stands at a path from the portal's root.
pub(in super::super) trait Paths {
    /// What stands there.
    fn find(&self, path: &str) -> Option<Found>;
    /// Everything there is.
    fn all(&self) -> Vec<(&Arc<str>, Found)>;
}

impl Paths for Library {
    fn find(&self, path: &str) -> Option<Found> {
        if let Some(known) = self.by_path.get() {
            return known.get(path).copied();
        }
        // Few are looked for after an edit, and all three lists are sorted.
        find_page(&self.order, path, |id| &self.pages[id.at()].document)
            .or_else(|| find_asset(&self.assets, path))
            .or_else(|| find_section(&self.sections, path))
    }

    fn all(&self) -> Vec<(&Arc<str>, Found)> {
        let pages = self.order.ids().iter();
        let pages = pages.map(|&id| (&self.pages[id.at()].document.path, Found::Page(id)));
        pages.chain(all_others(&self.assets, &self.sections)).collect()
    }
}

pub(super) fn find_page<'d>(
    order: &Order,
    path: &str,
    document: impl Fn(PageId) -> &'d Arc<Document>,
) -> Option<Found> {
    let at = order.ids().binary_search_by(|&id| (*document(id).path).cmp(path)).ok()?;
    Some(Found::Page(order.ids()[at]))
}

pub(super) fn find_asset(assets: &[AssetRecord], path: &str) -> Option<Found> {
    let at = assets.binary_search_by(|asset| (*asset.source).cmp(path)).ok()?;
    Some(Found::Asset(AssetId(at as u32)))
}

pub(super) fn find_section(sections: &[Arc<SectionRecord>], path: &str) -> Option<Found> {
    let folder = path.strip_prefix("content/")?.rsplit_once('/').map_or("", |(folder, _)| folder);
    let at = sections.binary_search_by(|section| (*section.folder).cmp(folder)).ok()?;
    let text = sections[at].document.as_ref()?;
    (*text.path == *path).then_some(Found::Section(SectionId(at as u32)))
}

pub(super) fn all_others<'a>(
    assets: &'a [AssetRecord],
    sections: &'a [Arc<SectionRecord>],
) -> impl Iterator<Item = (&'a Arc<str>, Found)> {
    let assets = assets.iter().enumerate().map(|(at, asset)| (&asset.source, Found::Asset(AssetId(at as u32))));
    let sections = sections.iter().enumerate();
    assets.chain(
        sections
            .filter_map(|(at, section)| Some((&section.document.as_ref()?.path, Found::Section(SectionId(at as u32))))),
    )
}
