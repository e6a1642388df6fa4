//! Cuts raw HTML into tags and text: just enough to decide what may stay.

/// The elements of HTML. A bare tag of another name inside a sentence is a placeholder: `<用户>`, `List<T>`.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "basefont",
    "bdi",
    "bdo",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "pre",
    "progress",
    "q",
    "rb",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "s",
    "samp",
    "script",
    "search",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
    "xmp",
];

/// A tag that is longer is text.
const LONGEST_TAG: usize = 8 * 1024;

/// A piece of raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'h> {
    Text(&'h str),
    Tag(Tag<'h>),
    /// The inside of a comment.
    Comment(&'h str),
    /// A doctype, a processing instruction, CDATA: its name, such as `!DOCTYPE`.
    Other(&'h str),
}

/// One tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag<'h> {
    /// The name in lower case.
    pub name: String,
    pub closes: bool,
    /// The attributes as written.
    pub attributes: &'h str,
    /// All of it as written.
    pub whole: &'h str,
}

/// The pieces of `html` in order.
pub(super) fn pieces(html: &str) -> Pieces<'_> {
    Pieces { rest: html }
}

pub(super) struct Pieces<'h> {
    rest: &'h str,
}

impl<'h> Pieces<'h> {
    /// Skips everything up to and including the end tag of `name`.
    pub fn skip_element(&mut self, name: &str) {
        let mut from = 0;
        while let Some(at) = self.rest.get(from..).and_then(|rest| rest.find("</")).map(|at| at + from) {
            let after = self.rest.get(at + 2..).unwrap_or_default();
            if after.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
                let end = after.find('>').map_or(self.rest.len(), |close| at + 2 + close + 1);
                self.rest = self.rest.get(end..).unwrap_or_default();
                return;
            }
            from = at + 2;
        }
        self.rest = "";
    }

    fn take(&mut self, length: usize) -> &'h str {
        let length = self.rest.ceil_char_boundary(length);
        let (head, rest) = self.rest.split_at(length);
        self.rest = rest;
        head
    }
}

impl<'h> Iterator for Pieces<'h> {
    type Item = Piece<'h>;

    fn next(&mut self) -> Option<Piece<'h>> {
        if self.rest.is_empty() {
            return None;
        }
        match self.rest.find('<') {
            Some(0) => {}
            Some(at) => return Some(Piece::Text(self.take(at))),
            None => return Some(Piece::Text(self.take(self.rest.len()))),
        }
        if let Some(comment) = self.rest.strip_prefix("<!--") {
            let end = comment.find("-->").unwrap_or(comment.len());
            let inside = comment.get(..end).unwrap_or_default();
            self.take(4 + end + 3.min(comment.len() - end));
            return Some(Piece::Comment(inside));
        }
        if self.rest.starts_with("<!") || self.rest.starts_with("<?") {
            let end = self.rest.find('>').map_or(self.rest.len(), |at| at + 1);
            let whole = self.take(end);
            let name = whole.split(|c: char| c.is_ascii_whitespace() || c == '>').next().unwrap_or_default();
            return Some(Piece::Other(name.trim_start_matches('<')));
        }
        if let Some(length) = tag_length(self.rest) {
            return Some(Piece::Tag(read(self.take(length))));
        }
        let next = self.rest.get(1..).and_then(|rest| rest.find('<')).map_or(self.rest.len(), |at| at + 1);
        Some(Piece::Text(self.take(next)))
    }
}

/// The length of the tag at the head of `text`, if there is a whole one.
fn tag_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let name = if bytes.get(1) == Some(&b'/') { 2 } else { 1 };
    if !bytes.get(name)?.is_ascii_alphabetic() {
        return None;
    }
    let mut quote = None;
    for (at, &byte) in bytes.iter().enumerate().take(LONGEST_TAG).skip(name) {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            (None, b'<') => return None,
            (None, _) => {}
        }
    }
    None
}

fn read(whole: &str) -> Tag<'_> {
    let inner = whole.trim_start_matches('<').trim_end_matches('>');
    let closes = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let end = inner.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(end);
    Tag { name: name.to_ascii_lowercase(), closes, attributes, whole }
}

impl Tag<'_> {
    /// Whether this is no HTML but a word in angle brackets.
    pub fn is_placeholder(&self) -> bool {
        self.attributes.is_empty() && ELEMENTS.binary_search(&self.name.as_str()).is_err()
    }

    /// An attribute's value, its entities as written.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
            let (key, after) = rest.split_at(end.max(1).min(rest.len()));
            let after = after.trim_start();
            let (value, after) = match after.strip_prefix('=').map(str::trim_start) {
                None => ("", after),
                Some(value) => match value.chars().next() {
                    Some(quote @ ('"' | '\'')) => {
                        let inside = value.get(1..).unwrap_or_default();
                        let end = inside.find(quote).unwrap_or(inside.len());
                        (inside.get(..end).unwrap_or_default(), inside.get(end + 1..).unwrap_or_default())
                    }
                    _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
                },
            };
            if key.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = after;
        }
    }
}

/// Appends raw HTML's text to `out`, its entities read.
pub(super) fn unescape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        let entity = tail.get(1..).and_then(|tail| tail.split_once(';')).filter(|(name, _)| name.len() <= 8);
        match entity.and_then(|(name, after)| Some((decode(name)?, after))) {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
}

fn decode(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{A0}',
        "emsp" => '\u{2003}',
        "ensp" => '\u{2002}',
        "middot" => '·',
        "mdash" => '—',
        "hellip" => '…',
        "ldquo" => '“',
        "rdquo" => '”',
        "times" => '×',
        "copy" => '©',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|&c| c != '\0')?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    #[test]
    fn html_is_cut_into_pieces() {
        let kinds: Vec<String> = pieces("a<B c='>'>t</b><!-- x --><!doctype y>1 < 2<br/><x")
            .map(|piece| match piece {
                Piece::Text(text) => format!("T{text}"),
                Piece::Tag(tag) => format!("{}{}", if tag.closes { "/" } else { "" }, tag.name),
                Piece::Comment(text) => format!("C{text}"),
                Piece::Other(name) => format!("O{name}"),
            })
            .collect();
        assert_eq!(kinds, ["Ta", "b", "Tt", "/b", "C x ", "O!doctype", "T1 ", "T< 2", "br", "T<x"]);
    }

    #[test]
    fn elements_are_sorted() {
        assert!(super::ELEMENTS.is_sorted());
    }

    #[test]
    fn attributes_are_found() {
        let Some(Piece::Tag(tag)) = pieces("<img src = \"a b.png\" alt='甲' open width=3/>").next() else { panic!() };
        assert_eq!(tag.attribute("src"), Some("a b.png"));
        assert_eq!(tag.attribute("ALT"), Some("甲"));
        assert_eq!(tag.attribute("open"), Some(""));
        assert_eq!(tag.attribute("width"), Some("3/"));
        assert_eq!(tag.attribute("style"), None);
    }
}
