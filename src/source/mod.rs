//! The one way in: a snapshot of the portal's folder, and the clock. Nothing else reads content or themes, so what a
//! build depends on is exactly what [`Sources`] holds.
#![allow(clippy::disallowed_methods)] // this module is the one that may read

mod clock;
mod config;
mod picture;
mod scan;
mod theme;
mod trouble;

pub use clock::{Clock, today};
pub use config::{Config, Kind, Office, SectionConf, Series, TaxonomyConf, read_config};
pub use scan::{File, FileKind, TEXT_LIMIT, find_root, folded, is_reserved};
pub use theme::{StaticFile, TemplateFile, Theme};

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use crate::content::{Encoding, decode};
use crate::diag::Diagnostic;

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

/// A snapshot of one portal at one date: the whole input of [`crate::build`].
#[derive(Debug)]
pub struct Sources {
    root: PathBuf,
    config: Arc<Config>,
    files: Vec<File>,
    by_path: HashMap<Arc<str>, usize>,
    theme: Theme,
    today: Date,
    options: Options,
    problems: Vec<Diagnostic>,
    hash: blake3::Hash,
}

impl Sources {
    /// Reads the portal in `root`. Whatever is wrong with single files, and with the configuration, is kept as
    /// [`Sources::problems`]; the snapshot then holds what could be read.
    pub fn read(root: &Path, options: Options) -> Self {
        let mut problems = Vec::new();
        let (config, config_hash) = config::load(root, options.config.as_deref(), &mut problems);
        let files = scan::content(root, &config, options.output.as_deref(), &mut problems);
        let theme = theme::load(root, &config, &mut problems);
        let today = today(&options.clock, &config, &mut problems);
        config.check_editions(&options.editions, &mut problems);
        let by_path = files.iter().enumerate().map(|(at, file)| (file.path().clone(), at)).collect();
        let mut hasher = blake3::Hasher::new();
        hasher.update(config_hash.as_bytes());
        hasher.update(format!("{today} {:?} {} {:?}\n", options.names, options.drafts, options.editions).as_bytes());
        for file in &files {
            hasher.update(file.path().as_bytes());
            hasher.update(&[0]);
            hasher.update(file.hash().as_bytes());
        }
        theme.hash_into(&mut hasher);
        let hash = hasher.finalize();
        Self { root: root.to_owned(), config: Arc::new(config), files, by_path, theme, today, options, problems, hash }
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
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The file of that path below the root.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.by_path.get(path).map(|&at| &self.files[at])
    }

    /// The theme with what the portal overrides.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    /// The date that decides what is published.
    pub fn today(&self) -> Date {
        self.today
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
        self.hash
    }

    /// Gives up the texts, once they are parsed, and keeps the listing.
    #[must_use]
    pub fn without_texts(mut self) -> Self {
        for file in &mut self.files {
            file.drop_bytes();
        }
        self
    }
}

/// Opens a file of the portal that is an output as it is; gives its size too.
pub fn open_asset(root: &Path, file: &str) -> std::io::Result<(std::fs::File, u64)> {
    let file = std::fs::File::open(root.join(file))?;
    let size = file.metadata()?.len();
    Ok((file, size))
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
