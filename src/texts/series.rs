//! The files that declare series: read like texts, and taken over while they are the same.

use std::sync::Arc;

use crate::Build;
use crate::content::{Series, parse_series};
use crate::source::{File, FileKind, Sources};

/// A file that declares a series, and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    /// As it was in the snapshot; `None` if it could not be read then.
    file: Option<Arc<File>>,
    pub(crate) series: Arc<Series>,
}

impl Declared {
    /// Reads every one, sorted by path; an unchanged one is taken from `previous`.
    pub(crate) fn all(sources: &Sources, previous: Option<&Build>) -> Vec<Self> {
        let before = previous.map_or(&[][..], |build| &build.declared);
        let below = "content/series/";
        let files = sources.files().from(|file| **file.path() < *below);
        let files = files.take_while(|file| file.path().starts_with(below));
        let files = files.filter(|file| file.kind() == FileKind::Series);
        let all = files.map(|file| {
            let same = |one: &&Self| one.file.as_ref().is_some_and(|one| one == file);
            if let Some(known) = before.iter().find(same) {
                return known.clone();
            }
            match sources.text(file) {
                Ok(bytes) => Self { file: Some(file.clone()), series: Arc::new(parse_series(file.path(), &bytes)) },
                // Its place is kept.
                Err(problem) => {
                    let series = Series { problems: vec![*problem], ..parse_series(file.path(), &[]) };
                    Self { file: None, series: Arc::new(series) }
                }
            }
        });
        all.collect()
    }
}
