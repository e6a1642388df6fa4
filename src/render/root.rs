//! What a template sees at its outermost: the names of `docs/themes.md`, and the functions that read the model.

use std::sync::{Arc, OnceLock};

use minijinja::value::{Enumerator, Kwargs, Object, Value, from_args};
use minijinja::{Error, ErrorKind, State};

use super::crossing;
use super::escape;
use super::file::FileView;
use super::job::{MAP, What};
use super::part::picture_of;
use super::picture::Frame;
use super::view::{self, Paginator, Shared, View, map, or_none, text};
use crate::diag::{Diagnostic, nearest};
use crate::model::{List, Named, SectionId};
use crate::source::Config;

/// The outermost names of one job.
#[derive(Debug)]
pub(super) struct Root {
    pub scope: Shared,
    pub what: What,
    /// For a page that shows what is wrong with it.
    pub problems: Vec<Value>,
    /// What templates ask for again and again, once it is made.
    pub made: Made,
}

/// Objects that belong to the root alone: none of them knows it, or the two would keep each other alive.
#[derive(Debug, Default)]
pub(super) struct Made {
    page: OnceLock<Value>,
    nav: OnceLock<Value>,
    office: OnceLock<Value>,
}

impl Object for Root {
    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.shared(key).or_else(|| self.own(key))
    }
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
}

impl Root {
    /// Names that every template has.
    fn shared(self: &Arc<Self>, key: &str) -> Option<Value> {
        let scope = &self.scope;
        Some(match key {
            "office" if scope.inside => self.made.office.get_or_init(|| own_office(scope)).clone(),
            "nav" if scope.inside => self.made.nav.get_or_init(|| nav(scope, self.section_folder())).clone(),
            _ => return shared(scope, key),
        })
    }

    /// Folder of the section that this job belongs to.
    fn section_folder(&self) -> Option<Arc<str>> {
        let read = self.scope.read(0);
        let id = match &self.what {
            What::Page(id) => read.page(*id).section(),
            What::List(List::Section(id), _) => *id,
            _ => return None,
        };
        Some(read.section(id).face().folder().clone())
    }

    /// Names that this kind of job has.
    fn own(self: &Arc<Self>, key: &str) -> Option<Value> {
        let scope = &self.scope;
        let read = scope.read(0);
        Some(match (&self.what, key) {
            (What::Page(id) | What::Redirect(id), "page") => {
                self.made.page.get_or_init(|| view::page(scope, 0, *id)).clone()
            }
            (What::Page(id), "section") => view::section(scope, 0, read.page(*id).section()),
            (What::Page(_), "problems") => Value::from(self.problems.clone()),
            (What::Redirect(id), "target") => scope.page(0, *id).into(),
            (What::List(List::Section(id), _), "section") => view::section(scope, 0, *id),
            (What::List(List::Term(id), _), "term") => view::term(scope, 0, *id),
            (What::List(List::Term(id), _), "taxonomy") => view::taxonomy(scope, read.term(*id).taxonomy()),
            (What::List(list, n), "paginator") => {
                let (size, out) = match list {
                    List::Section(id) => {
                        let face = read.section(*id).face();
                        (face.paginate_by(), face.out().clone())
                    }
                    List::Term(id) => {
                        let size = read.config("paginate_by").paginate_by().max(1) as usize;
                        (size, read.term(*id).out().clone())
                    }
                };
                view::lazy(Paginator { scope: scope.clone(), list: *list, n: *n, size, out })
            }
            (What::Taxonomy(at), "taxonomy") => view::taxonomy(scope, *at),
            (What::Archive | What::Month(_), "archive") => self.archive(),
            (What::Month(month), "month") => self.month(month, read.month(month).len()),
            (What::Month(month), "pages") => view::pages(scope, 0, read.month(month)),
            (What::Month(month), "earlier" | "later") => {
                let months = read.months();
                let at = months.iter().position(|(one, _)| one == month)?;
                let at = if key == "earlier" { Some(at + 1) } else { at.checked_sub(1) };
                or_none(at.and_then(|at| months.get(at)).map(|(month, count)| self.month(month, *count)))
            }
            (What::SeriesList, "series_list") => {
                read.series_list().map(|id| super::series::series(scope, 0, id, None)).collect()
            }
            (What::Series(id) | What::Sheet(id), "series") => super::series::series(scope, 0, id, None),
            (What::Booklet(volume), "booklet") => super::booklet::view(scope, volume),
            (What::Map, "map") => return crossing::view(scope),
            (What::Home, "home") => view::lazy(HomeView { scope: scope.clone() }),
            (What::Home, "section") => view::section(scope, 0, read.find_section("")?),
            (What::Door, "doors") => self.doors(),
            (What::Feed, "feed") => self.feed(),
            (What::Sitemap, "entries") => {
                let base = read.office().1.base_url.clone().unwrap_or_default();
                let entries = read.sitemap().into_iter();
                let entries = entries
                    .map(|(path, date)| map([("loc", format!("{base}{path}").into()), ("lastmod", or_none(date))]));
                entries.collect()
            }
            _ => return None,
        })
    }

