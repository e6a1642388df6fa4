//! Everything below `content/`, as it was last seen: a sorted list that a look corrects. A look at everything and one at
//! a few places are the same: the places are walked, what stands there is compared by its stamp with what stood there,
//! and only what differs, or was too young to tell, is read.

use std::collections::{BTreeSet, HashMap};
use std::path::{Component, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::file::{self, File, FileKind, Outcome};
use super::names::{clashes, fold_number, is_reserved, portal_path};
use super::stamp::Stamp;
use super::walk::{Found, Ground, Met, Sort, link_outside, meet, walk};
use crate::chunk::Sorted;
use crate::diag::Diagnostic;

/// Something that differs from what was seen before.
pub(crate) struct Differing<'a> {
    /// Path from the portal's root.
    pub(crate) path: &'a Arc<str>,
    pub(crate) stamp: &'a Stamp,
    /// Its size when it was last read.
    pub(crate) size_before: Option<u64>,
}

/// Whether to wait with what differs: somebody may still be writing it. What waits stays as it was.
pub(crate) type Hold<'a> = dyn FnMut(&Differing<'_>) -> bool + 'a;

/// What a look found.
#[derive(Default)]
pub(super) struct Delta {
    /// Paths with something new, gone or different.
    pub(super) changed: Vec<Arc<str>>,
    /// Paths that differ and wait.
    pub(super) held: Vec<Arc<str>>,
    /// The bytes of the texts that are new or different.
    pub(super) texts: HashMap<Arc<str>, Vec<u8>>,
    /// Whether folders came or went.
    pub(super) folders: bool,
}

/// A folder below `content/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folder {
    pub(super) path: Arc<str>,
    /// Device and number; see [`Stamp::id`].
    pub(super) id: (u64, u64),
    fold: u64,
}

#[derive(Clone)]
struct Entry {
    path: Arc<str>,
    what: What,
    /// `None` where the next look has to read again whatever the metadata say.
    stamp: Option<Stamp>,
    is_link: bool,
    fold: u64,
}

#[derive(Clone)]
enum What {
    File(Arc<File>),
    /// A file that cannot be read, or is too large.
    Unread(Box<Diagnostic>),
    /// No part of the portal: a link to outside, a reserved name.
    Barred(Box<Diagnostic>),
}

impl Entry {
    fn is_named(&self) -> bool {
        !matches!(self.what, What::Barred(_))
    }

    fn size(&self) -> Option<u64> {
        match &self.what {
            What::File(file) => Some(file.size()),
            _ => None,
        }
    }
}

/// See the head of this file.
#[derive(Default)]
pub(super) struct Listing {
    /// Sorted by path.
    entries: Sorted<Entry>,
    folders: Vec<Folder>,
    files: Sorted<Arc<File>>,
    /// How many names there are to each number that a name has after folding.
    folds: HashMap<u64, u32>,
    /// How many of these numbers more than one name has.
    doubles: usize,
    /// Entries with something wrong, and those that are links, by path: few, and asked for at each look.
    wrong: BTreeSet<Arc<str>>,
    links: BTreeSet<Arc<str>>,
    clashes: Vec<Diagnostic>,
    /// Why `content/` itself is not looked into.
    top: Option<Diagnostic>,
    /// Whether there was anything to look into.
    is_open: bool,
}

impl Listing {
    /// The files, sorted by path.
    pub(super) fn files(&self) -> &Sorted<Arc<File>> {
        &self.files
    }

    /// The folders, sorted by path, `content` not among them.
    pub(super) fn folders(&self) -> &[Folder] {
        &self.folders
    }

