//! `zhendi` alone, as a double-click starts it: the real program in a pseudo-terminal (of `script`, which every Debian
//! has). What is typed waits in the terminal until somebody reads it, so a shell that reads on after the program shows
//! whether the program waited for its Enter; no clock is asked.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods)] // a test is no part of a build

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// How long to wait for what has to come; only a failure takes that long.
const PATIENCE: Duration = Duration::from_secs(60);

/// After the program the shell says its exit code, and the next line that is typed.
const SHELL: &str = r#"trap : INT
SCREEN=$(tty) PATH="$FAKES" "$PROGRAM"
echo "[退出码 $?]"
read -r line
echo "[下一行 $line]""#;

/// Shows on the screen what it was to open.
const BROWSER: &str = "#!/bin/sh\necho \"[浏览器 $1]\" > \"$SCREEN\"\n";

/// A place of its own: a copy of the program that lies in no portal, and a browser that is none.
struct Desk {
    temp: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { temp: TempDir::new().expect("a folder") };
        for folder in ["bin", "fakes", "empty"] {
            fs::create_dir(desk.path(folder)).expect("made");
        }
        let browser = desk.path("fakes/xdg-open");
        fs::write(&browser, BROWSER).expect("written");
        fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).expect("set");
        desk.lay_program("bin");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temp.path().canonicalize().expect("is there").join(name)
    }

    /// Puts the program into a folder. Another process copies it: a file that this one has open for writing could not
    /// be run while any other test starts something.
    fn lay_program(&self, folder: &str) {
        let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_zhendi")).arg(self.path(folder)).status();
        assert!(copied.expect("runs").success());
    }

    fn portal(&self, folder: &str) {
        fs::create_dir_all(self.path(folder).join("content/study")).expect("made");
        let put = |name: &str, text: &str| fs::write(self.path(folder).join(name), text).expect("written");
        put("zhendi.toml", "title = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东\"\n");
        put("content/study/a.md", "---\ntitle: 甲\ndate: 2026-01-02\n---\n\n甲的正文。\n");
    }

    /// Starts the program that lies in `bin`, with `folder` as the working folder.
    fn start(&self, folder: &str) -> Window {
        self.start_with(folder, "bin", &[])
    }

    fn start_with(&self, folder: &str, bin: &str, environment: &[(&str, &str)]) -> Window {
        let mut command = Command::new("script");
        command.args(["--quiet", "--flush", "--return", "--command", SHELL, "/dev/null"]);
        command.current_dir(self.path(folder)).envs(environment.iter().copied());
        command.env("SHELL", "/bin/sh").env("NO_COLOR", "1");
        command.env("FAKES", self.path("fakes")).env("PROGRAM", self.path(bin).join("zhendi"));
        Window::open(command)
    }
}

/// What the user sees and types.
struct Window {
    child: Child,
    keys: ChildStdin,
    pieces: Receiver<Vec<u8>>,
    bytes: Vec<u8>,
    /// How far it has been read.
    read: usize,
}

