//! The parts of a component as its template sees them: objects made one by one as the template comes to them, each a
//! stretch of HTML that is already there.

use std::ops::Range;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};

use super::component::face;
use super::fill::Text;
use super::picture;
use super::view::{self, View, lazy};
use crate::content::{Heading, Part, PartKind, plain};
use crate::model::AssetId;

/// The parts of component number `n` that stand side by side in `range`.
pub(super) fn parts(text: &Arc<Text>, n: u32, range: Range<usize>) -> Value {
    let component = text.component(n);
    let list = component.into_iter().flat_map(|component| component.siblings(range.clone())).collect();
    Value::from_object(Parts { text: text.clone(), n, list })
}

/// A list of parts; each becomes an object when a template comes to it.
#[derive(Debug)]
struct Parts {
    text: Arc<Text>,
    n: u32,
    list: Box<[usize]>,
}

impl Object for Parts {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let at = *self.list.get(key.as_usize()?)?;
        Some(lazy(PartView { text: self.text.clone(), n: self.n, at }))
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.list.len())
    }
}

/// Part number `at` of component number `n`.
#[derive(Debug)]
struct PartView {
    text: Arc<Text>,
    n: u32,
    at: usize,
}

impl View for PartView {
    fn identity(&self) -> (u8, u64) {
        (14, u64::from(self.n) << 32 | self.at as u64)
    }

    fn get(&self, key: &str) -> Option<Value> {
        let part = self.part(self.at)?;
        if key == "kind" {
            return Some(kind(&part.kind).into());
        }
        if let PartKind::Component(n) = part.kind {
            return self.component(n, key);
        }
        Some(match (key, &part.kind) {
            ("html", _) => self.safe(part.outer()),
            ("inner", _) => self.safe(part.inner()),
            ("text", PartKind::Heading(n)) => view::text(&self.heading(*n)?.text),
            ("text", PartKind::Code) => plain::text(self.html(part.inner())).into_owned().into(),
            ("text", _) => plain::words(&self.text.cut(Some(self.n), part.inner())).into(),
            ("parts", _) => parts(&self.text, self.n, self.inside()),
            ("level", PartKind::Heading(n)) => u32::from(self.heading(*n)?.level).into(),
            ("id", PartKind::Heading(n)) => view::text(&self.heading(*n)?.id),
            ("ordered", PartKind::List { ordered }) => (*ordered).into(),
            ("checked", PartKind::Item { checked }) => view::or_none(*checked),
            ("header", PartKind::Row { header }) => (*header).into(),
            ("lang", PartKind::Code) => {
                let class = plain::attribute(self.html(part.outer()), "class").unwrap_or_default();
                class.strip_prefix("language-").unwrap_or_default().into()
            }
            ("lead", PartKind::Item { .. }) => self.safe(self.lead(self.at)),
            ("fields", PartKind::Item { .. }) => {
                let lists = self.children(self.at).filter(|&at| self.is_list(at));
                lists.flat_map(|list| self.fields(list)).collect()
            }
            ("fields", PartKind::List { .. }) => self.fields(self.at).collect(),
            ("fielded", PartKind::List { .. }) => self.is_fielded(self.at).into(),
            ("field", PartKind::Item { .. } | PartKind::List { .. }) => {
                Value::from_object(ByName(Self { text: self.text.clone(), ..*self }))
            }
            (_, PartKind::Figure(n) | PartKind::Image(n)) => return self.picture(*n, key, part),
            _ => return None,
        })
    }
}

impl PartView {
    fn part(&self, at: usize) -> Option<&Part> {
        self.text.component(self.n)?.parts.get(at)
    }

    fn heading(&self, n: u32) -> Option<&Heading> {
        self.text.body().headings.get(n as usize)
    }

    fn html(&self, range: Range<usize>) -> &str {
        self.text.component(self.n).map_or("", |component| component.stretch(range))
    }

    /// A stretch of HTML, without blanks at its ends.
    fn safe(&self, range: Range<usize>) -> Value {
        // A component may stand at the very end, so only what is filled is cut.
        let mut html = self.text.cut(Some(self.n), range);
        html.truncate(html.trim_end().len());
        if html.starts_with(char::is_whitespace) {
            html = html.trim_start().to_owned();
        }
        Value::from_safe_string(html)
    }

    /// Indices of everything inside this part.
    fn inside(&self) -> Range<usize> {
        self.at + 1..self.part(self.at).map_or(0, |part| part.end as usize)
    }

