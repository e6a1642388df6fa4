//! A generator of small random portals and of edits to them. Pools of names are tiny, so that addresses, terms and
//! targets meet again and again; templates are strung together from snippets that read a few things each, so that
//! often one fact alone tells that an output must change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use zhendi::source::Names;

use super::portal::Portal;
use crate::support::Random;

const FOLDERS: &[&str] = &["a", "a/b", "a/b/c", "d", "e"];
const NAMES: &[&str] = &["甲", "乙", "bing", "ding.v2", "index", "己 x"];
const TERMS: &[&str] = &["检查", "监察", "电梯", "食品"];
const DATES: &[&str] =
    &["2025-12-31", "2026-10-01", "2026-11-05", "2026-11-20", "2026-11-24", "2026-11-25", "2026-12-01"];
const KINDS: &[&str] = &["study", "case", "notice", "policy"];
const ASSETS: &[&str] = &["a/p.svg", "a/甲/p.svg", "d/q.svg", "e/t.csv"];

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
    "{{ home_url() }}{{ archive_url() }}{{ door_url() }}{{ feed_url() }}",
    "{% set p = get_page('a/甲.md') %}{{ p.title }}{{ p.url }}",
    "{% set s = get_section('a/b') %}{{ s.title }}{{ s.count }}",
    "{% if get_page('d/乙.md') %}乙{% endif %}",
    "{% if get_taxonomy('topics') %}专题{% endif %}",
    "{% for t in get_taxonomy('tags').terms %}{{ t.name }}{{ t.count }}{% endfor %}",
    "{{ get_url('a/p.svg') }}",
    "{{ get_url('d/_index.md') }}",
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
    "{{ home.plan.month }}{{ home.plan.series.name }}{% for p in home.plan.pages %}{{ p.title }}{% endfor %}",
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

/// The templates that a portal may override, and what each may read besides.
const TEMPLATES: &[(&str, &[&str])] = &[
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
    ("door.html", OF_DOOR),
    ("atom.xml", OF_FEED),
    ("sitemap.xml", OF_SITEMAP),
    ("redirect.html", OF_REDIRECT),
    ("problem.html", OF_PROBLEM),
    ("404.html", &[]),
];

/// A random portal: what stands in its files, as things to change.
#[derive(Clone)]
pub struct Site {
    /// Key to value, for `zhendi.toml`.
    config: BTreeMap<&'static str, u64>,
    pages: BTreeMap<String, Page>,
    /// Front matter of `_index.md` by folder.
    sections: BTreeMap<&'static str, Page>,
    templates: BTreeMap<&'static str, String>,
    statics: BTreeMap<&'static str, String>,
    assets: BTreeMap<&'static str, u64>,
    /// Templates of a theme of the portal's own, which the configuration may name.
    theme: BTreeMap<&'static str, String>,
    day: &'static str,
    pub names: Names,
}

/// A text: lines of the front matter by key, and pieces of the body.
#[derive(Clone, Default)]
struct Page {
    front: BTreeMap<&'static str, String>,
    body: Vec<String>,
    unclosed: bool,
    /// Whether it is no text at all.
    garbled: bool,
}

fn pick<'a, T: ?Sized>(random: &mut Random, from: &[&'a T]) -> &'a T {
    from[random.below(from.len() as u64) as usize]
}

fn some(random: &mut Random, from: &[&str], most: u64) -> String {
    let count = random.below(most + 1);
    let found: Vec<&str> = (0..count).map(|_| pick(random, from)).collect();
    format!("[{}]", found.join(", "))
}

impl Page {
    fn text(&self) -> String {
        let mut text = "---\n".to_owned();
        for (key, value) in &self.front {
            let _ = writeln!(text, "{key}: {value}");
        }
        text.push_str(if self.unclosed { "\n" } else { "---\n\n" });
        text.push_str(&self.body.join("\n\n"));
        text.push_str(if self.garbled { "\0\u{1}\0" } else { "\n" });
        text
    }

