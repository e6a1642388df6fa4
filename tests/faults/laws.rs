//! Statutes and those who cite them: articles that are not there, or there twice; names that mean two; numbers that are
//! none; and what the map of lines of business names.

use insta::assert_snapshot;

use super::{CONFIG, told};

const LAW: &str = "-- content/law/a.md --\n---\ntitle: 中华人民共和国示例条例\ndate: 2026-11-01\nkind: law\n---\n第一章　总则\n\n\
    第一条　甲。\n\n**第二条**　乙。\n\n第三条　丙，依照第一条。\n\n第三条之一　丁。\n";

fn told_of(law: &str, rest: &str) -> String {
    told(&format!("-- zhendi.toml --\n{CONFIG}\n[kinds.law]\n{law}{rest}"))
}

/// What is said about a page that cites the statute.
fn told_of_citing(body: &str) -> String {
    told_of(LAW, &format!("-- content/study/b.md --\n---\ntitle: 乙\ndate: 2026-11-20\n---\n{body}\n"))
}

#[test]
fn sound_citations_draw_no_word() {
    let cites = ":::法条 法律=《示例条例》 条=第三条之一第二款\n丁。\n:::\n\n:::法条 法律=示例条例 条=2\n乙。\n:::\n\n\
        :::法条 法律=别的法 条=第九十九条\n没有收进门户。\n:::\n\n[甲](../law/a.md#第一条)、[乙](../law/a.md#第2条)、[总则](../law/a.md#第一章)。";
    assert_eq!(told_of_citing(cites), "");
}

#[test]
fn an_article_that_the_law_does_not_have() {
    assert_snapshot!(
        "cited_article_missing",
        told_of_citing(":::法条 法律=示例条例 条=第四条\n文\n:::\n\n[条](../law/a.md#第五条)")
    );
}

#[test]
fn a_number_that_is_none() {
    assert_snapshot!("citation_form", told_of_citing(":::法条 法律=示例条例 条=总则\n文\n:::"));
}

#[test]
fn two_articles_of_one_number() {
    let law = LAW.replace("第三条之一　丁", "第 2 条　丁");
    assert_snapshot!("article_repeated", told_of(&law, ""));
}

#[test]
fn a_statute_without_articles() {
    let law = "-- content/law/a.md --\n---\ntitle: 示例条例\ndate: 2026-11-01\nkind: law\n---\n第一条规定甲。\n";
    assert_snapshot!("article_none", told_of(law, ""));
}

#[test]
fn two_statutes_of_one_name() {
    let other = LAW.replace("law/a.md", "law/b.md").replace("中华人民共和国示例条例", "《示例条例》（旧）");
    assert_snapshot!("law_names_clash", told_of(LAW, &other));
}

#[test]
fn a_line_of_business_that_is_none() {
    let config = CONFIG.replace("id = \"east\"", "id = \"east\"\nformer = \"原甲局\"\nbusiness = [\"计量\", \"记量\"]");
    let text = told(&format!(
        "-- zhendi.toml --\n{config}\n[map]\ntaxonomy = \"busines\"\n[[taxonomies]]\nid = \"business\"\nname = \"条线\"\nterms = [\"计量\"]\n\
         -- content/study/b.md --\n---\ntitle: 乙\ndate: 2026-11-20\n---\n文\n"
    ));
    assert_snapshot!("map_taxonomy_unknown", text);
    let text = told(&format!(
        "-- zhendi.toml --\n{config}\n[[taxonomies]]\nid = \"business\"\nname = \"条线\"\nterms = [\"计量\"]\n\
         -- content/study/b.md --\n---\ntitle: 乙\ndate: 2026-11-20\n---\n文\n"
    ));
    assert_snapshot!("map_term_unknown", text);
}
