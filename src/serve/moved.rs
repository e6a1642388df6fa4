//! Where a page went. A reader whose page has another address after a rebuild is taken along, if it is certain which
//! page it is now: the same file at a new address; else, of the files that have just come, the only one with the same
//! bytes; else the only one with the same text or, failing that, the same title. Two that fit are none.

use std::sync::Arc;

use super::Tree;
use crate::Build;
use crate::content::Document;

/// A page that somebody has open and that no address shows any more.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    office: Option<Arc<str>>,
    /// Its file.
    pub(super) source: Arc<str>,
    document: Option<Arc<Document>>,
}

impl Lost {
    /// What stood at `path` in `old`.
    pub(super) fn new(old: &Tree, path: &str) -> Option<Self> {
        let build = old.outputs.build();
        let job = old.outputs.job(path)?;
        let source = build.source_of(job)?;
        let document = document(build, &source).cloned();
        Some(Self { office: job.office().map(Into::into), source, document })
    }

    /// Its address in `new`; `old` is the tree just before that.
    pub(super) fn find(&self, old: &Tree, new: &Tree) -> Option<Arc<str>> {
        let build = new.outputs.build();
        let address = |source: &str| build.stage.address_of(self.office.as_deref(), source);
        if let Some(path) = address(&self.source) {
            return Some(path.clone());
        }
        let was = self.document.as_ref()?;
        let come = |document: &&Arc<Document>| self::document(old.outputs.build(), &document.path).is_none();
        let come: Vec<_> = build.documents.iter().filter(come).collect();
        let same = |fits: &dyn Fn(&Document) -> bool| {
            let mut fitting = come.iter().filter(|document| fits(document)).filter_map(|one| address(&one.path));
            match (fitting.next(), fitting.next()) {
                (Some(path), None) => Some(path.clone()),
                _ => None,
            }
        };
        let title = |document: &Document| document.front.title.as_ref().map(|title| title.value.clone());
        same(&|one| one.hash == was.hash)
            .or_else(|| same(&|one| !one.body.html.is_empty() && one.body.html == was.body.html))
            .or_else(|| same(&|one| title(one).is_some() && title(one) == title(was)))
    }
}

fn document<'a>(build: &'a Build, path: &str) -> Option<&'a Arc<Document>> {
    let documents = &build.documents;
    documents.binary_search_by(|document| (*document.path).cmp(path)).ok().map(|at| &documents[at])
}
