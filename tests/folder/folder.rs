//! The folder follows the portal.

use std::fs;

use super::running::{Running, lock, page, save};
use crate::support::{difference, succeed, tree, zhendi_build};

/// The folder holds what a clean build gives.
fn is_current(running: &Running, foreign: &[&str]) {
    let clean = tempfile::tempdir().unwrap();
    let out = clean.path().join("public");
    succeed(zhendi_build(running.root(), &out).args(["--names", "plain"]));
    let mut here = tree(&running.public());
    for path in foreign {
        assert!(here.remove(*path).is_some(), "{path} was not ours to delete");
    }
    assert_eq!(difference(&here, &tree(&out)), Vec::<String>::new());
}

#[test]
fn it_follows_edits_and_keeps_the_last_good_version() {
    let running = Running::start();
    is_current(&running, &[]);
    fs::write(running.public().join("foreign.txt"), "别人的").unwrap();

    let done = running.save("content/s/one.md", &page("one", "乙"));
    assert_eq!(done["changed"], serde_json::json!(["content/s/one.md"]));
    assert_eq!((&done["dropped"], &done["rendered"], &done["written"]), (&1.into(), &1.into(), &1.into()), "{done}");
    assert!(running.read("east/s/one.html").contains('乙'));

    let broken = running.save("content/s/one.md", &page("one", "丙[没有](none.md)"));
    assert_eq!(broken["published"], false, "{broken}");
    assert!(running.read("east/s/one.html").contains('乙'), "the last good version stands");
    // Edited while something else is wrong: it waits until all is well.
    let still = running.save("content/s/two.md", &page("two", "丁"));
    assert_eq!(still["published"], false, "{still}");
    assert!(!running.read("east/s/two.html").contains('丁'));

    let mended = running.save("content/s/one.md", &page("one", "戊"));
    assert_eq!(mended["published"], true, "{mended}");
    assert!(running.read("east/s/one.html").contains('戊') && running.read("east/s/two.html").contains('丁'));
    is_current(&running, &["foreign.txt"]);

    fs::remove_file(running.root().join("content/s/three.md")).unwrap();
    let gone = running.next();
    assert_eq!(gone["deleted"], 1, "{gone}");
    assert!(!running.public().join("east/s/three.html").exists());
    is_current(&running, &["foreign.txt"]);

    // Somebody has been at an output: the next build puts it right.
    fs::remove_file(running.public().join("east/s/two.html")).unwrap();
    running.save("content/s/one.md", &page("one", "己"));
    is_current(&running, &["foreign.txt"]);
}

#[test]
fn it_tries_a_locked_folder_again_by_itself() {
    let running = Running::start();
    let held = lock(running.root());
    let stopped = running.save("content/s/one.md", &page("one", "乙"));
    assert_eq!((&stopped["published"], &stopped["retrying"]), (&false.into(), &true.into()), "{stopped}");
    assert!(running.read("east/s/one.html").contains('甲'));
    // A second one while it waits.
    let stopped = running.save("content/s/two.md", &page("two", "丙"));
    assert_eq!((&stopped["errors"], &stopped["retrying"]), (&1.into(), &true.into()), "{stopped}");
    drop(held);
    let done = running.next();
    assert_eq!((&done["retried"], &done["written"]), (&true.into(), &2.into()), "{done}");
    is_current(&running, &[]);
    // And with that it is done.
    let done = running.save("content/s/one.md", &page("one", "丁"));
    assert_eq!((&done["rendered"], &done["retried"]), (&1.into(), &serde_json::Value::Null), "{done}");
}

#[test]
fn a_problem_is_said_once() {
    let running = Running::start();
    let odd = "---\ntitle: two\ndate: 2026-11-20\nsummary: 摘要。\ntitel: x\n---\n";
    // What it says of a save, by code.
    let say = |path: &str, text: &str| {
        save(running.root(), path, text);
        let lines = std::iter::repeat_with(|| running.line());
        let codes = lines.take_while(|line| line["summary"].is_null() && line["rebuild"].is_null());
        codes.map(|line| line["code"].as_str().unwrap_or("?").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(say("content/s/two.md", &format!("{odd}乙\n")), ["W0307"]);
    assert_eq!(say("content/s/one.md", &page("one", "乙")), [""; 0]);
    // It stands in another line now.
    assert_eq!(say("content/s/two.md", &format!("{}乙\n", odd.replace("summary", "weight: 3\nsummary"))), [""; 0]);
    for turn in 0..2 {
        let broken = format!("[没有](none.md){turn}");
        assert_eq!(say("content/s/one.md", &page("one", &broken)), ["E0201"], "an error is said each time");
    }
    assert_eq!(say("content/s/one.md", &page("one", "丙")), [""; 0]);
    assert_eq!(say("content/s/two.md", &page("two", "乙")), [""; 0]);
    assert_eq!(say("content/s/two.md", &format!("{odd}乙\n")), ["W0307"], "it went and came back");
}

#[test]
fn over_a_current_folder_it_begins_without_writing() {
    let running = Running::start();
    let record = running.root().join(".zhendi/public/manifest");
    let before = fs::metadata(&record).unwrap().modified().unwrap();
    let (running, first) = running.again();
    assert_eq!((&first["unchanged"], &first["written"]), (&true.into(), &0.into()), "{first}");
    let done = running.save("content/s/one.md", &page("one", "乙"));
    assert_eq!((&done["rendered"], &done["written"]), (&1.into(), &1.into()), "{done}");
    assert!(fs::metadata(&record).unwrap().modified().unwrap() > before);
    is_current(&running, &[]);

    let root = running.root().to_owned();
    let record = fs::metadata(&record).unwrap().modified().unwrap();
    let (running, first) = running.again();
    assert_eq!(first["unchanged"], true, "{first}");
    assert_eq!(fs::metadata(root.join(".zhendi/public/manifest")).unwrap().modified().unwrap(), record);
    fs::remove_file(running.public().join("east/s/two.html")).unwrap();
    let (running, first) = running.again();
    assert_eq!((&first["unchanged"], &first["written"]), (&false.into(), &1.into()), "{first}");
    is_current(&running, &[]);
}
