//! The preview server over real sockets: what it serves equals what `build` writes but for one line, nothing else can
//! be had from it, only those who ask under a known name get an answer, and each open page hears what concerns it.
#![allow(clippy::disallowed_methods)] // a test is no part of a build

mod support;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use support::{copy_portal, repository, strange, succeed, tree, zhendi_build};
use tempfile::TempDir;
use zhendi::serve::LINE;

/// How long to wait for what has to come; only a failure takes that long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running `zhendi serve`.
struct Serve {
    child: Child,
    port: u16,
    /// What it said on standard error before it was ready.
    said: String,
}

impl Serve {
    fn start(root: &Path, args: &[&str]) -> Self {
        let words = tempfile::NamedTempFile::new().expect("a file");
        let mut command = Command::new(env!("CARGO_BIN_EXE_zhendi"));
        command.args(["serve", "--date", "2026-11-24", "-r"]).arg(root).args(args).env("NO_COLOR", "1");
        command.stdout(Stdio::piped()).stderr(words.reopen().expect("open"));
        let mut child = command.spawn().expect("runs");
        let mut line = String::new();
        BufReader::with_capacity(1, child.stdout.as_mut().expect("piped")).read_line(&mut line).expect("says where");
        let said = fs::read_to_string(words.path()).expect("words");
        let port = line.trim().trim_end_matches('/').rsplit(':').next().and_then(|port| port.parse().ok());
        let Some(port) = port else { panic!("no address in {line:?}\n{said}") };
        Self { child, port, said }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        stream
    }

    /// Sends `head` as it is, and reads the answer to its end.
    fn raw(&self, head: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).expect("sent");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("read");
        Answer::parse(&bytes)
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        self.raw(&format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n"))
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    /// Opens the events of a page.
    fn events(&self, page: &str) -> Events {
        let mut stream = self.connect();
        let head = format!("GET /-/events?page={page}&boot=&turn=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        Events { reader: BufReader::new(stream) }
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Events {
    reader: BufReader<TcpStream>,
}

impl Events {
    /// Reads on until a message fits.
    fn until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let mut last = String::new();
        // The server says every few seconds that the line stands: after a minute of that nothing more will come.
        let mut beats = 0;
        while beats < 12 {
            let mut line = String::new();
            let read = self.reader.read_line(&mut line);
            assert!(matches!(read, Ok(1..)), "{what}: {read:?}, last heard {last}");
            if let Some(json) = line.trim().strip_prefix("data: ") {
                let message: Value = serde_json::from_str(json).expect("JSON");
                if fits(&message) {
                    return message;
                }
                last = json.to_owned();
            }
            beats += usize::from(line.trim() == ":");
        }
        panic!("{what}: never heard; last {last}");
    }
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(bytes[..end].to_vec()).expect("text");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        Self { status, head, body: bytes[end + 4..].to_vec() }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }
}

fn encoded(path: &str) -> String {
    percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC).to_string().replace("%2F", "/")
}

/// A small portal of its own to edit.
struct Portal {
    temp: TempDir,
}

impl Portal {
    fn new() -> Self {
        let portal = Self { temp: TempDir::new().expect("a folder") };
        portal.write("zhendi.toml", "title = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东\"\n");
        portal.write("content/study/a.md", "---\ntitle: 甲\ndate: 2026-01-02\n---\n\n甲的正文。\n");
        portal.write("content/study/b.md", "---\ntitle: 乙\ndate: 2026-01-01\n---\n\n乙的正文。\n");
        portal
    }

    fn root(&self) -> &Path {
        self.temp.path()
    }

    /// Writes a file in one step, as a good editor does.
    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.root().join(name);
        fs::create_dir_all(path.parent().expect("inside")).expect("made");
        let fresh = self.root().join("fresh.tmp");
        fs::write(&fresh, text).expect("written");
        fs::rename(fresh, path).expect("renamed");
    }
}

