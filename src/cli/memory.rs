//! What is kept beside an output folder so that the next build, if it has nothing to do, says the same: the summary and
//! the warnings. `output` keeps the bytes and knows nothing of them.

use serde::{Deserialize, Serialize};
use zhendi::diag::{ALL_CODES, Diagnostic, Place, Severity, Span};

use super::summary::Contents;

#[derive(Serialize, Deserialize)]
struct Memory {
    contents: Contents,
    said: Vec<Said>,
}

/// A diagnostic in a form that can be kept.
#[derive(Serialize, Deserialize)]
struct Said {
    code: String,
    warning: bool,
    file: Option<String>,
    span: Option<(u32, u32)>,
    message: String,
    label: String,
    cause: String,
    cure: String,
    notes: Vec<String>,
}

/// The bytes to keep.
pub fn keep(contents: &Contents, diagnostics: &[Diagnostic]) -> Vec<u8> {
    let said = diagnostics.iter().filter(|one| !one.is_error()).map(|one| Said {
        code: one.code.0.to_owned(),
        warning: one.severity == Severity::Warning,
        file: one.place.as_ref().map(|place| place.file.to_string()),
        span: one.place.as_ref().and_then(|place| place.span).map(|span| (span.start, span.end)),
        message: one.message.clone(),
        label: one.label.clone(),
        cause: one.cause.clone(),
        cure: one.cure.clone(),
        notes: one.notes.clone(),
    });
    serde_json::to_vec(&Memory { contents: contents.clone(), said: said.collect() }).unwrap_or_default()
}

/// What was kept, unless it is damaged.
pub fn recall(bytes: &[u8]) -> Option<(Contents, Vec<Diagnostic>)> {
    let memory: Memory = serde_json::from_slice(bytes).ok()?;
    let said = memory.said.into_iter().map(|one| {
        Some(Diagnostic {
            code: *ALL_CODES.iter().find(|code| code.0 == one.code)?,
            severity: if one.warning { Severity::Warning } else { Severity::Note },
            place: one
                .file
                .map(|file| Place { file: file.into(), span: one.span.map(|(start, end)| Span { start, end }) }),
            message: one.message,
            label: one.label,
            cause: one.cause,
            cure: one.cure,
            notes: one.notes,
        })
    });
    Some((memory.contents, said.collect::<Option<_>>()?))
}

#[cfg(test)]
mod tests {
    use zhendi::diag::{IMAGE_NO_ALT, LINK_MISSING, PAGE_EXPIRED};

    use super::*;

    #[test]
    fn warnings_and_notes_come_back_as_they_were() {
        let file = "content/a.md".into();
        let warning = Diagnostic::warning(IMAGE_NO_ALT, "图片没有说明")
            .at(&file, Span::new(3, 9))
            .label("此处")
            .cause("因")
            .cure("改");
        let note = Diagnostic::note(PAGE_EXPIRED, "已下线").in_file(&file).with_note("另一处");
        let error = Diagnostic::error(LINK_MISSING, "没有");
        let contents = Contents { offices: Vec::new(), left_out: Vec::new() };
        let (_, said) = recall(&keep(&contents, &[warning.clone(), error, note.clone()])).expect("whole");
        assert_eq!(said, [warning, note]);
        assert!(recall(b"{").is_none());
    }
}
