//! Making a staged version live. Where the system can exchange two folders, in one step; elsewhere file by file, with
//! a journal from which the next run completes what was cut off.
//!
//! The journal (`pending`) is the new manifest with the way of the change in its head. It is written before anything
//! live changes and becomes the manifest when all is done, so at any moment one can tell what is left to do:
//! - no journal: nothing has changed, a stage is rubbish;
//! - journal of a whole exchange, and the live folder is the one that was the stage: the exchange is done, the old
//!   version still has to be cleared out of the stage; else it has not happened, and does not count;
//! - journal file by file: every fresh file that is still in the stage has to be moved yet.

mod files;
mod whole;

pub(super) use files::clear_folders;

use std::io;
use std::path::Path;

use super::disk;
use super::faults::{self, Fault};
use super::manifest::{Change, Foreign, Manifest};
use super::survey::{self, Survey};
use super::target::{Folder, LOCK, MANIFEST, PICTURES, PROBE, SAVED};
use crate::diag::Diagnostic;

/// How the output folder was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// All at once: nobody ever sees half of it.
    Whole,
    /// One file after the other, each at once; cut off, it is completed by the next run.
    FileByFile,
}

/// What a switch did.
#[derive(Debug)]
pub struct Done {
    /// Outputs with new bytes.
    pub written: usize,
    /// Outputs that were there already, with their time kept.
    pub same: usize,
    /// Files of the version before that are gone.
    pub deleted: usize,
    /// Files in the folder that Zhendi does not own and left alone.
    pub foreign: usize,
    /// Which way it went.
    pub way: Way,
    /// What somebody should know of it.
    pub notes: Vec<Diagnostic>,
}

/// What the stage knows of the way ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) way: Way,
    pub(super) inside: bool,
    pub(super) live_exists: bool,
    /// How many outputs have new bytes.
    pub(super) written: usize,
}

/// A switch with everything that can be checked beforehand checked.
#[derive(Debug)]
pub(super) struct Ready {
    next: Manifest,
    plan: Plan,
    survey: Survey,
    /// The live folder holds all of it already.
    idle: bool,
}

/// Looks for what stands in the way and readies the stage. Nothing live changes.
pub(super) fn prepare(
    folder: &Folder,
    old: Option<&Manifest>,
    mut next: Manifest,
    mut plan: Plan,
) -> Result<Ready, Vec<Diagnostic>> {
    let survey = match plan.live_exists {
        true => survey::survey(folder, old, &next).map_err(|fault| vec![*fault])?,
        false => Survey::default(),
    };
    if !survey.in_way.is_empty() {
        return Err(survey.in_way.into_iter().map(|fault| *fault).collect());
    }
    let idle = plan.live_exists && survey.gone == 0 && next.entries().iter().all(|entry| !entry.fresh);
    if plan.way == Way::Whole && !idle && !whole::complete_stage(folder, &survey, &next) {
        plan.way = Way::FileByFile;
    }
    if plan.way == Way::FileByFile {
        let closed = files::closed_folders(folder, old, &next, &survey);
        if !closed.is_empty() {
            return Err(closed);
        }
    }
    next.foreign = Foreign::of(folder, &survey.foreign);
    Ok(Ready { next, plan, survey, idle })
}

/// Makes the change, journal first.
pub(super) fn carry_out(folder: &Folder, old: Option<&Manifest>, ready: Ready) -> Result<Done, Vec<Fault>> {
    let Ready { mut next, mut plan, survey, idle } = ready;
    let mut notes = Vec::new();
    if idle {
        journal(folder, &mut next, Change::FileByFile { inside: plan.inside }).map_err(one)?;
        disk::remove_tree(&folder.stage(plan.inside)).map_err(|e| one(folder.record_fault(&e)))?;
    } else if plan.way == Way::Whole {
        journal(folder, &mut next, whole::change(folder)).map_err(one)?;
        if whole::put_live(folder, plan.live_exists).is_ok() {
            notes = whole::clear_old(folder, old, &next).map_err(one)?;
        } else {
            // The file system would not do it after all: the files move out of the same stage one by one.
            plan.way = Way::FileByFile;
        }
    }
    if plan.way == Way::FileByFile && !idle {
        journal(folder, &mut next, Change::FileByFile { inside: plan.inside }).map_err(one)?;
        notes = files::complete(folder, old, &next, plan.inside).map_err(|mut faults| {
            let stopped = faults.first().map(|first| faults::half_done(folder.shown(), first));
            faults.extend(stopped);
            faults
        })?;
    }
    promote(folder).map_err(one)?;
    notes.extend(faults::foreign_kept(folder.shown(), &next.foreign));
    let written = plan.written;
    Ok(Done {
        written,
        same: next.entries().len() - written,
        deleted: survey.gone,
        foreign: survey.foreign.len(),
        way: plan.way,
        notes,
    })
}

/// Writes the journal; if that fails, nothing has changed, and the stage goes.
fn journal(folder: &Folder, next: &mut Manifest, change: Change) -> Result<(), Fault> {
    next.change = change;
    next.save(&folder.pending()).map_err(|e| {
        let inside = change == Change::FileByFile { inside: true };
        // What cannot be removed now is removed by the next `Target::open`.
        let _ = disk::remove_file(&folder.pending());
        let _ = disk::remove_tree(&folder.stage(inside));
        folder.record_fault(&e)
    })
}

/// The change is done: the journal becomes the manifest.
fn promote(folder: &Folder) -> Result<(), Fault> {
    disk::rename(&folder.pending(), &folder.manifest()).map_err(|e| folder.record_fault(&e))
}

/// Completes or discards what a killed run left, and gives the manifest of what stands now.
pub(super) fn recover(folder: &Folder) -> Result<(Option<Manifest>, Vec<Diagnostic>), Fault> {
    let mut manifest = Manifest::load(&folder.manifest());
    let mut notes = Vec::new();
    if let Some(next) = Manifest::load(&folder.pending()) {
        let mut complete = |found: Vec<Diagnostic>| {
            promote(folder)?;
            notes.push(faults::resumed(folder.shown()));
            notes.extend(found);
            Ok::<_, Fault>(())
        };
        match next.change {
            Change::Whole { root } if whole::has_happened(folder, root) => {
                complete(whole::clear_old(folder, manifest.as_ref(), &next)?)?;
                manifest = Some(next);
            }
            Change::Whole { .. } => {}
            Change::FileByFile { inside } => {
                let completed = files::complete(folder, manifest.as_ref(), &next, inside);
                complete(completed.map_err(|faults| faults::half_done(folder.shown(), &first(faults)))?)?;
                manifest = Some(next);
            }
        }
    }
    tidy(folder).map_err(|e| folder.record_fault(&e))?;
    Ok((manifest, notes))
}

/// Removes what a killed run left and nothing needs: stages, drafts, probes, a journal that does not count.
fn tidy(folder: &Folder) -> io::Result<()> {
    for (name, _) in disk::list(&folder.state)? {
        if ![LOCK, MANIFEST, PICTURES, SAVED].map(Path::new).contains(&&*name) {
            disk::remove_tree(&folder.state.join(name))?;
        }
    }
    disk::remove_tree(&folder.stage(true))?;
    disk::remove_file(&folder.live.join(PROBE))
}

fn one(fault: Fault) -> Vec<Fault> {
    vec![fault]
}

fn first(mut faults: Vec<Fault>) -> Fault {
    faults.swap_remove(0)
}
