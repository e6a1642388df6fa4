//! Which characters are Chinese, for everything in the parser that treats Chinese text its own way: line joins, bare
//! addresses, lengths, summaries.

/// Whether `c` is a Han character.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}' | '〇' | '々')
}

/// Whether `c` is a full-width mark: one that brings its own space.
pub(super) fn is_wide_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303F}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}'
        | '\u{FF5B}'..='\u{FF65}' | '\u{FE30}'..='\u{FE4F}')
}

/// Whether `c` is Han, a full-width mark, a full-width letter or kana.
pub(super) fn is_wide(c: char) -> bool {
    is_han(c) || is_wide_mark(c) || matches!(c, '\u{3040}'..='\u{30FF}' | '\u{FF01}'..='\u{FF60}')
}

/// Marks that Chinese and Latin text share: quotes, dashes, the ellipsis, the middle dot.
fn is_shared_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·')
}

/// Whether a line break between `before` and `after` leaves no gap in the text.
pub(super) fn joins(before: char, after: char) -> bool {
    let (wide_before, wide_after) = (is_wide(before), is_wide(after));
    (wide_before && (wide_after || is_shared_mark(after)))
        || (is_shared_mark(before) && wide_after)
        || (is_shared_mark(before) && is_shared_mark(after))
        || is_wide_mark(before)
        || is_wide_mark(after)
}

/// Whether `c` is a blank that authors use to indent a paragraph.
pub(super) fn is_indent(c: char) -> bool {
    matches!(c, '\u{3000}' | '\u{2002}' | '\u{2003}' | '\u{A0}')
}

/// Whether `c` ends a bare web address: anything beyond ASCII but the letters of European languages.
pub(super) fn ends_address(c: char) -> bool {
    !c.is_ascii() && !matches!(c, '\u{C0}'..='\u{24F}')
}

/// The length of `text` in characters as Chinese readers count: a Latin word or a number is one.
pub(super) fn length(text: &str) -> u32 {
    // Blocks short enough for sums in a byte, which the compiler turns into vector instructions.
    let mut han = 0u32;
    let mut words = 0u32;
    let mut before = b' ';
    for block in text.as_bytes().chunks(128) {
        // The lead bytes of U+4000 to U+9FFF; the few Han characters elsewhere are not worth a decoder.
        han += u32::from(block.iter().map(|b| u8::from(b.wrapping_sub(0xE4) < 6)).sum::<u8>());
        if block.iter().fold(false, |any, b| any | b.is_ascii_alphanumeric()) {
            for &byte in block {
                words += u32::from(byte.is_ascii_alphanumeric() && !is_word(before));
                before = byte;
            }
        }
        before = block.last().copied().unwrap_or(before);
    }
    han.saturating_add(words)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'\'' | b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn words_and_numbers_count_as_one() {
        assert_eq!(length("市场监管总局，2026年。"), 8);
        assert_eq!(length("用 Markdown 写 3.5 篇 don't"), 6);
        assert_eq!(length(&"字word ".repeat(100)), 200);
        assert_eq!(length(""), 0);
    }
}
