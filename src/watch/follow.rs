//! Which folders the system watches for us. On Linux each folder is watched by itself, so that it is known which are:
//! notify's own recursion misses folders and files that are made right after the folder above them. Other systems watch
//! whole trees.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::sign::{Deafness, Sign, deafness, signs};

/// Whether each folder has to be watched by itself.
pub(super) const SINGLY: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// A folder, and the number that tells it from another in its place; 0 where that is not known.
pub(super) type Folder = (PathBuf, (u64, u64));

/// The system's watches.
pub(super) struct Follower {
    watcher: RecommendedWatcher,
    followed: HashMap<PathBuf, (u64, u64)>,
}

impl Follower {
    /// No folder yet; signs go to `tell`.
    pub(super) fn new(mut tell: impl FnMut(Sign) + Send + 'static) -> Result<Self, Deafness> {
        let handler = move |event| {
            for sign in signs(event) {
                tell(sign);
            }
        };
        let config = notify::Config::default().with_follow_symlinks(false);
        match RecommendedWatcher::new(handler, config) {
            Ok(watcher) => Ok(Self { watcher, followed: HashMap::new() }),
            Err(error) => Err(deafness(&error).unwrap_or(Deafness::Broken)),
        }
    }

    /// Watches `wanted` and nothing else; those in `stale` anew, since it may be another folder there by now. Gives the
    /// folders that were not watched before: what happened in them until now nobody told.
    pub(super) fn follow(
        &mut self,
        wanted: Vec<Folder>,
        whole: &[PathBuf],
        stale: &HashSet<PathBuf>,
    ) -> Result<Vec<PathBuf>, Deafness> {
        let wanted: HashMap<PathBuf, (u64, u64)> = wanted.into_iter().collect();
        let gone = |path: &PathBuf, id: &(u64, u64)| wanted.get(path) != Some(id) || stale.contains(path);
        // First all that are gone: a folder that was moved is one watch under two names.
        let leave: Vec<PathBuf> =
            self.followed.iter().filter(|(path, id)| gone(path, id)).map(|(path, _)| path.clone()).collect();
        for path in leave {
            self.followed.remove(&path);
            let _ = self.watcher.unwatch(&path);
        }
        let mut new = Vec::new();
        for (path, id) in wanted {
            if self.followed.contains_key(&path) {
                continue;
            }
            let mode = if whole.contains(&path) { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            match self.watcher.watch(&path, mode) {
                Ok(()) => {
                    self.followed.insert(path.clone(), id);
                    new.push(path);
                }
                Err(error) => {
                    if let Some(why) = deafness(&error) {
                        return Err(why);
                    }
                }
            }
        }
        Ok(new)
    }

    /// Whether `path` is one of the folders.
    pub(super) fn has(&self, path: &Path) -> bool {
        self.followed.contains_key(path)
    }
}

/// Whether the system can hear of changes in `root` that others make.
#[cfg(target_os = "linux")]
pub(super) fn is_remote(root: &Path) -> bool {
    // statfs(2): NFS, SMB, CIFS, SMB2, FUSE (bindfs, sshfs, virtiofs, grpcfuse), 9P (WSL, gVisor), AFS, Ceph, vboxsf.
    const REMOTE: [u64; 9] =
        [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546, 0x0102_1997, 0x5346_414F, 0x00C3_6400, 0x786F_4256];
    rustix::fs::statfs(root).is_ok_and(|stat| REMOTE.contains(&(stat.f_type as u64 & 0xFFFF_FFFF)))
}

/// On Windows a share is known by its name, `\\server\share`; drives that stand for one are found out by silence.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_remote(root: &Path) -> bool {
    use std::path::{Component, Prefix};
    matches!(
        root.components().next(),
        Some(Component::Prefix(prefix)) if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
    )
}
