//! The theme's static files as outputs: where each goes and, for style sheets, what they become. The same in every
//! edition, so it is worked out once.

use std::collections::BTreeMap;
use std::sync::Arc;

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
}

impl Statics {
    /// Works out every file: pictures and scripts first, then the style sheets, which name the others.
    pub fn new(theme: &Theme, names: Names, problems: &mut Vec<Diagnostic>) -> Self {
        let mut made = Self::default();
        let (sheets, others): (Vec<_>, Vec<_>) = theme.statics().iter().partition(|(name, _)| name.ends_with(".css"));
        for (name, file) in others {
            made.add(name, file.bytes.clone(), names);
        }
        for (name, file) in sheets {
            let lowered = made.lower(name, file, problems);
            made.add(name, lowered, names);
        }
        made
    }

    fn add(&mut self, name: &Arc<str>, bytes: Arc<[u8]>, names: Names) {
        let hash = blake3::hash(&bytes);
        let path = match names {
            Names::Plain => format!("assets/{name}"),
            Names::Hashed => match name.rsplit_once('/') {
                Some((folder, file)) => format!("assets/{folder}/{}", crate::model::hashed_name(file, hash)),
                None => format!("assets/{}", crate::model::hashed_name(name, hash)),
            },
        };
        self.files.insert(name.clone(), Static { path: path.into(), bytes, hash });
    }

    fn lower(&self, name: &str, file: &StaticFile, problems: &mut Vec<Diagnostic>) -> Arc<[u8]> {
        let Ok(source) = std::str::from_utf8(&file.bytes) else { return file.bytes.clone() };
        let own = format!("assets/{name}");
        let resolve = |wanted: &str| -> Option<String> {
            let target = &self.files.get(wanted)?.path;
            let mut out = String::new();
            crate::model::push_relative(&mut out, &own, target);
            Some(out)
        };
        match style::lower(name, &file.origin, source, &resolve) {
            Ok(lowered) => lowered.into_bytes().into(),
            Err(found) => {
                problems.extend(found);
                file.bytes.clone()
            }
        }
    }

    /// Path of a file below an edition's folder.
    pub fn address(&self, name: &str) -> Option<&Arc<str>> {
        self.files.get(name).map(|file| &file.path)
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
            let source = |theme: &Theme| theme.templates().get(name).map(|template| template.source.clone());
            changed.compare(Entity::new("template", name), Kind::Template, source(old.0), source(new.0));
        }
        for name in old.1.files.keys().chain(new.1.files.keys()) {
            let path = |statics: &Self| statics.files.get(name).map(|file| file.path.clone());
            changed.compare(Entity::new("static", name), Kind::ThemeFile, path(old.1), path(new.1));
            let hash = |statics: &Self| statics.files.get(name).map(|file| file.hash);
            changed.compare(Entity::new("static-bytes", name), Kind::ThemeFile, hash(old.1), hash(new.1));
        }
    }
}
