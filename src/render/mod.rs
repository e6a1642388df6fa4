//! From jobs to outputs: a job runs one template over objects made for it alone, which record what it reads. Pure:
//! no clock, no file system, nothing shared between jobs but what cannot change.

mod again;
mod booklet;
mod chart;
mod component;
mod crossing;
mod file;
mod fill;
mod filters;
mod job;
mod law;
mod part;
mod picture;
mod problem;
mod root;
mod scope;
mod screen;
mod series;
mod statics;
mod style;
mod table;
mod view;

pub use job::Job;
pub use screen::{Bound, Carried};
pub(crate) use screen::{LIST, POINTER, Pointer, VERSION, handed_over, sealed};
pub use statics::Statics;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use self::job::What;
use self::root::Root;
use self::scope::{Addresses, Scope};
use crate::chunk::Sorted;
use crate::diag::Diagnostic;
use crate::model::{AssetId, Changed, Entity, Kind, List, Model, PageId, Reader, Recorder, Trace};
use crate::picture::{Order, Rendition};
use crate::source::{Names, Sources, Theme};

/// How deep includes may nest before it counts as a circle.
const DEPTH: usize = 64;

/// What a job made.
#[derive(Debug)]
pub struct Rendered {
    /// The output.
    pub content: Content,
    /// What it read.
    pub trace: Trace,
    /// What went wrong with its template.
    pub problems: Vec<Diagnostic>,
}

/// An output's bytes, or where they are.
#[derive(Debug)]
pub enum Content {
    /// Made here.
    Bytes(Vec<u8>),
    /// A theme file, shared by all editions.
    Shared(Arc<[u8]>),
    /// To be copied from this file of the portal.
    File {
        /// Path from the portal's root.
        source: Arc<str>,
        /// Hash that it must still have.
        hash: blake3::Hash,
        /// Size in bytes.
        size: u64,
    },
    /// To be made of a picture of the portal.
    Picture(Order),
    /// A script into which pictures of the portal are put.
    Bound(Bound),
}

/// What is wanted of a picture.
fn order(read: Reader<'_>, recorder: &Recorder, id: AssetId, rendition: Rendition) -> Option<Content> {
    let asset = read.asset(id);
    recorder.read(Entity::new("asset-bytes", asset.source()).fact(Kind::Asset));
    let (source, hash, size, whole) = (asset.source().clone(), asset.hash(), asset.size(), read.is_whole(id));
    let picture = *asset.picture()?;
    Some(Content::Picture(Order { source, hash, size, picture, rendition, whole }))
}

/// A generated style sheet: of which edition (`None`: the door's), its address, its text.
type OfficeStyle = (Option<usize>, Arc<str>, String);

/// Everything that rendering needs: the plan, the models, the compiled templates.
#[derive(Debug)]
pub struct Stage {
    plan: Arc<Plan>,
    models: Vec<Arc<Model>>,
    looks: Arc<Looks>,
    office_styles: Vec<OfficeStyle>,
    outward: screen::Outward,
}

/// What is made of the theme alone, whatever the pages.
#[derive(Debug)]
struct Looks {
    theme: Arc<Theme>,
    statics: Arc<Statics>,
    env: Environment<'static>,
    /// What is wrong with templates, by their names.
    problems: BTreeMap<Arc<str>, Diagnostic>,
}

impl Looks {
    /// Those of `sources`; of `previous`, the whole or the static files where they hold.
    fn new(sources: &Sources, previous: Option<&Arc<Self>>) -> Arc<Self> {
        let (theme, names) = (sources.theme(), sources.options().names);
        let same_statics = previous.filter(|looks| {
            looks.statics.names() == names
                && (Arc::ptr_eq(&looks.theme, theme) || looks.theme.statics() == theme.statics())
        });
        if let Some(looks) = same_statics
            && (Arc::ptr_eq(&looks.theme, theme) || looks.theme.templates() == theme.templates())
        {
            return looks.clone();
        }
        let (statics, (env, problems)) = rayon::join(
            || same_statics.map_or_else(|| Arc::new(Statics::new(theme, names)), |looks| looks.statics.clone()),
            || environment(theme, previous),
        );
        Arc::new(Self { theme: theme.clone(), statics, env, problems })
    }
}

/// Every output of a build and how it comes about.
#[derive(Debug)]
struct Plan {
    planned: job::Planned,
    /// What is wrong with their addresses.
    problems: Vec<Diagnostic>,
}

