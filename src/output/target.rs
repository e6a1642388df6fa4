//! An output folder, checked, locked and brought to rest: the start of everything that writes. Says at once whether
//! there is anything to do at all.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use super::disk::{self, Stamp};
use super::faults::{self, Fault, Overlap};
use super::lock::{self, Lock};
use super::manifest::Manifest;
use super::stage::Stage;
use super::switch;
use super::version::Versioned;
use crate::diag::Diagnostic;

/// Where Zhendi keeps its records, beside an output folder.
const RECORDS: &str = ".zhendi";
/// The stage, where it has to lie in the output folder because that is a file system of its own.
pub(super) const INSIDE_STAGE: &str = ".zhendi-stage";
/// A file that is there for a moment, to see what the file system can do.
pub(super) const PROBE: &str = ".zhendi-probe";

/// The names of what stays among the records; anything else there belongs to a change under way.
pub(super) const LOCK: &str = "lock";
pub(super) const MANIFEST: &str = "manifest";
pub(super) const SAVED: &str = "saved";
pub(super) const PICTURES: &str = "pictures";

/// What an output folder must not mix with.
#[derive(Clone, Copy, Debug)]
pub struct Portal<'a> {
    /// The portal's folder.
    pub root: &'a Path,
    /// Every folder that sources are read from (`content`, `themes`, `templates`, `static`), there or not.
    pub sources: &'a [PathBuf],
}

/// An output folder and what belongs to it.
#[derive(Debug)]
pub(super) struct Folder {
    /// The folder itself, symbolic links resolved.
    pub(super) live: PathBuf,
    /// Where lock, manifest, stage and journal stand.
    pub(super) state: PathBuf,
    /// Whether `state` is beside `live`, and not in the portal because nothing may be written there.
    pub(super) beside: bool,
    /// Whether a symbolic link leads to `live`.
    pub(super) linked: bool,
    /// How people know `live`.
    shown: String,
    state_shown: String,
}

impl Folder {
    pub(super) fn manifest(&self) -> PathBuf {
        self.state.join(MANIFEST)
    }

    /// The journal: what the manifest will be once a change under way is done.
    pub(super) fn pending(&self) -> PathBuf {
        self.state.join("pending")
    }

    pub(super) fn stage(&self, inside: bool) -> PathBuf {
        if inside { self.live.join(INSIDE_STAGE) } else { self.state.join("stage") }
    }

    /// The folder as people know it.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// A path in the folder as people know it.
    pub(super) fn show(&self, path: &Path) -> String {
        display(&Path::new(&self.shown).join(path))
    }

    /// A failure at a path in the folder.
    pub(super) fn fault(&self, path: impl AsRef<Path>, error: &std::io::Error) -> Fault {
        faults::system(&self.show(path.as_ref()), error)
    }

    /// A failure at Zhendi's own records.
    pub(super) fn record_fault(&self, error: &std::io::Error) -> Fault {
        faults::system(&self.state_shown, error)
    }

    /// Puts a file that is not ours to delete into `saved/`.
    pub(super) fn save_aside(&self, from: &Path, path: &Path) -> Result<Diagnostic, Fault> {
        let first = self.state.join(SAVED).join(path);
        let mut to = first.clone();
        let mut number = 2;
        while disk::look(&to).map_err(|e| self.record_fault(&e))?.is_some() {
            let mut name = first.clone().into_os_string();
            name.push(format!(".{number}"));
            to = name.into();
            number += 1;
        }
        disk::carry(from, &to).map_err(|e| self.fault(path, &e))?;
        let kept =
            to.strip_prefix(&self.state).map_or_else(|_| to.clone(), |rest| Path::new(&self.state_shown).join(rest));
        Ok(faults::edited(&self.show(path), &display(&kept)))
    }
}

