//! Putting bytes into a text and exchanging others, with the way back from each place.

use std::borrow::Cow;

/// What was put into a text: where in it, how much, and how much up to there.
#[derive(Default)]
pub(super) struct Inserted(Vec<Put>);

#[derive(Clone, Copy)]
struct Put {
    at: usize,
    length: usize,
    total: usize,
}

impl Inserted {
    fn add(&mut self, at: usize, length: usize) {
        let before = self.0.last().map_or(0, |put| put.total);
        self.0.push(Put { at, length, total: before + length });
    }

    /// The byte of the new text that was byte `at` of the old one.
    pub fn there(&self, at: usize) -> usize {
        let before = self.0.partition_point(|put| put.at < at);
        at + before.checked_sub(1).and_then(|last| self.0.get(last)).map_or(0, |put| put.total)
    }

    /// The bytes at which the lines of the new text begin. What was put in stands inside a line, or is one.
    pub fn lines(&self, old: &[usize], insert: &[(usize, &str)]) -> Vec<usize> {
        let mut lines = Vec::with_capacity(old.len() + insert.len());
        let mut puts = insert.iter().zip(&self.0).peekable();
        let mut total = 0;
        for &line in old {
            while let Some((_, put)) = puts.next_if(|((at, _), _)| *at < line) {
                total = put.total;
            }
            lines.push(line + total);
            while let Some(((_, text), put)) = puts.next_if(|((at, text), _)| *at == line && text.ends_with('\n')) {
                lines.push(line + total + text.len());
                total = put.total;
            }
        }
        lines
    }

    /// The byte of the old text that is byte `at` of the new one; of what was put in, the byte before which it stands.
    pub fn back(&self, at: usize) -> usize {
        let before = self.0.partition_point(|put| put.at + (put.total - put.length) < at);
        let Some(put) = before.checked_sub(1).and_then(|last| self.0.get(last)) else { return at };
        at.saturating_sub(put.total).max(put.at)
    }
}

/// `text` with its changes, and where bytes were put in.
pub(super) fn apply<'t>(text: &'t str, insert: &[(usize, &str)], replace: &[(usize, u8)]) -> (Cow<'t, str>, Inserted) {
    let mut inserted = Inserted::default();
    if insert.is_empty() && replace.is_empty() {
        return (Cow::Borrowed(text), inserted);
    }
    let mut out = String::with_capacity(text.len() + insert.iter().map(|(_, put)| put.len()).sum::<usize>());
    let mut done = 0;
    let (mut insert, mut replace) = (insert.iter().peekable(), replace.iter().peekable());
    loop {
        let next = match (insert.peek(), replace.peek()) {
            (None, None) => break,
            (Some(&&(at, _)), Some(&&(other, _))) => at.min(other),
            (Some(&&(at, _)), None) | (None, Some(&&(at, _))) => at,
        };
        out.push_str(text.get(done..next).unwrap_or_default());
        done = next;
        if let Some((_, put)) = insert.next_if(|&&(at, _)| at == next) {
            inserted.add(next, put.len());
            out.push_str(put);
        }
        if let Some((_, byte)) = replace.next_if(|&&(at, _)| at == next) {
            out.push(char::from(*byte));
            done = next + 1;
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    (Cow::Owned(out), inserted)
}
