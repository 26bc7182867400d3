//! From campaign to call: take turns, claim, send, reconcile. The rules are in `domain`, the rows in `store`.
//!
//! Loops are ticked: [`Dialer::tick`] does all that is due at `now` and returns, so that a test moves the clock and ticks,
//! and the program ticks as time goes by. A tick with nothing due costs one small query.

pub mod accounts;
mod books;
mod claim;
mod polls;
mod reconcile;
mod send;
mod settle;
mod sweep;
mod timing;

use crate::clock::Clock;
use crate::domain::ids::OrganizationId;
use crate::store::reservations::Fenced;
use crate::store::{Db, Result, across, campaign_moves, organization_turns, provider_accounts};
use accounts::Accounts;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

pub use timing::Timing;

/// Organizations whose turn is taken in one tick.
const TURNS_PER_TICK_MAX: i32 = 64;
/// Reservations, unknown calls and campaigns looked after in one tick.
const CHORES_PER_TICK_MAX: i32 = 200;
/// Requests to create a call under way at once, over all accounts. Each holds a task and, briefly, a connection.
const SENDS_AT_ONCE_MAX: usize = 64;
/// How long to wait between two ticks when nothing was due.
pub const IDLE: Duration = Duration::from_millis(200);

/// Cheap to clone; all clones are one dialer.
#[derive(Clone)]
pub struct Dialer {
    db: Db,
    clock: Clock,
    accounts: Arc<Accounts>,
    timing: Timing,
    /// Where the provider reaches us, without a slash at its end.
    public_url: Arc<str>,
    sends: Arc<Semaphore>,
    tasks: TaskTracker,
    /// When chores were last looked for: ticks come more often than that is worth it.
    chores_at: Arc<tokio::sync::Mutex<Option<Timestamp>>>,
}

impl Dialer {
    pub fn new(db: Db, clock: Clock, accounts: Arc<Accounts>, public_url: &str) -> Self {
        let timing = Timing::at_speed(clock.speed());
        Self {
            db,
            clock,
            accounts,
            timing,
            public_url: public_url.trim_end_matches('/').into(),
            sends: Arc::new(Semaphore::new(SENDS_AT_ONCE_MAX)),
            tasks: TaskTracker::new(),
            chores_at: Arc::default(),
        }
    }

    /// Does what is due and returns how many attempts were taken up for sending. The sends go on in tasks of their own;
    /// [`Dialer::sent`] waits for them.
    pub async fn tick(&self) -> Result<usize> {
        if !self.clock.is_trusted() {
            tracing::warn!("the database's clock is not known: nothing is dialed");
            return Ok(0);
        }
        self.chores().await?;
        let organizations = organization_turns::due(&self.db, self.clock.now(), TURNS_PER_TICK_MAX).await?;
        let mut taken = 0;
        for organization in organizations {
            let fenced = claim::take_turn(&self.db, organization, self.clock.now(), &self.timing).await;
            match fenced {
                Ok(fenced) => {
                    taken += fenced.len();
                    for one in fenced {
                        self.spawn_send(organization, one).await;
                    }
                }
                // One organization's trouble is not the others'.
                Err(error) => tracing::error!(organization.id = %organization, ?error, "a turn failed"),
            }
        }
        Ok(taken)
    }

    /// Waits until every send that was taken up has its answer written down.
    pub async fn sent(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    async fn spawn_send(&self, organization: OrganizationId, fenced: Fenced) {
        let permit = self.sends.clone().acquire_owned().await.expect("the semaphore is never closed");
        let dialer = self.clone();
        self.tasks.spawn(async move {
            let _permit = permit;
            if let Err(error) = send::send(&dialer, organization, fenced).await {
                tracing::error!(attempt.id = %fenced.attempt, ?error, "attempt {} is left to the reaper or the reconciler", fenced.attempt);
            }
        });
    }

    /// What is due besides dialing: leases that are over, calls to ask about, campaigns to start, accounts to take up.
    async fn chores(&self) -> Result<()> {
        let now = self.clock.now();
        let mut chores_at = self.chores_at.lock().await;
        if chores_at.is_some_and(|at| now.duration_since(at) < self.timing.chores) {
            return Ok(());
        }
        *chores_at = Some(now);
        provider_accounts::resume_due(&self.db, now).await?;
        for (organization, campaign) in across::campaigns_to_start(&self.db, now, CHORES_PER_TICK_MAX).await? {
            let tx = self.db.tenant(organization).await?;
            campaign_moves::start(&tx, campaign, now).await?;
            tx.commit().await?;
        }
        for (organization, attempt) in across::expired_reservations(&self.db, now, CHORES_PER_TICK_MAX).await? {
            send::reap(self, organization, attempt, now).await?;
        }
        reconcile::look_at_due(self, now).await?;
        sweep::sweep_due(self, now).await
    }
}
