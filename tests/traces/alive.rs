//! Alive: for each kind of fact an edit that only this kind tells of. Without it, an output that has to change is kept.

use zhendi::model::Kind;
use zhendi::outputs::Outputs;

use super::portal::{Portal, outputs};

/// A portal whose theme says nothing by itself: each case brings the one template that reads what it is about.
const BARE: &str = r#"
-- zhendi.toml --
title = "门户"
theme = "bare"
[[offices]]
id = "east"
name = "城东"
base_url = "http://east.example/"
[[offices]]
id = "south"
name = "城南"
[[sections]]
path = "s"
[[sections]]
path = "later"
[[taxonomies]]
id = "tags"
name = "标签"
[[taxonomies]]
id = "topics"
name = "专题"
[kinds.law]
name = "法规"
-- themes/bare/templates/404.html --
-- themes/bare/templates/archive.html --
-- themes/bare/templates/atom.xml --
-- themes/bare/templates/door.html --
-- themes/bare/templates/index.html --
-- themes/bare/templates/month.html --
-- themes/bare/templates/page.html --
-- themes/bare/templates/other.html --
other
-- themes/bare/templates/problem.html --
problem
-- themes/bare/templates/redirect.html --
-- themes/bare/templates/section.html --
-- themes/bare/templates/sitemap.xml --
-- themes/bare/templates/taxonomy.html --
-- themes/bare/templates/term.html --
-- content/series/r.toml --
name = "系列"
order = ["s/planned.md"]
plan = { "2026-11" = ["s/planned.md"] }
-- themes/bare/templates/series-list.html --
-- themes/bare/templates/series.html --
-- themes/bare/templates/series-record.html --
-- themes/bare/templates/booklet.html --
-- content/s/planned.md --
---
title: 学
date: 2026-10-01
---
文
-- content/s/_index.md --
---
title: 栏目
---
文
-- content/s/a.md --
---
title: 甲
date: 2026-11-01
tags: [检查]
---
文
-- content/s/b.md --
---
title: 乙
date: 2026-11-02
---
文
-- content/s/hidden.md --
---
title: 稿
draft: true
---
文
-- content/s/p.svg --
<svg width="1" height="1"></svg>
"#;

/// A page, with what is added to its front matter.
fn page(name: &str, date: &str, front: &str, body: &str) -> String {
    format!("-- content/s/{name}.md --\n---\ntitle: {name}\ndate: {date}\n{front}\n---\n{body}\n")
}

fn a(front: &str, body: &str) -> String {
    format!("-- content/s/a.md --\n---\ntitle: 甲\ndate: 2026-11-01\n{front}\n---\n{body}\n")
}

