//! Names of files: which ones nobody means to publish, which ones Windows reserves, which ones are one and the same for
//! it; and the path from the portal's root that everything after goes by.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use crate::diag::{Diagnostic, FILE_NAMES_CLASH};

/// The portal's root: the nearest folder at or above `from` that has a `zhendi.toml`.
pub fn find_root(from: &Path) -> Option<PathBuf> {
    from.ancestors().find(|folder| folder.join("zhendi.toml").is_file()).map(Path::to_owned)
}

/// Files that editors and systems drop and that nobody means to publish.
pub(crate) fn is_dropping(name: &str) -> bool {
    name.starts_with('.')
        || name.starts_with("~$")
        || name.ends_with('~')
        || name.ends_with(".swp")
        || name.ends_with(".tmp")
        || matches!(name, "4913" | "Thumbs.db" | "desktop.ini" | "__MACOSX")
        || name.contains("jb_tmp")
}

/// Names that Windows reserves for devices, whatever the ending ("Naming Files, Paths, and Namespaces", Win32 docs).
pub fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.as_bytes()[3].is_ascii_digit()
            && stem.as_bytes()[3] != b'0')
}

/// Two paths are the same for somebody who cannot tell case or normal forms apart.
pub fn folded(path: &str) -> String {
    if path.is_ascii() { path.to_ascii_lowercase() } else { path.nfc().flat_map(char::to_lowercase).collect() }
}

/// A number that is equal for paths that are [`folded`] alike, so that a sort of numbers tells that there is no clash.
pub(super) fn fold_number(path: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(folded(path).as_bytes());
    hasher.finish()
}

/// `full` as a path from `root` with `/`.
pub(crate) fn portal_path(root: &Path, full: &Path) -> Arc<str> {
    let relative = full.strip_prefix(root).unwrap_or(full);
    if let Some(text) = relative.to_str()
        && !cfg!(windows)
    {
        return text.into();
    }
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/").into()
}

/// Reports names that differ only in case or normal form: on Windows and on many file shares they are one file.
pub(super) fn clashes<'a>(files: impl Iterator<Item = &'a str>, problems: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<String, Arc<str>> = HashMap::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for one in files {
        // The folders above it, up to the first that is known.
        let mut path: &str = one;
        while names.insert(path)
            && let Some((folder, _)) = path.rsplit_once('/')
        {
            path = folder;
        }
    }
    let mut told: Option<String> = None;
    for name in names {
        // What stands below a folder that was reported is that folder's fault.
        if told.as_ref().is_some_and(|above| name.starts_with(above.as_str())) {
            continue;
        }
        let path: Arc<str> = name.into();
        if let Some(other) = seen.insert(folded(name), path.clone()) {
            told = Some(format!("{name}/"));
            problems.push(
                Diagnostic::error(FILE_NAMES_CLASH, format!("与“{other}”只差大小写或字形编码，会被当成同一个文件"))
                    .in_file(&path)
                    .cause("在 Windows 和多数共享盘上，这两个名字指的是同一个文件，复制时会互相覆盖。")
                    .cure("给其中一个换一个明显不同的名字。"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_names() {
        for name in ["con", "CON.md", "nul.txt", "com1", "Lpt9.x"] {
            assert!(is_reserved(name), "{name}");
        }
        for name in ["con-1.md", "com", "com0", "康.md", "lpt10"] {
            assert!(!is_reserved(name), "{name}");
        }
    }

    #[test]
    fn droppings_of_editors() {
        let dropped =
            ["~$通知.docx", ".~a.md", "a.md.swp", "4913", "a.tmp", ".#a.md", "a.md~", "a.md___jb_tmp___", ".git"];
        for name in dropped {
            assert!(is_dropping(name), "{name}");
        }
        for name in ["a.md", "4913.md", "tmp.md", "~a.md"] {
            assert!(!is_dropping(name), "{name}");
        }
    }

    #[test]
    fn folding_joins_case_and_normal_form() {
        assert_eq!(folded("É/A.md"), folded("e\u{301}/a.MD"));
        assert_eq!(fold_number("É/A.md"), fold_number("e\u{301}/a.MD"));
    }
}
