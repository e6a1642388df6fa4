//! What templates see: one object per page, section, term, list. Each is made for one job and reads through its
//! recorder, attribute by attribute. `==` compares what they stand for and never walks into them; printing or
//! iterating one by accident shows nothing and reads nothing.

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, Value};

use super::file::FileView;
use super::fill::{Owner, fill};
use super::law;
use super::scope::Scope;
use crate::content::{Heading, SortBy};
use crate::model::{AssetId, List, PageId, PageReader, Prose, SectionId, TermId};
use crate::source::Kind;
use crate::tree::{self, Node, Scalar};

pub(super) type Shared = Arc<Scope>;

/// An object whose attributes are computed when they are asked for.
pub(super) trait View: std::fmt::Debug + Send + Sync + 'static {
    /// The attribute of that name.
    fn get(&self, key: &str) -> Option<Value>;
    /// What it stands for, to compare by.
    fn identity(&self) -> (u8, u64);
}

/// Makes an object of a view.
#[derive(Debug)]
struct Lazy<V>(V);

impl<V: View> Object for Lazy<V> {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.0.get(key)
    }
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?)
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
    fn is_true(self: &Arc<Self>) -> bool {
        true
    }
    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Self>().map(|other| other.0.identity());
        Some(other.map_or(Ordering::Less, |other| self.0.identity().cmp(&other)))
    }
    fn render(self: &Arc<Self>, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Ok(())
    }
}

pub(super) fn lazy(view: impl View) -> Value {
    Value::from_object(Lazy(view))
}

/// The view that `value` is an object of.
pub(super) fn viewed<V: View>(value: &Value) -> Option<&V> {
    value.downcast_object_ref::<Lazy<V>>().map(|lazy| &lazy.0)
}

/// `none` for what is absent, so that a template may ask further without an error.
pub(super) fn or_none<T: Into<Value>>(value: Option<T>) -> Value {
    value.map_or_else(|| Value::from(()), Into::into)
}

pub(super) fn map<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    Value::from_pairs(entries)
}

pub(super) fn text(text: &Arc<str>) -> Value {
    Value::from(text.clone())
}

/// A page.
#[derive(Debug)]
pub(super) struct PageView {
    scope: Shared,
    at: usize,
    id: PageId,
    /// A page's template comes back to these again and again.
    toc: OnceLock<Value>,
    extra: OnceLock<Value>,
}

pub(super) fn page(scope: &Shared, at: usize, id: PageId) -> Value {
    lazy(PageView { scope: scope.clone(), at, id, toc: OnceLock::new(), extra: OnceLock::new() })
}

pub(super) fn pages(scope: &Shared, at: usize, ids: &[PageId]) -> Value {
    Value::from_object(Pages { scope: scope.clone(), at, ids: ids.into() })
}

pub(super) fn some_page(scope: &Shared, at: usize, id: Option<PageId>) -> Value {
    or_none(id.map(|id| page(scope, at, id)))
}

impl View for PageView {
    fn identity(&self) -> (u8, u64) {
        (0, self.id.number())
    }

