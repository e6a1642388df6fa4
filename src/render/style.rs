//! Style sheets on their way out: lowered to Chromium 78, minified, and every address led to the file's real one. Theme
//! files come in as they were written; `statics` gives what leaves here its name.

mod scan;
#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use lightningcss::targets::{Browsers, Targets};
use percent_encoding::percent_decode_str;

use self::scan::{Fallback, Scan};
use self::told::Outside;
use crate::diag::Diagnostic;
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

/// Marks a declaration that a later one of the same property overrides where a browser knows its value. lightningcss
/// drops some of these (`overflow:hidden;overflow:clip`), but leaves a property alone that it does not know.
const FALLBACK: &str = "-zhendi-fallback-";

/// Lowers and minifies `source`, the style sheet `name` below `static/`. `resolve` turns a theme file's name into its
/// address seen from the style sheet's own folder; `known` are the names that it knows, for a message to propose.
///
/// An address in a custom property is taken like any other, from this sheet's folder, although a browser takes it from
/// the sheet that has the `var()`: sheets that share such a property have to lie in one folder.
///
/// # Errors
/// Everything that is wrong with it: rules that cannot be read, files that the theme does not have.
pub fn lower(
    name: &str,
    origin: &Arc<str>,
    source: &str,
    known: &[&str],
    resolve: &dyn Fn(&str) -> Option<String>,
) -> Result<String, Vec<Diagnostic>> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let scan = Scan::of(source);
    let mut problems = syntax(origin, source, &scan);
    let led = lead(name, origin, source, &scan, known, resolve, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    print(&led).map_err(|why| vec![told::failed(origin, &why)])
}

/// The names (relative to `static/`) of the theme files that the style sheet `name` refers to, sorted, each once.
/// Addresses that can be no theme file are left out; [`lower`] tells of them.
pub fn references(name: &str, source: &str) -> Vec<String> {
    let scan = Scan::of(source.strip_prefix('\u{feff}').unwrap_or(source));
    let mut names: Vec<String> = scan
        .references
        .iter()
        .filter_map(|reference| match target(folder(name), &reference.url) {
            Target::File { name, .. } => Some(name),
            Target::Same | Target::Outside(_) => None,
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Style sheets that import each other; `sheets` are their names, the last one at `origin`.
pub fn circle(origin: &Arc<str>, sheets: &[&Arc<str>]) -> Diagnostic {
    told::circle(origin, sheets)
}

/// A style sheet that is not UTF-8.
pub fn not_text(origin: &Arc<str>) -> Diagnostic {
    told::not_text(origin)
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

/// Everything that cannot be read. Full-width marks come alone, and so does the innermost bracket that is left open at
/// the end: other faults follow from those.
fn syntax(origin: &Arc<str>, source: &str, scan: &Scan) -> Vec<Diagnostic> {
    if !scan.full_width.is_empty() {
        return scan.full_width.iter().map(|wide| told::full_width(origin, wide)).collect();
    }
    if let Some(open) = scan.unclosed.first() {
        return vec![told::unclosed(origin, source, open)];
    }
    let found = Arc::new(RwLock::new(Vec::new()));
    let options = ParserOptions { error_recovery: true, warnings: Some(found.clone()), ..ParserOptions::default() };
    let lenient = StyleSheet::parse(source, options);
    // One that goes on after a fault passes over some in silence: a strict one finds the first of those.
    let strict = StyleSheet::parse(source, ParserOptions::default());
    let found = found.read().unwrap_or_else(PoisonError::into_inner);
    let errors = found.iter().chain(lenient.as_ref().err()).chain(strict.as_ref().err());
    let mut problems: Vec<Diagnostic> = Vec::new();
    for problem in errors.filter_map(|error| told::syntax(origin, source, error)) {
        if problems.iter().all(|other| other.place != problem.place) {
            problems.push(problem);
        }
    }
    problems
}

/// `source` with every address led to the file's own, and every fallback marked.
fn lead(
    name: &str,
    origin: &Arc<str>,
    source: &str,
    scan: &Scan,
    known: &[&str],
    resolve: &dyn Fn(&str) -> Option<String>,
    problems: &mut Vec<Diagnostic>,
) -> String {
    let dropped = scan.fallbacks.iter().filter(|fallback| is_dropped(source, fallback));
    let marked: BTreeSet<usize> =
        dropped.flat_map(|fallback| fallback.shorthands.iter().copied().chain([fallback.own.start])).collect();
    let mut edits: Vec<(Range<usize>, String)> = marked.into_iter().map(|at| (at..at, FALLBACK.to_owned())).collect();
    for reference in &scan.references {
        let (wanted, fragment) = match target(folder(name), &reference.url) {
            Target::Same => continue,
            Target::File { name, fragment } => (name, fragment),
            Target::Outside(why) => {
                let path = reference.url.trim_start_matches(['/', '.']);
                let path = path.strip_prefix("static/").unwrap_or(path);
                let inside = known.iter().find(|file| **file == path).map(|file| told::from(folder(name), file));
                problems.push(told::outside(origin, reference, &why, inside.as_deref()));
                continue;
            }
        };
        let Some(mut address) = resolve(&wanted) else {
            problems.push(told::missing(origin, reference, folder(name), &wanted, known));
            continue;
        };
        address.push_str(fragment);
        let mut quoted = String::new();
        let _ = cssparser::serialize_string(&address, &mut quoted);
        edits.push((reference.range.clone(), if reference.whole { format!("url({quoted})") } else { quoted }));
    }
    edits.sort_by_key(|(range, _)| range.start);
    let mut out = String::new();
    let mut done = 0;
    for (range, new) in edits {
        out.push_str(&source[done..range.start]);
        out.push_str(&new);
        done = range.end;
    }
    out.push_str(&source[done..]);
    out
}

/// Whether lightningcss drops a fallback, or folds it into the later declaration.
fn is_dropped(source: &str, fallback: &Fallback) -> bool {
    let pair = format!("a{{{};{}}}", &source[fallback.own.clone()], &source[fallback.later.clone()]);
    print(&pair).is_ok_and(|css| Scan::of(&css).fallbacks.is_empty())
}

fn print(source: &str) -> Result<String, String> {
    let targets = Targets { browsers: Some(FLOOR), ..Targets::default() };
    let mut sheet = StyleSheet::parse(source, ParserOptions::default()).map_err(|error| error.to_string())?;
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }).map_err(|error| error.to_string())?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })
        .map_err(|error| error.to_string())?;
    Ok(printed.code.replace(FALLBACK, ""))
}

