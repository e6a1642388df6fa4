//! Exact: for named edits, which outputs a rebuild drops. The theme is the one inside the program.

use zhendi::outputs::Turn;
use zhendi::source::Names;

use super::portal::{Portal, outputs};

const PORTAL: &str = r##"
-- zhendi.toml --
title = "示例局"
paginate_by = 2
[[offices]]
id = "east"
name = "城东办公区"
short = "城东"
base_url = "http://east.example/"
[[offices]]
id = "south"
name = "城南办公区"
short = "城南"
accent = "#1A5A42"
[[sections]]
path = "study"
kind = "study"
[[sections]]
path = "cases"
kind = "case"
[[taxonomies]]
id = "topics"
name = "专题"
[[taxonomies]]
id = "tags"
name = "标签"
-- static/css/portal.css --
a { color: red }
-- static/js/display.js --
-- static/js/portal.js --
-- content/study/_index.md --
---
title: 学习
---
栏目的话。
-- content/cases/_index.md --
---
title: 案例
---
-- content/study/one.md --
---
title: 第一篇
date: 2026-10-08
summary: 第一篇的摘要。
tags: [电梯]
---
甲甲甲甲。见[第二篇](two.md)。
-- content/study/two.md --
---
title: 第二篇
date: 2026-10-20
summary: 第二篇的摘要。
tags: [电梯]
topics: [安全]
---
乙乙乙乙。
-- content/study/three.md --
---
title: 第三篇
date: 2026-11-10
summary: 第三篇的摘要。
---
丙丙丙丙。
-- content/cases/lift.md --
---
title: 电梯一案
date: 2026-11-12
summary: 一案的摘要。
topics: [安全]
offices: [east]
---
丁丁丁丁。
-- content/cases/tomorrow.md --
---
title: 明天的案
date: 2026-11-25
summary: 明天的摘要。
---
戊戊戊戊。
"##;

/// The outputs that a rebuild from `old` to `new` drops, and those that differ though it keeps them (none, or it is
/// not sound), a line each. Outputs that it drops and that come out the same are marked.
fn dropped(old: &Portal, new: &Portal) -> String {
    let turn = turned(old, new);
    let (old, new) = (old.build(), new.build());
    assert_eq!(old.unsound(&new, None), Vec::<String>::new());
    for (path, output) in old.outputs.iter().chain(&new.outputs) {
        assert_eq!(output.problems, Vec::<String>::new(), "{path}");
    }
    let met = old.met(&new);
    let gone = old.outputs.keys().filter(|path| !new.outputs.contains_key(*path)).count();
    let kept = old.outputs.len() - met.len() - gone;
    assert_eq!(
        turn,
        (Turn { kept, dropped: met.len(), gone }, new.outputs.len() - kept),
        "the outputs tell it otherwise"
    );
    let lines = met.into_iter().map(|path| {
        let same = old.outputs[&path].bytes == new.outputs[&path].bytes;
        if same { format!("{path} (same)") } else { path }
    });
    let added = new.outputs.keys().filter(|path| !old.outputs.contains_key(*path)).map(|path| format!("+ {path}"));
    let gone = old.outputs.keys().filter(|path| !new.outputs.contains_key(*path)).map(|path| format!("- {path}"));
    lines.chain(added).chain(gone).collect::<Vec<_>>().join("\n")
}

/// What becomes of all outputs of `old` in a rebuild to `new`, and how many are missing then.
fn turned(old: &Portal, new: &Portal) -> (Turn, usize) {
    let old = outputs(&old.read(), 0);
    let mut worker = old.build().worker();
    for job in old.missing() {
        old.make(job, &mut worker);
    }
    let (new, turn) = old.next(zhendi::build(&new.read(), Some(old.build())));
    (turn, new.missing().len())
}

fn portal() -> Portal {
    Portal::new(PORTAL)
}

#[test]
fn nothing() {
    insta::assert_snapshot!(dropped(&portal(), &portal()), @"");
}

#[test]
fn typing_in_a_body() {
    let new = portal().edit("content/study/two.md", "乙乙乙乙", "乙乙丑丑");
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/study/two.html
    south/study/two.html
    ");
}

#[test]
fn typing_more_in_a_body() {
    let new = portal().edit("content/study/two.md", "乙乙乙乙", "乙乙乙乙乙");
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/study/two.html
    south/study/two.html
    ");
}

#[test]
fn typing_so_much_that_it_takes_a_minute_more() {
    let new = portal().edit("content/study/two.md", "乙乙乙乙", &"乙".repeat(400));
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/index.html
    east/study/two.html
    south/index.html
    south/study/two.html
    ");
}

#[test]
fn a_summary() {
    let new = portal().edit("content/study/two.md", "第二篇的摘要", "别的摘要");
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/archive/2026-10.html
    east/atom.xml
    east/study/index.html
    east/study/two.html
    east/tags/dian-ti/index.html
    east/topics/an-quan/index.html
    south/archive/2026-10.html
    south/study/index.html
    south/study/two.html
    south/tags/dian-ti/index.html
    south/topics/an-quan/index.html
    ");
}

