//! Readies a body for comrak in one pass over its bytes, and keeps the way back. Where comrak would misread Chinese text
//! a byte is put in or replaced: the end of a bare address, a colon in a `:::` line's title, quote marks beyond any
//! sensible depth. The same pass notes what only the source shows: other systems' syntax, links written wrongly,
//! footnote marks, `<!-- more -->`. `:::` lines are paired before it (`fences`).

use std::borrow::Cow;

use super::escape::{ADDRESS_END, NOTHING};
use super::fences::{Fence, Fences};
use super::put::{Inserted, apply};
use crate::content::cjk;
use crate::diag::Span;

/// More block markers than this at the head of one line are no quotation any more.
pub(super) const MOST_MARKERS: usize = 32;

/// A body as comrak sees it.
pub(super) struct Prepared<'t> {
    /// The text for comrak.
    pub text: Cow<'t, str>,
    /// Byte of the file at which the body begins.
    offset: usize,
    /// Where something was put in.
    inserted: Inserted,
    /// Where in `text` each line begins.
    lines: Vec<usize>,
    /// What the renderer or the final check has to know.
    pub finds: Vec<Find>,
    /// The `:::` lines; their places are bytes of the body, not of the prepared text.
    pub fences: Fences,
    /// Whether `<!-- more -->` stands somewhere.
    pub has_more: bool,
    /// Whether a heading may have an explicit id.
    pub has_ids: bool,
    /// Where block markers were taken away.
    pub too_deep: Option<usize>,
}

/// Something that the source shows, at a byte of the prepared text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Find {
    pub what: What,
    pub start: usize,
    pub end: usize,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// `{{< … >}}`, `{{% … %}}`
    Hugo,
    /// `{% … %}`
    Jekyll,
    /// `!!! note`
    Admonition,
    /// `[TOC]`, `[[TOC]]`
    Toc,
    /// `[文字](带 空格.md)`
    Spaced,
    /// `[文字]（地址）`
    FullWidth,
    /// `[^1]`
    Mark,
    /// `[^0-9]`, a class of characters in a pattern, or `[^1](地址)`, a link, unless a footnote bears that name.
    Pattern,
    /// `[^1]:`
    Definition,
}

impl<'t> Prepared<'t> {
    /// Readies `text`, which begins at byte `offset` of its file.
    pub fn new(text: &'t str, offset: usize) -> Self {
        let lines = line_starts(text);
        let mut fences = Fences::find(text, &lines);
        let (replace, seals) = (std::mem::take(&mut fences.replace), std::mem::take(&mut fences.seals));
        let mut scan = Scan { text, bytes: text.as_bytes(), replace, fences: fences.list(), ..Scan::default() };
        scan.run(&lines);
        let Scan { insert, replace, mut finds, has_more, has_ids, too_deep, .. } = scan;
        let mut insert: Vec<(usize, &str)> = insert.into_iter().map(|at| (at, ADDRESS_END)).collect();
        if !seals.is_empty() {
            insert.extend(seals.iter().map(|(at, seal)| (*at, &**seal)));
            insert.sort_by_key(|(at, _)| *at);
        }
        let (text, inserted) = apply(text, &insert, &replace);
        for find in &mut finds {
            (find.start, find.end) = (inserted.there(find.start), inserted.there(find.end));
        }
        let lines = if insert.is_empty() { lines } else { inserted.lines(&lines, &insert) };
        Self { text, offset, inserted, lines, finds, fences, has_more, has_ids, too_deep }
    }

    /// The byte of the prepared text at comrak's 1-based line and column.
    pub fn at(&self, line: usize, column: usize) -> usize {
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        (start + column.saturating_sub(1)).min(self.text.len())
    }

    /// The file's bytes for a range of the prepared text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let back = |at: usize| self.offset + self.inserted.back(at);
        Span::new(back(start), back(end))
    }

    /// The file's bytes for a range of the body.
    pub fn body_span(&self, start: usize, end: usize) -> Span {
        Span::new(self.offset + start, self.offset + end)
    }

    /// The end of the line that holds byte `at`, without its line end.
    pub fn line_end(&self, at: usize) -> usize {
        let next = self.lines.partition_point(|&start| start <= at);
        let end = self.lines.get(next).copied().unwrap_or(self.text.len());
        let line = self.text.get(at..end).unwrap_or_default();
        at + line.trim_end_matches(['\n', '\r']).len()
    }
}

