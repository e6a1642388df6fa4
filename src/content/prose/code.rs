//! Code blocks, highlighted by syntect into a few CSS classes (`z-comment`, `z-string` …) that the theme colours.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use comrak::nodes::{Node, NodeCodeBlock};
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::escape;
use super::render::Renderer;

/// Longer code is shown without colours: highlighting is the dearest thing a page can ask for.
const LONGEST: usize = 64 * 1024;
/// So is code with a longer line.
const LONGEST_LINE: usize = 4 * 1024;
/// Highlighted code kept for the next time it is met, in bytes.
const MEMO: usize = 8 * 1024 * 1024;

/// The grammars, and code highlighted before. Both are functions of the program and of the code alone, so that sharing
/// them between documents and threads changes no output; loaded when the first block of code is met.
static HIGHLIGHTER: LazyLock<Highlighter> = LazyLock::new(Highlighter::new);

/// The scopes that have a class, the longest prefix first.
const CLASSES: &[(&str, &str)] = &[
    ("comment", "comment"),
    ("string", "string"),
    ("constant.numeric", "number"),
    ("constant.character.escape", "escape"),
    ("constant", "constant"),
    ("keyword.operator", "operator"),
    ("keyword", "keyword"),
    ("storage", "keyword"),
    ("entity.name.function", "function"),
    ("entity.name.tag", "tag"),
    ("entity.name.section", "heading"),
    ("entity.name", "type"),
    ("entity.other.attribute-name", "attribute"),
    ("entity.other.inherited-class", "type"),
    ("support.function", "function"),
    ("support.type.property-name", "attribute"),
    ("support", "type"),
    ("variable.function", "function"),
    ("variable.parameter", "variable"),
    ("variable.language", "constant"),
    ("meta.mapping.key", "attribute"),
    ("markup.heading", "heading"),
    ("markup.inserted", "inserted"),
    ("markup.deleted", "deleted"),
    ("markup.bold", "strong"),
    ("invalid", "invalid"),
];

struct Highlighter {
    syntaxes: SyntaxSet,
    classes: Vec<(Scope, &'static str)>,
    memo: Mutex<Memo>,
}

#[derive(Default)]
struct Memo {
    html: HashMap<[u8; 32], Arc<str>>,
    bytes: usize,
}

impl Renderer<'_> {
    pub fn code_block(&mut self, node: Node<'_>, block: &NodeCodeBlock) {
        self.note_code(node);
        let literal = escape::restore(&block.literal);
        let language = language(&block.info);
        self.out.push_str("<pre tabindex=\"0\"><code");
        if !language.is_empty() {
            self.out.push_str(" class=\"language-");
            escape::text(&mut self.out, &language);
            self.out.push('"');
        }
        self.out.push('>');
        let highlighted =
            if self.markdown.highlight && !language.is_empty() { highlight(&language, &literal) } else { None };
        match highlighted {
            Some(html) => self.out.push_str(&html),
            None => escape::text(&mut self.out, &literal),
        }
        self.out.push_str("</code></pre>\n");
    }
}

/// The language of an info string: its first word in lower case, without what other systems hang on to it.
fn language(info: &str) -> String {
    let info = escape::restore(info);
    let word = info
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '{' | '}' | '='))
        .find(|word| !word.is_empty());
    let word = word.unwrap_or_default().trim_start_matches('.').to_lowercase();
    if word.len() > 32 { String::new() } else { word }
}

/// `code` as HTML with classes; `None` if there is no grammar for it.
fn highlight(language: &str, code: &str) -> Option<Arc<str>> {
    if code.len() > LONGEST || code.lines().any(|line| line.len() > LONGEST_LINE) {
        return None;
    }
    let name = match language {
        "typescript" | "ts" | "jsx" | "tsx" | "mjs" | "node" => "js",
        "shell" | "console" | "zsh" | "shell-session" => "sh",
        "golang" => "go",
        "c++" => "cpp",
        "c#" | "csharp" => "cs",
        "jsonc" | "json5" => "json",
        "vue" | "svelte" => "html",
        "text" | "txt" | "plain" | "plaintext" | "none" => return None,
        other => other,
    };
    let highlighter = &*HIGHLIGHTER;
    let syntax = highlighter.syntaxes.find_syntax_by_token(name)?;
    let key = blake3::Hasher::new().update(name.as_bytes()).update(&[0]).update(code.as_bytes()).finalize();
    let memo = || highlighter.memo.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(html) = memo().html.get(key.as_bytes()) {
        return Some(html.clone());
    }
    let html: Arc<str> = highlighter.run(syntax, code)?.into();
    let mut memo = memo();
    if memo.bytes > MEMO {
        *memo = Memo::default();
    }
    memo.bytes += html.len();
    memo.html.insert(*key.as_bytes(), html.clone());
    Some(html)
}

impl Highlighter {
    fn new() -> Self {
        Self {
            syntaxes: SyntaxSet::load_defaults_newlines(),
            classes: CLASSES.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect(),
            memo: Mutex::default(),
        }
    }

    fn run(&self, syntax: &SyntaxReference, code: &str) -> Option<String> {
        let mut state = ParseState::new(syntax);
        let mut stack = ScopeStack::new();
        let mut out = Painter { out: String::with_capacity(code.len() * 2), open: None };
        for line in code.split_inclusive('\n') {
            let mut done = 0;
            for (at, change) in state.parse_line(line, &self.syntaxes).ok()? {
                out.write(line.get(done..at)?, self.class(&stack));
                done = at;
                stack.apply(&change).ok()?;
            }
            out.write(line.get(done..)?, self.class(&stack));
        }
        out.paint(None);
        Some(out.out)
    }

    /// The class of the innermost scope that has one.
    fn class(&self, stack: &ScopeStack) -> Option<&'static str> {
        stack.as_slice().iter().rev().find_map(|scope| {
            self.classes.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class)
        })
    }
}

/// Writes text in spans, one for each run of a class.
struct Painter {
    out: String,
    open: Option<&'static str>,
}

impl Painter {
    fn write(&mut self, text: &str, class: Option<&'static str>) {
        if text.is_empty() {
            return;
        }
        if class != self.open && !text.trim().is_empty() {
            self.paint(class);
        }
        escape::text(&mut self.out, text);
    }

    fn paint(&mut self, class: Option<&'static str>) {
        if self.open.is_some() {
            self.out.push_str("</span>");
        }
        if let Some(class) = class {
            self.out.push_str("<span class=\"z-");
            self.out.push_str(class);
            self.out.push_str("\">");
        }
        self.open = class;
    }
}

#[cfg(test)]
mod tests {
    use super::{highlight, language};

    #[test]
    fn languages_are_the_first_word() {
        for (info, want) in
            [("Rust,ignore", "rust"), ("  JSON  title=x", "json"), ("{.python}", "python"), ("js{1,3}", "js"), ("", "")]
        {
            assert_eq!(language(info), want, "{info}");
        }
    }

    #[test]
    fn code_is_marked_up_or_left_alone() {
        let html = highlight("json", "{\"a\": 1, \"b\": \"<甲>\"}\n").unwrap();
        assert!(html.contains("<span class=\"z-number\">1</span>"), "{html}");
        assert!(html.contains("&lt;甲&gt;"), "{html}");
        assert_eq!(html.matches("<span").count(), html.matches("</span>").count());
        assert!(highlight("no-such-language", "x").is_none());
    }
}
