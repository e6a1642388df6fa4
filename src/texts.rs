//! The portal's texts: parsed in parallel, taken over where nothing is another, and then, for those that hold
//! components, compared with the theme. Parsing knows no theme, so that an edit to a template parses nothing; this is
//! where the two meet.

mod components;
mod series;

pub(crate) use series::Declared;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::Build;
use crate::chunk::Sorted;
use crate::content::{self, Document};
use crate::diag::Diagnostic;
use crate::source::{Components, File, FileKind, Sources};

/// A text of the portal and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    /// As it was in the snapshot; `None` if it could not be read then, so that it is never taken for what stands there.
    pub(crate) file: Option<Arc<File>>,
    /// What it says, with what is wrong with its components.
    pub(crate) document: Arc<Document>,
    /// What it says by itself; the same one where nothing is wrong with its components.
    parsed: Arc<Document>,
    /// Whether it holds components: to be seen without a visit to the document.
    has_components: bool,
    /// Last parts of the paths of files that it names outside of links: what stands in them may be shown.
    files: Names,
}

/// Last parts of paths.
type Names = Arc<[Arc<str>]>;

impl Text {
    /// Whether both are one and the same parsed text.
    pub(crate) fn parses_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.parsed, &other.parsed)
    }

    /// Path from the portal's root.
    pub(crate) fn path(&self) -> &Arc<str> {
        &self.document.path
    }

    fn new(file: Option<Arc<File>>, document: Document) -> Self {
        let parsed = Arc::new(document);
        let has_components = !parsed.body.components.is_empty();
        let mut text = Self { file, has_components, document: parsed.clone(), parsed, files: Arc::default() };
        text.files = text.named();
        text
    }
}

impl Text {
    fn named(&self) -> Names {
        let attached = self.document.front.attachments.iter().map(|file| &file.value);
        let args = self.document.body.components.iter().flat_map(|component| &component.args);
        let shown = args.filter(|arg| arg.link.is_some()).map(|arg| &arg.value);
        attached.chain(shown).filter_map(|path| path.rsplit(['/', '\\']).next()).map(Into::into).collect()
    }
}

/// Every text of the portal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts {
    /// Sorted by path.
    all: Sorted<Text>,
    /// The files that they were made of, and all others.
    files: Sorted<Arc<File>>,
    /// The paths of those about which there is something to say.
    troubled: Arc<BTreeSet<Arc<str>>>,
    /// Of those that name files outside of links: by path the last parts of the files' paths.
    naming: Arc<BTreeMap<Arc<str>, Names>>,
}

/// A text that is not what it was: its document before and now.
#[derive(Clone, Debug)]
pub(crate) struct Edit {
    pub(crate) old: Option<Arc<Document>>,
    pub(crate) new: Option<Arc<Document>>,
}

impl Texts {
    /// The texts, sorted by path.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Text> {
        self.all.iter()
    }

    /// Last parts of the paths of files that texts name outside of links.
    pub(crate) fn named(&self) -> impl Iterator<Item = &Arc<str>> {
        self.naming.values().flat_map(|names| &**names)
    }

    /// Whether the same files are named, and all files but texts are those of `before`.
    pub(crate) fn names_as(&self, before: &Self) -> bool {
        Arc::ptr_eq(&self.naming, &before.naming) && self.has_files_of(before)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// The text at a path from the portal's root.
    pub(crate) fn find(&self, path: &str) -> Option<&Text> {
        self.all.find(|text| (**text.path()).cmp(path))
    }

    /// Whether several have one path, as names can that are no UTF-8.
    pub(crate) fn is_double(&self, path: &str) -> bool {
        self.at(path).nth(1).is_some()
    }

    /// The texts right before and right after a path.
    pub(crate) fn beside(&self, path: &str) -> impl Iterator<Item = &Text> {
        let after = self.all.from(|text| **text.path() <= *path).next();
        self.all.before(|text| **text.path() < *path).into_iter().chain(after)
    }

    /// What is wrong with single texts.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &Diagnostic> {
        self.troubled.iter().flat_map(|path| self.at(path)).flat_map(|text| &text.document.problems)
    }

    /// The documents that are not those of `before`, in order of their paths.
    pub(crate) fn edits_since(&self, before: &Self) -> Vec<Edit> {
        let pairs = before.all.unshared(&self.all, |a, b| a.path().cmp(b.path()));
        let edits = pairs.into_iter().map(|(old, new)| {
            let document = |text: Option<&Text>| text.map(|text| text.document.clone());
            Edit { old: document(old), new: document(new) }
        });
        let is_edit = |edit: &Edit| match (&edit.old, &edit.new) {
            (Some(a), Some(b)) => !Arc::ptr_eq(a, b),
            _ => true,
        };
        edits.filter(is_edit).collect()
    }

    /// Whether all files but texts are those of `before`.
    pub(crate) fn has_files_of(&self, before: &Self) -> bool {
        let pairs = before.files.unshared(&self.files, |a, b| a.path().cmp(b.path()));
        pairs.into_iter().all(|(a, b)| match (a, b) {
            (Some(a), Some(b)) if Arc::ptr_eq(a, b) => true,
            (a, b) => a.into_iter().chain(b).all(|file| file.kind() != FileKind::Asset),
        })
    }

    /// The texts at a path: several, where names are no UTF-8.
    fn at<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a Text> {
        self.all.from(|text| **text.path() < *path).take_while(move |text| **text.path() == *path)
    }

    /// Puts `texts`, sorted by path, in the place of those at `paths`.
    fn replace(&mut self, paths: &[Arc<str>], texts: Vec<Text>) {
        let mut troubled = BTreeSet::clone(&self.troubled);
        let mut naming = BTreeMap::clone(&self.naming);
        for path in paths {
            self.all.take(|text| text.path() < path, |text| text.path() == path);
            troubled.remove(path);
            naming.remove(path);
        }
        for text in texts {
            let path = text.path().clone();
            if !text.document.problems.is_empty() {
                troubled.insert(path.clone());
            }
            if !text.files.is_empty() {
                naming.insert(path.clone(), text.files.clone());
            }
            self.all.put(text, |other| *other.path() <= path);
        }
        self.troubled = Arc::new(troubled);
        if *self.naming != naming {
            self.naming = Arc::new(naming);
        }
    }
}

