//! Looking again: whatever was done to a portal's files, a further look gives what a clean read gives, and shares what
//! did not change with the look before.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // portals are written to disk

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use support::{Random, count};
use zhendi::diag::fold;
use zhendi::source::{Clock, FileKind, Look, Options, Sources};

const CONFIG: &str = "title = \"门户\"\n[[offices]]\nid = \"east\"\nname = \"城东办公区\"\nshort = \"城东\"\n";

fn options() -> Options {
    Options { clock: Clock::Date("2026-11-24".parse().unwrap()), ..Options::default() }
}

fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let full = root.join(path);
    let _ = fs::create_dir_all(full.parent().unwrap());
    let _ = fs::write(full, bytes);
}

fn portal() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "zhendi.toml", CONFIG);
    put(folder.path(), "content/a/x.md", "# 甲\n");
    put(folder.path(), "content/a/图.png", "no picture");
    put(folder.path(), "content/b.md", "# 乙\n");
    put(folder.path(), "static/css/own.css", "a {}\n");
    folder
}

/// Everything that a build can see of a snapshot, for people.
fn shown(sources: &Sources) -> Vec<String> {
    let mut all = vec![format!("{} {:?} {}", sources.hash(), sources.config(), sources.today())];
    all.extend(sources.files().iter().map(|file| format!("{file:?}")));
    all.extend(fold(sources.problems().to_vec()).iter().map(|problem| format!("{problem:?}")));
    all
}

fn same(again: &Sources, clean: &Sources, why: &str) {
    let (again_shown, clean_shown) = (shown(again), shown(clean));
    let only = |a: &[String], b: &[String]| a.iter().filter(|line| !b.contains(line)).cloned().collect::<Vec<_>>();
    assert!(
        again_shown == clean_shown,
        "{why}\nonly in the later look: {:#?}\nonly in the clean read: {:#?}",
        only(&again_shown, &clean_shown),
        only(&clean_shown, &again_shown)
    );
    assert!(again.theme() == clean.theme(), "{why}: theme");
    for file in again.files().iter() {
        if file.kind() == FileKind::Text {
            let text = again.text(file).unwrap();
            assert_eq!(blake3::hash(&text), file.hash(), "{why}: {}", file.path());
        }
    }
}

/// A small world, so that names collide.
const PATHS: [&str; 16] = [
    "content/a/x.md",
    "content/a/X.md",
    "content/a/y.md",
    "content/a/c/x.md",
    "content/a/c/图.png",
    "content/A/x.md",
    "content/a-b/x.md",
    "content/a.md",
    "content/b/con.md",
    "content/b/x.md~",
    "content/b/附件.docx",
    "content/skip/x.md",
    "templates/page.html",
    "static/css/own.css",
    "themes/portal/templates/page.html",
    "zhendi.toml",
];
const FOLDERS: [&str; 8] =
    ["content/a", "content/a/c", "content/A", "content/b", "content/skip", "static/css", "themes/portal", "content"];

