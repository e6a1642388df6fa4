//! Screen editions: what they hold and what they must not, the programme they are given, and that the same comes of a
//! rebuild as of a build.

#![allow(clippy::disallowed_methods)] // portals are written to disk

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use serde_json::Value;
use zhendi::darkroom::Darkroom;
use zhendi::outputs::{Body, Outputs};
use zhendi::source::{Clock, Look, Options, Sources};

const CONFIG: &str = r#"title = "示例市市场监督管理局"
[[offices]]
id = "east"
name = "城东办公区"
[[offices.screens]]
id = "lobby"
audience = "public"
[[offices.screens]]
id = "room"
sections = ["study"]
pages = ["cases/pinned.md"]
seconds = 10
[[offices.screens]]
id = "hall"
orientation = "portrait"
kinds = ["case"]
ahead = 0
[[offices]]
id = "south"
name = "城南办公区"
[[sections]]
path = "study"
kind = "study"
[[sections]]
path = "cases"
kind = "case"
"#;

fn page(path: &str, front: &str, body: &str) -> (String, String) {
    (format!("content/{path}"), format!("---\n{front}\n---\n{body}\n"))
}

fn files() -> Vec<(String, String)> {
    let points = ":::要点 记住三句\n- **先看**　看许可证。\n- **再问**　问进货来源。\n- **后记**　当场记录。\n:::";
    vec![
        ("zhendi.toml".to_owned(), CONFIG.to_owned()),
        page("study/old.md", "title: 旧的一篇\ndate: 2026-11-01", points),
        page("study/seen.md", "title: 有图的\ndate: 2026-08-01", "![图](p.png)\n\n![数据](数据.dat)"),
        page("study/new.md", "title: 新的一篇\ndate: 2026-11-20\ntags: [绝密标签]", "见[旧的](old.md)。"),
        page(
            "study/own.md",
            "title: 城东的\ndate: 2026-10-01\noffices: [east]\nkiosk: { weight: 3, hours: 8:00-9:00 }",
            "一段。",
        ),
        page("study/south.md", "title: 城南的\noffices: [south]", "一段。"),
        page("study/soon.md", "title: 快要来的\ndate: 2026-12-01", "一段。"),
        page("study/later.md", "title: 还早的\ndate: 2026-12-24", "一段。"),
        page("study/gone.md", "title: 过期的\ndate: 2026-10-01\nexpires: 2026-11-01", "一段。"),
        page("study/off.md", "title: 不投屏的\ndate: 2026-09-01\nkiosk: false", "一段。"),
        page("study/hall.md", "title: 只给大厅\ndate: 2026-09-01\nkiosk: { screens: [hall] }", "一段。"),
        page(
            "cases/pinned.md",
            "title: 固定的\ndate: 2025-01-01\nexpires: 2026-12-24\nkiosk: { until: 2026-12-01, from: 2026-11-01 08:30 }",
            "一段。",
        ),
        page(
            "cases/open.md",
            "title: 公开的\ndate: 2026-11-10\naudience: public\nsummary: 谁都能看。",
            "::::要点\n- 一句。\n::::\n\n[站外](https://example.com/)、[下载](表.txt)。",
        ),
        ("content/cases/表.txt".to_owned(), "附表".to_owned()),
    ]
}

fn write(root: &Path, files: &[(String, String)]) {
    for (path, text) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
}

fn options() -> Options {
    Options { clock: Clock::Date(date(2026, 11, 24)), ..Options::default() }
}

/// Every output below a folder.
fn made(root: &Path, below: &str) -> BTreeMap<String, Vec<u8>> {
    let sources = Sources::read(root, options());
    let outputs = Outputs::new(zhendi::build(&sources, None), 1 << 30, Arc::new(Darkroom::new(root, None)));
    all(&outputs, root, below)
}

fn all(outputs: &Outputs, root: &Path, below: &str) -> BTreeMap<String, Vec<u8>> {
    let problems = outputs.build().diagnostics();
    assert!(problems.iter().all(|problem| !problem.is_error()), "{problems:?}");
    let paths = outputs.build().jobs().iter().map(|job| job.path().to_string()).filter(|path| path.starts_with(below));
    let paths: Vec<String> = paths.collect();
    let bytes = |path: &String| match outputs.get(path).expect("planned").body {
        Body::Bytes(bytes) => bytes.to_vec(),
        Body::File { source, .. } => std::fs::read(root.join(&*source)).expect("a file"),
    };
    paths.iter().map(|path| (path[below.len()..].to_owned(), bytes(path))).collect()
}

