//! The outputs of one build while somebody watches: rendered when they are asked for, and kept from one build to the
//! next as long as their traces meet no changed fact. That is the whole rule of a rebuild. What is kept of an output is
//! its trace, its hash and what its template complained about; its bytes only up to a limit, since they can be had
//! again, so memory does not grow with the site.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Build;
use crate::diag::{self, Diagnostic};
use crate::model::{Kind, Trace};
use crate::render::{Content, Job, Rendered};

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
#[derive(Clone, Debug)]
struct Kept {
    trace: Arc<Trace>,
    problems: Arc<[Diagnostic]>,
    hash: blake3::Hash,
    /// `None` when they had to give way; they are made again when somebody asks.
    body: Option<Body>,
}

/// Everything kept, and the order in which bytes give way.
#[derive(Debug, Default)]
struct Shelf {
    kept: HashMap<Arc<str>, Kept>,
    /// Paths whose bytes are held, oldest first; a path may stand here after its bytes are gone.
    order: VecDeque<Arc<str>>,
    held: usize,
}

/// The outputs of one build.
#[derive(Debug)]
pub struct Outputs {
    build: Build,
    shelf: Mutex<Shelf>,
    limit: usize,
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
    /// The outputs of `build`, none of them rendered yet; the bytes of at most `limit` bytes are held.
    pub fn new(build: Build, limit: usize) -> Self {
        Self { build, shelf: Mutex::default(), limit }
    }

    /// The outputs of a newer build. What is rendered here and meets no changed fact is taken over.
    pub fn next(&self, build: Build) -> (Self, Turn) {
        let changes = build.changes_since(&self.build);
        self.take_over(build, |job, trace| changes.of(job.office()).is_some_and(|changed| !trace.meets(changed)))
    }

    /// As [`Outputs::next`], but blind for one kind of fact: for the proof that each is needed.
    pub fn next_without(&self, build: Build, kind: Kind) -> (Self, Turn) {
        let changes = build.changes_since(&self.build);
        self.take_over(build, |job, trace| {
            changes.of(job.office()).is_some_and(|changed| !trace.without(kind).meets(changed))
        })
    }

    fn take_over(&self, build: Build, keep: impl Fn(&Job, &Trace) -> bool) -> (Self, Turn) {
        let shelf = self.lock();
        let mut next = Shelf::default();
        let mut turn = Turn::default();
        for job in build.jobs() {
            let Some((path, one)) = shelf.kept.get_key_value(job.path()) else { continue };
            if keep(job, &one.trace) {
                turn.kept += 1;
                next.kept.insert(path.clone(), one.clone());
            } else {
                turn.dropped += 1;
            }
        }
        turn.gone = shelf.kept.len() - turn.kept - turn.dropped;
        for path in &shelf.order {
            if let Some(Kept { body: Some(Body::Bytes(bytes)), .. }) = next.kept.get(path) {
                next.held += bytes.len();
                next.order.push_back(path.clone());
            }
        }
        (Self { build, shelf: Mutex::new(next), limit: self.limit }, turn)
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
        let shelf = self.lock();
        let kept = shelf.kept.get(path)?;
        Some(Output { body: kept.body.clone()?, hash: kept.hash })
    }

    /// The hash of an output that has been rendered.
    pub fn hash(&self, path: &str) -> Option<blake3::Hash> {
        self.lock().kept.get(path).map(|kept| kept.hash)
    }

    /// The job at `path`.
    pub fn job(&self, path: &str) -> Option<&Job> {
        let jobs = self.build.jobs();
        jobs.binary_search_by(|job| (**job.path()).cmp(path)).ok().map(|at| &jobs[at])
    }

    /// Jobs whose output has never been rendered, in order of their paths.
    pub fn missing(&self) -> Vec<&Job> {
        let shelf = self.lock();
        self.build.jobs().iter().filter(|job| !shelf.kept.contains_key(job.path())).collect()
    }

    /// Renders one job with `worker` and keeps what came of it.
    pub fn make(&self, job: &Job, worker: &mut crate::render::Worker<'_>) -> Output {
        let Rendered { content, trace, problems } = worker.render(job);
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
        };
        let kept = Kept { trace: Arc::new(trace), problems: problems.into(), hash, body: Some(body.clone()) };
        self.lock().put(job.path(), kept, self.limit);
        Output { body, hash }
    }

    /// Everything there is to say: about the portal, and what the templates of rendered outputs complained about.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let mut problems = self.build.diagnostics().to_vec();
        let shelf = self.lock();
        for job in self.build.jobs() {
            if let Some(kept) = shelf.kept.get(job.path()) {
                problems.extend(kept.problems.iter().cloned());
            }
        }
        diag::fold(problems)
    }

    /// What the template of the output at `path` complained about when it was rendered.
    pub fn problems_of(&self, path: &str) -> Arc<[Diagnostic]> {
        self.lock().kept.get(path).map(|kept| kept.problems.clone()).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn put(&mut self, path: &Arc<str>, kept: Kept, limit: usize) {
        if let Some(Body::Bytes(bytes)) = &kept.body {
            self.held += bytes.len();
            self.order.push_back(path.clone());
        }
        if let Some(Kept { body: Some(Body::Bytes(bytes)), .. }) = self.kept.insert(path.clone(), kept) {
            self.held -= bytes.len();
        }
        while self.held > limit {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(kept) = self.kept.get_mut(&oldest)
                && let Some(Body::Bytes(bytes)) = kept.body.take_if(|body| matches!(body, Body::Bytes(_)))
            {
                self.held -= bytes.len();
            }
        }
    }
}