/// For a kind: what the portal has besides, and the edit that only this kind tells of.
fn case(kind: Kind) -> (String, String) {
    let with = |name: &str, text: &str| format!("-- templates/{name} --\n{text}\n");
    let own = |text: &str| with("page.html", text);
    let home = |text: &str| with("index.html", text);
    let titles = |list: &str| format!("{{% for p in {list} %}}{{{{ p.title }}}}{{% endfor %}}");
    let new = |front: &str| page("new", "2026-11-20", front, "文");
    let swapped = format!(
        "{}{}",
        "-- content/s/a.md --\n---\ntitle: 甲\ndate: 2026-11-05\ntags: [检查]\n---\n文\n",
        page("b", "2026-11-02", "tags: [检查]", "文")
    );
    let both = page("b", "2026-11-02", "tags: [检查]", "文");
    let config = |from: &str, to: &str| format!("-- zhendi.toml --\n{}", file("zhendi.toml").replacen(from, to, 1));
    let declared = |from: &str, to: &str| {
        format!("-- content/series/r.toml --\n{}", file("content/series/r.toml").replacen(from, to, 1))
    };
    match kind {
        Kind::Job => (
            with("redirect.html", "{{ target }}") + &page("b", "2026-11-02", "aliases: [old]", "文"),
            page("b", "2026-11-02", "", "文") + &a("aliases: [old]", "文"),
        ),
        Kind::PagePresence => (home("{{ get_page('s/a.md') is none }}"), a("draft: true", "文")),
        Kind::PageTitle => (own("{{ page.title }}"), "-- content/s/a.md --\n---\ntitle: 改\n---\n文\n".to_owned()),
        Kind::PageDate => (own("{{ page.updated }}"), a("updated: 2026-11-03", "文")),
        Kind::PageByline => (own("{{ page.author }}"), a("author: 某人", "文")),
        Kind::PageSummary => (own("{{ page.summary }}"), a("summary: 另写", "文")),
        Kind::PageContent => (own("{{ page.content }}"), a("", "字")),
        Kind::PageToc => (own("{% for t in page.toc %}{{ t.title }}{% endfor %}"), a("", "## 小节\n\n文")),
        Kind::PageLength => (own("{{ page.word_count }}"), a("", "文字")),
        Kind::PageReadingTime => (own("{{ page.reading_time }}"), a("", &"文".repeat(400))),
        Kind::PagePath => (home("{{ get_page('s/a.md').url }}"), a("slug: elsewhere", "文")),
        Kind::PageKind => (own("{{ page.kind.name }}"), a("kind: case", "文")),
        Kind::PageTerms => (own("{% for t in page.tags %}{{ t.name }}{% endfor %}"), a("tags: [检查, 电梯]", "文")),
        Kind::PageSeries => (own("{{ page.series.name }}"), a("series: r", "文")),
        Kind::PageFiles => (own("{{ page.cover.url }}"), a("cover: p.svg", "文")),
        Kind::PageExtra => (own("{{ page.extra.x }}"), a("extra: { x: 1 }", "文")),
        Kind::PageOffices => (own("{{ page.only_here }}"), a("offices: [east]", "文")),
        Kind::PageTemplate => (String::new(), a("template: other", "文")),
        // The link means the decoded name until a file of the very name that is written appears.
        Kind::PageLinks => (
            own("{{ page.content }}") + &a("", "[文](%6e.md)") + &page("n", "2026-11-20", "", "文"),
            page("%6e", "2026-11-20", "", "文"),
        ),
        Kind::PageNeighbours => (own("{{ page.newer.title }}"), new("")),
        Kind::PageRelated => (own(&titles("page.related")), new("tags: [检查]")),
        Kind::PageBacklinks => (own(&titles("page.backlinks")), page("new", "2026-11-20", "", "[甲](a.md)")),
        Kind::PageCited => (
            own("{% for c in page.clauses %}{% for p in c.cited %}{{ p.title }}{% endfor %}{% endfor %}")
                + &a("kind: law", "第一条　文"),
            page("new", "2026-11-20", "", "[条](a.md#第一条)"),
        ),
        Kind::PageSides => (
            own("{% for s in page.sides %}{% for p in s.pages %}{{ p.title }}{% endfor %}{% endfor %}"),
            new("tags: [检查]\nkind: study"),
        ),
        Kind::PageSupersession => (own("{{ page.superseded_by.title }}"), new("supersedes: a.md")),
        Kind::PageProblems => (String::new(), a("", "[稿](hidden.md)")),
        Kind::SectionPresence => (
            home("{{ get_section('s/below') is none }}"),
            "-- content/s/below/c.md --\n---\ntitle: 丙\n---\n文\n".to_owned(),
        ),
        Kind::SectionFace => {
            (with("section.html", "{{ section.title }}"), "-- content/s/_index.md --\n---\ntitle: 改\n---\n文\n".into())
        }
        Kind::SectionContent => (
            with("section.html", "{{ section.content }}"),
            "-- content/s/_index.md --\n---\ntitle: 栏目\n---\n字\n".to_owned(),
        ),
        Kind::SectionPages => (with("section.html", &titles("paginator.pages")) + &both, swapped),
        Kind::SectionCount => (with("section.html", "{{ section.count }}"), new("")),
        Kind::SectionChildren => (
            with("section.html", &titles("section.subsections")),
            "-- content/s/below/c.md --\n---\ntitle: 丙\n---\n文\n".to_owned(),
        ),
        Kind::SectionTopics => {
            (with("section.html", "{% for t in section.topics %}{{ t.name }}{% endfor %}"), new("tags: [电梯]"))
        }
        Kind::TermFace => (own("{% for t in page.tags %}{{ t.url }}{% endfor %}"), new("tags: [监察]")),
        Kind::TermCount => (with("term.html", "{{ term.count }}"), new("tags: [检查]")),
        Kind::TermPages => (with("term.html", &titles("paginator.pages")) + &both, swapped),
        Kind::TaxonomyPresence => (home("{{ get_taxonomy('topics') is none }}"), new("topics: [专]")),
        Kind::TaxonomyTerms => {
            (with("taxonomy.html", "{% for t in taxonomy.terms %}{{ t.name }}{% endfor %}"), new("tags: [电梯]"))
        }
        Kind::SeriesPresence => (
            with("404.html", "{{ series_url() }}"),
            "-- content/s/planned.md --\n---\ntitle: 学\ndate: 2026-10-01\ndraft: true\n---\n文\n".to_owned(),
        ),
        Kind::SeriesList => (
            with("series-list.html", "{% for s in series_list %}{{ s.id }}{% endfor %}"),
            "-- content/series/q.toml --\nname = \"另一\"\norder = [\"s/b.md\"]\n".to_owned(),
        ),
        Kind::SeriesPlan => (
            with("series.html", "{% for m in series.months %}{{ m.month }}{% endfor %}"),
            declared("\"2026-11\"", "\"2026-12\""),
        ),
        Kind::ThisMonth => {
            (with("404.html", "{{ get_series('r').months[0].when }}"), "-- @day --\n2026-12-01\n".to_owned())
        }
        Kind::SeriesPages => (own("{{ page.series.pages|length }}") + &a("series: r", "文"), new("series: r")),
        Kind::SeriesFace => {
            (own("{{ page.series.name }}") + &a("series: r", "文"), declared("name = \"系列\"", "name = \"改\""))
        }
        Kind::Nav => {
            (with("404.html", &titles("nav")), "-- content/later/c.md --\n---\ntitle: 丙\n---\n文\n".to_owned())
        }
        Kind::Months => (with("archive.html", "{{ archive.count }}"), new("")),
        Kind::MonthPages => (with("month.html", &titles("pages")), new("")),
        Kind::HomeLead => (home("{{ home.lead.title }}"), new("")),
        Kind::HomeColumn => {
            (home("{% for c in home.columns %}{% for p in c.pages %}{{ p.title }}{% endfor %}{% endfor %}"), new(""))
        }
        Kind::HomeNotices => (home(&titles("home.notices")), new("kind: notice\noffices: [east]")),
        Kind::HomePlan => (home(&titles("home.plans[0].pages")), declared("= [\"s/planned.md\"] }", "= [] }")),
        Kind::HomeElsewhere => {
            (home("{% for e in home.elsewhere %}{{ e.page.title }}{% endfor %}"), new("offices: [south]"))
        }
        Kind::HomeTopics => (home("{% for t in home.topics %}{{ t.name }}{% endfor %}"), new("topics: [专]")),
        Kind::Feed => (with("atom.xml", &titles("feed.pages")), page("new", "2026-10-01", "", "文")),
        Kind::Sitemap => (with("sitemap.xml", "{% for e in entries %}{{ e.loc }}{% endfor %}"), new("")),
        Kind::Map => (
            config("name = \"城东\"", "name = \"城东\"\nformer = \"原甲\"")
                .replace("name = \"城南\"", "name = \"城南\"\nformer = \"原乙\"")
                .replace("[kinds.law]", "[map]\ntaxonomy = \"tags\"\n[kinds.law]")
                + &with(
                    "map.html",
                    "{% for r in map.rows %}{% for c in r.cells %}{{ c.count }}{% endfor %}{% endfor %}",
                ),
            new("tags: [检查]\nkind: study\noffices: [south]"),
        ),
        Kind::Updated => (with("404.html", "{{ edition.updated }}"), new("")),
        Kind::Door => (with("door.html", "{{ doors[0].newest.title }}"), new("")),
        Kind::Config => (with("404.html", "{{ config.title }}"), config("门户", "改")),
        Kind::Office => (with("404.html", "{{ office.name }}"), config("城东", "改")),
        Kind::Template => (with("404.html", "甲"), with("404.html", "乙")),
        Kind::ThemeFile => (
            with("404.html", "{{ asset('x.css') }}") + "-- static/x.css --\na{color:red}\n",
            "-- static/x.css --\na{color:#00f}\n".to_owned(),
        ),
        Kind::Screen => {
            let screen = "[[offices.screens]]\nid = \"k\"\n[[offices]]\nid = \"south\"";
            let empty = ["index", "slide", "article"].map(|name| with(&format!("kiosk/{name}.html"), ""));
            (config("[[offices]]\nid = \"south\"", screen) + &empty.concat(), a("tags: [检查]\nkiosk: false", "文"))
        }
        Kind::Asset => (
            own("{{ page.cover.width }}") + &a("cover: p.svg", "文"),
            "-- content/s/p.svg --\n<svg width=\"2\" height=\"2\"></svg>\n".to_owned(),
        ),
    }
}

