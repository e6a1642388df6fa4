//! Whatever builds and people do to an output folder, in any order: planned files are right, nobody's file is lost,
//! and a build that fails has changed nothing.

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::support::{Site, Tree};

/// Paths that get in each other's way, as file and as folder.
const PATHS: &[&str] = &["a", "a/b", "a/b/c", "a-b", "d.html", "e/f.html", "e/f.html/g", "e/h.html", "证/照.html"];

#[derive(Clone, Debug)]
enum Act {
    /// A build of these paths, with one of three texts each.
    Build(Vec<(usize, u8)>),
    /// Somebody writes a file, if that can be.
    Put(usize, u8),
    Remove(usize),
    LoseManifest,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let file = || (0..PATHS.len(), 0..3_u8);
    let act = prop_oneof![
        4 => prop::collection::vec(file(), 0..6).prop_map(Act::Build),
        2 => file().prop_map(|(path, text)| Act::Put(path, text)),
        1 => (0..PATHS.len()).prop_map(Act::Remove),
        1 => Just(Act::LoseManifest),
    ];
    prop::collection::vec(act, 1..12)
}

/// The tree that a build plans: of two paths that cannot be together, the first.
fn plan(files: &[(usize, u8)]) -> Tree {
    let mut tree = Tree::new();
    for &(path, text) in files {
        let path = PATHS[path];
        let blocks = |other: &str, path: &str| path.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'));
        if !tree.keys().any(|other| blocks(other, path) || blocks(path, other)) {
            tree.insert(path.to_owned(), vec![b'x', text]);
        }
    }
    tree
}

/// Every text that stands in the folder or was put aside.
fn texts(site: &Site) -> BTreeSet<Vec<u8>> {
    let saved = Site { public: site.root.join(".zhendi/public/saved"), ..Site::at(&site.root) };
    site.live().into_values().chain(saved.live().into_values()).collect()
}

fn run(site: &Site, acts: &[Act]) -> Result<Vec<bool>, TestCaseError> {
    let mut owned = Tree::new();
    let mut results = Vec::new();
    for (number, act) in acts.iter().enumerate() {
        let before = site.live();
        match act {
            Act::Build(files) => {
                let planned = plan(files);
                let built = site.try_build(&format!("{number} {files:?}"), &planned);
                let after = site.live();
                results.push(built.is_ok());
                if built.is_err() {
                    prop_assert_eq!(&after, &before);
                    continue;
                }
                let mut expected = before.clone();
                expected.retain(|path, bytes| owned.get(path) != Some(bytes));
                for (path, bytes) in &expected {
                    let kept = planned.contains_key(path) || after.get(path) == Some(bytes);
                    prop_assert!(kept && texts(site).contains(bytes), "{path} is lost");
                }
                expected.extend(planned.clone());
                prop_assert_eq!(&after, &expected);
                owned = planned;
            }
            Act::Put(path, text) => {
                let path = site.public.join(PATHS[*path]);
                // The text tells that a person wrote it; `2` is what a build may write too.
                let text = if *text == 2 { vec![b'x', 2] } else { vec![b'p', number as u8] };
                if fs::create_dir_all(path.parent().unwrap()).is_ok() {
                    let _ = fs::write(path, text);
                }
            }
            Act::Remove(path) => {
                let _ = fs::remove_file(site.public.join(PATHS[*path]));
            }
            Act::LoseManifest => {
                let _ = fs::remove_file(site.root.join(".zhendi/public/manifest"));
                owned.clear();
            }
        }
    }
    Ok(results)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 128,
        rng_seed: RngSeed::Fixed(20_261_124),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost(acts in acts()) {
        let (whole, files) = (Site::new(), Site::file_by_file());
        let results = run(&whole, &acts)?;
        prop_assert_eq!(run(&files, &acts)?, results);
        prop_assert_eq!(whole.live(), files.live());
    }
}

#[test]
fn empty_folders_in_one_another_are_in_no_files_way() {
    let acts = [Act::Put(2, 0), Act::Remove(2), Act::Build(vec![(0, 0)])];
    for site in [Site::new(), Site::file_by_file()] {
        assert_eq!(run(&site, &acts).unwrap(), [true]);
        assert_eq!(site.live().len(), 1);
    }
}
