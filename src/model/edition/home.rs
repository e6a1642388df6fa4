//! The home page of an edition, and what the door shows of it: the lead story, the newest of each column, the office's own
//! notices, this month's plan, what is fresh elsewhere.

use std::sync::Arc;

use super::super::record::{Offices, PageId, SectionId, TermId};
use super::super::syllabus::Named;
use super::{Maker, Stand, stand};
use crate::tree::{Node, Scalar, Value};

/// Most pages a home page column, the notices and the other offices' column show.
const HOME_COLUMN: usize = 6;
/// What the home page shows.
#[derive(Debug, Default)]
pub(in super::super) struct Home {
    pub lead: Option<PageId>,
    pub columns: Vec<(SectionId, Vec<PageId>)>,
    pub notices: Vec<PageId>,
    /// This month's study, series by series.
    pub plans: Vec<Named>,
    pub elsewhere: Vec<(PageId, usize)>,
    pub topics: Vec<TermId>,
    /// What the door shows of the edition: its newest page on the home page's sections, one of the office's own first.
    pub door: Option<PageId>,
}

impl Maker<'_> {
    pub(super) fn fill_home(&mut self) {
        let library = self.library;
        let config = &library.config;
        let shown = |section: SectionId| {
            let folder = &library.sections[section.at()].folder;
            config.sections().iter().find(|conf| conf.path == *folder).is_none_or(|conf| conf.home)
        };
        let notice = config.kinds().iter().position(|kind| &*kind.id == "notice");
        let columns: Vec<SectionId> = self
            .r
            .nav
            .iter()
            .copied()
            .filter(|&id| shown(id))
            .filter(|id| library.sections[id.at()].kind.as_ref().is_none_or(|kind| &*kind.id != "notice"))
            .collect();
        let top = |mut section: SectionId| loop {
            match library.sections[section.at()].parent {
                Some(parent) if library.sections[parent.at()].parent.is_some() => section = parent,
                _ => return section,
            }
        };
        let mut home = Home { columns: columns.iter().map(|&id| (id, Vec::new())).collect(), ..Home::default() };
        let only_here = Offices(1 << self.office);
        let mut newest = None;
        let mut own = None;
        // By section, so that no page's record need be visited.
        let tops: Vec<(SectionId, bool)> = (0..library.sections.len() as u32)
            .map(|at| {
                let top = top(SectionId(at));
                (top, shown(top))
            })
            .collect();
        for &id in library.by_date.ids() {
            let row = &library.rows[id.at()];
            if !self.r.held[id.at()] {
                if home.elsewhere.len() < HOME_COLUMN
                    && let Stand::Office(office) = stand(library, &self.r.held, id)
                {
                    home.elsewhere.push((id, office));
                }
                continue;
            }
            let (section, is_shown) = tops[row.section.at()];
            // A handbook that was revised today is no news at the door, and a page that all offices share would be
            // named there once an office.
            if row.day.is_some() && is_shown {
                home.door = home.door.or(Some(id));
                if row.offices == only_here {
                    own = own.or(Some(id));
                }
            }
            if notice == Some(usize::from(row.kind)) {
                if row.offices == only_here && home.notices.len() < HOME_COLUMN && config.offices().len() > 1 {
                    home.notices.push(id);
                }
                continue;
            }
            if let Some((_, pages)) = home.columns.iter_mut().find(|(column, _)| *column == section) {
                newest = newest.or(Some(id));
                if home.lead.is_none() && row.is_lead {
                    home.lead = Some(id);
                }
                if pages.len() < HOME_COLUMN {
                    pages.push(id);
                }
            }
        }
        home.lead = home.lead.or(newest);
        home.door = own.or(home.door);
        for course in library.syllabus.courses() {
            let plan = self.r.plans.get(course.id()).into_iter().flatten();
            let mut now = plan.filter(|(month, _)| *month == library.month);
            home.plans.extend(now.next().map(|(_, pages)| (course.id().clone(), pages.clone())));
        }
        let topics = config.taxonomies().iter().position(|taxonomy| &*taxonomy.id == "topics").unwrap_or(0);
        let mut used: Vec<(usize, TermId)> = self
            .r
            .terms
            .iter()
            .enumerate()
            .filter(|(at, node)| library.terms[*at].taxonomy == topics && !node.pages.is_empty())
            .map(|(at, node)| (node.pages.len(), TermId(at as u32)))
            .collect();
        used.sort_by_key(|&(count, term)| (std::cmp::Reverse(count), library.terms.rank(term)));
        home.topics = used.into_iter().take(12).map(|(_, term)| term).collect();
        self.r.home = home;
    }
}

pub(in super::super) fn is_lead(extra: &[(Arc<str>, Node)]) -> bool {
    extra.iter().any(|(key, node)| &**key == "lead" && matches!(node.value, Value::Scalar(_, Scalar::Bool(true))))
}
