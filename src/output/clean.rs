//! `clean`: takes out of an output folder what Zhendi wrote, and its records; nothing else.

use std::fs;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::disk;
use super::faults::{self, Fault};
use super::manifest::{Foreign, Manifest};
use super::survey;
use super::switch;
use super::target::{LOCK, PICTURES, Target};
use crate::diag::Diagnostic;

/// What [`Target::clean`] did.
#[derive(Debug)]
pub struct Cleaned {
    /// Files deleted.
    pub deleted: usize,
    /// Files left, because they are not ours or somebody edited them.
    pub foreign: usize,
    /// What somebody should know of it.
    pub notes: Vec<Diagnostic>,
}

impl Target {
    /// Deletes the files that Zhendi wrote and nobody has edited since, the folders that are then empty, and the
    /// records.
    pub fn clean(mut self) -> Result<Cleaned, Fault> {
        let folder = &self.folder;
        let mut notes = std::mem::take(&mut self.notes);
        let mut cleaned = Cleaned { deleted: 0, foreign: 0, notes: Vec::new() };
        let live_exists = disk::look(&folder.live).map_err(|e| folder.fault("", &e))?.is_some();
        if let Some(manifest) = self.manifest.as_ref().filter(|_| live_exists) {
            let nothing = Manifest::empty();
            let survey = survey::survey(folder, Some(manifest), &nothing)?;
            manifest.entries().par_iter().try_for_each(|entry| {
                let path = folder.live.join(&*entry.path);
                let ours = survey::is_ours(&path, entry);
                ours.and_then(|ours| if ours { disk::remove_file(&path) } else { Ok(()) })
                    .map_err(|e| folder.fault(&*entry.path, &e))
            })?;
            switch::clear_folders(folder, &manifest.entries().iter().collect::<Vec<_>>());
            if !folder.linked {
                // It is not empty, or something is mounted there: then it stays.
                let _ = fs::remove_dir(&folder.live);
            }
            cleaned.deleted = survey.gone;
            cleaned.foreign = survey.foreign.len();
            notes.extend(faults::foreign_kept(folder.shown(), &Foreign::of(folder, &survey.foreign)));
        } else {
            notes.push(faults::no_record(folder.shown()));
        }
        cleaned.notes = notes;
        for file in [folder.manifest(), folder.state.join(LOCK)] {
            disk::remove_file(&file).map_err(|e| folder.record_fault(&e))?;
        }
        super::cache::clear(&folder.state.join(PICTURES)).map_err(|e| folder.record_fault(&e))?;
        // Edited files that were put aside keep the records' folder alive, and so does another output folder's.
        let _ = fs::remove_dir(&folder.state);
        let _ = folder.state.parent().map(fs::remove_dir);
        Ok(cleaned)
    }
}
