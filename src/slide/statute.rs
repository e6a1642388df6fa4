//! An article of a law, word for word: a law is never cut by machine, so one that is too long makes no slide.

use super::{Component, Content, Lines, Page, Slide, fit, words};
use crate::content::PartKind;

/// Pixels of a line of the plain words.
const LINE: f32 = 92.0;

/// Marks that no column begins with.
const CLOSING: &[char] = &['，', '。', '、', '；', '：', '？', '！', '）', '》', '”', '’'];

/// The slide of a 法条 block.
pub(super) fn slide(page: &Page<'_>, component: &Component) -> Option<Slide> {
    let arg = |names: &[&str]| component.args.iter().find(|arg| names.contains(&&*arg.key)).map(|arg| &*arg.value);
    let law = arg(&["法律", "法规", "law"])?.trim_matches(['《', '》']).to_owned();
    let article = arg(&["条", "条款", "article"]).unwrap_or_default().to_owned();
    let paragraphs = component.tops().filter(|&at| matches!(component.parts[at].kind, PartKind::Paragraph));
    let text: String = paragraphs.map(|at| words(component, component.parts[at].inner())).collect();
    let length = text.chars().count();
    if length == 0 || fit::width(&law) > 18.0 {
        return None;
    }
    let has_latin = text.chars().any(|c| c.is_ascii_alphanumeric());
    let upright = [(96, 7, 5, 35), (72, 9, 5, 45)].into_iter().filter(|_| !page.is_portrait() && !has_latin);
    let vertical = upright.filter(|&(.., most)| length <= most).find_map(|(size, tall, most, _)| {
        let lines = columns(&text, tall);
        (lines.len() <= most).then_some(Lines { lines, size })
    });
    let (text, vertical) = match vertical {
        Some(text) => (text, true),
        None => {
            let lines = page.either(fit::lines(&text, 20.0, 6), fit::lines(&text, 11.4, 11))?;
            (Lines { lines, size: 72 }, false)
        }
    };
    let gloss = arg(&["白话", "gloss"]).and_then(|words| gloss(page, words, &text, vertical)).unwrap_or_default();
    let content = Content::Statute { law, article, vertical, text, gloss };
    Some(Slide { kind: "statute", word: "法条", seconds: None, title: None, content })
}

/// What it means in plain words, where there is room beside or below the law.
fn gloss(page: &Page<'_>, words: &str, text: &Lines, vertical: bool) -> Option<Lines> {
    let count = text.lines.len() as f32;
    let (wide, high) = if vertical {
        (1560.0 - 147.0 * (count + 1.0) - 80.0, 4.0 * LINE)
    } else {
        (page.either(1560.0, 920.0), page.height() - 200.0 - 108.0 * count - page.either(150.0, 210.0))
    };
    let most = (high / LINE) as usize;
    let (size, lines) = fit::first_fit(words, &[(72, wide / 72.0, most), (56, wide / 56.0, most)])?;
    Some(Lines { lines, size })
}

/// Columns of so many characters, as a brush would fill them; a closing mark goes with the character before it.
fn columns(text: &str, tall: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let (mut columns, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        let mut end = (at + tall).min(chars.len());
        while end < chars.len() && end > at + 1 && CLOSING.contains(&chars[end]) {
            end -= 1;
        }
        columns.push(chars[at..end].iter().collect());
        at = end;
    }
    columns
}
