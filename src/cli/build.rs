//! `zhendi build`: reads, builds, renders into a stage from all threads, and switches if nothing is wrong. With any
//! error everything is still built and rendered, so that all problems are told at once, but nothing is published.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rayon::prelude::*;
use zhendi::diag::{CONFIG_EDITION, Counts, Diagnostic, USAGE_THREADS, fold};
use zhendi::source::{Options, Sources};

use super::args::BuildArgs;
use super::console::{Console, Failure};
use super::mock::{self, Build, Content, Portal, Stage, Target, Way, Written};
use super::progress::Progress;
use super::summary::{Change, Contents, Summary, json_failed};
use super::{memory, place};

/// Runs the command on as many threads as are wanted.
pub fn build(args: &BuildArgs, console: &Console) -> Result<(), Failure> {
    let since = Instant::now();
    let (root, config) = place::portal(&args.portal)?;
    let output = place::output(&root, args.output.as_deref());
    let options = Options {
        config,
        drafts: args.drafts,
        names: args.names.0,
        editions: args.edition.clone(),
        clock: place::clock(args.date)?,
        output: Some(output.clone()),
    };
    let threads = rayon::ThreadPoolBuilder::new().num_threads(args.jobs.unwrap_or(0).into()).build().map_err(|error| {
        Failure::Fault(Box::new(
            Diagnostic::error(USAGE_THREADS, "系统不让再开线程")
                .with_note(format!("系统的说明：{error}"))
                .cause("电脑上开着的程序太多，或者 --jobs 写得太大。")
                .cure("关掉一些程序，或者用 --jobs 1 再试。"),
        ))
    })?;
    let run = Run { root, output, since, console: *console };
    threads.install(|| run.all(options))
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
            && !sources.problems().iter().any(Diagnostic::is_error)
            && let Some(same) = target.unchanged(&key)
            && let Some((contents, mut said)) = memory::recall(same.memory)
        {
            said.extend(same.notes);
            let counts = self.console.report(said, &self.root);
            self.close(&contents, Change::None, counts);
            return Ok(());
        }

        let build = mock::build(&sources, None);
        drop(sources.without_texts());
        problems.extend_from_slice(build.diagnostics());
        let mut stage = None;
        if let Some(target) = target
            && !problems.iter().any(Diagnostic::is_error)
        {
            match target.stage() {
                Ok(open) => stage = Some(open),
                Err(fault) => problems.push(*fault),
            }
        }
        let outcome = self.render(&build, stage.as_ref());
        problems.extend(outcome.problems);
        let problems = fold(problems);
        let Some(stage) = stage.filter(|_| !problems.iter().any(Diagnostic::is_error)) else {
            return Err(self.give_up(problems));
        };

        let contents = Contents::of(&build);
        let done = match stage.switch(&key, &memory::keep(&contents, &problems)) {
            Ok(done) => done,
            Err(faults) => return Err(self.give_up(problems.into_iter().chain(faults).collect())),
        };
        let counts = self.console.report(problems.into_iter().chain(done.notes).collect(), &self.root);
        let change = Change::Files {
            written: outcome.written,
            same: outcome.same,
            deleted: done.deleted,
            whole: done.way == Way::Whole,
        };
        self.close(&contents, change, counts);
        Ok(())
    }

    /// Renders every job, into the stage if there is one.
    fn render(&self, build: &Build, stage: Option<&Stage>) -> Outcome {
        let renderer = build.renderer();
        let progress = Progress::new(build.jobs().len(), self.since, !self.console.is_json());
        let problems = Mutex::new(Vec::new());
        let (written, same, stuck) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
        let tell = |found: &mut dyn Iterator<Item = Diagnostic>| {
            problems.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
        };
        build.jobs().par_iter().for_each_init(
            || renderer.worker(),
            |worker, job| {
                let rendered = worker.render(job);
                if !rendered.problems.is_empty() {
                    tell(&mut rendered.problems.into_iter());
                }
                if let Some(stage) = stage
                    && !stuck.load(Ordering::Relaxed)
                {
                    match put(stage, &self.root, job.path(), &rendered.content) {
                        Ok(Written::New) => drop(written.fetch_add(1, Ordering::Relaxed)),
                        Ok(Written::Same) => drop(same.fetch_add(1, Ordering::Relaxed)),
                        // What stops one file stops the next thousand: a full disk is said once.
                        Err(fault) => {
                            stuck.store(true, Ordering::Relaxed);
                            tell(&mut std::iter::once(*fault));
                        }
                    }
                }
                progress.step();
            },
        );
        Outcome {
            problems: problems.into_inner().unwrap_or_else(PoisonError::into_inner),
            written: written.into_inner(),
            same: same.into_inner(),
        }
    }

    fn give_up(&self, problems: Vec<Diagnostic>) -> Failure {
        let usage = problems.iter().any(|problem| problem.code == CONFIG_EDITION);
        let counts = self.console.report(problems, &self.root);
        if self.console.is_json() {
            self.console.say(&json_failed(counts.errors, counts.warnings, counts.notes));
        } else {
            self.console.mind("什么都没有发布，原来的内容原样保留。改好上面的错误，再生成一次。\n");
        }
        Failure::Said(if usage { 2 } else { 1 })
    }

    fn close(&self, contents: &Contents, change: Change, counts: Counts) {
        let summary = Summary { contents, change, time: self.since.elapsed(), output: &self.output };
        let text = if self.console.is_json() {
            summary.json(counts.errors, counts.warnings, counts.notes)
        } else {
            summary.human()
        };
        self.console.say(&text);
    }
}

/// What became of the jobs.
struct Outcome {
    problems: Vec<Diagnostic>,
    written: usize,
    same: usize,
}

fn put(stage: &Stage, root: &Path, path: &str, content: &Content) -> Result<Written, Box<Diagnostic>> {
    match content {
        Content::Bytes(bytes) => stage.write(path, bytes),
        Content::File { source, hash, size } => stage.copy(path, &root.join(&**source), source, hash, *size),
    }
}

/// Equal keys mean equal outputs: one snapshot, date and options, one program.
fn key(sources: &Sources) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(sources.hash().as_bytes());
    hasher.update(place::program().as_bytes());
    hasher.finalize()
}
