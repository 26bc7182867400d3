//! From campaign to call: take turns, claim, send, reconcile. The rules are in `domain`, the rows in `store`.
//!
//! Loops are ticked: [`Dialer::tick`] does all that is due at `now` and returns, so that a test moves the clock and ticks.
//! The program runs its two halves side by side as time goes by: a round with nothing due costs a few small queries.

pub mod accounts;
mod books;
mod claim;
mod ground;
mod look;
mod polls;
mod quarantine;
mod queue;
mod reconcile;
mod send;
mod settle;
mod shared_lines;
mod sweep;
mod turn;

use crate::clock::Clock;
use crate::domain::ids::{CampaignId, OrganizationId};
use crate::domain::protocol::{Moment, Unsent};
use crate::store::organization_turns::{self, DueTurn};
use crate::store::reservations::Fenced;
use crate::store::{Db, Result, across, campaign_moves, provider_accounts};
use accounts::Accounts;
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

pub use crate::domain::protocol::Timing;
pub(crate) use look::{Look, look};

/// Organizations whose turn is taken in one claim, which holds their locks for some milliseconds.
pub const TURNS_PER_CLAIM_MAX: usize = 50;
/// Reservations, calls to ask about and campaigns looked after in one round.
const CHORES_PER_TICK_MAX: i32 = 200;
/// Accounts that are asked about their calls at the same time.
const ACCOUNTS_AT_ONCE_MAX: usize = 8;
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
    /// True: what was sent is looked after, and nothing more is claimed.
    is_draining: Arc<AtomicBool>,
    /// When it was last looked for what is due besides dialing: ticks come more often than that is worth it.
    looked_at: Arc<tokio::sync::Mutex<Option<Timestamp>>>,
    /// The same of calls to adopt, while the database is in quarantine.
    adopted_at: Arc<tokio::sync::Mutex<Option<Timestamp>>>,
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
            is_draining: Arc::default(),
            looked_at: Arc::default(),
            adopted_at: Arc::default(),
        }
    }

    /// The same dialer with other times, for a test that cannot wait as long as a provider may take.
    #[must_use]
    pub fn with_timing(self, timing: Timing) -> Self {
        Self { timing, ..self }
    }

    /// Does all that is due and returns how many attempts were taken up for sending. The sends go on in tasks of their
    /// own; [`Dialer::sent`] waits for them.
    pub async fn tick(&self) -> Result<usize> {
        self.look_after().await?;
        self.take_turns().await
    }

    /// Lets each organization whose turn it is take up attempts; returns how many.
    pub async fn take_turns(&self) -> Result<usize> {
        if self.is_draining.load(Ordering::Relaxed) {
            return Ok(0);
        }
        if !self.clock.is_trusted() {
            tracing::warn!("the database's clock is not known: nothing is dialed");
            return Ok(0);
        }
        // No more than can be sent soon: what waits for a place longer than its lease is given back.
        let turns_max = self.sends.available_permits() / turn::ATTEMPTS_PER_TURN;
        let claimed = self.claim(turns_max.clamp(1, TURNS_PER_CLAIM_MAX)).await?;
        let taken = claimed.len();
        for (organization, fenced) in claimed {
            self.spawn_send(organization, fenced).await;
        }
        Ok(taken)
    }

    /// Claims for at most so many of the organizations whose turn has come. What is claimed is to be sent within its lease.
    pub async fn claim(&self, turns_max: usize) -> Result<Vec<(OrganizationId, Fenced)>> {
        let now = self.clock.now();
        let due = organization_turns::due(&self.db, now, turns_max).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        claim::take_turns(&self.db, &due, now, &self.timing).await
    }

    /// One organization's turn, if it has come: takes up its attempts, which are to be sent within the lease.
    pub async fn take_turn(&self, organization: OrganizationId) -> Result<Vec<Fenced>> {
        let turn = DueTurn { organization, begins_at: 0 };
        let claimed = claim::take_turns(&self.db, &[turn], self.clock.now(), &self.timing).await?;
        Ok(claimed.into_iter().map(|(_, fenced)| fenced).collect())
    }

    /// Sends an attempt that a turn has taken up, unless something stands against it now.
    pub async fn send(&self, organization: OrganizationId, fenced: Fenced) -> Result<()> {
        send::send(self, organization, fenced).await
    }

    /// From now on nothing more is claimed; what was sent is looked after until it has ended.
    pub fn drain(&self) {
        self.is_draining.store(true, Ordering::Relaxed);
    }

    /// What is due besides dialing: leases that are over, calls to ask about, campaigns to start, accounts to take up. It
    /// asks the provider, which may take its time: so it goes on beside the turns, not among them.
    pub async fn look_after(&self) -> Result<()> {
        let now = self.clock.now();
        let mut looked_at = self.looked_at.lock().await;
        if !self.clock.is_trusted() || looked_at.is_some_and(|at| now.duration_since(at) < self.timing.chores) {
            return Ok(());
        }
        *looked_at = Some(now);
        provider_accounts::resume_due(&self.db, now).await?;
        // What was reserved at the time of a backup may have been sent since: it is given back when that is known.
        if !quarantine::look(self, now).await? {
            self.reap(now).await?;
        }
        for (organization, campaign) in across::campaigns_to_start(&self.db, now, CHORES_PER_TICK_MAX).await? {
            if let Err(error) = self.start(organization, campaign, now).await {
                tracing::error!(campaign.id = %campaign, ?error, "campaign {campaign} could not be started");
            }
        }
        reconcile::look_at_due(self, now).await?;
        sweep::sweep_due(self, now).await
    }

    /// Stops dialing, on every node, if this is not the database that nodes wrote to: a restored one, or another server's.
    /// Asked before a node does anything else, and with every round of what is due besides dialing.
    pub async fn recognize_database(&self) -> Result<()> {
        crate::store::quarantine::recognize(&self.db, self.clock.now()).await.map(drop)
    }

    async fn reap(&self, now: Timestamp) -> Result<()> {
        for (organization, attempt) in across::expired_reservations(&self.db, now, CHORES_PER_TICK_MAX).await? {
            failpoint!("reaper.found");
            if let Err(error) = send::release(self, organization, attempt, &Unsent::LEASE_OVER).await {
                tracing::error!(attempt.id = %attempt, ?error, "attempt {attempt} could not be released");
            }
        }
        Ok(())
    }

    async fn start(&self, organization: OrganizationId, campaign: CampaignId, now: Timestamp) -> Result<()> {
        let tx = self.db.tenant(organization).await?;
        organization_turns::lock(&tx).await?;
        failpoint!("start.begun");
        campaign_moves::start(&tx, campaign, now).await?;
        failpoint!("start.written");
        tx.commit().await?;
        failpoint!("start.committed");
        Ok(())
    }

    fn moment(&self) -> Moment {
        Moment { now: self.clock.now(), timing: self.timing }
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
            if let Err(error) = dialer.send(organization, fenced).await {
                tracing::error!(attempt.id = %fenced.attempt, ?error, "attempt {} is left to the reaper or the reconciler", fenced.attempt);
            }
        });
    }
}
