//! Diagnostics as somebody reads them: an excerpt with carets in Chinese for people, JSON Lines for programs. The last
//! step of every command; it sorts by file and line, folds long runs of one kind, and counts.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::{Diagnostic, Excerpt, Fix, Piece, Severity, Span};

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// How many of each severity there are, folded ones included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
}

impl Counts {
    /// Counts the given diagnostics.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let mut counts = Self::default();
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Note => counts.notes += 1,
            }
        }
        counts
    }
}

/// No more than this many of one code are shown over the whole build; the last one says how many more there are.
const RUN: usize = 20;
/// Of warnings and notes that are folded no more than this many are shown of one file, so that the few that are shown
/// tell of several files; fewer files have more room each. Errors have to be mended one by one, file by file.
const RUN_IN_FILE: usize = 3;

/// A diagnostic with what the excerpt needs, ready to print.
#[derive(Clone, Debug)]
struct Shown {
    diagnostic: Diagnostic,
    /// 1-based line and column (in characters), and the line's text; `None` without a place.
    spot: Option<Spot>,
    /// How many more of this kind were folded into it.
    folded: usize,
    /// In how many files those stand.
    folded_files: usize,
}

#[derive(Clone, Debug)]
struct Spot {
    line: usize,
    column: usize,
    text: String,
    /// Display columns before the carets, and their number.
    lead: usize,
    carets: usize,
    /// The whole line, cut before and after what the carets mark.
    parts: [String; 3],
    above: String,
    below: String,
}

/// Sorted, folded diagnostics with their excerpts.
#[derive(Clone, Debug)]
pub struct Report {
    shown: Vec<Shown>,
    counts: Counts,
}

/// Orders by file, position, code and message, and drops what is said twice (three editions find the same fault thrice).
pub fn fold(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| {
        (&a.place, a.severity, a.code, &a.message, &a.label, &a.cure, &a.notes)
            .cmp(&(&b.place, b.severity, b.code, &b.message, &b.label, &b.cure, &b.notes))
    });
    diagnostics.dedup();
    diagnostics
}

impl Report {
    /// Prepares `diagnostics` for printing. `text` gives the decoded text of a file by its portal path; where it has
    /// none (the file is gone or no text), the excerpt is left out.
    pub fn new(diagnostics: Vec<Diagnostic>, text: &dyn Fn(&str) -> Option<String>) -> Self {
        let diagnostics = fold(diagnostics);
        let counts = Counts::of(&diagnostics);
        let mut runs = runs(&diagnostics);
        let mut shown: Vec<Shown> = Vec::new();
        let mut cached: Option<(Arc<str>, Option<Lines>)> = None;
        for diagnostic in diagnostics {
            let file = diagnostic.place.as_ref().map(|place| &place.file);
            let Some(run) = runs.get_mut(&diagnostic.code) else { continue };
            if run.file.as_ref() != file {
                (run.file, run.in_file, run.folded_in_file) = (file.cloned(), 0, false);
            }
            run.in_file += 1;
            if run.shown == RUN || run.in_file > run.room_in_file {
                run.folded += 1;
                run.folded_files += usize::from(file.is_some() && !std::mem::replace(&mut run.folded_in_file, true));
                continue;
            }
            run.shown += 1;
            run.last = shown.len();
            let spot = diagnostic.place.as_ref().and_then(|place| {
                if cached.as_ref().is_none_or(|(file, _)| *file != place.file) {
                    cached = Some((place.file.clone(), text(&place.file).map(Lines::new)));
                }
                let lines = cached.as_ref()?.1.as_ref()?;
                Some(lines.spot(place.span?))
            });
            shown.push(Shown { diagnostic, spot, folded: 0, folded_files: 0 });
        }
        for run in runs.values().filter(|run| run.folded > 0) {
            if let Some(last) = shown.get_mut(run.last) {
                (last.folded, last.folded_files) = (run.folded, run.folded_files);
            }
        }
        Self { shown, counts }
    }

    /// How many of each severity there are.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Each diagnostic as a page shows it.
    pub fn pieces(&self) -> Vec<Piece> {
        self.shown.iter().map(Shown::piece).collect()
    }

