//! One picture, large; and what moves.

use super::{Component, Content, Image, Lines, Page, Slide, fit};
use crate::content::{Fill, MediaKind, PartKind, plain};

/// The page's first picture that can be shown: the first in its text, else its cover.
pub(super) fn first(page: &Page<'_>) -> Option<Slide> {
    let body = &page.document.body;
    let shown = body.holes.iter().find_map(|hole| match hole.fill {
        Fill::Image(n) if (page.shows)(n) => {
            let html = body.html.get(hole.offset as usize..)?;
            Some((Image::Shown(n), html.get(..html.find("</figure>").unwrap_or_else(|| html.len().min(2000)))?))
        }
        _ => None,
    });
    match shown {
        Some((image, html)) => slide(page, image, html),
        None if page.cover => slide(page, Image::Cover, ""),
        None => None,
    }
}

/// The picture in an author's own block.
pub(super) fn of(page: &Page<'_>, component: &Component) -> Option<Slide> {
    let found = component.parts.iter().find_map(|part| match part.kind {
        PartKind::Figure(n) | PartKind::Image(n) if (page.shows)(n) => Some((n, component.stretch(part.outer()))),
        _ => None,
    });
    let (n, html) = found?;
    slide(page, Image::Shown(n), html)
}

fn slide(page: &Page<'_>, image: Image, html: &str) -> Option<Slide> {
    let alt = plain::attribute(html, "alt").unwrap_or_default().into_owned();
    let caption = html.split_once("<figcaption>").map_or("", |(_, rest)| rest);
    let caption = plain::words(caption.split("</figcaption>").next().unwrap_or_default());
    let words = if caption.is_empty() { page.title } else { &caption };
    let sizes: &[(u32, f32, usize)] =
        page.either(&[(96, 16.2, 1), (72, 21.6, 1), (56, 27.8, 2)], &[(96, 9.5, 1), (72, 12.7, 2), (56, 16.4, 3)]);
    let (size, lines) = fit::first_fit(words, sizes)?;
    let most = if lines.len() == 1 { 1 } else { 0 };
    let first = fit::sentences(&alt).next().unwrap_or_default();
    let note = if first == words || most == 0 { None } else { fit::lines(first, page.either(35.0, 20.0), most) };
    let content = Content::Picture { image, alt, note: note.unwrap_or_default() };
    Some(Slide { kind: "picture", word: "图片", seconds: None, title: Some(Lines { lines, size }), content })
}

/// The slide of a video block.
pub(super) fn video(page: &Page<'_>, component: &Component) -> Option<Slide> {
    let link = component.args.iter().find_map(|arg| arg.link.filter(|_| is_film(&arg.value)))?;
    let (title, _) = page.heading_of(component)?;
    let content = Content::Video { link, note: Vec::new() };
    Some(Slide { kind: "video", word: "视频", seconds: None, title: Some(title), content })
}

fn is_film(name: &str) -> bool {
    MediaKind::of(name).is_some_and(|(kind, _)| kind == MediaKind::Film)
}
