//! From an address to what stands there: a planned output by its exact name, with the preview's line in pages; one of
//! the preview's own files below `/-/`; or the office's 404. Blocking, since an output may have to be rendered first.

use std::borrow::Cow;
use std::fs::File;

use hyper::StatusCode;
use hyper::body::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{LINE, Preview, Tree, pages};
use crate::diag::Counts;
use crate::outputs::{Body, Output};
use crate::source::open_asset;

const HTML: &str = "text/html; charset=utf-8";
/// What stays as it is in an address.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// Larger files are sent piece by piece.
const WHOLE: u64 = 256 * 1024;

/// What is sent.
#[derive(Debug)]
pub(super) enum Content {
    Bytes(Bytes),
    File(File, u64),
}

impl Content {
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(_, size) => *size,
        }
    }
}

/// An answer before it is put into HTTP.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) kind: Cow<'static, str>,
    pub(super) content: Content,
    /// The output's hash as an entity tag.
    pub(super) tag: Option<String>,
    /// Whether it is of a screen, whose slides carry their pictures with them.
    pub(super) is_screen: bool,
    /// For pages: run, turn and hash, from which `live.js` knows what it stands on.
    pub(super) stamp: Option<String>,
}

impl Answer {
    /// One of the preview's own pages or files.
    pub(super) fn own(status: StatusCode, kind: &'static str, text: impl Into<Bytes>) -> Self {
        Self {
            status,
            kind: kind.into(),
            content: Content::Bytes(text.into()),
            tag: None,
            is_screen: false,
            stamp: None,
        }
    }

    /// A page of the preview itself.
    pub(super) fn page(status: StatusCode, text: String) -> Self {
        Self::own(status, HTML, text)
    }
}

/// The output path that an address asks for: decoded once, a folder's address means its `index.html`.
pub(super) fn output_path(address: &str) -> Option<String> {
    let mut path = percent_decode_str(address.strip_prefix('/')?).decode_utf8().ok()?.into_owned();
    if path.is_empty() || path.ends_with('/') {
        path.push_str("index.html");
    }
    Some(path)
}

/// The address of an output.
pub(super) fn address(path: &str) -> String {
    let path = path.strip_suffix("index.html").filter(|rest| rest.is_empty() || rest.ends_with('/')).unwrap_or(path);
    format!("/{}", utf8_percent_encode(path, KEPT))
}

/// A hash as browsers are told it.
pub(super) fn tag(hash: &blake3::Hash) -> String {
    hash.to_hex()[..32].to_owned()
}

/// A page with the preview's line in it.
pub(super) fn with_line(page: &[u8]) -> Vec<u8> {
    const END: &[u8] = b"</body>";
    let ends = |at: &usize| page[*at..at + END.len()].eq_ignore_ascii_case(END);
    let at = (0..=page.len().saturating_sub(END.len())).rev().filter(|at| at + END.len() <= page.len()).find(ends);
    let (head, tail) = page.split_at(at.unwrap_or(page.len()));
    [head, LINE.as_bytes(), tail].concat()
}

impl Preview {
    /// What stands at `address` in the newest tree.
    pub(super) fn find(&self, address: &str) -> Answer {
        let tree = self.tree();
        if let Some(own) = address.strip_prefix("/-/") {
            return self.own(own, &tree);
        }
        let path = output_path(address);
        if let Some(path) = &path
            && let Some(output) = tree.outputs.get(path)
        {
            let is_screen = tree.outputs.build().is_of_screen(path);
            return Answer { is_screen, ..self.output(path, output, &tree) };
        }
        let stamp = Some(self.stamp(&tree, None));
        let office = path.as_deref().and_then(|path| path.split_once('/')).map(|(office, _)| office);
        if let Some(page) = office.and_then(|office| tree.outputs.get(&format!("{office}/404.html")))
            && let Body::Bytes(bytes) = page.body
        {
            return Answer { stamp, ..Answer::own(StatusCode::NOT_FOUND, HTML, with_line(&bytes)) };
        }
        Answer { stamp, ..Answer::page(StatusCode::NOT_FOUND, pages::missing()) }
    }

    fn stamp(&self, tree: &Tree, hash: Option<&blake3::Hash>) -> String {
        format!("{}.{}.{}", self.boot, tree.turn, hash.map(tag).unwrap_or_default())
    }

