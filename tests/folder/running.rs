//! A small portal with `zhendi watch` running over it; it is waited for by what it says.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

/// How long the program may be silent before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

const CONFIG: &str = r#"
title = "示例局"
[[offices]]
id = "east"
name = "城东办公区"
base_url = "http://east.example/"
[[sections]]
path = "s"
"#;

/// A portal, and the program that watches it.
pub struct Running {
    dir: Arc<TempDir>,
    child: Child,
    lines: Receiver<serde_json::Value>,
}

impl Running {
    /// Starts it over a new portal, and waits for the first build.
    pub fn start() -> Self {
        let (running, first) = Self::over(Arc::new(portal()));
        assert_eq!(first["published"], true);
        running
    }

    /// Ends it and starts it anew; gives also what it said first.
    pub fn again(self) -> (Self, serde_json::Value) {
        let dir = self.dir.clone();
        drop(self);
        Self::over(dir)
    }

    fn over(dir: Arc<TempDir>) -> (Self, serde_json::Value) {
        let mut child = watch(dir.path()).args(["--format", "json"]).stdout(Stdio::piped()).spawn().unwrap();
        let (tell, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if tell.send(serde_json::from_str(&line).unwrap_or_default()).is_err() {
                    break;
                }
            }
        });
        let running = Self { dir, child, lines };
        let first = running.next();
        (running, first)
    }

    /// What it says next.
    pub fn line(&self) -> serde_json::Value {
        self.lines.recv_timeout(PATIENCE).expect("it says what it did")
    }

    /// The next build that it tells of.
    pub fn next(&self) -> serde_json::Value {
        loop {
            let line = self.line();
            for key in ["summary", "rebuild"] {
                if let Some(value) = line.get(key) {
                    return value.clone();
                }
            }
        }
    }

    /// Writes a file of the portal, and waits for the build.
    pub fn save(&self, path: &str, text: &str) -> serde_json::Value {
        save(self.root(), path, text);
        self.next()
    }

    /// The portal's folder.
    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    /// The folder that is kept current.
    pub fn public(&self) -> PathBuf {
        self.dir.path().join("public")
    }

    /// An output.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.public().join(path)).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A portal of three pages.
pub fn portal() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("zhendi.toml"), CONFIG).unwrap();
    fs::create_dir_all(dir.path().join("content/s")).unwrap();
    for name in ["one", "two", "three"] {
        fs::write(dir.path().join(format!("content/s/{name}.md")), page(name, "甲")).unwrap();
    }
    dir
}

/// `zhendi watch` over it.
pub fn watch(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhendi"));
    command.args(["watch", "--date", "2026-11-24", "--names", "plain", "-r"]).arg(root);
    command
}

/// Writes a file of the portal as an editor does that never leaves half of one.
pub fn save(root: &Path, path: &str, text: &str) {
    let temporary = root.join("saved-by-test");
    fs::write(&temporary, text).unwrap();
    fs::rename(temporary, root.join(path)).unwrap();
}

/// Keeps everybody else from writing the output folder, as another build would.
pub fn lock(root: &Path) -> File {
    let file = File::options().write(true).open(root.join(".zhendi/public/lock")).unwrap();
    // At this moment the program may have it.
    file.lock().unwrap();
    file
}

/// The text of a page.
pub fn page(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2026-11-20\nsummary: 摘要。\n---\n{body}\n")
}
