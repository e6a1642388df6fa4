//! Templates strung together from snippets that read a few things each.

use super::pick;
use crate::support::Random;

/// What every template may read.
const ANYWHERE: &[&str] = &[
    "{{ config.title }}",
    "{{ config.subtitle }}",
    "{{ config.extra.x }}",
    "{% for t in config.taxonomies %}{{ t.name }}{{ t.url }}{% endfor %}",
    "{{ office.name }}{{ office.url }}",
    "{% for o in offices %}{{ o.id }}{{ o.url }}{{ o.contact }}{% endfor %}",
    "{{ edition.id }}{{ edition.updated }}",
    "{% for n in nav %}{{ n.nav }}{{ n.url }}{{ n.active }}{{ n.home }}{% endfor %}",
    "{{ asset('css/portal.css') }}",
    "{{ asset('x.css') }}{{ asset('img/x.svg') }}",
    "{% for o in offices %}{{ o.name }}{{ o.accent }}{{ o.current }}{% endfor %}",
    "{{ office_css() }}",
    "{{ map_url() }}{{ config.map.title }}",
    "{{ home_url() }}{{ archive_url() }}{{ door_url() }}{{ feed_url() }}",
    "{% set p = get_page('a/甲.md') %}{{ p.title }}{{ p.url }}",
    "{% set s = get_section('a/b') %}{{ s.title }}{{ s.count }}",
    "{% if get_page('d/乙.md') %}乙{% endif %}",
    "{% if get_taxonomy('topics') %}专题{% endif %}",
    "{% for t in get_taxonomy('tags').terms %}{{ t.name }}{{ t.count }}{% endfor %}",
    "{{ get_url('a/p.svg') }}",
    "{{ get_url('d/_index.md') }}",
    "{{ series_url() }}",
    "{% set s = get_series('r') %}{{ s.name }}{{ s.count }}{{ s.url }}",
    "{{ office.shared_computers }}",
    "{% include 'own.html' ignore missing %}",
    "{% include ['none.html', 'parts/own.html'] ignore missing %}",
];

const PAGE: &[&str] = &[
    "title",
    "short",
    "summary",
    "content",
    "date",
    "updated",
    "expires",
    "as_of",
    "year",
    "author",
    "source",
    "editor",
    "url",
    "permalink",
    "path",
    "slug",
    "kind.name",
    "section.title",
    "section.count",
    "word_count",
    "reading_time",
    "series.name",
    "series.index",
    "series.pages|length",
    "series.month",
    "series.next.title",
    "series.previous.url",
    "series.minutes",
    "minutes",
    "newer.title",
    "older.url",
    "supersedes.url",
    "superseded_by.title",
    "cover.url",
    "cover.width",
    "only_here",
    "draft",
    "extra.x",
    "qr",
];

const OF_PAGE: &[&str] = &[
    "{% for s in page.sides %}{{ s.name }}{% for p in s.pages %}{{ p.title }}{% endfor %}{% endfor %}",
    "{% for s in page.sides %}{% for p in s.pages %}{{ p.path }} {% endfor %}{% endfor %}",
    "{% for c in page.clauses %}{{ c.kind }}{{ c.id }}{{ c.html }}{% endfor %}",
    "{% for c in page.clauses %}{% for p in c.cited %}{{ p.path }} {% endfor %}{% endfor %}",
    "{% for c in page.cited %}{{ c.page.path }}{% for a in c.articles %}{{ a.number }}{% endfor %}{% endfor %}",
    "{% for c in page.citations %}{{ c.law }}{{ c.url }}{% for a in c.articles %}{{ a.number }}{{ a.url }}{% endfor %}{% endfor %}",
    "{% for p in page.related %}{{ p.title }}{{ p.url }}{% endfor %}",
    "{% for p in page.backlinks %}{{ p.url }}{% endfor %}",
    "{% for t in page.tags %}{{ t.name }}{{ t.url }}{% endfor %}",
    "{% for t in page.topics %}{{ t.count }}{% endfor %}",
    "{% for a in page.ancestors %}{{ a.title }}{{ a.url }}{% endfor %}",
    "{% for t in page.toc %}{{ t.title }}{{ t.url }}{% endfor %}",
    "{% for a in page.attachments %}{{ a.url }}{{ a.size }}{% endfor %}",
    "{% for o in page.offices %}{{ o }}{% endfor %}",
    "{% for k, v in page.taxonomies|items %}{{ k }}{% for t in v %}{{ t.name }}{% endfor %}{% endfor %}",
];