#[test]
fn typing_where_a_summary_is_drawn_from() {
    let old = portal().edit("content/study/two.md", "summary: 第二篇的摘要。\n", "");
    let new = old.edit("content/study/two.md", "乙乙乙乙", "乙乙丑丑");
    insta::assert_snapshot!(dropped(&old, &new), @r"
    east/archive/2026-10.html
    east/atom.xml
    east/study/index.html
    east/study/two.html
    east/tags/dian-ti/index.html
    east/topics/an-quan/index.html
    south/archive/2026-10.html
    south/study/index.html
    south/study/two.html
    south/tags/dian-ti/index.html
    south/topics/an-quan/index.html
    ");
}

#[test]
fn typing_behind_where_a_summary_is_drawn_from() {
    let long = format!("乙乙乙乙。\n\n{}\n\n末末末末。", "长。".repeat(80));
    let old = portal().edit("content/study/two.md", "summary: 第二篇的摘要。\n", "").edit(
        "content/study/two.md",
        "乙乙乙乙。",
        &long,
    );
    let new = old.edit("content/study/two.md", "末末末末", "末末尾尾");
    insta::assert_snapshot!(dropped(&old, &new), @r"
    east/study/two.html
    south/study/two.html
    ");
}

#[test]
fn a_save_that_changes_nothing() {
    let (turn, missing) = turned(&portal(), &portal());
    assert_eq!((turn.dropped, turn.gone, missing), (0, 0, 0));
}

#[test]
fn typing_in_the_text_of_a_section() {
    let new = portal().edit("content/study/_index.md", "栏目的话", "别的话");
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/study/index.html
    east/study/page/2.html (same)
    south/study/index.html
    south/study/page/2.html (same)
    ");
}

#[test]
fn a_title() {
    let new = portal().edit("content/study/one.md", "title: 第一篇", "title: 改了");
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/archive/2026-10.html
    east/atom.xml
    east/index.html
    east/study/one.html
    east/study/page/2.html
    east/study/two.html
    east/tags/dian-ti/index.html
    south/archive/2026-10.html
    south/index.html
    south/study/one.html
    south/study/page/2.html
    south/study/two.html
    south/tags/dian-ti/index.html
    ");
}

#[test]
fn a_tag_more() {
    let new = portal().edit("content/study/one.md", "tags: [电梯]", "tags: [电梯, 食品]");
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/archive/2026-10.html (same)
    east/atom.xml (same)
    east/index.html (same)
    east/study/one.html
    east/study/page/2.html (same)
    east/tags/dian-ti/index.html (same)
    east/tags/index.html
    south/archive/2026-10.html (same)
    south/index.html (same)
    south/study/one.html
    south/study/page/2.html (same)
    south/tags/dian-ti/index.html (same)
    south/tags/index.html
    + east/tags/shi-pin/index.html
    + south/tags/shi-pin/index.html
    ");
}

#[test]
fn a_new_page() {
    let new = portal().with(
        "-- content/cases/new.md --\n---\ntitle: 新\ndate: 2026-11-20\nsummary: 新的摘要。\noffices: [south]\n---\n文\n",
    );
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/index.html
    index.html
    south/archive/2026-10.html (same)
    south/archive/2026-11.html
    south/archive/index.html
    south/cases/index.html
    south/index.html
    + south/cases/new.html
    ");
}

#[test]
fn a_page_less() {
    let new = portal().with("-- content/study/three.md --\n(none)\n");
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/archive/2026-10.html (same)
    east/archive/2026-11.html
    east/archive/index.html
    east/atom.xml
    east/index.html
    east/sitemap.xml
    east/study/index.html
    east/study/two.html
    index.html
    south/archive/2026-10.html
    south/archive/index.html
    south/index.html
    south/study/index.html
    south/study/two.html
    - east/study/page/2.html
    - east/study/three.html
    - south/archive/2026-11.html
    - south/study/page/2.html
    - south/study/three.html
    ");
}

#[test]
fn the_template_of_one_kind_of_output() {
    let new = portal().with("-- templates/archive.html --\n归档\n");
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/archive/index.html
    south/archive/index.html
    ");
}

#[test]
fn a_template_for_one_kind_of_page() {
    let new = portal().with("-- templates/case.html --\n{{ page.title }}\n");
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/cases/lift.html
    ");
}

/// A portal whose second text holds a component of the portal's own.
fn with_component() -> Portal {
    portal()
        .edit("content/study/two.md", "乙乙乙乙。", ":::卡 题=甲\n乙乙乙乙。\n:::")
        .with("-- templates/components/card.html --\n{#- 名称: 卡 -#}\n<div>{{ args['题'] }}{{ body }}</div>\n")
}

#[test]
fn the_template_of_a_component() {
    let new = with_component().edit("templates/components/card.html", "<div>", "<div class=\"x\">");
    insta::assert_snapshot!(dropped(&with_component(), &new), @r"
    east/study/two.html
    south/study/two.html
    ");
    // Nothing is parsed for it.
    let old = zhendi::build(&with_component().read(), None);
    assert!(zhendi::build(&new.read(), Some(&old)).parses_as(&old));
}

#[test]
fn a_part_of_a_components_template() {
    let old = with_component()
        .edit("templates/components/card.html", "<div>", "<div>{% include \"x.html\" %}")
        .with("-- templates/x.html --\n甲\n");
    let new = old.with("-- templates/x.html --\n乙\n");
    insta::assert_snapshot!(dropped(&old, &new), @r"
    east/study/two.html
    south/study/two.html
    ");
}

#[test]
fn a_component_more() {
    let new = with_component().with("-- templates/components/other.html --\n<p>{{ body }}</p>\n");
    insta::assert_snapshot!(dropped(&with_component(), &new), @"");
}

#[test]
fn a_name_that_goes_to_another_component() {
    let new = with_component()
        .edit("templates/components/card.html", "{#- 名称: 卡 -#}", "{#- -#}")
        .with("-- templates/components/other.html --\n{#- 名称: 卡 -#}\n<p>{{ body }}</p>\n");
    insta::assert_snapshot!(dropped(&with_component(), &new), @r"
    east/study/two.html
    south/study/two.html
    ");
}

#[test]
fn typing_in_a_component() {
    let new = with_component().edit("content/study/two.md", "乙乙乙乙", "乙乙丑丑");
    insta::assert_snapshot!(dropped(&with_component(), &new), @r"
    east/study/two.html
    south/study/two.html
    ");
}

#[test]
fn a_component_that_comes_and_goes() {
    let sound = with_component();
    let without = sound.with("-- templates/components/card.html --\n(none)\n");
    for (old, new) in [(&sound, &without), (&without, &sound)] {
        let before = zhendi::build(&old.read(), None);
        let (clean, again) = (zhendi::build(&new.read(), None), zhendi::build(&new.read(), Some(&before)));
        assert_eq!(clean.diagnostics(), again.diagnostics());
        assert!(again.parses_as(&before));
    }
    let told = |portal: &Portal| zhendi::build(&portal.read(), None).diagnostics().iter().any(|one| one.is_error());
    assert_eq!((told(&without), told(&sound)), (true, false));
}

#[test]
fn the_accent_of_an_office() {
    let new = portal().edit("zhendi.toml", "#1A5A42", "#1A5A43");
    let plain = |portal: Portal| Portal { names: Names::Plain, ..portal };
    insta::assert_snapshot!(dropped(&plain(portal()), &plain(new)), @r"
    assets/office.css
    east/assets/office.css
    south/assets/office.css
    ");
}

#[test]
fn a_style_sheet_under_its_plain_name() {
    let new = portal().edit("static/css/portal.css", "red", "blue");
    let plain = |portal: Portal| Portal { names: Names::Plain, ..portal };
    insta::assert_snapshot!(dropped(&plain(portal()), &plain(new)), @r"
    assets/css/portal.css
    east/assets/css/portal.css
    south/assets/css/portal.css
    ");
}

#[test]
fn the_day_turning() {
    let new = Portal { day: "2026-11-25".to_owned(), ..portal() };
    insta::assert_snapshot!(dropped(&portal(), &new), @r"
    east/archive/2026-10.html (same)
    east/archive/2026-11.html
    east/archive/index.html
    east/atom.xml
    east/cases/index.html
    east/cases/lift.html
    east/index.html
    east/sitemap.xml
    index.html
    south/archive/2026-10.html (same)
    south/archive/2026-11.html
    south/archive/index.html
    south/cases/index.html
    south/index.html
    + east/cases/tomorrow.html
    + south/cases/tomorrow.html
    ");
}

#[test]
fn a_day_turning_on_which_nothing_comes_or_goes() {
    let new = Portal { day: "2026-11-23".to_owned(), ..portal() };
    insta::assert_snapshot!(dropped(&portal(), &new), @"");
}

/// The portal with a series of two pages.
fn with_series() -> Portal {
    portal().with(
        "-- content/series/r.toml --\nname = \"系列\"\norder = [\"study/one.md\", \"study/two.md\"]\n[plan]\n\"2026-10\" = [\"study/one.md\"]\n\"2026-11\" = [\"study/two.md\"]\n",
    )
}

#[test]
fn a_name_of_a_series() {
    let old = with_series();
    let new = old.edit("content/series/r.toml", "系列", "改名");
    insta::assert_snapshot!("series_name", dropped(&old, &new));
}

#[test]
fn a_month_of_a_plan() {
    let old = with_series();
    let new = old.edit("content/series/r.toml", "2026-10", "2026-09");
    insta::assert_snapshot!("series_month", dropped(&old, &new));
}

#[test]
fn a_page_more_in_a_series() {
    let old = with_series();
    let new = old.edit("content/series/r.toml", "\"study/two.md\"]", "\"study/two.md\", \"study/three.md\"]");
    insta::assert_snapshot!("series_page", dropped(&old, &new));
}
