//! `trunkline bench intake`: webhooks from the socket to the commit, beside the endpoint that one would write with Fastify.

mod flood;
mod limit;
mod load;
mod messages;
mod server;
mod slow;

use super::cpu::Measure;
use super::figures::{Figures, Rounds, tell};
use super::ground::Ground;
use super::seed::Seed;
use load::Load;
use messages::{Kind, Senders};
use server::{Peer, Server};
use std::io::{Write as _, stdout};
use std::path::PathBuf;
use std::time::Duration;

/// Organizations whose assistants the webhooks are about.
const ORGANIZATIONS: u32 = 500;
const CONNECTIONS: [usize; 3] = [16, 64, 256];
/// At which the ratios are told.
const USUAL: usize = 64;

/// Measures how webhooks are taken in: by this very program as `serve` runs it, in a database of its own.
///
/// Authentication, attribution and applying are at work; 200 follows the commit. Beside it run Fastify with pg as one would
/// write it and with a cache and prepared statements, over the same server with the same durability, and the plain insertion
/// of the same bytes in batches. Rounds of all are interleaved. Where the machine is shared, compare CPU per webhook.
#[derive(clap::Args, Debug)]
pub struct Intake {
    /// Prints the figures as one JSON object on standard output; progress goes to standard error.
    #[arg(long)]
    json: bool,
    /// One round of shorter runs: about a minute.
    #[arg(long)]
    quick: bool,
    /// Rounds whose figures are medians; 1 when quick.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    rounds: u32,
    /// Where the list of the peers' packages is; they are installed beside it.
    #[arg(long, default_value = "bench/peers", value_name = "DIR")]
    peers: PathBuf,
    /// Where the database is made; removed at the end.
    #[arg(long, default_value = ".trunkline", value_name = "DIR")]
    dir: PathBuf,
}

/// How long is measured, and how often.
#[derive(Debug, Clone, Copy)]
struct Scale {
    rounds: u32,
    run: Duration,
    connections: &'static [usize],
}

/// False: what must hold did not.
pub(super) async fn run(args: Intake) -> anyhow::Result<bool> {
    let scale = if args.quick {
        Scale { rounds: 1, run: Duration::from_secs(2), connections: &CONNECTIONS[1..2] }
    } else {
        Scale { rounds: args.rounds, run: Duration::from_secs(4), connections: &CONNECTIONS }
    };
    let ground = Ground::open(&args.dir).await?;
    let mut figures = Figures::default();
    let result = measure(&ground, scale, &args, &mut figures).await;
    ground.close().await?;
    result?;
    let found = figures.json();
    if args.json {
        writeln!(stdout(), "{found}")?;
    }
    Ok(found.get("acknowledged_are_kept_once") == Some(&true.into()))
}

async fn measure(ground: &Ground, scale: Scale, args: &Intake, figures: &mut Figures) -> anyhow::Result<()> {
    let agency = ground.agency("intake", &Seed { campaigns: 0, ..Seed::roomy(ORGANIZATIONS, 1) }).await?;
    let senders = Senders::furnished(ground, &agency).await?;
    let ours = Server::trunkline(ground, &agency, &senders).await?;
    let mut contenders = vec![Contender::new("trunkline", ours)];
    for peer in [Peer::Plain, Peer::Tuned] {
        match Server::peer(ground, &args.peers, peer, &senders).await {
            Ok(server) => contenders.push(Contender::new(peer.name(), server)),
            Err(error) => tell(&format!("{} is left out: {error:#}.", peer.name())),
        }
    }
    let mut limit = Rounds::default();
    for round in 1..=scale.rounds {
        tell(&format!("Round {round} of {} …", scale.rounds));
        for (kind, connections) in works(scale) {
            for contender in &mut contenders {
                contender.server.reset().await?;
                let load = Load { connections, ..Load::closed(&contender.server, &senders, kind, scale.run) };
                contender.round(ground, &load, (kind, connections)).await?;
            }
        }
        limit.add(limit::batched_inserts(ground, &senders, scale.run).await?);
    }
    report(&contenders, &limit, scale, figures);
    let ours = &contenders[0].server;
    ours.reset().await?;
    flood::live_answers(ours, &senders, scale.run * 2, figures).await?;
    slow::slow_senders(ours, &senders, scale.run * 2, figures).await?;
    figures.set("rss_mb", ours.peak_memory_mb()?);
    let (acknowledged, kept) = contenders[0].server.acknowledged_and_kept().await?;
    figures.set_fact("acknowledged_are_kept_once", acknowledged == kept);
    Ok(())
}

