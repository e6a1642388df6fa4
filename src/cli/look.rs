//! Stands in for the watch over a portal until the real one is here: reads everything again and again, and gives a
//! snapshot when it differs from the last. The one place to exchange.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use zhendi::source::{Options, Sources};

/// How often everything is read.
const POLL: Duration = Duration::from_millis(100);

/// How changes are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The system tells.
    Auto,
    /// By looking again and again.
    Poll,
}

/// A new snapshot.
#[derive(Debug)]
pub struct Update {
    /// The snapshot.
    pub sources: Sources,
    /// Paths from the portal's root of what has changed.
    pub changed: Vec<Arc<str>>,
}

/// A watch over one portal.
#[derive(Debug)]
pub struct Watch {
    root: PathBuf,
    options: Options,
    last: blake3::Hash,
    files: Files,
}

impl Watch {
    /// The first snapshot, and the watch from then on.
    pub fn start(root: &Path, options: Options, _: How) -> (Sources, Self) {
        let sources = Sources::read(root, options.clone());
        let (last, files) = (sources.hash(), files(&sources));
        (sources, Self { root: root.to_owned(), options, last, files })
    }

    /// Waits for the next snapshot that differs.
    pub fn next(&mut self) -> Option<Update> {
        loop {
            sleep(POLL);
            let sources = Sources::read(&self.root, self.options.clone());
            if sources.hash() == self.last {
                continue;
            }
            let now = files(&sources);
            let other = |a: &Files, b: &Files| -> Vec<Arc<str>> {
                a.iter().filter(|(path, hash)| b.get(*path) != Some(*hash)).map(|(path, _)| path.clone()).collect()
            };
            let mut changed = other(&now, &self.files);
            changed.extend(other(&self.files, &now));
            changed.sort();
            changed.dedup();
            (self.last, self.files) = (sources.hash(), now);
            return Some(Update { sources, changed });
        }
    }
}

/// Every file of a snapshot with the hash of its bytes.
type Files = BTreeMap<Arc<str>, blake3::Hash>;

fn files(sources: &Sources) -> Files {
    let theme = sources.theme();
    let content = sources.files().iter().map(|file| (file.path().clone(), file.hash()));
    let templates = theme.templates().values().map(|one| (one.origin.clone(), blake3::hash(one.source.as_bytes())));
    let statics = theme.statics().values().map(|one| (one.origin.clone(), one.hash));
    let config = (sources.config().file().into(), sources.config().hash());
    content.chain(templates).chain(statics).chain([config]).collect()
}
