//! What a file's metadata say of it: equal stamps mean equal bytes, unless the file was still young when it was read.

use std::fs::Metadata;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Size, times in nanoseconds since 1970, and which file it is. Comparing for equality finds replacements by older
/// files too; on Unix `changed` is the inode's own time, which nobody can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) size: u64,
    modified: i64,
    changed: i64,
    id: (u64, u64),
}

/// Systems write times by a clock that ticks every 1 to 16 ms.
const TICK: i64 = 50_000_000;
/// FAT and some shares keep times in steps of two seconds. There, as for whole seconds elsewhere, nothing stands below.
const COARSE: i64 = 2_100_000_000;
const SECOND: i64 = 1_000_000_000;

impl Stamp {
    pub(crate) fn of(meta: &Metadata) -> Self {
        let (changed, id) = own(meta);
        Self { size: meta.len(), modified: meta.modified().map_or(0, nanoseconds), changed, id }
    }

    /// Device and number, where the system has them: another folder in the same place is seen by it.
    pub(crate) fn id(&self) -> (u64, u64) {
        self.id
    }

    /// Whether a later write must show in the stamp. If the last change lies within one tick of the moment `began`, at
    /// which reading began, a second write after the reading can carry the same times and the same size: such a file is
    /// "racy", as git calls it, and is read again by every look until it is old enough.
    pub(super) fn is_settled(&self, began: i64) -> bool {
        let last = if cfg!(unix) { self.changed } else { self.modified };
        let margin = if last % SECOND == 0 { COARSE } else { TICK };
        last.saturating_add(margin) < began
    }

    /// How long ago the file changed by its own account; nothing if that lies in the future.
    pub(crate) fn age(&self) -> Option<Duration> {
        let age = now().checked_sub(self.changed.max(self.modified))?;
        u64::try_from(age).ok().map(Duration::from_nanos)
    }
}

/// Now, as files' times are counted.
pub(super) fn now() -> i64 {
    nanoseconds(SystemTime::now())
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |n| -n),
    }
}

#[cfg(unix)]
fn own(meta: &Metadata) -> (i64, (u64, u64)) {
    use std::os::unix::fs::MetadataExt as _;
    let changed = meta.ctime().saturating_mul(SECOND).saturating_add(meta.ctime_nsec());
    (changed, (meta.dev(), meta.ino()))
}

/// Elsewhere the time of creation tells one file from another in its place as well as can be.
#[cfg(not(unix))]
fn own(meta: &Metadata) -> (i64, (u64, u64)) {
    let created = meta.created().map_or(0, nanoseconds);
    (created, (u64::from(meta.permissions().readonly()), created as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn young_files_are_not_settled() {
        let stamp = |changed| Stamp { size: 1, modified: changed, changed, id: (0, 0) };
        let fine = 100 * SECOND + 1;
        assert!(!stamp(fine).is_settled(fine + 1));
        assert!(!stamp(fine).is_settled(fine - SECOND), "a clock that is behind");
        assert!(stamp(fine).is_settled(fine + TICK + 1));
        let whole = 100 * SECOND;
        assert!(!stamp(whole).is_settled(whole + SECOND), "a file system that counts in seconds");
        assert!(stamp(whole).is_settled(whole + COARSE + 1));
    }
}
