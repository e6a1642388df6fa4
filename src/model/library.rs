//! All pages, sections, terms and files of the portal, whatever the edition: the first half of the model. Documents
//! come in, records go out; defaults of the sections above are applied here, and what the front matter names (offices,
//! kinds, series, terms) is looked up and complained about. What the library before had and nothing new touches is
//! taken over; a page about which there is something to complain is always made anew, and complained about again.

mod form;
mod gather;
mod laws;
mod made;
mod map;
mod names;
mod order;
mod outline;
mod pairing;
mod paths;
mod roster;
mod terms;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use rayon::prelude::*;

pub(super) use self::laws::Laws;
pub use self::map::Map;
pub(super) use self::map::taxonomy as map_taxonomy;
pub(super) use self::order::{Order, merged};
use self::outline::Placed;
pub use self::pairing::Pairing;
pub(super) use self::pairing::Turn;
pub(super) use self::paths::Paths;
use self::paths::{all_others, find_asset, find_page, find_section};
use self::roster::Roster;
use self::terms::Terms;
use super::fact::Entity;
use super::place::Links;
use super::record::{AssetId, AssetRecord, Offices, PageId, Record, SectionId, SectionRecord, Status, TermId};
use super::syllabus::Syllabus;
use super::{address, place};
use crate::chunk::Slots;
use crate::content::{At, Audience, Document, FrontMatter, Series};
use crate::diag::{Diagnostic, KIOSK_SCREEN_UNKNOWN, OFFICE_NONE, SUPERSEDES_SELF, nearest};
use crate::insides::Insides;
use crate::source::{Config, Kind, Names, Office, Screen, Sources};
use crate::texts::Texts;

/// Everything that is the same in every edition. A page that is no more leaves its number empty: what stands there means
/// nothing, and the orders of pages do not hold it.
#[derive(Debug)]
pub struct Library {
    pub(super) config: Arc<Config>,
    roster: Roster,
    pub(super) pages: Slots<Arc<Record>>,
    /// By page.
    pub(super) rows: Slots<Row>,
    /// What decided which pages are live.
    pub(super) today: Date,
    drafts: bool,
    names: Names,
    /// Pages with something wrong in what their front matter names.
    unsound: Arc<BTreeSet<PageId>>,
    /// Pages that are not published.
    hidden: Arc<BTreeSet<PageId>>,
    pub(super) sections: Arc<[Arc<SectionRecord>]>,
    pub(super) terms: Arc<Terms>,
    /// By term: how many pages have it.
    uses: Arc<Vec<u32>>,
    pub(super) assets: Arc<[AssetRecord]>,
    /// What stands inside of them, where a text wants it.
    pub(super) insides: Arc<Insides>,
    /// By file: the folder page that it lies beside, if any.
    pub(super) owners: Arc<Vec<Option<PageId>>>,
    /// Which page replaces which older one.
    pub(super) supersedes: Arc<BTreeMap<PageId, PageId>>,
    /// Pages whose front matter names a series.
    pub(super) naming: Arc<BTreeSet<PageId>>,
    /// The files that declare series, sorted by path.
    series: Vec<Arc<Series>>,
    /// Which pages make up which series.
    pub(super) syllabus: Syllabus,
    /// The statutes among the pages.
    pub(super) laws: Laws,
    /// Who has written what on which line of business, made when it is asked for.
    map: OnceLock<Map>,
    /// What stands at each path, made when many are looked for.
    by_path: OnceLock<HashMap<Arc<str>, Found>>,
    /// Source file by output path, for links that were written as addresses.
    by_address: OnceLock<HashMap<Arc<str>, Arc<str>>>,
    /// Pages by source path.
    pub(super) order: Arc<Order>,
    /// Pages, newest first, undated ones last, then by path.
    pub(super) by_date: Arc<Order>,
    /// Names this library among all.
    token: Arc<()>,
    /// The one that it was made upon, and what it changed.
    lineage: Option<(Arc<()>, Arc<Turn>)>,
    /// `2026-11`, the month whose plan the home page shows.
    pub(super) month: Arc<str>,
}