/// The bytes at which lines begin, counted as comrak counts them.
fn line_starts(text: &str) -> Vec<usize> {
    let mut lines = Vec::with_capacity(text.len() / 64 + 1);
    lines.push(0);
    if text.contains('\r') {
        let bytes = text.as_bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                lines.push(at + 1);
            }
        }
    } else {
        lines.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    }
    lines
}

/// How many bytes are looked at together.
const BLOCK: usize = 32;
/// How far around a byte its meaning is looked for, so that one endless line costs no more than many short ones.
const REACH: usize = 1024;

fn is_special(byte: u8) -> bool {
    matches!(byte, b':' | b'.' | b'<' | b'{' | b'!' | b']')
        || (byte < 0x20 && byte != b'\n' && byte != b'\r' && byte != b'\t')
}

#[derive(Default)]
struct Scan<'t> {
    text: &'t str,
    bytes: &'t [u8],
    /// Places before which [`ADDRESS_END`] is put.
    insert: Vec<usize>,
    /// Bytes to replace.
    replace: Vec<(usize, u8)>,
    finds: Vec<Find>,
    has_more: bool,
    has_ids: bool,
    too_deep: Option<usize>,
    /// The `:::` lines that are still to come.
    fences: &'t [Fence],
    /// Everything before this is dealt with.
    done: usize,
}

impl<'t> Scan<'t> {
    fn run(&mut self, lines: &[usize]) {
        for (block, bytes) in self.bytes.chunks(BLOCK).enumerate() {
            // One test a block, which the compiler turns into a few vector instructions.
            if bytes.iter().fold(false, |any, &byte| any | is_special(byte)) {
                for (at, &byte) in bytes.iter().enumerate() {
                    if is_special(byte) && block * BLOCK + at >= self.done {
                        self.special(block * BLOCK + at, byte);
                    }
                }
            }
        }
        for &line in lines {
            if self.bytes.get(line).is_some_and(|byte| matches!(byte, b'>' | b'-' | b'*' | b'+' | b' ' | b'0'..=b'9')) {
                self.markers(line);
            }
        }
        self.replace.sort_unstable();
        self.replace.dedup_by_key(|(at, _)| *at);
        self.insert.sort_unstable();
        self.insert.dedup();
        self.finds.sort_by_key(|find| find.start);
    }

    fn special(&mut self, at: usize, byte: u8) {
        if self.in_fence(at) {
            if byte < 0x20 {
                self.replace.push((at, b' '));
            }
            return;
        }
        let rest = self.bytes.get(at..).unwrap_or_default();
        match byte {
            b':' if rest.starts_with(b"://") => self.address(at),
            b'.' => self.www(at),
            b'<' if rest.starts_with(b"<!--") => {
                let comment = rest.get(4..).unwrap_or_default().trim_ascii_start();
                self.has_more |= comment.starts_with(b"more");
            }
            b'{' if rest.starts_with(b"{{<") || rest.starts_with(b"{{%") => self.find(What::Hugo, at, b"}}"),
            b'{' if rest.starts_with(b"{%") && at.checked_sub(1).and_then(|p| self.bytes.get(p)) != Some(&b'{') => {
                self.find(What::Jekyll, at, b"%}");
            }
            b'{' => self.has_ids |= rest.get(1..).unwrap_or_default().trim_ascii_start().starts_with(b"#"),
            b'!' if rest.starts_with(b"!!! ") && self.opens_line(at) => self.find(What::Admonition, at, b"\n"),
            b']' => self.bracket(at),
            0..=0x1F => self.replace.push((at, b' ')),
            _ => {}
        }
    }

    fn find(&mut self, what: What, start: usize, close: &[u8]) {
        let line = self.ahead(start).as_bytes();
        let end = line.windows(close.len()).position(|w| w == close).map_or(line.len(), |p| p + close.len());
        self.finds.push(Find { what, start, end: start + end.max(1) });
        self.done = start + 2;
    }