#[test]
fn what_is_served_is_what_is_built_but_for_one_line() {
    for portal in [repository().to_owned(), strange()] {
        let temp = TempDir::new().expect("a folder");
        let root = temp.path().join("portal");
        copy_portal(&portal, &root);
        let out = temp.path().join("out");
        succeed(zhendi_build(&root, &out).args(["--names", "plain"]));
        let serve = Serve::start(&root, &["-p", "0"]);
        let mut served = 0;
        for (path, bytes) in tree(&out) {
            let Some(bytes) = bytes else { continue };
            let answer = serve.get(&format!("/{}", encoded(&path)));
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
            // The slides of screens carry their pictures with them.
            let is_screen = path.split('/').any(|part| part == "kiosk");
            let policy = if is_screen { "default-src 'self'; img-src 'self' data:" } else { "default-src 'self'" };
            assert_eq!(answer.header("content-security-policy"), Some(policy), "{path}");
            let kind = answer.header("content-type").expect("a type");
            if path.ends_with(".html") {
                assert_eq!(kind, "text/html; charset=utf-8", "{path}");
                let text = answer.text();
                assert_eq!(text.matches(LINE).count(), 1, "{path}");
                let end = text.rfind("</body>").unwrap_or(text.len());
                assert!(text[..end].ends_with(LINE), "{path}");
                assert_eq!(text.replace(LINE, "").into_bytes(), bytes, "{path}");
            } else {
                assert_eq!(answer.body, bytes, "{path}");
                let wanted = match path.rsplit('.').next().unwrap_or_default() {
                    "css" => "text/css; charset=utf-8",
                    "js" => "text/javascript; charset=utf-8",
                    "svg" => "image/svg+xml; charset=utf-8",
                    "png" => "image/png",
                    "jpg" => "image/jpeg",
                    "xml" => "text/xml; charset=utf-8",
                    _ => kind,
                };
                assert_eq!(kind.replace("; charset=utf-8", ""), wanted.replace("; charset=utf-8", ""), "{path}");
                assert!(kind == wanted || !path.contains("assets/"), "{path}: {kind}");
            }
            served += 1;
        }
        assert!(served > 50, "{served}");
    }
}

#[test]
fn nothing_but_planned_outputs_can_be_had() {
    let portal = Portal::new();
    portal.write("secret.txt", "秘密");
    let serve = Serve::start(portal.root(), &["-p", "0"]);
    for path in [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/%252e%252e/etc/passwd",
        "/east/../secret.txt",
        "/east/../index.html",
        "/./index.html",
        "//index.html",
        "//etc/passwd",
        "/east//index.html",
        "/east\\index.html",
        "/..\\..\\windows\\win.ini",
        "/east/%5c..%5cindex.html",
        "/east/..%2findex.html",
        "/%00index.html",
        "/index.html%00",
        "/%ff",
        "/secret.txt",
        "/zhendi.toml",
        "/content/study/a.md",
        "/east/study/a.md",
        "/east",
        "/EAST/index.html",
        "/C:/windows/win.ini",
        "/-/../index.html",
        "/-/live.jsx",
        "/east/study/",
        "/east/study",
    ] {
        let planned = path == "/east/study/";
        let answer = serve.get(path);
        assert_eq!(answer.status, if planned { 200 } else { 404 }, "{path}: {}", answer.head);
        assert!(!answer.text().contains("秘密"), "{path}");
    }
    assert_eq!(serve.get("/").text(), serve.get("/index.html").text());
    assert_eq!(serve.get("/east/").text(), serve.get("/east/index.html?v=1").text());
    let missing = serve.get("/east/no/such.html");
    assert_eq!(missing.status, 404);
    let page = serve.get("/east/404.html").text();
    assert_eq!(missing.text(), page, "the office's own page answers at any depth");
    assert!(serve.get("/nowhere").text().contains("没有这一页"));
}

#[test]
fn only_known_names_are_answered() {
    let portal = Portal::new();
    let serve = Serve::start(portal.root(), &["-p", "0", "--allow-host", "yulan.example.gov.cn"]);
    let ask = |host: &str, more: &str| {
        serve.raw(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}\r\n"))
    };
    let port = serve.port;
    for host in ["evil.example", &format!("evil.example:{port}"), "localhost.evil.example", "10.0.0.1", ""] {
        let answer = ask(host, "");
        assert_eq!(answer.status, 403, "{host}");
        assert!(answer.text().contains("不能这样打开预览"), "{host}");
        assert!(!answer.text().contains("门户</"), "{host}");
    }
    for host in ["localhost", &format!("127.0.0.1:{port}"), &format!("[::1]:{port}"), "yulan.example.gov.cn"] {
        assert_eq!(ask(host, "").status, 200, "{host}");
    }
    assert_eq!(ask("localhost", "Origin: http://evil.example\r\n").status, 403);
    assert_eq!(ask("localhost", "Origin: http://localhost\r\n").status, 200);
    assert_eq!(serve.raw("GET / HTTP/1.0\r\n\r\n").status, 403);
    assert_eq!(
        serve.raw("GET /-/events?page=/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").status,
        403
    );
    let post = serve.ask("POST", "/", "Content-Length: 0\r\n");
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD")));
}

