//! Ten thousand of one fault cost no more than ten thousand times one.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::{options, write};
use zhendi::diag::{LINK_MISSING, fold};
use zhendi::source::Sources;

/// A portal of `pages` pages, each with `links` links to pages that there are not.
fn broken(pages: usize, links: usize) -> (usize, Duration) {
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
    let start = Instant::now();
    let build = zhendi::build(&sources, None);
    let took = start.elapsed();
    let missing = fold(build.diagnostics().to_vec()).iter().filter(|one| one.code == LINK_MISSING).count();
    (missing, took)
}

#[test]
fn broken_links_are_not_quadratic() {
    let (few, short) = broken(1000, 1);
    let (many, long) = broken(10_000, 1);
    assert_eq!((few, many), (1000, 10_000));
    // Ten times the pages and links; comparing all with all would take a hundred times as long.
    assert!(long < short * 30 + Duration::from_millis(500), "{short:?} and {long:?}");
}
