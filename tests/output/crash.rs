//! kill -9 at random moments: whole folders are one of the two versions at once, others after the next run.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use zhendi::output::Way;

use super::support::{Site, Tree, child, play_with_mounts, scene};

const MINE: &str = "upload/mine.txt";

/// Two versions that share some files, differ in others, and disagree about what is a file and what a folder.
fn version(odd: bool) -> Tree {
    let mark = if odd { "odd" } else { "even" };
    let mut tree: Tree = (0..300)
        .map(|n| {
            let text = if n % 3 == 0 { format!("same {n}") } else { format!("{mark} {n}").repeat(20) };
            (format!("s{}/p{n}.html", n % 5), text.into_bytes())
        })
        .collect();
    tree.extend((0..60).map(|n| (format!("{mark}/only{n}.html"), mark.as_bytes().to_vec())));
    tree.insert(if odd { "either".to_owned() } else { "either/or.html".to_owned() }, mark.as_bytes().to_vec());
    tree
}

fn with_foreign(mut tree: Tree) -> Tree {
    tree.insert(MINE.to_owned(), "人放的".as_bytes().to_vec());
    tree
}

/// Kills a child that builds the two versions in turn, again and again, `times` times.
fn kill(root: &Path, scene: &str, times: u64, whole: bool) {
    let site = Site::at(root);
    let versions = [false, true].map(|odd| with_foreign(version(odd)));
    site.put(MINE, "人放的");
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let (mut resumed, mut between) = (0, 0);
    for round in 0..times {
        let mut builder = child(&[], scene, root).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        while !root.join("started").exists() {
            std::thread::sleep(Duration::from_millis(1));
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        std::thread::sleep(Duration::from_micros(1_000 + (seed >> 33) % 60_000));
        builder.kill().unwrap();
        builder.wait().unwrap();
        fs::remove_file(root.join("started")).unwrap();
        let found = site.live();
        if !versions.contains(&found) {
            assert!(!whole, "round {round}: neither version stands");
            between += 1;
        }
        let target = site.open();
        let at_rest = site.live();
        assert!(versions.contains(&at_rest), "round {round}: the next run did not complete it");
        resumed += usize::from(at_rest != found);
        drop(target);
        assert_eq!(site.records(), ["lock", "manifest"], "round {round}");
    }
    eprintln!("{times} kills, {between} found between two versions, {resumed} completed by the next run");
}

fn rebuild_forever(way: Way) {
    let Some(mut site) = scene() else { return };
    site.file_by_file = way == Way::FileByFile;
    let versions = [version(false), version(true)];
    for round in 0_usize.. {
        let done = site.build(&round.to_string(), &versions[round % 2]);
        assert_eq!(done.way, way);
        assert!(done.notes.iter().all(|note| !note.code.0.starts_with('W')), "{}", site.say(&done.notes));
        if round == 1 {
            fs::write(site.root.join("started"), "").unwrap();
        }
    }
}

#[test]
fn killed_while_exchanging_whole() {
    let site = Site::new();
    kill(&site.root, "crash::scene_whole", 50, true);
}

#[test]
#[ignore = "played by killed_while_exchanging_whole"]
fn scene_whole() {
    rebuild_forever(Way::Whole);
}

#[test]
fn killed_while_changing_file_by_file() {
    let site = Site::file_by_file();
    kill(&site.root, "crash::scene_files", 50, false);
}

#[test]
#[ignore = "played by killed_while_changing_file_by_file"]
fn scene_files() {
    rebuild_forever(Way::FileByFile);
}

#[test]
fn killed_while_changing_a_mount_point() {
    let site = Site::new();
    fs::create_dir(&site.public).unwrap();
    play_with_mounts("mount -t tmpfs tmpfs \"$0/public\"", "crash::scene_kill_at_mount", &site.root);
}

#[test]
#[ignore = "played by killed_while_changing_a_mount_point"]
fn scene_kill_at_mount() {
    let Some(site) = scene() else { return };
    kill(&site.root, "crash::scene_files", 20, false);
}
