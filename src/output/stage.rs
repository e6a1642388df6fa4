//! Where a new version is put together while it is rendered, from many threads at once. Each output is compared with
//! the live file by the hash in the manifest: an equal one is only noted, and keeps its time.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::disk::{self, Stamp};
use super::faults::{self, Fault};
use super::manifest::{Entry, Manifest};
use super::switch::{self, Done, Way};
use super::target::{PROBE, Target, is_safe};
use super::version::{Place, Version, Versioned};
use crate::diag::Diagnostic;

/// What became of one output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// New bytes.
    New,
    /// The live file holds the same bytes already, and keeps its time.
    Same,
}

/// A new version under construction. Dropped, it leaves the live folder as it is and nothing behind.
#[derive(Debug)]
pub struct Stage {
    target: Target,
    dir: PathBuf,
    /// How the switch will go about it, if nothing comes in between.
    way: Way,
    inside: bool,
    live_exists: bool,
    entries: Mutex<Vec<Entry>>,
    /// Screens, the files of which go into folders named by what they hold.
    versions: Vec<Version>,
    /// How many outputs have new bytes.
    written: AtomicUsize,
    /// From the moment the journal stands, the stage belongs to it.
    handed_over: bool,
}

impl Stage {
    pub(super) fn new(target: Target, screens: Vec<Versioned>) -> Result<Self, Fault> {
        let folder = &target.folder;
        let live_exists = disk::look(&folder.live).map_err(|e| folder.fault("", &e))?.is_some();
        let (way, inside) = if live_exists {
            probe(&target).map_err(|e| folder.record_fault(&e))?
        } else if target.file_by_file {
            (Way::FileByFile, false)
        } else {
            (Way::Whole, false)
        };
        let dir = folder.stage(inside);
        fs::create_dir(&dir).map_err(|e| folder.record_fault(&e))?;
        if live_exists {
            // New folders inherit its group; whether all is right is seen at the switch.
            disk::dress_like(&folder.live, &dir);
        }
        let versions = screens.into_iter().map(|screen| Version::new(screen, folder)).collect();
        Ok(Self {
            target,
            dir,
            way,
            inside,
            live_exists,
            entries: Mutex::default(),
            versions,
            written: AtomicUsize::new(0),
            handed_over: false,
        })
    }

