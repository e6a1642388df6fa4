//! Style sheets on their way out: lowered to Chromium 78, minified, and every `url()` led to the file's real address.

use std::fmt::Write as _;
use std::sync::Arc;

use lightningcss::dependencies::{Dependency, DependencyOptions};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use lightningcss::targets::{Browsers, Targets};

use crate::diag::{ASSET_MISSING, Diagnostic, STYLE_SYNTAX, Span};
use crate::source::Office;

/// The oldest browser that pages are made for.
const FLOOR: Browsers = Browsers {
    chrome: Some(78 << 16),
    android: None,
    edge: None,
    firefox: None,
    ie: None,
    ios_saf: None,
    opera: None,
    safari: None,
    samsung: None,
};

/// Lowers and minifies `source`, the style sheet `name` below `static/`. `resolve` turns a theme file's name into its
/// address seen from the style sheet.
///
/// # Errors
/// What is wrong with it: a rule that cannot be read, or a file that the theme does not have.
pub fn lower(
    name: &str,
    origin: &Arc<str>,
    source: &str,
    resolve: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Vec<Diagnostic>> {
    let broken = |line: usize, column: usize, why: String| {
        vec![
            Diagnostic::error(STYLE_SYNTAX, "样式表里有一处读不懂")
                .at(origin, point(source, line, column))
                .label(plain_reason(&why))
                .cause("浏览器会丢掉读不懂的样式，页面就走样了。")
                .cure("检查这一行的括号、分号和拼写。"),
        ]
    };
    let targets = Targets { browsers: Some(FLOOR), ..Targets::default() };
    let mut sheet = StyleSheet::parse(source, ParserOptions::default()).map_err(|error| {
        let (line, column) = error.loc.as_ref().map_or((0, 1), |loc| (loc.line as usize, loc.column as usize));
        broken(line, column, error.kind.to_string())
    })?;
    sheet
        .minify(MinifyOptions { targets, ..MinifyOptions::default() })
        .map_err(|error| broken(0, 1, error.kind.to_string()))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            targets,
            analyze_dependencies: Some(DependencyOptions::default()),
            ..PrinterOptions::default()
        })
        .map_err(|error| broken(0, 1, error.kind.to_string()))?;
    let mut css = printed.code;
    let mut problems = Vec::new();
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    for dependency in printed.dependencies.unwrap_or_default() {
        let (url, placeholder, line, column) = match &dependency {
            Dependency::Url(one) => (&one.url, &one.placeholder, one.loc.start.line, one.loc.start.column),
            Dependency::Import(one) => (&one.url, &one.placeholder, one.loc.start.line, one.loc.start.column),
        };
        let (path, fragment) = url.split_once('#').map_or((url.as_str(), None), |(path, rest)| (path, Some(rest)));
        match join(folder, path).and_then(|wanted| resolve(&wanted)) {
            Some(mut address) => {
                if let Some(fragment) = fragment {
                    address.push('#');
                    address.push_str(fragment);
                }
                css = css.replace(placeholder.as_str(), &address);
            }
            None => problems.push(
                Diagnostic::error(ASSET_MISSING, format!("样式表引用的文件“{url}”，主题里没有"))
                    .at(origin, point(source, line as usize - 1, column as usize))
                    .cause("页面只能用主题自己的文件：别的网站上的、写成 data: 的，内网都取不到。")
                    .cure("把文件放进主题的 static/ 里，路径从这个样式表所在的文件夹算起。"),
            ),
        }
    }
    if problems.is_empty() { Ok(css) } else { Err(problems) }
}

/// The reader's complaint in plain words where there are some.
fn plain_reason(english: &str) -> &'static str {
    let known = [
        ("@import", "@import 要写在所有样式之前"),
        ("end of input", "写到文件末尾还没有收尾"),
        ("selector", "选择器（花括号前面的部分）写得不对"),
        ("at-rule", "没有这种 @ 开头的规则"),
        ("Unexpected token", "这里多了一个符号，或者少了一个"),
    ];
    known.iter().find(|(part, _)| english.contains(part)).map_or("从这里开始读不懂", |(_, chinese)| chinese)
}

/// `url` seen from `folder`, both below `static/`.
fn join(folder: &str, url: &str) -> Option<String> {
    if url.contains(':') || url.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in url.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The byte at a line (from 0) and column (from 1, in UTF-16 units as lightningcss counts).
fn point(source: &str, line: usize, column: usize) -> Span {
    let from: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = 1;
    let within = source[from..].char_indices().find(|(_, c)| {
        let here = units >= column;
        units += c.len_utf16();
        here
    });
    let at = from + within.map_or(0, |(at, _)| at);
    Span::new(at, at)
}

/// The generated style sheet with the offices' accents: a class for each, and the current one's for the page.
pub fn office_css(offices: &[Arc<Office>], current: Option<usize>) -> String {
    let mut css = String::new();
    if let Some(office) = current.and_then(|at| offices.get(at)) {
        let _ = write!(css, ":root{{--accent:{}}}", office.accent);
    }
    for office in offices {
        let _ = write!(css, ".o-{}{{--accent:{}}}", office.id, office.accent);
    }
    css.push('\n');
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lowers_and_leads_on() {
        let found = lower(
            "css/a.css",
            &"themes/portal/static/css/a.css".into(),
            "a { inset: 0; background: url(../img/x.svg) } .b { color: var(--accent) }",
            &|name| (name == "img/x.svg").then(|| "../img/x.1234.svg".to_owned()),
        );
        assert_eq!(
            found.expect("reads"),
            "a{background:url(\"../img/x.1234.svg\");top:0;bottom:0;left:0;right:0}.b{color:var(--accent)}"
        );
    }

    #[test]
    fn missing_files_and_bad_rules_are_told() {
        let origin: Arc<str> = "a.css".into();
        let missing = lower("a.css", &origin, "a{background:url(https://x.cn/a.png)}", &|_| None).expect_err("missing");
        assert_eq!(missing[0].code, ASSET_MISSING);
        let broken = lower("a.css", &origin, "a{}\n}}", &|_| None).expect_err("broken");
        assert_eq!(broken[0].code, STYLE_SYNTAX);
    }
}
