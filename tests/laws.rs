//! Statutes, who cites them, what stands side by side, and the map, through the public build on whole portals.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail, and may touch folders")]
#![allow(dead_code, reason = "portals are shared with the proof of traces, which uses more of them")]

mod support;

#[path = "traces/portal.rs"]
mod portal;

use portal::{Built, Portal, outputs};

const PORTAL: &str = r#"
-- zhendi.toml --
title = "示例局"
[[offices]]
id = "east"
name = "城东办公区"
former = "原甲局"
lines = ["登记注册"]
[[offices]]
id = "south"
name = "城南办公区"
former = "原乙局"
business = ["食品"]
[kinds.law]
[[taxonomies]]
id = "topics"
name = "专题"
[[taxonomies]]
id = "business"
name = "条线"
terms = ["登记", "食品", "综合"]
-- templates/law.html --
{% for c in page.clauses %}[{{ c.kind }} {{ c.id }}|{{ c.html }}|{% for p in c.cited %}{{ p.title }} {% endfor %}]
{% endfor %}目录：{% for t in page.toc %}{{ t.title }}{% for u in t.children %}（{{ u.title }} {{ u.url }}）{% endfor %} {% endfor %}
总：{% for c in page.cited %}{{ c.page.title }}{% for a in c.articles %} {{ a.number }}{% endfor %}；{% endfor %}
-- templates/page.html --
{{ page.content }}
引：{% for c in page.citations %}{{ c.law }} {{ c.url }}{% for a in c.articles %} {{ a.number }} {{ a.url }}{% endfor %}；{% endfor %}
-- templates/map.html --
{% for r in map.rows %}{{ r.name }}:{% for c in r.cells %} {{ c.count }}{% if c.home %}本{% endif %}{% for k in c.kinds if k.count %}{{ k.name }}={{ k.newest.title }}{% endfor %}{% endfor %}
{% endfor %}
-- templates/components/statute.html --
{#- 名称: 法条
参数: 法律 law, 条 article
引用: law article -#}
<q>{{ args.law }}{% for a in cited.articles %} {{ a.text }}→{{ a.url }}{% endfor %}</q>
-- content/law/a.md --
---
title: 中华人民共和国示例条例
summary: 摘要。
kind: law
aliases: [旧条例]
---
前言。

第一编　总则

第一章　目的

**第一条**　甲。

第二款。

第2条　乙，第一条另有规定的除外。

第一条规定得不清楚。

## 附则

第三条之一【施行】　丙。
-- content/b.md --
---
title: 乙文
date: 2026-11-02
kind: study
business: [食品]
---
[条](law/a.md#第一条)

:::法条 法律=《示例条例》 条=2、第一条第二款
文
:::
-- content/c.md --
---
title: 丙文
summary: 摘要。
date: 2026-11-03
kind: case
offices: [south]
business: [食品, 登记]
---
:::法条 法律=旧条例 条=第三条之一
文
:::
"#;

fn text(built: &Built, path: &str) -> String {
    String::from_utf8(built.outputs[path].bytes.clone()).unwrap()
}

#[test]
fn a_statute_and_who_cites_it() {
    let built = Portal::new(PORTAL).build();
    insta::assert_snapshot!(text(&built, "south/law/a.html"));
}

#[test]
fn a_page_that_cites_one() {
    let built = Portal::new(PORTAL).build();
    insta::assert_snapshot!(text(&built, "east/b.html"));
}

#[test]
fn a_kind_of_another_name_may_be_statutes_and_law_may_be_none() {
    let other = Portal::new(PORTAL).edit("zhendi.toml", "[kinds.law]", "[kinds.law]\narticles = false");
    let page = text(&other.build(), "east/law/a.html");
    assert!(!page.contains("article"), "{page}");
    let other = Portal::new(PORTAL)
        .edit("zhendi.toml", "[kinds.law]", "[kinds.norm]\narticles = true\ntemplate = \"law\"")
        .edit("content/law/a.md", "kind: law", "kind: norm");
    let page = text(&other.build(), "east/law/a.html");
    assert!(page.contains("<p id=\"第一条\" class=\"article\">"), "{page}");
}

#[test]
fn a_law_that_the_edition_does_not_hold_is_only_a_name() {
    for (from, to) in [("kind: law", "kind: law\noffices: [south]"), ("kind: law", "kind: law\ndraft: true")] {
        let portal =
            Portal::new(PORTAL).edit("content/law/a.md", from, to).edit("content/b.md", "[条](law/a.md#第一条)", "无");
        let page = text(&portal.build(), "east/b.html");
        assert!(page.contains("<q>《示例条例》 第二条→ 第一条第二款→</q>"), "{page}");
        assert!(!page.contains("law/a.html"), "{page}");
    }
}

/// The pages that a rebuild from `old` to `new` drops; what it keeps is what a clean build gives.
fn dropped(old: &Portal, new: &Portal) -> Vec<String> {
    let (a, b) = (old.build(), new.build());
    assert_eq!(a.unsound(&b, None), Vec::<String>::new());
    let first = outputs(&old.read(), usize::MAX);
    let again = zhendi::build(&new.read(), Some(first.build()));
    let said = |build: &zhendi::Build| build.diagnostics().iter().map(|one| format!("{one:?}")).collect::<Vec<_>>();
    assert_eq!(said(&again), said(&b.build));
    a.met(&b)
}

#[test]
fn a_law_that_comes_goes_or_is_retitled_makes_the_citing_pages_new() {
    let portal = Portal::new(PORTAL);
    let is_dropped = |new: &Portal, path: &str| dropped(&portal, new).iter().any(|one| one == path);
    let gone = portal.with("-- content/law/a.md --\n(none)").edit("content/b.md", "[条](law/a.md#第一条)", "无");
    let cites = portal.edit("content/b.md", "[条](law/a.md#第一条)", "无");
    assert!(dropped(&gone, &cites).contains(&"east/b.html".to_owned()));
    assert!(dropped(&cites, &gone).contains(&"south/c.html".to_owned()));
    assert!(is_dropped(&portal.edit("content/law/a.md", "中华人民共和国示例条例", "别的条例"), "east/b.html"));
    // Its article is lost: an error on the pages that cite it.
    let lost = portal.edit("content/law/a.md", "第三条之一【施行】　丙。", "丙。");
    assert!(is_dropped(&lost, "south/c.html") && !is_dropped(&lost, "east/b.html"));
    // An article's words are the law's own.
    let words = portal.edit("content/law/a.md", "**第一条**　甲。", "**第一条**　甲甲。");
    assert_eq!(dropped(&portal, &words), ["east/law/a.html", "south/law/a.html"]);
    // Who cites an article no more is listed there no more.
    let silent = portal.edit("content/c.md", "旧条例 条=第三条之一", "旧条例");
    assert_eq!(dropped(&portal, &silent), ["south/c.html", "south/law/a.html"]);
}

#[test]
fn the_map_says_who_has_written_what() {
    let portal = Portal::new(PORTAL);
    insta::assert_snapshot!(text(&portal.build(), "east/map.html"), @r"
    登记: 0本 1案例=丙文
    食品: 0 2本理论=乙文案例=丙文
    综合: 0 0
    ");
    // No taxonomy, or fewer than two former bureaus: no map.
    for (from, to) in [("id = \"business\"", "id = \"lines\""), ("former = \"原乙局\"\n", "")] {
        assert!(!portal.edit("zhendi.toml", from, to).build().outputs.contains_key("east/map.html"), "{from}");
    }
    // A page of another office counts too: the map speaks of the whole portal.
    let more = portal.edit("content/c.md", "kind: case", "kind: policy");
    assert!(dropped(&portal, &more).contains(&"east/map.html".to_owned()));
    let body = portal.edit("content/c.md", "文\n:::", "字\n:::");
    assert_eq!(dropped(&portal, &body), ["south/c.html"]);
}

#[test]
fn pages_of_each_kind_stand_side_by_side() {
    let page = |name: &str, day: u8, kind: &str, topics: &str| {
        format!(
            "-- content/{name}.md --\n---\ntitle: {name}\ndate: 2026-10-{day:02}\nkind: {kind}\ntopics: [{topics}]\n---\n文\n"
        )
    };
    let mut text = format!(
        "{}-- templates/page.html --\n{{% for s in page.sides %}}{{{{ s.name }}}}:{{% for p in s.pages %}} {{{{ p.title }}}}{{% endfor %}};{{% endfor %}}\n",
        PORTAL.replace("[kinds.law]", "[kinds.law]\n[kinds.notice]\nside = \"通知\"\n[kinds.policy]\nside = \"\"")
    );
    for (n, name) in ["s1", "s2", "s3", "s4"].iter().enumerate() {
        text.push_str(&page(name, n as u8 + 1, "study", "甲"));
    }
    text.push_str(&page("k1", 9, "case", "甲, 乙"));
    text.push_str(&page("k2", 10, "case", "甲"));
    text.push_str(&page("p1", 11, "policy", "甲"));
    text.push_str(&page("n1", 12, "notice", "甲"));
    text.push_str(&page("me", 13, "case", "甲, 乙"));
    let built = Portal::new(&text).build();
    insta::assert_snapshot!(self::text(&built, "east/me.html").trim(), @"理论: s4 s3 s2;案例: k1 k2;通知: n1;");
    // Whoever stands beside nobody on the topic has no columns.
    assert_eq!(self::text(&built, "east/b.html").trim(), "");
}