    /// The whole report in the given format, with ANSI colours if `colour`.
    pub fn print(&self, format: Format, colour: bool) -> String {
        let mut out = String::new();
        for shown in &self.shown {
            match format {
                Format::Human => shown.human(&mut out, colour),
                Format::Json => shown.json(&mut out),
            }
        }
        out
    }
}

/// All diagnostics of one code, on the way through them in order of the files.
#[derive(Clone, Debug)]
struct Run {
    /// How many may be shown of one file.
    room_in_file: usize,
    /// The file at hand, how many of them it had so far, and whether one was folded.
    file: Option<Arc<str>>,
    in_file: usize,
    folded_in_file: bool,
    shown: usize,
    /// Place of the one shown last.
    last: usize,
    folded: usize,
    folded_files: usize,
}

/// A run for each code, knowing how many there are and in how many files.
fn runs(diagnostics: &[Diagnostic]) -> HashMap<super::Code, Run> {
    #[derive(Default)]
    struct Counted<'d> {
        all: usize,
        files: usize,
        last: Option<&'d Arc<str>>,
        errors: bool,
    }
    let mut found: HashMap<super::Code, Counted<'_>> = HashMap::new();
    for diagnostic in diagnostics {
        let file = diagnostic.place.as_ref().map(|place| &place.file);
        let counted = found.entry(diagnostic.code).or_default();
        counted.all += 1;
        counted.files += usize::from(counted.files == 0 || counted.last != file);
        counted.last = file;
        counted.errors |= diagnostic.is_error();
    }
    let run = |counted: Counted<'_>| Run {
        room_in_file: match counted {
            Counted { errors, all, .. } if errors || all <= RUN => RUN,
            Counted { files, .. } => RUN_IN_FILE.max(RUN / files),
        },
        file: None,
        in_file: 0,
        folded_in_file: false,
        shown: 0,
        last: 0,
        folded: 0,
        folded_files: 0,
    };
    found.into_iter().map(|(code, counted)| (code, run(counted))).collect()
}

impl Spot {
    fn excerpt(&self) -> Excerpt {
        const AROUND: usize = 60;
        let [before, marked, after] = &self.parts;
        let skip = before.chars().count().saturating_sub(AROUND);
        let mut head: String = before.chars().skip(skip).collect();
        if skip > 0 {
            head.insert(0, '…');
        }
        let cut = |text: &str, most: usize| -> String {
            let head: String = text.chars().take(most).collect();
            if head.len() < text.len() { head + "…" } else { head }
        };
        let parts = [clean(&head), clean(&cut(marked, 2 * AROUND)), clean(&cut(after, AROUND))];
        let said = |text: &str| (!text.trim().is_empty()).then(|| text.to_owned());
        Excerpt { line: self.line, column: self.column, parts, above: said(&self.above), below: said(&self.below) }
    }
}

/// A text and where its lines start.
#[derive(Clone, Debug)]
struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    fn new(text: String) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    fn spot(&self, span: Span) -> Spot {
        let start = floor(&self.text, span.start as usize);
        let line = self.starts.partition_point(|&at| at <= start) - 1;
        let from = self.starts[line];
        let to = self.starts.get(line + 1).map_or(self.text.len(), |&next| next - 1);
        let text = self.text[from..to].trim_end_matches('\r');
        let at = (start - from).min(text.len());
        let end = floor(&self.text, (span.end as usize).clamp(start, to)).saturating_sub(from).clamp(at, text.len());
        let column = text[..at].chars().count() + 1;
        let (shown, before, marked) = window(text, at, end);
        let parts = [&text[..at], &text[at..end], &text[end..]].map(str::to_owned);
        let (above, below) = (line.checked_sub(1).map(|at| self.head(at)), self.head(line + 1));
        let above = above.unwrap_or_default();
        Spot { line: line + 1, column, text: shown, lead: before, carets: marked.max(1), parts, above, below }
    }

    /// The beginning of a line; empty if there is none.
    fn head(&self, line: usize) -> String {
        const WIDTH: usize = 60;
        let Some(&from) = self.starts.get(line) else { return String::new() };
        let text = self.text[from..].lines().next().unwrap_or_default();
        let mut head: String = text.chars().take(WIDTH).collect();
        if head.len() < text.len() {
            head.push('…');
        }
        clean(&head)
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The part of a line around bytes `at..end` that fits on a screen, the display width before the marked part, and the
/// width of the marked part itself.
fn window(line: &str, at: usize, end: usize) -> (String, usize, usize) {
    const BEFORE: usize = 60;
    const MARKED: usize = 60;
    const AFTER: usize = 24;
    let tail: Vec<char> = line[..at].chars().collect();
    let cut = tail.len().saturating_sub(BEFORE / 2);
    let mut shown = String::new();
    if cut > 0 {
        shown.push('…');
    }
    shown.extend(&tail[cut..]);
    let shown_before = clean(&shown);
    let marked: String = line[at..end].chars().take(MARKED).collect();
    let marked = clean(&marked);
    let after: Vec<char> = line[at..].chars().skip(line[at..end].chars().count().min(MARKED)).collect();
    let mut rest: String = after.iter().take(AFTER).collect();
    if after.len() > AFTER {
        rest.push('…');
    }
    let text = format!("{shown_before}{marked}{}", clean(&rest));
    (text, shown_before.width(), marked.width())
}

/// Tabs become one blank and control characters a visible mark, so that carets stay under what they mean.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c == '\t' {
                ' '
            } else if c.is_control() {
                '␀'
            } else {
                c
            }
        })
        .collect()
}

