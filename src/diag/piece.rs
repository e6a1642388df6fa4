//! A diagnostic for a browser: its words, the lines around its place, and the corrected line where the cure names what
//! belongs there. Made by [`Report`](super::Report); the preview's overlay shows it.

use serde::Serialize;

use super::{
    ADDRESS_CLASH, ANCHOR_MISSING, CONFIG_UNKNOWN_KEY, Code, Diagnostic, FRONT_KEY_UNKNOWN, IMAGE_MISSING,
    KIND_UNKNOWN, LINK_FORM, LINK_LOCAL_DISK, LINK_MISSING, LINK_NO_SCHEME, OFFICE_UNKNOWN, SERIES_KEY_UNKNOWN,
    SERIES_PAGE_MISSING, SERIES_UNKNOWN, TERM_UNKNOWN, THEME_MISSING,
};

/// Codes whose marked bytes are just what the cure's word replaces.
const REPLACED: &[Code] = &[
    ANCHOR_MISSING,
    CONFIG_UNKNOWN_KEY,
    FRONT_KEY_UNKNOWN,
    IMAGE_MISSING,
    KIND_UNKNOWN,
    LINK_FORM,
    LINK_LOCAL_DISK,
    LINK_MISSING,
    LINK_NO_SCHEME,
    OFFICE_UNKNOWN,
    SERIES_KEY_UNKNOWN,
    SERIES_PAGE_MISSING,
    SERIES_UNKNOWN,
    TERM_UNKNOWN,
    THEME_MISSING,
];

/// One diagnostic with all that a page needs to show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// `error`, `warning`, `note`.
    pub severity: &'static str,
    /// The Chinese word for it.
    pub word: &'static str,
    /// The stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// Its file from the portal's root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, and those around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// A few words to stand below the marked part.
    pub label: String,
    /// Further lines below the excerpt.
    pub notes: Vec<String>,
    /// Why it matters.
    pub cause: String,
    /// What to do.
    pub cure: String,
    /// The line to paste, where the cure names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// How many more of its kind are not shown.
    pub folded: usize,
    /// In how many files those stand.
    pub folded_files: usize,
}

/// A line with its neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// Its number, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The line (its middle, if it is long): before the marked part, that part, after it.
    pub parts: [String; 3],
    /// The line above, if it says anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
    /// The line below, if it says anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
}

/// A corrected line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What stays before.
    pub before: String,
    /// What is new.
    pub put: String,
    /// What stays behind.
    pub after: String,
}

impl Fix {
    /// The corrected line of `diagnostic`, whose place is the middle one of `parts`.
    pub(super) fn of(diagnostic: &Diagnostic, parts: Option<&[String; 3]>) -> Option<Self> {
        if diagnostic.code == ADDRESS_CLASH {
            let (_, line) = diagnostic.cure.split_once("加一行：")?;
            return Some(Self { before: String::new(), put: line.to_owned(), after: String::new() });
        }
        let [before, marked, after] = parts?;
        if marked.is_empty() || !REPLACED.contains(&diagnostic.code) {
            return None;
        }
        let word = replacement(&diagnostic.cure)?;
        let quoted = |text: &str, quote: char| text.len() > 1 && text.starts_with(quote) && text.ends_with(quote);
        let put = match ['"', '\''].into_iter().find(|&quote| quoted(marked, quote)) {
            Some(quote) if !quoted(word, quote) => format!("{quote}{word}{quote}"),
            // In Markdown an address with a blank stands in angle brackets.
            None if word.contains(' ') && before.ends_with("](") => format!("<{word}>"),
            _ => word.to_owned(),
        };
        // Only what differs counts as new, from one mark of the address to another.
        let (head, tail) = common(marked, &put);
        let new = put[head..put.len() - tail].to_owned();
        Some(Self {
            before: format!("{before}{}", &put[..head]),
            after: format!("{}{after}", &put[put.len() - tail..]),
            put: new,
        })
    }
}

/// How many bytes `old` and `new` share at the beginning and at the end, up to whole words.
fn common(old: &str, new: &str) -> (usize, usize) {
    let is_mark = |c: char| !c.is_alphanumeric() && c != '-' && c != '_';
    let same = |(a, b): &(char, char)| a == b;
    let head: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let head = new[..head].rfind(is_mark).map_or(0, |at| at + new[at..].chars().next().map_or(0, char::len_utf8));
    let (old, rest) = (&old[head..], &new[head..]);
    let tail: usize = old.chars().rev().zip(rest.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let tail = rest[rest.len() - tail..].find(is_mark).map_or(0, |at| tail - at);
    if head + tail < new.len() { (head, tail) } else { (0, 0) }
}

/// The one word that a cure proposes; none if it proposes several.
fn replacement(cure: &str) -> Option<&str> {
    let word = match cure.split_once("是否想写 ") {
        Some((_, rest)) => rest.split_once('？')?.0,
        None => cure.split_once("改成：")?.1,
    };
    let several = word.contains(" 或 ") || word.contains('、');
    (!word.is_empty() && !several).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{LINK_MISSING, TEMPLATE_MISSING};

    fn fixed(code: Code, cure: &str, parts: [&str; 3]) -> Option<String> {
        let diagnostic = Diagnostic::error(code, "错").cure(cure);
        let fix = Fix::of(&diagnostic, Some(&parts.map(str::to_owned)))?;
        Some(format!("{}[{}]{}", fix.before, fix.put, fix.after))
    }

    #[test]
    fn a_cure_that_names_one_word_gives_the_corrected_line() {
        let line = ["详见[指南](", "banshi.md", ")。"];
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(fixed(LINK_MISSING, "是否想写 banshi-zhinan.md？", line), some("详见[指南]([banshi-zhinan].md)。"));
        assert_eq!(fixed(LINK_MISSING, "是否想写 指 南.md？", line), some("详见[指南]([<指 南.md>])。"));
        assert_eq!(fixed(LINK_LOCAL_DISK, "复制到文件夹，链接改成：表.xlsx", line), some("详见[指南]([表.xlsx])。"));
        let theme = ["theme = ", "\"porta\"", ""];
        assert_eq!(fixed(THEME_MISSING, "把 theme 改成：portal", theme), some("theme = \"[portal]\""));
        assert_eq!(fixed(SERIES_PAGE_MISSING, "是否想写 \"a.md\"？", theme), some("theme = \"[a.md]\""));
    }

    #[test]
    fn no_line_is_guessed() {
        let line = ["详见[指南](", "banshi.md", ")。"];
        assert_eq!(fixed(LINK_MISSING, "是否想写 a.md 或 b.md？", line), None);
        assert_eq!(fixed(LINK_MISSING, "检查文件名。", line), None);
        assert_eq!(fixed(LINK_MISSING, "是否想写 a.md？", ["整行", "", ""]), None);
        // Here the whole `{% include "x" %}` is marked.
        assert_eq!(fixed(TEMPLATE_MISSING, "是否想写 page.html？", line), None);
    }
}
