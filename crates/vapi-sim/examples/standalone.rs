//! Runs the simulator on its own: `cargo run -p vapi-sim --example standalone -- [port] [seed]`.

use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;
use vapi_sim::{Knobs, StandaloneOptions, run_standalone};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().and_then(|port| port.parse().ok()).unwrap_or(0);
    let seed = arguments.next().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let clock = Arc::new(|| Timestamp::try_from(SystemTime::now()).expect("the clock shows a year before 10000"));
    let options = StandaloneOptions { port, seed, clock, knobs: Knobs::default() };
    run_standalone(options, std::io::stdout()).await
}