    fn get(&self, key: &str) -> Option<Value> {
        let scope = &self.scope;
        let read = scope.read(self.at);
        let p = read.page(self.id);
        let one = |id| some_page(scope, self.at, id);
        Some(match key {
            "title" => text(p.title()),
            "short" => text(p.short()),
            "summary" | "description" => text(p.summary()),
            "content" => Value::from_safe_string(fill(scope, self.at, Owner::Page(self.id), p.content())),
            "components" => self.components(&p.content()),
            "toc" => self.toc.get_or_init(|| contents(p)).clone(),
            "date" => or_none(p.dates()[0].cloned()),
            "updated" => or_none(p.dates()[1].cloned()),
            "expires" => or_none(p.dates()[2].cloned()),
            "as_of" => or_none(p.dates()[3].cloned()),
            "year" => or_none(p.dates()[0].map(|date| &date[..4])),
            "month" => or_none(p.dates()[0].map(|date| &date[..7])),
            "author" => or_none(p.byline()[0].cloned()),
            "source" => or_none(p.byline()[1].cloned()),
            "editor" => or_none(p.byline()[2].cloned()),
            "url" => scope.page(self.at, self.id).into(),
            "permalink" => or_none(scope.permalink(self.at, self.id)),
            "path" => text(p.path().0),
            "source_path" => text(p.source_path()),
            "slug" => text(p.slug()),
            "kind" => or_none(p.kind().map(kind)),
            "section" => section(scope, self.at, p.section()),
            "ancestors" => ancestors(scope, self.at, Some(p.section())),
            "word_count" => p.length().into(),
            "reading_time" => p.reading_time().into(),
            "series" => or_none(p.series().map(|id| super::series::series(scope, self.at, id, Some(self.id)))),
            "minutes" => super::series::minutes(p).into(),
            "newer" | "higher" => one(p.neighbours().0),
            "older" | "lower" => one(p.neighbours().1),
            "clauses" => law::clauses(scope, self.at, self.id),
            "cited" => law::cited(scope, self.at, self.id),
            "citations" => law::citations(scope, self.at, self.id),
            "sides" => self.sides(),
            "related" => pages(scope, self.at, p.related()),
            "backlinks" => pages(scope, self.at, &p.backlinks()),
            "supersedes" => one(p.supersession().0),
            "superseded_by" => one(p.supersession().1),
            "cover" => or_none(p.cover().map(|id| self.file(id))),
            "attachments" => p.attachments().iter().map(|&id| self.file(id)).collect(),
            "offices" => p.offices().0.into_iter().map(Value::from).collect(),
            "only_here" => p.offices().1.into(),
            "draft" => p.draft().into(),
            "extra" => self.extra.get_or_init(|| extra(p.extra())).clone(),
            "stale" => p.stale().into(),
            "fields" => extra(p.fields()),
            "facts" => facts(p.kind(), p.fields()),
            "qr" if read
                .config("extra")
                .extra()
                .iter()
                .any(|(key, node)| &**key == "qr" && node.as_bool() == Some(true)) =>
            {
                or_none(scope.permalink(self.at, self.id).and_then(|address| qr(&address, "本页网址的二维码")))
            }
            "taxonomies" => {
                let conf = read.taxonomies();
                Value::from_pairs(conf.iter().map(|one| (one.id.clone(), self.terms(&one.id))))
            }
            taxonomy => return read.taxonomy(taxonomy).map(|_| self.terms(taxonomy)),
        })
    }
}

impl PageView {
    fn terms(&self, taxonomy: &str) -> Value {
        let read = self.scope.read(self.at);
        let Some((taxonomy, _)) = read.taxonomy(taxonomy) else { return Value::from(()) };
        let ids = read.page(self.id).terms().iter().copied();
        ids.filter(|&id| read.term(id).taxonomy() == taxonomy).map(|id| term(&self.scope, self.at, id)).collect()
    }

    /// The components that its text uses, each by its template's name, as often as it stands there.
    fn components(&self, prose: &Prose) -> Value {
        let read = self.scope.read(self.at);
        let names = prose.body().components.iter().map(|component| {
            read.component(&component.name);
            text(self.scope.theme.component(&component.name).map_or(&component.name, |kind| kind.stem()))
        });
        names.collect()
    }

    /// The columns of pages on the same topics, kind by kind.
    fn sides(&self) -> Value {
        let read = self.scope.read(self.at);
        let mut columns: Vec<(usize, Vec<PageId>)> = Vec::new();
        for (kind, id) in read.page(self.id).sides() {
            match columns.iter_mut().find(|(one, _)| *one == kind) {
                Some((_, pages)) => pages.push(id),
                None => columns.push((kind, vec![id])),
            }
        }
        columns.sort_by_key(|(kind, _)| *kind);
        let kinds = read.kinds();
        let columns = columns.into_iter().map(|(at, ids)| {
            let name = kinds.get(at).and_then(|kind| kind.side.clone());
            let kind = or_none(kinds.get(at).map(kind));
            map([("kind", kind), ("name", or_none(name)), ("pages", pages(&self.scope, self.at, &ids))])
        });
        columns.collect()
    }

