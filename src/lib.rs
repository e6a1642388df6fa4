//! Zhendi turns one tree of Markdown into a static site for each of a bureau's offices.

pub mod content;
pub mod diag;
pub mod source;
pub mod tree;
