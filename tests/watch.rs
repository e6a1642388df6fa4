//! Watching real files: whatever is done to a portal, and however little of it the system tells, the last snapshot handed
//! out is that of a clean read, and none on the way holds a half-written page.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // portals are written to disk

mod support;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use support::{Random, count};
use zhendi::source::{Clock, Options, Sources};
use zhendi::watch::{Handle, How, Sign, Update, Watch};

const CONFIG: &str = "title = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东办公区\"\nshort = \"城东\"\n";

/// Nothing takes so long but what never comes.
const DEADLINE: Duration = Duration::from_secs(30);

fn options() -> Options {
    Options { clock: Clock::Date("2026-11-24".parse().unwrap()), ..Options::default() }
}

fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let full = root.join(path);
    fs::create_dir_all(full.parent().unwrap()).unwrap();
    fs::write(full, bytes).unwrap();
}

/// A portal on disk and a watch on it in a thread of its own.
struct Watched {
    folder: tempfile::TempDir,
    updates: Receiver<Update>,
    handle: Handle,
    /// The last snapshot handed out.
    last: Sources,
    thread: Option<thread::JoinHandle<()>>,
}

impl Watched {
    fn new(how: How) -> Self {
        Self::filtered(how, |sign| vec![sign])
    }

    fn filtered(how: How, filter: impl FnMut(Sign) -> Vec<Sign> + Send + 'static) -> Self {
        Self::with(options(), how, filter)
    }

    fn with(options: Options, how: How, filter: impl FnMut(Sign) -> Vec<Sign> + Send + 'static) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        put(root, "zhendi.toml", CONFIG);
        put(root, "content/a/x.md", "# 甲\n");
        put(root, "content/b.md", "# 乙\n");
        let (last, mut watch) = Watch::filtered(root, options, how, Box::new(filter));
        let handle = watch.handle();
        let (sender, updates) = channel();
        let thread = thread::spawn(move || {
            while let Some(update) = watch.next() {
                if sender.send(update).is_err() {
                    break;
                }
            }
        });
        Self { folder, updates, handle, last, thread: Some(thread) }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Waits for snapshots until one is as wanted; gives all that came.
    fn until(&mut self, what: &str, mut wanted: impl FnMut(&Sources) -> bool) -> Vec<Update> {
        let end = Instant::now() + DEADLINE;
        let mut all = Vec::new();
        while !wanted(&self.last) {
            match self.updates.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(mut update) => {
                    std::mem::swap(&mut self.last, &mut update.sources);
                    all.push(update);
                }
                Err(RecvTimeoutError::Timeout) => panic!("{what}: never seen; {:?}", self.last.files()),
                Err(RecvTimeoutError::Disconnected) => panic!("{what}: the watch has ended"),
            }
        }
        all
    }

    /// Waits until the last snapshot is that of a clean read.
    fn until_clean(&mut self, what: &str) -> Vec<Update> {
        let root = self.root().to_owned();
        let hash = || Sources::read(&root, options()).hash();
        let updates = self.until(what, |last| last.hash() == hash());
        let clean = Sources::read(&root, options());
        assert_eq!(self.last.files(), clean.files(), "{what}");
        assert_eq!(self.last.problems(), clean.problems(), "{what}");
        updates
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.handle.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !thread::panicking()
        {
            panic!("the watch failed");
        }
    }
}

