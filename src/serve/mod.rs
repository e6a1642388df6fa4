//! The preview: the outputs of the newest build over HTTP, and word to the browsers when a page that they show has
//! changed. Stands after `outputs`, in which everything is looked up by exact name, and before the browser, where
//! `live.js` does the rest. `http` speaks the protocol, `guard` says who may ask, `answer` finds what is asked for,
//! `live` knows who has which page open, `rest` renders what nobody asks for, `moved` where a page went, `pages` makes the preview's own.

mod answer;
mod guard;
mod http;
mod live;
mod moved;
mod pages;
mod rest;

pub use guard::Guard;
pub use http::{Listen, Server};
pub use rest::Rest;

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::outputs::Outputs;
use live::Live;

/// The line that a page gets, and the only one: before its last `</body>`.
pub const LINE: &str = "<script src=\"/-/live.js\"></script>\n";

/// One build's outputs, and the how-manieth they are.
#[derive(Debug)]
struct Tree {
    outputs: Arc<Outputs>,
    turn: u64,
}

/// What is shown, and to whom.
#[derive(Debug)]
pub struct Preview {
    root: PathBuf,
    shared: bool,
    boot: String,
    tree: Mutex<Arc<Tree>>,
    live: Live,
}

impl Preview {
    /// A preview of the portal in `root` that begins with `outputs`. `shared` says that others watch too, whose pages
    /// should not be covered by faults elsewhere.
    pub fn new(root: &Path, outputs: Arc<Outputs>, shared: bool) -> Self {
        // Tells the browsers' pages of one run from those of the next.
        let boot = format!("{:x}", RandomState::new().build_hasher().finish());
        let tree = Mutex::new(Arc::new(Tree { outputs, turn: 1 }));
        Self { root: root.to_owned(), shared, boot, tree, live: Live::default() }
    }

    /// Shows the outputs of a newer build: every request from now on is answered from it. Renders the pages that are
    /// open in browsers and tells each browser what concerns its page, before it returns.
    pub fn show(&self, outputs: Arc<Outputs>) {
        let (old, new) = {
            let mut tree = self.tree.lock().unwrap_or_else(PoisonError::into_inner);
            let new = Arc::new(Tree { outputs, turn: tree.turn + 1 });
            (std::mem::replace(&mut *tree, new.clone()), new)
        };
        self.turn(&old, &new);
    }

    /// Tells the browsers what has come up since: templates that failed in outputs rendered when idle.
    pub fn settle(&self) {
        let tree = self.tree();
        self.turn(&tree, &tree);
    }

    /// The outputs that are shown.
    pub fn outputs(&self) -> Arc<Outputs> {
        self.tree().outputs.clone()
    }

    fn tree(&self) -> Arc<Tree> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
