//! The summary of a document: its plain text up to `<!-- more -->`, or its first sentences.

use super::escape;
use crate::content::cjk;

/// Gathers plain text until there is enough for a summary.
pub(super) struct Summary {
    text: String,
    /// Characters to aim at.
    aim: usize,
    /// Characters gathered.
    length: usize,
    /// Whether the mark is looked for, so that nothing may be cut before it.
    awaits_mark: bool,
    /// Whether the mark was met.
    marked: bool,
    paused: bool,
    done: bool,
}

impl Summary {
    pub fn new(aim: u32, awaits_mark: bool) -> Self {
        let aim = aim as usize;
        Self {
            text: String::new(),
            aim,
            length: 0,
            awaits_mark,
            marked: false,
            paused: false,
            done: aim == 0 && !awaits_mark,
        }
    }

    pub fn push(&mut self, text: &str) {
        if self.done || self.paused {
            return;
        }
        let text = escape::restore(text);
        self.text.push_str(&text);
        self.length += text.chars().count();
        self.done = !self.awaits_mark && self.length > self.aim * 2 + 40;
    }

    /// The end of a paragraph or a list item.
    pub fn block(&mut self) {
        if self.done || self.paused {
            return;
        }
        let last = self.text.chars().next_back();
        if last.is_some_and(|c| !cjk::is_wide_mark(c) && !c.is_whitespace() && !matches!(c, '”' | '’' | '…' | '—'))
        {
            self.text.push(' ');
            self.length += 1;
        }
    }

    /// Leaves out what follows: a heading, a table.
    pub fn pause(&mut self) {
        self.paused = true;
    }

    pub fn resume(&mut self) {
        self.paused = false;
    }

    /// Takes in no more: the footnotes begin.
    pub fn stop(&mut self) {
        self.done = true;
    }

    /// `<!-- more -->`
    pub fn mark(&mut self) {
        if !self.marked && self.awaits_mark {
            self.marked = true;
            self.done = true;
        }
    }

    pub fn finish(self) -> String {
        let text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.marked || text.is_empty() || self.aim == 0 { text } else { cut(&text, self.aim) }
    }
}

/// The first sentences of `text`, about `aim` characters.
fn cut(text: &str, aim: usize) -> String {
    let mut before = None;
    let mut limit = None;
    let mut word = 0;
    let mut chars = text.char_indices().enumerate().peekable();
    while let Some((count, (at, c))) = chars.next() {
        if count == aim {
            limit = Some(at);
        }
        if limit.is_none() && !c.is_ascii_alphanumeric() {
            word = at + c.len_utf8();
        }
        if !matches!(c, '。' | '！' | '？' | '；' | '!' | '?') || (c == '；' && limit.is_some()) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((_, (at, quote))) = chars.next_if(|(_, (_, c))| matches!(c, '”' | '’' | '）' | ')' | '"' | '」'))
        {
            end = at + quote.len_utf8();
        }
        if count < aim {
            if c != '；' {
                before = Some((count, end));
            }
        } else {
            // A sentence that ends soon after is worth finishing.
            if before.is_none_or(|(count, _)| count * 2 < aim) && count <= aim + aim / 3 {
                return text.get(..end).unwrap_or(text).to_owned();
            }
            break;
        }
    }
    let Some(limit) = limit else { return text.to_owned() };
    if let Some((_, end)) = before.filter(|(count, _)| count * 2 >= aim) {
        return text.get(..end).unwrap_or(text).to_owned();
    }
    let inside_word = text.get(limit..).and_then(|rest| rest.chars().next()).is_some_and(|c| c.is_ascii_alphanumeric());
    let end = if inside_word && word * 2 > limit { word } else { limit };
    let head = text.get(..end).unwrap_or(text).trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '，' | '、' | '：' | '；' | ',' | ':' | ';' | '（' | '“' | '‘' | '《')
    });
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn summaries_end_with_a_sentence() {
        assert_eq!(cut("短文一句。", 20), "短文一句。");
        assert_eq!(
            cut("第一句话说明目的。第二句话说明范围。第三句话很长很长很长很长。", 20),
            "第一句话说明目的。第二句话说明范围。"
        );
        assert_eq!(cut("他说：“今天检查。”然后离开了现场，后面还有许多许多许多的话要说", 12), "他说：“今天检查。”");
        assert_eq!(cut("没有句号的文字一直往下写，一直写到看不见尽头，再写一段", 13), "没有句号的文字一直往下写…");
        assert_eq!(cut("这句话只比要求多出几个字而已。下一句", 12), "这句话只比要求多出几个字而已。");
        assert_eq!(cut("中文 internationalization 与", 10), "中文 interna…");
    }
}
