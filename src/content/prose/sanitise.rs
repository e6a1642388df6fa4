//! Raw HTML where the portal allows it (`raw_html = true`): ammonia's allow-list, and our own bookkeeping of what is
//! still open, because Markdown cuts one element into pieces. Its links and pictures are checked like all others.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::Builder;
use comrak::nodes::Node;

use super::render::Renderer;
use super::tags::{self, Piece, Tag};
use super::target::{self, Target};
use crate::diag::Span;

/// The allow-list: immutable, and made only if a portal allows raw HTML.
static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    let tags: HashSet<&str> = BLOCKS.iter().chain(INLINE).copied().collect();
    let mut attributes: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (tag, names) in [
        ("a", &["href", "title"][..]),
        ("img", &["src", "alt", "title"]),
        ("td", &["colspan", "rowspan"]),
        ("th", &["colspan", "rowspan", "scope"]),
        ("ol", &["start"]),
        ("time", &["datetime"]),
    ] {
        attributes.insert(tag, names.iter().copied().collect());
    }
    builder
        .tags(tags)
        .tag_attributes(attributes)
        .generic_attributes(["class", "lang", "title"].into_iter().collect())
        .clean_content_tags(["script", "style"].into_iter().collect())
        .url_schemes(["http", "https", "mailto", "tel", "file"].into_iter().collect())
        .link_rel(None);
    builder
});

const BLOCKS: &[&str] = &[
    "div",
    "section",
    "article",
    "aside",
    "figure",
    "figcaption",
    "blockquote",
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "td",
    "th",
    "caption",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "pre",
];
const INLINE: &[&str] = &[
    "a", "img", "b", "i", "em", "strong", "small", "s", "del", "ins", "code", "q", "cite", "abbr", "dfn", "var",
    "samp", "span", "time", "bdi", "bdo", "wbr", "br", "u", "sub", "sup", "kbd", "mark",
];
/// Blocks that may stay open while Markdown goes on inside them.
const SPANNING: &[&str] = &["div", "section", "article", "aside", "figure", "blockquote"];

impl Renderer<'_> {
    /// Writes an inline tag that the allow-list has; false if it has not.
    pub fn sanitised_inline(&mut self, node: Node<'_>, tag: &Tag<'_>) -> bool {
        let name = tag.name.as_str();
        if !INLINE.contains(&name) {
            return false;
        }
        let span = self.span_of(node);
        match name {
            "img" => self.raw_image(tag, span),
            "a" => {
                if self.raw_anchor(tag, span) {
                    self.raw_open.push((name.to_owned(), self.depth));
                }
            }
            "wbr" => self.out.push_str("<wbr>"),
            _ => {
                let clean = CLEANER.clean(tag.whole).to_string();
                let attributes = clean
                    .find('>')
                    .and_then(|end| clean.get(1 + name.len()..end))
                    .filter(|_| clean.starts_with('<'))
                    .unwrap_or_default();
                self.open_inline_raw(name, attributes);
            }
        }
        true
    }

    pub fn sanitised_block(&mut self, node: Node<'_>, literal: &str) {
        let (start, _) = self.range_of(node);
        let span = self.prepared.span(start, self.prepared.line_end(start));
        let mut open: Vec<String> = Vec::new();
        let mut pieces = tags::pieces(literal);
        while let Some(piece) = pieces.next() {
            if let Piece::Tag(tag) = &piece
                && !tag.closes
            {
                self.raw_id(tag);
            }
            match piece {
                Piece::Comment(comment) => self.comment(comment),
                Piece::Text(_) | Piece::Other(_) => {}
                Piece::Tag(tag) if !BLOCKS.contains(&tag.name.as_str()) && !INLINE.contains(&tag.name.as_str()) => {
                    if !tag.closes {
                        self.drop_tag(&tag.name, span);
                        if matches!(tag.name.as_str(), "script" | "style") {
                            pieces.skip_element(&tag.name);
                        }
                    }
                }
                Piece::Tag(tag) if !SPANNING.contains(&tag.name.as_str()) => {}
                Piece::Tag(tag) if !tag.closes => open.push(tag.name),
                Piece::Tag(tag) => {
                    if open.last() == Some(&tag.name) {
                        open.pop();
                    } else if open.is_empty() {
                        self.close_spanning(&tag.name);
                    }
                }
            }
        }
        let clean = CLEANER.clean(literal).to_string();
        let mut kept = clean.trim_end();
        let mut stay: Vec<String> = Vec::new();
        while let Some(name) = open.pop() {
            match kept.trim_end().strip_suffix(&format!("</{name}>")) {
                Some(head) => {
                    kept = head;
                    stay.push(name);
                }
                None => break,
            }
        }
        if kept.trim().is_empty() {
            return;
        }
        self.opening = false;
        self.write_clean(kept, span);
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.raw_open.extend(stay.into_iter().rev().map(|name| (name, self.depth)));
    }

    /// An end tag whose start tag stood in an earlier block.
    fn close_spanning(&mut self, name: &str) {
        let here = self.raw_open.iter().rposition(|(open, depth)| *depth == self.depth && open == name);
        if here.is_some_and(|here| here + 1 == self.raw_open.len()) {
            self.paragraph_end = "";
            self.close_last_raw();
        }
    }

    /// Writes what ammonia has cleaned, with holes where a link or a picture is the model's business.
    fn write_clean(&mut self, html: &str, span: Span) {
        let mut anchors: Vec<bool> = Vec::new();
        for piece in tags::pieces(html) {
            match piece {
                Piece::Tag(tag) if tag.name == "img" => self.raw_image(&tag, span),
                Piece::Tag(tag) if tag.name == "a" && !tag.closes => anchors.push(self.raw_anchor(&tag, span)),
                Piece::Tag(tag) if tag.name == "a" => {
                    if anchors.pop() == Some(true) {
                        self.out.push_str("</a>");
                        self.anchors_open.pop();
                    }
                }
                Piece::Tag(tag) => self.out.push_str(tag.whole),
                Piece::Text(text) => {
                    let mut decoded = String::with_capacity(text.len());
                    tags::unescape(&mut decoded, text);
                    self.text(&decoded);
                }
                Piece::Comment(_) | Piece::Other(_) => {}
            }
        }
    }

    fn raw_anchor(&mut self, tag: &Tag<'_>, span: Span) -> bool {
        let href = value(tag, "href");
        let title = value(tag, "title");
        let written = !href.trim().is_empty() && self.open_anchor(&href, &title, span);
        if written {
            self.anchors_open.push(true);
        }
        written
    }

    fn raw_image(&mut self, tag: &Tag<'_>, span: Span) {
        let (src, alt) = (value(tag, "src"), value(tag, "alt"));
        match target::kind(&src) {
            Target::Internal => {
                if alt.trim().is_empty() {
                    self.missing_alt(&src, span);
                }
                self.open_image(&src, alt.trim(), span);
            }
            Target::Web | Target::WebWithoutScheme => self.remote_image(&src, alt.trim(), span),
            _ => self.drop_tag("img", span),
        }
    }
}

fn value(tag: &Tag<'_>, name: &str) -> String {
    let mut out = String::new();
    tags::unescape(&mut out, tag.attribute(name).unwrap_or_default());
    out
}
