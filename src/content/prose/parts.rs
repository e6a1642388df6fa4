//! Components while they are written: each has its own HTML and holes, and a list of what stands in it. The walk goes on
//! as in any other text, so links, headings, summary and length are what they would be without the `:::` lines.

use std::sync::Arc;

use comrak::nodes::{ListType, Node, NodeValue};

use super::opening::{Opening, Word};
use super::render::{Renderer, Step, tight};
use crate::content::{Arg, Component, Fill, Hole, Part, PartKind, cjk};

/// A component that is being written.
pub(super) struct Frame {
    /// What was written around it so far.
    outer: (String, Vec<Hole>),
    /// Its index.
    index: usize,
    parts: Vec<Part>,
    /// Parts whose end is still to come, each with the depth of its node.
    open: Vec<(usize, usize)>,
    /// How many raw elements were open around it.
    raw: usize,
    /// The part in which a raw element was opened that later siblings stand in.
    loose: Option<usize>,
}

impl Renderer<'_> {
    pub fn open_component(&mut self, node: Node<'_>) {
        let pos = node.data().sourcepos;
        let fence = self.prepared.fences.at_row(pos.start.line.saturating_sub(1));
        let opening = match fence.and_then(|index| Some((index, self.prepared.fences.list().get(index)?))) {
            Some((index, fence)) => {
                self.met.push((index, pos.end.line.saturating_sub(1)));
                let opening = if fence.opens { Opening::read(self.body, fence) } else { Opening::default() };
                if fence.opens && (opening.name.is_empty() || opening.args.iter().any(|word| word.fault.is_some())) {
                    self.odd.push(index);
                }
                let span = self.prepared.body_span(fence.start, fence.start + self.line_of(fence).trim_end().len());
                Some((opening, span))
            }
            None => None,
        };
        let (opening, span) = opening.unwrap_or_else(|| (Opening::default(), self.span_of(node)));
        self.typed.extend(&opening.typed);
        let name_span = self.prepared.body_span(opening.name_at, opening.name_at + opening.name.len());
        self.length = self.length.saturating_add(cjk::length(&opening.title));
        let index = self.components.len();
        let id = self.new_id(&format!("c{}", index + 1));
        let args = opening.args.iter().map(|word| self.argument(word)).collect();
        self.components.push(Component {
            name: opening.name.into(),
            name_span,
            title: opening.title.into(),
            args: tight(args),
            span,
            id: id.into(),
            depth: u32::try_from(self.frames.len()).unwrap_or(u32::MAX),
            html: Arc::default(),
            holes: Vec::new(),
            parts: Vec::new(),
        });
        let room = fence.and_then(|index| self.prepared.fences.length(index)).unwrap_or_default();
        self.frames.push(Frame {
            outer: (
                std::mem::replace(&mut self.out, String::with_capacity(room + room / 4 + 64)),
                std::mem::take(&mut self.holes),
            ),
            index,
            parts: Vec::with_capacity(room / 48 + 4),
            open: Vec::new(),
            raw: self.raw_open.len(),
            loose: None,
        });
    }

    fn argument(&self, word: &Word<'_>) -> Arg {
        Arg {
            key: word.key.into(),
            value: word.value.into(),
            key_span: self.prepared.body_span(word.key_at, word.key_at + word.key.len()),
            value_span: self.prepared.body_span(word.value_at, word.value_at + word.value.len()),
            link: None,
        }
    }

    pub fn close_component(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let (out, holes) = frame.outer;
        let html = std::mem::replace(&mut self.out, out);
        let holes = std::mem::replace(&mut self.holes, holes);
        if let Some(component) = self.components.get_mut(frame.index) {
            component.html = html.into();
            component.holes = tight(holes);
            component.parts = tight(frame.parts);
        }
        if !self.out.ends_with('\n') && !self.out.is_empty() {
            self.out.push('\n');
        }
        let index = u32::try_from(frame.index).unwrap_or(u32::MAX);
        let start = self.out.len();
        self.hole(Fill::Component(index));
        self.out.push('\n');
        if let Some(outer) = self.frames.last_mut().filter(|outer| outer.raw == self.raw_open.len()) {
            let mut part = Part::new(PartKind::Component(index), start, start);
            part.end_inner(self.out.len());
            part.end_outer(self.out.len(), outer.parts.len() + 1);
            outer.parts.push(part);
        }
    }

    /// Takes note of a part that was entered, and of what stands at its head already.
    pub fn begin_part(&mut self, node: Node<'_>, start: usize, step: Step) {
        if matches!(node.data().value, NodeValue::Text(_) | NodeValue::SoftBreak) {
            return;
        }
        let raw = self.raw_open.len();
        let (out, depth) = (self.out.len(), self.depth);
        let kind = self.part_kind(node, start, step);
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.loose.is_some() {
            frame.settle(raw, out);
            return;
        }
        let Some(kind) = kind.filter(|_| step == Step::Into || out > start) else { return };
        let index = frame.parts.len();
        // The body of a table begins with its first row, and ends with the table.
        let start = if matches!(kind, PartKind::Row { header: false }) { out - "<tr>\n".len() } else { start };
        let inside = if step == Step::Into && kind != PartKind::Table { out } else { start };
        frame.parts.push(Part::new(kind, start, inside));
        if step == Step::Into {
            frame.open.push((index, depth));
        } else {
            frame.end(index, out);
            // What raw HTML has opened stays open for what follows, so that belongs to this part.
            if raw > frame.raw && matches!(node.data().value, NodeValue::HtmlBlock(_)) {
                frame.loose = Some(index);
            }
        }
    }

    /// The content of a part ends; what is open in it has been closed.
    pub fn end_part(&mut self, node: Node<'_>) {
        let (raw, out, depth) = (self.raw_open.len(), self.out.len(), self.depth);
        let Some(frame) = self.frames.last_mut() else { return };
        frame.settle(raw, out);
        if matches!(node.data().value, NodeValue::BlockDirective(_)) {
            return;
        }
        if let Some(&(index, _)) = frame.open.last().filter(|(_, at)| *at == depth)
            && let Some(part) = frame.parts.get_mut(index)
        {
            part.end_inner(out);
        }
    }

    /// A part ends.
    pub fn close_part(&mut self) {
        let (out, depth) = (self.out.len(), self.depth);
        let Some(frame) = self.frames.last_mut() else { return };
        if let Some((index, _)) = frame.open.pop_if(|(_, at)| *at == depth) {
            let next = frame.parts.len();
            if let Some(part) = frame.parts.get_mut(index) {
                part.end_outer(out, next);
                match part.kind {
                    PartKind::Table => part.bare(0, 0),
                    // It may have become two, or none.
                    PartKind::Paragraph => {
                        let html = self.out.get(part.outer()).unwrap_or_default();
                        let one = html.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>\n"));
                        let is_one = one.is_some_and(|inside| !inside.contains("<p>"));
                        if is_one { part.bare("<p>".len(), "</p>\n".len()) } else { part.bare(0, 0) }
                    }
                    _ => {}
                }
            }
        }
    }

    fn part_kind(&self, node: Node<'_>, start: usize, step: Step) -> Option<PartKind> {
        let count = |n: usize| u32::try_from(n.saturating_sub(1)).unwrap_or(u32::MAX);
        let written = self.out.get(start..).unwrap_or_default();
        Some(match &node.data().value {
            NodeValue::Heading(_) if step == Step::Into => PartKind::Heading(count(self.headings.len())),
            NodeValue::Paragraph if written.starts_with("<figure>") => PartKind::Figure(count(self.images.len())),
            // The bare text of an item is the item's.
            NodeValue::Paragraph if written.is_empty() => return None,
            NodeValue::Paragraph => PartKind::Paragraph,
            NodeValue::List(list) => PartKind::List { ordered: list.list_type == ListType::Ordered },
            NodeValue::Item(_) => PartKind::Item { checked: None },
            NodeValue::TaskItem(task) => PartKind::Item { checked: Some(task.symbol.is_some()) },
            NodeValue::Table(_) => PartKind::Table,
            NodeValue::TableRow(header) if step == Step::Into => PartKind::Row { header: *header },
            NodeValue::TableCell => PartKind::Cell,
            NodeValue::CodeBlock(_) => PartKind::Code,
            NodeValue::BlockQuote => PartKind::Quote,
            NodeValue::ThematicBreak => PartKind::Rule,
            NodeValue::DescriptionList => PartKind::Definitions,
            NodeValue::DescriptionTerm => PartKind::Term,
            NodeValue::DescriptionDetails => PartKind::Definition,
            NodeValue::Image(_) if written.starts_with("<img") => PartKind::Image(count(self.images.len())),
            NodeValue::Alert(_) | NodeValue::HtmlBlock(_) => PartKind::Other,
            _ => return None,
        })
    }
}

impl Frame {
    /// Ends the part that a raw element had kept open, if that is closed.
    fn settle(&mut self, raw: usize, out: usize) {
        if raw <= self.raw
            && let Some(index) = self.loose.take()
        {
            self.end(index, out);
        }
    }

    fn end(&mut self, index: usize, out: usize) {
        let next = self.parts.len();
        if let Some(part) = self.parts.get_mut(index) {
            part.end_inner(out);
            part.end_outer(out, next);
        }
    }
}