    fn file(&self, id: AssetId) -> Value {
        lazy(FileView { scope: self.scope.clone(), at: self.at, id })
    }
}

/// The QR code of an address as an `svg` element; `None` for an address that is too long for one.
pub(super) fn qr(address: &str, label: &str) -> Option<Value> {
    let code = qrcode::QrCode::with_error_correction_level(address, qrcode::EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (at, colour) in code.to_colors().iter().enumerate() {
        if *colour == qrcode::Color::Dark {
            path.push_str(&format!("M{} {}h1v1h-1z", at % width + 4, at / width + 4));
        }
    }
    // Four modules of quiet zone on each side (ISO/IEC 18004, section 6.3.8).
    let side = width + 8;
    Some(Value::from_safe_string(format!(
        "<svg class=\"qr\" viewBox=\"0 0 {side} {side}\" role=\"img\" aria-label=\"{label}\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\"/></svg>"
    )))
}

pub(super) fn extra(entries: &[(Arc<str>, Node)]) -> Value {
    Value::from_pairs(entries.iter().map(|(key, value)| (key.clone(), node(value))))
}

/// The fields that a page has, in the order and with the names of its kind.
fn facts(kind: Option<&Arc<Kind>>, fields: &[(Arc<str>, Node)]) -> Value {
    let known = kind.into_iter().flat_map(|kind| &kind.fields);
    let found = known.filter_map(|field| Some((field, fields.iter().find(|(key, _)| *key == field.key)?)));
    found
        .map(|(field, (_, value))| {
            map([("key", text(&field.key)), ("name", text(&field.name)), ("value", node(value))])
        })
        .collect()
}

/// A value of the front matter or the configuration.
pub(super) fn node(node: &Node) -> Value {
    match &node.value {
        tree::Value::Scalar(text, kind) => match kind {
            Scalar::Null => Value::from(()),
            Scalar::Bool(value) => (*value).into(),
            Scalar::Int(value) => (*value).into(),
            Scalar::Float(value) => (*value).into(),
            Scalar::Text => text.as_str().into(),
        },
        tree::Value::List(items) => items.iter().map(self::node).collect(),
        tree::Value::Map(entries) => {
            Value::from_pairs(entries.iter().map(|(key, value)| (key.name.as_str(), self::node(value))))
        }
    }
}

/// A kind of page.
#[derive(Debug)]
struct KindView(Arc<Kind>);

pub(super) fn kind(kind: &Arc<Kind>) -> Value {
    lazy(KindView(kind.clone()))
}

impl View for KindView {
    fn identity(&self) -> (u8, u64) {
        (6, Arc::as_ptr(&self.0) as u64)
    }

    fn get(&self, key: &str) -> Option<Value> {
        Some(match key {
            "id" => text(&self.0.id),
            "name" | "nav" => text(&self.0.name),
            "seal" => text(&self.0.seal),
            "articles" => self.0.articles.into(),
            _ => return None,
        })
    }
}

/// A heading of the table of contents.
#[derive(Debug)]
struct TocView {
    heading: Heading,
    children: Value,
}

/// The headings as a table of contents: those of the text, not those in its components; of a statute its divisions too.
fn contents(page: PageReader<'_>) -> Value {
    let headings = page.toc();
    if page.is_law() {
        return toc(&law::headings(headings, page.clauses()));
    }
    if headings.iter().any(|heading| heading.is_inside) {
        let own: Vec<Heading> = headings.iter().filter(|heading| !heading.is_inside).cloned().collect();
        return toc(&own);
    }
    toc(headings)
}

/// Headings as a tree: each level below the one before it.
fn toc(headings: &[Heading]) -> Value {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(heading) = headings.get(at) {
        let end = headings[at + 1..].iter().position(|next| next.level <= heading.level);
        let end = end.map_or(headings.len(), |n| at + 1 + n);
        items.push(lazy(TocView { heading: heading.clone(), children: toc(&headings[at + 1..end]) }));
        at = end;
    }
    Value::from(items)
}

impl View for TocView {
    fn identity(&self) -> (u8, u64) {
        (7, u64::from(self.heading.span.start))
    }

    fn get(&self, key: &str) -> Option<Value> {
        Some(match key {
            "id" => text(&self.heading.id),
            "title" => text(&self.heading.text),
            "url" => format!("#{}", crate::model::encode(&self.heading.id)).into(),
            "level" => u32::from(self.heading.level).into(),
            "children" => self.children.clone(),
            _ => return None,
        })
    }
}

/// A list of pages; each becomes an object when a template comes to it.
#[derive(Debug)]
struct Pages {
    scope: Shared,
    at: usize,
    ids: Box<[PageId]>,
}

impl Object for Pages {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let id = *self.ids.get(key.as_usize()?)?;
        Some(page(&self.scope, self.at, id))
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.ids.len())
    }
}

