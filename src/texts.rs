//! The portal's texts: parsed in parallel, taken over where nothing is another, and then, for those that hold
//! components, compared with the theme. Parsing knows no theme, so that an edit to a template parses nothing; this is
//! where the two meet.

mod components;

use std::sync::Arc;

use rayon::prelude::*;

use crate::Build;
use crate::content::{self, Document};
use crate::source::{File, FileKind, Sources};

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
    pub(crate) files: Arc<[Arc<str>]>,
}

impl Text {
    /// Whether both are one and the same parsed text.
    pub(crate) fn parses_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.parsed, &other.parsed)
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
    fn named(&self) -> Arc<[Arc<str>]> {
        let attached = self.document.front.attachments.iter().map(|file| &file.value);
        let args = self.document.body.components.iter().flat_map(|component| &component.args);
        let shown = args.filter(|arg| arg.link.is_some()).map(|arg| &arg.value);
        attached.chain(shown).filter_map(|path| path.rsplit(['/', '\\']).next()).map(Into::into).collect()
    }
}

/// Parses every text in parallel, sorted by path; an unchanged one is taken from `previous`.
pub(crate) fn parse(sources: &Sources, previous: Option<&Build>) -> Vec<Text> {
    let settings = sources.config().settings();
    let components = sources.theme().components();
    let same_theme = previous.is_some_and(|build| Arc::ptr_eq(&build.components, components));
    let mut before = previous
        .filter(|build| build.config.settings() == settings)
        .map_or(&[][..], |build| &build.texts)
        .iter()
        .filter_map(|text| Some((text.file.as_ref()?, text)))
        .peekable();
    let texts = sources.files().iter().filter(|file| file.kind() == FileKind::Text);
    let known: Vec<(&Arc<File>, Option<&Text>)> = texts
        .map(|file| {
            while before.next_if(|(one, _)| !Arc::ptr_eq(one, file) && one.path() < file.path()).is_some() {}
            let same =
                |one: &Arc<File>| Arc::ptr_eq(one, file) || (one.path(), one.hash()) == (file.path(), file.hash());
            (file, before.next_if(|(one, _)| same(one)).map(|(_, text)| text))
        })
        .collect();
    known
        .into_par_iter()
        .map(|(file, known)| {
            if let Some(known) = known {
                let text = Text { file: Some(file.clone()), ..known.clone() };
                return if same_theme || !text.has_components { text } else { components::checked(text, components) };
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
        })
        .collect()
}
