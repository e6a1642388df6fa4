//! The outputs of one build while somebody watches: rendered when they are asked for, and kept from one build to the
//! next as long as their traces meet no changed fact. That is the whole rule of a rebuild. What is kept of an output is
//! its trace, its hash and what its template complained about; its bytes only up to a limit, since they can be had
//! again, so memory does not grow with the site.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::Build;
use crate::darkroom::{Darkroom, Print};
use crate::diag::{self, Diagnostic};
use crate::model::{Changed, Changes, Commons, Digest, Kind, Trace};
use crate::render::{Content, Job, Rendered, Worker};

/// One output as it is handed out.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its bytes, or the file to copy.
    pub body: Body,
    /// Hash of its bytes.
    pub hash: blake3::Hash,
}

/// An output's bytes, or where they are.
#[derive(Clone, Debug)]
pub enum Body {
    /// Rendered, or a theme file.
    Bytes(Arc<[u8]>),
    /// A file of the portal, unchanged.
    File {
        /// Path from the portal's root.
        source: Arc<str>,
        /// Size in bytes.
        size: u64,
    },
}

/// What is known of an output that has been rendered once.
#[derive(Debug)]
struct Known {
    trace: Trace,
    problems: Vec<Diagnostic>,
    hash: blake3::Hash,
}

/// One job's output.
#[derive(Clone, Debug)]
struct Slot {
    known: Arc<Known>,
    /// `None` when the bytes had to give way; they are made again when somebody asks.
    body: Option<Body>,
    /// The number of its edition.
    edition: Option<usize>,
}

/// The outputs of [`SIZE`] jobs whose numbers follow each other. A build in which nothing of it is another shares it with
/// the build before.
#[derive(Clone, Debug, Default)]
struct Piece {
    stock: Arc<Stock>,
    /// Those of the stock that are known, a bit each. An edit may drop thousands of outputs, of nearly all pieces, and copies
    /// none of the others for that: only its bit is taken.
    known: u64,
    /// Those that have something to say.
    troubled: u64,
}

/// What a piece was made of when an output was last put in.
#[derive(Clone, Debug)]
struct Stock {
    slots: Vec<Option<Slot>>,
    traces: Digest,
}

/// So many outputs are one piece: a bit of [`Piece::known`] each.
const SIZE: usize = u64::BITS as usize;

impl Default for Stock {
    fn default() -> Self {
        Self { slots: vec![None; SIZE], traces: Digest::default() }
    }
}

impl Piece {
    fn slot(&self, at: usize) -> Option<&Slot> {
        self.stock.slots[at].as_ref().filter(|_| self.known >> at & 1 == 1)
    }

    /// Those that are known.
    fn slots(&self) -> impl Iterator<Item = (usize, &Slot)> {
        (0..SIZE).filter_map(|at| Some((at, self.slot(at)?)))
    }

    fn len(&self) -> usize {
        self.known.count_ones() as usize
    }

    /// The outputs whose traces may meet what has changed, as `of` says for the number of an edition; certain of all others.
    fn suspects<'c>(&self, of: impl Fn(Option<usize>) -> Option<&'c Changed>) -> impl Iterator<Item = usize> {
        let edition = |at: usize| self.stock.slots[at].as_ref().and_then(|slot| slot.edition);
        self.stock.traces.suspects(move |at| of(edition(at)))
    }

    /// Forgets an output.
    fn clear(&mut self, at: usize) {
        self.known &= !(1 << at);
        self.troubled &= self.known;
    }

    /// Its stock, without what is forgotten.
    fn stock_mut(&mut self) -> &mut Stock {
        let stock = Arc::make_mut(&mut self.stock);
        for at in (0..SIZE).filter(|at| self.known >> at & 1 == 0) {
            if stock.slots[at].take().is_some() {
                stock.traces.clear(at);
            }
        }
        stock
    }

    /// Puts an output in the place of another; gives that.
    fn put(&mut self, at: usize, slot: Slot) -> Option<Slot> {
        let has_trouble = !slot.known.problems.is_empty();
        let stock = self.stock_mut();
        stock.traces.put(at, &slot.known.trace);
        let old = stock.slots[at].replace(slot);
        self.known |= 1 << at;
        self.troubled = self.troubled & !(1 << at) | u64::from(has_trouble) << at;
        old
    }
}

