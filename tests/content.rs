//! The parser from outside: bytes in, documents and messages out.

#[path = "content/components.rs"]
mod components;
#[path = "content/diagnostics.rs"]
mod diagnostics;
#[path = "content/front.rs"]
mod front;
#[path = "content/limits.rs"]
mod limits;
#[path = "content/markdown.rs"]
mod markdown;
#[path = "content/properties.rs"]
mod properties;
#[path = "content/raw.rs"]
mod raw;

use std::sync::Arc;

use zhendi::content::{self, Document, Fill, Hole, Settings};
use zhendi::diag::{Format, Report};

/// The settings of the sample portal.
fn settings() -> Settings {
    let pair = |id: &str, name: &str| (Arc::from(id), Arc::from(name));
    Settings {
        taxonomies: vec![pair("tags", "标签"), pair("topics", "专题"), pair("business", "条线")],
        ..Settings::default()
    }
}

/// A document made of `bytes`, which stand in an article.
fn parse(bytes: impl AsRef<[u8]>) -> Document {
    content::parse(&Arc::from("content/study/a.md"), bytes.as_ref(), &settings())
}

/// The HTML of a text that has front matter, its holes filled with `{target}`.
fn html(text: &str) -> String {
    fill(&parse(format!("---\ntitle: 标题\n---\n{text}")))
}

/// A document's HTML with its holes filled; components stand in it as `[名称 题 键=值: HTML]`.
fn fill(document: &Document) -> String {
    let body = &document.body;
    fill_part(document, &body.html, &body.holes)
}

fn fill_part(document: &Document, html: &str, holes: &[Hole]) -> String {
    let body = &document.body;
    let mut out = String::new();
    let mut at = 0;
    for hole in holes {
        let offset = hole.offset as usize;
        out.push_str(&html[at..offset]);
        at = offset;
        match hole.fill {
            Fill::Link(n) => out.push_str(&format!("{{{}}}", body.links[n as usize].target)),
            Fill::Image(n) => out.push_str(&format!(" {{{}}}", body.images[n as usize].target)),
            Fill::Clause(_) | Fill::Number(_) | Fill::NumberEnd(_) => {}
            Fill::Component(n) => {
                let component = &body.components[n as usize];
                out.push_str(&format!("[{}", component.name));
                out.extend((!component.title.is_empty()).then(|| format!(" {}", component.title)));
                out.extend(component.args.iter().map(|arg| format!(" {}={}", arg.key, arg.value)));
                out.push_str(&format!(": {}]", fill_part(document, &component.html, &component.holes)));
            }
        }
    }
    out.push_str(&html[at..]);
    out
}

/// What a person is told about `bytes`.
fn told(bytes: impl AsRef<[u8]>) -> String {
    told_at("content/study/a.md", bytes.as_ref())
}

fn told_at(path: &str, bytes: &[u8]) -> String {
    let document = content::parse(&Arc::from(path), bytes, &settings());
    let text = content::decode(bytes).text.into_owned();
    Report::new(document.problems, &|_| Some(text.clone())).print(Format::Human, false)
}

/// What a person is told about a body under a title.
fn told_of_body(text: &str) -> String {
    told(format!("---\ntitle: 标题\n---\n{text}"))
}