impl Severity {
    /// The Chinese word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "错误",
            Self::Warning => "警告",
            Self::Note => "提示",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    fn ansi(self) -> &'static str {
        match self {
            Self::Error => "\u{1b}[1;31m",
            Self::Warning => "\u{1b}[1;33m",
            Self::Note => "\u{1b}[1;36m",
        }
    }
}

impl Shown {
    fn human(&self, out: &mut String, colour: bool) {
        let d = &self.diagnostic;
        let (on, off) = if colour { (d.severity.ansi(), "\u{1b}[0m") } else { ("", "") };
        let _ = writeln!(out, "{on}{} {}{off}：{}", d.severity.word(), d.code.0, d.message);
        if let Some(place) = &d.place {
            match &self.spot {
                Some(spot) => {
                    let number = spot.line.to_string();
                    let margin = " ".repeat(number.len());
                    let _ = writeln!(out, "{margin} ┌─ {}:{}:{}", place.file, spot.line, spot.column);
                    let _ = writeln!(out, "{number} │ {}", spot.text);
                    let pad = " ".repeat(spot.lead);
                    let carets = "^".repeat(spot.carets);
                    let _ = writeln!(out, "{margin} │ {pad}{on}{carets}{off} {}", d.label);
                    trim_line_end(out);
                }
                None => {
                    let _ = writeln!(out, "  ┌─ {}", place.file);
                    if !d.label.is_empty() {
                        let _ = writeln!(out, "  │ {}", d.label);
                    }
                }
            }
        }
        for note in &d.notes {
            let _ = writeln!(out, "  {note}");
        }
        if !d.cause.is_empty() {
            let _ = writeln!(out, "原因：{}", d.cause);
        }
        if !d.cure.is_empty() {
            let _ = writeln!(out, "怎么改：{}", d.cure);
        }
        if self.folded > 0 {
            let files = match self.folded_files {
                0 => String::new(),
                files => format!("，在 {files} 个文件里"),
            };
            let _ = writeln!(out, "（整个门户里同样的情况还有 {} 处{files}，不再一一列出。）", self.folded);
        }
        out.push('\n');
    }

    fn piece(&self) -> Piece {
        let d = &self.diagnostic;
        Piece {
            severity: d.severity.name(),
            word: d.severity.word(),
            code: d.code.0,
            message: d.message.clone(),
            file: d.place.as_ref().map(|place| place.file.to_string()),
            excerpt: self.spot.as_ref().map(Spot::excerpt),
            label: d.label.clone(),
            notes: d.notes.clone(),
            cause: d.cause.clone(),
            cure: d.cure.clone(),
            fix: Fix::of(d, self.spot.as_ref().map(|spot| &spot.parts)),
            folded: self.folded,
            folded_files: self.folded_files,
        }
    }

