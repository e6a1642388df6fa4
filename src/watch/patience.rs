//! Which files to leave as they were for a moment, because somebody is still writing them: a page is never shown half
//! written if its other half follows soon.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::sign::Touch;
use crate::source::{Differing, Stamp};

/// A writer who has been silent for so long is taken to have ended, though the file is still open.
const SILENCE: Duration = Duration::from_millis(200);
/// Nobody is waited for longer.
const LONGEST: Duration = Duration::from_secs(5);
/// A file that is suddenly empty was most likely cut to be written anew.
const EMPTY: Duration = Duration::from_millis(200);
/// A file of which nobody has told that it is whole must have stood unchanged for so long.
const YOUNG: Duration = Duration::from_millis(60);

struct Writing {
    first: Instant,
    last: Instant,
}

struct Waiting {
    stamp: Stamp,
    since: Instant,
    due: Instant,
}

/// See the head of this file.
#[derive(Default)]
pub(super) struct Patience {
    writing: HashMap<Arc<str>, Writing>,
    whole: HashSet<Arc<str>>,
    waiting: HashMap<Arc<str>, Waiting>,
}

impl Patience {
    /// Hears of a path.
    pub(super) fn hear(&mut self, path: Arc<str>, how: Touch) {
        let now = Instant::now();
        match how {
            Touch::Writing => {
                self.whole.remove(&path);
                self.writing.entry(path).or_insert(Writing { first: now, last: now }).last = now;
            }
            Touch::Whole => {
                self.writing.remove(&path);
                self.whole.insert(path);
            }
            Touch::Other => {}
        }
        if self.writing.len() > 4096 {
            self.writing.retain(|_, writing| writing.last + LONGEST > now);
        }
    }

    /// What was heard may be incomplete.
    pub(super) fn doubt(&mut self) {
        self.writing.clear();
        self.whole.clear();
    }

    /// What was heard of files being whole has been looked at.
    pub(super) fn looked(&mut self) {
        self.whole.clear();
    }

    /// Whether to wait with a file that differs; it is then among the [`Patience::ready`] later.
    pub(super) fn waits(&mut self, file: &Differing<'_>) -> bool {
        let now = Instant::now();
        match self.until(file, now).filter(|(_, due)| *due > now) {
            Some((since, due)) => {
                self.waiting.insert(file.path.clone(), Waiting { stamp: *file.stamp, since, due });
                true
            }
            None => {
                self.waiting.remove(file.path);
                false
            }
        }
    }

    fn until(&mut self, file: &Differing<'_>, now: Instant) -> Option<(Instant, Instant)> {
        if let Some(writing) = self.writing.get(file.path) {
            let due = (writing.last + SILENCE).min(writing.first + LONGEST);
            if due > now {
                return Some((now, due));
            }
            self.writing.remove(file.path);
            self.whole.insert(file.path.clone());
        }
        let waited = self.waiting.get(file.path);
        if file.stamp.size == 0 && file.size_before != Some(0) {
            let since = waited.filter(|waited| waited.stamp.size == 0).map_or(now, |waited| waited.since);
            return Some((since, since + EMPTY));
        }
        if self.whole.contains(file.path) || file.stamp.age().is_some_and(|age| age >= YOUNG) {
            return None;
        }
        // By our own clock: the one that the file's times are from may go wrong.
        let since = waited.filter(|waited| waited.stamp == *file.stamp).map_or(now, |waited| waited.since);
        Some((since, since + YOUNG))
    }

    /// When something has waited long enough.
    pub(super) fn due(&self) -> Option<Instant> {
        self.waiting.values().map(|waiting| waiting.due).min()
    }

    /// What has waited long enough to be looked at again.
    pub(super) fn ready(&self) -> Vec<Arc<str>> {
        let now = Instant::now();
        self.waiting.iter().filter(|(_, waiting)| waiting.due <= now).map(|(path, _)| path.clone()).collect()
    }

    /// `looked` were looked at; what of them is not `held` is waited for no more.
    pub(super) fn settle(&mut self, looked: &[Arc<str>], held: &[Arc<str>]) {
        let held: HashSet<&Arc<str>> = held.iter().collect();
        for path in looked {
            if !held.contains(path) {
                self.waiting.remove(path);
            }
        }
    }
}
