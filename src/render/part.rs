//! The parts of a component as its template sees them: objects made one by one as the template comes to them, each a
//! stretch of HTML that is already there.

use std::ops::Range;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value, from_args};
use minijinja::{Error, ErrorKind, State};

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

/// The kinds of what stands in component number `n` one beside the other.
pub(super) fn kinds(text: &Arc<Text>, n: u32) -> Value {
    let component = text.component(n);
    let siblings = component.into_iter().flat_map(|component| component.siblings(0..component.parts.len()));
    siblings.filter_map(|at| Some(Value::from(kind(&component?.parts.get(at)?.kind)))).collect()
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
            ("head", PartKind::Item { .. }) => self.safe(self.headed().0?),
            ("rest", PartKind::Item { .. }) => self.safe(self.headed().1),
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

    /// What stands in bold at the head of an item, and what of its own text follows.
    fn headed(&self) -> (Option<Range<usize>>, Range<usize>) {
        let lead = self.lead(self.at);
        match plain::headed(self.html(lead.clone())) {
            Some((head, rest)) => {
                let at = |range: Range<usize>| lead.start + range.start..lead.start + range.end;
                (Some(at(head)), at(rest))
            }
            None => (None, lead),
        }
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

impl ByName {
    /// Where the value of a field stands.
    fn value(&self, key: &str) -> Option<Range<usize>> {
        let part = &self.0;
        let lists = part.children(part.at).filter(|&at| part.is_list(at));
        let own = part.is_list(part.at).then_some(part.at);
        let mut items = own.into_iter().chain(lists).flat_map(|list| part.children(list));
        items.find_map(|item| {
            let (name, value) = part.text.field(part.n, item)?;
            let name = part.html(name.clone());
            // Tags and blanks only make it longer.
            let is_it = name == key || (name.len() > key.len() && *plain::cleaned(name) == *key);
            is_it.then(|| value.clone())
        })
    }
}

impl Object for ByName {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        Some(self.0.safe(self.value(key)?))
    }
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
    fn call_method(self: &Arc<Self>, _: &mut State<'_, '_>, method: &str, args: &[Value]) -> Result<Value, Error> {
        if method != "lacks" {
            return Err(Error::from(ErrorKind::UnknownMethod));
        }
        let (names,): (Value,) = from_args(args)?;
        let is_given = |name: &Value| name.as_str().is_some_and(|name| self.value(name).is_some());
        Ok(names.try_iter()?.filter(|name| !is_given(name)).collect())
    }
}

/// An item that says `名：值`.
#[derive(Debug)]
struct Field {
    /// A part of the component that it stands in.
    list: PartView,
    name: Range<usize>,
    value: Range<usize>,
}

impl View for Field {
    fn identity(&self) -> (u8, u64) {
        (15, u64::from(self.list.n) << 32 | self.value.start as u64)
    }

    fn get(&self, key: &str) -> Option<Value> {
        Some(match key {
            "name" => plain::words(self.list.html(self.name.clone())).into(),
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
