//! One file of the snapshot, and how it is read: texts and pictures whole, others as a stream that is only hashed.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::sync::Arc;

use super::stamp::{Stamp, now};
use super::trouble;
use crate::content::Series;
use crate::diag::{Diagnostic, FILE_TOO_LARGE, FILE_UNREADABLE};
use crate::picture::{self, Picture};

/// Largest text that is read, in bytes. A book of a million characters has 3 MB.
pub const TEXT_LIMIT: u64 = 8 << 20;

/// How much of a large file is looked at for what it is.
const HEAD: u64 = 1 << 20;

/// How often a file is read that changes meanwhile.
const TRIES: usize = 3;

/// What a file below `content/` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Markdown.
    Text,
    /// What declares a series.
    Series,
    /// Everything else: pictures, attachments.
    Asset,
}

/// One file of the snapshot. Snapshots that follow each other share it while it is the same.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    path: Arc<str>,
    kind: FileKind,
    size: u64,
    hash: blake3::Hash,
    dimensions: Option<(u32, u32)>,
    picture: Option<Picture>,
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

    /// What its head says, if it is named like a picture of pixels.
    pub fn picture(&self) -> Option<&Picture> {
        self.picture.as_ref()
    }

    /// Width and height in pixels, upright, for a picture whose head could be read.
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
}

fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map(|(_, ext)| ext.to_ascii_lowercase()).unwrap_or_default()
}

/// What came of reading a file.
pub(super) enum Outcome {
    /// It was read; `bytes` are those of a text.
    Read { file: File, bytes: Option<Vec<u8>>, stamp: Stamp, settled: bool },
    /// It is not there any more.
    Gone,
    /// It cannot be read.
    Wrong(Diagnostic),
}

/// Reads the file at `full`, whose stamp was `before`. If it changes meanwhile it is read again.
pub(super) fn read(full: &Path, path: &Arc<str>, before: Stamp) -> Outcome {
    let extension = extension(path);
    let kind = match extension.as_str() {
        "md" | "markdown" => FileKind::Text,
        "toml" if Series::is_at(path) => FileKind::Series,
        _ => FileKind::Asset,
    };
    let mut before = before;
    let mut tries = 0;
    loop {
        if kind != FileKind::Asset && before.size > TEXT_LIMIT {
            return Outcome::Wrong(too_large(path, before.size));
        }
        let began = now();
        let (stamp, read) = match once(full, kind, &extension, before.size) {
            Ok(all) => all,
            Err(error) if error.kind() == ErrorKind::NotFound => return Outcome::Gone,
            Err(error) => return Outcome::Wrong(unreadable(path, &trouble::why(&error))),
        };
        tries += 1;
        let steady = stamp == before;
        if steady || tries == TRIES {
            let Raw { size, hash, dimensions, picture, bytes } = read;
            let file = File { path: path.clone(), kind, size, hash, dimensions, picture };
            return Outcome::Read { file, bytes, stamp, settled: steady && stamp.is_settled(began) };
        }
        before = stamp;
    }
}

struct Raw {
    size: u64,
    hash: blake3::Hash,
    dimensions: Option<(u32, u32)>,
    picture: Option<Picture>,
    bytes: Option<Vec<u8>>,
}

/// Reads it once; the stamp is of the moment after.
fn once(full: &Path, kind: FileKind, extension: &str, size: u64) -> std::io::Result<(Stamp, Raw)> {
    let mut file = fs::File::open(full)?;
    let is_text = kind != FileKind::Asset;
    let limit = if is_text { TEXT_LIMIT } else { picture::FILE_LIMIT };
    let raw = if is_text || picture::is_read(extension) && size <= limit {
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).saturating_add(1));
        file.by_ref().take(limit + 1).read_to_end(&mut bytes)?;
        let (size, hash) = (bytes.len() as u64, blake3::hash(&bytes));
        let picture = if is_text { None } else { picture::inspect(extension, &bytes, size) };
        let dimensions = picture.map_or_else(|| picture::dimensions(extension, &bytes), |picture| picture.size());
        Raw { size, hash, dimensions, picture, bytes: is_text.then_some(bytes) }
    } else {
        let mut head = Vec::new();
        file.by_ref().take(HEAD).read_to_end(&mut head)?;
        let mut hasher = blake3::Hasher::new();
        hasher.update(&head);
        hasher.update_reader(&mut file)?;
        let size = hasher.count();
        let picture = picture::inspect(extension, &head, size);
        let dimensions = picture.and_then(|picture| picture.size());
        Raw { size, hash: hasher.finalize(), dimensions, picture, bytes: None }
    };
    Ok((Stamp::of(&file.metadata()?), raw))
}

pub(super) fn unreadable(path: &Arc<str>, why: &str) -> Diagnostic {
    Diagnostic::error(FILE_UNREADABLE, "这个文件（或文件夹）读不出来")
        .in_file(path)
        .label(why)
        .cause("可能没有读取权限，文件正被别的程序独占，或者磁盘、共享盘出了问题。")
        .cure("先确认自己能打开它；打不开的，请文件的所有者或管理员放开读取权限。")
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
