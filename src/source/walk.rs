//! What stands below a folder of `content/`: names and sorts only, without reading a file. Everything that may not be
//! published by its name or place is told here.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::unreadable;
use super::names::{is_dropping, is_reserved, portal_path};
use super::stamp::Stamp;
use super::{Config, trouble};
use crate::diag::{Diagnostic, FILE_LINK_OUTSIDE, FILE_NAME_RESERVED};

/// Where a look goes, and what it leaves out.
pub(super) struct Ground<'a> {
    pub(super) root: &'a Path,
    /// The same without links.
    pub(super) real_root: PathBuf,
    pub(super) config: &'a Config,
    pub(super) output: Option<&'a Path>,
}

impl Ground<'_> {
    /// Whether nothing at `path` is looked at, nor below it.
    pub(super) fn skips(&self, name: &str, path: &str, full: &Path) -> bool {
        is_dropping(name) || self.config.ignores(path) || self.output.is_some_and(|output| output == full)
    }
}

/// One path found by the walk.
pub(super) struct Found {
    pub(super) full: PathBuf,
    pub(super) path: Arc<str>,
    pub(super) sort: Sort,
}

/// What stands at it.
pub(super) enum Sort {
    Folder,
    File,
    Link,
    /// Something that is no part of the snapshot, with the reason.
    Barred(Box<Diagnostic>),
}

/// What is in the place of a file, by its metadata.
pub(super) enum Met {
    File(Stamp),
    Barred(Box<Diagnostic>),
    Nothing,
}

/// Everything at `spot` and below, `content` or a path below it, in no order. What is gone is not there.
pub(super) fn walk(ground: &Ground<'_>, spot: &str, found: &mut Vec<Found>) {
    let is_top = spot == "content";
    let top = ground.root.join(spot);
    let walker = walkdir::WalkDir::new(&top).follow_root_links(is_top).min_depth(usize::from(is_top));
    let mut walker = walker.into_iter();
    while let Some(entry) = walker.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) if error.io_error().is_some_and(|error| error.kind() == ErrorKind::NotFound) => continue,
            Err(error) => {
                let full = error.path().unwrap_or(&top).to_owned();
                let path = portal_path(ground.root, &full);
                let why = error.io_error().map_or_else(|| "快捷链接绕成了圈".to_owned(), trouble::why);
                let sort = Sort::Barred(Box::new(unreadable(&path, &why)));
                found.push(Found { full, path, sort });
                continue;
            }
        };
        let path = portal_path(ground.root, entry.path());
        let name = entry.file_name().to_string_lossy();
        let kind = entry.file_type();
        if ground.skips(&name, &path, entry.path()) {
            if kind.is_dir() {
                walker.skip_current_dir();
            }
            continue;
        }
        let sort = if is_reserved(&name) {
            if kind.is_dir() {
                walker.skip_current_dir();
            }
            Sort::Barred(Box::new(reserved(&name, &path)))
        } else if entry.file_name().to_str().is_none() {
            if kind.is_dir() {
                walker.skip_current_dir();
            }
            Sort::Barred(Box::new(
                unreadable(&path, "文件名的编码不是 UTF-8")
                    .cause("文件名里有认不出来的字，多半是从旧系统或压缩包里带出来的。")
                    .cure("给它重新起一个名字。"),
            ))
        } else if kind.is_dir() {
            Sort::Folder
        } else if kind.is_symlink() {
            Sort::Link
        } else if kind.is_file() {
            Sort::File
        } else {
            continue;
        };
        found.push(Found { full: entry.into_path(), path, sort });
    }
}

/// Looks at the metadata of what was found; links to files that stay inside the root are followed.
pub(super) fn meet(ground: &Ground<'_>, found: &Found) -> Met {
    match &found.sort {
        Sort::Folder => Met::Nothing,
        Sort::Barred(problem) => Met::Barred(problem.clone()),
        Sort::Link => {
            let real = found.full.canonicalize().ok();
            let meta = real.as_ref().and_then(|real| fs::metadata(real).ok());
            let what = match (&real, meta) {
                (Some(real), _) if !real.starts_with(&ground.real_root) => "这是一个指到门户文件夹外面的快捷链接",
                (Some(_), Some(meta)) if meta.is_file() => return Met::File(Stamp::of(&meta)),
                (Some(_), Some(_)) => "这是一个指向文件夹的快捷链接",
                _ => "这个快捷链接指向的文件不存在",
            };
            Met::Barred(Box::new(link_outside(&found.path, what)))
        }
        Sort::File => match fs::symlink_metadata(&found.full) {
            Ok(meta) => Met::File(Stamp::of(&meta)),
            Err(error) if error.kind() == ErrorKind::NotFound => Met::Nothing,
            Err(error) => Met::Barred(Box::new(unreadable(&found.path, &trouble::why(&error)))),
        },
    }
}

pub(super) fn link_outside(path: &Arc<str>, what: &str) -> Diagnostic {
    Diagnostic::error(FILE_LINK_OUTSIDE, what)
        .in_file(path)
        .cause("门户要能整个复制到别的电脑上；这样的链接一搬动就断，也可能把不该公开的文件带进来。")
        .cure("删除这个链接，把要用的文件本身复制到这里。")
}

fn reserved(name: &str, path: &Arc<str>) -> Diagnostic {
    Diagnostic::error(FILE_NAME_RESERVED, format!("“{name}”是 Windows 保留的名字"))
        .in_file(path)
        .cause("con、nul、aux、com1 这类名字在 Windows 上打不开，也无法复制、删除。")
        .cure("给它换一个名字，例如在前面加上栏目名。")
}
