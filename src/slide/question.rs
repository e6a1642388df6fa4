//! A question, and its answer after a while.

use super::{Component, Content, Lines, Page, Slide, fit, words};
use crate::content::PartKind;

/// Most questions of one page.
const MOST: usize = 3;

/// The questions whose answers are short enough.
pub(super) fn slides(page: &Page<'_>, component: &Component) -> Vec<Slide> {
    let mut asked: Vec<(String, String)> = Vec::new();
    for at in component.tops() {
        let part = &component.parts[at];
        match part.kind {
            PartKind::Heading(n) => {
                let text = page.document.body.headings.get(n as usize).map(|heading| heading.text.to_string());
                asked.push((text.unwrap_or_default(), String::new()));
            }
            PartKind::Paragraph => {
                if let Some((_, answer)) = asked.last_mut() {
                    answer.push_str(&words(component, part.inner()));
                }
            }
            _ => {}
        }
    }
    asked.iter().filter_map(|(question, answer)| slide(page, question, answer)).take(MOST).collect()
}

fn slide(page: &Page<'_>, question: &str, answer: &str) -> Option<Slide> {
    let sizes: &[(u32, f32, usize)] = page.either(&[(96, 14.2, 2), (72, 19.0, 2)], &[(96, 8.0, 3), (72, 10.5, 4)]);
    let (size, lines) = fit::first_fit(question, sizes)?;
    let question = Lines { lines, size };
    let mut sentences = fit::sentences(answer);
    let first = sentences.next()?;
    let sizes: &[(u32, f32, usize)] =
        page.either(&[(120, 11.4, 1), (96, 14.2, 1), (72, 19.0, 2)], &[(120, 6.3, 2), (96, 8.0, 2), (72, 10.5, 4)]);
    let (size, lines) = fit::first_fit(first, sizes)?;
    let answer = Lines { lines, size };
    let tall = |lines: &Lines, leading: f32| lines.lines.len() as f32 * lines.size as f32 * leading;
    let room = page.height() - tall(&question, 1.28) - tall(&answer, 1.28) - 190.0;
    let most = ((room / 84.0) as usize).min(page.either(3, 6));
    let (mut reason, mut text) = (Vec::new(), String::new());
    for sentence in sentences {
        text.push_str(sentence);
        match fit::lines(&text, page.either(24.5, 13.4), most) {
            Some(lines) => reason = lines,
            None => break,
        }
    }
    Some(Slide {
        kind: "question",
        word: "问答",
        seconds: None,
        title: None,
        content: Content::Question { question, answer, reason },
    })
}
