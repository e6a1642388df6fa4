//! Random portals and random scripts of edits to them. After each edit the outputs of the build before become those of
//! the next; some are asked for, in no order, and some give way for want of room. Now and then, and at the end,
//! everything is compared with a clean build.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use zhendi::outputs::Outputs;
use zhendi::source::Names;

use super::check::{Folder, compare};
use super::portal::Portal;
use super::site::Site;
use crate::support::{Random, count};

/// The longest script.
const EDITS: u64 = 40;

/// What a script did.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    edits: usize,
    compared: usize,
    kept: usize,
    dropped: usize,
    gone: usize,
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
    if let Some(seed) = std::env::var("ZHENDI_SCRIPT").ok().and_then(|seed| seed.parse().ok()) {
        let names = if seed % 2 == 0 { Names::Plain } else { Names::Hashed };
        if let Err(told) = run(seed, names, When::Always).and_then(|_| run(seed, names, When::Sometimes)) {
            panic!("{told}");
        }
        return;
    }
    let counted = count("rebuild", 2000);
    let mut random = Random(counted.seed());
    // The seed's last bit says which naming, so that a seed alone is the whole script.
    let seeds: Vec<u64> = (0..counted.asked()).map(|at| random.next() & !1 | at as u64 & 1).collect();
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    let state = Mutex::new((counted, Tally::default(), Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                // A pool of one thread each: scripts are what runs side by side here.
                let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
                while let Some(&seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let names = if seed % 2 == 0 { Names::Plain } else { Names::Hashed };
                    let done =
                        pool.install(|| run(seed, names, When::Sometimes).map_err(|told| (told, narrow(seed, names))));
                    let mut state = state.lock().unwrap();
                    match done {
                        Ok(tally) => {
                            state.0.step();
                            state.1.add(tally);
                        }
                        Err((told, narrowed)) => {
                            state.2.push(narrowed.unwrap_or(told));
                            stop.store(true, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    let (counted, tally, failures) = state.into_inner().unwrap();
    drop(counted);
    println!("rebuild: {tally:?}");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(tally.kept > tally.dropped, "next to nothing is kept: {tally:?}");
}

/// The same script, compared after every edit, which may name the edit that breaks it.
fn narrow(seed: u64, names: Names) -> Option<String> {
    run(seed, names, When::Always).err()
}

/// Runs one script; says what went wrong with it.
fn run(seed: u64, names: Names, when: When) -> Result<Tally, String> {
    let mut at = (0, Portal::new(""), Portal::new(""));
    let run = catch_unwind(AssertUnwindSafe(|| script(seed, names, when, &mut at)));
    let wrong = match run {
        Ok(Ok(tally)) => return Ok(tally),
        Ok(Err(wrong)) => wrong,
        Err(panic) => {
            let words = panic.downcast_ref::<String>().cloned();
            let words = words.or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
            format!("it panics: {}", words.unwrap_or_default())
        }
    };
    let (edit, before, after) = at;
    let how = if when == When::Always { "compared after every edit" } else { "compared now and then" };
    Err(format!("ZHENDI_SCRIPT={seed} ({names:?}, {how}), after edit {edit}: {wrong}\n{}", edited(&before, &after)))
}

/// `at` is the number of the edit, and the portal before and after it.
fn script(seed: u64, names: Names, when: When, at: &mut (usize, Portal, Portal)) -> Result<Tally, String> {
    let mut random = Random(seed);
    let mut asks = Random(seed ^ 0x5bd1_e995);
    let mut site = Site::new(&mut random);
    site.names = names;
    let mut folder = Folder::new();
    at.2 = site.portal();
    let sources = folder.show(&at.2);
    let limit = [0, 2_000, 40_000, usize::MAX][asks.below(4) as usize];
    let mut outputs = Outputs::new(zhendi::build(&sources, None), limit);
    let mut tally = Tally::default();
    ask(&outputs, &mut asks);
    let edits = 1 + random.below(EDITS) as usize;
    for edit in 1..=edits {
        // Mostly one edit a save; sometimes several at once, or a save that changes nothing.
        let saved = match random.below(12) {
            0 => 0,
            1 => 2 + random.below(3),
            _ => 1,
        };
        for _ in 0..saved {
            site.edit(&mut random);
        }
        if random.below(12) == 0 {
            site.repair();
        }
        let portal = site.portal();
        let untouched = portal.files == at.2.files && portal.day == at.2.day;
        *at = (edit, std::mem::replace(&mut at.2, portal.clone()), portal);
        let sources = folder.show(&at.2);
        let (next, turn) = outputs.next(zhendi::build(&sources, Some(outputs.build())));
        if untouched && (turn.dropped, turn.gone) != (0, 0) {
            return Err(format!("nothing was edited, yet {turn:?}"));
        }
        outputs = next;
        tally.edits += 1;
        tally.kept += turn.kept;
        tally.dropped += turn.dropped;
        tally.gone += turn.gone;
        ask(&outputs, &mut asks);
        if when == When::Always || edit == edits || asks.below(10) == 0 {
            compare(&outputs, &sources, &mut asks)?;
            tally.compared += 1;
        }
    }
    Ok(tally)
}

/// Asks for some outputs, in no order; often for few.
fn ask(outputs: &Outputs, asks: &mut Random) {
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
    fn add(&mut self, other: Self) {
        self.edits += other.edits;
        self.compared += other.compared;
        self.kept += other.kept;
        self.dropped += other.dropped;
        self.gone += other.gone;
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
