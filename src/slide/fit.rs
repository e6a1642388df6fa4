//! Lines: text broken at build time by phrases, so that what hangs on a wall never breaks inside a word. Widths are told
//! in ems: a Han character is one, Latin letters and digits are estimated wider than any of the fonts draws them.

use icu_segmenter::WordSegmenter;
use icu_segmenter::options::WordBreakInvariantOptions;
use unicode_width::UnicodeWidthChar;

/// Fewest characters on a last line; one alone looks like a mistake.
const WIDOW: usize = 3;

/// Marks that close what stands before them: no line begins with one.
const CLOSING: &str = "，。、；：？！）》〉”’】〕…％%,.;:?!)]}·—";

/// Marks that open what stands behind them: no line ends with one.
const OPENING: &str = "（《〈“‘【〔([{";

/// Width of a text in ems.
pub fn width(text: &str) -> f32 {
    text.chars().map(em).sum()
}

fn em(c: char) -> f32 {
    match c {
        ' ' => 0.3,
        // Quotation marks are ambiguous in Unicode; Chinese fonts draw them full width.
        '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '×' | '℃' | '①'..='⑳' => 1.0,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.36,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 0.98,
        'A'..='Z' => 0.76,
        _ if c.width() == Some(2) => 1.0,
        _ if c.width() == Some(0) => 0.0,
        _ => 0.62,
    }
}

/// A place between two characters where a line may end, and how little it costs.
#[derive(Clone, Copy)]
struct Gap {
    /// Bytes before it.
    at: usize,
    /// Ems before it.
    ems: f32,
    /// 0 after a sentence or clause, more inside of one.
    cost: f32,
}

/// `text` on at most `most` lines of at most `ems` each; `None` if it does not fit. The lines are as even as the phrases
/// allow.
pub fn lines(text: &str, ems: f32, most: usize) -> Option<Vec<String>> {
    broken_best(text, ems, most).map(|(lines, _)| lines)
}

/// As [`lines`], with whether every line ends at a phrase.
fn broken_best(text: &str, ems: f32, most: usize) -> Option<(Vec<String>, bool)> {
    let text = text.trim();
    if text.is_empty() || most == 0 {
        return None;
    }
    if width(text) <= ems {
        return Some((vec![text.to_owned()], true));
    }
    let gaps = gaps(text);
    let whole = width(text);
    let least = (whole / ems).ceil() as usize;
    (least.max(2)..=most).find_map(|count| {
        // Even lines if it can be had; else full ones.
        let even = whole / count as f32;
        broken(text, &gaps, ems, even, count)
    })
}

/// What it costs to end a line within a phrase.
const WITHIN: f32 = 4.0;

/// What it costs beyond that within a word.
const SPLIT: f32 = 20.0;

/// Where words begin and end, in bytes, by the dictionary of ICU that covers Chinese.
fn words(text: &str) -> Vec<usize> {
    WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()).segment_str(text).collect()
}

/// The places where lines may end, the text's end last.
fn gaps(text: &str) -> Vec<Gap> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let words = words(text);
    let (mut gaps, mut ems, mut depth) = (Vec::new(), 0.0, 0usize);
    for (nth, &(at, c)) in chars.iter().enumerate() {
        ems += em(c);
        if OPENING.contains(c) {
            depth += 1;
        } else if "）》〉”’】〕)]}".contains(c) {
            depth = depth.saturating_sub(1);
        }
        let end = at + c.len_utf8();
        let Some(&(_, next)) = chars.get(nth + 1) else {
            gaps.push(Gap { at: end, ems, cost: 0.0 });
            break;
        };
        let is_word = |c: char| c.is_ascii_alphanumeric() || "-_/.@%".contains(c);
        let glued = CLOSING.contains(next) || OPENING.contains(c) || (is_word(c) && is_word(next)) || next == ' ';
        if glued {
            continue;
        }
        let inside = if depth > 0 { 6.0 } else { 0.0 };
        let cost = match c {
            '。' | '；' | '！' | '？' | '：' => 0.0,
            '，' => 0.3,
            ' ' => 0.5,
            '、' | '”' | '》' | '）' => 1.0,
            '的' | '了' | '和' | '与' | '或' | '及' => 2.0,
            _ if OPENING.contains(next) => 1.5,
            _ if c.is_ascii_digit() || next.is_ascii_digit() => 5.0,
            _ if words.binary_search(&end).is_err() => WITHIN + SPLIT,
            _ => WITHIN,
        };
        gaps.push(Gap { at: end, ems, cost: cost + inside });
    }
    gaps
}