/// Everything kept, and the order in which bytes give way.
#[derive(Debug, Default)]
struct Shelf {
    /// By the numbers of jobs.
    pieces: Vec<Piece>,
    /// Numbers of jobs whose bytes are held, oldest first; one may stand here after its bytes are gone.
    order: VecDeque<u32>,
    held: usize,
}

/// The outputs of one build.
#[derive(Debug)]
pub struct Outputs {
    build: Build,
    shelf: Mutex<Shelf>,
    limit: usize,
    /// Handed on from build to build, like the next.
    commons: Arc<Commons>,
    darkroom: Arc<Darkroom>,
}

/// What a rebuild did to the outputs that had been rendered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Kept: nothing that they read has changed.
    pub kept: usize,
    /// Dropped: to be rendered again when asked for.
    pub dropped: usize,
    /// No longer planned.
    pub gone: usize,
}

impl Outputs {
    /// The outputs of `build`, none of them rendered yet; at most `limit` bytes of them are held. Pictures are made in
    /// `darkroom`.
    pub fn new(build: Build, limit: usize, darkroom: Arc<Darkroom>) -> Self {
        Self { build, shelf: Mutex::default(), limit, commons: Arc::default(), darkroom }
    }

    /// The outputs of a newer build. What is rendered here and meets no changed fact is taken over. The traces themselves are
    /// not asked: their digest misses nothing, and where it takes one entity for another, which happens once in thousands of
    /// millions of comparisons, an output is rendered once more.
    pub fn next(&self, build: Build) -> (Self, Turn) {
        self.take_over(build, |_, _| false)
    }

    /// As [`Outputs::next`], but blind for one kind of fact: for the proof that each is needed.
    pub fn next_without(&self, build: Build, kind: Kind) -> (Self, Turn) {
        self.take_over(build, |changed, trace| !trace.without(kind).meets(changed))
    }

    /// The outputs of a newer build, where of those that may meet a changed fact the ones to `keep` are taken over too.
    fn take_over(&self, build: Build, keep: impl Fn(&Changed, &Trace) -> bool + Sync) -> (Self, Turn) {
        let changes = build.changes_since(&self.build);
        let of = Of::new(&changes, &build);
        let shelf = self.lock();
        let before = shelf.known();
        let gone = build.gone_since(&self.build);
        let renumbered = gone.is_none().then(|| shelf.renumbered(&self.build, &build));
        let (pieces, gone) = match (&renumbered, gone) {
            (Some(pieces), _) => (pieces, Vec::new()),
            (None, gone) => (&shelf.pieces, gone.unwrap_or_default()),
        };
        let still = pieces.iter().map(Piece::len).sum::<usize>() - shelf.count_known(&gone);
        let next_piece = |(nth, piece): (usize, &Piece)| {
            let is_dropped = |&at: &usize| match piece.slot(at) {
                Some(slot) => of.edition(slot.edition).is_none_or(|changed| !keep(changed, &slot.known.trace)),
                None => false,
            };
            let dropped = piece.suspects(|edition| of.edition(edition)).filter(is_dropped);
            let from = gone.partition_point(|&number| (number as usize) < nth * SIZE);
            let gone = gone[from..].iter().map(|&number| number as usize - nth * SIZE).take_while(|&at| at < SIZE);
            let mut next = piece.clone();
            gone.chain(dropped).for_each(|at| next.clear(at));
            next
        };
        let pieces: Vec<Piece> = pieces.par_iter().with_min_len(64).enumerate().map(next_piece).collect();
        let mut next = Shelf { pieces, ..Shelf::default() };
        let kept = next.known();
        let turn = Turn { kept, dropped: still - kept, gone: before - still };
        if renumbered.is_none() {
            let mut seen = HashSet::new();
            for &at in shelf.order.iter().filter(|at| seen.insert(**at)) {
                if let Some(Body::Bytes(bytes)) = next.slot(at).and_then(|slot| slot.body.as_ref()) {
                    next.held += bytes.len();
                    next.order.push_back(at);
                }
            }
        } else {
            next.hold_all();
        }
        drop(shelf);
        let (commons, darkroom) = (self.commons.clone(), self.darkroom.clone());
        (Self { build, shelf: Mutex::new(next), limit: self.limit, commons, darkroom }, turn)
    }