    fn month(&self, month: &Arc<str>, count: usize) -> Value {
        let url = self.scope.local(0, &format!("archive/{month}.html"));
        map([("month", text(month)), ("count", count.into()), ("url", url.into())])
    }

    fn archive(&self) -> Value {
        let months = self.scope.read(0).months();
        let mut years: Vec<(Arc<str>, usize, Vec<Value>)> = Vec::new();
        for (month, count) in &months {
            if years.last().is_none_or(|(year, ..)| **year != month[..4]) {
                years.push((month[..4].into(), 0, Vec::new()));
            }
            if let Some((_, total, list)) = years.last_mut() {
                *total += count;
                list.push(self.month(month, *count));
            }
        }
        let years: Vec<Value> = years
            .into_iter()
            .map(|(year, count, months)| {
                map([("year", Value::from(year)), ("count", count.into()), ("months", Value::from(months))])
            })
            .collect();
        let count: usize = months.iter().map(|(_, count)| count).sum();
        map([("years", Value::from(years)), ("count", count.into())])
    }

    fn doors(&self) -> Value {
        let scope = &self.scope;
        // Which editions there are hangs on the offices alone.
        scope.read(0).offices();
        let doors = (0..scope.models.len()).map(|at| {
            let read = scope.read(at);
            let url = scope.local(at, "index.html");
            map([
                ("office", view::office(scope, at, read.office().0, false)),
                ("newest", view::some_page(scope, at, read.newest())),
                ("url", url.into()),
            ])
        });
        doors.collect()
    }

    fn feed(&self) -> Value {
        let read = self.scope.read(0);
        let base = read.office().1.base_url.clone().unwrap_or_default();
        map([
            ("url", format!("{base}atom.xml").into()),
            ("home", format!("{base}index.html").into()),
            ("updated", or_none(read.updated())),
            ("pages", view::pages(&self.scope, 0, read.feed())),
        ])
    }
}

/// Names that every template has, a component's too.
pub(super) fn shared(scope: &Shared, key: &str) -> Option<Value> {
    Some(match key {
        "config" => view::lazy(ConfigView { scope: scope.clone() }),
        "lang" => "zh-CN".into(),
        "office" if scope.inside => own_office(scope),
        "offices" => offices(scope),
        "edition" if scope.inside => view::lazy(EditionView { scope: scope.clone() }),
        "picture" => function(scope, Function::Picture),
        "get_url" => function(scope, Function::Url),
        "asset" => function(scope, Function::Asset),
        "get_page" => function(scope, Function::Page),
        "get_section" => function(scope, Function::Section),
        "get_taxonomy" => function(scope, Function::Taxonomy),
        "office_css" => function(scope, Function::OfficeStyle),
        "home_url" => function(scope, Function::Fixed("index.html")),
        "archive_url" => function(scope, Function::Fixed("archive/index.html")),
        "door_url" => function(scope, Function::Door),
        "feed_url" => function(scope, Function::Feed),
        "series_url" => function(scope, Function::SeriesList),
        "get_series" => function(scope, Function::Series),
        "map_url" if scope.inside => function(scope, Function::Map),
        _ => return None,
    })
}

fn own_office(scope: &Shared) -> Value {
    view::office(scope, 0, scope.read(0).office().0, true)
}

/// The menu, seen from a section's folder.
pub(super) fn nav(scope: &Shared, here: Option<Arc<str>>) -> Value {
    let items = scope.read(0).nav().iter();
    items.map(|&id| view::lazy(NavView { scope: scope.clone(), id, here: here.clone() })).collect()
}

fn offices(scope: &Shared) -> Value {
    let read = scope.read(0);
    let own = scope.inside.then(|| read.office().0);
    (0..read.offices()).map(|at| view::office(scope, 0, at, own == Some(at))).collect()
}

/// An entry of the menu.
#[derive(Debug)]
struct NavView {
    scope: Shared,
    id: SectionId,
    /// Folder of the section that the job belongs to.
    here: Option<Arc<str>>,
}

