//! A booklet: all pages of a section, a term or a series as one page to be printed. Each page becomes a chapter. What
//! its own page says by an id is said here by the same id with the chapter's name before it, and a link to another page
//! of the booklet becomes one to its chapter, so that a printed file can be walked through.

use std::sync::Arc;

use minijinja::value::Value;

use super::view::{self, Shared, View, lazy, map, or_none, text};
use crate::model::{List, PageId};

/// What a booklet holds the pages of.
#[derive(Clone, Debug)]
pub(super) enum Volume {
    /// A section or a term.
    List(List),
    /// A series by its id.
    Series(Arc<str>),
}

/// Stands before the name of a chapter where a link has been turned to it already.
pub(super) const TURNED: char = '\u{1}';

/// `booklet`
#[derive(Debug)]
struct BookletView {
    scope: Shared,
    volume: Volume,
}

pub(super) fn view(scope: &Shared, volume: &Volume) -> Value {
    lazy(BookletView { scope: scope.clone(), volume: volume.clone() })
}

impl View for BookletView {
    fn identity(&self) -> (u8, u64) {
        (17, 0)
    }

    fn get(&self, key: &str) -> Option<Value> {
        let scope = &self.scope;
        let read = scope.read(0);
        Some(match (key, &self.volume) {
            ("title", Volume::List(List::Section(id))) => text(read.section(*id).face().title()),
            ("title", Volume::List(List::Term(id))) => text(read.term(*id).name()),
            ("title", Volume::Series(id)) => or_none(read.series(id).map(|series| series.name().clone())),
            ("sort", Volume::List(List::Section(_))) => "栏目".into(),
            ("sort", Volume::List(List::Term(id))) => text(&read.taxonomies().get(read.term(*id).taxonomy())?.name),
            ("sort", Volume::Series(_)) => "学习系列".into(),
            ("description", Volume::List(List::Section(id))) => or_none(read.section(*id).description().cloned()),
            ("description", Volume::Series(id)) => or_none(read.series(id).map(|series| series.description().clone())),
            ("audience", Volume::Series(id)) => or_none(read.series(id).map(|series| series.audience().clone())),
            ("url", Volume::List(List::Section(id))) => scope.local(0, read.section(*id).face().path()).into(),
            ("url", Volume::List(List::Term(id))) => scope.local(0, read.term(*id).path()).into(),
            ("url", Volume::Series(id)) => or_none(read.series(id).map(|series| scope.local(0, &series.path()))),
            ("chapters", volume) => {
                let pages: &[PageId] = match volume {
                    Volume::List(list) => read.whole(*list),
                    Volume::Series(id) => read.series_pages(id),
                };
                let bound = scope.bound.get_or_init(|| pages.to_vec());
                let chapters = bound.iter().enumerate();
                chapters.map(|(at, &id)| lazy(Chapter { scope: scope.clone(), n: at + 1, id })).collect()
            }
            _ => return None,
        })
    }
}

/// A page of a booklet.
#[derive(Debug)]
struct Chapter {
    scope: Shared,
    n: usize,
    id: PageId,
}

impl View for Chapter {
    fn identity(&self) -> (u8, u64) {
        (18, self.n as u64)
    }

    fn get(&self, key: &str) -> Option<Value> {
        let page = || view::page(&self.scope, 0, self.id);
        Some(match key {
            "n" => self.n.into(),
            "id" => chapter(self.n).into(),
            "page" => page(),
            "content" => {
                let content = page().get_attr("content").ok()?.to_string();
                Value::from_safe_string(bind(&content, &chapter(self.n)))
            }
            "here" => map([("n", self.n.into())]),
            _ => return None,
        })
    }
}

/// The id of chapter number `n`.
pub(super) fn chapter(n: usize) -> String {
    format!("k{n}")
}

/// HTML of a page as it stands in the chapter of that id: ids and what refers to them have the chapter's before them,
/// and headings are a level lower, below the chapter's own.
fn bind(html: &str, chapter: &str) -> String {
    const IDS: [&str; 6] =
        [" id=\"", " for=\"", " aria-labelledby=\"", " aria-controls=\"", " aria-describedby=\"", "url(#"];
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    // Quotes and `<` of the text itself are escaped, so each of these stands in a tag.
    while let Some(at) = rest.find([' ', 'u', '<']) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let taken = if let Some(sign) = IDS.into_iter().find(|sign| tail.starts_with(sign)) {
            out.push_str(sign);
            out.push_str(chapter);
            out.push('-');
            sign.len()
        } else if let Some(anchor) = tail.strip_prefix(" href=\"#") {
            out.push_str(" href=\"#");
            match anchor.strip_prefix(TURNED) {
                Some(_) => " href=\"#".len() + TURNED.len_utf8(),
                None => {
                    if !anchor.starts_with('"') {
                        out.push_str(chapter);
                        out.push('-');
                    }
                    " href=\"#".len()
                }
            }
        } else if let Some((sign, level)) = heading(tail) {
            out.push_str(sign);
            out.push(char::from(b'0' + (level + 1).min(6)));
            sign.len() + 1
        } else {
            let first = tail.chars().next().map_or(1, char::len_utf8);
            out.push_str(tail.get(..first).unwrap_or_default());
            first
        };
        rest = tail.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The opening or closing tag of a heading, without its level, and the level.
fn heading(tail: &str) -> Option<(&'static str, u8)> {
    let (sign, rest) = [("</h", tail.strip_prefix("</h")), ("<h", tail.strip_prefix("<h"))]
        .into_iter()
        .find_map(|(sign, rest)| Some((sign, rest?)))?;
    let mut chars = rest.bytes();
    let level = chars.next().filter(|level| (b'1'..=b'6').contains(level))?;
    chars.next().filter(|next| matches!(next, b'>' | b' '))?;
    Some((sign, level - b'0'))
}

#[cfg(test)]
mod tests {
    use super::bind;

    #[test]
    fn ids_and_links_are_those_of_the_chapter() {
        let html = "<h2 id=\"甲\">甲</h2><p>用 id=x，见<a href=\"#%E7%94%B2\">上</a>、<a href=\"#\u{1}k3-b\">别章</a>、\
                    <a href=\"../a.html#b\">外</a><a href=\"#\">空</a></p><h6 id=\"z\" class=\"c\">末</h6><hr>\
                    <rect fill=\"url(#c1-h2)\"/><label for=\"q\">";
        assert_eq!(
            bind(html, "k2"),
            "<h3 id=\"k2-甲\">甲</h3><p>用 id=x，见<a href=\"#k2-%E7%94%B2\">上</a>、<a href=\"#k3-b\">别章</a>、\
             <a href=\"../a.html#b\">外</a><a href=\"#\">空</a></p><h6 id=\"k2-z\" class=\"c\">末</h6><hr>\
             <rect fill=\"url(#k2-c1-h2)\"/><label for=\"k2-q\">"
        );
    }
}