/// A section.
#[derive(Debug)]
struct SectionView {
    scope: Shared,
    at: usize,
    id: SectionId,
}

pub(super) fn section(scope: &Shared, at: usize, id: SectionId) -> Value {
    lazy(SectionView { scope: scope.clone(), at, id })
}

/// The way down to a section: home first, the section itself last.
fn ancestors(scope: &Shared, at: usize, from: Option<SectionId>) -> Value {
    let read = scope.read(at);
    let mut way = Vec::new();
    let mut up = from;
    while let Some(id) = up {
        let section = read.section(id);
        up = section.parent();
        let face = section.face();
        way.push(match up {
            Some(_) => map([("title", text(face.title())), ("url", scope.local(at, face.path()).into())]),
            None => map([("title", "首页".into()), ("url", scope.local(at, "index.html").into())]),
        });
    }
    way.reverse();
    Value::from(way)
}

impl View for SectionView {
    fn identity(&self) -> (u8, u64) {
        (1, self.id.number())
    }

    fn get(&self, key: &str) -> Option<Value> {
        let (scope, at) = (&self.scope, self.at);
        let read = scope.read(at);
        let s = read.section(self.id);
        Some(match key {
            "title" => text(s.face().title()),
            "description" => or_none(s.description().cloned()),
            "content" => {
                let filled = s.content().map(|content| fill(scope, at, Owner::Section(self.id), content));
                Value::from_safe_string(filled.unwrap_or_default())
            }
            "components" => s.content().map_or(0, |content| content.body().components.len()).into(),
            "path" => text(s.face().folder()),
            "url" => scope.local(at, s.face().path()).into(),
            "kind" => or_none(s.face().kind().map(kind)),
            "sort" => match s.face().sort_by() {
                SortBy::Date => "date",
                SortBy::Weight => "weight",
                SortBy::Title => "title",
            }
            .into(),
            "extra" => extra(s.extra()),
            "pages" => pages(scope, at, read.whole(List::Section(self.id))),
            "count" => s.count().into(),
            "total" => s.total().into(),
            "years" => {
                let years = s.years().iter();
                years.map(|(year, count)| map([("year", text(year)), ("count", (*count).into())])).collect()
            }
            "subsections" => s.children().iter().map(|&id| section(scope, at, id)).collect(),
            "topics" => s.topics().iter().map(|&id| term(scope, at, id)).collect(),
            "ancestors" => ancestors(scope, at, s.parent()),
            "newest" => some_page(scope, at, read.stretch(List::Section(self.id), 0, 1).first().copied()),
            _ => return None,
        })
    }
}

/// A term.
#[derive(Debug)]
struct TermView {
    scope: Shared,
    at: usize,
    id: TermId,
}

pub(super) fn term(scope: &Shared, at: usize, id: TermId) -> Value {
    lazy(TermView { scope: scope.clone(), at, id })
}

impl View for TermView {
    fn identity(&self) -> (u8, u64) {
        (2, self.id.number())
    }

