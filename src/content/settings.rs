//! The part of the configuration that the parser depends on. Two configurations with equal settings give equal
//! documents, so a change of, say, an office's name parses nothing again.

use std::sync::Arc;

/// What parsing one file depends on besides its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Taxonomies by id, with their Chinese name as a second spelling of the key: `("tags", "标签")`.
    pub taxonomies: Vec<(Arc<str>, Arc<str>)>,
    /// What the kinds of pages have beyond the keys of all: English and Chinese name.
    pub fields: Vec<(Arc<str>, Arc<str>)>,
    /// Markdown options of `[markdown]`.
    pub markdown: Markdown,
}

/// Options of `[markdown]` in `zhendi.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markdown {
    /// `highlight`: mark up code with CSS classes (default true).
    pub highlight: bool,
    /// `math`: `$…$` (default false).
    pub math: bool,
    /// `raw_html`: keep raw HTML, sanitised by an allow-list, instead of the harmless handful alone (default false).
    pub raw_html: bool,
    /// `summary_length`: characters a summary made from the first sentences aims at (default 80).
    pub summary_length: u32,
}

impl Default for Markdown {
    fn default() -> Self {
        Self { highlight: true, math: false, raw_html: false, summary_length: 80 }
    }
}