    /// What is wrong with what stands there, in the order of paths.
    pub(super) fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        let single = self.wrong.iter().flat_map(|path| self.at(path)).filter_map(|entry| match &entry.what {
            What::File(_) => None,
            What::Unread(problem) | What::Barred(problem) => Some(&**problem),
        });
        self.top.iter().chain(single).chain(&self.clashes)
    }

    /// Looks at `places`, or at everything.
    pub(super) fn look(
        &mut self,
        ground: &Ground<'_>,
        places: Option<&[PathBuf]>,
        hold: Option<&mut Hold<'_>>,
    ) -> Delta {
        let top = ground.root.join("content");
        let outside = top.canonicalize().is_ok_and(|real| !real.starts_with(&ground.real_root));
        self.top =
            outside.then(|| link_outside(&portal_path(ground.root, &top), "这是一个指到门户文件夹外面的快捷链接"));
        let was_open = std::mem::replace(&mut self.is_open, !outside && top.is_dir());
        let spots = places.filter(|_| was_open && self.is_open).and_then(|places| self.spots(ground, places));
        let is_whole = spots.is_none();
        let mut found = Vec::new();
        for spot in spots.as_deref().unwrap_or(&["content".into()]).iter().filter(|_| self.is_open) {
            walk(ground, spot, &mut found);
        }
        found.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        let before = match &spots {
            None => std::mem::take(&mut self.entries).into_values(),
            Some(spots) => self.take(spots),
        };
        let mut delta = Delta { folders: self.settle_folders(&found, spots.as_deref()), ..Delta::default() };
        found.retain(|one| !matches!(one.sort, Sort::Folder));
        let (after, renamed) = compare(ground, found, before, hold, &mut delta);
        if is_whole {
            self.links = after.iter().filter(|entry| entry.is_link).map(|entry| entry.path.clone()).collect();
            self.entries = after.into_iter().collect();
        } else {
            self.put(after);
        }
        self.settle_files(&delta.changed);
        self.settle_clashes(&renamed, delta.folders);
        delta
    }

    /// What stands at a path: several, where names are no UTF-8.
    fn at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries.from(|entry| *entry.path < *path).take_while(move |entry| *entry.path == *path)
    }

    /// Corrects the list of files, and of what is wrong, where something `changed`.
    fn settle_files(&mut self, changed: &[Arc<str>]) {
        if changed.len() * 8 > self.entries.len() {
            let (mut files, mut wrong) = (Vec::with_capacity(self.entries.len()), BTreeSet::new());
            for entry in self.entries.iter() {
                match &entry.what {
                    What::File(file) => files.push(file.clone()),
                    _ => _ = wrong.insert(entry.path.clone()),
                }
            }
            (self.files, self.wrong) = (files.into_iter().collect(), wrong);
            return;
        }
        for path in changed {
            self.files.take(|file| **file.path() < **path, |file| **file.path() == **path);
            let mut is_wrong = false;
            let mut files = Vec::new();
            for entry in self.at(path) {
                match &entry.what {
                    What::File(file) => files.push(file.clone()),
                    _ => is_wrong = true,
                }
            }
            for file in files {
                self.files.put(file, |other| other.path() <= path);
            }
            if is_wrong {
                self.wrong.insert(path.clone());
            } else {
                self.wrong.remove(path);
            }
        }
    }

    /// The paths to walk for `places`, none below another; `None` when everything has to be looked at.
    fn spots(&self, ground: &Ground<'_>, places: &[PathBuf]) -> Option<Vec<Arc<str>>> {
        let mut spots: Vec<Arc<str>> = Vec::new();
        for place in places {
            let Ok(below) = place.strip_prefix(ground.root.join("content")) else { continue };
            if below.as_os_str().is_empty() {
                return None;
            }
            spots.extend(self.spot(ground, below.components())?);
        }
        // Links lead to files that nobody names by the link.
        spots.extend(self.links.iter().cloned());
        spots.sort_unstable();
        spots.dedup();
        // A path sorts before those below it, though not right before: look up, not at the neighbour.
        let all = spots.clone();
        let is_spot = |path: &str| all.binary_search_by(|spot| (**spot).cmp(path)).is_ok();
        spots.retain(|spot| !above(spot).any(is_spot));
        Some(spots)
    }

    /// Where to begin for one place: at it, or at the first folder above that is not as it was. The inner `None` is for
    /// places that are never looked at; the outer when everything has to be.
    fn spot<'a>(&self, ground: &Ground<'_>, parts: impl Iterator<Item = Component<'a>>) -> Option<Option<Arc<str>>> {
        let mut at = "content".to_owned();
        let mut parts = parts.peekable();
        while let Some(part) = parts.next() {
            let Some(name) = part.as_os_str().to_str() else {
                // Several such names can have one path here: their folder tells.
                return if at == "content" { None } else { Some(Some(at.into())) };
            };
            let path = format!("{at}/{name}");
            let full = ground.root.join(&path);
            if ground.skips(name, &path, &full) {
                return Some(None);
            }
            let is_known = || self.folders.binary_search_by(|folder| (*folder.path).cmp(&path)).is_ok();
            let is_folder = || std::fs::symlink_metadata(&full).is_ok_and(|meta| meta.is_dir());
            if parts.peek().is_none() || is_reserved(name) || !is_known() || !is_folder() {
                return Some(Some(path.into()));
            }
            at = path;
        }
        Some(None)
    }

    /// Takes out what stands at `spots` and below, sorted by path.
    fn take(&mut self, spots: &[Arc<str>]) -> Vec<Entry> {
        let mut taken = Vec::new();
        for spot in spots {
            taken.extend(self.entries.take(|entry| *entry.path < **spot, |entry| *entry.path == **spot));
            // `/` comes right before `0`.
            let (low, high) = (format!("{spot}/"), format!("{spot}0"));
            taken.extend(self.entries.take(|entry| *entry.path < *low, |entry| *entry.path < *high));
        }
        taken.sort_by(|a, b| a.path.cmp(&b.path));
        for entry in taken.iter().filter(|entry| entry.is_link) {
            self.links.remove(&entry.path);
        }
        taken
    }

    fn put(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            if entry.is_link {
                self.links.insert(entry.path.clone());
            }
            let path = entry.path.clone();
            self.entries.put(entry, |other| other.path <= path);
        }
    }

    /// Corrects the folders at `spots` and below; whether any came or went.
    fn settle_folders(&mut self, found: &[Found], spots: Option<&[Arc<str>]>) -> bool {
        let now: Vec<Folder> = found
            .iter()
            .filter(|one| matches!(one.sort, Sort::Folder))
            .map(|one| {
                let id = std::fs::metadata(&one.full).map_or((0, 0), |meta| Stamp::of(&meta).id());
                Folder { path: one.path.clone(), id, fold: fold_number(&one.path) }
            })
            .collect();
        let Some(spots) = spots else {
            let differs = self.folders != now;
            self.folders = now;
            return differs;
        };
        let is_spot = |path: &str| spots.binary_search_by(|spot| (**spot).cmp(path)).is_ok();
        let covered = |folder: &Folder| is_spot(&folder.path) || above(&folder.path).any(is_spot);
        if now.is_empty() && !self.folders.iter().any(covered) {
            return false;
        }
        let before = self.folders.clone();
        self.folders.retain(|folder| !covered(folder));
        self.folders.extend(now);
        self.folders.sort_by(|a, b| a.path.cmp(&b.path));
        self.folders != before
    }

    /// Two equal numbers are the only sign of a clash; only then is it worth comparing all names.
    fn settle_clashes(&mut self, renamed: &[Renamed], folders: bool) {
        if folders || renamed.len() > FEW {
            (self.folds, self.doubles) = (HashMap::with_capacity(self.entries.len()), 0);
            let names = self.entries.iter().filter(|entry| entry.is_named()).map(|entry| entry.fold);
            let all: Vec<u64> = names.chain(self.folders.iter().map(|folder| folder.fold)).collect();
            all.into_iter().for_each(|fold| self.count(Renamed { fold, is_there: true }));
        } else {
            renamed.iter().for_each(|&one| self.count(one));
        }
        if !renamed.is_empty() {
            self.clashes.clear();
            if self.doubles > 0 {
                let names = self.entries.iter().filter(|entry| entry.is_named()).map(|entry| &*entry.path);
                clashes(names, &mut self.clashes);
            }
        }
    }

    fn count(&mut self, Renamed { fold, is_there }: Renamed) {
        let count = self.folds.entry(fold).or_default();
        if is_there {
            *count += 1;
            self.doubles += usize::from(*count == 2);
        } else {
            self.doubles -= usize::from(*count == 2);
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.folds.remove(&fold);
            }
        }
    }
}

