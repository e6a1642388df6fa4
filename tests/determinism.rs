//! Two builds of one snapshot are the same bytes: with one thread and with two, from two folders, in two
//! time zones, and with the day from `--date` or from `SOURCE_DATE_EPOCH`. Drives the real binary.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may fail, and may touch folders")]

mod support;

use std::path::Path;
use support::{copy_portal, difference, repository, strange, succeed, tree, zhendi_build};

fn same_everywhere(portal: &Path) {
    let temp = tempfile::tempdir().unwrap();
    let one = temp.path().join("one");
    let two = temp.path().join("another folder/一个更长的名字/portal");
    copy_portal(portal, &one);
    copy_portal(portal, &two);

    let first = temp.path().join("first");
    succeed(zhendi_build(&one, &first).args(["--jobs", "1"]).env("TZ", "Pacific/Kiritimati"));
    let second = two.join("public");
    succeed(zhendi_build(&two, &second).args(["--jobs", "2"]).env("TZ", "Pacific/Pago_Pago").current_dir(&two));
    let (a, b) = (tree(&first), tree(&second));
    assert!(a.len() > 20, "only {} files were built", a.len());
    assert_eq!(difference(&a, &b), Vec::<String>::new());

    // 2026-11-23 17:00 UTC is the 24th in Shanghai: the same day as `--date 2026-11-24`.
    let third = temp.path().join("third");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zhendi"));
    command.args(["build", "-r"]).arg(&one).arg("-o").arg(&third);
    succeed(command.env("SOURCE_DATE_EPOCH", "1795453200").env("TZ", "America/New_York"));
    assert_eq!(difference(&a, &tree(&third)), Vec::<String>::new());
}

#[test]
fn the_sample_portal_is_the_same_everywhere() {
    same_everywhere(repository());
}

#[test]
fn the_strange_portal_is_the_same_everywhere() {
    same_everywhere(&strange());
}
