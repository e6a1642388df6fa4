//! Random portals and random scripts of edits to them. After each edit the outputs of the build before become those of
//! the next; some are asked for, in no order, and some give way for want of room. Now and then, and at the end,
//! everything is compared with a clean build.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use zhendi::outputs::{Outputs, Turn};
use zhendi::source::{Names, Sources};

use super::check::{Folder, compare, new};
use super::portal::Portal;
use super::site::Site;
use crate::support::{Counted, Random, count};

/// The longest script.
const EDITS: u64 = 40;

/// What a script did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub edits: usize,
    pub compared: usize,
    kept: usize,
    dropped: usize,
    gone: usize,
    /// What the watch handed out, had to be asked for, and saw late.
    pub updates: usize,
    pub nudged: usize,
    pub late: usize,
}

/// When everything is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// Now and then, and at the end.
    Sometimes,
    /// After every edit: to find the one that breaks it.
    Always,
}

#[test]
fn random_scripts_of_edits_equal_clean_builds() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    // Where a script fails, the same compared after every edit may name the edit that breaks it.
    let tally = run_all(count("rebuild", 2000), threads, |seed| {
        run(seed, When::Sometimes).map_err(|told| run(seed, When::Always).err().unwrap_or(told))
    });
    assert!(tally.kept > tally.dropped, "next to nothing is kept: {tally:?}");
}

