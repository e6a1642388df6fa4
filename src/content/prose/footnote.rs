//! Footnotes, at the end of the document.

use comrak::nodes::{Node, NodeFootnoteDefinition, NodeValue};

use super::render::{Renderer, Step};
use crate::diag::{self, Diagnostic};

/// A footnote that is mentioned more often has no way back to the later places.
const MOST_BACK_LINKS: u32 = 20;

impl Renderer<'_> {
    /// Definitions stand at the document's end, in the order of their numbers; comrak leaves those in place that stand
    /// in another one or have a name that comes again.
    pub fn footnote(&mut self, node: Node<'_>, note: &NodeFootnoteDefinition) -> Step {
        if note.total_references == 0 {
            let (start, _) = self.range_of(node);
            self.problems.push(
                Diagnostic::warning(diag::FOOTNOTE_UNUSED, format!("脚注 [^{}] 写了两次，这一处不会显示", note.name))
                    .at(self.file, self.prepared.span(start, self.prepared.line_end(start)))
                    .cause("同名的脚注只取最后一条；写在另一条脚注里面的也不取")
                    .cure("给它换一个名字，并在正文里用新名字引用；每条脚注都从行首写起"),
            );
            return Step::Done;
        }
        if self.notes == 0 {
            self.summary.stop();
            self.close_raw();
            self.out.push_str("<section class=\"footnotes\" aria-label=\"注释\">\n<ol>\n");
        }
        self.notes += 1;
        let id = format!("fn-{}", self.notes);
        self.out.push_str("<li id=\"");
        self.out.push_str(&id);
        self.out.push_str("\">");
        self.anchors.push(id.into());
        Step::Into
    }

    pub fn end_footnote(&mut self, node: Node<'_>, references: u32) {
        if !node.last_child().is_some_and(|last| matches!(last.data().value, NodeValue::Paragraph)) {
            self.out.push_str("<p>");
            self.back_links(references);
            self.out.push_str("</p>\n");
        }
        self.out.push_str("</li>\n");
    }

    /// The ways back from a footnote to the places that mention it.
    pub fn back_links(&mut self, references: u32) {
        for reference in 1..=references.clamp(1, MOST_BACK_LINKS) {
            self.out.push_str(" <a class=\"fn-back\" href=\"#fnref-");
            self.out.push_str(&self.notes.to_string());
            if reference > 1 {
                self.out.push('-');
                self.out.push_str(&reference.to_string());
            }
            self.out.push_str("\" aria-label=\"返回正文");
            if references > 1 {
                self.out.push_str("第 ");
                self.out.push_str(&reference.to_string());
                self.out.push_str(" 处");
            }
            self.out.push_str("\">↩</a>");
        }
    }
}
