//! Reads a date as people write it. The day is taken as written: a time and a zone after it are allowed and not looked
//! at, since a page has a day, not an instant.

use jiff::civil::Date;

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoDate {
    /// It does not look like one.
    Shape,
    /// It does, but the calendar has no such day.
    Day(i16, i8, i8),
}

/// The day that `text` names: `2026-11-20`, `2026/11/20`, `2026.11.20`, `2026年11月20日`, `20261120`, each also with a
/// time.
pub(super) fn read(text: &str) -> Result<Date, NoDate> {
    let text = text.trim();
    let (year, rest) = digits(text, 4).filter(|(_, rest)| text.len() - rest.len() == 4).ok_or(NoDate::Shape)?;
    let mut marks = rest.chars();
    let (month, day, rest) = match marks.next() {
        Some(mark @ ('-' | '/' | '.' | '年' | '－' | '．')) => {
            let after = if mark == '年' { '月' } else { mark };
            let (month, rest) = digits(marks.as_str().trim_start(), 2).ok_or(NoDate::Shape)?;
            let rest = rest.trim_start().strip_prefix(after).ok_or(NoDate::Shape)?;
            let (day, rest) = digits(rest.trim_start(), 2).ok_or(NoDate::Shape)?;
            let rest = rest.trim_start_matches(' ');
            (month, day, if mark == '年' { rest.strip_prefix(['日', '号']).unwrap_or(rest) } else { rest })
        }
        Some('0'..='9') => {
            let (month, rest) = exactly_two(rest).ok_or(NoDate::Shape)?;
            let (day, rest) = exactly_two(rest).ok_or(NoDate::Shape)?;
            (month, day, rest)
        }
        _ => return Err(NoDate::Shape),
    };
    if !is_time(rest.trim()) {
        return Err(NoDate::Shape);
    }
    let small = |n: u16| i8::try_from(n).unwrap_or(i8::MAX);
    let year = i16::try_from(year).map_err(|_| NoDate::Shape)?;
    Date::new(year, small(month), small(day)).map_err(|_| NoDate::Day(year, small(month), small(day)))
}

/// Up to `most` digits at the head of `text`, as a number, and what follows.
fn digits(text: &str, most: usize) -> Option<(u16, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let (head, rest) = text.split_at_checked(count)?;
    Some((head.parse().ok()?, rest))
}

fn exactly_two(text: &str) -> Option<(u16, &str)> {
    digits(text, 2).filter(|(_, rest)| text.len() - rest.len() == 2)
}

/// Whether what follows a day may be a time of day with a zone.
fn is_time(rest: &str) -> bool {
    if rest.is_empty() || matches!(rest, "Z" | "z") {
        return true;
    }
    let rest = rest.strip_prefix(['T', 't']).unwrap_or(rest);
    rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '上' | '下' | '星' | '周' | '（' | '('))
        && !rest.starts_with(|c: char| c.is_ascii_digit() && !rest.contains([':', '：', '时', '点']))
}

#[cfg(test)]
mod tests {
    use super::{NoDate, read};
    use jiff::civil::date;

    #[test]
    fn days_are_read_however_they_are_written() {
        for text in [
            "2026-11-20",
            "2026/11/20",
            "2026.11.20",
            "2026年11月20日",
            "2026 年 11 月 20 日",
            "20261120",
            "2026-11-20T08:00:00+08:00",
            "2026-11-20T08:00:00Z",
            "2026-11-20 08:00:00",
            "2026-11-20 08:00:00 +0800",
            "2026-11-20T08:00:00.123456",
            " 2026-11-20 ",
            "2026年11月20日 上午9时",
            "2026-11-20 8:00",
            "2026-11-20Z",
        ] {
            let read = read(text.replace(" 年 ", "年").replace(" 月 ", "月").as_str());
            assert_eq!(read, Ok(date(2026, 11, 20)), "{text}");
        }
        assert_eq!(read("2026-1-5"), Ok(date(2026, 1, 5)));
    }

    #[test]
    fn what_is_no_day_is_told_apart() {
        assert_eq!(read("2026-02-30"), Err(NoDate::Day(2026, 2, 30)));
        assert_eq!(read("2026-13-01"), Err(NoDate::Day(2026, 13, 1)));
        for text in [
            "",
            "明天",
            "2026",
            "2026-11",
            "20-11-2026",
            "2026-11-20 或以后",
            "2026-11-200",
            "2026112",
            "２０２６-11-20",
        ] {
            assert_eq!(read(text), Err(NoDate::Shape), "{text}");
        }
    }
}
