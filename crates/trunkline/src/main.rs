//! The command line. Each subcommand is a function of its own module.

use std::io::{Write as _, stderr};
use std::process::ExitCode;

use clap::Parser as _;
use trunkline::internal;

#[derive(clap::Parser)]
enum Command {
    /// What programs call, not people.
    #[command(subcommand, hide = true)]
    Internal(internal::Internal),
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Internal(command) => internal::run(&command),
    };
    let Err(error) = result else { return ExitCode::SUCCESS };
    // Not by returning the error, which prints a backtrace under what a person should read.
    let _ = writeln!(stderr(), "trunkline: {error:#}");
    ExitCode::FAILURE
}
