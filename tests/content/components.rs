//! `:::` blocks: how their lines are paired, what is told of lines that have no partner, and what is kept of a block.

use insta::assert_snapshot;
use proptest::prelude::*;
use zhendi::content::{Document, PartKind};

use super::{fill, html, parse, told_of_body};

fn document(text: &str) -> Document {
    parse(format!("---\ntitle: 标题\n---\n{text}"))
}

#[test]
fn lines_may_hold_what_comrak_does_not_take() {
    assert_eq!(told_of_body(":::card 地址=https://a.cn/中文 时间=09:00 一段 标题：甲\n正文\n:::\n\n后文\n"), "");
    assert_snapshot!(html(":::card 地址=https://a.cn/中文 时间=09:00 一段 标题：甲\n正文\n:::\n\n后文\n"), @r"
    [card 一段 标题：甲 地址=https://a.cn/中文 时间=09:00: <p>正文</p>
    ]
    <p>后文</p>
    ");
}

#[test]
fn blocks_stand_in_each_other() {
    let text =
        "前\n\n::::outer 外\n甲\n\n:::inner\n1. 乙\n   - 丙\n:::\n\n丁\n\n:::inner\n戊 [链](a.md)\n:::\n::::\n\n后\n";
    assert_eq!(told_of_body(text), "");
    assert_snapshot!("nested", html(text));
    let depths: Vec<_> = document(text).body.components.iter().map(|c| (c.id.to_string(), c.depth)).collect();
    assert_eq!(depths, [("c1".to_owned(), 0), ("c2".to_owned(), 1), ("c3".to_owned(), 1)]);
}

#[test]
fn blocks_stand_in_lists_and_quotations() {
    let text = "1. 甲\n\n   :::tip\n   乙\n   :::\n2. 丙\n\n> :::tip\n> 丁\n> :::\n> 戊\n\n- :::tip\n  己\n  :::\n";
    assert_eq!(told_of_body(text), "");
    assert_snapshot!("in_lists", html(text));
}

#[test]
fn what_stands_in_a_list_at_the_end_of_a_block_is_whole() {
    // comrak by itself drops the code, and takes the list for a loose one.
    let text =
        ":::a\n1. 甲\n   - 乙\n\n         码\n:::\n\n:::a\n> - 丙\n>   - 丁\n:::\n\n:::a\n| 戊 |\n|--|\n| 己 |\n:::\n";
    assert_eq!(told_of_body(text), "");
    assert_snapshot!("whole", html(text));
}

#[test]
fn code_is_left_alone() {
    let text = "```\n:::tip\n```\n\n~~~~\n~~~\n:::\n~~~~\n\n    :::tip\n    ：：：\n\n`:::`\n\n<!--\n:::tip\n-->\n\n文 ::: 字\n";
    assert_eq!(told_of_body(text), "");
    assert!(document(text).body.components.is_empty());
    let shown = html(text);
    assert_eq!((shown.matches(":::").count(), shown.matches("：：：").count()), (5, 1), "{shown}");
    // comrak by itself would end the outer block in the code.
    let text = ":::tip\n```\n:::note\n:::\n```\n后\n:::\n外\n";
    assert_eq!(told_of_body(text), "");
    assert_snapshot!(html(text), @"
    [tip: <pre tabindex=\"0\"><code>:::note
    :::
    </code></pre>
    <p>后</p>
    ]
    <p>外</p>
    ");
}

#[test]
fn what_an_input_method_types_is_meant() {
    let text = "：：：提示　来源＝“某局 某处” 题\n甲\n：：：\n\n：：：：外\n:::内\n乙\n:::　\n：：：：\n";
    assert_snapshot!("typed", told_of_body(text));
    assert_snapshot!(html(text), @"
    [提示 题 来源=某局 某处: <p>甲</p>
    ]
    [外: [内: <p>乙</p>
    ]
    ]
    ");
}

#[test]
fn lines_without_a_partner() {
    assert_snapshot!("stray", told_of_body("甲\n\n:::\n\n乙\n"));
    assert_snapshot!("unclosed", told_of_body("甲\n\n:::tip 题\n乙\n\n丙\n"));
    assert_snapshot!("unclosed_of_two", told_of_body(":::tip 甲\n一\n\n:::tip 乙\n二\n:::\n"));
    assert_snapshot!("unclosed_short", told_of_body("::::tip\n甲\n:::\n\n乙\n"));
    assert_snapshot!("unclosed_in_quotation", told_of_body("> :::tip\n> 甲\n\n乙\n"));
    assert_snapshot!("short", told_of_body("::::tip\n甲\n:::\n乙\n::::\n"));
    assert_snapshot!("long", told_of_body(":::outer\n甲\n:::inner\n乙\n:::\n丙\n:::\n"));
    assert_snapshot!("longer", told_of_body(":::outer\n甲\n::::inner\n乙\n::::\n丙\n:::\n"));
    assert_snapshot!("crossed", told_of_body("::::outer\n甲\n:::inner\n乙\n::::\n丙\n"));
    assert_snapshot!("parted", told_of_body("1. 甲\n   :::tip\n乙\n:::\n"));
    assert_snapshot!("parted_quotation", told_of_body("> :::tip\n> 甲\n\n乙\n\n> :::\n"));
    assert_snapshot!("no_block", told_of_body("<div>\n:::tip\n甲\n:::\n</div>\n"));
    assert_snapshot!("indented", told_of_body("甲\n    :::tip\n乙\n"));
    assert_snapshot!("deep", told_of_body(&deep(34)));
    assert_snapshot!("nameless", told_of_body("::: {}\n甲\n:::\n"));
    assert_snapshot!("argument_form", told_of_body(":::tip 来源=\"某局 某处\n甲\n:::\n\n:::tip 来源= 某局\n乙\n:::\n"));
}

fn deep(n: usize) -> String {
    let fence = |at: usize| ":".repeat(n + 2 - at);
    let open: String = (0..n).map(|at| format!("{}a\n", fence(at))).collect();
    let close: String = (0..n).rev().map(|at| format!("{}\n", fence(at))).collect();
    format!("{open}底\n{close}")
}

#[test]
fn no_line_is_told_of_twice() {
    for text in [
        "甲\n\n:::\n\n乙\n",
        ":::tip 甲\n一\n\n:::tip 乙\n二\n:::\n",
        "::::tip\n甲\n:::\n\n乙\n",
        ":::outer\n甲\n:::inner\n乙\n:::\n丙\n:::\n",
        "::::outer\n甲\n:::inner\n乙\n::::\n丙\n",
        "1. 甲\n   :::tip\n乙\n:::\n",
        "> :::tip\n> 甲\n\n乙\n\n> :::\n",
    ] {
        assert_eq!(told_of_body(text).matches("错误 E").count(), 1, "{text}\n{}", told_of_body(text));
    }
}

#[test]
fn places_in_blocks_are_true() {
    let text = "：：：提示 题\n甲，见 https://a.cn/b，乙。\n\n- [坏](没有.md) 与![](x.png)\n：：：\n";
    let full = format!("---\ntitle: 标题\n---\n{text}");
    let document = document(text);
    let at = |span: zhendi::diag::Span| &full[span.start as usize..span.end as usize];
    assert_eq!(at(document.body.links[0].span), "没有.md");
    assert_eq!(at(document.body.images[0].span), "x.png");
    let component = &document.body.components[0];
    assert_eq!((at(component.span), at(component.name_span)), ("：：：提示 题", "提示"));
}

#[test]
fn a_block_is_ordinary_text_to_summary_length_and_contents() {
    let plain = document("开头一句。\n\n里面一句。\n\n## 小节\n\n末尾。\n").body;
    let block = document("开头一句。\n\n:::tip 图标=灯\n里面一句。\n\n## 小节\n\n末尾。\n:::\n").body;
    assert_eq!((&plain.summary, plain.length), (&block.summary, block.length));
    assert_eq!(plain.headings[0].id, block.headings[0].id);
    assert!(!document(":::tip 藏起来的题 键=值\n文\n:::\n").body.summary.contains("藏"));
}

#[test]
fn ids_of_blocks_are_their_own() {
    let body = document("## c1\n\n:::tip\n甲\n:::\n\n## c2\n").body;
    assert_eq!((&*body.headings[0].id, &*body.components[0].id, &*body.headings[1].id), ("c1", "c1-1", "c2"));
}

#[test]
fn parts_of_a_block() {
    let text = "::::a\n## 题\n\n段\n\n1. 一\n   - 甲：乙\n2. [x] 二\n\n| 头 |\n|--|\n| 格 |\n\n```Rust\nfn\n```\n\n\
                > 引\n\n![图](a.png \"注\")\n\n见![b](b.png)\n\n---\n\n:::b\n内\n:::\n\n词\n\n: 义\n\n\
                <details>\n\n藏\n\n</details>\n\n尾\n::::\n";
    let body = document(text).body;
    let component = &body.components[0];
    let mut shown = String::new();
    for (at, part) in component.parts.iter().enumerate() {
        let depth = component.parts[..at].iter().filter(|around| around.end as usize > at).count();
        let html: String = component.html[part.inner()].chars().map(|c| if c == '\n' { '/' } else { c }).collect();
        let cut: String = html.chars().take(30).collect();
        shown.push_str(&format!("{}{:?} {cut}\n", "  ".repeat(depth), part.kind));
    }
    assert_snapshot!("parts", shown);
    assert!(matches!(component.parts[0].kind, PartKind::Heading(0)));
}

/// The pairs and the lines without a partner, read simply: no code, no lists, no quotations.
fn simply(lines: &[String]) -> bool {
    let mut open: Vec<usize> = Vec::new();
    for line in lines {
        let colons = line.chars().take_while(|&c| c == ':').count();
        if colons < 3 {
            continue;
        }
        if line.len() > colons {
            if open.last().is_some_and(|&outer| outer <= colons) {
                return false;
            }
            open.push(colons);
        } else if open
            .last()
            .is_some_and(|&last| last <= colons && open.iter().rev().nth(1).is_none_or(|&up| up > colons))
        {
            open.pop();
        } else {
            return false;
        }
    }
    open.is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// What the simple reading takes for sound is; what it does not is told of; no word is lost either way.
    #[test]
    fn fences_are_what_a_simple_reading_finds(picks in proptest::collection::vec((0..4usize, 3..6usize), 0..14)) {
        let lines: Vec<String> = picks.iter().enumerate().map(|(n, &(what, colons))| match what {
            0 => format!("{}名{n}", ":".repeat(colons)),
            1 => ":".repeat(colons),
            2 => String::new(),
            _ => format!("字{n}"),
        }).collect();
        let document = document(&lines.join("\n"));
        super::properties::check(&document);
        let sound = simply(&lines);
        prop_assert_eq!(document.problems.is_empty(), sound, "{:?}\n{:?}", lines, document.problems);
        let shown = fill(&document);
        for (n, &(what, _)) in picks.iter().enumerate() {
            if what == 3 {
                prop_assert!(shown.contains(&format!("字{n}")), "{}", shown);
            } else if what == 0 {
                prop_assert!(shown.contains(&format!("名{n}")), "{}", shown);
            }
        }
        if sound {
            let openings = picks.iter().filter(|(what, _)| *what == 0).count();
            prop_assert_eq!(document.body.components.len(), openings);
        }
    }

    /// In lists, quotations and code, too, an anonymous block never goes untold.
    #[test]
    fn no_block_is_without_a_name_or_a_word(picks in proptest::collection::vec(0..12usize, 0..16)) {
        const LINES: [&str; 12] = [
            ":::a", ":::", "::::b", "::::", "- 项", "  :::a", "  :::", "> :::a", "> :::", "```", "", "文",
        ];
        let text: Vec<&str> = picks.iter().map(|&pick| LINES[pick]).collect();
        let document = document(&text.join("\n"));
        super::properties::check(&document);
        let nameless = document.body.components.iter().any(|component| component.name.is_empty());
        prop_assert!(!nameless || !document.problems.is_empty(), "{:?}", text);
    }
}
