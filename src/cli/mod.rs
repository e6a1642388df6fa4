//! The command line, outermost of all: turns words into one call of `source`, the library's `build` and `output`, and
//! what those answer into words. One file for each command; `args` says what may be typed, `console` how it is said.

mod archetype;
mod args;
mod build;
mod clean;
mod console;
mod files;
mod init;
mod kiosk;
mod list;
mod memory;
mod new;
mod place;
mod progress;
mod screens;
mod serve;
mod start;
mod summary;
mod table;
mod times;
mod told;
mod usage;
mod watch;

pub use args::{Ask, Command, parse};
pub use build::build;
pub use clean::clean;
pub use console::{Console, Failure};
pub use init::init;
pub use kiosk::kiosk_setup;
pub use list::list;
pub use new::new;
pub use screens::screens;
pub use serve::serve;
pub use start::start;
pub use watch::watch;
