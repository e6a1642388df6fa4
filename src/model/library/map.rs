//! The map of what the former bureaus can learn of each other: by line of business, which of them each page has to do
//! with, and what kind of page it is. It speaks of the whole portal, since its point is what nobody has written.

use std::sync::Arc;

use super::{Library, Row};
use crate::model::record::{Offices, PageId, TermId};
use crate::source::Config;

/// See the head of this file.
#[derive(Debug, Default)]
pub struct Map {
    /// The former bureaus.
    pub columns: Vec<Arc<str>>,
    /// Numbers of the kinds that it counts, in the configuration.
    pub kinds: Vec<usize>,
    /// The lines of business.
    pub rows: Vec<MapRow>,
}

/// A line of business.
#[derive(Debug)]
pub struct MapRow {
    /// Its name.
    pub name: Arc<str>,
    /// Its term, if a page has it.
    pub term: Option<TermId>,
    /// By column: whether it was that bureau's.
    pub home: Vec<bool>,
    /// By column, and then what belongs to none of them: by kind, how many pages and the newest.
    pub cells: Vec<Vec<(usize, Option<PageId>)>>,
}

/// What the configuration says of it: the taxonomy's number, and the former bureaus with their offices.
type Frame = (usize, Vec<(Arc<str>, u64)>);

/// `None` where there is nothing to learn of each other: no such taxonomy, or fewer than two former bureaus.
fn frame(config: &Config) -> Option<Frame> {
    let taxonomy = config.taxonomies().iter().position(|one| one.id == config.map().taxonomy)?;
    let mut columns: Vec<(Arc<str>, u64)> = Vec::new();
    for (at, office) in config.offices().iter().enumerate().take(64).filter(|(_, office)| !office.former.is_empty()) {
        match columns.iter_mut().find(|(former, _)| *former == office.former) {
            Some((_, offices)) => *offices |= 1 << at,
            None => columns.push((office.former.clone(), 1 << at)),
        }
    }
    (columns.len() > 1).then_some((taxonomy, columns))
}

/// The taxonomy that the map's rows come from, if there is a map.
pub(in super::super) fn taxonomy(config: &Config) -> Option<usize> {
    frame(config).map(|(taxonomy, _)| taxonomy)
}

/// The columns, a bit each, whose bureaus a line of business belonged to.
fn claims(config: &Config, columns: &[(Arc<str>, u64)], term: &str) -> u64 {
    let claims = |at: usize| {
        let office = &config.offices()[at];
        let alike = |line: &Arc<str>| line.contains(term) || term.contains(&**line);
        match office.business.is_empty() {
            true => office.lines.iter().any(alike),
            false => office.business.iter().any(|one| **one == *term),
        }
    };
    let of_office = |(_, offices): &(Arc<str>, u64)| {
        (0..config.offices().len().min(64)).any(|at| offices >> at & 1 == 1 && claims(at))
    };
    columns.iter().enumerate().filter(|(_, column)| of_office(column)).fold(0, |bits, (at, _)| bits | 1 << at)
}

impl Map {
    pub(super) fn new(library: &Library) -> Self {
        let config = &library.config;
        let Some((taxonomy, columns)) = frame(config) else { return Self::default() };
        let kinds: Vec<usize> = (0..config.kinds().len()).filter(|&at| config.kinds()[at].side.is_some()).collect();
        let listed = &config.taxonomies()[taxonomy].terms;
        let met = || {
            let met = (0..library.terms.len() as u32).map(TermId);
            let mut met: Vec<TermId> =
                met.filter(|id| library.terms[id.at()].taxonomy == taxonomy && library.terms[id.at()].met).collect();
            met.sort_by_key(|&id| library.terms.rank(id));
            met.into_iter().map(|id| library.terms[id.at()].name.clone()).collect()
        };
        let names: Vec<Arc<str>> = if listed.is_empty() { met() } else { listed.clone() };
        // By term: its row, and the columns that claim it.
        let mut of_term: Vec<Option<(usize, u64)>> = vec![None; library.terms.len()];
        let mut rows = Vec::with_capacity(names.len());
        for name in names {
            let bits = claims(config, &columns, &name);
            // A term that no page has any more keeps its number for as long as the library is built upon.
            let term = library.terms.find(taxonomy, &name).filter(|id| library.terms[id.at()].met);
            if let Some(id) = term {
                of_term[id.at()] = Some((rows.len(), bits));
            }
            let home = (0..columns.len()).map(|at| bits >> at & 1 == 1).collect();
            rows.push(MapRow { name, term, home, cells: vec![vec![(0, None); kinds.len()]; columns.len() + 1] });
        }
        let place: Vec<Option<usize>> =
            (0..=config.kinds().len()).map(|kind| kinds.iter().position(|&one| one == kind)).collect();
        for &id in library.by_date.ids() {
            let row = &library.rows[id.at()];
            let own = || library.pages[id.at()].terms.iter().filter_map(|term| of_term[term.at()]);
            let (true, Some(kind)) = (row.is_live, place.get(usize::from(row.kind)).copied().flatten()) else {
                continue;
            };
            let bits = match for_some(row, config) {
                Some(offices) => columns_of(&columns, offices),
                None => own().fold(0, |bits, (_, claimed)| bits | claimed),
            };
            for (at, _) in own() {
                for (column, cell) in rows[at].cells.iter_mut().enumerate() {
                    let is_nobodys = column == columns.len();
                    let is_theirs = if is_nobodys { bits == 0 } else { bits >> column & 1 == 1 };
                    if is_theirs {
                        let (count, newest) = &mut cell[kind];
                        *count += 1;
                        *newest = newest.or(Some(id));
                    }
                }
            }
        }
        Self { columns: columns.into_iter().map(|(former, _)| former).collect(), kinds, rows }
    }
}

/// The offices that a page is for, unless it is for all.
fn for_some(row: &Row, config: &Config) -> Option<Offices> {
    let all = (0..config.offices().len()).all(|at| row.offices.holds(at));
    (!all).then_some(row.offices)
}

fn columns_of(columns: &[(Arc<str>, u64)], offices: Offices) -> u64 {
    let of = columns.iter().enumerate().filter(|(_, (_, bits))| bits & offices.0 != 0);
    of.fold(0, |bits, (at, _)| bits | 1 << at)
}
