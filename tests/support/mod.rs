//! What integration tests share: counted runs with a seed and a line that says how many were done, a
//! small seeded generator, and whole portals and output trees in temporary folders. Stands beside the
//! tests, before the binary they drive.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail, and may touch folders")]
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A counted test in progress. Ordinary runs do about a twentieth of the full count; `ZHENDI_LONG=1`
/// does all of it, `ZHENDI_COUNT_<NAME>` any number; `ZHENDI_SEED_<NAME>` or `ZHENDI_SEED` sets the seed.
pub struct Counted {
    name: &'static str,
    asked: usize,
    done: usize,
    seed: u64,
}

/// Begins the counted test `name`, whose full count is `full`.
pub fn count(name: &'static str, full: usize) -> Counted {
    let key = name.to_uppercase().replace('-', "_");
    let number = |variable: String| std::env::var(variable).ok().and_then(|v| v.parse::<u64>().ok());
    let long = std::env::var("ZHENDI_LONG").is_ok_and(|v| v == "1");
    let usual = if long { full } else { full.div_ceil(20).max(1) };
    let asked = number(format!("ZHENDI_COUNT_{key}")).map_or(usual, |n| n as usize);
    let seed = number(format!("ZHENDI_SEED_{key}")).or_else(|| number("ZHENDI_SEED".to_owned())).unwrap_or(20_261_124);
    Counted { name, asked, done: 0, seed }
}

impl Counted {
    /// The test's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How many runs are asked for.
    pub fn asked(&self) -> usize {
        self.asked
    }

    /// The seed that all of this test's randomness comes from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Counts one finished run.
    pub fn step(&mut self) {
        self.done += 1;
    }
}

impl Drop for Counted {
    /// Says `NAME: done/asked, seed N` on standard output and, for `./test`, in the file that
    /// `ZHENDI_COUNTS` names. Said also when the test fails, so that a failure shows how far it came.
    fn drop(&mut self) {
        let line = format!("{}: {}/{}, seed {}\n", self.name, self.done, self.asked, self.seed);
        print!("{line}");
        if let Ok(path) = std::env::var("ZHENDI_COUNTS")
            && let Ok(mut file) = fs::OpenOptions::new().create(true).append(true).open(path)
        {
            let _ = file.write_all(line.as_bytes());
        }
    }
}

/// SplitMix64: all the randomness that tests here need, the same on every machine.
pub struct Random(pub u64);

impl Random {
    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, which is not 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// The repository: itself a portal.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The fixture portal with everything strange in it.
pub fn strange() -> PathBuf {
    repository().join("tests/fixtures/strange")
}

/// Copies a portal (configuration, content, themes and overrides) from `from` to `to`.
pub fn copy_portal(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    fs::copy(from.join("zhendi.toml"), to.join("zhendi.toml")).unwrap();
    for folder in ["content", "themes", "templates", "static"] {
        if from.join(folder).is_dir() {
            copy_tree(&from.join(folder), &to.join(folder));
        }
    }
}

/// Copies a folder with all in it.
pub fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file and folder under `root`: its path, and its bytes (`None` for a folder). Of a screen the present version alone:
/// whether one before it still stands there depends on what was built before.
pub fn tree(root: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    let mut out = BTreeMap::new();
    gather(root, "", &mut out);
    forget_before(&mut out);
    out
}

fn forget_before(tree: &mut BTreeMap<String, Option<Vec<u8>>>) {
    let is_pointer = |path: &&String| path.contains("/kiosk/") && path.ends_with("/version.js");
    for path in tree.keys().filter(is_pointer).cloned().collect::<Vec<_>>() {
        let text = String::from_utf8(tree[&path].clone().unwrap_or_default()).unwrap();
        let Some((head, rest)) = text.split_once(",\"before\":\"") else { continue };
        let (before, _) = rest.split_once('"').unwrap();
        let folder = format!("{}v/{before}/", path.strip_suffix("version.js").unwrap());
        tree.retain(|path, _| !path.starts_with(&folder));
        tree.insert(path, Some(format!("{head},\"before\":null}});\n").into_bytes()));
    }
}

fn gather(dir: &Path, prefix: &str, out: &mut BTreeMap<String, Option<Vec<u8>>>) {
    for entry in fs::read_dir(dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display())) {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            gather(&entry.path(), &format!("{name}/"), out);
            out.insert(format!("{name}/"), None);
        } else {
            out.insert(name, Some(fs::read(entry.path()).unwrap()));
        }
    }
}

/// In how far two trees differ, for people: at most ten lines; empty if they are equal.
pub fn difference(a: &BTreeMap<String, Option<Vec<u8>>>, b: &BTreeMap<String, Option<Vec<u8>>>) -> Vec<String> {
    let mut out = Vec::new();
    for (path, bytes) in a {
        match b.get(path) {
            None => out.push(format!("only in the first: {path}")),
            Some(other) if other != bytes => out.push(format!("differs: {path}")),
            Some(_) => {}
        }
    }
    out.extend(b.keys().filter(|p| !a.contains_key(*p)).map(|p| format!("only in the second: {p}")));
    out.truncate(10);
    out
}

/// `zhendi build` of the portal `root` into `out`, on the day that tests are written for.
pub fn zhendi_build(root: &Path, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zhendi"));
    command.args(["build", "-r"]).arg(root).arg("-o").arg(out).args(["--date", "2026-11-24"]).env("NO_COLOR", "1");
    command
}

/// Runs a command that has to succeed.
pub fn succeed(command: &mut Command) {
    let run = command.output().unwrap();
    assert!(
        run.status.success(),
        "{command:?}: {}\n{}{}",
        run.status,
        String::from_utf8_lossy(&run.stdout),
        String::from_utf8_lossy(&run.stderr)
    );
}
