//! A build killed at any moment leaves one of the two complete versions in the output folder, and a
//! reader never finds the folder missing; where folders cannot be exchanged (a mount point) the next
//! build completes the change. Drives the real binary with SIGKILL.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may fail, and may touch folders")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use support::{Random, copy_portal, count, difference, repository, succeed, tree, zhendi_build};

type Tree = BTreeMap<String, Option<Vec<u8>>>;

/// Two portals that differ in a configuration value shown on every page, and in pages that are
/// changed, added and deleted; so nearly every output differs, and some are on one side only.
fn two_portals(temp: &Path) -> [PathBuf; 2] {
    let (a, b) = (temp.join("a"), temp.join("b"));
    copy_portal(repository(), &a);
    copy_portal(repository(), &b);
    let config = fs::read_to_string(b.join("zhendi.toml")).unwrap();
    let changed = config.replace("示例市市场监督管理局", "示例市市场监督管理局（改）");
    assert_ne!(config, changed, "the configuration names the bureau");
    fs::write(b.join("zhendi.toml"), changed).unwrap();
    let mut notices: Vec<_> = fs::read_dir(b.join("content/notices")).unwrap().map(|e| e.unwrap().path()).collect();
    notices.retain(|p| p.extension().is_some_and(|e| e == "md") && !p.ends_with("_index.md"));
    notices.sort();
    fs::remove_file(notices.first().expect("the sample has notices")).unwrap();
    for n in 0..5 {
        let text = format!("---\ntitle: 新增的第{n}条通知\ndate: 2026-11-2{n}\n---\n\n这一条只在改过的门户里有。\n");
        fs::write(b.join(format!("content/notices/xin-{n}.md")), text).unwrap();
    }
    [a, b]
}

/// What people put beside the built files; every build keeps it.
fn leave_foreign_files(out: &Path) {
    fs::write(out.join("别人放的.txt"), "不是生成的").unwrap();
    fs::create_dir_all(out.join("east/自己的文件夹")).unwrap();
    fs::write(out.join("east/自己的文件夹/说明.txt"), "也不是").unwrap();
}

/// A moment to kill at: anywhere in a build, half of the time in its second half, where the switch is.
fn moment(random: &mut Random, usual: Duration) -> Duration {
    let whole = (usual.as_micros() as u64).max(1000) * 23 / 20;
    let from = if random.below(2) == 0 { 0 } else { whole / 2 };
    Duration::from_micros(from + random.below(whole - from))
}

fn kill_after(mut command: Command, wait: Duration) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(wait);
    let _ = child.kill();
    child.wait().unwrap();
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_killed_build_leaves_one_complete_version() {
    let mut counted = count("kill", 50);
    let mut random = Random(counted.seed());
    let temp = tempfile::tempdir().unwrap();
    let portals = two_portals(temp.path());
    let site = temp.path().join("site");
    fs::create_dir(&site).unwrap();
    let out = site.join("public");

    succeed(&mut zhendi_build(&portals[0], &out));
    leave_foreign_files(&out);
    let mut usual = Duration::ZERO;
    let mut build = |which: usize| -> Tree {
        let begun = Instant::now();
        succeed(&mut zhendi_build(&portals[which], &out));
        usual = begun.elapsed();
        tree(&out)
    };
    let trees = [build(0), build(1)];
    assert!(trees[0].contains_key("east/自己的文件夹/说明.txt"), "foreign files are kept");
    assert!(difference(&trees[0], &trees[1]).len() >= 10, "the two versions hardly differ");
    let beside = names_in(&site);

    // A reader who looks all the time.
    let (stop, looks, misses) =
        (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let reader = {
        let (stop, looks, misses, page) = (stop.clone(), looks.clone(), misses.clone(), out.join("east/index.html"));
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                looks.fetch_add(1, Ordering::Relaxed);
                if fs::read(&page).is_err() {
                    misses.fetch_add(1, Ordering::Relaxed);
                }
                std::thread::sleep(Duration::from_micros(300));
            }
        })
    };

    let (mut now, mut switched) = (1, 0);
    for run in 0..counted.asked() {
        let wait = moment(&mut random, usual);
        kill_after(zhendi_build(&portals[1 - now], &out), wait);
        let found = tree(&out);
        if found == trees[1 - now] {
            now = 1 - now;
            switched += 1;
        } else {
            let wrong = difference(&trees[now], &found);
            assert!(wrong.is_empty(), "run {run}, killed after {wait:?}: neither version stands there: {wrong:#?}");
        }
        counted.step();
    }
    stop.store(true, Ordering::Relaxed);
    reader.join().unwrap();
    println!("kill: {switched} of {} kills came after the switch; {usual:?} a build", counted.asked());
    assert_eq!(misses.load(Ordering::Relaxed), 0, "of {} looks", looks.load(Ordering::Relaxed));

    succeed(&mut zhendi_build(&portals[1 - now], &out));
    assert_eq!(difference(&trees[1 - now], &tree(&out)), Vec::<String>::new());
    assert_eq!(names_in(&site), beside, "something is left over beside the output folder");
}

