//! A generator of small random portals and of edits to them. Pools of names are tiny, so that addresses, terms and
//! targets meet again and again; templates are strung together from snippets that read a few things each, so that
//! often one fact alone tells that an output must change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use zhendi::source::Names;

use self::page::Page;
use self::snippets::{TEMPLATES, snippet};
use super::portal::{PHOTOGRAPH, Portal};
use crate::support::Random;

#[path = "site/page.rs"]
mod page;
#[path = "site/snippets.rs"]
mod snippets;

const FOLDERS: &[&str] = &["a", "a/b", "a/b/c", "d", "e"];
const NAMES: &[&str] = &["甲", "乙", "bing", "ding.v2", "index", "己 x"];
const TERMS: &[&str] = &["检查", "监察", "电梯", "食品"];
const DATES: &[&str] =
    &["2025-12-31", "2026-10-01", "2026-11-05", "2026-11-20", "2026-11-24", "2026-11-25", "2026-12-01"];
const KINDS: &[&str] = &["study", "case", "notice", "policy", "law"];
/// Where the statute stands that most citations mean.
const LAW: &str = "a/b/法.md";
const ASSETS: &[&str] = &["a/p.svg", "a/甲/p.svg", "d/r.jpg", "e/t.csv"];

/// A random portal: what stands in its files, as things to change.
#[derive(Clone)]
pub struct Site {
    /// Key to value, for `zhendi.toml`.
    config: BTreeMap<&'static str, u64>,
    pages: BTreeMap<String, Page>,
    /// Front matter of `_index.md` by folder.
    sections: BTreeMap<&'static str, Page>,
    /// Lines of the files of series by name; the last is the plan.
    series: BTreeMap<&'static str, [String; 3]>,
    templates: BTreeMap<&'static str, String>,
    statics: BTreeMap<&'static str, String>,
    assets: BTreeMap<&'static str, u64>,
    /// Templates of a theme of the portal's own, which the configuration may name.
    theme: BTreeMap<&'static str, String>,
    day: &'static str,
    pub names: Names,
}