/// What is measured of each contender, in the order of a round.
fn works(scale: Scale) -> impl Iterator<Item = (Kind, usize)> {
    let all = move |kind| scale.connections.iter().map(move |connections| (kind, *connections));
    all(Kind::StatusUpdate).chain(all(Kind::Report))
}

/// A server with what was measured of it.
struct Contender {
    name: &'static str,
    server: Server,
    found: Vec<Found>,
}

struct Found {
    work: (Kind, usize),
    rounds: Rounds,
    p50_ms: Vec<f64>,
    p99_ms: Vec<f64>,
}

impl Contender {
    fn new(name: &'static str, server: Server) -> Self {
        Self { name, server, found: Vec::new() }
    }

    async fn round(&mut self, ground: &Ground, load: &Load<'_>, work: (Kind, usize)) -> anyhow::Result<()> {
        let meter = self.server.meter(ground)?;
        let outcome = load.run().await?;
        let measure: Measure = meter.stop(outcome.ok)?;
        self.server.acknowledge(outcome.ok);
        if outcome.failed > 0 {
            tell(&format!("{} of {} were not answered with 200.", outcome.failed, self.name));
        }
        let place = self.found.iter().position(|found| found.work == work).unwrap_or_else(|| {
            self.found.push(Found { work, rounds: Rounds::default(), p50_ms: Vec::new(), p99_ms: Vec::new() });
            self.found.len() - 1
        });
        let found = &mut self.found[place];
        found.rounds.add(measure);
        found.p50_ms.push(outcome.latencies.percentile_ms(50.0));
        found.p99_ms.push(outcome.latencies.percentile_ms(99.0));
        Ok(())
    }

    fn of(&self, work: (Kind, usize)) -> Option<&Found> {
        self.found.iter().find(|found| found.work == work)
    }
}

fn report(contenders: &[Contender], limit: &Rounds, scale: Scale, figures: &mut Figures) {
    for contender in contenders {
        for found in &contender.found {
            let (kind, connections) = found.work;
            let name = format!("{}_{}_c{connections}", contender.name, kind.name());
            figures.set_rounds(&name, &found.rounds);
            figures.set(&format!("{name}_p50_ms"), super::figures::median(found.p50_ms.iter().copied()));
            figures.set(&format!("{name}_p99_ms"), super::figures::median(found.p99_ms.iter().copied()));
        }
    }
    let ours = |kind| contenders[0].of((kind, USUAL));
    for peer in &contenders[1..] {
        for kind in [Kind::StatusUpdate, Kind::Report] {
            let (Some(ours), Some(theirs)) = (ours(kind), peer.of((kind, USUAL))) else { continue };
            let name = kind.name();
            figures
                .set(&format!("ratio_to_{}_{name}", peer.name), ours.rounds.per_second() / theirs.rounds.per_second());
            figures.set(&format!("cpu_ratio_to_{}_{name}", peer.name), ours.rounds.cpu_us() / theirs.rounds.cpu_us());
        }
    }
    figures.set_rounds("limit", limit);
    let most = scale.connections.last().copied().unwrap_or(USUAL);
    if let Some(ours) = contenders[0].of((Kind::StatusUpdate, most)) {
        figures.set("ratio_to_limit", ours.rounds.per_second() / limit.per_second());
    }
}
