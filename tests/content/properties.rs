//! What holds for any text at all: no panic, balanced tags, holes where they belong, places inside the file.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use zhendi::content::{self, Document, Fill, Settings};

use super::settings;

/// Pieces that mean something to the parser, so that random texts reach its corners.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    " ",
    "    ",
    "\t",
    "文字",
    "，",
    "。",
    "word",
    "# 题\n",
    "## 节 {#id}\n",
    "### {#中}\n",
    "====\n",
    "> ",
    "> > ",
    "- ",
    "1. ",
    "3) ",
    "```rust\nfn a() {}\n```\n",
    "```",
    "`",
    "**",
    "*",
    "_",
    "~~",
    "~",
    "[文](a.md \"题\")",
    "[",
    "](",
    ")",
    "]",
    "![图](a.png)",
    "\n\n![独](b.png \"注\")\n\n",
    "![远](http://x.cn/a.png)",
    "[![图](a.png)](b.md)",
    "[^1]",
    "\n[^1]: 注\n",
    "\n[^2]: 注\n    段\n",
    "\n| a | |\n|--|:-:|\n| 1 | 2 |\n",
    "|",
    "---\n",
    "+++\n",
    "title: 甲\n",
    "标题：乙\n",
    "date: 2026-02-30\n",
    "&a [",
    "*a",
    "<details>\n",
    "</details>\n",
    "<summary>",
    "</summary>",
    "<u>",
    "</u>",
    "<ruby>汉<rt>h</rt></ruby>",
    "<ruby>",
    "</ruby>",
    "<rt>",
    "<br>",
    "<div>\n",
    "</div>",
    "<script>",
    "</script>",
    "<a href='b.md'>",
    "</a>",
    "<img src=a>",
    "<p>",
    "<table><td>",
    "<!-- more -->",
    "<!--",
    "-->",
    "<b class='x'>",
    "</b>",
    "> [!NOTE]\n> ",
    "—— 出处\n",
    "- [x] ",
    "\n词\n\n: 释\n",
    ":::tip 题\n",
    ":::\n",
    "::: a:b\n",
    "{{< x >}}",
    "{% y %}",
    "!!! n\n",
    "[TOC]\n",
    "https://a.cn，",
    "www.b.cn。",
    "a@b.cn",
    "<https://c.cn/中>",
    "[j](javascript:1)",
    "[e]()",
    "[d](D:\\a)",
    "　　",
    "&#1;",
    "&lt;",
    "\u{1}",
    "\u{b}",
    "\u{85}",
    "\u{fffe}",
    "😀",
    "\"",
    "'",
    "<",
    ">",
    "&",
    "\\",
    "$x$",
    "{#a}",
    "\u{0}",
];

/// Checks what must hold for every document; the depth of its elements.
pub fn check(document: &Document) -> usize {
    let body = &document.body;
    let mut last = 0;
    let (mut links, mut images) = (0, 0);
    for hole in &body.holes {
        let offset = hole.offset as usize;
        assert!(offset >= last && offset < body.html.len(), "holes ascend inside the HTML");
        last = offset;
        let before = &body.html[..offset];
        match hole.fill {
            Fill::Link(n) => {
                assert!(before.ends_with("<a href=\""));
                assert!(body.html[offset..].starts_with('"'));
                assert_eq!(n, links);
                links += 1;
            }
            Fill::Image(n) => {
                assert!(before.ends_with("<img"));
                assert!(body.html[offset..].starts_with(" alt=\""));
                assert_eq!(n, images);
                images += 1;
            }
        }
    }
    assert_eq!((links as usize, images as usize), (body.links.len(), body.images.len()));
    let mut ids: Vec<&str> = body.headings.iter().map(|h| &*h.id).chain(body.anchors.iter().map(|a| &**a)).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "ids are given once: {ids:?}");
    assert!(body.headings.iter().all(|h| (2..=6).contains(&h.level)));
    balanced(&body.html)
}

/// The greatest depth of `html`, which must be balanced.
fn balanced(html: &str) -> usize {
    let mut open: Vec<&str> = Vec::new();
    let mut deepest = 0;
    for part in html.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or_else(|| panic!("a tag ends: <{part}"));
        assert!(!text.contains('>'), "text is escaped: {part}");
        let name = tag.split_whitespace().next().unwrap_or_default();
        assert!(!tag.contains(" style=") && !tag.contains(" align=") && !tag.contains(" on"), "<{tag}>");
        if let Some(closed) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "in {html}");
        } else {
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric()) && !name.is_empty(), "<{tag}>");
            assert!(!matches!(name, "script" | "style" | "iframe" | "input" | "font"), "<{tag}>");
            if !matches!(name, "br" | "hr" | "img" | "wbr") {
                open.push(name);
                deepest = deepest.max(open.len());
            }
        }
    }
    assert!(open.is_empty(), "{open:?} stay open in {html}");
    deepest
}

fn holds(bytes: &[u8], settings: &Settings) {
    let path = Arc::from("content/a.md");
    let document = content::parse(&path, bytes, settings);
    check(&document);
    let text = content::decode(bytes).text;
    let body = &document.body;
    let spans = body
        .links
        .iter()
        .map(|l| l.span)
        .chain(body.images.iter().map(|i| i.span))
        .chain(body.headings.iter().map(|h| h.span));
    let spans = spans.chain(document.problems.iter().filter_map(|p| p.place.as_ref()?.span));
    for span in spans {
        assert!(span.start <= span.end && span.end as usize <= text.len(), "{span:?} of {}", text.len());
        assert!(text.is_char_boundary(span.start as usize), "{span:?}");
    }
    assert!(document.problems.iter().all(|p| p.place.is_some() && !p.cause.is_empty() && !p.cure.is_empty()));
    let again = content::parse(&path, bytes, settings);
    assert_eq!(again.body.html, document.body.html);
    assert_eq!(again.problems, document.problems);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: RngSeed::Fixed(20_261_124), ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_make_a_document(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        holds(&bytes, &settings());
    }

    #[test]
    fn any_text_makes_a_document(text in "\\PC{0,200}") {
        holds(text.as_bytes(), &settings());
    }

    #[test]
    fn any_markdown_makes_a_document(picks in proptest::collection::vec(0..PIECES.len(), 0..80), math in any::<bool>(), raw in any::<bool>()) {
        let text: String = picks.iter().map(|&n| PIECES[n]).collect();
        let mut settings = settings();
        settings.markdown.math = math;
        settings.markdown.raw_html = raw;
        holds(text.as_bytes(), &settings);
    }

    #[test]
    fn any_front_matter_makes_a_document(picks in proptest::collection::vec(0..PIECES.len(), 0..40), toml in any::<bool>()) {
        let fence = if toml { "+++" } else { "---" };
        let inner: String = picks.iter().map(|&n| PIECES[n]).collect();
        holds(format!("{fence}\n{inner}\n{fence}\n正文\n").as_bytes(), &settings());
    }

    #[test]
    fn any_yaml_makes_a_document(inner in "([a-c标：: \\-\\[\\]{}&*'\"|>#,\n\t]|: |- ){0,80}") {
        holds(format!("---\n{inner}\n---\n正文\n").as_bytes(), &settings());
    }

    #[test]
    fn any_toml_makes_a_document(inner in "([a-c标.=\\[\\]{}'\"#,0-9\n]| = ){0,80}") {
        holds(format!("+++\n{inner}\n+++\n正文\n").as_bytes(), &settings());
    }
}