    fn set(&mut self, random: &mut Random, site: &[String]) {
        let link = |random: &mut Random| match site {
            [] => "甲.md".to_owned(),
            _ => format!("@/{}", site[random.below(site.len() as u64) as usize]),
        };
        let word = || ["一", "二", "三", "四"];
        let n = random.below(4) as usize;
        let (key, value) = match random.below(24) {
            0 | 1 => ("title", format!("题{}", word()[n])),
            2 | 3 => ("date", pick(random, DATES).to_owned()),
            4 => ("updated", pick(random, DATES).to_owned()),
            5 => ("expires", pick(random, DATES).to_owned()),
            6 => ("draft", (n == 0).to_string()),
            7 | 8 => ("tags", some(random, TERMS, 3)),
            9 => ("topics", some(random, TERMS, 2)),
            10 => ("series", ["r", "q"][n % 2].to_owned()),
            11 => ("weight", n.to_string()),
            12 => ("offices", ["[o0]", "[o1]", "[o0, o1]", "[o2]"][n].to_owned()),
            13 => ("kind", KINDS[n].to_owned()),
            14 => ("slug", ["x", "y", "jia", "z"][n].to_owned()),
            15 => ("aliases", ["[old]", "[a/old]", "[x]", "[]"][n].to_owned()),
            16 => ("template", ["case", "own", "nowhere", "page"][n].to_owned()),
            17 => ("cover", format!("\"@/{}\"", ASSETS[n])),
            18 => ("attachments", format!("[\"@/{}\"]", ASSETS[n])),
            19 => ("supersedes", format!("\"{}\"", link(random))),
            20 => ("extra", ["{ x: 1 }", "{ x: 二, lead: true }", "{ y: 1 }", "{ lead: true }"][n].to_owned()),
            21 => ("summary", format!("摘要{}", word()[n])),
            22 => (["author", "source", "editor", "short"][n], word()[n].to_owned()),
            _ => ("cascade", ["{ tags: [食品] }", "{ offices: [o1] }", "{ kind: case }", "{ author: 丁 }"][n].into()),
        };
        if random.below(4) == 0 {
            self.front.remove(key);
        } else {
            self.front.insert(key, value);
        }
    }

    fn write(&mut self, random: &mut Random, site: &[String]) {
        let n = random.below(4);
        let link = match site {
            [] => "甲.md".to_owned(),
            _ => site[random.below(site.len() as u64) as usize].clone(),
        };
        let piece = match random.below(9) {
            0 | 1 => format!("一段文字{n}。再一句。"),
            2 => format!("## 小节{n}"),
            3 => format!("[见](<@/{link}>)"),
            4 => format!("[见](<@/{link}#小节{n}>)"),
            5 => format!("![图](<@/{}>)", ASSETS[n as usize]),
            6 => "`x` $a$ <u>下</u> <b>粗</b>".to_owned(),
            7 => "```rust\nfn x() {}\n```".to_owned(),
            _ => "[夹](@/a/b/_index.md) [文](@/e/t.csv)".to_owned(),
        };
        if self.body.is_empty() || random.below(2) == 0 {
            self.body.push(piece);
        } else {
            let at = random.below(self.body.len() as u64) as usize;
            if random.below(4) == 0 {
                self.body.remove(at);
            } else {
                self.body[at] = piece;
            }
        }
    }

    fn new(random: &mut Random, site: &[String]) -> Self {
        let mut page = Self::default();
        page.front.insert("title", format!("题{}", random.below(9)));
        page.front.insert("date", pick(random, DATES).to_owned());
        for _ in 0..random.below(6) {
            page.set(random, site);
        }
        for _ in 0..1 + random.below(3) {
            page.write(random, site);
        }
        page
    }
}

