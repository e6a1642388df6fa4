//! Files of `content/series` with something wrong in them, and series whose pages do not fit what they say.

use insta::assert_snapshot;

use super::{told, told_after};

/// Three pages of a series, with these weights, beside the file that declares it.
fn with(file: &str, weights: [u8; 3]) -> String {
    let [a, b, c] = weights;
    told(&pages(
        file,
        &format!("series: ronghe\nweight: {a}"),
        &format!("系列: 条线互学\n序号: {b}"),
        &format!("series: ronghe\nweight: {c}"),
    ))
}

fn pages(file: &str, a: &str, b: &str, c: &str) -> String {
    format!(
        "-- content/series/ronghe.toml --\n{file}\n\
         -- content/study/甲.md --\n---\ntitle: 甲篇\ndate: 2026-11-20\n{a}\n---\n正文。\n\
         -- content/study/乙.md --\n---\ntitle: 乙篇\ndate: 2026-11-20\n{b}\n---\n正文。\n\
         -- content/study/丙/index.md --\n---\ntitle: 丙篇\ndate: 2026-11-20\n{c}\n---\n正文。\n"
    )
}

const NAMED: &str = "name = \"条线互学\"\n";

#[test]
fn a_sound_series_draws_no_word() {
    let file = format!(
        "{NAMED}说明 = \"说明。\"\nfor = \"全体\"\n顺序 = [\"study/甲.md\", \"../study/乙.md\", \"@/study/丙/index.md\"]\n\
         [计划]\n2026-11 = \"content/study/甲.md\"\n\"2026年12月\" = [\"study/乙.md\", \"study/丙/index.md\"]"
    );
    assert_eq!(with(&file, [1, 2, 3]), "");
    assert_eq!(with(NAMED, [10, 20, 30]), "");
    assert_eq!(with(NAMED, [0, 0, 0]), "");
}

#[test]
fn keys_and_values() {
    assert_snapshot!(
        "series_keys",
        with("名称 = \"条线互学\"\nnaem = \"互学\"\n顺续 = []\nname = \"条线\"", [1, 2, 3])
    );
    assert_snapshot!(
        "series_values",
        with(
            "name = \"条线互学\"\ndescription = [1]\norder = [\"study/甲.md\", \"study/乙.md\", \"study/丙/index.md\", 3, [1]]\n[plan]\n\"2026-13\" = []\n十一月 = []\n\"2026-12\" = { a = 1 }",
            [1, 2, 3]
        )
    );
    assert_snapshot!(
        "series_unnamed",
        told(&pages("description = \"没有名称\"", "series: ronghe", "series: ronghe", ""))
    );
}

#[test]
fn syntax() {
    assert_snapshot!("series_syntax", with("名称 \"条线互学\"\norder = [\"study/甲.md\" \"study/乙.md\"]", [1, 2, 3]));
    assert_snapshot!("series_not_quoted", with("name = 条线互学\n[plan", [1, 2, 3]));
}

#[test]
fn chinese_marks() {
    let file = "名称：“条线：互学”\n说明＝\"“引号”，和：冒号\" # 说明，：\n顺序：【“study/甲.md”，\"study/乙.md\"、'study/丙/index.md'］\n[计划]\n\"2026-11\": [“study/甲.md”，“study/丁.md”]";
    let text = told(&pages(file, "series: ronghe", "系列: 条线：互学", "series: ronghe"));
    assert_snapshot!("series_marks", text);
}

#[test]
fn encodings() {
    let text = told_after(&pages(NAMED, "series: ronghe", "series: ronghe", "series: ronghe"), |root| {
        std::fs::write(root.join("content/series/ronghe.toml"), utf16(NAMED)).expect("a file");
    });
    assert_snapshot!("series_encoding", text);
    let text = told_after(&pages(NAMED, "series: ronghe", "series: ronghe", "series: ronghe"), |root| {
        std::fs::write(root.join("content/series/ronghe.toml"), b"PK\x03\x04\0\0\0").expect("a file");
    });
    assert_snapshot!("series_not_text", text);
}

/// Text as Notepad saves it under the name of Unicode.
fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[test]
fn a_gap_in_the_numbers() {
    assert_snapshot!("series_gap", with(NAMED, [1, 2, 4]));
    assert_snapshot!("series_gap_wide", with(NAMED, [1, 2, 9]));
}

#[test]
fn a_draft_fills_its_place() {
    let text = told(&pages(
        NAMED,
        "series: ronghe\nweight: 1",
        "series: ronghe\nweight: 2\ndraft: true",
        "series: ronghe\nweight: 3",
    ));
    assert_eq!(text, "");
}

#[test]
fn months_without_study() {
    let file =
        format!("{NAMED}[plan]\n\"2026-09\" = [\"study/甲.md\"]\n\"2026-11\" = []\n\"2027-02\" = [\"study/乙.md\"]");
    assert_snapshot!("series_months", with(&file, [1, 2, 3]));
}

#[test]
fn a_page_in_two_places() {
    let file = format!(
        "{NAMED}order = [\"study/甲.md\", \"study/乙.md\", \"study/丙/index.md\", \"study/甲.md\"]\n[plan]\n\"2026-11\" = [\"study/甲.md\"]\n\"2026-12\" = [\"study/乙.md\", \"study/甲.md\"]"
    );
    assert_snapshot!("series_twice", with(&file, [1, 2, 3]));
}

#[test]
fn a_page_in_two_series() {
    let file = format!("{NAMED}order = [\"study/甲.md\", \"study/乙.md\", \"study/丙/index.md\"]");
    let other = "-- content/series/wangluo.toml --\nname = \"网络\"\norder = [\"study/甲.md\", \"study/丙/index.md\"]\n[plan]\n\"2026-11\" = [\"study/乙.md\"]\n";
    let text = told(&(pages(&file, "", "", "series: wangluo") + other));
    assert_snapshot!("series_claimed", text);
}

#[test]
fn a_plan_with_what_is_not_there() {
    let file = format!(
        "{NAMED}order = [\"study/甲\", \"study/丙\"]\n[plan]\n\"2026-11\" = [\"study/甲.md\", \"study/乙.md\", \"study/丁丁.md\"]"
    );
    assert_snapshot!("series_plan", told(&pages(&file, "series: ronghe", "", "series: ronghe")));
    let file = format!("{NAMED}[plan]\n\"2026-11\" = [\"study/乙.md\"]");
    assert_snapshot!("series_plan_outside", told(&pages(&file, "series: ronghe", "", "")));
}

#[test]
fn pages_that_the_order_leaves_out() {
    assert_snapshot!("series_left_out", with(&format!("{NAMED}order = [\"study/乙.md\"]"), [1, 2, 3]));
}

#[test]
fn a_text_among_the_files_of_series() {
    let text = "-- content/series/_index.md --\n---\ntitle: 系列\n---\n正文。\n";
    let file = pages(NAMED, "series: ronghe", "series: ronghe", "series: ronghe");
    assert_snapshot!("series_index", told(&(file + text)));
}

#[test]
fn a_series_without_pages_and_one_of_the_same_name() {
    let second = "-- content/series/huxue.toml --\nname = \"条线互学\"\n";
    assert_snapshot!("series_empty", told(&(pages(NAMED, "series: ronghe", "", "") + second)));
}
