//! What a switch keeps, writes and deletes, and what it leaves alone; each both ways where it matters.

use std::fs;
use std::time::{Duration, SystemTime};

use zhendi::output::{Way, Written};

use super::support::{Site, hash, tree};

fn both(test: impl Fn(Site)) {
    test(Site::new());
    test(Site::file_by_file());
}

#[test]
fn a_first_build_comes_whole() {
    let site = Site::new();
    let wanted = tree(&[("index.html", "门"), ("east/a/b.html", "深"), ("east/x.css", "")]);
    let done = site.build("1", &wanted);
    assert_eq!((done.written, done.same, done.deleted, done.foreign, done.way), (3, 0, 0, 0, Way::Whole));
    assert_eq!(site.live(), wanted);
    assert_eq!(site.records(), ["lock", "manifest"]);
}

#[test]
fn equal_files_keep_their_time_and_gone_ones_go() {
    both(|site| {
        let way = if site.file_by_file { Way::FileByFile } else { Way::Whole };
        site.build("1", &tree(&[("a.html", "1"), ("b.html", "1"), ("old/c.html", "1"), ("old/deep/d.html", "1")]));
        let before = (site.time("a.html"), site.time("b.html"));
        std::thread::sleep(Duration::from_millis(20));
        let wanted = tree(&[("a.html", "1"), ("b.html", "2"), ("new/e.html", "2")]);
        let done = site.build("2", &wanted);
        assert_eq!((done.written, done.same, done.deleted, done.foreign, done.way), (2, 1, 2, 0, way));
        assert_eq!(site.live(), wanted);
        assert_eq!(site.time("a.html"), before.0);
        assert!(site.time("b.html") > before.1);
        assert!(!site.public.join("old").exists());
        assert_eq!(site.records(), ["lock", "manifest"]);
    });
}

#[test]
fn nothing_to_do_is_known_by_key_size_and_time() {
    both(|site| {
        let wanted = tree(&[("a.html", "1"), ("b/c.html", "1")]);
        site.put("notice.txt", "ours to keep");
        site.build("1", &wanted);
        let unchanged = |key: &str| {
            let target = site.open();
            target.unchanged(&hash(key)).map(|u| (u.memory.to_vec(), u.notes.len()))
        };
        assert_eq!(unchanged("1"), Some((b"memory of 1".to_vec(), 1)));
        assert_eq!(unchanged("2"), None);
        let file = fs::File::options().append(true).open(site.public.join("a.html")).unwrap();
        let time = site.time("a.html");
        file.set_modified(time + Duration::from_nanos(1_000_000)).unwrap();
        assert_eq!(unchanged("1"), None);
        file.set_modified(time).unwrap();
        assert!(unchanged("1").is_some());
        fs::remove_file(site.public.join("b/c.html")).unwrap();
        assert_eq!(unchanged("1"), None);
        assert_eq!(site.build("1", &wanted).written, 1);
        assert!(unchanged("1").is_some());
    });
}

#[test]
fn a_build_that_changes_no_file_touches_nothing() {
    both(|site| {
        let wanted = tree(&[("a.html", "1"), ("b/c.html", "1")]);
        site.build("1", &wanted);
        #[cfg(unix)]
        let folder = || std::os::unix::fs::MetadataExt::ino(&fs::metadata(&site.public).unwrap());
        #[cfg(not(unix))]
        let folder = || ();
        let before = folder();
        let done = site.build("2", &wanted);
        assert_eq!((done.written, done.same, done.deleted), (0, 2, 0));
        assert_eq!(folder(), before);
        assert_eq!(site.records(), ["lock", "manifest"]);
        assert!(site.open().unchanged(&hash("2")).is_some());
    });
}

