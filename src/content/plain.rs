//! The words of HTML that the parser wrote: its tags are well formed, and it escapes five characters.

use std::borrow::Cow;
use std::ops::Range;

/// The text of `html`, runs of blanks as one.
pub(crate) fn words(html: &str) -> String {
    cleaned(html).into_owned()
}

/// As [`words`], which most HTML without tags is already.
pub(crate) fn cleaned(html: &str) -> Cow<'_, str> {
    let text = text(html);
    if !text.contains(char::is_whitespace) {
        return text;
    }
    let mut words = text.split_whitespace();
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        out.push(' ');
        out.push_str(word);
    }
    out.into()
}

/// The text of `html` as it is.
pub(crate) fn text(html: &str) -> Cow<'_, str> {
    if !html.contains(['<', '&']) {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        rest = if tail.starts_with('<') {
            tail.find('>').and_then(|end| tail.get(end + 1..)).unwrap_or_default()
        } else {
            let known = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"'), ("&#39;", '\'')];
            let found = known.iter().find_map(|(entity, c)| Some((tail.strip_prefix(entity)?, *c)));
            let (after, c) = found.unwrap_or_else(|| (tail.get(1..).unwrap_or_default(), '&'));
            out.push(c);
            after
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The value of the attribute `name` of the first element of `html` that has it.
pub(crate) fn attribute<'h>(html: &'h str, name: &str) -> Option<Cow<'h, str>> {
    let from = html.find(&format!(" {name}=\""))? + name.len() + 3;
    let rest = html.get(from..)?;
    Some(text(rest.get(..rest.find('"')?)?))
}

/// What stands in bold at the head of `html` and what follows, without what parts them: where in `html` both are.
pub(crate) fn headed(html: &str) -> Option<(Range<usize>, Range<usize>)> {
    let (open, close) = ("<strong>", "</strong>");
    let start = html.len() - html.trim_start().len();
    let from = start + html.get(start..)?.strip_prefix(open).map(|_| open.len())?;
    let to = from + html.get(from..)?.find(close)?;
    let after = html.get(to + close.len()..)?;
    let rest = after.trim_start_matches(['　', ' ', '：', ':']);
    Some((from..to, html.len() - rest.len()..html.len()))
}

/// `名：值` or `名: 值`: where in `html` the name and the value stand.
pub(crate) fn field(html: &str) -> Option<(Range<usize>, Range<usize>)> {
    let mut from = html.len() - html.trim_start().len();
    let mut to = html.trim_end().len();
    if let Some(rest) = html.get(from..to)?.strip_prefix("<p>") {
        from += 3;
        to -= if rest.ends_with("</p>") { 4 } else { 0 };
    }
    let inside = html.get(from..to)?;
    if inside.contains("<p>") {
        return None;
    }
    let bytes = inside.as_bytes();
    let (mut in_tag, mut open) = (false, 0usize);
    for (at, &byte) in bytes.iter().enumerate() {
        let rest = || bytes.get(at..).unwrap_or_default();
        match byte {
            b'<' => {
                in_tag = true;
                open = if rest().starts_with(b"</") { open.saturating_sub(1) } else { open + 1 };
            }
            b'>' => in_tag = false,
            _ if in_tag => {}
            b'\n' => return None,
            0xE3 if rest().starts_with("。".as_bytes()) => return None,
            0xEF if ["；", "！", "？"].iter().any(|mark| rest().starts_with(mark.as_bytes())) => return None,
            b':' | 0xEF => {
                let colon = if byte == b':' { ":" } else { "：" };
                let is_colon = rest().starts_with(colon.as_bytes());
                if !is_colon || (byte == b':' && !matches!(bytes.get(at + 1), None | Some(b' ' | b'<'))) {
                    continue;
                }
                let name = inside.get(..at)?;
                let mut value = at + colon.len();
                // `**名：** 值`
                while open > 0 {
                    let rest = inside.get(value..)?.strip_prefix("</")?;
                    value += 2 + rest.find('>')? + 1;
                    open -= 1;
                }
                let rest = inside.get(value..)?;
                value += rest.len() - rest.trim_start().len();
                let shown = cleaned(name);
                let is_name = !shown.is_empty() && shown.chars().count() <= 16;
                return is_name.then_some((from..from + at, from + value..to));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{attribute, field, headed, text, words};

    #[test]
    fn words_of_html() {
        assert_eq!(words("<p>甲 &lt;b&gt; <a href=\"x\">乙</a>\n丙&amp;lt;</p>\n"), "甲 <b> 乙 丙&lt;");
        assert_eq!(text("a\n  b"), "a\n  b");
        assert_eq!(attribute("<img alt=\"a &quot;b&quot;\">", "alt").as_deref(), Some("a \"b\""));
    }

    #[test]
    fn heads() {
        let read = |html: &'static str| headed(html).map(|(head, rest)| (&html[head], &html[rest]));
        assert_eq!(read("<strong>填表</strong>　网上"), Some(("填表", "网上")));
        assert_eq!(read("\n<strong>填<em>表</em></strong>：\n"), Some(("填<em>表</em>", "\n")));
        assert_eq!(read("网上<strong>填表</strong>"), None);
    }

    #[test]
    fn fields() {
        let read = |html: &'static str| field(html).map(|(name, at)| (words(&html[name]), &html[at]));
        let found = |name: &str, value: &'static str| Some((name.to_owned(), value));
        assert_eq!(read("谁办：<em>窗口</em>"), found("谁办", "<em>窗口</em>"));
        assert_eq!(read("<p>时间: 9:00</p>\n"), found("时间", "9:00"));
        assert_eq!(read("<strong>谁办：</strong> 窗口"), found("谁办", "窗口"));
        assert_eq!(read("<strong>谁办</strong>：窗口"), found("谁办", "窗口"));
        assert_eq!(read("时长："), found("时长", ""));
        assert_eq!(read("9:00 到 11:00"), None);
        assert_eq!(read("先说一句。再说：这个"), None);
        assert_eq!(read("<p>甲：乙</p>\n<p>丙</p>"), None);
        assert_eq!(read("<a href=\"x\">甲：乙</a>"), None);
    }
}
