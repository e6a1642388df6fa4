//! The same scripts on a real disk through the real watch: nothing is built but what it hands out. After each save it is
//! waited until its last snapshot is that of a clean read; what is handed out on the way is built too, as `serve` does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use zhendi::outputs::Outputs;
use zhendi::source::{Clock, Options, Sources};
use zhendi::watch::{Filter, Handle, How, Sign, Update, Watch};

use super::check::compare;
use super::disk::{Disk, Mount};
use super::portal::Portal;
use super::scripts::{At, Script, Tally, ask, run_all, told};
use crate::support::{Random, count};

/// Nothing takes so long but what never comes.
const DEADLINE: Duration = Duration::from_secs(60);
/// A watch that no sign has reached for so long is asked to look, instead of waiting for its look each few seconds.
const SILENCE: Duration = Duration::from_millis(300);
/// What is seen later than this was seen by that look only.
const LATE: Duration = Duration::from_secs(3);
/// Scripts mostly wait; so many do at once.
const AT_ONCE: usize = 8;

#[test]
fn scripts_on_a_disk_equal_clean_builds() {
    let tally = run_all(count("rebuild-watched", 200), AT_ONCE, |seed| {
        told(seed, "on a disk", |at| {
            let folder = tempfile::tempdir().unwrap();
            let disk = Disk::new(folder.path(), seed);
            script(seed, at, disk, folder.path(), Box::new(|sign| vec![sign]))
        })
    });
    assert_eq!(tally.nudged, 0, "saves of which no sign came");
    in_time(&tally);
}

#[test]
fn scripts_with_signs_lost_doubled_and_reordered_equal_clean_builds() {
    let tally = run_all(count("rebuild-signs", 50), AT_ONCE, |seed| {
        told(seed, "with few signs", |at| {
            let folder = tempfile::tempdir().unwrap();
            let disk = Disk::new(folder.path(), seed);
            let mut chance = Random(seed ^ 0x2545_f491);
            let mut late: Vec<Sign> = Vec::new();
            // A third is lost, a third comes twice, a third too late and in disorder.
            let filter = move |sign: Sign| match chance.below(3) {
                0 => Vec::new(),
                1 => vec![sign.clone(), sign],
                _ => {
                    late.push(sign);
                    if late.len() < 3 { Vec::new() } else { late.drain(..).rev().collect() }
                }
            };
            script(seed, at, disk, folder.path(), Box::new(filter))
        })
    });
    in_time(&tally);
}

#[test]
fn scripts_behind_a_mount_equal_clean_builds() {
    let counted = count("rebuild-polling", 20);
    let Some(mount) = Mount::new() else {
        println!("rebuild-polling: skipped, this user may not make a mount");
        return;
    };
    let tally = run_all(counted, AT_ONCE, |seed| {
        told(seed, "behind a mount", |at| {
            let behind = tempfile::tempdir_in(mount.behind()).unwrap();
            let shown = mount.mounted().join(behind.path().file_name().unwrap());
            let disk = Disk::new(behind.path(), seed);
            let filter = |sign| panic!("a mount that tells nothing told {sign:?}");
            script(seed, at, disk, &shown, Box::new(filter))
        })
    });
    assert_eq!(tally.nudged, 0, "polling needs no help");
}

/// Whatever of the signs comes, the look at everything follows soon; a busy machine may be late now and then.
fn in_time(tally: &Tally) {
    assert!(tally.late <= 1 + tally.edits / 50, "seen only by the look each few seconds: {tally:?}");
}

/// A watch in a thread of its own, and the outputs of what it has handed out.
struct Watched {
    options: Options,
    updates: Receiver<Update>,
    handle: Handle,
    thread: Option<JoinHandle<()>>,
    /// How many signs have come through that tell of something.
    signs: Arc<AtomicUsize>,
    is_polling: bool,
    last: Sources,
    outputs: Outputs,
}

