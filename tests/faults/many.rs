//! Ten thousand of one fault cost no more than ten thousand times one.

use std::fmt::Write as _;

use super::{options, write};
use zhendi::diag::{LINK_MISSING, fold};
use zhendi::source::Sources;

/// A portal of `pages` pages, each with `links` links to pages that there are not.
fn broken(pages: usize, links: usize) -> usize {
    let folder = tempfile::tempdir().expect("a folder");
    let mut fixture = String::new();
    for page in 0..pages {
        let _ = write!(fixture, "-- content/study/文章{page}.md --\n---\ntitle: 第 {page} 篇\ndate: 2026-11-20\n---\n");
        for link in 0..links {
            let _ = writeln!(fixture, "[看](没有{page}的{link}.md)\n");
        }
    }
    write(folder.path(), &fixture);
    let sources = Sources::read(folder.path(), options());
    let build = zhendi::build(&sources, None);
    fold(build.diagnostics().to_vec()).iter().filter(|one| one.code == LINK_MISSING).count()
}

#[test]
fn ten_thousand_broken_links_are_all_told() {
    // Candidates are looked for among all pages, so without a bound this takes minutes and the runner ends it.
    assert_eq!(broken(10_000, 1), 10_000);
}
