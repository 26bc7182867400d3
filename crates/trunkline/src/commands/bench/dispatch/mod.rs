//! `trunkline bench dispatch`: from the claim of an attempt to its end, with all limits, beside queues that others use.

mod backlog;
mod exact;
mod fairness;
mod peers;
mod queue;
mod waiting;

use super::figures::{Figures, tell};
use super::ground::Ground;
use std::io::{Write as _, stdout};
use std::path::PathBuf;

/// Measures how fast, how fair and how exact attempts are claimed, in a database of its own.
///
/// Trunkline's claim asks every limit and its end plans what comes next; both commit durably. Beside it run BullMQ on Redis
/// with `appendfsync always`, graphile-worker as it comes and tuned, and pg-boss, which enforce none of that. Rounds of
/// all are interleaved. Where the machine is shared, compare CPU per operation; time on the wall counts only while others
/// use less than 0.3 cores (`wall_clock_counts`). What each figure means is in docs/benchmarks.md.
#[derive(clap::Args, Debug)]
pub struct Dispatch {
    /// Prints the figures as one JSON object on standard output; progress goes to standard error.
    #[arg(long)]
    json: bool,
    /// Smaller amounts and one round: about a minute.
    #[arg(long)]
    quick: bool,
    /// Runs these sections only; all but the huge one without it.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "SECTION")]
    only: Vec<Section>,
    /// Rounds of each section whose figures are medians; 1 when quick.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,
    /// Where the list of the peers' packages is; they are installed beside it.
    #[arg(long, default_value = "bench/peers", value_name = "DIR")]
    peers: PathBuf,
    /// Where the database is made; removed at the end.
    #[arg(long, default_value = ".trunkline", value_name = "DIR")]
    dir: PathBuf,
}

#[derive(clap::ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    /// Claim to finish beside the peers.
    Peers,
    /// The cost of a claim with 10,000 and 1,000,000 attempts due.
    Backlog,
    /// The same with 10,000,000: takes a quarter of an hour and 15 GB.
    HugeBacklog,
    /// What 300,000 attempts that may not be made cost the other organizations.
    Blocked,
    /// Shares of one organization with very many leads and many with few.
    Fairness,
    /// Whether exactly as many are claimed as the limits allow, claimers killed meanwhile.
    Exact,
    /// From due to claimed at a thousand a second.
    Latency,
    /// What ten thousand organizations cost with nothing due.
    Idle,
}

const ALL: [Section; 7] = [
    Section::Peers,
    Section::Backlog,
    Section::Blocked,
    Section::Fairness,
    Section::Exact,
    Section::Latency,
    Section::Idle,
];

/// How much is done: all sizes follow from this.
#[derive(Debug, Clone, Copy)]
struct Scale {
    rounds: u32,
    is_quick: bool,
}

impl Scale {
    /// `whole`, or a tenth of it when quick.
    fn of(self, whole: u32) -> u32 {
        if self.is_quick { whole / 10 } else { whole }
    }
}

/// False: what must hold did not.
pub(super) async fn run(args: Dispatch) -> anyhow::Result<bool> {
    let scale = Scale { rounds: if args.quick { 1 } else { args.rounds }, is_quick: args.quick };
    let sections = if args.only.is_empty() { ALL.to_vec() } else { args.only.clone() };
    let ground = Ground::open(&args.dir).await?;
    let mut figures = Figures::default();
    let mut result = Ok(());
    for section in sections {
        tell(&format!("{section:?} …"));
        result = measure(section, &ground, scale, &args, &mut figures).await;
        if result.is_err() {
            break;
        }
    }
    ground.close().await?;
    result?;
    let found = figures.json();
    if args.json {
        writeln!(stdout(), "{found}")?;
    }
    Ok(found.get("exact").is_none_or(|exact| exact == &serde_json::json!(true)))
}

async fn measure(
    section: Section,
    ground: &Ground,
    scale: Scale,
    args: &Dispatch,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    match section {
        Section::Peers => queue::beside_peers(ground, scale, &args.peers, figures).await,
        Section::Backlog => backlog::flat(ground, scale, figures).await,
        Section::HugeBacklog => backlog::huge(ground, scale, figures).await,
        Section::Blocked => backlog::blocked(ground, scale, figures).await,
        Section::Fairness => fairness::shares(ground, scale, figures).await,
        Section::Exact => exact::limits(ground, scale, figures).await,
        Section::Latency => waiting::due_to_claimed(ground, scale, figures).await,
        Section::Idle => waiting::nothing_due(ground, scale, figures).await,
    }
}
