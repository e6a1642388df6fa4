//! All pages, sections, terms and files of the portal, whatever the edition: the first half of the model. Documents
//! come in, records go out; defaults of the sections above are applied here, and what the front matter names (offices,
//! kinds, series, terms) is looked up and complained about. What the library before had and nothing new touches is
//! taken over; a page about which there is something to complain is always made anew, and complained about again.

mod form;
mod gather;
mod names;
mod outline;
mod pairing;
mod paths;
mod terms;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rayon::prelude::*;

use self::outline::{Outline, Placed};
pub use self::pairing::Pairing;
pub(super) use self::paths::Paths;
use self::paths::{all_others, find_asset, find_section};
use self::terms::Terms;
use super::fact::Entity;
use super::lists::Lists;
use super::place::Links;
use super::record::{AssetId, AssetRecord, Offices, PageId, Record, SectionId, SectionRecord, Status, TermId};
use super::{address, place};
use crate::content::{At, Document, FrontMatter};
use crate::diag::{Diagnostic, OFFICE_NONE, SUPERSEDES_SELF};
use crate::insides::Insides;
use crate::source::{Config, Kind, Sources};

/// Everything that is the same in every edition.
#[derive(Debug)]
pub struct Library {
    pub(super) config: Arc<Config>,
    outline: Arc<Outline>,
    pub(super) pages: Vec<Arc<Record>>,
    /// By page.
    pub(super) rows: Vec<Row>,
    /// By page: its terms, as its record has them.
    pub(super) terms_of: Lists<TermId>,
    /// Every text, sorted by path.
    documents: Vec<Arc<Document>>,
    /// What decided which pages are live.
    today: Date,
    drafts: bool,
    /// By page: nothing is wrong with what its front matter names.
    sound: Vec<bool>,
    pub(super) sections: Arc<[Arc<SectionRecord>]>,
    pub(super) terms: Arc<Terms>,
    pub(super) assets: Arc<[AssetRecord]>,
    /// What stands inside of them, where a text wants it.
    pub(super) insides: Arc<Insides>,
    /// By file: the folder page that it lies beside, if any.
    pub(super) owners: Vec<Option<PageId>>,
    /// Which page replaces which older one.
    pub(super) supersedes: BTreeMap<PageId, PageId>,
    /// What stands at each path, made when many are looked for.
    by_path: OnceLock<HashMap<Arc<str>, Found>>,
    /// Source file by output path, for links that were written as addresses.
    by_address: OnceLock<HashMap<Arc<str>, Arc<str>>>,
    /// Pages, newest first, undated ones last, then by path.
    pub(super) by_date: Vec<PageId>,
    /// Place of each page in `by_date`.
    pub(super) rank: Vec<u32>,
    /// Names this library among all.
    token: Arc<()>,
    /// The one that it was made after, and how its pages are those of that.
    lineage: Option<(Arc<()>, Arc<Pairing>)>,
    /// `2026-11`, the month whose plan the home page shows.
    pub(super) month: Arc<str>,
}

/// What is asked of every page whenever pages are put in order, side by side in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub day: Option<Date>,
    pub section: SectionId,
    /// Whether it names a series, a date of its last change, or a page that it replaces.
    pub has_more: bool,
    pub offices: Offices,
    pub is_live: bool,
    /// Whether it asks to be the home page's lead.
    pub is_lead: bool,
    /// Number of its kind in the configuration; the number of kinds if it has none.
    pub kind: u8,
}

/// What stands at a path of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A page.
    Page(PageId),
    /// A section's `_index.md`.
    Section(SectionId),
    /// Another file.
    Asset(AssetId),
}

impl Library {
    /// The same with what stands inside of files.
    #[must_use]
    pub(super) fn with(self, insides: Arc<Insides>) -> Self {
        Self { insides, ..self }
    }

