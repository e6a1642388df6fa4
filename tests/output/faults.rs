//! Everything that can be wrong with an output folder, and how Zhendi says it. In each case the version before stands.

use std::fs;

use super::support::{Site, hash, tree};

#[test]
fn the_output_folder_is_a_file() {
    let site = Site::new();
    fs::write(&site.public, "x").unwrap();
    insta::assert_snapshot!("file", site.say_error(site.try_open()));
    insta::assert_snapshot!("file_above", site.say_error(site.try_open_at(&site.public.join("sub/site"))));
}

#[cfg(unix)]
#[test]
fn the_output_folder_is_a_broken_link() {
    let site = Site::new();
    std::os::unix::fs::symlink("/nowhere/at/all", &site.public).unwrap();
    insta::assert_snapshot!("broken_link", site.say_error(site.try_open()));
}

#[test]
fn the_output_folder_mixes_with_sources() {
    let site = Site::new();
    let at = |path: &str| site.say_error(site.try_open_at(&site.root.join(path)));
    insta::assert_snapshot!("content", at("content"));
    insta::assert_snapshot!("in_content", at("content/public"));
    insta::assert_snapshot!("themes", at("themes"));
    insta::assert_snapshot!("static", at("static"));
    insta::assert_snapshot!("root", at("."));
    insta::assert_snapshot!("above_root", at(".."));
    insta::assert_snapshot!("records", at(".zhendi/public"));
    assert!(!site.root.join(".zhendi").exists());
    assert!(!site.root.join("content/.zhendi").exists());
}

#[test]
fn sources_that_lie_elsewhere_are_kept_apart_too() {
    let (site, other) = (Site::new(), Site::new());
    let sources = [other.root.join("deep/content")];
    let portal = zhendi::output::Portal { root: &site.root, sources: &sources };
    let fault = zhendi::output::Target::open(&other.root.join("deep"), &portal).unwrap_err();
    insta::assert_snapshot!("sources_elsewhere", other.say(&[*fault]));
}

#[cfg(unix)]
#[test]
fn a_link_into_the_sources_is_seen_through() {
    let site = Site::new();
    std::os::unix::fs::symlink("content", &site.public).unwrap();
    insta::assert_snapshot!("link_into_sources", site.say_error(site.try_open()));
}

#[cfg(unix)]
#[test]
fn a_whole_drive_is_no_output_folder() {
    let site = Site::new();
    insta::assert_snapshot!("drive", site.say_error(site.try_open_at(std::path::Path::new("/"))));
}

#[test]
fn a_foreign_file_stands_on_a_planned_path() {
    for mut site in [Site::new(), Site::file_by_file()] {
        site.build("1", &tree(&[("index.html", "1")]));
        site.put("east/a.html", "人放的");
        site.put("west", "人放的");
        site.put("north.html/x.txt", "人放的");
        let before = site.live();
        let wanted = tree(&[("index.html", "2"), ("east/a.html", "2"), ("west/b.html", "2"), ("north.html", "2")]);
        insta::assert_snapshot!("foreign_in_way", site.say_error(site.try_build("2", &wanted)));
        assert_eq!(site.live(), before);
        assert_eq!(site.records(), ["lock", "manifest"]);
        assert!(site.open().unchanged(&hash("1")).is_some());
        site.file_by_file ^= true;
        assert!(site.try_build("2", &wanted).is_err());
    }
}

#[test]
fn two_builds_at_once() {
    let site = Site::new();
    let first = site.open();
    insta::assert_snapshot!("busy", site.say_error(site.try_open()));
    let stage = first.stage(Vec::new()).unwrap();
    assert!(site.try_open().is_err());
    stage.write("a.html", b"1").unwrap();
    stage.switch(&hash("1"), b"").unwrap();
    assert!(site.try_open().is_ok());
}

#[test]
fn planned_paths_that_cannot_be() {
    let site = Site::new();
    let written = |paths: &[&str]| {
        let stage = site.open().stage(Vec::new()).unwrap();
        for path in paths {
            stage.write(path, b"x").map_err(|fault| vec![*fault])?;
        }
        stage.switch(&hash("1"), b"").map(drop)
    };
    for bad in ["../x.html", "/x.html", "a//b", "", "a/./b", "a\\..\\b", "a/..", ".zhendi-stage/x"] {
        assert!(site.say_error(written(&[bad])).contains("E0713"), "{bad}");
    }
    insta::assert_snapshot!("path_unsafe", site.say_error(written(&["../x.html"])));
    insta::assert_snapshot!("path_twice", site.say_error(written(&["a.html", "a.html"])));
    insta::assert_snapshot!("file_then_folder", site.say_error(written(&["a", "a/b"])));
    insta::assert_snapshot!("folder_then_file", site.say_error(written(&["a/b", "a"])));
    let long = "证".repeat(100) + ".html";
    insta::assert_snapshot!("name_too_long", site.say_error(written(&[&long])).replace(&long, "[很长]"));
    let deep = "dddddddddddddddddddddddddddddddddddddddd/".repeat(120) + "x";
    insta::assert_snapshot!("path_too_long", site.say_error(written(&[&deep])).replace(&deep, "[很深]"));
    assert!(!site.public.exists());
}

#[test]
fn a_path_planned_as_file_and_folder_is_seen_among_kept_files() {
    let site = Site::file_by_file();
    site.build("1", &tree(&[("a-b", "1"), ("a", "1")]));
    assert!(site.say_error(site.try_build("2", &tree(&[("a-b", "1"), ("a", "1"), ("a/x", "1")]))).contains("E0707"));
}
