//! Raw HTML in a document: a harmless handful of elements stays, without attributes and always balanced; the rest is
//! left out and counted.

use comrak::nodes::{AstNode, Node, NodeValue};

use super::escape;
use super::heading::is_for_footnotes;
use super::render::{Renderer, Step};
use super::tags::{self, Piece, Tag};
use crate::content::cjk;
use crate::diag::{self, Diagnostic, Span};

/// Elements that may stand inside a line.
pub(super) const KEPT: &[&str] = &["u", "sub", "sup", "kbd", "mark"];
/// Elements that go with all that is in them.
pub(super) const WITH_CONTENT: &[&str] =
    &["script", "style", "iframe", "object", "template", "noscript", "svg", "select", "textarea", "title"];
/// More elements than this are not open at once.
const MOST_OPEN: usize = 16;
/// How many siblings are looked at for an end tag.
const REACH: usize = 200;

/// Raw HTML that was left out: how many elements, which, and where the first one stood.
#[derive(Default)]
pub(super) struct Dropped {
    count: usize,
    names: Vec<String>,
    first: Option<Span>,
}

impl Renderer<'_> {
    pub fn html_inline(&mut self, node: Node<'_>, literal: &str) {
        let literal = escape::restore(literal);
        let tag = match tags::pieces(&literal).next() {
            Some(Piece::Tag(tag)) => tag,
            Some(Piece::Comment(comment)) => return self.comment(comment),
            Some(Piece::Text(_)) | None => return,
            Some(Piece::Other(name)) => return self.drop_tag(name, self.span_of(node)),
        };
        let name = tag.name.as_str();
        if tag.is_placeholder() {
            return self.text(tag.whole);
        }
        if tag.closes {
            return self.close_inline_raw(name);
        }
        let anchored = self.raw_id(&tag);
        match name {
            "br" => {
                self.out.push_str("<br>");
                self.last = '\n';
                self.summary.push(" ");
            }
            _ if self.raw_open.len() >= MOST_OPEN => self.drop_tag(name, self.span_of(node)),
            _ if KEPT.contains(&name) => self.open_inline_raw(name, ""),
            "ruby" if is_ruby(node) => self.open_inline_raw(name, ""),
            "rt" | "rp" if self.raw_open.last().is_some_and(|(open, _)| open == "ruby") => {
                self.open_inline_raw(name, "")
            }
            _ if self.markdown.raw_html && self.sanitised_inline(node, &tag) => {}
            _ if anchored && is_anchor(&tag) => {}
            _ => {
                self.drop_tag(name, self.span_of(node));
                if WITH_CONTENT.contains(&name) && has_end(node, name) {
                    self.swallow = Some((name.to_owned(), self.depth));
                }
            }
        }
    }

    /// Keeps the id of an element, whatever becomes of the element: links aim at it. True if there is one and it is kept.
    pub fn raw_id(&mut self, tag: &Tag<'_>) -> bool {
        let given = tag.attribute("id").or_else(|| tag.attribute("name").filter(|_| tag.name == "a"));
        let Some(given) = given.filter(|_| !WITH_CONTENT.contains(&tag.name.as_str())) else { return false };
        let mut id = String::new();
        tags::unescape(&mut id, given.trim());
        if id.is_empty() || id.contains(|c: char| c.is_whitespace() || c.is_control()) || is_for_footnotes(&id) {
            return false;
        }
        // One that is taken has its anchor already.
        if self.ids.insert(id.clone()) {
            self.out.push_str("<span id=\"");
            escape::text(&mut self.out, &id);
            self.out.push_str(ANCHOR_END);
            self.anchors.push(id.into());
        }
        true
    }

    /// Takes an open paragraph that holds nothing but anchors out of its `<p>`, which would show as an empty line.
    pub fn unwrap_anchors(&mut self) {
        let Some(start) = self.out.rfind("<p>").filter(|_| self.out.ends_with(ANCHOR_END)) else { return };
        let mut inside = self.out.get(start + 3..).unwrap_or_default();
        while let Some((head, rest)) = inside.split_once(ANCHOR_END) {
            if head.trim_start().strip_prefix("<span id=\"").is_none_or(|id| id.contains('<')) {
                return;
            }
            inside = rest;
        }
        let bare = self.out.get(start + 3..).unwrap_or_default().to_owned();
        self.out.truncate(start);
        self.out.push_str(&bare);
        self.out.push('\n');
        self.paragraph_end = "";
    }

    /// Opens an element that is closed with its parent at the latest.
    pub fn open_inline_raw(&mut self, name: &str, attributes: &str) {
        self.begin_text();
        self.out.push('<');
        self.out.push_str(name);
        self.out.push_str(attributes);
        self.out.push('>');
        self.raw_open.push((name.to_owned(), self.depth));
    }

    fn close_inline_raw(&mut self, name: &str) {
        let here = self.raw_open.iter().rposition(|(open, depth)| *depth == self.depth && open == name);
        if let Some(here) = here
            && name != "details"
        {
            while self.raw_open.len() > here {
                self.close_last_raw();
            }
        }
    }

    pub fn close_last_raw(&mut self) {
        let Some((name, _)) = self.raw_open.pop() else { return };
        if name == "details" {
            self.end_summary_due();
        }
        if name == "a" {
            self.anchors_open.pop();
        }
        self.out.push_str("</");
        self.out.push_str(&name);
        self.out.push('>');
        if self.paragraph_end.is_empty() || name == "details" {
            self.out.push('\n');
        }
    }

    /// Closes what was opened inside the node that is about to be left.
    pub fn close_raw(&mut self) {
        while self.raw_open.last().is_some_and(|(_, depth)| *depth >= self.depth) {
            self.close_last_raw();
        }
        if self.swallow.as_ref().is_some_and(|(_, depth)| *depth >= self.depth) {
            self.swallow = None;
        }
    }

    /// A node inside an element that goes with its content.
    pub fn swallowed(&mut self, node: Node<'_>, name: &str) -> Step {
        if let NodeValue::HtmlInline(literal) = &node.data().value
            && let Some(Piece::Tag(tag)) = tags::pieces(literal).next()
            && tag.closes
            && tag.name == name
        {
            self.swallow = None;
        }
        Step::Done
    }

    /// Writes a default summary if a block begins where one was due.
    pub fn summary_before(&mut self, value: &NodeValue) {
        if let NodeValue::HtmlBlock(html) = value
            && html.literal.trim_start().get(..8).is_some_and(|head| head.eq_ignore_ascii_case("<summary"))
        {
            return;
        }
        self.end_summary_due();
    }

    fn end_summary_due(&mut self) {
        if self.summary_due {
            self.summary_due = false;
            self.out.push_str("<summary>详细内容</summary>\n");
        }
    }

    pub fn comment(&mut self, comment: &str) {
        if comment.trim().starts_with("more") {
            self.summary.mark();
        }
    }

    pub fn html_block(&mut self, node: Node<'_>, literal: &str) {
        if self.markdown.raw_html && !has_details(literal) {
            return self.sanitised_block(node, literal);
        }
        let (start, _) = self.range_of(node);
        let span = self.prepared.span(start, self.prepared.line_end(start));
        let mut block = Block { inline: Vec::new(), state: State::Between };
        let mut pieces = tags::pieces(literal);
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(text) => self.block_text(&mut block, text),
                Piece::Comment(comment) => self.comment(comment),
                Piece::Other(name) => self.drop_tag(name, span),
                Piece::Tag(tag) => {
                    if self.block_tag(&mut block, &tag, span) && WITH_CONTENT.contains(&tag.name.as_str()) {
                        pieces.skip_element(&tag.name);
                    }
                }
            }
        }
        self.end_block(&mut block);
    }

    fn block_text(&mut self, block: &mut Block, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.begin_block_line(block);
        let mut decoded = String::with_capacity(text.len());
        tags::unescape(&mut decoded, text);
        let mut lines = decoded.trim_matches(['\n', '\r']).lines().peekable();
        while let Some(line) = lines.next() {
            let line = line.trim_matches(|c: char| c == ' ' || c == '\t');
            self.text(line);
            let after = lines.peek().and_then(|next| next.trim_start().chars().next());
            if after.is_some_and(|after| !cjk::joins(self.last, after)) {
                self.out.push('\n');
            }
        }
    }

    /// Writes or drops one tag of a block; true if it opens an element that was dropped.
    fn block_tag(&mut self, block: &mut Block, tag: &Tag<'_>, span: Span) -> bool {
        let name = tag.name.as_str();
        let anchored = !tag.closes && !self.summary_due && self.raw_id(tag);
        match (name, tag.closes) {
            (_, false) if anchored && is_anchor(tag) => {}
            (_, false) if self.raw_open.len() + block.inline.len() >= MOST_OPEN => {
                self.drop_tag(name, span);
                return true;
            }
            ("details", false) => {
                self.end_block(block);
                self.end_summary_due();
                self.out.push_str(if tag.attribute("open").is_some() { "<details open>\n" } else { "<details>\n" });
                self.raw_open.push((name.to_owned(), self.depth));
                self.summary_due = true;
            }
            ("details", true) => {
                self.end_block(block);
                if self.raw_open.last().is_some_and(|(open, depth)| open == name && *depth == self.depth) {
                    self.paragraph_end = "";
                    self.close_last_raw();
                }
            }
            ("summary", false) if self.summary_due => {
                self.end_block(block);
                self.summary_due = false;
                self.out.push_str("<summary>");
                block.state = State::Summary(self.out.len());
                self.opening = true;
                self.last = '\n';
            }
            ("summary", true) if matches!(block.state, State::Summary(_)) => self.end_block(block),
            ("br", false) => {
                if block.state != State::Between {
                    self.out.push_str("<br>");
                }
            }
            (_, false) if KEPT.contains(&name) => {
                self.begin_block_line(block);
                self.out.push('<');
                self.out.push_str(name);
                self.out.push('>');
                block.inline.push(name.to_owned());
            }
            (_, true) if KEPT.contains(&name) => {
                if let Some(here) = block.inline.iter().rposition(|open| open == name) {
                    while block.inline.len() > here {
                        self.close_block_inline(block);
                    }
                }
            }
            (_, false) => {
                if is_line_end(name) && block.state == State::Paragraph {
                    self.end_block(block);
                }
                self.drop_tag(name, span);
                return true;
            }
            (_, true) => {
                if is_line_end(name) && block.state == State::Paragraph {
                    self.end_block(block);
                }
            }
        }
        false
    }

    fn begin_block_line(&mut self, block: &mut Block) {
        if block.state == State::Between {
            self.end_summary_due();
            self.out.push_str("<p>");
            block.state = State::Paragraph;
            self.opening = true;
            self.last = '\n';
        }
    }

    fn close_block_inline(&mut self, block: &mut Block) {
        if let Some(name) = block.inline.pop() {
            self.out.push_str("</");
            self.out.push_str(&name);
            self.out.push('>');
        }
    }

    fn end_block(&mut self, block: &mut Block) {
        while !block.inline.is_empty() {
            self.close_block_inline(block);
        }
        match block.state {
            State::Between => {}
            State::Paragraph => {
                self.out.push_str("</p>\n");
                self.summary.block();
            }
            State::Summary(start) => {
                if self.out.len() == start {
                    self.out.push_str("详细内容");
                }
                self.out.push_str("</summary>\n");
            }
        }
        block.state = State::Between;
        self.opening = false;
    }

    pub fn drop_tag(&mut self, name: &str, span: Span) {
        let dropped = &mut self.dropped;
        dropped.count += 1;
        dropped.first.get_or_insert(span);
        if dropped.names.len() < 5 && !dropped.names.iter().any(|known| known == name) {
            dropped.names.push(name.to_owned());
        }
    }

    pub fn report_dropped(&mut self) {
        let Some(first) = self.dropped.first else { return };
        let names: Vec<String> = self.dropped.names.iter().map(|name| format!("<{name}>")).collect();
        let mut hints: Vec<&str> = Vec::new();
        for name in &self.dropped.names {
            let hint = match name.as_str() {
                "img" | "picture" | "figure" => "图片写成 ![说明](文件名.jpg \"图注\")",
                "a" => "链接写成 [文字](地址)",
                "b" | "strong" | "i" | "em" | "font" | "big" => "加粗写成 **文字**",
                "table" | "tbody" | "thead" | "tr" | "td" | "th" => "表格用竖线 | 画",
                "iframe" | "video" | "audio" | "embed" | "object" => "视频写成链接，例如 [观看视频](地址)",
                "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => "标题写成 ## 文字",
                "ul" | "ol" | "li" => "列表每行以 - 开头",
                "code" | "pre" => "代码放在一对反引号里",
                _ => "把标签删掉，只留文字",
            };
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        }
        let cure = format!("{}；只想显示尖括号时，写成 &lt; 和 &gt;", hints.join("；"));
        self.problems.push(
            Diagnostic::warning(
                diag::HTML_DROPPED,
                format!("有 {} 处 HTML 代码没有采用：{}", self.dropped.count, names.join("、")),
            )
            .at(self.file, first)
            .label("第一处在这里")
            .cause("文章里的 HTML 代码只保留换行、上下标、注音等少数几种，其余去掉标签，只留文字")
            .cure(cure),
        );
    }
}

