//! What templates see of statutes: the clauses of one, who cites its articles, and what a page cites.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::Value;

use super::escape;
use super::fill::{Owner, fill_parts};
use super::view::{self, Shared, map, or_none, text};
use crate::content::{ArticleNumber, Clause, ClauseKind, Heading};
use crate::model::{Cited, PageId, Prose, Stand, Target, encode};

/// The attributes of a paragraph that is a clause.
pub(super) fn push_attributes(out: &mut String, clause: Option<&Clause>) {
    let Some(clause) = clause else { return };
    if !clause.id.is_empty() {
        out.push_str(" id=\"");
        escape(out, &clause.id);
        out.push('"');
    }
    match clause.kind {
        ClauseKind::Article(_) => out.push_str(" class=\"article\""),
        ClauseKind::Division(level) => {
            out.push_str(&format!(" class=\"division division-{level}\" role=\"heading\" aria-level=\"{}\"", level + 1))
        }
        ClauseKind::Heading => {}
    }
}

/// The headings of a statute with its divisions that are paragraphs, in order.
pub(super) fn headings(headings: &[Heading], clauses: &[Clause]) -> Vec<Heading> {
    let is_article = |heading: &Heading| clauses.iter().any(|one| one.article().is_some() && one.id == heading.id);
    let mut all: Vec<Heading> = headings.iter().filter(|heading| !is_article(heading)).cloned().collect();
    all.extend(clauses.iter().filter(|clause| !clause.is_heading).filter_map(|clause| match clause.kind {
        ClauseKind::Division(level) => Some(Heading {
            level: level + 1,
            is_inside: false,
            id: clause.id.clone(),
            text: clause.text.clone(),
            span: clause.span,
        }),
        _ => None,
    }));
    all.sort_by_key(|heading| heading.span.start);
    all
}

/// `page.clauses`: a statute cut at its articles and headings, each piece with what follows it and who cites it.
pub(super) fn clauses(scope: &Shared, at: usize, id: PageId) -> Value {
    let read = scope.read(at);
    let page = read.page(id);
    if !page.is_law() {
        return Value::from(());
    }
    let (clauses, cited) = (page.clauses(), page.cited());
    let prose = page.content();
    let length = prose.body().html.len();
    let starts = std::iter::once(0).chain(clauses.iter().map(|clause| clause.start as usize));
    let ends = clauses.iter().map(|clause| clause.start as usize).chain([length]);
    let ranges: Vec<_> = starts.zip(ends).map(|(start, end)| start..end).collect();
    let pieces = fill_parts(scope, at, Owner::Page(id), prose, &ranges);
    let kinds = std::iter::once(None).chain(clauses.iter().map(Some));
    let pieces = kinds.zip(pieces).filter(|(clause, html)| clause.is_some() || !html.trim().is_empty());
    pieces
        .map(|(clause, html)| {
            let number = clause.and_then(Clause::article);
            let kind = match clause.map(|clause| clause.kind) {
                None => "text",
                Some(ClauseKind::Article(_)) => "article",
                Some(ClauseKind::Division(_)) => "division",
                Some(ClauseKind::Heading) => "heading",
            };
            let citing = cited.iter().filter(|(one, _)| Some(*one) == number).map(|(_, page)| *page);
            map([
                ("kind", kind.into()),
                ("id", or_none(clause.map(|clause| clause.id.clone()))),
                ("number", or_none(number.map(|number| number.to_string()))),
                ("html", Value::from_safe_string(html)),
                ("cited", view::pages(scope, at, &citing.collect::<Vec<_>>())),
            ])
        })
        .collect()
}

/// `page.cited`: the pages that link to this one, each with the articles that it cites.
pub(super) fn cited(scope: &Shared, at: usize, id: PageId) -> Value {
    let page = scope.read(at).page(id);
    let all = page.cited();
    let citing = page.backlinks().into_iter().map(|from| {
        let articles = all.iter().filter(|(_, one)| *one == from);
        let articles = articles.map(|(number, _)| {
            let name = number.to_string();
            map([("url", format!("#{}", encode(&name)).into()), ("number", name.into())])
        });
        map([("page", view::page(scope, at, from)), ("articles", articles.collect())])
    });
    citing.collect()
}

/// Where the articles of a law stand that this edition holds: its address, and theirs.
struct Held<'a> {
    scope: &'a Shared,
    at: usize,
    law: Option<PageId>,
}

