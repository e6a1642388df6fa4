//! What holds for any text at all: no panic, balanced tags, holes where they belong, places inside the file.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use zhendi::content::{self, Component, Document, Fill, Hole, Part, Settings};

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
    "\n:::\n",
    "::::外 甲=https://a.cn\n",
    "::::\n",
    "：：：提示　乙＝“丙”\n",
    "：：：\n",
    "    :::码\n",
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
    let mut met = (0, 0, 0);
    check_holes(document, &body.html, &body.holes, &mut met);
    assert_eq!(met, (body.links.len(), body.images.len(), body.components.len()));
    let mut ids: Vec<&str> = body.headings.iter().map(|h| &*h.id).chain(body.anchors.iter().map(|a| &**a)).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "ids are given once: {ids:?}");
    assert!(body.headings.iter().all(|h| (2..=6).contains(&h.level)));
    let components = body.components.iter().map(|component| {
        for part in &component.parts {
            check_part(component, part);
        }
        balanced(&component.html)
    });
    components.sum::<usize>() + balanced(&body.html)
}

/// Checks holes in the order in which they are filled: all of them ascend, in the text and in each of its components.
fn check_holes(document: &Document, html: &str, holes: &[Hole], met: &mut (usize, usize, usize)) {
    let mut last = 0;
    for hole in holes {
        let offset = hole.offset as usize;
        assert!(offset >= last && offset < html.len(), "holes ascend inside the HTML");
        last = offset;
        let (before, after) = html.split_at(offset);
        match hole.fill {
            Fill::Link(n) => {
                assert!(before.ends_with("<a href=\"") && after.starts_with('"'));
                assert_eq!(n as usize, met.0);
                met.0 += 1;
            }
            Fill::Image(n) => {
                assert!(after.starts_with("<img alt=\""));
                assert_eq!(n as usize, met.1);
                met.1 += 1;
            }
            Fill::Clause(n) => {
                assert!(before.ends_with("<p") && after.starts_with('>'));
                assert_eq!(document.body.clauses[n as usize].start as usize + 2, offset);
            }
            Fill::Number(_) => assert!(before.ends_with("<p>") || before.ends_with("<strong>")),
            Fill::NumberEnd(n) => {
                let label = &*document.body.clauses[n as usize].text;
                let bare = before.trim_end().trim_end_matches("</strong>");
                assert!(bare.ends_with(label), "{bare} {label}");
            }
            Fill::Component(n) => {
                assert!((before.is_empty() || before.ends_with('\n')) && after.starts_with('\n'));
                assert_eq!(n as usize, met.2);
                met.2 += 1;
                let component = &document.body.components[n as usize];
                check_holes(document, &component.html, &component.holes, met);
            }
        }
    }
}

/// Any part may be shown alone: it is balanced, and no hole is cut.
fn check_part(component: &Component, part: &Part) {
    for range in [part.outer(), part.inner()] {
        balanced(&component.html[range.clone()]);
        for hole in &component.holes {
            let offset = hole.offset as usize;
            // A picture's hole stands before its tag, and belongs to it.
            let cut = offset == range.start && matches!(hole.fill, Fill::Link(_));
            assert!(!cut, "{:?} of {}", part, component.html);
        }
    }
    assert!(part.outer().start <= part.inner().start && part.inner().end <= part.outer().end);
    assert!(part.end as usize <= component.parts.len());
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
    let components = body.components.iter();
    let spans = spans.chain(components.clone().flat_map(|c| [c.span, c.name_span]));
    let spans = spans.chain(components.flat_map(|c| c.args.iter().flat_map(|arg| [arg.key_span, arg.value_span])));
    let spans = spans.chain(document.problems.iter().filter_map(|p| p.place.as_ref()?.span));
    for span in spans {
        assert!(span.start <= span.end && span.end as usize <= text.len(), "{span:?} of {}", text.len());
        assert!(text.is_char_boundary(span.start as usize), "{span:?}");
    }
    assert!(document.problems.iter().all(|p| p.place.is_some() && !p.cause.is_empty() && !p.cure.is_empty()));
    let again = content::parse(&path, bytes, settings);
    assert_eq!(again.body.html, document.body.html);
    assert_eq!(again.body.components, document.body.components);
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
