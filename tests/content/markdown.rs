//! Markdown as it is written out.

use super::{html, parse};

#[test]
fn lines_join_as_chinese_does() {
    for (text, want) in [
        ("讲的是\n改革", "讲的是改革"),
        ("到此为止。\n下一句", "到此为止。下一句"),
        ("他说：\n“好”", "他说：“好”"),
        ("参见\nISO 标准", "参见\nISO 标准"),
        ("two\nwords", "two\nwords"),
        ("说明，\nABC", "说明，ABC"),
        ("**粗**\n体", "<strong>粗</strong>体"),
        ("体\n**粗**", "体<strong>粗</strong>"),
        ("行一  \n行二", "行一<br>\n行二"),
    ] {
        assert_eq!(html(text), format!("<p>{want}</p>\n"), "{text}");
    }
    assert_eq!(html("- 讲的是\n  改革\n"), "<ul>\n<li>讲的是改革</li>\n</ul>\n");
}

#[test]
fn indents_of_full_width_blanks_open_paragraphs() {
    assert_eq!(html("　　第一段。\n　　第二段。\n"), "<p>第一段。</p>\n<p>第二段。</p>\n");
    assert_eq!(html("&emsp;&emsp;**第一**段\n"), "<p><strong>第一</strong>段</p>\n");
    assert_eq!(html("甲　乙\n"), "<p>甲　乙</p>\n");
}

#[test]
fn emphasis_works_next_to_chinese_marks() {
    assert_eq!(html("他**“强调”**了。\n"), "<p>他<strong>“强调”</strong>了。</p>\n");
}

#[test]
fn one_tilde_is_a_range() {
    assert_eq!(html("9:00~11:30，14:00~17:00，~~废止~~\n"), "<p>9:00~11:30，14:00~17:00，<del>废止</del></p>\n");
}

#[test]
fn bare_addresses_end_before_chinese() {
    let link = |url: &str, shown: &str| format!("<a href=\"{url}\" rel=\"noopener\">{shown}</a>");
    for (text, want) in [
        (
            "见https://www.gov.cn/a，以及**重点**。",
            format!("见{}，以及<strong>重点</strong>。", link("https://www.gov.cn/a", "https://www.gov.cn/a")),
        ),
        ("（https://a.cn）后", format!("（{}）后", link("https://a.cn", "https://a.cn"))),
        ("**见https://a.cn**，后", format!("<strong>见{}</strong>，后", link("https://a.cn", "https://a.cn"))),
        (
            "访问 www.gov.cn，**详见**",
            format!("访问 {}，<strong>详见</strong>", link("http://www.gov.cn", "www.gov.cn")),
        ),
        ("`https://a.cn，x`", "<code>https://a.cn，x</code>".to_owned()),
        ("[甲](https://a.cn/中文)", link("https://a.cn/中文", "甲")),
        (
            "[甲](a.md)和https://b.cn，",
            format!("<a href=\"{{a.md}}\">甲</a>和{}，", link("https://b.cn", "https://b.cn")),
        ),
        ("<https://a.cn/中>", link("https://a.cn/中", "https://a.cn/中")),
    ] {
        assert_eq!(html(text), format!("<p>{want}</p>\n"), "{text}");
    }
    let code = html("```\ncurl https://a.cn，x\n```\n");
    assert_eq!(code, "<pre tabindex=\"0\"><code>curl https://a.cn，x\n</code></pre>\n");
}

#[test]
fn a_heading_that_repeats_the_title_is_left_out() {
    assert_eq!(
        html("# 标 题\n\n## 甲\n\n#### 乙\n\n# 丙\n"),
        "<h2 id=\"甲\">甲</h2>\n<h3 id=\"乙\">乙</h3>\n<h2 id=\"丙\">丙</h2>\n"
    );
    assert_eq!(
        html("# 别的\n\n## 甲\n\n# 标题\n"),
        "<h2 id=\"别的\">别的</h2>\n<h3 id=\"甲\">甲</h3>\n<h2 id=\"标题\">标题</h2>\n"
    );
    assert_eq!(
        html("### 三\n\n##### 五\n\n#### 四\n"),
        "<h2 id=\"三\">三</h2>\n<h3 id=\"五\">五</h3>\n<h3 id=\"四\">四</h3>\n"
    );
}

#[test]
fn anchors_follow_githubs_rule() {
    let document = parse(
        "---\ntitle: 甲\n---\n## 一、办理 Time（3 天）\n## 同名\n## 同名\n## Own {#own-id}\n## 中文 {#小节}\n## 同名-1\n## ！\n",
    );
    let ids: Vec<&str> = document.body.headings.iter().map(|h| &*h.id).collect();
    assert_eq!(ids, ["一办理-time3-天", "同名", "同名-1", "own-id", "小节", "同名-1-1", "section"]);
    let texts: Vec<&str> = document.body.headings.iter().map(|h| &*h.text).collect();
    assert_eq!(texts[3..5], ["Own", "中文"]);
    assert!(document.body.html.contains("<h2 id=\"小节\">中文</h2>"), "{}", document.body.html);
}