    /// Makes records of documents, which are sorted by path.
    pub fn new(
        sources: &Sources,
        documents: Vec<Arc<Document>>,
        previous: Option<&Self>,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let config = sources.config().clone();
        // Under another configuration every name may mean something else.
        let previous = previous.filter(|previous| previous.config.hash() == config.hash());
        let outline = Outline::new(&config, &documents, previous);
        problems.extend(outline.problems.iter().cloned());
        let today = sources.today();
        let mut maker = Maker {
            terms: Arc::default(),
            config: &config,
            documents: &documents,
            sources,
            outline: &outline,
            previous: previous.map(|previous| Before {
                library: previous,
                pairing: Arc::new(Pairing::new(
                    (previous.pages.len(), |at| previous.document(at)),
                    (outline.pages.len(), |at| &documents[outline.pages[at].document as usize]),
                )),
                same_outline: Arc::ptr_eq(&outline, &previous.outline),
                same_status: previous.today == today && previous.drafts == sources.options().drafts,
                same_sections: Arc::ptr_eq(&outline.sections, &previous.sections),
            }),
            today,
        };
        let (assets, owners) = maker.assets();
        let mut library = Self {
            sections: outline.sections.clone(),
            pages: Vec::new(),
            rows: Vec::new(),
            terms_of: Lists::default(),
            documents: Vec::new(),
            today,
            drafts: sources.options().drafts,
            sound: Vec::new(),
            terms: Arc::default(),
            assets,
            insides: Arc::default(),
            owners,
            supersedes: BTreeMap::new(),
            by_path: OnceLock::new(),
            by_address: OnceLock::new(),
            by_date: Vec::new(),
            rank: Vec::new(),
            token: Arc::default(),
            lineage: maker.previous.as_ref().map(|before| (before.library.token.clone(), before.pairing.clone())),
            month: format!("{:04}-{:02}", today.year(), today.month()).into(),
            outline: outline.clone(),
            config: config.clone(),
        };
        maker.pages(&mut library, problems);
        drop(maker);
        library.documents = documents;
        library.sort();
        library
    }

    /// The document of page number `at`: by its place, not by a visit to the page's record.
    fn document(&self, at: usize) -> &Arc<Document> {
        &self.documents[self.outline.pages[at].document as usize]
    }

    fn sort(&mut self) {
        let mut dated: Vec<(std::cmp::Reverse<Option<Date>>, PageId)> =
            self.rows.iter().enumerate().map(|(at, row)| (std::cmp::Reverse(row.day), PageId(at as u32))).collect();
        dated.par_sort_unstable();
        self.by_date = dated.into_iter().map(|(_, id)| id).collect();
        self.rank = vec![0; self.pages.len()];
        for (at, page) in self.by_date.iter().enumerate() {
            self.rank[page.at()] = at as u32;
        }
    }

    /// Reports pages that replace each other in a circle, or themselves.
    pub(super) fn check_supersession(&self, problems: &mut Vec<Diagnostic>) {
        for &page in self.supersedes.keys() {
            // Nobody replaces a page thirty times over; the bound keeps a circle elsewhere from holding us.
            let mut round = std::iter::successors(self.supersedes.get(&page), |id| self.supersedes.get(id)).take(32);
            let document = &self.pages[page.at()].document;
            let Some(wanted) = document.front.supersedes.as_ref() else { continue };
            if round.any(|&id| id == page) {
                problems.push(
                    Diagnostic::error(SUPERSEDES_SELF, "几篇文章互相替代，绕成了一圈")
                        .at(&document.path, wanted.span)
                        .cause("读者要从旧的一篇找到现行的一篇；绕成一圈，就没有一篇是现行的。")
                        .cure("supersedes 只写在新的一篇里，写它替代的旧的那一篇；删去旧的一篇里的这一项。"),
                );
            }
        }
    }

    /// Whether pages, sections, terms and files have the numbers and, but for pages, the addresses that they have in `old`.
    pub(super) fn stands_as(&self, old: &Self) -> bool {
        self.config.hash() == old.config.hash()
            && Arc::ptr_eq(&self.outline, &old.outline)
            && Arc::ptr_eq(&self.assets, &old.assets)
            && (Arc::ptr_eq(&self.terms, &old.terms) || self.terms.stand_as(&old.terms))
    }