fn pick<'a, T: ?Sized>(random: &mut Random, from: &[&'a T]) -> &'a T {
    from[random.below(from.len() as u64) as usize]
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
            series: BTreeMap::new(),
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
        for (name, own) in
            TEMPLATES.iter().filter(|(name, _)| !name.contains("own") && !["case.html", "law.html"].contains(name))
        {
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
        for _ in 0..random.below(6) {
            site.edit_series(random);
        }
        for _ in 0..random.below(8) {
            site.edit_template(random);
        }
        for _ in 0..random.below(5) {
            site.edit_config(random);
        }
        for _ in 0..random.below(5) {
            site.edit_headings(random);
        }
        if random.below(2) == 0 {
            site.config.insert("former", 2 + random.below(2));
        }
        if random.below(2) == 0 {
            site.pages.insert(LAW.to_owned(), Page::law(random));
            for _ in 0..2 + random.below(4) {
                site.edit_law(random);
            }
        }
        if random.below(2) == 0 {
            site.config.insert("screens", 1 + random.below(3));
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

    /// Edits the name, the order or the plan of a series, or takes it away.
    fn edit_series(&mut self, random: &mut Random) {
        let id = pick(random, &["r", "q", "序"]);
        if random.below(6) == 0 {
            self.series.remove(id);
            return;
        }
        let known = self.paths();
        let some = |random: &mut Random, most: u64| -> String {
            let count = random.below(most + 1);
            let one = |random: &mut Random| match known.get(random.below(known.len() as u64 + 1) as usize) {
                Some(path) => format!("\"{path}\""),
                None => "\"a/甲.md\"".to_owned(),
            };
            format!("[{}]", (0..count).map(|_| one(random)).collect::<Vec<_>>().join(", "))
        };
        let (order, now, later) = (some(random, 4), some(random, 2), some(random, 2));
        let n = random.below(4);
        let lines = self.series.entry(id).or_default();
        match random.below(7) {
            0 => lines[0] = format!("name = \"系列{n}\""),
            1 => lines[0] = format!("名称 = \"{id}\"\n说明 = \"说明{n}\"\nfor = \"全体\""),
            2 => lines[1] = ["", "order = []", "order = [", "wrong = 1"][n as usize].to_owned(),
            3 | 4 => lines[1] = format!("order = {order}"),
            _ => lines[2] = format!("[plan]\n\"2026-11\" = {now}\n\"2026-1{}\" = {later}", [0, 2, 2, 0][n as usize]),
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
            "sections", "home", "tags", "terms", "topics", "series", "shared", "math", "raw", "length", "kinds",
            "paging", "theme", "ignore", "taxes", "former", "sides", "articles", "map", "booklets", "broken",
            "screens",
        ];
        self.config.insert(pick(random, &keys), random.below(4));
    }

    /// One random edit.
    pub fn edit(&mut self, random: &mut Random) {
        let known = self.paths();
        let at = |random: &mut Random| known.get(random.below(known.len().max(1) as u64) as usize).cloned();
        match random.below(36) {
            34 | 35 => self.edit_series(random),
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
            26..=28 => self.edit_headings(random),
            29..=32 => self.edit_law(random),
            _ => {
                if let Some(page) = at(random).and_then(|path| self.pages.get_mut(&path)) {
                    page.unclosed = !page.unclosed;
                }
            }
        }
    }

    /// Edits a heading or a link to one: rather a heading that is linked to already, from whatever page.
    fn edit_headings(&mut self, random: &mut Random) {
        let aims: Vec<(String, String)> = self
            .pages
            .iter()
            .flat_map(|(own, page)| page.aims(own))
            .filter(|(path, _)| self.pages.contains_key(path))
            .collect();
        let known = self.paths();
        let Some(any) = known.get(random.below(known.len().max(1) as u64) as usize) else { return };
        let aimed = aims.get(random.below(aims.len().max(1) as u64) as usize);
        if let Some((path, anchor)) = aimed.filter(|_| random.below(3) > 0) {
            if let Some(page) = self.pages.get_mut(path) {
                page.edit_heading(anchor, random);
            }
            return;
        }
        let Some(page) = self.pages.get_mut(any) else { return };
        let anchor = page.some_anchor(random);
        if random.below(3) == 0 {
            page.body.push(format!("[上面](#{anchor})"));
        } else if let Some(from) = self.pages.get_mut(&known[random.below(known.len() as u64) as usize]) {
            from.body.push(format!("[见](<@/{any}#{anchor}>)"));
        }
    }

    /// Edits the statute, or a page that cites it.
    fn edit_law(&mut self, random: &mut Random) {
        let known = self.paths();
        match random.below(3) {
            0 => match self.pages.get_mut(LAW) {
                Some(page) => page.edit_law(random),
                None => drop(self.pages.insert(LAW.to_owned(), Page::law(random))),
            },
            _ => {
                let at = known.get(random.below(known.len().max(1) as u64) as usize);
                if let Some(page) = at.and_then(|path| self.pages.get_mut(path)) {
                    page.cite(random, LAW);
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
        for lines in self.series.values_mut().filter(|lines| matches!(&*lines[1], "order = [" | "wrong = 1")) {
            lines[1].clear();
        }
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
        let shared = ["", "shared_computers = true\n", "shared_computers = false\n", ""][get("shared") as usize];
        let mut text = format!("{shared}title = \"门户{}\"\nsubtitle = \"副{}\"\n", get("title"), get("subtitle"));
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
            if get("former") > 0 {
                let _ = writeln!(text, "former = \"原局{}\"\nlines = [\"{}\"]", id % get("former"), TERMS[id as usize]);
            }
            if get("screens") > 0 {
                let ahead = get("screens") * 4;
                let _ = writeln!(
                    text,
                    "screens = [{{ id = \"k\", audience = \"public\" }}, {{ id = \"m\", ahead = {ahead}, \
                    orientation = \"portrait\", kinds = [\"case\", \"study\"], pages = [\"a/甲.md\"] }}]"
                );
            }
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
                let _ = writeln!(text, "booklet = {}", get("booklets") & 1 == 1);
            }
        }
        if get("taxes") == 2 {
            text.push_str("[[taxonomies]]\nid = \"business\"\nname = \"条线\"\n");
        }
        if get("taxes") != 1 {
            let _ = writeln!(text, "[[taxonomies]]\nid = \"topics\"\nname = \"专题{}\"", get("topics"));
        }
        let _ = writeln!(text, "[[taxonomies]]\nid = \"tags\"\nname = \"标签{}\"", get("tags"));
        let _ = writeln!(text, "booklet = {}", get("booklets") & 2 == 2);
        if get("terms") == 1 {
            text.push_str("terms = [\"食品\", \"电梯\", \"监察\", \"检查\"]\n");
        }
        if get("series") == 3 {
            text.push_str("[series.q]\nname = \"另一\"\n");
        }
        let _ = writeln!(text, "[kinds.case]\nname = \"案例{}\"", get("kinds"));
        let _ = writeln!(text, "side = \"案{}\"\n[kinds.law]\narticles = {}", get("sides"), get("articles") != 1);
        let _ = writeln!(text, "[map]\ntaxonomy = \"{}\"", ["tags", "topics", "none", "tags"][get("map") as usize]);
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
        for (name, lines) in &self.series {
            files.insert(format!("content/series/{name}.toml"), lines.join("\n"));
        }
        for (name, text) in &self.templates {
            files.insert(format!("templates/{name}"), text.clone());
        }
        for (name, text) in &self.statics {
            files.insert(format!("static/{name}"), text.clone());
        }
        for (path, size) in &self.assets {
            let text = match size {
                0 => String::new(),
                _ if path.ends_with(".jpg") => format!("{PHOTOGRAPH}{size}"),
                _ => format!("<svg width=\"{size}\" height=\"1\"></svg>"),
            };
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
