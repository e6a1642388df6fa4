//! The model of one edition: which pages it holds, their order and what relates them. Built from the library for each
//! office; its fields are private, and the way to read them is [`super::read`], which records.

mod checked;
mod home;

pub(super) use home::{check_plans, is_lead};

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use rayon::prelude::*;

use self::checked::Checked;
use self::home::Home;
use super::library::{Library, Pairing};
use super::lists::Lists;
use super::place::{Links, Target, Targets};
use super::record::{PageId, Record, SectionId, SectionRecord, Status, TermId};
use super::related::{self, Related};
use crate::content::SortBy;
use crate::diag::Diagnostic;
use crate::source::Office;

/// Most entries a feed holds.
const FEED: usize = 20;

/// One edition: an office and what it holds.
#[derive(Debug)]
pub struct Model {
    pub(super) library: Arc<Library>,
    pub(super) targets: Arc<Vec<Arc<Targets>>>,
    pub(super) section_targets: Arc<Vec<Targets>>,
    pub(super) office: usize,
    relations: Arc<Relations>,
}

/// What an edition's pages have to do with each other. An edit that changes no date, term, link … leaves it as it is.
#[derive(Debug)]
pub struct Relations {
    pub(super) held: Vec<bool>,
    pub(super) sections: Vec<SectionNode>,
    pub(super) terms: Vec<TermNode>,
    /// By taxonomy: whether this edition has a term of it.
    pub(super) used: Vec<bool>,
    /// By page: newer and older in its section.
    pub(super) neighbours: Vec<(Option<PageId>, Option<PageId>)>,
    pub(super) related: Related,
    pub(super) backlinks: Lists<PageId>,
    pub(super) superseded_by: HashMap<PageId, PageId>,
    pub(super) series: BTreeMap<Arc<str>, Vec<PageId>>,
    pub(super) months: BTreeMap<Arc<str>, Vec<PageId>>,
    pub(super) nav: Vec<SectionId>,
    pub(super) home: Home,
    pub(super) feed: Vec<PageId>,
    pub(super) updated: Option<Arc<str>>,
    pub(super) checked: Checked,
}

/// Nearly everything that is read of a model is read of its relations.
impl Deref for Model {
    type Target = Relations;

    fn deref(&self) -> &Relations {
        &self.relations
    }
}

/// A section in an edition.
#[derive(Debug, Default)]
pub(super) struct SectionNode {
    pub held: bool,
    pub pages: Vec<PageId>,
    pub children: Vec<SectionId>,
    /// Pages here and below.
    pub total: usize,
    /// Year, newest first, and how many pages.
    pub years: Vec<(Arc<str>, usize)>,
    /// Terms of the first taxonomy met in it, most used first.
    pub topics: Vec<TermId>,
}

/// A term in an edition.
#[derive(Debug, Default)]
pub(super) struct TermNode {
    pub pages: Vec<PageId>,
}

/// Where a page stands as seen from an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// In this edition.
    Here,
    /// Only in that office's.
    Office(usize),
    /// Not published.
    Nowhere,
}

impl Model {
    /// The model of office number `office`. `previous` is the one before and how its pages are these; `alike` says
    /// that nothing new has to do with relations but perhaps with what is said of the pages that are `edited`.
    pub(super) fn new(
        library: &Arc<Library>,
        links: &Links,
        office: usize,
        previous: Option<(&Self, &Pairing)>,
        edited: Option<&[PageId]>,
    ) -> Self {
        let kept = previous.zip(edited).map(|((previous, _), edited)| (&previous.relations, edited));
        let kept = kept.filter(|(relations, edited)| !edited.iter().any(|id| relations.checked.spoken_of.contains(id)));
        let relations = match kept {
            Some((relations, _)) => relations.clone(),
            None => {
                let before = previous.map(|(previous, pairing)| related::Before {
                    library: &previous.library,
                    held: &previous.held,
                    related: &previous.related,
                    pairing,
                });
                Arc::new(Maker::new(library, links, office).make(before))
            }
        };
        let Links { pages: targets, sections: section_targets } = links;
        let (targets, section_targets) = (targets.clone(), section_targets.clone());
        Self { library: library.clone(), targets, section_targets, office, relations }
    }

    /// Where the links lead.
    pub(super) fn links(&self) -> Links {
        Links { pages: self.targets.clone(), sections: self.section_targets.clone() }
    }

    /// Whether everything stands at the same addresses as in `old`, under the same numbers: then its plan is this one's.
    pub fn stands_as(&self, old: &Self) -> bool {
        let (a, b) = (&*old.library, &*self.library);
        let same_page =
            |(a, b): (&Arc<Record>, &Arc<Record>)| Arc::ptr_eq(a, b) || (&a.path, &a.aliases) == (&b.path, &b.aliases);
        b.stands_as(a) && a.pages.iter().zip(&b.pages).all(same_page) && (self.is_alike(old) || self.lists_as(old))
    }

