//! A portal on a real disk that is edited as programs do: files are written in place, beside and then moved there, or
//! deleted and made anew; what moves is moved; folders go when they are empty. And a mount that tells nobody of any of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::portal::{Portal, bytes};
use crate::support::Random;

/// A folder that is edited from portal to portal: only what differs is touched.
pub struct Disk {
    root: PathBuf,
    files: BTreeMap<String, String>,
    /// Which of the ways to write is taken.
    ways: Random,
}

impl Disk {
    /// The folder `root`, which is empty.
    pub fn new(root: &Path, seed: u64) -> Self {
        Self { root: root.to_owned(), files: BTreeMap::new(), ways: Random(seed) }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the folder hold `portal`.
    pub fn show(&mut self, portal: &Portal) {
        let mut before = std::mem::replace(&mut self.files, portal.files.clone());
        let gone: Vec<String> = before.keys().filter(|path| !portal.files.contains_key(*path)).cloned().collect();
        for path in gone {
            let text = before.remove(&path);
            let to = portal.files.iter().find(|(to, moved)| Some(*moved) == text.as_ref() && !before.contains_key(*to));
            if let Some((to, moved)) = to {
                fs::create_dir_all(self.root.join(to).parent().unwrap()).unwrap();
                fs::rename(self.root.join(&path), self.root.join(to)).unwrap();
                before.insert(to.clone(), moved.clone());
            } else {
                fs::remove_file(self.root.join(&path)).unwrap();
            }
            if self.ways.below(2) == 0 {
                self.tidy(&path);
            }
        }
        for (path, text) in portal.files.iter().filter(|(path, text)| before.get(*path) != Some(*text)) {
            let way = self.ways.below(5);
            write(&self.root.join(path), text, way);
        }
    }

    /// Deletes the folders above `path` that are empty, but never those at the top.
    fn tidy(&self, path: &str) {
        let mut folder = Path::new(path).parent();
        while let Some(at) = folder.filter(|at| at.components().count() > 1) {
            if fs::remove_dir(self.root.join(at)).is_err() {
                break;
            }
            folder = at.parent();
        }
    }
}

fn write(path: &Path, text: &str, way: u64) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = bytes(text);
    match way {
        0 => {
            let beside = path.with_extension("tmp");
            fs::write(&beside, &text).unwrap();
            fs::rename(beside, path).unwrap();
        }
        1 => {
            let _ = fs::remove_file(path);
            fs::write(path, &text).unwrap();
        }
        2 => {
            let mut file = fs::File::create(path).unwrap();
            let (a, b) = text.split_at(text.len() / 2);
            file.write_all(a).unwrap();
            file.write_all(b).unwrap();
        }
        _ => fs::write(path, text).unwrap(),
    }
}

/// A folder that shows another one, and where the system hears of no change that is made in that one. Gone with this
/// value, and with the thread that made it.
pub struct Mount {
    program: Child,
    folders: tempfile::TempDir,
}

impl Mount {
    /// `None` where this user may not make one.
    pub fn new() -> Option<Self> {
        let folders = tempfile::tempdir().unwrap();
        for name in ["behind", "mount"] {
            fs::create_dir(folders.path().join(name)).unwrap();
        }
        fs::write(folders.path().join("behind/is-there"), "").unwrap();
        // A test that is killed must not leave a mount behind: the program ends, and unmounts, with its parent.
        let program = Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "bindfs", "-f", "--no-allow-other"])
            .args([folders.path().join("behind"), folders.path().join("mount")])
            .stdout(Stdio::null())
            .spawn()
            .ok()?;
        let mut mount = Self { program, folders };
        let end = Instant::now() + Duration::from_secs(30);
        while !mount.mounted().join("is-there").exists() {
            if mount.program.try_wait().unwrap().is_some() {
                return None;
            }
            assert!(Instant::now() < end, "bindfs neither mounts nor ends");
            std::thread::yield_now();
        }
        Some(mount)
    }

    /// The folder itself.
    pub fn behind(&self) -> PathBuf {
        self.folders.path().join("behind")
    }

    /// The folder that shows it.
    pub fn mounted(&self) -> PathBuf {
        self.folders.path().join("mount")
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // At once, though somebody may still look at a file in it.
        let unmount = Command::new("fusermount").arg("-uz").arg(self.mounted()).stderr(Stdio::null()).status();
        if !unmount.is_ok_and(|status| status.success()) {
            let _ = self.program.kill();
        }
        let _ = self.program.wait();
    }
}
