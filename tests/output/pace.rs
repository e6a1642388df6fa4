//! How long writing takes, beside `cp -r` of the same files and beside plain `fs::write`. Figures, not a test:
//! `cargo test --profile quick --test output pace -- --ignored --nocapture`.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::support::{Site, hash};

/// Files of a site of 10,000 pages, and their size.
const FILES: u32 = 12_000;
const SIZE: usize = 17_000;
const ROUNDS: u32 = 3;

fn path(n: u32) -> String {
    format!("east/{}/{}/page-{n}.html", ["study", "cases", "policy"][n as usize % 3], n % 40)
}

fn bytes(n: u32, version: u32, buffer: &mut Vec<u8>) {
    buffer.clear();
    let mut state = u64::from(n) << 32 | u64::from(version) << 1 | 1;
    while buffer.len() < SIZE {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        buffer.extend_from_slice(&state.to_le_bytes());
    }
}

/// Wall time and CPU time.
#[derive(Clone, Copy, Default)]
struct Cost(Duration, Duration);

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0, self.1 + other.1)
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>6} ({:>6})", self.0.as_millis(), self.1.as_millis())
    }
}

/// CPU time so far, of children that have ended too (`/proc` counts hundredths of a second).
fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
    Duration::from_millis(fields.skip(11).take(4).map(|ticks| ticks.parse::<u64>().unwrap() * 10).sum())
}

fn timed<T>(act: impl FnOnce() -> T) -> (Cost, T) {
    let (start, before) = (Instant::now(), cpu());
    let result = act();
    (Cost(start.elapsed(), cpu() - before), result)
}

fn plain(dir: &Path) {
    for n in 0..120 {
        fs::create_dir_all(dir.join(path(n)).parent().unwrap()).unwrap();
    }
    (0..FILES).into_par_iter().for_each_init(Vec::new, |buffer, n| {
        bytes(n, 0, buffer);
        fs::write(dir.join(path(n)), buffer).unwrap();
    });
}

fn build(site: &Site, version: impl Fn(u32) -> u32 + Sync) -> [Cost; 2] {
    let (written, stage) = timed(|| {
        let stage = site.open().stage(Vec::new()).unwrap();
        (0..FILES).into_par_iter().for_each_init(Vec::new, |buffer, n| {
            bytes(n, version(n), buffer);
            stage.write(&path(n), buffer).unwrap();
        });
        stage
    });
    let (switched, _) = timed(|| stage.switch(&hash("key"), &[0; 10_000]).unwrap());
    [written, switched]
}

#[test]
#[ignore = "prints figures"]
fn pace() {
    let base = tempfile::tempdir().unwrap();
    println!("milliseconds of wall time, of CPU in brackets");
    println!("{:>14} {:>15} {:>15} {:>13}", "", "stage", "switch", "/ cp -r");
    for round in 0..ROUNDS {
        for file_by_file in [false, true] {
            let root = base.path().join(format!("{round}-{file_by_file}"));
            let mut site = Site::at(&root);
            site.file_by_file = file_by_file;
            let plain_dir = root.join("plain");
            let (write, ()) = timed(|| plain(&plain_dir));
            let fresh = build(&site, |_| 0);
            let copy = || Command::new("cp").arg("-r").arg(root.join("plain")).arg(root.join("copy")).status();
            let (cp, _) = timed(|| copy().unwrap());
            let (unchanged, same) = timed(|| site.open().unchanged(&hash("key")).is_some());
            assert!(same);
            let equal = build(&site, |_| 0);
            let few = build(&site, |n| u32::from(n % 1000 == 0));
            let all = build(&site, |_| 2);
            println!("cp -r {cp}, fs::write {write}, file by file: {file_by_file}");
            let line = |name: &str, [stage, switch]: [Cost; 2]| {
                let Cost(wall, cpu) = stage + switch;
                let (wall, cpu) = (wall.div_duration_f64(cp.0), cpu.div_duration_f64(cp.1));
                println!("{name:>14} {stage} {switch}   {wall:>5.2} ({cpu:>4.2})");
            };
            line("unchanged", [unchanged, Cost::default()]);
            line("new", fresh);
            line("all equal", equal);
            line("12 changed", few);
            line("all changed", all);
        }
    }
}
