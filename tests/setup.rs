//! `zhendi kiosk-setup`: what it writes for one screen, and that the copying script never leaves a screen without a whole version.
#![allow(clippy::disallowed_methods)] // a test is no part of a build

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use insta::assert_snapshot;
use tempfile::TempDir;

const PORTAL: &str = r#"
title = "门户"
[[offices]]
id = "east"
name = "城东办公区"
short = "城东"
[[offices.screens]]
id = "lobby"
name = "一楼'大厅"
[[offices.screens]]
id = "hall"
name = "门厅"
orientation = "portrait"
[[offices]]
id = "south"
name = "城南办公区"
short = "城南"
[[offices.screens]]
id = "lobby"
name = "南大厅"
"#;

fn portal() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("zhendi.toml"), PORTAL).expect("written");
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhendi"));
    command.arg("kiosk-setup").args(args).current_dir(folder).output().expect("it runs")
}

fn said(folder: &Path, args: &[&str]) -> String {
    let output = run(folder, args);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    let root = folder.canonicalize().expect("there");
    format!("退出码 {}\n{}", output.status.code().unwrap_or(-1), text.replace(&root.display().to_string(), "‹文件夹›"))
}

/// Every file that was written, by path.
fn written(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for below in ["", "linux", "windows"] {
        for entry in fs::read_dir(folder.join(below)).expect("a folder").flatten().filter(|one| one.path().is_file()) {
            let name = Path::new(below).join(entry.file_name()).display().to_string();
            all.insert(name, fs::read_to_string(entry.path()).expect("text"));
        }
    }
    all
}

#[test]
fn everything_is_filled_in() {
    let folder = portal();
    let from = "web@10.0.0.1:/srv/portal/east/kiosk/lobby";
    let mut told = said(folder.path(), &["east/lobby", "--from", from]);
    assert_eq!(run(folder.path(), &["hall"]).status.code(), Some(0));
    let url = "http://10.0.0.1/south/kiosk/lobby/index.html";
    assert_eq!(run(folder.path(), &["南大厅", "--url", url, "-o", "南"]).status.code(), Some(0));
    for name in ["kiosk-east-lobby", "kiosk-east-hall", "南"] {
        let files = written(&folder.path().join(name));
        for (path, text) in &files {
            let left =
                text.match_indices('@').any(|(at, _)| text[at + 1..].starts_with(|c: char| c.is_ascii_uppercase()));
            assert!(!left, "{name}/{path}: a mark is left");
            assert_eq!(text.contains("\r\n"), path.starts_with("windows") || path == "安装说明.txt", "{path}");
            if path.ends_with(".sh") {
                let check = Command::new("sh").arg("-n").arg(folder.path().join(name).join(path)).status();
                assert!(check.expect("a shell").success(), "{name}/{path}");
            }
        }
        let policy: serde_json::Value = serde_json::from_str(&files["linux/policy.json"]).expect("JSON");
        assert_eq!(policy["URLBlocklist"], serde_json::json!(["*"]));
        if name == "kiosk-east-lobby" {
            for (path, text) in &files {
                told.push_str(&format!("──── {path}\n{}", text.replace("\r\n", "\n")));
            }
        } else {
            let lines = files.iter().flat_map(|(path, text)| text.lines().map(move |line| (path, line.trim_end())));
            let own =
                lines.filter(|(_, line)| ["lobby", "hall", "left", "从本机"].iter().any(|word| line.contains(word)));
            own.for_each(|(path, line)| told.push_str(&format!("──── {name}/{path}: {line}\n")));
        }
    }
    assert_snapshot!("kiosk_setup", told);
}

#[test]
fn what_cannot_be_set_up() {
    let folder = portal();
    assert_eq!(run(folder.path(), &["east/lobby"]).status.code(), Some(0));
    let all =
        [vec!["east/lobby"], vec!["lobby"], vec!["east/loby"], vec!["east/lobby", "--from", "a", "--url", "b"], vec![]];
    let all: Vec<String> = all.iter().map(|args| said(folder.path(), args)).collect();
    assert_snapshot!("kiosk_setup_wrong", all.join("────\n"));
}

/// A version of a screen in a folder.
fn version(screen: &Path, name: &str) {
    let folder = screen.join("v").join(name);
    fs::create_dir_all(folder.join("s")).expect("a folder");
    fs::write(folder.join("list.js"), format!("list of {name}")).expect("written");
    fs::write(folder.join("s/a.js"), format!("slides of {name}")).expect("written");
}

fn point(screen: &Path, name: &str) {
    fs::write(screen.join("version.js"), format!("zhendi.point({{\"now\":\"{name}\",\"before\":null}});\n"))
        .expect("written");
}

#[test]
fn copying_switches_last_and_only_to_what_is_there() {
    let folder = portal();
    assert_eq!(run(folder.path(), &["east/lobby"]).status.code(), Some(0));
    let (from, to) = (folder.path().join("from 来源"), folder.path().join("to"));
    let script = folder.path().join("kiosk-east-lobby/linux/zhendi-copy.sh");
    let copy = || {
        let mut command = Command::new("sh");
        command.arg(&script).arg(&from).env("ZHENDI_TO", &to).output().expect("a shell")
    };
    let pointed = || fs::read_to_string(to.join("version.js")).unwrap_or_default();
    version(&from, "aaaa");
    point(&from, "aaaa");
    for name in ["index.html", "start.js"] {
        fs::write(from.join(name), name).expect("written");
    }
    let first = copy();
    assert!(first.status.success(), "{first:?}");
    assert!(pointed().contains("aaaa") && to.join("v/aaaa/s/a.js").is_file() && to.join("start.js").is_file());

    // The source is being updated: it names what is not there yet.
    point(&from, "bbbb");
    assert_eq!(copy().status.code(), Some(1));
    assert!(pointed().contains("aaaa") && to.join("v/aaaa/list.js").is_file());

    version(&from, "bbbb");
    fs::remove_dir_all(from.join("v/aaaa")).expect("there");
    assert!(copy().status.success());
    assert!(pointed().contains("bbbb") && to.join("v/bbbb/list.js").is_file());
    assert!(!to.join("v/aaaa").exists() && !to.join(".version.next").exists());

    // Nobody is there.
    fs::remove_dir_all(&from).expect("there");
    assert!(!copy().status.success());
    assert!(pointed().contains("bbbb") && to.join("v/bbbb/s/a.js").is_file());
}
