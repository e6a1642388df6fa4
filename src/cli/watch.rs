//! `zhendi watch`: as `build`, and again after each change, so that a web server or a kiosk always finds a folder that
//! is whole and current. What a change does not touch is neither rendered nor written; with an error the folder keeps
//! what it held. Where the folder itself is what stands in the way, it is tried again without a change.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use zhendi::darkroom::Darkroom;
use zhendi::diag::{
    CONFIG_EDITION, Code, Counts, Diagnostic, OUTPUT_BUSY, OUTPUT_DENIED, OUTPUT_DISK_FULL, OUTPUT_FAILED,
    OUTPUT_FILE_IN_USE, OUTPUT_FOREIGN_IN_WAY, OUTPUT_HALF_DONE, OUTPUT_NOT_FOLDER, fold,
};
use zhendi::output::{Cache, Done, Portal, Stage, Target, Way};
use zhendi::outputs::{Body, Output, Outputs, Turn};
use zhendi::render::{Job, Worker};
use zhendi::source::Sources;
use zhendi::watch::{Next, Spent, Update, Watch};

use super::args::WatchArgs;
use super::build::{Same, Wanted, key, same, wanted};
use super::console::{Console, Failure, shown};
use super::progress::Progress;
use super::summary::{Change, Contents, Rebuilt, Summary, json_failed};
use super::times::{Part, Times};
use super::told::Told;
use super::{memory, place};

/// What can go away without anybody editing the portal: another program is done, a disk has room again, a share is back.
const PASSING: [Code; 8] = [
    OUTPUT_BUSY,
    OUTPUT_DENIED,
    OUTPUT_DISK_FULL,
    OUTPUT_FAILED,
    OUTPUT_FILE_IN_USE,
    OUTPUT_FOREIGN_IN_WAY,
    OUTPUT_HALF_DONE,
    OUTPUT_NOT_FOLDER,
];

/// How soon such a thing is tried again; then after twice the time, and so on …
const PAUSE: Duration = Duration::from_secs(1);
/// … but no later than this.
const LONGEST: Duration = Duration::from_secs(30);

/// Runs the command until somebody ends it.
pub fn watch(args: &WatchArgs, console: &Console) -> Result<(), Failure> {
    let since = Instant::now();
    let Wanted { root, output, options, threads } = wanted(&args.build)?;
    let (sources, mut watch) = Watch::start(&root, options, args.notice.how());
    let mut folder = Folder { root, output, console: *console, said: Said::default(), retry: None };
    let mut newest = threads.install(|| folder.begin(&sources, since))?;
    drop(sources);
    if !watch.notes().is_empty() {
        console.report(watch.notes().to_vec(), &folder.root);
    }
    loop {
        match watch.next_until(folder.retry.as_ref().map(|retry| retry.at)) {
            Next::Update(update) if !update.differs => _ = console.report(update.notes, &folder.root),
            Next::Update(update) => newest = threads.install(|| folder.follow(&newest, *update)),
            Next::Time => threads.install(|| folder.again(&newest)),
            Next::Stop => return Ok(()),
        }
    }
}

/// The outputs of the newest snapshot, and the key by which the folder is known to hold them.
struct Newest {
    outputs: Outputs,
    key: blake3::Hash,
}

/// What came of an attempt to bring the folder up to date.
struct Attempt {
    /// How many outputs were rendered, whether for the first time or anew.
    rendered: usize,
    /// What is wrong with the portal.
    problems: Vec<Diagnostic>,
    /// What is wrong with the folder.
    faults: Vec<Diagnostic>,
    /// `None` where something is wrong and the folder keeps what it held.
    done: Option<Done>,
}

impl Attempt {
    /// Everything there is to say, whether or not it was said before.
    fn counts(&self) -> Counts {
        let notes = self.done.iter().flat_map(|done| &done.notes);
        Counts::of(&fold(self.problems.iter().chain(&self.faults).chain(notes).cloned().collect()))
    }

    /// Whether it may come out well another time though nobody edits anything.
    fn may_pass(&self) -> bool {
        let errors = || self.problems.iter().chain(&self.faults).filter(|problem| problem.is_error());
        self.done.is_none() && errors().all(|error| PASSING.contains(&error.code))
    }
}

/// What was said already, of each in its own time: the folder is not asked at every change.
#[derive(Default)]
struct Said {
    problems: Told,
    faults: Told,
    notes: Told,
}

/// When to try again.
struct Retry {
    at: Instant,
    pause: Duration,
    /// What stood in the way: a full disk stops another file each time, and is the same full disk.
    codes: Vec<Code>,
}