fn file(path: &str) -> String {
    Portal::new(BARE).files[path].clone()
}

#[test]
fn every_kind_of_fact_is_needed() {
    let bare = Portal::new(BARE);
    let mut idle = Vec::new();
    for &kind in Kind::ALL {
        let (besides, edit) = case(kind);
        let before = bare.with(&besides);
        let (old, new) = (before.build(), before.with(&edit).build());
        assert_eq!(old.unsound(&new, None), Vec::<String>::new(), "{kind:?}: not even sound");
        if old.unsound(&new, Some(kind)).is_empty() {
            let all = |built: &super::portal::Built| -> Vec<String> {
                built.outputs.iter().map(|(path, o)| format!("{path} {} {:?}", o.bytes.len(), o.problems)).collect()
            };
            idle.push(format!("{kind:?}\n{:#?}\n{:#?}", all(&old), all(&new)));
        }
    }
    assert!(idle.is_empty(), "kinds that no edit needs:\n{}", idle.join("\n"));
}

/// How many scripts there are.
const SCRIPTS: usize = 50;

/// The portals that fixed script number `at` goes through: of some kinds, before and after the edit that is theirs.
fn script(at: usize) -> Vec<Portal> {
    let bare = Portal::new(BARE);
    let kinds = Kind::ALL.iter().enumerate().filter(|(number, _)| number % SCRIPTS == at);
    let pairs = kinds.map(|(_, &kind)| {
        let (besides, edit) = case(kind);
        let before = bare.with(&besides);
        let after = before.with(&edit);
        [before, after]
    });
    pairs.flatten().collect()
}

