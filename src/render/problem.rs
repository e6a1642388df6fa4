//! What goes wrong in templates, as diagnostics: where, through which includes, and for whose page.

use std::error::Error as _;
use std::sync::Arc;

use minijinja::{Error, ErrorKind};

use super::root::NO_ASSET;
use crate::diag::{ASSET_MISSING, Diagnostic, Span, TEMPLATE_FAILED, TEMPLATE_MISSING, TEMPLATE_SYNTAX, nearest};
use crate::source::Theme;

/// A template that cannot be read.
pub(super) fn syntax(theme: &Theme, name: &str, error: &Error) -> Diagnostic {
    let diagnostic = Diagnostic::error(TEMPLATE_SYNTAX, format!("模板 {name} 写法有错"))
        .cause("模板读不懂，用到它的页面就都生成不了。")
        .cure("检查这一行的 {% %}、{{ }} 是否成对，if、for、block 有没有对应的 end。");
    let detail = error.detail().unwrap_or_default();
    let label = if detail.contains("end of input") || detail.contains("end of file") {
        "到这里还没有收尾".to_owned()
    } else if let Some(word) = detail.strip_prefix("unknown statement ") {
        format!("没有 {word} 这种语句")
    } else {
        String::new()
    };
    place(diagnostic.label(label), theme, error, name)
}

/// A template that failed while it ran for the page of `whose`; nothing where the reason has been told already, as
/// that a template which it needs cannot be read.
pub(super) fn failed(theme: &Theme, root: &str, error: &Error, whose: Option<&Arc<str>>) -> Option<Diagnostic> {
    let innermost = innermost(error);
    let name = innermost.name().unwrap_or(root).to_owned();
    let detail = innermost.detail().unwrap_or_default();
    let mut diagnostic = if let Some(rest) = detail.strip_prefix(NO_ASSET) {
        let (wanted, near) = rest.split_once('\u{1}').unwrap_or((rest, ""));
        let cure = if near.is_empty() {
            "把文件放进主题的 static/ 里。".to_owned()
        } else {
            format!("是否想写 {near}？")
        };
        Diagnostic::error(ASSET_MISSING, format!("模板要用的主题文件“{wanted}”不存在"))
            .cause("asset() 里要写 static/ 下的文件名，例如 css/portal.css。")
            .cure(cure)
    } else if innermost.kind() == ErrorKind::TemplateNotFound {
        let wanted = wanted_template(innermost, root);
        if theme.templates().contains_key(wanted.as_str()) {
            return None;
        }
        let near = nearest(&wanted, theme.templates().keys().map(|name| &**name));
        let cure = near.first().map_or_else(
            || "把这个模板放进主题的 templates/，或者门户自己的 templates/。".to_owned(),
            |near| format!("是否想写 {near}？"),
        );
        Diagnostic::error(TEMPLATE_MISSING, format!("没有叫“{wanted}”的模板"))
            .cause("页面要靠模板排版，找不到模板就生成不了。")
            .cure(cure)
    } else {
        Diagnostic::error(TEMPLATE_FAILED, format!("模板 {name} 运行到一半出错"))
            .cause(reason(innermost))
            .cure("请主题的维护人员看这一行；刚改过模板的，先退回上一个版本。")
    };
    diagnostic = place(diagnostic, theme, innermost, &name);
    let mut chain = Vec::new();
    let mut at: Option<&Error> = Some(error);
    while let Some(one) = at {
        if let (Some(name), Some(line)) = (one.name(), one.line()) {
            chain.push(format!("{}:{line}", origin(theme, name)));
        }
        at = one.source().and_then(|source| source.downcast_ref());
    }
    if chain.len() > 1 {
        // From the place of the fault outwards, once around if it is a circle.
        let mut shown: Vec<String> = Vec::new();
        for step in chain.into_iter().rev() {
            if shown.len() < 6 && !shown.contains(&step) {
                shown.push(step);
            }
        }
        if shown.len() > 1 {
            diagnostic = diagnostic.with_note(format!("经过：{}", shown.join(" ← ")));
        }
    }
    Some(match whose {
        Some(file) if diagnostic.place.is_none() => diagnostic.in_file(file),
        // Which page came first must not show, or the same fault of a template would be told once a page.
        _ => diagnostic,
    })
}

fn innermost(error: &Error) -> &Error {
    let mut at = error;
    while let Some(source) = at.source().and_then(|source| source.downcast_ref::<Error>()) {
        at = source;
    }
    at
}

fn wanted_template(error: &Error, root: &str) -> String {
    let detail = error.detail().unwrap_or_default();
    let quoted = detail.split('"').nth(1).or_else(|| detail.split('\'').nth(1)).or_else(|| detail.split('`').nth(1));
    quoted.unwrap_or(root).to_owned()
}

/// The engine's reason in plain words where there are some.
fn reason(error: &Error) -> String {
    let detail = error.detail().unwrap_or_default();
    if detail.contains("recursion") || detail.contains("cycle in template inheritance") {
        return "模板一层套一层，绕成了圈（多半是两个模板互相 include 或 extends）。".to_owned();
    }
    let why = match error.kind() {
        ErrorKind::UndefinedError => "用到了一个没有的名称",
        ErrorKind::UnknownFilter => "用到了一个没有的过滤器",
        ErrorKind::UnknownFunction => "用到了一个没有的函数",
        ErrorKind::UnknownTest => "用到了一个没有的判断",
        ErrorKind::UnknownMethod => "用到了一个没有的方法",
        ErrorKind::MissingArgument | ErrorKind::TooManyArguments => "参数的个数不对",
        _ => "这一步算不下去",
    };
    if detail.is_empty() {
        return format!("{why}。");
    }
    let name = match error.kind() {
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest => detail.split(' ').nth(1),
        ErrorKind::UnknownFunction => detail.split(' ').next(),
        ErrorKind::UnknownMethod => detail.rsplit(' ').next(),
        _ => None,
    };
    match name {
        Some(name) => format!("{why}：{name}。"),
        None if detail.is_ascii() => format!("{why}（模板引擎的原话：{detail}）。"),
        None => format!("{why}：{detail}。"),
    }
}

fn origin(theme: &Theme, name: &str) -> Arc<str> {
    theme.templates().get(name).map_or_else(|| name.into(), |template| template.origin.clone())
}

fn place(diagnostic: Diagnostic, theme: &Theme, error: &Error, name: &str) -> Diagnostic {
    let name = error.name().unwrap_or(name);
    let Some(template) = theme.templates().get(name) else { return diagnostic };
    let span = error.range().map(|range| Span::new(range.start, range.end)).or_else(|| {
        let line = error.line()?;
        let from: usize = template.source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let text = template.source[from..].lines().next().unwrap_or_default();
        Some(Span::new(from, from + text.len()))
    });
    match span {
        Some(span) => diagnostic.at(&template.origin, span),
        None => diagnostic.in_file(&template.origin),
    }
}