/// Where within a raw block the output is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    Paragraph,
    /// In a summary whose content begins at this byte of the output.
    Summary(usize),
}

struct Block {
    /// Inline elements that are open.
    inline: Vec<String>,
    state: State,
}

/// What ends an anchor that was written.
const ANCHOR_END: &str = "\"></span>";

/// Whether an element is there for its id alone.
fn is_anchor(tag: &Tag<'_>) -> bool {
    matches!(tag.name.as_str(), "a" | "span") && tag.attribute("href").is_none()
}

/// Whether an element's tags part the text around them.
fn is_line_end(name: &str) -> bool {
    !matches!(
        name,
        "a" | "b" | "i" | "em" | "strong" | "span" | "font" | "small" | "code" | "img" | "s" | "del" | "big"
    )
}

/// Whether a block opens, heads or closes `<details>`, which goes our own way even where raw HTML is allowed.
fn has_details(literal: &str) -> bool {
    tags::pieces(literal)
        .any(|piece| matches!(piece, Piece::Tag(tag) if matches!(tag.name.as_str(), "details" | "summary")))
}

fn has_end(node: Node<'_>, name: &str) -> bool {
    node.following_siblings().skip(1).take(REACH).any(|node| is_tag(node, name, true))
}

fn is_tag(node: &AstNode<'_>, name: &str, closes: bool) -> bool {
    matches!(&node.data().value, NodeValue::HtmlInline(literal)
        if matches!(tags::pieces(literal).next(), Some(Piece::Tag(tag)) if tag.name == name && tag.closes == closes))
}

