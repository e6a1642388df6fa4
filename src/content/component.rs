//! What a `:::名称` block is once parsed: its line taken apart, its HTML with holes, and what stands in it as data. A
//! component's template gets all of that, and only the theme knows which names and arguments mean something, so nothing
//! here is looked up: a change to a template parses no Markdown.

use std::ops::Range;
use std::sync::Arc;

use super::document::Hole;
use crate::diag::Span;

/// One `:::` block. Its links, pictures and headings stand in the document's lists like all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its name as it was written, in whichever language.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_span: Span,
    /// The words of its line that are no arguments.
    pub title: Arc<str>,
    /// `键=值`, in order.
    pub args: Vec<Arg>,
    /// The line that opens it.
    pub span: Span,
    /// An id that no heading of the document has.
    pub id: Arc<str>,
    /// How many components it stands in.
    pub depth: u32,
    /// HTML fragments and holes in turn, as [`super::Body::html`].
    pub html: Arc<str>,
    /// The holes, by ascending offset.
    pub holes: Vec<Hole>,
    /// What stands in it: each part before those inside it.
    pub parts: Vec<Part>,
}

/// An argument of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arg {
    /// Its key as it was written.
    pub key: Arc<str>,
    /// Its value without quotes.
    pub value: Arc<str>,
    /// Where the key stands.
    pub key_span: Span,
    /// Where the value stands.
    pub value_span: Span,
    /// `links[n]` of the document, where the theme says that the value names a file.
    pub link: Option<u32>,
}

/// A block, row, cell, item or picture in a component. All of it is ranges of the component's HTML, so that what a
/// template does not ask for costs nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Index of the part behind the last one inside it.
    pub end: u32,
    outer: (u32, u32),
    inner: (u32, u32),
}

/// What a [`Part`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// `headings[n]` of the document.
    Heading(u32),
    /// A paragraph; the bare text of an item is none.
    Paragraph,
    /// A list, numbered or not.
    List {
        /// Whether it is numbered.
        ordered: bool,
    },
    /// An item of a list; of a task list with its tick.
    Item {
        /// Whether it is done.
        checked: Option<bool>,
    },
    /// A table.
    Table,
    /// A row of a table.
    Row {
        /// Whether it heads the table.
        header: bool,
    },
    /// A cell of a row.
    Cell,
    /// A block of code.
    Code,
    /// A quotation.
    Quote,
    /// A rule.
    Rule,
    /// A list of terms and what they mean.
    Definitions,
    /// A term.
    Term,
    /// What a term means.
    Definition,
    /// A picture alone in its paragraph: `images[n]` of the document.
    Figure(u32),
    /// A picture in a line: `images[n]` of the document.
    Image(u32),
    /// `components[n]` of the document.
    Component(u32),
    /// Anything else.
    Other,
}

impl Component {
    /// Indices of the parts of `range` that stand in no other of them.
    pub fn siblings(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
        let mut at = range.start;
        std::iter::from_fn(move || {
            let part = self.parts.get(at).filter(|_| at < range.end)?;
            let here = at;
            at = (part.end as usize).max(at + 1);
            Some(here)
        })
    }

    /// Indices of the parts that stand in no other.
    pub fn tops(&self) -> impl Iterator<Item = usize> {
        self.siblings(0..self.parts.len())
    }

    /// Indices of what stands directly in part number `at`.
    pub fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        self.siblings(at + 1..self.parts.get(at).map_or(0, |part| part.end as usize))
    }

    /// Whether part number `at` is a list.
    pub fn is_list(&self, at: usize) -> bool {
        self.parts.get(at).is_some_and(|part| matches!(part.kind, PartKind::List { .. }))
    }

    /// What stands in item number `item` before the first list in it.
    pub fn lead(&self, item: usize) -> Range<usize> {
        let Some(inner) = self.parts.get(item).map(Part::inner) else { return 0..0 };
        let list = self.children(item).find(|&at| self.is_list(at)).and_then(|at| self.parts.get(at));
        inner.start..list.map_or(inner.end, |list| list.outer().start.clamp(inner.start, inner.end))
    }

    /// A stretch of its HTML, holes left out.
    pub fn stretch(&self, range: Range<usize>) -> &str {
        self.html.get(range).unwrap_or_default()
    }
}

impl Part {
    /// A part that begins at `start` of the HTML; its ends are set once they are known.
    pub(super) fn new(kind: PartKind, start: usize, inside: usize) -> Self {
        let (start, inside) = (cut(start), cut(inside.max(start)));
        Self { kind, end: 0, outer: (start, inside), inner: (inside, inside) }
    }

    /// Its content ends at byte `at` of the HTML.
    pub(super) fn end_inner(&mut self, at: usize) {
        // A tag that turned out to hold nothing is taken back.
        self.inner = (self.inner.0.min(cut(at)), cut(at));
    }

    /// It ends at byte `at` of the HTML, before part number `next`.
    pub(super) fn end_outer(&mut self, at: usize, next: usize) {
        self.outer = (self.outer.0.min(cut(at)), cut(at));
        self.inner = (self.inner.0.min(cut(at)), self.inner.1.min(cut(at)));
        self.end = cut(next);
    }

    /// Its content is all of it but so many bytes at its head and its end.
    pub(super) fn bare(&mut self, head: usize, tail: usize) {
        self.inner = (self.outer.0 + cut(head), self.outer.1 - cut(tail));
    }

    /// Its bytes of the HTML, tags included.
    pub fn outer(&self) -> Range<usize> {
        self.outer.0 as usize..self.outer.1 as usize
    }

    /// The bytes of the HTML between its tags.
    pub fn inner(&self) -> Range<usize> {
        self.inner.0 as usize..self.inner.1 as usize
    }
}

fn cut(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