    fn get(&self, key: &str) -> Option<Value> {
        let read = self.scope.read(self.at);
        let t = read.term(self.id);
        Some(match key {
            "name" => text(t.name()),
            "slug" => text(t.slug()),
            "url" => self.scope.local(self.at, t.path()).into(),
            "count" => t.count().into(),
            "pages" => pages(&self.scope, self.at, read.whole(List::Term(self.id))),
            _ => return None,
        })
    }
}

/// A taxonomy.
#[derive(Debug)]
struct TaxonomyView {
    scope: Shared,
    taxonomy: usize,
}

pub(super) fn taxonomy(scope: &Shared, taxonomy: usize) -> Value {
    lazy(TaxonomyView { scope: scope.clone(), taxonomy })
}

impl View for TaxonomyView {
    fn identity(&self) -> (u8, u64) {
        (3, self.taxonomy as u64)
    }

    fn get(&self, key: &str) -> Option<Value> {
        let read = self.scope.read(0);
        let conf = read.taxonomies().get(self.taxonomy)?;
        Some(match key {
            "id" => text(&conf.id),
            "name" => text(&conf.name),
            "url" => self.scope.local(0, &format!("{}/index.html", conf.id)).into(),
            "terms" => read.terms_of(self.taxonomy).into_iter().map(|id| term(&self.scope, 0, id)).collect(),
            _ => return None,
        })
    }
}

/// An office.
#[derive(Debug)]
struct OfficeView {
    scope: Shared,
    /// The model that it is read through.
    at: usize,
    /// Number of the office.
    office: usize,
    current: bool,
}

/// Office number `office`, read through model `at`.
pub(super) fn office(scope: &Shared, at: usize, office: usize, current: bool) -> Value {
    lazy(OfficeView { scope: scope.clone(), at, office, current })
}

impl View for OfficeView {
    fn identity(&self) -> (u8, u64) {
        (5, self.office as u64)
    }

    fn get(&self, key: &str) -> Option<Value> {
        let scope = &self.scope;
        let office = scope.read(self.at).office_at(self.office);
        Some(match key {
            "id" => text(&office.id),
            "name" => text(&office.name),
            "short" => text(&office.short),
            "former" => text(&office.former),
            "accent" => text(scope.read(self.at).accent_at(self.office)),
            "masthead" => text(&office.masthead),
            "lines" => office.lines.iter().map(text).collect(),
            "contact" => text(&office.contact),
            "base_url" => or_none(office.base_url.clone()),
            "shared_computers" => office.shared_computers.into(),
            "url" if !scope.inside => format!("{}/index.html", office.id).into(),
            "url" if self.current => scope.local(self.at, "index.html").into(),
            "url" => scope.foreign(self.office, "index.html").into(),
            "current" => self.current.into(),
            _ => return None,
        })
    }
}

/// One page of a list.
#[derive(Debug)]
pub(super) struct Paginator {
    pub scope: Shared,
    pub list: List,
    /// From 0.
    pub n: usize,
    pub size: usize,
    /// Folder of the list's outputs.
    pub out: Arc<str>,
}

impl View for Paginator {
    fn identity(&self) -> (u8, u64) {
        (4, 0)
    }

    fn get(&self, key: &str) -> Option<Value> {
        let read = self.scope.read(0);
        let total = || read.count(self.list);
        let last = || total().div_ceil(self.size).max(1) - 1;
        let url = |n: usize| Value::from(self.scope.local(0, &super::job::list_path(&self.out, n)));
        Some(match key {
            "pages" => pages(&self.scope, 0, read.stretch(self.list, self.n, self.size)),
            "current_index" => (self.n + 1).into(),
            "number_pagers" => (last() + 1).into(),
            "total" => total().into(),
            "first" => url(0),
            "last" => url(last()),
            "previous" => or_none(self.n.checked_sub(1).map(url)),
            "next" => or_none((self.n < last()).then(|| url(self.n + 1))),
            "next_newest" => {
                let next = read.stretch(self.list, self.n + 1, self.size).first();
                or_none(next.and_then(|&id| read.page(id).dates()[0].cloned()))
            }
            _ => return None,
        })
    }
}
