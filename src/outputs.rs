//! The outputs of one build while somebody watches: rendered when they are asked for, and kept from one build to the
//! next as long as their traces meet no changed fact. That is the whole rule of a rebuild. What is kept of an output is
//! its trace, its hash and what its template complained about; its bytes only up to a limit, since they can be had
//! again, so memory does not grow with the site.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::Build;
use crate::darkroom::{Darkroom, Print};
use crate::diag::{self, Diagnostic};
use crate::model::{Changed, Changes, Commons, Kind, Trace};
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
#[derive(Clone, Debug, Default)]
struct Slot {
    known: Option<Arc<Known>>,
    /// `None` too when the bytes had to give way; they are made again when somebody asks.
    body: Option<Body>,
}

/// Everything kept, and the order in which bytes give way.
#[derive(Debug, Default)]
struct Shelf {
    /// By job.
    slots: Vec<Slot>,
    /// Jobs whose bytes are held, oldest first; one may stand here after its bytes are gone.
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
        let slots = vec![Slot::default(); build.jobs().len()];
        let shelf = Mutex::new(Shelf { slots, ..Shelf::default() });
        Self { build, shelf, limit, commons: Arc::default(), darkroom }
    }

    /// The outputs of a newer build. What is rendered here and meets no changed fact is taken over.
    pub fn next(&self, build: Build) -> (Self, Turn) {
        let changes = build.changes_since(&self.build);
        let of = Of::new(&changes, &build);
        self.take_over(build, |job, trace| of.job(job).is_some_and(|changed| !trace.meets(changed)))
    }

    /// As [`Outputs::next`], but blind for one kind of fact: for the proof that each is needed.
    pub fn next_without(&self, build: Build, kind: Kind) -> (Self, Turn) {
        let changes = build.changes_since(&self.build);
        let of = Of::new(&changes, &build);
        self.take_over(build, |job, trace| of.job(job).is_some_and(|changed| !trace.without(kind).meets(changed)))
    }

    fn take_over(&self, build: Build, keep: impl Fn(&Job, &Trace) -> bool + Sync) -> (Self, Turn) {
        let shelf = self.lock();
        let (old, new) = (self.build.jobs(), build.jobs());
        let moves = (!std::ptr::eq(old, new)).then(|| Moves::new(old, new));
        let take = |at: usize| -> Option<Slot> {
            let from = moves.as_ref().map_or(Some(at), |moves| moves.from[at].map(|from| from as usize))?;
            let slot = &shelf.slots[from];
            keep(&new[at], &slot.known.as_ref()?.trace).then(|| slot.clone())
        };
        let slots: Vec<Slot> =
            (0..new.len()).into_par_iter().with_min_len(256).map(|at| take(at).unwrap_or_default()).collect();
        let mut next = Shelf { slots, ..Shelf::default() };
        let is_gone = |at: usize| moves.as_ref().is_some_and(|moves| moves.to[at].is_none());
        let rendered = || shelf.slots.iter().enumerate().filter(|(_, slot)| slot.known.is_some());
        let mut turn = Turn::default();
        turn.gone = rendered().filter(|(at, _)| is_gone(*at)).count();
        turn.kept = next.slots.iter().filter(|slot| slot.known.is_some()).count();
        turn.dropped = rendered().count() - turn.kept - turn.gone;
        for &at in &shelf.order {
            let Some(at) = moves.as_ref().map_or(Some(at), |moves| moves.to[at as usize]) else { continue };
            if let Some(Body::Bytes(bytes)) = &next.slots[at as usize].body {
                next.held += bytes.len();
                next.order.push_back(at);
            }
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
        let slot = &shelf.slots[at];
        Some(Output { body: slot.body.clone()?, hash: slot.known.as_ref()?.hash })
    }

    /// The hash of an output that has been rendered.
    pub fn hash(&self, path: &str) -> Option<blake3::Hash> {
        let at = self.at(path)?;
        self.lock().slots[at].known.as_ref().map(|known| known.hash)
    }

    /// The job at `path`.
    pub fn job(&self, path: &str) -> Option<&Job> {
        self.at(path).map(|at| &self.build.jobs()[at])
    }

    fn at(&self, path: &str) -> Option<usize> {
        self.build.jobs().binary_search_by(|job| (**job.path()).cmp(path)).ok()
    }

    /// Jobs whose output has never been rendered, in order of their paths.
    pub fn missing(&self) -> Vec<&Job> {
        let shelf = self.lock();
        let jobs = self.build.jobs().iter().zip(&shelf.slots);
        jobs.filter(|(_, slot)| slot.known.is_none()).map(|(job, _)| job).collect()
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
            Content::Picture(order) => {
                let Print { bytes, problem } = self.darkroom.print(&order);
                problems.extend(problem);
                let hash = blake3::hash(&bytes);
                (Body::Bytes(bytes), hash)
            }
        };
        if let Some(at) = self.at(job.path()) {
            let known = Known { trace: self.commons.share(trace), problems, hash };
            self.lock().put(at, Slot { known: Some(Arc::new(known)), body: Some(body.clone()) }, self.limit);
        }
        Output { body, hash }
    }

    /// Everything there is to say: about the portal, and what the templates of rendered outputs complained about.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let mut problems = self.build.diagnostics().to_vec();
        for slot in &self.lock().slots {
            if let Some(known) = &slot.known {
                problems.extend(known.problems.iter().cloned());
            }
        }
        diag::fold(problems)
    }

    /// What the template of the output at `path` complained about when it was rendered.
    pub fn problems_of(&self, path: &str) -> Vec<Diagnostic> {
        let known = self.at(path).and_then(|at| self.lock().slots[at].known.clone());
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

    fn job(&self, job: &Job) -> Option<&'c Changed> {
        job.edition().map_or(self.portal, |at| self.editions.get(at).copied().flatten())
    }
}

/// Which job of one plan is at the path of which of another.
struct Moves {
    /// By newer job: the older one.
    from: Vec<Option<u32>>,
    /// By older job: the newer one.
    to: Vec<Option<u32>>,
}

impl Moves {
    /// Both are sorted by path.
    fn new(old: &[Job], new: &[Job]) -> Self {
        let mut moves = Self { from: vec![None; new.len()], to: vec![None; old.len()] };
        let mut at = 0;
        for (was, job) in old.iter().enumerate() {
            while new.get(at).is_some_and(|one| one.compare(job).is_lt()) {
                at += 1;
            }
            if new.get(at).is_some_and(|one| one.compare(job).is_eq()) {
                moves.from[at] = Some(was as u32);
                moves.to[was] = Some(at as u32);
                at += 1;
            }
        }
        moves
    }
}

impl Shelf {
    fn put(&mut self, at: usize, slot: Slot, limit: usize) {
        if let Some(Body::Bytes(bytes)) = &slot.body {
            self.held += bytes.len();
            self.order.push_back(at as u32);
        }
        if let Some(Body::Bytes(bytes)) = std::mem::replace(&mut self.slots[at], slot).body {
            self.held -= bytes.len();
        }
        while self.held > limit {
            let Some(oldest) = self.order.pop_front() else { break };
            let body = &mut self.slots[oldest as usize].body;
            if let Some(Body::Bytes(bytes)) = body.take_if(|body| matches!(body, Body::Bytes(_))) {
                self.held -= bytes.len();
            }
        }
    }
}
