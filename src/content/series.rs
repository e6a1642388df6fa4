//! One file of `content/series`: what a series is called, for whom it is, its order and its plan by month. Read through
//! the neutral tree, so every complaint has a line; which pages it means is the model's business.

use std::borrow::Cow;
use std::sync::Arc;

use super::{At, Encoding, decode};
use crate::diag::{
    Diagnostic, FILE_NOT_TEXT, FRONT_COLON, SERIES_KEY_REPEATED, SERIES_KEY_UNKNOWN, SERIES_SYNTAX, SERIES_UNNAMED,
    SERIES_VALUE, Span, nearest,
};
use crate::tree::{Key, Node, Value, read_toml};

/// A series as its file says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Path from the portal's root.
    pub path: Arc<str>,
    /// The file's name without its ending: the value of `series` in front matter.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// One or two sentences.
    pub description: Arc<str>,
    /// For whom it is.
    pub audience: Arc<str>,
    /// Its pages in order, as the author wrote their paths.
    pub order: Vec<At<Arc<str>>>,
    /// Where the order stands, if there is one.
    pub order_at: Option<Span>,
    /// Month by month.
    pub plan: Vec<Month>,
    /// What is wrong with the file by itself.
    pub problems: Vec<Diagnostic>,
}

/// A month of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// `2026-11`.
    pub month: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// The paths of its pages.
    pub pages: Vec<At<Arc<str>>>,
}

/// The keys, English and Chinese.
const KEYS: [[&str; 2]; 5] =
    [["name", "名称"], ["description", "说明"], ["for", "对象"], ["order", "顺序"], ["plan", "计划"]];

impl Series {
    /// Whether its file could be read, so that its name is known.
    pub fn is_readable(&self) -> bool {
        !self.problems.iter().any(|problem| [SERIES_SYNTAX, FILE_NOT_TEXT].contains(&problem.code))
    }

    /// Whether the file at `path` declares a series.
    pub fn is_at(path: &str) -> bool {
        path.strip_prefix("content/series/").is_some_and(|name| !name.contains('/') && stem(name).is_some())
    }
}

/// `ronghe` of `ronghe.toml`.
fn stem(name: &str) -> Option<&str> {
    let (stem, ending) = name.rsplit_once('.')?;
    (!stem.is_empty() && ending.eq_ignore_ascii_case("toml")).then_some(stem)
}

/// Makes a series of a file's bytes. Whatever they are, there is a series; what is wrong stands in its problems.
pub fn parse_series(path: &Arc<str>, bytes: &[u8]) -> Series {
    let id: Arc<str> = path.rsplit('/').next().and_then(stem).unwrap_or(path).into();
    let decoded = decode(bytes);
    let mut series = Series {
        path: path.clone(),
        name: id.clone(),
        id,
        description: "".into(),
        audience: "".into(),
        order: Vec::new(),
        order_at: None,
        plan: Vec::new(),
        problems: decoded.problem(path).into_iter().collect(),
    };
    if decoded.encoding == Encoding::NotText {
        return series;
    }
    let (text, typed) = plain(&decoded.text);
    if let Some(&first) = typed.first() {
        series.problems.push(
            Diagnostic::note(FRONT_COLON, format!("用了中文标点，已按英文标点读（共 {} 处）", typed.len()))
                .at(path, first)
                .cause("别的软件可能不认这里的中文标点。")
                .cure("有空时改成英文的等号、双引号和逗号。"),
        );
    }
    match read_toml(&text, 0) {
        Ok(root) => Reader { file: path, problems: &mut Vec::new() }.read(&root, &mut series),
        Err(faults) => {
            let told = faults.into_iter().map(|fault| {
                let told = fault.diagnostic(SERIES_SYNTAX, path, &decoded.text);
                told.cause("这个系列文件写坏了一处，名称、顺序和计划都读不出来。")
            });
            series.problems.extend(told);
        }
    }
    series
}

