//! Walks `content/`, reads and hashes what stands there in parallel. Texts are kept until they are parsed; of other
//! files only size, hash and, for pictures, their dimensions are.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::{Config, picture, trouble};
use crate::diag::{
    Diagnostic, FILE_LINK_OUTSIDE, FILE_NAME_RESERVED, FILE_NAMES_CLASH, FILE_TOO_LARGE, FILE_UNREADABLE,
};

/// Largest text that is read, in bytes. A book of a million characters has 3 MB.
pub const TEXT_LIMIT: u64 = 8 << 20;

/// What a file below `content/` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Markdown.
    Text,
    /// Everything else: pictures, attachments.
    Asset,
}

/// One file of the snapshot.
#[derive(Debug)]
pub struct File {
    path: Arc<str>,
    kind: FileKind,
    size: u64,
    hash: blake3::Hash,
    bytes: Option<Vec<u8>>,
    dimensions: Option<(u32, u32)>,
}

impl File {
    /// Path from the portal's root with `/`.
    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// What it is.
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Hash of its bytes.
    pub fn hash(&self) -> blake3::Hash {
        self.hash
    }

    /// The bytes of a text, until they are given up.
    pub fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    /// Width and height in pixels, for a picture whose head could be read.
    pub fn dimensions(&self) -> Option<(u32, u32)> {
        self.dimensions
    }

    /// The name's ending in lower case, without the dot; empty if it has none.
    pub fn extension(&self) -> String {
        extension(&self.path)
    }

    /// Whether browsers show it in `<img>`.
    pub fn is_picture(&self) -> bool {
        picture::is_picture(&self.extension())
    }

    pub(super) fn drop_bytes(&mut self) {
        self.bytes = None;
    }
}

fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, ext)| ext.to_ascii_lowercase()).unwrap_or_default()
}

/// The portal's root: the nearest folder at or above `from` that has a `zhendi.toml`.
pub fn find_root(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| folder.join("zhendi.toml").is_file()).map(Path::to_owned)
}

/// Files that editors and systems drop and that nobody means to publish.
fn is_dropping(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".tmp")
        || matches!(name, "4913" | "Thumbs.db" | "desktop.ini" | "__MACOSX")
        || name.contains("jb_tmp")
}

/// Names that Windows reserves for devices, whatever the ending ("Naming Files, Paths, and Namespaces", Win32 docs).
pub fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.as_bytes()[3].is_ascii_digit()
            && stem.as_bytes()[3] != b'0')
}

/// Two paths are the same for somebody who cannot tell case or normal forms apart.
pub fn folded(path: &str) -> String {
    if path.is_ascii() { path.to_ascii_lowercase() } else { path.nfc().flat_map(char::to_lowercase).collect() }
}

/// One path found by the walk, before it is read.
struct Found {
    full: PathBuf,
    path: Arc<str>,
    size: u64,
}

/// Every file below `content/`, sorted by path.
pub(super) fn content(
    root: &Path,
    config: &Config,
    output: Option<&Path>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<File> {
    let found = walk(root, &root.join("content"), output, problems, |path| config.ignores(path));
    clashes(&found, problems);
    let read: Vec<Result<File, Box<Diagnostic>>> = found.par_iter().map(read).collect();
    let mut files = Vec::with_capacity(read.len());
    for one in read {
        match one {
            Ok(file) => files.push(file),
            Err(problem) => problems.push(*problem),
        }
    }
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    files
}

/// All files below `folder` with their portal paths and sizes; follows links to files that stay inside the root.
fn walk(
    root: &Path,
    folder: &Path,
    output: Option<&Path>,
    problems: &mut Vec<Diagnostic>,
    ignored: impl Fn(&str) -> bool,
) -> Vec<Found> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return found;
    }
    let real_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    if folder.canonicalize().is_ok_and(|real| !real.starts_with(&real_root)) {
        problems.push(link_outside(&portal_path(root, folder), "这是一个指到门户文件夹外面的快捷链接"));
        return found;
    }
    let mut walker = walkdir::WalkDir::new(folder).min_depth(1).into_iter();
    while let Some(entry) = walker.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let at = error.path().unwrap_or(folder);
                let why = error.io_error().map_or_else(|| "快捷链接绕成了圈".to_owned(), trouble::why);
                problems.push(unreadable(&portal_path(root, at), &why));
                continue;
            }
        };
        let path = portal_path(root, entry.path());
        let name = entry.file_name().to_string_lossy();
        let kind = entry.file_type();
        if is_dropping(&name) || ignored(&path) || output.is_some_and(|output| output == entry.path()) {
            if kind.is_dir() {
                walker.skip_current_dir();
            }
            continue;
        }
        if is_reserved(&name) {
            problems.push(
                Diagnostic::error(FILE_NAME_RESERVED, format!("“{name}”是 Windows 保留的名字"))
                    .in_file(&path)
                    .cause("con、nul、aux、com1 这类名字在 Windows 上打不开，也无法复制、删除。")
                    .cure("给它换一个名字，例如在前面加上栏目名。"),
            );
            if kind.is_dir() {
                walker.skip_current_dir();
            }
            continue;
        }
        if entry.file_name().to_str().is_none() {
            problems.push(
                unreadable(&path, "文件名的编码不是 UTF-8")
                    .cause("文件名里有认不出来的字，多半是从旧系统或压缩包里带出来的。")
                    .cure("给它重新起一个名字。"),
            );
            continue;
        }
        if kind.is_dir() {
            continue;
        }
        let size = if kind.is_symlink() {
            let real = entry.path().canonicalize().ok();
            let meta = real.as_ref().and_then(|real| fs::metadata(real).ok());
            let what = match (&real, &meta) {
                (Some(real), _) if !real.starts_with(&real_root) => "这是一个指到门户文件夹外面的快捷链接",
                (Some(_), Some(meta)) if meta.is_file() => "",
                (Some(_), Some(_)) => "这是一个指向文件夹的快捷链接",
                _ => "这个快捷链接指向的文件不存在",
            };
            if !what.is_empty() {
                problems.push(link_outside(&path, what));
                continue;
            }
            meta.map_or(0, |meta| meta.len())
        } else if kind.is_file() {
            match entry.metadata() {
                Ok(meta) => meta.len(),
                Err(error) => {
                    let why = error.io_error().map_or_else(String::new, trouble::why);
                    problems.push(unreadable(&path, &why));
                    continue;
                }
            }
        } else {
            continue;
        };
        found.push(Found { full: entry.into_path(), path, size });
    }
    found
}

