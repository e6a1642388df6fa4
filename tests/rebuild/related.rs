//! Related pages in a portal so large that the newest of a term do not hold all that have it: pages come among them and
//! push others out, which small portals never see. After each edit the kept outputs are held against a clean build.

use super::check::{Folder, compare, new, render_all};
use super::portal::Portal;
use crate::support::{Random, count};

const CONFIG: &str = "title = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东\"\n\
    [[sections]]\npath = \"s\"\nkind = \"study\"\n[[sections]]\npath = \"c\"\nkind = \"case\"\n";
/// More than fifty of each kind have the common tag.
const PAGES: usize = 150;
const EDITS: usize = 20;

/// A page: nearly all have one tag, few have the others, so that the best are found far down.
fn page(random: &mut Random) -> String {
    let mut tags = Vec::new();
    tags.extend((random.below(10) > 0).then_some("常"));
    tags.extend((random.below(5) == 0).then_some("稀"));
    tags.extend((random.below(8) == 0).then_some("少"));
    let date =
        (random.below(12) > 0).then(|| format!("date: 2026-{:02}-{:02}\n", 1 + random.below(10), 1 + random.below(28)));
    format!("---\ntitle: 题\n{}tags: [{}]\n---\n文。\n", date.unwrap_or_default(), tags.join(", "))
}

fn place(random: &mut Random) -> String {
    format!("content/{}/p{:03}.md", ["s", "c"][random.below(2) as usize], random.below(400))
}

#[test]
fn related_pages_in_a_large_portal_equal_clean_builds() {
    let mut counted = count("rebuild-related", 100);
    for run in 0..counted.asked() {
        let mut random = Random(counted.seed() ^ ((run as u64) << 20));
        let mut portal = Portal::new("");
        portal.files.insert("zhendi.toml".to_owned(), CONFIG.to_owned());
        let shows = "{% for p in page.related %}{{ p.path }} {% endfor %}\
            {% for s in page.sides %}{{ s.name }}{% for p in s.pages %}{{ p.path }} {% endfor %}{% endfor %}";
        portal.files.insert("templates/page.html".to_owned(), shows.to_owned());
        while portal.files.len() < PAGES + 2 {
            let text = page(&mut random);
            portal.files.insert(place(&mut random), text);
        }
        let mut folder = Folder::new();
        let mut outputs = new(&folder.show(&portal), usize::MAX);
        render_all(&outputs);
        for edit in 0..EDITS {
            let pages: Vec<String> = portal.files.keys().filter(|path| path.ends_with(".md")).cloned().collect();
            let one = pages[random.below(pages.len() as u64) as usize].clone();
            match random.below(3) {
                0 => drop(portal.files.remove(&one)),
                1 => drop(portal.files.insert(one, page(&mut random))),
                _ => drop(portal.files.insert(place(&mut random), page(&mut random))),
            }
            let sources = folder.show(&portal);
            outputs = outputs.next(zhendi::build(&sources, Some(outputs.build()))).0;
            if let Err(why) = compare(&outputs, &sources, &mut random) {
                panic!("run {run}, edit {edit}: {why}");
            }
        }
        counted.step();
    }
}
