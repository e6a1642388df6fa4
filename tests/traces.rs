//! The proof of traces, against the whole of [`zhendi::build`]: that they are sound (what differs was read), exact
//! (what was not read is kept), that a rebuild equals a clean build, and that every kind of fact is alive (dropping it
//! loses something).
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail, and may touch folders")]

mod support;

#[path = "traces/alive.rs"]
mod alive;
#[path = "traces/exact.rs"]
mod exact;
#[path = "traces/portal.rs"]
mod portal;
#[path = "traces/random.rs"]
mod random;
#[path = "traces/site.rs"]
mod site;
#[path = "traces/taken.rs"]
mod taken;
