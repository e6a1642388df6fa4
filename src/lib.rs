//! Zhendi turns one tree of Markdown into a static site for each of a bureau's offices.
//!
//! ```text
//! Sources ──parse──▶ Documents ──per edition──▶ Model ──plan──▶ Jobs ──on demand: render + trace──▶ Outputs
//! ```
//!
//! [`build`] is the whole of it: the same function for a clean build and for a rebuild. It reads no file and no date;
//! [`source`] does before it, and `output` writes after it.

pub mod beacon;
pub mod chunk;
pub mod content;
pub mod darkroom;
pub mod diag;
pub mod insides;
pub mod model;
pub mod output;
pub mod outputs;
pub mod picture;
pub mod render;
pub mod serve;
pub mod slide;
pub mod source;
mod texts;
pub mod tree;
pub mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chunk::Sorted;
use content::{Audience, Series};
use diag::Diagnostic;
use insides::Insides;
use model::{Changed, Changes, Library, Model, Programme, Status};
use render::{Job, Stage, Worker};
use source::{Components, Config, Names, Office, Sources};
use texts::{Declared, Text, Texts};

/// A build: what every edition holds and how each output comes about. Outputs are rendered when they are asked for.
#[derive(Debug)]
pub struct Build {
    texts: Texts,
    insides: Arc<Insides>,
    declared: Vec<Declared>,
    config: Arc<Config>,
    components: Arc<Components>,
    library: Arc<Library>,
    models: Vec<Arc<Model>>,
    stage: Stage,
    problems: Vec<Diagnostic>,
    spent: Spent,
}

/// How long the parts of a build took; nothing depends on it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// Texts to documents.
    pub parse: Duration,
    /// Documents to the library and the models.
    pub model: Duration,
    /// Models to jobs, and compiling templates.
    pub plan: Duration,
}

/// Builds `sources`. What `previous` has in common with it is taken from there; the result is the same without.
pub fn build(sources: &Sources, previous: Option<&Build>) -> Build {
    let begun = Instant::now();
    let mut problems = sources.problems().to_vec();
    let texts = texts::parse(sources, previous);
    problems.extend(texts.problems().cloned());
    let insides = Insides::read(sources, &texts, previous);
    let declared = Declared::all(sources, previous);
    let series: Vec<Arc<Series>> = declared.iter().map(|one| one.series.clone()).collect();
    for series in &series {
        problems.extend(series.problems.iter().cloned());
    }
    let parsed = begun.elapsed();
    let before =
        previous.map(|build| model::Before { texts: &build.texts, library: &build.library, models: &build.models });
    let (library, models) = model::models(sources, (&texts, &series), insides.clone(), before, &mut problems);
    let modelled = begun.elapsed();
    let stage = Stage::new(sources, &models, previous.map(|build| &build.stage), &mut problems);
    let problems = diag::fold(problems);
    let spent = Spent { parse: parsed, model: modelled - parsed, plan: begun.elapsed() - modelled };
    let (config, components) = (sources.config().clone(), sources.theme().components().clone());
    Build { texts, insides, declared, config, components, library, models, stage, problems, spent }
}

/// How many pages an edition holds.
#[derive(Clone, Debug)]
pub struct EditionSummary {
    /// The office.
    pub office: Arc<Office>,
    /// Its pages.
    pub pages: usize,
}

/// A page that no edition holds.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// Source file.
    pub path: Arc<str>,
    /// Title.
    pub title: Arc<str>,
    /// Why.
    pub why: Status,
    /// Its date, or for an expired one the day on which it went.
    pub date: Option<Arc<str>>,
}

impl Build {
    /// The text at a path from the portal's root.
    fn text(&self, path: &str) -> Option<&Text> {
        self.texts.find(path)
    }

    /// Everything there is to say about the portal, but for templates that fail while they run.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Whether it has every text as `other` parsed it, for the test that a template's edit parses nothing.
    pub fn parses_as(&self, other: &Self) -> bool {
        self.texts.len() == other.texts.len() && self.texts.iter().zip(other.texts.iter()).all(|(a, b)| a.parses_as(b))
    }

    /// How long its parts took.
    pub fn spent(&self) -> Spent {
        self.spent
    }

    /// Every output, sorted by path.
    pub fn jobs(&self) -> &Sorted<Job> {
        self.stage.jobs()
    }

    /// The numbers of the jobs of `old` that are no more, in order; `None` where numbers or editions mean something else.
    pub(crate) fn gone_since(&self, old: &Self) -> Option<Vec<u32>> {
        self.stage.gone_since(&old.stage)
    }

    /// The editions of screens, whose files go into folders named by what they hold; none where names are to be plain.
    pub fn screens(&self) -> Vec<output::Versioned> {
        if self.stage.names() == Names::Plain {
            return Vec::new();
        }
        let of = |model: &Arc<Model>| {
            let programmes = model.programmes().iter();
            let one = |programme: &Arc<Programme>| output::Versioned {
                folder: programme.path(),
                is_public: programme.screen().audience == Audience::Public,
            };
            programmes.map(one).collect::<Vec<_>>()
        };
        self.models.iter().flat_map(of).collect()
    }

    /// Whether an output is a screen's.
    pub(crate) fn is_of_screen(&self, path: &str) -> bool {
        self.models.iter().flat_map(|model| model.programmes()).any(|programme| path.starts_with(&programme.path()))
    }

    /// Something that renders jobs; each thread takes its own.
    pub fn worker(&self) -> Worker<'_> {
        self.stage.worker()
    }

    /// The file or folder that a job's output shows, if it shows one.
    pub fn source_of(&self, job: &Job) -> Option<Arc<str>> {
        self.stage.source_of(job)
    }

    /// The editions and their sizes.
    pub fn editions(&self) -> Vec<EditionSummary> {
        let nobody = model::Recorder::default();
        let editions = self.models.iter();
        editions
            .map(|model| EditionSummary { office: model.read(&nobody).office().1.clone(), pages: model.count() })
            .collect()
    }

    /// Drafts, pages of the future and expired ones.
    pub fn left_out(&self) -> Vec<LeftOut> {
        let pages = self.library.pages().filter(|page| page.status() != Status::Live);
        pages
            .map(|page| LeftOut {
                path: page.source_path().clone(),
                title: page.title().clone(),
                why: page.status(),
                date: if page.status() == Status::Expired { page.expires() } else { page.date() }.cloned(),
            })
            .collect()
    }

    /// The facts that changed from `old` to this build.
    pub fn changes_since(&self, old: &Build) -> Changes {
        let mut themed = Changed::default();
        self.stage.changes_since(&old.stage, &mut themed);
        Changes::between((&old.library, &old.models), (&self.library, &self.models), &themed)
    }
}
