//! Pure filters: dates in Chinese form, sizes, pinyin, emphasis. They know no model, so the environment may hold them.

use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error};

/// Adds the filters to an environment.
pub(super) fn add(env: &mut Environment<'static>) {
    env.add_filter("date_zh", |value: Value| date(&value, |y, m, d| format!("{y}年{m}月{d}日")));
    env.add_filter("date_short", |value: Value| date(&value, |_, m, d| format!("{m}月{d}日")));
    env.add_filter("month_zh", |value: Value| date(&value, |y, m, _| format!("{y}年{m}月")));
    env.add_filter("month_han", |value: Value| {
        const NAMES: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
        date(&value, |_, m, _| NAMES.get(m as usize - 1).map_or_else(String::new, |name| format!("{name}月")))
    });
    env.add_filter("pinyin", |text: &str| crate::content::slug(text));
    env.add_filter("filesize_zh", size);
    env.add_filter("emphasis", emphasis);
    env.add_filter("striptags", |html: &str| crate::content::plain::words(html).trim().to_owned());
}

/// Year, month and day of `2026-11-20` or `2026-11`, as `show` puts them; nothing for what is no date.
fn date(value: &Value, show: impl Fn(u32, u32, u32) -> String) -> Value {
    let Some(text) = value.as_str() else { return Value::from("") };
    let mut parts = text.split('-').map(|part| part.parse::<u32>().ok());
    let (Some(Some(y)), Some(Some(m))) = (parts.next(), parts.next()) else { return Value::from("") };
    if !(1..=12).contains(&m) {
        return Value::from("");
    }
    Value::from(show(y, m, parts.next().flatten().unwrap_or(1)))
}

/// A number of bytes as people say it.
fn size(value: Value) -> Result<String, Error> {
    let bytes = u64::try_from(value)?;
    Ok(match bytes {
        0..1024 => format!("{bytes} 字节"),
        1024..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    })
}

/// `**x**` as `<strong>x</strong>`, all else escaped.
fn emphasis(value: Value) -> Value {
    if matches!(value.kind(), ValueKind::Undefined | ValueKind::None) {
        return Value::from("");
    }
    let text = value.to_string();
    let parts: Vec<&str> = text.split("**").collect();
    let paired = parts.len() % 2 == 1;
    let mut out = String::with_capacity(text.len() + 32);
    for (at, part) in parts.iter().enumerate() {
        let strong = paired && at % 2 == 1;
        if strong {
            out.push_str("<strong>");
        } else if at > 0 && !paired {
            out.push_str("**");
        }
        super::escape(&mut out, part);
        if strong {
            out.push_str("</strong>");
        }
    }
    Value::from_safe_string(out)
}
