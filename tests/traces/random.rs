//! Sound and equal, for random pairs of snapshots: what differs between two clean builds was read by the output that
//! differs, and a rebuild that starts from the first is the second.

use super::portal::Built;
use super::site::Site;
use crate::support::{Random, count};

#[test]
fn random_pairs_are_sound_and_rebuilds_equal() {
    let mut counted = count("traces", 2000);
    let mut random = Random(counted.seed());
    let (mut outputs, mut differing) = (0, 0);
    for at in 0..counted.asked() {
        let mut pair = Random(random.next());
        let mut site = Site::new(&mut pair);
        let one = site.portal();
        let before = one.build();
        for _ in 0..1 + pair.below(5) {
            site.edit(&mut pair);
        }
        if pair.below(4) == 0 {
            site.repair();
        }
        let two = site.portal();
        let after = two.build();
        let unsound = before.unsound(&after, None);
        outputs += after.outputs.len();
        differing += before
            .outputs
            .iter()
            .filter(|(path, old)| after.outputs.get(*path).is_some_and(|new| new.bytes != old.bytes))
            .count();
        assert!(unsound.is_empty(), "pair {at}: {}", tell(&one.files, &two.files, &unsound, &before, &after));

        let again = Built::new(zhendi::build(&two.read(), Some(&before.build)));
        assert_eq!(after.said(), again.said(), "pair {at}: diagnostics of the rebuild");
        assert_eq!(after.outputs.len(), again.outputs.len(), "pair {at}: outputs of the rebuild");
        for (path, output) in &after.outputs {
            assert!(Some(output) == again.outputs.get(path), "pair {at}: {path} of the rebuild differs");
        }
        counted.step();
    }
    println!("traces: {outputs} outputs, {differing} of them differed");
    assert!(differing * 20 > outputs, "the edits change next to nothing: {differing} of {outputs}");
}

type Files = std::collections::BTreeMap<String, String>;

/// What a person needs to see what happened.
fn tell(one: &Files, two: &Files, unsound: &[String], before: &Built, after: &Built) -> String {
    use std::fmt::Write as _;
    let mut out = format!("{unsound:?} differ, and nothing that they read has changed\n");
    for path in one.keys().chain(two.keys()).collect::<std::collections::BTreeSet<_>>() {
        if one.get(path) != two.get(path) {
            let none = "(none)".to_owned();
            let (a, b) = (one.get(path).unwrap_or(&none), two.get(path).unwrap_or(&none));
            let _ = writeln!(out, "== {path}\n{a}\n=>\n{b}");
        }
    }
    for path in unsound.iter().take(2) {
        let (old, new) = (&before.outputs[path], &after.outputs[path]);
        for one in [old, new] {
            let _ = writeln!(out, "-- {path} {:?}\n{}", one.problems, String::from_utf8_lossy(&one.bytes));
        }
        let kinds: Vec<_> = old.trace.facts().filter_map(|fact| fact.kind()).collect();
        let _ = writeln!(out, "read: {kinds:?}");
    }
    for (path, text) in one.iter().filter(|(path, _)| path.starts_with("templates/")) {
        let _ = writeln!(out, "** {path}\n{text}");
    }
    out
}
