//! A build that is killed, or meets a full disk or an I/O error, at each system call in turn that changes something.
//! Needs `strace`, which injects these; skipped without.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use zhendi::diag::Diagnostic;

use super::support::{Site, Tree, child, hash, scene, tree};

/// The system calls that change something; not every machine has all of them.
const CALLS: &[&str] = &[
    "mkdir",
    "mkdirat",
    "rmdir",
    "unlink",
    "unlinkat",
    "link",
    "linkat",
    "rename",
    "renameat",
    "renameat2",
    "chmod",
    "fchmodat",
    "chown",
    "fchownat",
    "write",
    "openat",
];

fn before() -> Tree {
    tree(&[("a.html", "same"), ("b/c.html", "1"), ("b/d.html", "1"), ("gone/x.html", "1"), ("f", "1"), ("g/h", "1")])
}

fn after() -> Tree {
    tree(&[("a.html", "same"), ("b/c.html", "2"), ("b/d.html", "1"), ("new/y.html", "2"), ("f/i", "2"), ("g", "2")])
}

fn with_mine(mut tree: Tree) -> Tree {
    tree.insert("up/mine.txt".to_owned(), "人放的".as_bytes().to_vec());
    tree
}

/// A site that holds the version before, and a foreign file.
fn site(file_by_file: bool) -> Site {
    let site = if file_by_file { Site::file_by_file() } else { Site::new() };
    site.put("up/mine.txt", "人放的");
    site.build("1", &before());
    site
}

/// Builds the version after in a child, with `fault` at its `step`th `call`. Whether it came to that.
fn build_with(fault: &str, call: &str, step: u32, site: &Site) -> bool {
    let log = site.root.join("log");
    let (trace, inject) = (format!("trace=?{call}"), format!("inject=?{call}:{fault}:when={step}"));
    let wrap = ["strace", "-f", "-q", "-o", log.to_str().unwrap(), "-e", &trace, "-e", &inject];
    let scene = if site.file_by_file { "every_step::scene_files" } else { "every_step::scene_whole" };
    let mut command = child(&wrap, scene, &site.root);
    command.env("RAYON_NUM_THREADS", "1").stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    let log = fs::read_to_string(log).unwrap();
    log.contains("(INJECTED)") || log.contains("killed by SIGKILL")
}

/// Goes through all steps of all `calls` that the builds make.
fn every_step(fault: &str, calls: &[&str]) {
    let strace = Command::new("strace").args(["-f", "-o", "/dev/null", "-e", "trace=write", "true"]).status();
    if !strace.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no strace");
        return;
    }
    let (old, new) = (with_mine(before()), with_mine(after()));
    for file_by_file in [false, true] {
        let mut steps = 0;
        for call in calls {
            for step in 1.. {
                let at = format!("{fault}, {call} {step}, file by file: {file_by_file}");
                let site = site(file_by_file);
                let met = build_with(fault, call, step, &site);
                let found = site.live();
                assert!(file_by_file || found == old || found == new, "{at}: neither version stands");
                let target = site.open();
                let at_rest = site.live();
                assert!(at_rest == old || at_rest == new, "{at}: the next run left {at_rest:#?}");
                let key = if at_rest == new { "2" } else { "1" };
                assert!(target.unchanged(&hash(key)).is_some(), "{at}: the manifest tells of something else");
                drop(target);
                assert_eq!(site.records(), ["lock", "manifest"], "{at}");
                site.build("2", &after());
                assert_eq!(site.live(), new, "{at}");
                if !met {
                    break;
                }
                steps += 1;
            }
        }
        eprintln!("{fault}, file by file {file_by_file}: {steps} steps");
        assert!(steps > 20);
    }
}

#[test]
fn killed_at_every_step() {
    every_step("signal=KILL", CALLS);
}

#[test]
fn no_space_at_any_step() {
    every_step("error=ENOSPC", &["mkdir", "link", "linkat", "rename", "renameat2", "write"]);
}

#[test]
fn an_input_output_error_at_any_step() {
    every_step("error=EIO", CALLS);
}

fn play(way: fn(&Path) -> Site) {
    let Some(site) = scene() else { return };
    let site = way(&site.root);
    let built: Result<_, Vec<Diagnostic>> = site.try_build("2", &after());
    // What went wrong is said; the process itself must not.
    std::process::exit(i32::from(built.is_err()));
}

#[test]
#[ignore = "played by the others"]
fn scene_whole() {
    play(Site::at);
}

#[test]
#[ignore = "played by the others"]
fn scene_files() {
    play(|root| Site { file_by_file: true, ..Site::at(root) });
}