impl View for NavView {
    fn identity(&self) -> (u8, u64) {
        (13, self.id.number())
    }

    fn get(&self, key: &str) -> Option<Value> {
        let read = self.scope.read(0);
        let face = read.section(self.id).face();
        let folder = face.folder();
        let conf = || read.config("sections").sections().iter().find(|conf| conf.path == *folder);
        Some(match key {
            "title" => text(face.title()),
            "nav" => conf().and_then(|conf| conf.nav.as_ref()).map_or_else(|| text(face.title()), text),
            "path" => text(folder),
            "url" => self.scope.local(0, face.path()).into(),
            "active" => {
                let below = |here: &str| here.strip_prefix(&**folder).is_some_and(|rest| rest.starts_with('/'));
                self.here.as_deref().is_some_and(|here| here == &**folder || below(here)).into()
            }
            "home" => conf().is_none_or(|conf| conf.home).into(),
            "kind" => or_none(face.kind().map(view::kind)),
            _ => return None,
        })
    }
}

/// `config`.
#[derive(Debug)]
struct ConfigView {
    scope: Shared,
}

impl View for ConfigView {
    fn identity(&self) -> (u8, u64) {
        (10, 0)
    }

    fn get(&self, key: &str) -> Option<Value> {
        let read = self.scope.read(0);
        let config = |key: &str| -> &Config { read.config(key) };
        Some(match key {
            "title" => text(config(key).title()),
            "subtitle" => text(config(key).subtitle()),
            "extra" => view::extra(config(key).extra()),
            "taxonomies" => (0..read.taxonomies().len())
                .filter(|&at| read.has_terms(at))
                .map(|at| view::taxonomy(&self.scope, at))
                .collect(),
            "offices" => offices(&self.scope),
            "map" => {
                let conf = config(key).map();
                map([("taxonomy", text(&conf.taxonomy)), ("title", text(&conf.title))])
            }
            _ => return None,
        })
    }
}

/// `edition`.
#[derive(Debug)]
struct EditionView {
    scope: Shared,
}

impl View for EditionView {
    fn identity(&self) -> (u8, u64) {
        (11, 0)
    }

    fn get(&self, key: &str) -> Option<Value> {
        Some(match key {
            "kind" => "site".into(),
            "id" => text(&self.scope.read(0).office().1.id),
            "updated" => or_none(self.scope.read(0).updated()),
            _ => return None,
        })
    }
}

/// `home`.
#[derive(Debug)]
struct HomeView {
    scope: Shared,
}

impl View for HomeView {
    fn identity(&self) -> (u8, u64) {
        (12, 0)
    }

    fn get(&self, key: &str) -> Option<Value> {
        let scope = &self.scope;
        let read = scope.read(0);
        Some(match key {
            "lead" => view::some_page(scope, 0, read.lead()),
            "columns" => {
                let columns = read.columns().iter();
                let columns = columns.map(|(id, pages)| {
                    map([("section", view::section(scope, 0, *id)), ("pages", view::pages(scope, 0, pages))])
                });
                columns.collect()
            }
            "notices" => view::pages(scope, 0, read.notices()),
            "plans" => {
                let (month, plans) = read.plans();
                let plan = |(series, pages): &Named| {
                    map([
                        ("month", text(month)),
                        ("series", super::series::series(scope, 0, series, None)),
                        ("pages", view::pages(scope, 0, pages)),
                    ])
                };
                plans.iter().map(plan).collect()
            }
            "elsewhere" => {
                let pages = read.elsewhere().iter().map(|&(id, at)| {
                    let office = view::office(scope, 0, at, false);
                    map([("page", view::page(scope, 0, id)), ("office", office)])
                });
                pages.collect()
            }
            "topics" => read.topics().iter().map(|&id| view::term(scope, 0, id)).collect(),
            _ => return None,
        })
    }
}