/// Whether a path is simply a way down from the output folder, to something that is not Zhendi's own.
pub(super) fn is_safe(path: &str) -> bool {
    let part = |part: &str| !matches!(part, "" | "." | "..");
    let marks: &[char] = if cfg!(windows) { &['\\', '\0', ':'] } else { &['\\', '\0'] };
    let own = matches!(path.split('/').next(), Some(INSIDE_STAGE | PROBE));
    path.split('/').all(part) && !path.contains(marks) && !own
}

fn display(path: &Path) -> String {
    let text = path.display().to_string();
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// An output folder that is locked for this build and holds one complete version.
#[derive(Debug)]
pub struct Target {
    pub(super) folder: Folder,
    pub(super) manifest: Option<Manifest>,
    pub(super) notes: Vec<Diagnostic>,
    pub(super) file_by_file: bool,
    _lock: Lock,
}

/// The answer to "is there anything to do?" when there is not.
#[derive(Debug)]
pub struct Unchanged<'a> {
    /// What was given to [`Stage::switch`] to be remembered.
    pub memory: &'a [u8],
    /// What `output` itself has to say again.
    pub notes: Vec<Diagnostic>,
}

impl Target {
    /// Checks that `folder` can be an output folder (it need not exist yet), locks it, and completes or discards what a
    /// killed build left. The parents of a new output folder are made, the folder itself is not.
    pub fn open(folder: &Path, portal: &Portal<'_>) -> Result<Self, Fault> {
        let folder = locate(folder, portal)?;
        let locked = lock::take(&folder.state.join(LOCK)).map_err(|e| folder.record_fault(&e))?;
        let lock = locked.ok_or_else(|| faults::busy(&folder.shown))?;
        let (manifest, notes) = switch::recover(&folder)?;
        Ok(Self { folder, manifest, notes, file_by_file: false, _lock: lock })
    }

    /// Changes the folder file by file even where it could be exchanged whole: for a folder that another program holds
    /// on to as such (mounted into a container, say), and that must stay the same folder.
    #[must_use]
    pub fn file_by_file(mut self) -> Self {
        self.file_by_file = true;
        self
    }

    /// Whether the folder holds what a build with this `key` wrote, every file with the size and time it then had.
    pub fn unchanged(&self, key: &blake3::Hash) -> Option<Unchanged<'_>> {
        let manifest = self.manifest.as_ref().filter(|manifest| manifest.key == *key)?;
        let live = &self.folder.live;
        let same = manifest.entries().par_iter().with_min_len(256).all(|entry| {
            fs::symlink_metadata(live.join(&*entry.path))
                .is_ok_and(|meta| meta.is_file() && Stamp::of(&meta) == entry.stamp)
        });
        same.then(|| Unchanged {
            memory: &manifest.memory,
            notes: self
                .notes
                .iter()
                .cloned()
                .chain(faults::foreign_kept(&self.folder.shown, &manifest.foreign))
                .collect(),
        })
    }

    /// Opens a stage for a new version; `screens` are the editions that lie in folders named by what they hold.
    pub fn stage(self, screens: Vec<Versioned>) -> Result<Stage, Fault> {
        Stage::new(self, screens)
    }
}

/// Finds and checks the folder, and where its records go.
fn locate(given: &Path, portal: &Portal<'_>) -> Result<Folder, Fault> {
    let absolute = std::path::absolute(given).map_err(|e| faults::system(&display(given), &e))?;
    let root = real(portal.root).unwrap_or_else(|| portal.root.to_path_buf());
    let below = [portal.root, &root].into_iter().find_map(|root| absolute.strip_prefix(root).ok());
    let shown = display(below.filter(|path| *path != Path::new("") && !has_up(path)).unwrap_or(given));
    let failed = |e: std::io::Error| faults::system(&shown, &e);
    let linked = disk::look(&absolute).map_err(failed)?.is_some_and(|meta| meta.is_symlink());
    if linked && fs::metadata(&absolute).is_err_and(|e| e.kind() == ErrorKind::NotFound) {
        return Err(faults::dangling(&shown));
    }
    let live = resolve(&absolute, &shown)?;
    let (Some(parent), Some(name)) = (live.parent(), live.file_name()) else {
        return Err(faults::is_drive(&shown));
    };
    apart(&live, &shown, &root, portal)?;

    let exists = disk::look(&live).map_err(failed)?.is_some();
    if exists && !disk::writable(&live) {
        return Err(faults::system(&shown, &ErrorKind::PermissionDenied.into()));
    }
    let mut beside = true;
    let mut state = parent.join(RECORDS).join(name);
    match fs::create_dir_all(&state) {
        Err(e) if exists && matches!(e.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem) => {
            beside = false;
            state = away(&live, &root);
            fs::create_dir_all(&state).map_err(|e| faults::system(&display(&state), &e))?;
        }
        result => result.map_err(|e| faults::system(&shown, &e))?,
    }
    let state_shown = display(state.strip_prefix(&root).unwrap_or(&state));
    Ok(Folder { live, state, beside, linked, shown, state_shown })
}