/// A mount namespace of its own in which a tmpfs lies on a folder; gone with this value.
struct Mounted {
    holder: Child,
    /// The mounted folder, as this process can read it.
    seen: PathBuf,
    user: bool,
}

impl Mounted {
    /// `None` where this user may not make one.
    fn over(folder: &Path) -> Option<Self> {
        for user in [false, true] {
            let flags = if user { "-Urm" } else { "-m" };
            let script = "mount -t tmpfs none \"$1\" && echo ready && exec sleep 3600";
            let mut holder = Command::new("unshare")
                .args([flags, "--propagation", "private", "sh", "-c", script, "sh"])
                .arg(folder)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .ok()?;
            let mut line = String::new();
            let _ = BufReader::new(holder.stdout.take()?).read_line(&mut line);
            if line == "ready\n" {
                let root = PathBuf::from(format!("/proc/{}/root", holder.id()));
                let seen = root.join(folder.strip_prefix("/").ok()?);
                return Some(Self { holder, seen, user });
            }
            let _ = holder.kill();
            let _ = holder.wait();
        }
        None
    }

    /// The same command, run inside.
    fn inside(&self, command: &Command) -> Command {
        let mut outer = Command::new("nsenter");
        outer.args(["-t", &self.holder.id().to_string(), "-m"]);
        if self.user {
            outer.args(["-U", "--preserve-credentials"]);
        }
        outer.arg(command.get_program()).args(command.get_args()).env("NO_COLOR", "1");
        outer
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

#[test]
fn on_a_mount_point_the_next_build_completes() {
    let mut counted = count("kill-mount", 50);
    let mut random = Random(counted.seed());
    let temp = tempfile::tempdir().unwrap();
    let portals = two_portals(temp.path());
    let site = temp.path().join("site");
    let out = site.join("public");
    fs::create_dir_all(&out).unwrap();
    let Some(mount) = Mounted::over(&out) else {
        println!("kill-mount: skipped, this user may not make a mount");
        return;
    };
    let build = |which: usize| mount.inside(&zhendi_build(&portals[which], &out));

    succeed(&mut build(0));
    assert!(tree(&out).is_empty(), "the mount hides the folder below");
    leave_foreign_files(&mount.seen);
    succeed(&mut build(0));
    let first = tree(&mount.seen);
    let begun = Instant::now();
    succeed(&mut build(1));
    let usual = begun.elapsed();
    let trees = [first, tree(&mount.seen)];
    assert!(trees[1].contains_key("east/自己的文件夹/说明.txt"), "foreign files are kept");
    assert!(difference(&trees[0], &trees[1]).len() >= 10, "the two versions hardly differ");
    let beside = names_in(&site);

    let (mut now, mut between) = (1, 0);
    for run in 0..counted.asked() {
        let wait = moment(&mut random, usual);
        kill_after(build(1 - now), wait);
        let found = tree(&mount.seen);
        between += usize::from(found != trees[0] && found != trees[1]);
        // Whichever version the next build is for, it makes it whole.
        let next = random.below(2) as usize;
        succeed(&mut build(next));
        let wrong = difference(&trees[next], &tree(&mount.seen));
        assert!(wrong.is_empty(), "run {run}, killed after {wait:?}: the next build left {wrong:#?}");
        now = next;
        counted.step();
    }
    println!("kill-mount: {between} of {} kills came amid the change", counted.asked());
    assert_eq!(names_in(&site), beside, "something is left over beside the output folder");
}