/// Runs one script: `disk` is edited, and `root` watched, which is or shows the same folder. Clean reads are of the disk
/// itself: right after a write a mount may show what was there before, which the watch must not keep.
fn script(seed: u64, at: &mut At, mut disk: Disk, root: &Path, mut filter: Filter) -> Result<Tally, String> {
    let mut script = Script::new(seed);
    let first = script.first();
    disk.show(&first);
    let clock = Arc::new(AtomicI64::new(noon(&first)));
    let options = Options { clock: Clock::Shared(clock.clone()), names: first.names, ..Options::default() };
    let signs = Arc::new(AtomicUsize::new(0));
    let filter = {
        let signs = signs.clone();
        move |sign| {
            let through = filter(sign);
            signs.fetch_add(through.iter().filter(|sign| counts(sign)).count(), Ordering::SeqCst);
            through
        }
    };
    let (last, watch) = Watch::filtered(root, options.clone(), How::Auto, Box::new(filter));
    // As `serve` watches, or as `watch` does.
    let mut watch = if seed.is_multiple_of(2) { watch.ahead() } else { watch };
    let outputs = script.outputs(&last);
    let (handle, is_polling) = (watch.handle(), watch.is_polling());
    let (sender, updates) = channel();
    let thread = std::thread::spawn(move || {
        while let Some(mut update) = watch.next() {
            while let Some(more) = watch.more(&update) {
                update = more;
            }
            if sender.send(update).is_err() {
                break;
            }
        }
    });
    let mut watched = Watched { options, updates, handle, thread: Some(thread), signs, is_polling, last, outputs };
    let mut tally = Tally::default();
    at.after = first;
    while let Some(portal) = script.save() {
        at.step(portal);
        let before = watched.signs.load(Ordering::SeqCst);
        disk.show(&at.after);
        if clock.swap(noon(&at.after), Ordering::SeqCst) != noon(&at.after) {
            // A watch waits for midnight by the clock; this one has been set.
            watched.handle.look();
        }
        let clean = watched.settle(disk.root(), before, &mut script, &mut tally)?;
        tally.edits += 1;
        if script.compares() {
            compare(&watched.outputs, &clean, &mut script.asks)?;
            tally.compared += 1;
        }
    }
    Ok(tally)
}

/// Whether a sign must lead to a look: files that are made beside others and then moved are none of a portal.
fn counts(sign: &Sign) -> bool {
    !matches!(sign, Sign::Touched { path, .. } if path.extension().is_some_and(|extension| extension == "tmp"))
}

/// Noon of the portal's day in its time zone.
fn noon(portal: &Portal) -> i64 {
    format!("{}T12:00:00+08:00", portal.day).parse::<jiff::Timestamp>().unwrap().as_second()
}

impl Watched {
    /// Waits until the last snapshot is that of a clean read of `root`, which it gives. `signs` had come before the save.
    fn settle(&mut self, root: &Path, signs: usize, script: &mut Script, tally: &mut Tally) -> Result<Sources, String> {
        let began = Instant::now();
        let clean = Sources::read(root, self.options.clone());
        while self.last.hash() != clean.hash() {
            match self.updates.recv_timeout(SILENCE) {
                Ok(update) => {
                    let build = zhendi::build(&update.sources, Some(self.outputs.build()));
                    let (next, turn) = self.outputs.next(build);
                    self.outputs = next;
                    self.last = update.sources;
                    tally.updates += 1;
                    tally.turn(&turn);
                    ask(&self.outputs, &mut script.asks);
                }
                Err(RecvTimeoutError::Disconnected) => return Err("the watch has ended".to_owned()),
                Err(RecvTimeoutError::Timeout) if began.elapsed() > DEADLINE => {
                    return Err(format!("the watch does not see it: {}", unlike(&self.last, &clean)));
                }
                Err(RecvTimeoutError::Timeout) => {
                    if !self.is_polling && self.signs.load(Ordering::SeqCst) == signs {
                        self.handle.look();
                        tally.nudged += 1;
                    }
                }
            }
        }
        tally.late += usize::from(began.elapsed() > LATE);
        if self.last.files() != clean.files() || self.last.problems() != clean.problems() {
            return Err(format!("seen: {:?}\nthere: {:?}", self.last.problems(), clean.problems()));
        }
        Ok(clean)
    }
}

/// In what two snapshots differ, for people.
fn unlike(seen: &Sources, there: &Sources) -> String {
    let files = |sources: &Sources| -> BTreeMap<String, String> {
        let mut all: BTreeMap<String, String> =
            sources.files().iter().map(|file| (file.path().to_string(), file.hash().to_string())).collect();
        let templates = sources.theme().templates();
        all.extend(templates.iter().map(|(name, template)| (format!("template {name}"), template.source.to_string())));
        let statics = sources.theme().statics();
        all.extend(statics.iter().map(|(name, file)| (format!("static {name}"), format!("{file:?}"))));
        all.insert("configuration".to_owned(), format!("{:?}", sources.config()));
        all.insert("day".to_owned(), sources.today().to_string());
        all
    };
    let (seen, there) = (files(seen), files(there));
    let paths: BTreeSet<&String> = seen.keys().chain(there.keys()).collect();
    let unlike: Vec<String> = paths
        .into_iter()
        .filter(|path| seen.get(*path) != there.get(*path))
        .map(|path| format!("{path}: seen {:?}, there {:?}", seen.get(path), there.get(path)))
        .collect();
    unlike.join("\n")
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.handle.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !std::thread::panicking()
        {
            panic!("the watch failed");
        }
    }
}
