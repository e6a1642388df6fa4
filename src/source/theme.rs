//! The theme: templates and static files, from the copy inside the program, then `themes/NAME/`, then the portal's own
//! `templates/` and `static/`, each overriding the one before file by file.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use super::component::{ComponentFile, Components};
use super::listing::{Delta, Differing, Hold};
use super::names::{is_dropping, portal_path};
use super::stamp::{Stamp, now};
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    templates: BTreeMap<Arc<str>, TemplateFile>,
    statics: BTreeMap<Arc<str>, StaticFile>,
    /// Made of the templates alone; the same one while no declaration changes.
    components: Arc<Components>,
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

    /// What `:::` blocks can be.
    pub fn components(&self) -> &Arc<Components> {
        &self.components
    }

    /// The component that an author calls `name`.
    pub fn component(&self, name: &str) -> Option<&Arc<ComponentFile>> {
        self.components.get(name)
    }

    fn is_empty(&self) -> bool {
        self.templates.is_empty() && self.statics.is_empty()
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
}

/// One file of a theme as it is used.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Template(TemplateFile),
    Static(StaticFile),
    Wrong(Box<Diagnostic>),
}

/// A piece and its name, `templates/page.html`.
type Part = (String, Arc<Piece>);

/// A file that overrides, as it was last seen.
struct Kept {
    origin: Arc<str>,
    /// `None` where the next look has to read again whatever the metadata say.
    stamp: Option<Stamp>,
    part: Option<Part>,
}

impl Kept {
    fn size(&self) -> Option<u64> {
        self.part.as_ref().map(|(_, piece)| piece.size())
    }
}

/// The theme with what it was made of, to be looked at again.
#[derive(Default)]
pub(super) struct Layers {
    embedded: Vec<Part>,
    with_embedded: bool,
    kept: Vec<Kept>,
    folders: Vec<PathBuf>,
    theme: Arc<Theme>,
    problems: Vec<Diagnostic>,
}

impl Layers {
    /// The theme; the same one while no file of it changes.
    pub(super) fn theme(&self) -> &Arc<Theme> {
        &self.theme
    }

    /// What is wrong with its files.
    pub(super) fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// The folders that override.
    pub(super) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Looks at all files that override; reads those that differ.
    pub(super) fn look(&mut self, root: &Path, config: &Config, mut hold: Option<&mut Hold<'_>>, delta: &mut Delta) {
        if self.embedded.is_empty() {
            embed(&PORTAL, &mut self.embedded);
        }
        let name = config.theme();
        let own = root.join("themes").join(name);
        let is_missing = name != "portal" && !own.is_dir();
        let mut before: BTreeMap<Arc<str>, Kept> =
            std::mem::take(&mut self.kept).into_iter().map(|kept| (kept.origin.clone(), kept)).collect();
        let mut folders = Vec::new();
        let mut changed = Vec::new();
        for (base, prefix) in [(own, format!("themes/{name}/")), (root.to_owned(), String::new())] {
            for part in ["templates", "static"] {
                for (full, name) in overlay(&base, part, &mut folders) {
                    let origin: Arc<str> = format!("{prefix}{name}").into();
                    let old = before.remove(&origin);
                    let kept = keep(full, origin, &name, old, &mut hold, delta, &mut changed);
                    self.kept.extend(kept);
                }
            }
        }
        changed.extend(before.into_values().filter(|gone| gone.part.is_some()).map(|gone| gone.origin));
        delta.folders |= self.folders != folders;
        self.folders = folders;
        let with_embedded = name == "portal" || is_missing;
        let is_same = changed.is_empty() && self.with_embedded == with_embedded && !self.theme.is_empty();
        delta.changed.append(&mut changed);
        if !is_same {
            self.with_embedded = with_embedded;
            self.theme = Arc::new(self.assemble());
        }
        self.problems.clear();
        self.problems.extend_from_slice(self.theme.components.problems());
        self.problems.extend(is_missing.then(|| missing(root, name, config)));
        for (_, piece) in self.kept.iter().filter_map(|kept| kept.part.as_ref()) {
            if let Piece::Wrong(problem) = &**piece {
                self.problems.push((**problem).clone());
            }
        }
    }

    fn assemble(&self) -> Theme {
        let mut theme = Theme::default();
        let embedded = self.embedded.iter().filter(|_| self.with_embedded);
        for (name, piece) in embedded.chain(self.kept.iter().filter_map(|kept| kept.part.as_ref())) {
            let Some((_, name)) = name.split_once('/') else { continue };
            match &**piece {
                Piece::Template(template) => drop(theme.templates.insert(name.into(), template.clone())),
                Piece::Static(file) => drop(theme.statics.insert(name.into(), file.clone())),
                Piece::Wrong(_) => {}
            }
        }
        let components = Components::new(&theme.templates);
        let same = *self.theme.components == components;
        theme.components = if same { self.theme.components.clone() } else { Arc::new(components) };
        theme
    }
}

fn embed(dir: &'static Dir<'static>, parts: &mut Vec<Part>) {
    for file in dir.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        let origin: Arc<str> = format!("themes/portal/{name}").into();
        parts.extend(piece(&name, origin, file.contents()).map(|piece| (name, Arc::new(piece))));
    }
    for below in dir.dirs() {
        embed(below, parts);
    }
}