    /// Where pictures are made.
    pub fn darkroom(&self) -> &Darkroom {
        &self.darkroom
    }

    /// The build that they belong to.
    pub fn build(&self) -> &Build {
        &self.build
    }

    /// The output at `path`, rendered now if need be; `None` if nothing is planned there.
    pub fn get(&self, path: &str) -> Option<Output> {
        self.ready(path).or_else(|| self.make(self.job(path)?, &mut self.build.worker()).into())
    }

    /// The output at `path` if its bytes are at hand.
    pub fn ready(&self, path: &str) -> Option<Output> {
        let at = self.at(path)?;
        let shelf = self.lock();
        let slot = shelf.slot(at)?;
        Some(Output { body: slot.body.clone()?, hash: slot.known.hash })
    }

    /// The hash of an output that has been rendered.
    pub fn hash(&self, path: &str) -> Option<blake3::Hash> {
        let at = self.at(path)?;
        self.lock().slot(at).map(|slot| slot.known.hash)
    }

    /// The job at `path`.
    pub fn job(&self, path: &str) -> Option<&Job> {
        self.build.jobs().find(|job| (**job.path()).cmp(path))
    }

    fn at(&self, path: &str) -> Option<u32> {
        self.job(path).map(Job::number)
    }

    /// Jobs whose output has never been rendered, in order of their paths.
    pub fn missing(&self) -> Vec<&Job> {
        let shelf = self.lock();
        let is_known = |job: &Job| shelf.slot(job.number()).is_some();
        self.build.jobs().iter().filter(|job| !is_known(job)).collect()
    }

    /// How many jobs' outputs have never been rendered.
    pub fn left(&self) -> usize {
        self.build.jobs().len().saturating_sub(self.lock().known())
    }

    /// Renders one job of this build with `worker` and keeps what came of it.
    pub fn make(&self, job: &Job, worker: &mut Worker<'_>) -> Output {
        let Rendered { content, trace, mut problems } = worker.render(job);
        let (body, hash) = match content {
            Content::Bytes(bytes) => {
                let hash = blake3::hash(&bytes);
                (Body::Bytes(bytes.into()), hash)
            }
            Content::Shared(bytes) => {
                let hash = blake3::hash(&bytes);
                (Body::Bytes(bytes), hash)
            }
            Content::File { source, hash, size } => (Body::File { source, size }, hash),
            Content::Bound(bound) => {
                let (bytes, found) = self.darkroom.bind(bound);
                problems.extend(found);
                let hash = blake3::hash(&bytes);
                (Body::Bytes(bytes.into()), hash)
            }
            Content::Picture(order) => {
                let Print { bytes, problem } = self.darkroom.print(&order);
                problems.extend(problem);
                let hash = blake3::hash(&bytes);
                (Body::Bytes(bytes), hash)
            }
        };
        if let Some(at) = self.at(job.path()) {
            let known = Known { trace: self.commons.share(trace), problems, hash };
            let slot = Slot { known: Arc::new(known), body: Some(body.clone()), edition: job.edition() };
            self.lock().put(at, slot, self.limit);
        }
        Output { body, hash }
    }