    /// From `at` to the end of its line, as far as any shortcode or link goes.
    fn ahead(&self, at: usize) -> &'t str {
        let rest = self.text.get(at..).unwrap_or_default();
        let near = rest.get(..rest.floor_char_boundary(REACH)).unwrap_or_default();
        near.lines().next().unwrap_or_default()
    }

    /// From `at` to the end of its line.
    fn line(&self, at: usize) -> &'t [u8] {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let end = rest.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }

    /// The line of `at` up to it, as far back as any link goes.
    fn before(&self, at: usize) -> &'t [u8] {
        let head = self.bytes.get(at.saturating_sub(REACH)..at).unwrap_or_default();
        let start = head.iter().rposition(|&b| b == b'\n' || b == b'\r').map_or(0, |p| p + 1);
        head.get(start..).unwrap_or_default()
    }

    fn opens_line(&self, at: usize) -> bool {
        self.before(at).iter().all(|b| matches!(b, b' ' | b'>'))
    }

    /// `scheme://`: a bare address ends before the first character that is not part of one.
    fn address(&mut self, at: usize) {
        let head = self.bytes.get(..at).unwrap_or_default();
        let scheme = head.iter().rev().take(5).take_while(|b| b.is_ascii_alphabetic()).count();
        let start = at - scheme;
        let name = head.get(start..).unwrap_or_default();
        if [&b"http"[..], b"https", b"ftp"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
            self.end_address(start, at);
        }
    }

    /// `www.`, where comrak makes an address of it.
    fn www(&mut self, at: usize) {
        let head = self.bytes.get(at.saturating_sub(4)..at).unwrap_or_default();
        let Some(before) = head.strip_suffix(b"www") else { return };
        if before.last().is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'*' | b'_' | b'~' | b'(' | b'[')) {
            self.end_address(at - 3, at);
        }
    }

    fn end_address(&mut self, start: usize, at: usize) {
        if self.is_destination(start) {
            return;
        }
        let rest = self.text.get(at..).unwrap_or_default();
        for (place, c) in rest.char_indices() {
            if c.is_ascii_whitespace() || c == '<' {
                break;
            }
            if cjk::ends_address(c) {
                self.insert.push(at + place);
                break;
            }
            self.done = at + place;
        }
    }

    /// Whether an address at `start` stands where Markdown expects a link's target.
    fn is_destination(&self, start: usize) -> bool {
        let head = self.bytes.get(start.saturating_sub(512)..start).unwrap_or_default();
        let word =
            head.iter().rposition(|b| b.is_ascii_whitespace()).map_or(head, |p| head.get(p + 1..).unwrap_or_default());
        if word.last().is_some_and(|&b| b == b'<') {
            return true;
        }
        let open = word.windows(2).rposition(|pair| pair == b"](");
        let close = word.iter().rposition(|&b| b == b')');
        if open.is_some_and(|open| close.is_none_or(|close| close < open)) {
            return true;
        }
        let blank = head.trim_ascii_end();
        blank.ends_with(b"]:") || blank.ends_with(b"](")
    }

    /// Whether a byte stands in a `:::` line, which is no text.
    fn in_fence(&mut self, at: usize) -> bool {
        while let Some((first, rest)) = self.fences.split_first() {
            if at < first.end {
                return at >= first.start;
            }
            self.fences = rest;
        }
        false
    }

    fn bracket(&mut self, at: usize) {
        let rest = self.ahead(at + 1);
        let head = self.before(at);
        let open = head.iter().rposition(|&b| b == b'[');
        let Some(open) = open else { return };
        let start = at - (head.len() - open);
        let label = head.get(open + 1..).unwrap_or_default();
        if label.eq_ignore_ascii_case(b"toc") || label.eq_ignore_ascii_case(b"_toc_") {
            let double = open > 0 && head.get(open - 1) == Some(&b'[') && rest.starts_with(']');
            let (start, end) = if double { (start - 1, at + 2) } else { (start, at + 1) };
            let alone = self.opens_line(start) && self.ahead(end).trim_ascii().is_empty();
            if alone {
                self.finds.push(Find { what: What::Toc, start, end });
            }
        } else if label.first() == Some(&b'^') && is_footnote_name(label.get(1..).unwrap_or_default()) {
            let what = if rest.starts_with(':') && self.opens_line(start) {
                What::Definition
            } else if rest.starts_with('(') || is_pattern(label.get(1..).unwrap_or_default()) {
                What::Pattern
            } else {
                What::Mark
            };
            self.finds.push(Find { what, start, end: at + 1 });
        } else if let Some(target) = rest.strip_prefix('（') {
            if let Some(close) = target.find(['）', ')'])
                && target.get(..close).is_some_and(is_target)
            {
                let end = at + 1 + '（'.len_utf8() + close;
                let close = target.get(close..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                self.finds.push(Find { what: What::FullWidth, start, end: end + close });
            }
        } else if let Some(target) = rest.strip_prefix('(')
            && let Some(close) = target.find(')')
            && let Some(target) = target.get(..close).map(str::trim)
            && !target.starts_with('<')
            && target.contains([' ', '\u{3000}'])
            && target.contains(['.', '/', '#'])
            && !target.contains(['"', '\'', '('])
        {
            self.finds.push(Find { what: What::Spaced, start, end: at + 3 + close });
        }
    }

    /// Takes markers away from a line that opens more blocks than anybody could read.
    fn markers(&mut self, line: usize) {
        let bytes = self.line(line);
        let mut at = 0;
        let mut count = 0;
        let mut cut = None;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let width = match rest {
                [b' ', ..] => 1,
                [b'>', ..] => {
                    count += 1;
                    1
                }
                [b'-' | b'*' | b'+', b' ', ..] => {
                    count += 1;
                    2
                }
                [b'0'..=b'9', ..] => {
                    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
                    if digits > 9 || !matches!(rest.get(digits..), Some([b'.' | b')', b' ', ..])) {
                        break;
                    }
                    count += 1;
                    digits + 2
                }
                _ => break,
            };
            at += width;
            if count == MOST_MARKERS && cut.is_none() {
                cut = Some(at);
            }
        }
        if let Some(cut) = cut.filter(|_| count > MOST_MARKERS) {
            let is_rule =
                bytes.iter().all(|b| matches!(b, b'-' | b' ')) || bytes.iter().all(|b| matches!(b, b'*' | b' '));
            if !is_rule {
                self.replace.extend((line + cut..line + at).map(|place| (place, NOTHING)));
                self.too_deep.get_or_insert(line);
            }
        }
    }
}

