//! The record of what Zhendi wrote into an output folder, kept beside it: which files are ours, with size, time and
//! hash, and what the build that wrote them had to say. The same shape, under another name, is the journal of a change
//! under way ([`super::switch`]).
//!
//! On disk: a line with the format's version, the blake3 hash of the rest, then little-endian numbers and
//! length-prefixed text; paths are sorted and each stores only what differs from the one before. A file that is
//! damaged, cut short or of another version reads as if there were none.

use std::fs;
use std::path::{Path, PathBuf};

use super::disk::{self, Stamp};
use super::target::{Folder, is_safe};

const MAGIC: &[u8] = b"zhendi output 1\n";

/// One file that Zhendi wrote.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Path in the output folder, with `/`.
    pub(super) path: Box<str>,
    pub(super) hash: blake3::Hash,
    pub(super) stamp: Stamp,
    /// Written by the build that this record is of, not taken over from the one before.
    pub(super) fresh: bool,
}

/// How a change under way goes about it; the journal's part of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The stage becomes the output folder in one step. Once the folder has this identity, the step is done.
    Whole {
        /// Device and file number of the stage folder.
        root: (u64, u64),
    },
    /// Fresh files move out of the stage one by one.
    FileByFile {
        /// The stage lies in the output folder, not beside it.
        inside: bool,
    },
}

/// The foreign files that were kept: how many, and the first few by name.
#[derive(Clone, Debug, Default)]
pub(super) struct Foreign {
    pub(super) count: usize,
    pub(super) examples: Vec<String>,
}

/// What stands in an output folder, or will once a change under way is done.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    /// Hash of everything the build depended on.
    pub(super) key: blake3::Hash,
    /// What the caller wants back when nothing has changed.
    pub(super) memory: Vec<u8>,
    pub(super) change: Change,
    pub(super) foreign: Foreign,
    /// Sorted by path.
    entries: Vec<Entry>,
}

/// At most so many foreign files are named.
const EXAMPLES: usize = 5;

impl Foreign {
    pub(super) fn of(folder: &Folder, paths: &[PathBuf]) -> Self {
        Self { count: paths.len(), examples: paths.iter().take(EXAMPLES).map(|path| folder.show(path)).collect() }
    }
}

impl Manifest {
    /// A record of nothing at all.
    pub(super) fn empty() -> Self {
        Self {
            key: blake3::Hash::from_bytes([0; blake3::OUT_LEN]),
            memory: Vec::new(),
            change: Change::FileByFile { inside: false },
            foreign: Foreign::default(),
            entries: Vec::new(),
        }
    }