/// Exactly `count` lines, with the least sum of what their ends cost and how far each is from `even`.
fn broken(text: &str, gaps: &[Gap], ems: f32, even: f32, count: usize) -> Option<(Vec<String>, bool)> {
    // best[n][g]: least cost of n lines that end at gap g, and where the line before ended.
    let mut best: Vec<Vec<Option<(f32, usize)>>> = vec![vec![None; gaps.len()]; count];
    for n in 0..count {
        for (g, gap) in gaps.iter().enumerate() {
            let last = g + 1 == gaps.len();
            if last != (n + 1 == count) {
                continue;
            }
            let from = |before: f32| {
                let wide = gap.ems - before;
                let off = (wide - even) / even;
                (wide <= ems).then_some(off * off * 6.0 + if last { 0.0 } else { gap.cost })
            };
            best[n][g] = if n == 0 {
                from(0.0).map(|cost| (cost, usize::MAX))
            } else {
                let ways = (0..g).filter_map(|p| {
                    let (before, _) = best[n - 1][p]?;
                    let is_widow = last && text.get(gaps[p].at..)?.trim().chars().count() < WIDOW;
                    Some((before + from(gaps[p].ems)? + if is_widow { 50.0 } else { 0.0 }, p))
                });
                ways.min_by(|a, b| a.0.total_cmp(&b.0))
            };
        }
    }
    let (mut ends, mut at_phrases) = (Vec::new(), true);
    let mut at = gaps.len().checked_sub(1)?;
    for n in (0..count).rev() {
        let (_, before) = best[n][at]?;
        ends.push(gaps[at].at);
        at_phrases &= gaps[at].cost < WITHIN;
        at = before;
    }
    ends.reverse();
    let mut from = 0;
    let lines = ends.into_iter().map(|end| {
        let line = text[from..end].trim().to_owned();
        from = end;
        line
    });
    Some((lines.collect(), at_phrases))
}

/// The first of some sizes (pixels, ems a line, lines) at which a text fits with lines that end at phrases, if a size not
/// much smaller has such; else the first at which it fits at all.
pub fn first_fit(text: &str, sizes: &[(u32, f32, usize)]) -> Option<(u32, Vec<String>)> {
    let fitting = |&(size, ems, most): &(u32, f32, usize)| Some((size, broken_best(text, ems, most)?));
    let (largest, (lines, at_phrases)) = sizes.iter().find_map(fitting)?;
    if at_phrases {
        return Some((largest, lines));
    }
    let good = sizes.iter().filter(|(size, ..)| *size < largest && *size * 4 >= largest * 3).filter_map(fitting);
    let good = good.into_iter().find(|(_, (_, at_phrases))| *at_phrases);
    Some(good.map_or((largest, lines), |(size, (lines, _))| (size, lines)))
}

/// How many stand together in each of as few groups as heights allow, the groups as even as can be. `None` if one alone
/// is higher than `room`.
pub fn groups(heights: &[f32], room: f32, most: usize) -> Option<Vec<usize>> {
    let high = |from: usize, to: usize| heights[from..to].iter().sum::<f32>();
    // By how many of the heights are placed: the least sum of the squares of what each group takes, and where the last begins.
    let mut placed: Vec<Option<f32>> = vec![None; heights.len() + 1];
    placed[0] = Some(0.0);
    let mut begins: Vec<Vec<usize>> = Vec::new();
    while placed[heights.len()].is_none() {
        if begins.len() == heights.len() {
            return None;
        }
        let best = |to: usize| {
            // The last group is the smaller one where it makes no difference.
            let ways = (to.saturating_sub(most)..to).rev().filter(|&from| high(from, to) <= room);
            let ways = ways.filter_map(|from| Some((placed[from]? + high(from, to).powi(2), from)));
            ways.min_by(|a, b| a.0.total_cmp(&b.0))
        };
        let next: Vec<Option<(f32, usize)>> = (0..=heights.len()).map(best).collect();
        begins.push(next.iter().map(|way| way.map_or(0, |(_, from)| from)).collect());
        placed = next.into_iter().map(|way| way.map(|(cost, _)| cost)).collect();
    }
    let (mut sizes, mut to) = (Vec::new(), heights.len());
    for begins in begins.iter().rev() {
        sizes.push(to - begins[to]);
        to = begins[to];
    }
    sizes.reverse();
    Some(sizes)
}

