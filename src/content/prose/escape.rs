//! Writing text into HTML: the only ways by which an author's characters reach the output.

use std::borrow::Cow;

/// Bytes that may not be written as they are, or that may begin a character that may not.
const CARE: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        table[byte] = matches!(b, b'<' | b'>' | b'&' | b'"' | 0x7F | 0xC2 | 0xEF | 0xF0..=0xF4)
            || (b < 0x20 && b != b'\n' && b != b'\t');
        byte += 1;
    }
    table
};

/// Stands in the prepared text for a colon that comrak must not see.
pub(super) const HIDDEN_COLON: u8 = 0x01;
/// Stands in the prepared text for what neither comrak nor a reader should see.
pub(super) const NOTHING: u8 = 0x0B;
/// Stands in the prepared text where a bare address ends: a blank to comrak, nothing to a reader.
pub(super) const ADDRESS_END: &str = "\t\u{0B}";

/// Whether all of `text` may be written as it is. One pass without a branch, which the compiler turns into vector
/// instructions: nearly all text passes.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let alone = bytes.iter().fold(false, |any, &b| {
        any | matches!(b, b'<' | b'>' | b'&' | b'"' | 0x7F | 0xF0..=0xF4) | (b < 0x20 && b != b'\n')
    });
    let pairs = bytes
        .iter()
        .zip(bytes.iter().skip(1))
        .fold(false, |any, (&a, &b)| any | (a == 0xC2 && b < 0xA0) | (a == 0xEF && (b == 0xB7 || b == 0xBF)));
    !(alone | pairs)
}

/// Appends `text` to `out` as HTML text or as the value of a quoted attribute. Characters that HTML forbids are left
/// out.
pub(super) fn text(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    let bytes = text.as_bytes();
    let mut done = 0;
    let mut at = 0;
    while let Some(skip) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| CARE[usize::from(b)])) {
        at += skip;
        let (replacement, width) = match bytes[at] {
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'&' => ("&amp;", 1),
            b'"' => ("&quot;", 1),
            HIDDEN_COLON => (":", 1),
            0..=0x7F => ("", 1),
            _ => {
                let c = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
                if !is_forbidden(c) {
                    at += c.len_utf8();
                    continue;
                }
                ("", c.len_utf8())
            }
        };
        let head = text.get(done..at).unwrap_or_default();
        out.push_str(if bytes[at] == NOTHING { head.strip_suffix('\t').unwrap_or(head) } else { head });
        out.push_str(replacement);
        at += width;
        done = at;
    }
    out.push_str(text.get(done..).unwrap_or_default());
}

/// Control characters and noncharacters beyond ASCII.
fn is_forbidden(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9F}' | '\u{FDD0}'..='\u{FDEF}') || (u32::from(c) & 0xFFFE) == 0xFFFE
}

/// `text` without what the prepared text holds for comrak alone.
pub(super) fn restore(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|b| b == HIDDEN_COLON || b == NOTHING) {
        text.replace(ADDRESS_END, "").replace(char::from(NOTHING), "").replace(char::from(HIDDEN_COLON), ":").into()
    } else {
        text.into()
    }
}

/// Appends an address as the value of a quoted attribute; what no address may hold is percent-encoded.
pub(super) fn address(out: &mut String, url: &str) {
    let mut buffer = [0; 4];
    let mut in_fragment = false;
    let host = url.find("//").map_or(0, |at| at + 2);
    let host_end = url.get(host..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |end| host + end);
    for (at, c) in url.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '\'' => out.push_str("&#39;"),
            '%' if url.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) => {
                out.push('%');
            }
            '#' if !in_fragment => {
                in_fragment = true;
                out.push('#');
            }
            '[' | ']' if (host..host_end).contains(&at) => out.push(c),
            '-' | '_' | '.' | '+' | '!' | '*' | '(' | ')' | ',' | '@' | '?' | '=' | ';' | ':' | '/' | '$' | '~' => {
                out.push(c);
            }
            c if c.is_alphanumeric() => out.push(c),
            c if c.is_control() => {}
            c => {
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    out.push('%');
                    out.push(char::from(HEX[usize::from(byte >> 4)]));
                    out.push(char::from(HEX[usize::from(byte & 15)]));
                }
            }
        }
    }
}

const HEX: [u8; 16] = *b"0123456789ABCDEF";

#[cfg(test)]
mod tests {
    #[test]
    fn text_holds_nothing_that_html_forbids() {
        let mut out = String::new();
        super::text(&mut out, "甲<b a=\"1\">&\u{1}乙\t\u{B}\u{85}\u{FFFE}\u{1F600}，\u{FDD0}\u{A0}完");
        assert_eq!(out, "甲&lt;b a=&quot;1&quot;&gt;&amp;:乙\u{1F600}，\u{A0}完");
    }

    #[test]
    fn addresses_are_encoded_once() {
        let mut out = String::new();
        super::address(&mut out, "https://a.cn/a b/%E4%BD%A0/100%/你?x=1&y=[2]|\"#节");
        assert_eq!(out, "https://a.cn/a%20b/%E4%BD%A0/100%25/你?x=1&amp;y=%5B2%5D%7C%22#节");
        out.clear();
        super::address(&mut out, "http://[::1]:80/[a]#b#c");
        assert_eq!(out, "http://[::1]:80/%5Ba%5D#b%23c");
    }
}