    /// Takes the entries in any order. `Err` gives a path that occurs twice, or as a file and as a folder.
    pub(super) fn new(key: blake3::Hash, memory: Vec<u8>, mut entries: Vec<Entry>) -> Result<Self, Box<str>> {
        entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].path == pair[1].path) {
            return Err(pair[0].path.clone());
        }
        let manifest = Self { key, memory, entries, ..Self::empty() };
        let mut seen = "";
        for entry in &manifest.entries {
            let parent = entry.path.rsplit_once('/').map_or("", |(parent, _)| parent);
            if parent != seen {
                seen = parent;
                if let Some(file) = manifest.file_above(&entry.path) {
                    return Err(file.path.clone());
                }
            }
        }
        Ok(manifest)
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn get(&self, path: &str) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|entry| (*entry.path).cmp(path)).ok()?;
        self.entries.get(at)
    }

    /// A file of ours somewhere below `path`, if `path` is a folder of ours.
    pub(super) fn first_in_folder(&self, path: &str) -> Option<&Entry> {
        let prefix = format!("{path}/");
        self.below(&prefix).next()
    }

    /// The files of ours whose paths begin with `prefix`.
    pub(super) fn below<'a, 'p>(&'a self, prefix: &'p str) -> impl Iterator<Item = &'a Entry> + use<'a, 'p> {
        let at = self.entries.partition_point(|entry| *entry.path < *prefix);
        self.entries[at..].iter().take_while(move |entry| entry.path.starts_with(prefix))
    }

    /// The file of ours that `path` would have to lie in, as if it were a folder.
    pub(super) fn file_above(&self, path: &str) -> Option<&Entry> {
        path.match_indices('/').find_map(|(at, _)| self.get(&path[..at]))
    }

    /// Reads a record; `None` if there is none that can be trusted.
    pub(super) fn load(path: &Path) -> Option<Self> {
        let bytes = fs::read(path).ok()?;
        let rest = bytes.strip_prefix(MAGIC)?;
        let (sum, body) = rest.split_at_checked(blake3::OUT_LEN)?;
        if blake3::hash(body).as_bytes() != sum {
            return None;
        }
        Reader(body).manifest()
    }

    /// Writes the record so that it is there whole or not at all.
    pub(super) fn save(&self, path: &Path) -> std::io::Result<()> {
        let mut body = Vec::with_capacity(self.memory.len() + 128 + self.entries.len() * 96);
        self.encode(&mut body);
        let mut bytes = Vec::with_capacity(body.len() + 64);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(blake3::hash(&body).as_bytes());
        bytes.append(&mut body);
        disk::write_whole(path, &bytes)
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.key.as_bytes());
        block(out, &self.memory);
        match self.change {
            Change::Whole { root: (device, number) } => {
                out.push(0);
                out.extend_from_slice(&device.to_le_bytes());
                out.extend_from_slice(&number.to_le_bytes());
            }
            Change::FileByFile { inside } => out.push(1 + u8::from(inside)),
        }
        length(out, self.foreign.count);
        length(out, self.foreign.examples.len());
        for example in &self.foreign.examples {
            block(out, example.as_bytes());
        }
        length(out, self.entries.len());
        let mut before: &str = "";
        for entry in &self.entries {
            let shared = before.bytes().zip(entry.path.bytes()).take_while(|(a, b)| a == b).count();
            length(out, shared);
            block(out, &entry.path.as_bytes()[shared..]);
            out.extend_from_slice(entry.hash.as_bytes());
            out.extend_from_slice(&entry.stamp.size.to_le_bytes());
            out.extend_from_slice(&entry.stamp.mtime.to_le_bytes());
            out.push(u8::from(entry.fresh));
            before = &entry.path;
        }
    }
}

fn length(out: &mut Vec<u8>, n: usize) {
    out.extend_from_slice(&u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
}

fn block(out: &mut Vec<u8>, bytes: &[u8]) {
    length(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// Takes a record apart; every step can find that there is not enough.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.array()?)).ok()
    }

    fn block(&mut self) -> Option<&'a [u8]> {
        let n = self.length()?;
        self.take(n)
    }

    fn number(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.array()?))
    }

    fn manifest(&mut self) -> Option<Manifest> {
        let key = blake3::Hash::from_bytes(self.array()?);
        let memory = self.block()?.to_vec();
        let change = match self.array::<1>()? {
            [0] => Change::Whole { root: (self.number()?, self.number()?) },
            [1] => Change::FileByFile { inside: false },
            [2] => Change::FileByFile { inside: true },
            _ => return None,
        };
        let count = self.length()?;
        let examples =
            (0..self.length()?).map(|_| String::from_utf8(self.block()?.to_vec()).ok()).collect::<Option<Vec<_>>>()?;
        let total = self.length()?;
        let mut entries = Vec::with_capacity(total.min(self.0.len() / 50));
        let mut path = Vec::new();
        for _ in 0..total {
            path.truncate(self.length()?);
            path.extend_from_slice(self.block()?);
            entries.push(Entry {
                path: std::str::from_utf8(&path).ok().filter(|path| is_safe(path))?.into(),
                hash: blake3::Hash::from_bytes(self.array()?),
                stamp: Stamp { size: self.number()?, mtime: i64::from_le_bytes(self.array()?) },
                fresh: self.array()? == [1],
            });
        }
        Some(Manifest { key, memory, change, foreign: Foreign { count, examples }, entries })
    }
}
