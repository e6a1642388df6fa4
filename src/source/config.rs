//! `zhendi.toml`: the portal's offices, sections, kinds, taxonomies and series. Read from the neutral tree, so that
//! every complaint has a line; an unknown key is an error here, with the nearest known one.

use std::path::Path;
use std::sync::Arc;

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::scan::is_reserved;
use crate::content::{Encoding, Markdown, Settings, decode};
use crate::diag::{
    CONFIG_ACCENT, CONFIG_DUPLICATE, CONFIG_EDITION, CONFIG_MISSING, CONFIG_NO_OFFICE, CONFIG_SYNTAX, CONFIG_TYPE,
    CONFIG_UNKNOWN_KEY, CONFIG_VALUE, Diagnostic, FILE_UNREADABLE, Span, nearest,
};
use crate::tree::{Key, Node, Scalar, Value, read_toml};

/// The configuration of a portal.
#[derive(Clone, Debug)]
pub struct Config {
    file: String,
    title: Arc<str>,
    subtitle: Arc<str>,
    timezone: String,
    theme: String,
    paginate_by: u32,
    offices: Vec<Arc<Office>>,
    sections: Vec<SectionConf>,
    kinds: Vec<Arc<Kind>>,
    taxonomies: Vec<TaxonomyConf>,
    series: Vec<Arc<Series>>,
    settings: Settings,
    ignore: GlobSet,
    extra: Vec<(Arc<str>, Node)>,
}

/// An office area (办公区): one site edition.
#[derive(Clone, Debug, PartialEq)]
pub struct Office {
    /// Folder name of its edition and value of `offices` in front matter.
    pub id: Arc<str>,
    /// Full name.
    pub name: Arc<str>,
    /// Short name, two characters or so.
    pub short: Arc<str>,
    /// The former bureau.
    pub former: Arc<str>,
    /// Accent colour, `#RRGGBB`.
    pub accent: Arc<str>,
    /// The line beside the nameplate.
    pub masthead: Arc<str>,
    /// Lines of business on the door.
    pub lines: Vec<Arc<str>>,
    /// Contact line of the footer.
    pub contact: Arc<str>,
    /// Absolute address of the edition, ending in `/`.
    pub base_url: Option<Arc<str>>,
}

/// A kind of page (学习资料、典型案例 …).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// `study`, `case`, `policy`, `notice`.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// One character for the seal.
    pub seal: Arc<str>,
}

/// What `zhendi.toml` says of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionConf {
    /// Folder below `content/`.
    pub path: Arc<str>,
    /// Kind of the pages below.
    pub kind: Option<Arc<str>>,
    /// Short word for the menu.
    pub nav: Option<Arc<str>>,
    /// Whether its pages stand on the home page.
    pub home: bool,
    /// Pages a list page.
    pub paginate_by: Option<u32>,
}

/// A taxonomy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxonomyConf {
    /// Key in front matter and folder of its pages.
    pub id: Arc<str>,
    /// Chinese name, and second spelling of the key.
    pub name: Arc<str>,
    /// The only allowed terms, in this order; empty when any will do.
    pub terms: Vec<Arc<str>>,
}

/// A series and its plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Value of `series` in front matter.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// One sentence.
    pub description: Arc<str>,
    /// Month (`2026-11`) to paths below `content/`, with the place of each path.
    pub plan: Vec<(Arc<str>, Vec<(Arc<str>, Span)>)>,
}

