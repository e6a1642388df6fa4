//! The property that rebuilding stands on: whatever was edited, and whatever had been asked for in between, the outputs
//! that are kept and those that are made again are together what a clean build of the same sources gives.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail, and may touch folders")]
#![allow(dead_code, reason = "portals and sites are shared with the proof of traces, which uses more of them")]

mod support;

#[path = "rebuild/check.rs"]
mod check;
#[path = "rebuild/disk.rs"]
mod disk;
#[path = "rebuild/known.rs"]
mod known;
#[path = "traces/portal.rs"]
mod portal;
#[path = "rebuild/related.rs"]
mod related;
#[path = "rebuild/scripts.rs"]
mod scripts;
#[path = "traces/site.rs"]
mod site;
#[path = "rebuild/watched.rs"]
mod watched;
