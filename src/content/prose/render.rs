//! The walk over comrak's tree and the blocks it writes. No recursion: a tree may be as deep as a file is long. Elements
//! deeper than anybody nests on purpose are written as plain text.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use comrak::nodes::{AlertType, AstNode, ListType, Node, NodeAlert, NodeList, NodeValue};

use super::escape;
use super::parts::Frame;
use super::prepare::Prepared;
use super::raw::Dropped;
use super::summary::Summary;
use super::table::Table;
use super::{Input, foreign, pairs};
use crate::content::article::Clauses;
use crate::content::{Body, Component, Heading, Hole, Image, Link, Markdown};
use crate::diag::{self, Diagnostic, Span};

/// Elements that nest deeper than this are written as plain text.
const MOST_DEPTH: usize = 100;

/// What to do after a node was entered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Visit its children, then leave it.
    Into,
    /// All of it is written.
    Done,
}

/// Writes one document.
pub(super) struct Renderer<'r> {
    pub file: &'r Arc<str>,
    pub markdown: &'r Markdown,
    pub title: Option<&'r str>,
    /// The body as it was written, and the number of its first line in the file.
    pub body: &'r str,
    pub first_line: usize,
    pub prepared: &'r Prepared<'r>,
    pub problems: &'r mut Vec<Diagnostic>,
    pub out: String,
    pub holes: Vec<Hole>,
    pub links: Vec<Link>,
    pub images: Vec<Image>,
    pub headings: Vec<Heading>,
    pub anchors: Vec<Arc<str>>,
    pub first_heading: Option<Arc<str>>,
    pub summary: Summary,
    pub length: u32,
    /// Nodes entered and not left.
    pub depth: usize,
    /// The last character of text written, for line joins.
    pub last: char,
    /// Whether a paragraph has just begun, so that blanks at its head are dropped.
    pub opening: bool,
    /// What closes the paragraph that is open.
    pub paragraph_end: &'static str,
    /// Whether the open paragraph is the last of a quotation.
    pub ends_quote: bool,
    /// For each link entered, whether its element was written.
    pub anchors_open: Vec<bool>,
    /// Raw elements written and not closed, with the depth at which they were opened.
    pub raw_open: Vec<(String, usize)>,
    /// Where the open paragraph begins, if it stands in nothing else.
    pub clause_at: Option<usize>,
    pub clauses: Clauses,
    /// Set between `<details>` and its summary.
    pub summary_due: bool,
    /// Inline elements whose content is dropped, such as a script: the name and the depth.
    pub swallow: Option<(String, usize)>,
    pub dropped: Dropped,
    /// Ids given out.
    pub ids: HashSet<String>,
    /// The next number to try for an id that is taken.
    pub next_id: HashMap<String, u32>,
    /// Source levels of the headings above the present place.
    pub levels: Vec<u8>,
    /// How many tables stand under the last heading.
    pub tables: u32,
    pub table: Option<Table>,
    /// Ranges of code in the prepared text, kept only if something was found that may stand in them.
    pub code: Vec<(usize, usize)>,
    pub components: Vec<Component>,
    /// The components around the present place, outermost first.
    pub frames: Vec<Frame>,
    /// The `:::` lines that comrak took for the beginning of a block, and the line at which it saw the end.
    pub met: Vec<(usize, usize)>,
    /// Those of them that are wrong by themselves.
    pub odd: Vec<usize>,
    /// Where something stands in `:::` lines that was taken as meant.
    pub typed: Vec<(usize, usize)>,
    too_deep: Option<Span>,
    /// Footnotes written so far.
    pub notes: u32,
}

impl<'r> Renderer<'r> {
    pub fn new(input: &Input<'r>, prepared: &'r Prepared<'r>, problems: &'r mut Vec<Diagnostic>) -> Self {
        Self {
            file: input.file,
            markdown: &input.settings.markdown,
            title: input.title,
            body: input.text,
            first_line: input.first_line,
            prepared,
            problems,
            out: String::with_capacity(input.text.len() + input.text.len() / 8 + 64),
            holes: Vec::new(),
            links: Vec::new(),
            images: Vec::new(),
            headings: Vec::new(),
            anchors: Vec::new(),
            first_heading: None,
            summary: Summary::new(input.settings.markdown.summary_length, prepared.has_more),
            length: 0,
            depth: 0,
            last: '\n',
            opening: false,
            paragraph_end: "",
            ends_quote: false,
            anchors_open: Vec::new(),
            raw_open: Vec::new(),
            clause_at: None,
            clauses: Clauses::default(),
            summary_due: false,
            swallow: None,
            dropped: Dropped::default(),
            ids: HashSet::new(),
            next_id: HashMap::new(),
            levels: Vec::new(),
            tables: 0,
            table: None,
            code: Vec::new(),
            components: Vec::new(),
            frames: Vec::new(),
            met: Vec::new(),
            odd: Vec::new(),
            typed: Vec::new(),
            too_deep: None,
            notes: 0,
        }
    }

