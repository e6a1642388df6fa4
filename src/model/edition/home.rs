//! The home page of an edition, and what the door shows of it: the lead story, the newest of each column, the office's own
//! notices, this month's plan, what is fresh elsewhere.

use std::sync::Arc;

use super::super::library::{Found, Library, Paths as _};
use super::super::record::{Offices, PageId, SectionId, TermId};
use super::{Maker, Stand, stand};
use crate::diag::{Diagnostic, PLAN_MISSING};
use crate::tree::{Node, Scalar, Value};

/// Most pages a home page column, the notices and the other offices' column show.
const HOME_COLUMN: usize = 6;
/// What the home page shows.
#[derive(Debug, Default)]
pub(in super::super) struct Home {
    pub lead: Option<PageId>,
    pub columns: Vec<(SectionId, Vec<PageId>)>,
    pub notices: Vec<PageId>,
    pub plan: Option<(Arc<str>, Vec<PageId>)>,
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
        for series in config.series() {
            if let Some((_, paths)) = series.plan.iter().find(|(month, _)| *month == library.month) {
                let pages: Vec<PageId> = paths
                    .iter()
                    .filter_map(|(path, _)| match library.find(&format!("content/{path}")) {
                        Some(Found::Page(id)) => Some(id),
                        _ => None,
                    })
                    .filter(|id| self.r.held[id.at()])
                    .collect();
                home.plan = Some((series.id.clone(), pages));
                break;
            }
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

/// Reports plans that name pages which do not exist.
pub(in super::super) fn check_plans(library: &Library, problems: &mut Vec<Diagnostic>) {
    let file: Arc<str> = library.config.file().into();
    let mut searches = 0;
    for series in library.config.series() {
        for (month, paths) in &series.plan {
            for (path, span) in paths {
                if library.find(&format!("content/{path}")).is_some() {
                    continue;
                }
                let wanted = path.rsplit('/').next().unwrap_or(path);
                let folder = format!("{}/index.md", path.trim_end_matches('/'));
                let plain = format!("{path}.md");
                let meant = [folder.as_str(), plain.as_str()]
                    .into_iter()
                    .find(|one| library.find(&format!("content/{one}")).is_some());
                searches += 1;
                let near: Vec<&str> = if let Some(meant) = meant {
                    vec![meant]
                } else if searches > super::super::place::SEARCHES {
                    Vec::new()
                } else {
                    let mut known: Vec<&str> =
                        library.pages().map(|page| &page.document.path["content/".len()..]).collect();
                    known.sort_unstable();
                    crate::diag::nearest(path, known)
                };
                let cure = near.first().map_or_else(
                    || format!("核对 content/ 下有没有 {wanted}；文件夹文章要写到 index.md。"),
                    |near| format!("是否想写 \"{near}\"？"),
                );
                problems.push(
                    Diagnostic::error(PLAN_MISSING, format!("{month} 的学习计划里，没有“{path}”这篇文章"))
                        .at(&file, *span)
                        .cause("首页的“本月学习”会少一篇。")
                        .cure(cure),
                );
            }
        }
    }
}

pub(in super::super) fn is_lead(extra: &[(Arc<str>, Node)]) -> bool {
    extra.iter().any(|(key, node)| &**key == "lead" && matches!(node.value, Value::Scalar(_, Scalar::Bool(true))))
}
