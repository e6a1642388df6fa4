//! A style sheet's tokens, read for what lightningcss does not tell: which files the sheet refers to (custom properties
//! included), which declarations are fallbacks for a later one, which marks are full-width, and which bracket or comment
//! is never closed.

use std::collections::HashMap;
use std::ops::Range;

use cssparser::{ParseError, Parser, ParserInput, Token};

/// How deep brackets are followed. What lies deeper is left to lightningcss, which has a limit of its own.
const DEPTH: usize = 64;

/// An address in a style sheet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// The address, escapes resolved.
    pub url: String,
    /// The bytes to replace by another address.
    pub range: Range<usize>,
    /// Whether those bytes are a whole `url(…)` rather than a quoted string.
    pub whole: bool,
}

/// A declaration that is followed by another of the same property in the same block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fallback {
    pub own: Range<usize>,
    pub later: Range<usize>,
    /// Where the shorthands begin that stand before it and set the same property (`font` before `font-size`).
    pub shorthands: Vec<usize>,
}

/// A full-width mark outside strings and comments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FullWidth {
    pub at: usize,
    pub mark: char,
    /// The mark of CSS's own that was meant.
    pub meant: char,
}

/// What was left open at the end of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unclosed {
    /// Where it opens.
    pub at: usize,
    /// What would close it.
    pub closer: &'static str,
}

/// What a reading of the tokens found, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub references: Vec<Reference>,
    pub fallbacks: Vec<Fallback>,
    pub full_width: Vec<FullWidth>,
    /// The innermost first.
    pub unclosed: Vec<Unclosed>,
}

/// A declaration, from its name to the end of its value.
struct Declared {
    property: String,
    range: Range<usize>,
}

/// How far a declaration has been read.
#[derive(Default)]
enum Statement {
    #[default]
    Start,
    Name(Range<usize>),
    Declaration(Range<usize>),
    /// A selector, an at-rule.
    Other,
}

impl Statement {
    fn step(&mut self, token: &Token<'_>, range: &Range<usize>) {
        *self = match (std::mem::take(self), token) {
            (state, Token::WhiteSpace(_) | Token::Comment(_)) => state,
            (Self::Start, Token::Ident(_)) => Self::Name(range.clone()),
            (Self::Name(name), Token::Colon) => Self::Declaration(name),
            (Self::Declaration(name), _) => Self::Declaration(name),
            _ => Self::Other,
        };
    }

    fn declared(self, source: &str, end: usize) -> Option<Declared> {
        let Self::Declaration(name) = self else { return None };
        Some(Declared { property: source[name.clone()].to_ascii_lowercase(), range: name.start..end })
    }
}

/// What a quoted string means where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strings {
    Text,
    /// The first one is an address (`url("…")`).
    FirstIsAddress,
    /// Each is an address (`image-set("…" 1x, "…" 2x)`).
    AllAreAddresses,
}

impl Scan {
    pub fn of(source: &str) -> Self {
        let mut scan = Self::default();
        let mut input = ParserInput::new(source);
        scan.block(&mut Parser::new(&mut input), source, Strings::Text, 0);
        scan
    }