/// Whether the siblings after `<ruby>` are what HTML wants: base text, then its reading in `<rt>`, as often as need be,
/// and the end tag.
fn is_ruby(node: Node<'_>) -> bool {
    let mut has_base = false;
    let mut has_reading = false;
    let mut inside: Option<String> = None;
    for node in node.following_siblings().skip(1).take(REACH) {
        let data = node.data();
        let NodeValue::HtmlInline(literal) = &data.value else {
            let is_text = match &data.value {
                NodeValue::Text(text) => !text.trim().is_empty(),
                NodeValue::SoftBreak | NodeValue::LineBreak => false,
                NodeValue::Code(_) | NodeValue::Emph | NodeValue::Strong => true,
                _ => return false,
            };
            if inside.is_none() && is_text {
                has_base = true;
                has_reading = false;
            }
            continue;
        };
        let Some(Piece::Tag(tag)) = tags::pieces(literal).next() else { return false };
        match (tag.name.as_str(), tag.closes) {
            ("ruby", true) => return has_base && has_reading && inside.is_none(),
            ("rt" | "rp", false) if inside.is_none() && has_base => inside = Some(tag.name),
            (name @ ("rt" | "rp"), true) if inside.as_deref() == Some(name) => {
                has_reading |= name == "rt";
                inside = None;
            }
            _ => return false,
        }
    }
    false
}
