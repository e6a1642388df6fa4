//! Whole portals as values: from one string or from a generator, written to a temporary folder, read and built.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use zhendi::Build;
use zhendi::darkroom::Darkroom;
use zhendi::model::{Kind, Trace};
use zhendi::outputs::Outputs;
use zhendi::render::Content;
use zhendi::source::{Clock, Names, Options, Sources};

use crate::support::Random;

/// A portal: files by path, the day, and how outputs are named.
#[derive(Clone, Debug)]
pub struct Portal {
    pub files: BTreeMap<String, String>,
    pub day: String,
    pub names: Names,
}

/// What a file begins with that is a photograph, number so and so; the third is cut short.
pub const PHOTOGRAPH: &str = "a photograph, number ";

/// A file as it is written to disk.
pub fn bytes(text: &str) -> Cow<'_, [u8]> {
    let Some(number) = text.strip_prefix(PHOTOGRAPH).and_then(|rest| rest.trim().parse::<u64>().ok()) else {
        return Cow::Borrowed(text.as_bytes());
    };
    // Noise, so that it is large enough to be one worth making smaller.
    let (width, height) = (490 + 20 * number as u16, 120);
    let mut random = Random(number);
    let pixels: Vec<u8> = (0..usize::from(width) * height * 3).map(|_| random.next() as u8).collect();
    let mut file = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut file, 95);
    encoder.encode(&pixels, width, height as u16, jpeg_encoder::ColorType::Rgb).unwrap();
    file.truncate(if number == 3 { file.len() / 2 } else { file.len() });
    Cow::Owned(file)
}

/// A file by the name of its separator `-- path --`; files of `text` replace those of the same name, and one that
/// holds nothing but `(none)` is deleted.
pub fn write(files: &mut BTreeMap<String, String>, text: &str) {
    let mut path = String::new();
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            name.clone_into(&mut path);
            found.push((path.clone(), String::new()));
        } else if let Some((_, content)) = found.last_mut() {
            content.push_str(line);
            content.push('\n');
        }
    }
    for (path, content) in found {
        if content.trim() == "(none)" {
            assert!(files.remove(&path).is_some(), "no file {path} to delete");
        } else {
            files.insert(path, content);
        }
    }
}

impl Portal {
    /// A portal from one string, on 2026-11-24.
    pub fn new(text: &str) -> Self {
        let mut files = BTreeMap::new();
        write(&mut files, text);
        Self { files, day: "2026-11-24".to_owned(), names: Names::Hashed }
    }

    /// The same with other files, and on another day if there is one called `@day`.
    pub fn with(&self, text: &str) -> Self {
        let mut new = self.clone();
        write(&mut new.files, text);
        if let Some(day) = new.files.remove("@day") {
            day.trim().clone_into(&mut new.day);
        }
        new
    }

    /// The same with one piece of text in one file exchanged.
    pub fn edit(&self, path: &str, from: &str, to: &str) -> Self {
        let mut new = self.clone();
        let text = new.files.get_mut(path).unwrap_or_else(|| panic!("no file {path}"));
        assert!(text.contains(from), "{path} does not hold {from}");
        *text = text.replacen(from, to, 1);
        new
    }

    /// Takes its snapshot.
    pub fn read(&self) -> Sources {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in &self.files {
            let full = folder.path().join(path);
            fs::create_dir_all(full.parent().unwrap_or(Path::new("/"))).unwrap();
            fs::write(full, bytes(text)).unwrap();
        }
        let clock = Clock::Date(self.day.parse().unwrap());
        Sources::read(folder.path(), Options { clock, names: self.names, ..Options::default() })
    }

    /// Builds it clean.
    pub fn build(&self) -> Built {
        Built::new(zhendi::build(&self.read(), None))
    }
}

/// The outputs of a clean build. No portal that asks for them holds a photograph, so none is looked for.
pub fn outputs(sources: &Sources, limit: usize) -> Outputs {
    Outputs::new(zhendi::build(sources, None), limit, Arc::new(Darkroom::new(sources.root(), None)))
}

/// A build with all its outputs rendered.
pub struct Built {
    pub build: Build,
    pub outputs: BTreeMap<String, Output>,
}

/// One output.
#[derive(Debug, PartialEq, Eq)]
pub struct Output {
    pub office: Option<String>,
    pub bytes: Vec<u8>,
    pub trace: Trace,
    /// What went wrong with its template, for people.
    pub problems: Vec<String>,
}

impl Built {
    pub fn new(build: Build) -> Self {
        let mut worker = build.worker();
        let mut outputs = BTreeMap::new();
        for job in build.jobs() {
            let rendered = worker.render(job);
            let bytes = match rendered.content {
                Content::Bytes(bytes) => bytes,
                Content::Shared(bytes) => bytes.to_vec(),
                Content::File { hash, .. } => hash.to_string().into_bytes(),
                // Which bytes come of an order depends on nothing else.
                Content::Picture(order) => format!("{order:?}").into_bytes(),
                Content::Bound(bound) => format!("{bound:?}").into_bytes(),
            };
            let office = job.office().map(str::to_owned);
            let problems = rendered.problems.iter().map(|problem| format!("{problem:?}")).collect();
            outputs.insert(job.path().to_string(), Output { office, bytes, trace: rendered.trace, problems });
        }
        drop(worker);
        Self { build, outputs }
    }

    /// The outputs of this build that a rebuild towards `new` would drop.
    pub fn met(&self, new: &Self) -> Vec<String> {
        let changes = new.build.changes_since(&self.build);
        let met = self.outputs.iter().filter(|(path, output)| {
            new.outputs.contains_key(*path)
                && changes.of(output.office.as_deref()).is_none_or(|changed| output.trace.meets(changed))
        });
        met.map(|(path, _)| path.clone()).collect()
    }

    /// The outputs of both builds that differ, though the trace of this one (without facts of `without`) meets nothing
    /// that changed.
    pub fn unsound(&self, new: &Self, without: Option<Kind>) -> Vec<String> {
        let changes = new.build.changes_since(&self.build);
        let mut found = Vec::new();
        for (path, old) in &self.outputs {
            let Some(now) = new.outputs.get(path) else { continue };
            if old.bytes == now.bytes && old.problems.len() == now.problems.len() {
                continue;
            }
            let Some(changed) = changes.of(old.office.as_deref()) else { continue };
            let trace = without.map_or_else(|| old.trace.clone(), |kind| old.trace.without(kind));
            if !trace.meets(changed) {
                found.push(path.clone());
            }
        }
        found
    }

    /// Everything that the build says, for people.
    pub fn said(&self) -> Vec<String> {
        self.build.diagnostics().iter().map(|problem| format!("{problem:?}")).collect()
    }
}
