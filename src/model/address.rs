//! Addresses: names that become file names of the output, and the relative links between them.

use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::content::{At, slug};
use crate::diag::{ADDRESS_FORM, Diagnostic};

/// What must not stand as it is in the path of an address (RFC 3986, section 3.3), and what HTML would trip over.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|')
    .add(b'[')
    .add(b']')
    .add(b'&')
    .add(b'\'')
    .add(b':');

/// A path as it stands in an address.
pub fn encode(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// An address as a path; `None` if it decodes to something that is no text.
pub fn decode(address: &str) -> Option<String> {
    percent_decode_str(address).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// `photo.jpg` as `photo.1a2b3c4d.jpg`.
pub fn hashed_name(name: &str, hash: blake3::Hash) -> String {
    let hex = hash.to_hex();
    let short = &hex.as_str()[..8];
    match name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()) {
        Some((stem, extension)) => format!("{stem}.{short}.{extension}"),
        None => format!("{name}.{short}"),
    }
}

/// Appends the link that leads from the file `from` to the file `to`, both below one folder.
pub fn push_relative(out: &mut String, from: &str, to: &str) {
    let mut common = 0;
    for (at, (a, b)) in from.bytes().zip(to.bytes()).enumerate() {
        if a != b {
            break;
        }
        if a == b'/' {
            common = at + 1;
        }
    }
    for _ in from.as_bytes()[common..].iter().filter(|&&b| b == b'/') {
        out.push_str("../");
    }
    out.push_str(&to[common..]);
}

/// The name that an author gave by `slug`.
pub fn slug_given(given: &At<Arc<str>>, file: &Arc<str>, problems: &mut Vec<Diagnostic>) -> Option<String> {
    let text = given.value.trim();
    if text.is_empty() || text.contains(['/', '\\', ':', '\0']) || text.starts_with('.') {
        problems.push(
            Diagnostic::error(ADDRESS_FORM, format!("slug 不能写成“{text}”"))
                .at(file, given.span)
                .cause("slug 是网址的最后一段，也是文件名；不能为空，不能以点开头，也不能带斜杠、冒号，否则会写到别的文件夹里去。")
                .cure(format!("例如 slug: {}", slug(text))),
        );
        return None;
    }
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.'));
    Some(if plain && text.len() <= 80 && slug(text) != format!("{text}-page") { text.to_owned() } else { slug(text) })
}

/// The output path of an alias: `old/a` and `/old/a.html` are the file `old/a.html`, `old/` is `old/index.html`.
pub fn alias(given: &At<Arc<str>>, file: &Arc<str>, problems: &mut Vec<Diagnostic>) -> Option<Arc<str>> {
    let text = given.value.trim().trim_start_matches('/');
    let bad = text.is_empty()
        || text.contains(['\\', ':', '\0', '?', '#'])
        || text.split('/').any(|part| part == ".." || part == "." || crate::source::is_reserved(part));
    if bad {
        problems.push(
            Diagnostic::error(ADDRESS_FORM, format!("aliases 里不能写“{}”", given.value))
                .at(file, given.span)
                .cause("旧地址要落在本办公区的站点之内，不能用 .. 跑到外面，不能带冒号、问号，也不能用 con、nul 这类 Windows 保留的名字。")
                .cure("写成站点里的相对地址，例如 aliases: [policy/jiu-ban.html]"),
        );
        return None;
    }
    Some(match text {
        folder if folder.ends_with('/') => format!("{folder}index.html").into(),
        page if page.ends_with(".html") || page.ends_with(".htm") => page.into(),
        other => format!("{other}.html").into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relative(from: &str, to: &str) -> String {
        let mut out = String::new();
        push_relative(&mut out, from, to);
        out
    }

    #[test]
    fn relative_links() {
        assert_eq!(relative("study/a.html", "study/b.html"), "b.html");
        assert_eq!(relative("study/a.html", "policy/b.html"), "../policy/b.html");
        assert_eq!(relative("index.html", "study/index.html"), "study/index.html");
        assert_eq!(relative("a/b/c.html", "index.html"), "../../index.html");
        assert_eq!(relative("study/page/2.html", "study/index.html"), "../index.html");
        assert_eq!(relative("a/x.html", "a/x/1.png"), "x/1.png");
    }

    #[test]
    fn names_with_hash() {
        let hash = blake3::hash(b"x");
        let short = &hash.to_hex()[..8];
        assert_eq!(hashed_name("a.b.png", hash), format!("a.b.{short}.png"));
        assert_eq!(hashed_name("LICENSE", hash), format!("LICENSE.{short}"));
    }
}
