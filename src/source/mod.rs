//! The one way in: a snapshot of the portal's folder, and the clock. Nothing else reads content or themes, so what a
//! build depends on is exactly what [`Sources`] holds.
#![allow(clippy::disallowed_methods)] // this module is the one that may read

mod clock;
mod component;
mod config;
mod file;
mod listing;
mod look;
mod names;
mod stamp;
mod theme;
mod trouble;
mod walk;

pub use clock::{Clock, portal_zone, today};
pub use component::{ComponentFile, Components};
pub use config::{Config, Kind, MapConf, Office, Orientation, Screen, SectionConf, TaxonomyConf, read_config};
pub use file::{File, FileKind, TEXT_LIMIT};
pub use look::{Look, Seen};
pub use names::{find_root, folded, is_reserved};
pub use theme::{StaticFile, TemplateFile, Theme};

pub(crate) use clock::until_midnight;
pub(crate) use listing::{Differing, Hold};
pub(crate) use names::{is_dropping, portal_path};
pub(crate) use stamp::Stamp;

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::chunk::Sorted;
use crate::content::{Encoding, decode};
use crate::diag::{Diagnostic, FILE_UNREADABLE};

/// How outputs name the assets they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Names {
    /// With a content hash, so that a browser may keep them for ever.
    #[default]
    Hashed,
    /// As they are.
    Plain,
}

/// What a build depends on besides the files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `-c`: another configuration file than `zhendi.toml` in the root.
    pub config: Option<PathBuf>,
    /// `--drafts`: drafts count as published.
    pub drafts: bool,
    /// `--names`.
    pub names: Names,
    /// `--edition`: only these offices, by id; empty for all.
    pub editions: Vec<String>,
    /// Where today's date comes from.
    pub clock: Clock,
    /// Folders inside the root that are never content or theme (the output folder).
    pub output: Option<PathBuf>,
}

/// A snapshot of one portal at one date: the whole input of [`crate::build`]. What did not change since the one before
/// is shared with it: files, configuration and theme are the same `Arc`s.
#[derive(Debug)]
pub struct Sources {
    root: PathBuf,
    config: Arc<Config>,
    config_hash: blake3::Hash,
    files: Sorted<Arc<File>>,
    texts: HashMap<Arc<str>, Vec<u8>>,
    theme: Arc<Theme>,
    today: Date,
    options: Options,
    problems: Vec<Diagnostic>,
    hash: OnceLock<blake3::Hash>,
}

impl Sources {
    /// Reads the portal in `root`. Whatever is wrong with single files, and with the configuration, is kept as
    /// [`Sources::problems`]; the snapshot then holds what could be read. [`Look`] does the same again and again.
    pub fn read(root: &Path, options: Options) -> Self {
        Look::new(root, options).everything().sources
    }

    /// The portal's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The configuration.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// The files below `content/`, sorted by path.
    pub fn files(&self) -> &Sorted<Arc<File>> {
        &self.files
    }

    /// The file of that path below the root.
    pub fn file(&self, path: &str) -> Option<&Arc<File>> {
        self.files.find(|file| (**file.path()).cmp(path))
    }

    /// The bytes of a file of this snapshot. The snapshot holds those of texts that are new or different in it; others
    /// are read again, and if they are not what they were, that is the error: the next snapshot will have them.
    pub fn text(&self, file: &File) -> Result<Cow<'_, [u8]>, Box<Diagnostic>> {
        if let Some(bytes) = self.texts.get(file.path()) {
            return Ok(Cow::Borrowed(bytes));
        }
        let wrong = |why: &str| {
            Box::new(
                Diagnostic::error(FILE_UNREADABLE, "这个文件在生成的时候变了")
                    .in_file(file.path())
                    .label(why)
                    .cause("一次生成里的所有文件要是同一时刻的，这个文件却在读过之后又改了、移走了。")
                    .cure("不用做什么，再生成一次就好；总是这样的，看看是不是有别的程序在不停地改它。"),
            )
        };
        let bytes = std::fs::read(self.root.join(&**file.path())).map_err(|error| wrong(&trouble::why(&error)))?;
        if blake3::hash(&bytes) != file.hash() {
            return Err(wrong("内容和刚才读到的不一样"));
        }
        Ok(Cow::Owned(bytes))
    }

    /// The theme with what the portal overrides.
    pub fn theme(&self) -> &Arc<Theme> {
        &self.theme
    }

    /// The date that decides what is published.
    pub fn today(&self) -> Date {
        self.today
    }

    /// See [`clock::offsets`].
    pub(crate) fn offsets(&self) -> Vec<(i64, i32)> {
        clock::offsets(&self.config, self.today)
    }

    /// The options it was read with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// What is wrong with the files and the configuration themselves.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Equal hashes mean equal builds by the same program.
    pub fn hash(&self) -> blake3::Hash {
        *self.hash.get_or_init(|| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(self.config_hash.as_bytes());
            let Options { names, drafts, editions, .. } = &self.options;
            hasher.update(format!("{} {names:?} {drafts} {editions:?}\n", self.today).as_bytes());
            for file in self.files.iter() {
                hasher.update(file.path().as_bytes());
                hasher.update(&[0]);
                hasher.update(file.hash().as_bytes());
            }
            self.theme.hash_into(&mut hasher);
            hasher.finalize()
        })
    }

    /// Gives up the texts, once they are parsed, and keeps the listing.
    #[must_use]
    pub fn without_texts(mut self) -> Self {
        self.texts = HashMap::new();
        self
    }
}

/// Opens a file of the portal that is an output as it is; gives its size too.
pub fn open_asset(root: &Path, file: &str) -> std::io::Result<(std::fs::File, u64)> {
    let file = std::fs::File::open(root.join(file))?;
    let size = file.metadata()?.len();
    Ok((file, size))
}

/// The bytes of a file of the portal of which a snapshot has seen `hash`; `None` if it is gone or another one.
pub(crate) fn read_asset(root: &Path, file: &str, hash: blake3::Hash) -> Option<Vec<u8>> {
    std::fs::read(root.join(file)).ok().filter(|bytes| blake3::hash(bytes) == hash)
}

/// The decoded text of a file for an excerpt, read again from disk; `None` if it is gone or no text.
pub fn excerpt_text(root: &Path, file: &str) -> Option<String> {
    let bytes = std::fs::read(root.join(file)).ok().or_else(|| theme::embedded(file).map(<[u8]>::to_vec))?;
    if bytes.len() as u64 > TEXT_LIMIT {
        return None;
    }
    let decoded = decode(&bytes);
    (decoded.encoding != Encoding::NotText).then(|| decoded.text.into_owned())
}

/// Whether something stands there.
pub(crate) fn is_there(path: &Path) -> bool {
    path.exists()
}

/// What tells the folder at `path` from another that may come into its place; zeros if there is none.
pub(crate) fn folder_id(path: &Path) -> (u64, u64) {
    std::fs::metadata(path).map_or((0, 0), |meta| Stamp::of(&meta).id())
}
