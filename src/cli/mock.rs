//! A stand-in for the core and the output while both are being written; goes when they are joined.
#![allow(clippy::disallowed_methods, missing_docs, dead_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zhendi::diag::Diagnostic;
use zhendi::source::{FileKind, Office, Sources};

pub fn build(sources: &Sources, _: Option<&Build>) -> Build {
    let settings = sources.config().settings();
    let mut diagnostics = sources.problems().to_vec();
    let mut jobs = vec![Job("index.html".into())];
    let mut left = Vec::new();
    for file in sources.files().iter().filter(|file| file.kind() == FileKind::Text) {
        let document = zhendi::content::parse(file.path(), file.bytes().unwrap_or_default(), settings);
        diagnostics.extend(document.problems.iter().cloned());
        let front = &document.front;
        let title: Arc<str> = front.title.as_ref().map(|title| title.value.clone()).unwrap_or_default();
        let path = file.path().clone();
        let date = |at: &Option<zhendi::content::At<jiff::civil::Date>>| at.as_ref().map(|at| at.value);
        if front.draft == Some(true) && !sources.options().drafts {
            left.push(LeftOut { path, title, why: Status::Draft, date: None });
        } else if let Some(day) = date(&front.date).filter(|day| *day > sources.today()) {
            left.push(LeftOut { path, title, why: Status::Future, date: Some(day.to_string().into()) });
        } else if let Some(day) = date(&front.expires).filter(|day| *day <= sources.today()) {
            left.push(LeftOut { path, title, why: Status::Expired, date: Some(day.to_string().into()) });
        } else {
            jobs.push(Job(format!("{path}.html")));
        }
    }
    Build { diagnostics, jobs, left, offices: sources.config().offices().to_vec() }
}

pub struct Build {
    diagnostics: Vec<Diagnostic>,
    jobs: Vec<Job>,
    left: Vec<LeftOut>,
    offices: Vec<Arc<Office>>,
}
impl Build {
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }
    pub fn renderer(&self) -> Renderer<'_> {
        Renderer(self)
    }
    pub fn editions(&self) -> Vec<EditionSummary> {
        self.offices.iter().map(|office| EditionSummary { office: office.clone(), pages: self.jobs.len() - 1 }).collect()
    }
    pub fn left_out(&self) -> Vec<LeftOut> {
        self.left.clone()
    }
}
pub struct EditionSummary {
    pub office: Arc<Office>,
    pub pages: usize,
}
#[derive(Clone)]
pub struct LeftOut {
    pub path: Arc<str>,
    pub title: Arc<str>,
    pub why: Status,
    pub date: Option<Arc<str>>,
}
#[derive(Clone, Copy)]
pub enum Status {
    Draft,
    Future,
    Expired,
}
pub struct Job(String);
impl Job {
    pub fn path(&self) -> &str {
        &self.0
    }
}
pub struct Renderer<'a>(&'a Build);
impl Renderer<'_> {
    pub fn worker(&self) -> Worker {
        Worker
    }
}
pub struct Worker;
impl Worker {
    pub fn render(&mut self, job: &Job) -> Rendered {
        Rendered { content: Content::Bytes(job.0.clone().into_bytes()), problems: Vec::new() }
    }
}
pub struct Rendered {
    pub content: Content,
    pub problems: Vec<Diagnostic>,
}
pub enum Content {
    Bytes(Vec<u8>),
    File { source: Arc<str>, hash: blake3::Hash, size: u64 },
}

type Fault = Box<Diagnostic>;
pub struct Portal<'a> {
    pub root: &'a Path,
    pub sources: &'a [PathBuf],
}
pub struct Target(PathBuf, Option<Vec<u8>>);
pub struct Unchanged<'a> {
    pub memory: &'a [u8],
    pub notes: Vec<Diagnostic>,
}
#[derive(PartialEq)]
pub enum Way {
    Whole,
    FileByFile,
}
pub enum Written {
    New,
    Same,
}
pub struct Done {
    pub notes: Vec<Diagnostic>,
    pub deleted: usize,
    pub way: Way,
}
pub struct Cleaned {
    pub notes: Vec<Diagnostic>,
    pub deleted: usize,
}
impl Target {
    pub fn open(folder: &Path, _: &Portal<'_>) -> Result<Self, Fault> {
        Ok(Self(folder.to_owned(), fs::read(folder.with_extension("mock")).ok()))
    }
    pub fn unchanged(&self, key: &blake3::Hash) -> Option<Unchanged<'_>> {
        let kept = self.1.as_ref()?;
        let (old, memory) = kept.split_at(32);
        (old == key.as_bytes()).then_some(Unchanged { memory, notes: Vec::new() })
    }
    pub fn stage(self) -> Result<Stage, Fault> {
        Ok(Stage(self.0, std::sync::Mutex::default()))
    }
    pub fn clean(self) -> Result<Cleaned, Fault> {
        let deleted = fs::remove_dir_all(&self.0).is_ok().into();
        let _ = fs::remove_file(self.0.with_extension("mock"));
        Ok(Cleaned { notes: Vec::new(), deleted })
    }
}
pub struct Stage(PathBuf, std::sync::Mutex<Vec<(String, Vec<u8>)>>);
impl Stage {
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<Written, Fault> {
        self.1.lock().expect("mock").push((path.into(), bytes.into()));
        Ok(Written::New)
    }
    pub fn copy(&self, _: &str, _: &Path, _: &str, _: &blake3::Hash, _: u64) -> Result<Written, Fault> {
        Ok(Written::New)
    }
    pub fn switch(self, key: &blake3::Hash, memory: &[u8]) -> Result<Done, Vec<Diagnostic>> {
        for (path, bytes) in self.1.into_inner().expect("mock") {
            let to = self.0.join(path);
            fs::create_dir_all(to.parent().expect("mock")).expect("mock");
            fs::write(to, bytes).expect("mock");
        }
        let kept = [key.as_bytes().as_slice(), memory].concat();
        fs::write(self.0.with_extension("mock"), kept).expect("mock");
        Ok(Done { notes: Vec::new(), deleted: 0, way: Way::Whole })
    }
}