#[test]
fn parts_and_heads_are_answered() {
    let portal = Portal::new();
    // Larger than what is sent in one piece.
    let video: Vec<u8> = (0..700_000_u32).map(|n| (n % 251) as u8).collect();
    portal.write("content/study/片.mp4", &video);
    portal.write("content/study/说明.txt", "UTF-8 的说明");
    portal.write("content/study/老说明.txt", [0xc0, 0xcf, 0xb5, 0xc4]);
    portal.write(
        "content/study/c.md",
        "---\ntitle: 丙\ndate: 2026-01-03\n---\n\n[片](片.mp4) [说明](说明.txt) [老](老说明.txt)\n",
    );
    let serve = Serve::start(portal.root(), &["-p", "0"]);
    let path = format!("/east/study/{}", encoded("片.mp4"));
    let whole = serve.get(&path);
    assert_eq!((whole.status, whole.header("content-type")), (200, Some("video/mp4")));
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert_eq!(whole.body, video);
    let tag = whole.header("etag").expect("a tag").to_owned();

    let part = |range: &str, more: &str| serve.ask("GET", &path, &format!("Range: {range}\r\n{more}"));
    for (range, from, to) in
        [("bytes=0-99", 0, 100), ("bytes=300000-", 300_000, 700_000), ("bytes=-5", 699_995, 700_000)]
    {
        let answer = part(range, "");
        assert_eq!(answer.status, 206, "{range}");
        let wanted = format!("bytes {from}-{}/700000", to - 1);
        assert_eq!(answer.header("content-range"), Some(&*wanted), "{range}");
        assert_eq!(answer.body, video[from..to], "{range}");
    }
    let beyond = part("bytes=700000-", "");
    assert_eq!((beyond.status, beyond.header("content-range")), (416, Some("bytes */700000")));
    assert!(beyond.body.is_empty());
    assert_eq!(part("bytes=0-1,5-6", "").status, 200, "several parts: all of it");
    assert_eq!(part("lines=0-1", "").status, 200);
    assert_eq!(part("bytes=0-1", &format!("If-Range: {tag}\r\n")).status, 206);
    assert_eq!(part("bytes=0-1", "If-Range: \"another\"\r\n").body, video);

    let page = serve.ask("GET", "/east/study/a.html", "Range: bytes=0-8\r\n");
    assert_eq!((page.status, page.text().as_str()), (206, "<!DOCTYPE"));
    for path in [path.as_str(), "/east/study/a.html", "/-/", "/no"] {
        let (get, head) = (serve.get(path), serve.ask("HEAD", path, ""));
        assert_eq!(get.status, head.status, "{path}");
        assert_eq!(get.header("content-length"), head.header("content-length"), "{path}");
        assert_eq!(get.header("content-type"), head.header("content-type"), "{path}");
        assert_eq!(get.header("content-length"), Some(&*get.body.len().to_string()), "{path}");
        assert!(head.body.is_empty(), "{path}");
    }
    let kind =
        |name: &str| serve.get(&format!("/east/study/{}", encoded(name))).header("content-type").map(str::to_owned);
    assert_eq!(kind("说明.txt").as_deref(), Some("text/plain; charset=utf-8"));
    assert_eq!(kind("老说明.txt").as_deref(), Some("text/plain"));
}

#[test]
fn a_taken_port_is_told_and_the_next_free_one_serves() {
    let portal = Portal::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let serve = Serve::start(portal.root(), &["-p", &port.to_string()]);
    assert!(serve.port > port);
    assert_eq!(serve.get("/").status, 200);
    let said = format!("提示 N0916：端口 {port} 已经被占用，这次改用 {}", serve.port);
    assert!(serve.said.contains(&said), "{}", serve.said);
    assert!(!serve.said.contains("W0915"), "{}", serve.said);
}

#[test]
fn a_preview_for_others_says_so() {
    let portal = Portal::new();
    let serve = Serve::start(portal.root(), &["-p", "0", "-i", "0.0.0.0", "--allow-host", "yulan"]);
    assert!(serve.said.contains("警告 W0915：能连到这台电脑的人，现在都能看到这份预览"), "{}", serve.said);
    assert!(serve.said.contains(&format!("http://yulan:{}/", serve.port)), "{}", serve.said);
    assert_eq!(serve.get("/").status, 200);
    assert_eq!(serve.raw("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").status, 403);
}

