//! From bytes to text: UTF-8 as it should be, and what Notepad and WPS save besides.

use std::borrow::Cow;
use std::sync::Arc;

use super::cjk;
use crate::diag::{Diagnostic, FILE_ENCODING, FILE_NOT_TEXT, Span};

/// What a file turned out to be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, which Notepad calls Unicode.
    Utf16,
    /// GB18030 or one of its ancestors, which Notepad calls ANSI.
    Gb18030,
    /// Mostly UTF-8, broken at this byte.
    Broken(usize),
    /// No text.
    NotText,
}

/// A file's text; positions in diagnostics count its bytes.
#[derive(Clone, Debug)]
pub struct Decoded<'b> {
    /// The text without a byte order mark; what could be read of it if it is broken.
    pub text: Cow<'b, str>,
    /// What it was read as.
    pub encoding: Encoding,
}

/// Reads `bytes` as text.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        return utf16(rest, encoding_rs::UTF_16LE);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        return utf16(rest, encoding_rs::UTF_16BE);
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if bytes.chunks(64).any(|block| block.iter().fold(false, |any, &b| any | (b == 0))) {
        return without_mark(bytes).unwrap_or_else(not_text);
    }
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), encoding: Encoding::Utf8 };
    }
    legacy(bytes)
}

/// UTF-16 text without a mark: its zero bytes are the halves of ASCII characters, of which every text has some, and
/// the rest is what Chinese texts are written in.
fn without_mark(bytes: &[u8]) -> Option<Decoded<'_>> {
    let zeros = bytes.iter().filter(|&&byte| byte == 0).count();
    [encoding_rs::UTF_16LE, encoding_rs::UTF_16BE].into_iter().map(|encoding| utf16(bytes, encoding)).find(|decoded| {
        let ascii = decoded.text.chars().filter(char::is_ascii).count();
        let is_likely =
            |c: char| c.is_ascii() || cjk::is_wide(c) || matches!(c, '\u{A0}'..='\u{24F}' | '\u{2010}'..='\u{27BF}');
        decoded.encoding == Encoding::Utf16
            && ascii >= 4
            && zeros <= ascii + ascii / 8
            && decoded.text.chars().all(is_likely)
    })
}

fn utf16<'b>(bytes: &'b [u8], encoding: &'static encoding_rs::Encoding) -> Decoded<'b> {
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if is_text(&text) => Decoded { text, encoding: Encoding::Utf16 },
        _ => not_text(),
    }
}

fn legacy(bytes: &[u8]) -> Decoded<'_> {
    let valid = match std::str::from_utf8(bytes) {
        Ok(text) => text.len(),
        Err(error) => error.valid_up_to(),
    };
    let before = bytes.get(..valid).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or_default();
    // Text in GB18030 does not look like UTF-8 for so long by chance.
    if before.chars().filter(|c| !c.is_ascii()).take(16).count() == 16 {
        return Decoded { text: String::from_utf8_lossy(bytes), encoding: Encoding::Broken(valid) };
    }
    match encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) if is_text(&text) => Decoded { text, encoding: Encoding::Gb18030 },
        _ => not_text(),
    }
}

fn not_text<'b>() -> Decoded<'b> {
    Decoded { text: Cow::Borrowed(""), encoding: Encoding::NotText }
}

/// Whether a decoder's result can have been written by a person.
fn is_text(text: &str) -> bool {
    !text
        .chars()
        .any(|c| (c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{C}')) || matches!(c, '\u{E000}'..='\u{F8FF}'))
}

impl Decoded<'_> {
    /// What there is to say about the encoding.
    pub fn problem(&self, file: &Arc<str>) -> Option<Diagnostic> {
        let how = "用记事本打开，点“文件—另存为”，编码选 UTF-8 后保存；WPS 另存为“纯文本”时编码选 UTF-8；\
                   VS Code 点右下角的编码名，选“通过编码保存”，再选 UTF-8";
        match self.encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16 | Encoding::Gb18030 => {
                let name = if self.encoding == Encoding::Utf16 { "UTF-16（记事本称 Unicode）" } else { "GB18030（记事本称 ANSI）" };
                Some(
                    Diagnostic::warning(FILE_ENCODING, format!("文件的编码是 {name}，不是 UTF-8"))
                        .in_file(file)
                        .cause("这次已按原编码读出，但换一台电脑或换一个软件打开时可能变成乱码")
                        .cure(how),
                )
            }
            Encoding::Broken(at) => Some(
                Diagnostic::error(FILE_NOT_TEXT, "文件里有读不出的字节，从这里起文字已经损坏")
                    .at(file, Span::new(at, at + '\u{FFFD}'.len_utf8()))
                    .cause("文件大部分是 UTF-8，这里却混进了别的编码，多半是用两个软件先后保存造成的")
                    .cure(format!("改正这一处的文字，再按 UTF-8 保存：{how}")),
            ),
            Encoding::NotText => Some(
                Diagnostic::error(FILE_NOT_TEXT, "这不是文本文件")
                    .in_file(file)
                    .cause("文件里有文本不会有的字节，可能是图片、压缩包或 Word 文件改了扩展名")
                    .cure("如果是 Word 文件，请在 Word 或 WPS 里复制文字，粘贴到新的 .md 文件；如果是附件，请改回原来的扩展名"),
            ),
        }
    }
}
