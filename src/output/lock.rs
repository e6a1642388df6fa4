//! One build at a time for each output folder. The system itself drops the lock when its process ends, however it
//! ends, so there is no such thing as a stale one.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use super::disk;

/// Held for as long as it lives.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Takes the lock at `path`; `None` if somebody else has it. Where the file system knows no locks (some network
/// shares), building without one is better than not building.
pub(super) fn take(path: &Path) -> io::Result<Option<Lock>> {
    loop {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Ok(None);
        }
        // `clean` may have removed the file between opening and locking it: then somebody else can lock a new one.
        let current = disk::look(path)?.map(|meta| disk::identity(&meta));
        if current == Some(disk::identity(&file.metadata()?)) {
            return Ok(Some(Lock { _file: file }));
        }
    }
}