    fn own(&self, name: &str, tree: &Tree) -> Answer {
        let ok = StatusCode::OK;
        match name {
            "" => {
                let counts = Counts::of(&tree.outputs.problems());
                let page = pages::editions(tree.outputs.build(), counts);
                let stamp = self.stamp(tree, Some(&blake3::hash(page.as_bytes())));
                Answer { stamp: Some(stamp), ..Answer::page(ok, page) }
            }
            "screens" => Answer::page(ok, pages::screens(tree.outputs.build())),
            "screens.js" => Answer::own(ok, "text/javascript; charset=utf-8", pages::SCREENS_SCRIPT),
            "screens.css" => Answer::own(ok, "text/css; charset=utf-8", pages::SCREENS_STYLE),
            "live.js" => Answer::own(ok, "text/javascript; charset=utf-8", pages::SCRIPT),
            "live.css" => Answer::own(ok, "text/css; charset=utf-8", pages::STYLE),
            "page.css" => Answer::own(ok, "text/css; charset=utf-8", pages::PAGE_STYLE),
            "icon.svg" => Answer::own(ok, "image/svg+xml", pages::ICON),
            "offices.css" => Answer::own(ok, "text/css; charset=utf-8", pages::offices(tree.outputs.build())),
            _ => Answer::page(StatusCode::NOT_FOUND, pages::missing()),
        }
    }

    fn output(&self, path: &str, output: Output, tree: &Tree) -> Answer {
        let tag = Some(format!("\"{}\"", tag(&output.hash)));
        let guess = mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream");
        let status = StatusCode::OK;
        match output.body {
            Body::Bytes(bytes) if guess == "text/html" => {
                let stamp = Some(self.stamp(tree, Some(&output.hash)));
                Answer { tag, stamp, ..Answer::own(status, HTML, with_line(&bytes)) }
            }
            Body::Bytes(bytes) => {
                // Feeds and site maps are no part of any page.
                if !guess.ends_with("xml") || guess.starts_with("image/") {
                    self.live.give(path, output.hash);
                }
                let kind = if is_text(guess) { format!("{guess}; charset=utf-8").into() } else { guess.into() };
                Answer { kind, content: Content::Bytes(Bytes::from_owner(bytes)), tag, ..Answer::own(status, HTML, "") }
            }
            Body::File { source, .. } => {
                self.live.give(path, output.hash);
                match self.file(&source, guess) {
                    Ok((kind, content)) => Answer { kind, content, tag, ..Answer::own(status, HTML, "") },
                    // It went between the look at the folder and now; the next tree knows.
                    Err(_) => Answer::page(StatusCode::NOT_FOUND, pages::missing()),
                }
            }
        }
    }

    /// A file of the portal as it is on disk. Staff's texts may be in any encoding: only what is UTF-8 is called so.
    fn file(&self, source: &str, kind: &'static str) -> std::io::Result<(Cow<'static, str>, Content)> {
        let (mut file, size) = open_asset(&self.root, source)?;
        if size > WHOLE {
            return Ok((kind.into(), Content::File(file, size)));
        }
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes)?;
        let utf8 = is_text(kind) && simdutf8::basic::from_utf8(&bytes).is_ok();
        let kind = if utf8 { format!("{kind}; charset=utf-8").into() } else { kind.into() };
        Ok((kind, Content::Bytes(bytes.into())))
    }
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/")
        || kind.ends_with("+xml")
        || ["application/javascript", "application/json", "application/xml"].contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_stands_before_the_last_end_of_the_body() {
        let with = |page: &str| String::from_utf8(with_line(page.as_bytes())).expect("UTF-8");
        assert_eq!(with("a</body>b</BODY>\n</html>"), format!("a</body>b{LINE}</BODY>\n</html>"));
        assert_eq!(with("no end"), format!("no end{LINE}"));
        assert_eq!(with("</body>"), format!("{LINE}</body>"));
        assert_eq!(with(""), LINE);
    }

    #[test]
    fn addresses_are_decoded_once() {
        assert_eq!(output_path("/").as_deref(), Some("index.html"));
        assert_eq!(output_path("/east/").as_deref(), Some("east/index.html"));
        assert_eq!(output_path("/east/%E5%9B%BE.png").as_deref(), Some("east/图.png"));
        assert_eq!(output_path("/%252e%252e/x").as_deref(), Some("%2e%2e/x"));
        assert_eq!(output_path("/%ff"), None);
        assert_eq!(output_path("*"), None);
        assert_eq!(address("east/图 1.png"), "/east/%E5%9B%BE%201.png");
        assert_eq!(address("east/study/index.html"), "/east/study/");
        assert_eq!(address("index.html"), "/");
        assert_eq!(address("east/my-index.html"), "/east/my-index.html");
    }
}
