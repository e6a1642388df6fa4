//! The theme's static files as outputs: where each goes and, for style sheets, what they become. The same in every
//! edition, so it is worked out once.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::screen::STATICS;
use super::style;
use crate::diag::Diagnostic;
use crate::model::{Changed, Entity, Kind};
use crate::source::{Names, StaticFile, Theme};

/// One static file on its way out.
#[derive(Debug)]
pub(super) struct Static {
    /// Path below an edition's folder.
    pub path: Arc<str>,
    pub bytes: Arc<[u8]>,
    pub hash: blake3::Hash,
}

/// Every static file by name (`css/portal.css`).
#[derive(Debug, Default)]
pub struct Statics {
    files: BTreeMap<Arc<str>, Static>,
    names: Names,
    /// What is wrong with style sheets.
    problems: Vec<Diagnostic>,
}

/// The style sheets that are still to be worked out.
struct Waiting<'a> {
    sheets: BTreeMap<&'a Arc<str>, &'a StaticFile>,
    /// The names of all static files.
    known: Vec<&'a str>,
    /// The sheets that wait for the one at hand.
    above: Vec<&'a Arc<str>>,
    names: Names,
}

impl Statics {
    /// Works out every file: pictures and scripts first, then the style sheets, each after those that it imports.
    pub fn new(theme: &Theme, names: Names) -> Self {
        let mut made = Self { names, ..Self::default() };
        let mut problems = Vec::new();
        let (sheets, others): (Vec<_>, Vec<_>) = theme.statics().iter().partition(|(name, _)| name.ends_with(".css"));
        for (name, file) in others {
            made.add(name, file.bytes.clone(), names);
        }
        let mut waiting = Waiting {
            // What screens have is proposed to nobody.
            known: theme.statics().keys().map(|name| &**name).filter(|name| !name.starts_with(STATICS)).collect(),
            above: Vec::new(),
            sheets: sheets.into_iter().collect(),
            names,
        };
        while let Some(name) = waiting.sheets.keys().next().copied() {
            made.sheet(name, &mut waiting, &mut problems);
        }
        made.problems = problems;
        made
    }

    /// Works out a style sheet and those that it imports, unless that is done already.
    fn sheet<'a>(&mut self, name: &'a Arc<str>, waiting: &mut Waiting<'a>, problems: &mut Vec<Diagnostic>) {
        let Some(file) = waiting.sheets.remove(name) else { return };
        let Ok(source) = std::str::from_utf8(&file.bytes) else {
            problems.push(style::not_text(&file.origin));
            return self.add(name, file.bytes.clone(), waiting.names);
        };
        waiting.above.push(name);
        let mut circle = false;
        for wanted in style::references(name, source) {
            if let Some((name, _)) = waiting.sheets.get_key_value(&Arc::<str>::from(&*wanted)) {
                let name = *name;
                self.sheet(name, waiting, problems);
            } else if let Some(at) = waiting.above.iter().position(|above| ***above == *wanted) {
                problems.push(style::circle(&file.origin, &waiting.above[at..]));
                circle = true;
            }
        }
        waiting.above.pop();
        let own = format!("assets/{name}");
        let resolve = |wanted: &str| -> Option<String> {
            let mut address = String::new();
            crate::model::push_relative(&mut address, &own, &self.files.get(wanted)?.path);
            Some(address)
        };
        let lowered = match style::lower(name, &file.origin, source, &waiting.known, &resolve) {
            Ok(lowered) => lowered.into_bytes().into(),
            Err(found) => {
                problems.extend(found.into_iter().filter(|_| !circle));
                file.bytes.clone()
            }
        };
        self.add(name, lowered, waiting.names);
    }

    fn add(&mut self, name: &Arc<str>, bytes: Arc<[u8]>, names: Names) {
        let hash = blake3::hash(&bytes);
        // A screen has a folder for each of its versions.
        let plain = names == Names::Plain || name.starts_with(STATICS);
        let path = match plain {
            true => format!("assets/{name}"),
            false => match name.rsplit_once('/') {
                Some((folder, file)) => format!("assets/{folder}/{}", crate::model::hashed_name(file, hash)),
                None => format!("assets/{}", crate::model::hashed_name(name, hash)),
            },
        };
        self.files.insert(name.clone(), Static { path: path.into(), bytes, hash });
    }

    /// How outputs are named.
    pub(super) fn names(&self) -> Names {
        self.names
    }

    /// What is wrong with style sheets.
    pub(super) fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Path of a file below an edition's folder.
    pub fn address(&self, name: &str) -> Option<&Arc<str>> {
        self.files.get(name).map(|file| &file.path)
    }

    /// Those of pages; what lies in the folder of screens has no business there.
    pub(super) fn of_pages(&self) -> impl Iterator<Item = (&Arc<str>, &Static)> {
        self.files.iter().filter(|(name, _)| !name.starts_with(STATICS))
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&Arc<str>, &Static)> {
        self.files.iter()
    }

    pub(super) fn file(&self, name: &str) -> Option<&Static> {
        self.files.get(name)
    }

    /// Adds the facts in which two themes differ.
    pub fn changes(old: (&Theme, &Self), new: (&Theme, &Self), changed: &mut Changed) {
        for name in old.0.templates().keys().chain(new.0.templates().keys()) {
            // Where it comes from counts too: a message about it names the file.
            let source = |theme: &Theme| {
                theme.templates().get(name).map(|template| (template.source.clone(), template.origin.clone()))
            };
            changed.compare(Entity::new("template", name), Kind::Template, source(old.0), source(new.0));
        }
        if !Arc::ptr_eq(old.0.components(), new.0.components()) {
            for (name, _) in old.0.components().all().chain(new.0.components().all()) {
                let kind = |theme: &Theme| theme.component(name).cloned();
                changed.compare(Entity::new("component", name), Kind::Template, kind(old.0), kind(new.0));
            }
        }
        if !old.0.templates().keys().eq(new.0.templates().keys()) {
            changed.add(Entity::new("names", "templates").fact(Kind::Template));
        }
        if !old.1.files.keys().eq(new.1.files.keys()) {
            changed.add(Entity::new("names", "static").fact(Kind::ThemeFile));
        }
        for name in old.1.files.keys().chain(new.1.files.keys()) {
            let path = |statics: &Self| statics.files.get(name).map(|file| file.path.clone());
            changed.compare(Entity::new("static", name), Kind::ThemeFile, path(old.1), path(new.1));
            let hash = |statics: &Self| statics.files.get(name).map(|file| file.hash);
            changed.compare(Entity::new("static-bytes", name), Kind::ThemeFile, hash(old.1), hash(new.1));
        }
    }
}
