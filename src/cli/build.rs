//! `zhendi build`: reads, builds, renders into a stage from all threads, and switches if nothing is wrong. With any
//! error everything is still built and rendered, so that all problems are told at once, but nothing is published.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rayon::prelude::*;
use zhendi::Build;
use zhendi::darkroom::{Darkroom, Print};
use zhendi::diag::{CONFIG_EDITION, Counts, Diagnostic, USAGE_THREADS, fold};
use zhendi::output::{Cache, Portal, Stage, Target, Way};
use zhendi::render::Content;
use zhendi::source::{Options, Sources};

use super::args::BuildArgs;
use super::console::{Console, Failure};
use super::place::Asked;
use super::progress::Progress;
use super::summary::{Change, Contents, Summary, json_failed};
use super::{memory, place};

/// Runs the command on as many threads as are wanted.
pub fn build(args: &BuildArgs, console: &Console) -> Result<(), Failure> {
    let since = Instant::now();
    let wanted = wanted(args)?;
    let run = Run { root: wanted.root, output: wanted.output, since, console: *console };
    wanted.threads.install(|| run.all(wanted.options))
}

/// What is to be built, where to, and on which threads.
pub(super) struct Wanted {
    pub root: PathBuf,
    pub output: PathBuf,
    pub options: Options,
    pub threads: rayon::ThreadPool,
}

/// What the words of `build` or `watch` mean.
pub(super) fn wanted(args: &BuildArgs) -> Result<Wanted, Failure> {
    let Asked { root, output, options } = place::asked(&args.portal, &args.view, args.output.as_deref())?;
    let threads =
        rayon::ThreadPoolBuilder::new().num_threads(args.jobs.unwrap_or(0).into()).build().map_err(|error| {
            Failure::Fault(Box::new(
                Diagnostic::error(USAGE_THREADS, "系统不让再开线程")
                    .with_note(format!("系统的说明：{error}"))
                    .cause("电脑上开着的程序太多，或者 --jobs 写得太大。")
                    .cure("关掉一些程序，或者用 --jobs 1 再试。"),
            ))
        })?;
    Ok(Wanted { root, output, options, threads })
}

/// One build from beginning to end.
struct Run {
    root: PathBuf,
    output: PathBuf,
    since: Instant,
    console: Console,
}

impl Run {
    fn all(&self, options: Options) -> Result<(), Failure> {
        let sources = Sources::read(&self.root, options);
        let folders = place::sources(&self.root);
        let target = Target::open(&self.output, &Portal { root: &self.root, sources: &folders });
        let key = key(&sources);
        let mut problems = Vec::new();
        let target = match target {
            Ok(target) => Some(target),
            Err(fault) => {
                problems.push(*fault);
                None
            }
        };
        if let Some(target) = &target
            && let Some(Same { contents, said, notes }) = same(target, &sources, &key)
        {
            let counts = self.console.report(said.into_iter().chain(notes).collect(), &self.root);
            self.close(&contents, Change::None, counts);
            return Ok(());
        }

        let build = zhendi::build(&sources, None);
        // The texts are in the build now, and memory is better used by what it renders.
        drop(sources);
        problems.extend_from_slice(build.diagnostics());
        let mut stage = None;
        if let Some(target) = target
            && !problems.iter().any(Diagnostic::is_error)
        {
            match target.stage(build.screens()) {
                Ok(open) => stage = Some(open),
                Err(fault) => problems.push(*fault),
            }
        }
        let darkroom = Darkroom::new(&self.root, Some(Cache::beside(&self.output, &self.root)));
        problems.extend(self.render(&build, stage.as_ref(), &darkroom));
        let problems = fold(problems);
        let Some(stage) = stage.filter(|_| !problems.iter().any(Diagnostic::is_error)) else {
            return Err(self.give_up(problems));
        };

        let contents = Contents::of(&build);
        let done = match stage.switch(&key, &memory::keep(&contents, &problems)) {
            Ok(done) => done,
            Err(faults) => return Err(self.give_up(problems.into_iter().chain(faults).collect())),
        };
        let notes = done.notes.into_iter().chain(darkroom.notes());
        let counts = self.console.report(problems.into_iter().chain(notes).collect(), &self.root);
        darkroom.tidy();
        let change = Change::Files {
            written: done.written,
            same: done.same,
            deleted: done.deleted,
            whole: done.way == Way::Whole,
        };
        self.close(&contents, change, counts);
        // The process ends here: the system takes a million small pieces back at once, which by hand takes longer.
        std::mem::forget(build);
        Ok(())
    }

