//! The line that opens a component, `:::名称 键=值 标题文字`, taken apart. What a Chinese input method types in it is taken
//! as meant.

use super::fences::Fence;

/// An opening line. Texts are those of the body, places are bytes of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Opening<'t> {
    /// Empty where the line names nothing.
    pub name: &'t str,
    pub name_at: usize,
    pub title: String,
    pub args: Vec<Word<'t>>,
    /// Where something stands that was taken as meant.
    pub typed: Vec<(usize, usize)>,
}

/// `键=值`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word<'t> {
    pub key: &'t str,
    pub key_at: usize,
    pub value: &'t str,
    pub value_at: usize,
    pub fault: Option<Wrong>,
}

/// What is wrong with an argument by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A quote without its other half.
    HalfQuoted,
    /// Nothing stands behind the sign.
    NoValue,
}

/// The words by which any component's title may be given as an argument.
const TITLE: [&str; 2] = ["标题", "title"];

impl<'t> Opening<'t> {
    /// Reads the line of `fence` in `text`.
    pub fn read(text: &'t str, fence: &Fence) -> Self {
        let mut opening = Self::default();
        let line = text.get(..fence.end).unwrap_or_default();
        let mut at = fence.rest;
        if fence.is_wide {
            opening.typed.push((fence.start, fence.rest));
        }
        at = opening.name(line, at);
        let mut has_words = false;
        loop {
            let rest = line.get(at..).unwrap_or_default();
            let blank = rest.len() - rest.trim_start().len();
            let gap = rest.get(..blank).unwrap_or_default();
            at += blank;
            let rest = line.get(at..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
            if let Some((word, end)) = argument(line, at, &mut opening.typed) {
                opening.wide_gap(gap, at - blank);
                if TITLE.contains(&&*word.key.to_lowercase()) && word.fault.is_none() && !has_words {
                    opening.title = word.value.to_owned();
                    has_words = true;
                } else {
                    opening.args.push(word);
                }
                at = end;
                continue;
            }
            let word = rest.split(char::is_whitespace).next().unwrap_or_default();
            at += word.len();
            // `{open}`, `{.class}`: what other systems add for themselves.
            if word.starts_with('{') && rest.trim_end().ends_with('}') {
                at += rest.find('}').map_or(0, |close| (close + 1).saturating_sub(word.len()));
                continue;
            }
            if has_words {
                // A title may hold a full-width blank on purpose.
                opening.title.push_str(if gap.contains('\u{3000}') { "\u{3000}" } else { " " });
            } else {
                opening.wide_gap(gap, at - word.len() - blank);
            }
            opening.title.push_str(word);
            has_words = true;
        }
        opening
    }

    /// Reads the name; where it ends.
    fn name(&mut self, line: &'t str, from: usize) -> usize {
        let rest = line.get(from..).unwrap_or_default();
        let at = from + (rest.len() - rest.trim_start().len());
        self.wide_gap(line.get(from..at).unwrap_or_default(), from);
        let rest = line.get(at..).unwrap_or_default();
        let end = |text: &str| text.find(|c: char| c.is_whitespace() || c == '{').unwrap_or(text.len());
        self.name_at = at;
        if let Some(inner) = rest.strip_prefix('{')
            && let Some(close) = inner.find('}')
        {
            // `:::{tip}`, `::: {.tip #id}`
            let name = inner.get(..close).unwrap_or_default();
            let lead = name.len() - name.trim_start_matches([' ', '.']).len();
            let name = name.get(lead..).unwrap_or_default();
            self.name = name.get(..end(name)).unwrap_or_default();
            self.name_at = at + 1 + lead;
            return at + close + 2;
        }
        self.name = rest.get(..end(rest)).unwrap_or_default();
        at + self.name.len()
    }

    /// A full-width blank between two words is one that somebody typed by accident.
    fn wide_gap(&mut self, gap: &str, at: usize) {
        if let Some(wide) = gap.find('\u{3000}') {
            self.typed.push((at + wide, at + wide + '\u{3000}'.len_utf8()));
        }
    }
}

/// The argument at byte `at`, if there is one, and where it ends.
fn argument<'t>(line: &'t str, at: usize, typed: &mut Vec<(usize, usize)>) -> Option<(Word<'t>, usize)> {
    let rest = line.get(at..)?;
    let length = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))?;
    let sign = rest.get(length..)?.chars().next().filter(|c| matches!(c, '=' | '＝'))?;
    if length == 0 {
        return None;
    }
    let mut value_at = at + length + sign.len_utf8();
    if sign == '＝' {
        typed.push((at + length, value_at));
    }
    let rest = line.get(value_at..)?;
    let closes: &[char] = match rest.chars().next() {
        Some('"' | '“' | '”') => &['"', '“', '”'],
        Some('\'' | '‘' | '’') => &['\'', '‘', '’'],
        _ => &[],
    };
    let mut fault = None;
    let (value, end) = match rest.chars().next().filter(|_| !closes.is_empty()) {
        Some(quote) => {
            let open = value_at;
            value_at += quote.len_utf8();
            let rest = line.get(value_at..)?;
            let close = rest.char_indices().find(|&(place, c)| closes.contains(&c) && ends(rest, place, c));
            if !quote.is_ascii() || close.is_some_and(|(_, c)| !c.is_ascii()) {
                typed.push((open, value_at));
            }
            match close {
                Some((length, c)) => (rest.get(..length)?, value_at + length + c.len_utf8()),
                None => {
                    fault = Some(Wrong::HalfQuoted);
                    (rest.trim_end(), line.len())
                }
            }
        }
        None => {
            let value = rest.split(char::is_whitespace).next().unwrap_or_default();
            if value.is_empty() {
                fault = Some(Wrong::NoValue);
            }
            (value, value_at + value.len())
        }
    };
    Some((Word { key: line.get(at..at + length)?, key_at: at, value, value_at, fault }, end))
}

