//! What the long runs found once: kept outputs that were not a clean build's.

use zhendi::outputs::Outputs;

use super::check::{Folder, compare, new, render_all};
use super::portal::Portal;
use crate::support::Random;

/// Follows `steps` with everything rendered in between, as a server does that nobody leaves.
fn follow(steps: &[Portal]) {
    let mut folder = Folder::new();
    let mut outputs: Option<Outputs> = None;
    for portal in steps {
        let sources = folder.show(portal);
        let next = match &outputs {
            Some(before) => before.next(zhendi::build(&sources, Some(before.build()))).0,
            None => new(&sources, usize::MAX),
        };
        compare(&next, &sources, &mut Random(1)).unwrap();
        render_all(&next);
        outputs = Some(next);
    }
}

/// A section's text shows its link to a page that is not published: which page, is a fact. (Of 20,000 scripts, one.)
#[test]
fn a_sections_link_to_a_draft_moves_to_another_draft() {
    let first = Portal::new(
        "-- zhendi.toml --\ntitle = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东\"\n\
         -- content/a/_index.md --\n---\ntitle: 甲\n---\n见[一](x.md)。\n\
         -- content/a/x.md --\n---\ntitle: 一\ndraft: true\n---\n文。\n\
         -- content/a/y.md --\n---\ntitle: 二\ndraft: true\n---\n文。\n\
         -- content/a/z.md --\n---\ntitle: 三\n---\n文。\n",
    );
    let second = first.edit("content/a/_index.md", "x.md", "y.md");
    follow(&[first.clone(), second, first]);
}

/// What is planned anew may clash with a page that is planned as before, in another way of writing its address.
#[test]
fn a_file_comes_whose_address_differs_from_a_pages_in_case_only() {
    let first = Portal::new(
        "-- zhendi.toml --\ntitle = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东\"\n\
         -- content/a/x.md --\n---\ntitle: 一\n---\n[附件](X.HTML)\n\
         -- content/a/y.md --\n---\ntitle: 二\n---\n文。\n",
    );
    let mut second = first.with("-- content/a/X.HTML --\n<p>文</p>\n");
    let mut first = first;
    for portal in [&mut first, &mut second] {
        portal.names = zhendi::source::Names::Plain;
    }
    let clash = zhendi::build(&second.read(), None);
    assert!(clash.diagnostics().iter().any(|one| one.code.0 == "E0501"), "{:?}", clash.diagnostics());
    follow(&[first.clone(), second, first]);
}

/// Whether a page is for everybody decides what is to be said of its links, and of links to it.
#[test]
fn pages_become_public_and_internal_again() {
    let first = Portal::new(
        "-- zhendi.toml --\ntitle = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东\"\n\
         -- content/a/x.md --\n---\ntitle: 一\n---\n见[二](y.md)。\n\
         -- content/a/y.md --\n---\ntitle: 二\n---\n文。\n",
    );
    let second = first.edit("content/a/x.md", "title: 一", "title: 一\naudience: public");
    let third = second.edit("content/a/y.md", "title: 二", "title: 二\naudience: public");
    let said =
        |portal: &Portal| zhendi::build(&portal.read(), None).diagnostics().iter().any(|one| one.code.0 == "E0212");
    assert_eq!([&first, &second, &third].map(said), [false, true, false]);
    follow(&[first.clone(), second.clone(), third, second, first]);
}

/// A file is as public as the page in whose folder it lies, which pages that use the file do not link to.
#[test]
fn the_page_beside_a_file_becomes_internal_and_is_renamed() {
    let first = Portal::new(
        "-- zhendi.toml --\ntitle = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东\"\n\
         -- content/a/x/index.md --\n---\ntitle: 一\naudience: public\n---\n文。\n\
         -- content/a/x/表.csv --\n甲,乙\n\
         -- content/a/y.md --\n---\ntitle: 二\naudience: public\n---\n[表](x/表.csv)\n",
    );
    let second = first.edit("content/a/x/index.md", "audience: public\n", "");
    let third = second.edit("content/a/x/index.md", "title: 一", "title: 三");
    let said =
        |portal: &Portal| zhendi::build(&portal.read(), None).diagnostics().iter().any(|one| one.code.0 == "E0213");
    assert_eq!([&first, &second, &third].map(said), [false, true, true]);
    follow(&[first.clone(), second, third, first]);
}

/// What an output of a public screen has read is compared with all that is internal: a file is so if its page is.
#[test]
fn the_page_beside_a_slides_picture_becomes_internal() {
    let first = Portal::new(
        "-- zhendi.toml --\ntitle = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东\"\n\
         [[offices.screens]]\nid = \"k\"\nname = \"屏\"\naudience = \"public\"\n\
         -- content/a/x/index.md --\n---\ntitle: 一\naudience: public\n---\n文。\n\
         -- content/a/x/图.svg --\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"300\"/>\n\
         -- content/a/y.md --\n---\ntitle: 二\ndate: 2026-11-20\naudience: public\n---\n一段。\n\n![一张图](x/图.svg \"图\")\n",
    );
    let second = first.edit("content/a/x/index.md", "audience: public\n", "");
    follow(&[first.clone(), second, first]);
}

/// Of a portal without offices nobody is told that a series is unknown; when it comes, the pages that name it are its pages.
#[test]
fn a_series_comes_to_a_portal_without_offices() {
    let first = Portal::new(
        "-- zhendi.toml --\ntitle = \"门户\"\n-- content/a/x.md --\n---\ntitle: 一\nseries: q\n---\n文。\n",
    );
    let second = first.with("-- content/series/q.toml --\nname = \"课\"\n");
    follow(&[first.clone(), second, first]);
}