impl Config {
    /// Name of the file, for messages.
    pub fn file(&self) -> &str {
        &self.file
    }
    /// Name of the portal.
    pub fn title(&self) -> &Arc<str> {
        &self.title
    }
    /// One line below it.
    pub fn subtitle(&self) -> &Arc<str> {
        &self.subtitle
    }
    /// IANA name of the time zone.
    pub fn timezone(&self) -> &str {
        &self.timezone
    }
    /// Name of the theme.
    pub fn theme(&self) -> &str {
        &self.theme
    }
    /// Pages a list page, unless a section says otherwise.
    pub fn paginate_by(&self) -> u32 {
        self.paginate_by
    }
    /// The offices, in order.
    pub fn offices(&self) -> &[Arc<Office>] {
        &self.offices
    }
    /// The sections that the menu shows, in order.
    pub fn sections(&self) -> &[SectionConf] {
        &self.sections
    }
    /// The kinds, in order.
    pub fn kinds(&self) -> &[Arc<Kind>] {
        &self.kinds
    }
    /// The taxonomies, in order.
    pub fn taxonomies(&self) -> &[TaxonomyConf] {
        &self.taxonomies
    }
    /// The series, in order.
    pub fn series(&self) -> &[Arc<Series>] {
        &self.series
    }
    /// What parsing depends on.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
    /// Free values for the theme.
    pub fn extra(&self) -> &[(Arc<str>, Node)] {
        &self.extra
    }
    /// Whether `ignore` names this path (from the portal's root).
    pub fn ignores(&self, path: &str) -> bool {
        !self.ignore.is_empty() && self.ignore.is_match(path)
    }
    /// The office that `word` means: its id, name or short name.
    pub fn office(&self, word: &str) -> Option<usize> {
        self.offices.iter().position(|office| *office.id == *word || *office.name == *word || *office.short == *word)
    }
    /// The kind that `word` means: its id or name.
    pub fn kind(&self, word: &str) -> Option<&Arc<Kind>> {
        self.kinds.iter().find(|kind| *kind.id == *word || *kind.name == *word)
    }

    pub(super) fn check_editions(&self, editions: &[String], problems: &mut Vec<Diagnostic>) {
        for id in editions {
            if !self.offices.iter().any(|office| *office.id == **id) {
                let known: Vec<&str> = self.offices.iter().map(|office| &*office.id).collect();
                problems.push(
                    Diagnostic::error(CONFIG_EDITION, format!("没有编号是“{id}”的办公区"))
                        .cause("--edition 后面要写 zhendi.toml 里 [[offices]] 的 id。")
                        .cure(format!("可以写的有：{}", known.join("、"))),
                );
            }
        }
    }

    fn empty(file: String) -> Self {
        let kinds = [
            ("study", "学习资料", "学"),
            ("case", "典型案例", "案"),
            ("policy", "政策解读", "策"),
            ("notice", "通知", "讯"),
        ];
        let taxonomies = [("tags", "标签"), ("topics", "专题"), ("business", "条线")];
        Self {
            file,
            title: "未命名的门户".into(),
            subtitle: "".into(),
            timezone: "Asia/Shanghai".to_owned(),
            theme: "portal".to_owned(),
            paginate_by: 20,
            offices: Vec::new(),
            sections: Vec::new(),
            kinds: kinds
                .iter()
                .map(|&(id, name, seal)| Arc::new(Kind { id: id.into(), name: name.into(), seal: seal.into() }))
                .collect(),
            taxonomies: taxonomies
                .iter()
                .map(|&(id, name)| TaxonomyConf { id: id.into(), name: name.into(), terms: Vec::new() })
                .collect(),
            series: Vec::new(),
            settings: Settings::default(),
            ignore: GlobSet::empty(),
            extra: Vec::new(),
        }
    }
}

/// Reads the configuration file of the portal in `root`, and its hash.
pub(super) fn load(root: &Path, file: Option<&Path>, problems: &mut Vec<Diagnostic>) -> (Config, blake3::Hash) {
    let full = file.map_or_else(|| root.join("zhendi.toml"), Path::to_owned);
    let shown = full.strip_prefix(root).unwrap_or(&full).to_string_lossy().replace('\\', "/");
    let place: Arc<str> = shown.as_str().into();
    let bytes = match std::fs::read(&full) {
        Ok(bytes) => bytes,
        Err(error) => {
            problems.push(
                Diagnostic::error(CONFIG_MISSING, "读不到门户的配置文件")
                    .in_file(&place)
                    .label(error.to_string())
                    .cause("办公区、栏目、主题都写在 zhendi.toml 里；没有它就不知道要生成什么。")
                    .cure("用 zhendi init 建一个新门户，或者用 -r 指到已有门户的文件夹。"),
            );
            return (Config::empty(shown), blake3::hash(b""));
        }
    };
    let hash = blake3::hash(&bytes);
    let decoded = decode(&bytes);
    if decoded.encoding == Encoding::NotText {
        problems.push(
            Diagnostic::error(FILE_UNREADABLE, "配置文件不是文字文件")
                .in_file(&place)
                .cause("zhendi.toml 要用 UTF-8 编码保存。")
                .cure("用编辑器打开它，另存为 UTF-8 编码。"),
        );
        return (Config::empty(shown), hash);
    }
    (read_config(&shown, &decoded.text, problems), hash)
}