/// The functions of a template.
#[derive(Clone, Debug)]
enum Function {
    Url,
    Asset,
    Picture,
    Page,
    Section,
    Taxonomy,
    Fixed(&'static str),
    OfficeStyle,
    Door,
    Feed,
    SeriesList,
    Series,
    Map,
}

#[derive(Debug)]
struct Call {
    scope: Shared,
    function: Function,
}

fn function(scope: &Shared, function: Function) -> Value {
    Value::from_object(Call { scope: scope.clone(), function })
}

/// `picture(file, alt, sizes, loading)`: a cover, or the picture of a part, with its renditions.
fn picture(scope: &Shared, args: &[Value]) -> Result<Value, Error> {
    let (given, named): (Value, Kwargs) = from_args(args)?;
    let [alt, sizes, loading] = ["alt", "sizes", "loading"].map(|name| named.get::<Option<String>>(name));
    let (alt, sizes, loading) = (alt?, sizes?, loading?);
    named.assert_all_used()?;
    let (file, own) = match (view::viewed::<FileView>(&given), picture_of(&given)) {
        (Some(file), _) => (Some(file.id), String::new()),
        (None, Some((file, own))) => (file, own),
        (None, None) => return Ok(Value::from_safe_string(String::new())),
    };
    let mut rest = " alt=\"".to_owned();
    escape(&mut rest, alt.as_deref().unwrap_or(&own));
    if loading.as_deref() != Some("eager") {
        rest.push_str("\" loading=\"lazy");
    }
    rest.push_str("\" decoding=\"async\">");
    let mut out = String::new();
    let frame = Frame { rest: &rest, sizes: sizes.as_deref().unwrap_or_default() };
    super::picture::push(&mut out, scope, 0, file, &frame);
    Ok(Value::from_safe_string(out))
}

/// What stands in front of the message of an error about a missing theme file, so that it becomes its own diagnostic.
pub(super) const NO_ASSET: &str = "\u{1}asset\u{1}";

impl Object for Call {
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let scope = &self.scope;
        let name = args.first().and_then(|arg| arg.as_str()).unwrap_or_default();
        let read = scope.read(0);
        let missing = |what: &str| Error::new(ErrorKind::InvalidOperation, format!("没有{what}“{name}”"));
        Ok(match &self.function {
            Function::Fixed(path) if scope.inside => scope.local(0, path).into(),
            Function::Fixed(path) => (*path).into(),
            Function::OfficeStyle => {
                read.office_style(scope.inside.then(|| &*read.office().1.id));
                if scope.inside { scope.local(0, &scope.office_style).into() } else { text(&scope.office_style) }
            }
            Function::Door => scope.door().into(),
            Function::Map => or_none(read.has_map().then(|| scope.local(0, MAP))),
            Function::Feed => or_none(read.office().1.base_url.as_ref().map(|_| scope.local(0, "atom.xml"))),
            Function::SeriesList => or_none(read.has_series().then(|| scope.local(0, "series/index.html"))),
            Function::Series => {
                let has = !read.series_pages(name).is_empty();
                or_none(has.then(|| super::series::series(scope, 0, &name.into(), None)))
            }
            Function::Asset => scope.theme_file(name).map(Value::from).ok_or_else(|| {
                let known = scope.statics.files().map(|(name, _)| &**name);
                let near = nearest(name, known).join(" 或 ");
                Error::new(ErrorKind::InvalidOperation, format!("{NO_ASSET}{name}\u{1}{near}"))
            })?,
            Function::Picture => picture(scope, args)?,
            Function::Page => {
                let path = format!("content/{}", name.trim_start_matches("@/"));
                view::some_page(scope, 0, read.find_page(&path))
            }
            Function::Section => {
                let folder = name.trim_start_matches("@/").trim_end_matches("_index.md").trim_end_matches('/');
                or_none(read.find_section(folder).map(|id| view::section(scope, 0, id)))
            }
            Function::Taxonomy => {
                // A portal need not have the taxonomy that a theme knows.
                let found = read.taxonomy(name).map(|(at, _)| at).filter(|&at| read.has_terms(at));
                or_none(found.map(|at| view::taxonomy(scope, at)))
            }
            Function::Url => {
                let path = name.trim_start_matches("@/");
                let full = format!("content/{path}");
                if let Some(id) = read.find_page(&full) {
                    scope.page(0, id).into()
                } else if let Some(asset) = read.find_asset(&full) {
                    scope.local(0, asset.url()).into()
                } else {
                    let folder = path.trim_end_matches("_index.md").trim_end_matches('/');
                    let id = read.find_section(folder).ok_or_else(|| missing("文章、栏目或文件"))?;
                    scope.local(0, read.section(id).face().path()).into()
                }
            }
        })
    }
}

/// A diagnostic as a template shows it.
pub(super) fn problem(problem: &Diagnostic) -> Value {
    let file = problem.place.as_ref().map(|place| place.file.clone());
    map([
        ("severity", problem.severity.word().into()),
        ("code", problem.code.0.into()),
        ("message", problem.message.clone().into()),
        ("file", or_none(file)),
        ("label", problem.label.clone().into()),
        ("cause", problem.cause.clone().into()),
        ("cure", problem.cure.clone().into()),
    ])
}
