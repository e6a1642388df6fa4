//! Output folders in odd places: links, mounts, a full disk, folders of other users.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use zhendi::output::Way;

use super::support::{Site, Tree, hash, play_as_nobody, play_with_mounts, scene, tell, tree};

fn open_to_all(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
}

/// Compares what a scene told, if it could be played, with the snapshots of these names.
fn check(told: Option<Vec<String>>, names: &[&str]) {
    let Some(told) = told else { return };
    assert_eq!(told.len(), names.len(), "{told:?}");
    for (told, name) in told.into_iter().zip(names) {
        insta::assert_snapshot!(*name, told);
    }
}

#[test]
fn a_linked_folder_is_built_where_it_really_is() {
    let site = Site::new();
    fs::create_dir_all(site.root.join("srv/www")).unwrap();
    std::os::unix::fs::symlink("srv/www", &site.public).unwrap();
    site.build("1", &tree(&[("a.html", "1")]));
    assert_eq!(site.build("2", &tree(&[("a.html", "2")])).way, Way::Whole);
    assert!(fs::symlink_metadata(&site.public).unwrap().is_symlink());
    assert_eq!(site.read("a.html"), "2");
    assert!(site.root.join("srv/.zhendi/www/manifest").is_file());
}

#[test]
fn two_folders_beside_each_other_do_not_meet() {
    let mut site = Site::new();
    site.build("1", &tree(&[("a.html", "1")]));
    site.public = site.root.join("public2");
    site.build("2", &tree(&[("b.html", "1")]));
    assert_eq!(site.live(), tree(&[("b.html", "1")]));
    site.public = site.root.join("public");
    assert!(site.open().unchanged(&hash("1")).is_some());
}

#[test]
fn permissions_of_the_folder_stay() {
    let site = Site::new();
    site.build("1", &tree(&[("a/b.html", "1")]));
    fs::set_permissions(&site.public, fs::Permissions::from_mode(0o2770)).unwrap();
    fs::set_permissions(site.public.join("a"), fs::Permissions::from_mode(0o775)).unwrap();
    assert_eq!(site.build("2", &tree(&[("a/b.html", "2")])).way, Way::Whole);
    assert_eq!(fs::metadata(&site.public).unwrap().mode() & 0o7777, 0o2770);
    assert_eq!(fs::metadata(site.public.join("a")).unwrap().mode() & 0o7777, 0o775);
}

#[test]
fn owner_and_group_of_the_folder_stay() {
    let site = Site::new();
    fs::create_dir(&site.public).unwrap();
    if std::os::unix::fs::chown(&site.public, Some(1234), Some(4321)).is_err() {
        eprintln!("skipped: no right to give a folder away");
        return;
    }
    fs::set_permissions(&site.public, fs::Permissions::from_mode(0o2775)).unwrap();
    for round in ["1", "2"] {
        assert_eq!(site.build(round, &tree(&[("a/b.html", round)])).way, Way::Whole);
        let meta = fs::metadata(&site.public).unwrap();
        assert_eq!((meta.uid(), meta.gid(), meta.mode() & 0o7777), (1234, 4321, 0o2775));
        for inherits in ["a", "a/b.html"] {
            assert_eq!(fs::metadata(site.public.join(inherits)).unwrap().gid(), 4321, "{inherits}");
        }
    }
}

#[test]
fn a_folder_that_is_a_mount_point() {
    let site = Site::new();
    fs::create_dir(&site.public).unwrap();
    play_with_mounts("mount -t tmpfs tmpfs \"$0/public\"", "places::scene_mount_point", &site.root);
    play_with_mounts("mount --bind \"$0/public\" \"$0/public\"", "places::scene_mount_point", &site.root);
}

