//! The meaning of `zhendi.toml`. Read from the neutral tree, so that every complaint has a line; an unknown key is an
//! error here, with the nearest known one.

mod screen;
mod typed;

use std::sync::Arc;

use globset::{Glob, GlobSetBuilder};

use super::super::is_reserved;
use super::{Config, Field, Kind, MapConf, Office, SectionConf, TaxonomyConf};
use crate::content::Markdown;
use crate::diag::{
    CONFIG_ACCENT, CONFIG_MISSING, CONFIG_NO_OFFICE, CONFIG_SYNTAX, CONFIG_VALUE, Diagnostic, MAP_TERM_UNKNOWN,
    SERIES_IN_CONFIG, Span, nearest,
};
use crate::tree::{Key, Node, Value, read_toml};

/// Reads a configuration from its text; `file` is its name for messages. Always gives a configuration: what could not
/// be understood keeps its default and is reported.
pub fn read_config(file: &str, text: &str, problems: &mut Vec<Diagnostic>) -> Config {
    let mut config = Config::empty(file.to_owned());
    let before = problems.len();
    let mut reader = Reader { file: file.into(), problems };
    match read_toml(text, 0) {
        Ok(root) => reader.portal(&root, &mut config),
        Err(faults) => {
            for fault in faults {
                reader.problems.push(
                    fault
                        .diagnostic(CONFIG_SYNTAX, &reader.file, text)
                        .cause("配置文件写坏了一处，后面的内容就读不下去。"),
                );
            }
            return config;
        }
    }
    // An office that was given but is wrong has been reported.
    if config.offices.is_empty() && reader.problems.len() == before {
        reader.problems.push(
            Diagnostic::error(CONFIG_NO_OFFICE, "配置里一个办公区也没有")
                .in_file(&reader.file)
                .cause("每个办公区生成一个站点；没有办公区，就没有可生成的内容。")
                .cure("在文件末尾加上三行：第一行 [[offices]]，第二行 id = \"east\"，第三行 name = \"城东办公区\""),
        );
    }
    for field in config.kinds.iter().flat_map(|kind| &kind.fields) {
        let names = (field.key.clone(), field.name.clone());
        if !config.settings.fields.contains(&names) {
            config.settings.fields.push(names);
        }
    }
    config.settings.taxonomies = config.taxonomies.iter().map(|one| (one.id.clone(), one.name.clone())).collect();
    config
}

