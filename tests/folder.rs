//! `zhendi watch` as it is run: a folder that follows every edit, keeps what it held while something is wrong, and is
//! whole at every moment for a web server that reads it.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail, and may touch folders")]

mod support;

#[path = "folder/folder.rs"]
mod folder;
#[path = "folder/nginx.rs"]
mod nginx;
#[path = "folder/running.rs"]
mod running;
#[path = "folder/words.rs"]
mod words;
