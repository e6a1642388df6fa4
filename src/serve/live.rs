//! Who has which page open, and what each is told: the hash of the page, so that a browser whose page differs fetches
//! it; assets that changed; and what is wrong, first of all in that page. Everything is said over server-sent events as
//! one whole state, never as a difference, so that a browser that missed something is right after the next.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::channel::{Channel, Sender};
use hyper::body::{Bytes, Frame};
use rayon::prelude::*;
use serde::Serialize;

use super::moved::Lost;
use super::{Preview, Tree, answer, pages};
use crate::diag::{Counts, Diagnostic, Piece, Report};
use crate::source::excerpt_text;

/// How many messages a browser may be behind before it is cut off; it then asks again and gets the whole state.
const BEHIND: usize = 32;
/// How many turns' changed assets are remembered for browsers that were away.
const REMEMBERED: usize = 256;
/// How many faults elsewhere are told in full, of each severity.
const ELSEWHERE: usize = 30;

/// The browsers, and what they have been given.
#[derive(Debug, Default)]
pub(super) struct Live {
    clients: Mutex<BTreeMap<u64, Client>>,
    next: AtomicU64,
    given: Mutex<Given>,
}

/// What is told to browsers about files that are no pages.
#[derive(Debug, Default)]
struct Given {
    /// Hashes as last handed out.
    hashes: HashMap<Arc<str>, blake3::Hash>,
    /// Turns, and which of these files changed with each.
    changed: VecDeque<(u64, Arc<[Arc<str>]>)>,
    /// The last turn that is no longer in `changed`.
    forgotten: u64,
}

/// One open page.
#[derive(Debug)]
struct Client {
    path: Arc<str>,
    sender: Sender<Bytes>,
    lost: Option<Lost>,
    told: Option<State>,
}

/// What a browser is told of its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct State {
    /// Hash of the page; `None` where nothing is planned.
    hash: Option<String>,
    /// The file or folder that it shows.
    source: Option<String>,
    /// Whether `source` is a file.
    file: bool,
    /// The address at which the page stands now.
    go: Option<String>,
    /// Whether it was there and is no more.
    gone: bool,
    /// Whether what stands at the address is no good: the browser keeps what it shows.
    broken: bool,
    /// What is wrong in the page itself.
    here: Vec<Piece>,
    /// What is wrong elsewhere, the first of it.
    elsewhere: Vec<Piece>,
    /// Counts of errors and of everything less, here and in all.
    counts: [usize; 4],
    shared: bool,
}

#[derive(Serialize)]
struct Message<'a> {
    boot: &'a str,
    turn: u64,
    /// Too much was missed: the page has to be loaded anew.
    stale: bool,
    assets: Vec<&'a str>,
    #[serde(flatten)]
    state: &'a State,
}

impl Live {
    fn clients(&self) -> MutexGuard<'_, BTreeMap<u64, Client>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn given(&self) -> MutexGuard<'_, Given> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a browser has got a file that is no page.
    pub(super) fn give(&self, path: &str, hash: blake3::Hash) {
        let mut given = self.given();
        if let Some(known) = given.hashes.get_mut(path) {
            *known = hash;
        } else {
            given.hashes.insert(path.into(), hash);
        }
    }

    /// A word to each browser that the line still stands; those that are gone are forgotten.
    pub(super) fn beat(&self) {
        let beat = Bytes::from_static(b":\n\n");
        self.clients().retain(|_, client| client.sender.try_send(Frame::data(beat.clone())).is_ok());
    }
}

impl Given {
    /// Compares what was handed out with the newest; gives what differs.
    fn turn(&mut self, new: &Tree) -> Arc<[Arc<str>]> {
        let mut changed = Vec::new();
        let mut gone = Vec::new();
        for (path, hash) in &mut self.hashes {
            let now = new.outputs.hash(path).or_else(|| new.outputs.get(path).map(|output| output.hash));
            match now {
                Some(now) if now == *hash => {}
                Some(now) => {
                    *hash = now;
                    changed.push(path.clone());
                }
                None => gone.push(path.clone()),
            }
        }
        for path in gone {
            self.hashes.remove(&path);
        }
        changed.sort();
        let changed: Arc<[_]> = changed.into();
        if !changed.is_empty() {
            self.changed.push_back((new.turn, changed.clone()));
            if self.changed.len() > REMEMBERED
                && let Some((turn, _)) = self.changed.pop_front()
            {
                self.forgotten = turn;
            }
        }
        changed
    }

    /// What changed after `turn`; `None` if that is not remembered.
    fn since(&self, turn: u64) -> Option<Vec<Arc<str>>> {
        if turn < self.forgotten {
            return None;
        }
        let later = self.changed.iter().filter(|(at, _)| *at > turn);
        let mut paths: Vec<_> = later.flat_map(|(_, paths)| paths.iter().cloned()).collect();
        paths.sort();
        paths.dedup();
        Some(paths)
    }
}

/// Everything that is wrong with a tree, and the texts for excerpts as they are needed.
struct Faults<'a> {
    preview: &'a Preview,
    all: Vec<Diagnostic>,
    counts: Counts,
    texts: Mutex<HashMap<String, Option<String>>>,
}

impl<'a> Faults<'a> {
    fn of(preview: &'a Preview, tree: &Tree) -> Self {
        let all = tree.outputs.problems();
        Self { preview, counts: Counts::of(&all), all, texts: Mutex::default() }
    }

