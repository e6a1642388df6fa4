//! A file beside a page as templates see it.

use std::sync::Arc;

use minijinja::value::Value;

use super::picture;
use super::view::{Shared, View, or_none};
use crate::content::Extent;
use crate::insides::Inside;
use crate::model::AssetId;

/// A file that a page names, seen through model number `at`.
#[derive(Debug)]
pub(super) struct FileView {
    pub scope: Shared,
    pub at: usize,
    pub id: AssetId,
}

impl FileView {
    /// What stands inside of it.
    pub fn inside(&self) -> Option<&Arc<Inside>> {
        self.scope.read(self.at).inside(self.id)
    }

    /// Its name, without folders.
    pub fn name(&self) -> &str {
        self.scope.read(self.at).asset(self.id).source().rsplit('/').next().unwrap_or_default()
    }
}

impl View for FileView {
    fn identity(&self) -> (u8, u64) {
        (16, self.id.number())
    }

    fn get(&self, key: &str) -> Option<Value> {
        let asset = self.scope.read(self.at).asset(self.id);
        let extent = || self.inside().and_then(|inside| inside.extent);
        Some(match key {
            "name" => self.name().into(),
            "url" => self.scope.local(self.at, asset.url()).into(),
            "type" => or_none(self.name().rsplit_once('.').map(|(_, extension)| extension.to_ascii_uppercase())),
            "size" => asset.size().into(),
            "width" => or_none(asset.dimensions().map(|(width, _)| width)),
            "height" => or_none(asset.dimensions().map(|(_, height)| height)),
            "srcset" => picture::srcset(&self.scope, self.at, asset).into(),
            "small" => picture::small(&self.scope, self.at, asset).into(),
            "pages" => match extent() {
                Some(Extent::Pages(n)) => n.into(),
                _ => ().into(),
            },
            "slides" => match extent() {
                Some(Extent::Slides(n)) => n.into(),
                _ => ().into(),
            },
            _ => return None,
        })
    }
}
