//! A neutral tree of keys and values with positions, read from YAML or TOML. Front matter and `zhendi.toml` are both
//! read into it first and given their meaning from it after, so that every message about either has a line.

mod toml;
mod yaml;

pub use self::toml::read_toml;
pub use self::yaml::read_yaml;

use crate::diag::Span;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Its bytes in the decoded file.
    pub span: Span,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A single value: its text as written (quotes and escapes resolved) and what it looks like.
    Scalar(String, Scalar),
    /// A list.
    List(Vec<Node>),
    /// Keys in the order of the file; a repeated key is a [`Fault`] of the reader.
    Map(Vec<(Key, Node)>),
}

/// What a plain scalar looks like. Quoted ones are always `Text`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false` (and `yes`, `no`, `是`, `否` are left to who asks).
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Anything else, dates included.
    Text,
}

/// A key and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key as written.
    pub name: String,
    /// Its bytes in the decoded file.
    pub span: Span,
}

/// Why a tree could not be read, in plain Chinese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// What to do.
    pub cure: String,
    /// Where.
    pub span: Span,
}