/// Whether a quote mark ends a value: what follows is no part of it. A Chinese value may quote something itself.
fn ends(rest: &str, place: usize, mark: char) -> bool {
    rest.get(place + mark.len_utf8()..).is_some_and(|after| after.chars().next().is_none_or(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::super::fences::Fences;
    use super::{Opening, Wrong};

    fn read(line: &str) -> Read {
        let fences = Fences::find(line, &[0]);
        let opening = Opening::read(line, &fences.list()[0]);
        for word in &opening.args {
            assert!(line[word.key_at..].starts_with(word.key) && line[word.value_at..].starts_with(word.value));
        }
        assert!(line[opening.name_at..].starts_with(opening.name));
        let args = opening.args.iter().map(|word| (word.key.to_owned(), word.value.to_owned(), word.fault));
        (opening.name.to_owned(), opening.title.clone(), args.collect(), opening.typed.len())
    }

    fn arg(key: &str, value: &str) -> (String, String, Option<Wrong>) {
        (key.to_owned(), value.to_owned(), None)
    }

    fn line(name: &str, title: &str, args: Vec<(String, String, Option<Wrong>)>, typed: usize) -> Read {
        (name.to_owned(), title.to_owned(), args, typed)
    }

    type Read = (String, String, Vec<(String, String, Option<Wrong>)>, usize);

    #[test]
    fn names_arguments_and_titles() {
        assert_eq!(read(":::tip"), line("tip", "", vec![], 0));
        assert_eq!(read("::: 提示 一段 标题 "), line("提示", "一段 标题", vec![], 0));
        assert_eq!(
            read(":::tip 地址=https://a.cn/x:1 题 时间=09:00"),
            line("tip", "题", vec![arg("地址", "https://a.cn/x:1"), arg("时间", "09:00")], 0)
        );
        assert_eq!(read(":::tip 来源=\"某局 某处\" 题"), line("tip", "题", vec![arg("来源", "某局 某处")], 0));
        assert_eq!(read(":::tip 来源='a b'"), line("tip", "", vec![arg("来源", "a b")], 0));
        assert_eq!(read(":::tip 标题=\"甲 乙\" 图标=灯"), line("tip", "甲 乙", vec![arg("图标", "灯")], 0));
        assert_eq!(read(":::tip 空=\"\""), line("tip", "", vec![arg("空", "")], 0));
    }

    #[test]
    fn what_an_input_method_types() {
        assert_eq!(read("：：：提示　来源＝“某局 某处”"), line("提示", "", vec![arg("来源", "某局 某处")], 4));
        assert_eq!(read(":::提示 来源=”某局“"), line("提示", "", vec![arg("来源", "某局")], 1));
        assert_eq!(read(":::提示 关于“三新”的　说明"), line("提示", "关于“三新”的\u{3000}说明", vec![], 0));
    }

    #[test]
    fn what_other_systems_write() {
        assert_eq!(read("::: details {open} 题"), line("details", "{open} 题", vec![], 0));
        assert_eq!(read("::: details 题 {open}"), line("details", "题", vec![], 0));
        assert_eq!(read(":::tip{.a #b}"), line("tip", "", vec![], 0));
        assert_eq!(read(":::{note} 题"), line("note", "题", vec![], 0));
        assert_eq!(read("::: {.warning #b}"), line("warning", "", vec![], 0));
    }

    #[test]
    fn half_an_argument() {
        let (_, _, args, _) = read(":::tip 来源=\"某局 某处");
        assert_eq!(args, vec![("来源".to_owned(), "某局 某处".to_owned(), Some(Wrong::HalfQuoted))]);
        let (_, title, args, _) = read(":::tip 来源= 某局");
        assert_eq!((title.as_str(), args[0].2), ("某局", Some(Wrong::NoValue)));
    }
}