    /// Takes one output. `path` is relative to the output folder, with `/`.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<Written, Fault> {
        self.check(path)?;
        let Some(live) = self.live(path) else { return Ok(Written::Same) };
        self.put(path, live.as_deref(), bytes)
    }

    /// Takes one output that stands at `live` in the live folder, if it is there.
    fn put(&self, path: &str, live: Option<&str>, bytes: &[u8]) -> Result<Written, Fault> {
        let hash = blake3::hash(bytes);
        let size = bytes.len() as u64;
        if let Some(stamp) = self.reuse(live, &hash, size)? {
            return Ok(self.record(path, hash, stamp, Written::Same));
        }
        let (mut file, to) = self.create(path)?;
        file.write_all(bytes).map_err(|e| self.target.folder.fault(path, &e))?;
        let stamp = self.stamp(path, file, &to)?;
        Ok(self.record(path, hash, stamp, Written::New))
    }

    /// Copies an asset, of which the build has seen `expected` and `size`; that is verified while copying. `shown` is
    /// how people know the file at `from`.
    pub fn copy(
        &self,
        path: &str,
        from: &Path,
        shown: &str,
        expected: &blake3::Hash,
        size: u64,
    ) -> Result<Written, Fault> {
        self.check(path)?;
        let Some(live) = self.live(path) else { return Ok(Written::Same) };
        if let Some(stamp) = self.reuse(live.as_deref(), expected, size)? {
            return Ok(self.record(path, *expected, stamp, Written::Same));
        }
        let mut source = File::open(from).map_err(|_| faults::asset_changed(shown))?;
        let (mut file, to) = self.create(path)?;
        let mut failed = None;
        let copied = disk::hash_file(&mut source, |bytes| {
            file.write_all(bytes).map_err(|e| {
                failed = Some(self.target.folder.fault(path, &e));
                io::Error::from(e.kind())
            })
        });
        match (copied, failed) {
            (_, Some(fault)) => Err(fault),
            (Ok((hash, length)), None) if hash == *expected && length == size => {
                let stamp = self.stamp(path, file, &to)?;
                Ok(self.record(path, hash, stamp, Written::New))
            }
            _ => Err(faults::asset_changed(shown)),
        }
    }

    /// Takes the live file over for an output of which the caller knows that its bytes are still those of `hash`: it is
    /// not read again. Gives false where the live file is not as the manifest says, or the manifest says something
    /// else; then it has to be written.
    pub fn keep(&self, path: &str, hash: &blake3::Hash) -> Result<bool, Fault> {
        self.check(path)?;
        let Some(live) = self.live(path) else { return Ok(true) };
        let owned = live.as_deref().and_then(|live| self.target.manifest.as_ref()?.get(live));
        let Some(entry) = owned.filter(|entry| self.live_exists && entry.hash == *hash) else { return Ok(false) };
        let folder = &self.target.folder;
        let meta = disk::look(&folder.live.join(&*entry.path)).map_err(|e| folder.fault(path, &e))?;
        let same = meta.is_some_and(|meta| meta.is_file() && Stamp::of(&meta) == entry.stamp);
        if same {
            self.record(path, *hash, entry.stamp, Written::Same);
        }
        Ok(same)
    }

    /// Makes this version live. `key` and `memory` are what [`Target::unchanged`] will ask for and give back. On any
    /// error the version before stands untouched, unless the switch itself was interrupted file by file: then the
    /// next [`Target::open`] completes it.
    pub fn switch(mut self, key: &blake3::Hash, memory: &[u8]) -> Result<Done, Vec<Diagnostic>> {
        self.settle().map_err(|fault| vec![*fault])?;
        let entries = std::mem::take(&mut *self.entries.lock().unwrap_or_else(PoisonError::into_inner));
        let written = self.written.load(Ordering::Relaxed);
        let change = switch::Plan { way: self.way, inside: self.inside, live_exists: self.live_exists, written };
        let folder = &self.target.folder;
        let next = Manifest::new(*key, memory.to_vec(), entries)
            .map_err(|path| vec![*faults::planned_twice(&folder.show(Path::new(&*path)))])?;
        let ready = switch::prepare(folder, self.target.manifest.as_ref(), next, change)?;
        self.handed_over = true;
        let mut done = switch::carry_out(folder, self.target.manifest.as_ref(), ready)
            .map_err(|faults| faults.into_iter().map(|fault| *fault).collect::<Vec<_>>())?;
        done.notes.splice(0..0, std::mem::take(&mut self.target.notes));
        Ok(done)
    }

    /// Gives the versions of screens their names.
    fn settle(&self) -> Result<(), Fault> {
        for version in &self.versions {
            let all = std::mem::take(&mut *self.entries.lock().unwrap_or_else(PoisonError::into_inner));
            let is_of = |entry: &Entry| matches!(version.place(&entry.path), Some(Place::In(..)));
            let (mut own, mut rest): (Vec<Entry>, Vec<Entry>) = all.into_iter().partition(is_of);
            if own.is_empty() {
                *self.entries.lock().unwrap_or_else(PoisonError::into_inner) = rest;
                continue;
            }
            let manifest = self.target.manifest.as_ref().filter(|_| self.live_exists);
            let settled = version.settle(&self.target.folder, &self.dir, manifest, &mut own)?;
            rest.extend(own);
            rest.extend(settled.before);
            *self.entries.lock().unwrap_or_else(PoisonError::into_inner) = rest;
            for (path, bytes) in &settled.made {
                self.put(path, Some(path), bytes)?;
            }
        }
        Ok(())
    }

    /// Where the output planned at `path` stands in the live folder, if it may be there; `None` if it is written later.
    fn live<'p>(&self, path: &'p str) -> Option<Option<Cow<'p, str>>> {
        match self.versions.iter().find_map(|version| version.place(path)) {
            None | Some(Place::Itself) => Some(Some(Cow::Borrowed(path))),
            Some(Place::In(version, name)) => Some(version.live(name).map(Cow::Owned)),
            Some(Place::Later) => None,
        }
    }

    fn check(&self, path: &str) -> Result<(), Fault> {
        if is_safe(path) { Ok(()) } else { Err(faults::unsafe_path(path)) }
    }

    fn record(&self, path: &str, hash: blake3::Hash, stamp: Stamp, written: Written) -> Written {
        let entry = Entry { path: path.into(), hash, stamp, fresh: written == Written::New };
        self.written.fetch_add(usize::from(entry.fresh), Ordering::Relaxed);
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        written
    }

    /// Takes the live file over if it holds the wanted bytes already; gives its stamp. One that stands in no manifest
    /// (the manifest is lost, or somebody put it there) becomes ours by being equal.
    fn reuse(&self, path: Option<&str>, hash: &blake3::Hash, size: u64) -> Result<Option<Stamp>, Fault> {
        let Some(path) = path.filter(|_| self.live_exists) else { return Ok(None) };
        let owned = self.target.manifest.as_ref().and_then(|manifest| manifest.get(path));
        if owned.is_some_and(|entry| entry.hash != *hash || entry.stamp.size != size) {
            return Ok(None);
        }
        let folder = &self.target.folder;
        let live = folder.live.join(path);
        let Some(meta) = disk::look(&live).map_err(|e| folder.fault(path, &e))? else { return Ok(None) };
        if !meta.is_file() {
            return Ok(None);
        }
        let stamp = Stamp::of(&meta);
        if owned.is_none_or(|entry| entry.stamp != stamp) && !disk::holds(&live, size, hash) {
            return Ok(None);
        }
        Ok(Some(stamp))
    }

    fn create(&self, path: &str) -> Result<(File, PathBuf), Fault> {
        let to = self.dir.join(path);
        let file = disk::with_parent(&to, || File::create_new(&to));
        file.map(|file| (file, to)).map_err(|e| self.target.folder.fault(path, &e))
    }

    /// The stamp of a file just written. Windows settles the time only when the file is closed.
    fn stamp(&self, path: &str, file: File, to: &Path) -> Result<Stamp, Fault> {
        let meta = if cfg!(windows) {
            drop(file);
            fs::metadata(to)
        } else {
            file.metadata()
        };
        meta.map(|meta| Stamp::of(&meta)).map_err(|e| self.target.folder.fault(path, &e))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.handed_over {
            // What cannot be removed now is removed by the next `Target::open`.
            let _ = disk::remove_tree(&self.dir);
        }
    }
}