fn snippet(random: &mut Random, name: &str, own: &[&str]) -> String {
    let mut text = String::new();
    for _ in 0..1 + random.below(3) {
        let piece = match (random.below(4), name) {
            (0, _) => pick(random, ANYWHERE).to_owned(),
            (1 | 2, "page.html" | "case.html" | "redirect.html") => format!("{{{{ page.{} }}}}", pick(random, PAGE)),
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

fn place(random: &mut Random) -> String {
    let folder = pick(random, FOLDERS);
    match random.below(4) {
        0 => format!("{folder}/{}/index.md", pick(random, NAMES)),
        _ => format!("{folder}/{}.md", pick(random, NAMES)),
    }
}

impl Site {
    /// A new portal of 1 to 3 offices and a handful of pages.
    pub fn new(random: &mut Random) -> Self {
        let mut site = Self {
            config: BTreeMap::new(),
            pages: BTreeMap::new(),
            sections: BTreeMap::new(),
            templates: BTreeMap::new(),
            statics: BTreeMap::new(),
            assets: ASSETS.iter().map(|&asset| (asset, 1)).collect(),
            theme: BTreeMap::new(),
            day: pick(random, &["2026-11-24", "2026-11-05"]),
            names: if random.below(2) == 0 { Names::Hashed } else { Names::Plain },
        };
        for name in ["css/portal.css", "js/display.js", "js/portal.js"] {
            site.statics.insert(name, String::new());
        }
        site.config.insert("offices", 1 + random.below(3));
        if random.below(3) == 0 {
            site.config.insert("theme", 1);
        }
        for (name, own) in TEMPLATES.iter().filter(|(name, _)| !name.contains("own") && *name != "case.html") {
            site.theme.insert(name, snippet(random, name, own));
        }
        for _ in 0..2 + random.below(9) {
            let known = site.paths();
            let page = Page::new(random, &known);
            site.pages.insert(place(random), page);
        }
        for _ in 0..random.below(4) {
            site.edit_section(random);
        }
        for _ in 0..random.below(8) {
            site.edit_template(random);
        }
        for _ in 0..random.below(5) {
            site.edit_config(random);
        }
        site
    }

    fn paths(&self) -> Vec<String> {
        self.pages.keys().cloned().collect()
    }

    fn edit_section(&mut self, random: &mut Random) {
        let folder = pick(random, FOLDERS);
        let known = self.paths();
        if random.below(5) == 0 {
            self.sections.remove(folder);
            return;
        }
        let section = self.sections.entry(folder).or_default();
        match random.below(5) {
            0 => section.write(random, &known),
            1 => {
                section.front.insert("sort_by", pick(random, &["weight", "title", "date"]).to_owned());
            }
            2 => {
                section.front.insert("paginate_by", (1 + random.below(3)).to_string());
            }
            _ => section.set(random, &known),
        }
    }

    fn edit_template(&mut self, random: &mut Random) {
        let (name, own) = TEMPLATES[random.below(TEMPLATES.len() as u64) as usize];
        if random.below(5) == 0 {
            self.templates.remove(name);
        } else {
            let mut text = snippet(random, name, own);
            if random.below(12) == 0 {
                text.push_str("{% if %}");
            }
            self.templates.insert(name, text);
        }
    }

    fn edit_config(&mut self, random: &mut Random) {
        let keys = [
            "title", "subtitle", "extra", "paginate", "offices", "order", "name", "accent", "contact", "base", "nav",
            "sections", "home", "tags", "terms", "topics", "plan", "series", "math", "raw", "length", "kinds",
            "paging", "theme", "ignore", "taxes", "broken",
        ];
        self.config.insert(pick(random, &keys), random.below(4));
    }

    /// One random edit.
    pub fn edit(&mut self, random: &mut Random) {
        let known = self.paths();
        let at = |random: &mut Random| known.get(random.below(known.len().max(1) as u64) as usize).cloned();
        match random.below(27) {
            0..=3 => {
                if let Some(page) = at(random).and_then(|path| self.pages.get_mut(&path)) {
                    page.write(random, &known);
                }
            }
            4..=9 => {
                if let Some(page) = at(random).and_then(|path| self.pages.get_mut(&path)) {
                    page.set(random, &known);
                }
            }
            10 => {
                if let Some(path) = at(random) {
                    self.pages.remove(&path);
                }
            }
            11 | 12 => {
                if let Some(page) = at(random).and_then(|path| self.pages.remove(&path)) {
                    self.pages.insert(place(random), page);
                }
            }
            13 | 14 => {
                let page = Page::new(random, &known);
                self.pages.insert(place(random), page);
            }
            15 | 16 => self.edit_section(random),
            17 | 18 => self.edit_template(random),
            19 | 20 => self.edit_config(random),
            21 => {
                if random.below(2) == 0 {
                    self.edit_static(random);
                } else if random.below(4) == 0 {
                    self.assets.remove(pick(random, ASSETS));
                } else {
                    self.assets.insert(pick(random, ASSETS), random.below(4));
                }
            }
            22 => self.day = pick(random, DATES),
            23 => self.move_folder(pick(random, FOLDERS), pick(random, FOLDERS)),
            24 => {
                let (name, own) = TEMPLATES[random.below(TEMPLATES.len() as u64) as usize];
                if let Some(text) = self.theme.get_mut(name) {
                    *text = snippet(random, name, own);
                }
            }
            25 => {
                if let Some(page) = at(random).and_then(|path| self.pages.get_mut(&path)) {
                    page.garbled = !page.garbled && random.below(3) == 0;
                }
            }
            _ => {
                if let Some(page) = at(random).and_then(|path| self.pages.get_mut(&path)) {
                    page.unclosed = !page.unclosed;
                }
            }
        }
    }

    fn edit_static(&mut self, random: &mut Random) {
        let n = random.below(4);
        let (name, text) = match random.below(6) {
            0 => ("img/x.svg", format!("<svg width=\"{n}\"></svg>")),
            1 => ("x.css", "b{background:url(img/x.svg)}".to_owned()),
            2 => ("css/portal.css", "@import \"../x.css\";".to_owned()),
            3 => ("css/portal.css", format!("a{{top:{n}px}}")),
            4 => ("x.css", format!("b{{top:{n}px")),
            _ => ("x.css", format!("b{{top:{n}px}}")),
        };
        if n == 0 {
            self.statics.remove(name);
        } else {
            self.statics.insert(name, text);
        }
    }

    /// Everything in `from` and below goes to `to`, over what is there.
    fn move_folder(&mut self, from: &'static str, to: &'static str) {
        let prefix = format!("{from}/");
        for path in self.paths() {
            if let Some(rest) = path.strip_prefix(&prefix)
                && let Some(page) = self.pages.remove(&path)
            {
                self.pages.insert(format!("{to}/{rest}"), page);
            }
        }
        if let Some(section) = self.sections.remove(from) {
            self.sections.insert(to, section);
        }
    }

    /// Mends what is broken on purpose.
    pub fn repair(&mut self) {
        for page in self.pages.values_mut() {
            page.unclosed = false;
            page.garbled = false;
        }
        self.config.remove("broken");
        if let Some(text) = self.statics.get_mut("x.css").filter(|text| !text.ends_with('}')) {
            text.push('}');
        }
        for text in self.templates.values_mut() {
            *text = text.replace("{% if %}", "");
        }
    }

    fn toml(&self) -> String {
        let get = |key: &str| self.config.get(key).copied().unwrap_or(0);
        let mut text = format!("title = \"门户{}\"\nsubtitle = \"副{}\"\n", get("title"), get("subtitle"));
        text.push_str(["", "theme = \"bare\"\n", "", "theme = \"nowhere\"\n"][get("theme") as usize]);
        text.push_str(["", "ignore = [\"**/乙*\"]\n", "ignore = [\"e/**\"]\n", ""][get("ignore") as usize]);
        if self.config.contains_key("paginate") {
            let _ = writeln!(text, "paginate_by = {}", get("paginate") + 1);
        }
        let mut offices: Vec<u64> = (0..get("offices").clamp(1, 3)).collect();
        if get("order") == 1 {
            offices.reverse();
        }
        for id in offices {
            let _ = writeln!(text, "[[offices]]\nid = \"o{id}\"\nname = \"办公区{id}{}\"", get("name"));
            let _ = writeln!(text, "short = \"区{id}\"\naccent = \"#00000{}\"", get("accent"));
            let _ = writeln!(text, "contact = \"内线{}\"", get("contact"));
            if get("base") >> (id % 2) & 1 == 1 {
                let _ = writeln!(text, "base_url = \"http://o{id}.example/{}/\"", get("base"));
            }
        }
        if get("sections") > 0 {
            for (at, folder) in ["d", "a", "e"].iter().enumerate().take(get("sections") as usize) {
                let _ = writeln!(text, "[[sections]]\npath = \"{folder}\"\nkind = \"{}\"", KINDS[at]);
                let _ = writeln!(text, "nav = \"栏{}\"\nhome = {}", get("nav"), get("home") != at as u64 + 1);
                if get("paging") > 0 {
                    let _ = writeln!(text, "paginate_by = {}", get("paging"));
                }
            }
        }
        if get("taxes") == 2 {
            text.push_str("[[taxonomies]]\nid = \"business\"\nname = \"条线\"\n");
        }
        if get("taxes") != 1 {
            let _ = writeln!(text, "[[taxonomies]]\nid = \"topics\"\nname = \"专题{}\"", get("topics"));
        }
        let _ = writeln!(text, "[[taxonomies]]\nid = \"tags\"\nname = \"标签{}\"", get("tags"));
        if get("terms") == 1 {
            text.push_str("terms = [\"食品\", \"电梯\", \"监察\", \"检查\"]\n");
        }
        let plan = ["", "\"a/甲.md\"", "\"d/bing.md\", \"a/甲.md\"", "\"a/b/乙.md\""][get("plan") as usize];
        let _ = writeln!(text, "[series.r]\nname = \"系列{}\"\nplan = {{ \"2026-11\" = [{plan}] }}", get("series"));
        let _ = writeln!(text, "[series.q]\nname = \"另一\"");
        let _ = writeln!(text, "[kinds.case]\nname = \"案例{}\"", get("kinds"));
        let _ = writeln!(text, "[markdown]\nmath = {}\nraw_html = {}", get("math") == 1, get("raw") == 1);
        let _ = writeln!(text, "summary_length = {}", 4 + get("length"));
        let _ = writeln!(text, "[extra]\nx = {}", get("extra"));
        text.push_str(["", "[[offices\n", "", "unknown = 1\n"][get("broken") as usize]);
        text
    }

    /// As files.
    pub fn portal(&self) -> Portal {
        let mut files = BTreeMap::new();
        files.insert("zhendi.toml".to_owned(), self.toml());
        for (path, page) in &self.pages {
            files.insert(format!("content/{path}"), page.text());
        }
        for (folder, section) in &self.sections {
            files.insert(format!("content/{folder}/_index.md"), section.text());
        }
        for (name, text) in &self.templates {
            files.insert(format!("templates/{name}"), text.clone());
        }
        for (name, text) in &self.statics {
            files.insert(format!("static/{name}"), text.clone());
        }
        for (path, size) in &self.assets {
            let text = if *size == 0 { String::new() } else { format!("<svg width=\"{size}\" height=\"1\"></svg>") };
            files.insert(format!("content/{path}"), text);
        }
        if self.config.get("theme") == Some(&1) {
            for (name, text) in &self.theme {
                files.insert(format!("themes/bare/templates/{name}"), text.clone());
            }
            files.insert("themes/bare/static/img/x.svg".to_owned(), "<svg></svg>".to_owned());
        }
        Portal { files, day: self.day.to_owned(), names: self.names }
    }
}