/// Reads typed values out of tree nodes and reports what does not fit.
struct Reader<'p> {
    file: Arc<str>,
    problems: &'p mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn portal(&mut self, root: &Node, config: &mut Config) {
        let known = [
            "title",
            "subtitle",
            "timezone",
            "theme",
            "paginate_by",
            "ignore",
            "offices",
            "sections",
            "kinds",
            "taxonomies",
            "series",
            "shared_computers",
            "map",
            "markdown",
            "extra",
        ];
        // What offices take over, and the kinds that sections name, are read first wherever they stand.
        let shared = root.get("shared_computers").and_then(|node| self.bool(node)).unwrap_or(false);
        if let Some(node) = root.get("kinds") {
            self.kinds(node, config);
        }
        for (key, node) in self.map(root, "配置文件", &known) {
            match key.name.as_str() {
                "title" => self.set_text(node, &mut config.title),
                "subtitle" => self.set_text(node, &mut config.subtitle),
                "timezone" => {
                    if let Some(text) = self.text(node) {
                        config.timezone = text.to_string();
                        config.timezone_at = Some(node.span);
                    }
                }
                "theme" => self.theme(node, config),
                "paginate_by" => config.paginate_by = self.count(node).unwrap_or(config.paginate_by),
                "ignore" => self.ignore(node, config),
                "offices" => {
                    let read: Vec<_> = self.list(node).iter().filter_map(|one| self.office(one, shared)).collect();
                    let read = self.unique(read, |office| &office.id, "办公区");
                    config.offices = read.into_iter().map(Arc::new).collect();
                }
                "sections" => {
                    config.sections =
                        self.list(node).iter().filter_map(|one| self.section(one, &config.kinds)).collect();
                }
                "kinds" | "shared_computers" => {}
                "taxonomies" => {
                    let read: Vec<_> = self.list(node).iter().filter_map(|one| self.taxonomy(one)).collect();
                    config.taxonomies = self.unique(read, |one| &one.id, "分类");
                }
                "series" => {
                    for (key, node) in self.entries(node) {
                        self.old_series(key, node, config);
                    }
                }
                "map" => config.map = self.map_page(node, &config.map),
                "markdown" => config.settings.markdown = self.markdown(node),
                _ => {
                    config.extra = self.entries(node).iter().map(|(k, v)| (k.name.as_str().into(), v.clone())).collect()
                }
            }
        }
        self.check_map(root, config);
    }

    /// What the map names: a taxonomy, and of each office terms of it.
    fn check_map(&mut self, root: &Node, config: &Config) {
        let wanted = &config.map.taxonomy;
        let taxonomy = config.taxonomies.iter().find(|one| one.id == *wanted);
        if let (None, Some(node)) = (taxonomy, root.get("map").and_then(|map| map.get("taxonomy")))
            && !wanted.is_empty()
        {
            self.unknown_name(node.span, "分类", wanted, config.taxonomies.iter().map(|one| &*one.id));
        }
        let Some(taxonomy) = taxonomy.filter(|one| !one.terms.is_empty()) else { return };
        let offices = root.get("offices").and_then(Node::as_list).unwrap_or_default();
        let business = offices.iter().filter_map(|office| office.get("business")?.as_list());
        for node in business.flatten() {
            let Value::Scalar(word, _) = &node.value else { continue };
            if !taxonomy.terms.iter().any(|term| **term == **word) {
                let near = nearest(word, taxonomy.terms.iter().map(|term| &**term));
                let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
                self.problems.push(
                    Diagnostic::error(MAP_TERM_UNKNOWN, format!("“{}”里没有“{word}”", taxonomy.name))
                        .at(&self.file, node.span)
                        .cause(format!(
                            "“{}”按这里写的条线，把文章归到原来的各局；写错了就归不进去。",
                            config.map.title
                        ))
                        .cure(format!("{guess}可以写的有：{}", taxonomy.terms.join("、"))),
                );
            }
        }
    }

    fn office(&mut self, node: &Node, shared: bool) -> Option<(Office, Span)> {
        let known = [
            "id",
            "name",
            "short",
            "former",
            "accent",
            "masthead",
            "lines",
            "business",
            "contact",
            "base_url",
            "shared_computers",
            "screens",
        ];
        let mut office = Office {
            id: "".into(),
            name: "".into(),
            short: "".into(),
            former: "".into(),
            accent: "#1F4B73".into(),
            masthead: "".into(),
            lines: Vec::new(),
            business: Vec::new(),
            contact: "".into(),
            base_url: None,
            shared_computers: shared,
            screens: Vec::new(),
        };
        let mut at = node.span;
        let mut given = false;
        if node.as_map().is_none() {
            self.wrong(node, "一个办公区，写成 [[offices]] 一行，下面是 id、name 各一行");
            return None;
        }
        for (key, value) in self.map(node, "[[offices]] ", &known) {
            match key.name.as_str() {
                "id" => {
                    at = value.span;
                    given = true;
                    office.id = self.folder_name(value, "办公区的 id").unwrap_or_default();
                }
                "name" => self.set_text(value, &mut office.name),
                "short" => self.set_text(value, &mut office.short),
                "former" => self.set_text(value, &mut office.former),
                "accent" => self.accent(value, &mut office.accent),
                "masthead" => self.set_text(value, &mut office.masthead),
                "lines" => office.lines = self.texts(value),
                "business" => office.business = self.texts(value),
                "contact" => self.set_text(value, &mut office.contact),
                "shared_computers" => office.shared_computers = self.bool(value).unwrap_or(shared),
                "screens" => office.screens = self.screens(value),
                _ => office.base_url = self.base_url(value),
            }
        }
        if office.id.is_empty() {
            if !given {
                self.missing(node.span, "办公区", "id");
            }
            return None;
        }
        if office.name.is_empty() {
            office.name = office.id.clone();
        }
        if office.short.is_empty() {
            office.short = office.name.clone();
        }
        Some((office, at))
    }

    /// A name that becomes a folder of the output and part of an address.
    fn folder_name(&mut self, node: &Node, what: &str) -> Option<Arc<str>> {
        let text = self.text(node)?;
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if plain && !is_reserved(&text) && &*text != "assets" {
            return Some(text);
        }
        self.problems.push(
            Diagnostic::error(CONFIG_VALUE, format!("{what} 不能写成“{text}”"))
                .at(&self.file, node.span)
                .cause("它是输出文件夹的名字，也是网址的一部分，只能用小写英文字母、数字和减号，不能是 assets，也不能是 Windows 保留的名字。")
                .cure("例如写成 east、south、north。"),
        );
        None
    }

    fn section(&mut self, node: &Node, kinds: &[Arc<Kind>]) -> Option<SectionConf> {
        let mut section =
            SectionConf { path: "".into(), kind: None, nav: None, home: true, paginate_by: None, booklet: false };
        for (key, value) in self.map(node, "[[sections]] ", &["path", "kind", "nav", "home", "paginate_by", "booklet"])
        {
            match key.name.as_str() {
                "path" => section.path = self.text(value).unwrap_or_default().trim_matches('/').into(),
                "kind" => {
                    let word = self.text(value).unwrap_or_default();
                    match kinds.iter().find(|kind| kind.id == word || kind.name == word) {
                        Some(kind) => section.kind = Some(kind.id.clone()),
                        None => self.unknown_name(value.span, "类型", &word, kinds.iter().map(|kind| &*kind.id)),
                    }
                }
                "nav" => section.nav = self.text(value),
                "home" => section.home = self.bool(value).unwrap_or(true),
                "paginate_by" => section.paginate_by = self.count(value),
                _ => section.booklet = self.bool(value).unwrap_or(false),
            }
        }
        if section.path.is_empty() {
            self.missing(node.span, "栏目", "path");
            return None;
        }
        Some(section)
    }

    fn kinds(&mut self, node: &Node, config: &mut Config) {
        for (key, value) in self.entries(node) {
            let id: Arc<str> = key.name.as_str().into();
            let found = config.kinds.iter().position(|kind| kind.id == id);
            let mut kind = found.map(|at| (*config.kinds[at]).clone()).unwrap_or_else(|| Kind::unsaid(&id));
            let known = ["name", "seal", "headings", "fields", "template", "stale_after", "articles", "side"];
            for (key, value) in self.map(value, "[kinds.…] ", &known) {
                match key.name.as_str() {
                    "name" => self.set_text(value, &mut kind.name),
                    "seal" => self.set_text(value, &mut kind.seal),
                    "headings" => {
                        let either = |one: &Node| one.as_list().is_some();
                        kind.headings = self
                            .list(value)
                            .iter()
                            .map(|one| if either(one) { self.texts(one) } else { self.text(one).into_iter().collect() })
                            .filter(|words: &Vec<_>| !words.is_empty())
                            .collect();
                    }
                    "fields" => kind.fields = self.list(value).iter().filter_map(|one| self.field(one)).collect(),
                    "template" => kind.template = self.text(value).map(|name| crate::content::template_name(&name)),
                    "articles" => kind.articles = self.bool(value).unwrap_or(kind.articles),
                    "side" => kind.side = self.text(value).filter(|side| !side.is_empty()),
                    _ => kind.stale_after = self.count(value),
                }
            }
            match found {
                Some(at) => config.kinds[at] = Arc::new(kind),
                None => config.kinds.push(Arc::new(kind)),
            }
        }
    }

    fn field(&mut self, node: &Node) -> Option<Field> {
        let mut field = Field { key: "".into(), name: "".into(), required: false };
        let mut spans = Vec::new();
        for (key, value) in self.map(node, "[[kinds.….fields]] ", &["key", "name", "required"]) {
            match key.name.as_str() {
                "key" => self.set_text(value, &mut field.key),
                "name" => self.set_text(value, &mut field.name),
                _ => field.required = self.bool(value).unwrap_or(false),
            }
            spans.push(value.span);
        }
        for (word, key) in [(&field.key, "key"), (&field.name, "name")] {
            if word.is_empty() {
                self.problems.push(
                    Diagnostic::error(CONFIG_MISSING, format!("这个字段没有写 {key}"))
                        .at(&self.file, node.span)
                        .cause("key 是模板用的英文名，name 是文件头里写、页面上显示的中文名，都不能省。")
                        .cure(format!("补上 {key} = \"…\"。")),
                );
                return None;
            }
        }
        let words = [&field.key, &field.name];
        let taken = words.iter().zip(spans).find(|(word, _)| crate::content::is_key(word));
        if let Some((word, span)) = taken {
            self.problems.push(
                Diagnostic::error(CONFIG_VALUE, format!("字段不能叫“{word}”"))
                    .at(&self.file, span)
                    .cause("文件头里每一篇都可以写这一项，它已经有自己的含义。")
                    .cure("换一个名字；如果就是要用那一项，这里不必再写。"),
            );
            return None;
        }
        Some(field)
    }

    fn taxonomy(&mut self, node: &Node) -> Option<(TaxonomyConf, Span)> {
        let mut taxonomy = TaxonomyConf { id: "".into(), name: "".into(), terms: Vec::new(), booklet: false };
        for (key, value) in self.map(node, "[[taxonomies]] ", &["id", "name", "terms", "booklet"]) {
            match key.name.as_str() {
                "id" => taxonomy.id = self.folder_name(value, "分类的 id").unwrap_or_default(),
                "name" => self.set_text(value, &mut taxonomy.name),
                "terms" => taxonomy.terms = self.texts(value),
                _ => taxonomy.booklet = self.bool(value).unwrap_or(false),
            }
        }
        if taxonomy.id.is_empty() {
            self.missing(node.span, "分类", "id");
            return None;
        }
        if taxonomy.name.is_empty() {
            taxonomy.name = taxonomy.id.clone();
        }
        Some((taxonomy, node.span))
    }

    /// A series has a file of its own now: says which, and what to write there.
    fn old_series(&mut self, key: &Key, node: &Node, config: &mut Config) {
        let name = node.get("name").and_then(Node::as_text);
        config.old_series.extend([key.name.as_str()].into_iter().chain(name).map(Arc::from));
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let mut lines = vec![format!("name = {}", quoted(name.unwrap_or(&key.name)))];
        lines.extend(
            node.get("description").and_then(Node::as_text).map(|text| format!("description = {}", quoted(text))),
        );
        if let Some(plan) = node.get("plan").and_then(Node::as_map) {
            lines.push("[plan]".to_owned());
            lines.extend(plan.iter().map(|(month, pages)| {
                let pages = pages.as_list().unwrap_or_default().iter().filter_map(Node::as_text).map(quoted);
                format!("{} = [{}]", quoted(&month.name), pages.collect::<Vec<_>>().join(", "))
            }));
        }
        let file = format!("content/series/{}.toml", key.name);
        let told = Diagnostic::error(SERIES_IN_CONFIG, format!("系列“{}”不再写在配置文件里", key.name))
            .at(&self.file, key.span)
            .cause("每个系列在 content/series 文件夹里有自己的文件，宣传干事改顺序和计划，不必动配置文件。")
            .cure(format!("新建文件 {file}，写上面这 {} 行，再从这里删去 [series.{}] 各行。", lines.len(), key.name))
            .with_note(format!("{file}："));
        self.problems.push(lines.into_iter().fold(told, Diagnostic::with_note));
    }

    fn map_page(&mut self, node: &Node, before: &MapConf) -> MapConf {
        let mut map = before.clone();
        for (key, value) in self.map(node, "[map] ", &["taxonomy", "title"]) {
            match key.name.as_str() {
                "taxonomy" => self.set_text(value, &mut map.taxonomy),
                _ => self.set_text(value, &mut map.title),
            }
        }
        map
    }

    fn markdown(&mut self, node: &Node) -> Markdown {
        let mut markdown = Markdown::default();
        for (key, value) in self.map(node, "[markdown] ", &["highlight", "math", "raw_html", "summary_length"]) {
            match key.name.as_str() {
                "highlight" => markdown.highlight = self.bool(value).unwrap_or(markdown.highlight),
                "math" => markdown.math = self.bool(value).unwrap_or(markdown.math),
                "raw_html" => markdown.raw_html = self.bool(value).unwrap_or(markdown.raw_html),
                _ => markdown.summary_length = self.count(value).unwrap_or(markdown.summary_length),
            }
        }
        markdown
    }

    fn theme(&mut self, node: &Node, config: &mut Config) {
        let Some(name) = self.text(node) else { return };
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            self.problems.push(
                Diagnostic::error(CONFIG_VALUE, format!("主题名不能写成“{name}”"))
                    .at(&self.file, node.span)
                    .cause("主题名就是 themes/ 下那个文件夹的名字，不能带斜杠，也不能以点开头。")
                    .cure("写成 theme = \"portal\"，或 themes/ 下已有文件夹的名字。"),
            );
            return;
        }
        config.theme = name.to_string();
        config.theme_at = Some(node.span);
    }

    fn ignore(&mut self, node: &Node, config: &mut Config) {
        let mut set = GlobSetBuilder::new();
        for one in self.list(node) {
            let Some(pattern) = self.text(one) else { continue };
            // A bare name means that name anywhere, as people know it from .gitignore.
            let full = if pattern.contains('/') { pattern.to_string() } else { format!("**/{pattern}") };
            match Glob::new(&full) {
                Ok(glob) => {
                    set.add(glob);
                }
                Err(_) => self.problems.push(
                    Diagnostic::error(CONFIG_VALUE, format!("“{pattern}”不是看得懂的文件名规则"))
                        .at(&self.file, one.span)
                        .cause("ignore 里可以用 * 代表任意几个字、? 代表一个字；方括号和花括号要成对。")
                        .cure("例如 ignore = [\"*.bak\", \"content/草稿箱/**\"]"),
                ),
            }
        }
        config.ignore = set.build().unwrap_or_default();
    }

    fn accent(&mut self, node: &Node, into: &mut Arc<str>) {
        let Some(text) = self.text(node) else { return };
        let digits = text.strip_prefix('#').unwrap_or("");
        if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            *into = text;
            return;
        }
        self.problems.push(
            Diagnostic::error(CONFIG_ACCENT, format!("“{text}”不是颜色"))
                .at(&self.file, node.span)
                .cause("办公区的颜色写成 # 加六位十六进制数，页面的刊头和链接都用它。")
                .cure("例如 accent = \"#1F4B73\"（黛蓝）、\"#1A5A42\"（松绿）、\"#7A3F18\"（赭石）"),
        );
    }

    fn base_url(&mut self, node: &Node) -> Option<Arc<str>> {
        let text = self.text(node)?;
        if text.is_empty() {
            return None;
        }
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = rest.map(|rest| rest.split('/').next().unwrap_or(""));
        let plain = !text.contains(|c: char| c.is_whitespace() || "\"'<>?#\\".contains(c));
        if host.is_none_or(str::is_empty) || !plain {
            self.problems.push(
                Diagnostic::error(CONFIG_VALUE, format!("“{text}”不是网站地址"))
                    .at(&self.file, node.span)
                    .cause("base_url 是这个办公区的站点在内网上的完整地址，订阅、站点地图和二维码要用它。")
                    .cure("例如 base_url = \"http://10.0.0.8/east/\"；不确定就先不写。"),
            );
            return None;
        }
        Some(if text.ends_with('/') { text } else { format!("{text}/").into() })
    }
}
