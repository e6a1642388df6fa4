//! The form that a kind asks of its pages: fields and headings that are missing, out of order, or another kind's.

use insta::assert_snapshot;

use super::{CONFIG, told};

/// What is said about one case under a configuration whose cases have a form.
fn told_of_case(front: &str, body: &str) -> String {
    told(&format!(
        "-- zhendi.toml --\n{CONFIG}\n[kinds.case]\nheadings = [\"案情\", \"处理\", \"依据\", [\"思考\", \"讨论\"]]\n\
         fields = [{{ key = \"party\", name = \"当事人\", required = true }}, {{ key = \"result\", name = \"处理结果\", required = true }}]\n\
         [kinds.policy]\nfields = [{{ key = \"concerns\", name = \"涉及对象\" }}]\n\
         -- content/cases/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\nkind: case\n{front}---\n{body}\n"
    ))
}

const WHOLE: &str =
    "## 一、基本案情\n\n甲。\n\n## 二、调查与处理\n\n乙。\n\n## （三）法律依据\n\n丙。\n\n## 讨论题\n\n丁。\n";

#[test]
fn a_case_in_form_is_silent() {
    let text = told_of_case("当事人: 某饭店\nResult: 责令改正\n", WHOLE);
    assert!(!text.contains("W051"), "{text}");
}

#[test]
fn a_field_is_missing() {
    assert_snapshot!("kind_field_missing", told_of_case("当事人: 某饭店\n", WHOLE));
}

#[test]
fn a_field_is_another_kinds() {
    let front = "当事人: 某饭店\n处理结果: 责令改正\n涉及对象: 饭店\n";
    assert_snapshot!("kind_field_elsewhere", told_of_case(front, WHOLE));
}

#[test]
fn headings_are_missing() {
    let front = "当事人: 某饭店\n处理结果: 责令改正\n";
    assert_snapshot!("kind_headings_missing", told_of_case(front, "## 基本案情\n\n甲。\n\n## 依据\n\n乙。\n"));
}

#[test]
fn headings_are_out_of_order() {
    let front = "当事人: 某饭店\n处理结果: 责令改正\n";
    let body = "## 处理结果\n\n甲。\n\n## 案情\n\n乙。\n\n## 依据\n\n丙。\n\n## 思考\n\n丁。\n";
    assert_snapshot!("kind_headings_order", told_of_case(front, body));
}

#[test]
fn a_field_bears_a_taken_name() {
    let text = told(&format!(
        "-- zhendi.toml --\n{CONFIG}\n[kinds.case]\nfields = [{{ key = \"origin\", name = \"来源\" }}, {{ name = \"当事人\" }}]\n\
         -- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n正文。\n"
    ));
    assert_snapshot!("kind_field_taken", text);
}
