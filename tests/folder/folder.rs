//! The folder follows the portal.

use std::fs;

use super::running::{Running, page};
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