fn text(sources: &Sources, path: &str) -> Option<String> {
    let text = sources.text(sources.file(path)?).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn files_made_right_after_their_folders() {
    let mut counted = count("mkdir", 200);
    let mut watched = Watched::new(How::Auto);
    let root = watched.root().to_owned();
    for n in 0..counted.asked() {
        let path = format!("content/new{n}/a/b.md");
        put(&root, &path, "# 新\n");
        watched.until(&path, |last| last.file(&path).is_some());
        // What is in them is followed from then on.
        put(&root, &path, "# 又\n");
        watched.until(&path, |last| text(last, &path).as_deref() == Some("# 又\n"));
        counted.step();
    }
}

#[test]
fn replacements_that_look_alike() {
    for how in [How::Auto, How::Poll] {
        let mut watched = Watched::new(how);
        let root = watched.root().to_owned();
        let path = root.join("content/b.md");
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        for (n, older) in [0, 0, 100, 100_000].into_iter().enumerate() {
            let beside = root.join("content/.beside");
            fs::write(&beside, format!("# {n}!\n")).unwrap();
            fs::File::options()
                .write(true)
                .open(&beside)
                .unwrap()
                .set_modified(time - Duration::from_secs(older))
                .unwrap();
            fs::rename(&beside, &path).unwrap();
            watched.until("same size, same or older time", |last| {
                text(last, "content/b.md").as_deref() == Some(&format!("# {n}!\n"))
            });
        }
    }
}

const BEFORE: &str = "# 乙\n";

/// Ways to save `text` to `path`, as programs do.
fn save(pattern: usize, path: &Path, text: &str) {
    let beside = |suffix: &str| path.with_file_name(format!("b.md{suffix}"));
    let pieces = |file: &mut fs::File, size: usize, pause: u64| {
        for piece in text.as_bytes().chunks(size) {
            file.write_all(piece).unwrap();
            // A slow writer is what is tested here.
            thread::sleep(Duration::from_millis(pause));
        }
    };
    match pattern {
        0 => fs::write(path, text).unwrap(),
        1 => {
            fs::write(beside(".tmp"), text).unwrap();
            fs::rename(beside(".tmp"), path).unwrap();
        }
        2 => {
            // vim with backups: away, written anew, the backup deleted.
            fs::rename(path, beside("~")).unwrap();
            fs::write(path, text).unwrap();
            fs::remove_file(beside("~")).unwrap();
        }
        3 => {
            fs::remove_file(path).unwrap();
            fs::write(path, text).unwrap();
        }
        4 => pieces(&mut fs::File::create(path).unwrap(), text.len() / 6 + 1, 50),
        5 => {
            // Truncated, and for a while nothing.
            let mut file = fs::File::create(path).unwrap();
            thread::sleep(Duration::from_millis(80));
            file.write_all(text.as_bytes()).unwrap();
        }
        6 => {
            // Truncated and closed, then opened again.
            drop(fs::File::create(path).unwrap());
            thread::sleep(Duration::from_millis(60));
            fs::write(path, text).unwrap();
        }
        7 => {
            // Swap file beside it all the while.
            fs::write(beside(".swp"), "x").unwrap();
            fs::write(path.with_file_name("4913"), "").unwrap();
            fs::remove_file(path.with_file_name("4913")).unwrap();
            fs::write(path, text).unwrap();
            fs::remove_file(beside(".swp")).unwrap();
        }
        8 => {
            let temp = path.with_file_name(".~b.md");
            pieces(&mut fs::File::create(&temp).unwrap(), text.len() / 3 + 1, 20);
            fs::rename(temp, path).unwrap();
        }
        9 => {
            fs::write(beside("___jb_tmp___"), text).unwrap();
            fs::rename(path, beside("___jb_old___~")).unwrap();
            fs::rename(beside("___jb_tmp___"), path).unwrap();
            fs::remove_file(beside("___jb_old___~")).unwrap();
        }
        10 => {
            // Overwritten in place, then cut.
            let mut file = fs::File::options().write(true).open(path).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            file.set_len(text.len() as u64).unwrap();
        }
        _ => {
            let mut file = fs::File::create(path).unwrap();
            pieces(&mut file, text.len() / 2 + 1, 0);
            file.sync_all().unwrap();
        }
    }
}

#[test]
fn save_patterns() {
    let mut counted = count("save", 120);
    for n in 0..counted.asked().max(12) {
        let pattern = n % 12;
        let mut watched = Watched::new(How::Auto);
        let path = watched.root().join("content/b.md");
        let text_of = |n: usize| format!("# 第 {n} 次\n{}", "一行字。\n".repeat(400 + n));
        let mut before = BEFORE.to_owned();
        for turn in 0..2 {
            let now = text_of(n + turn);
            let saving = thread::spawn({
                let (path, now) = (path.clone(), now.clone());
                move || save(pattern, &path, &now)
            });
            let updates = watched.until("the saved page", |last| text(last, "content/b.md").as_ref() == Some(&now));
            saving.join().unwrap();
            // The last snapshot was swapped for the one before it: all but the wanted one are here.
            for update in &updates {
                if let Some(file) = update.sources.file("content/b.md") {
                    let whole = file.hash() == blake3::hash(before.as_bytes());
                    assert!(whole, "pattern {pattern}: a page of {} bytes, {:?}", file.size(), update.spent);
                }
            }
            before = now;
        }
        watched.until_clean("after the last save");
        counted.step();
    }
}

/// A random edit over few names.
fn edit(root: &Path, random: &mut Random) {
    let names = ["a/x.md", "a/y.md", "a/c/z.md", "b.md", "b/x.md", "c/图.png"];
    let one = |random: &mut Random| root.join("content").join(names[random.below(6) as usize]);
    let folders = ["a", "a/c", "b", "c"];
    let path = one(random);
    match random.below(7) {
        0..=2 => {
            let _ = fs::create_dir_all(path.parent().unwrap());
            let _ = fs::write(path, format!("# {}\n", random.below(1000)));
        }
        3 => drop(fs::remove_file(path)),
        4 => {
            let to = one(random);
            let _ = fs::create_dir_all(to.parent().unwrap());
            let _ = fs::rename(path, to);
        }
        5 => {
            let [from, to] = [0; 2].map(|_| root.join("content").join(folders[random.below(4) as usize]));
            let _ = fs::rename(from, to);
        }
        _ => drop(fs::remove_dir_all(root.join("content").join(folders[random.below(4) as usize]))),
    }
}

#[test]
fn lost_doubled_and_reordered_signs() {
    let mut counted = count("signs", 50);
    for run in 0..counted.asked() as u64 {
        let seed = counted.seed() + run;
        let mut random = Random(seed);
        let mut chance = Random(seed ^ 1);
        let mut late: Vec<Sign> = Vec::new();
        // A third is lost, a third comes twice, a third too late and in disorder.
        let mut watched = Watched::filtered(How::Auto, move |sign| match chance.below(3) {
            0 => Vec::new(),
            1 => vec![sign.clone(), sign],
            _ => {
                late.push(sign);
                if late.len() < 3 { Vec::new() } else { late.drain(..).rev().collect() }
            }
        });
        let root = watched.root().to_owned();
        for _ in 0..6 {
            for _ in 0..=random.below(4) {
                edit(&root, &mut random);
            }
            // Without this it would be seen too, by the look each few seconds.
            watched.handle.look();
            watched.until_clean(&format!("seed {seed}"));
        }
        counted.step();
    }
}

#[test]
fn nobody_tells_anything() {
    let mut watched = Watched::filtered(How::Auto, |_| Vec::new());
    let root = watched.root().to_owned();
    put(&root, "content/b.md", "# 丙\n");
    let mut notes = Vec::new();
    let mut updates = watched.until("seen by itself", |last| text(last, "content/b.md").as_deref() == Some("# 丙\n"));
    notes.extend(updates.drain(..).flat_map(|update| update.notes));
    put(&root, "content/b.md", "# 丁\n");
    let updates = watched.until("seen by polling", |last| text(last, "content/b.md").as_deref() == Some("# 丁\n"));
    notes.extend(updates.into_iter().flat_map(|update| update.notes));
    let codes: Vec<&str> = notes.iter().map(|note| note.code.0).collect();
    assert_eq!(codes, ["N1001"]);
}

#[test]
fn polling() {
    let mut counted = count("polling", 20);
    for run in 0..counted.asked() as u64 {
        let mut random = Random(counted.seed() + run);
        let mut watched = Watched::new(How::Poll);
        let root = watched.root().to_owned();
        for _ in 0..4 {
            for _ in 0..=random.below(4) {
                edit(&root, &mut random);
            }
            watched.until_clean(&format!("seed {}", counted.seed() + run));
        }
        counted.step();
    }
}

/// A pause that ends a burst; the watch takes a longer one for its end.
const PAUSE: Duration = Duration::from_millis(100);
/// The watch shows a burst that does not end so often.
const ENDLESS: Duration = Duration::from_secs(5);

#[test]
fn a_burst_of_files() {
    let mut counted = count("burst", 20_000);
    let mut watched = Watched::new(How::Auto);
    let root = watched.root().to_owned();
    // One or two builds; more only where the disk itself made a pause, or took longer than anybody should wait.
    let few = |what: &str, updates: &[Update], times: &[Instant]| {
        let pauses = times.windows(2).filter(|two| two[1] - two[0] > PAUSE).count();
        let took = times[times.len() - 1] - times[0];
        let most = 2 + pauses + (took.as_secs() / ENDLESS.as_secs()) as usize;
        let told: Vec<_> = updates.iter().map(|update| (update.changed.len(), update.spent)).collect();
        println!("{what} in {took:?} with {pauses} pauses: {told:?}");
        assert!(updates.len() <= most, "{what}: {} builds, {took:?}, {pauses} pauses: {told:?}", updates.len());
    };
    let mut times = vec![Instant::now()];
    for n in 0..counted.asked() {
        put(&root, &format!("content/s{}/p{n}.md", n % 50), format!("# 第 {n} 篇\n"));
        times.push(Instant::now());
        counted.step();
    }
    few("written", &watched.until_clean("all of them"), &times);
    // The same into folders that are there, as a checkout of another version does, most of it in place.
    let mut times = vec![Instant::now()];
    for n in 0..counted.asked() {
        put(&root, &format!("content/s{}/p{n}.md", n % 50), format!("# 第 {n} 篇，改\n"));
        times.push(Instant::now());
    }
    few("written again", &watched.until_clean("all of them again"), &times);
    let mut times = vec![Instant::now()];
    for n in 0..50 {
        let _ = fs::remove_dir_all(root.join(format!("content/s{n}")));
        times.push(Instant::now());
    }
    few("deleted", &watched.until_clean("none of them"), &times);
}

#[test]
fn one_save_does_not_wait_as_a_burst_does() {
    let mut watched = Watched::new(How::Auto);
    let root = watched.root().to_owned();
    let mut waited = Vec::new();
    for n in 0..21 {
        let text = format!("# 第 {n} 次\n");
        put(&root, "content/b.md", &text);
        let mut updates = watched.until("the save", |last| self::text(last, "content/b.md").as_ref() == Some(&text));
        // The last snapshot was swapped, not the rest of its update.
        waited.extend(updates.pop().map(|update| update.spent.waited));
    }
    waited.sort();
    assert!(waited[waited.len() / 2] < Duration::from_millis(200), "{waited:?}");
}

#[test]
fn the_portal_goes_and_comes_back() {
    for how in [How::Auto, How::Poll] {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("门户");
        put(&root, "zhendi.toml", CONFIG);
        put(&root, "content/b.md", BEFORE);
        let (first, mut watch) = Watch::start(&root, options(), how);
        let away = outer.path().join("别处");
        fs::rename(&root, &away).unwrap();
        let update = watch.next().unwrap();
        assert_eq!(update.notes.iter().map(|note| note.code.0).collect::<Vec<_>>(), ["W1002"]);
        assert_eq!(update.sources.hash(), first.hash(), "the last snapshot stays");
        put(&away, "content/b.md", "# 改\n");
        fs::rename(&away, &root).unwrap();
        let mut notes = Vec::new();
        let mut seen = false;
        while !seen {
            let update = watch.next().unwrap();
            notes.extend(update.notes.iter().map(|note| note.code.0));
            seen = text(&update.sources, "content/b.md").as_deref() == Some("# 改\n");
        }
        assert_eq!(notes, ["N1003"]);
        // And it is watched as before.
        put(&root, "content/b.md", "# 再改\n");
        let update = watch.next().unwrap();
        assert_eq!(text(&update.sources, "content/b.md").as_deref(), Some("# 再改\n"));
    }
}

#[test]
fn midnight() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "zhendi.toml", CONFIG);
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
    let now = Arc::new(AtomicI64::new(at("2026-11-24T15:59:59Z")));
    let options = Options { clock: Clock::Shared(now.clone()), ..Options::default() };
    let (first, mut watch) = Watch::start(folder.path(), options, How::Auto);
    assert_eq!(first.today().to_string(), "2026-11-24");
    // Whatever the next look is for, it sees that the date has turned; when midnight is, `source::clock` tests.
    now.store(at("2026-11-24T16:00:00Z"), Ordering::SeqCst);
    let update = watch.next().unwrap();
    assert_eq!(update.sources.today().to_string(), "2026-11-25");
    assert!(update.changed.is_empty());
}

