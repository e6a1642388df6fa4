//! Steps: up to five stand in columns if they are short, up to twelve bare ones in two columns, all others in rows.

use super::points::{facts, in_slides, note, parted};
use super::{Component, Content, Item, Lines, Page, Slide, fit};
use crate::content::PartKind;

/// One step as it was written.
struct Step {
    name: String,
    note: String,
}

/// The slides of a list of steps.
pub(super) fn slides(page: &Page<'_>, component: &Component) -> Vec<Slide> {
    let Some((title, high)) = page.heading_of(component) else { return Vec::new() };
    let lists = component.tops().filter(|&at| component.is_list(at));
    let items = lists.flat_map(|list| component.children(list).collect::<Vec<_>>());
    let steps: Vec<Step> = items
        .filter(|&at| matches!(component.parts[at].kind, PartKind::Item { .. }))
        .map(|at| {
            let (name, rest) = parted(component.stretch(component.lead(at)));
            let first = rest.as_deref().and_then(|rest| fit::sentences(rest).next()).map(str::to_owned);
            Step { name, note: first.or_else(|| facts(component, at)).unwrap_or_default() }
        })
        .collect();
    if steps.is_empty() {
        return Vec::new();
    }
    let slide = |items: Vec<Item>, layout: &'static str| Slide {
        kind: "steps",
        word: "步骤",
        seconds: None,
        title: Some(title.clone()),
        content: Content::Steps { items, layout },
    };
    if !page.is_portrait() {
        if let Some(items) = columns(&steps) {
            return vec![slide(items, "columns")];
        }
        if (6..=12).contains(&steps.len())
            && let Some(items) = list(&steps)
        {
            return vec![slide(items, "list")];
        }
    }
    let rows: Option<Vec<Item>> = steps.iter().enumerate().map(|(at, step)| row(page, at + 1, step)).collect();
    rows.map_or_else(Vec::new, |rows| in_slides(page, rows, high, 3, |items| slide(items, "rows")))
}

/// Three to five side by side: a name of five characters, a note of three lines of six.
fn columns(steps: &[Step]) -> Option<Vec<Item>> {
    let wide = match steps.len() {
        3 => 480.0,
        4 => 352.0,
        5 => 276.0,
        _ => return None,
    };
    let item = |(at, step): (usize, &Step)| {
        let text = Lines { lines: fit::lines(&step.name, wide / 56.0, 1)?, size: 56 };
        let note = if step.note.is_empty() { Vec::new() } else { fit::lines(&step.note, wide / 44.0, 3)? };
        Some(Item { n: at + 1, text, note })
    };
    steps.iter().enumerate().map(item).collect()
}

fn list(steps: &[Step]) -> Option<Vec<Item>> {
    let item = |(at, step): (usize, &Step)| {
        let text = Lines { lines: fit::lines(&step.name, 10.5, 1)?, size: 56 };
        Some(Item { n: at + 1, text, note: Vec::new() })
    };
    steps.iter().enumerate().map(item).collect()
}

fn row(page: &Page<'_>, n: usize, step: &Step) -> Option<Item> {
    let sizes: &[(u32, f32, usize)] = page.either(&[(72, 19.0, 1), (56, 24.5, 2)], &[(72, 10.4, 2), (56, 13.4, 3)]);
    let (size, lines) = fit::first_fit(&step.name, sizes)?;
    let note = if step.note.is_empty() { Vec::new() } else { note(page, &step.note).unwrap_or_default() };
    Some(Item { n, text: Lines { lines, size }, note })
}
