//! What templates see of a series: its face, its pages, its plan, and from one of its pages the place in it.

use std::sync::Arc;

use minijinja::value::Value;

use super::view::{Shared, View, lazy, map, or_none, pages, some_page, text};
use crate::model::{Entity, PageId, PageReader};
use crate::tree::Node;

/// A series.
#[derive(Debug)]
struct SeriesView {
    scope: Shared,
    at: usize,
    id: Arc<str>,
    /// The page from which it is seen.
    page: Option<PageId>,
}

/// The series of that id, as seen from `page`.
pub(super) fn series(scope: &Shared, at: usize, id: &Arc<str>, page: Option<PageId>) -> Value {
    lazy(SeriesView { scope: scope.clone(), at, id: id.clone(), page })
}

/// Minutes that a page takes: as its author says, else as long as its text is.
pub(super) fn minutes(page: PageReader<'_>) -> u32 {
    let given = page.fields().iter().find(|(key, _)| &**key == "time").and_then(|(_, node)| number(node));
    given.unwrap_or_else(|| page.reading_time())
}

/// The number with which a value begins: `45`, `45 分钟`.
fn number(node: &Node) -> Option<u32> {
    let text = node.as_text()?.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..digits].parse().ok().filter(|&minutes| minutes > 0)
}

impl View for SeriesView {
    fn identity(&self) -> (u8, u64) {
        (8, Entity::new("series", &self.id).bits())
    }

    fn get(&self, key: &str) -> Option<Value> {
        let read = self.scope.read(self.at);
        let all = || read.series_pages(&self.id);
        let face = || read.series(&self.id);
        let local = |path: String| Value::from(self.scope.local(self.at, &path));
        let place = || self.page.and_then(|page| all().iter().position(|&one| one == page));
        let neighbour = |at: Option<usize>| some_page(&self.scope, self.at, at.and_then(|at| all().get(at)).copied());
        Some(match key {
            "id" => text(&self.id),
            "name" => or_none(face().map(|series| series.name().clone())),
            "description" => or_none(face().map(|series| series.description().clone())),
            "audience" => or_none(face().map(|series| series.audience().clone())),
            "url" => or_none(face().map(|series| local(series.path()))),
            "record_url" => or_none(face().map(|series| local(series.sheet_path()))),
            "pages" => pages(&self.scope, self.at, all()),
            "count" => all().len().into(),
            "minutes" => all().iter().map(|&id| minutes(read.page(id))).sum::<u32>().into(),
            "months" => self.months(),
            "others" => {
                let planned = |id: &PageId| read.series_plan(&self.id).iter().any(|(_, pages)| pages.contains(id));
                let others: Vec<PageId> = all().iter().copied().filter(|id| !planned(id)).collect();
                pages(&self.scope, self.at, &others)
            }
            "index" => place().map_or(0, |at| at + 1).into(),
            "previous" => neighbour(place().and_then(|at| at.checked_sub(1))),
            "next" => neighbour(place().map(|at| at + 1)),
            "month" => {
                let page = self.page?;
                let plan = read.series_plan(&self.id).iter();
                or_none(plan.filter(|(_, pages)| pages.contains(&page)).map(|(month, _)| month.clone()).next())
            }
            _ => return None,
        })
    }
}

impl SeriesView {
    /// The plan: each month with its pages, their numbers in the series, and whether it is past, now or later.
    fn months(&self) -> Value {
        let read = self.scope.read(self.at);
        let plan = read.series_plan(&self.id);
        let now = read.this_month();
        let months = plan.iter().map(|(month, ids)| {
            let when = match month.cmp(now) {
                std::cmp::Ordering::Less => "past",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "later",
            };
            map([
                ("month", text(month)),
                ("when", when.into()),
                ("pages", pages(&self.scope, self.at, ids)),
                ("minutes", ids.iter().map(|&id| minutes(read.page(id))).sum::<u32>().into()),
            ])
        });
        months.collect()
    }
}