    fn block(&mut self, parser: &mut Parser<'_, '_>, source: &str, mut strings: Strings, depth: usize) {
        let outer = strings;
        // `@namespace url(…)` is a name, no file.
        let mut is_name = false;
        let mut statement = Statement::Start;
        let mut declared: Vec<Declared> = Vec::new();
        loop {
            let start = parser.position().byte_index();
            let Ok(token) = parser.next_including_whitespace_and_comments() else { break };
            let token = token.clone();
            let range = start..parser.position().byte_index();
            if matches!(&token, Token::Ident(_) | Token::Dimension { .. } | Token::Function(_) | Token::Hash(_)) {
                self.full_width_in(source, &range);
            }
            match &token {
                Token::Semicolon => declared.extend(std::mem::take(&mut statement).declared(source, start)),
                Token::CurlyBracketBlock => statement = Statement::Start,
                token => statement.step(token, &range),
            }
            let (closer, inner) = match &token {
                Token::AtKeyword(name) => {
                    is_name = name.eq_ignore_ascii_case("namespace");
                    if name.eq_ignore_ascii_case("import") {
                        strings = Strings::FirstIsAddress;
                    }
                    continue;
                }
                Token::Semicolon => {
                    strings = outer;
                    is_name = false;
                    continue;
                }
                Token::UnquotedUrl(url) => {
                    if !is_name {
                        self.references.push(Reference { url: url.to_string(), range, whole: true });
                    }
                    strings = outer;
                    continue;
                }
                Token::QuotedString(url) => {
                    if strings != Strings::Text && !is_name {
                        self.references.push(Reference { url: url.to_string(), range, whole: false });
                    }
                    if strings == Strings::FirstIsAddress {
                        strings = Strings::Text;
                    }
                    continue;
                }
                Token::Comment(_) => {
                    if !source[range.clone()].ends_with("*/") || range.len() < 4 {
                        self.unclosed.push(Unclosed { at: start, closer: "*/" });
                    }
                    continue;
                }
                Token::CurlyBracketBlock => {
                    is_name = false;
                    ("}", Strings::Text)
                }
                Token::SquareBracketBlock => ("]", Strings::Text),
                Token::ParenthesisBlock => (")", Strings::Text),
                Token::Function(name) if is_name && name.eq_ignore_ascii_case("url") => (")", Strings::Text),
                Token::Function(name) if name.eq_ignore_ascii_case("url") || name.eq_ignore_ascii_case("src") => {
                    strings = outer;
                    (")", Strings::FirstIsAddress)
                }
                Token::Function(name)
                    if name.eq_ignore_ascii_case("image-set") || name.eq_ignore_ascii_case("-webkit-image-set") =>
                {
                    (")", Strings::AllAreAddresses)
                }
                Token::Function(_) => (")", Strings::Text),
                _ => continue,
            };
            if depth >= DEPTH {
                continue;
            }
            let mut end = start;
            let _ = parser.parse_nested_block(|parser| -> Result<(), ParseError<'_, ()>> {
                self.block(parser, source, inner, depth + 1);
                end = parser.position().byte_index();
                Ok(())
            });
            if end >= source.len() {
                self.unclosed.push(Unclosed { at: start, closer });
            }
            if matches!(token, Token::CurlyBracketBlock) {
                strings = outer;
            }
        }
        declared.extend(statement.declared(source, parser.position().byte_index()));
        if depth > 0 {
            self.fallbacks_among(&declared);
        }
    }

    fn full_width_in(&mut self, source: &str, range: &Range<usize>) {
        for (within, mark) in source[range.clone()].char_indices() {
            let meant = match mark {
                '：' => ':',
                '；' => ';',
                '，' => ',',
                '｛' => '{',
                '｝' => '}',
                '（' => '(',
                '）' => ')',
                _ => continue,
            };
            self.full_width.push(FullWidth { at: range.start + within, mark, meant });
        }
    }

    /// A custom property has none: whatever it says last, holds.
    fn fallbacks_among(&mut self, declared: &[Declared]) {
        let mut last: HashMap<&str, &Range<usize>> = HashMap::new();
        for (at, one) in declared.iter().enumerate().rev() {
            if one.property.starts_with("--") {
                continue;
            }
            let Some(later) = last.insert(&one.property, &one.range) else { continue };
            let sets =
                |wide: &&Declared| one.property.strip_prefix(&*wide.property).is_some_and(|rest| rest.starts_with('-'));
            self.fallbacks.push(Fallback {
                own: one.range.clone(),
                later: later.clone(),
                shorthands: declared[..at].iter().filter(sets).map(|wide| wide.range.start).collect(),
            });
        }
    }
}