/// Runs as many scripts as are asked for, or only the one of the seed `ZHENDI_SCRIPT`; panics with what went wrong with
/// the first that fails.
pub fn run_all(counted: Counted, threads: usize, run: impl Fn(u64) -> Result<Tally, String> + Sync) -> Tally {
    let mut random = Random(counted.seed());
    // The seed's last bit says which naming, so that a seed alone is the whole script.
    let mut seeds: Vec<u64> = (0..counted.asked()).map(|at| random.next() & !1 | at as u64 & 1).collect();
    if let Some(seed) = std::env::var("ZHENDI_SCRIPT").ok().and_then(|seed| seed.parse().ok()) {
        seeds = vec![seed];
    }
    let name = counted.name();
    let next = AtomicUsize::new(0);
    let state = Mutex::new((counted, Tally::default(), Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                // A pool of one thread each: scripts are what runs side by side here.
                let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
                while let Some(&seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let done = pool.install(|| run(seed));
                    let mut state = state.lock().unwrap();
                    match done {
                        Ok(tally) => {
                            state.0.step();
                            state.1.add(tally);
                        }
                        Err(told) => {
                            state.2.push(told);
                            next.store(seeds.len(), Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    let (counted, tally, failures) = state.into_inner().unwrap();
    drop(counted);
    println!("{name}: {tally:?}");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    tally
}

/// Where a script is.
pub struct At {
    edit: usize,
    pub before: Portal,
    pub after: Portal,
}

impl At {
    /// The next edit makes this portal of the one before.
    pub fn step(&mut self, portal: Portal) {
        self.edit += 1;
        self.before = std::mem::replace(&mut self.after, portal);
    }
}

/// What `script` says, or the words of its panic, with where it was.
pub fn told(seed: u64, how: &str, script: impl FnOnce(&mut At) -> Result<Tally, String>) -> Result<Tally, String> {
    let mut at = At { edit: 0, before: Portal::new(""), after: Portal::new("") };
    let wrong = match catch_unwind(AssertUnwindSafe(|| script(&mut at))) {
        Ok(Ok(tally)) => return Ok(tally),
        Ok(Err(wrong)) => wrong,
        Err(panic) => {
            let words = panic.downcast_ref::<String>().cloned();
            let words = words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
            format!("it panics: {}", words.unwrap_or_default())
        }
    };
    let At { edit, before, after } = at;
    Err(format!("ZHENDI_SCRIPT={seed} ({how}), after edit {edit}: {wrong}\n{}", edited(&before, &after)))
}

/// A random portal and what becomes of it, save by save.
pub struct Script {
    site: Site,
    random: Random,
    /// The randomness of what is asked for in between.
    pub asks: Random,
    left: usize,
}

impl Script {
    /// The script of a seed.
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let mut site = Site::new(&mut random);
        site.names = if seed.is_multiple_of(2) { Names::Plain } else { Names::Hashed };
        let left = 1 + random.below(EDITS) as usize;
        Self { site, random, asks: Random(seed ^ 0x5bd1_e995), left }
    }

    /// The portal at first.
    pub fn first(&self) -> Portal {
        self.site.portal()
    }

    /// The outputs of a first build, with more or less room for bytes.
    pub fn outputs(&mut self, sources: &Sources) -> Outputs {
        let limit = [0, 2_000, 40_000, usize::MAX][self.asks.below(4) as usize];
        let outputs = new(sources, limit);
        ask(&outputs, &mut self.asks);
        outputs
    }

    /// The portal after the next save: mostly of one edit; sometimes of several at once, or of none.
    pub fn save(&mut self) -> Option<Portal> {
        self.left = self.left.checked_sub(1)?;
        let saved = match self.random.below(12) {
            0 => 0,
            1 => 2 + self.random.below(3),
            _ => 1,
        };
        for _ in 0..saved {
            self.site.edit(&mut self.random);
        }
        if self.random.below(12) == 0 {
            self.site.repair();
        }
        Some(self.site.portal())
    }

    /// Whether to compare everything now: now and then, and at the end.
    pub fn compares(&mut self) -> bool {
        self.left == 0 || self.asks.below(10) == 0
    }
}

/// Runs one script; says what went wrong with it.
fn run(seed: u64, when: When) -> Result<Tally, String> {
    let how = if when == When::Always { "compared after every edit" } else { "compared now and then" };
    told(seed, how, |at| script(seed, when, at))
}

fn script(seed: u64, when: When, at: &mut At) -> Result<Tally, String> {
    let mut script = Script::new(seed);
    let mut folder = Folder::new();
    at.after = script.first();
    let sources = folder.show(&at.after);
    let mut outputs = script.outputs(&sources);
    let mut tally = Tally::default();
    while let Some(portal) = script.save() {
        at.step(portal);
        let sources = folder.show(&at.after);
        let (next, turn) = outputs.next(zhendi::build(&sources, Some(outputs.build())));
        let untouched = at.after.files == at.before.files && at.after.day == at.before.day;
        if untouched && (turn.dropped, turn.gone) != (0, 0) {
            return Err(format!("nothing was edited, yet {turn:?}"));
        }
        outputs = next;
        tally.edits += 1;
        tally.turn(&turn);
        ask(&outputs, &mut script.asks);
        if script.compares() || when == When::Always {
            compare(&outputs, &sources, &mut script.asks)?;
            tally.compared += 1;
        }
    }
    Ok(tally)
}

/// Asks for some outputs, in no order; often for few.
pub fn ask(outputs: &Outputs, asks: &mut Random) {
    let jobs = outputs.build().jobs();
    if jobs.is_empty() {
        return;
    }
    let wanted = match asks.below(4) {
        0 => 0,
        1 => jobs.len(),
        _ => asks.below(1 + jobs.len() as u64 / 2) as usize,
    };
    let mut worker = outputs.build().worker();
    for _ in 0..wanted {
        let job = &jobs[asks.below(jobs.len() as u64) as usize];
        if outputs.ready(job.path()).is_none() {
            outputs.make(job, &mut worker);
        }
    }
}

impl Tally {
    /// Counts what became of the outputs before.
    pub fn turn(&mut self, turn: &Turn) {
        self.kept += turn.kept;
        self.dropped += turn.dropped;
        self.gone += turn.gone;
    }

    fn add(&mut self, other: Self) {
        self.edits += other.edits;
        self.compared += other.compared;
        self.kept += other.kept;
        self.dropped += other.dropped;
        self.gone += other.gone;
        self.updates += other.updates;
        self.nudged += other.nudged;
        self.late += other.late;
    }
}

/// The files in which two portals differ, for people.
fn edited(before: &Portal, after: &Portal) -> String {
    let mut out = String::new();
    if before.day != after.day {
        let _ = writeln!(out, "the day: {} => {}", before.day, after.day);
    }
    let paths: BTreeSet<&String> = before.files.keys().chain(after.files.keys()).collect();
    for path in paths {
        let (a, b) = (before.files.get(path), after.files.get(path));
        if a != b {
            let show = |text: Option<&String>| text.map_or("(none)", String::as_str).to_owned();
            let _ = writeln!(out, "== {path}\n{}\n=>\n{}", show(a), show(b));
        }
    }
    out
}
