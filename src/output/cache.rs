//! Pictures that were made, kept for the next build in a folder beside the manifest. The folder can be deleted at any
//! time: whatever is missing or damaged there is made again, to the same bytes. It is bounded, the oldest go first, and
//! no failure here is one of the build.
//!
//! A file is named by what it was made of, holds the blake3 hash of the rest and then the rest, and comes into its
//! place by a rename; so several programs may share the folder without a lock.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::disk;
use super::target::{PICTURES, records};
use crate::diag::{Diagnostic, PICTURE_CACHE};

/// How much is kept, or twice what this run has used, if that is more.
const LIMIT: u64 = 512 << 20;

/// After so many new bytes it is looked whether all is too much.
const OFTEN: u64 = 64 << 20;

/// A file that is used is marked so at most this often.
const FRESH: Duration = Duration::from_secs(12 * 60 * 60);

/// See the head of this file.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    shown: String,
    limit: u64,
    state: Mutex<State>,
    counter: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    /// What this run has read or written.
    used: HashSet<blake3::Hash>,
    used_bytes: u64,
    /// New bytes since the last look.
    new_bytes: u64,
    /// Why nothing more is written.
    stuck: Option<String>,
}

impl Cache {
    /// The one beside the output folder `output` of the portal in `root`. Nothing is made before there is something to
    /// keep.
    pub fn beside(output: &Path, root: &Path) -> Self {
        let folder = records(output, root).join(PICTURES);
        let shown = folder.strip_prefix(root).unwrap_or(&folder).display().to_string();
        Self { folder, shown, limit: LIMIT, state: Mutex::default(), counter: AtomicU64::default() }
    }

    /// The same with another limit, for tests.
    #[must_use]
    pub fn limited(mut self, limit: u64) -> Self {
        self.limit = limit;
        self
    }

    /// What was kept under `key`, if it is whole.
    pub fn get(&self, key: &blake3::Hash) -> Option<Vec<u8>> {
        let path = self.folder.join(key.to_hex().as_str());
        let mut bytes = fs::read(&path).ok()?;
        let rest = bytes.split_off(blake3::OUT_LEN.min(bytes.len()));
        if blake3::hash(&rest).as_bytes().as_slice() != bytes {
            return None;
        }
        self.used(key, rest.len() as u64);
        touch(&path);
        Some(rest)
    }

    /// Keeps `bytes` under `key`.
    pub fn put(&self, key: &blake3::Hash, bytes: &[u8]) {
        if self.lock().stuck.is_some() {
            return;
        }
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        let fresh = self.folder.join(format!("{}-{number}{NEW}", std::process::id()));
        let write = || {
            fs::create_dir_all(&self.folder)?;
            fs::write(&fresh, [blake3::hash(bytes).as_bytes(), bytes].concat())?;
            fs::rename(&fresh, self.folder.join(key.to_hex().as_str()))
        };
        if let Err(error) = write() {
            let _ = disk::remove_file(&fresh);
            self.lock().stuck.get_or_insert_with(|| error.to_string());
            return;
        }
        self.used(key, bytes.len() as u64);
        let mut state = self.lock();
        state.new_bytes += bytes.len() as u64;
        let is_due = state.new_bytes > OFTEN.min(self.limit);
        drop(state);
        if is_due {
            self.trim();
        }
    }

    fn used(&self, key: &blake3::Hash, bytes: u64) {
        let mut state = self.lock();
        if state.used.insert(*key) {
            state.used_bytes += bytes;
        }
    }

    /// Deletes the oldest files while all are too much. Does nothing if nothing was added.
    pub fn trim(&self) {
        let limit = {
            let mut state = self.lock();
            if std::mem::take(&mut state.new_bytes) == 0 {
                return;
            }
            self.limit.max(2 * state.used_bytes)
        };
        let Ok(all) = entries(&self.folder) else { return };
        let mut total: u64 = all.iter().map(|entry| entry.size).sum();
        for entry in all {
            if total <= limit {
                break;
            }
            if disk::remove_file(&entry.path).is_ok() {
                total -= entry.size;
            }
        }
    }

    /// That nothing can be kept, if so.
    pub fn note(&self) -> Option<Diagnostic> {
        let why = self.lock().stuck.clone()?;
        Some(
            Diagnostic::note(PICTURE_CACHE, format!("缩小好的照片存不进 {}", self.shown))
                .with_note(format!("系统的说明：{why}"))
                .cause("网站照样生成，一个字节也不差；只是下一次要把照片重新处理一遍，会慢一些。")
                .cure("看看磁盘是不是满了、这个文件夹能不能写。"),
        )
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.trim();
    }
}

/// How a file ends that is not whole yet.
const NEW: &str = ".new";

struct Entry {
    path: PathBuf,
    size: u64,
    time: SystemTime,
}

/// The files of such a folder, oldest first; those of others that may lie there are left out.
fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut all = Vec::new();
    for (name, kind) in disk::list(folder)? {
        let path = folder.join(&name);
        let name = name.to_str().unwrap_or_default();
        let is_ours = name.ends_with(NEW) || name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let (true, true, Ok(meta)) = (is_ours, kind.is_file(), fs::symlink_metadata(&path)) {
            all.push(Entry { size: meta.len(), time: meta.modified().unwrap_or(SystemTime::UNIX_EPOCH), path });
        }
    }
    all.sort_by(|a, b| (a.time, &a.path).cmp(&(b.time, &b.path)));
    Ok(all)
}

/// Deletes everything that is kept in `folder`, and the folder if it is empty then.
pub(super) fn clear(folder: &Path) -> io::Result<()> {
    match entries(folder) {
        Ok(all) => all.iter().try_for_each(|entry| disk::remove_file(&entry.path))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    }
    let _ = fs::remove_dir(folder);
    Ok(())
}

/// Marks a file as used now.
fn touch(path: &Path) {
    let mark = || -> io::Result<()> {
        let age = fs::metadata(path)?.modified()?.elapsed().unwrap_or(Duration::MAX);
        if age > FRESH {
            fs::File::options().write(true).open(path)?.set_modified(SystemTime::now())?;
        }
        Ok(())
    };
    // Then it goes a little earlier.
    let _ = mark();
}