#[test]
#[ignore = "played by a_folder_that_is_a_mount_point"]
fn scene_mount_point() {
    let Some(site) = scene() else { return };
    site.put("mine.txt", "人放的");
    let first = tree(&[("a.html", "1"), ("b/c.html", "1"), ("d.html", "1")]);
    assert_eq!(site.build("1", &first).way, Way::FileByFile);
    let time = site.time("a.html");
    let done = site.build("2", &tree(&[("a.html", "1"), ("b/c.html", "2")]));
    assert_eq!((done.written, done.same, done.deleted, done.foreign), (1, 1, 1, 1));
    assert_eq!(site.live(), tree(&[("a.html", "1"), ("b/c.html", "2"), ("mine.txt", "人放的")]));
    assert_eq!(site.time("a.html"), time);
    assert!(site.open().unchanged(&hash("2")).is_some());
    assert_eq!(site.records(), ["lock", "manifest"]);
    site.open().clean().unwrap();
    assert_eq!(site.live(), tree(&[("mine.txt", "人放的")]));
}

#[test]
fn a_mount_below_the_folder() {
    let site = Site::new();
    site.build("1", &tree(&[("a.html", "1")]));
    fs::create_dir(site.public.join("uploads")).unwrap();
    play_with_mounts("mount -t tmpfs tmpfs \"$0/public/uploads\"", "places::scene_mount_below", &site.root);
}

#[test]
#[ignore = "played by a_mount_below_the_folder"]
fn scene_mount_below() {
    let Some(site) = scene() else { return };
    let done = site.build("2", &tree(&[("a.html", "2")]));
    assert_eq!((done.way, done.foreign), (Way::FileByFile, 0));
    site.put("uploads/x.txt", "人放的");
    let done = site.build("3", &tree(&[("a.html", "3")]));
    assert_eq!((done.way, done.foreign), (Way::FileByFile, 1));
    assert_eq!(site.read("uploads/x.txt"), "人放的");
    assert_eq!(site.read("a.html"), "3");
}

#[test]
fn a_full_disk() {
    let site = Site::new();
    let told = play_with_mounts("mount -t tmpfs -o size=1m tmpfs \"$0\"", "places::scene_full_disk", &site.root);
    check(told, &["disk_full"]);
    let site = Site::new();
    fs::create_dir(&site.public).unwrap();
    let told = play_with_mounts("mount -t tmpfs -o size=1m tmpfs \"$0/public\"", "places::scene_full_disk", &site.root);
    check(told, &["disk_full"]);
    let site = Site::new();
    fs::create_dir(site.root.join(".zhendi")).unwrap();
    play_with_mounts("mount -t tmpfs -o size=1m tmpfs \"$0/.zhendi\"", "places::scene_full_records", &site.root);
}

fn big(n: usize) -> Tree {
    (0..n).map(|n| (format!("p{n}.html"), vec![b'x'; 20_000])).collect()
}

#[test]
#[ignore = "played by a_full_disk"]
fn scene_full_disk() {
    let Some(site) = scene() else { return };
    let first = big(20);
    site.build("1", &first);
    let mut second = big(60);
    second.insert("p0.html".to_owned(), b"new".to_vec());
    let error = site.say_error(site.try_build("2", &second));
    let said = error.lines().filter(|line| !line.contains("┌─")).collect::<Vec<_>>().join("\n");
    tell(&said);
    assert_eq!(site.live(), first);
    assert_eq!(site.records(), ["lock", "manifest"]);
    assert!(site.open().unchanged(&hash("1")).is_some());
    site.build("3", &big(25));
    assert_eq!(site.live(), big(25));
}

#[test]
#[ignore = "played by a_full_disk"]
fn scene_full_records() {
    let Some(site) = scene() else { return };
    let first = big(20);
    site.build("1", &first);
    fs::write(site.root.join(".zhendi/filler"), vec![0; 2 << 20]).unwrap_err();
    let mut second = first.clone();
    second.insert("p0.html".to_owned(), b"new".to_vec());
    assert!(site.say_error(site.try_build("2", &second)).contains("E0704"));
    assert_eq!(site.live(), first);
    fs::remove_file(site.root.join(".zhendi/filler")).unwrap();
    site.build("2", &second);
    assert_eq!(site.live(), second);
}

