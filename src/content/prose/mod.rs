//! From a body's text to HTML with holes: readied for comrak, parsed into its tree, and written out by our own renderer
//! in one walk, which also gathers what the model needs to know (links, pictures, headings, summary, length).

mod code;
mod escape;
mod fences;
mod footnote;
mod foreign;
mod heading;
mod inline;
mod link;
mod opening;
mod pairs;
mod parts;
mod prepare;
mod put;
mod raw;
mod render;
mod sanitise;
mod summary;
mod table;
mod tags;
mod target;

use std::sync::Arc;

use comrak::{Arena, Options, options::Extension, parse_document};

use self::prepare::Prepared;
use self::render::Renderer;
use super::{Body, Settings};
use crate::diag::Diagnostic;

/// What a body is rendered from.
pub(super) struct Input<'i> {
    /// The file's path, for messages.
    pub file: &'i Arc<str>,
    pub settings: &'i Settings,
    /// The title in the front matter.
    pub title: Option<&'i str>,
    /// The text after the front matter.
    pub text: &'i str,
    /// Where in the file it begins.
    pub offset: usize,
    /// On which line of the file, from 1.
    pub first_line: usize,
}

/// Renders a body; what is wrong with it goes to `problems`.
pub(super) fn render(input: &Input<'_>, problems: &mut Vec<Diagnostic>) -> Body {
    let prepared = Prepared::new(input.text, input.offset);
    let options = options(input.settings);
    let arena = Arena::new();
    let root = parse_document(&arena, &prepared.text, &options);
    let mut renderer = Renderer::new(input, &prepared, problems);
    renderer.document(root);
    renderer.finish()
}

fn options(settings: &Settings) -> Options<'static> {
    Options {
        extension: Extension {
            strikethrough: true,
            table: true,
            autolink: true,
            tasklist: true,
            footnotes: true,
            description_lists: true,
            alerts: true,
            block_directive: true,
            header_attributes: true,
            cjk_friendly_emphasis: true,
            math_dollars: settings.markdown.math,
            ..Extension::default()
        },
        ..Options::default()
    }
}
