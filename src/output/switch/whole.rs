//! The switch in one step: the stage, complete with links to every foreign file, trades places with the live folder.
//! What then lies in the stage is the old version, and is cleared out with care: whatever in it is not simply an old
//! file of ours came while we were busy, and is carried over or put aside.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::super::disk::{self, Stamp};
use super::super::faults::Fault;
use super::super::manifest::{Change, Manifest};
use super::super::survey::Survey;
use super::super::target::Folder;
use crate::diag::Diagnostic;

/// Adds to the stage what stays of the live folder: equal files, foreign ones. `false` if an exchange would lose
/// something that only staying in place keeps: a file that cannot be linked, another owner, a mounted folder.
pub(super) fn complete_stage(folder: &Folder, survey: &Survey, next: &Manifest) -> bool {
    if survey.crosses || !survey.closed.is_empty() {
        return false;
    }
    let stage = folder.stage(false);
    let (live, same) = (&folder.live, next.entries().par_iter().filter(|entry| !entry.fresh));
    let linked = same.all(|entry| disk::link_or_copy(&live.join(&*entry.path), &stage.join(&*entry.path)).is_ok())
        && survey.foreign.iter().all(|path| {
            let to = stage.join(path);
            disk::with_parent(&to, || fs::hard_link(live.join(path), &to)).is_ok()
        });
    linked
        && survey.empty.iter().all(|path| fs::create_dir_all(stage.join(path)).is_ok())
        && survey.folders.iter().all(|path| {
            let staged = stage.join(path);
            match disk::look(&staged) {
                Ok(Some(_)) => disk::dress_like(&live.join(path), &staged),
                Ok(None) => true,
                Err(_) => false,
            }
        })
}

/// The journal's note of an exchange to come.
pub(super) fn change(folder: &Folder) -> Change {
    let stage = disk::look(&folder.stage(false)).ok().flatten();
    Change::Whole { root: stage.and_then(|meta| disk::identity(&meta)).unwrap_or_default() }
}

/// Whether the exchange that the journal tells of is done. Without file numbers (Windows, where only a new folder
/// comes whole), by the stage being away.
pub(super) fn has_happened(folder: &Folder, root: (u64, u64)) -> bool {
    let Ok(Some(live)) = disk::look(&folder.live) else { return false };
    match disk::identity(&live) {
        Some(identity) => identity == root,
        None => disk::look(&folder.stage(false)).is_ok_and(|stage| stage.is_none()),
    }
}

/// The step itself.
pub(super) fn put_live(folder: &Folder, live_exists: bool) -> io::Result<()> {
    let stage = folder.stage(false);
    if live_exists { disk::exchange(&stage, &folder.live) } else { disk::rename(&stage, &folder.live) }
}

/// Clears the old version out of the stage.
pub(super) fn clear_old(folder: &Folder, old: Option<&Manifest>, next: &Manifest) -> Result<Vec<Diagnostic>, Fault> {
    let clearing = Clearing { folder, old, next, notes: Mutex::default() };
    let stage = folder.stage(false);
    // A program that works in the old folder may add a file while it is cleared; that is found the next time.
    for _ in 0..10 {
        if disk::look(&stage).map_err(|e| folder.record_fault(&e))?.is_none() {
            break;
        }
        clearing.folder(Path::new(""))?;
    }
    let mut notes = clearing.notes.into_inner().unwrap_or_else(PoisonError::into_inner);
    notes.sort_by(|a, b| a.place.cmp(&b.place));
    Ok(notes)
}

struct Clearing<'a> {
    folder: &'a Folder,
    old: Option<&'a Manifest>,
    next: &'a Manifest,
    notes: Mutex<Vec<Diagnostic>>,
}

impl Clearing<'_> {
    fn folder(&self, path: &Path) -> Result<(), Fault> {
        let failed = |e: io::Error| self.folder.fault(path, &e);
        let dir = self.folder.stage(false).join(path);
        let (folders, files) =
            disk::list(&dir).map_err(failed)?.into_iter().partition::<Vec<_>, _>(|(_, kind)| kind.is_dir());
        for (name, _) in files {
            self.file(&path.join(name))?;
        }
        folders.into_par_iter().try_for_each(|(name, _)| self.folder(&path.join(name)))?;
        match fs::remove_dir(&dir) {
            Err(e) if e.kind() != io::ErrorKind::DirectoryNotEmpty => Err(failed(e)),
            _ => Ok(()),
        }
    }

    fn file(&self, path: &Path) -> Result<(), Fault> {
        let from = self.folder.stage(false).join(path);
        if self.is_spent(path, &from).map_err(|e| self.folder.fault(path, &e))? {
            return disk::remove_file(&from).map_err(|e| self.folder.fault(path, &e));
        }
        let planned = path.to_str().is_some_and(|key| self.next.get(key).is_some());
        // A foreign file that appeared, or was replaced, since the survey goes where it was put.
        if !planned && disk::carry(&from, &self.folder.live.join(path)).is_ok() {
            return Ok(());
        }
        let note = self.folder.save_aside(&from, path)?;
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
        Ok(())
    }

    /// Whether a file of the old version may simply be removed: it is as we wrote it, or the new version has it too.
    fn is_spent(&self, path: &Path, from: &Path) -> io::Result<bool> {
        let Some(meta) = disk::look(from)? else { return Ok(true) };
        let key = path.to_str();
        let old = key.and_then(|key| self.old?.get(key));
        if meta.is_file() && old.is_some_and(|entry| entry.stamp == Stamp::of(&meta)) {
            return Ok(true);
        }
        let live = disk::look(&self.folder.live.join(path))?;
        if live.is_some_and(|live| disk::identity(&live).is_some_and(|id| Some(id) == disk::identity(&meta))) {
            return Ok(true);
        }
        let next = key.and_then(|key| self.next.get(key));
        Ok([old, next].into_iter().flatten().any(|entry| disk::holds(from, entry.stamp.size, &entry.hash)))
    }
}
