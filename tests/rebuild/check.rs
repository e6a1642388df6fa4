//! Comparing kept outputs with those of a clean build: the set of paths, the diagnostics, every hash and every byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use zhendi::darkroom::Darkroom;
use zhendi::outputs::{Body, Outputs};
use zhendi::source::{Clock, Options, Sources};

use super::portal::{Portal, bytes};
use crate::support::Random;

/// A folder that is edited from snapshot to snapshot: only what differs is written.
pub struct Folder {
    dir: TempDir,
    files: BTreeMap<String, String>,
}

impl Folder {
    /// An empty one.
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), files: BTreeMap::new() }
    }

    /// Makes the folder hold `portal`, and takes its snapshot.
    pub fn show(&mut self, portal: &Portal) -> Sources {
        for path in self.files.keys().filter(|path| !portal.files.contains_key(*path)) {
            fs::remove_file(self.dir.path().join(path)).unwrap();
        }
        for (path, text) in portal.files.iter().filter(|(path, text)| self.files.get(*path) != Some(*text)) {
            let full = self.dir.path().join(path);
            fs::create_dir_all(full.parent().unwrap_or(Path::new("/"))).unwrap();
            fs::write(full, bytes(text)).unwrap();
        }
        self.files.clone_from(&portal.files);
        let clock = Clock::Date(portal.day.parse().unwrap());
        Sources::read(self.dir.path(), Options { clock, names: portal.names, ..Options::default() })
    }
}

/// The outputs of a clean build.
pub fn new(sources: &Sources, limit: usize) -> Outputs {
    Outputs::new(zhendi::build(sources, None), limit, Arc::new(Darkroom::new(sources.root(), None)))
}

/// Renders everything that is missing.
pub fn render_all(outputs: &Outputs) {
    let mut worker = outputs.build().worker();
    for job in outputs.missing() {
        outputs.make(job, &mut worker);
    }
}

/// Compares `outputs` with a clean build of `sources`. What has never been asked for is asked for now; of what was
/// rendered and gave way, some is made again.
pub fn compare(outputs: &Outputs, sources: &Sources, asks: &mut Random) -> Result<(), String> {
    let clean = new(sources, usize::MAX);
    let paths = |outputs: &Outputs| -> Vec<String> {
        outputs.build().jobs().iter().map(|job| job.path().to_string()).collect()
    };
    let (here, there) = (paths(outputs), paths(&clean));
    if here != there {
        let only = |a: &[String], b: &[String]| -> Vec<String> {
            a.iter().filter(|path| !b.contains(path)).cloned().collect()
        };
        return Err(format!(
            "other outputs are planned: only rebuilt {:?}, only clean {:?}",
            only(&here, &there),
            only(&there, &here)
        ));
    }
    if outputs.build().diagnostics() != clean.build().diagnostics() {
        return Err(differing("the build's diagnostics", outputs.build().diagnostics(), clean.build().diagnostics()));
    }
    render_all(outputs);
    render_all(&clean);
    for path in &here {
        if outputs.hash(path) != clean.hash(path) {
            return Err(format!("{path} is not what a clean build gives\n{}", both(outputs, &clean, path)));
        }
    }
    if outputs.problems() != clean.problems() {
        return Err(differing("the templates' diagnostics", &outputs.problems(), &clean.problems()));
    }
    let mut worker = outputs.build().worker();
    for path in &here {
        let held = match outputs.ready(path) {
            Some(held) => held,
            None if asks.below(4) == 0 => outputs.make(outputs.job(path).unwrap(), &mut worker),
            None => continue,
        };
        let expected = clean.get(path).unwrap();
        let same = held.hash == expected.hash
            && match (&held.body, &expected.body) {
                (Body::Bytes(a), Body::Bytes(b)) => a == b,
                (Body::File { source: a, size: m }, Body::File { source: b, size: n }) => a == b && m == n,
                _ => false,
            };
        if !same {
            return Err(format!("the bytes of {path} are not those of a clean build\n{}", both(outputs, &clean, path)));
        }
    }
    Ok(())
}

fn differing<T: PartialEq + std::fmt::Debug>(what: &str, here: &[T], there: &[T]) -> String {
    let only = |a: &[T], b: &[T]| -> Vec<String> {
        a.iter().filter(|one| !b.contains(one)).map(|one| format!("{one:?}")).take(4).collect()
    };
    format!(
        "{what} are others ({} and {}):\nonly rebuilt: {:#?}\nonly clean: {:#?}",
        here.len(),
        there.len(),
        only(here, there),
        only(there, here)
    )
}

/// What both hold at `path`, for people.
fn both(outputs: &Outputs, clean: &Outputs, path: &str) -> String {
    let show = |outputs: &Outputs| match outputs.ready(path).map(|output| output.body) {
        Some(Body::Bytes(bytes)) => String::from_utf8_lossy(&bytes).chars().take(2000).collect(),
        Some(Body::File { source, size }) => format!("{source}, {size} bytes"),
        None => "(not at hand)".to_owned(),
    };
    format!("-- rebuilt:\n{}\n-- clean:\n{}", show(outputs), show(clean))
}