impl Stage {
    /// Plans every output of `models`. Plan and theme of `previous` are taken over where they hold.
    pub fn new(
        sources: &Sources,
        models: &[Arc<Model>],
        previous: Option<&Self>,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let looks = Looks::new(sources, previous.map(|previous| &previous.looks));
        problems.extend(looks.statics.problems().iter().chain(looks.problems.values()).cloned());
        let office_styles = office_styles(sources, models, looks.statics.names());
        let paths: Vec<(Option<usize>, String)> =
            office_styles.iter().map(|(at, path, _)| (*at, path.to_string())).collect();
        let same_style = |(a, b): (&OfficeStyle, &OfficeStyle)| a.1 == b.1;
        let alike = previous.filter(|previous| {
            Arc::ptr_eq(&previous.looks.statics, &looks.statics)
                && previous.models.len() == models.len()
                && previous.office_styles.iter().zip(&office_styles).all(same_style)
        });
        let stands = |previous: &&Self| previous.models.iter().zip(models).all(|(old, new)| new.stands_as(old));
        let plan = match alike.filter(stands) {
            Some(previous) => previous.plan.clone(),
            None => {
                let mut problems = Vec::new();
                let same_screens =
                    |before: &&Self| before.models.iter().zip(models).all(|(old, new)| new.screens_stand_as(old));
                let again = alike
                    .filter(same_screens)
                    .and_then(|before| again::plan(&before.plan.planned, &before.models, models));
                let planned = again.unwrap_or_else(|| {
                    let before = previous.map(|previous| &previous.plan.planned);
                    job::plan(models, before, &looks.statics, &paths, &mut problems)
                });
                Arc::new(Plan { planned, problems })
            }
        };
        problems.extend(plan.problems.iter().cloned());
        let outward = screen::Outward::new(models);
        Self { plan, models: models.to_vec(), looks, office_styles, outward }
    }

    /// Every output of the build, sorted by path.
    pub fn jobs(&self) -> &Sorted<Job> {
        &self.plan.planned.jobs
    }

    /// The numbers of the jobs of `old` that are no more, in order; `None` if numbers, or editions, mean something else
    /// here.
    pub fn gone_since(&self, old: &Self) -> Option<Vec<u32>> {
        let nobody = Recorder::default();
        let offices = |stage: &Self| -> Vec<Arc<str>> {
            stage.models.iter().map(|model| model.read(&nobody).office().1.id.clone()).collect()
        };
        if offices(old) != offices(self) {
            return None;
        }
        if Arc::ptr_eq(&old.plan, &self.plan) {
            return Some(Vec::new());
        }
        let (token, gone) = self.plan.planned.lineage.as_ref()?;
        Arc::ptr_eq(token, &old.plan.planned.token).then(|| gone.clone())
    }

    /// The file or folder that a page or list shows, if it shows one.
    pub fn source_of(&self, job: &Job) -> Option<Arc<str>> {
        let model = &self.models[job.edition()?];
        match &job.what {
            What::Page(id) | What::Redirect(id) => Some(model.source_of(*id).clone()),
            What::List(List::Section(id), _) => Some(model.section_source(*id)),
            What::Series(id) | What::Sheet(id) => model.series_source(id),
            _ => None,
        }
    }

    /// Where an office's edition shows the file or folder `source`.
    pub fn address_of(&self, office: Option<&str>, source: &str) -> Option<&Arc<str>> {
        let shows = |job: &&Job| matches!(job.what, What::Page(_) | What::List(List::Section(_), 0) | What::Series(_));
        let mut jobs = self.jobs().iter().filter(|job| job.office() == office).filter(shows);
        jobs.find(|job| self.source_of(job).as_deref() == Some(source)).map(Job::path)
    }

    /// How files are named.
    pub fn names(&self) -> Names {
        self.looks.statics.names()
    }

