//! What a kind adds to its pages: its fields, its template, the mark on what may be out of date; and that a day's turn
//! puts that mark on without any edit.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // portals are written to disk

use std::fs;
use std::sync::Arc;

use zhendi::darkroom::Darkroom;
use zhendi::outputs::{Body, Outputs};
use zhendi::source::{Clock, Names, Options, Sources};

const CONFIG: &str = r#"
[[offices]]
id = "east"
name = "城东办公区"
short = "城东"

[kinds.policy]
stale_after = 18
fields = [{ key = "concerns", name = "涉及对象" }, { key = "steps", name = "办理环节" }]

[kinds.law]
name = "法规"
template = "statute"
"#;

const PORTAL: &[(&str, &str)] = &[
    ("zhendi.toml", CONFIG),
    (
        "content/a.md",
        "---\ntitle: 甲\nkind: policy\nas_of: 2025-05-25\n涉及对象: 某**类**企业\nSteps: [受理, 审查]\n---\n正文。\n",
    ),
    ("content/b.md", "---\ntitle: 乙\nkind: law\n---\n正文。\n"),
    (
        "templates/policy.html",
        "{{ page.stale }}|{{ page.fields.concerns }}|{% for f in page.facts %}{{ f.name }}={{ f.value }};{% endfor %}",
    ),
    ("templates/statute.html", "法：{{ page.title }}"),
];

fn sources(root: &std::path::Path, day: &str) -> Sources {
    let clock = Clock::Date(day.parse().unwrap());
    Sources::read(root, Options { clock, names: Names::Plain, ..Options::default() })
}

fn text(outputs: &Outputs, path: &str) -> String {
    match outputs.get(path).unwrap().body {
        Body::Bytes(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
        Body::File { .. } => panic!("{path} is a copy"),
    }
}

#[test]
fn fields_template_and_age() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in PORTAL {
        let full = folder.path().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
    }
    let facts = "某**类**企业|涉及对象=某**类**企业;办理环节=[&#39;受理&#39;, &#39;审查&#39;];";
    let darkroom = Arc::new(Darkroom::new(folder.path(), None));
    let before = Outputs::new(zhendi::build(&sources(folder.path(), "2026-11-24"), None), usize::MAX, darkroom);
    assert_eq!(text(&before, "east/a.html"), format!("False|{facts}"));
    assert_eq!(text(&before, "east/b.html"), "法：乙");
    // Eighteen months after the as-of date it may be out of date, though nobody has touched it.
    let (after, turn) = before.next(zhendi::build(&sources(folder.path(), "2026-11-25"), Some(before.build())));
    assert_eq!(text(&after, "east/a.html"), format!("True|{facts}"));
    assert_eq!((turn.dropped, turn.kept), (1, 1));
}