#[test]
fn midnight_wakes_the_watch() {
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_second();
    let now = Arc::new(AtomicI64::new(at("2026-11-24T15:59:59Z")));
    let options = Options { clock: Clock::Shared(now.clone()), ..Options::default() };
    let mut watched = Watched::with(options, How::Auto, |sign| vec![sign]);
    // The look that follows the start is over by then, and the next is seconds away.
    let quiet = watched.updates.recv_timeout(Duration::from_secs(1));
    assert!(quiet.is_err(), "nothing has happened: {quiet:?}");
    now.store(at("2026-11-24T16:00:00Z"), Ordering::SeqCst);
    let since = Instant::now();
    let updates = watched.until("the next day", |last| last.today().to_string() == "2026-11-25");
    assert!(since.elapsed() < Duration::from_secs(3), "seen only by a look for something else: {:?}", since.elapsed());
    assert_eq!(updates.len(), 1);
}

#[test]
fn theme_and_configuration() {
    let mut watched = Watched::new(How::Auto);
    let root = watched.root().to_owned();
    put(&root, "themes/portal/templates/page.html", "一\n");
    let page = |last: &Sources| last.theme().templates()["page.html"].source.to_string();
    watched.until("a template", |last| page(last) == "一\n");
    put(&root, "themes/portal/templates/page.html", "二\n");
    watched.until("the template again", |last| page(last) == "二\n");
    put(&root, "static/css/own.css", "a {}\n");
    watched.until("a style sheet", |last| last.theme().statics().contains_key("css/own.css"));
    put(&root, "zhendi.toml", CONFIG.replace("门户", "新门户"));
    watched.until("the configuration", |last| &**last.config().title() == "新门户");
    fs::remove_dir_all(root.join("content")).unwrap();
    watched.until_clean("no content at all");
    put(&root, "content/c/d.md", "# 丁\n");
    watched.until_clean("content again");
}

/// Says how long it takes from a save to the snapshot, in a portal given by `ZHENDI_CORPUS`.
#[test]
#[ignore = "run by hand: figures, no test"]
fn times() {
    let Some(root) = std::env::var_os("ZHENDI_CORPUS").map(std::path::PathBuf::from) else { return };
    let (first, mut watch) = Watch::start(&root, options(), How::Auto);
    let path = first.files().iter().next().unwrap().path().clone();
    let full = root.join(&*path);
    let before = fs::read(&full).unwrap();
    let beside = full.with_file_name("x.tmp");
    let (mut all, mut spent) = (Vec::new(), Vec::new());
    for n in 0..30 {
        fs::write(&beside, [&before[..], format!("{n}").as_bytes()].concat()).unwrap();
        fs::rename(&beside, &full).unwrap();
        let since = Instant::now();
        let update = watch.next().unwrap();
        all.push(since.elapsed());
        spent.push(format!("{:?}", update.spent));
        assert_eq!(update.changed, std::slice::from_ref(&path));
    }
    fs::write(&full, before).unwrap();
    all.sort();
    println!("save to snapshot: median {:?}, p95 {:?}\n{}", all[15], all[28], spent[15]);
}