/// Where the records of `live` go when nothing may be written beside it.
fn away(live: &Path, root: &Path) -> PathBuf {
    let hash = blake3::hash(live.as_os_str().as_encoded_bytes()).to_hex();
    root.join(RECORDS).join(format!("away-{}", &hash[..16]))
}

/// Where the records of the output folder `given` are, or would be.
pub(super) fn records(given: &Path, root: &Path) -> PathBuf {
    let live = real(given).unwrap_or_else(|| given.to_path_buf());
    let root = real(root).unwrap_or_else(|| root.to_path_buf());
    let away = away(&live, &root);
    match (live.parent(), live.file_name()) {
        (Some(parent), Some(name)) if !away.exists() => parent.join(RECORDS).join(name),
        _ => away,
    }
}

fn has_up(path: &Path) -> bool {
    path.components().any(|part| part == Component::ParentDir)
}

/// The real path of a folder that need not exist: what is there of it is resolved, the rest is appended.
fn resolve(absolute: &Path, shown: &str) -> Result<PathBuf, Fault> {
    let mut there = absolute.to_path_buf();
    let mut missing = Vec::new();
    loop {
        match fs::canonicalize(&there) {
            Ok(real) => {
                if !fs::metadata(&real).map_err(|e| faults::system(shown, &e))?.is_dir() {
                    let levels = missing.len();
                    let obstacle = Path::new(shown).ancestors().nth(levels).filter(|path| *path != Path::new(""));
                    let obstacle = obstacle.map_or_else(|| display(&there), display);
                    return Err(faults::not_folder(shown, &obstacle));
                }
                return Ok(missing.iter().rev().fold(real, |path, name| path.join(name)));
            }
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                match there.components().next_back() {
                    Some(Component::Normal(name)) => missing.push(name.to_owned()),
                    _ => return Err(faults::system(shown, &e)),
                }
                there.pop();
            }
            Err(e) => return Err(faults::system(shown, &e)),
        }
    }
}

fn real(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    resolve(&absolute, "").ok()
}

/// Checks that the output folder is apart from everything that people write.
fn apart(live: &Path, shown: &str, root: &Path, portal: &Portal<'_>) -> Result<(), Fault> {
    if live.components().any(|part| part.as_os_str() == RECORDS) {
        return Err(faults::in_sources(shown, &format!("“{RECORDS}”"), Overlap::OwnRecords));
    }
    // The output folder lies in the portal's folder as a rule; only the other way round is wrong.
    let portal_itself = (root.to_path_buf(), "整个门户的文件夹".to_owned());
    let sources = portal.sources.iter().filter_map(|source| {
        let source = real(source)?;
        let name = display(source.strip_prefix(root).unwrap_or(&source));
        Some((source, format!("存放原稿或模板的“{name}”")))
    });
    for (source, name) in std::iter::once(portal_itself).chain(sources) {
        let overlap = match () {
            () if live == source => Overlap::Same,
            () if source.starts_with(live) => Overlap::Contains,
            () if live.starts_with(&source) && source != root => Overlap::Inside,
            () => continue,
        };
        return Err(faults::in_sources(shown, &name, overlap));
    }
    Ok(())
}
