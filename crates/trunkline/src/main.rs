//! The command line. Each subcommand is a room of its own.

use std::io::{Write as _, stderr, stdout};
use std::process::ExitCode;

use clap::Parser as _;
use trunkline::commands::reach::Installation;
use trunkline::commands::{
    add, answer, bench, doctor, import, migrate, provision, quarantine, serve, simulate, switch, why,
};
use trunkline::{demo, internal};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The control plane with which an agency runs AI voice agents for many client organizations.
#[derive(clap::Parser)]
#[command(version, arg_required_else_help = true)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Migrate(migrate::Migrate),
    /// Imports from files.
    Import {
        #[command(flatten)]
        installation: Installation,
        #[command(subcommand)]
        what: import::Import,
    },
    Add(add::Add),
    Pause(switch::Pause),
    Resume(switch::Resume),
    Quarantine(quarantine::Quarantine),
    Answer(answer::Answer),
    Provision(provision::Provision),
    Why(why::Why),
    Doctor(doctor::Doctor),
    Simulate(simulate::Simulate),
    /// Measures Trunkline on this machine, beside what others use.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// What programs call, not people.
    #[command(subcommand, hide = true)]
    Internal(internal::Internal),
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        // Before anything starts a thread: the supervisor must be alone in its process.
        Command::Internal(command) => internal::run(&command).map(|()| true),
        command => run(command),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Not by returning the error, which prints a backtrace under what a person should read.
            let _ = writeln!(stderr(), "trunkline: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// False: it ran, and found something wrong.
fn run(command: Command) -> anyhow::Result<bool> {
    log_to_stderr();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        match command {
            Command::Demo(demo) => demo::run(demo).await,
            Command::Serve(serve) => serve::run(serve).await.map(|()| true),
            Command::Migrate(migrate) => migrate::run(migrate).await.map(|()| true),
            Command::Import { installation, what: import::Import::Leads(args) } => {
                let reached = installation.reach().await?;
                import::leads(&args, &reached.db, reached.now, &mut stdout()).await
            }
            Command::Add(add) => add::run(add).await.map(|()| true),
            Command::Pause(pause) => switch::pause(pause).await.map(|()| true),
            Command::Resume(resume) => switch::resume(resume).await.map(|()| true),
            Command::Quarantine(quarantine) => quarantine::run(quarantine).await.map(|()| true),
            Command::Answer(answer) => answer::run(answer).await.map(|()| true),
            Command::Provision(provision) => provision::run(provision).await,
            Command::Why(why) => why::run(&why, &mut stdout()).await,
            Command::Doctor(doctor) => doctor::run(doctor).await,
            Command::Simulate(simulate) => simulate::run(simulate).await.map(|()| true),
            Command::Bench(bench) => bench::run(bench).await,
            Command::Internal(command) => internal::run(&command).map(|()| true),
        }
    })
}

/// Warnings and worse, or what `RUST_LOG` asks for. Ids only: no phone, transcript, key or body is ever logged.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,deadpool=error,trunkline=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).init();
}
