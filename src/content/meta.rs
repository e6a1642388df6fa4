//! Gives the front matter its meaning: from the neutral tree to a typed [`FrontMatter`], with a message for each key
//! that cannot be what its author meant.

use std::sync::Arc;

use jiff::civil::Date;

use super::dates::{self, NoDate};
use super::fence::Language;
use super::keys::{self, Meaning, Slot};
use super::{At, Audience, FrontMatter, Settings, SortBy};
use crate::diag::{self, Diagnostic, Span, nearest};
use crate::tree::{Key, Node, Value};

/// A title longer than this many characters does not fit any list.
const LONG_TITLE: usize = 100;

/// Reads one front matter (or one `cascade`) and gathers what is wrong with it.
pub(super) struct Reader<'r> {
    pub file: &'r Arc<str>,
    pub settings: &'r Settings,
    pub language: Language,
    pub problems: &'r mut Vec<Diagnostic>,
}

impl Reader<'_> {
    /// The meaning of the whole front matter.
    pub fn read(&mut self, root: &Node) -> FrontMatter {
        let mut front = match &root.value {
            Value::Map(entries) => self.map(entries, false),
            _ if root.is_null() => FrontMatter::default(),
            _ => {
                let message = format!("文件头应当一行写一项“名字: 值”，这里是{}", root.kind());
                self.problems.push(
                    Diagnostic::error(diag::FRONT_SYNTAX, message)
                        .at(self.file, root.span)
                        .cause("读不出标题、日期这些信息")
                        .cure(format!("按 {} 的样子写，不要文件头就把两行分隔线都删掉", self.example("title", "通知"))),
                );
                FrontMatter::default()
            }
        };
        front.fenced = true;
        front
    }

    fn map(&mut self, entries: &[(Key, Node)], cascade: bool) -> FrontMatter {
        let mut front = FrontMatter::default();
        let mut seen: Vec<(Meaning, &Key)> = Vec::new();
        let mut elsewhere: Vec<&Key> = Vec::new();
        // Own keys first, so that another system's name for the same thing finds the place taken.
        for foreign in [false, true] {
            for (key, node) in entries {
                let meaning = keys::meaning(&key.name, self.settings);
                if matches!(meaning, Meaning::Foreign(_)) != foreign {
                    continue;
                }
                let (slot, own) = match meaning {
                    Meaning::Own(slot) => (slot, true),
                    Meaning::Foreign(slot) => (slot, false),
                    Meaning::Terms(at) => {
                        if self.is_new(&mut seen, meaning, key) {
                            self.terms(&mut front, at, node, key);
                        }
                        continue;
                    }
                    Meaning::Field(at) => {
                        if self.is_new(&mut seen, meaning, key)
                            && !node.is_null()
                            && let Some((id, _)) = self.settings.fields.get(at)
                        {
                            front.fields.push((id.clone(), At { value: node.clone(), span: key.span }));
                        }
                        continue;
                    }
                    Meaning::Extra | Meaning::Elsewhere | Meaning::Unknown => {
                        match meaning {
                            Meaning::Elsewhere => elsewhere.push(key),
                            Meaning::Unknown => self.unknown(key),
                            _ => {}
                        }
                        front.extra.push((key.name.as_str().into(), node.clone()));
                        continue;
                    }
                };
                if slot == Slot::Later {
                    continue;
                }
                if !own && seen.iter().any(|(other, _)| *other == Meaning::Own(slot)) {
                    continue;
                }
                if !self.is_new(&mut seen, Meaning::Own(slot), key) {
                    continue;
                }
                self.fill(&mut front, slot, key, node, cascade);
            }
        }
        if let Some(first) = elsewhere.first() {
            let names: Vec<String> = elsewhere.iter().map(|key| format!("“{}”", key.name)).collect();
            self.problems.push(
                Diagnostic::note(diag::FRONT_KEY_UNUSED, format!("{}在这里不起作用", names.join("、")))
                    .at(self.file, first.span)
                    .cause("这是别的网站程序或主题用的项；只有本门户的模板能用 page.extra 读到它")
                    .cure("留着也不影响页面；用不到就删掉"),
            );
        }
        front
    }

    /// Whether a key is met for the first time; else an error that names both spellings.
    fn is_new<'k>(&mut self, seen: &mut Vec<(Meaning, &'k Key)>, meaning: Meaning, key: &'k Key) -> bool {
        let Some((_, first)) = seen.iter().find(|(other, _)| *other == meaning) else {
            seen.push((meaning, key));
            return true;
        };
        let (first, again) = (&first.name, &key.name);
        let message = format!("“{first}”和“{again}”是同一项，写了两次");
        self.problems.push(
            Diagnostic::error(diag::FRONT_KEY_REPEATED, message)
                .at(self.file, key.span)
                .label(format!("前面已有“{first}”"))
                .cause("两处的值可能不同，不知道该用哪一个")
                .cure(format!("只留一个：删掉“{first}”或“{again}”中的一行")),
        );
        false
    }

    fn fill(&mut self, front: &mut FrontMatter, slot: Slot, key: &Key, node: &Node, cascade: bool) {
        match slot {
            Slot::Title => front.title = self.title(key, node),
            Slot::Short => front.short = self.text(key, node),
            Slot::Date => front.date = self.date(key, node),
            Slot::Updated => front.updated = self.date(key, node),
            Slot::Expires => front.expires = self.date(key, node),
            Slot::AsOf => front.as_of = self.date(key, node),
            Slot::Draft => front.draft = self.flag(key, node),
            Slot::Summary => front.summary = self.text(key, node).map(|text| text.value),
            Slot::Author => front.author = self.names(key, node),
            Slot::Source => front.source = self.names(key, node),
            Slot::Editor => front.editor = self.names(key, node),
            Slot::Kind => front.kind = self.text(key, node),
            Slot::Offices => front.offices = self.list(key, node, true),
            Slot::Audience => front.audience = self.audience(key, node),
            Slot::Kiosk => front.kiosk = self.kiosk(key, node),
            Slot::Series => front.series = self.text(key, node),
            Slot::Weight => front.weight = self.number(key, node),
            Slot::Slug => front.slug = self.text(key, node),
            Slot::Aliases => front.aliases = self.list(key, node, false).unwrap_or_default(),
            Slot::Template => front.template = self.text(key, node).map(whole_name),
            Slot::Cover => front.cover = self.text(key, node),
            Slot::Attachments => front.attachments = self.list(key, node, false).unwrap_or_default(),
            Slot::Supersedes => front.supersedes = self.text(key, node),
            Slot::SortBy => {
                self.section_only(key, cascade);
                front.sort_by = self.sort_by(key, node);
            }
            Slot::PaginateBy => {
                self.section_only(key, cascade);
                front.paginate_by = self.number(key, node).and_then(|number| {
                    u32::try_from(number).map_err(|_| self.wrong(key, node, "不小于 0 的整数", "20")).ok()
                });
            }
            Slot::Extra => match &node.value {
                Value::Map(entries) => {
                    front.extra.extend(entries.iter().map(|(key, node)| (key.name.as_str().into(), node.clone())));
                }
                _ if node.is_null() => {}
                _ => self.wrong(key, node, "若干行“名字: 值”", ""),
            },
            Slot::Cascade => {
                if cascade {
                    self.wrong(key, node, "不再套一层的内容", "");
                    return;
                }
                self.section_only(key, cascade);
                match &node.value {
                    Value::Map(entries) => front.cascade = Some(Box::new(self.map(entries, true))),
                    _ if node.is_null() => {}
                    _ => self.wrong(key, node, "若干行“名字: 值”", ""),
                }
            }
            Slot::Taxonomies => self.taxonomies(front, key, node),
            Slot::Categories => {
                front.extra.push((key.name.as_str().into(), node.clone()));
                self.problems.push(
                    Diagnostic::note(diag::FRONT_KEY_UNUSED, format!("“{}”在这里不起作用", key.name))
                        .at(self.file, key.span)
                        .cause("本门户按栏目（文件夹）、标签、专题和条线归类，没有另设分类")
                        .cure("想归类请写 tags（标签）或 topics（专题），用不到就删掉这一行"),
                );
            }
            Slot::Later => {}
        }
    }

    /// Zola's and Hugo's `taxonomies`: keys that each hold terms.
    fn taxonomies(&mut self, front: &mut FrontMatter, key: &Key, node: &Node) {
        let Some(entries) = node.as_map() else {
            if !node.is_null() {
                self.wrong(key, node, "若干行“名字: 值”", "");
            }
            return;
        };
        for (key, node) in entries {
            match keys::meaning(&key.name, self.settings) {
                Meaning::Terms(at) => self.terms(front, at, node, key),
                Meaning::Own(Slot::Categories) | Meaning::Foreign(Slot::Categories) => {
                    self.fill(front, Slot::Categories, key, node, false);
                }
                _ => self.unknown(key),
            }
        }
    }

    fn terms(&mut self, front: &mut FrontMatter, at: usize, node: &Node, key: &Key) {
        let Some((id, _)) = self.settings.taxonomies.get(at) else { return };
        let Some(mut terms) = self.list(key, node, true) else { return };
        if let Some((_, present)) = front.terms.iter_mut().find(|(other, _)| other == id) {
            present.append(&mut terms);
        } else {
            front.terms.push((id.clone(), terms));
        }
    }

    fn title(&mut self, key: &Key, node: &Node) -> Option<At<Arc<str>>> {
        if matches!(node.value, Value::List(_) | Value::Map(_)) {
            let cure = if matches!(node.value, Value::List(_)) {
                "（以方括号开头的标题，要整个放在引号里）"
            } else {
                ""
            };
            self.wrong(key, node, &format!("一行文字{cure}"), "通知");
            return None;
        }
        let title = node.as_text().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        if title.is_empty() {
            self.problems.push(
                Diagnostic::error(diag::FRONT_TITLE_EMPTY, "标题是空的")
                    .at(self.file, node.span)
                    .cause("列表、页面顶部和浏览器标签上都要显示标题")
                    .cure(format!(
                        "写上标题，例如 {}；想用正文第一个标题，就删掉这一行",
                        self.example(&key.name, "关于开展……的通知")
                    )),
            );
            return None;
        }
        let length = title.chars().count();
        if length > LONG_TITLE {
            self.problems.push(
                Diagnostic::warning(diag::FRONT_TITLE_LONG, format!("标题有 {length} 个字，太长了"))
                    .at(self.file, node.span)
                    .cause(format!("列表和屏幕上放不下；{LONG_TITLE} 字以内的标题才看得全"))
                    .cure(format!(
                        "把标题写短，全文名称放在正文开头；标题必须完整时，另加一行短题：{}",
                        self.example("short", "证照分离改革通知")
                    )),
            );
        }
        Some(At { value: title.into(), span: node.span })
    }

    /// A line of text; a number, a date, a yes or no count as text. Nothing at all is as if the key were absent.
    pub(super) fn text(&mut self, key: &Key, node: &Node) -> Option<At<Arc<str>>> {
        if matches!(node.value, Value::List(_) | Value::Map(_)) {
            self.wrong(key, node, "一行文字", "文字");
            return None;
        }
        let text = node.as_text()?.trim();
        (!text.is_empty()).then(|| At { value: text.into(), span: node.span })
    }

    /// One name, or several as a list.
    fn names(&mut self, key: &Key, node: &Node) -> Option<Arc<str>> {
        if let Some(items) = node.as_list() {
            let names: Vec<&str> = items.iter().filter_map(Node::as_text).map(str::trim).collect();
            return (!names.is_empty()).then(|| names.join("、").into());
        }
        // Hugo's themes write a person as `author: {name: …}`.
        let name = node.as_map().into_iter().flatten().find(|(key, _)| key.name.eq_ignore_ascii_case("name"));
        self.text(key, name.map_or(node, |(_, name)| name)).map(|text| text.value)
    }

    /// A list, or a single text; with `split` a single text is parted at commas.
    pub(super) fn list(&mut self, key: &Key, node: &Node, split: bool) -> Option<Vec<At<Arc<str>>>> {
        if let Some(items) = node.as_list() {
            let mut found = Vec::with_capacity(items.len());
            for item in items {
                match item.as_text().map(str::trim) {
                    Some(text) if !text.is_empty() => found.push(At { value: text.into(), span: item.span }),
                    Some(_) => {}
                    None if item.is_null() => {}
                    None => self.wrong(key, item, "一个个文字", ""),
                }
            }
            return Some(found);
        }
        if node.as_map().is_some() {
            self.wrong(key, node, "文字或列表", "");
            return None;
        }
        let text = node.as_text()?;
        let mut found = Vec::new();
        let written = (node.span.end - node.span.start) as usize == text.len();
        let mut at = node.span.start as usize;
        for part in text.split(|c| split && matches!(c, '、' | '，' | ',' | '；' | ';')) {
            let lead = part.len() - part.trim_start().len();
            let value = part.trim();
            if !value.is_empty() {
                let span = if written { Span::new(at + lead, at + lead + value.len()) } else { node.span };
                found.push(At { value: value.into(), span });
            }
            let mark = text.get(at + part.len() - node.span.start as usize..).and_then(|rest| rest.chars().next());
            at += part.len() + mark.map_or(0, char::len_utf8);
        }
        Some(found)
    }

    fn date(&mut self, key: &Key, node: &Node) -> Option<At<Date>> {
        if matches!(node.value, Value::List(_) | Value::Map(_)) {
            self.wrong(key, node, "一个日期", "2026-11-20");
            return None;
        }
        let text = node.as_text()?;
        if text.trim().is_empty() {
            return None;
        }
        let (message, cause) = match dates::read(text) {
            Ok(value) => return Some(At { value, span: node.span }),
            Err(NoDate::Day(year, month, day)) if (1..=12).contains(&month) => {
                (format!("{year} 年 {month} 月没有 {day} 日"), "日历上没有这一天")
            }
            Err(NoDate::Day(..)) => (format!("“{}”的月份不对", text.trim()), "月份只有 1 到 12"),
            Err(NoDate::Shape) => (format!("“{}”不是日期", text.trim()), "看不出是哪年哪月哪日"),
        };
        self.problems.push(
            Diagnostic::error(diag::FRONT_DATE, message)
                .at(self.file, node.span)
                .cause(cause)
                .cure(format!("按 {} 的样子写", self.bare(&key.name, "2026-11-20"))),
        );
        None
    }

    fn flag(&mut self, key: &Key, node: &Node) -> Option<bool> {
        if node.is_null() {
            return None;
        }
        let flag = node.as_bool();
        if flag.is_none() {
            self.wrong(key, node, " true（是）或 false（否）", "true");
        }
        flag
    }

    fn number(&mut self, key: &Key, node: &Node) -> Option<i64> {
        if node.is_null() {
            return None;
        }
        let number = node.as_int();
        if number.is_none() {
            self.wrong(key, node, "一个整数", "10");
        }
        number
    }

    fn audience(&mut self, key: &Key, node: &Node) -> Option<At<Audience>> {
        let text = self.text(key, node)?;
        let value = match &*text.value.to_ascii_lowercase() {
            "internal" | "内部" => Audience::Internal,
            "public" | "公开" => Audience::Public,
            _ => {
                self.choice(key, &text, "internal（内部）或 public（公开）", "public");
                return None;
            }
        };
        Some(At { value, span: text.span })
    }

    fn sort_by(&mut self, key: &Key, node: &Node) -> Option<At<SortBy>> {
        let text = self.text(key, node)?;
        let value = match &*text.value.to_ascii_lowercase() {
            "date" | "日期" => SortBy::Date,
            "weight" | "序号" => SortBy::Weight,
            "title" | "标题" => SortBy::Title,
            _ => {
                self.choice(key, &text, "date（日期）、weight（序号）或 title（标题）", "date");
                return None;
            }
        };
        Some(At { value, span: text.span })
    }

    pub(super) fn choice(&mut self, key: &Key, text: &At<Arc<str>>, choices: &str, example: &str) {
        self.problems.push(
            Diagnostic::error(diag::FRONT_VALUE, format!("“{}”不能是“{}”", key.name, text.value))
                .at(self.file, text.span)
                .cause(format!("只能是 {choices}"))
                .cure(format!("改成 {}", self.example(&key.name, example))),
        );
    }

    pub(super) fn wrong(&mut self, key: &Key, node: &Node, wanted: &str, example: &str) {
        let message = format!("“{}”应当是{wanted}，这里是{}", key.name, node.kind());
        let cure = if example.is_empty() {
            "改正这一项，用不到就把它删掉".to_owned()
        } else {
            format!("按 {} 的样子写", self.example_of(&key.name, example))
        };
        self.problems.push(
            Diagnostic::error(diag::FRONT_TYPE, message)
                .at(self.file, node.span)
                .cause("写成这样，读不出这一项的意思")
                .cure(cure),
        );
    }

    fn unknown(&mut self, key: &Key) {
        let known = nearest(&key.name, keys::known(self.settings));
        let cure = match known.as_slice() {
            [] => "检查名字是否写错；确实要给模板用，就放到 extra 下面".to_owned(),
            names => format!("是否想写 {}？确实要给模板用，就放到 extra 下面", names.join("、")),
        };
        self.problems.push(
            Diagnostic::warning(diag::FRONT_KEY_UNKNOWN, format!("文件头里没有“{}”这一项", key.name))
                .at(self.file, key.span)
                .cause("这一行不起作用，只有模板能用 page.extra 读到它")
                .cure(cure),
        );
    }

    fn section_only(&mut self, key: &Key, cascade: bool) {
        let is_section = self.file.rsplit('/').next().is_some_and(|name| name.starts_with("_index."));
        if !cascade && !is_section {
            self.problems.push(
                Diagnostic::warning(
                    diag::FRONT_KEY_SECTION_ONLY,
                    format!("“{}”只在栏目的 _index.md 里起作用", key.name),
                )
                .at(self.file, key.span)
                .cause("这是一篇文章，不是栏目")
                .cure("把这一行移到所在文件夹的 _index.md 里"),
            );
        }
    }

    /// A line to paste, its value as text.
    fn example(&self, key: &str, value: &str) -> String {
        match self.language {
            Language::Yaml => format!("{key}: {value}"),
            Language::Toml => format!("{key} = \"{value}\""),
        }
    }

    /// A line to paste, its value bare.
    pub(super) fn bare(&self, key: &str, value: &str) -> String {
        match self.language {
            Language::Yaml => format!("{key}: {value}"),
            Language::Toml => format!("{key} = {value}"),
        }
    }

    fn example_of(&self, key: &str, value: &str) -> String {
        if value.chars().next().is_some_and(|c| c.is_ascii_digit()) || matches!(value, "true" | "false") {
            self.bare(key, value)
        } else {
            self.example(key, value)
        }
    }
}

fn whole_name(name: At<Arc<str>>) -> At<Arc<str>> {
    At { value: template_name(&name.value), ..name }
}

/// A template's name, whose `.html` need not be written.
pub(crate) fn template_name(name: &str) -> Arc<str> {
    if name.contains('.') { name.into() } else { format!("{name}.html").into() }
}
