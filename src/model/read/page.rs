//! A page as a job reads it: each side of it notes its fact before it is given out.

use std::sync::Arc;

use super::{Prose, Reader};
use crate::content::{ArticleNumber, Clause, Heading};
use crate::diag::Diagnostic;
use crate::model::edition::Stand;
use crate::model::fact::Kind;
use crate::model::record::{AssetId, PageId, Record, SectionId, TermId, reading_time};
use crate::tree::Node;

/// A page as a job reads it.
#[derive(Clone, Copy)]
pub struct PageReader<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) id: PageId,
    pub(super) record: &'a Arc<Record>,
}

impl<'a> PageReader<'a> {
    fn note(&self, kind: Kind) {
        self.reader.note(self.record.entity, kind);
    }

    /// Title.
    pub fn title(&self) -> &'a Arc<str> {
        self.note(Kind::PageTitle);
        &self.record.title
    }

    /// Short title, else the title.
    pub fn short(&self) -> &'a Arc<str> {
        self.note(Kind::PageTitle);
        self.record.document.front.short.as_ref().map_or(&self.record.title, |short| &short.value)
    }

    /// Date, update, expiry, as-of, each as `2026-11-20`.
    pub fn dates(&self) -> [Option<&'a Arc<str>>; 4] {
        self.note(Kind::PageDate);
        let r = self.record;
        [r.date.as_ref(), r.updated.as_ref(), r.expires.as_ref(), r.as_of.as_ref()]
    }

    /// Author, source, editor.
    pub fn byline(&self) -> [Option<&'a Arc<str>>; 3] {
        self.note(Kind::PageByline);
        [self.record.author.as_ref(), self.record.source.as_ref(), self.record.editor.as_ref()]
    }

    /// Summary.
    pub fn summary(&self) -> &'a Arc<str> {
        self.note(Kind::PageSummary);
        &self.record.summary
    }

    /// The prose, and where its links and pictures lead in this edition.
    pub fn content(&self) -> Prose {
        self.note(Kind::PageContent);
        self.note(Kind::PageLinks);
        Prose { document: self.record.document.clone(), targets: self.reader.model.links.pages[self.id.at()].clone() }
    }

    /// Where it would be parted if it were a statute.
    pub fn clauses(&self) -> &'a [Clause] {
        self.note(Kind::PageToc);
        self.note(Kind::PageContent);
        &self.record.document.body.clauses
    }

    /// Headings.
    pub fn toc(&self) -> &'a [Heading] {
        self.note(Kind::PageToc);
        &self.record.document.body.headings
    }

    /// Length in Chinese characters.
    pub fn length(&self) -> u32 {
        self.note(Kind::PageLength);
        self.record.document.body.length
    }

    /// Reading time in minutes.
    pub fn reading_time(&self) -> u32 {
        self.note(Kind::PageReadingTime);
        reading_time(&self.record.document)
    }

    /// Address below the edition's folder, and in which edition.
    pub fn path(&self) -> (&'a Arc<str>, Stand) {
        self.note(Kind::PagePath);
        (&self.record.path, self.reader.stand(self.id))
    }

    /// The source file. It never changes for one page.
    pub fn source_path(&self) -> &'a Arc<str> {
        &self.record.document.path
    }

    /// Last part of the address.
    pub fn slug(&self) -> &'a Arc<str> {
        self.note(Kind::PagePath);
        &self.record.slug
    }

    /// Kind.
    pub fn kind(&self) -> Option<&'a Arc<crate::source::Kind>> {
        self.note(Kind::PageKind);
        self.record.kind.as_ref()
    }

    /// Section. The folder of a file says it, so it never changes for one page.
    pub fn section(&self) -> SectionId {
        self.record.section
    }

    /// Terms, in all taxonomies.
    pub fn terms(&self) -> &'a [TermId] {
        self.note(Kind::PageTerms);
        &self.record.terms
    }

    /// The id of the series that it belongs to.
    pub fn series(&self) -> Option<&'a Arc<str>> {
        self.note(Kind::PageSeries);
        self.reader.model.library.syllabus.of(self.id).map(crate::model::Course::id)
    }

    /// Newer and older in its section.
    pub fn neighbours(&self) -> (Option<PageId>, Option<PageId>) {
        self.note(Kind::PageNeighbours);
        self.reader.model.neighbours(self.id)
    }

    /// Related pages.
    pub fn related(&self) -> &'a [PageId] {
        self.note(Kind::PageRelated);
        self.reader.model.related.of(&self.reader.model.library, self.id)
    }

    /// Pages on the same topics that stand side by side, each with the number of its kind.
    pub fn sides(&self) -> impl Iterator<Item = (usize, PageId)> + 'a {
        self.note(Kind::PageSides);
        // In whose column each stands; one of another kind now may have none, or get one.
        self.reader.model.related.chosen(self.id).iter().for_each(|&id| self.reader.page(id).note(Kind::PageKind));
        self.reader.model.related.sides(&self.reader.model.library, self.id)
    }

    /// Which of its articles others cite, and where, in order of the articles.
    pub fn cited(&self) -> Vec<(ArticleNumber, PageId)> {
        self.note(Kind::PageCited);
        self.reader.model.cited(self.id)
    }

    /// Whether it is a statute.
    pub fn is_law(&self) -> bool {
        self.kind().is_some_and(|kind| kind.articles)
    }

    /// Pages that link here.
    pub fn backlinks(&self) -> Vec<PageId> {
        self.note(Kind::PageBacklinks);
        self.reader.model.backlinks(self.id)
    }

    /// What it replaces and what replaces it, as far as this edition holds them.
    pub fn supersession(&self) -> (Option<PageId>, Option<PageId>) {
        self.note(Kind::PageSupersession);
        self.reader.model.supersession(self.id)
    }

    /// Cover.
    pub fn cover(&self) -> Option<AssetId> {
        self.note(Kind::PageFiles);
        self.record.cover
    }

    /// Attachments.
    pub fn attachments(&self) -> &'a [AssetId] {
        self.note(Kind::PageFiles);
        &self.record.attachments
    }

    /// `extra`.
    pub fn extra(&self) -> &'a [(Arc<str>, Node)] {
        self.note(Kind::PageExtra);
        &self.record.extra
    }

    /// Whether its as-of date is so long ago that it may be out of date.
    pub fn stale(&self) -> bool {
        self.note(Kind::PageDate);
        self.record.stale
    }

    /// What its kind has beyond the keys of all pages, by English name.
    pub fn fields(&self) -> &'a [(Arc<str>, Node)] {
        self.note(Kind::PageExtra);
        &self.record.fields
    }

    /// The ids of its offices (empty when all), and whether it is this office's alone.
    pub fn offices(&self) -> (Vec<Arc<str>>, bool) {
        self.note(Kind::PageOffices);
        let offices = self.reader.model.library.config.offices();
        self.reader.offices();
        let ids: Vec<Arc<str>> = offices
            .iter()
            .enumerate()
            .filter(|&(at, _)| self.record.offices.holds(at))
            .map(|(_, office)| office.id.clone())
            .collect();
        let only = ids.len() == 1 && offices.len() > 1 && self.record.offices.holds(self.reader.model.office);
        (if ids.len() == offices.len() { Vec::new() } else { ids }, only)
    }

    /// Whether it is a draft that `--drafts` let in.
    pub fn draft(&self) -> bool {
        self.note(Kind::PageOffices);
        self.record.draft
    }

    /// The template it asks for.
    pub fn template(&self) -> Option<&'a Arc<str>> {
        self.note(Kind::PageTemplate);
        self.record.template.as_ref()
    }

    /// Errors in its source.
    pub fn problems(&self) -> Vec<Diagnostic> {
        self.note(Kind::PageProblems);
        self.reader.model.problems(self.id)
    }
}