const OF_LIST: &[&str] = &[
    "{% for p in paginator.pages %}{{ p.title }}{% endfor %}",
    "{% for p in paginator.pages %}{{ p.url }}{{ p.date }}{% endfor %}",
    "{{ paginator.number_pagers }}{{ paginator.next }}{{ paginator.last }}",
    "{{ paginator.total }}{{ paginator.next_newest }}",
];

const OF_SECTION: &[&str] = &[
    "{{ section.title }}",
    "{{ section.description }}{{ section.extra.x }}",
    "{{ section.content }}",
    "{{ section.url }}{{ section.kind.name }}{{ section.sort }}",
    "{{ section.count }}",
    "{{ section.total }}",
    "{% for y in section.years %}{{ y.year }}{{ y.count }}{% endfor %}",
    "{% for p in section.pages %}{{ p.title }}{% endfor %}",
    "{% for s in section.subsections %}{{ s.title }}{{ s.count }}{% endfor %}",
    "{% for t in section.topics %}{{ t.name }}{% endfor %}",
    "{% for a in section.ancestors %}{{ a.title }}{% endfor %}",
    "{{ section.newest.title }}",
];

const OF_TERM: &[&str] = &[
    "{{ term.name }}",
    "{{ term.slug }}{{ term.url }}",
    "{{ term.count }}",
    "{% for p in term.pages %}{{ p.title }}{% endfor %}",
    "{{ taxonomy.name }}",
];

const OF_TAXONOMY: &[&str] = &[
    "{{ taxonomy.name }}{{ taxonomy.url }}",
    "{{ taxonomy.terms|length }}",
    "{% for t in taxonomy.terms %}{{ t.name }}{{ t.url }}{{ t.count }}{% endfor %}",
];

const OF_HOME: &[&str] = &[
    "{{ home.lead.title }}",
    "{% for c in home.columns %}{{ c.section.title }}{% for p in c.pages %}{{ p.title }}{% endfor %}{% endfor %}",
    "{% for p in home.notices %}{{ p.url }}{% endfor %}",
    "{% for one in home.plans %}{{ one.month }}{{ one.series.name }}{% for p in one.pages %}{{ p.title }}{% endfor %}{% endfor %}",
    "{% for e in home.elsewhere %}{{ e.page.title }}{{ e.page.url }}{{ e.office.short }}{% endfor %}",
    "{% for t in home.topics %}{{ t.name }}{% endfor %}",
    "{{ section.title }}",
];

const OF_MONTH: &[&str] = &[
    "{{ month.month }}{{ month.count }}",
    "{% for p in pages %}{{ p.title }}{% endfor %}",
    "{{ earlier.url }}{{ later.month }}{{ earlier.count }}",
];

const OF_ARCHIVE: &[&str] = &[
    "{{ archive.count }}",
    "{% for y in archive.years %}{{ y.year }}{% for m in y.months %}{{ m.url }}{{ m.count }}{% endfor %}{% endfor %}",
];

const OF_DOOR: &[&str] =
    &["{% for d in doors %}{{ d.url }}{{ d.newest.title }}{{ d.newest.url }}{{ d.office.name }}{% endfor %}"];

const OF_FEED: &[&str] = &["{{ feed.updated }}", "{% for p in feed.pages %}{{ p.permalink }}{{ p.title }}{% endfor %}"];
const OF_SITEMAP: &[&str] = &["{% for e in entries %}{{ e.loc }}{{ e.lastmod }}{% endfor %}"];
const OF_REDIRECT: &[&str] = &["{{ target }}", "{{ page.title }}"];
const OF_PROBLEM: &[&str] = &["{% for p in problems %}{{ p.message }}{{ p.file }}{% endfor %}"];