    /// The pages that are not what they were in `old`, if none of them relates otherwise to anything than before;
    /// `None` if one does.
    pub(super) fn edited(&self, old: &Self, links: &Links, old_links: &Links) -> Option<Vec<PageId>> {
        let same = Arc::ptr_eq(&self.outline, &old.outline)
            && Arc::ptr_eq(&self.terms, &old.terms)
            && Arc::ptr_eq(&self.assets, &old.assets)
            && self.month == old.month
            && self.supersedes == old.supersedes
            && links.sections == old_links.sections;
        if !same {
            return None;
        }
        let mut edited = Vec::new();
        for at in 0..self.pages.len() {
            let (a, b) = (&old.pages[at], &self.pages[at]);
            let (x, y) = (&old_links.pages[at], &links.pages[at]);
            let same_links = Arc::ptr_eq(x, y);
            if Arc::ptr_eq(a, b) && same_links {
                continue;
            }
            if !same_links && (x.links != y.links || x.images != y.images) {
                return None;
            }
            if !a.relates_as(b, self.sections[b.section.at()].sort_by) {
                return None;
            }
            edited.push(PageId(at as u32));
        }
        Some(edited)
    }

    /// The pages, sorted by source path.
    pub fn pages(&self) -> &[Arc<Record>] {
        &self.pages
    }

    /// Makes ready for looking up many paths.
    pub(super) fn index(&self) {
        self.by_path.get_or_init(|| self.all().into_iter().map(|(path, found)| (path.clone(), found)).collect());
    }

    pub(super) fn by_address(&self) -> &HashMap<Arc<str>, Arc<str>> {
        self.by_address.get_or_init(|| {
            let sections = self.sections.iter().rev().filter_map(|section| {
                let document = section.document.as_ref()?;
                Some((section.path.clone(), document.path.clone()))
            });
            let pages = self.pages.iter().rev().map(|page| (page.path.clone(), page.document.path.clone()));
            sections.chain(pages).collect()
        })
    }

    /// The files beside pages.
    pub fn assets(&self) -> &[AssetRecord] {
        &self.assets
    }
}

/// The library before, as far as it still holds.
struct Before<'a> {
    library: &'a Library,
    pairing: Arc<Pairing>,
    same_outline: bool,
    same_status: bool,
    same_sections: bool,
}

struct Maker<'a> {
    config: &'a Config,
    sources: &'a Sources,
    documents: &'a [Arc<Document>],
    outline: &'a Outline,
    previous: Option<Before<'a>>,
    terms: Arc<Terms>,
    today: Date,
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn below_content(path: &str) -> &str {
    path.strip_prefix("content/").unwrap_or(path)
}

/// A page's own front matter, then those of the sections above whose `cascade` holds for it, nearest first, each with
/// the file that it stands in.
type Fronts<'a> = Vec<(&'a FrontMatter, &'a Arc<str>)>;

/// What the nearest of `fronts` says, and the file in which it does.
fn said<'a, T>(fronts: &Fronts<'a>, pick: impl Fn(&'a FrontMatter) -> Option<T>) -> Option<(T, &'a Arc<str>)> {
    fronts.iter().find_map(|&(front, file)| Some((pick(front)?, file)))
}

/// The names of a page's terms, each with the number of its taxonomy, and what is wrong with them.
type Raw = (Vec<(usize, Arc<str>)>, Vec<Diagnostic>);

/// A page's offices, kind and series.
type LookedUp = (Offices, Option<Arc<Kind>>, Option<Arc<str>>);

/// A page's record and the page that it replaces.
type Made = (Arc<Record>, Option<PageId>, Vec<Diagnostic>);

/// The number that a page had, if its record is that of then.
type Kept = Option<PageId>;