    /// Whether there are the same lists, of as many pages each.
    fn lists_as(&self, old: &Self) -> bool {
        let size = self.paginate_by();
        let sections = self.sections.iter().zip(&old.sections).zip(&*self.library.sections);
        let same_section = |((a, b), section): ((&SectionNode, &SectionNode), &Arc<SectionRecord>)| {
            a.held == b.held
                && a.pages.len().div_ceil(section.paginate_by) == b.pages.len().div_ceil(section.paginate_by)
        };
        let same_term = |(a, b): (&TermNode, &TermNode)| {
            a.pages.is_empty() == b.pages.is_empty() && a.pages.len().div_ceil(size) == b.pages.len().div_ceil(size)
        };
        self.held == old.held
            && self.checked.assets == old.checked.assets
            && self.months.keys().eq(old.months.keys())
            && sections.into_iter().all(same_section)
            && self.terms.iter().zip(&old.terms).all(same_term)
    }

    /// Whether nothing relates otherwise than in `other`.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.relations, &other.relations)
    }

    /// What is to be said about links.
    pub(super) fn link_problems(&self) -> &[Diagnostic] {
        &self.relations.checked.problems
    }

    pub(super) fn office(&self) -> &Arc<Office> {
        &self.library.config.offices()[self.office]
    }

    pub(super) fn record(&self, id: PageId) -> &Arc<Record> {
        &self.library.pages[id.at()]
    }

    /// Pages that this edition holds.
    pub fn count(&self) -> usize {
        self.held.iter().filter(|&&held| held).count()
    }

    pub(super) fn stand(&self, id: PageId) -> Stand {
        stand(&self.library, &self.held, id)
    }
}

fn stand(library: &Library, held: &[bool], id: PageId) -> Stand {
    if held[id.at()] {
        return Stand::Here;
    }
    let page = &library.pages[id.at()];
    if page.status != Status::Live {
        return Stand::Nowhere;
    }
    let offices = 0..library.config.offices().len();
    offices.into_iter().find(|&office| page.offices.holds(office)).map_or(Stand::Nowhere, Stand::Office)
}

/// Puts one edition's relations together.
struct Maker<'a> {
    library: &'a Library,
    links: &'a Links,
    office: usize,
    r: Relations,
}

impl<'a> Maker<'a> {
    fn new(library: &'a Library, links: &'a Links, office: usize) -> Self {
        let pages = &library.pages;
        let r = Relations {
            held: library.rows.iter().map(|row| row.is_live && row.offices.holds(office)).collect(),
            sections: library.sections.iter().map(|_| SectionNode::default()).collect(),
            terms: library.terms.iter().map(|_| TermNode::default()).collect(),
            used: vec![false; library.config.taxonomies().len()],
            neighbours: vec![(None, None); pages.len()],
            related: Related::default(),
            backlinks: Lists::default(),
            superseded_by: HashMap::new(),
            series: BTreeMap::new(),
            months: BTreeMap::new(),
            nav: Vec::new(),
            home: Home::default(),
            feed: Vec::new(),
            updated: None,
            checked: Checked::default(),
        };
        Self { library, links, r, office }
    }

    fn make(mut self, before: Option<related::Before<'_>>) -> Relations {
        let (library, links) = (self.library, self.links);
        let held = self.r.held.clone();
        let put_in_order = || {
            self.distribute();
            self.order();
        };
        let ((), backlinks) = rayon::join(put_in_order, || backlinks(library, &held, &links.pages));
        self.r.backlinks = backlinks;
        let r = &self.r;
        let (related, checked) = rayon::join(
            || related::related(library, &held, &r.terms, before),
            || Checked::new(library, links, &held, &r.sections),
        );
        self.r.related = related;
        self.r.checked = checked;
        self.fill_home();
        self.r
    }

    /// Hands the pages out to sections, terms, months and series, newest first: one sort for all. Records are visited
    /// only for what few pages have.
    fn distribute(&mut self) {
        let (library, r) = (self.library, &mut self.r);
        let mut month: (Arc<str>, Vec<PageId>) = ("".into(), Vec::new());
        let mut of = None;
        let mut replacing = Vec::new();
        for &id in &library.by_date {
            if !r.held[id.at()] {
                continue;
            }
            let row = &library.rows[id.at()];
            r.sections[row.section.at()].pages.push(id);
            for term in library.terms_of.of(id) {
                r.terms[term.at()].pages.push(id);
            }
            if let Some(day) = row.day {
                // They come by date, so one month is whole before the next begins, and the first page is the newest.
                if of.replace((day.year(), day.month())) != Some((day.year(), day.month()))
                    && let Some(date) = &library.pages[id.at()].date
                {
                    r.updated.get_or_insert_with(|| date.clone());
                    r.months.insert(std::mem::replace(&mut month.0, date[..7].into()), std::mem::take(&mut month.1));
                }
                month.1.push(id);
                if r.feed.len() < FEED {
                    r.feed.push(id);
                }
            }
            if row.has_more {
                let page = &library.pages[id.at()];
                if let Some(date) = &page.updated
                    && r.updated.as_ref().is_none_or(|newest| newest < date)
                {
                    r.updated = Some(date.clone());
                }
                if let Some(series) = &page.series {
                    r.series.entry(series.clone()).or_default().push(id);
                }
                replacing.extend(library.supersedes.get(&id).map(|&old| (old, id)));
            }
        }
        r.months.insert(month.0, month.1);
        r.months.remove("");
        for (old, id) in replacing {
            if r.held[old.at()] {
                r.superseded_by.entry(old).or_insert(id);
            }
        }
        for (term, node) in library.terms.iter().zip(&r.terms) {
            r.used[term.taxonomy] |= !node.pages.is_empty();
        }
        for pages in r.series.values_mut() {
            pages.sort_by_key(|&id| (library.pages[id.at()].weight, id));
        }
    }

