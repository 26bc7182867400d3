//! What goes wrong around the nodes all the time: the provider's bad days, cut connections, and campaigns that begin.

use crate::cutting_proxy::{Cut, CuttingProxy};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::{Config, NoTls};
use trunkline::clock::Clock;
use vapi_sim::{CreateFault, Knobs, Simulator};

const CHANGES_EVERY: std::ops::Range<u64> = 200..1_500;

/// As if a person had stopped a campaign and set it to begin now.
const BEGIN_AGAIN: &str = "
    update campaigns
    set status = 'scheduled', starts_at = $1
    where id = (select id from campaigns where status in ('running', 'paused') order by random() limit 1)";

/// After the torture: what was paused by the bad days goes on, or nothing begins any more.
const PAUSE_ALL: &str = "
    update campaigns
    set status = 'paused', status_reason = 'the torture is over'
    where status in ('running', 'scheduled')";

/// The provider's day: a little of everything, and more of what leaves a call in doubt.
pub(crate) fn bad_day() -> Knobs {
    Knobs {
        lost_answers: 0.04,
        errors_before_create: 0.04,
        errors_after_create: 0.03,
        listing_errors: 0.05,
        ..Knobs::bad_day()
    }
}

/// Changes the weather until it is aborted.
pub(crate) async fn run(
    simulator: Arc<Simulator>,
    proxy: Arc<CuttingProxy>,
    (admin, clock): (Config, Clock),
    seed: u64,
) {
    let mut rng = StdRng::seed_from_u64(seed);
    loop {
        // An outage of webhooks lasts until the next change: what happens in it is found by asking.
        simulator.set_knobs(bad_day());
        match rng.random_range(0..9) {
            0..2 => proxy.cut_next(Cut::Before),
            2..4 => proxy.cut_next(Cut::After),
            4 => simulator.next_create(CreateFault::OverConcurrency400),
            5 => simulator.next_create(CreateFault::TooManyRequests { retry_after: None }),
            6 => simulator.next_create(CreateFault::DropBefore),
            7 => {
                simulator.set_knobs(Knobs { lose_webhooks: 1.0, ..bad_day() });
                (0..3).for_each(|_| simulator.next_create(CreateFault::DropAfter));
            }
            // The database may be away: then the next one begins.
            _ => drop(execute(&admin, BEGIN_AGAIN, Some(clock.now())).await),
        }
        tokio::time::sleep(Duration::from_millis(rng.random_range(CHANGES_EVERY))).await;
    }
}

/// Nothing more is dialed.
pub(crate) async fn calm(simulator: &Simulator, admin: &Config) -> anyhow::Result<()> {
    simulator.set_knobs(Knobs::default());
    execute(admin, PAUSE_ALL, None).await
}

async fn execute(admin: &Config, statement: &str, at: Option<jiff::Timestamp>) -> anyhow::Result<()> {
    let (client, connection) = admin.connect(NoTls).await?;
    let driver = tokio::spawn(connection);
    let done = match &at {
        Some(at) => client.execute(statement, &[at]).await,
        None => client.execute(statement, &[]).await,
    };
    driver.abort();
    done?;
    Ok(())
}