#[test]
fn an_explicit_id_wins_over_an_earlier_text() {
    let document = parse("---\ntitle: 甲\n---\n## own\n\n## 乙 {#own}\n");
    let ids: Vec<&str> = document.body.headings.iter().map(|h| &*h.id).collect();
    assert_eq!(ids, ["own-1", "own"]);
}

#[test]
fn tables_scroll_and_name_their_headers() {
    assert_eq!(
        html("## 收费\n\n| 项目 | 金额 | 备注 |\n|:--|--:|:-:|\n| 甲 | 1 | 无 |\n\n| | 一月 |\n|--|--|\n| 甲 | 2 |\n"),
        "<h2 id=\"收费\">收费</h2>\n\
         <div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"表格：收费\">\n<table>\n<thead>\n<tr>\n\
         <th scope=\"col\">项目</th>\n<th scope=\"col\" class=\"num\">金额</th>\n<th scope=\"col\" class=\"center\">备注</th>\n</tr>\n</thead>\n\
         <tbody>\n<tr>\n<td>甲</td>\n<td class=\"num\">1</td>\n<td class=\"center\">无</td>\n</tr>\n</tbody>\n</table>\n</div>\n\
         <div class=\"table-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"表格：收费（2）\">\n<table>\n<thead>\n<tr>\n\
         <td></td>\n<th scope=\"col\">一月</th>\n</tr>\n</thead>\n\
         <tbody>\n<tr>\n<th scope=\"row\">甲</th>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n</div>\n"
    );
}

#[test]
fn pictures_are_holes_and_alone_they_are_figures() {
    assert_eq!(
        html("文中![图](a.png \"题\")。\n\n![流程](<图 一.png> \"图一：流程\")\n\n![无题](b.png)\n"),
        "<p>文中 {a.png}<img alt=\"图\" loading=\"lazy\" decoding=\"async\">。</p>\n\
         <figure> {图 一.png}<img alt=\"流程\" loading=\"lazy\" decoding=\"async\"><figcaption>图一：流程</figcaption></figure>\n\
         <figure> {b.png}<img alt=\"无题\" loading=\"lazy\" decoding=\"async\"></figure>\n"
    );
}

#[test]
fn internal_links_are_holes_with_exact_places() {
    let text = "---\ntitle: 甲\n---\n> 见[甲](a.md)、https://x.cn，[乙](<b c.md#节> \"题\")，\n> - [丙](@/c.md)|[丁][r]\n\n| [戊](file:///D:/a.docx) | [己](D:\\b) |\n|--|--|\n| ![庚](d.png) | [辛](/e.html) |\n\n[r]: ../r.md\n";
    let document = parse(text);
    let written: Vec<(&str, &str)> = document
        .body
        .links
        .iter()
        .map(|link| (&*link.target, &text[link.span.start as usize..link.span.end as usize]))
        .collect();
    assert_eq!(
        written,
        [
            ("a.md", "a.md"),
            ("b c.md#节", "b c.md#节"),
            ("@/c.md", "@/c.md"),
            ("../r.md", "[丁][r]"),
            ("file:///D:/a.docx", "file:///D:/a.docx"),
            ("D:\\b", "D:\\b"),
            ("/e.html", "/e.html"),
        ]
    );
    assert_eq!(&*document.body.images[0].target, "d.png");
}

#[test]
fn a_remote_picture_is_a_link() {
    assert_eq!(
        html("![题图](https://x.cn/a.png)\n"),
        "<p><a href=\"https://x.cn/a.png\" rel=\"noopener\">题图</a></p>\n"
    );
    assert_eq!(html("[![](//x.cn/a.png)](b.md)\n"), "<p><a href=\"{b.md}\">查看图片</a></p>\n");
}

#[test]
fn task_lists_have_no_input() {
    assert_eq!(
        html("- [x] 做完\n- [ ] 没做\n"),
        "<ul class=\"tasks\">\n<li class=\"task-item\"><span class=\"task done\" role=\"img\" aria-label=\"已完成\"></span> 做完</li>\n\
         <li class=\"task-item\"><span class=\"task\" role=\"img\" aria-label=\"未完成\"></span> 没做</li>\n</ul>\n"
    );
}

#[test]
fn alerts_speak_chinese() {
    for (kind, class, title) in [
        ("NOTE", "note", "提示"),
        ("TIP", "tip", "建议"),
        ("IMPORTANT", "important", "重要"),
        ("WARNING", "warning", "注意"),
        ("CAUTION", "caution", "警告"),
    ] {
        assert_eq!(
            html(&format!("> [!{kind}]\n> 内容\n")),
            format!(
                "<aside class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">{title}</p>\n<p>内容</p>\n</aside>\n"
            )
        );
    }
    assert!(html("> [!note] 自定<题>\n> 内容\n").contains("<p class=\"alert-title\">自定&lt;题&gt;</p>"));
}

