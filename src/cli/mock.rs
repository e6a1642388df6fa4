//! A stand-in for the output while it is being written; goes when it is joined.
#![allow(clippy::disallowed_methods, missing_docs, dead_code)]

use std::fs;
use std::path::{Path, PathBuf};

use zhendi::diag::Diagnostic;

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
    pub written: usize,
    pub same: usize,
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
    pub fn copy(&self, path: &str, from: &Path, _: &str, _: &blake3::Hash, _: u64) -> Result<Written, Fault> {
        self.write(path, &fs::read(from).expect("mock"))
    }
    pub fn switch(self, key: &blake3::Hash, memory: &[u8]) -> Result<Done, Vec<Diagnostic>> {
        let all = self.1.into_inner().expect("mock");
        let written = all.len();
        for (path, bytes) in all {
            let to = self.0.join(path);
            fs::create_dir_all(to.parent().expect("mock")).expect("mock");
            fs::write(to, bytes).expect("mock");
        }
        let kept = [key.as_bytes().as_slice(), memory].concat();
        fs::write(self.0.with_extension("mock"), kept).expect("mock");
        Ok(Done { written, same: 0, notes: Vec::new(), deleted: 0, way: Way::Whole })
    }
}
