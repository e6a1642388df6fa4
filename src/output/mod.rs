//! The last stage and the only one that writes: takes rendered outputs while they are made, compares them with what
//! stands in the output folder, and makes the whole new tree live at once.
//!
//! A build opens a [`Target`], asks whether anything has to be done at all ([`Target::unchanged`]), else opens a
//! [`Stage`], hands it every output from as many threads as it likes, and ends with [`Stage::switch`]. Until then the
//! live folder is not touched; a stage that is dropped leaves no trace.
//!
//! Beside an output folder `public` lies `.zhendi/public/` with a lock, the manifest of what Zhendi wrote (so a file is
//! *owned* if its path stands there, *foreign* if not), the stage, the journal of a change under way, `saved/`, where
//! hand-edited outputs go instead of being lost, and `pictures/`, where pictures that were made are kept ([`Cache`]). [`Target::open`] completes or discards whatever a killed build
//! left behind.
//!
//! No file is ever written in place: live and stage share files by hard link, so changing one would change both.

// Every other module is kept from the file system by clippy.toml; writing is this one's job.
#![allow(clippy::disallowed_methods)]

mod cache;
mod clean;
mod disk;
mod faults;
mod lock;
mod manifest;
mod stage;
mod survey;
mod switch;
mod target;
mod version;

pub use cache::Cache;
pub use clean::Cleaned;
pub use stage::{Stage, Written};
pub use switch::{Done, Way};
pub use target::{Portal, Target, Unchanged};
pub use version::Versioned;
