//! A small portal in a temporary folder, and building made-up versions of its site.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use tempfile::TempDir;
use zhendi::diag::{Diagnostic, Format, Report};
use zhendi::output::{Done, Portal, Target, Versioned};

/// Path → bytes.
pub type Tree = BTreeMap<String, Vec<u8>>;

pub fn tree(files: &[(&str, &str)]) -> Tree {
    files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

pub struct Site {
    pub _dir: Option<TempDir>,
    pub root: PathBuf,
    pub public: PathBuf,
    pub file_by_file: bool,
    pub screens: Vec<Versioned>,
}

impl Site {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        Self { _dir: Some(dir), ..Self::at(&root) }
    }

    pub fn file_by_file() -> Self {
        Self { file_by_file: true, ..Self::new() }
    }

    /// In a folder that somebody else has made and removes.
    pub fn at(root: &Path) -> Self {
        for folder in ["content", "themes/portal"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        let (root, public) = (root.to_path_buf(), root.join("public"));
        Self { _dir: None, root, public, file_by_file: false, screens: Vec::new() }
    }

    pub fn try_open(&self) -> Result<Target, Vec<Diagnostic>> {
        self.try_open_at(&self.public)
    }

    pub fn try_open_at(&self, public: &Path) -> Result<Target, Vec<Diagnostic>> {
        let sources = ["content", "themes", "templates", "static"].map(|name| self.root.join(name));
        let target =
            Target::open(public, &Portal { root: &self.root, sources: &sources }).map_err(|fault| vec![*fault])?;
        Ok(if self.file_by_file { target.file_by_file() } else { target })
    }

    pub fn open(&self) -> Target {
        self.try_open().unwrap_or_else(|faults| panic!("{}", self.say(&faults)))
    }

    pub fn try_build(&self, key: &str, tree: &Tree) -> Result<Done, Vec<Diagnostic>> {
        let stage = self.try_open()?.stage(self.screens.clone()).map_err(|fault| vec![*fault])?;
        for (path, bytes) in tree {
            stage.write(path, bytes).map_err(|fault| vec![*fault])?;
        }
        stage.switch(&hash(key), format!("memory of {key}").as_bytes())
    }

    pub fn build(&self, key: &str, tree: &Tree) -> Done {
        self.try_build(key, tree).unwrap_or_else(|faults| panic!("{}", self.say(&faults)))
    }

    /// As a clerk reads it, without the folder's changing name.
    pub fn say(&self, diagnostics: &[Diagnostic]) -> String {
        let text = Report::new(diagnostics.to_vec(), &|_| None).print(Format::Human, false);
        text.replace(&self.root.display().to_string(), "[门户]").trim_end().to_owned()
    }

    pub fn say_error<T>(&self, result: Result<T, Vec<Diagnostic>>) -> String {
        self.say(&result.err().expect("an error"))
    }

    pub fn put(&self, path: &str, text: &str) {
        let path = self.public.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.public.join(path)).unwrap()
    }

    pub fn time(&self, path: &str) -> SystemTime {
        fs::metadata(self.public.join(path)).unwrap().modified().unwrap()
    }

    /// Everything that stands in the output folder.
    pub fn live(&self) -> Tree {
        let mut found = Tree::new();
        collect(&self.public, "", &mut found);
        found
    }

    /// What lies beside the output folder, by name.
    pub fn records(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.root.join(".zhendi/public"))
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn collect(dir: &Path, prefix: &str, found: &mut Tree) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{path}/"), found);
        } else {
            found.insert(path, fs::read(entry.path()).unwrap_or_default());
        }
    }
}

pub fn hash(key: &str) -> blake3::Hash {
    blake3::hash(key.as_bytes())
}

const SCENE: &str = "ZHENDI_TEST_SCENE";
const ROOT: &str = "ZHENDI_TEST_ROOT";

/// This test program again, to play only `scene` (an ignored test) in the portal at `root`. `wrap` is what starts it:
/// another user, a namespace of its own.
pub fn child(wrap: &[&str], scene: &str, root: &Path) -> Command {
    let program = std::env::current_exe().unwrap();
    let mut command = match wrap {
        [] => Command::new(&program),
        [first, rest @ ..] => {
            let mut command = Command::new(first);
            command.args(rest).arg(&program);
            command
        }
    };
    command.args(["--exact", scene, "--ignored", "--nocapture", "--test-threads=1"]).env(SCENE, "1").env(ROOT, root);
    command
}

/// Plays a scene in a mount namespace of its own, after `setup` (a shell line that finds the portal in `$0`), so that no
/// mount outlives it. Gives what the scene told; `None` where this user may not mount.
pub fn play_with_mounts(setup: &str, scene: &str, root: &Path) -> Option<Vec<String>> {
    let line = format!("{setup} && exec \"$@\"");
    let wrap = ["unshare", "--mount", "sh", "-c", &line, root.to_str().unwrap()];
    let possible = Command::new("unshare").args(["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
    if !possible.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no right to mount");
        return None;
    }
    Some(succeed(&child(&wrap, scene, root).output().unwrap()))
}

/// Plays a scene as a user without rights. Gives what it told; `None` where this user cannot become another.
pub fn play_as_nobody(scene: &str, root: &Path) -> Option<Vec<String>> {
    let wrap = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    if !Command::new(wrap[0]).args(&wrap[1..]).arg("true").output().is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: no right to become another user");
        return None;
    }
    Some(succeed(&child(&wrap, scene, root).output().unwrap()))
}

fn succeed(output: &Output) -> Vec<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}\n{}", text(&output.stderr));
    assert!(told.contains("1 passed"), "{told}");
    told.split(FROM).skip(1).map(|rest| rest.split_once(TO).unwrap().0.to_owned()).collect()
}

const FROM: &str = "<<<told\n";
const TO: &str = "\ntold>>>";

/// Hands a text from a scene to the test that plays it: another user cannot write snapshots.
pub fn tell(text: &str) {
    println!("{FROM}{text}{TO}");
}

/// The portal of a scene that `child` plays; `None` when somebody runs all ignored tests.
pub fn scene() -> Option<Site> {
    std::env::var_os(SCENE)?;
    Some(Site::at(Path::new(&std::env::var_os(ROOT)?)))
}