fn edit(root: &Path, random: &mut Random, done: &mut Vec<String>, touched: &mut Vec<PathBuf>) {
    let one = |random: &mut Random| PATHS[random.below(PATHS.len() as u64) as usize];
    let path = one(random);
    let full = root.join(path);
    touched.push(full.clone());
    let what = random.below(13);
    done.push(format!("{what} {path}"));
    match what {
        0..=2 => {
            let text = if path == "zhendi.toml" {
                let extra =
                    ["", "theme = \"nirgends\"\n", "ignore = [\"content/skip/**\"]\n", "timezone = \"X\"\n", "]"];
                format!("{}{CONFIG}", extra[random.below(5) as usize])
            } else {
                format!("# {}\n", random.below(4))
            };
            put(root, path, text);
        }
        3 => drop(fs::remove_file(&full)),
        4 => {
            let to = root.join(one(random));
            done.push(format!("  to {}", to.display()));
            let _ = fs::create_dir_all(to.parent().unwrap());
            let _ = fs::rename(&full, &to);
            touched.push(to);
        }
        5 => {
            let [from, to] = [0; 2].map(|_| root.join(FOLDERS[random.below(8) as usize]));
            done.push(format!("  folder {} to {}", from.display(), to.display()));
            let _ = fs::rename(&from, &to);
            touched.extend([from, to]);
        }
        6 => {
            let folder = root.join(FOLDERS[random.below(7) as usize]);
            done.push(format!("  folder {}", folder.display()));
            let _ = fs::remove_dir_all(&folder);
            touched.push(folder);
        }
        #[cfg(unix)]
        7 => {
            let to = ["x.md", "../b/x.md", "c", "/etc/hostname", "gone.md"][random.below(5) as usize];
            let _ = fs::remove_file(&full);
            let _ = std::os::unix::fs::symlink(to, &full);
        }
        8 => {
            // Another file of the same size and the same time in its place.
            if let Ok(before) = fs::metadata(&full)
                && before.is_file()
            {
                let bytes = vec![b'0' + random.below(10) as u8; before.len() as usize];
                let beside = root.join("beside");
                fs::write(&beside, bytes).unwrap();
                let time = before.modified().unwrap();
                fs::File::options().write(true).open(&beside).unwrap().set_modified(time).unwrap();
                let _ = fs::rename(&beside, &full);
            }
        }
        9 => {
            // Written anew in place, with an older time.
            if full.is_file() && fs::write(&full, format!("# 旧 {}\n", random.below(4))).is_ok() {
                let time = SystemTime::now() - Duration::from_secs(86_400 * (1 + random.below(3)));
                fs::File::options().write(true).open(&full).unwrap().set_modified(time).unwrap();
            }
        }
        10 => put(root, path, b"\xff\xfe\x00"),
        11 => {
            // Truncated, as large as before, or far too large for a text.
            if let Ok(file) = fs::File::options().write(true).open(&full) {
                let _ = file.set_len([0, 3, 9 << 20][random.below(3) as usize]);
            }
        }
        _ => {
            let _ = fs::remove_dir_all(&full);
            let _ = fs::create_dir_all(&full);
        }
    }
}

#[test]
fn again_equals_clean() {
    let mut counted = count("look", 400);
    for run in 0..counted.asked() as u64 {
        let mut random = Random(counted.seed() + run);
        let folder = portal();
        let root = folder.path();
        let mut look = Look::new(root, options());
        look.everything();
        let mut done = Vec::new();
        for _ in 0..12 {
            let mut touched = Vec::new();
            for _ in 0..=random.below(3) {
                edit(root, &mut random, &mut done, &mut touched);
            }
            // Who writes to a link writes where it leads.
            touched.extend(PATHS.iter().filter_map(|path| root.join(path).canonicalize().ok()));
            let clean = Sources::read(root, options());
            let why = || format!("seed {}: {done:#?}", counted.seed() + run);
            // Whoever names every place that was touched, and the folder above, needs no look at everything.
            if random.below(2) == 0 {
                let places: Vec<PathBuf> =
                    touched.iter().flat_map(|path| [path.clone(), path.parent().unwrap().to_owned()]).collect();
                same(&look.places(&places).sources, &clean, &why());
            }
            let seen = look.everything();
            same(&seen.sources, &clean, &why());
            let once_more = look.everything();
            assert!(!once_more.differs, "{}: {:?}", why(), once_more.changed);
        }
        counted.step();
    }
}

#[test]
fn what_is_the_same_is_shared() {
    let folder = portal();
    let root = folder.path();
    let mut look = Look::new(root, options());
    let first = look.everything().sources;
    put(root, "content/a/x.md", "# 新\n");
    let seen = look.places(&[root.join("content/a/x.md")]);
    assert_eq!(seen.changed, ["content/a/x.md".into()]);
    let second = seen.sources;
    assert!(Arc::ptr_eq(first.file("content/b.md").unwrap(), second.file("content/b.md").unwrap()));
    assert!(!Arc::ptr_eq(first.file("content/a/x.md").unwrap(), second.file("content/a/x.md").unwrap()));
    assert!(Arc::ptr_eq(first.config(), second.config()));
    assert!(Arc::ptr_eq(first.theme(), second.theme()));
    put(root, "static/css/own.css", "b {}\n");
    put(root, "content/b.md", "# 乙\n");
    let third = look.everything();
    assert_eq!(third.changed, ["static/css/own.css".into()], "the same bytes written again are no change");
    let before = first.theme().templates();
    let after = third.sources.theme().templates();
    assert!(before.iter().zip(after).all(|(a, b)| Arc::ptr_eq(&a.1.source, &b.1.source)));
    assert!(Arc::ptr_eq(first.config(), third.sources.config()));
}