    /// Writes all of `root`.
    pub fn document<'a>(&mut self, root: Node<'a>) {
        if self.prepared.has_ids {
            self.collect_ids(root);
        }
        let title = self.find_title(root);
        let mut node = root;
        loop {
            let dropped = title.is_some_and(|title| title.same_node(node));
            let start = self.out.len();
            let step = if dropped { Step::Done } else { self.enter(node) };
            if !self.frames.is_empty() {
                self.begin_part(node, start, step);
            }
            if step == Step::Into {
                self.depth += 1;
                if let Some(child) = node.first_child() {
                    node = child;
                    continue;
                }
                self.leave(node);
            }
            loop {
                if node.same_node(root) {
                    return;
                }
                if let Some(next) = node.next_sibling() {
                    node = next;
                    break;
                }
                let Some(parent) = node.parent() else { return };
                node = parent;
                self.leave(node);
            }
        }
    }

    /// The body, once all is written.
    pub fn finish(mut self) -> Body {
        self.report_dropped();
        self.code.sort_unstable();
        foreign::report(&mut self);
        pairs::report(&mut self);
        let deep = self.prepared.too_deep.map(|at| self.prepared.span(at, self.prepared.line_end(at).min(at + 40)));
        if let Some(span) = deep.or(self.too_deep) {
            self.problems.push(
                Diagnostic::warning(diag::NESTED_TOO_DEEP, "引用或列表套得太深")
                    .at(self.file, span)
                    .cause("一层套一层，页面上放不下；最里面的内容只按普通文字显示")
                    .cure("减少 > 号或缩进的层数，一般不超过三层"),
            );
        }
        let clauses = self.clauses.finish(&self.ids, &mut self.holes);
        Body {
            html: self.out.into(),
            clauses: tight(clauses),
            holes: tight(self.holes),
            links: tight(self.links),
            images: tight(self.images),
            headings: tight(self.headings),
            anchors: tight(self.anchors),
            components: tight(self.components),
            first_heading: self.first_heading,
            summary: self.summary.finish().into(),
            length: self.length,
        }
    }

    /// The bytes of a node.
    pub fn span_of(&self, node: Node<'_>) -> Span {
        let (start, end) = self.range_of(node);
        self.prepared.span(start, end)
    }

    /// The range of a node in the prepared text.
    pub fn range_of(&self, node: Node<'_>) -> (usize, usize) {
        let pos = node.data().sourcepos;
        let start = self.prepared.at(pos.start.line, pos.start.column);
        let end = self.prepared.at(pos.end.line, pos.end.column + 1);
        let text = &self.prepared.text;
        (text.floor_char_boundary(start), text.ceil_char_boundary(end.max(start)))
    }

    fn enter(&mut self, node: Node<'_>) -> Step {
        if let Some((name, _)) = &self.swallow {
            return self.swallowed(node, &name.clone());
        }
        let data = node.data();
        if self.summary_due && data.value.block() {
            self.summary_before(&data.value);
        }
        if self.depth >= MOST_DEPTH && is_container(&data.value) {
            return self.plain(node, &data.value);
        }
        match &data.value {
            NodeValue::Text(text) => {
                self.text(text);
                Step::Done
            }
            NodeValue::Document => Step::Into,
            NodeValue::Paragraph => self.paragraph(node),
            NodeValue::Heading(heading) => {
                let level = heading.level;
                drop(data);
                self.heading(node, level)
            }
            NodeValue::BlockQuote => self.open("<blockquote>\n"),
            NodeValue::List(list) => self.list(list),
            NodeValue::Item(_) => self.open("<li>"),
            NodeValue::TaskItem(task) => {
                let (class, label) =
                    if task.symbol.is_some() { ("task done", "已完成") } else { ("task", "未完成") };
                self.out.push_str("<li class=\"task-item\"><span class=\"");
                self.out.push_str(class);
                self.out.push_str("\" role=\"img\" aria-label=\"");
                self.out.push_str(label);
                self.out.push_str("\"></span> ");
                Step::Into
            }
            NodeValue::DescriptionList => self.open("<dl>\n"),
            NodeValue::DescriptionTerm => self.open("<dt>"),
            NodeValue::DescriptionDetails => self.open("<dd>"),
            NodeValue::CodeBlock(code) => {
                self.code_block(node, code);
                Step::Done
            }
            NodeValue::HtmlBlock(html) => {
                let literal = escape::restore(&html.literal);
                self.html_block(node, &literal);
                Step::Done
            }
            NodeValue::ThematicBreak => {
                self.out.push_str("<hr>\n");
                Step::Done
            }
            NodeValue::FootnoteDefinition(note) => self.footnote(node, note),
            NodeValue::Table(table) => self.open_table(node, table),
            NodeValue::TableRow(header) => self.open_row(*header),
            NodeValue::TableCell => self.open_cell(node),
            NodeValue::Alert(alert) => self.alert(alert),
            NodeValue::BlockDirective(_) => {
                drop(data);
                self.open_component(node);
                Step::Into
            }
            value => self.inline(node, value),
        }
    }

    fn open(&mut self, tag: &str) -> Step {
        self.out.push_str(tag);
        Step::Into
    }

    fn leave(&mut self, node: Node<'_>) {
        if !self.raw_open.is_empty() || self.swallow.is_some() {
            self.close_raw();
        }
        self.depth -= 1;
        if !self.frames.is_empty() {
            self.end_part(node);
        }
        self.leave_node(node);
        if !self.frames.is_empty() {
            self.close_part();
        }
    }

    fn leave_node(&mut self, node: Node<'_>) {
        let data = node.data();
        match &data.value {
            NodeValue::BlockDirective(_) => self.close_component(),
            NodeValue::Paragraph => self.end_paragraph(node),
            NodeValue::Heading(_) => self.end_heading(),
            NodeValue::BlockQuote => self.out.push_str("</blockquote>\n"),
            NodeValue::List(list) => {
                self.out.push_str(if list.list_type == ListType::Bullet { "</ul>\n" } else { "</ol>\n" });
                self.summary.block();
            }
            NodeValue::Item(_) | NodeValue::TaskItem(_) => {
                self.out.push_str("</li>\n");
                self.summary.block();
            }
            NodeValue::DescriptionList => self.out.push_str("</dl>\n"),
            NodeValue::DescriptionTerm => self.out.push_str("</dt>\n"),
            NodeValue::DescriptionDetails => self.out.push_str("</dd>\n"),
            NodeValue::FootnoteDefinition(note) => self.end_footnote(node, note.total_references),
            NodeValue::Table(_) => self.end_table(),
            NodeValue::TableRow(header) => self.end_row(*header),
            NodeValue::TableCell => self.end_cell(),
            NodeValue::Alert(_) => self.out.push_str("</aside>\n"),
            NodeValue::Document => {
                if self.notes > 0 {
                    self.out.push_str("</ol>\n</section>\n");
                }
            }
            value => self.end_inline(node, value),
        }
    }

    fn paragraph(&mut self, node: Node<'_>) -> Step {
        self.opening = true;
        self.last = '\n';
        self.ends_quote = false;
        self.paragraph_end = "";
        self.clause_at = None;
        if is_tight(node) {
            return Step::Into;
        }
        if is_toc(node) {
            return Step::Done;
        }
        if self.figure(node) {
            return Step::Done;
        }
        let in_quote = node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::BlockQuote));
        self.ends_quote = in_quote && node.next_sibling().is_none();
        if self.ends_quote && starts_with_dash(node.first_child()) {
            self.out.push_str("<footer>");
            self.paragraph_end = "</footer>\n";
        } else {
            self.clause_at = self.is_outermost(node).then_some(self.out.len());
            self.out.push_str("<p>");
            self.paragraph_end = "</p>\n";
        }
        Step::Into
    }

    fn end_paragraph(&mut self, node: Node<'_>) {
        self.summary.block();
        self.opening = false;
        if self.paragraph_end == "</p>\n" && self.out.ends_with("<p>") {
            // Nothing was left of it.
            self.out.truncate(self.out.len() - 3);
            return;
        }
        if self.paragraph_end == "</p>\n" {
            self.unwrap_anchors();
        }
        if node.next_sibling().is_none()
            && let Some(parent) = node.parent()
            && let NodeValue::FootnoteDefinition(note) = &parent.data().value
        {
            self.back_links(note.total_references);
        }
        self.out.push_str(self.paragraph_end);
        if let Some(start) = self.clause_at.take()
            && self.out.get(start..).is_some_and(|html| html.starts_with("<p>"))
        {
            let span = self.span_of(node);
            self.clauses.paragraph(start, &self.out[start..], span);
        }
    }

    /// Whether a block stands in nothing else.
    pub fn is_outermost(&self, node: Node<'_>) -> bool {
        self.frames.is_empty() && node.parent().is_some_and(|parent| matches!(parent.data().value, NodeValue::Document))
    }

    fn list(&mut self, list: &NodeList) -> Step {
        // A list inside a tight item follows its text on a line of its own.
        if !self.out.ends_with('\n') && !self.out.is_empty() {
            self.out.push('\n');
        }
        match (list.list_type, list.start) {
            (ListType::Bullet, _) if list.is_task_list => self.out.push_str("<ul class=\"tasks\">\n"),
            (ListType::Bullet, _) => self.out.push_str("<ul>\n"),
            (ListType::Ordered, 1) => self.out.push_str("<ol>\n"),
            (ListType::Ordered, start) => {
                self.out.push_str("<ol start=\"");
                self.out.push_str(&start.to_string());
                self.out.push_str("\">\n");
            }
        }
        Step::Into
    }

    fn alert(&mut self, alert: &NodeAlert) -> Step {
        let (class, title) = match alert.alert_type {
            AlertType::Note => ("note", "提示"),
            AlertType::Tip => ("tip", "建议"),
            AlertType::Important => ("important", "重要"),
            AlertType::Warning => ("warning", "注意"),
            AlertType::Caution => ("caution", "警告"),
        };
        self.out.push_str("<aside class=\"alert alert-");
        self.out.push_str(class);
        self.out.push_str("\" role=\"note\">\n<p class=\"alert-title\">");
        escape::text(&mut self.out, alert.title.as_deref().map_or(title, str::trim));
        self.out.push_str("</p>\n");
        Step::Into
    }

    fn plain(&mut self, node: Node<'_>, value: &NodeValue) -> Step {
        if self.too_deep.is_none() {
            self.too_deep = Some(self.span_of(node));
        }
        let text = plain_text(node);
        if value.block() {
            self.out.push_str("<p>");
            escape::text(&mut self.out, &text);
            self.out.push_str("</p>\n");
        } else {
            escape::text(&mut self.out, &text);
        }
        Step::Done
    }
}