#[test]
fn foreign_things_stay() {
    both(|site| {
        site.build("1", &tree(&[("a/b.html", "1"), ("gone/x.html", "1")]));
        site.put("手工.txt", "人放的");
        site.put("a/upload/file.bin", "人放的");
        site.put("gone/left.txt", "人放的");
        fs::create_dir(site.public.join("empty")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/nowhere", site.public.join("link")).unwrap();
        let done = site.build("2", &tree(&[("a/b.html", "2")]));
        assert_eq!((done.written, done.deleted, done.foreign), (1, 1, if cfg!(unix) { 4 } else { 3 }));
        assert_eq!(site.read("手工.txt"), "人放的");
        assert_eq!(site.read("a/upload/file.bin"), "人放的");
        assert_eq!(site.read("gone/left.txt"), "人放的");
        assert!(site.public.join("empty").is_dir());
        #[cfg(unix)]
        assert_eq!(fs::read_link(site.public.join("link")).unwrap(), std::path::Path::new("/nowhere"));
        insta::assert_snapshot!("foreign_kept", site.say(&done.notes));
    });
}

#[test]
fn a_file_may_become_a_folder_and_back() {
    both(|site| {
        site.build("1", &tree(&[("a", "file"), ("b/c/d.html", "1")]));
        let wanted = tree(&[("a/index.html", "folder"), ("b", "file")]);
        site.build("2", &wanted);
        assert_eq!(site.live(), wanted);
        let wanted = tree(&[("a", "file"), ("b/c/d.html", "1")]);
        site.build("3", &wanted);
        assert_eq!(site.live(), wanted);
    });
}

#[test]
fn an_edited_output_is_replaced_but_not_lost() {
    both(|site| {
        site.build("1", &tree(&[("a/page.html", "1"), ("b.html", "1"), ("gone.html", "1")]));
        for _ in 0..2 {
            site.put("a/page.html", "改过");
        }
        site.put("gone.html", "改过");
        let done = site.build("2", &tree(&[("a/page.html", "2"), ("b.html", "1")]));
        assert_eq!(site.read("a/page.html"), "2");
        assert_eq!(site.read("gone.html"), "改过");
        assert_eq!(done.foreign, 1);
        let saved = site.root.join(".zhendi/public/saved/a/page.html");
        assert_eq!(fs::read_to_string(&saved).unwrap(), "改过");
        insta::assert_snapshot!("edited", site.say(&done.notes));
        site.put("a/page.html", "再改");
        site.build("3", &tree(&[("a/page.html", "3")]));
        assert_eq!(fs::read_to_string(saved.with_file_name("page.html.2")).unwrap(), "再改");
    });
}

#[test]
fn an_edit_back_to_equal_bytes_counts_as_equal() {
    both(|site| {
        let wanted = tree(&[("a.html", "1")]);
        site.build("1", &wanted);
        let file = fs::File::options().append(true).open(site.public.join("a.html")).unwrap();
        let restored = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        file.set_modified(restored).unwrap();
        let done = site.build("2", &wanted);
        assert_eq!((done.written, done.same), (0, 1));
        assert_eq!(site.time("a.html"), restored);
        assert!(site.open().unchanged(&hash("2")).is_some());
    });
}

#[test]
fn a_lost_or_damaged_manifest_is_recovered_from_equal_files() {
    both(|site| {
        let wanted = tree(&[("a.html", "1"), ("b/c.html", "1")]);
        site.build("1", &wanted);
        let manifest = site.root.join(".zhendi/public/manifest");
        let time = site.time("a.html");
        for damage in [0, 1, 2] {
            match damage {
                0 => fs::remove_file(&manifest).unwrap(),
                1 => {
                    let mut bytes = fs::read(&manifest).unwrap();
                    let last = bytes.len() - 3;
                    bytes[last] ^= 1;
                    fs::write(&manifest, bytes).unwrap();
                }
                _ => fs::write(&manifest, b"zhendi output 1\n").unwrap(),
            }
            assert!(site.open().unchanged(&hash("1")).is_none());
            let done = site.build("1", &wanted);
            assert_eq!((done.written, done.same, done.foreign), (0, 2, 0));
            assert_eq!(site.time("a.html"), time);
            assert!(site.open().unchanged(&hash("1")).is_some());
        }
    });
}

#[test]
fn a_dropped_stage_leaves_nothing() {
    both(|site| {
        let wanted = tree(&[("a.html", "1")]);
        site.build("1", &wanted);
        let stage = site.open().stage(Vec::new()).unwrap();
        assert_eq!(stage.write("a.html", b"2").unwrap(), Written::New);
        assert_eq!(stage.write("b/c.html", b"2").unwrap(), Written::New);
        drop(stage);
        assert_eq!(site.live(), wanted);
        assert_eq!(site.records(), ["lock", "manifest"]);
        assert!(site.open().unchanged(&hash("1")).is_some());
    });
}

#[test]
fn assets_are_copied_and_verified() {
    both(|site| {
        let from = site.root.join("content/photo.jpg");
        let bytes = vec![7; 700_000];
        fs::write(&from, &bytes).unwrap();
        let hash = blake3::hash(&bytes);
        let copy = |key: &str, size: u64| {
            let stage = site.open().stage(Vec::new()).unwrap();
            let written = stage.copy("a/photo.jpg", &from, "content/photo.jpg", &hash, size).map_err(|e| vec![*e])?;
            stage.switch(&super::support::hash(key), b"").map(|_| written)
        };
        assert_eq!(copy("1", 700_000).unwrap(), Written::New);
        assert_eq!(fs::read(site.public.join("a/photo.jpg")).unwrap(), bytes);
        let time = site.time("a/photo.jpg");
        assert_eq!(copy("2", 700_000).unwrap(), Written::Same);
        assert_eq!(site.time("a/photo.jpg"), time);
        fs::remove_file(site.public.join("a/photo.jpg")).unwrap();
        fs::write(&from, vec![8; 700_000]).unwrap();
        insta::assert_snapshot!("asset_changed", site.say_error(copy("3", 700_000)));
        fs::remove_file(&from).unwrap();
        assert!(copy("3", 700_000).is_err());
        assert!(!site.public.join("a/photo.jpg").exists());
    });
}

#[test]
fn many_threads_write_at_once() {
    use rayon::prelude::*;
    both(|site| {
        for round in 0..3 {
            let stage = site.open().stage(Vec::new()).unwrap();
            (0..2000_u32).into_par_iter().for_each(|n| {
                let text = if n % 2 == 0 { "same".to_owned() } else { format!("{round}") };
                stage.write(&format!("s{}/d{}/p{n}.html", n % 7, n % 31), text.as_bytes()).unwrap();
            });
            let done = stage.switch(&hash("x"), b"").unwrap();
            let same = if round == 0 { 0 } else { 1000 };
            assert_eq!((done.written, done.same), (2000 - same, same));
            assert_eq!(site.live().len(), 2000);
        }
    });
}

#[test]
fn files_that_appear_while_folders_are_exchanged_are_carried_over() {
    use std::sync::atomic::{AtomicBool, Ordering};
    both(|site| {
        let versions = ["1", "2"].map(|text| tree(&[("a.html", text), ("up/b.html", text)]));
        site.build("1", &versions[0]);
        let done = AtomicBool::new(false);
        let put = std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                let mut put = Vec::new();
                for n in 0..3000 {
                    let path = format!("up/{n}.txt");
                    if fs::write(site.public.join(&path), &path).is_ok() {
                        put.push(path);
                    }
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                }
                put
            });
            for round in 0..60 {
                site.build(&round.to_string(), &versions[round % 2]);
            }
            done.store(true, Ordering::Relaxed);
            writer.join().unwrap()
        });
        site.build("last", &versions[0]);
        assert!(put.len() > 20, "{}", put.len());
        for path in &put {
            assert_eq!(site.read(path), *path);
        }
    });
}
