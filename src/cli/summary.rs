//! The end of a build in a clerk's words: what each office got, what was left out and why, what was written, how long
//! it took and where to look at it. Kept beside the output too, so that a build with nothing to do says it again.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use zhendi::diag::Counts;
use zhendi::model::Status;
use zhendi::{Build, LeftOut};

use super::console::shown;
use super::table::table;
use super::times::Times;

/// So many pages that were left out are named; the rest are counted.
const NAMED: usize = 20;

/// So many changed files are named in a line; the rest are counted.
const CHANGED: usize = 2;

/// A change that has come through.
#[derive(Debug)]
pub struct Rebuilt<'a> {
    /// The files that have changed.
    pub changed: &'a [Arc<str>],
    /// How many outputs it touched.
    pub dropped: usize,
    /// How many were rendered.
    pub rendered: usize,
    /// How many there are.
    pub of: usize,
    /// What it took.
    pub time: Duration,
    /// Where that went, if somebody wants to know.
    pub times: Option<&'a Times>,
}

impl Rebuilt<'_> {
    /// One line for people: what has changed, and what that has cost.
    pub fn human(&self) -> String {
        let Self { changed, dropped, rendered, of, .. } = self;
        let named = changed.iter().take(CHANGED).map(|path| &**path).collect::<Vec<_>>().join("、");
        let what = match changed.len() {
            0 => "日期变了".to_owned(),
            n if n > CHANGED => format!("{named} 等 {n} 个文件有改动"),
            _ => format!("{named} 有改动"),
        };
        let seconds = self.time.as_secs_f64();
        let times = self.times.map(|times| format!("（{}）", times.human())).unwrap_or_default();
        format!("{what}：作废 {dropped} 个文件，生成 {rendered} 个，共 {of} 个，用时 {seconds:.2} 秒{times}。\n")
    }
}

/// What stands in an output folder after a build.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Contents {
    /// The offices in order.
    pub offices: Vec<OfficePages>,
    /// What is not published.
    pub left_out: Vec<Absent>,
}

/// An office and how many pages it has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OfficePages {
    /// Its id.
    pub id: String,
    /// Its full name.
    pub name: String,
    /// How many pages its edition holds.
    pub pages: usize,
}

/// A page that is not published.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Absent {
    /// Why: `draft`, `future`, `expired`.
    pub why: Why,
    /// Its file.
    pub file: String,
    /// Its title.
    pub title: String,
    /// The day on which it is or was to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// Why a page is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// Its author is not done.
    Draft,
    /// Its date is yet to come.
    Future,
    /// Its time is over.
    Expired,
}

impl Why {
    /// The Chinese word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Future => "未到日期",
            Self::Expired => "已下线",
        }
    }

    /// What its date means.
    fn when(self, date: &str) -> String {
        match self {
            Self::Draft => String::new(),
            Self::Future => format!("{date} 发布"),
            Self::Expired => format!("{date} 下线"),
        }
    }
}

impl Absent {
    fn of(page: LeftOut) -> Option<Self> {
        let why = match page.why {
            Status::Draft => Why::Draft,
            Status::Future => Why::Future,
            Status::Expired => Why::Expired,
            Status::Live => return None,
        };
        // A draft's day means nothing yet.
        let date = page.date.filter(|_| why != Why::Draft).map(|date| date.to_string());
        Some(Self { why, file: page.path.to_string(), title: page.title.to_string(), date })
    }

    /// The row of a table that tells of it.
    pub fn row(&self) -> [String; 4] {
        let when = self.date.as_deref().map(|date| self.why.when(date)).unwrap_or_default();
        [self.why.word().to_owned(), when, self.title.clone(), self.file.clone()]
    }
}

/// The pages that `build` leaves out, by reason, then day, then file.
pub fn absent(build: &Build) -> Vec<Absent> {
    let mut absent: Vec<Absent> = build.left_out().into_iter().filter_map(Absent::of).collect();
    absent.sort_by(|a, b| (a.why, &a.date, &a.file).cmp(&(b.why, &b.date, &b.file)));
    absent
}

