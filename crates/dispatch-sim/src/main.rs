//! Runs Trunkline's own dispatch decisions in a world where everything fails, on a clock of its own: one seed, one run.
//!
//! What is real here: the policy, the steps of the protocol, the order of a send, the reading of listings, the retry plan,
//! zones and hours, all of the product's crates. What is made up: Postgres, the provider, the network, time and the
//! workers' lives. What rang is the provider's word, and everything is held against it.

mod checks;
mod chores;
mod claim;
mod database;
mod faults;
mod mishaps;
#[cfg(feature = "mutants")]
mod mutants;
mod provider;
mod runs;
mod setting;
mod story;
mod worker;
mod world;

use clap::{Parser, Subcommand};

/// Runs the dispatch protocol against every fault there is, and checks what rang.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Many runs, each with a seed of its own; exits with 1 if one of them breaks a property.
    Run {
        /// How many seeds.
        #[arg(long, default_value_t = 5000)]
        seeds: u64,
        /// The first seed.
        #[arg(long, default_value_t = 1)]
        base: u64,
        /// Runs at the same time.
        #[arg(long, default_value_t = 2)]
        threads: u64,
    },
    /// One run, told step by step.
    Seed {
        seed: u64,
        /// The protection to switch off, such as `no_settle`; needs the feature `mutants`.
        #[arg(long)]
        without: Option<String>,
    },
    /// Switches off each protection, one after the other, and demands that it is noticed.
    #[cfg(feature = "mutants")]
    Mutants {
        /// Seeds tried for each at most; it stops at the first that notices.
        #[arg(long, default_value_t = 3000)]
        seeds: u64,
        #[arg(long, default_value_t = 1)]
        base: u64,
    },
}

fn main() -> std::process::ExitCode {
    let is_good = match Arguments::parse().command {
        Command::Run { seeds, base, threads } => runs::run(seeds, base, threads),
        Command::Seed { seed, without } => runs::tell(seed, without.as_deref()),
        #[cfg(feature = "mutants")]
        Command::Mutants { seeds, base } => mutants::gate(seeds, base),
    };
    if is_good { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