#[test]
fn a_file_that_cannot_be_replaced() {
    let site = Site::file_by_file();
    site.build("1", &tree(&[("a.html", "1"), ("b.html", "1"), ("c.html", "1")]));
    let lock = |mark: &str| {
        let done = std::process::Command::new("chattr").arg(mark).arg(site.public.join("b.html")).output();
        done.is_ok_and(|output| output.status.success())
    };
    if !lock("+i") {
        eprintln!("skipped: no right to make a file immutable");
        return;
    }
    let wanted = tree(&[("a.html", "2"), ("b.html", "2")]);
    let failed = site.try_build("2", &wanted);
    let again = site.try_open().map(drop);
    lock("-i");
    let failed = site.say_error(failed);
    insta::assert_snapshot!("half_done", failed);
    insta::assert_snapshot!("still_half_done", site.say_error(again));
    let target = site.open();
    assert_eq!(site.live(), wanted);
    insta::assert_snapshot!("resumed", site.say(&target.unchanged(&hash("2")).unwrap().notes));
}

#[test]
fn a_file_that_somebody_uses() {
    let site = Site::file_by_file();
    site.build("1", &tree(&[("a.html", "1"), ("b.html", "1")]));
    let setup = "mount --bind \"$0/public/b.html\" \"$0/public/b.html\"";
    check(play_with_mounts(setup, "places::scene_in_use", &site.root), &["in_use"]);
    drop(site.open());
    assert_eq!(site.live(), tree(&[("a.html", "2"), ("b.html", "2")]));
}

#[test]
#[ignore = "played by a_file_that_somebody_uses"]
fn scene_in_use() {
    let Some(mut site) = scene() else { return };
    site.file_by_file = true;
    tell(&site.say_error(site.try_build("2", &tree(&[("a.html", "2"), ("b.html", "2")]))));
}

#[test]
fn folders_that_may_not_be_written() {
    let site = Site::new();
    site.build("1", &tree(&[("a/b.html", "1")]));
    open_to_all(&site.root);
    check(play_as_nobody("places::scene_not_ours", &site.root), &["denied", "denied_parent"]);
    assert_eq!(site.live(), tree(&[("a/b.html", "1")]));
}

#[test]
#[ignore = "played by folders_that_may_not_be_written"]
fn scene_not_ours() {
    let Some(mut site) = scene() else { return };
    tell(&site.say_error(site.try_open()));
    site.public = site.root.join("themes/out/public");
    let sources = [site.root.join("content")];
    let portal = zhendi::output::Portal { root: &site.root, sources: &sources };
    let fault = zhendi::output::Target::open(&site.public, &portal).unwrap_err();
    tell(&site.say(&[*fault]));
}

#[test]
fn one_folder_below_may_not_be_written() {
    let site = Site::new();
    open_to_all(&site.root);
    check(play_as_nobody("places::scene_closed_below", &site.root), &["denied_below"]);
}

#[test]
#[ignore = "played by one_folder_below_may_not_be_written"]
fn scene_closed_below() {
    let Some(site) = scene() else { return };
    let mode = |path: &str, mode| {
        fs::set_permissions(site.public.join(path), fs::Permissions::from_mode(mode)).unwrap();
    };
    let first = tree(&[("a/b.html", "1"), ("c/d.html", "1")]);
    site.build("1", &first);
    mode("a", 0o555);
    tell(&site.say_error(site.try_build("2", &tree(&[("a/b.html", "2"), ("c/d.html", "2")]))));
    assert_eq!(site.live(), first);
    // What does not touch the closed folder is done, file by file.
    let wanted = tree(&[("a/b.html", "1"), ("c/d.html", "2")]);
    assert_eq!(site.build("2", &wanted).way, Way::FileByFile);
    assert_eq!(site.live(), wanted);
    mode("a", 0o755);
    assert_eq!(site.build("3", &first).way, Way::Whole);
}

#[test]
fn only_the_folder_itself_may_be_written() {
    let site = Site::new();
    fs::create_dir_all(site.root.join("srv/www")).unwrap();
    open_to_all(&site.root);
    open_to_all(&site.root.join("srv/www"));
    play_as_nobody("places::scene_closed_parent", &site.root);
    assert!(!site.root.join("srv/.zhendi").exists());
}