#[test]
fn a_text_that_is_no_more_what_it_was_is_told() {
    let folder = portal();
    let root = folder.path();
    let sources = Sources::read(root, options()).without_texts();
    let file = sources.file("content/b.md").unwrap();
    assert_eq!(&*sources.text(file).unwrap(), "# 乙\n".as_bytes());
    put(root, "content/b.md", "# 丙\n");
    let changed = sources.text(file).unwrap_err();
    fs::remove_file(root.join("content/b.md")).unwrap();
    let gone = sources.text(file).unwrap_err();
    let report = zhendi::diag::Report::new(vec![*changed, *gone], &|_| None);
    insta::assert_snapshot!(report.print(zhendi::diag::Format::Human, false));
}

#[cfg(unix)]
#[test]
fn rights_that_come_and_go() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = portal();
    let root = folder.path();
    let all = ["", "content", "content/a", "static", "static/css"];
    for path in all {
        fs::set_permissions(root.join(path), fs::Permissions::from_mode(0o755)).unwrap();
    }
    // The superuser may read everything: somebody else looks.
    if fs::metadata("/root").is_ok() && Command::new("setpriv").arg("--version").output().is_ok() {
        let program = root.join("helper");
        fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
        for path in ["content/a", "content/b.md", "content/a/x.md", "content/a/图.png", "static/css/own.css"] {
            let done = Command::new("chown").arg("-R").arg("65534:65534").arg(root.join(path)).status();
            assert!(done.unwrap().success());
        }
        let ran = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(&program)
            .args(["--ignored", "--exact", "--nocapture", "rights_helper"])
            .env("ZHENDI_LOOK_ROOT", root)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success() && told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&ran.stderr));
    } else {
        rights(root);
    }
}

#[cfg(unix)]
#[test]
#[ignore = "run by `rights_that_come_and_go` as another user"]
fn rights_helper() {
    if let Some(root) = std::env::var_os("ZHENDI_LOOK_ROOT") {
        rights(Path::new(&root));
    }
}

#[cfg(unix)]
fn rights(root: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mut look = Look::new(root, options());
    look.everything();
    let mode = |path: &str, mode| fs::set_permissions(root.join(path), fs::Permissions::from_mode(mode)).unwrap();
    for (path, back) in
        [("content/b.md", 0o644), ("content/a/图.png", 0o644), ("content/a", 0o755), ("static/css/own.css", 0o644)]
    {
        for now in [0, back] {
            mode(path, now);
            let clean = Sources::read(root, options());
            assert_eq!(now == 0, !clean.problems().iter().all(|p| p.code.0 != "E0101"), "{path}");
            same(&look.places(&[root.join(path)]).sources, &clean, path);
            same(&look.everything().sources, &clean, path);
        }
    }
}

/// Says how long looks take at a portal given by `ZHENDI_CORPUS`, whose file `content/` … is touched.
#[test]
#[ignore = "run by hand: figures, no test"]
fn times() {
    let Some(root) = std::env::var_os("ZHENDI_CORPUS").map(PathBuf::from) else { return };
    let mut look = Look::new(&root, options());
    let time = |what: &str, prepare: &mut dyn FnMut(), run: &mut dyn FnMut() -> usize| {
        let mut all: Vec<Duration> = Vec::new();
        let mut changed = 0;
        for _ in 0..20 {
            prepare();
            let since = Instant::now();
            changed = run();
            all.push(since.elapsed());
        }
        all.sort();
        println!("{what}: least {:?}, median {:?}, most {:?}, {changed} changed", all[0], all[10], all[19]);
    };
    let since = Instant::now();
    let first = look.everything().sources;
    println!("{} files: first {:?}", first.files().len(), since.elapsed());
    let since = Instant::now();
    first.hash();
    println!("hash: {:?}", since.elapsed());
    time("everything, unchanged", &mut || {}, &mut || look.everything().changed.len());
    let file = root.join(&**first.files().iter().find(|f| f.kind() == FileKind::Text).unwrap().path());
    let text = fs::read(&file).unwrap();
    let mut turn = 0;
    let mut write = || {
        turn += 1;
        fs::write(&file, [&text[..], &[b'a' + turn]].concat()).unwrap();
    };
    time("body edit", &mut write, &mut || look.places(std::slice::from_ref(&file)).changed.len());
    let new = file.with_file_name("zz-new.md");
    let mut toggle = || match new.exists() {
        true => fs::remove_file(&new).unwrap(),
        false => fs::write(&new, &text).unwrap(),
    };
    time("new page and delete", &mut toggle, &mut || look.places(std::slice::from_ref(&new)).changed.len());
    fs::write(&file, &text).unwrap();
    let _ = fs::remove_file(&new);
}
