//! Every message that an author can cause, as it is read.

use insta::assert_snapshot;

use super::{told, told_at, told_of_body};

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

const PAGE: &str = "---\ntitle: 食品安全\n---\n一句“话”——①。\n";

#[test]
fn encodings() {
    let (gb, _, _) = encoding_rs::GB18030.encode(PAGE);
    for bytes in [gb.to_vec(), utf16(PAGE, false, true), utf16(PAGE, true, true), utf16(PAGE, false, false)] {
        let document = super::parse(&bytes);
        assert_eq!(document.front.title.map(|t| t.value.to_string()).as_deref(), Some("食品安全"));
        assert_eq!(&*document.body.html, "<p>一句“话”——①。</p>\n");
    }
    assert_eq!(told(format!("\u{feff}{PAGE}")), "");
    assert_snapshot!("encoding_gb18030", told(&*gb));
    assert_snapshot!("encoding_utf16", told(utf16(PAGE, false, true)));
}

#[test]
fn not_text() {
    assert_snapshot!("not_text_nul", told(b"abc\0def"));
    assert!(told(b"ab\0c").contains("E0102"));
    assert_snapshot!("not_text_picture", told(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
    let mut broken = "---\ntitle: 一二三四五六七八九十一二三四五六七八\n---\n好的".as_bytes().to_vec();
    broken.extend(b"\xff\xfe bad");
    assert_snapshot!("not_text_broken", told(broken));
}

#[test]
fn front_matter_syntax() {
    assert_snapshot!("front_unclosed", told("---\ntitle: 甲\ndate: 2026-11-20\n\n正文一段。\n"));
    assert_snapshot!("front_unclosed_toml", told("+++\ntitle = \"甲\"\n\n正文\n"));
    assert_snapshot!("yaml_colon", told("---\ntitle: 通知: 关于食品\n---\n"));
    assert_snapshot!("yaml_tab", told("---\ntags:\n\t- 食品\n---\n"));
    assert_snapshot!("yaml_quote", told("---\ntitle: \"三品\"一械的通知\n---\n"));
    assert_snapshot!("yaml_bracket", told("---\ntitle: [转载] 关于食品\n---\n"));
    assert_snapshot!("yaml_at", told("---\ntitle: @全体人员\n---\n"));
    assert_snapshot!("yaml_no_colon", told("---\ntitle: 甲\n日期 2026-11-20\n---\n"));
    assert_snapshot!("yaml_only_text", told("---\n标题 甲#\n---\n"));
    assert_snapshot!("yaml_repeated", told("---\ntitle: 甲\ntags: []\ntitle: 乙\n---\n"));
    assert_snapshot!("toml_unquoted", told("+++\ntitle = 甲\n+++\n"));
    assert_snapshot!("toml_no_value", told("+++\ntitle =\n+++\n"));
    assert_snapshot!("toml_array", told("+++\ntags = [\"a\" \"b\"]\n+++\n"));
    assert_snapshot!("toml_colon", told("+++\ntitle: \"a\"\n+++\n"));
    assert_snapshot!("toml_repeated", told("+++\ntitle = \"甲\"\ndate = 2026-11-20\ntitle = \"乙\"\n+++\n"));
    assert_snapshot!("toml_date", told("+++\ntitle = \"甲\"\ndate = 2026-02-30\n+++\n"));
}

#[test]
fn front_matter_bombs() {
    let mut bomb = String::from("---\na: &a [x,x,x,x,x,x,x,x,x]\n");
    for letter in 'b'..='z' {
        let before = char::from(letter as u8 - 1);
        bomb.push_str(&format!("{letter}: &{letter} [{}]\n", vec![format!("*{before}"); 9].join(",")));
    }
    bomb.push_str("---\n");
    assert_snapshot!("yaml_aliases", told(bomb));
    assert_snapshot!("yaml_deep", told(format!("---\na: {}\n---\n", "[".repeat(100))));
    let large = told(format!("---\ntitle: 甲\nsummary: {}\n---\n", "长".repeat(30_000)));
    assert_snapshot!("yaml_large", large);
    // A few aliases are a convenience, not an attack.
    assert!(!told("---\ntitle: 甲\nextra:\n  a: &a [1, 2]\n  b: *a\n---\n").contains("E0302"));
}

#[test]
fn front_matter_values() {
    assert_snapshot!("type_title_list", told("---\ntitle: [甲, 乙]\n---\n"));
    assert_snapshot!("type_draft", told("---\ntitle: 甲\ndraft: 也许\n---\n"));
    assert_snapshot!("type_weight", told("+++\ntitle = \"甲\"\nweight = \"第一\"\n+++\n"));
    assert_snapshot!("type_tags", told("---\ntitle: 甲\ntags: {a: 1}\n---\n"));
    assert_snapshot!("type_date", told("---\ntitle: 甲\ndate: [2026]\n---\n"));
    assert_snapshot!("date_impossible", told("---\ntitle: 甲\ndate: 2026-02-30\n---\n"));
    assert_snapshot!("date_month", told("---\ntitle: 甲\n日期: 2026年13月1日\n---\n"));
    assert_snapshot!("date_unreadable", told("---\ntitle: 甲\nexpires: 下个月\n---\n"));
    assert_snapshot!("title_empty", told("---\ntitle:\ndate: 2026-11-20\n---\n"));
    assert_snapshot!("title_blank", told("+++\ntitle = \"  \"\n+++\n"));
    assert_snapshot!(
        "title_long",
        told(format!("---\ntitle: {}\n---\n", "关于印发的通知".repeat(43).chars().take(300).collect::<String>()))
    );
    assert_snapshot!("audience", told("---\ntitle: 甲\naudience: 全部\n---\n"));
    assert_snapshot!("sort_by", told_at("content/study/_index.md", "---\ntitle: 甲\nsort_by: 时间\n---\n".as_bytes()));
}

#[test]
fn front_matter_keys() {
    assert_snapshot!("key_unknown", told("---\ntitel: 甲\ntitle: 乙\n---\n"));
    assert_snapshot!("key_unknown_chinese", told("---\ntitle: 乙\n责任编缉: 张\n---\n"));
    assert_snapshot!("key_unknown_far", told("---\ntitle: 乙\nyueduliang: 3\n---\n"));
    assert_snapshot!("key_twice", told("---\ntitle: 甲\n标题: 乙\n---\n"));
    assert_snapshot!("key_terms_twice", told("---\ntitle: 甲\ntags: [a]\n标签: [b]\n---\n"));
    assert_snapshot!("key_colon", told("---\n标题： 甲\n日期：2026-11-20\n---\n"));
    assert_snapshot!("key_categories", told("---\ntitle: 甲\ncategories: [随笔]\n---\n"));
    assert_snapshot!("key_section_only", told("---\ntitle: 甲\npaginate_by: 10\n---\n"));
    assert_snapshot!("key_absent", told("# 大标题\n\n正文\n"));
    assert_snapshot!("key_absent_heading", told("正文\n"));
}

#[test]
fn pictures_and_links() {
    assert_snapshot!("image_remote", told_of_body("见![图](https://img.example.cn/a.png)。\n"));
    assert_snapshot!("image_no_alt", told_of_body("![](photo.jpg)\n"));
    assert_snapshot!("link_script", told_of_body("[点我](javascript:alert(1))\n"));
    assert_snapshot!("link_scheme", told_of_body("[聊](weixin://dl/chat)\n"));
    assert_snapshot!("link_host", told_of_body("[网](https://)\n"));
    assert_snapshot!("link_empty", told_of_body("[待补]()\n"));
    assert_snapshot!("link_spaced", told_of_body("见[附件](附件 1.docx)和[另](另 一.docx)。\n"));
    assert_snapshot!("link_full_width", told_of_body("见[附件]（附件.docx）。\n"));
}

#[test]
fn markdown() {
    assert_snapshot!(
        "html_dropped",
        told_of_body(
            "<div align=\"center\">文字</div>\n\n甲<font color=red>乙</font><script>x()</script>\n\n<style>\na{}\n</style>\n"
        )
    );
    assert_snapshot!(
        "shortcode_hugo",
        told_of_body("甲\n\n{{< figure src=\"a.png\" >}}\n\n{{% notice %}}\n\n`{{< code >}}`\n")
    );
    assert_snapshot!("shortcode_jekyll", told_of_body("{% highlight %}\n"));
    assert_snapshot!("admonition", told_of_body("!!! note \"题\"\n    内容\n"));
    assert_snapshot!("toc", told_of_body("[[TOC]]\n\n[TOC]\n"));
    assert_snapshot!("anchor_twice", told_of_body("## 甲 {#a}\n\n## 乙 {#a}\n"));
    assert_snapshot!("footnotes", told_of_body("甲[^1]乙\n\n[^2]: 没有人引用\n"));
    assert_snapshot!("footnote_twice", told_of_body("甲[^1]\n\n[^1]: 一\n\n[^1]: 二\n"));
    assert_eq!(told_of_body("{{ page.title }} 与 {{变量}} 是文字\n"), "");
}

#[test]
fn patterns_are_no_footnotes() {
    assert_eq!(told_of_body("写 [^0-9] 或 [^a-zA-Z0-9_] 表示“不是”，[^5] 就是除了 5 以外的字。\n"), "");
    assert_eq!(told_of_body("[^1](https://wendang.example.cn/) 是链接。\n"), "");
    // Ranges in a text with footnotes do not hide a footnote that is missing, and a range may itself be a name.
    let text = told_of_body("照 [^0-9] 填[^甲]，见[^1-2]和[^table-x]。\n\n[^甲]: 注\n\n[^1-2]: 注\n");
    assert!(text.contains("脚注 [^table-x] 没有内容"), "{text}");
    assert_eq!(text.matches("W04").count(), 1, "{text}");
}

#[test]
fn keys_of_other_systems_are_one_note() {
    let front = "subtitle: 副题\naside: false\nfooter: false\nfeaturedImage: a.png\nurl: /a/\nkeywords: [甲]\n";
    assert_snapshot!("keys_of_other_systems", told(format!("---\ntitle: 甲\n{front}latmod: 2026-11-20\n---\n正文\n")));
}

#[test]
fn a_doctype_is_named() {
    assert_snapshot!("html_doctype", told_of_body("<!DOCTYPE HTML>\n\n正文里的 <?xml version=\"1.0\"?> 也是。\n"));
}
