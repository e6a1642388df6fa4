//! What stands inside of files beside pages, where pages show it: the figures of a CSV or XLSX file, the length of a PDF.
//! Only files that a text names as such are read for it, and one that is the same as before is not read again. This comes
//! after the texts, which say what is wanted, and before the model, which keeps it beside the file's record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rayon::prelude::*;

use crate::Build;
use crate::content::Extent;
use crate::content::sheet::{Workbook, is_workbook};
use crate::source::{File, FileKind, Sources};
use crate::texts::Texts;

/// What stands inside of one file.
#[derive(Debug, PartialEq)]
pub struct Inside {
    /// The figures in it.
    pub workbook: Option<Workbook>,
    /// How long it is.
    pub extent: Option<Extent>,
}

/// By path from the portal's root: the file as it was read, and what stands in it.
#[derive(Debug, Default)]
pub struct Insides(BTreeMap<Arc<str>, (Arc<File>, Arc<Inside>)>);

impl Insides {
    /// Reads what `texts` want of the files of `sources`. A file that cannot be read any more has nothing in it: the next
    /// snapshot will have it, or not.
    pub(crate) fn read(sources: &Sources, texts: &Texts, previous: Option<&Build>) -> Arc<Self> {
        if let Some(previous) = previous.filter(|previous| texts.names_as(&previous.texts)) {
            return previous.insides.clone();
        }
        let mut wanted = BTreeSet::new();
        for name in texts.named() {
            wanted.insert(std::borrow::Cow::Borrowed(&**name));
            wanted.insert(percent_decode_str(name).decode_utf8_lossy());
        }
        if wanted.is_empty() {
            return Arc::default();
        }
        let is_wanted = |file: &&Arc<File>| {
            let name = file.path().rsplit('/').next().unwrap_or_default();
            let is_told = || is_workbook(&file.extension()) || Extent::is_told_by(&file.extension());
            file.kind() == FileKind::Asset && wanted.contains(name) && is_told()
        };
        let before = previous.map(|build| &build.insides.0);
        let files: Vec<&Arc<File>> = sources.files().iter().filter(is_wanted).collect();
        let known = files.into_par_iter().filter_map(|file| {
            let same = |(old, _): &&(Arc<File>, Arc<Inside>)| Arc::ptr_eq(old, file) || old.hash() == file.hash();
            let inside = match before.and_then(|before| before.get(file.path())).filter(same) {
                Some((_, inside)) => inside.clone(),
                None => {
                    let extension = file.extension();
                    let bytes = sources.text(file).ok()?;
                    Arc::new(Inside {
                        workbook: is_workbook(&extension).then(|| Workbook::read(file.path(), &extension, &bytes)),
                        extent: Extent::read(&extension, &bytes),
                    })
                }
            };
            Some((file.path().clone(), (file.clone(), inside)))
        });
        Arc::new(Self(known.collect::<Vec<_>>().into_iter().collect()))
    }

    /// What stands in the file at that path from the portal's root.
    pub(crate) fn of(&self, path: &str) -> Option<&Arc<Inside>> {
        self.0.get(path).map(|(_, inside)| inside)
    }
}
