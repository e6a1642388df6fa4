//! What one Markdown file is once parsed: a value that depends on the file's bytes and the configuration alone, so that
//! it can be made in parallel and reused by hash. Links are still symbolic here: the prose is HTML with holes, and the
//! model fills them edition by edition.

use std::sync::Arc;

use crate::content::article::{ArticleNumber, Clause};
use crate::content::{Component, FrontMatter, slug};
use crate::diag::{Diagnostic, Span};

/// One parsed Markdown file.
#[derive(Clone, Debug)]
pub struct Document {
    /// Path from the portal's root with `/`, such as `content/study/a.md`.
    pub path: Arc<str>,
    /// Last part of its address unless it gives one: its file's name, or for an `index.md` its folder's, in pinyin.
    pub slug: Arc<str>,
    /// What its front matter says, typed.
    pub front: FrontMatter,
    /// The text.
    pub body: Body,
    /// Everything found wrong in this file by itself, in order of position.
    pub problems: Vec<Diagnostic>,
    /// The articles that its components cite. Which arguments say so only the theme knows, so they come after parsing.
    pub citations: Vec<Citation>,
}

impl Document {
    pub(super) fn new(path: &Arc<str>, front: FrontMatter, body: Body, problems: Vec<Diagnostic>) -> Self {
        let (slug, citations) = (slug::of_path(path), Vec::new());
        Self { path: path.clone(), slug, front, body, problems, citations }
    }
}

/// Articles of a law that a component cites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// `components[n]` of the text.
    pub component: u32,
    /// The law's name as it was written, without its 《》.
    pub law: Arc<str>,
    /// The articles named, if any, and in which words.
    pub articles: Vec<(ArticleNumber, Arc<str>)>,
    /// Where the article is named, else the law.
    pub span: Span,
}

/// The text of a document.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// HTML fragments and holes in turn: `html` is cut at each hole's offset.
    pub html: Arc<str>,
    /// The holes, by ascending offset.
    pub holes: Vec<Hole>,
    /// Link targets in order of appearance.
    pub links: Vec<Link>,
    /// Pictures in order of appearance.
    pub images: Vec<Image>,
    /// Headings in order, levels as they stand in the output (2 to 6), for the table of contents and link checks.
    pub headings: Vec<Heading>,
    /// Further ids that a link may aim at: footnotes, `{#id}` on other blocks.
    pub anchors: Vec<Arc<str>>,
    /// What it would be parted by if it were a statute; none in a text without articles.
    pub clauses: Vec<Clause>,
    /// Its `:::` blocks, each before those inside it.
    pub components: Vec<Component>,
    /// Text of the first heading when the file has no title in its front matter.
    pub first_heading: Option<Arc<str>>,
    /// Plain text of the summary: up to `<!-- more -->`, or the first sentences.
    pub summary: Arc<str>,
    /// Length in Chinese characters (a Latin word or a number counts as one).
    pub length: u32,
}

/// Where something of the edition goes into the HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Byte offset in [`Body::html`].
    pub offset: u32,
    /// What goes there.
    pub fill: Fill,
}

/// What goes into a [`Hole`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// The escaped address of `links[n]`: the hole stands between the quotes of `href="…"`.
    Link(u32),
    /// `images[n]`: the hole stands before an `<img …>` without its source, which becomes one with it, in a `<picture>`
    /// perhaps, or gives way to words.
    Image(u32),
    /// What the theme makes of `components[n]`.
    Component(u32),
    /// The attributes of the paragraph that is `clauses[n]`, in a statute: the hole stands inside `<p>`.
    Clause(u32),
    /// What opens the mark around the number of the article that is `clauses[n]`, in a statute.
    Number(u32),
    /// What closes it.
    NumberEnd(u32),
}

/// A link as the author wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The target as written, percent-decoded never.
    pub target: Arc<str>,
    /// The target's bytes in the file, as exact as comrak's positions allow.
    pub span: Span,
}

/// A picture as the author wrote it. A picture on another host never gets here: the parser made it a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The target as written.
    pub target: Arc<str>,
    /// The target's bytes in the file.
    pub span: Span,
}

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    /// Whether it stands in a component, and so in no table of contents.
    pub is_inside: bool,
    /// Its anchor.
    pub id: Arc<str>,
    /// Its plain text.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}