/// Whether a text is what people call a footnote, and not a class of characters in a pattern.
fn is_footnote_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.') || *b >= 0x80)
}

/// Whether a name is ranges of characters, `0-9` or `a-zA-Z0-9_`, and not a word with a hyphen.
fn is_pattern(name: &[u8]) -> bool {
    let (mut rest, mut ranges, mut in_word) = (name, 0, false);
    while let Some(&first) = rest.first() {
        let same = |last: &u8| {
            (first.is_ascii_digit() && last.is_ascii_digit())
                || (first.is_ascii_lowercase() && last.is_ascii_lowercase())
                || (first.is_ascii_uppercase() && last.is_ascii_uppercase())
        };
        match rest {
            [_, b'-', last, after @ ..] if same(last) && first < *last => {
                (rest, ranges, in_word) = (after, ranges + 1, false);
            }
            // Two letters in a row are a word.
            [_, ..] if in_word && first.is_ascii_alphanumeric() => return false,
            [_, after @ ..] => (rest, in_word) = (after, first.is_ascii_alphanumeric()),
            [] => {}
        }
    }
    ranges > 0
}

/// Whether a text looks like a file or a web address.
fn is_target(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && !text.contains(char::is_whitespace)
        && (text.starts_with("http://")
            || text.starts_with("https://")
            || text.starts_with("./")
            || text.starts_with("../")
            || text.starts_with("@/")
            || text.rsplit_once('.').is_some_and(|(name, end)| {
                !name.is_empty() && (2..=5).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric())
            }))
}
