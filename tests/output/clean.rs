//! `clean` takes only what Zhendi wrote.

use super::support::{Site, tree};

#[test]
fn clean_deletes_owned_files_and_records() {
    let site = Site::new();
    site.build("1", &tree(&[("a.html", "1"), ("b/c.html", "1")]));
    let cleaned = site.open().clean().unwrap();
    assert_eq!((cleaned.deleted, cleaned.foreign), (2, 0));
    assert!(cleaned.notes.is_empty());
    assert!(!site.public.exists());
    assert!(!site.root.join(".zhendi").exists());
}

#[test]
fn clean_leaves_foreign_and_edited_files() {
    let site = Site::new();
    site.build("1", &tree(&[("a.html", "1"), ("b/c.html", "1"), ("b/d.html", "1")]));
    site.put("b/mine.txt", "人放的");
    site.put("b/c.html", "改过");
    let cleaned = site.open().clean().unwrap();
    assert_eq!((cleaned.deleted, cleaned.foreign), (2, 2));
    assert_eq!(site.live(), tree(&[("b/mine.txt", "人放的"), ("b/c.html", "改过")]));
    insta::assert_snapshot!("clean_foreign", site.say(&cleaned.notes));
}

#[test]
fn clean_without_a_record_deletes_nothing() {
    let site = Site::new();
    site.put("a.html", "人放的");
    let cleaned = site.open().clean().unwrap();
    assert_eq!((cleaned.deleted, cleaned.foreign), (0, 0));
    assert_eq!(site.read("a.html"), "人放的");
    insta::assert_snapshot!("clean_no_record", site.say(&cleaned.notes));
}

#[cfg(unix)]
#[test]
fn clean_leaves_the_folder_that_a_link_leads_to() {
    let site = Site::new();
    std::fs::create_dir(site.root.join("real")).unwrap();
    std::os::unix::fs::symlink("real", &site.public).unwrap();
    site.build("1", &tree(&[("a.html", "1")]));
    site.open().clean().unwrap();
    assert!(site.public.is_dir());
    assert!(site.live().is_empty());
}
