//! What an author may have meant by a target that leads nowhere: the message, with the line to paste or the nearest
//! paths. Called from [`super`] once nothing was found.

use std::sync::Arc;

use super::super::address;
use super::super::library::{Found, Library, Paths};
use super::{Budget, resolve};
use crate::content::Document;
use crate::diag::{Diagnostic, IMAGE_MISSING, LINK_FORM, LINK_MISSING, LINK_NO_SCHEME, Span, nearest};
use crate::source::folded;

/// The line that names `near`, or `otherwise` where there is nothing near.
pub(super) fn guess(near: &[String], otherwise: &str) -> String {
    match near {
        [] => otherwise.to_owned(),
        [one] => format!("是否想写 {one}？"),
        many => format!("是否想写 {}？", many.join(" 或 ")),
    }
}

/// The paths nearest to a target that does not exist, as links from `file`.
pub(super) fn candidates(
    known: &dyn Paths,
    file: &str,
    target: &str,
    budget: &Budget,
    fits: impl Fn(Found) -> bool,
) -> Vec<String> {
    let Some(left) = budget.get().checked_sub(1) else { return Vec::new() };
    budget.set(left);
    let decoded = address::decode(target).unwrap_or_else(|| target.to_owned()).replace('\\', "/");
    let Some(wanted) = resolve(file, &decoded) else { return Vec::new() };
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let stem = |path: &str| {
        folded(name(path).rsplit_once('.').map_or(path, |(stem, _)| stem).rsplit('/').next().unwrap_or(""))
    };
    let wanted_stem = match stem(&wanted) {
        stem if stem == "index" || stem == "_index" => name(wanted.rsplit_once('/').map_or("", |(folder, _)| folder)),
        stem => stem,
    };
    let mut known: Vec<(&Arc<str>, String)> = known
        .all()
        .into_iter()
        .filter(|&(_, found)| fits(found))
        .map(|(path, _)| {
            let own = stem(path);
            let own =
                if own == "index" || own == "_index" { path.rsplit('/').nth(1).unwrap_or("").to_owned() } else { own };
            (path, own)
        })
        .collect();
    known.sort();
    let near = nearest(&wanted_stem, known.iter().map(|(_, stem)| stem.as_str()));
    let mut found: Vec<String> = Vec::new();
    for stem in near {
        for (path, own) in &known {
            if own == stem {
                let mut link = String::new();
                address::push_relative(&mut link, file, path);
                found.push(link);
            }
        }
    }
    found.truncate(3);
    found
}

/// What is said of a picture that is not there.
pub(super) fn missing_picture(
    library: &Library,
    document: &Document,
    target: &str,
    span: Span,
    budget: &Budget,
) -> Diagnostic {
    let file = &document.path;
    let full = resolve(file, target);
    let told = Diagnostic::error(IMAGE_MISSING, "图片文件不存在").at(file, span);
    let there = full.as_deref().filter(|full| matches!(library.find(full), Some(Found::Asset(_))));
    if let Some(there) = there {
        // Only an address from the root gets here: those are not looked up.
        let mut link = String::new();
        address::push_relative(&mut link, file, there);
        return told
            .label("这是网址，不是文件的位置")
            .cause("图片要写从本文件所在的文件夹算起的路径，页面搬到哪里都能打开。")
            .cure(format!("改成：{link}"));
    }
    let near = candidates(library, file, target, budget, |found| matches!(found, Found::Asset(_)));
    let cure = beside_article(target, &near)
        .unwrap_or_else(|| guess(&near, "把图片复制到文章所在的文件夹，文件名要一字不差（包括 .png、.jpg）。"));
    told.label(format!("没有 {}", full.unwrap_or_else(|| target.to_owned())))
        .cause("读者看到的会是一个破图标。")
        .cure(cure)
}

/// What to do about a file that is addressed from the root, as other systems do with what stands in their `static/`;
/// `None` if it is another sort of target, or if a file of that name is among the `near` ones.
fn beside_article(target: &str, near: &[String]) -> Option<String> {
    let path = target.split(['?', '#']).next().unwrap_or(target);
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_page = [".md", ".html", ".htm"].iter().any(|end| name.ends_with(end));
    if !path.starts_with('/') || !has_ending(path) || is_page {
        return None;
    }
    if near.iter().any(|link| link.rsplit('/').next() == Some(name)) {
        return None;
    }
    let near = if near.is_empty() { String::new() } else { guess(near, "") };
    Some(format!(
        "开头的 / 在这里指 content/ 文件夹；别的系统放在 static/ 里的文件，请复制到文章所在的文件夹，只写文件名：{name}。{near}"
    ))
}

