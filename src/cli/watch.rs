//! `zhendi watch`: as `build`, and again after each change, so that a web server or a kiosk always finds a folder that
//! is whole and current. What a change does not touch is neither rendered nor written; with an error the folder keeps
//! what it held.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rayon::prelude::*;
use zhendi::diag::{CONFIG_EDITION, Counts, Diagnostic, fold};
use zhendi::output::{Done, Portal, Stage, Target, Way};
use zhendi::outputs::{Body, Output, Outputs, Turn};
use zhendi::render::{Job, Worker};
use zhendi::source::Sources;
use zhendi::watch::{How, Watch};

use super::args::WatchArgs;
use super::build::{Wanted, key, wanted};
use super::console::{Console, Failure, shown};
use super::progress::Progress;
use super::summary::{Change, Contents, Summary, json_failed, rebuilt};
use super::{memory, place};

/// Runs the command until somebody ends it.
pub fn watch(args: &WatchArgs, console: &Console) -> Result<(), Failure> {
    let since = Instant::now();
    let Wanted { root, output, options, threads } = wanted(&args.build)?;
    let how = if args.poll { How::Poll } else { How::Auto };
    let (sources, mut watch) = Watch::start(&root, options, how);
    let folder = Folder { root, output, console: *console };
    let round = threads.install(|| folder.round(&sources, None));
    drop(sources);
    let mut outputs = folder.begin(round, since)?;
    if !watch.notes().is_empty() {
        console.report(watch.notes().to_vec(), &folder.root);
    }
    while let Some(update) = watch.next() {
        let since = Instant::now();
        if !update.notes.is_empty() {
            console.report(update.notes, &folder.root);
        }
        let round = threads.install(|| folder.round(&update.sources, Some(&outputs)));
        drop(update.sources);
        outputs = folder.tell(round, &update.changed, since);
    }
    Ok(())
}

/// What became of one snapshot.
struct Round {
    outputs: Outputs,
    turn: Turn,
    /// How many outputs were rendered, whether for the first time or anew.
    rendered: usize,
    problems: Vec<Diagnostic>,
    /// `None` where something is wrong and the folder keeps what it held.
    done: Option<Done>,
}

/// The folder that is kept current.
struct Folder {
    root: PathBuf,
    output: PathBuf,
    console: Console,
}

impl Folder {
    /// Builds a snapshot, renders what the change has touched, and switches if nothing is wrong.
    fn round(&self, sources: &Sources, before: Option<&Outputs>) -> Round {
        let since = Instant::now();
        let build = zhendi::build(sources, before.map(Outputs::build));
        // What is rendered goes to the folder at once, so no bytes need be held.
        let (outputs, turn) = match before {
            Some(before) => before.next(build),
            None => (Outputs::new(build, 0), Turn::default()),
        };
        let mut faults = Vec::new();
        let mut stage = None;
        if !outputs.build().diagnostics().iter().any(Diagnostic::is_error) {
            let folders = place::sources(&self.root);
            let target = Target::open(&self.output, &Portal { root: &self.root, sources: &folders });
            match target.and_then(Target::stage) {
                Ok(open) => stage = Some(open),
                Err(fault) => faults.push(*fault),
            }
        }
        let (rendered, found) = self.render(&outputs, stage.as_ref(), since);
        faults.extend(found);
        let problems = fold(outputs.problems().into_iter().chain(faults).collect());
        let mut round = Round { outputs, turn, rendered, problems, done: None };
        if let Some(stage) = stage.filter(|_| !round.problems.iter().any(Diagnostic::is_error)) {
            let contents = Contents::of(round.outputs.build());
            match stage.switch(&key(sources), &memory::keep(&contents, &round.problems)) {
                Ok(mut done) => {
                    round.problems.append(&mut done.notes);
                    round.done = Some(done);
                }
                Err(faults) => round.problems.extend(faults),
            }
        }
        round
    }