/// A name that has come or gone, by its number after folding.
#[derive(Clone, Copy)]
struct Renamed {
    fold: u64,
    is_there: bool,
}

/// More names than this are all counted anew.
const FEW: usize = 500;

/// The folders above a path, nearest first.
fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/')).map(|(folder, _)| folder)
}

/// What stands there now, of what was `found` (sorted, without folders) and what stood there `before` (sorted); and
/// which names came and went.
fn compare(
    ground: &Ground<'_>,
    found: Vec<Found>,
    before: Vec<Entry>,
    mut hold: Option<&mut Hold<'_>>,
    delta: &mut Delta,
) -> (Vec<Entry>, Vec<Renamed>) {
    let met: Vec<Met> = found.par_iter().with_min_len(64).map(|one| meet(ground, one)).collect();
    let mut renamed = Vec::new();
    let gone_name = |entry: &Entry| entry.is_named().then_some(Renamed { fold: entry.fold, is_there: false });
    let mut before = before.into_iter().peekable();
    let mut steps = Vec::with_capacity(found.len());
    for (one, met) in found.into_iter().zip(met) {
        while let Some(gone) = before.next_if(|entry| entry.path < one.path) {
            renamed.extend(gone_name(&gone));
            delta.changed.push(gone.path);
        }
        // Names that are no UTF-8 may share a path.
        let old = before.next_if(|entry| entry.path == one.path);
        let mut step = Step { one, old, met };
        if let Met::File(stamp) = &step.met
            && step.is_news(stamp)
            && let Some(hold) = hold.as_deref_mut()
            && hold(&Differing { path: &step.one.path, stamp, size_before: step.size_before() })
        {
            delta.held.push(step.one.path.clone());
            let Some(old) = step.old else { continue };
            step = Step { met: Met::Nothing, old: Some(old), one: step.one };
            steps.push((step, true));
            continue;
        }
        steps.push((step, false));
    }
    for gone in before {
        renamed.extend(gone_name(&gone));
        delta.changed.push(gone.path);
    }
    let done: Vec<Done> = steps.into_par_iter().with_min_len(16).map(|(step, held)| step.take(held)).collect();
    let mut after = Vec::with_capacity(done.len());
    for Done { entry, old, moved, path, changed, renamed: other, text } in done {
        // It changed between the comparison and the reading: whoever was asked before was asked about something else.
        if let Some(stamp) = &moved
            && let Some(hold) = hold.as_deref_mut()
            && hold(&Differing { path: &path, stamp, size_before: old.as_ref().and_then(Entry::size) })
        {
            delta.held.push(path);
            after.extend(old);
            continue;
        }
        renamed.extend(other);
        if let Some(bytes) = text {
            delta.texts.insert(path.clone(), bytes);
        }
        if changed {
            delta.changed.push(path);
        }
        after.extend(entry);
    }
    (after, renamed)
}