/// Where an address leads.
enum Target<'a> {
    /// Into the page itself (`url(#clip)`).
    Same,
    /// To the theme file `name`; `fragment` is empty or begins with `#`.
    File {
        name: String,
        fragment: &'a str,
    },
    Outside(Outside),
}

fn target<'a>(folder: &str, url: &'a str) -> Target<'a> {
    let url = url.trim();
    let (path, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    // What stands after `?` only ever fooled caches; the hash in the name does that now.
    let path = path.split('?').next().unwrap_or(path);
    if path.is_empty() {
        return if fragment.is_empty() { Target::Outside(Outside::Empty) } else { Target::Same };
    }
    if let Some(why) = scheme(path) {
        return Target::Outside(why);
    }
    let path = percent_decode_str(path).decode_utf8_lossy();
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Target::Outside(Outside::Above);
                }
            }
            part => parts.push(part),
        }
    }
    Target::File { name: parts.join("/"), fragment }
}

/// Why a path is not a relative one.
fn scheme(path: &str) -> Option<Outside> {
    if path.starts_with("//") {
        return Some(Outside::OtherHost);
    }
    if path.starts_with('/') {
        return Some(Outside::Rooted);
    }
    let (before, _) = path.split_once(':')?;
    let is_scheme = before.starts_with(|c: char| c.is_ascii_alphabetic())
        && before.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    match before.to_ascii_lowercase().as_str() {
        _ if !is_scheme => None,
        "data" | "blob" => Some(Outside::Inline),
        "file" => Some(Outside::Disk),
        drive if drive.len() == 1 => Some(Outside::Disk),
        _ => Some(Outside::OtherHost),
    }
}

/// The folder of a theme file.
fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}
