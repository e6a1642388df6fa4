//! A neutral tree of keys and values with positions, read from YAML or TOML. Front matter and `zhendi.toml` are both
//! read into it first and given their meaning from it after, so that every message about either has a line.

mod colon;
mod toml;
mod yaml;

pub use self::toml::read_toml;
pub use self::yaml::read_yaml;

use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Span};

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
    /// The other place that it is about: where a repeated key stood first.
    pub earlier: Option<Span>,
}

impl Fault {
    fn new(message: impl Into<String>, cure: impl Into<String>, span: Span) -> Self {
        Self { message: message.into(), cure: cure.into(), span, earlier: None }
    }

    /// The fault as an error of `file`, whose whole decoded text is `text`.
    pub fn diagnostic(self, code: Code, file: &Arc<str>, text: &str) -> Diagnostic {
        let diagnostic = Diagnostic::error(code, self.message).at(file, self.span).cure(self.cure);
        match self.earlier {
            Some(earlier) => diagnostic.label(format!("第 {} 行已有", line_of(text, earlier.start as usize))),
            None => diagnostic,
        }
    }
}

/// A tree read from YAML, with what was put right on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// The whole.
    pub root: Node,
    /// Places where a full-width `：` was read as the colon after a key.
    pub full_width_colons: Vec<Span>,
}

impl Node {
    /// A single value's text as written; `None` for nothing, a list or keys.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(_, Scalar::Null) | Value::List(_) | Value::Map(_) => None,
            Value::Scalar(text, _) => Some(text),
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(items) => Some(items),
            Value::Scalar(..) | Value::Map(_) => None,
        }
    }

    /// The keys and their values.
    pub fn as_map(&self) -> Option<&[(Key, Node)]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            Value::Scalar(..) | Value::List(_) => None,
        }
    }

    /// `true`, `yes`, `是` and their opposites, quoted or not.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Value::Scalar(_, Scalar::Bool(value)) => Some(*value),
            Value::Scalar(text, _) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "是" => Some(true),
                "false" | "no" | "off" | "否" => Some(false),
                _ => None,
            },
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// A whole number, quoted or not.
    pub fn as_int(&self) -> Option<i64> {
        match &self.value {
            Value::Scalar(_, Scalar::Int(value)) => Some(*value),
            Value::Scalar(text, Scalar::Text) => text.trim().parse().ok(),
            Value::Scalar(..) | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Whether nothing stands here (`key:` alone, `~`, `null`).
    pub fn is_null(&self) -> bool {
        matches!(self.value, Value::Scalar(_, Scalar::Null))
    }

    /// The value of the key `name`, if this has keys and that one is among them.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.as_map()?.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// What this is, in a word for a message.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar(_, Scalar::Null) => "空",
            Value::Scalar(_, Scalar::Bool(_)) => "是否",
            Value::Scalar(_, Scalar::Int(_) | Scalar::Float(_)) => "数字",
            Value::Scalar(_, Scalar::Text) => "文字",
            Value::List(_) => "列表",
            Value::Map(_) => "键值",
        }
    }
}

/// The fault of a key that stands twice.
fn repeated(name: &str, first: Span, again: Span) -> Fault {
    let fault = Fault::new(format!("“{name}”写了两次"), format!("只留一处“{name}”，把另一处删掉或合并到一起"), again);
    Fault { earlier: Some(first), ..fault }
}

/// The 1-based line of byte `at`.
fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count() + 1
}
