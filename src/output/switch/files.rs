//! The switch file by file, for folders that cannot be exchanged. Every step can be done again after being cut off:
//! a fresh file that has left the stage is in place, an old one that is not there is deleted.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::super::disk;
use super::super::faults::{self, Fault};
use super::super::manifest::{Entry, Manifest};
use super::super::survey::{Survey, is_ours};
use super::super::target::Folder;
use crate::diag::Diagnostic;
use crate::render::POINTER;

/// One fault for each folder that has to change and may not be written in.
pub(super) fn closed_folders(
    folder: &Folder,
    old: Option<&Manifest>,
    next: &Manifest,
    survey: &Survey,
) -> Vec<Diagnostic> {
    let closed: BTreeSet<&Path> = survey.closed.iter().map(|path| &**path).collect();
    if closed.is_empty() {
        return Vec::new();
    }
    let fresh = next.entries().iter().filter(|entry| entry.fresh);
    let gone = gone(old, next);
    let hit: BTreeSet<&Path> = fresh
        .chain(gone)
        .filter_map(|entry| Path::new(&*entry.path).ancestors().skip(1).find(|above| folder.live.join(above).is_dir()))
        .filter(|above| closed.contains(above))
        .collect();
    hit.into_iter().map(|path| *folder.fault(path, &io::ErrorKind::PermissionDenied.into())).collect()
}

/// Does all that is still to do.
pub(super) fn complete(
    folder: &Folder,
    old: Option<&Manifest>,
    next: &Manifest,
    inside: bool,
) -> Result<Vec<Diagnostic>, Vec<Fault>> {
    let folded = if gone(old, next).next().is_none() { HashMap::new() } else { fold_case(next) };
    let change = Changing { folder, old, folded, stage: folder.stage(inside), notes: Mutex::default() };
    // A file gives way to a folder, a folder to a file, and a name to one that differs in case, before what comes in
    // its place.
    let (blocking, rest): (Vec<_>, Vec<_>) = gone(old, next).partition(|entry| {
        next.file_above(&entry.path).is_some()
            || next.first_in_folder(&entry.path).is_some()
            || change.folded.contains_key(&entry.path.to_lowercase())
    });
    change.each(&blocking, |entry| change.delete(entry))?;
    clear_folders(folder, &blocking);
    // Pages and pointers come after what they name, and what they no longer name goes last.
    let fresh = next.entries().iter().filter(|entry| entry.fresh);
    let names_others = |entry: &&Entry| entry.path.ends_with(".html") || entry.path.ends_with(POINTER);
    let (pages, others): (Vec<_>, Vec<_>) = fresh.partition(names_others);
    change.each(&others, |entry| change.put(entry))?;
    change.each(&pages, |entry| change.put(entry))?;
    change.each(&rest, |entry| change.delete(entry))?;
    clear_folders(folder, &rest);
    disk::remove_tree(&change.stage).map_err(|e| vec![folder.record_fault(&e)])?;
    let mut notes = change.notes.into_inner().unwrap_or_else(PoisonError::into_inner);
    notes.sort_by(|a, b| a.place.cmp(&b.place));
    Ok(notes)
}

/// The files of the version before that the next one does not have.
fn gone<'a>(old: Option<&'a Manifest>, next: &'a Manifest) -> impl Iterator<Item = &'a Entry> {
    old.into_iter().flat_map(Manifest::entries).filter(|entry| next.get(&entry.path).is_none())
}

struct Changing<'a> {
    folder: &'a Folder,
    old: Option<&'a Manifest>,
    /// The files to come, by their lower-case paths; only made where something is deleted.
    folded: HashMap<String, &'a Entry>,
    stage: PathBuf,
    notes: Mutex<Vec<Diagnostic>>,
}

impl Changing<'_> {
    /// Does `act` for all, so that everything that can be done is done and every obstacle is named.
    fn each(&self, entries: &[&Entry], act: impl Fn(&Entry) -> Result<(), Fault> + Sync) -> Result<(), Vec<Fault>> {
        let mut faults: Vec<Fault> = entries.par_iter().filter_map(|entry| act(entry).err()).collect();
        if faults.is_empty() {
            return Ok(());
        }
        faults.sort_by(|a, b| a.place.cmp(&b.place));
        Err(faults)
    }

    fn put(&self, entry: &Entry) -> Result<(), Fault> {
        let failed = |e: io::Error| self.folder.fault(&*entry.path, &e);
        let from = self.stage.join(&*entry.path);
        if disk::look(&from).map_err(failed)?.is_none() {
            return Ok(());
        }
        let to = self.folder.live.join(&*entry.path);
        match disk::look(&to).map_err(failed)? {
            None => {}
            Some(meta) if meta.is_dir() => disk::remove_empty(&to).map_err(|_| {
                let shown = self.folder.show(Path::new(&*entry.path));
                faults::foreign_in_way(&shown, &shown)
            })?,
            Some(_) => {
                let known = self.old.and_then(|old| old.get(&entry.path));
                let spent = match known {
                    Some(known) if is_ours(&to, known).map_err(failed)? => true,
                    _ => is_ours(&to, entry).map_err(failed)?,
                };
                if !spent {
                    let note = self.folder.save_aside(&to, Path::new(&*entry.path))?;
                    self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(note);
                }
            }
        }
        disk::carry(&from, &to).map_err(failed)
    }

    /// Deletes a file that is as we wrote it; one that somebody edited has become theirs.
    fn delete(&self, entry: &Entry) -> Result<(), Fault> {
        let failed = |e: io::Error| self.folder.fault(&*entry.path, &e);
        let path = self.folder.live.join(&*entry.path);
        if !is_ours(&path, entry).map_err(failed)? || self.is_other_case(&path, entry).map_err(failed)? {
            return Ok(());
        }
        disk::remove_file(&path).map_err(failed)
    }

    /// Whether the name now is a new file's, on a disk that takes `A.html` and `a.html` for one.
    fn is_other_case(&self, path: &Path, entry: &Entry) -> io::Result<bool> {
        let Some(other) = self.folded.get(&entry.path.to_lowercase()).filter(|other| !other.fresh) else {
            return Ok(false);
        };
        let identity = |path: &Path| Ok::<_, io::Error>(disk::look(path)?.map(|meta| disk::identity(&meta)));
        Ok(identity(path)? == identity(&self.folder.live.join(&*other.path))?)
    }
}

fn fold_case(manifest: &Manifest) -> HashMap<String, &Entry> {
    manifest.entries().iter().map(|entry| (entry.path.to_lowercase(), entry)).collect()
}

/// Removes the folders in which the given files were, as far as nothing is left in them.
pub(in super::super) fn clear_folders(folder: &Folder, gone: &[&Entry]) {
    let folders: BTreeSet<&Path> = gone.iter().flat_map(|entry| Path::new(&*entry.path).ancestors().skip(1)).collect();
    for path in folders.into_iter().rev().filter(|path| *path != Path::new("")) {
        // It is not empty, or no longer there: both are well.
        let _ = fs::remove_dir(folder.live.join(path));
    }
}
