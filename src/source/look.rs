//! Looking at one portal again and again: what a look finds is a [`Sources`], and what did not change since the last look
//! is neither read nor made anew. A first look is a clean read; there is no other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::listing::{Delta, Listing};
use super::theme::Layers;
use super::walk::Ground;
use super::{Clock, Config, Hold, Options, Sources, config, today};
use crate::diag::Diagnostic;

/// A portal as it was last seen.
pub struct Look {
    root: PathBuf,
    options: Options,
    config: Option<config::Read>,
    listing: Listing,
    layers: Layers,
    day: Option<(Date, Vec<Diagnostic>)>,
}

/// What a look found.
#[derive(Debug)]
pub struct Seen {
    /// The snapshot.
    pub sources: Sources,
    /// Paths from the portal's root with something new, gone or different, sorted.
    pub changed: Vec<Arc<str>>,
    /// Whether the snapshot is another than the one before: by a file or by the date.
    pub differs: bool,
    /// Paths that differ and wait, as the watcher asked.
    pub(crate) held: Vec<Arc<str>>,
    /// Whether folders came or went.
    pub(crate) folders: bool,
}

impl Look {
    /// A portal that nobody has looked at yet.
    pub fn new(root: &Path, options: Options) -> Self {
        let (listing, layers) = <(Listing, Layers)>::default();
        Self { root: root.to_owned(), options, config: None, listing, layers, day: None }
    }

    /// Looks at everything: every file's metadata are compared, and what differs is read.
    pub fn everything(&mut self) -> Seen {
        self.look(None, None)
    }

    /// Looks at these files and folders only, as if all else were as before.
    pub fn places(&mut self, places: &[PathBuf]) -> Seen {
        self.look(Some(places), None)
    }

    /// Looks at `places`, or at everything; `hold` says what to wait with.
    pub(crate) fn look(&mut self, places: Option<&[PathBuf]>, mut hold: Option<&mut Hold<'_>>) -> Seen {
        let mut delta = Delta::default();
        let before = self.config.take();
        let config_before = before.as_ref().map(|read| (read.hash, read.problems.clone()));
        let read =
            config::load(&self.root, self.options.config.as_deref(), before, hold.as_deref_mut(), &mut delta.held);
        let is_new = config_before.is_none_or(|(hash, problems)| hash != read.hash || problems != read.problems);
        // Another configuration may leave out other files and name another theme.
        let places = places.filter(|places| !is_new && !places.contains(&self.root));
        let theme_at = ["themes", "templates", "static"].map(|name| self.root.join(name));
        let is_theme = |place: &PathBuf| theme_at.iter().any(|folder| place.starts_with(folder));
        if places.is_none_or(|places| places.iter().any(is_theme)) {
            self.layers.look(&self.root, &read.config, hold.as_deref_mut(), &mut delta);
        }
        let ground = Ground {
            root: &self.root,
            real_root: self.root.canonicalize().unwrap_or_else(|_| self.root.clone()),
            config: &read.config,
            output: self.options.output.as_deref(),
        };
        let Delta { changed, held, texts, folders } = self.listing.look(&ground, places, hold);
        delta.changed.extend(changed);
        delta.held.extend(held);
        if is_new {
            delta.changed.push(read.config.file().into());
        }
        delta.changed.sort_unstable();
        delta.changed.dedup();
        self.config = Some(read);
        let turned = self.read_clock();
        let mut sources = self.last();
        sources.texts = texts;
        Seen {
            sources,
            differs: turned || !delta.changed.is_empty(),
            changed: delta.changed,
            held: delta.held,
            folders: folders || delta.folders,
        }
    }

    /// Whether it is another day.
    fn read_clock(&mut self) -> bool {
        let mut problems = Vec::new();
        let config = self.config();
        let date = today(&self.options.clock, &config, &mut problems);
        config.check_editions(&self.options.editions, &mut problems);
        let turned = self.day.as_ref().is_none_or(|(before, _)| *before != date);
        self.day = Some((date, problems));
        turned
    }

    /// Whether it is another day than at the last look.
    pub(crate) fn has_turned(&self) -> bool {
        let today = today(&self.options.clock, &self.config(), &mut Vec::new());
        self.day.as_ref().is_some_and(|(date, _)| *date != today)
    }

    /// What was seen last, without texts.
    pub(crate) fn last(&self) -> Sources {
        let (hash, told) =
            self.config.as_ref().map_or((blake3::hash(b""), &[][..]), |read| (read.hash, &read.problems));
        let (today, of_day) = self.day.as_ref().map_or((Date::ZERO, &[][..]), |(date, told)| (*date, told));
        let told = told.iter().chain(self.listing.problems()).chain(self.layers.problems()).chain(of_day);
        Sources {
            root: self.root.clone(),
            config: self.config(),
            config_hash: hash,
            files: self.listing.files().clone(),
            texts: std::collections::HashMap::new(),
            theme: self.layers.theme().clone(),
            today,
            options: self.options.clone(),
            problems: told.cloned().collect(),
            hash: std::sync::OnceLock::new(),
        }
    }

    fn config(&self) -> Arc<Config> {
        self.config.as_ref().map_or_else(|| Arc::new(Config::empty(String::new())), |read| read.config.clone())
    }

    /// Whether neither configuration nor content were there.
    pub(crate) fn is_blank(&self) -> bool {
        self.listing.files().is_empty() && self.config.as_ref().is_none_or(|read| !read.is_there())
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.options.clock
    }

    /// The configuration of the last look.
    pub(crate) fn configuration(&self) -> Arc<Config> {
        self.config()
    }

    /// The configuration file.
    pub(crate) fn config_path(&self) -> PathBuf {
        config::path(&self.root, self.options.config.as_deref())
    }

    /// Folders to watch for changes, each with the number that tells it from another in its place (0 where that is not
    /// known), those of the theme and of `content/`.
    pub(crate) fn folders(&self) -> impl Iterator<Item = (PathBuf, (u64, u64))> {
        let content = self.listing.folders().iter().map(|folder| (self.root.join(&*folder.path), folder.id));
        self.layers.folders().iter().map(|folder| (folder.clone(), (0, 0))).chain(content)
    }
}