    /// Adds the facts about the plan and the theme that changed from `old` to this one.
    pub fn changes_since(&self, old: &Self, changed: &mut Changed) {
        if !Arc::ptr_eq(&old.looks, &self.looks) {
            let parts = |stage: &'_ Self| (stage.looks.theme.clone(), stage.looks.statics.clone());
            let (a, b) = (parts(old), parts(self));
            Statics::changes((&a.0, &a.1), (&b.0, &b.1), changed);
        }
        if !Arc::ptr_eq(&old.plan, &self.plan) {
            job::changes((old.jobs(), &old.models), (self.jobs(), &self.models), changed);
        }
        let styles = |stage: &Self| -> BTreeMap<Option<Arc<str>>, Arc<str>> {
            let nobody = Recorder::default();
            let office = |at: usize| stage.models[at].read(&nobody).office().1.id.clone();
            stage.office_styles.iter().map(|(at, path, _)| (at.map(office), path.clone())).collect()
        };
        let (before, after) = (styles(old), styles(self));
        for office in before.keys().chain(after.keys()) {
            let entity = Entity::new("office-style", office.as_deref().unwrap_or_default());
            changed.compare(entity, Kind::ThemeFile, before.get(office), after.get(office));
        }
    }

    /// Something that renders one job after another. Each thread takes its own.
    pub fn worker(&self) -> Worker<'_> {
        let loaded = Arc::new(Mutex::new(Vec::new()));
        let mut env = self.looks.env.clone();
        let seen = loaded.clone();
        // The only place where the engine tells which templates it loads, found or not.
        env.set_path_join_callback(move |name, _| {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(name.to_owned());
            Cow::Borrowed(name)
        });
        Worker { stage: self, env: Arc::new(env), loaded }
    }
}

fn office_styles(sources: &Sources, models: &[Arc<Model>], names: Names) -> Vec<OfficeStyle> {
    let offices = sources.config().offices();
    let nobody = Recorder::default();
    std::iter::once(None)
        .chain((0..models.len()).map(Some))
        .map(|at| {
            let css = style::office_css(offices, at.map(|at| models[at].read(&nobody).office().0));
            (at, job::office_style(names, &css).into(), css)
        })
        .collect()
}

/// Templates compiled, filters in; nothing of it depends on a job. Those that are as they were are taken from `previous`.
fn environment(theme: &Theme, previous: Option<&Arc<Looks>>) -> (Environment<'static>, BTreeMap<Arc<str>, Diagnostic>) {
    let (mut env, mut problems, known) = match previous {
        Some(looks) => (looks.env.clone(), looks.problems.clone(), Some(looks.theme.templates())),
        None => (bare(), BTreeMap::new(), None),
    };
    for name in known.iter().flat_map(|known| known.keys()).filter(|name| !theme.templates().contains_key(*name)) {
        env.remove_template(name);
        problems.remove(name);
    }
    for (name, template) in theme.templates() {
        if known.is_some_and(|known| known.get(name) == Some(template)) {
            continue;
        }
        env.remove_template(name);
        problems.remove(name);
        if let Err(error) = env.add_template_owned(name.to_string(), template.source.to_string()) {
            problems.insert(name.clone(), problem::syntax(theme, name, &error));
        }
    }
    (env, problems)
}

/// The engine as every template finds it.
fn bare() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Chainable);
    env.set_recursion_limit(DEPTH);
    env.set_debug(true);
    env.set_auto_escape_callback(|name| {
        if name.ends_with(".html") || name.ends_with(".xml") { AutoEscape::Html } else { AutoEscape::None }
    });
    env.set_formatter(|out, state, value| {
        match value.kind() {
            ValueKind::Undefined | ValueKind::None => return Ok(()),
            ValueKind::Number => return write!(out, "{value}").map_err(Into::into),
            _ => {}
        }
        let escaped = !matches!(state.auto_escape(), AutoEscape::None) && !value.is_safe();
        match (value.as_str(), escaped) {
            (Some(text), false) => out.write_str(text)?,
            (Some(text), true) => escape_to(out, text)?,
            (None, false) => write!(out, "{value}")?,
            (None, true) => escape_to(out, &value.to_string())?,
        }
        Ok(())
    });
    filters::add(&mut env);
    env
}

/// Writes text as HTML text or attribute value. `/` stays as it is: the engine's own escaping costs every link five
/// bytes for each.
fn escape_to(out: &mut impl std::fmt::Write, text: &str) -> std::fmt::Result {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.write_str(&text[from..at])?;
        out.write_str(entity)?;
        from = at + 1;
    }
    out.write_str(&text[from..])
}

fn escape(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = escape_to(out, text);
}

/// Renders jobs, one after another.
#[derive(Debug)]
pub struct Worker<'s> {
    stage: &'s Stage,
    env: Arc<Environment<'static>>,
    /// Names of the templates that the running job has asked for.
    loaded: Arc<Mutex<Vec<String>>>,
}

