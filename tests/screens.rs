//! `zhendi screens`: logs as a web server writes them, and what a clerk reads of them.
#![allow(clippy::disallowed_methods)] // a test is no part of a build

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;

/// 2026-11-24 09:00 in the portal's zone.
const NINE: i64 = 1_795_482_000;

/// One request, as nginx writes it in its combined format.
fn line(log: &mut String, heard: i64, query: &str) {
    let at = jiff::Timestamp::from_second(heard).expect("a time");
    let at = at.to_zoned_datetime(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    let at = at.strftime("%d/%b/%Y:%H:%M:%S %z");
    writeln!(log, "10.0.0.7 - - [{at}] \"GET /b.gif?{query} HTTP/1.1\" 200 43 \"http://10.0.0.1/\" \"Mozilla/5.0\"")
        .expect("text");
}

/// Ten hours: one screen was off for an hour and later without a network, one stopped, the clock of one is ahead.
fn log() -> String {
    let mut log = String::from(
        "10.0.0.9 - - [24/Nov/2026:08:59:00 +0800] \"GET /east/ HTTP/1.1\" 200 1 \"-\" \"-\"\nno log at all\n",
    );
    for minute in 0..600 {
        let given = NINE + minute * 60;
        let told = if (300..340).contains(&minute) { NINE + 340 * 60 } else { given };
        if !(100..160).contains(&minute) {
            let page = if minute == 599 { "-browse" } else { "study/%E7%94%B2" };
            line(&mut log, told, &format!("s=east/lobby&v=0123456789abcdef&k={page}&n=1&t={given}"));
        }
        if minute < 500 {
            line(&mut log, given, &format!("s=east/study&v=fedcba9876543210&k=-night&n=0&t={given}"));
        }
        line(&mut log, given, &format!("s=west/hall&v=00000000aaaaaaaa&k=-attract&n=0&t={}", given + 7 * 60));
    }
    log
}

const PORTAL: &str = r#"
title = "门户"
[[offices]]
id = "east"
name = "城东办公区"
short = "城东"
[[offices.screens]]
id = "lobby"
name = "一楼大厅"
beacon = "/b.gif"
[[offices.screens]]
id = "study"
name = "学习室"
beacon = "/b.gif"
[[offices.screens]]
id = "gate"
name = "门口"
beacon = "/b.gif"
[[offices.screens]]
id = "quiet"
name = "不报平安的"
"#;

fn said(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhendi"));
    let output = command.arg("screens").args(args).current_dir(folder).output().expect("it runs");
    let text = format!("{}{}", String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
    format!("{}{text}", output.status.code().map_or_else(String::new, |code| format!("退出码 {code}\n")))
}

fn gz(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(text.as_bytes()).expect("memory");
    packed.finish().expect("memory")
}

#[test]
fn a_log_without_a_portal() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("access.log"), log()).expect("written");
    assert_snapshot!("screens", said(folder.path(), &["access.log"]));
}

#[test]
fn a_portal_gives_names_and_knows_who_is_missing_and_old_logs_are_packed() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("zhendi.toml"), PORTAL).expect("written");
    let log = log();
    let half = log[..log.len() / 2].rfind('\n').expect("lines") + 1;
    fs::write(folder.path().join("access.log.1.gz"), gz(&log[..half])).expect("written");
    fs::write(folder.path().join("access.log"), &log[half..]).expect("written");
    assert_snapshot!("screens_of_a_portal", said(folder.path(), &["access.log", "access.log.1.gz"]));
    assert_snapshot!("screens_json", said(folder.path(), &["access.log", "access.log.1.gz", "--format", "json"]));
}

#[test]
fn logs_that_say_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("access.log"), "10.0.0.9 - - [24/Nov/2026:08:59:00 +0800] \"GET / HTTP/1.1\" 200 1\n")
        .expect("written");
    fs::write(folder.path().join("broken.gz"), &gz(&log())[..1000]).expect("written");
    let all = [vec!["access.log"], vec!["none.log"], vec!["broken.gz"], vec![]];
    let all: Vec<String> = all.iter().map(|args| said(folder.path(), args)).collect();
    assert_snapshot!("screens_wrong", all.join("────\n"));
}