    /// Renders what is missing, and brings every output into the stage if there is one; gives how many were rendered,
    /// and what stops the stage.
    fn render<'a>(&self, outputs: &'a Outputs, stage: Option<&Stage>, since: Instant) -> (usize, Vec<Diagnostic>) {
        let build = outputs.build();
        let progress = Progress::new(outputs.missing().len(), since, !self.console.is_json());
        let fault = Mutex::new(None);
        let stuck = AtomicBool::new(false);
        let rendered = AtomicUsize::new(0);
        let bring = |job: &Job, worker: &mut Option<Worker<'a>>| -> Result<(), Box<Diagnostic>> {
            // What stops one file stops the next thousand: a full disk is said once.
            let stage = stage.filter(|_| !stuck.load(Ordering::Relaxed));
            if let Some(hash) = outputs.hash(job.path()) {
                // Where the folder does not hold it, somebody has been at it, or an error kept it out.
                let Some(stage) = stage else { return Ok(()) };
                if stage.keep(job.path(), &hash)? {
                    return Ok(());
                }
            }
            let output = outputs.make(job, worker.get_or_insert_with(|| build.worker()));
            rendered.fetch_add(1, Ordering::Relaxed);
            progress.step();
            stage.map_or(Ok(()), |stage| put(stage, &self.root, job.path(), &output))
        };
        build.jobs().par_iter().for_each_init(
            || None,
            |worker, job| {
                if let Err(found) = bring(job, worker) {
                    stuck.store(true, Ordering::Relaxed);
                    fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(*found);
                }
            },
        );
        let fault = fault.into_inner().unwrap_or_else(PoisonError::into_inner);
        (rendered.into_inner(), fault.into_iter().collect())
    }

    /// Says what came of the first snapshot, as `build` does.
    fn begin(&self, round: Round, since: Instant) -> Result<Outputs, Failure> {
        // A mistyped `--edition` does not mend itself.
        let usage = round.problems.iter().any(|problem| problem.code == CONFIG_EDITION);
        let contents = Contents::of(round.outputs.build());
        let counts = self.console.report(round.problems, &self.root);
        if usage {
            return Err(Failure::Said(2));
        }
        match &round.done {
            Some(done) => {
                let change = Change::Files {
                    written: done.written,
                    same: done.same,
                    deleted: done.deleted,
                    whole: done.way == Way::Whole,
                };
                let summary = Summary { contents: &contents, change, time: since.elapsed(), output: &self.output };
                if self.console.is_json() {
                    self.console.say(&summary.json(counts.errors, counts.warnings, counts.notes));
                } else {
                    self.console.say(&summary.human());
                    let line = format!("\n正在留意改动，一保存就更新 {}。按 Ctrl+C 结束。\n", shown(&self.output));
                    self.console.say(&line);
                }
            }
            None => self.failed(counts),
        }
        Ok(round.outputs)
    }

    /// Says what came of a change.
    fn tell(&self, round: Round, changed: &[Arc<str>], since: Instant) -> Outputs {
        let counts = self.console.report(round.problems, &self.root);
        match &round.done {
            Some(done) => {
                let seconds = since.elapsed().as_secs_f64();
                let (dropped, rendered) = (round.turn.dropped, round.rendered);
                let of = round.outputs.build().jobs().len();
                let line = if self.console.is_json() {
                    let value = serde_json::json!({ "rebuild": {
                        "published": true,
                        "changed": changed.iter().map(|path| &**path).collect::<Vec<&str>>(),
                        "dropped": dropped,
                        "rendered": rendered,
                        "outputs": of,
                        "written": done.written,
                        "deleted": done.deleted,
                        "seconds": seconds,
                    }});
                    format!("{value}\n")
                } else {
                    rebuilt(changed, dropped, rendered, of, since.elapsed())
                };
                self.console.say(&line);
            }
            None => self.failed(counts),
        }
        round.outputs
    }

    /// Says that the folder keeps what it held.
    fn failed(&self, counts: Counts) {
        if self.console.is_json() {
            self.console.say(&json_failed(counts.errors, counts.warnings, counts.notes));
        } else {
            self.console.mind("网站没有更新，还是上一次的样子。改好上面的错误再保存，会自动更新。\n");
        }
    }
}

fn put(stage: &Stage, root: &Path, path: &str, output: &Output) -> Result<(), Box<Diagnostic>> {
    match &output.body {
        Body::Bytes(bytes) => stage.write(path, bytes)?,
        Body::File { source, size } => stage.copy(path, &root.join(&**source), source, &output.hash, *size)?,
    };
    Ok(())
}
