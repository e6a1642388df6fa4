//! What the template of the map sees: lines of business by former bureau, and what has been written of each.

use minijinja::value::Value;

use super::view::{self, Shared, map, or_none, text};

/// `map`, if there is one.
pub(super) fn view(scope: &Shared) -> Option<Value> {
    let read = scope.read(0);
    let (conf, crossing) = read.map()?;
    let kinds = read.kinds();
    let kinds: Vec<_> = crossing.kinds.iter().filter_map(|&at| kinds.get(at)).collect();
    // Nobody asks for the last column where all belongs to somebody.
    let is_shared = crossing.rows.iter().any(|row| row.cells.last().is_some_and(|cell| count(cell) > 0));
    let shown = crossing.columns.len() + usize::from(is_shared);
    let rows = crossing.rows.iter().map(|row| {
        let cells = row.cells.iter().take(shown).enumerate().map(|(column, cell)| {
            let of_kinds = cell.iter().zip(&kinds).map(|(&(count, newest), kind)| {
                map([
                    ("kind", view::kind(kind)),
                    ("name", or_none(kind.side.clone())),
                    ("count", count.into()),
                    ("newest", view::some_page(scope, 0, newest)),
                ])
            });
            map([
                ("count", count(cell).into()),
                ("kinds", of_kinds.collect()),
                ("home", row.home.get(column).copied().unwrap_or(false).into()),
                ("shared", (column == crossing.columns.len()).into()),
            ])
        });
        // An edition has a page of a term only if it has pages with it.
        let url = row.term.filter(|&term| read.term(term).count() > 0);
        let url = url.map(|term| scope.local(0, read.term(term).path()));
        map([("name", text(&row.name)), ("url", or_none(url)), ("cells", cells.collect())])
    });
    Some(map([
        ("title", text(&conf.title)),
        ("columns", crossing.columns.iter().map(text).collect()),
        ("kinds", kinds.iter().map(|kind| or_none(kind.side.clone())).collect()),
        ("shared", is_shared.into()),
        ("rows", rows.collect()),
    ]))
}

fn count<T>(cell: &[(usize, T)]) -> usize {
    cell.iter().map(|(count, _)| count).sum()
}