const OF_SERIES_LIST: &[&str] = &[
    "{% for s in series_list %}{{ s.id }}{% endfor %}",
    "{% for s in series_list %}{{ s.name }}{{ s.url }}{{ s.minutes }}{% endfor %}",
];
const OF_SERIES: &[&str] = &[
    "{{ series.name }}{{ series.description }}{{ series.audience }}",
    "{% for p in series.pages %}{{ p.title }}{{ p.series.index }}{% endfor %}",
    "{% for m in series.months %}{{ m.month }}{{ m.pages|length }}{% endfor %}",
    "{% for m in series.months %}{{ m.when }}{{ m.minutes }}{% endfor %}",
    "{% for p in series.others %}{{ p.url }}{% endfor %}",
    "{{ series.record_url }}{{ series.count }}",
];

const OF_MAP: &[&str] = &[
    "{{ map.title }}{% for c in map.columns %}{{ c }}{% endfor %}{{ map.shared }}",
    "{% for r in map.rows %}{{ r.name }}{{ r.url }}{% for c in r.cells %}{{ c.count }}{{ c.home }} {% endfor %}{% endfor %}",
    "{% for r in map.rows %}{% for c in r.cells %}{% for k in c.kinds %}{{ k.name }}{{ k.newest.path }}{% endfor %}{% endfor %}{% endfor %}",
];

const OF_COMPONENT: &[&str] = &[
    "{#- 名称: 法条\n参数: 法律 law, 条 article\n引用: law article -#}",
    "{{ cited.law }}{{ cited.url }}{% for a in cited.articles %}{{ a.text }}{{ a.url }}{% endfor %}",
    "{#- 名称: 卡 -#}",
    "{#- 名称: 卡 own\n参数: 键 k -#}",
    "{{ title }}{{ id }}{{ name }}",
    "{{ body }}",
    "{{ args.k }}{{ args['键'] }}",
    "{% for part in parts %}{{ part.kind }}{{ part.html }}{{ part.fields|length }}{% endfor %}",
    "{% for part in parts %}{{ part.text }}{{ part.parts|length }}{{ part.lead }}{% endfor %}",
    "{{ page.title }}{{ section.title }}",
    "{{ page.content }}",
    "{% if not args.k %}{{ problem('warning', '没有 k') }}{% endif %}",
];

/// The templates that a portal may override, and what each may read besides.
pub const TEMPLATES: &[(&str, &[&str])] = &[
    ("page.html", OF_PAGE),
    ("case.html", OF_PAGE),
    ("own.html", &[]),
    ("parts/own.html", &[]),
    ("section.html", OF_SECTION),
    ("term.html", OF_TERM),
    ("taxonomy.html", OF_TAXONOMY),
    ("index.html", OF_HOME),
    ("month.html", OF_MONTH),
    ("archive.html", OF_ARCHIVE),
    ("series-list.html", OF_SERIES_LIST),
    ("series.html", OF_SERIES),
    ("series-record.html", OF_SERIES),
    ("door.html", OF_DOOR),
    ("map.html", OF_MAP),
    ("law.html", OF_PAGE),
    ("atom.xml", OF_FEED),
    ("sitemap.xml", OF_SITEMAP),
    ("redirect.html", OF_REDIRECT),
    ("problem.html", OF_PROBLEM),
    ("404.html", &[]),
    ("components/card.html", OF_COMPONENT),
    ("components/own.html", OF_COMPONENT),
];

/// The text of a template `name`, with one to three snippets.
pub fn snippet(random: &mut Random, name: &str, own: &[&str]) -> String {
    let mut text = String::new();
    for _ in 0..1 + random.below(3) {
        let piece = match (random.below(4), name) {
            (0, _) => pick(random, ANYWHERE).to_owned(),
            (1 | 2, "page.html" | "case.html" | "law.html" | "redirect.html") => {
                format!("{{{{ page.{} }}}}", pick(random, PAGE))
            }
            (1, "section.html" | "term.html") => pick(random, OF_LIST).to_owned(),
            (_, "own.html" | "parts/own.html" | "404.html") => pick(random, ANYWHERE).to_owned(),
            _ if own.is_empty() => "字".to_owned(),
            _ => pick(random, own).to_owned(),
        };
        text.push_str(&piece);
        text.push('\n');
    }
    text
}
