//! Components: what the theme does not know, what its templates complain about, and what they make of a block.

use insta::assert_snapshot;
use zhendi::render::Content;
use zhendi::source::{Options, Sources};

use super::{options, told, write};

/// What is said of an article with that body, with further files.
fn with(body: &str, files: &str) -> String {
    told(&format!("-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n{body}\n{files}"))
}

/// What an output holds between two marks of the page's template, and what is said when all is rendered.
fn shown(body: &str, files: &str) -> String {
    let fixture = format!(
        "-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n{body}\n\
         -- content/study/b.md --\n---\ntitle: 乙\ndate: 2026-11-19\n---\n正文。\n\
         -- templates/page.html --\n{{{{ page.content }}}}\n{files}"
    );
    output(&fixture, "east/study/a.html", options())
}

fn output(fixture: &str, path: &str, options: Options) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), fixture);
    let build = zhendi::build(&Sources::read(folder.path(), options), None);
    let job = build.jobs().iter().find(|job| &**job.path() == path).expect("a job");
    let rendered = build.worker().render(job);
    assert_eq!(rendered.problems, [], "{path}");
    let Content::Bytes(bytes) = rendered.content else { panic!("{path} is made") };
    String::from_utf8(bytes).expect("text")
}

/// A component that shows everything a template can ask for.
const ALL: &str = "-- templates/components/all.html --
{#- 名称: 全部 all
    参数: 来源 source, 图标 icon
-#}
{{ name }}/{{ called }}/{{ id }}/{{ depth }} “{{ title }}” 来源={{ args.source }} 图标={{ args.icon is undefined }} {{ page.title }} {{ office.id }} {{ get_url(\"study/b.md\") }}
{% macro walk(parts) %}{% for part in parts %}<{{ part.kind }}{% if part.level %} {{ part.level }}#{{ part.id }}{% endif %}{% if part.kind == \"list\" %} {{ part.ordered }}{% endif %}{% if part.kind == \"item\" %} {{ part.checked }} “{{ part.lead }}”{% for f in part.fields %} {{ f.name }}→{{ f.value }}{% endfor %}{% endif %}{% if part.kind == \"row\" %} {{ part.header }}{% endif %}{% if part.src %} {{ part.src }} {{ part.width }} {{ part.alt }}/{{ part.caption }}{% endif %}{% if part.kind == \"code\" %} {{ part.lang }} {{ part.text }}{% endif %}{% if part.kind == \"component\" %} {{ part.name }} {{ part.args.source }} {{ part.title }} {{ part.body }}{% endif %}>{{ part.text }}
{{ walk(part.parts) }}{% endfor %}{% endmacro %}
{{- walk(parts) }}
";

#[test]
fn a_template_is_given_everything() {
    let body = "::::全部 来源=某局 一段 标题\n## 题\n\n见[乙](b.md)。\n\n1. 一\n   - 谁办：**窗口**\n   - 不是\n2. [x] 二\n\n| 头 |\n|--|\n| 格 |\n\n\
                ```rust\nfn a() -> &str {}\n```\n\n![图](p.svg \"注\")\n\n:::all 内\n里 [乙](b.md)\n:::\n::::\n";
    let svg = "-- content/study/p.svg --\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"3\"/>\n";
    assert_snapshot!("everything", shown(body, &format!("{ALL}{svg}")));
}

#[test]
fn what_each_shipped_one_needs() {
    let long = "长".repeat(3000);
    let body = format!(
        ":::对比\n没有表格。\n:::\n\n:::对比 材料=八\n| 事项 | 改革前 | 改革后 |\n|---|---|---|\n| 填报 | 逐个 | 一次 |\n:::\n\n\
         :::引用\n一句话。\n:::\n\n:::时间轴\n没有列表。\n:::\n\n:::办公区\n不知给谁。\n:::\n\n:::办公区 城外\n没有这里。\n:::\n\n\
         :::法条 条=第十条\n一条。\n:::\n\n:::清单 材料\n没有列表。\n:::\n\n:::清单 材料\n- 申请书\n  - 份数：1\n:::\n\n\
         :::自测\n没有题。\n:::\n\n:::问答\n没有问。\n:::\n\n:::音频\n:::\n\n:::示范\n没有写法。\n:::\n\n:::示范\n```markdown\n没有效果\n```\n:::\n\n\
         :::二维码 太长 地址=http://a.test/{long}\n:::\n"
    );
    assert_snapshot!("needs", with(&body, ""));
}

#[test]
fn the_shipped_ones() {
    assert_snapshot!(
        "shipped",
        shown(
            "::::提示 先看这里\n外层，[乙](b.md)。\n\n:::tip\n里层\n:::\n::::\n\n:::流程 三步\n说明。\n\n1. 受理\n   - 谁办：**窗口**\n   - 时限: 1 天\n2. 审查\n   - 不是字段\n3. 发证\n:::\n",
            ""
        )
    );
}

#[test]
fn a_component_is_a_file() {
    let files = "-- templates/components/徽章.html --\n<b class=\"badge\">{{ title }}</b>\n";
    assert_eq!(shown(":::徽章 优\n:::\n", files).trim(), "<b class=\"badge\">优</b>");
    assert_eq!(with(":::徽章 任何=值\n:::\n", files), "");
}

#[test]
fn a_feed_shows_components_too() {
    let fixture = "-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n:::徽章 优\n:::\n\
                   -- templates/atom.xml --\n{% for p in feed.pages %}{{ p.content }}{% endfor %}\n\
                   -- templates/components/徽章.html --\n<b>{{ title }} {{ page.title }}</b>\n";
    assert_eq!(output(fixture, "east/atom.xml", options()).trim(), "<b>优 甲</b>");
}

#[test]
fn a_section_shows_components_too() {
    let fixture = "-- content/study/_index.md --\n---\ntitle: 学习\n---\n:::徽章 优\n:::\n\
                   -- templates/section.html --\n{{ section.content }}\n\
                   -- templates/components/徽章.html --\n<b>{{ title }} {{ section.title }}</b>\n";
    assert_eq!(output(fixture, "east/study/index.html", options()).trim(), "<b>优 学习</b>");
}

#[test]
fn many_layers_fit_the_stack() {
    let layers = 31;
    let fence = |at: usize| ":".repeat(layers + 3 - at);
    let open: String = (0..layers).map(|at| format!("{}tip\n", fence(at))).collect();
    let close: String = (0..layers).rev().map(|at| format!("{}\n", fence(at))).collect();
    let html = shown(&format!("{open}底\n{close}"), "");
    assert_eq!(html.matches("<aside").count(), layers);
}

#[test]
fn what_the_theme_does_not_know() {
    assert_snapshot!("unknown", with(":::tpi 一段\n甲\n:::\n\n:::没有这个\n乙\n:::\n", ""));
    assert_snapshot!(
        "unknown_argument",
        with(":::all 来原=某局\n:::\n\n:::all 别的=x\n:::\n\n:::tip 图标=灯\n:::\n", ALL)
    );
    assert_snapshot!(
        "repeated_argument",
        with(":::all 来源=某局 source=某处\n:::\n\n:::all 图标=a 图标=b\n:::\n", ALL)
    );
    assert_snapshot!("claimed", with("正文\n", "-- templates/components/hint.html --\n{#- 名称: hint 提示 -#}\n<p>\n"));
}

#[test]
fn places_are_true_inside() {
    assert_snapshot!("broken_link", with("：：：提示 题\n1. 甲\n2. 见[坏](没有.md)。\n：：：\n", ""));
}

#[test]
fn an_erroneous_page_shows_its_errors() {
    let fixture = "-- content/study/a.md --\n---\ntitle: 甲\ndate: 2026-11-20\n---\n:::tpi\n甲\n:::\n\
                   -- templates/problem.html --\n{% for p in problems %}{{ p.code }} {{ p.message }}{% endfor %}\n";
    assert_eq!(output(fixture, "east/study/a.html", options()).trim(), "E0401 没有名为“tpi”的组件");
}

#[test]
fn rules_of_the_theme() {
    let rule = "-- templates/components/rule.html --\n\
                {% if not args['来源'] %}{{ problem(\"error\", \"引用没有写来源\", \"读者不知道出处\", \"在这一行加上 来源=…\") }}{% endif %}\
                {% if not title %}{{ problem(\"warning\", \"没有标题\", cure=\"写上标题\") }}{% endif %}\n";
    // Three editions and the feed render it; each is told once.
    assert_snapshot!("rule", with("甲\n\n:::rule\n乙\n:::\n", rule));
    assert_snapshot!("no_steps", with(":::流程\n没有步骤\n:::\n", ""));
}

#[test]
fn templates_that_fail() {
    let files = "-- templates/components/bad.html --\n<p>\n{{ body | no_such }}\n</p>\n";
    assert_snapshot!("failing", with(":::bad\n甲\n:::\n", files));
    let files = "-- templates/components/bad.html --\n{{ page.content }}\n";
    assert_snapshot!("circle", with(":::bad\n甲\n:::\n", files));
    let files = "-- templates/components/bad.html --\n{% include \"no.html\" %}\n";
    assert_snapshot!("include", with(":::bad\n甲\n:::\n", files));
}
