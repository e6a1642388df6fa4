//! The text that a new article starts from: the portal's own `archetypes/KIND.md`, else the embedded one of its kind.
//! Two marks are filled in: `{{ title }}` (as a value of the front matter) and `{{ date }}`.

use std::path::Path;

use jiff::civil::Date;

use super::console::Failure;
use super::files;

/// The archetype for a kind.
pub fn of_kind(root: &Path, kind: &str) -> Result<String, Failure> {
    let own = files::read(&root.join("archetypes").join(format!("{kind}.md")))?;
    Ok(own.unwrap_or_else(|| embedded(kind).to_owned()))
}

/// Kinds that a portal invents start like a notice: title, date, text.
fn embedded(kind: &str) -> &'static str {
    match kind {
        "study" => include_str!("archetypes/study.md"),
        "case" => include_str!("archetypes/case.md"),
        "policy" => include_str!("archetypes/policy.md"),
        _ => include_str!("archetypes/notice.md"),
    }
}

/// Fills the marks in.
pub fn fill(archetype: &str, title: &str, date: Date) -> String {
    let toml = archetype.trim_start_matches('\u{feff}').trim_start().starts_with("+++");
    let quoted = if toml || !is_plain(title) { quote(title) } else { title.to_owned() };
    archetype.replace("{{ date }}", &date.to_string()).replace("{{ title }}", &quoted)
}

/// Whether YAML reads it as this very text without quotes.
fn is_plain(title: &str) -> bool {
    let han = |c: char| !c.is_ascii() && !c.is_control();
    let first = title.chars().next().is_some_and(|c| han(c) && !c.is_whitespace());
    first
        && !title.ends_with(char::is_whitespace)
        && title.chars().all(|c| han(c) || c.is_ascii_alphanumeric() || " -_().,".contains(c))
}

/// A string that YAML and TOML read alike.
fn quote(title: &str) -> String {
    format!("\"{}\"", title.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::fill;

    #[test]
    fn a_title_is_quoted_where_it_could_mean_something_else() {
        let day = date(2026, 11, 24);
        let yaml = |title| fill("---\n标题: {{ title }}\n日期: {{ date }}\n---\n", title, day);
        assert_eq!(yaml("关于学习的通知"), "---\n标题: 关于学习的通知\n日期: 2026-11-24\n---\n");
        for (title, written) in [
            ("true", "\"true\""),
            ("[示例]通知", "\"[示例]通知\""),
            ("甲: 乙", "\"甲: 乙\""),
            ("甲 #1", "\"甲 #1\""),
            ("说\"好\"", "\"说\\\"好\\\"\""),
            ("“互学”第 3 期", "“互学”第 3 期"),
        ] {
            assert!(yaml(title).contains(&format!("标题: {written}\n")), "{}", yaml(title));
        }
        assert_eq!(fill("+++\ntitle = {{ title }}\n+++\n", "通知", day), "+++\ntitle = \"通知\"\n+++\n");
    }
}
