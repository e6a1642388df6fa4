//! What a screen shows lies in a folder named by its content, so that a kiosk never meets a file of one version beside those
//! of another, however it is copied. Jobs call that folder `v/now/`. Once all is made it gets its name, the list of
//! what belongs to it is written, and the pointer leads there. The version before stays beside it until the next one comes,
//! for screens that are still reading it: but not where anybody may pass by and something was withdrawn.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator, IntoParallelRefMutIterator, ParallelIterator};

use super::disk::{self, Stamp};
use super::faults::Fault;
use super::manifest::{Entry, Manifest};
use super::target::Folder;
use crate::render::{LIST, POINTER, Pointer, VERSION, handed_over, sealed};

/// A screen's edition, the files of which are to lie in a folder named by what they hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned {
    /// The edition's folder below the output folder, with `/` at its end.
    pub folder: String,
    /// Whether anybody may pass by.
    pub is_public: bool,
}

/// Where an output goes.
pub(super) enum Place<'a> {
    /// Where its path says.
    Itself,
    /// Into the coming version, under this name.
    In(&'a Version, &'a str),
    /// Nowhere: it is written when all is made.
    Later,
}

/// One screen's edition and what stands of it.
#[derive(Debug)]
pub(super) struct Version {
    screen: Versioned,
    /// What the live pointer says, if it says anything.
    live: Option<Pointer>,
}

/// What is still to be written once the name of a version is known.
pub(super) struct Settled {
    /// Path and bytes of the list and of the pointer.
    pub made: [(String, Vec<u8>); 2],
    /// The files of the version before, which stay.
    pub before: Vec<Entry>,
}

impl Version {
    pub(super) fn new(screen: Versioned, folder: &Folder) -> Self {
        let live = fs::read(folder.live.join(&screen.folder).join(POINTER)).ok();
        Self { live: live.and_then(|bytes| Pointer::read(&bytes)), screen }
    }

    /// Where the output planned at `path` goes; `None` if it is not of this edition.
    pub(super) fn place<'a>(&'a self, path: &'a str) -> Option<Place<'a>> {
        let rest = path.strip_prefix(&*self.screen.folder)?;
        Some(match rest.strip_prefix(VERSION) {
            Some(LIST) => Place::Later,
            Some(name) => Place::In(self, name),
            None if rest == POINTER => Place::Later,
            None => Place::Itself,
        })
    }

    /// Where the live version has the file of that name.
    pub(super) fn live(&self, name: &str) -> Option<String> {
        Some(self.file(&self.live.as_ref()?.now, name))
    }

    fn file(&self, version: &str, name: &str) -> String {
        format!("{}v/{version}/{name}", self.screen.folder)
    }

    /// Gives the version its name: `entries` are its files, planned under `v/now/`; those that are not fresh stand in the
    /// live version. The stage, `dir`, has the others.
    pub(super) fn settle(
        &self,
        folder: &Folder,
        dir: &Path,
        old: Option<&Manifest>,
        entries: &mut [Entry],
    ) -> Result<Settled, Fault> {
        entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let planned = format!("{}{VERSION}", self.screen.folder);
        let name_of = |entry: &Entry| entry.path.strip_prefix(&planned).unwrap_or_default().to_owned();
        let mut hasher = blake3::Hasher::new();
        for entry in &*entries {
            hasher.update(name_of(entry).as_bytes()).update(&[0]).update(entry.hash.as_bytes());
        }
        let name = hasher.finalize().to_hex()[..16].to_owned();
        let list = self.list(folder, dir, entries, &name_of)?;
        let names: HashSet<String> = entries.iter().map(name_of).collect();

        let is_live = self.live.as_ref().is_some_and(|live| live.now == name);
        if !is_live {
            entries.par_iter_mut().filter(|entry| !entry.fresh).try_for_each(|entry| {
                let from = folder.live.join(self.live(&name_of(entry)).unwrap_or_default());
                let to = dir.join(&*entry.path);
                disk::link_or_copy(&from, &to).map_err(|e| folder.fault(&*entry.path, &e))?;
                entry.fresh = true;
                Ok::<_, Fault>(())
            })?;
        }
        let (from, to) = (dir.join(&planned), dir.join(self.file(&name, "")));
        if entries.iter().any(|entry| entry.fresh) {
            disk::rename(&from, &to).map_err(|e| folder.record_fault(&e))?;
        }
        for entry in entries {
            entry.path = self.file(&name, &name_of(entry)).into();
        }

        let last = self.live.as_ref().and_then(|live| if is_live { live.before.as_ref() } else { Some(&live.now) });
        let last = last.filter(|last| **last != name);
        let kept = last.and_then(|last| Some((last.clone(), self.before(folder, old?, last, &names)?)));
        let (before, kept) = kept.unzip();
        let pointer = Pointer { now: name.clone(), before };
        let made = [(self.file(&name, LIST), list), (format!("{}{POINTER}", self.screen.folder), pointer.script())];
        Ok(Settled { made, before: kept.unwrap_or_default() })
    }