#[test]
fn a_quotation_ends_with_its_source() {
    assert_eq!(
        html("> 民以食为天。\n>\n> —— 《汉书》\n"),
        "<blockquote>\n<p>民以食为天。</p>\n<footer>—— 《汉书》</footer>\n</blockquote>\n"
    );
    assert_eq!(
        html("> 民以食为天。\n> ——《汉书》\n"),
        "<blockquote>\n<p>民以食为天。</p>\n<footer>——《汉书》</footer>\n</blockquote>\n"
    );
    assert_eq!(html("—— 不在引用里\n"), "<p>—— 不在引用里</p>\n");
}

#[test]
fn footnotes_go_there_and_back() {
    assert_eq!(
        html("甲[^a]乙[^b]丙[^a]\n\n[^a]: 一\n[^b]: 二\n"),
        "<p>甲<a class=\"fn-ref\" id=\"fnref-1\" href=\"#fn-1\">①</a>乙<a class=\"fn-ref\" id=\"fnref-2\" href=\"#fn-2\">②</a>丙<a class=\"fn-ref\" id=\"fnref-1-2\" href=\"#fn-1\">①</a></p>\n\
         <section class=\"footnotes\" aria-label=\"注释\">\n<ol>\n\
         <li id=\"fn-1\"><p>一 <a class=\"fn-back\" href=\"#fnref-1\" aria-label=\"返回正文第 1 处\">↩</a> <a class=\"fn-back\" href=\"#fnref-1-2\" aria-label=\"返回正文第 2 处\">↩</a></p>\n</li>\n\
         <li id=\"fn-2\"><p>二 <a class=\"fn-back\" href=\"#fnref-2\" aria-label=\"返回正文\">↩</a></p>\n</li>\n</ol>\n</section>\n"
    );
    let many: String = (1..=21).map(|n| format!("[^{n}]")).chain((1..=21).map(|n| format!("\n\n[^{n}]: 注"))).collect();
    let html = html(&many);
    assert!(html.contains(">⑳</a>") && html.contains(">[21]</a>"), "{html}");
}

#[test]
fn code_is_highlighted_and_never_fails() {
    let html = html("```JSON,linenos\n{\"a\": 1}\n```\n\n```没有这种\n<x>\n```\n\n    缩进\n");
    assert!(html.starts_with("<pre tabindex=\"0\"><code class=\"language-json\">"), "{html}");
    assert!(html.contains("<span class=\"z-number\">1</span>"), "{html}");
    assert!(html.contains("<code class=\"language-没有这种\">&lt;x&gt;\n</code>"), "{html}");
    assert!(html.contains("<pre tabindex=\"0\"><code>缩进\n</code></pre>"), "{html}");
}

#[test]
fn terms_are_described() {
    assert_eq!(html("证照分离\n\n: 改革的名称\n"), "<dl>\n<dt>证照分离</dt>\n<dd><p>改革的名称</p>\n</dd>\n</dl>\n");
}

#[test]
fn components_keep_their_words() {
    assert_eq!(
        html(":::steps 标题 时间: 9:00\n- 一\n:::\n\n后\n"),
        "[steps 标题 时间: 9:00: <ul>\n<li>一</li>\n</ul>\n]\n<p>后</p>\n"
    );
    assert_eq!(
        html("`:::a 9:00:01`\n\n```\n:::tip a:b:c\n```\n"),
        "<p><code>:::a 9:00:01</code></p>\n<pre tabindex=\"0\"><code>:::tip a:b:c\n</code></pre>\n"
    );
}

#[test]
fn summaries_and_lengths() {
    let document = parse(
        "---\ntitle: 甲\n---\n# 甲\n\n　　第一句，含**重点**和[链接](a.md)[^1]。\n\n## 小节\n\n- 第二句\n\n<!-- more -->\n\n其余。\n\n[^1]: 注\n",
    );
    assert_eq!(&*document.body.summary, "第一句，含重点和链接。第二句");
    let document = parse(format!("---\ntitle: 甲\n---\n{}", "这一句正好有十个汉字。".repeat(40)));
    assert_eq!(&*document.body.summary, "这一句正好有十个汉字。".repeat(7));
    assert_eq!(document.body.length, 400);
    assert_eq!(parse("---\ntitle: 甲\n---\n2026 年 word 三\n").body.length, 4);
}

#[test]
fn links_that_may_not_be_keep_their_words() {
    assert_eq!(html("[甲](javascript:x)和[乙](data:text/html,x)和[丙](vbscript:x)\n"), "<p>甲和乙和丙</p>\n");
    assert_eq!(
        html("[信](mailto:a@b.cn)、[电](tel:12315)\n"),
        "<p><a href=\"mailto:a@b.cn\">信</a>、<a href=\"tel:12315\">电</a></p>\n"
    );
}
