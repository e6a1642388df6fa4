//! In which order pages stand in lists.

use std::cmp::Ordering;

use crate::content::SortBy;
use crate::model::library::Library;
use crate::model::record::PageId;

/// The order of two pages in a section that is sorted so.
pub(super) fn in_section(library: &Library, sort_by: SortBy, a: PageId, b: PageId) -> Ordering {
    let (x, y) = (&library.pages[a.at()], &library.pages[b.at()]);
    match sort_by {
        SortBy::Date => library.rank(a).cmp(&library.rank(b)),
        SortBy::Weight => x.weight.cmp(&y.weight).then_with(|| by_path(library, a, b)),
        SortBy::Title => x.title.cmp(&y.title).then_with(|| by_path(library, a, b)),
    }
}

/// The order of two pages by their files.
fn by_path(library: &Library, a: PageId, b: PageId) -> Ordering {
    library.order.place(a).cmp(&library.order.place(b))
}
