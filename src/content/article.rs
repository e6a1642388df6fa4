//! Articles of a statute. A paragraph or heading that opens with 第…条 is an article, one that opens with 第…编, 章 or 节 a
//! division. Whether a text is a statute only its kind says, which is not known here: every text notes what would be an
//! article in one, and holes in which its anchors may be put.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use super::document::{Fill, Hole};
use crate::diag::Span;

/// The number of an article: 第十条, 第十条之一. Numbers written in any way are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleNumber {
    main: u16,
    /// 0 for none.
    sub: u16,
}

impl ArticleNumber {
    /// The number that `text` opens with, and how many bytes it takes.
    pub fn at_head(text: &str) -> Option<(Self, usize)> {
        let (main, rest) = labelled(text, "条")?;
        let sub = rest.strip_prefix('之').and_then(numeral).filter(|(sub, _)| *sub > 0);
        let (sub, rest) = sub.unwrap_or((0, rest));
        Some((Self { main, sub }, text.len() - rest.len()))
    }

    /// The articles that an author names: 第十条, 10, 十、十二, 第十条第二款. Each with its words, up to the next one. Empty if
    /// there is none.
    pub fn all(text: &str) -> Vec<(Self, String)> {
        let mut found: Vec<(Self, String)> = Vec::new();
        for piece in text.split(['、', '，', ',']).map(str::trim).filter(|piece| !piece.is_empty()) {
            if let Some(number) = Self::bare(piece) {
                found.push((number, number.to_string()));
                continue;
            }
            let starts: Vec<(usize, Self)> =
                piece.match_indices('第').filter_map(|(at, _)| Some((at, Self::at_head(&piece[at..])?.0))).collect();
            let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([piece.len()]);
            for (&(from, number), to) in starts.iter().zip(ends) {
                let words = piece[from..to].trim().trim_end_matches(['和', '及', '与', '至', '或']);
                found.push((number, words.trim_end().to_owned()));
            }
            // 第十条第一款、第二款
            if let (true, Some((_, words))) = (starts.is_empty(), found.last_mut()) {
                words.push('、');
                words.push_str(piece);
            }
        }
        found
    }

    /// A number without its 第, and perhaps without its 条.
    fn bare(text: &str) -> Option<Self> {
        let (main, rest) = numeral(text.trim())?;
        let rest = rest.strip_prefix('条').unwrap_or(rest);
        let rest = match rest.strip_prefix(['之', '-']) {
            None => return (rest.is_empty() && main > 0).then_some(Self { main, sub: 0 }),
            Some(rest) => rest,
        };
        let (sub, rest) = numeral(rest)?;
        (rest.is_empty() && main > 0 && sub > 0).then_some(Self { main, sub })
    }
}

impl fmt::Display for ArticleNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "第{}条", han(self.main))?;
        if self.sub > 0 { write!(f, "之{}", han(self.sub)) } else { Ok(()) }
    }
}

/// The number in 第…`unit` at the head of `text`, and what follows. Blanks around it do not count.
fn labelled<'t>(text: &'t str, unit: &str) -> Option<(u16, &'t str)> {
    let (number, rest) = numeral(text.strip_prefix('第')?.trim_start())?;
    let rest = rest.trim_start().strip_prefix(unit)?;
    (number > 0).then_some((number, rest))
}

/// The number at the head of `text`, up to 9999, in Chinese or Arabic numerals, and what follows.
fn numeral(text: &str) -> Option<(u16, &str)> {
    let is_numeral = |c: char| digit(c).is_some() || unit(c).is_some();
    let length = text.find(|c| !is_numeral(c)).unwrap_or(text.len());
    let (digits, rest) = text.split_at(length);
    let count = digits.chars().count();
    if count == 0 || count > 9 {
        return None;
    }
    let mut total = 0u32;
    if digits.chars().any(|c| unit(c).is_some()) {
        let mut one: Option<u32> = None;
        let mut least = u32::MAX;
        for c in digits.chars() {
            match (digit(c), unit(c)) {
                (Some(0), _) if one.is_none() => {}
                (Some(digit), _) if one.is_none() => one = Some(digit),
                (_, Some(unit)) if unit < least => {
                    // 十 alone is ten.
                    total += one.take().unwrap_or(1) * unit;
                    least = unit;
                }
                _ => return None,
            }
        }
        total += one.unwrap_or(0);
    } else {
        for c in digits.chars() {
            total = total.checked_mul(10)?.checked_add(digit(c)?)?;
        }
    }
    let total = u16::try_from(total).ok().filter(|&total| total < 10_000)?;
    Some((total, rest))
}