#[test]
#[ignore = "played by only_the_folder_itself_may_be_written"]
fn scene_closed_parent() {
    let Some(mut site) = scene() else { return };
    site.public = site.root.join("srv/www");
    for round in ["1", "2"] {
        let wanted = tree(&[("a/b.html", round)]);
        let done = site.build(round, &wanted);
        assert_eq!((done.written, done.way), (1, Way::FileByFile));
        assert_eq!(site.live(), wanted);
        assert!(site.open().unchanged(&hash(round)).is_some());
    }
    site.open().clean().unwrap();
    assert!(site.public.is_dir());
}

#[test]
fn files_of_another_user_are_kept_and_replaced() {
    let site = Site::new();
    site.build("1", &tree(&[("a.html", "1"), ("b.html", "1")]));
    for path in [&site.root, &site.public, &site.root.join(".zhendi/public")] {
        open_to_all(path);
    }
    fs::set_permissions(site.root.join(".zhendi/public/lock"), fs::Permissions::from_mode(0o666)).unwrap();
    let time = site.time("a.html");
    play_as_nobody("places::scene_others_files", &site.root);
    assert_eq!(site.live(), tree(&[("a.html", "1"), ("b.html", "2")]));
    assert_eq!(site.time("a.html"), time);
}

#[test]
#[ignore = "played by files_of_another_user_are_kept_and_replaced"]
fn scene_others_files() {
    let Some(site) = scene() else { return };
    let done = site.build("2", &tree(&[("a.html", "1"), ("b.html", "2")]));
    // The folder belongs to somebody else, so it stays the same folder.
    assert_eq!((done.written, done.same, done.way), (1, 1, Way::FileByFile));
}

#[test]
fn files_of_another_user_that_cannot_be_linked() {
    let site = Site::new();
    site.build("1", &tree(&[("a.html", "1"), ("b.html", "1")]));
    let folders = [&site.root, &site.public, &site.root.join(".zhendi/public"), &site.root.join(".zhendi/public/lock")];
    if folders.map(|path| std::os::unix::fs::chown(path, Some(65534), Some(65534))).iter().any(Result::is_err) {
        eprintln!("skipped: no right to give a folder away");
        return;
    }
    let time = site.time("a.html");
    play_as_nobody("places::scene_unlinkable", &site.root);
    assert_eq!(site.live(), tree(&[("a.html", "1"), ("b.html", "2")]));
    assert_eq!(site.time("a.html"), time);
}

#[test]
#[ignore = "played by files_of_another_user_that_cannot_be_linked"]
fn scene_unlinkable() {
    let Some(site) = scene() else { return };
    let refused = fs::hard_link(site.public.join("a.html"), site.root.join("content/link")).is_err();
    // Where links are refused, an equal file is copied with its time.
    let way = if refused { Way::Whole } else { Way::FileByFile };
    let done = site.build("2", &tree(&[("a.html", "1"), ("b.html", "2")]));
    assert_eq!((done.written, done.same, done.way), (1, 1, way));
    assert!(site.open().unchanged(&hash("2")).is_some());
}

#[test]
fn a_folder_from_the_lower_layer_of_a_container() {
    let site = Site::new();
    let lower = Site::at(&site.root.join("lower"));
    lower.build("1", &tree(&[("a.html", "1"), ("b/c.html", "1")]));
    lower.put("mine.txt", "人放的");
    let setup = "mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work && \
                 mount -t overlay -o lowerdir=\"$0/lower\",upperdir=/mnt/upper,workdir=/mnt/work overlay \"$0/lower\"";
    play_with_mounts(setup, "places::scene_overlay", &site.root);
}

#[test]
#[ignore = "played by a_folder_from_the_lower_layer_of_a_container"]
fn scene_overlay() {
    let Some(outer) = scene() else { return };
    let site = Site::at(&outer.root.join("lower"));
    let time = site.time("a.html");
    // The file system exchanges folders of its upper layer only.
    let wanted = tree(&[("a.html", "1"), ("b/c.html", "2"), ("d.html", "2"), ("mine.txt", "人放的")]);
    let mut planned = wanted.clone();
    planned.remove("mine.txt");
    assert_eq!(site.build("2", &planned).way, Way::FileByFile);
    assert_eq!(site.live(), wanted);
    assert_eq!(site.time("a.html"), time);
    assert_eq!(site.records(), ["lock", "manifest"]);
}
