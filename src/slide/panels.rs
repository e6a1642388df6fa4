//! What stands side by side: the two sides of a comparison, the parts of an infographic.

use super::{Component, Content, Figure, Lines, Page, Panel, Row, Slide, fit, words};
use crate::content::{PartKind, plain};

/// Pixels of a panel's head.
const HEAD: f32 = 176.0;

/// The slides of a table with a column for each side.
pub(super) fn compare(page: &Page<'_>, component: &Component) -> Vec<Slide> {
    let Some((title, high)) = page.heading_of(component) else { return Vec::new() };
    let Some(table) = component.tops().find(|&at| matches!(component.parts[at].kind, PartKind::Table)) else {
        return Vec::new();
    };
    let cells = |row: usize| -> Vec<String> {
        let cells = component.children(row).filter(|&at| matches!(component.parts[at].kind, PartKind::Cell));
        cells.map(|at| words(component, component.parts[at].inner())).collect()
    };
    let mut rows = component.children(table).filter_map(|at| match component.parts[at].kind {
        PartKind::Row { header } => Some((header, cells(at))),
        _ => None,
    });
    let Some((true, heads)) = rows.next() else { return Vec::new() };
    let [_, before, after] = &heads[..] else { return Vec::new() };
    let pairs: Option<Vec<[Row; 2]>> = rows.map(|(_, cells)| pair(page, &cells)).collect();
    let Some(pairs) = pairs.filter(|pairs| !pairs.is_empty()) else { return Vec::new() };
    let tall = |row: &Row| {
        let line = if row.value.size == 56 { 78.0 } else { 66.0 };
        row.value.lines.len() as f32 * line + if row.inline { 0.0 } else { 66.0 + 12.0 }
    };
    let heights: Vec<f32> = pairs.iter().map(|[a, b]| tall(a).max(tall(b))).collect();
    let room = if page.is_portrait() { (page.height() - high - 60.0) / 2.0 } else { page.height() - high };
    let Some(groups) = fit::groups(&heights, room - HEAD, 4) else { return Vec::new() };
    let mut rest = pairs.into_iter();
    let slides = groups.into_iter().map(|size| {
        let (mut left, mut right) = (Panel::default(), Panel::default());
        (left.head, right.head) = (before.clone(), after.clone());
        for [a, b] in rest.by_ref().take(size) {
            left.rows.push(a);
            right.rows.push(b);
        }
        Slide {
            kind: "compare",
            word: "对比",
            seconds: None,
            title: Some(title.clone()),
            content: Content::Compare { panels: [left, right] },
        }
    });
    slides.collect()
}

fn pair(page: &Page<'_>, cells: &[String]) -> Option<[Row; 2]> {
    let [label, before, after] = cells else { return None };
    let wide = page.either(652.0, 832.0);
    let label = fit::lines(label, wide / 44.0, 1)?.concat();
    let one_line = |value: &str| fit::width(&label) * 56.0 + 40.0 + fit::width(value) * 56.0 <= wide;
    let inline = one_line(before) && one_line(after);
    // Both in the same size: neither side is to look more important than the other.
    let sizes = [(56, wide / 56.0, 1), (44, wide / 44.0, 4)];
    let both = [before, after].map(|value| if value.is_empty() { "—" } else { value });
    sizes.into_iter().find_map(|(size, ems, most)| {
        let row = |value: &str| {
            let lines = fit::lines(value, ems, most)?;
            Some(Row { label: label.clone(), value: Lines { lines, size }, inline })
        };
        let [before, after] = both.map(row);
        Some([before?, after?])
    })
}

/// The slides of an infographic: numbers large, else its words, part by part.
pub(super) fn poster(page: &Page<'_>, component: &Component) -> Vec<Slide> {
    let mut slides = Vec::new();
    let mut head: Option<String> = None;
    for at in component.tops() {
        let part = &component.parts[at];
        match part.kind {
            PartKind::Heading(n) => {
                head = page.document.body.headings.get(n as usize).map(|heading| heading.text.to_string());
            }
            PartKind::List { .. } => {
                let items: Vec<usize> = component.children(at).collect();
                let title = head.as_deref().unwrap_or(&component.title);
                slides.extend(figures(page, component, title, &items).or_else(|| list(page, component, title, &items)));
            }
            PartKind::Paragraph => {
                let text = words(component, part.inner());
                let title = head.as_deref().unwrap_or(&component.title);
                slides.extend(of_lines(page, title, &[text]));
            }
            _ => {}
        }
    }
    slides
}

fn slide(title: Lines, figures: Vec<Figure>, texts: Vec<Vec<String>>) -> Slide {
    Slide {
        kind: "poster",
        word: "一图读懂",
        seconds: None,
        title: Some(title),
        content: Content::Poster { figures, texts },
    }
}

/// `68项：直接取消审批`, one to four of them.
fn figures(page: &Page<'_>, component: &Component, title: &str, items: &[usize]) -> Option<Slide> {
    let most = if page.is_portrait() { 3 } else { 4 };
    if items.is_empty() || items.len() > most {
        return None;
    }
    if let [item] = items {
        return number(component, *item);
    }
    let wide = if page.is_portrait() { 560.0 } else { 1560.0 / items.len() as f32 - 60.0 };
    let figure = |&at: &usize| {
        let html = component.stretch(component.lead(at));
        let (value, unit, words) = counted(html)?;
        let label = fit::lines(&words, wide / 56.0, 3)?;
        Some(Figure { value, unit, label })
    };
    let figures: Option<Vec<Figure>> = items.iter().map(figure).collect();
    let (title, _) = page.heading(title)?;
    Some(slide(title, figures?, Vec::new()))
}

/// `68项：直接取消审批`: the number, its unit, what is counted.
fn counted(html: &str) -> Option<(String, String, String)> {
    let (name, value) = plain::field(html)?;
    let name = plain::words(html.get(name)?);
    let digits: String = name.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let unit = name.get(digits.len()..)?.trim().to_owned();
    let is_number = !digits.is_empty() && unit.chars().count() <= 3;
    is_number.then(|| (digits, unit, plain::words(html.get(value).unwrap_or_default())))
}

/// One number alone, as large as its figures allow.
fn number(component: &Component, item: usize) -> Option<Slide> {
    let (value, unit, words) = counted(component.stretch(component.lead(item)))?;
    let size = match value.chars().count() {
        1 | 2 => 480,
        3 | 4 => 360,
        _ => return None,
    };
    let context = Lines { lines: fit::lines(&words, 10.0, 3)?, size: 72 };
    let content = Content::Number { value, unit, size, context };
    Some(Slide { kind: "number", word: "数字", seconds: None, title: None, content })
}

fn list(page: &Page<'_>, component: &Component, title: &str, items: &[usize]) -> Option<Slide> {
    let texts: Vec<String> = items.iter().map(|&at| words(component, component.lead(at))).collect();
    of_lines(page, title, &texts)
}

/// Words in 56 pixels under their heading.
fn of_lines(page: &Page<'_>, title: &str, texts: &[String]) -> Option<Slide> {
    let (title, high) = page.heading(title)?;
    let ems = page.either(26.0, 15.0);
    let lines: Option<Vec<Vec<String>>> = texts.iter().map(|text| fit::lines(text, ems, 4)).collect();
    let lines = lines.filter(|lines| !lines.is_empty())?;
    let tall: f32 = lines.iter().map(|one| one.len() as f32 * 84.0 + 36.0).sum();
    (tall <= page.height() - high).then(|| slide(title, Vec::new(), lines))
}
