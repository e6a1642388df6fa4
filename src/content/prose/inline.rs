//! What stands inside a line: text with its Chinese line joins, emphasis, code, footnote marks.

use comrak::nodes::{AstNode, Node, NodeFootnoteReference, NodeValue};

use super::escape;
use super::render::{Renderer, Step, starts_with_dash};
use crate::content::cjk;

impl Renderer<'_> {
    pub fn inline(&mut self, node: Node<'_>, value: &NodeValue) -> Step {
        match value {
            NodeValue::SoftBreak => self.line_break(node, false),
            NodeValue::LineBreak => self.line_break(node, true),
            NodeValue::Code(code) => {
                self.note_code(node);
                let literal = escape::restore(&code.literal);
                self.begin_text();
                self.out.push_str("<code>");
                escape::text(&mut self.out, &literal);
                self.out.push_str("</code>");
                self.count(&literal);
            }
            NodeValue::Math(math) => {
                self.begin_text();
                self.out.push_str(if math.display_math {
                    "<span class=\"math display\">"
                } else {
                    "<span class=\"math\">"
                });
                escape::text(&mut self.out, math.literal.trim());
                self.out.push_str("</span>");
                self.count(&math.literal);
            }
            NodeValue::HtmlInline(literal) => self.html_inline(node, literal),
            NodeValue::FootnoteReference(mark) => self.footnote_mark(mark),
            NodeValue::Image(link) => self.image(node, link),
            NodeValue::Link(link) => {
                self.open_link(node, link);
                return Step::Into;
            }
            NodeValue::Emph => {
                self.out.push_str("<em>");
                return Step::Into;
            }
            NodeValue::Strong => {
                self.out.push_str("<strong>");
                return Step::Into;
            }
            NodeValue::Strikethrough => {
                // One tilde is a range to whoever writes 9:00~11:30，14:00~17:00.
                if self.is_struck(node) {
                    self.out.push_str("<del>")
                } else {
                    self.text("~")
                }
                return Step::Into;
            }
            // No other extension is switched on: what else there may be shows its text.
            _ => return Step::Into,
        }
        Step::Done
    }

    pub fn end_inline(&mut self, node: Node<'_>, value: &NodeValue) {
        match value {
            NodeValue::Link(_) => self.close_link(),
            NodeValue::Emph => self.out.push_str("</em>"),
            NodeValue::Strong => self.out.push_str("</strong>"),
            NodeValue::Strikethrough => {
                if self.is_struck(node) {
                    self.out.push_str("</del>")
                } else {
                    self.text("~")
                }
            }
            _ => {}
        }
    }

    /// Whether a deletion is written with two tildes.
    fn is_struck(&self, node: Node<'_>) -> bool {
        let (start, _) = self.range_of(node);
        self.prepared.text.get(start..).is_some_and(|text| text.starts_with("~~"))
    }

    pub fn text(&mut self, text: &str) {
        let mut text = text;
        if self.opening {
            text = text.trim_start_matches(cjk::is_indent);
            if text.is_empty() {
                return;
            }
            self.opening = false;
        }
        escape::text(&mut self.out, text);
        self.count(text);
    }

    /// To be called before anything visible but text is written.
    pub fn begin_text(&mut self) {
        self.opening = false;
    }

    /// Takes note of text that was written.
    fn count(&mut self, text: &str) {
        self.last = text.chars().next_back().unwrap_or(self.last);
        self.length = self.length.saturating_add(cjk::length(text));
        self.summary.push(text);
    }

    fn line_break(&mut self, node: Node<'_>, hard: bool) {
        let next = node.next_sibling();
        let is_top = node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::Paragraph));
        if is_top && self.raw_open.is_empty() && self.paragraph_end == "</p>\n" {
            // A line that begins with full-width blanks is a paragraph to whoever wrote it.
            let indented =
                next.is_some_and(|next| next.data().value.text().is_some_and(|text| text.starts_with('\u{3000}')));
            if indented {
                self.out.push_str("</p>\n<p>");
                self.opening = true;
                self.last = '\n';
                self.summary.block();
                return;
            }
            if self.ends_quote && starts_with_dash(next) {
                self.out.push_str("</p>\n<footer>");
                self.paragraph_end = "</footer>\n";
                self.summary.block();
                return;
            }
        }
        if hard {
            self.out.push_str("<br>\n");
            self.summary.push(" ");
            return;
        }
        let after = next.and_then(first_char);
        if after.is_some_and(|after| cjk::joins(self.last, after)) {
            return;
        }
        self.out.push('\n');
        self.summary.push(" ");
    }

    fn footnote_mark(&mut self, mark: &NodeFootnoteReference) {
        let in_link = self.anchors_open.iter().any(|&open| open);
        self.begin_text();
        self.out.push_str(if in_link {
            "<sup class=\"fn-ref\" id=\"fnref-"
        } else {
            "<a class=\"fn-ref\" id=\"fnref-"
        });
        let number = mark.ix.to_string();
        self.out.push_str(&number);
        let first = self.out.len();
        if mark.ref_num > 1 {
            self.out.push('-');
            self.out.push_str(&mark.ref_num.to_string());
        }
        let id = format!("fnref-{number}{}", self.out.get(first..).unwrap_or_default());
        self.anchors.push(id.into());
        if in_link {
            self.out.push_str("\">");
        } else {
            self.out.push_str("\" href=\"#fn-");
            self.out.push_str(&number);
            self.out.push_str("\">");
        }
        match mark.ix {
            1..=20 => self.out.push(char::from_u32(0x245F + mark.ix).unwrap_or('注')),
            _ => {
                self.out.push('[');
                self.out.push_str(&number);
                self.out.push(']');
            }
        }
        self.out.push_str(if in_link { "</sup>" } else { "</a>" });
    }

    /// Remembers where code stands, if something was found that may turn out to be code.
    pub fn note_code(&mut self, node: Node<'_>) {
        if !self.prepared.finds.is_empty() || !self.prepared.fences.is_empty() {
            let range = self.range_of(node);
            self.code.push(range);
        }
    }
}

/// The first character that a node shows.
fn first_char(node: &AstNode<'_>) -> Option<char> {
    let mut node = node;
    loop {
        match &node.data().value {
            NodeValue::Text(text) => return text.chars().next(),
            NodeValue::Code(code) => return code.literal.chars().next(),
            NodeValue::Image(_) | NodeValue::HtmlInline(_) => return None,
            _ => {}
        }
        node = node.first_child()?;
    }
}
