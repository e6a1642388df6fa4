//! Looking ahead of the quiet period: who builds at once what has been seen so far, and shows it only when it is quiet,
//! has nothing to wait for after. If more comes meanwhile, what was built is thrown away.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{MOST, Pending, SAVE, Update, Watch};

/// So long it takes until the signs of one write have come in.
const GATHER: Duration = Duration::from_micros(300);

impl Watch {
    /// From now on an update is handed out before it is quiet, when it may be only a part of what is being done; see
    /// [`Watch::more`].
    #[must_use]
    pub fn ahead(mut self) -> Self {
        self.pending.ahead = true;
        self
    }

    /// Waits until nothing more follows on `update`. If something does, it is given in its place, with all that has
    /// changed.
    pub fn more(&mut self, update: &Update) -> Option<Update> {
        let end = update.quiet.filter(|_| update.spent.began.is_some_and(|began| began.elapsed() < MOST))?;
        while self.pending.span.is_none() {
            let left = end.checked_duration_since(Instant::now())?;
            let sign = self.signs.recv_timeout(left).ok()?;
            if self.hear(sign).is_none() {
                // The next wait hears it again.
                self.handle.stop();
                return None;
            }
        }
        while self.pending.span.is_some() {
            let Some(turn) = self.wait() else {
                self.handle.stop();
                return None;
            };
            if let Some(mut more) = self.take(turn) {
                let mut changed: Vec<Arc<str>> = update.changed.iter().cloned().chain(more.changed).collect();
                changed.sort();
                changed.dedup();
                more.changed = changed;
                more.differs |= update.differs;
                more.spent.began = update.spent.began;
                return Some(more);
            }
        }
        None
    }
}

impl Pending {
    /// When to look though it is not quiet yet.
    pub(super) fn due_ahead(&self) -> Option<Instant> {
        let (first, _) = self.span.filter(|_| self.ahead && !self.doubt && self.places.len() <= SAVE)?;
        Some(first + GATHER)
    }
}