    /// Orders each section, counts, and decides which sections there are.
    fn order(&mut self) {
        let library = self.library;
        let mut counts = vec![0; library.terms.len()];
        for (section, node) in library.sections.iter().zip(&mut self.r.sections) {
            match section.sort_by {
                SortBy::Date => {}
                SortBy::Weight => node.pages.sort_by_key(|&id| (library.pages[id.at()].weight, id)),
                SortBy::Title => node
                    .pages
                    .sort_by(|&a, &b| (&library.pages[a.at()].title, a).cmp(&(&library.pages[b.at()].title, b))),
            }
            for (at, &id) in node.pages.iter().enumerate() {
                let before = at.checked_sub(1).map(|at| node.pages[at]);
                let after = node.pages.get(at + 1).copied();
                // By date the list runs from new to old; by weight or title, from first to last.
                self.r.neighbours[id.at()] =
                    if section.sort_by == SortBy::Date { (before, after) } else { (after, before) };
            }
            counts.fill(0);
            let mut years: Vec<(i16, usize)> = Vec::new();
            for &id in &node.pages {
                if let Some(day) = library.rows[id.at()].day {
                    match years.iter_mut().find(|(year, _)| *year == day.year()) {
                        Some((_, count)) => *count += 1,
                        None => {
                            years.push((day.year(), 1));
                            node.years.extend(library.pages[id.at()].date.as_ref().map(|date| (date[..4].into(), 0)));
                        }
                    }
                }
                for &term in library.terms_of.of(id) {
                    counts[term.at()] += 1;
                }
            }
            node.years.iter_mut().zip(&years).for_each(|((_, total), (_, count))| *total = *count);
            node.years.sort_by(|a, b| b.0.cmp(&a.0));
            let met = counts.iter().enumerate().filter(|(_, count)| **count > 0);
            let met = met.map(|(at, &count)| (count, TermId(at as u32)));
            let first = met.clone().map(|(_, term)| library.terms[term.at()].taxonomy).min();
            let mut used: Vec<(usize, TermId)> =
                met.filter(|(_, term)| Some(library.terms[term.at()].taxonomy) == first).collect();
            used.sort_by_key(|&(count, term)| (std::cmp::Reverse(count), library.terms.rank(term)));
            node.topics = used.into_iter().take(12).map(|(_, term)| term).collect();
        }
        // Sections are sorted by folder, so each stands after the one above it.
        for at in (0..self.r.sections.len()).rev() {
            let section = &library.sections[at];
            self.r.sections[at].total += self.r.sections[at].pages.len();
            let node = &self.r.sections[at];
            let named = section.document.is_some() && section.offices.holds(self.office);
            let held = named || node.total > 0 || section.parent.is_none();
            let total = node.total;
            self.r.sections[at].held = held;
            if let (Some(parent), true) = (section.parent, held) {
                self.r.sections[parent.at()].total += total;
                self.r.sections[parent.at()].held = true;
                self.r.sections[parent.at()].children.insert(0, SectionId(at as u32));
            }
        }
        let find = |path: &str| library.sections.iter().position(|section| *section.folder == *path);
        let confs = library.config.sections();
        self.r.nav = if confs.is_empty() {
            self.r.sections.first().map(|root| root.children.clone()).unwrap_or_default()
        } else {
            confs.iter().filter_map(|conf| find(&conf.path)).map(|at| SectionId(at as u32)).collect()
        };
        self.r.nav.retain(|id| self.r.sections[id.at()].held);
    }
}

/// Which held pages link to each, newest first.
fn backlinks(library: &Library, held: &[bool], targets: &[Arc<Targets>]) -> Lists<PageId> {
    // To which page, from how new a one.
    let mut all: Vec<(u32, u32)> = targets
        .par_iter()
        .enumerate()
        .filter(|(from, _)| held[*from])
        .flat_map_iter(|(from, targets)| {
            let pages = targets.links.iter().filter_map(move |link| match link {
                Target::Page(to, _) if to.at() != from && held[to.at()] => Some(to.0),
                _ => None,
            });
            pages.map(move |to| (to, library.rank[from]))
        })
        .collect();
    all.par_sort_unstable();
    all.dedup();
    let mut lists = Lists::with_capacity(held.len());
    let mut rest = &all[..];
    for to in 0..held.len() as u32 {
        let own = rest.iter().take_while(|(page, _)| *page == to).count();
        lists.push(rest[..own].iter().map(|&(_, rank)| library.by_date[rank as usize]));
        rest = &rest[own..];
    }
    lists
}
