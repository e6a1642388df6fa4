//! The `:::` lines of a body, each with its partner. comrak pairs them by itself, but says nothing of a line that it
//! did not pair, takes a stray `:::` for the beginning of a block without end, closes an outer block at an inner one's
//! line where both are as long, and sees no `:::` in what a Chinese input method types. So they are paired here, as their
//! author reads them; comrak is shown only lines that it pairs the same way, and the tree is compared with this afterwards
//! (`pairs`).

use super::escape::HIDDEN_COLON;
use super::prepare::MOST_MARKERS;

/// The `:::` lines of one body, in order.
#[derive(Default)]
pub(super) struct Fences {
    list: Vec<Fence>,
    /// Bytes of the body to be replaced for comrak.
    pub replace: Vec<(usize, u8)>,
    /// Where in the body a line is put in for comrak, and what it is.
    pub seals: Vec<(usize, String)>,
}

/// An empty comment on a line of its own ends whatever stands open in a block: comrak, where it sees the block's end
/// first, leaves what stands in a list there without its text (code, raw HTML) or its tightness.
const SEAL: &str = "<!---->\n";

/// One `:::` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fence {
    /// Number of its line in the body, from 0, and as comrak counts, which sees the seals too.
    pub line: usize,
    pub row: usize,
    /// The byte of the body at which its colons begin.
    pub start: usize,
    /// The byte after its colons.
    pub rest: usize,
    /// The end of its line.
    pub end: usize,
    /// How many colons it has.
    pub colons: usize,
    /// Whether it opens a block.
    pub opens: bool,
    /// Whether a colon is a full-width one.
    pub is_wide: bool,
    /// Index of the line that closes or opens the same block.
    pub partner: Option<usize>,
    /// Whether comrak does not see it.
    pub hidden: bool,
    /// What is wrong with it, as far as the lines tell.
    pub fault: Option<Fault>,
    /// How many `>` stand before it.
    pub quotes: usize,
}

/// What is wrong with a `:::` line. Other lines are named by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing is open that it could close.
    Stray,
    /// It has fewer colons than the line that it could close.
    Short(usize),
    /// Nothing closes it; perhaps a line that is too short was meant to.
    Unclosed(Option<usize>),
    /// It has as many colons as the block around it, or more.
    Long(usize),
    /// The block around it is closed, by that line, before it.
    Crossed(usize),
    /// It is inside too many others.
    TooDeep,
}

impl Fences {
    /// Looks for them; `lines` are the bytes at which the lines of `text` begin.
    pub fn find(text: &str, lines: &[usize]) -> Self {
        if !text.contains(":::") && !text.contains("：：：") {
            return Self::default();
        }
        let mut scan = Scan { text, ..Scan::default() };
        for (number, &start) in lines.iter().enumerate() {
            let end = lines.get(number + 1).copied().unwrap_or(text.len());
            let line = text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r']);
            scan.line(number, start, line);
        }
        scan.finish()
    }

    /// All of them.
    pub fn list(&self) -> &[Fence] {
        &self.list
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Index of the one on comrak's line number `row`.
    pub fn at_row(&self, row: usize) -> Option<usize> {
        self.list.binary_search_by_key(&row, |fence| fence.row).ok()
    }

    /// How long the block is that a line opens, where it is closed.
    pub fn length(&self, index: usize) -> Option<usize> {
        let fence = self.list.get(index)?;
        let close = self.list.get(fence.partner?)?;
        close.start.checked_sub(fence.end)
    }

    /// The body's line that is comrak's number `row`.
    pub fn line_of_row(&self, row: usize) -> usize {
        let before = self.list.partition_point(|fence| fence.row <= row).checked_sub(1);
        before.and_then(|before| self.list.get(before)).map_or(row, |fence| fence.line + (row - fence.row))
    }
}

/// What follows is not read as Markdown.
struct Verbatim {
    /// The character that fences it and how many there are; for HTML, the text that ends it.
    end: End,
    quotes: usize,
    /// Column at which the content of the list item around it begins.
    base: usize,
}

enum End {
    Fence(u8, usize),
    Html(&'static str),
}

#[derive(Default)]
struct Scan<'t> {
    text: &'t str,
    found: Fences,
    /// Openings without their close, and those of them that comrak sees.
    open: Vec<usize>,
    visible: Vec<usize>,
    /// Columns at which the content of the list items around the line begins.
    items: Vec<usize>,
    verbatim: Option<Verbatim>,
    /// By opening: the last line that was too short to close it.
    short: Vec<(usize, usize)>,
}

/// The head of a line: what its containers write before its text.
struct Head {
    quotes: usize,
    /// Bytes and columns up to the text.
    at: usize,
    column: usize,
    /// Column after the last `>`.
    quoted: usize,
}

impl Head {
    /// Reads blanks and `>`, of these no more than `most`.
    fn read(line: &[u8], most: usize) -> Self {
        let mut head = Self { quotes: 0, at: 0, column: 0, quoted: 0 };
        head.go_on(line, most);
        head
    }