impl Row {
    fn of(page: &Record, config: &Config) -> Self {
        let kinds = config.kinds();
        let same = |kind: &Arc<Kind>| kinds.iter().position(|one| Arc::ptr_eq(one, kind) || one.id == kind.id);
        let kind = page.kind.as_ref().and_then(same).unwrap_or(kinds.len());
        Self {
            day: page.day,
            section: page.section,
            offices: page.offices,
            is_live: page.status == Status::Live,
            is_lead: super::edition::is_lead(&page.extra),
            has_more: page.series.is_some() || page.updated.is_some() || page.document.front.supersedes.is_some(),
            kind: u8::try_from(kind).unwrap_or(u8::MAX),
        }
    }
}

impl Maker<'_> {
    fn document(&self, page: &Placed) -> &Arc<Document> {
        &self.documents[page.document as usize]
    }

    fn fronts(&self, page: &Placed) -> Fronts<'_> {
        let document = self.document(page);
        let mut found = vec![(&document.front, &document.path)];
        let mut at = Some(page.section);
        while let Some(id) = at {
            let record = &self.outline.sections[id.at()];
            if let Some(text) = &record.document {
                found.extend(text.front.cascade.as_deref().map(|cascade| (cascade, &text.path)));
            }
            at = record.parent;
        }
        found
    }

    fn slug(&self, page: &Placed, problems: &mut Vec<Diagnostic>) -> Arc<str> {
        let document = self.document(page);
        let given = document.front.slug.as_ref();
        let given = given.and_then(|given| address::slug_given(given, &document.path, problems));
        given.map_or_else(|| document.slug.clone(), Into::into)
    }

    /// The page of the library before that is the same down to the defaults of its sections. Its terms' and files'
    /// numbers may have changed. Asked of every page after every edit, so it looks at as little as it can.
    fn before(&self, at: usize) -> Option<PageId> {
        let before = self.previous.as_ref()?;
        let old = before.pairing.old(PageId(at as u32))?;
        let (was, row) = (before.library, &before.library.rows[old.at()]);
        let placed = &self.outline.pages[at];
        let document = self.document(placed);
        let same = before.same_sections
            && was.sound[old.at()]
            && Arc::ptr_eq(was.document(old.at()), document)
            && row.section == placed.section
            && (before.same_outline || !row.has_more || document.front.supersedes.is_none());
        let same_status = || {
            let record = &was.pages[old.at()];
            before.same_status
                || self.status(record.draft, document) == record.status
                    && form::is_stale(record.kind.as_ref(), document, self.today) == record.stale
        };
        (same && same_status()).then_some(old)
    }

    fn status(&self, draft: bool, document: &Document) -> Status {
        let day = |date: &Option<At<Date>>| date.as_ref().map(|at| at.value);
        if draft && !self.sources.options().drafts {
            Status::Draft
        } else if day(&document.front.date).is_some_and(|day| day > self.today) {
            Status::Future
        } else if day(&document.front.expires).is_some_and(|day| day <= self.today) {
            Status::Expired
        } else {
            Status::Live
        }
    }

    /// Fills the library with its pages and terms.
    fn pages(&mut self, library: &mut Library, problems: &mut Vec<Diagnostic>) {
        let count = self.outline.pages.len();
        let (terms, raw) = self.terms();
        let same_terms = self.previous.as_ref().is_some_and(|before| before.library.terms.are_numbered_as(&terms));
        let same_assets =
            self.previous.as_ref().is_some_and(|before| Arc::ptr_eq(&library.assets, &before.library.assets));
        self.terms = terms.clone();
        library.terms = terms;
        let this = &*self;
        let assets = library.assets.clone();
        let known = Known { documents: self.documents, outline: self.outline, assets: &assets };
        let made: Vec<(Kept, Made)> = raw
            .into_par_iter()
            .enumerate()
            .map(|(at, raw)| this.made(at, raw, same_terms, same_assets, &known))
            .collect();
        library.pages.reserve(count);
        library.sound.reserve(count);
        library.rows.reserve(count);
        library.terms_of = Lists::with_capacity(count);
        // Searching for what was meant comes after, in order of the files, so that the same ones get it in every build.
        let budget = place::Budget::new(place::SEARCHES);
        for (at, (kept, (record, old, mut found))) in made.into_iter().enumerate() {
            if budget.get() > 0 && found.iter().any(place::is_searched) {
                found.retain(|problem| !place::is_searched(problem));
                this.named(&record.document, &known, &budget, &mut found);
            }
            library.sound.push(found.is_empty());
            library.supersedes.extend(old.map(|old| (PageId(at as u32), old)));
            match kept.zip(self.previous.as_ref()) {
                Some((old, before)) => {
                    library.rows.push(before.library.rows[old.at()]);
                    library.terms_of.push(before.library.terms_of.of(old).iter().copied());
                }
                None => {
                    library.rows.push(Row::of(&record, self.config));
                    library.terms_of.push(record.terms.iter().copied());
                }
            }
            library.pages.push(record);
            problems.extend(found);
        }
    }

    /// The record of page number `at`: the one before, or made anew.
    fn made(&self, at: usize, raw: Raw, same_terms: bool, same_assets: bool, known: &Known<'_>) -> (Kept, Made) {
        let before = self.before(at);
        let kept = before.zip(self.previous.as_ref()).filter(|(old, before)| {
            let record = &before.library.pages[old.at()];
            (same_terms || record.terms.is_empty()) && (same_assets || record.file_entities.is_empty())
        });
        if let Some((old, before)) = kept {
            let replaces = before.library.supersedes.get(&old).and_then(|replaced| before.pairing.new_of(*replaced));
            return (Some(old), (before.library.pages[old.at()].clone(), replaces, Vec::new()));
        }
        // The names of a page that is as before have not been asked for.
        let (ids, found) = if before.is_some() { self.term_names(at) } else { raw };
        (None, self.record(at, ids, found, known))
    }

    /// Makes the record of page number `at`, whose terms have these names.
    fn record(
        &self,
        at: usize,
        names: Vec<(usize, Arc<str>)>,
        mut problems: Vec<Diagnostic>,
        known: &Known<'_>,
    ) -> Made {
        let placed = &self.outline.pages[at];
        let document = self.document(placed);
        let front = &document.front;
        let fronts = self.fronts(placed);
        let (offices, kind, series) = self.look_up(placed, &fronts, &mut problems);
        let said_text = |pick: fn(&FrontMatter) -> Option<&Arc<str>>| said(&fronts, pick).map(|(text, _)| text.clone());
        let section = &self.outline.sections[placed.section.at()];
        let slug = self.slug(placed, &mut problems);
        let draft = said(&fronts, |front| front.draft).is_some_and(|(draft, _)| draft);
        let iso = |date: &Option<At<Date>>| date.as_ref().map(|at| at.value.to_string().into());
        let (cover, attachments, supersedes) = self.named(document, known, &place::Budget::default(), &mut problems);
        let assets = known.assets;
        let file_entities = cover.iter().chain(&attachments).map(|id| assets[id.at()].entity).collect();
        let aliases =
            front.aliases.iter().filter_map(|alias| address::alias(alias, &document.path, &mut problems)).collect();
        let title = match &front.title {
            Some(title) => title.value.clone(),
            None => document.body.first_heading.clone().unwrap_or_else(|| placed.name(document).into()),
        };
        form::check(self.config, kind.as_ref(), document, &mut problems);
        let terms: Vec<TermId> = names.iter().filter_map(|(taxonomy, name)| self.term(*taxonomy, name)).collect();
        let record = Record {
            entity: Entity::new("page", &document.path),
            title,
            date: iso(&front.date),
            updated: iso(&front.updated),
            expires: iso(&front.expires),
            as_of: iso(&front.as_of),
            stale: form::is_stale(kind.as_ref(), document, self.today),
            fields: front.fields.iter().map(|(key, at)| (key.clone(), at.value.clone())).collect(),
            day: front.date.as_ref().map(|at| at.value),
            status: self.status(draft, document),
            draft,
            offices,
            kind,
            author: said_text(|front| front.author.as_ref()),
            source: said_text(|front| front.source.as_ref()),
            editor: said_text(|front| front.editor.as_ref()),
            summary: front.summary.clone().unwrap_or_else(|| document.body.summary.clone()),
            template: said_text(|front| front.template.as_ref().map(|at| &at.value)),
            section: placed.section,
            path: format!("{}{slug}.html", section.out).into(),
            slug,
            term_entities: terms.iter().map(|id| self.terms[id.at()].entity).collect(),
            terms,
            series,
            weight: front.weight.unwrap_or(0),
            extra: front.extra.clone(),
            cover,
            attachments,
            file_entities,
            aliases,
            document: document.clone(),
        };
        (Arc::new(record), supersedes, problems)
    }

    /// A page's offices, kind and series.
    fn look_up(&self, placed: &Placed, fronts: &Fronts<'_>, problems: &mut Vec<Diagnostic>) -> LookedUp {
        let document = self.document(placed);
        let section = &self.outline.sections[placed.section.at()];
        let own = match said(fronts, |front| front.offices.as_ref()) {
            Some((words, file)) => names::offices(self.config, words, file, problems),
            None => Offices::ALL,
        };
        let mut offices = Offices(own.0 & section.offices.0);
        if offices.0 == 0 {
            let diagnostic = Diagnostic::error(OFFICE_NONE, "这一篇写的办公区，不在它所在栏目的办公区之内");
            let diagnostic = match document.front.offices.as_ref().and_then(|words| words.first()) {
                Some(word) => diagnostic.at(&document.path, word.span),
                None => diagnostic.in_file(&document.path),
            };
            problems.push(
                diagnostic
                    .cause(format!("栏目“{}”限定了办公区，两边没有交集，这一篇就哪里也不会出现。", section.title))
                    .cure("改这一篇的 offices，或者把它移到别的栏目。"),
            );
            offices = own;
        }
        let kind = said(fronts, |front| front.kind.as_ref())
            .and_then(|(word, file)| names::kind(self.config, word, file, problems));
        let series = said(fronts, |front| front.series.as_ref())
            .and_then(|(word, file)| names::series(self.config, word, file, problems));
        (offices, kind.or_else(|| section.kind.clone()), series)
    }

    /// Cover, attachments and the page that this one replaces.
    fn named(
        &self,
        document: &Document,
        known: &Known<'_>,
        budget: &place::Budget,
        problems: &mut Vec<Diagnostic>,
    ) -> (Option<AssetId>, Vec<AssetId>, Option<PageId>) {
        let front = &document.front;
        let mut file_at = |wanted: &At<Arc<str>>, used: place::Use| {
            let id = place::asset(known, document, wanted, budget, problems)?;
            let remark = place::remark(&known.assets[id.at()], &wanted.value, used);
            problems.extend(remark.map(|remark| remark.at(&document.path, wanted.span)));
            Some(id)
        };
        let cover = front.cover.as_ref().and_then(|wanted| file_at(wanted, place::Use::Show));
        let attachments = front.attachments.iter().filter_map(|wanted| file_at(wanted, place::Use::Offer)).collect();
        let old = front.supersedes.as_ref();
        let old = old.and_then(|wanted| place::page(known, document, wanted, budget, problems));
        (cover, attachments, old)
    }
}

/// What stands at the portal's paths before there are records.
struct Known<'a> {
    documents: &'a [Arc<Document>],
    outline: &'a Outline,
    assets: &'a [AssetRecord],
}

impl Known<'_> {
    fn path(&self, page: &Placed) -> &Arc<str> {
        &self.documents[page.document as usize].path
    }
}

impl Paths for Known<'_> {
    fn find(&self, path: &str) -> Option<Found> {
        let page = self.outline.pages.binary_search_by(|page| (**self.path(page)).cmp(path));
        page.map(|at| Found::Page(PageId(at as u32)))
            .ok()
            .or_else(|| find_asset(self.assets, path))
            .or_else(|| find_section(&self.outline.sections, path))
    }

    fn all(&self) -> Vec<(&Arc<str>, Found)> {
        let pages = self.outline.pages.iter().enumerate();
        let pages = pages.map(|(at, page)| (self.path(page), Found::Page(PageId(at as u32))));
        pages.chain(all_others(self.assets, &self.outline.sections)).collect()
    }
}
