//! A picture in a page: the `<img>`, around it a `<picture>` with the WebP renditions where there are any, or a place
//! kept with words where there is nothing to show.

use super::escape;
use super::view::Shared;
use crate::content::plain;
use crate::model::{AssetId, AssetRecord};
use crate::picture;

/// How wide a picture stands where nobody says: a phone's whole width, else a column of text.
pub(super) const SIZES: &str = "(min-width:60em) 56rem, 94vw";

/// What a picture's tag says besides where it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame<'a> {
    /// The attributes after its size, up to and with the closing `>`.
    pub rest: &'a str,
    /// How wide it stands; [`SIZES`] if empty.
    pub sizes: &'a str,
}

/// Appends picture `image` as seen from a page of model number `at`.
pub(super) fn push(out: &mut String, scope: &Shared, at: usize, image: Option<AssetId>, frame: &Frame<'_>) {
    match image {
        Some(id) => push_file(out, scope, at, scope.read(at).asset(id), frame),
        None => {
            // Missing: an `img` needs a source to be valid; nothing is fetched for an empty fragment.
            out.push_str("<img src=\"#\"");
            out.push_str(frame.rest);
        }
    }
}

/// Appends the picture that `asset` is.
pub(super) fn push_file(out: &mut String, scope: &Shared, at: usize, asset: &AssetRecord, frame: &Frame<'_>) {
    if asset.is_unshowable() {
        let alt = plain::attribute(frame.rest, "alt").unwrap_or_default();
        out.push_str("<span class=\"no-picture\">图片打不开");
        if !alt.trim().is_empty() {
            out.push('：');
            escape(out, alt.trim());
        }
        out.push_str("</span>");
        return;
    }
    let set = srcset(scope, at, asset);
    if !set.is_empty() {
        out.push_str("<picture><source type=\"image/webp\" srcset=\"");
        out.push_str(&set);
        out.push_str("\" sizes=\"");
        escape(out, if frame.sizes.is_empty() { SIZES } else { frame.sizes });
        out.push_str("\">");
    }
    out.push_str("<img src=\"");
    scope.push_local(out, at, asset.url());
    out.push('"');
    if let Some((width, height)) = asset.dimensions() {
        out.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
    }
    out.push_str(frame.rest);
    if !set.is_empty() {
        out.push_str("</picture>");
    }
}

/// The WebP renditions of a picture as a `srcset`; empty if there are none.
pub(super) fn srcset(scope: &Shared, at: usize, asset: &AssetRecord) -> String {
    let mut out = String::new();
    for width in asset.widths() {
        if !out.is_empty() {
            out.push_str(", ");
        }
        scope.push_local(&mut out, at, &picture::path(asset.url(), width));
        out.push_str(&format!(" {width}w"));
    }
    out
}

/// The address of the smallest rendition; of the picture itself if there is none.
pub(super) fn small(scope: &Shared, at: usize, asset: &AssetRecord) -> String {
    match asset.widths().next() {
        Some(width) => scope.local(at, &picture::path(asset.url(), width)),
        None => scope.local(at, asset.url()),
    }
}
