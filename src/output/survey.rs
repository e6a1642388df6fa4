//! A look over the live folder just before it changes: what in it is foreign, what of ours is to go, and whether
//! something stands in the way.

use std::ffi::OsStr;
use std::fs::FileType;
use std::io;
use std::path::{Path, PathBuf};

use super::disk::{self, Stamp};
use super::faults::{self, Fault};
use super::manifest::{Entry, Manifest};
use super::target::{Folder, INSIDE_STAGE, PROBE};

/// What was found. Paths are relative to the output folder.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Files (and links, pipes …) that are not ours and stay.
    pub(super) foreign: Vec<PathBuf>,
    /// Folders with nothing in them, which stay too.
    pub(super) empty: Vec<PathBuf>,
    /// Every folder, the output folder itself first.
    pub(super) folders: Vec<PathBuf>,
    /// Folders in which nothing may be written.
    pub(super) closed: Vec<PathBuf>,
    /// How many files of ours are no longer planned.
    pub(super) gone: usize,
    /// Another file system is mounted somewhere below.
    pub(super) crosses: bool,
    /// One fault for each foreign file on a planned path.
    pub(super) in_way: Vec<Fault>,
}

/// Surveys the live folder, which holds `old` and is to hold `next`.
pub(super) fn survey(folder: &Folder, old: Option<&Manifest>, next: &Manifest) -> Result<Survey, Fault> {
    let mut surveyor = Surveyor { folder, old, next, found: Survey::default(), device: None };
    surveyor.folder(Path::new(""), Some(""))?;
    Ok(surveyor.found)
}

/// Whether the file at `path` still is the one that `entry` tells of.
pub(super) fn is_ours(path: &Path, entry: &Entry) -> io::Result<bool> {
    Ok(disk::look(path)?.is_some_and(|meta| {
        meta.is_file() && (Stamp::of(&meta) == entry.stamp || disk::holds(path, entry.stamp.size, &entry.hash))
    }))
}

struct Surveyor<'a> {
    folder: &'a Folder,
    old: Option<&'a Manifest>,
    next: &'a Manifest,
    found: Survey,
    device: Option<u64>,
}

impl Surveyor<'_> {
    /// `key` is the path as a manifest writes it; `None` once a name is not Unicode, which none of ours is.
    fn folder(&mut self, path: &Path, key: Option<&str>) -> Result<(), Fault> {
        let failed = |e: io::Error| self.folder.fault(path, &e);
        let real = self.folder.live.join(path);
        if let Some((device, _)) = disk::look(&real).map_err(failed)?.and_then(|meta| disk::identity(&meta)) {
            self.found.crosses |= *self.device.get_or_insert(device) != device;
        }
        if !disk::writable(&real) {
            self.found.closed.push(path.to_path_buf());
        }
        self.found.folders.push(path.to_path_buf());
        let entries = disk::list(&real).map_err(failed)?;
        if entries.is_empty() && path != Path::new("") && !key.is_some_and(|key| self.is_planned_file(key)) {
            self.found.empty.push(path.to_path_buf());
        }
        for (name, kind) in entries {
            if path == Path::new("") && (name == Path::new(INSIDE_STAGE) || name == Path::new(PROBE)) {
                continue;
            }
            let key = key.and_then(|key| join(key, name.as_os_str()));
            self.entry(&path.join(name), key.as_deref(), kind)?;
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path, key: Option<&str>, kind: FileType) -> Result<(), Fault> {
        if kind.is_dir() {
            return self.folder(path, key);
        }
        let owned = key.and_then(|key| self.old?.get(key));
        if let Some(planned) = key.and_then(|key| self.next.get(key)) {
            // One that was taken over because it holds the planned bytes is no longer foreign.
            if owned.is_none() && planned.fresh {
                self.in_way(path, planned.path.to_string());
            }
            return Ok(());
        }
        if let Some(entry) = owned
            && is_ours(&self.folder.live.join(path), entry).map_err(|e| self.folder.fault(path, &e))?
        {
            self.found.gone += 1;
            return Ok(());
        }
        let lossy = path.to_string_lossy();
        let lossy = if cfg!(windows) { lossy.replace('\\', "/") } else { lossy.into_owned() };
        if let Some(planned) = self.next.file_above(&lossy) {
            self.in_way(path, planned.path.to_string());
        } else if let Some(planned) = key.and_then(|key| self.next.first_in_folder(key)) {
            self.in_way(path, planned.path.to_string());
        } else {
            self.found.foreign.push(path.to_path_buf());
        }
        Ok(())
    }

    fn is_planned_file(&self, key: &str) -> bool {
        self.next.get(key).is_some() || self.next.file_above(key).is_some()
    }

    fn in_way(&mut self, path: &Path, planned: String) {
        self.found.in_way.push(faults::foreign_in_way(&self.folder.show(path), &self.folder.show(Path::new(&planned))));
    }
}

fn join(key: &str, name: &OsStr) -> Option<String> {
    let name = name.to_str()?;
    Some(if key.is_empty() { name.to_owned() } else { format!("{key}/{name}") })
}
