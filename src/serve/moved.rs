//! Where a page went. A reader whose page has another address after a rebuild is taken along, if it is certain which
//! page it is now: the same file at a new address; else, of the files that have just come, the only one with the same
//! bytes; else the only one with the same text or, failing that, the same title. Two that fit are none.

use std::sync::Arc;

use super::Tree;
use crate::Text;

/// A page that somebody has open and that no address shows any more.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    office: Option<Arc<str>>,
    /// Its file.
    pub(super) source: Arc<str>,
    text: Option<Text>,
}

impl Lost {
    /// What stood at `path` in `old`.
    pub(super) fn new(old: &Tree, path: &str) -> Option<Self> {
        let build = old.outputs.build();
        let job = old.outputs.job(path)?;
        let source = build.source_of(job)?;
        let text = build.text(&source).cloned();
        Some(Self { office: job.office().map(Into::into), source, text })
    }

    /// Its address in `new`; `old` is the tree just before that.
    pub(super) fn find(&self, old: &Tree, new: &Tree) -> Option<Arc<str>> {
        let build = new.outputs.build();
        let address = |source: &str| build.stage.address_of(self.office.as_deref(), source);
        if let Some(path) = address(&self.source) {
            return Some(path.clone());
        }
        let was = self.text.as_ref()?;
        let come = |text: &&Text| old.outputs.build().text(&text.document.path).is_none();
        let come: Vec<_> = build.texts.iter().filter(come).collect();
        let same = |fits: &dyn Fn(&Text) -> bool| {
            let mut fitting = come.iter().filter(|text| fits(text)).filter_map(|one| address(&one.document.path));
            match (fitting.next(), fitting.next()) {
                (Some(path), None) => Some(path.clone()),
                _ => None,
            }
        };
        let bytes = |text: &Text| text.file.as_ref().map(|file| file.hash());
        let prose = |text: &Text| {
            let body = &text.document.body;
            (body.html.clone(), body.components.iter().map(|one| one.html.clone()).collect::<Vec<_>>())
        };
        let title = |text: &Text| text.document.front.title.as_ref().map(|title| title.value.clone());
        same(&|one| bytes(one).is_some() && bytes(one) == bytes(was))
            .or_else(|| same(&|one| !prose(one).0.trim_ascii().is_empty() && prose(one) == prose(was)))
            .or_else(|| same(&|one| title(one).is_some() && title(one) == title(was)))
    }
}