    fn go_on(&mut self, line: &[u8], most: usize) {
        loop {
            match line.get(self.at) {
                Some(b' ') => self.column += 1,
                Some(b'\t') => self.column += 4 - self.column % 4,
                Some(b'>') if self.quotes < most => {
                    self.quotes += 1;
                    self.column += 1;
                    self.quoted = self.column + usize::from(line.get(self.at + 1) == Some(&b' '));
                }
                _ => return,
            }
            self.at += 1;
        }
    }
}

impl Scan<'_> {
    fn line(&mut self, number: usize, start: usize, line: &str) {
        let bytes = line.as_bytes();
        if let Some(inside) = &self.verbatim {
            let head = Head::read(bytes, inside.quotes);
            let is_blank = head.at == bytes.len();
            let goes_on = head.quotes == inside.quotes && (is_blank || head.column >= inside.base);
            if goes_on {
                self.verbatim_line(start, line, &head);
                return;
            }
            self.verbatim = None;
        }
        let mut head = Head::read(bytes, usize::MAX);
        if head.at == bytes.len() {
            return;
        }
        while self.items.last().is_some_and(|&column| column > head.column) {
            self.items.pop();
        }
        while let Some(width) = marker(bytes.get(head.at..).unwrap_or_default()) {
            head.at += width;
            head.column += width;
            let column = head.column;
            head.go_on(bytes, usize::MAX);
            // Code that is indented inside the item begins one blank after its marker.
            let inside = if head.column >= column + 5 { column + 1 } else { head.column };
            self.items.push(inside);
            if head.at == bytes.len() {
                return;
            }
        }
        let base = self.items.last().copied().unwrap_or(head.quoted);
        let text = bytes.get(head.at..).unwrap_or_default();
        if head.column < base + 4
            && let Some(end) = verbatim(text)
        {
            self.verbatim = Some(Verbatim { end, quotes: head.quotes, base: self.items.last().copied().unwrap_or(0) });
            return;
        }
        self.fence(number, start, line, &head, head.column >= base + 4);
    }

    /// A line of code, or of HTML that comrak does not look into. comrak looks for the end of a block before anything
    /// else, so what looks like one is hidden.
    fn verbatim_line(&mut self, start: usize, line: &str, head: &Head) {
        let text = line.as_bytes().get(head.at..).unwrap_or_default();
        let Some(inside) = &self.verbatim else { return };
        let ends = match inside.end {
            End::Fence(mark, length) => {
                let run = text.iter().take_while(|&&b| b == mark).count();
                let is_near = head.column < inside.base.max(head.quoted) + 4;
                run >= length && is_near && text.iter().skip(run).all(|b| matches!(b, b' ' | b'\t'))
            }
            End::Html(end) => text.windows(end.len()).any(|part| part.eq_ignore_ascii_case(end.as_bytes())),
        };
        if ends {
            self.verbatim = None;
        }
        let colons = text.iter().take_while(|&&b| b == b':').count();
        if !self.visible.is_empty() && colons >= 3 && text.iter().skip(colons).all(u8::is_ascii_whitespace) {
            let at = start + head.at;
            self.found.replace.extend((at..at + colons).map(|place| (place, HIDDEN_COLON)));
        }
    }

    fn fence(&mut self, number: usize, start: usize, line: &str, head: &Head, indented: bool) {
        let text = line.get(head.at..).unwrap_or_default();
        let (mut colons, mut length, mut is_wide) = (0, 0, false);
        for c in text.chars().take_while(|c| matches!(c, ':' | '：')) {
            colons += 1;
            length += c.len_utf8();
            is_wide |= c == '：';
        }
        // Indented code, most likely, that means what it says.
        if colons < 3 || (is_wide && indented) {
            return;
        }
        let at = start + head.at;
        let opens = !text.get(length..).unwrap_or_default().trim().is_empty();
        let (rest, end, quotes) = (at + length, start + line.len(), head.quotes);
        let (partner, hidden, fault) = (None, false, None);
        let (line, row) = (number, number);
        let fence = Fence { line, row, start: at, rest, end, colons, opens, is_wide, partner, hidden, fault, quotes };
        self.found.list.push(fence);
        let index = self.found.list.len() - 1;
        // The quotation around these has ended, if not before.
        while let Some(&last) = self.open.last()
            && self.found.list[last].quotes > quotes
        {
            self.drop_last(Fault::Unclosed(None));
        }
        if opens { self.opens(index) } else { self.closes(index) }
    }

    /// Gives up the innermost opening.
    fn drop_last(&mut self, fault: Fault) {
        if let Some(last) = self.open.pop() {
            if self.visible.last() == Some(&last) {
                self.visible.pop();
            }
            self.found.list[last].fault = Some(fault);
        }
    }

