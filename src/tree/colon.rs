//! The full-width colon after a key: before YAML is read, `标题：通知` is taken as `标题: 通知`, and every character
//! of the text that YAML then sees keeps the place that it has in the file.

/// A YAML text as the reader sees it, and where its characters stand in the file.
pub(super) struct Mapped {
    /// The text with its full-width colons after keys replaced.
    pub text: String,
    /// For each character of `text`, and one past the last, its byte in the original.
    pub bytes: Vec<u32>,
    /// The bytes of the replaced colons in the original.
    pub colons: Vec<usize>,
}

impl Mapped {
    pub fn new(original: &str) -> Self {
        let colons = if original.contains('：') { colons_after_keys(original) } else { Vec::new() };
        let mut text = String::with_capacity(original.len() + colons.len());
        let mut bytes = Vec::with_capacity(original.len());
        let mut next = colons.iter().copied().peekable();
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        for (at, c) in original.char_indices() {
            bytes.push(cut(at));
            if next.next_if_eq(&at).is_some() {
                text.push_str(": ");
                bytes.push(cut(at + c.len_utf8()));
            } else {
                text.push(c);
            }
        }
        bytes.push(cut(original.len()));
        Self { text, bytes, colons }
    }

    /// The original byte of character `index`.
    pub fn byte(&self, index: usize) -> usize {
        self.bytes.get(index).or(self.bytes.last()).map_or(0, |&at| at as usize)
    }
}

/// The bytes of all `：` that end a key of a block mapping. Which lines begin with a key follows from indentation alone:
/// the first line, lines as deep as a mapping that is open, and deeper lines after a key without a value.
fn colons_after_keys(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut opens = true;
    let mut literal: Option<usize> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        let mut content = line.trim_start_matches(' ');
        let mut indent = line.len() - content.len();
        if content.is_empty() || (content.starts_with('#') && literal.is_none()) {
            continue;
        }
        if literal.is_some_and(|depth| indent > depth) {
            continue;
        }
        literal = None;
        let mut item = false;
        while let Some(rest) = content.strip_prefix("- ") {
            let inner = rest.trim_start_matches(' ');
            indent += content.len() - inner.len();
            content = inner;
            item = true;
        }
        while open.last().is_some_and(|&depth| depth > indent) {
            open.pop();
        }
        let known = open.last() == Some(&indent);
        if !(known || opens || item) {
            continue;
        }
        let Some((colon, value)) = split(content, item) else {
            continue;
        };
        if !known {
            open.push(indent);
        }
        if content[colon..].starts_with('：') {
            found.push(start + line.len() - content.len() + colon);
        }
        opens = value.is_empty() || value.starts_with('#');
        if value.starts_with(['|', '>']) {
            literal = Some(indent);
        }
    }
    found
}

/// Where a line's key ends and what stands after its colon. A list item's own first line counts as a key only with an
/// ASCII colon: `- 注意：先断电` is a sentence.
fn split(content: &str, item: bool) -> Option<(usize, &str)> {
    if content.starts_with(['"', '\'', '[', '{', '|', '>', '&', '*', '!', '%', '@', '`']) {
        let colon = content.find(": ").or_else(|| content.ends_with(':').then(|| content.len() - 1))?;
        return Some((colon, content[colon + 1..].trim()));
    }
    for (at, c) in content.char_indices() {
        let rest = &content[at + c.len_utf8()..];
        match c {
            ':' if rest.is_empty() || rest.starts_with([' ', '\t']) => return Some((at, rest.trim())),
            '：' if !item && at > 0 => return Some((at, rest.trim())),
            ' ' if rest.trim_start().starts_with(['：', ':']) => {}
            ' ' | '，' | '。' | '；' => {
                let colon = content.find(": ").or_else(|| content.ends_with(':').then(|| content.len() - 1))?;
                return Some((colon, content[colon + 1..].trim()));
            }
            _ => {}
        }
    }
    None
}
