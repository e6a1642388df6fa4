//! Everything that Zhendi says to a person is a [`Diagnostic`]: one type for every stage of the flow, with a stable
//! code, a place, a cause and a cure in plain Chinese. Stages only make these values; [`report`] turns them into the
//! text or JSON that somebody reads, and it alone looks at the source again to show the line.

mod codes;
mod piece;
mod report;

pub use codes::*;
pub use piece::{Excerpt, Fix, Piece};
pub use report::{Counts, Format, Report, fold};

use std::sync::Arc;

/// How bad it is. An error keeps the whole output from going live; a warning and a note do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something a reader would stumble over: nothing is switched live.
    Error,
    /// Probably not what the author meant; the page is built all the same.
    Warning,
    /// Worth knowing, nothing to mend.
    Note,
}

/// A stable name such as `E0203`. The letter is the usual severity, the first two digits the stage of the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

/// A range of bytes in a file's *decoded* text (UTF-8, BOM taken off), as the parser saw it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte; equal to `start` for a point.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to `end`; positions past 4 GiB are cut there (no text file is read that is so large).
    pub fn new(start: usize, end: usize) -> Self {
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: cut(start), end: cut(end.max(start)) }
    }
}

/// Where in the portal a diagnostic points.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Path from the portal's root with `/`, such as `content/study/a.md`.
    pub file: Arc<str>,
    /// The bytes to underline; `None` when the whole file is meant.
    pub span: Option<Span>,
}

/// One message for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Where, if it has a place in the portal.
    pub place: Option<Place>,
    /// One sentence without a full stop: what is wrong.
    pub message: String,
    /// A few words to stand after the carets.
    pub label: String,
    /// Why that is a problem: what a reader would see, or what Zhendi cannot know.
    pub cause: String,
    /// What to do, naming the line to paste where there is one.
    pub cure: String,
    /// Further lines that stand under the excerpt as they are (an include chain, the other place).
    pub notes: Vec<String>,
}

impl Diagnostic {
    fn new(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            place: None,
            message: message.into(),
            label: String::new(),
            cause: String::new(),
            cure: String::new(),
            notes: Vec::new(),
        }
    }

    /// An error with its one-sentence message.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning with its one-sentence message.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note with its one-sentence message.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// Points at bytes of a file.
    #[must_use]
    pub fn at(mut self, file: &Arc<str>, span: Span) -> Self {
        self.place = Some(Place { file: file.clone(), span: Some(span) });
        self
    }

    /// Points at a whole file.
    #[must_use]
    pub fn in_file(mut self, file: &Arc<str>) -> Self {
        self.place = Some(Place { file: file.clone(), span: None });
        self
    }

    /// Sets the words after the carets.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the cause.
    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.cause = cause.into();
        self
    }

    /// Sets the cure.
    #[must_use]
    pub fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = cure.into();
        self
    }

    /// Adds a line under the excerpt.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Whether this keeps the output from going live.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The known names nearest to `word`, best first, at most three, none that is too far off to be meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut scored: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|name| {
            let distance = strsim::damerau_levenshtein(word, name);
            let length = name.chars().count().max(word.chars().count());
            let close = distance * 2 <= length || (name.contains(word) && !word.is_empty());
            close.then_some((distance, name))
        })
        .collect();
    scored.sort();
    scored.dedup();
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}
