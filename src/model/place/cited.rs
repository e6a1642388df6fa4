//! Which law of the portal a component cites, and where its articles stand. A citation is resolved like a link, though
//! it names the law and not a file: once for all editions.

use std::sync::Arc;

use super::super::library::Library;
use super::super::record::PageId;
use super::Place;
use crate::content::{ArticleNumber, Citation, Document};
use crate::diag::{CITED_ARTICLE_MISSING, Diagnostic};

/// The law that a component cites.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cited {
    /// Its page, if the portal has it.
    pub law: Option<PageId>,
    /// The anchors of the articles, in order, as far as it has them.
    pub anchors: Vec<Option<Arc<str>>>,
}

/// The law that a component cites, and its articles. A law that the portal does not have is only a name.
pub(super) fn cited(
    library: &Library,
    document: &Document,
    citation: &Citation,
    problems: &mut Vec<Diagnostic>,
) -> Cited {
    let Some(law) = library.laws.find(&citation.law) else { return Cited::default() };
    let page = &library.pages[law.at()];
    let place = Place::of(page);
    let anchors = citation.articles.iter().map(|&(number, _)| {
        let found = place.articles().find(|(one, _)| *one == number).map(|(_, id)| id.clone());
        if found.is_none() {
            problems.push(
                Diagnostic::error(CITED_ARTICLE_MISSING, format!("《{}》里没有{number}", page.title))
                    .at(&document.path, citation.span)
                    .label(format!("{} 里没有这一条", page.document.path))
                    .cause("读者会按这个条号去查，查不到，或者查到别的条文。")
                    .cure(near_articles(place, number)),
            );
        }
        found
    });
    Cited { law: Some(law), anchors: anchors.collect() }
}

/// What to do about an article that a statute does not have: those around the place where it would stand.
pub(super) fn near_articles(place: Place<'_>, number: ArticleNumber) -> String {
    let all: Vec<ArticleNumber> = place.articles().map(|(one, _)| one).collect();
    let Some(last) = all.iter().max() else {
        return format!("那一页里一条也没有：先把条文写进 {}。", place.document.path);
    };
    let at = all.iter().filter(|&&one| one < number).count();
    let near = &all[at.saturating_sub(2)..all.len().min(at + 2)];
    let near: Vec<String> = near.iter().map(ToString::to_string).collect();
    format!("核对条号：相近的有{}，最后一条是{last}。", near.join("、"))
}