impl Worker<'_> {
    /// Makes one output. A template that fails gives an empty output and a diagnostic; its trace says what it read
    /// until then.
    pub fn render(&mut self, job: &Job) -> Rendered {
        let mut rendered = self.make(job);
        if let Some(edition) = job.edition() {
            let (models, path) = (&self.stage.models, job.local());
            rendered.problems.extend(self.stage.outward.check(models, edition, path, &rendered.trace));
        }
        rendered
    }

    fn make(&mut self, job: &Job) -> Rendered {
        let stage = self.stage;
        let recorder = Recorder::default();
        recorder.read(job.entity().fact(Kind::Job));
        let content = match &job.what {
            What::Asset(id) => {
                let model = &stage.models[job.edition().unwrap_or_default()];
                let asset = model.read(&recorder).asset(*id);
                recorder.read(Entity::new("asset-bytes", asset.source()).fact(Kind::Asset));
                Some(Content::File { source: asset.source().clone(), hash: asset.hash(), size: asset.size() })
            }
            What::Original(id) => {
                let read = stage.models[job.edition().unwrap_or_default()].read(&recorder);
                let whole = read.is_whole(*id);
                order(read, &recorder, *id, Rendition::Original { whole })
            }
            What::Rendition(id, width) => {
                let read = stage.models[job.edition().unwrap_or_default()].read(&recorder);
                order(read, &recorder, *id, Rendition::Width(*width))
            }
            What::Static(name) => {
                recorder.read(Entity::new("static", name).fact(Kind::ThemeFile));
                recorder.read(Entity::new("static-bytes", name).fact(Kind::ThemeFile));
                stage.looks.statics.file(name).map(|file| Content::Shared(file.bytes.clone()))
            }
            What::OfficeStyle => {
                if let Some(model) = stage.models.first() {
                    let read = model.read(&recorder);
                    for at in 0..read.offices() {
                        read.accent_at(at);
                    }
                }
                let style = stage.office_styles.iter().find(|(at, ..)| *at == job.edition());
                style.map(|(_, _, css)| Content::Bytes(css.clone().into_bytes()))
            }
            _ => None,
        };
        match content {
            Some(content) => Rendered { content, trace: recorder.finish(), problems: Vec::new() },
            None => self.run(job, recorder),
        }
    }

    /// Runs the job's template.
    fn run(&mut self, job: &Job, recorder: Recorder) -> Rendered {
        let stage = self.stage;
        let models = match job.edition() {
            Some(at) => vec![stage.models[at].clone()],
            None => stage.models.clone(),
        };
        let office_style = stage.office_styles.iter().find(|(at, ..)| *at == job.edition());
        let mut scope = Scope {
            inside: job.edition().is_some(),
            models,
            recorder,
            path: job.local().clone(),
            addresses: Addresses::Relative,
            statics: stage.looks.statics.clone(),
            office_style: office_style.map_or_else(|| "".into(), |(_, path, _)| path.clone()),
            theme: stage.looks.theme.clone(),
            env: self.env.clone(),
            problems: Mutex::default(),
            filling: Mutex::default(),
            bound: std::sync::OnceLock::new(),
        };
        if let What::Screen(at, part) = &job.what {
            scope.addresses = Addresses::Screen(*at);
            return self.run_screen(job, (*at, part), scope);
        }
        if matches!(job.what, What::NotFound) {
            scope.addresses = Addresses::Below(base_path(&scope));
        }
        let (name, problems) = self.template(job, &scope);
        let scope = Arc::new(scope);
        scope.read(0).template(&name);
        let root = Root {
            scope: scope.clone(),
            what: job.what.clone(),
            problems: problems.iter().map(root::problem).collect(),
            made: root::Made::default(),
        };
        let result = self.env.get_template(&name).and_then(|template| template.render(Value::from_object(root)));
        let loaded = std::mem::take(&mut *self.loaded.lock().unwrap_or_else(PoisonError::into_inner));
        for name in &loaded {
            scope.read(0).template(name);
        }
        let mut problems = std::mem::take(&mut *scope.problems.lock().unwrap_or_else(PoisonError::into_inner));
        match result {
            Ok(text) => {
                let trace = scope.recorder.finish();
                Rendered { content: Content::Bytes(text.into_bytes()), trace, problems }
            }
            Err(error) => {
                // The cure may name what is nearest to a missing template or theme file.
                scope.read(0).theme_names();
                let trace = scope.recorder.finish();
                let whose = source_of(&scope, &job.what);
                problems.extend(problem::failed(&stage.looks.theme, &name, &error, whose.as_ref()));
                Rendered { content: Content::Bytes(Vec::new()), trace, problems }
            }
        }
    }

    fn run_screen(&mut self, job: &Job, (at, part): (usize, &screen::Part), scope: Scope) -> Rendered {
        let scope = Arc::new(scope);
        let made = self.screen(at, part, &scope);
        for name in &std::mem::take(&mut *self.loaded.lock().unwrap_or_else(PoisonError::into_inner)) {
            scope.read(0).template(name);
        }
        let mut problems = std::mem::take(&mut *scope.problems.lock().unwrap_or_else(PoisonError::into_inner));
        let content = made.unwrap_or_else(|failed| {
            scope.read(0).theme_names();
            let whose = source_of(&scope, &job.what);
            let theme = &self.stage.looks.theme;
            problems.extend(problem::failed(theme, failed.template, &failed.error, whose.as_ref()));
            Content::Bytes(Vec::new())
        });
        Rendered { content, trace: scope.recorder.finish(), problems }
    }

    /// The name of the job's template, and what is wrong with the page that it shows.
    fn template(&self, job: &Job, scope: &Scope) -> (String, Vec<Diagnostic>) {
        let read = scope.read(0);
        let has = |name: &str| {
            read.template(name);
            self.stage.looks.theme.templates().contains_key(name)
        };
        let fixed = match &job.what {
            What::Page(id) => return self.page_template(*id, scope),
            What::List(List::Section(id), _) => {
                let wanted = read.section(*id).face().template().map(|name| name.to_string());
                return (wanted.unwrap_or_else(|| "section.html".to_owned()), Vec::new());
            }
            What::Door => "door.html",
            What::Home => "index.html",
            What::List(List::Term(_), _) => "term.html",
            What::Taxonomy(_) => "taxonomy.html",
            What::Archive => "archive.html",
            What::Map => "map.html",
            What::Month(_) => "month.html",
            What::SeriesList => "series-list.html",
            What::Series(_) => "series.html",
            What::Sheet(_) => "series-record.html",
            What::Booklet(_) => "booklet.html",
            What::NotFound => "404.html",
            What::Feed => "atom.xml",
            What::Sitemap => "sitemap.xml",
            What::Redirect(_) => "redirect.html",
            What::Screen(..)
            | What::Asset(_)
            | What::Original(_)
            | What::Rendition(..)
            | What::Static(_)
            | What::OfficeStyle => "",
        };
        let _ = has(fixed);
        (fixed.to_owned(), Vec::new())
    }

    fn page_template(&self, id: PageId, scope: &Scope) -> (String, Vec<Diagnostic>) {
        let read = scope.read(0);
        let page = read.page(id);
        let problems = page.problems();
        if !problems.is_empty() {
            read.template("problem.html");
        }
        if !problems.is_empty() && self.stage.looks.theme.templates().contains_key("problem.html") {
            return ("problem.html".to_owned(), problems);
        }
        if let Some(name) = page.template() {
            return (name.to_string(), Vec::new());
        }
        if let Some(kind) = page.kind() {
            if let Some(name) = &kind.template {
                return (name.to_string(), Vec::new());
            }
            let name = format!("{}.html", kind.id);
            read.template(&name);
            if self.stage.looks.theme.templates().contains_key(name.as_str()) {
                return (name, Vec::new());
            }
        }
        ("page.html".to_owned(), Vec::new())
    }
}

fn source_of(scope: &Scope, what: &What) -> Option<Arc<str>> {
    match what {
        What::Page(id) | What::Screen(_, screen::Part::Slides(id) | screen::Part::Article(id)) => {
            Some(scope.models[0].source_of(*id).clone())
        }
        What::List(List::Section(id), _) => Some(scope.models[0].section_source(*id)),
        What::Series(id) | What::Sheet(id) => scope.models[0].series_source(id),
        _ => None,
    }
}

/// The path of an edition on its server: of its base address, else its folder below the root.
fn base_path(scope: &Scope) -> Arc<str> {
    let read = scope.read(0);
    let (_, office) = read.office();
    let path = office.base_url.as_deref().and_then(|base| {
        let rest = base.split_once("://")?.1;
        Some(rest.find('/').map_or("/", |at| &rest[at..]).to_owned())
    });
    path.unwrap_or_else(|| format!("/{}/", office.id)).into()
}
