//! Webhooks in: authenticate, attribute, keep, answer; then apply.
//!
//! Invariant: an event is kept before it is answered with 200 and before it has any effect
//! (`a_webhook_is_kept_before_it_is_answered`). The one endpoint serves all assistants of all organizations.

mod adopt;
mod answers;
mod apply;
mod body;
mod consequences;
mod dedupe_key;
mod endpoint;
mod gate;
mod nul;
mod number_watch;
mod recorder;
mod refusals;
mod rounds;
mod translate;

use crate::clock::Clock;
use crate::domain::ids::{OrganizationId, ProviderAccountId};
use crate::domain::protocol::{Moment, Timing};
use crate::store::across::Clues;
use crate::store::cached::Cached;
use crate::store::changes::{Changes, Topic};
use crate::store::owners::{self, Owners};
use crate::store::{Db, Result, across};
use crate::vault::Vault;
use body::Room;
use gate::Gate;
use recorder::Recorder;
use refusals::Refusals;
use std::sync::Arc;
use std::time::Duration;

use answers::Answers;
pub use answers::Reach;
pub use endpoint::router;

/// Events taken up in one tick.
const EVENTS_PER_TICK_MAX: i32 = 500;
/// Events, of any organizations, that share a transaction.
const EVENTS_PER_TRANSACTION_MAX: usize = 125;
/// Unattributed events that are looked at again when something new may explain them.
const UNATTRIBUTED_MAX: i32 = 200;

/// What was read last serves after this, so that a live call does not wait for a database that is away.
const READ_TIMEOUT: Duration = Duration::from_secs(1);

/// What an intake is made of.
pub struct Settings {
    pub db: Db,
    pub vault: Vault,
    pub clock: Clock,
    pub public_url: String,
    pub reach: Reach,
}

/// Cheap to clone; all clones are one intake.
#[derive(Clone)]
pub struct Intake {
    db: Db,
    clock: Clock,
    gate: Arc<Gate>,
    recorder: Recorder,
    room: Room,
    refusals: Arc<Refusals>,
    owners: Arc<Cached<Option<Owners>>>,
    answers: Arc<Answers>,
    /// As the provider knows us: some signatures cover the address.
    public_url: Arc<str>,
}

impl Intake {
    pub fn start(settings: Settings, changes: &Changes) -> Self {
        let Settings { db, vault, clock, public_url, reach } = settings;
        let gate = Arc::new(Gate::new(db.clone(), vault.clone(), changes, clock.clone()));
        let recorder = Recorder::start(db.clone());
        let owners = Arc::new(Cached::new(changes, Topic::Owners));
        let answers = Arc::new(Answers::new(db.clone(), vault, clock.clone(), changes, reach));
        let public_url = public_url.trim_end_matches('/').into();
        let (room, refusals) = (Room::new(), Arc::default());
        Self { db, clock, gate, recorder, room, refusals, owners, answers, public_url }
    }

    /// Whose the assistant or the number of a message is, from memory. A call or an attempt that the ledger knows tells
    /// better, and is asked for when the message is kept.
    async fn owner(&self, account: ProviderAccountId, clues: Clues<'_>) -> Result<Option<OrganizationId>> {
        let owners = at_hand(&self.owners, self.owners.get(|| owners::all(&self.db))).await?;
        match owners.as_ref() {
            Some(owners) => Ok(owners.of(account, clues)),
            None => across::attribute(&self.db, account, clues).await,
        }
    }

    /// Tells how many webhooks were refused for their credential since the last time.
    pub async fn tell_refusals(&self) -> Result<()> {
        self.refusals.tell(&self.db, self.clock.now()).await
    }

    /// Applies kept events and returns how many; fewer than were taken up if some were set aside.
    pub async fn apply(&self) -> Result<usize> {
        let moment = Moment { now: self.clock.now(), timing: Timing::at_speed(self.clock.speed()) };
        let due = across::events_to_apply(&self.db, EVENTS_PER_TICK_MAX).await?;
        let mut applied = 0;
        for batch in due.chunks(EVENTS_PER_TRANSACTION_MAX) {
            applied += apply::apply(&self.db, batch, &moment).await?;
        }
        Ok(applied)
    }

    /// Looks again for whose the unattributed events are, the latest first: an assistant or a number may have been
    /// entered meanwhile. Returns how many found their organization.
    pub async fn adopt_unattributed(&self) -> Result<usize> {
        let mut adopted = 0;
        for event in across::unattributed_events(&self.db, UNATTRIBUTED_MAX).await? {
            let Ok(head) = vapi::MessageHead::parse(&nul::without_nul(&event.body)) else { continue };
            let clues = endpoint::clues(&head, event.attempt);
            if let Some(organization) = across::attribute(&self.db, event.account, clues).await? {
                adopted += usize::from(across::adopt(&self.db, event.id, organization).await?);
            }
        }
        Ok(adopted)
    }
}

/// What a copy gives, or as it was read last if the database does not tell in time. Then nothing can be kept either, but
/// for the answer to a live question.
async fn at_hand<T>(copy: &Cached<T>, reading: impl Future<Output = Result<Arc<T>>>) -> Result<Arc<T>> {
    let read = tokio::time::timeout(READ_TIMEOUT, reading).await;
    let read = read.unwrap_or_else(|late| Err(crate::store::Error::Database(late.into())));
    read.or_else(|error| copy.last().ok_or(error))
}