    fn pieces<'d>(&self, diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Vec<Piece> {
        let text = |file: &str| {
            let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
            texts.entry(file.to_owned()).or_insert_with(|| excerpt_text(&self.preview.root, file)).clone()
        };
        let mut pieces = Report::new(diagnostics.into_iter().cloned().collect(), &text).pieces();
        // Errors first; within a severity they stay in order of file and line.
        pieces.sort_by_key(|piece| ["error", "warning", "note"].iter().position(|name| *name == piece.severity));
        pieces
    }
}

impl Preview {
    /// What the browsers are told when `new` takes the place of `old`.
    pub(super) fn turn(&self, old: &Tree, new: &Tree) {
        let mut open: Vec<Arc<str>> = self.live.clients().values().map(|client| client.path.clone()).collect();
        open.sort();
        open.dedup();
        open.par_iter().for_each(|path| {
            new.outputs.get(path);
        });
        let assets = self.live.given().turn(new);
        if open.is_empty() {
            return;
        }
        let faults = Faults::of(self, new);
        self.live.clients().retain(|_, client| {
            client.follow(old, new);
            let state = client.state(old, new, &faults);
            if client.told.as_ref() == Some(&state) && assets.is_empty() {
                return true;
            }
            let message =
                Message { boot: &self.boot, turn: new.turn, stale: false, assets: plain(&assets), state: &state };
            let sent = client.sender.try_send(Frame::data(event(&message))).is_ok();
            client.told = Some(state);
            sent
        });
    }

    /// A browser has the page at the address `path` open, loaded from tree `turn` of the run `boot`: it hears the whole
    /// state now, and whenever it changes.
    pub(super) fn join(&self, path: &str, boot: &str, turn: u64) -> Channel<Bytes> {
        let (sender, channel) = Channel::new(BEHIND);
        let tree = self.tree();
        let path: Arc<str> = answer::output_path(path).unwrap_or_default().into();
        // Rendered before anybody has to wait for the list of clients.
        tree.outputs.get(&path);
        let faults = Faults::of(self, &tree);
        let mut client = Client { path, sender, lost: None, told: None };
        let state = client.state(&tree, &tree, &faults);
        let since = if boot == self.boot { self.live.given().since(turn) } else { Some(Vec::new()) };
        let stale = since.is_none();
        let assets = since.unwrap_or_default();
        let message = Message { boot: &self.boot, turn: tree.turn, stale, assets: plain(&assets), state: &state };
        // The channel is empty, so there is room.
        let _ = client.sender.try_send(Frame::data(event(&message)));
        client.told = Some(state);
        let id = self.live.next.fetch_add(1, Ordering::Relaxed);
        self.live.clients().insert(id, client);
        if self.tree().turn != tree.turn {
            // The tree changed while we looked, before this browser was on the list.
            self.turn(&tree, &self.tree());
        }
        channel
    }
}

impl Client {
    /// Remembers what the page was when its address is gone, and forgets it when it is back.
    fn follow(&mut self, old: &Tree, new: &Tree) {
        match new.outputs.job(&self.path) {
            Some(job) if !job.is_redirect() => self.lost = None,
            _ if self.lost.is_none() => {
                let was_page = old.outputs.job(&self.path).is_some_and(|job| !job.is_redirect());
                self.lost = if was_page { Lost::new(old, &self.path) } else { None };
            }
            _ => {}
        }
    }

    fn state(&self, old: &Tree, new: &Tree, faults: &Faults<'_>) -> State {
        let build = new.outputs.build();
        let job = new.outputs.job(&self.path);
        let source = match &self.lost {
            Some(lost) => Some(lost.source.clone()),
            None => job.and_then(|job| build.source_of(job)),
        };
        let failed = new.outputs.problems_of(&self.path);
        let is_here = |diagnostic: &Diagnostic| {
            let file = diagnostic.place.as_ref().map(|place| &place.file);
            (file.is_some() && file == source.as_ref()) || failed.contains(diagnostic)
        };
        let (here, elsewhere): (Vec<_>, Vec<_>) = faults.all.iter().partition(|diagnostic| is_here(diagnostic));
        let errors = here.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let all = faults.counts;
        let counts = [errors, here.len() - errors, all.errors, all.warnings + all.notes];
        // There may be thousands: what the overlay has no room for is only counted.
        let some = |error: bool| elsewhere.iter().filter(move |one| one.is_error() == error).take(ELSEWHERE).copied();
        let elsewhere = faults.pieces(some(true).chain(some(false)));
        let broken = errors > 0;
        // A broken file may lose its address with its front matter; its reader waits here until it is mended.
        let go = self.lost.as_ref().filter(|_| !broken).and_then(|lost| lost.find(old, new));
        let hash = match &*self.path {
            pages::EDITIONS => Some(blake3::hash(pages::editions(build, all).as_bytes())),
            path => new.outputs.hash(path).or_else(|| new.outputs.get(path).map(|output| output.hash)),
        };
        State {
            hash: hash.map(|hash| answer::tag(&hash)),
            file: source.as_deref().is_some_and(|source| source.ends_with(".md")),
            source: source.map(|source| source.to_string()),
            gone: self.lost.is_some() && go.is_none() && !broken,
            go: go.as_deref().map(answer::address),
            broken,
            here: faults.pieces(here),
            elsewhere,
            counts,
            shared: faults.preview.shared,
        }
    }
}

fn plain(paths: &[Arc<str>]) -> Vec<&str> {
    paths.iter().map(|path| &**path).collect()
}

fn event(message: &Message<'_>) -> Bytes {
    // A value of plain texts and numbers always has its JSON.
    let json = serde_json::to_string(message).unwrap_or_default();
    format!("data: {json}\n\n").into()
}
