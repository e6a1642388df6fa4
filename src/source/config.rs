//! `zhendi.toml`: the portal's offices, sections, kinds and taxonomies as everything after asks for them. The
//! file is found here; [`read`] gives its text a meaning.

mod read;
mod screen;

pub use read::read_config;
pub use screen::{Orientation, Screen};

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;

use super::listing::{Differing, Hold};
use super::stamp::Stamp;
use super::trouble;
use crate::content::{Encoding, Settings, decode};
use crate::diag::{CONFIG_EDITION, CONFIG_MISSING, Diagnostic, FILE_UNREADABLE, Span, nearest};
use crate::tree::Node;

/// The configuration of a portal.
#[derive(Clone, Debug)]
pub struct Config {
    file: String,
    hash: blake3::Hash,
    title: Arc<str>,
    subtitle: Arc<str>,
    timezone: String,
    timezone_at: Option<Span>,
    theme: String,
    theme_at: Option<Span>,
    paginate_by: u32,
    offices: Vec<Arc<Office>>,
    sections: Vec<SectionConf>,
    kinds: Vec<Arc<Kind>>,
    taxonomies: Vec<TaxonomyConf>,
    old_series: Vec<Arc<str>>,
    map: MapConf,
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
    /// The terms of the map's taxonomy that were the former bureau's business; where none is named, those that `lines`
    /// speak of.
    pub business: Vec<Arc<str>>,
    /// Contact line of the footer.
    pub contact: Arc<str>,
    /// Absolute address of the edition, ending in `/`.
    pub base_url: Option<Arc<str>>,
    /// Whether its readers share computers: then nothing of what they do is kept in the browser.
    pub shared_computers: bool,
    /// Its kiosks.
    pub screens: Vec<Arc<Screen>>,
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
    /// Words that its pages' headings must hold, in this order; each is one of several.
    pub headings: Vec<Vec<Arc<str>>>,
    /// What its pages' front matter says beyond the keys that all pages have.
    pub fields: Vec<Field>,
    /// The template that shows its pages, if it is not the one of its name.
    pub template: Option<Arc<str>>,
    /// Months after its as-of date from which a page may be out of date.
    pub stale_after: Option<u32>,
    /// Whether its pages are statutes: paragraphs that open with 第…条 are articles, which others cite.
    pub articles: bool,
    /// What its column is called where pages of several kinds on one topic stand side by side, if it has one.
    pub side: Option<Arc<str>>,
}

/// A key of the front matter of one kind of pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its English name, by which templates read it.
    pub key: Arc<str>,
    /// Its Chinese name, which authors may write and readers see.
    pub name: Arc<str>,
    /// Whether a page without it is complained about.
    pub required: bool,
}

impl Kind {
    fn new(id: &str, name: &str, seal: &str) -> Self {
        let (headings, fields) = <(Vec<_>, Vec<_>)>::default();
        Self {
            id: id.into(),
            name: name.into(),
            seal: seal.into(),
            headings,
            fields,
            template: None,
            stale_after: None,
            articles: false,
            side: None,
        }
    }

    /// What a kind is before `zhendi.toml` says anything of it: one called `law` holds statutes.
    fn unsaid(id: &str) -> Self {
        match id {
            "law" => Self { articles: true, ..Self::new(id, "法规", "法") },
            _ => Self::new(id, id, "文"),
        }
    }
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
    /// Whether all its pages are to be had as one printable page.
    pub booklet: bool,
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
    /// Whether all pages of a term are to be had as one printable page.
    pub booklet: bool,
}

/// The page that shows what has been written on which line of business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapConf {
    /// The taxonomy whose terms are the lines; empty for no such page.
    pub taxonomy: Arc<str>,
    /// Its title.
    pub title: Arc<str>,
}