fn digit(c: char) -> Option<u32> {
    match c {
        '〇' | '零' => Some(0),
        '两' => Some(2),
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => c.to_digit(10).or_else(|| "一二三四五六七八九".chars().position(|one| one == c).map(|at| at as u32 + 1)),
    }
}

fn unit(c: char) -> Option<u32> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

/// A number below 10000 as statutes write it: 十, 二十一, 一百零一, 一千二百六十.
pub(crate) fn han(number: u16) -> String {
    let names: Vec<char> = "零一二三四五六七八九".chars().collect();
    let mut out = String::new();
    let mut skipped = false;
    for (value, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = usize::from(number / value % 10);
        if digit == 0 {
            skipped = !out.is_empty();
            continue;
        }
        if skipped {
            out.push('零');
            skipped = false;
        }
        if !(digit == 1 && value == 10 && out.is_empty()) {
            out.push(names[digit]);
        }
        out.push_str(unit);
    }
    out
}

/// What a [`Clause`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseKind {
    /// An article.
    Article(ArticleNumber),
    /// 编, 分编, 章, 节: 1 to 4.
    Division(u8),
    /// Any other heading.
    Heading,
}

/// A paragraph or heading by which a statute is parted, in a text that has an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// What it is.
    pub kind: ClauseKind,
    /// Its anchor; empty for an article whose number came before, and for any other heading.
    pub id: Arc<str>,
    /// An article's number as it was written, a division's text.
    pub text: Arc<str>,
    /// Where its element begins in [`super::Body::html`].
    pub start: u32,
    /// Whether it is a heading, which has an anchor in any text.
    pub is_heading: bool,
    /// Where it stands.
    pub span: Span,
}

impl Clause {
    /// Its number, if it is an article.
    pub fn article(&self) -> Option<ArticleNumber> {
        match self.kind {
            ClauseKind::Article(number) => Some(number),
            _ => None,
        }
    }

    /// What it is and by which anchor, for whoever links to it.
    pub fn face(&self) -> (ClauseKind, &Arc<str>) {
        (self.kind, &self.id)
    }
}

/// The clauses of a text while it is written.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    list: Vec<Clause>,
    holes: Vec<Hole>,
}

/// A division has no longer title than this, in bytes; a paragraph that has is a sentence.
const LONGEST_TITLE: usize = 120;

impl Clauses {
    /// A paragraph that stands at byte `start` as `html`.
    pub fn paragraph(&mut self, start: usize, html: &str, span: Span) {
        let Some(inner) = html.strip_prefix("<p>") else { return };
        let bold = inner.strip_prefix("<strong>");
        let words = bold.unwrap_or(inner);
        if !words.starts_with('第') {
            return;
        }
        let at = start + html.len() - inner.len();
        if let Some((number, length)) = ArticleNumber::at_head(words) {
            let (label, rest) = words.split_at(length);
            let alone = bold.and_then(|_| rest.strip_prefix("</strong>"));
            if alone.is_none() && !ends(rest) {
                return;
            }
            // A label that is bold by itself is wrapped whole.
            let from = if alone.is_some() { at } else { start + html.len() - words.len() };
            // The blank behind it is its own: where numbers stand in the margin it must not indent the text.
            let to = start + html.len() - alone.unwrap_or(rest).trim_start().len();
            let n = self.add(ClauseKind::Article(number), label, start, false, span);
            self.hole(start + 2, Fill::Clause(n));
            self.hole(from, Fill::Number(n));
            self.hole(to, Fill::NumberEnd(n));
            return;
        }
        let words = words.trim_end().strip_suffix("</p>").unwrap_or(words);
        let words = words.strip_suffix("</strong>").unwrap_or(words);
        if let Some(level) = division(words)
            && words.len() <= LONGEST_TITLE
            && !words.contains(['<', '&', '。', '；'])
        {
            let n = self.add(ClauseKind::Division(level), words.trim(), start, false, span);
            self.hole(start + 2, Fill::Clause(n));
        }
    }

    /// A heading whose element begins at byte `start`.
    pub fn heading(&mut self, start: usize, text: &str, id: &str, span: Span) {
        let article = ArticleNumber::at_head(text).filter(|(_, length)| ends(&text[*length..]));
        let (kind, text) = match (article, division(text)) {
            (Some((number, length)), _) => (ClauseKind::Article(number), &text[..length]),
            (_, Some(level)) => (ClauseKind::Division(level), text),
            _ => (ClauseKind::Heading, ""),
        };
        self.add(kind, text, start, true, span);
        if let Some(clause) = self.list.last_mut().filter(|clause| clause.kind != ClauseKind::Heading) {
            clause.id = id.into();
        }
    }