/// Parses every text in parallel; an unchanged one is taken from `previous`.
pub(crate) fn parse(sources: &Sources, previous: Option<&Build>) -> Texts {
    let (settings, components) = (sources.config().settings(), sources.theme().components());
    let made = |(file, known): (&Arc<File>, Option<&Text>)| {
        let same = known.filter(|known| known.file.as_ref().is_some_and(|one| one.hash() == file.hash()));
        if let Some(same) = same {
            return Text { file: Some(file.clone()), ..same.clone() };
        }
        let text = match sources.text(file) {
            Ok(bytes) => Text::new(Some(file.clone()), content::parse(file.path(), &bytes, settings)),
            // Its place is kept.
            Err(problem) => {
                let document = content::parse(file.path(), &[], settings);
                Text::new(None, Document { problems: vec![*problem], ..document })
            }
        };
        components::checked(text, components)
    };
    let files = sources.files().clone();
    let is_text = |file: &&Arc<File>| file.kind() == FileKind::Text;
    let Some(previous) = previous.filter(|build| build.config.settings() == settings) else {
        let all: Vec<&Arc<File>> = files.iter().filter(is_text).collect();
        let all: Vec<Text> = all.into_par_iter().map(|file| made((file, None))).collect();
        let troubled = all.iter().filter(|text| !text.document.problems.is_empty()).map(|text| text.path().clone());
        let troubled = Arc::new(troubled.collect());
        let naming = all.iter().filter(|text| !text.files.is_empty());
        let naming = Arc::new(naming.map(|text| (text.path().clone(), text.files.clone())).collect());
        return Texts { all: all.into_iter().collect(), files, troubled, naming };
    };
    let before = &previous.texts;
    let mut texts = Texts { files, ..before.clone() };
    let differing = before.files.unshared(&texts.files, |a, b| a.path().cmp(b.path()));
    let differing = differing.into_iter().filter(|pair| !matches!(pair, (Some(a), Some(b)) if Arc::ptr_eq(a, b)));
    // Those that could not be read are read again.
    let unread = before.troubled.iter().filter(|path| before.at(path).any(|text| text.file.is_none()));
    let paths = differing.filter_map(|(old, new)| old.or(new)).filter(is_text).map(|file| file.path());
    let paths: BTreeSet<Arc<str>> = paths.chain(unread).cloned().collect();
    let paths: Vec<Arc<str>> = paths.into_iter().collect();
    let now = paths.iter().flat_map(|path| {
        let files = texts.files.from(|file| file.path() < path).take_while(move |file| file.path() == path);
        files.filter(is_text).zip(before.at(path).map(Some).chain(std::iter::repeat(None)))
    });
    let now: Vec<(&Arc<File>, Option<&Text>)> = now.collect();
    let now: Vec<Text> = now.into_par_iter().map(made).collect();
    texts.replace(&paths, now);
    if !Arc::ptr_eq(&previous.components, components) {
        texts.check(components);
    }
    texts
}

impl Texts {
    /// Compares those that hold components with other components than before.
    fn check(&mut self, components: &Components) {
        let paths = self.all.iter().filter(|text| text.has_components).map(|text| text.path().clone());
        let paths: Vec<Arc<str>> = paths.collect::<BTreeSet<_>>().into_iter().collect();
        let again = paths.iter().flat_map(|path| self.at(path)).map(|text| match text.has_components {
            true => components::checked(text.clone(), components),
            false => text.clone(),
        });
        let again = again.collect();
        self.replace(&paths, again);
    }
}
