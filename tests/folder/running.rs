//! A small portal with `zhendi watch` running over it; it is waited for by what it says.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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
    dir: TempDir,
    child: Child,
    lines: Receiver<serde_json::Value>,
}

impl Running {
    /// Starts it, and waits for the first build.
    pub fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("zhendi.toml"), CONFIG).unwrap();
        fs::create_dir_all(dir.path().join("content/s")).unwrap();
        for name in ["one", "two", "three"] {
            fs::write(dir.path().join(format!("content/s/{name}.md")), page(name, "甲")).unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhendi"));
        command.args(["watch", "--date", "2026-11-24", "--names", "plain", "--format", "json", "-r"]).arg(dir.path());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
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
        assert_eq!(running.next()["published"], true);
        running
    }

    /// The next build that it tells of.
    pub fn next(&self) -> serde_json::Value {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("it says what it did");
            for key in ["summary", "rebuild"] {
                if let Some(value) = line.get(key) {
                    return value.clone();
                }
            }
        }
    }

    /// Writes a file of the portal as an editor does that never leaves half of one, and waits for the build.
    pub fn save(&self, path: &str, text: &str) -> serde_json::Value {
        let temporary = self.dir.path().join("saved-by-test");
        fs::write(&temporary, text).unwrap();
        fs::rename(temporary, self.dir.path().join(path)).unwrap();
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

/// The text of a page.
pub fn page(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2026-11-20\nsummary: 摘要。\n---\n{body}\n")
}
