//! Texts that try to be too much: they are said to be, and cost neither memory nor the stack.

use std::time::{Duration, Instant};

use insta::assert_snapshot;

use super::{parse, told_of_body};

#[test]
fn ten_thousand_nested_quotes() {
    let text = format!("{} 最里面\n", ">".repeat(10_000));
    let document = on_small_stack(format!("---\ntitle: 甲\n---\n{text}"));
    assert!(document.body.html.contains("最里面"));
    assert!(document.body.html.matches("<blockquote>").count() <= 100);
    assert_snapshot!("nested_quotes", told_of_body(&text));
}

#[test]
fn depth_that_grows_line_by_line() {
    for (text, inner) in [
        ((1..1500).map(|n| format!("{}层{n}\n", "> ".repeat(n))).collect::<String>(), "层1499"),
        ((0..1500).map(|n| format!("{}- 层{n}\n", "  ".repeat(n))).collect::<String>(), "层1499"),
        ("*a **b ".repeat(5_000) + "底" + &"** *".repeat(5_000), "底"),
        (":::a\n".repeat(5_000) + "底\n", "底"),
        ("<details>\n\n".repeat(5_000) + "底\n", "底"),
    ] {
        let document = on_small_stack(text.clone());
        assert!(super::fill(&document).contains(inner), "{}", &text[..40]);
        let depth = super::properties::check(&document);
        assert!(depth < 250, "{depth} deep: {}", &text[..40]);
    }
}

#[test]
fn ten_thousand_remote_pictures_are_folded() {
    let text: String = (0..10_000).map(|n| format!("![图{n}](https://img.example.cn/{n}.png)\n\n")).collect();
    let told = told_of_body(&text);
    assert_eq!(told.matches("警告 W0209").count(), 20);
    assert!(told.contains("还有 9980 处"), "{told}");
    let document = parse(format!("---\ntitle: 甲\n---\n{text}"));
    assert_eq!(document.body.images.len(), 0);
    assert_eq!(document.body.html.matches("rel=\"noopener\"").count(), 10_000);
}

#[test]
fn nothing_is_quadratic() {
    let texts = [
        "[".repeat(50_000),
        "[a](".repeat(20_000),
        "<u>".repeat(50_000),
        "<a ".repeat(50_000),
        "a <!--".repeat(50_000),
        "{{< ".repeat(50_000),
        "https://a.cn，".repeat(50_000),
        "https://a.cn/".repeat(50_000),
        "](（".repeat(50_000),
        "## 同名\n".repeat(20_000),
        "[^1]".repeat(50_000) + "\n\n[^1]: 注\n",
        ":::a\n".repeat(20_000),
        ":::\n".repeat(20_000),
        "：：：a\n：：：\n".repeat(10_000),
        ":::a k=\n:::\n".repeat(10_000),
        ":::a\n".repeat(10_000) + &":::\n".repeat(10_000),
        ":::a\n".repeat(10_000) + &"::::\n".repeat(10_000),
        "::::a\n".repeat(10_000) + &":::\n".repeat(10_000),
        "> :::a\n".repeat(10_000) + &":::\n".repeat(10_000),
        ":::a\n- 项\n".to_owned() + &"  - 项\n".repeat(20_000) + ":::\n",
        "- ".repeat(20_000) + "甲\n" + &"\n".repeat(20_000),
        "---\na: ".to_owned() + &"[".repeat(60_000) + "\n---\n",
        "---\n".to_owned() + &"- ".repeat(30_000) + "a\n---\n",
        "+++\na = ".to_owned() + &"[".repeat(60_000) + "\n+++\n",
        "+++\n".to_owned() + &"[a]\n".repeat(10_000) + "+++\n",
    ];
    for text in texts {
        let begun = Instant::now();
        let head: String = text.chars().take(20).collect();
        on_small_stack(text);
        // Linear work takes milliseconds here; the bound leaves room for a slow machine.
        assert!(begun.elapsed() < Duration::from_secs(5), "{head}: {:?}", begun.elapsed());
    }
}

/// Parses on a stack far smaller than any thread of the program has.
fn on_small_stack(text: String) -> zhendi::content::Document {
    std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(move || parse(text))
        .expect("a thread starts")
        .join()
        .expect("parsing ends")
}