    fn opens(&mut self, index: usize) {
        let colons = self.found.list[index].colons;
        let as_long = |outer: &&usize| self.found.list[**outer].colons <= colons;
        let around = self.open.last().filter(as_long).copied();
        let hides = self.visible.last().filter(as_long).is_some();
        let fence = &mut self.found.list[index];
        if let Some(outer) = around {
            fence.fault = Some(Fault::Long(outer));
        } else if self.visible.len() >= MOST_MARKERS {
            fence.fault = Some(Fault::TooDeep);
        }
        fence.hidden = hides || fence.fault.is_some();
        if !fence.hidden {
            self.visible.push(index);
        }
        self.open.push(index);
    }

    fn closes(&mut self, index: usize) {
        let Fence { colons, quotes, .. } = self.found.list[index];
        let Some(&last) = self.open.last().filter(|&&last| self.found.list[last].quotes == quotes) else {
            return self.stray(index, Fault::Stray);
        };
        if self.found.list[last].colons > colons {
            self.short.push((last, index));
            return self.stray(index, Fault::Short(last));
        }
        // The innermost that is as long; where there is none, the outermost of those that are shorter.
        let mut depth = self.open.len() - 1;
        while self.found.list[self.open[depth]].colons != colons
            && depth > 0
            && self.found.list[self.open[depth - 1]].colons <= colons
        {
            depth -= 1;
        }
        while self.open.len() > depth + 1 {
            let keep = self.open.last().and_then(|&last| self.found.list[last].fault);
            self.drop_last(keep.unwrap_or(Fault::Crossed(index)));
        }
        let Some(opening) = self.open.pop() else { return };
        if self.visible.last() == Some(&opening) {
            self.visible.pop();
        }
        self.found.list[opening].partner = Some(index);
        self.found.list[index].partner = Some(opening);
        self.found.list[index].hidden = self.found.list[opening].hidden;
    }

    fn stray(&mut self, index: usize, fault: Fault) {
        let fence = &mut self.found.list[index];
        (fence.fault, fence.hidden) = (Some(fault), true);
    }

    fn finish(mut self) -> Fences {
        while !self.open.is_empty() {
            self.drop_last(Fault::Unclosed(None));
        }
        for (opening, close) in self.short {
            if let Some(Fault::Unclosed(short)) = &mut self.found.list[opening].fault {
                *short = Some(close);
            }
        }
        for fence in &mut self.found.list {
            if !fence.opens && !fence.hidden {
                let head = self.text.get(..fence.start).unwrap_or_default();
                let start = head.rfind(['\n', '\r']).map_or(0, |at| at + 1);
                self.found.seals.push((start, format!("{}{SEAL}", head.get(start..).unwrap_or_default())));
            }
            fence.row = fence.line + self.found.seals.len();
        }
        let mut replace = std::mem::take(&mut self.found.replace);
        for fence in &self.found.list {
            let from = if fence.is_wide && !fence.hidden {
                let colon = |at: usize| if at < fence.start + fence.colons { b':' } else { b' ' };
                replace.extend((fence.start..fence.rest).map(|at| (at, colon(at))));
                fence.rest
            } else if fence.hidden {
                fence.start
            } else {
                fence.rest
            };
            for (at, c) in self.text.get(from..fence.end).unwrap_or_default().char_indices() {
                let at = from + at;
                if c == ':' {
                    replace.push((at, HIDDEN_COLON));
                } else if !c.is_ascii() && !fence.opens && !fence.hidden {
                    // comrak takes nothing but blanks behind a line that closes.
                    replace.extend((at..at + c.len_utf8()).map(|place| (place, b' ')));
                }
            }
        }
        self.found.replace = replace;
        self.found
    }
}

/// The width of a list marker at the head of `text`.
fn marker(text: &[u8]) -> Option<usize> {
    let width = match text {
        [b'-' | b'*' | b'+', ..] => 1,
        [b'0'..=b'9', ..] => {
            let digits = text.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits > 9 || !matches!(text.get(digits), Some(b'.' | b')')) {
                return None;
            }
            digits + 1
        }
        _ => return None,
    };
    matches!(text.get(width), None | Some(b' ' | b'\t')).then_some(width)
}

/// What ends the code or the raw HTML that begins with `text`, if it does and goes on after this line.
fn verbatim(text: &[u8]) -> Option<End> {
    match text {
        [mark @ (b'`' | b'~'), ..] => {
            let run = text.iter().take_while(|&b| b == mark).count();
            let info = text.get(run..).unwrap_or_default();
            (run >= 3 && (*mark == b'~' || !info.contains(&b'`'))).then_some(End::Fence(*mark, run))
        }
        [b'<', rest @ ..] => {
            let named = |name: &[u8]| {
                rest.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
                    && matches!(rest.get(name.len()), None | Some(b' ' | b'\t' | b'>'))
            };
            let end = match rest {
                [b'!', b'-', b'-', ..] => "-->",
                _ if named(b"pre") => "</pre>",
                _ if named(b"script") => "</script>",
                _ if named(b"style") => "</style>",
                _ if named(b"textarea") => "</textarea>",
                _ => return None,
            };
            let ends_here = text.windows(end.len()).any(|part| part.eq_ignore_ascii_case(end.as_bytes()));
            (!ends_here).then_some(End::Html(end))
        }
        _ => None,
    }
}
