//! What is done to a node in one of its lives.

use crate::ledger::Ledger;
use crate::node::{Node, Seat, Seen, was_killed};
use nix::sys::signal::Signal;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A life in which nobody comes to the point ends after this.
const LIFE_MAX: Duration = Duration::from_secs(10);
/// From the start of a node to its first claim.
pub(crate) const RECOVERY_MAX: Duration = Duration::from_secs(5);
/// A pause is shorter than the time after which a drill's fast protocol takes a request for dead.
const PAUSE_MS: std::ops::Range<u64> = 300..3_500;
/// After a refused start, as a service manager would.
const AFTER_A_REFUSAL: Duration = Duration::from_millis(500);
/// A node that is told to stop lets requests and loops finish; each has its own bound of 20 s.
const STOP_MAX: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy)]
enum Drill {
    /// It dies at the point, when it comes there for the nth time.
    Die { point: &'static str, nth: u32 },
    /// It stands still there for a while.
    Pause { point: &'static str, nth: u32 },
    /// It dies this long after its first claim.
    AnyTime(Duration),
}

impl Drill {
    fn draw(ledger: &Ledger, rng: &mut StdRng) -> Self {
        let neediest = ledger.neediest();
        let point = neediest[rng.random_range(0..neediest.len())];
        // A point that is hard to come to is struck at once.
        let nth = rng.random_range(1..=2);
        match rng.random_range(0..100) {
            0..8 => Self::AnyTime(Duration::from_millis(rng.random_range(0..3_000))),
            8..16 if !is_of_the_end(point) => Self::Pause { point, nth },
            _ => Self::Die { point, nth: if is_of_the_end(point) { 1 } else { nth } },
        }
    }

    fn plan(self) -> Option<String> {
        match self {
            Self::Die { point, nth } => Some(format!("{point}=abort@{nth}")),
            Self::Pause { point, nth } => Some(format!("{point}=pause@{nth}")),
            Self::AnyTime(_) => None,
        }
    }
}

/// Points that only a node comes to which is told to stop.
fn is_of_the_end(point: &str) -> bool {
    point.starts_with("drain.")
}

/// Lets a node live and die again and again until `kills` nodes have died.
pub(crate) async fn run(seat: Seat, seed: u64, kills: u32, ledger: Arc<Ledger>) -> anyhow::Result<()> {
    let mut rng = StdRng::seed_from_u64(seed);
    while ledger.kills() < kills {
        let drill = Drill::draw(&ledger, &mut rng);
        let node = seat.start(drill.plan().as_deref(), &ledger)?;
        let began = node.began;
        let (told, status) = live(node, drill, &ledger, &mut rng).await?;
        // Killed by us in the end, without having dialed or struck: it had all the time there was.
        let in_vain = (status.is_none() && told.struck.is_none()).then(|| began.elapsed());
        if let Some(after) = told.first_claim.or(in_vain) {
            note_recovery(after, began, &ledger);
        }
        if status.is_some_and(|status| !was_killed(status)) {
            ledger.start_refused();
            tokio::time::sleep(AFTER_A_REFUSAL).await;
        }
    }
    Ok(())
}

fn note_recovery(after: Duration, began: Instant, ledger: &Ledger) {
    if !ledger.was_calm_since(began) {
        return;
    }
    ledger.recovered(after);
    if after > RECOVERY_MAX {
        ledger.note(&format!("a node dialed {:.1} s after its start", after.as_secs_f64()));
    }
}

/// One life. Returns how it ended, if it was not by us.
async fn live(
    mut node: Node,
    drill: Drill,
    ledger: &Ledger,
    rng: &mut StdRng,
) -> anyhow::Result<(Seen, Option<ExitStatus>)> {
    let end = node.began + LIFE_MAX;
    match drill {
        Drill::Die { point, .. } => {
            if is_of_the_end(point) && node.until(end, |seen| seen.first_claim.is_some()).await? {
                tokio::time::sleep(Duration::from_millis(rng.random_range(0..1_500))).await;
                node.signal(Signal::SIGTERM);
                if let Some(status) = node.ended_by(Instant::now() + STOP_MAX).await? {
                    return died(node, point, status, ledger).await;
                }
            }
            if let Some(status) = node.ended_by(end).await? {
                return died(node, point, status, ledger).await;
            }
            ledger.missed(point);
            ledger.killed_at_random();
            Ok((node.kill().await?, None))
        }
        Drill::Pause { point, .. } => {
            if node.until(end, |seen| seen.struck.is_some()).await? {
                tokio::time::sleep(Duration::from_millis(rng.random_range(PAUSE_MS))).await;
                node.signal(Signal::SIGCONT);
                ledger.paused(point);
                tokio::time::sleep(Duration::from_millis(rng.random_range(0..2_000))).await;
            }
            ledger.killed_at_random();
            Ok((node.kill().await?, None))
        }
        Drill::AnyTime(after) => {
            if node.until(end, |seen| seen.first_claim.is_some()).await? {
                tokio::time::sleep(after).await;
            }
            ledger.killed_at_random();
            Ok((node.kill().await?, None))
        }
    }
}

/// The kill counts if the program itself says that it was there.
async fn died(
    node: Node,
    point: &'static str,
    status: ExitStatus,
    ledger: &Ledger,
) -> anyhow::Result<(Seen, Option<ExitStatus>)> {
    let seen = node.told().await?;
    if was_killed(status) && seen.struck.as_deref() == Some(point) {
        ledger.killed_at(point);
    }
    Ok((seen, Some(status)))
}
