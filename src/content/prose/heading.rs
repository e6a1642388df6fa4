//! Headings: which one is the page's title, which levels they get, and their anchors.

use comrak::nodes::{Node, NodeValue};

use super::escape;
use super::render::{Renderer, Step, plain_text};
use crate::content::Heading;
use crate::diag::{self, Diagnostic};

impl Renderer<'_> {
    /// The heading that is left out because the page shows it as its title: the first one, if it is a `#` that repeats
    /// the title of the front matter, or if it gives the title.
    pub fn find_title<'a>(&mut self, root: Node<'a>) -> Option<Node<'a>> {
        let (place, first) =
            root.children().enumerate().find(|(_, node)| matches!(node.data().value, NodeValue::Heading(_)))?;
        let NodeValue::Heading(heading) = first.data().value else { return None };
        let mut text = plain_text(first);
        cut_id(&mut text);
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        match self.title {
            Some(title) => {
                let same = |a: &str, b: &str| {
                    a.chars().filter(|c| !c.is_whitespace()).eq(b.chars().filter(|c| !c.is_whitespace()))
                };
                (heading.level == 1 && same(title, text)).then_some(first)
            }
            None => {
                self.first_heading = Some(text.split_whitespace().collect::<Vec<_>>().join(" ").into());
                (heading.level == 1 || place == 0).then_some(first)
            }
        }
    }

    /// Notes all ids that headings ask for, so that none made from a text takes one of them.
    pub fn collect_ids<'a>(&mut self, root: Node<'a>) {
        for node in root.descendants() {
            if !matches!(node.data().value, NodeValue::Heading(_)) {
                continue;
            }
            let id = node.data().attrs.as_ref().and_then(|attrs| attrs.id.clone());
            let Some(id) = id.map(|id| clean(&id)).or_else(|| cut_id_of(node)).filter(|id| !id.is_empty()) else {
                continue;
            };
            let taken = is_for_footnotes(&id) || !self.ids.insert(id.clone());
            if taken {
                let why = if is_for_footnotes(&id) {
                    "这类名字留给脚注用"
                } else {
                    "前面的标题已经用了它"
                };
                self.problems.push(
                    Diagnostic::error(diag::ANCHOR_REPEATED, format!("锚点名 {{#{id}}} 已被占用"))
                        .at(self.file, self.span_of(node))
                        .label(why)
                        .cause("一页里两处同名，链接不知道该跳到哪一处")
                        .cure(format!("换一个名字，例如 {{#{id}-2}}，并改正指向它的链接")),
                );
                node.data_mut().attrs = None;
            } else {
                node.data_mut().attrs =
                    Some(Box::new(comrak::nodes::Attributes { id: Some(id), ..Default::default() }));
            }
        }
    }

    pub fn heading(&mut self, node: Node<'_>, level: u8) -> Step {
        let text = plain_text(node);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return Step::Done;
        }
        while self.levels.last().is_some_and(|&above| above >= level) {
            self.levels.pop();
        }
        self.levels.push(level);
        let level = u8::try_from(self.levels.len() + 1).unwrap_or(6).min(6);
        let id = match node.data().attrs.as_ref().and_then(|attrs| attrs.id.clone()) {
            Some(id) => id,
            None => self.new_id(&anchor(&text)),
        };
        let span = self.span_of(node);
        if self.is_outermost(node) {
            self.clauses.heading(self.out.len(), &text, &id, span);
        }
        self.out.push_str("<h");
        self.out.push(char::from(b'0' + level));
        self.out.push_str(" id=\"");
        escape::text(&mut self.out, &id);
        self.out.push_str("\">");
        let is_inside = !self.frames.is_empty();
        self.headings.push(Heading { level, is_inside, id: id.into(), text: text.into(), span });
        self.tables = 0;
        self.opening = true;
        self.last = '\n';
        self.summary.pause();
        Step::Into
    }

    pub fn end_heading(&mut self) {
        self.summary.resume();
        let level = self.headings.last().map_or(2, |heading| heading.level);
        self.out.push_str("</h");
        self.out.push(char::from(b'0' + level));
        self.out.push_str(">\n");
    }

    /// `base`, or `base-1` and so on if it is taken.
    pub fn new_id(&mut self, base: &str) -> String {
        let base = if is_for_footnotes(base) { format!("h-{base}") } else { base.to_owned() };
        if self.ids.insert(base.clone()) {
            return base;
        }
        let next = self.next_id.entry(base.clone()).or_insert(1);
        loop {
            let id = format!("{base}-{next}");
            *next += 1;
            if self.ids.insert(id.clone()) {
                return id;
            }
        }
    }
}

/// The anchor of a heading by GitHub's rule: lower case, blanks become `-`, marks go, Han stays.
fn anchor(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' => id.push('-'),
            '-' | '_' => id.push(c),
            c if c.is_alphanumeric() => id.extend(c.to_lowercase()),
            _ => {}
        }
    }
    if id.is_empty() { "section".to_owned() } else { id }
}

/// An id as it may stand in HTML.
fn clean(id: &str) -> String {
    id.split_whitespace().collect::<Vec<_>>().join("-")
}

pub(super) fn is_for_footnotes(id: &str) -> bool {
    id.starts_with("fn-") || id.starts_with("fnref-")
}

/// Takes `{#id}` off the end of a heading's text; comrak itself reads ASCII ids only.
fn cut_id(text: &mut String) -> Option<String> {
    let inner = text.trim_end().strip_suffix('}')?;
    let open = inner.rfind("{#")?;
    let id = clean(inner.get(open + 2..)?);
    if id.is_empty() || id.contains(['{', '}', '"', '<', '>', '#']) {
        return None;
    }
    let kept = text.get(..open)?.trim_end().len();
    text.truncate(kept);
    Some(id)
}

fn cut_id_of(node: Node<'_>) -> Option<String> {
    let last = node.last_child()?;
    let mut data = last.data_mut();
    let text = data.value.text_mut()?;
    let mut changed = text.to_string();
    let id = cut_id(&mut changed)?;
    *text = changed.into();
    Some(id)
}
