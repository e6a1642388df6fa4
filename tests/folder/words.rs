//! What `zhendi watch` says to people, from its start to a locked folder.

use std::fs;
use std::io::{BufRead as _, BufReader, PipeReader};
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use insta::assert_snapshot;
use tempfile::TempDir;

use super::running::{lock, page, portal, save, watch};

/// How long the program may be silent before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, and everything it says, in order.
struct Window {
    dir: TempDir,
    child: Child,
    lines: Receiver<String>,
}

impl Window {
    fn open(dir: TempDir) -> Self {
        let (reader, writer) = std::io::pipe().unwrap();
        let mut command = watch(dir.path());
        let child = command.env("NO_COLOR", "1").stdout(writer.try_clone().unwrap()).stderr(writer).spawn().unwrap();
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            let lines = BufReader::<PipeReader>::new(reader).lines();
            for line in lines.map_while(Result::ok) {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        Self { dir, child, lines }
    }

    /// What it says up to a line with `end`, without the folder, the times, and how many files a theme has.
    fn until(&self, end: &str) -> String {
        let folder = self.dir.path().display().to_string();
        let mut said = String::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no “{end}” after:\n{said}"));
            let shown = hide(&hide(&line.replace(&folder, "‹文件夹›"), "用时 ", " 秒"), "文件：", " 个写入");
            said.push_str(&hide(&shown, "，共 ", " 个，用时"));
            said.push('\n');
            if line.contains(end) {
                return said;
            }
        }
    }

    fn save(&self, name: &str, text: &str) {
        save(self.dir.path(), &format!("content/s/{name}.md"), text);
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Puts a mark for what stands between two texts.
fn hide(line: &str, from: &str, to: &str) -> String {
    let found = line.split_once(from).and_then(|(head, rest)| Some((head, rest.split_once(to)?.1)));
    found.map_or_else(|| line.to_owned(), |(head, tail)| format!("{head}{from}‹›{to}{tail}"))
}

#[test]
fn a_day_of_it() {
    let dir = portal();
    // Something to warn of, which is said once.
    let odd = page("three", "甲").replace("summary", "titel: x\nsummary");
    fs::write(dir.path().join("content/s/three.md"), odd).unwrap();
    let window = Window::open(dir);
    assert_snapshot!("first", window.until("正在留意改动"));
    window.save("one", &page("one", "乙"));
    assert_snapshot!("change", window.until("用时"));
    window.save("one", &page("one", "[没有](tow.md)"));
    assert_snapshot!("error", window.until("会自动更新。"));
    window.save("two", &page("two", "乙"));
    assert_snapshot!("error_again", window.until("会自动更新。"));
    window.save("one", &page("one", "[有](two.md)"));
    assert_snapshot!("mended", window.until("用时"));
    let held = lock(window.dir.path());
    window.save("one", &page("one", "丙"));
    assert_snapshot!("locked", window.until("会自动再试"));
    drop(held);
    assert_snapshot!("released", window.until("用时"));
}
