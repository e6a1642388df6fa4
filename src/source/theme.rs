//! The theme: templates and static files, from the copy inside the program, then `themes/NAME/`, then the portal's own
//! `templates/` and `static/`, each overriding the one before file by file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::{Config, TEXT_LIMIT, trouble};
use crate::diag::{Diagnostic, FILE_UNREADABLE, THEME_MISSING, nearest};

static PORTAL: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/themes/portal");

/// A template's source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFile {
    /// The file it comes from, for messages.
    pub origin: Arc<str>,
    /// Its text.
    pub source: Arc<str>,
}

/// A file that the theme ships as it is (style sheets are lowered on their way out).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticFile {
    /// The file it comes from, for messages.
    pub origin: Arc<str>,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// Their hash.
    pub hash: blake3::Hash,
}

/// Templates and static files by name (`page.html`, `css/portal.css`).
#[derive(Clone, Debug, Default)]
pub struct Theme {
    templates: BTreeMap<Arc<str>, TemplateFile>,
    statics: BTreeMap<Arc<str>, StaticFile>,
}

impl Theme {
    /// The templates by name.
    pub fn templates(&self) -> &BTreeMap<Arc<str>, TemplateFile> {
        &self.templates
    }

    /// The static files by name.
    pub fn statics(&self) -> &BTreeMap<Arc<str>, StaticFile> {
        &self.statics
    }

    pub(super) fn hash_into(&self, hasher: &mut blake3::Hasher) {
        for (name, template) in &self.templates {
            hasher.update(name.as_bytes());
            hasher.update(&[0]);
            hasher.update(blake3::hash(template.source.as_bytes()).as_bytes());
        }
        for (name, file) in &self.statics {
            hasher.update(name.as_bytes());
            hasher.update(&[1]);
            hasher.update(file.hash.as_bytes());
        }
    }

    fn add(&mut self, name: &str, origin: Arc<str>, bytes: &[u8], problems: &mut Vec<Diagnostic>) {
        if let Some(name) = name.strip_prefix("templates/") {
            match std::str::from_utf8(bytes) {
                Ok(source) => {
                    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
                    self.templates.insert(name.into(), TemplateFile { origin, source: source.into() });
                }
                Err(_) => problems.push(
                    Diagnostic::error(FILE_UNREADABLE, "模板文件不是 UTF-8 编码")
                        .in_file(&origin)
                        .cause("模板一律按 UTF-8 读取。")
                        .cure("用编辑器打开它，另存为 UTF-8 编码。"),
                ),
            }
        } else if let Some(name) = name.strip_prefix("static/") {
            let hash = blake3::hash(bytes);
            self.statics.insert(name.into(), StaticFile { origin, bytes: bytes.into(), hash });
        }
    }
}

/// The text of a file of the embedded theme, by the path it has in this repository.
pub(super) fn embedded(path: &str) -> Option<&'static [u8]> {
    PORTAL.get_file(path.strip_prefix("themes/portal/")?).map(include_dir::File::contents)
}

pub(super) fn load(root: &Path, config: &Config, problems: &mut Vec<Diagnostic>) -> Theme {
    let mut theme = Theme::default();
    let name = config.theme();
    let folder = root.join("themes").join(name);
    if name == "portal" {
        embed(&PORTAL, &mut theme, problems);
    } else if !folder.is_dir() {
        problems.push(missing(root, name, config));
        embed(&PORTAL, &mut theme, problems);
    }
    for (base, prefix) in [(folder, format!("themes/{name}/")), (root.to_owned(), String::new())] {
        for part in ["templates", "static"] {
            overlay(&base, part, &prefix, &mut theme, problems);
        }
    }
    theme
}

fn embed(dir: &'static Dir<'static>, theme: &mut Theme, problems: &mut Vec<Diagnostic>) {
    for file in dir.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        theme.add(&name, format!("themes/portal/{name}").into(), file.contents(), problems);
    }
    for below in dir.dirs() {
        embed(below, theme, problems);
    }
}

/// Adds the files of `base/part`. A file over the limit for texts is skipped with a message: a theme holds no films.
fn overlay(base: &Path, part: &str, prefix: &str, theme: &mut Theme, problems: &mut Vec<Diagnostic>) {
    let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(base.join(part))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    paths.sort();
    for path in paths {
        let Ok(relative) = path.strip_prefix(base) else { continue };
        let name = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        if name.split('/').any(|part| part.starts_with('.') || part.ends_with('~')) {
            continue;
        }
        let origin: Arc<str> = format!("{prefix}{name}").into();
        match fs::read(&path) {
            Ok(bytes) if bytes.len() as u64 <= 4 * TEXT_LIMIT => theme.add(&name, origin, &bytes, problems),
            Ok(_) => problems.push(
                Diagnostic::error(FILE_UNREADABLE, "主题里的文件太大")
                    .in_file(&origin)
                    .cause("主题文件每个办公区都要带一份，上限是 32 MB。")
                    .cure("视频等大文件请放在文章旁边，作为附件引用。"),
            ),
            Err(error) => problems.push(
                Diagnostic::error(FILE_UNREADABLE, "主题里的文件读不出来")
                    .in_file(&origin)
                    .label(trouble::why(&error))
                    .cause("可能没有读取权限，或者文件正被别的程序独占。")
                    .cure("先确认自己能打开它，再重新生成。"),
            ),
        }
    }
}

fn missing(root: &Path, name: &str, config: &Config) -> Diagnostic {
    let mut known: Vec<String> = fs::read_dir(root.join("themes"))
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    known.push("portal".to_owned());
    known.sort();
    known.dedup();
    let near = nearest(name, known.iter().map(String::as_str));
    let guess = near.first().map_or_else(|| known.join("、"), |near| (*near).to_owned());
    let diagnostic = Diagnostic::error(THEME_MISSING, format!("没有叫“{name}”的主题"))
        .cause(format!("themes/ 下没有 {name} 这个文件夹，程序自带的主题只有 portal。"))
        .cure(format!("把 zhendi.toml 里的 theme 改成：{guess}"));
    config.at_theme(diagnostic)
}
