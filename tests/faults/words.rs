//! Offices, kinds, series and terms that the front matter names and the configuration does not know.

use insta::assert_snapshot;

use super::{CONFIG, told, told_of_page};

#[test]
fn unknown_office() {
    assert_snapshot!("office_unknown", told_of_page("offices: [城冻, west]\n", "正文。\n"));
}

#[test]
fn unknown_office_of_a_section() {
    let text = told(
        "-- content/study/_index.md --\n---\ntitle: 学习\ncascade:\n  offices: [esat]\n---\n\
         -- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n正文。\n\
         -- content/study/b.md --\n---\ntitle: 乙\ndate: 2026-11-20\n---\n正文。\n",
    );
    assert_snapshot!("office_unknown_cascade", text);
}

#[test]
fn office_outside_its_section() {
    let text = told(
        "-- content/study/_index.md --\n---\ntitle: 学习\noffices: [城东]\n---\n\
         -- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\noffices: [城南]\n---\n正文。\n",
    );
    assert_snapshot!("office_outside_section", text);
}

#[test]
fn unknown_kind() {
    assert_snapshot!("kind_unknown", told_of_page("kind: 案例\n", "正文。\n"));
    assert_snapshot!("kind_unknown_far", told_of_page("kind: 视频\n", "正文。\n"));
}

#[test]
fn unknown_series() {
    assert_snapshot!("series_unknown_none", told_of_page("series: rongjie\n", "正文。\n"));
    let text = told(&format!(
        "-- zhendi.toml --\n{CONFIG}\n-- content/series/ronghe.toml --\nname = \"条线互学\"\norder = [\"study/c.md\"]\n\
         -- content/study/c.md --\n---\ntitle: 丙\ndate: 2026-11-20\n---\n正文。\n\
         -- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\nseries: rong-he\n---\n正文。\n\
         -- content/study/b.md --\n---\ntitle: 乙\ndate: 2026-11-20\nseries: 条线 互学\n---\n正文。\n"
    ));
    assert_snapshot!("series_unknown", text);
}

#[test]
fn unknown_term() {
    let text = told(&format!(
        "-- zhendi.toml --\n{CONFIG}\n[[taxonomies]]\nid = \"business\"\nname = \"条线\"\nterms = [\"登记注册\", \"食品\", \"药品\"]\n\
         -- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n条线: [注册登记, 食品]\n---\n正文。\n"
    ));
    assert_snapshot!("term_unknown", text);
}

#[test]
fn unknown_template() {
    assert_snapshot!("template_of_page", told_of_page("template: pgae\n", "正文。\n"));
}

#[test]
fn missing_cover_attachment_and_old_page() {
    let front = "cover: ../cases/缺斤短两/现场图.svg\nattachments: [申请表.docx]\nsupersedes: ../policy/办事指.md\n";
    assert_snapshot!("front_files_missing", told_of_page(front, "正文。\n"));
}

#[test]
fn pages_that_replace_each_other() {
    let text = told(
        "-- content/study/甲.md --\n---\ntitle: 甲\ndate: 2026-11-20\nsupersedes: 乙.md\n---\n正文。\n\
         -- content/study/乙.md --\n---\ntitle: 乙\ndate: 2026-11-19\nsupersedes: 甲.md\n---\n正文。\n\
         -- content/study/丙.md --\n---\ntitle: 丙\ndate: 2026-11-21\nsupersedes: 甲.md\n---\n正文。\n",
    );
    assert_snapshot!("supersedes_circle", text);
}
