//! The cover: the title as large as it can be, what it is about on a paper slip.

use super::{Content, Lines, Page, Slide, fit};

/// Characters of a slip.
const SLIP: usize = 6;

/// The cover of a page; the length of a title that fits none.
pub(super) fn slide(page: &Page<'_>) -> Result<Slide, usize> {
    let title = bare(page.title);
    let sizes: &[(u32, f32, usize)] =
        page.either(&[(120, 9.0, 2), (96, 11.3, 3), (88, 12.3, 5)], &[(120, 7.6, 2), (96, 9.5, 3), (88, 10.4, 6)]);
    let Some((size, lines)) = fit::first_fit(title, sizes) else { return Err(title.chars().count()) };
    let is_short = |word: &&str| word.chars().count() <= SLIP && !word.is_ascii();
    let slip = page.topic.filter(is_short).or_else(|| page.field.filter(is_short)).unwrap_or(page.kind);
    let tag = page.field.filter(|tag| *tag != slip).map(str::to_owned);
    let most = if lines.len() < page.either(3, 2) { 3 } else { 2 };
    let summary = if size == 88 { None } else { said(page, most) };
    let content =
        Content::Cover { slip: slip.to_owned(), tag, summary: summary.unwrap_or_default(), meta: page.meta.clone() };
    Ok(Slide { kind: "cover", word: "", seconds: None, title: Some(Lines { lines, size }), content })
}

/// As much of the summary as stands in so many lines, whole sentences only.
fn said(page: &Page<'_>, most: usize) -> Option<Vec<String>> {
    let ems = page.either(19.4, 16.4);
    let mut best = None;
    let mut text = String::new();
    for sentence in fit::sentences(page.summary) {
        text.push_str(sentence);
        match fit::lines(&text, ems, most) {
            Some(lines) => best = Some(lines),
            None => break,
        }
    }
    best
}

/// A title without the word that marks a made-up case: the slide shows that in a frame of its own.
pub(super) fn bare(title: &str) -> &str {
    let title = title.trim();
    ["（示例）", "(示例)", "【示例】"].iter().find_map(|mark| title.strip_suffix(mark)).unwrap_or(title).trim()
}