/// Whether somewhere in a script something is kept that is not what a clean build gives, if no fact of `without` tells
/// of what has changed.
fn fails(script: &[Portal], without: Option<Kind>) -> bool {
    let render = |outputs: &Outputs| {
        let mut worker = outputs.build().worker();
        for job in outputs.missing() {
            outputs.make(job, &mut worker);
        }
    };
    let mut kept = outputs(&script[0].read(), usize::MAX);
    render(&kept);
    for portal in &script[1..] {
        let new = zhendi::build(&portal.read(), Some(kept.build()));
        let (next, _) = match without {
            Some(kind) => kept.next_without(new, kind),
            None => kept.next(new),
        };
        render(&next);
        let clean = outputs(&portal.read(), usize::MAX);
        render(&clean);
        let jobs = clean.build().jobs();
        if next.problems() != clean.problems() || jobs.iter().any(|job| next.hash(job.path()) != clean.hash(job.path()))
        {
            return true;
        }
        kept = next;
    }
    false
}

#[test]
fn scripts_fail_without_any_kind_of_fact() {
    let scripts: Vec<Vec<Portal>> = (0..SCRIPTS).map(script).collect();
    for (at, script) in scripts.iter().enumerate() {
        assert!(!fails(script, None), "script {at} fails by itself");
    }
    let idle: Vec<Kind> = Kind::ALL
        .iter()
        .enumerate()
        .filter(|&(number, &kind)| {
            // The script that has this kind's edit comes first, or it takes long.
            let order = (0..SCRIPTS).map(|n| (number + n) % SCRIPTS);
            !order.into_iter().any(|at| fails(&scripts[at], Some(kind)))
        })
        .map(|(_, &kind)| kind)
        .collect();
    assert!(idle.is_empty(), "no script needs {idle:?}");
}