    /// The script that says what belongs to the version: under which hash each data script registers, and of the other
    /// files their own.
    fn list(
        &self,
        folder: &Folder,
        dir: &Path,
        entries: &[Entry],
        name_of: &(impl Fn(&Entry) -> String + Sync),
    ) -> Result<Vec<u8>, Fault> {
        let known = self.live(LIST).and_then(|path| fs::read(folder.live.join(path)).ok());
        let known = known
            .as_deref()
            .and_then(handed_over)
            .and_then(|(_, json)| serde_json::from_slice::<BTreeMap<String, String>>(json).ok());
        // What articles show counts through the pointer alone.
        let listed = entries.par_iter().filter(|entry| !name_of(entry).starts_with("f/"));
        let hash_of = |entry: &Entry| {
            let name = name_of(entry);
            if !entry.fresh
                && let Some(hash) = known.as_ref().and_then(|known| known.get(&name))
            {
                return Ok((name, hash.clone()));
            }
            let own = entry.hash.to_hex()[..16].to_owned();
            if !name.ends_with(".js") {
                return Ok((name, own));
            }
            let at: PathBuf = match self.live(&name) {
                Some(path) if !entry.fresh => folder.live.join(path),
                _ => dir.join(&*entry.path),
            };
            let bytes = fs::read(at).map_err(|e| folder.fault(&*entry.path, &e))?;
            let hash = handed_over(&bytes).map_or(own, |(hash, _)| hash);
            Ok((name, hash))
        };
        let list: BTreeMap<String, String> = listed.map(hash_of).collect::<Result<_, Fault>>()?;
        Ok(sealed(LIST.trim_end_matches(".js"), &serde_json::to_string(&list).unwrap_or_default()))
    }

    /// The files of the version before, if it stands there as it was made and may stay: `names` are those of the new one.
    fn before(&self, folder: &Folder, old: &Manifest, version: &str, names: &HashSet<String>) -> Option<Vec<Entry>> {
        let prefix = self.file(version, "");
        let files: Vec<&Entry> = old.below(&prefix).collect();
        let is_there = |entry: &&Entry| {
            let meta = disk::look(&folder.live.join(&*entry.path)).ok().flatten();
            meta.is_some_and(|meta| meta.is_file() && Stamp::of(&meta) == entry.stamp)
        };
        let has_list = files.iter().any(|entry| entry.path.strip_prefix(&prefix) == Some(LIST));
        if !has_list || !files.par_iter().all(is_there) {
            return None;
        }
        let is_withdrawn = |entry: &&Entry| {
            let name = entry.path.strip_prefix(&prefix).unwrap_or_default();
            ["s/", "a/", "f/"].iter().any(|folder| name.starts_with(folder)) && !names.contains(name)
        };
        if self.screen.is_public && files.iter().any(is_withdrawn) {
            return None;
        }
        Some(files.into_iter().map(|entry| Entry { fresh: false, ..entry.clone() }).collect())
    }
}
