//! Looking ahead of the quiet period: what is handed out early is taken back by what follows, and never lost.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // portals are written to disk

use std::fs;
use std::path::Path;

use zhendi::source::{Clock, Options, Sources};
use zhendi::watch::{How, Sign, Touch, Update, Watch};

fn options() -> Options {
    Options { clock: Clock::Date("2026-11-24".parse().unwrap()), ..Options::default() }
}

/// A portal of one page, and a watch on it that looks ahead.
fn watched() -> (tempfile::TempDir, Watch) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("content/a")).unwrap();
    fs::write(folder.path().join("zhendi.toml"), "title = \"门户\"\n").unwrap();
    fs::write(folder.path().join("content/a/x.md"), "# 甲\n").unwrap();
    let (_, watch) = Watch::start(folder.path(), options(), How::Auto);
    (folder, watch.ahead())
}

fn touch(watch: &Watch, path: &Path, how: Touch) {
    watch.handle().tell(Sign::Touched { path: path.to_owned(), how });
}

/// Waits for what changes `path`, and for what follows on it.
fn settle(watch: &mut Watch, path: &str) -> Update {
    loop {
        let mut update = watch.next().unwrap();
        while let Some(more) = watch.more(&update) {
            update = more;
        }
        if update.changed.iter().any(|one| **one == *path) {
            return update;
        }
    }
}

fn same(sources: &Sources, root: &Path) {
    let clean = Sources::read(root, options());
    let all = |sources: &Sources| -> Vec<_> {
        sources.files().iter().map(|file| (file.path().clone(), file.hash())).collect()
    };
    assert_eq!(all(sources), all(&clean));
}

#[test]
fn a_file_that_comes_back_at_once_was_never_away() {
    for _ in 0..20 {
        let (folder, mut watch) = watched();
        let file = folder.path().join("content/a/x.md");
        fs::remove_file(&file).unwrap();
        let update = watch.next().unwrap();
        assert!(update.sources.file("content/a/x.md").is_none());
        fs::write(&file, "# 乙\n").unwrap();
        // The sign of the writing may come a moment later than it; this one is there now.
        touch(&watch, &file, Touch::Whole);
        let mut more = watch.more(&update).expect("the file is back before it was quiet");
        while let Some(still) = watch.more(&more) {
            more = still;
        }
        assert!(more.changed.iter().any(|path| &**path == "content/a/x.md"));
        same(&more.sources, folder.path());
    }
}

#[test]
fn a_sign_of_nothing_takes_nothing_back() {
    let (folder, mut watch) = watched();
    let file = folder.path().join("content/a/x.md");
    fs::write(&file, "# 乙\n").unwrap();
    let mut update = watch.next().unwrap();
    touch(&watch, &file, Touch::Other);
    while let Some(more) = watch.more(&update) {
        update = more;
    }
    same(&update.sources, folder.path());
}

#[test]
fn every_save_is_handed_out() {
    let (folder, mut watch) = watched();
    let file = folder.path().join("content/a/x.md");
    for turn in 0..100 {
        fs::write(&file, format!("# 甲{turn}\n")).unwrap();
        let mut update = settle(&mut watch, "content/a/x.md");
        // A look that fell into the writing hands out what it saw, and after it what there is.
        while update.sources.file("content/a/x.md").map(|file| file.hash())
            != Some(blake3::hash(format!("# 甲{turn}\n").as_bytes()))
        {
            update = settle(&mut watch, "content/a/x.md");
        }
        same(&update.sources, folder.path());
    }
}

#[test]
fn a_wish_to_stop_is_not_lost() {
    let (folder, mut watch) = watched();
    fs::remove_file(folder.path().join("content/a/x.md")).unwrap();
    let update = watch.next().unwrap();
    watch.handle().stop();
    assert!(watch.more(&update).is_none());
    assert!(watch.next().is_none());
}