/// What is asked of every page whenever pages are put in order, side by side in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub day: Option<Date>,
    pub section: SectionId,
    /// Whether it names a date of its last change.
    pub is_updated: bool,
    pub offices: Offices,
    pub is_live: bool,
    /// Whether it is only its date that it waits for.
    pub is_future: bool,
    pub audience: Audience,
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
    pub(super) fn holding(self, insides: Arc<Insides>) -> Self {
        Self { insides, ..self }
    }

    /// The same with its series put together.
    #[must_use]
    pub(super) fn teaching(mut self, problems: &mut Vec<Diagnostic>) -> Self {
        self.syllabus = Syllabus::new(&self, &self.series, problems);
        self
    }

    /// Makes records of the documents. `previous` is the library of other texts.
    pub(super) fn new(
        sources: &Sources,
        (texts, series): (&Texts, &[Arc<Series>]),
        previous: Option<(&Self, &Texts)>,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let config = sources.config().clone();
        // Under another configuration every name may mean something else; and numbers begin anew when too many are empty.
        let previous = previous
            .filter(|(library, _)| library.config.hash() == config.hash() && !library.roster.is_sparse(&library.order));
        let (roster, order, mut turn) = Roster::new(&config, texts, previous);
        let today = sources.today();
        let mut maker = Maker {
            terms: Arc::default(),
            config: &config,
            sources,
            series,
            roster: &roster,
            order: &order,
            previous: previous.map(|(library, _)| Before {
                library,
                same_paths: !turn.is_other_set(),
                same_status: library.today == today && library.drafts == sources.options().drafts,
                same_sections: Arc::ptr_eq(&roster.outline.sections, &library.sections),
                same_series: {
                    let names = |one: &'_ Arc<Series>| (one.id.clone(), one.name.clone(), one.is_readable());
                    library.series.iter().map(names).eq(series.iter().map(names))
                },
            }),
            today,
        };
        let (assets, owners) = maker.assets(texts, previous, &turn);
        let anew = maker.anew(&turn, &assets);
        let Some((terms, uses, names)) = maker.terms(&anew, &turn) else {
            // Terms are numbered anew, and so is everything.
            return Self::new(sources, (texts, series), None, problems);
        };
        maker.terms = terms;
        problems.extend(roster.outline.problems.iter().cloned());
        let made = maker.records(&anew, names, &assets, problems);
        let blank = Self {
            config: config.clone(),
            sections: roster.outline.sections.clone(),
            pages: Slots::default(),
            rows: Slots::default(),
            today,
            drafts: sources.options().drafts,
            names: sources.options().names,
            unsound: Arc::default(),
            hidden: Arc::default(),
            terms: maker.terms.clone(),
            uses: Arc::new(uses),
            assets,
            insides: Arc::default(),
            owners,
            supersedes: Arc::default(),
            naming: Arc::default(),
            series: series.to_vec(),
            syllabus: Syllabus::default(),
            laws: Laws::default(),
            map: OnceLock::new(),
            by_path: OnceLock::new(),
            by_address: OnceLock::new(),
            order: order.clone(),
            by_date: Arc::default(),
            token: Arc::default(),
            lineage: None,
            month: format!("{:04}-{:02}", today.year(), today.month()).into(),
            roster: roster.clone(),
        };
        turn.remade = anew.into_iter().filter(|id| turn.came.binary_search(id).is_err()).collect();
        turn.remade.sort_unstable();
        let mut library = blank.with(previous.map(|(library, _)| library), turn, made);
        library.laws = Laws::new(&library, problems);
        library
    }

    /// This library with the pages of `previous`, as `turn` says that they became, and those that were `made`.
    fn with(mut self, previous: Option<&Self>, turn: Turn, made: Vec<(PageId, Made)>) -> Self {
        let (mut unsound, mut hidden, mut supersedes) = <(BTreeSet<_>, BTreeSet<_>, BTreeMap<_, _>)>::default();
        let mut naming = BTreeSet::new();
        if let Some(previous) = previous {
            (self.pages, self.rows) = (previous.pages.clone(), previous.rows.clone());
            unsound.clone_from(&previous.unsound);
            hidden.clone_from(&previous.hidden);
            naming.clone_from(&previous.naming);
            supersedes.clone_from(&previous.supersedes);
        }
        for id in &turn.went {
            unsound.remove(id);
            hidden.remove(id);
            naming.remove(id);
            supersedes.remove(id);
        }
        let (mut out, mut dated) = (turn.went.clone(), Vec::new());
        for (id, Made { record, replaces, is_sound }) in made {
            let row = Row::of(&record, &self.config);
            let stays = previous.filter(|old| old.by_date.has(id)).is_some_and(|old| old.rows[id.at()].day == row.day);
            if !stays {
                out.push(id);
                dated.push(id);
            }
            let put = |set: &mut BTreeSet<PageId>, is_in: bool| if is_in { set.insert(id) } else { set.remove(&id) };
            put(&mut unsound, !is_sound);
            put(&mut hidden, record.status != Status::Live);
            put(&mut naming, record.series.is_some());
            match replaces {
                Some(old) => supersedes.insert(id, old),
                None => supersedes.remove(&id),
            };
            self.rows.put(id.at(), row);
            self.pages.put(id.at(), record);
        }
        let by_day = |a: PageId, b: PageId| {
            let day = |id: PageId| std::cmp::Reverse(self.rows[id.at()].day);
            day(a).cmp(&day(b)).then_with(|| self.order.place(a).cmp(&self.order.place(b)))
        };
        self.by_date = match previous {
            Some(previous) if out.is_empty() => previous.by_date.clone(),
            Some(previous) => Arc::new(previous.by_date.with(out, dated, by_day)),
            None => {
                dated.par_sort_unstable_by(|&a, &b| by_day(a, b));
                Arc::new(Order::new(dated))
            }
        };
        self.unsound = Arc::new(unsound);
        self.hidden = Arc::new(hidden);
        self.naming = Arc::new(naming);
        self.supersedes = Arc::new(supersedes);
        self.lineage = previous.map(|previous| (previous.token.clone(), Arc::new(turn)));
        self
    }

    /// Place of a page among all, newest first.
    pub(super) fn rank(&self, id: PageId) -> u32 {
        self.by_date.place(id)
    }

    /// What was changed to make this library of `old`; `None` if it was not made of that.
    pub(super) fn turn_since(&self, old: &Self) -> Option<&Arc<Turn>> {
        self.lineage.as_ref().filter(|(token, _)| Arc::ptr_eq(token, &old.token)).map(|(_, turn)| turn)
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
        self.turn_since(old).is_some_and(|turn| !turn.is_other_set())
            && Arc::ptr_eq(&self.sections, &old.sections)
            && Arc::ptr_eq(&self.assets, &old.assets)
            && (Arc::ptr_eq(&self.terms, &old.terms) || self.terms.stand_as(&old.terms))
    }

    /// The pages that are not what they were in `old`, if none of them relates otherwise to anything than before;
    /// `None` if one does.
    pub(super) fn edited(&self, old: &Self, links: &Links, old_links: &Links) -> Option<Vec<PageId>> {
        let turn = self.turn_since(old).filter(|turn| !turn.is_other_set())?;
        let same = Arc::ptr_eq(&self.sections, &old.sections)
            && Arc::ptr_eq(&self.terms, &old.terms)
            && Arc::ptr_eq(&self.assets, &old.assets)
            && self.month == old.month
            && self.supersedes == old.supersedes
            && self.syllabus.is_alike(&old.syllabus)
            && links.sections == old_links.sections;
        if !same {
            return None;
        }
        let others = links.others.iter().copied();
        let edited: BTreeSet<PageId> = turn.remade.iter().copied().chain(others).collect();
        for id in &edited {
            let (a, b) = (&old.pages[id.at()], &self.pages[id.at()]);
            let (x, y) = (&old_links.pages[id.at()], &links.pages[id.at()]);
            if (x.links != y.links || x.images != y.images || x.citations != y.citations)
                || !a.relates_as(b, self.sections[b.section.at()].sort_by)
            {
                return None;
            }
        }
        Some(edited.into_iter().collect())
    }

    /// The pages, sorted by source path.
    pub fn pages(&self) -> impl DoubleEndedIterator<Item = &Arc<Record>> {
        self.order.ids().iter().map(|id| &self.pages[id.at()])
    }

    /// The pages that are not published.
    pub(super) fn hidden(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.hidden.iter().map(|id| &self.pages[id.at()])
    }

    /// Makes ready for looking up many paths.
    pub(super) fn index(&self) {
        self.by_path.get_or_init(|| self.all().into_iter().map(|(path, found)| (path.clone(), found)).collect());
    }

    /// Who has written what on which line of business.
    pub(super) fn map(&self) -> &Map {
        self.map.get_or_init(|| Map::new(self))
    }

    pub(super) fn by_address(&self) -> &HashMap<Arc<str>, Arc<str>> {
        self.by_address.get_or_init(|| {
            let sections = self.sections.iter().rev().filter_map(|section| {
                let document = section.document.as_ref()?;
                Some((section.path.clone(), document.path.clone()))
            });
            let pages = self.pages().rev().map(|page| (page.path.clone(), page.document.path.clone()));
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
    same_paths: bool,
    same_status: bool,
    same_sections: bool,
    /// Whether series have the names that they had.
    same_series: bool,
}

struct Maker<'a> {
    config: &'a Config,
    sources: &'a Sources,
    series: &'a [Arc<Series>],
    roster: &'a Roster,
    order: &'a Order,
    previous: Option<Before<'a>>,
    terms: Arc<Terms>,
    pub(super) today: Date,
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

/// A page's record, the page that it replaces, and whether nothing is wrong with what its front matter names.
struct Made {
    record: Arc<Record>,
    replaces: Option<PageId>,
    is_sound: bool,
}

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
            is_future: page.status == Status::Future,
            audience: page.audience,
            is_lead: super::edition::is_lead(&page.extra),
            is_updated: page.updated.is_some(),
            kind: u8::try_from(kind).unwrap_or(u8::MAX),
        }
    }
}

