//! `trunkline simulate`: the simulated provider alone, for trying a client or an SDK against it.

use crate::clock::Clock;
use crate::demo::BadDays;
use crate::tls;
use std::io::stdout;
use std::sync::Arc;
use vapi_sim::{StandaloneOptions, run_standalone};

/// Runs a make-believe Vapi on 127.0.0.1, furnished with an account, until it is interrupted. It prints its address and
/// its key, and how to make a first call.
#[derive(clap::Args, Debug)]
pub struct Simulate {
    /// Port on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 4500)]
    port: u16,
    /// What it leaves to chance follows from this number.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    bad_days: BadDays,
}

pub async fn run(simulate: Simulate) -> anyhow::Result<()> {
    tls::install();
    let Simulate { port, seed, bad_days } = simulate;
    let options = StandaloneOptions { port, seed, clock: Arc::new(Clock::machine), knobs: bad_days.knobs() };
    Ok(run_standalone(options, stdout()).await?)
}