impl<'a> Held<'a> {
    fn new(scope: &'a Shared, at: usize, law: Option<PageId>) -> Self {
        let law = law.filter(|&law| scope.read(at).stand(law) == Stand::Here);
        Self { scope, at, law }
    }

    fn url(&self) -> Value {
        or_none(self.law.map(|law| self.scope.page(self.at, law)))
    }

    fn address(&self, anchor: Option<&Arc<str>>) -> Option<String> {
        let (law, anchor) = self.law.zip(anchor)?;
        Some(format!("{}#{}", self.scope.page(self.at, law), encode(anchor)))
    }
}

/// `cited` of a component: the law that component number `n` cites.
pub(super) fn of_component(scope: &Shared, at: usize, prose: &Prose, n: u32) -> Option<Value> {
    let (citation, Cited { law, anchors }) = prose.citations().find(|(citation, _)| citation.component == n)?;
    let held = Held::new(scope, at, *law);
    let articles = citation.articles.iter().zip(anchors.iter().map(Option::as_ref).chain(std::iter::repeat(None)));
    let articles = articles.map(|((number, words), anchor)| {
        map([("number", number.to_string().into()), ("text", text(words)), ("url", or_none(held.address(anchor)))])
    });
    Some(map([("law", text(&citation.law)), ("articles", articles.collect()), ("url", held.url())]))
}

/// The anchor of an article there, and the component here.
type Ends = (Option<Arc<str>>, Option<Arc<str>>);

/// What a page cites of one law.
struct Group {
    name: Arc<str>,
    law: Option<PageId>,
    /// By number.
    articles: BTreeMap<ArticleNumber, Ends>,
    /// The first component here.
    at: Option<Arc<str>>,
}

/// A citation met: its group, the article, the anchor there, the component here.
type Met = (usize, Option<ArticleNumber>, Option<Arc<str>>, Option<Arc<str>>);

/// `page.citations`: the laws that a page cites by components, and by links to articles, each with its articles.
pub(super) fn citations(scope: &Shared, at: usize, id: PageId) -> Value {
    let read = scope.read(at);
    let prose = read.page(id).content();
    let mut groups: Vec<Group> = Vec::new();
    let mut add = |name: Arc<str>, law: Option<PageId>| {
        let law = Held::new(scope, at, law).law;
        let found = groups.iter().position(|group| if law.is_some() { group.law == law } else { group.name == name });
        found.unwrap_or_else(|| {
            groups.push(Group { name, law, articles: BTreeMap::new(), at: None });
            groups.len() - 1
        })
    };
    let mut found: Vec<Met> = Vec::new();
    for (citation, cited) in prose.citations() {
        let group = add(citation.law.clone(), cited.law);
        let here = prose.body().components.get(citation.component as usize).map(|component| component.id.clone());
        found.push((group, None, None, here.clone()));
        for (n, (number, _)) in citation.articles.iter().enumerate() {
            found.push((group, Some(*number), cited.anchors.get(n).cloned().flatten(), here.clone()));
        }
    }
    for link in prose.links() {
        let Target::Page(law, Some(anchor)) = link else { continue };
        let number = ArticleNumber::at_head(anchor).filter(|(_, length)| *length == anchor.len());
        let Some((number, _)) = number.filter(|_| read.stand(*law) == Stand::Here && read.page(*law).is_law()) else {
            continue;
        };
        let group = add(read.page(*law).title().clone(), Some(*law));
        found.push((group, Some(number), Some(anchor.clone()), None));
    }
    for (group, number, anchor, here) in found {
        let group = &mut groups[group];
        match number {
            Some(number) => drop(group.articles.entry(number).or_insert((anchor, here))),
            None => group.at = group.at.take().or(here),
        }
    }
    let groups = groups.into_iter().map(|group| {
        let held = Held::new(scope, at, group.law);
        let articles = group.articles.iter().map(|(number, (anchor, here))| {
            let url = or_none(held.address(anchor.as_ref()));
            map([("number", number.to_string().into()), ("url", url), ("at", or_none(here.clone()))])
        });
        let articles = articles.collect();
        map([("law", text(&group.name)), ("url", held.url()), ("articles", articles), ("at", or_none(group.at))])
    });
    groups.collect()
}
