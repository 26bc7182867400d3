//! `trunkline bench`: what the program takes on this machine, measured beside what others use for the same work.

mod cpu;
mod dispatch;
mod figures;
mod ground;
mod intake;
mod peers;
mod seed;

/// Measures Trunkline on this machine, beside what others use.
#[derive(clap::Subcommand, Debug)]
pub enum Bench {
    Dispatch(dispatch::Dispatch),
    Intake(intake::Intake),
}

pub async fn run(bench: Bench) -> anyhow::Result<bool> {
    match bench {
        Bench::Dispatch(dispatch) => dispatch::run(dispatch).await,
        Bench::Intake(intake) => intake::run(intake).await,
    }
}
