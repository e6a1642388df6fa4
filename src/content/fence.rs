//! Finds the front matter at a file's head: the lines between two `---` (YAML) or two `+++` (TOML).

use crate::diag::Span;

/// Which language a front matter is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Yaml,
    Toml,
}

/// A file's front matter, still as text.
#[derive(Debug)]
pub(super) struct Fence<'t> {
    pub language: Language,
    /// The lines between the fences.
    pub text: &'t str,
    /// The byte of the file at which they begin.
    pub offset: usize,
    /// The byte at which the body begins.
    pub body: usize,
    /// The opening fence.
    pub open: Span,
    /// Whether there is a closing one.
    pub closed: bool,
}

/// The front matter of `text`, if it has one. Blank lines may stand before it; `---` followed by a blank line and then
/// by something else than a key is a rule across the page, no fence.
pub(super) fn find(text: &str) -> Option<Fence<'_>> {
    let mut at = 0;
    let mut lines = text.split_inclusive('\n');
    let (open, language) = loop {
        let line = lines.next()?;
        let start = at;
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        let fence = line.trim_end();
        let language = if is_fence(fence, '-') {
            Language::Yaml
        } else if is_fence(fence, '+') {
            Language::Toml
        } else {
            return None;
        };
        break (Span::new(start, start + fence.len()), language);
    };
    let offset = at;
    let mark = if language == Language::Yaml { '-' } else { '+' };
    let first = text.get(offset..)?.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let is_keys = is_fence(first.trim_end(), mark) || first.contains([':', '：', '=', '#']);
    if !is_keys && text.get(offset..)?.lines().next().is_none_or(|line| line.trim().is_empty()) {
        return None;
    }
    let mut blank = None;
    for line in lines {
        if is_fence(line.trim_end(), mark) {
            let body = at + line.len();
            return Some(Fence { language, text: text.get(offset..at)?, offset, body, open, closed: true });
        }
        if line.trim().is_empty() && blank.is_none() {
            blank = Some(at);
        }
        at += line.len();
    }
    let body = blank.unwrap_or(text.len());
    Some(Fence { language, text: text.get(offset..body)?, offset, body, open, closed: false })
}

fn is_fence(line: &str, mark: char) -> bool {
    line.len() >= 3 && line.chars().all(|c| c == mark)
}

#[cfg(test)]
mod tests {
    use super::{Language, find};

    #[test]
    fn fences_are_found_behind_blank_lines() {
        let fence = find("\n\r\n---  \r\ntitle: 甲\r\n---\r\n正文").unwrap();
        assert_eq!((fence.text, fence.closed, fence.language), ("title: 甲\r\n", true, Language::Yaml));
        let fence = find("+++\n+++\n").unwrap();
        assert_eq!((fence.text, fence.body, fence.language), ("", 8, Language::Toml));
    }

    #[test]
    fn a_rule_is_no_fence() {
        assert!(find("---\n\n先有一条横线。\n\n---\n").is_none());
        assert!(find("正文\n---\n").is_none());
        assert!(find("").is_none());
        assert!(find("----x\n").is_none());
    }

    #[test]
    fn an_open_fence_ends_at_the_first_blank_line() {
        let fence = find("---\ntitle: 甲\n\n正文\n").unwrap();
        assert!(!fence.closed);
        assert_eq!(fence.text, "title: 甲\n");
    }
}
