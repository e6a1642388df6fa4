//! Key points: at most three a slide, what is to be remembered large, what explains it below.

use super::{Component, Content, Item, Lines, Page, Slide, fit, words};
use crate::content::{PartKind, plain};

/// The slides of a list of key points; none if one of them is too long for any.
pub(super) fn slides(page: &Page<'_>, component: &Component) -> Vec<Slide> {
    let Some((title, high)) = page.heading_of(component) else { return Vec::new() };
    let lists = component.tops().filter(|&at| component.is_list(at));
    let items: Vec<String> = lists
        .flat_map(|list| component.children(list).collect::<Vec<_>>())
        .filter(|&at| matches!(component.parts[at].kind, PartKind::Item { .. }))
        .map(|at| component.stretch(component.lead(at)).to_owned())
        .collect();
    let texts = if items.is_empty() {
        let paragraphs = component.tops().filter(|&at| matches!(component.parts[at].kind, PartKind::Paragraph));
        paragraphs.map(|at| component.stretch(component.parts[at].inner()).to_owned()).collect()
    } else {
        items
    };
    let made: Option<Vec<Item>> = texts.iter().enumerate().map(|(at, html)| item(page, at + 1, html)).collect();
    let Some(items) = made.filter(|items| !items.is_empty()) else { return Vec::new() };
    in_slides(page, items, high, 3, |items| Slide {
        kind: "points",
        word: "要点",
        seconds: None,
        title: Some(title.clone()),
        content: Content::Points { items },
    })
}

/// Items on as few slides as they fit, evenly.
pub(super) fn in_slides(
    page: &Page<'_>,
    items: Vec<Item>,
    title: f32,
    most: usize,
    slide: impl Fn(Vec<Item>) -> Slide,
) -> Vec<Slide> {
    let heights: Vec<f32> = items.iter().map(|item| height(page, item)).collect();
    let most = page.either(most, most + 2);
    let Some(groups) = fit::groups(&heights, page.height() - title, most) else { return Vec::new() };
    let mut rest = items.into_iter();
    groups.into_iter().map(|size| slide(rest.by_ref().take(size).collect())).collect()
}

/// Pixels that a point takes: its words, and the space around them.
fn height(page: &Page<'_>, item: &Item) -> f32 {
    let words = item.text.lines.len() as f32 * item.text.size as f32 * 1.28 + item.note.len() as f32 * 66.0;
    page.either(words + 26.0, (words + 88.0).max(278.0))
}

/// One point: `**结论** 说明`, `结论：说明`, or the first clause and the rest.
pub(super) fn item(page: &Page<'_>, n: usize, html: &str) -> Option<Item> {
    let (head, rest) = parted(html);
    let (head, rest) = match rest {
        Some(rest) => (head, rest),
        None => {
            if let Some(text) = statement(page, &head) {
                return Some(Item { n, text, note: Vec::new() });
            }
            let (head, rest) = clause(&head)?;
            (head.to_owned(), rest.to_owned())
        }
    };
    let head = head.trim_end_matches(['，', '：', ':', '；', '、', '。']);
    let text = statement(page, head)?;
    let note = note(page, &rest)?;
    Some(Item { n, text, note })
}

fn statement(page: &Page<'_>, text: &str) -> Option<Lines> {
    let sizes: &[(u32, f32, usize)] = page.either(&[(72, 19.0, 2), (56, 24.5, 2)], &[(72, 10.4, 3), (56, 13.4, 4)]);
    let (size, lines) = fit::first_fit(text, sizes)?;
    Some(Lines { lines, size })
}

/// A note of whole sentences in at most two lines (three on a screen that stands); nothing if not even the first fits.
pub(super) fn note(page: &Page<'_>, text: &str) -> Option<Vec<String>> {
    let (ems, most) = page.either((31.0, 2), (17.0, 3));
    let mut best = None;
    let mut so_far = String::new();
    for sentence in fit::sentences(text) {
        so_far.push_str(sentence);
        match fit::lines(&so_far, ems, most) {
            Some(lines) => best = Some(lines),
            None => break,
        }
    }
    best
}

/// What stands in bold at an item's head, or before its colon, and what follows.
pub(super) fn parted(html: &str) -> (String, Option<String>) {
    let inner = html.trim().strip_prefix("<p>").unwrap_or(html.trim());
    if let Some((bold, rest)) = inner.strip_prefix("<strong>").and_then(|rest| rest.split_once("</strong>")) {
        let rest = plain::words(rest);
        let rest = rest.trim_start_matches(['：', ':', '　', ' ', '，', '。']).trim();
        return (plain::words(bold), (!rest.is_empty()).then(|| rest.to_owned()));
    }
    if let Some((name, value)) = plain::field(html) {
        let value = plain::words(html.get(value).unwrap_or_default());
        return (plain::words(html.get(name).unwrap_or_default()), (!value.is_empty()).then_some(value));
    }
    (plain::words(html), None)
}

/// A text at its first colon, sentence or clause.
fn clause(text: &str) -> Option<(&str, &str)> {
    for marks in [&['：', '。', '；'][..], &['，'][..]] {
        let found = text.find(marks).map(|at| text.split_at(at));
        if let Some((head, rest)) = found
            && (4..=26).contains(&head.chars().count())
        {
            let rest = rest.trim_start_matches(['：', '。', '；', '，']);
            return (!rest.is_empty()).then_some((head, rest));
        }
    }
    None
}

/// The words of an item's sub-list, for a note.
pub(super) fn facts(component: &Component, item: usize) -> Option<String> {
    let list = component.children(item).find(|&at| component.is_list(at))?;
    let all: Vec<String> = component.children(list).map(|at| words(component, component.lead(at))).collect();
    (!all.is_empty()).then(|| all.join("；"))
}