impl Config {
    /// Name of the file, for messages.
    pub fn file(&self) -> &str {
        &self.file
    }
    /// Hash of the file that it was read from.
    pub fn hash(&self) -> blake3::Hash {
        self.hash
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
    /// Ids and names of series that still stand here instead of in files of their own.
    pub fn old_series(&self) -> &[Arc<str>] {
        &self.old_series
    }
    /// The map of lines of business.
    pub fn map(&self) -> &MapConf {
        &self.map
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

    /// `diagnostic` at the line of the time zone.
    pub(super) fn at_timezone(&self, diagnostic: Diagnostic) -> Diagnostic {
        self.point(diagnostic, self.timezone_at)
    }

    /// `diagnostic` at the line of the theme.
    pub(super) fn at_theme(&self, diagnostic: Diagnostic) -> Diagnostic {
        self.point(diagnostic, self.theme_at)
    }

    fn point(&self, diagnostic: Diagnostic, span: Option<Span>) -> Diagnostic {
        let file: Arc<str> = self.file.as_str().into();
        match span {
            Some(span) => diagnostic.at(&file, span),
            None => diagnostic.in_file(&file),
        }
    }

    pub(super) fn check_editions(&self, editions: &[String], problems: &mut Vec<Diagnostic>) {
        for id in editions {
            if !self.offices.iter().any(|office| *office.id == **id) {
                let known: Vec<&str> = self.offices.iter().map(|office| &*office.id).collect();
                let guess = nearest(id, known.iter().copied());
                let guess = guess.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
                problems.push(
                    Diagnostic::error(CONFIG_EDITION, format!("没有编号是“{id}”的办公区"))
                        .cause("--edition 后面要写 zhendi.toml 里 [[offices]] 的 id。")
                        .cure(format!("{guess}可以写的有：{}", known.join("、"))),
                );
            }
        }
    }

    pub(super) fn empty(file: String) -> Self {
        let case = [("party", "当事人"), ("violation", "违法行为"), ("basis", "法律依据"), ("result", "处理结果")];
        let policy = [
            ("change", "变化"),
            ("concerns", "涉及对象"),
            ("effective", "施行"),
            ("document", "依据文件"),
            ("contact", "咨询"),
        ];
        let kinds = [
            ("study", "学习资料", "学", "理论", &[("time", "所需时间")][..]),
            ("case", "典型案例", "案", "案例", &case[..]),
            ("policy", "政策解读", "策", "政策", &policy[..]),
            ("notice", "通知", "讯", "", &[][..]),
        ];
        let taxonomies = [("tags", "标签"), ("topics", "专题"), ("business", "条线")];
        Self {
            file,
            hash: blake3::hash(b""),
            title: "未命名的门户".into(),
            subtitle: "".into(),
            timezone: "Asia/Shanghai".to_owned(),
            timezone_at: None,
            theme: "portal".to_owned(),
            theme_at: None,
            paginate_by: 20,
            offices: Vec::new(),
            sections: Vec::new(),
            kinds: kinds
                .iter()
                .map(|&(id, name, seal, side, fields)| {
                    let side = Some(side.into()).filter(|side: &Arc<str>| !side.is_empty());
                    Arc::new(Kind { fields: optional(fields), side, ..Kind::new(id, name, seal) })
                })
                .collect(),
            taxonomies: taxonomies
                .iter()
                .map(|&(id, name)| TaxonomyConf { id: id.into(), name: name.into(), terms: Vec::new(), booklet: false })
                .collect(),
            old_series: Vec::new(),
            map: MapConf { taxonomy: "business".into(), title: "互学地图".into() },
            settings: Settings::default(),
            ignore: GlobSet::empty(),
            extra: Vec::new(),
        }
    }
}

/// Fields that nobody must fill.
fn optional(fields: &[(&str, &str)]) -> Vec<Field> {
    let field = |&(key, name): &(&str, &str)| Field { key: key.into(), name: name.into(), required: false };
    fields.iter().map(field).collect()
}

/// The configuration and what it was read from.
#[derive(Clone)]
pub(super) struct Read {
    pub(super) config: Arc<Config>,
    pub(super) hash: blake3::Hash,
    size: u64,
    pub(super) problems: Vec<Diagnostic>,
    /// Whether the file could be read.
    is_there: bool,
}

impl Read {
    pub(super) fn is_there(&self) -> bool {
        self.is_there
    }
}

/// Reads the configuration file of the portal in `root`; `before` is given back while its bytes are the same, or when
/// `hold` waits.
pub(super) fn load(
    root: &Path,
    file: Option<&Path>,
    before: Option<Read>,
    hold: Option<&mut Hold<'_>>,
    held: &mut Vec<Arc<str>>,
) -> Read {
    let full = path(root, file);
    let shown = full.strip_prefix(root).unwrap_or(&full).to_string_lossy().replace('\\', "/");
    let place: Arc<str> = shown.as_str().into();
    let mut problems = Vec::new();
    let bytes = match std::fs::read(&full) {
        Ok(bytes) => bytes,
        Err(error) => {
            let cure = match (error.kind(), file) {
                (ErrorKind::NotFound, None) => "用 zhendi init 建一个新门户，或者用 -r 指到已有门户的文件夹。",
                (ErrorKind::NotFound, Some(_)) => "核对 -c 后面写的路径；不写 -c，就用门户文件夹里的 zhendi.toml。",
                _ => "先确认自己能打开它；打不开的，请文件的所有者或管理员放开读取权限。",
            };
            problems.push(
                Diagnostic::error(CONFIG_MISSING, "读不到门户的配置文件")
                    .in_file(&place)
                    .label(trouble::why(&error))
                    .cause("办公区、栏目、主题都写在配置文件里；没有它就不知道要生成什么。")
                    .cure(cure),
            );
            let config = match before {
                Some(before) if !before.is_there => before.config,
                _ => Arc::new(Config::empty(shown)),
            };
            return Read { config, hash: blake3::hash(b""), size: 0, problems, is_there: false };
        }
    };
    let hash = blake3::hash(&bytes);
    if let Some(before) = &before
        && before.is_there
        && before.hash == hash
    {
        return before.clone();
    }
    if let (Some(before), Some(hold), Ok(meta)) = (&before, hold, std::fs::metadata(&full)) {
        let size_before = before.is_there.then_some(before.size);
        if hold(&Differing { path: &place, stamp: &Stamp::of(&meta), size_before }) {
            held.push(place);
            return before.clone();
        }
    }
    let decoded = decode(&bytes);
    let mut config = if decoded.encoding == Encoding::NotText {
        problems.push(
            Diagnostic::error(FILE_UNREADABLE, "配置文件不是文字文件")
                .in_file(&place)
                .cause("zhendi.toml 要用 UTF-8 编码保存。")
                .cure("用编辑器打开它，另存为 UTF-8 编码。"),
        );
        Config::empty(shown)
    } else {
        read_config(&shown, &decoded.text, &mut problems)
    };
    config.hash = hash;
    Read { config: Arc::new(config), hash, size: bytes.len() as u64, problems, is_there: true }
}

/// Where the configuration stands.
pub(super) fn path(root: &Path, file: Option<&Path>) -> PathBuf {
    file.map_or_else(|| root.join("zhendi.toml"), Path::to_owned)
}
