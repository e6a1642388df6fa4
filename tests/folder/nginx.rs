//! nginx on the folder, read without pause while it is edited: a page that there is before and after an edit is never
//! missing and never half.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::running::{Running, page};
use crate::support::count;

/// Pages that there always are.
const PAGES: &[&str] = &["index.html", "east/index.html", "east/s/index.html", "east/s/one.html", "east/atom.xml"];

struct Nginx {
    child: Child,
    port: u16,
}

impl Nginx {
    /// Serves `folder`, with everything of its own in `own`.
    fn start(folder: &Path, own: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let own = own.display();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|what| format!("{what}_temp_path {own}/{what};"))
            .collect();
        let conf = format!(
            "daemon off; master_process off; pid {own}/pid; error_log {own}/error.log; events {{}}\n\
             http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port}; root {}; }} }}\n",
            folder.display()
        );
        let file = format!("{own}/nginx.conf");
        fs::write(&file, conf).unwrap();
        let program = if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" };
        let child = Command::new(program).args(["-e", &format!("{own}/error.log"), "-c", &file]).spawn();
        let nginx = Self { child: child.expect("nginx is installed"), port };
        // Until it listens, connections are refused.
        for _ in 0..10_000 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return nginx;
            }
            std::thread::yield_now();
            std::thread::park_timeout(Duration::from_millis(1));
        }
        panic!("nginx does not listen");
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Status and body of a page.
fn get(port: u16, path: &str) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET /{path} HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let head = answer.windows(4).position(|part| part == b"\r\n\r\n").expect("a head");
    let body = answer.split_off(head + 4);
    (String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned(), body)
}

/// By address: each answer that was given, as its status and its bytes.
type Seen<'a> = BTreeMap<&'a str, BTreeSet<(String, Vec<u8>)>>;

#[test]
fn a_page_is_never_missing_and_never_half() {
    let mut counted = count("folder-nginx", 200);
    let running = Running::start();
    let own = tempfile::tempdir().unwrap();
    let nginx = Nginx::start(&running.public(), own.path());
    let mut versions: BTreeMap<&str, BTreeSet<Vec<u8>>> = BTreeMap::new();
    let mut note = |running: &Running| {
        for path in PAGES {
            versions.entry(path).or_default().insert(fs::read(running.public().join(path)).unwrap());
        }
    };
    note(&running);
    let seen: Mutex<Seen<'_>> = Mutex::default();
    let (stop, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for reader in 0..2 {
            let (seen, stop, reads, port) = (&seen, &stop, &reads, nginx.port);
            scope.spawn(move || {
                for path in PAGES.iter().cycle().skip(reader) {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let answer = get(port, path);
                    reads.fetch_add(1, Ordering::Relaxed);
                    seen.lock().unwrap().entry(path).or_default().insert(answer);
                }
            });
        }
        // However the edits end, the readers have to.
        let edits = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for edit in 0..counted.asked() {
                // Turn by turn: a body, a title, a page that comes and goes.
                let long = "长。".repeat(1 + edit * 37 % 900);
                match edit % 4 {
                    0 | 2 => running.save("content/s/one.md", &page("one", &format!("第 {edit} 次。{long}"))),
                    1 => running.save("content/s/one.md", &page(&format!("题 {edit}"), &long)),
                    _ if edit % 8 == 3 => running.save("content/s/new.md", &page("new", &long)),
                    _ => {
                        fs::remove_file(running.root().join("content/s/new.md")).unwrap();
                        running.next()
                    }
                };
                note(&running);
                counted.step();
            }
        }));
        stop.store(true, Ordering::Relaxed);
        if let Err(panic) = edits {
            std::panic::resume_unwind(panic);
        }
    });
    let reads = reads.into_inner();
    println!("folder-nginx: {reads} answers");
    assert!(reads > counted.asked(), "it was hardly read");
    for (path, answers) in seen.into_inner().unwrap() {
        for (status, body) in answers {
            assert!(status.contains(" 200 "), "{path}: {status}");
            assert!(versions[path].contains(&body), "{path}: {} bytes that no version has", body.len());
        }
    }
}
