//! Two things on one address, and addresses that cannot be.

use insta::assert_snapshot;

use super::{told, told_of_page};

fn page(path: &str, front: &str) -> String {
    format!("-- content/{path} --\n---\ntitle: 标题\ndate: 2026-11-20\n{front}---\n正文。\n")
}

#[test]
fn pinyin_clash() {
    let text = told(&(page("study/食品检查.md", "") + &page("study/食品监察.md", "")));
    assert_snapshot!("clash_pinyin", text);
}

#[test]
fn same_slug() {
    let text = told(&(page("study/甲.md", "slug: zhiyin\n") + &page("study/乙.md", "slug: zhiyin\n")));
    assert_snapshot!("clash_slug", text);
}

#[test]
fn alias_onto_a_page() {
    let text = told(&(page("study/甲.md", "") + &page("policy/乙.md", "aliases: [study/jia.html]\n")));
    assert_snapshot!("clash_alias", text);
    let text = told(&(page("study/甲.md", "aliases: [old.html]\n") + &page("policy/乙.md", "aliases: [/old]\n")));
    assert_snapshot!("clash_two_aliases", text);
    assert_snapshot!("clash_alias_home", told(&page("study/甲.md", "aliases: [index.html]\n")));
}

#[test]
fn page_on_a_list() {
    assert_snapshot!("clash_section", told(&(page("study/甲.md", "slug: index\n"))));
    let text = told(&(page("study/a/b.md", "") + &page("study/阿.md", "")));
    assert_eq!(text, "");
    let text = told(&(page("archive/甲.md", "") + &page("tags/乙.md", "tags: [食品]\n")));
    assert_snapshot!("clash_reserved_folder", text);
}

#[test]
fn only_one_office_has_the_clash() {
    let text = told(&(page("study/检查.md", "offices: [城东]\n") + &page("study/监察.md", "offices: [城南]\n")));
    assert_eq!(text, "");
}

#[test]
fn slug_and_aliases_that_leave_the_folder() {
    let front = "slug: ../../etc/passwd\naliases: [../旧.html, \"D:\\\\旧.html\", /policy/con.html, \"旧页?id=3\"]\n";
    assert_snapshot!("address_form", told_of_page(front, "正文。\n"));
    assert_eq!(told_of_page("slug: \" \"\n", "正文。\n"), "");
}

#[test]
fn index_beside_pages() {
    let text = told(&(page("study/index.md", "") + &page("study/甲.md", "")));
    assert_snapshot!("index_beside_pages", text);
    let text = told(&(page("study/index.md", "") + &page("study/_index.md", "")));
    assert_snapshot!("index_beside_index", text);
    let text = told(&(page("study/index.md", "") + &page("study/甲/index.md", "")));
    assert_snapshot!("index_above_pages", text);
}

/// Hugo writes a section's text with its language.
#[test]
fn a_sections_text_in_a_language() {
    let text = told(
        "-- content/study/_index.zh-cn.md --\n---\ntitle: 学习\nsort_by: weight\n---\n\
         -- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n[栏目](_index.zh-cn.md)\n",
    );
    assert_eq!(text, "");
    let text = told(
        "-- content/study/_index.md --\n---\ntitle: 学习\n---\n\
         -- content/study/_index.zh-cn.md --\n---\ntitle: 学习资料\n---\n\
         -- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n正文\n",
    );
    assert_snapshot!("index_second", text);
}