impl Window {
    fn open(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("runs");
        let (keys, mut screen) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
        let (sender, pieces) = channel();
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(n @ 1..) = screen.read(&mut piece) {
                if sender.send(piece[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self { child, keys, pieces, bytes: Vec::new(), read: 0 }
    }

    fn type_in(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("typed");
    }

    /// Reads on until `what` has been shown; gives what stood before it.
    fn until(&mut self, what: &str) -> String {
        loop {
            let unread = &self.bytes[self.read..];
            if let Some(at) = unread.windows(what.len()).position(|part| part == what.as_bytes()) {
                let before = String::from_utf8_lossy(&unread[..at]).replace('\r', "");
                self.read += at + what.len();
                return before;
            }
            let Ok(piece) = self.pieces.recv_timeout(PATIENCE) else {
                panic!("“{what}” was not shown after:\n{}", String::from_utf8_lossy(&self.bytes));
            };
            self.bytes.extend(piece);
        }
    }

    /// The preview is there, the browser is shown it, and it answers; gives the front page.
    fn serves(&mut self, root: &Path) -> String {
        self.until(&format!("门户：    {}\r\n", root.display()));
        self.until("预览：    http://127.0.0.1:");
        let port: u16 = self.until("/").parse().expect("a port");
        self.until(&format!("[浏览器 http://127.0.0.1:{port}/]"));
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        stream.write_all(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("read");
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        answer
    }

    /// Breaks it off with Ctrl+C.
    fn break_off(mut self) {
        self.type_in("\x03");
        self.until("[退出码 130]");
    }

    /// It has said its last word, and leaves it standing until Enter is pressed.
    fn waits_for_enter(mut self, code: u8) {
        self.until("按回车键结束。");
        self.type_in("\n后面的话\n");
        self.until(&format!("[退出码 {code}]"));
        self.until("[下一行 后面的话]");
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // The terminal goes with `script`, and with the terminal what runs in it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn finds_the_portal_around_the_working_folder() {
    let desk = Desk::new();
    desk.portal("portal");
    let mut window = desk.start("portal/content/study");
    let page = window.serves(&desk.path("portal"));
    assert!(page.contains("城东"), "{page}");
    window.break_off();
}

#[test]
fn finds_the_portal_that_the_program_lies_in() {
    let desk = Desk::new();
    desk.portal("portal");
    desk.lay_program("portal");
    let mut window = desk.start_with("empty", "portal", &[]);
    window.serves(&desk.path("portal"));
    window.break_off();
}

#[test]
fn offers_to_make_a_portal_and_finds_it_the_next_time() {
    let desk = Desk::new();
    let made = desk.path("empty/宣传门户");
    let mut window = desk.start("empty");
    let said = window.until("再按回车键：");
    assert!(said.contains(&format!("会建在 {}，", made.display())), "{said}");
    assert!(!made.exists());
    window.type_in("\n");
    window.until("门户建好了。");
    let page = window.serves(&made);
    assert!(made.join("content/notices/门户开通.md").is_file());
    assert!(page.contains("/-/live.js"), "{page}");
    window.break_off();

    let mut window = desk.start("empty");
    window.serves(&made);
    window.break_off();
}

#[test]
fn makes_nothing_without_a_yes() {
    let desk = Desk::new();
    let mut window = desk.start("empty");
    window.until("再按回车键：");
    window.type_in("什么\n");
    window.until("再按回车键：");
    window.type_in("N\n");
    window.until("什么都没有建。");
    window.waits_for_enter(0);
    assert_eq!(fs::read_dir(desk.path("empty")).expect("is there").count(), 0);
}

#[test]
fn a_portal_that_cannot_be_made_is_told_until_enter() {
    let desk = Desk::new();
    fs::write(desk.path("empty/宣传门户"), "是文件，不是文件夹").expect("written");
    let mut window = desk.start("empty");
    window.until("再按回车键：");
    window.type_in("\n");
    window.until("宣传门户/zhendi.toml 建不了或读不出");
    window.waits_for_enter(1);
}

#[test]
fn a_preview_that_cannot_start_is_told_until_enter() {
    let desk = Desk::new();
    desk.portal("portal");
    let mut window = desk.start_with("portal", "bin", &[("SOURCE_DATE_EPOCH", "昨天")]);
    window.until("环境变量 SOURCE_DATE_EPOCH 不能是“昨天”");
    window.waits_for_enter(2);
}

#[test]
fn a_broken_configuration_is_told_and_served_all_the_same() {
    let desk = Desk::new();
    desk.portal("portal");
    fs::write(desk.path("portal/zhendi.toml"), "title = \"门户\n[[offices]]\nid = \"east\"\n").expect("written");
    let mut window = desk.start("portal");
    let root = desk.path("portal");
    window.until(&format!("门户：    {}\r\n", root.display()));
    let said = window.until("预览：    http://127.0.0.1:");
    assert!(said.contains("错误 E08") && said.contains("zhendi.toml:1"), "{said}");
    window.until("按 Ctrl+C 结束。");
    window.break_off();
}

#[test]
fn where_nobody_can_be_asked_the_help_is_the_answer() {
    let desk = Desk::new();
    desk.portal("portal");
    let ran = Command::new(desk.path("bin/zhendi")).current_dir(desk.path("portal")).stdin(Stdio::null()).output();
    let ran = ran.expect("runs");
    let said = String::from_utf8(ran.stderr).expect("UTF-8");
    assert_eq!((ran.status.code(), ran.stdout.as_slice()), (Some(2), &[][..]), "{said}");
    assert!(said.contains("用法：zhendi 命令"), "{said}");
}
