//! Whole portals with something wrong in them, and what a clerk reads about it: from files on disk through the build
//! and every rendered job to the printed report.

#![allow(clippy::disallowed_methods)] // portals are written to disk

#[path = "faults/addresses.rs"]
mod addresses;
#[path = "faults/components.rs"]
mod components;
#[path = "faults/config.rs"]
mod config;
#[path = "faults/figures.rs"]
mod figures;
#[path = "faults/files.rs"]
mod files;
#[path = "faults/kinds.rs"]
mod kinds;
#[path = "faults/kiosk.rs"]
mod kiosk;
#[path = "faults/laws.rs"]
mod laws;
#[path = "faults/links.rs"]
mod links;
#[path = "faults/many.rs"]
mod many;
#[path = "faults/pictures.rs"]
mod pictures;
#[path = "faults/series.rs"]
mod series;
#[path = "faults/templates.rs"]
mod templates;
#[path = "faults/words.rs"]
mod words;

#[path = "support/photograph.rs"]
mod photograph;

use std::path::Path;

use jiff::civil::date;
use zhendi::darkroom::Darkroom;
use zhendi::diag::{Format, Report};
use zhendi::render::Content;
use zhendi::source::{Clock, Options, Sources, excerpt_text};

/// Three offices with their addresses, the words for the ten or so pages that a fixture holds.
const CONFIG: &str = r#"title = "示例市市场监督管理局"

[[offices]]
id = "east"
name = "城东办公区"
short = "城东"
base_url = "http://10.0.0.8/east/"

[[offices]]
id = "south"
name = "城南办公区"
short = "城南"
base_url = "http://10.0.0.8/south/"

[[offices]]
id = "north"
name = "城北办公区"
short = "城北"
base_url = "http://10.0.0.8/north/"
"#;

/// What every theme has, here as empty files, so that a fixture's faults are the only ones.
const THEME_FILES: [&str; 4] =
    ["static/css/portal.css", "static/js/display.js", "static/js/portal.js", "static/img/icon.png"];

/// Writes the files of `fixture`: each stands below a line `-- path --`. A configuration that is not given is the
/// usual one.
fn write(root: &Path, fixture: &str) {
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in fixture.split_inclusive('\n') {
        match line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            Some(path) => files.push((path, String::new())),
            None => files.last_mut().expect("a fixture opens with a path").1.push_str(line),
        }
    }
    let usual = std::iter::once(("zhendi.toml", CONFIG)).chain(THEME_FILES.map(|path| (path, "")));
    for (path, text) in usual {
        if !files.iter().any(|(given, _)| *given == path) {
            files.push((path, text.to_owned()));
        }
    }
    for (path, text) in files {
        let full = root.join(path);
        std::fs::create_dir_all(full.parent().expect("below the root")).expect("a folder");
        std::fs::write(full, text).expect("a file");
    }
}

fn options() -> Options {
    Options { clock: Clock::Date(date(2026, 11, 24)), ..Options::default() }
}

/// Everything that is said about the portal in `root`.
fn report(root: &Path, options: Options) -> String {
    let sources = Sources::read(root, options);
    let build = zhendi::build(&sources, None);
    let mut problems = build.diagnostics().to_vec();
    let mut worker = build.worker();
    let darkroom = Darkroom::new(root, None);
    for job in build.jobs() {
        let rendered = worker.render(job);
        problems.extend(rendered.problems);
        if let Content::Picture(order) = rendered.content {
            problems.extend(darkroom.print(&order).problem);
        }
    }
    let report = Report::new(problems, &|file| excerpt_text(root, file));
    report.print(Format::Human, false)
}

/// What is said about the portal of `fixture` once `change` has been at it.
fn told_after(fixture: &str, change: impl FnOnce(&Path)) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), fixture);
    change(folder.path());
    report(folder.path(), options())
}

/// What is said about the portal of `fixture`.
fn told(fixture: &str) -> String {
    told_after(fixture, |_| {})
}

/// What is said about one page, `content/study/a.md`, beside a few others that can be meant.
fn told_of_page(front: &str, body: &str) -> String {
    told(&format!(
        "-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n{front}---\n{body}\n\
         -- content/policy/办事指南.md --\n---\ntitle: 办事指南\ndate: 2026-11-19\n---\n## 怎么办\n正文。\n\n## Who Asks\n正文。\n\
         -- content/policy/办事流程.md --\n---\ntitle: 办事流程\ndate: 2026-11-18\n---\n正文。\n\
         -- content/cases/_index.md --\n---\ntitle: 典型案例\n---\n\
         -- content/cases/缺斤短两/index.md --\n---\ntitle: 缺斤短两\ndate: 2026-11-17\n---\n正文。\n\
         -- content/cases/缺斤短两/现场.svg --\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"/>\n"
    ))
}

#[test]
fn a_sound_portal_draws_no_word() {
    let text = told_of_page(
        "",
        "[看](../policy/办事指南.md#怎么办)，[再看](../cases/缺斤短两/index.md)，[全部](@/cases/_index.md)。",
    );
    assert_eq!(text, "");
}