/// A picture of eight by eight pixels.
fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 8, 8);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&[128; 64])).expect("a picture");
    bytes
}

fn portal() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &files());
    std::fs::write(folder.path().join("content/study/p.png"), png()).expect("a file");
    std::fs::write(folder.path().join("content/study/数据.dat"), "0").expect("a file");
    folder
}

/// The data of a script, whose name and hash are looked at.
fn data(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Value {
    let text = String::from_utf8(files[&format!("v/now/{name}.js")].clone()).expect("text");
    let rest = text.strip_prefix(&format!("zhendi.add(\"{name}\",\"")).expect("its name");
    let (hash, json) = rest.split_once("\",").expect("its hash");
    let json = json.strip_suffix(");\n").expect("one statement");
    assert_eq!(hash, &blake3::hash(json.as_bytes()).to_hex()[..16]);
    serde_json::from_str(json).expect("JSON")
}

fn keys(programme: &Value) -> Vec<&str> {
    let entries = programme["entries"].as_array().expect("entries");
    entries.iter().map(|entry| entry["key"].as_str().expect("a key")).collect()
}

#[test]
fn a_screen_holds_what_it_chooses_in_the_order_of_its_rounds() {
    let folder = portal();
    let room = data(&made(folder.path(), "east/kiosk/room/"), "programme");
    // Pinned first, then the office's own, then by date; what is due within a fortnight comes along.
    assert_eq!(
        keys(&room),
        ["cases/pinned", "study/own", "study/soon", "study/new", "study/old", "study/off", "study/seen"]
    );
    let hall = data(&made(folder.path(), "east/kiosk/hall/"), "programme");
    assert_eq!(keys(&hall), ["cases/open", "cases/pinned"]);
    let lobby = data(&made(folder.path(), "east/kiosk/lobby/"), "programme");
    assert_eq!(keys(&lobby), ["cases/open"]);
}

#[test]
fn entries_say_when_and_how_often() {
    let folder = portal();
    let room = data(&made(folder.path(), "east/kiosk/room/"), "programme");
    let entry = |key: &str| {
        let entries = room["entries"].as_array().expect("entries");
        entries.iter().find(|entry| entry["key"] == key).expect("an entry").clone()
    };
    let pinned = entry("cases/pinned");
    assert_eq!((&pinned["pin"], &pinned["from"]), (&Value::from(true), &Value::from("2026-11-01T08:30")));
    assert_eq!(pinned["until"], "2026-12-02T00:00", "the day named is the last one");
    let own = entry("study/own");
    assert_eq!((&own["weight"], &own["hours"]), (&Value::from(3), &serde_json::json!([[480, 540]])));
    assert_eq!(entry("study/soon")["from"], "2026-12-01T00:00");
    assert_eq!(entry("study/off")["show"], false);
    let old = entry("study/old");
    assert_eq!(old["slides"], serde_json::json!([10, 10]), "a cover and three points");
    assert_eq!(old["initials"], "jdyp");
    assert_eq!(room["zone"], serde_json::json!([[1735689600, 28800]]));
}

#[test]
fn a_public_screen_holds_no_byte_of_internal_material() {
    let folder = portal();
    let lobby = made(folder.path(), "east/kiosk/lobby/");
    for (path, bytes) in &lobby {
        for secret in ["旧的一篇", "新的一篇", "绝密标签", "快要来的", "固定的", "附表"] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} in {path}");
        }
    }
    assert!(lobby.keys().any(|path| path == "v/now/a/cases/open.js"));
}

#[test]
fn an_article_leads_only_to_what_the_screen_holds() {
    let folder = portal();
    let room = made(folder.path(), "east/kiosk/room/");
    let html = data(&room, "a/study/new")["html"].as_str().expect("html").to_owned();
    assert!(html.contains("<a data-key=\"study/old\">旧的</a>"), "{html}");
    let hall = made(folder.path(), "east/kiosk/hall/");
    let html = data(&hall, "a/cases/open")["html"].as_str().expect("html").to_owned();
    assert!(html.contains("站外、下载。") && !html.contains("<a "), "{html}");
    assert!(!hall.keys().any(|path| path.ends_with(".txt")), "attachments are not offered");
}