    /// Indices of what stands directly in part number `at`.
    fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        self.text.component(self.n).into_iter().flat_map(move |component| component.children(at))
    }

    fn is_list(&self, at: usize) -> bool {
        self.text.component(self.n).is_some_and(|component| component.is_list(at))
    }

    /// What stands in an item before the first list in it.
    fn lead(&self, item: usize) -> Range<usize> {
        self.text.component(self.n).map_or(0..0, |component| component.lead(item))
    }

    /// The items of a list that say `名：值`.
    fn fields(&self, list: usize) -> impl Iterator<Item = Value> {
        self.children(list).filter_map(|item| {
            let (name, value) = self.text.field(self.n, item)?.clone();
            Some(lazy(Field { list: Self { text: self.text.clone(), ..*self }, name, value }))
        })
    }

    /// Whether all items of a list say `名：值`.
    fn is_fielded(&self, list: usize) -> bool {
        self.children(list).all(|item| self.text.field(self.n, item).is_some())
    }

    fn component(&self, n: u32, key: &str) -> Option<Value> {
        let text = &self.text;
        Some(match key {
            "html" | "inner" => Value::from_safe_string(text.made(n).to_string()),
            "text" => plain::words(&text.content(n)).into(),
            "name" => {
                let called = &text.component(n)?.name;
                view::text(text.scope.theme.component(called).map_or(called, |kind| kind.stem()))
            }
            _ => return face(text, n, key),
        })
    }

    fn picture(&self, n: u32, key: &str, part: &Part) -> Option<Value> {
        let scope = &self.text.scope;
        let asset = || Some(scope.read(self.text.at).asset(self.text.prose().image(n)?));
        let html = self.html(part.outer());
        Some(match key {
            "alt" => plain::attribute(html, "alt")?.into_owned().into(),
            "caption" => {
                let caption = html.split_once("<figcaption>").map_or("", |(_, rest)| rest);
                plain::words(caption).into()
            }
            "src" => scope.local(self.text.at, asset()?.url()).into(),
            "width" => asset()?.dimensions()?.0.into(),
            "height" => asset()?.dimensions()?.1.into(),
            "srcset" => picture::srcset(scope, self.text.at, asset()?).into(),
            "small" => picture::small(scope, self.text.at, asset()?).into(),
            _ => return None,
        })
    }
}

/// The picture that a template has in its hands as a part, and its words; the file is `None` if there is none.
pub(super) fn picture_of(value: &Value) -> Option<(Option<AssetId>, String)> {
    let part = view::viewed::<PartView>(value)?;
    let (PartKind::Figure(n) | PartKind::Image(n)) = part.part(part.at)?.kind else { return None };
    let alt = plain::attribute(part.html(part.part(part.at)?.outer()), "alt").unwrap_or_default().into_owned();
    Some((part.text.prose().image(n), alt))
}

/// The values of an item's or a list's fields, by name.
#[derive(Debug)]
struct ByName(PartView);

impl Object for ByName {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let part = &self.0;
        let lists = part.children(part.at).filter(|&at| part.is_list(at));
        let own = part.is_list(part.at).then_some(part.at);
        let mut items = own.into_iter().chain(lists).flat_map(|list| part.children(list));
        let value = items.find_map(|item| {
            let (name, value) = part.text.field(part.n, item)?;
            (**name == *key).then(|| value.clone())
        })?;
        Some(part.safe(value))
    }
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
}

/// An item that says `名：值`.
#[derive(Debug)]
struct Field {
    /// A part of the component that it stands in.
    list: PartView,
    name: Arc<str>,
    value: Range<usize>,
}

impl View for Field {
    fn identity(&self) -> (u8, u64) {
        (15, u64::from(self.list.n) << 32 | self.value.start as u64)
    }

    fn get(&self, key: &str) -> Option<Value> {
        Some(match key {
            "name" => view::text(&self.name),
            "value" => self.list.safe(self.value.clone()),
            "text" => plain::words(self.list.html(self.value.clone())).into(),
            _ => return None,
        })
    }
}

/// The word by which a template knows a kind of part.
fn kind(kind: &PartKind) -> &'static str {
    match kind {
        PartKind::Heading(_) => "heading",
        PartKind::Paragraph => "paragraph",
        PartKind::List { .. } => "list",
        PartKind::Item { .. } => "item",
        PartKind::Table => "table",
        PartKind::Row { .. } => "row",
        PartKind::Cell => "cell",
        PartKind::Code => "code",
        PartKind::Quote => "quote",
        PartKind::Rule => "rule",
        PartKind::Definitions => "definitions",
        PartKind::Term => "term",
        PartKind::Definition => "definition",
        PartKind::Figure(_) => "figure",
        PartKind::Image(_) => "image",
        PartKind::Component(_) => "component",
        PartKind::Other => "other",
    }
}