    fn add(&mut self, kind: ClauseKind, text: &str, start: usize, is_heading: bool, span: Span) -> u32 {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        self.list.push(Clause { kind, id: Arc::default(), text: text.into(), start, is_heading, span });
        self.list.len() as u32 - 1
    }

    fn hole(&mut self, offset: usize, fill: Fill) {
        self.holes.push(Hole { offset: u32::try_from(offset).unwrap_or(u32::MAX), fill });
    }

    /// The clauses, with anchors that nothing else of the text has; their holes go to `holes`. None where there is no
    /// article.
    pub fn finish(mut self, taken: &HashSet<String>, holes: &mut Vec<Hole>) -> Vec<Clause> {
        if !self.list.iter().any(|clause| clause.article().is_some()) {
            return Vec::new();
        }
        let mut numbers = HashSet::new();
        let mut given: HashSet<String> = HashSet::new();
        for clause in &mut self.list {
            let is_repeated = clause.article().is_some_and(|number| !numbers.insert(number));
            if clause.is_heading || is_repeated {
                continue;
            }
            let base = match clause.kind {
                ClauseKind::Article(number) => number.to_string(),
                _ => clause.text.split(char::is_whitespace).next().unwrap_or_default().to_owned(),
            };
            let free = |id: &String| !taken.contains(id) && !given.contains(id);
            let id = std::iter::once(base.clone()).chain((1..).map(|n| format!("{base}-{n}"))).find(free);
            let id = id.unwrap_or(base);
            clause.id = id.as_str().into();
            given.insert(id);
        }
        holes.extend(self.holes);
        holes.sort_by_key(|hole| hole.offset);
        self.list
    }
}

/// Whether an article's number ends before `rest`: 第十条规定 only speaks of one.
fn ends(rest: &str) -> bool {
    rest.is_empty()
        || rest.starts_with(|c: char| c.is_whitespace() || "【：:".contains(c))
        || ["</", "<br"].iter().any(|tag| rest.starts_with(tag))
}

/// The level of a division that `text` names.
fn division(text: &str) -> Option<u8> {
    let units = [("分编", 2), ("编", 1), ("章", 3), ("节", 4)];
    let found = units.iter().find_map(|&(unit, level)| Some((labelled(text, unit)?.1, level)));
    let (rest, level) = found?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(level)
}

#[cfg(test)]
mod tests {
    use super::{ArticleNumber, division, han, numeral};

    #[test]
    fn numbers_are_written_and_read_alike() {
        for number in 1..10_000 {
            let text = han(number);
            assert_eq!(numeral(&text), Some((number, "")), "{text}");
        }
        let written: Vec<String> = [1, 10, 11, 20, 101, 110, 1010, 1260].into_iter().map(han).collect();
        assert_eq!(written, ["一", "十", "十一", "二十", "一百零一", "一百一十", "一千零一十", "一千二百六十"]);
    }

    #[test]
    fn one_article_in_many_forms() {
        let all = |text: &str| {
            let all = ArticleNumber::all(text);
            all.iter().map(|(number, _)| number.to_string()).collect::<Vec<_>>().join(" ")
        };
        for text in ["第十条", "第10条", "第 10 条", "第１０条", "10", "十", "十条", "10条", "第十条第二款第（三）项"]
        {
            assert_eq!(all(text), "第十条", "{text}");
        }
        for text in ["第十条之一", "第10条之1", "10-1", "十条之一"] {
            assert_eq!(all(text), "第十条之一", "{text}");
        }
        assert_eq!(all("第一百二十条、第一百二十三条"), "第一百二十条 第一百二十三条");
        assert_eq!(all("3、五"), "第三条 第五条");
        let words = |text: &str| ArticleNumber::all(text).into_iter().map(|(_, words)| words).collect::<Vec<_>>();
        assert_eq!(words("第十条第二款第（三）项和第十二条，第13条"), ["第十条第二款第（三）项", "第十二条", "第13条"]);
        assert_eq!(words("3、五、第十条第一款、第二款"), ["第三条", "第五条", "第十条第一款、第二款"]);
        for text in ["", "第条", "附则", "第零条", "第十章", "10 000", "十百", "第一款", "12345"] {
            assert_eq!(all(text), "", "{text}");
        }
    }

    #[test]
    fn divisions() {
        assert_eq!(
            ["第一编 总则", "第二分编　物权", "第3章", "第三节　附则"].map(division),
            [Some(1), Some(2), Some(3), Some(4)]
        );
        assert_eq!(["第一章规定", "第一条 总则", "章"].map(division), [None; 3]);
    }
}