/// Reads a configuration from its text; `file` is its name for messages. Always gives a configuration: what could not
/// be understood keeps its default and is reported.
pub fn read_config(file: &str, text: &str, problems: &mut Vec<Diagnostic>) -> Config {
    let mut config = Config::empty(file.to_owned());
    let mut reader = Reader { file: file.into(), problems };
    match read_toml(text, 0) {
        Ok(root) => reader.portal(&root, &mut config),
        Err(faults) => {
            for fault in faults {
                reader.problems.push(
                    Diagnostic::error(CONFIG_SYNTAX, fault.message)
                        .at(&reader.file, fault.span)
                        .cause("配置文件写坏了一处，后面的内容就读不下去。")
                        .cure(fault.cure),
                );
            }
            return config;
        }
    }
    if config.offices.is_empty() {
        reader.problems.push(
            Diagnostic::error(CONFIG_NO_OFFICE, "配置里一个办公区也没有")
                .in_file(&reader.file)
                .cause("每个办公区生成一个站点；没有办公区，就没有可生成的内容。")
                .cure("加上一段：[[offices]]  id = \"east\"  name = \"城东办公区\"  short = \"城东\""),
        );
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
            "markdown",
            "extra",
        ];
        for (key, node) in self.map(root, "配置文件", &known) {
            match key.name.as_str() {
                "title" => self.set_text(node, &mut config.title),
                "subtitle" => self.set_text(node, &mut config.subtitle),
                "timezone" => config.timezone = self.text(node).unwrap_or_default().to_string(),
                "theme" => self.theme(node, config),
                "paginate_by" => config.paginate_by = self.count(node).unwrap_or(config.paginate_by),
                "ignore" => self.ignore(node, config),
                "offices" => {
                    let read: Vec<_> = self.list(node).iter().filter_map(|one| self.office(one)).collect();
                    self.unique(read.iter().map(|(office, span)| (&office.id, *span)), "办公区");
                    config.offices = read.into_iter().map(|(office, _)| Arc::new(office)).collect();
                }
                "sections" => {
                    config.sections =
                        self.list(node).iter().filter_map(|one| self.section(one, &config.kinds)).collect();
                }
                "kinds" => self.kinds(node, config),
                "taxonomies" => {
                    let read: Vec<_> = self.list(node).iter().filter_map(|one| self.taxonomy(one)).collect();
                    self.unique(read.iter().map(|(one, span)| (&one.id, *span)), "分类");
                    config.taxonomies = read.into_iter().map(|(one, _)| one).collect();
                }
                "series" => {
                    for (key, node) in self.entries(node) {
                        config.series.push(Arc::new(self.series(key, node)));
                    }
                }
                "markdown" => config.settings.markdown = self.markdown(node),
                _ => {
                    config.extra = self.entries(node).iter().map(|(k, v)| (k.name.as_str().into(), v.clone())).collect()
                }
            }
        }
    }

    fn office(&mut self, node: &Node) -> Option<(Office, Span)> {
        let known = ["id", "name", "short", "former", "accent", "masthead", "lines", "contact", "base_url"];
        let mut office = Office {
            id: "".into(),
            name: "".into(),
            short: "".into(),
            former: "".into(),
            accent: "#1F4B73".into(),
            masthead: "".into(),
            lines: Vec::new(),
            contact: "".into(),
            base_url: None,
        };
        let mut at = node.span;
        for (key, value) in self.map(node, "[[offices]]", &known) {
            match key.name.as_str() {
                "id" => {
                    at = value.span;
                    office.id = self.folder_name(value, "办公区的 id").unwrap_or_default();
                }
                "name" => self.set_text(value, &mut office.name),
                "short" => self.set_text(value, &mut office.short),
                "former" => self.set_text(value, &mut office.former),
                "accent" => self.accent(value, &mut office.accent),
                "masthead" => self.set_text(value, &mut office.masthead),
                "lines" => office.lines = self.texts(value),
                "contact" => self.set_text(value, &mut office.contact),
                _ => office.base_url = self.base_url(value),
            }
        }
        if office.id.is_empty() {
            self.missing(node.span, "办公区", "id");
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
            Diagnostic::error(CONFIG_VALUE, format!("{what}不能写成“{text}”"))
                .at(&self.file, node.span)
                .cause("它是输出文件夹的名字，也是网址的一部分，只能用小写英文字母、数字和减号，不能是 assets，也不能是 Windows 保留的名字。")
                .cure("例如写成 east、south、north。"),
        );
        None
    }

    fn section(&mut self, node: &Node, kinds: &[Arc<Kind>]) -> Option<SectionConf> {
        let mut section = SectionConf { path: "".into(), kind: None, nav: None, home: true, paginate_by: None };
        for (key, value) in self.map(node, "[[sections]]", &["path", "kind", "nav", "home", "paginate_by"]) {
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
                _ => section.paginate_by = self.count(value),
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
            let mut kind = found.map(|at| (*config.kinds[at]).clone()).unwrap_or_else(|| Kind {
                id: id.clone(),
                name: id.clone(),
                seal: "文".into(),
            });
            for (key, value) in self.map(value, "[kinds.…]", &["name", "seal"]) {
                match key.name.as_str() {
                    "name" => self.set_text(value, &mut kind.name),
                    _ => self.set_text(value, &mut kind.seal),
                }
            }
            match found {
                Some(at) => config.kinds[at] = Arc::new(kind),
                None => config.kinds.push(Arc::new(kind)),
            }
        }
    }

    fn taxonomy(&mut self, node: &Node) -> Option<(TaxonomyConf, Span)> {
        let mut taxonomy = TaxonomyConf { id: "".into(), name: "".into(), terms: Vec::new() };
        for (key, value) in self.map(node, "[[taxonomies]]", &["id", "name", "terms"]) {
            match key.name.as_str() {
                "id" => taxonomy.id = self.folder_name(value, "分类的 id").unwrap_or_default(),
                "name" => self.set_text(value, &mut taxonomy.name),
                _ => taxonomy.terms = self.texts(value),
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

    fn series(&mut self, key: &Key, node: &Node) -> Series {
        let id: Arc<str> = key.name.as_str().into();
        let mut series = Series { id: id.clone(), name: id, description: "".into(), plan: Vec::new() };
        for (key, value) in self.map(node, "[series.…]", &["name", "description", "plan"]) {
            match key.name.as_str() {
                "name" => self.set_text(value, &mut series.name),
                "description" => self.set_text(value, &mut series.description),
                _ => {
                    for (month, paths) in self.entries(value) {
                        if !is_month(&month.name) {
                            self.problems.push(
                                Diagnostic::error(CONFIG_VALUE, format!("“{}”不是月份", month.name))
                                    .at(&self.file, month.span)
                                    .cause("学习计划按月安排，月份写成四位年、减号、两位月。")
                                    .cure("例如 \"2026-11\" = [\"study/文件名.md\"]"),
                            );
                            continue;
                        }
                        let paths = self
                            .list(paths)
                            .iter()
                            .filter_map(|one| Some((self.text(one)?, one.span)))
                            .map(|(path, span)| (path.trim_start_matches("content/").into(), span))
                            .collect();
                        series.plan.push((month.name.as_str().into(), paths));
                    }
                    series.plan.sort_by(|a, b| a.0.cmp(&b.0));
                }
            }
        }
        series
    }

    fn markdown(&mut self, node: &Node) -> Markdown {
        let mut markdown = Markdown::default();
        for (key, value) in self.map(node, "[markdown]", &["highlight", "math", "raw_html", "summary_length"]) {
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
                        .cure("例如 ignore = [\"*.bak\", \"草稿箱/**\"]"),
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

    // ── typed values ─────────────────────────────────────

    fn map<'n>(&mut self, node: &'n Node, what: &str, known: &[&str]) -> &'n [(Key, Node)] {
        let entries = self.entries(node);
        for (key, _) in entries {
            if !known.contains(&key.name.as_str()) {
                let near = nearest(&key.name, known.iter().copied());
                let cure = match near.first() {
                    Some(near) => format!("是否想写 {near}？{what} 里可以写的有：{}", known.join("、")),
                    None => format!("{what} 里可以写的有：{}。自己的内容请放到 [extra] 下。", known.join("、")),
                };
                self.problems.push(
                    Diagnostic::error(CONFIG_UNKNOWN_KEY, format!("不认识配置项“{}”", key.name))
                        .at(&self.file, key.span)
                        .cause("写错的配置项不会起作用，所以宁可停下来，免得您以为它已经生效。")
                        .cure(cure),
                );
            }
        }
        // Unknown keys were reported; the callers' last arm must not see them.
        if entries.iter().all(|(key, _)| known.contains(&key.name.as_str())) {
            entries
        } else {
            self.known(entries, known)
        }
    }

    /// The longest run of known keys at the front: with an unknown key the build fails anyway, and what stands before
    /// it is enough to report further faults.
    fn known<'n>(&self, entries: &'n [(Key, Node)], known: &[&str]) -> &'n [(Key, Node)] {
        let end = entries.iter().position(|(key, _)| !known.contains(&key.name.as_str())).unwrap_or(entries.len());
        &entries[..end]
    }

    fn entries<'n>(&mut self, node: &'n Node) -> &'n [(Key, Node)] {
        if let Value::Map(entries) = &node.value {
            return entries;
        }
        self.wrong(node, "一组“键 = 值”");
        &[]
    }

    fn list<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        if let Value::List(items) = &node.value {
            return items;
        }
        self.wrong(node, "一个列表，例如 [\"甲\", \"乙\"]");
        &[]
    }

    fn text(&mut self, node: &Node) -> Option<Arc<str>> {
        if let Value::Scalar(text, _) = &node.value {
            return Some(text.as_str().into());
        }
        self.wrong(node, "一段文字");
        None
    }

    fn set_text(&mut self, node: &Node, into: &mut Arc<str>) {
        if let Some(text) = self.text(node) {
            *into = text;
        }
    }

    fn texts(&mut self, node: &Node) -> Vec<Arc<str>> {
        self.list(node).iter().filter_map(|one| self.text(one)).collect()
    }

    fn bool(&mut self, node: &Node) -> Option<bool> {
        if let Value::Scalar(_, Scalar::Bool(value)) = &node.value {
            return Some(*value);
        }
        self.wrong(node, "true 或 false");
        None
    }

    fn count(&mut self, node: &Node) -> Option<u32> {
        if let Value::Scalar(_, Scalar::Int(value @ 1..=10_000)) = &node.value {
            return u32::try_from(*value).ok();
        }
        self.wrong(node, "1 到 10000 之间的整数");
        None
    }

    fn wrong(&mut self, node: &Node, wanted: &str) {
        self.problems.push(
            Diagnostic::error(CONFIG_TYPE, format!("这里应当是{wanted}"))
                .at(&self.file, node.span)
                .cause("写法不对，这一项就不知道是什么意思。")
                .cure("照使用手册“配置文件”一页的例子改。"),
        );
    }

    fn missing(&mut self, span: Span, what: &str, key: &str) {
        self.problems.push(
            Diagnostic::error(CONFIG_MISSING, format!("这个{what}没有写 {key}"))
                .at(&self.file, Span { start: span.start, end: span.start })
                .cause(format!("{key} 决定它的文件夹和网址，不能省。"))
                .cure(format!("补上一行 {key} = \"…\"")),
        );
    }

    fn unknown_name<'a>(&mut self, span: Span, what: &str, word: &str, known: impl Iterator<Item = &'a str> + Clone) {
        let near = nearest(word, known.clone());
        let all: Vec<&str> = known.collect();
        let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
        self.problems.push(
            Diagnostic::error(CONFIG_VALUE, format!("没有叫“{word}”的{what}"))
                .at(&self.file, span)
                .cause(format!("{what}要先定义才能用。"))
                .cure(format!("{guess}可以写的有：{}", all.join("、"))),
        );
    }

    fn unique<'a>(&mut self, ids: impl Iterator<Item = (&'a Arc<str>, Span)>, what: &str) {
        let mut seen: Vec<&str> = Vec::new();
        for (id, span) in ids {
            if seen.contains(&&**id) {
                self.problems.push(
                    Diagnostic::error(CONFIG_DUPLICATE, format!("有两个{what}的 id 都是“{id}”"))
                        .at(&self.file, span)
                        .cause("id 是文件夹名，两个一样就会互相覆盖。")
                        .cure("给其中一个换一个 id。"),
                );
            }
            seen.push(id);
        }
    }
}

fn is_month(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 7
        && bytes[4] == b'-'
        && text[..4].bytes().all(|b| b.is_ascii_digit())
        && matches!(text[5..].parse::<u8>(), Ok(1..=12))
}
