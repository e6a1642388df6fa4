//! From the bytes of one Markdown file to a [`Document`]: encoding, front matter, Markdown. Pure: no file, no clock,
//! nothing shared, so all files are parsed in parallel and a document is reused whenever its bytes are the same.

mod document;
mod front;
mod settings;

pub use document::{Body, Document, Fill, Heading, Hole, Image, Link};
pub use front::{At, Audience, FrontMatter, SortBy};
pub use settings::{Markdown, Settings};