fn link_outside(path: &Arc<str>, what: &str) -> Diagnostic {
    Diagnostic::error(FILE_LINK_OUTSIDE, what)
        .in_file(path)
        .cause("门户要能整个复制到别的电脑上；这样的链接一搬动就断，也可能把不该公开的文件带进来。")
        .cure("删除这个链接，把要用的文件本身复制到这里。")
}

fn portal_path(root: &Path, full: &Path) -> Arc<str> {
    let relative = full.strip_prefix(root).unwrap_or(full);
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/").into()
}

/// Reports names that differ only in case or normal form: on Windows and on many file shares they are one file.
fn clashes(found: &[Found], problems: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, Arc<str>> = HashMap::with_capacity(found.len());
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for one in found {
        // The folders above it, up to the first that is known.
        let mut path: &str = &one.path;
        while names.insert(path)
            && let Some((folder, _)) = path.rsplit_once('/')
        {
            path = folder;
        }
    }
    let mut told: Option<String> = None;
    for name in names {
        // What stands below a folder that was reported is that folder's fault.
        if told.as_ref().is_some_and(|above| name.starts_with(above.as_str())) {
            continue;
        }
        let path: Arc<str> = name.into();
        if let Some(other) = seen.insert(folded(name), path.clone()) {
            told = Some(format!("{name}/"));
            problems.push(
                Diagnostic::error(FILE_NAMES_CLASH, format!("与“{other}”只差大小写或字形编码，会被当成同一个文件"))
                    .in_file(&path)
                    .cause("在 Windows 和多数共享盘上，这两个名字指的是同一个文件，复制时会互相覆盖。")
                    .cure("给其中一个换一个明显不同的名字。"),
            );
        }
    }
}

fn unreadable(path: &Arc<str>, why: &str) -> Diagnostic {
    Diagnostic::error(FILE_UNREADABLE, "这个文件（或文件夹）读不出来")
        .in_file(path)
        .label(why)
        .cause("可能没有读取权限，文件正被别的程序独占，或者磁盘、共享盘出了问题。")
        .cure("先确认自己能打开它；打不开的，请文件的所有者或管理员放开读取权限。")
}

fn read(found: &Found) -> Result<File, Box<Diagnostic>> {
    let extension = extension(&found.path);
    let kind = if matches!(extension.as_str(), "md" | "markdown") { FileKind::Text } else { FileKind::Asset };
    let failed = |error: std::io::Error| Box::new(unreadable(&found.path, &trouble::why(&error)));
    if kind == FileKind::Text && found.size > TEXT_LIMIT {
        return Err(Box::new(too_large(&found.path, found.size)));
    }
    let whole = kind == FileKind::Text || picture::is_picture(&extension) && found.size <= TEXT_LIMIT;
    if whole {
        let bytes = fs::read(&found.full).map_err(failed)?;
        let hash = blake3::hash(&bytes);
        let size = bytes.len() as u64;
        let dimensions = picture::dimensions(&extension, &bytes).filter(|_| kind == FileKind::Asset);
        let bytes = (kind == FileKind::Text).then_some(bytes);
        return Ok(File { path: found.path.clone(), kind, size, hash, bytes, dimensions });
    }
    let mut file = fs::File::open(&found.full).map_err(failed)?;
    let mut head = Vec::new();
    file.by_ref().take(64 << 10).read_to_end(&mut head).map_err(failed)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(&head);
    hasher.update_reader(&mut file).map_err(failed)?;
    let size = hasher.count();
    let dimensions = picture::is_picture(&extension).then(|| picture::dimensions(&extension, &head)).flatten();
    Ok(File { path: found.path.clone(), kind, size, hash: hasher.finalize(), bytes: None, dimensions })
}

fn too_large(path: &Arc<str>, size: u64) -> Diagnostic {
    Diagnostic::error(FILE_TOO_LARGE, format!("这个文件有 {} MB，一篇文章不会这么大", size >> 20))
        .in_file(path)
        .cause(format!(
            "扩展名是 .md 的文件会当作文章来读，上限是 {} MB；这多半是改错了扩展名，或者把图片贴进了正文。",
            TEXT_LIMIT >> 20
        ))
        .cure("图片、视频、表格请单独存成文件，放在文章旁边，再在正文里引用。")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_names() {
        for name in ["con", "CON.md", "nul.txt", "com1", "Lpt9.x"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["con-1.md", "com", "com0", "康.md", "lpt10"] {
            assert!(!is_reserved(name), "{name}");
        }
    }

    #[test]
    fn folding_joins_case_and_normal_form() {
        assert_eq!(folded("É/A.md"), folded("e\u{301}/a.MD"));
    }
}
