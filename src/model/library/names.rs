//! What the front matter names: offices, kinds, series, files, pages. Each is looked up, and complained about with the
//! nearest known ones where there is none of that name.

use std::sync::Arc;

use super::super::record::Offices;
use crate::content::{At, Series};
use crate::diag::{Diagnostic, KIND_UNKNOWN, OFFICE_UNKNOWN, SERIES_UNKNOWN, nearest};
use crate::source::{Config, Kind};

/// The offices of that name; all where none is named.
pub(super) fn offices(
    config: &Config,
    words: &[At<Arc<str>>],
    file: &Arc<str>,
    problems: &mut Vec<Diagnostic>,
) -> Offices {
    // Without any office the configuration is at fault, which has been said.
    if words.is_empty() || config.offices().is_empty() {
        return Offices::ALL;
    }
    let mut bits = 0;
    for word in words {
        match config.office(&word.value) {
            Some(at) if at < 64 => bits |= 1 << at,
            _ => {
                let names: Vec<String> =
                    config.offices().iter().map(|office| format!("{}（{}）", office.id, office.short)).collect();
                let known = config.offices().iter().flat_map(|office| [&*office.id, &*office.short, &*office.name]);
                let near = nearest(&word.value, known);
                let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
                problems.push(
                    Diagnostic::error(OFFICE_UNKNOWN, format!("没有叫“{}”的办公区", word.value))
                        .at(file, word.span)
                        .cause("这一篇该放进哪个办公区的站点就定不下来。")
                        .cure(format!("{guess}可以写的有：{}；所有办公区都要，就删去这一项。", names.join("、"))),
                );
            }
        }
    }
    if bits == 0 { Offices::ALL } else { Offices(bits) }
}

/// The kind of that name.
pub(super) fn kind(
    config: &Config,
    word: &At<Arc<str>>,
    file: &Arc<str>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Arc<Kind>> {
    let found = config.kind(&word.value).cloned();
    if found.is_none() {
        let near = nearest(&word.value, config.kinds().iter().flat_map(|kind| [&*kind.id, &*kind.name]));
        let guess = near.first().map(|near| format!("是否想写 {near}？")).unwrap_or_default();
        let names: Vec<String> = config.kinds().iter().map(|kind| format!("{}（{}）", kind.id, kind.name)).collect();
        problems.push(
            Diagnostic::error(KIND_UNKNOWN, format!("没有叫“{}”的类型", word.value))
                .at(file, word.span)
                .cause("类型决定用哪个版式、进首页哪一栏。")
                .cure(format!("{guess}可以写的有：{}；不写就按所在栏目来定。", names.join("、"))),
        );
    }
    found
}

/// The id of the series of that name. One that still stands in the configuration passes, as any does while a file is
/// broken that may bear its name: enough is said there, and the page is looked at again once it is mended.
pub(super) fn series(
    config: &Config,
    known: &[Arc<Series>],
    word: &At<Arc<str>>,
    file: &Arc<str>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Arc<str>> {
    let found = known.iter().find(|series| series.id == word.value || series.name == word.value);
    if let Some(series) = found {
        return Some(series.id.clone());
    }
    // Of a portal without offices there is more important to say; but the series may come.
    let is_excused = config.offices().is_empty() || known.iter().any(|series| !series.is_readable());
    if is_excused || config.old_series().contains(&word.value) {
        return Some(word.value.clone());
    }
    let near = nearest(&word.value, known.iter().flat_map(|one| [&*one.id, &*one.name]));
    let name = word.value.replace(['/', '\\', ':', '*', '?', '"', '<', '>', '|'], "-");
    let new = format!("新建文件 content/series/{name}.toml，里面写一行：name = \"{}\"", word.value);
    let cure = match near.first() {
        Some(near) => format!("是否想写 {near}？或者{new}"),
        None => format!("{new}；或者去掉这一项。"),
    };
    problems.push(
        Diagnostic::error(SERIES_UNKNOWN, format!("没有编号是“{}”的系列", word.value))
            .at(file, word.span)
            .cause("系列要先在 content/series 文件夹里用一个文件说明，才知道它的名称和学习计划。")
            .cure(cure),
    );
    None
}
