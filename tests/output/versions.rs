//! Screens: their files lie in a folder named by what they hold, the one before stays for a while, and the pointer is true at
//! any moment.

use std::fs;

use zhendi::output::Versioned;

use super::support::{Site, Tree, tree};

const SCREEN: &str = "east/kiosk/hall/";

fn screen(is_public: bool) -> Site {
    Site { screens: vec![Versioned { folder: SCREEN.to_owned(), is_public }], ..Site::new() }
}

/// What jobs plan for a screen with these slides.
fn planned(slides: &[(&str, &str)]) -> Tree {
    let mut planned = tree(&[
        ("index.html", "door"),
        ("east/kiosk/hall/index.html", "shell"),
        ("east/kiosk/hall/version.js", "zhendi.point({\"now\":\"now\",\"before\":null});\n"),
        ("east/kiosk/hall/v/now/list.js", "zhendi.add(\"list\",\"x\",{});\n"),
        ("east/kiosk/hall/v/now/player.js", "if (zhendi.code()) return;"),
        ("east/kiosk/hall/v/now/1-base.css", "html{--1-base-css:whole}"),
        ("east/kiosk/hall/v/now/f/p.webp", "picture"),
    ]);
    for (name, text) in slides {
        let (key, hash) = (serde_json::Value::from(format!("s/{name}")), format!("hash of {text}"));
        let script = format!("zhendi.add({key},\"{hash}\",[\"{text}\"]);\n");
        planned.insert(format!("{SCREEN}v/now/s/{name}.js"), script.into_bytes());
    }
    planned
}

/// The versions that the pointer names: the one on show, and the one before.
fn pointed(site: &Site) -> (String, Option<String>) {
    let script = site.read("east/kiosk/hall/version.js");
    let json = script.strip_prefix("zhendi.point(").and_then(|rest| rest.strip_suffix(");\n")).unwrap();
    let pointer: serde_json::Value = serde_json::from_str(json).unwrap();
    (pointer["now"].as_str().unwrap().to_owned(), pointer["before"].as_str().map(str::to_owned))
}

/// The names of the version folders.
fn folders(site: &Site) -> Vec<String> {
    let entries = fs::read_dir(site.public.join(SCREEN).join("v")).unwrap();
    let mut names: Vec<String> = entries.map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn modified(site: &Site, path: &str) -> std::time::SystemTime {
    fs::metadata(site.public.join(path)).unwrap().modified().unwrap()
}

#[test]
fn a_version_is_named_by_what_it_holds_and_lists_it() {
    let site = screen(false);
    site.build("1", &planned(&[("a", "甲"), ("b\"c", "乙")]));
    let (now, before) = pointed(&site);
    assert_eq!((folders(&site), before), (vec![now.clone()], None));
    let list = site.read(&format!("{SCREEN}v/{now}/list.js"));
    assert!(list.starts_with("zhendi.add(\"list\",\""), "{list}");
    let json = &list[list.find('{').unwrap()..list.rfind('}').unwrap() + 1];
    let list: serde_json::Value = serde_json::from_str(json).unwrap();
    let css = blake3::hash(b"html{--1-base-css:whole}").to_hex()[..16].to_owned();
    let code = blake3::hash(b"if (zhendi.code()) return;").to_hex()[..16].to_owned();
    let expected = serde_json::json!({
        "1-base.css": css, "player.js": code, "s/a.js": "hash of 甲", "s/b\"c.js": "hash of 乙",
    });
    assert_eq!(list, expected, "what articles show is not listed");
    let again = screen(false);
    again.build("1", &planned(&[("a", "甲"), ("b\"c", "乙")]));
    assert_eq!(pointed(&again).0, now);
}

#[test]
fn the_version_before_stays_until_the_next() {
    for is_public in [false, true] {
        for file_by_file in [false, true] {
            let site = Site { file_by_file, ..screen(is_public) };
            let made = |text: &str| planned(&[("a", text), ("b", "乙")]);
            site.build("1", &made("甲"));
            let (first, _) = pointed(&site);
            let time = modified(&site, &format!("{SCREEN}v/{first}/s/b.js"));

            let done = site.build("2", &made("甲甲"));
            assert_eq!(done.written, 3, "a slide, the list, the pointer");
            let (second, before) = pointed(&site);
            assert_eq!(before.as_ref(), Some(&first));
            let mut both = vec![first.clone(), second.clone()];
            both.sort();
            assert_eq!(folders(&site), both);
            assert_eq!(modified(&site, &format!("{SCREEN}v/{second}/s/b.js")), time, "not written anew");

            assert_eq!(site.build("2 again", &made("甲甲")).written, 0);
            assert_eq!(pointed(&site), (second.clone(), Some(first.clone())));

            site.build("3", &made("甲甲甲"));
            let (third, before) = pointed(&site);
            assert_eq!(before.as_ref(), Some(&second));
            assert!(!folders(&site).contains(&first));

            // Back again: what was before is on show, and the other way round.
            site.build("4", &made("甲甲"));
            assert_eq!(pointed(&site), (second, Some(third)));
            site.build("5", &made("甲"));
            assert_eq!(pointed(&site).0, first);
        }
    }
}

#[test]
fn what_was_withdrawn_goes_at_once_where_anybody_may_pass_by() {
    for is_public in [false, true] {
        let site = screen(is_public);
        site.build("1", &planned(&[("a", "甲"), ("b", "乙")]));
        let (first, _) = pointed(&site);
        site.build("2", &planned(&[("a", "甲")]));
        let kept = folders(&site).contains(&first);
        assert_eq!((kept, pointed(&site).1.is_some()), (!is_public, !is_public));
        // What has come is no reason.
        site.build("3", &planned(&[("a", "甲"), ("c", "丙")]));
        assert!(pointed(&site).1.is_some());
    }
}

#[test]
fn what_somebody_changed_in_a_version_is_put_right() {
    let site = screen(false);
    site.build("1", &planned(&[("a", "甲")]));
    let (first, _) = pointed(&site);
    let slide = format!("{SCREEN}v/{first}/s/a.js");
    site.put(&slide, "torn");
    site.build("2", &planned(&[("a", "甲")]));
    assert_eq!((pointed(&site), folders(&site)), ((first.clone(), None), vec![first.clone()]));
    assert!(site.read(&slide).contains("甲"));
    // A version that is not as it was made is no longer kept for anybody.
    site.put(&slide, "torn again");
    site.build("3", &planned(&[("a", "乙")]));
    assert_eq!(pointed(&site).1, None);
    // Without a pointer that can be read, a version is made from nothing.
    site.put("east/kiosk/hall/version.js", "zhendi.point({\"now\":\"../../x\",\"before\":null});\n");
    site.build("4", &planned(&[("a", "乙")]));
    let (fourth, before) = pointed(&site);
    assert!(site.read(&format!("{SCREEN}v/{fourth}/s/a.js")).contains("乙"));
    assert_eq!(before, None);
}

#[test]
fn a_screen_that_is_no_more_leaves_nothing() {
    let mut site = screen(false);
    site.build("1", &planned(&[("a", "甲")]));
    site.screens = Vec::new();
    site.build("2", &tree(&[("index.html", "door")]));
    assert!(!site.public.join("east").exists());
}
