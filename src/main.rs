//! The command line program: reads what was asked for, does it, and answers with an exit code. Everything it says and
//! every step of a command is in `cli`; what a build *is*, is in the library.

mod cli;

use std::process::ExitCode;

use cli::{Ask, Command, Console, Failure};

/// Rendering allocates small pieces from every thread at once, where the system's allocator queues.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let (ask, console) = cli::parse(std::env::args_os());
    match run(ask, &console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(console.fail(failure)),
    }
}

/// One line for each thing that can be asked for.
fn run(ask: Result<Ask, Failure>, console: &Console) -> Result<(), Failure> {
    match ask? {
        Ask::Text(text) => console.say(&text),
        Ask::Start(help) => cli::start(help, console)?,
        Ask::Do(Command::Init(options)) => cli::init(&options, console)?,
        Ask::Do(Command::New(options)) => cli::new(&options, console)?,
        Ask::Do(Command::Build(options)) => cli::build(&options, console)?,
        Ask::Do(Command::Serve(options)) => cli::serve(&options, console)?,
        Ask::Do(Command::Watch(options)) => cli::watch(&options, console)?,
        Ask::Do(Command::List(options)) => cli::list(&options, console)?,
        Ask::Do(Command::Clean(options)) => cli::clean(&options, console)?,
        Ask::Do(Command::KioskSetup(options)) => cli::kiosk_setup(&options, console)?,
        Ask::Do(Command::Screens(options)) => cli::screens(&options, console)?,
    }
    Ok(())
}