/// One path before and now.
struct Step {
    one: Found,
    old: Option<Entry>,
    met: Met,
}

/// What came of it.
struct Done {
    entry: Option<Entry>,
    /// What stood there before, if it was read again.
    old: Option<Entry>,
    /// The stamp of what was read, if it is not the one that was compared.
    moved: Option<Stamp>,
    path: Arc<str>,
    changed: bool,
    renamed: Option<Renamed>,
    text: Option<Vec<u8>>,
}

impl Step {
    fn size_before(&self) -> Option<u64> {
        self.old.as_ref().and_then(Entry::size)
    }

    /// Whether a file has to be read.
    fn is_news(&self, stamp: &Stamp) -> bool {
        self.old.as_ref().is_none_or(|old| old.stamp != Some(*stamp))
    }

    fn take(self, held: bool) -> Done {
        let path = self.old.as_ref().map_or_else(|| self.one.path.clone(), |old| old.path.clone());
        if held || matches!(&self.met, Met::File(stamp) if !self.is_news(stamp)) {
            return Done { entry: self.old, old: None, moved: None, path, changed: false, renamed: None, text: None };
        }
        let mut text = None;
        let mut moved = None;
        let (what, stamp) = match self.met {
            Met::Nothing => (None, None),
            Met::Barred(problem) => (Some(What::Barred(problem)), None),
            Met::File(before) => match file::read(&self.one.full, &path, before) {
                Outcome::Gone => (None, None),
                Outcome::Wrong(problem) => (Some(What::Unread(Box::new(problem))), None),
                Outcome::Read { file, bytes, stamp, settled } => {
                    text = bytes.filter(|_| file.kind() != FileKind::Asset);
                    moved = (stamp != before).then_some(stamp);
                    (Some(What::File(Arc::new(file))), settled.then_some(stamp))
                }
            },
        };
        let fold = self.old.as_ref().map(|old| old.fold);
        let was_named = self.old.as_ref().is_some_and(Entry::is_named);
        let (what, changed) = match (what, self.old.as_ref().map(|old| &old.what)) {
            (Some(What::File(new)), Some(What::File(old))) if new == *old => {
                text = None;
                (Some(What::File(old.clone())), false)
            }
            (Some(What::Unread(new)), Some(What::Unread(old))) => {
                let changed = new != *old;
                (Some(What::Unread(new)), changed)
            }
            (Some(What::Barred(new)), Some(What::Barred(old))) => {
                let changed = new != *old;
                (Some(What::Barred(new)), changed)
            }
            (None, None) => (None, false),
            (what, _) => (what, true),
        };
        let is_link = matches!(self.one.sort, Sort::Link);
        let entry = what.map(|what| Entry {
            what,
            stamp,
            is_link,
            fold: fold.unwrap_or_else(|| fold_number(&path)),
            path: path.clone(),
        });
        let is_named = entry.as_ref().is_some_and(Entry::is_named);
        let fold = fold.or(entry.as_ref().map(|entry| entry.fold));
        let renamed = fold.filter(|_| was_named != is_named).map(|fold| Renamed { fold, is_there: is_named });
        Done { entry, old: self.old, moved, path, changed, renamed, text }
    }
}
