//! How things are said: what was asked for goes to standard output, what is wrong to standard error, in colour only on
//! a terminal; as JSON Lines everything goes to standard output. Nothing else in the program prints.
#![allow(clippy::disallowed_methods)] // NO_COLOR is the user's wish and no input of a build

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use zhendi::diag::{Counts, Diagnostic, Format, Report};
use zhendi::source::excerpt_text;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// Nothing was asked for: the help is the answer.
    Help(String),
    /// The command cannot be meant as it was typed.
    Usage(Box<Diagnostic>),
    /// A single thing went wrong while it was carried out.
    Fault(Box<Diagnostic>),
    /// It is all said already.
    Said(u8),
}

/// Where and how to speak.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    format: Format,
    colour: bool,
}

impl Console {
    /// Speaks in `format`.
    pub fn new(format: Format) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { format, colour: format == Format::Human && !plain && io::stderr().is_terminal() }
    }

    /// Whether a program listens.
    pub fn is_json(self) -> bool {
        self.format == Format::Json
    }

    /// Whether somebody sits there who can answer.
    pub fn can_ask(self) -> bool {
        io::stdin().is_terminal()
    }

    /// Asks, and gives the line that is typed; `None` when none can come any more.
    pub fn ask(self, question: &str) -> Option<String> {
        self.say(question);
        let _ = io::stdout().flush();
        let mut line = Vec::new();
        let read = io::stdin().lock().read_until(b'\n', &mut line);
        matches!(read, Ok(1..)).then(|| String::from_utf8_lossy(&line).trim().to_owned())
    }

    /// Says what was asked for.
    pub fn say(self, text: &str) {
        // Whoever closed the pipe has seen enough.
        let _ = io::stdout().lock().write_all(text.as_bytes());
    }

    /// Says something beside what was asked for.
    pub fn mind(self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Says what is wrong, with excerpts from the files below `root`, and closes with the counts.
    pub fn report(self, diagnostics: Vec<Diagnostic>, root: &Path) -> Counts {
        let report = Report::new(diagnostics, &|file| excerpt_text(root, file));
        let mut text = report.print(self.format, self.colour);
        let counts = report.counts();
        if self.is_json() {
            self.say(&text);
        } else {
            if let Some(line) = closing(counts) {
                text.push_str(&line);
            }
            self.mind(&text);
        }
        counts
    }

    /// Says why it failed; gives the code to exit with.
    pub fn fail(self, failure: Failure) -> u8 {
        let (diagnostic, code) = match failure {
            Failure::Help(text) => {
                self.mind(&text);
                return 2;
            }
            Failure::Said(code) => return code,
            Failure::Usage(diagnostic) => (diagnostic, 2),
            Failure::Fault(diagnostic) => (diagnostic, 1),
        };
        let text = Report::new(vec![*diagnostic], &|_| None).print(self.format, self.colour);
        if self.is_json() {
            self.say(&text);
        } else {
            self.mind(&format!("{}\n", text.trim_end()));
        }
        code
    }
}

/// “共有 1 个错误、2 个警告。”
fn closing(counts: Counts) -> Option<String> {
    let parts: Vec<String> = [(counts.errors, "错误"), (counts.warnings, "警告"), (counts.notes, "提示")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} 个{word}"))
        .collect();
    (!parts.is_empty()).then(|| format!("共有 {}。\n", parts.join("、")))
}

/// A path as people of this system write it.
pub fn shown(path: &Path) -> String {
    path.display().to_string()
}
