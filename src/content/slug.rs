//! From a Chinese name to the name that stands in an address: pinyin in ASCII, short, and safe on every file system.

use std::sync::Arc;

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;

/// The longest name in bytes.
const LONGEST: usize = 80;

/// The address of `name`: pinyin syllables joined by `-`, Latin words and numbers kept together, lower case. A long one
/// is cut and ends in six digits of a hash of the whole name; one of which nothing is left is `p-` and that hash.
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut in_word = false;
    for c in name.nfkc() {
        if c.is_ascii_alphanumeric() {
            separate(&mut out, in_word);
            out.push(c.to_ascii_lowercase());
            in_word = true;
        } else if let Some(syllable) = c.to_pinyin() {
            separate(&mut out, false);
            out.extend(syllable.plain().chars().filter_map(plain));
            in_word = false;
        } else {
            let base = std::iter::once(c).nfd().next().filter(char::is_ascii_alphanumeric);
            if let Some(base) = base {
                separate(&mut out, in_word);
                out.push(base.to_ascii_lowercase());
                in_word = true;
            } else if c != '\'' && c != '’' {
                in_word = false;
            }
        }
    }
    if out.is_empty() {
        return format!("p-{}", short_hash(name));
    }
    if out.len() > LONGEST {
        let room = LONGEST - 7;
        let cut = out.get(..=room).and_then(|head| head.rfind('-')).filter(|&at| at > 0).unwrap_or(room);
        out.truncate(cut);
        out.push('-');
        out.push_str(&short_hash(name));
    }
    if is_reserved(&out) {
        out.push_str("-page");
    }
    out
}

/// The first letters of a title's syllables, with its Latin letters and digits: `zzfl` for 证照分离.
pub fn initials(title: &str) -> String {
    let letter = |c: char| match c.to_pinyin() {
        Some(syllable) => syllable.plain().chars().next().and_then(plain),
        None => c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()),
    };
    title.nfkc().filter_map(letter).collect()
}

/// The address of what stands in a Markdown file: of its name, or for an `index.md` its folder's.
pub(super) fn of_path(path: &str) -> Arc<str> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.strip_suffix(".markdown").or_else(|| name.strip_suffix(".md")).unwrap_or(name);
    slug(if stem == "index" { folder.rsplit('/').next().unwrap_or(folder) } else { stem }).into()
}

/// The address of a term. Where two terms of a taxonomy come to the same one, each takes a hash of its own name, so
/// that no address depends on which was met first.
pub fn slug_of_term(name: &str, clashes: bool) -> String {
    let slug = slug(name);
    if clashes { format!("{slug}-{}", short_hash(name)) } else { slug }
}

fn separate(out: &mut String, in_word: bool) {
    if !in_word && !out.is_empty() {
        out.push('-');
    }
}

/// The letters of a syllable; ü is written v, as in passports and input methods.
fn plain(c: char) -> Option<char> {
    match c {
        'ü' => Some('v'),
        c if c.is_ascii_alphabetic() => Some(c.to_ascii_lowercase()),
        'ê' => Some('e'),
        _ => None,
    }
}

fn short_hash(name: &str) -> String {
    let mut hex = blake3::hash(name.as_bytes()).to_hex().to_string();
    hex.truncate(6);
    hex
}

/// Names that Windows keeps for devices.
fn is_reserved(name: &str) -> bool {
    matches!(name, "con" | "prn" | "aux" | "nul")
        || matches!(name.as_bytes(), [b'c', b'o', b'm', b'0'..=b'9'] | [b'l', b'p', b't', b'0'..=b'9'])
}

#[cfg(test)]
mod tests {
    use super::{slug, slug_of_term};

    #[test]
    fn chinese_becomes_pinyin() {
        assert_eq!(slug("证照分离"), "zheng-zhao-fen-li");
        assert_eq!(slug("2026年第3期：CCC认证 FAQ（二）"), "2026-nian-di-3-qi-ccc-ren-zheng-faq-er");
        assert_eq!(slug("ＡＢＣ１２３"), "abc123");
        assert_eq!(slug("女员工"), "nv-yuan-gong");
        assert_eq!(slug("café don't"), "cafe-dont");
    }

    #[test]
    fn nothing_left_is_a_hash() {
        let name = slug("？！");
        assert_eq!(name.len(), 8, "{name}");
        assert!(name.starts_with("p-"));
        assert_ne!(name, slug("……"));
    }

    #[test]
    fn long_names_are_cut_between_syllables() {
        let long = "国务院关于在全国推开证照分离改革的通知以及深化证照分离改革进一步激发市场主体发展活力的通知";
        let name = slug(long);
        assert!(name.len() <= 80, "{name}");
        let (_, hash) = name.rsplit_once('-').unwrap();
        assert_eq!(hash.len(), 6);
        assert_ne!(name, slug(&format!("{long}二")));
        assert!(slug(&"a".repeat(300)).len() <= 80);
    }

    #[test]
    fn device_names_are_avoided() {
        assert_eq!(slug("CON"), "con-page");
        assert_eq!(slug("com1"), "com1-page");
        assert_eq!(slug("console"), "console");
    }

    #[test]
    fn clashing_terms_part() {
        assert_eq!(slug("检查"), slug("监察"));
        assert_ne!(slug_of_term("检查", true), slug_of_term("监察", true));
        assert_eq!(slug_of_term("检查", false), "jian-cha");
    }
}