struct Reader<'r> {
    file: &'r Arc<str>,
    problems: &'r mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read(&mut self, root: &Node, series: &mut Series) {
        let mut seen: Vec<(usize, &str)> = Vec::new();
        let mut is_named = false;
        for (key, node) in root.as_map().unwrap_or_default() {
            let name = key.name.trim();
            let found =
                KEYS.iter().position(|[english, chinese]| name.eq_ignore_ascii_case(english) || name == *chinese);
            let Some(at) = found else {
                self.unknown(key);
                continue;
            };
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == at) {
                self.problems.push(
                    Diagnostic::error(SERIES_KEY_REPEATED, format!("“{first}”和“{name}”是同一项，写了两次"))
                        .at(self.file, key.span)
                        .label(format!("前面已有“{first}”"))
                        .cause("两处的值可能不同，不知道该用哪一个。")
                        .cure(format!("只留一个：删掉“{first}”或“{name}”中的一项。")),
                );
                continue;
            }
            seen.push((at, name));
            match at {
                0 => {
                    is_named = true;
                    self.set(node, &mut series.name);
                }
                1 => self.set(node, &mut series.description),
                2 => self.set(node, &mut series.audience),
                3 => {
                    series.order = self.paths(node);
                    series.order_at = Some(key.span);
                }
                _ => series.plan = self.plan(node),
            }
        }
        if !is_named {
            self.problems.push(
                Diagnostic::warning(SERIES_UNNAMED, "这个系列还没有名称")
                    .in_file(self.file)
                    .cause(format!("读者看到的会是文件的名字“{}”。", series.id))
                    .cure("在文件开头加一行：name = \"系列的名称\""),
            );
        }
        series.problems.append(self.problems);
    }

    fn unknown(&mut self, key: &Key) {
        let near = nearest(key.name.trim(), KEYS.iter().flatten().copied());
        let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
        let all: Vec<String> = KEYS.iter().map(|[english, chinese]| format!("{english}（{chinese}）")).collect();
        self.problems.push(
            Diagnostic::error(SERIES_KEY_UNKNOWN, format!("系列文件里没有“{}”这一项", key.name))
                .at(self.file, key.span)
                .cause("写错的项不会起作用，所以宁可停下来，免得您以为它已经生效。")
                .cure(format!("{guess}可以写的有：{}。", all.join("、"))),
        );
    }

    fn wrong(&mut self, node: &Node, wanted: &str, example: &str) {
        self.problems.push(
            Diagnostic::error(SERIES_VALUE, format!("这里应当是{wanted}，现在是{}", node.kind()))
                .at(self.file, node.span)
                .cause("写法不对，这一项就不知道是什么意思。")
                .cure(format!("例如 {example}")),
        );
    }

    fn set(&mut self, node: &Node, into: &mut Arc<str>) {
        match node.as_text().map(str::trim) {
            Some(text) if !text.is_empty() => *into = text.into(),
            _ => self.wrong(node, "一段文字", "name = \"三局业务互学\""),
        }
    }

    /// A list of paths; a single one stands for itself.
    fn paths(&mut self, node: &Node) -> Vec<At<Arc<str>>> {
        let one = std::slice::from_ref(node);
        let items = match &node.value {
            Value::List(items) => items,
            Value::Scalar(..) => one,
            Value::Map(_) => {
                self.wrong(node, "文章的列表", "[\"study/甲.md\", \"study/乙/index.md\"]");
                return Vec::new();
            }
        };
        let mut paths = Vec::with_capacity(items.len());
        for item in items {
            match item.as_text().map(str::trim) {
                Some(text) if !text.is_empty() => paths.push(At { value: text.into(), span: item.span }),
                _ => self.wrong(item, "一篇文章的路径", "\"study/甲.md\""),
            }
        }
        paths
    }

    fn plan(&mut self, node: &Node) -> Vec<Month> {
        let Some(entries) = node.as_map() else {
            self.wrong(node, "按月的计划", "[plan] 一行，下面每月一行：\"2026-11\" = [\"study/甲.md\"]");
            return Vec::new();
        };
        let mut plan: Vec<Month> = Vec::with_capacity(entries.len());
        for (key, node) in entries {
            let Some(month) = month(&key.name) else {
                self.problems.push(
                    Diagnostic::error(SERIES_VALUE, format!("“{}”不是月份", key.name))
                        .at(self.file, key.span)
                        .cause("学习计划按月安排，月份写成四位年、减号、两位月。")
                        .cure("例如 \"2026-11\" = [\"study/文件名.md\"]"),
                );
                continue;
            };
            let pages = self.paths(node);
            match plan.iter_mut().find(|one| *one.month == *month) {
                Some(one) => one.pages.extend(pages),
                None => plan.push(Month { month: month.into(), span: key.span, pages }),
            }
        }
        plan.sort_by(|a, b| a.month.cmp(&b.month));
        plan
    }
}

/// The text with the marks that a Chinese input method types outside of quotes made those that TOML knows, each in as
/// many bytes; and where they stood.
fn plain(text: &str) -> (Cow<'_, str>, Vec<Span>) {
    const TYPED: [char; 11] = ['：', '＝', '“', '”', '＂', '，', '、', '［', '］', '【', '】'];
    // In a text of several lines quotes would have to be told apart; nobody types those by accident.
    if !text.contains(|c| TYPED.contains(&c) || c == ':') || text.contains("\"\"\"") || text.contains("'''") {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut out = String::with_capacity(text.len());
    let mut typed = Vec::new();
    let mut until: Option<char> = None;
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        let put = match (until, c) {
            (_, '\n') => None,
            (Some('\n'), _) => Some(None),
            (Some('"'), _) if is_escaped || c == '\\' => Some(None),
            (Some('”'), '”' | '“' | '＂') => Some(Some("\"  ")),
            (Some('”'), '"') => Some(Some("\"")),
            (Some(end), _) if end != c => Some(None),
            (Some(_), _) => None,
            (None, '“' | '”' | '＂') => Some(Some("  \"")),
            (None, '：' | '＝') => Some(Some("=  ")),
            (None, ':') => Some(Some("=")),
            (None, '，' | '、') => Some(Some(",  ")),
            (None, '［' | '【') => Some(Some("  [")),
            (None, '］' | '】') => Some(Some("]  ")),
            (None, _) => Some(None),
        };
        is_escaped = until == Some('"') && c == '\\' && !is_escaped;
        until = match (until, c) {
            (_, '\n') => None,
            (None, '#') => Some('\n'),
            (None, '"' | '\'') => Some(c),
            (None, '“' | '”' | '＂') => Some('”'),
            (Some('”'), '"' | '”' | '“' | '＂') => None,
            (Some(_), _) if put.is_none() => None,
            (same, _) => same,
        };
        match put.flatten() {
            Some(mark) => {
                typed.push(Span::new(at, at + c.len_utf8()));
                out.push_str(mark);
            }
            None => out.push(c),
        }
    }
    (Cow::Owned(out), typed)
}

/// `2026-11` of that, of `2026-9`, `2026年9月`.
fn month(text: &str) -> Option<String> {
    let (year, month) = text.trim().split_once(['-', '年', '/', '.'])?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let month = month.trim_end_matches('月');
    let number: u8 = Some(month).filter(|month| digits(month) && month.len() <= 2)?.parse().ok()?;
    (year.len() == 4 && digits(year) && (1..=12).contains(&number)).then(|| format!("{year}-{number:02}"))
}
