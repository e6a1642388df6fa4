//! The output folder, driven through `zhendi::output` on real folders, mounts, users and killed processes.
#![allow(clippy::disallowed_methods, reason = "tests look at what was written")]
#![allow(clippy::unwrap_used)] // helpers of tests: a failed step is a failed test

#[path = "output/changes.rs"]
mod changes;
#[path = "output/clean.rs"]
mod clean;
#[path = "output/crash.rs"]
mod crash;
#[path = "output/every_step.rs"]
mod every_step;
#[path = "output/faults.rs"]
mod faults;
#[path = "output/pace.rs"]
mod pace;
#[path = "output/places.rs"]
mod places;
#[path = "output/properties.rs"]
mod properties;
#[path = "output/support.rs"]
mod support;
#[path = "output/versions.rs"]
mod versions;