    fn json(&self, out: &mut String) {
        #[derive(Serialize)]
        struct Line<'a> {
            severity: &'a str,
            code: &'a str,
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            file: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            line: Option<usize>,
            #[serde(skip_serializing_if = "Option::is_none")]
            column: Option<usize>,
            #[serde(skip_serializing_if = "Option::is_none")]
            excerpt: Option<&'a str>,
            #[serde(skip_serializing_if = "str::is_empty")]
            label: &'a str,
            #[serde(skip_serializing_if = "<[String]>::is_empty")]
            notes: &'a [String],
            cause: &'a str,
            cure: &'a str,
            folded: usize,
            #[serde(skip_serializing_if = "is_none")]
            folded_files: usize,
        }
        let d = &self.diagnostic;
        let line = Line {
            severity: d.severity.name(),
            code: d.code.0,
            message: &d.message,
            file: d.place.as_ref().map(|place| &*place.file),
            line: self.spot.as_ref().map(|spot| spot.line),
            column: self.spot.as_ref().map(|spot| spot.column),
            excerpt: self.spot.as_ref().map(|spot| spot.text.as_str()),
            label: &d.label,
            notes: &d.notes,
            cause: &d.cause,
            cure: &d.cure,
            folded: self.folded,
            folded_files: self.folded_files,
        };
        if let Ok(text) = serde_json::to_string(&line) {
            out.push_str(&text);
            out.push('\n');
        }
    }
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

/// Takes blanks off the end of the last line written (a caret line without a label).
fn trim_line_end(out: &mut String) {
    out.truncate(out.trim_end().len());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::LINK_MISSING;

    #[test]
    fn carets_stand_under_double_width_characters() {
        let file: Arc<str> = "content/policy/zhengzhao.md".into();
        let text = "第一行\n详见[办事指南](../policy/banshi.md)。\n";
        let start = text.find("../").expect("there");
        let d = Diagnostic::error(LINK_MISSING, "链接指向的文件不存在")
            .at(&file, Span::new(start, start + "../policy/banshi.md".len()))
            .label("没有 content/policy/banshi.md")
            .cause("读者点击后会看到“页面不存在”。")
            .cure("是否想写 ../policy/banshi-zhinan.md？");
        let report = Report::new(vec![d], &|_| Some(text.to_owned()));
        assert_eq!(
            report.print(Format::Human, false),
            "错误 E0201：链接指向的文件不存在\n  ┌─ content/policy/zhengzhao.md:2:10\n2 │ 详见[办事指南](../policy/banshi.md)。\n  │                ^^^^^^^^^^^^^^^^^^^ 没有 content/policy/banshi.md\n原因：读者点击后会看到“页面不存在”。\n怎么改：是否想写 ../policy/banshi-zhinan.md？\n\n"
        );
    }

    #[test]
    fn long_runs_fold() {
        let file: Arc<str> = "a.md".into();
        let many = (0..100)
            .map(|n| Diagnostic::warning(crate::diag::IMAGE_REMOTE, format!("图 {n:03}")).in_file(&file))
            .collect();
        let report = Report::new(many, &|_| None);
        assert_eq!(report.counts().warnings, 100);
        let text = report.print(Format::Human, false);
        assert_eq!(text.matches("警告 W0209").count(), 20);
        assert!(text.contains("还有 80 处，在 1 个文件里"), "{text}");
    }

    #[test]
    fn long_runs_fold_over_many_files() {
        let many = |severity: fn(crate::diag::Code, String) -> Diagnostic, code| {
            let of_file = move |file: usize| {
                let file: Arc<str> = format!("{file:02}.md").into();
                (0..5).map(move |n| severity(code, format!("第 {n} 处")).in_file(&file))
            };
            let diagnostics: Vec<Diagnostic> = (0..50).flat_map(of_file).collect();
            Report::new(diagnostics, &|_| None).print(Format::Human, false)
        };
        let text = many(Diagnostic::warning, crate::diag::IMAGE_NO_ALT);
        assert_eq!((text.matches("W0211").count(), text.matches("─ 00.md").count()), (20, 3), "{text}");
        assert!(text.contains("（整个门户里同样的情况还有 230 处，在 50 个文件里，不再一一列出。）"), "{text}");
        let text = many(Diagnostic::error, LINK_MISSING);
        assert_eq!((text.matches("E0201").count(), text.matches("─ 00.md").count()), (20, 5), "{text}");
    }
}