    /// Everything there is to say: about the portal, and what the templates of rendered outputs complained about.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let mut problems = self.build.diagnostics().to_vec();
        for piece in self.lock().pieces.iter().filter(|piece| piece.troubled > 0) {
            problems.extend(piece.slots().flat_map(|(_, slot)| slot.known.problems.iter().cloned()));
        }
        diag::fold(problems)
    }

    /// What the template of the output at `path` complained about when it was rendered.
    pub fn problems_of(&self, path: &str) -> Vec<Diagnostic> {
        let known = self.at(path).and_then(|at| Some(self.lock().slot(at)?.known.clone()));
        known.map(|known| known.problems.clone()).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The changed facts by the number of an edition, so that no job's office need be looked up by name.
struct Of<'c> {
    portal: Option<&'c Changed>,
    editions: Vec<Option<&'c Changed>>,
}

impl<'c> Of<'c> {
    fn new(changes: &'c Changes, build: &Build) -> Self {
        let editions = build.editions();
        let editions = editions.iter().map(|edition| changes.of(Some(&edition.office.id)));
        Self { portal: changes.of(None), editions: editions.collect() }
    }

    fn edition(&self, at: Option<usize>) -> Option<&'c Changed> {
        at.map_or(self.portal, |at| self.editions.get(at).copied().flatten())
    }
}

impl Shelf {
    fn slot(&self, number: u32) -> Option<&Slot> {
        self.pieces.get(number as usize / SIZE).and_then(|piece| piece.slot(number as usize % SIZE))
    }

    /// How many outputs are known.
    fn known(&self) -> usize {
        self.pieces.iter().map(Piece::len).sum()
    }

    /// How many of these are.
    fn count_known(&self, numbers: &[u32]) -> usize {
        numbers.iter().filter(|&&number| self.slot(number).is_some()).count()
    }

    fn piece_mut(&mut self, number: u32) -> &mut Piece {
        let at = number as usize / SIZE;
        if self.pieces.len() <= at {
            self.pieces.resize_with(at + 1, Piece::default);
        }
        &mut self.pieces[at]
    }

    /// The outputs under the numbers that their paths have in a build that was not made upon theirs.
    fn renumbered(&self, old: &Build, new: &Build) -> Vec<Piece> {
        let mut shelf = Self::default();
        for job in new.jobs() {
            let before = old.jobs().find(|one| one.path().cmp(job.path()));
            let slot = before.and_then(|before| self.slot(before.number()));
            if let Some(slot) = slot {
                let slot = Slot { edition: job.edition(), ..slot.clone() };
                shelf.piece_mut(job.number()).put(job.number() as usize % SIZE, slot);
            }
        }
        shelf.pieces
    }

    /// Puts everything whose bytes are held in the order in which they give way.
    fn hold_all(&mut self) {
        for (nth, piece) in self.pieces.iter().enumerate() {
            for (at, slot) in piece.slots() {
                if let Some(Body::Bytes(bytes)) = &slot.body {
                    self.held += bytes.len();
                    self.order.push_back((nth * SIZE + at) as u32);
                }
            }
        }
    }

    fn put(&mut self, number: u32, slot: Slot, limit: usize) {
        if let Some(Body::Bytes(bytes)) = &slot.body {
            self.held += bytes.len();
            self.order.push_back(number);
        }
        let old = self.piece_mut(number).put(number as usize % SIZE, slot);
        if let Some(Body::Bytes(bytes)) = old.and_then(|slot| slot.body) {
            self.held -= bytes.len();
        }
        while self.held > limit {
            let Some(oldest) = self.order.pop_front() else { break };
            if !matches!(self.slot(oldest), Some(Slot { body: Some(Body::Bytes(_)), .. })) {
                continue;
            }
            let slot = &mut self.piece_mut(oldest).stock_mut().slots[oldest as usize % SIZE];
            if let Some(Body::Bytes(bytes)) = slot.as_mut().and_then(|slot| slot.body.take()) {
                self.held -= bytes.len();
            }
        }
    }
}