/// The folder that is kept current.
struct Folder {
    root: PathBuf,
    output: PathBuf,
    console: Console,
    said: Said,
    retry: Option<Retry>,
}

impl Folder {
    /// Brings the folder up to date with the first snapshot, and says what came of it as `build` does.
    fn begin(&mut self, sources: &Sources, since: Instant) -> Result<Newest, Failure> {
        let key = key(sources);
        let target = self.open();
        let same = target.as_ref().ok().and_then(|target| same(target, sources, &key));
        let is_current = same.is_some();
        if let Some(Same { contents, said, notes }) = same {
            self.said.problems.take(&said);
            self.said.notes.take(&notes);
            let counts = self.console.report(said.into_iter().chain(notes).collect(), &self.root);
            self.close(&contents, Change::None, counts, since);
        }
        // What goes to the folder goes there at once, so no bytes need be held.
        let darkroom = Arc::new(Darkroom::new(&self.root, Some(Cache::beside(&self.output, &self.root))));
        let newest = Newest { outputs: Outputs::new(zhendi::build(sources, None), 0, darkroom), key };
        if is_current {
            drop(target);
            // Nothing is written; but what each output has read must be known to tell what a change touches.
            self.render(&newest.outputs, None, since);
            return Ok(newest);
        }
        let attempt = self.publish(&newest, Some(target), &mut Times::after(Spent::default()));
        // A mistyped `--edition` does not mend itself.
        let usage = attempt.problems.iter().any(|problem| problem.code == CONFIG_EDITION);
        self.report(&attempt, true);
        if usage {
            return Err(Failure::Said(2));
        }
        match &attempt.done {
            Some(done) => {
                let change = Change::Files {
                    written: done.written,
                    same: done.same,
                    deleted: done.deleted,
                    whole: done.way == Way::Whole,
                };
                self.close(&Contents::of(newest.outputs.build()), change, attempt.counts(), since);
            }
            None => self.failed(&attempt, true),
        }
        Ok(newest)
    }

    /// Brings the folder up to date with a change, and says what came of it.
    fn follow(&mut self, before: &Newest, update: Update) -> Newest {
        let since = Instant::now();
        let mut times = Times::after(update.spent);
        if !update.notes.is_empty() {
            self.console.report(update.notes, &self.root);
        }
        let build = zhendi::build(&update.sources, Some(before.outputs.build()));
        let key = key(&update.sources);
        drop(update.sources);
        times.build(build.spent());
        let (outputs, turn) = before.outputs.next(build);
        let newest = Newest { outputs, key };
        times.lap(Part::Compare);
        let attempt = self.publish(&newest, None, &mut times);
        self.report(&attempt, true);
        match &attempt.done {
            Some(done) => {
                let of = newest.outputs.build().jobs().len();
                self.rebuilt(&update.changed, turn, (attempt.rendered, of), done, since, &times);
            }
            None => self.failed(&attempt, true),
        }
        newest
    }

    /// Tries once more what the folder itself had stood in the way of.
    fn again(&mut self, newest: &Newest) {
        let since = Instant::now();
        let attempt = self.publish(newest, None, &mut Times::after(Spent::default()));
        self.report(&attempt, false);
        match &attempt.done {
            Some(done) => {
                self.retry = None;
                let (seconds, of) = (since.elapsed().as_secs_f64(), newest.outputs.build().jobs().len());
                let (written, deleted) = (done.written, done.deleted);
                let line = if self.console.is_json() {
                    let value = serde_json::json!({ "rebuild": {
                        "published": true,
                        "retried": true,
                        "changed": [],
                        "dropped": 0,
                        "rendered": attempt.rendered,
                        "outputs": of,
                        "written": written,
                        "deleted": deleted,
                        "seconds": seconds,
                    }});
                    format!("{value}\n")
                } else {
                    format!(
                        "又试了一次，网站已更新：写入 {written} 个文件，删除 {deleted} 个，用时 {seconds:.2} 秒。\n"
                    )
                };
                self.console.say(&line);
            }
            None => self.failed(&attempt, false),
        }
    }

    /// Checks and locks the folder.
    fn open(&self) -> Result<Target, Box<Diagnostic>> {
        let folders = place::sources(&self.root);
        Target::open(&self.output, &Portal { root: &self.root, sources: &folders })
    }

