//! Figures as people write them in cells, and as a spreadsheet's number formats show them.

/// A number that stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// What it says; `13%` is 13.
    pub value: f64,
    /// Digits behind the point.
    pub decimals: u8,
    /// Whether it ends in `%`.
    pub percent: bool,
}

impl Figure {
    /// The number that `text` says: `1,200.50`, `-3`, `13.0%`, `￥12`. Numbers of identity cards, telephones and codes are
    /// no figures: nobody adds them up.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (text, percent) = match text.strip_suffix(['%', '％']) {
            Some(rest) => (rest.trim_end(), true),
            None => (text, false),
        };
        let text = text.strip_prefix(['¥', '￥']).unwrap_or(text).trim_start();
        let (negative, digits) = match text.strip_prefix(['-', '−', '－']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
        let groups: Vec<&str> = whole.split([',', '，']).collect();
        let grouped =
            groups.iter().skip(1).all(|group| group.len() == 3) && groups.first().is_some_and(|g| g.len() <= 3);
        if groups.len() > 1 && !grouped {
            return None;
        }
        let whole = groups.concat();
        let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_code = whole.len() > 1 && whole.starts_with('0') || whole.len() > 15;
        if !all_digits(&whole) || is_code || fraction.is_some_and(|f| !all_digits(f)) {
            return None;
        }
        let fraction = fraction.unwrap_or_default();
        let value: f64 = format!("{whole}.{fraction}0").parse().ok()?;
        let decimals = u8::try_from(fraction.len()).ok()?;
        Some(Self { value: if negative { -value } else { value }, decimals, percent })
    }
}

/// What of a spreadsheet's number format matters here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Format {
    decimals: Option<u8>,
    percent: bool,
    grouped: bool,
}

impl Format {
    /// Reads a format code, such as `#,##0.00` or `0.0%` (ECMA-376 Part 1, section 18.8.30): its part for positive numbers.
    pub(super) fn read(code: &str) -> Self {
        let mut plain = String::new();
        let mut chars = code.split(';').next().unwrap_or_default().chars();
        // Words between quotes and in brackets, and escaped signs, are no part of the number.
        while let Some(c) = chars.next() {
            match c {
                '"' => while chars.next().is_some_and(|c| c != '"') {},
                '[' => while chars.next().is_some_and(|c| c != ']') {},
                '\\' | '_' | '*' => drop(chars.next()),
                c => plain.push(c),
            }
        }
        let digits = |part: &str| part.chars().filter(|c| matches!(c, '0' | '#' | '?')).count();
        if digits(&plain) == 0 {
            return Self::default();
        }
        let fraction = plain.split_once('.').map_or(0, |(_, rest)| rest.chars().filter(|c| *c == '0').count());
        Self {
            decimals: u8::try_from(fraction).ok(),
            percent: plain.contains('%'),
            grouped: plain.contains("#,#") || plain.contains(",0"),
        }
    }

    /// `n` in that format; without one as a spreadsheet shows it, with at most 15 digits.
    pub(super) fn show(self, n: f64) -> String {
        let n = if self.percent { n * 100.0 } else { n };
        let shown = match self.decimals {
            Some(decimals) => format!("{n:.*}", usize::from(decimals)),
            None => plain_number(n),
        };
        let shown = if self.grouped { grouped(&shown) } else { shown };
        if self.percent { shown + "%" } else { shown }
    }
}

/// A number without the traces of binary fractions: `0.1 + 0.2` is 0.3.
pub fn plain_number(n: f64) -> String {
    let digits = if n == 0.0 { 0 } else { n.abs().log10().floor() as i32 + 1 };
    let decimals = usize::try_from((15 - digits).clamp(0, 15)).unwrap_or(0);
    let text = format!("{n:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// `1523` as `1,523`.
pub(super) fn grouped(number: &str) -> String {
    let (sign, rest) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Figure, Format, plain_number};

    #[test]
    fn figures_are_read_as_people_write_them() {
        let read = |text: &str| Figure::read(text).map(|f| (f.value, f.decimals, f.percent));
        assert_eq!(read("1,200.50"), Some((1200.5, 2, false)));
        assert_eq!(read("-3"), Some((-3.0, 0, false)));
        assert_eq!(read("13.0%"), Some((13.0, 1, true)));
        assert_eq!(read("￥12"), Some((12.0, 0, false)));
        assert_eq!(read("0.5"), Some((0.5, 1, false)));
        for none in ["", "—", "0571", "12,34", "1,2345", "3份", "1.2.3", "110101199003071234", "2026-11", "."] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn formats_show_what_a_spreadsheet_shows() {
        let show = |code: &str, n: f64| Format::read(code).show(n);
        assert_eq!(show("0.0%", 0.1301), "13.0%");
        assert_eq!(show("#,##0.00", 1_234_567.5), "1,234,567.50");
        assert_eq!(show("0\"项\"", 68.0), "68");
        assert_eq!(show("General", 0.1 + 0.2), "0.3");
        assert_eq!(show("#,##0_ ;[Red]\\-#,##0\\ ", 1200.0), "1,200");
        assert_eq!(plain_number(523.0), "523");
        assert_eq!(plain_number(1e20), "100000000000000000000");
    }
}
