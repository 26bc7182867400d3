//! Calls that wait in the provider's queue. One that is accepted rings within two minutes, or it could ring outside of hours
//! and days that were counted: so one that still waits after a minute is deleted at the provider.

use super::accounts::OpenAccount;
use super::{Dialer, polls, reconcile};
use crate::domain::ids::ProviderAccountId;
use crate::domain::outcome::{EndedAs, Outcome};
use crate::domain::protocol::{Happening, Timing};
use crate::settlement;
use crate::store::across::ToLookAt;
use crate::store::{Result, attempts, calls, organization_turns, provider_accounts};
use jiff::{SignedDuration, Timestamp};
use vapi::{Call, CallStatus, EndedReasonGroup};

/// As the provider calls the end of a call that was deleted.
const DELETED: &str = "call-deleted";
/// It queues calls although our ledger has lines for them: somebody else uses them too.
const POOL_COOLING: SignedDuration = SignedDuration::from_secs(15);

/// Whether the provider says that the call has not begun to ring, and for how long it has not.
pub(super) fn waits_too_long(call: &Call, timing: &Timing, now: Timestamp) -> bool {
    is_queued(call) && call.created_at.is_some_and(|at| now.duration_since(at) >= timing.queued_max)
}

fn is_queued(call: &Call) -> bool {
    matches!(call.status, Some(CallStatus::Queued | CallStatus::Scheduled))
}

/// Has the provider drop the call. What is asked for is written down first, so that its end is understood whoever tells of
/// it; without an answer the call is looked at again soon.
pub(super) async fn drop_call(
    dialer: &Dialer,
    one: &ToLookAt,
    (account, open, call_id): (ProviderAccountId, &OpenAccount, &str),
    now: Timestamp,
) -> Result<()> {
    let attempt = one.attempt;
    reconcile::happen(dialer, one, Happening::Dropping, now).await?;
    if !provider_accounts::spend_request(&dialer.db, account, now).await? {
        return Ok(());
    }
    match open.client.delete_call(call_id).await {
        Ok(call) if is_dropped(&call) => {
            tracing::error!(attempt.id = %attempt, account.id = %account, "the provider had a call wait for over a minute; it is deleted");
            dropped(dialer, one, (account, call_id), now).await
        }
        // It began to ring in between. It has no record any more, so this answer is all the evidence there is.
        Ok(call) => polls::keep(&dialer.db, account, one.organization, &call, now).await,
        Err(error) => {
            tracing::warn!(attempt.id = %attempt, %error, "a call that waits at the provider could not be deleted");
            Ok(())
        }
    }
}

/// The call as it was, or as it is by being deleted.
fn is_dropped(call: &Call) -> bool {
    let is_deleted = |call: &Call| {
        call.ended_reason.as_ref().is_some_and(|reason| reason.classify().group == EndedReasonGroup::Cancelled)
    };
    is_queued(call) || call.has_ended() && call.started_at.is_none() && is_deleted(call)
}

async fn dropped(
    dialer: &Dialer,
    one: &ToLookAt,
    (account, call_id): (ProviderAccountId, &str),
    now: Timestamp,
) -> Result<()> {
    let tx = dialer.db.tenant(one.organization).await?;
    organization_turns::lock(&tx).await?;
    let mut attempt = attempts::lock(&tx, one.attempt).await?;
    let happening = Happening::Ended { ended_as: EndedAs::Maybe, reason: DELETED };
    settlement::happen(&tx, &mut attempt, happening, &dialer.moment()).await?;
    calls::drop_call(&tx, account, call_id, (DELETED, Outcome::Failed.as_str()), now).await?;
    provider_accounts::cool_pool_of(&tx, account, now + POOL_COOLING).await?;
    tx.commit().await
}