    /// Renders what is missing, and switches if nothing is wrong. `target` where the folder is open already.
    fn publish(&self, newest: &Newest, target: Option<Result<Target, Box<Diagnostic>>>, times: &mut Times) -> Attempt {
        let since = Instant::now();
        let outputs = &newest.outputs;
        let mut faults = Vec::new();
        let mut stage = None;
        if !outputs.build().diagnostics().iter().any(Diagnostic::is_error) {
            match target.unwrap_or_else(|| self.open()).and_then(|target| target.stage(outputs.build().screens())) {
                Ok(open) => stage = Some(open),
                Err(fault) => faults.push(*fault),
            }
        }
        let (rendered, found) = self.render(outputs, stage.as_ref(), since);
        faults.extend(found);
        times.lap(Part::Render);
        outputs.darkroom().tidy();
        let mut attempt = Attempt { rendered, problems: outputs.problems(), faults, done: None };
        let is_wrong = attempt.problems.iter().chain(&attempt.faults).any(Diagnostic::is_error);
        if let Some(stage) = stage.filter(|_| !is_wrong) {
            let contents = Contents::of(outputs.build());
            match stage.switch(&newest.key, &memory::keep(&contents, &attempt.problems)) {
                Ok(mut done) => {
                    done.notes.extend(outputs.darkroom().notes());
                    attempt.done = Some(done);
                }
                Err(faults) => attempt.faults.extend(faults),
            }
        }
        times.lap(Part::Swap);
        attempt
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
            if job.is_picture() {
                progress.picture();
            }
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

    /// Says what was not said yet; after a change also the errors that still stand.
    fn report(&mut self, attempt: &Attempt, after_change: bool) {
        let mut standing = vec![self.said.problems.take(&attempt.problems)];
        if attempt.done.is_some() || !attempt.faults.is_empty() {
            let mut faults = self.said.faults.take(&attempt.faults);
            let known = self.retry.as_ref().filter(|_| !after_change).map_or(&[][..], |retry| &retry.codes);
            faults.new.retain(|fault| !known.contains(&fault.code));
            standing.push(faults);
        }
        standing.extend(attempt.done.as_ref().map(|done| self.said.notes.take(&done.notes)));
        let words = standing.into_iter().flat_map(|one| if after_change { one.after_change() } else { one.new });
        self.console.report(words.collect(), &self.root);
    }

    /// Says what stands in the folder, and that it is kept so.
    fn close(&self, contents: &Contents, change: Change, counts: Counts, since: Instant) {
        let summary = Summary { contents, change, time: since.elapsed(), output: &self.output };
        if self.console.is_json() {
            self.console.say(&summary.json(counts));
        } else {
            if counts != Counts::default() {
                self.console.mind("\n");
            }
            self.console.say(&summary.human());
            self.console.say(&format!("\n正在留意改动，一保存就更新 {}。按 Ctrl+C 结束。\n", shown(&self.output)));
        }
    }

    /// Says what a change has cost: of so many outputs so many were rendered.
    fn rebuilt(
        &mut self,
        changed: &[Arc<str>],
        turn: Turn,
        (rendered, of): (usize, usize),
        done: &Done,
        since: Instant,
        times: &Times,
    ) {
        self.retry = None;
        let (dropped, time) = (turn.dropped, since.elapsed());
        let line = if self.console.is_json() {
            let value = serde_json::json!({ "rebuild": {
                "published": true,
                "changed": changed.iter().map(|path| &**path).collect::<Vec<&str>>(),
                "dropped": dropped,
                "rendered": rendered,
                "outputs": of,
                "written": done.written,
                "deleted": done.deleted,
                "seconds": time.as_secs_f64(),
                "times": times.json(),
            }});
            format!("{value}\n")
        } else {
            Rebuilt { changed, dropped, rendered, of, time, times: None }.human()
        };
        self.console.say(&line);
    }

    /// Says that the folder keeps what it held, and when that will be otherwise; but not at each of many attempts.
    fn failed(&mut self, attempt: &Attempt, after_change: bool) {
        let before = self.retry.take();
        let had = before.is_some();
        self.retry = attempt.may_pass().then(|| {
            let pause = before.map_or(PAUSE, |retry| (retry.pause * 2).min(LONGEST));
            let codes = attempt.faults.iter().map(|fault| fault.code).collect();
            Retry { at: Instant::now() + pause, pause, codes }
        });
        let retrying = self.retry.is_some();
        if !after_change && had == retrying {
            return;
        }
        if self.console.is_json() {
            self.console.say(&json_failed(attempt.counts(), retrying));
        } else if retrying {
            self.console.mind("网站这次没有更新成。会自动再试，最多隔 30 秒试一次；能写了就更新，不用重新启动。\n");
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