impl Maker<'_> {
    fn placed(&self, id: PageId) -> &Placed {
        &self.roster.placed[id.at()]
    }

    fn fronts<'p>(&'p self, page: &'p Placed) -> Fronts<'p> {
        let document = &page.document;
        let mut found = vec![(&document.front, &document.path)];
        let mut at = Some(page.section);
        while let Some(id) = at {
            let record = &self.roster.outline.sections[id.at()];
            if let Some(text) = &record.document {
                found.extend(text.front.cascade.as_deref().map(|cascade| (cascade, &text.path)));
            }
            at = record.parent;
        }
        found
    }

    /// The pages whose records are made anew, in order of their paths: all but those that are the same down to the
    /// defaults of their sections.
    fn anew(&self, turn: &Turn, assets: &Arc<[AssetRecord]>) -> Vec<PageId> {
        let Some(before) = self.previous.as_ref() else { return self.order.ids().to_vec() };
        let was = before.library;
        let same_assets = Arc::ptr_eq(assets, &was.assets);
        if !(before.same_sections && before.same_status && same_assets) {
            // Files have other numbers if there are others.
            let same_files = |id: PageId| same_assets || was.pages[id.at()].file_entities.is_empty();
            let is_as_before = |id: PageId| self.is_as_before(id, before) && same_files(id);
            return self.order.ids().iter().copied().filter(|&id| !is_as_before(id)).collect();
        }
        let unsound = was.unsound.iter().copied();
        let mut anew: Vec<PageId> = turn.came.iter().chain(&turn.remade).copied().chain(unsound).collect();
        if !before.same_paths {
            // They name a page, and another may stand there now.
            anew.extend(was.supersedes.keys());
        }
        if !before.same_series {
            anew.extend(was.naming.iter());
        }
        anew.retain(|&id| self.order.has(id));
        anew.sort_unstable_by_key(|&id| self.order.place(id));
        anew.dedup();
        anew
    }

    fn is_as_before(&self, id: PageId, before: &Before<'_>) -> bool {
        let was = before.library;
        if !was.order.has(id) {
            return false;
        }
        let (placed, old) = (self.placed(id), &was.roster.placed[id.at()]);
        let document = &placed.document;
        let same = before.same_sections
            && !was.unsound.contains(&id)
            && Arc::ptr_eq(&old.document, document)
            && old.section == placed.section
            && (before.same_series || !was.naming.contains(&id))
            && (before.same_paths || document.front.supersedes.is_none());
        let record = &was.pages[id.at()];
        same && self.status(record.draft, document) == record.status
            && form::is_stale(record.kind.as_ref(), document, self.today) == record.stale
    }
}