#[test]
fn an_address_of_another_machine_is_explained() {
    let portal = Portal::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhendi"));
    let output = command.args(["serve", "-p", "0", "-i", "192.0.2.1", "-r"]).arg(portal.root()).output().expect("runs");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    let said: String =
        said.lines().filter(|line| !line.contains("系统的说明")).map(|line| format!("{line}\n")).collect();
    insta::assert_snapshot!(said, @r"
    错误 E0914：不能在 192.0.2.1:0 上预览
    原因：这台电脑没有这个地址。
    怎么改：去掉 -i，只在本机看；要给别人看，写本机的地址，或者写 -i 0.0.0.0。
    ");
}

#[test]
fn an_open_page_hears_what_concerns_it() {
    let portal = Portal::new();
    let serve = Serve::start(portal.root(), &["-p", "0"]);
    let mut a = serve.events("/east/study/a.html");
    let mut b = serve.events("/east/study/b.html");
    let first = a.until("the first state", |_| true);
    assert_eq!(first["source"], "content/study/a.md");
    assert_eq!(first["counts"], serde_json::json!([0, 0, 0, 1]));
    let quiet = b.until("the first state", |_| true);

    // A fault in one: its page is told first of it, the other hears of it as a fault elsewhere.
    portal.write("content/study/a.md", "---\ntitle: 甲\ndate: 2026-02-30\n---\n\n[乙](bb.md)。\n");
    let broken = a.until("faults", |state| state["broken"] == true);
    assert_eq!(broken["here"].as_array().map(Vec::len), Some(2));
    assert_eq!(broken["here"][0]["code"], "E0304");
    assert_eq!(broken["here"][0]["excerpt"]["line"], 3);
    assert_eq!(broken["here"][1]["fix"], serde_json::json!({"before": "[乙](", "put": "b", "after": ".md)。"}));
    let elsewhere = b.until("a fault elsewhere", |state| state["elsewhere"][0]["code"] == "E0304");
    assert_eq!(elsewhere["broken"], false);

    // Mended: everything as before, down to the other page's hash.
    portal.write("content/study/a.md", "---\ntitle: 甲\ndate: 2026-01-02\n---\n\n甲的正文。\n");
    let mended = a.until("the mended page", |state| state["broken"] == false);
    assert_eq!(mended["hash"], first["hash"]);
    let still = b.until("the mended portal", |state| state["elsewhere"][0]["severity"] != "error");
    assert_eq!(still["hash"], quiet["hash"]);

    // Renamed: the reader is taken along. Deleted: is told.
    fs::rename(portal.root().join("content/study/a.md"), portal.root().join("content/study/new.md")).expect("renamed");
    let moved = a.until("the new address", |state| !state["go"].is_null());
    assert_eq!(moved["go"], "/east/study/new.html");
    fs::remove_file(portal.root().join("content/study/b.md")).expect("deleted");
    b.until("that it is gone", |state| state["gone"] == true);

    // A style sheet that somebody has is told by name.
    let mut new = serve.events("/east/study/new.html");
    new.until("the first state", |_| true);
    assert_eq!(serve.get("/east/assets/css/portal.css").status, 200);
    portal.write("static/css/portal.css", "body{color:#123456}");
    let swapped = new.until("the style sheet", |state| state["assets"].as_array().is_some_and(|all| !all.is_empty()));
    assert_eq!(swapped["assets"], serde_json::json!(["east/assets/css/portal.css"]));
}

#[test]
fn each_rebuild_says_where_its_time_went_if_asked() {
    for asked in [false, true] {
        let portal = Portal::new();
        let mut serve =
            Serve::start(portal.root(), &[&["-p", "0"][..], if asked { &["--times"] } else { &[] }].concat());
        portal.write("content/study/a.md", "---\ntitle: 甲\ndate: 2026-01-02\n---\n\n改过的正文。\n");
        let mut lines = BufReader::new(serve.child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains("作废")).expect("a line");
        let parts: Vec<&str> = line.split(['（', '、', '）']).filter_map(|part| part.strip_suffix(" 毫秒")).collect();
        let words: Vec<&str> = parts.iter().filter_map(|part| part.split(' ').next()).collect();
        let all = ["等待", "查看", "解析", "建模", "排定", "比较", "等静", "替换", "渲染"];
        assert_eq!(words, if asked { &all[..] } else { &[] }, "{line}");
    }
}

#[test]
fn the_list_of_editions_names_each() {
    let temp = TempDir::new().expect("a folder");
    let root = temp.path().join("portal");
    copy_portal(repository(), &root);
    let serve = Serve::start(&root, &["-p", "0"]);
    let page = serve.get("/-/").text();
    for name in ["城东办公区", "城南办公区", "城北办公区"] {
        assert!(page.contains(name), "{name}");
    }
    assert!(serve.get("/-/offices.css").text().contains("border-color:#"));
    assert!(!page.contains("style="));
}
