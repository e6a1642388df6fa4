//! What the traces of some outputs have read, side by side in memory: all traces are gone through after every edit, and
//! visiting each for itself would be most of what that costs.

use std::sync::Arc;

use super::{Changed, Kinds, Read, Trace};

/// The traces of a few dozen outputs, in short. A copy from which some are cleared shares the long lists.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    /// What several of them have read alike, once.
    commons: Arc<Vec<Arc<[Read]>>>,
    /// What each has read of its own, one after the other: the entities, and at the same places what of them. The latter is
    /// looked at only where an entity is met.
    entities: Arc<Vec<u32>>,
    kinds: Arc<Vec<Kinds>>,
    /// By output.
    spans: Vec<Option<Span>>,
}

/// What one trace holds.
#[derive(Clone, Copy, Debug)]
struct Span {
    common: u32,
    from: u32,
    to: u32,
}

impl Digest {
    /// Takes the trace of output number `at`, instead of what it had.
    pub fn put(&mut self, at: usize, trace: &Trace) {
        if self.spans.len() <= at {
            self.spans.resize(at + 1, None);
        }
        let common = self.commons.iter().position(|one| Arc::ptr_eq(one, &trace.common)).unwrap_or_else(|| {
            Arc::make_mut(&mut self.commons).push(trace.common.clone());
            self.commons.len() - 1
        });
        let from = self.entities.len() as u32;
        Arc::make_mut(&mut self.entities).extend(trace.own.iter().map(|read| read.entity.short()));
        Arc::make_mut(&mut self.kinds).extend(trace.own.iter().map(|read| read.kinds));
        self.spans[at] = Some(Span { common: common as u32, from, to: self.entities.len() as u32 });
        self.tidy();
    }

    /// Forgets the trace of output number `at`.
    pub fn clear(&mut self, at: usize) {
        if let Some(span) = self.spans.get_mut(at) {
            *span = None;
        }
    }

    /// Lets go of what no output has any more, when that is most of it.
    fn tidy(&mut self) {
        let used: usize = self.spans.iter().flatten().map(|span| (span.to - span.from) as usize).sum();
        if self.entities.len() <= 2 * used + 64 && self.commons.len() <= self.spans.len() + 8 {
            return;
        }
        let mut commons = Vec::<Arc<[Read]>>::new();
        let (mut entities, mut kinds) = (Vec::with_capacity(used), Vec::with_capacity(used));
        for span in self.spans.iter_mut().flatten() {
            let common = &self.commons[span.common as usize];
            let place = commons.iter().position(|one| Arc::ptr_eq(one, common)).unwrap_or_else(|| {
                commons.push(common.clone());
                commons.len() - 1
            });
            let from = entities.len() as u32;
            entities.extend_from_slice(&self.entities[span.from as usize..span.to as usize]);
            kinds.extend_from_slice(&self.kinds[span.from as usize..span.to as usize]);
            *span = Span { common: place as u32, from, to: entities.len() as u32 };
        }
        (self.commons, self.entities, self.kinds) = (commons.into(), entities.into(), kinds.into());
    }

    /// The outputs whose traces may meet what has changed, as `of` says for each; certain of all others.
    pub fn suspects<'c>(&self, of: impl Fn(usize) -> Option<&'c Changed>) -> impl Iterator<Item = usize> {
        // Neighbours have mostly read alike, and of the same edition.
        let mut last: Option<(u32, *const Changed, bool)> = None;
        self.spans.iter().enumerate().filter_map(move |(at, span)| {
            let span = (*span)?;
            let Some(changed) = of(at) else { return Some(at) };
            let same = last.filter(|(common, one, _)| *common == span.common && std::ptr::eq(*one, changed));
            let meets = same.map_or_else(
                || self.commons[span.common as usize].iter().any(|read| changed.meets(read)),
                |(_, _, meets)| meets,
            );
            last = Some((span.common, changed, meets));
            let (from, to) = (span.from as usize, span.to as usize);
            let mut own = self.entities[from..to].iter().enumerate();
            let is_met = |(nth, &short): (usize, &u32)| {
                changed.sieve.may_hold(short) && changed.may_meet(short, self.kinds[from + nth])
            };
            (meets || own.any(is_met)).then_some(at)
        })
    }
}