#[test]
fn a_programme_counts_the_slides_that_there_are() {
    let folder = portal();
    for screen in ["lobby", "room", "hall"] {
        let files = made(folder.path(), &format!("east/kiosk/{screen}/"));
        let programme = data(&files, "programme");
        for entry in programme["entries"].as_array().expect("entries") {
            let count = entry["slides"].as_array().expect("seconds").len();
            let name = format!("s/{}", entry["key"].as_str().expect("a key"));
            let slides = files.contains_key(&format!("v/now/{name}.js")).then(|| data(&files, &name));
            assert_eq!(slides.map_or(0, |slides| slides.as_array().expect("slides").len()), count, "{name}");
        }
        let listed = data(&files, "list");
        let listed: Vec<&String> = listed.as_object().expect("files").keys().collect();
        let there = files.keys().filter_map(|path| path.strip_prefix("v/now/"));
        let mut there: Vec<&str> = there.filter(|path| *path != "list.js" && !path.starts_with("f/")).collect();
        there.sort_unstable();
        assert_eq!(listed, there);
    }
}

#[test]
fn slides_need_no_script_and_no_style_of_their_own() {
    let folder = portal();
    for screen in ["lobby", "room", "hall"] {
        let files = made(folder.path(), &format!("east/kiosk/{screen}/"));
        for name in files.keys().filter_map(|path| path.strip_prefix("v/now/")?.strip_suffix(".js")) {
            if !name.starts_with("s/") {
                continue;
            }
            for slide in data(&files, name).as_array().expect("slides") {
                let html = slide.as_str().expect("html");
                assert!(html.starts_with("<section class=\"k-slide "), "{html}");
                assert!(!html.contains(" style=") && !html.contains("<script") && !html.contains(" on"), "{html}");
            }
        }
    }
}

#[test]
fn a_rebuild_gives_the_screens_of_a_build() {
    let folder = portal();
    let root = folder.path();
    // As a watch looks: what has not changed is the same again, down to the theme.
    let mut look = Look::new(root, options());
    let mut outputs =
        Outputs::new(zhendi::build(&look.everything().sources, None), 1 << 30, Arc::new(Darkroom::new(root, None)));
    all(&outputs, root, "");
    let edits: Vec<(String, String)> = vec![
        page("study/new.md", "title: 新的一篇\ndate: 2026-11-20\nkiosk: { weight: 2 }", "见[旧的](old.md)。"),
        page("study/old.md", "title: 改了题\ndate: 2026-11-01", ":::要点\n- 一句。\n:::"),
        page("study/old.md", "title: 改了题\ndate: 2026-11-01\nkiosk: { screens: [hall] }", "一段。"),
        page("study/off.md", "title: 不投屏的\ndate: 2026-09-01", "一段。"),
        page("study/new.md", "title: 新的一篇\ndate: 2026-11-20\noffices: [south]", "见[旧的](old.md)。"),
        page("cases/pinned.md", "title: 固定的\ndate: 2025-01-01", ":::问答\n### 问？\n\n可以。\n:::"),
        page("cases/open.md", "title: 公开的\ndate: 2026-11-10", "一段。"),
        page("study/soon.md", "title: 快要来的\ndate: 2026-11-24\naudience: public", "一段。"),
        ("zhendi.toml".to_owned(), CONFIG.replace("seconds = 10", "seconds = 20\nticker = \"一行字\"")),
        ("templates/kiosk/slide.html".to_owned(), "<section class=\"k-slide \">{{ slide.type }}</section>".to_owned()),
    ];
    let mut follow = |what: &str| {
        let build = zhendi::build(&look.everything().sources, Some(outputs.build()));
        outputs = outputs.next(build).0;
        let (after, clean) = (all(&outputs, root, ""), made(root, ""));
        let wrong: Vec<&String> = clean.keys().filter(|path| after.get(*path) != clean.get(*path)).collect();
        assert!(wrong.is_empty() && after.len() == clean.len(), "after {what}: {wrong:?}");
    };
    for edit in edits {
        write(root, std::slice::from_ref(&edit));
        follow(&edit.0);
    }
    // A picture that no page can show any more is no slide either, though no text has changed.
    std::fs::write(root.join("content/study/p.png"), &png()[..40]).expect("a file");
    follow("the picture");
}