/// The sentences of a text, each with its mark. What stands in quotation marks or brackets is not cut.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let next = move || {
        let (one, behind) = rest.split_at(sentence(rest));
        rest = behind;
        (!one.is_empty()).then_some(one)
    };
    std::iter::from_fn(next).map(str::trim).filter(|one| !one.is_empty())
}

/// Where the first sentence ends.
fn sentence(text: &str) -> usize {
    // How many quotations are open, and whether the one that is closed last ended with a sentence.
    let (mut open, mut is_said) = (0usize, false);
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match c {
            '“' | '‘' | '（' | '《' | '「' | '『' => (open, is_said) = (open + 1, false),
            '”' | '’' | '）' | '」' | '』' => {
                open = open.saturating_sub(1);
                if open == 0 && is_said {
                    return end;
                }
            }
            '》' => (open, is_said) = (open.saturating_sub(1), false),
            '。' | '！' | '？' | '；' if open == 0 => return end,
            '。' | '！' => is_said = true,
            _ => is_said = false,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{groups, lines, sentences, width};

    #[test]
    fn a_sentence_is_not_cut_within_quotation_marks() {
        let all = |text| sentences(text).collect::<Vec<_>>();
        assert_eq!(
            all("不争手机。写一行字：“挂了。我陪您去。”再等。"),
            ["不争手机。", "写一行字：“挂了。我陪您去。”", "再等。"]
        );
        assert_eq!(
            all("看《怎么办？》一文；常见的“为什么？”一栏。"),
            ["看《怎么办？》一文；", "常见的“为什么？”一栏。"]
        );
        assert_eq!(all("引号没有合上：“挂了。再说"), ["引号没有合上：“挂了。再说"]);
        assert_eq!(all(""), [""; 0]);
    }

    #[test]
    fn lines_end_at_phrases() {
        let two = |text: &str, ems: f32| lines(text, ems, 4).unwrap_or_default();
        assert_eq!(two("一份外卖牵出的“幽灵厨房”", 13.0), ["一份外卖牵出的“幽灵厨房”"]);
        assert_eq!(two("一份外卖牵出的“幽灵厨房”", 10.0), ["一份外卖牵出的", "“幽灵厨房”"]);
        assert_eq!(two("困在电梯里，记住三件事", 7.0), ["困在电梯里，", "记住三件事"]);
        assert_eq!(
            two("食品说保质期，药品说有效期；过了期，食品是不得经营", 14.0),
            ["食品说保质期，药品说有效期；", "过了期，食品是不得经营"]
        );
        assert!(lines("一二三四五六七八九十", 4.0, 2).is_none());
    }

    #[test]
    fn no_line_ends_within_a_word() {
        let two = |text: &str, ems: f32| lines(text, ems, 4).unwrap_or_default();
        assert_eq!(two("523项是个固定的数吗？", 8.0), ["523项是个", "固定的数吗？"]);
        assert_eq!(two("付款以前的每一步都应当能看见费用", 13.0), ["付款以前的", "每一步都应当能看见费用"]);
    }

    #[test]
    fn no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() {
        let text = "依据《中华人民共和国食品安全法》（二〇一五年），责令改正、给予警告；拒不改正的，罚款GB 2760。";
        for ems in 8..24 {
            for line in lines(text, ems as f32, 9).unwrap_or_default() {
                assert!(width(&line) <= ems as f32, "{line}");
                assert!(!line.starts_with(['，', '。', '；', '》', '）', '、']), "{line}");
                assert!(!line.ends_with(['《', '（', '“']), "{line}");
            }
        }
    }

    #[test]
    fn groups_are_even() {
        assert_eq!(groups(&[1.0; 4], 3.0, 3), Some(vec![2, 2]));
        assert_eq!(groups(&[1.0; 7], 3.0, 3), Some(vec![3, 2, 2]));
        assert_eq!(groups(&[1.0, 4.0], 3.0, 3), None);
        assert_eq!(groups(&[3.0, 1.0, 2.0], 3.0, 3), Some(vec![1, 2]));
        assert_eq!(groups(&[1.0; 3], 9.0, 1), Some(vec![1, 1, 1]));
        assert_eq!(groups(&[], 3.0, 3), Some(vec![]));
    }
}