impl Contents {
    /// What `build` makes.
    pub fn of(build: &Build) -> Self {
        let offices = build.editions().into_iter().map(|edition| OfficePages {
            id: edition.office.id.to_string(),
            name: edition.office.name.to_string(),
            pages: edition.pages,
        });
        Self { offices: offices.collect(), left_out: absent(build) }
    }
}

/// How the files came to stand where they are.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    /// Nothing had to be done.
    None,
    /// So many files were written, equal already, and deleted.
    Files {
        /// New bytes.
        written: usize,
        /// Equal already.
        same: usize,
        /// Gone.
        deleted: usize,
        /// Whether the folder was exchanged as a whole.
        whole: bool,
    },
}

/// Everything there is to say in the end.
#[derive(Debug)]
pub struct Summary<'a> {
    /// What stands in the folder.
    pub contents: &'a Contents,
    /// How it came there.
    pub change: Change,
    /// How long it took.
    pub time: Duration,
    /// The output folder.
    pub output: &'a Path,
}

impl Summary<'_> {
    /// For people.
    pub fn human(&self) -> String {
        let mut out = String::new();
        let seconds = self.time.as_secs_f64();
        let _ = match self.change {
            Change::None => writeln!(out, "内容没有变化，网站已是最新（检查用时 {seconds:.1} 秒）。"),
            Change::Files { .. } => writeln!(out, "网站已生成，用时 {seconds:.1} 秒。"),
        };
        let offices: Vec<_> =
            self.contents.offices.iter().map(|office| [office.name.clone(), format!("{} 篇", office.pages)]).collect();
        out.push('\n');
        out.push_str(&table(&offices));
        out.push_str(&left_out(&self.contents.left_out));
        if let Change::Files { written, same, deleted, whole } = self.change {
            let parts = [(written, "个写入"), (same, "个没有变化"), (deleted, "个不再需要、已删除")];
            let parts: Vec<_> =
                parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
            let _ = writeln!(out, "\n文件：{}。", parts.join("，"));
            let way = if whole {
                "新网站整个换上，一次完成"
            } else {
                "逐个文件换上（这里不能整个文件夹一次换）"
            };
            let _ = writeln!(out, "发布方式：{way}。");
        }
        let _ = writeln!(out, "\n用浏览器打开看看：{}", shown(&self.output.join("index.html")));
        out
    }

    /// One line for programs.
    pub fn json(&self, counts: Counts) -> String {
        let Counts { errors, warnings, notes } = counts;
        let (written, same, deleted, way) = match self.change {
            Change::None => (0, 0, 0, "none"),
            Change::Files { written, same, deleted, whole } => {
                (written, same, deleted, if whole { "whole" } else { "file-by-file" })
            }
        };
        let value = serde_json::json!({ "summary": {
            "published": true,
            "errors": errors,
            "warnings": warnings,
            "notes": notes,
            "unchanged": matches!(self.change, Change::None),
            "offices": self.contents.offices,
            "left_out": self.contents.left_out,
            "written": written,
            "same": same,
            "deleted": deleted,
            "way": way,
            "seconds": self.time.as_secs_f64(),
            "open": shown(&self.output.join("index.html")),
        }});
        format!("{value}\n")
    }
}

fn left_out(pages: &[Absent]) -> String {
    if pages.is_empty() {
        return String::new();
    }
    let mut out = format!("\n没有发布的 {} 篇：\n\n", pages.len());
    let rows: Vec<_> = pages.iter().take(NAMED).map(Absent::row).collect();
    out.push_str(&table(&rows));
    if pages.len() > NAMED {
        let _ = writeln!(out, "  ……还有 {} 篇，运行 zhendi list 可以全部列出。", pages.len() - NAMED);
    }
    out
}

/// The last line for programs where nothing was published; `retrying` says that it will be tried again by itself.
pub fn json_failed(counts: Counts, retrying: bool) -> String {
    let Counts { errors, warnings, notes } = counts;
    let mut summary = serde_json::json!({ "published": false, "errors": errors, "warnings": warnings, "notes": notes });
    if retrying {
        summary["retrying"] = true.into();
    }
    format!("{}\n", serde_json::json!({ "summary": summary }))
}