/// Whether the last part of a path ends like a file's name: `.md`, `.docx`.
fn has_ending(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty() && (1..=5).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// What was left out in front of a web address, if the target looks like one. Machines of the intranet, which go by
/// numbers or a port, seldom speak https.
fn host_scheme(path: &str) -> Option<&'static str> {
    let host = path.split('/').next().unwrap_or(path).to_ascii_lowercase();
    let (name, port) = host.split_once(':').map_or((host.as_str(), None), |(name, port)| (name, Some(port)));
    let is_port = port.is_some_and(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
    if name.parse::<std::net::Ipv4Addr>().is_ok() || (is_port && !name.is_empty()) {
        return Some("http://");
    }
    let is_name = name.starts_with("www.")
        || [".com", ".cn", ".org", ".net", ".io", ".top", ".edu", ".gov"].iter().any(|end| name.ends_with(end));
    (is_name && port.is_none()).then_some("https://")
}

/// What is said of a link that leads nowhere.
pub(super) fn missing(
    library: &Library,
    document: &Document,
    target: &str,
    (path, anchor): (&str, Option<&str>),
    span: Span,
    budget: &Budget,
) -> Diagnostic {
    let file = &document.path;
    if let Some(scheme) = host_scheme(path) {
        return Diagnostic::error(LINK_NO_SCHEME, format!("网址前面少了 {scheme}"))
            .at(file, span)
            .cause(format!("没有 {scheme}，浏览器会把它当成本站的一个文件。"))
            .cure(format!("改成：{scheme}{target}"));
    }
    // A full-width mark or a blank that slipped into the brackets before a whole web address.
    let at_scheme = ["https://", "http://"].iter().find_map(|scheme| target.find(scheme));
    if let Some((stray, web)) = at_scheme.map(|at| target.split_at(at))
        && let Some(stray) = address::decode(stray)
        && stray.chars().all(|c| !c.is_alphanumeric() && !matches!(c, '.' | '/' | '#' | '?'))
    {
        return Diagnostic::error(LINK_MISSING, "网址前面多了一个符号")
            .at(file, span)
            .label(format!("多了“{stray}”"))
            .cause("网址要从 http 开始写，多了这个符号，浏览器会把它当成本站的一个文件。")
            .cure(format!("改成：{web}"));
    }
    if let Some(link) = meant_page(library, file, path) {
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        return Diagnostic::error(LINK_FORM, "链接要写源文件，不能写网址")
            .at(file, span)
            .cause("文章的网址会随标题和栏目变化，写源文件（.md）才不会断，离线打开也能用。")
            .cure(format!("改成：{link}{anchor}"));
    }
    let near = candidates(library, file, path, budget, |found| has_ending(path) || !matches!(found, Found::Asset(_)));
    let decoded = address::decode(path).unwrap_or_else(|| path.to_owned());
    let label = match resolve(file, &decoded) {
        Some(path) => format!("没有 {path}"),
        None => "这个路径跑到门户外面去了".to_owned(),
    };
    Diagnostic::error(LINK_MISSING, "链接指向的文件不存在")
        .at(file, span)
        .label(label)
        .cause("读者点击后会看到“页面不存在”。")
        .cure(match bare_section(library, file, &decoded) {
            Some(folder) => format!("那是一个栏目，但没有栏目说明：先新建 {folder}/_index.md，再链接到它。"),
            None => beside_article(target, &near)
                .unwrap_or_else(|| guess(&near, "核对文件名和文件夹；路径从本文件所在的文件夹算起，../ 表示上一层。")),
        })
}

/// The folder that `path` names, if it is a section without a page of its own.
fn bare_section(library: &Library, file: &str, path: &str) -> Option<String> {
    let full = resolve(file, path)?;
    let folder = full.strip_prefix("content/")?;
    let found = library.sections.iter().any(|section| *section.folder == *folder && section.document.is_none());
    found.then_some(full)
}

/// The source file that a root-absolute, extension-less or `.html` address means.
fn meant_page(library: &Library, file: &str, path: &str) -> Option<String> {
    let decoded = address::decode(path)?;
    let trimmed = decoded.trim_end_matches('/');
    let bare = trimmed.strip_suffix(".html").or_else(|| trimmed.strip_suffix(".htm")).unwrap_or(trimmed);
    let bare = bare.strip_suffix("/index").unwrap_or(bare);
    let mut bases: Vec<String> = Vec::new();
    if let Some(absolute) = bare.strip_prefix('/') {
        let below = absolute.trim_start_matches("content/").trim_end_matches(".md");
        let office = below.split_once('/').filter(|(id, _)| {
            library.find(&format!("content/{id}/_index.md")).is_none()
                && library.config.offices().iter().any(|office| *office.id == **id)
        });
        let below = office.map_or(below, |(_, rest)| rest);
        bases.push(if below.is_empty() { "content".to_owned() } else { format!("content/{below}") });
    } else {
        bases.extend(resolve(file, bare));
    }
    for base in &bases {
        for end in [".md", "/index.md", "/_index.md", ""] {
            let full = format!("{base}{end}");
            if library.find(&full).is_some() {
                let mut link = String::new();
                address::push_relative(&mut link, file, full.as_ref());
                return Some(link);
            }
        }
        let out = format!("{}.html", base.strip_prefix("content/").unwrap_or(base));
        let index = format!("{}/index.html", base.strip_prefix("content/").unwrap_or(base));
        let by_address = library.by_address();
        if let Some(full) = by_address.get(out.as_str()).or_else(|| by_address.get(index.as_str())) {
            let mut link = String::new();
            address::push_relative(&mut link, file, full.as_ref());
            return Some(link);
        }
    }
    None
}