    /// Renders every job, into the stage if there is one; gives what is wrong with them.
    fn render(&self, build: &Build, stage: Option<&Stage>, darkroom: &Darkroom) -> Vec<Diagnostic> {
        let progress = Progress::new(build.jobs().len(), self.since, !self.console.is_json());
        let problems = Mutex::new(Vec::new());
        let stuck = AtomicBool::new(false);
        let tell = |found: Vec<Diagnostic>| {
            if !found.is_empty() {
                problems.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
            }
        };
        build.jobs().par_iter().for_each_init(
            || build.worker(),
            |worker, job| {
                let rendered = worker.render(job);
                tell(rendered.problems);
                let content = match rendered.content {
                    Content::Picture(order) => {
                        let Print { bytes, problem } = darkroom.print(&order);
                        tell(problem.into_iter().collect());
                        Content::Shared(bytes)
                    }
                    Content::Bound(bound) => {
                        let (bytes, found) = darkroom.bind(bound);
                        tell(found);
                        Content::Bytes(bytes)
                    }
                    content => content,
                };
                // What stops one file stops the next thousand: a full disk is said once.
                if let Some(stage) = stage
                    && !stuck.load(Ordering::Relaxed)
                    && let Err(fault) = put(stage, &self.root, job.path(), &content)
                {
                    stuck.store(true, Ordering::Relaxed);
                    tell(vec![*fault]);
                }
                if job.is_picture() {
                    progress.picture();
                }
                progress.step();
            },
        );
        problems.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn give_up(&self, problems: Vec<Diagnostic>) -> Failure {
        let usage = problems.iter().any(|problem| problem.code == CONFIG_EDITION);
        let counts = self.console.report(problems, &self.root);
        if self.console.is_json() {
            self.console.say(&json_failed(counts, false));
        } else {
            self.console.mind("什么都没有发布，原来的内容原样保留。改好上面的错误，再生成一次。\n");
        }
        Failure::Said(if usage { 2 } else { 1 })
    }

    fn close(&self, contents: &Contents, change: Change, counts: Counts) {
        let summary = Summary { contents, change, time: self.since.elapsed(), output: &self.output };
        let text = if self.console.is_json() {
            summary.json(counts)
        } else {
            if counts != Counts::default() {
                self.console.mind("\n");
            }
            summary.human()
        };
        self.console.say(&text);
    }
}

fn put(stage: &Stage, root: &Path, path: &str, content: &Content) -> Result<(), Box<Diagnostic>> {
    match content {
        Content::Bytes(bytes) => stage.write(path, bytes)?,
        Content::Shared(bytes) => stage.write(path, bytes)?,
        Content::File { source, hash, size } => stage.copy(path, &root.join(&**source), source, hash, *size)?,
        // Made before it comes here.
        Content::Picture(_) | Content::Bound(_) => return Ok(()),
    };
    Ok(())
}

/// What there is to say of a folder that is up to date.
pub(super) struct Same {
    pub contents: Contents,
    /// What was said of the portal by the run that brought it there.
    pub said: Vec<Diagnostic>,
    /// What is to be said of the folder itself.
    pub notes: Vec<Diagnostic>,
}

/// Whether the folder holds already what `sources` give.
pub(super) fn same(target: &Target, sources: &Sources, key: &blake3::Hash) -> Option<Same> {
    if sources.problems().iter().any(Diagnostic::is_error) {
        return None;
    }
    let same = target.unchanged(key)?;
    let (contents, said) = memory::recall(same.memory)?;
    Some(Same { contents, said, notes: same.notes })
}

/// Equal keys mean equal outputs: one snapshot, date and options, one program.
pub(super) fn key(sources: &Sources) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(sources.hash().as_bytes());
    hasher.update(place::program().as_bytes());
    hasher.finalize()
}
