//! From the bytes of one Markdown file to a [`Document`]: encoding, front matter, Markdown. Pure: no file, no clock,
//! nothing shared but a memo of highlighted code, so all files are parsed in parallel and a document is reused whenever
//! its bytes are the same.

mod article;
mod cjk;
mod component;
mod dates;
mod decode;
mod document;
mod extent;
mod fence;
mod front;
mod hours;
mod keys;
mod kiosk;
mod media;
mod meta;
pub(crate) mod plain;
mod prose;
mod series;
mod settings;
pub mod sheet;
mod slug;

pub(crate) use self::article::han;
pub use self::article::{ArticleNumber, Clause, ClauseKind};
pub(crate) use self::keys::is_key;
pub(crate) use self::meta::template_name;
pub use component::{Arg, Component, Part, PartKind};
pub use decode::{Decoded, Encoding, decode};
pub use document::{Body, Citation, Document, Fill, Heading, Hole, Image, Link};
pub use extent::Extent;
pub use front::{At, Audience, FrontMatter, SortBy, Terms};
pub use hours::Window;
pub use kiosk::{Kiosk, SLIDES, slide_kind};
pub use media::MediaKind;
pub use series::{Month, Series, parse_series};
pub use settings::{Markdown, Settings};
pub use slug::{initials, slug, slug_of_term};

use std::sync::Arc;

use self::fence::{Fence, Language};
use crate::diag::{self, Diagnostic, Span};
use crate::tree;

/// Makes a document of a file's bytes. Whatever they are, there is a document; what is wrong stands in its problems.
pub fn parse(path: &Arc<str>, bytes: &[u8], settings: &Settings) -> Document {
    let decoded = decode(bytes);
    let mut problems: Vec<Diagnostic> = decoded.problem(path).into_iter().collect();
    if decoded.encoding == Encoding::NotText {
        let (front, body) = Default::default();
        return Document::new(path, front, body, problems);
    }
    let text = &*decoded.text;
    let fence = fence::find(text);
    let mut front = FrontMatter::default();
    let mut offset = 0;
    if let Some(fence) = &fence {
        front = read_front(path, text, fence, settings, &mut problems);
        offset = fence.body;
    }
    let input = prose::Input {
        file: path,
        settings,
        title: front.title.as_ref().map(|title| &*title.value),
        text: text.get(offset..).unwrap_or_default(),
        offset,
        first_line: 1 + text.get(..offset).unwrap_or_default().lines().count(),
    };
    let body = prose::render(&input, &mut problems);
    if fence.is_none() {
        problems.push(absent(path, &body));
    }
    problems.sort_by_key(|problem| problem.place.as_ref().and_then(|place| place.span));
    Document::new(path, front, body, problems)
}

fn read_front(
    path: &Arc<str>,
    text: &str,
    fence: &Fence<'_>,
    settings: &Settings,
    problems: &mut Vec<Diagnostic>,
) -> FrontMatter {
    if !fence.closed {
        let mark = if fence.language == Language::Yaml { "---" } else { "+++" };
        problems.push(
            Diagnostic::error(diag::FRONT_UNCLOSED, "文件头没有结束")
                .at(path, fence.open)
                .label("从这里开始，后面没有配对的一行")
                .cause("分不清哪些是标题、日期，哪些是正文")
                .cure(format!("在最后一项的下一行单独写上 {mark}")),
        );
    }
    let tree = match fence.language {
        Language::Yaml => tree::read_yaml(fence.text, fence.offset).map(|tree| {
            if let Some(first) = tree.full_width_colons.first() {
                problems.push(colons(path, *first, tree.full_width_colons.len()));
            }
            tree.root
        }),
        Language::Toml => tree::read_toml(fence.text, fence.offset),
    };
    match tree {
        Ok(root) => meta::Reader { file: path, settings, language: fence.language, problems }.read(&root),
        Err(faults) => {
            let cause = "文件头读不出来，标题、日期、标签都不知道";
            let explained =
                faults.into_iter().map(|fault| fault.diagnostic(diag::FRONT_SYNTAX, path, text).cause(cause));
            problems.extend(explained);
            FrontMatter { fenced: true, ..FrontMatter::default() }
        }
    }
}

fn colons(path: &Arc<str>, first: Span, count: usize) -> Diagnostic {
    let many = if count > 1 { format!("（共 {count} 处）") } else { String::new() };
    Diagnostic::note(diag::FRONT_COLON, format!("文件头用了中文冒号，已按英文冒号读{many}"))
        .at(path, first)
        .cause("别的软件可能不认中文冒号")
        .cure("有空时改成英文冒号加一个空格")
}

fn absent(path: &Arc<str>, body: &Body) -> Diagnostic {
    let title = match &body.first_heading {
        Some(heading) => format!("用正文第一个标题“{heading}”作标题"),
        None => "用文件名作标题".to_owned(),
    };
    Diagnostic::note(diag::FRONT_ABSENT, format!("没有文件头：{title}，日期空着"))
        .in_file(path)
        .cause("没有日期的文章在列表里排在最后")
        .cure("在文件最前面加三行：---、title: 标题、date: 2026-11-20，再用一行 --- 结束")
}
