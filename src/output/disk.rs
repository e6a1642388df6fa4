//! What the rest of `output` asks of the operating system, each with a portable fallback: stamps of files, exchanging
//! folders, moving and copying with the time kept, removing trees. Nothing here knows of manifests.

use std::fs::{self, File, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use rayon::iter::{IntoParallelIterator, ParallelIterator};

/// Size and time of a file, by which an untouched one is known without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) size: u64,
    /// Nanoseconds since 1970.
    pub(super) mtime: i64,
}

impl Stamp {
    pub(super) fn of(meta: &Metadata) -> Self {
        let nanos = |d: Duration| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX);
        let mtime = match meta.modified().map(|time| time.duration_since(UNIX_EPOCH)) {
            Ok(Ok(after)) => nanos(after),
            Ok(Err(before)) => -nanos(before.duration()),
            Err(_) => 0,
        };
        Self { size: meta.len(), mtime }
    }
}

/// Device and number of a file or folder: the same through every hard link and after every rename.
#[cfg(unix)]
pub(super) fn identity(meta: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((meta.dev(), meta.ino()))
}

#[cfg(not(unix))]
pub(super) fn identity(_meta: &Metadata) -> Option<(u64, u64)> {
    None
}

/// What lies at `path`, links not followed; `None` if nothing does.
pub(super) fn look(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(meta) => Ok(Some(meta)),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Swaps two folders in one step that nobody sees half done.
#[cfg(target_os = "linux")]
pub(super) fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn exchange(_a: &Path, _b: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether files can be made and removed in a folder; `true` where only trying would tell.
#[cfg(target_os = "linux")]
pub(super) fn writable(dir: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(dir, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn writable(_dir: &Path) -> bool {
    true
}

/// Gives the folder `to` the owner and the permissions of `from`. `false` where it cannot be made its equal.
#[cfg(unix)]
pub(super) fn dress_like(from: &Path, to: &Path) -> bool {
    use std::os::unix::fs::{MetadataExt, chown};
    let (Ok(old), Ok(new)) = (fs::symlink_metadata(from), fs::symlink_metadata(to)) else { return false };
    let owner = (old.uid(), old.gid());
    if owner != (new.uid(), new.gid()) && chown(to, Some(owner.0), Some(owner.1)).is_err() {
        return false;
    }
    let mode = fs::symlink_metadata(to).is_ok_and(|now| now.mode() == old.mode());
    (mode || fs::set_permissions(to, old.permissions()).is_ok()) && extras(from) == extras(to)
}

#[cfg(not(unix))]
pub(super) fn dress_like(_from: &Path, _to: &Path) -> bool {
    true
}

/// Access lists, security labels and the like, which an exchanged folder would lose.
#[cfg(target_os = "linux")]
fn extras(dir: &Path) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut names = vec![0; 4096];
    let Ok(length) = rustix::fs::listxattr(dir, &mut names[..]) else { return Vec::new() };
    names.truncate(length);
    let mut found: Vec<_> = names
        .split(|&byte| byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| {
            let mut value = vec![0; 4096];
            let length = rustix::fs::getxattr(dir, name, &mut value[..]).unwrap_or(0);
            value.truncate(length);
            (name.to_vec(), value)
        })
        .collect();
    found.sort();
    found
}

#[cfg(all(unix, not(target_os = "linux")))]
fn extras(_dir: &Path) {}

/// Renames, over a file that is there. Windows refuses for a moment while a virus scanner looks at a new file.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    let mut result = fs::rename(from, to);
    if cfg!(windows) {
        for pause in [20, 100, 400] {
            match &result {
                Err(e) if matches!(e.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy) => {
                    std::thread::sleep(Duration::from_millis(pause));
                    result = fs::rename(from, to);
                }
                _ => break,
            }
        }
    }
    result
}

/// Runs `make`, and once more after making the folder it needs: so that each folder is made once, not asked for
/// before each file.
pub(super) fn with_parent<T>(path: &Path, make: impl Fn() -> io::Result<T>) -> io::Result<T> {
    match make() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            make()
        }
        result => result,
    }
}

