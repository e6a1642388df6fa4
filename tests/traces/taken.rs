//! What a rebuild takes over, and must not: edits that leave a page's own file as it is and change what is said or shown
//! of it all the same. After each, the rebuild is compared with a clean build.

use super::portal::{Built, Portal};

const PORTAL: &str = r#"
-- zhendi.toml --
title = "门户"
[[offices]]
id = "east"
name = "城东"
[[offices]]
id = "south"
name = "城南"
-- content/s/b.md --
---
title: 乙
date: 2026-11-02
tags: [检查]
---
见[丙的小节](c.md#小节)、[南](n.md)，又见[戊](e.md)。
-- content/s/c.md --
---
title: 丙
date: 2026-11-03
tags: [检查]
---
## 小节

文。
-- content/s/e.md --
---
title: 戊
date: 2026-11-04
supersedes: c.md
---
文。
-- content/s/n.md --
---
title: 只在南
date: 2026-11-05
offices: [south]
---
文。
"#;

/// Builds one portal after the other, each upon the one before, and holds each against a clean build.
fn follow(steps: &[(&str, Portal)]) {
    let mut built = Portal::new(PORTAL).build();
    for (step, portal) in steps {
        let clean = portal.build();
        let again = Built::new(zhendi::build(&portal.read(), Some(&built.build)));
        assert_eq!(again.said(), clean.said(), "{step}: what is said");
        assert_eq!(again.outputs, clean.outputs, "{step}: outputs and traces");
        built = again;
    }
}

#[test]
fn what_other_files_mean_for_a_page() {
    let first = Portal::new(PORTAL);
    let heading = first.edit("content/s/c.md", "## 小节", "## 另一节");
    let before = first.with("-- content/s/a.md --\n---\ntitle: 甲\ndate: 2026-11-01\n---\n文。\n");
    let gone = before.with("-- content/s/e.md --\n(none)\n");
    let clash = before.with("-- content/s/d.md --\n---\ntitle: 丁\ntags: [监察]\n---\n文。\n");
    let renamed = before.edit("content/s/n.md", "只在南", "只在城南");
    let draft = renamed.edit("content/s/e.md", "date:", "draft: true\ndate:");
    follow(&[
        ("a heading that is linked to goes", heading),
        ("it comes back", first.clone()),
        ("a page comes before all others", before.clone()),
        ("a page that is linked to goes", gone),
        ("it comes back", before.clone()),
        ("a term comes whose address clashes", clash),
        ("it goes", before),
        ("a page that a note names has another title", renamed),
        ("a page that is linked to becomes a draft", draft),
        ("and all is as at first", first),
    ]);
}