/// Elements that can hold others of their kind.
fn is_container(value: &NodeValue) -> bool {
    matches!(
        value,
        NodeValue::BlockQuote
            | NodeValue::List(_)
            | NodeValue::Alert(_)
            | NodeValue::DescriptionList
            | NodeValue::BlockDirective(_)
            | NodeValue::Table(_)
            | NodeValue::Emph
            | NodeValue::Strong
            | NodeValue::Strikethrough
            | NodeValue::Link(_)
    )
}

/// Whether a paragraph is written without an element of its own.
fn is_tight(node: Node<'_>) -> bool {
    let Some(parent) = node.parent() else { return false };
    match &parent.data().value {
        NodeValue::Item(_) | NodeValue::TaskItem(_) => {
            parent.parent().is_some_and(|list| matches!(&list.data().value, NodeValue::List(list) if list.tight))
        }
        NodeValue::DescriptionTerm => true,
        NodeValue::DescriptionDetails => parent
            .parent()
            .is_some_and(|item| matches!(&item.data().value, NodeValue::DescriptionItem(item) if item.tight)),
        _ => false,
    }
}

/// Whether a paragraph is another system's mark for a table of contents, which pages here have anyway.
fn is_toc(node: Node<'_>) -> bool {
    let Some(child) = node.first_child().filter(|child| child.next_sibling().is_none()) else { return false };
    let data = child.data();
    data.value.text().is_some_and(|text| {
        let bare = text.trim().trim_matches(['[', ']']);
        text.len() <= 12
            && (bare.eq_ignore_ascii_case("toc") || bare.eq_ignore_ascii_case("_toc_"))
            && text.starts_with('[')
    })
}

/// Whether the text that follows begins with a Chinese dash, as a quotation's source does.
pub(super) fn starts_with_dash(node: Option<&AstNode<'_>>) -> bool {
    node.is_some_and(|node| node.data().value.text().is_some_and(|text| text.trim_start().starts_with("——")))
}

/// The text of a node and all below it.
pub(super) fn plain_text<'a>(node: &'a AstNode<'a>) -> String {
    let mut text = String::new();
    for node in node.descendants() {
        match &node.data().value {
            NodeValue::Text(literal) => text.push_str(&escape::restore(literal)),
            NodeValue::Code(code) => text.push_str(&escape::restore(&code.literal)),
            NodeValue::Math(math) => text.push_str(&math.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// A list without spare room: documents live as long as the build.
pub(super) fn tight<T>(mut list: Vec<T>) -> Vec<T> {
    list.shrink_to_fit();
    list
}
