//! `zhendi.toml` with something wrong in it.

use insta::assert_snapshot;

use super::{CONFIG, options, report, told, told_after, write};

/// What is said about a portal whose configuration is `text`.
fn with(text: &str) -> String {
    told(&format!("-- zhendi.toml --\n{text}"))
}

/// What is said when `lines` stand above the offices of a sound configuration.
fn with_lines(lines: &str) -> String {
    with(&format!("{lines}\n{CONFIG}"))
}

/// What is said when `lines` stand below them.
fn with_tables(lines: &str) -> String {
    with(&format!("{CONFIG}\n{lines}"))
}

#[test]
fn no_file() {
    let text = told_after("", |root| std::fs::remove_file(root.join("zhendi.toml")).expect("was there"));
    assert_snapshot!("config_no_file", text);
}

#[test]
fn not_text() {
    let text = told_after("", |root| std::fs::write(root.join("zhendi.toml"), b"PK\x03\x04\0\0\0").expect("a file"));
    assert_snapshot!("config_not_text", text);
}

#[test]
fn syntax() {
    let page =
        "-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\noffices: [城东]\nseries: ronghe\n---\n正文。\n";
    assert_snapshot!("config_syntax_alone", with(&format!("title = \n{page}")));
    assert_snapshot!("config_syntax", with_lines("theme = portal\npaginate_by 20"));
    assert_snapshot!("config_key_twice", with_lines("theme = \"portal\"\ntheme = \"portal\""));
}

#[test]
fn wrong_type() {
    let text = with_lines("paginate_by = \"二十\"\ntheme = [\"portal\"]\nignore = \"*.bak\"");
    assert_snapshot!("config_wrong_type", text);
    let text = with_tables("[markdown]\nhighlight = \"开\"\n[[sections]]\npath = \"study\"\nhome = 1");
    assert_snapshot!("config_wrong_type_below", text);
    assert_snapshot!("config_offices_not_tables", with("offices = [\"east\"]"));
}

#[test]
fn unknown_key() {
    assert_snapshot!("config_unknown_key", with_lines("titel = \"门户\"\ntime_zone = \"Asia/Shanghai\""));
    let text =
        with("[[offices]]\nid = \"east\"\ncolour = \"#1F4B73\"\nbaseurl = \"http://10.0.0.8/\"\naccent = \"红\"");
    assert_snapshot!("config_unknown_key_office", text);
}

#[test]
fn values() {
    assert_snapshot!(
        "config_accent",
        with("[[offices]]\nid = \"east\"\nbase_url = \"http://10.0.0.8/\"\naccent = \"#1F4B7\"")
    );
    assert_snapshot!("config_base_url", with("[[offices]]\nid = \"east\"\nbase_url = \"10.0.0.8/east\""));
    assert_snapshot!("config_office_id", with("[[offices]]\nid = \"城东\"\nbase_url = \"http://10.0.0.8/\""));
    assert_snapshot!("config_office_reserved", with("[[offices]]\nid = \"con\"\nbase_url = \"http://10.0.0.8/\""));
    assert_snapshot!("config_timezone", with_lines("timezone = \"Asia/Beijing\""));
    assert_snapshot!("config_glob", with_lines("ignore = [\"*.bak\", \"草稿[1\"]"));
    assert_snapshot!("config_theme_name", with_lines("theme = \"themes/portal\""));
    assert_snapshot!("config_section_kind", with_tables("[[sections]]\npath = \"study\"\nkind = \"studdy\""));
}

#[test]
fn needed_keys() {
    assert_snapshot!(
        "config_office_without_id",
        with("[[offices]]\nname = \"城东办公区\"\nbase_url = \"http://10.0.0.8/\"")
    );
    assert_snapshot!("config_section_without_path", with_tables("[[sections]]\nnav = \"学习\""));
    assert_snapshot!("config_no_office", with("title = \"门户\""));
}

#[test]
fn one_id_twice() {
    let text = with_tables("[[offices]]\nid = \"east\"\nbase_url = \"http://10.0.0.8/e/\"");
    assert_snapshot!("config_office_twice", text);
    let text = with_tables("[[taxonomies]]\nid = \"tags\"\n[[taxonomies]]\nid = \"tags\"");
    assert_snapshot!("config_taxonomy_twice", text);
}

#[test]
fn unknown_edition() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "");
    let options = zhendi::source::Options { editions: vec!["esat".to_owned()], ..options() };
    assert_snapshot!("config_edition", report(folder.path(), options));
}

#[test]
fn another_file() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "");
    let options = zhendi::source::Options { config: Some(folder.path().join("conf/other.toml")), ..options() };
    assert_snapshot!("config_other_file", report(folder.path(), options));
}

#[test]
fn series_that_still_stand_here() {
    let text = with_tables(
        "[series.ronghe]\nname = \"条线互学\"\ndescription = \"把\\\"彼此\\\"讲明白。\"\n[series.ronghe.plan]\n\"2026-11\" = [\"study/a.md\"]\n\
         -- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\nseries: ronghe\n---\n正文。\n",
    );
    assert_snapshot!("config_series", text);
}