/// Copies to a new file that gets the old one's time. A symbolic link is made anew.
pub(super) fn copy_with_time(from: &Path, to: &Path) -> io::Result<()> {
    let meta = fs::symlink_metadata(from)?;
    if meta.file_type().is_symlink() {
        return copy_symlink(from, to);
    }
    if !meta.is_file() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    let mut source = File::open(from)?;
    let mut target = File::create_new(to)?;
    let copied = io::copy(&mut source, &mut target).and_then(|_| target.set_modified(meta.modified()?));
    if copied.is_err() {
        drop(target);
        fs::remove_file(to)?;
    }
    copied
}

#[cfg(unix)]
fn copy_symlink(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(fs::read_link(from)?, to)
}

#[cfg(not(unix))]
fn copy_symlink(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Hard link, else a copy with the same time where the file system knows no hard links.
pub(super) fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    with_parent(to, || fs::hard_link(from, to)).or_else(|e| match e.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::StorageFull | io::ErrorKind::NotFound => Err(e),
        _ => with_parent(to, || copy_with_time(from, to)),
    })
}

/// Moves a file, across file systems if it must be.
pub(super) fn carry(from: &Path, to: &Path) -> io::Result<()> {
    match with_parent(to, || rename(from, to)) {
        Err(e) if e.kind() == io::ErrorKind::CrossesDevices => {
            copy_with_time(from, to)?;
            fs::remove_file(from)
        }
        result => result,
    }
}

/// Writes a whole small file so that nobody ever sees half of it.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("draft");
    fs::write(&draft, bytes)?;
    rename(&draft, path)
}

/// Removes a file; that it is gone already is as good.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
        result => result,
    }
}

/// Removes a folder with all that is in it, if it is there.
pub(super) fn remove_tree(path: &Path) -> io::Result<()> {
    let Some(meta) = look(path)? else { return Ok(()) };
    if !meta.is_dir() {
        return remove_file(path);
    }
    let (folders, files) = list(path)?.into_iter().partition::<Vec<_>, _>(|(_, kind)| kind.is_dir());
    for (name, _) in files {
        remove_file(&path.join(name))?;
    }
    folders.into_par_iter().try_for_each(|(name, _)| remove_tree(&path.join(name)))?;
    fs::remove_dir(path)
}

/// Removes a folder in which there are folders at most; fails where there is anything else.
pub(super) fn remove_empty(path: &Path) -> io::Result<()> {
    for (name, kind) in list(path)? {
        if kind.is_dir() {
            remove_empty(&path.join(name))?;
        }
    }
    fs::remove_dir(path)
}

/// Some file (or link, pipe …) in or below a folder, if there is one.
pub(super) fn some_file(dir: &Path) -> io::Result<Option<PathBuf>> {
    let (folders, files) = list(dir)?.into_iter().partition::<Vec<_>, _>(|(_, kind)| kind.is_dir());
    if let Some((name, _)) = files.first() {
        return Ok(Some(dir.join(name)));
    }
    for (name, _) in folders {
        if let Some(file) = some_file(&dir.join(name))? {
            return Ok(Some(file));
        }
    }
    Ok(None)
}

/// The entries of a folder, in order of their names.
pub(super) fn list(dir: &Path) -> io::Result<Vec<(PathBuf, FileType)>> {
    let mut entries = fs::read_dir(dir)?
        .map(|entry| entry.and_then(|entry| Ok((PathBuf::from(entry.file_name()), entry.file_type()?))))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(entries)
}

/// The hash of a file's bytes, and how many there are; what is read goes to `sink` too.
pub(super) fn hash_file(
    file: &mut impl io::Read,
    mut sink: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<(blake3::Hash, u64)> {
    let mut hasher = blake3::Hasher::new();
    let mut buffer = vec![0; 256 << 10];
    let mut total = 0;
    loop {
        let read = match file.read(&mut buffer) {
            Ok(0) => return Ok((hasher.finalize(), total)),
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        hasher.update(&buffer[..read]);
        sink(&buffer[..read])?;
        total += read as u64;
    }
}

/// Whether the file at `path` holds exactly these bytes.
pub(super) fn holds(path: &Path, size: u64, hash: &blake3::Hash) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() == size)
        && File::open(path).and_then(|mut file| hash_file(&mut file, |_| Ok(()))).is_ok_and(|(found, _)| found == *hash)
}
