//! What the system tells of a change, in the few words that matter here. A sign names a place to look at first and how
//! soon; it never says what is there.

use std::path::PathBuf;

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RenameMode};
use notify::{ErrorKind, Event, EventKind};

/// Something that ends or shapes the wait of a watch.
#[derive(Clone, Debug)]
pub enum Sign {
    /// Something happened at a path.
    Touched {
        /// The whole path.
        path: PathBuf,
        /// What, as far as one knows.
        how: Touch,
    },
    /// Signs were lost: everything has to be looked at.
    Doubt,
    /// The system will tell no more; why.
    Deaf(Deafness),
    /// Somebody wants everything looked at.
    Look,
    /// Somebody wants the watch to end.
    Stop,
}

/// What happened at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// A file was opened for writing or written to, and [`Touch::Whole`] will follow.
    Writing,
    /// Whoever wrote it has closed it, or it was moved there.
    Whole,
    /// Anything else: gone, a folder, other rights.
    Other,
}

/// Why the system cannot tell of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deafness {
    /// It watches no more folders than it already does.
    Limit,
    /// A share or a mount, where it hears of nobody else's changes.
    Remote,
    /// Something changed and nothing was told.
    Silent,
    /// It reports an error.
    Broken,
}

/// Linux tells when a file that was written is closed; other systems do not.
const CLOSES: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// The signs in an event. Mere reading is none: this program does it all the time.
pub(super) fn signs(event: notify::Result<Event>) -> Vec<Sign> {
    let event = match event {
        Ok(event) => event,
        Err(error) => return vec![failure(&error)],
    };
    if event.need_rescan() {
        return vec![Sign::Doubt];
    }
    if event.kind == EventKind::Modify(ModifyKind::Name(RenameMode::Both)) {
        // It comes after the two signs that tell each half, and in their order.
        let both = event.paths.into_iter().zip([Touch::Other, Touch::Whole]);
        return both.map(|(path, how)| Sign::Touched { path, how }).collect();
    }
    let writing = if CLOSES { Touch::Writing } else { Touch::Other };
    let how = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Touch::Whole,
        EventKind::Access(_) => return Vec::new(),
        EventKind::Create(CreateKind::File) | EventKind::Modify(ModifyKind::Data(_)) => writing,
        EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Touch::Whole,
        _ => Touch::Other,
    };
    event.paths.into_iter().map(|path| Sign::Touched { path, how }).collect()
}

pub(super) fn deafness(error: &notify::Error) -> Option<Deafness> {
    match &error.kind {
        ErrorKind::MaxFilesWatch => Some(Deafness::Limit),
        // What is gone by now is seen by the next look.
        ErrorKind::PathNotFound | ErrorKind::WatchNotFound => None,
        ErrorKind::Io(error) => match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::PermissionDenied => None,
            _ => Some(Deafness::Broken),
        },
        _ => Some(Deafness::Broken),
    }
}

fn failure(error: &notify::Error) -> Sign {
    deafness(error).map_or(Sign::Doubt, Sign::Deaf)
}