/// The files of `base/part`, sorted, with their names from `base`.
fn overlay(base: &Path, part: &str, folders: &mut Vec<PathBuf>) -> Vec<(PathBuf, String)> {
    let mut paths: Vec<(PathBuf, String)> = Vec::new();
    let mut walker = walkdir::WalkDir::new(base.join(part)).sort_by_file_name().into_iter();
    while let Some(entry) = walker.next() {
        let Ok(entry) = entry else { continue };
        if entry.depth() > 0 && is_dropping(&entry.file_name().to_string_lossy()) {
            if entry.file_type().is_dir() {
                walker.skip_current_dir();
            }
        } else if entry.file_type().is_dir() {
            folders.push(entry.into_path());
        } else if entry.file_type().is_file() {
            let name = portal_path(base, entry.path()).to_string();
            paths.push((entry.into_path(), name));
        }
    }
    paths.sort();
    paths
}

/// One file that overrides, from what it was before; `None` if it is gone or waits for the first time.
fn keep(
    full: PathBuf,
    origin: Arc<str>,
    name: &str,
    old: Option<Kept>,
    hold: &mut Option<&mut Hold<'_>>,
    delta: &mut Delta,
    changed: &mut Vec<Arc<str>>,
) -> Option<Kept> {
    let before = fs::symlink_metadata(&full).ok().map(|meta| Stamp::of(&meta));
    if let Some(stamp) = &before {
        if old.as_ref().is_some_and(|old| old.stamp == Some(*stamp)) {
            return old;
        }
        let size_before = old.as_ref().and_then(Kept::size);
        if let Some(hold) = hold.as_deref_mut()
            && hold(&Differing { path: &origin, stamp, size_before })
        {
            delta.held.push(origin);
            return old;
        }
    }
    let began = now();
    let read = fs::read(&full);
    let after = fs::symlink_metadata(&full).ok().map(|meta| Stamp::of(&meta));
    // It changed while it was read: whoever was asked before was asked about something else.
    if let Some(stamp) = after.as_ref().filter(|_| after != before)
        && let Some(hold) = hold.as_deref_mut()
        && hold(&Differing { path: &origin, stamp, size_before: old.as_ref().and_then(Kept::size) })
    {
        delta.held.push(origin);
        return old;
    }
    let stamp = after.filter(|after| before == Some(*after) && after.is_settled(began));
    let piece = match read {
        Ok(bytes) if bytes.len() as u64 <= 4 * TEXT_LIMIT => piece(name, origin.clone(), &bytes),
        Ok(_) => Some(Piece::Wrong(Box::new(too_large(&origin)))),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Some(Piece::Wrong(Box::new(unreadable(&origin, &trouble::why(&error))))),
    };
    let old = old.and_then(|old| old.part);
    let part = match (piece, old) {
        (Some(new), Some(old)) if new == *old.1 => Some(old),
        (None, None) => None,
        (new, _) => {
            changed.push(origin.clone());
            new.map(|new| (name.to_owned(), Arc::new(new)))
        }
    };
    Some(Kept { origin, stamp, part })
}

impl Piece {
    fn size(&self) -> u64 {
        match self {
            Self::Template(template) => template.source.len() as u64,
            Self::Static(file) => file.bytes.len() as u64,
            Self::Wrong(_) => 0,
        }
    }
}

fn piece(name: &str, origin: Arc<str>, bytes: &[u8]) -> Option<Piece> {
    if name.starts_with("templates/") {
        return Some(match std::str::from_utf8(bytes) {
            Ok(source) => {
                let source = source.strip_prefix('\u{feff}').unwrap_or(source);
                Piece::Template(TemplateFile { origin, source: source.into() })
            }
            Err(_) => Piece::Wrong(Box::new(
                Diagnostic::error(FILE_UNREADABLE, "模板文件不是 UTF-8 编码")
                    .in_file(&origin)
                    .cause("模板一律按 UTF-8 读取。")
                    .cure("用编辑器打开它，另存为 UTF-8 编码。"),
            )),
        });
    }
    let hash = blake3::hash(bytes);
    name.starts_with("static/").then(|| Piece::Static(StaticFile { origin, bytes: bytes.into(), hash }))
}

fn unreadable(origin: &Arc<str>, why: &str) -> Diagnostic {
    Diagnostic::error(FILE_UNREADABLE, "主题里的文件读不出来")
        .in_file(origin)
        .label(why)
        .cause("可能没有读取权限，或者文件正被别的程序独占。")
        .cure("先确认自己能打开它，再重新生成。")
}

/// A theme holds no films.
fn too_large(origin: &Arc<str>) -> Diagnostic {
    Diagnostic::error(FILE_UNREADABLE, "主题里的文件太大")
        .in_file(origin)
        .cause("主题文件每个办公区都要带一份，上限是 32 MB。")
        .cure("视频等大文件请放在文章旁边，作为附件引用。")
}

/// The text of a file of the embedded theme, by the path it has in this repository.
pub(super) fn embedded(path: &str) -> Option<&'static [u8]> {
    PORTAL.get_file(path.strip_prefix("themes/portal/")?).map(include_dir::File::contents)
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