/// Finds out, by doing it with empty files and folders, how the live folder can be changed, and whether the stage must
/// lie in it.
fn probe(target: &Target) -> io::Result<(Way, bool)> {
    let folder = &target.folder;
    let [file, link, a, b] = ["probe", "probe-link", "probe-a", "probe-b"].map(|name| folder.state.join(name));
    fs::write(&file, [])?;
    let linked = fs::hard_link(&file, &link).is_ok();
    disk::remove_file(&link)?;
    let inside = match disk::some_file(&folder.live)? {
        // Even where links are not known or not allowed, crossing over is the first thing that is refused.
        Some(live) => fs::hard_link(live, &link).is_err_and(|e| e.kind() == io::ErrorKind::CrossesDevices),
        None => {
            let spot = folder.live.join(PROBE);
            let crosses = fs::rename(&file, &spot).is_err();
            disk::remove_file(&spot)?;
            crosses
        }
    };
    disk::remove_file(&link)?;
    disk::remove_file(&file)?;
    let whole = linked && !inside && folder.beside && !target.file_by_file && {
        fs::create_dir_all(&a)?;
        fs::create_dir_all(&b)?;
        let exchanged = disk::exchange(&a, &b).is_ok();
        fs::remove_dir(&a)?;
        fs::remove_dir(&b)?;
        exchanged
    };
    Ok((if whole { Way::Whole } else { Way::FileByFile }, inside))
}
