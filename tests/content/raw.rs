//! Raw HTML: what stays, what goes, and what a portal may switch on.

use std::sync::Arc;

use zhendi::content;

use super::{fill, html, settings};

fn raw(text: &str) -> String {
    let mut settings = settings();
    settings.markdown.raw_html = true;
    fill(&content::parse(&Arc::from("content/a.md"), format!("---\ntitle: 甲\n---\n{text}").as_bytes(), &settings))
}

#[test]
fn a_harmless_handful_stays() {
    assert_eq!(
        html(
            "H<sub>2</sub>O、x<sup>2</sup>、<u>下划</u>、<kbd>Ctrl</kbd>、<mark>标</mark>、<ruby>汉<rt>hàn</rt></ruby>，一行<br/>又一行\n"
        ),
        "<p>H<sub>2</sub>O、x<sup>2</sup>、<u>下划</u>、<kbd>Ctrl</kbd>、<mark>标</mark>、<ruby>汉<rt>hàn</rt></ruby>，一行<br>又一行</p>\n"
    );
    assert_eq!(
        html("<details open class=\"x\">\n<summary>看&nbsp;这里</summary>\n\n里面的**内容**\n\n</details>\n"),
        "<details open>\n<summary>看\u{a0}这里</summary>\n<p>里面的<strong>内容</strong></p>\n</details>\n"
    );
}

#[test]
fn attributes_go() {
    assert_eq!(html("<u style=\"color:red\" onclick=\"x()\">甲</u>\n"), "<p><u>甲</u></p>\n");
}

#[test]
fn what_is_left_open_is_closed() {
    assert_eq!(
        html("甲<u>乙**丙<sub>丁**戊\n\n己</u>\n"),
        "<p>甲<u>乙<strong>丙<sub>丁</sub></strong>戊</u></p>\n<p>己</p>\n"
    );
    assert_eq!(
        html("> <details>\n>\n> 甲\n\n乙\n"),
        "<blockquote>\n<details>\n<summary>详细内容</summary>\n<p>甲</p>\n</details>\n</blockquote>\n<p>乙</p>\n"
    );
    assert_eq!(html("- 甲<kbd>乙\n- 丙</kbd>\n"), "<ul>\n<li>甲<kbd>乙</kbd>\n</li>\n<li>丙</li>\n</ul>\n");
}

#[test]
fn a_reading_without_its_base_goes() {
    assert_eq!(html("<rt>甲</rt> <ruby>乙</ruby> <ruby>丙<rt>b\n"), "<p>甲 乙 丙b</p>\n");
}

/// Links aim at the ids of raw elements, so those stay even where the elements do not.
#[test]
fn anchors_stay() {
    assert_eq!(html("<a id=\"a\"></a>\n\n甲\n"), "<span id=\"a\"></span>\n<p>甲</p>\n");
    assert_eq!(
        html("<a name=\"a\"></a><span id='b'></span>甲\n"),
        "<p><span id=\"a\"></span><span id=\"b\"></span>甲</p>\n"
    );
    assert_eq!(html("<a name=\"a\">\n\n甲\n"), "<span id=\"a\"></span><p>甲</p>\n");
    assert_eq!(html("## <a id=\"x\"></a>题\n"), "<h2 id=\"题\"><span id=\"x\"></span>题</h2>\n");
    assert_eq!(html("<div id=\"a&quot;b\">甲</div>\n"), "<span id=\"a&quot;b\"></span><p>甲</p>\n");
    // An id stands once on a page, and neither headings nor footnotes lose theirs.
    assert_eq!(
        html("## 题\n\n甲<a id=\"题\"></a><a id=\"二\"></a><a id=\"fn-1\"></a>\n\n## 二\n"),
        "<h2 id=\"题\">题</h2>\n<p>甲<span id=\"二\"></span></p>\n<h2 id=\"二-1\">二</h2>\n"
    );
    assert_eq!(
        raw("甲<span id=\"a\" class=\"c\">乙</span>\n"),
        "<p>甲<span id=\"a\"></span><span class=\"c\">乙</span></p>\n"
    );
    let document = super::parse("---\ntitle: 甲\n---\n<a id=\"a\"></a>乙\n");
    assert_eq!(document.body.anchors.iter().map(|id| &**id).collect::<Vec<_>>(), ["a"]);
    assert!(document.problems.is_empty(), "{:?}", document.problems);
}

#[test]
fn scripts_go_with_their_content() {
    assert_eq!(html("甲<script>alert(1)</script>乙\n"), "<p>甲乙</p>\n");
    assert_eq!(html("<script>\nalert(1)\n\nx\n</script>\n\n<style>a{}</style>\n乙\n"), "<p>乙</p>\n");
    assert_eq!(html("<div>甲</div>\n\n<p align=center>乙 &lt;b&gt;</p>\n"), "<p>甲</p>\n<p>乙 &lt;b&gt;</p>\n");
}

#[test]
fn a_portal_may_allow_more() {
    assert_eq!(
        raw("<div class=\"box\" style=\"x\" onclick=\"y()\">\n\n甲**乙**\n\n</div>\n"),
        "<div class=\"box\">\n<p>甲<strong>乙</strong></p>\n</div>\n"
    );
    assert_eq!(
        raw("甲<span class=\"red\" onmouseover=x>乙</span><script>x</script>\n"),
        "<p>甲<span class=\"red\">乙</span></p>\n"
    );
    assert_eq!(
        raw("<table>\n<tr><td align=\"right\" colspan=\"2\">甲</td></tr>\n</table>\n"),
        "<table>\n<tbody><tr><td colspan=\"2\">甲</td></tr>\n</tbody></table>\n"
    );
}

#[test]
fn links_and_pictures_in_raw_html_are_checked_too() {
    assert_eq!(
        raw("<p><a href=\"../b.md\" target=_blank>甲</a><img src=\"c.png\" alt=\"图\" width=3></p>\n"),
        "<p><a href=\"{../b.md}\">甲</a> {c.png}<img alt=\"图\" loading=\"lazy\" decoding=\"async\"></p>\n"
    );
    assert_eq!(raw("甲<a href=\"javascript:x\">乙</a>\n"), "<p>甲乙</p>\n");
    assert_eq!(
        raw("甲<a href=\"b.md\">乙<img src=\"https://x.cn/a.png\" alt=\"远\"></a>\n"),
        "<p>甲<a href=\"{b.md}\">乙远</a></p>\n"
    );
}
