//! What comes of an attempt: each way in which it can end, with what that gives back, and with the next try. Used by the
//! dialer and by intake, because both learn of ends.
//!
//! The caller holds the organization's lock. What is decided here is decided by `domain`; this room brings decision and
//! rows together.

use crate::domain::ids::AttemptId;
use crate::domain::outcome::{EndedAs, Outcome};
use crate::domain::retry_policy::{Next, RetryPlan, Tries};
use crate::domain::status::{AttemptState, Disposition};
use crate::store::attempts::{self, Attempt, Closing};
use crate::store::{Result, TenantTx};
use jiff::{SignedDuration, Timestamp};

/// After absence is proven: the ring gap of the phone holds besides.
const NOT_CREATED_RETRY: SignedDuration = SignedDuration::from_mins(10);

/// Nothing was sent, or nothing arrived: units and line go back, and the same try is planned again.
pub async fn release(
    tx: &TenantTx,
    attempt: &Attempt,
    because: &str,
    retry_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    let state = if attempt.campaign_is_over { AttemptState::Cancelled } else { AttemptState::Released };
    attempts::close(tx, attempt.id, unsent(state, because), now).await?;
    attempts::give_back_units(tx, attempt).await?;
    attempts::free_lines(tx, attempt, now).await?;
    again(tx, attempt, retry_at, because, now).await
}

/// The provider refused for certain, and the lead is not to blame: units and line go back, the lead waits until
/// `retry_at`, when what is to blame may be mended.
pub async fn refused(
    tx: &TenantTx,
    attempt: &Attempt,
    because: &str,
    retry_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    attempts::close(tx, attempt.id, unsent(AttemptState::Rejected, because), now).await?;
    attempts::give_back_units(tx, attempt).await?;
    attempts::free_lines(tx, attempt, now).await?;
    again(tx, attempt, retry_at, because, now).await
}

/// The provider refused for certain because of the lead itself: it is excluded from the campaign.
pub async fn refused_lead(tx: &TenantTx, attempt: &Attempt, because: &str, now: Timestamp) -> Result<()> {
    attempts::close(tx, attempt.id, unsent(AttemptState::Rejected, because), now).await?;
    attempts::give_back_units(tx, attempt).await?;
    attempts::free_lines(tx, attempt, now).await?;
    attempts::finish(tx, attempt, Disposition::Excluded, Some(because), (attempt.attempts_made, now)).await
}

/// Absence is proven. The unit stays spent, whatever comes to light later (dispatch protocol, L2).
pub async fn not_created(tx: &TenantTx, attempt: &Attempt, now: Timestamp) -> Result<()> {
    let because = "the provider has no such call";
    attempts::close(tx, attempt.id, Closing { never_dialed: false, ..unsent(AttemptState::NotCreated, because) }, now)
        .await?;
    attempts::free_lines(tx, attempt, now).await?;
    again(tx, attempt, now + NOT_CREATED_RETRY, because, now).await
}

/// The call is over: the attempt ends, and the retry plan says what comes next.
pub async fn ended(
    tx: &TenantTx,
    attempt: &Attempt,
    ended_as: EndedAs,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let outcome = ended_as.outcome();
    let never_dialed = ended_as.gives_back_the_try();
    let closing = Closing {
        state: AttemptState::Ended,
        outcome: Some(outcome.as_str()),
        because: Some(reason),
        never_dialed,
    };
    attempts::close(tx, attempt.id, closing, now).await?;
    attempts::free_lines(tx, attempt, now).await?;
    if never_dialed {
        attempts::give_back_units(tx, attempt).await?;
    }
    let made = if never_dialed { attempt.attempts_made } else { attempt.attempts_made + 1 };
    if attempt.campaign_is_over {
        return attempts::finish(tx, attempt, Disposition::Cancelled, Some(outcome.as_str()), (made, now)).await;
    }
    let of_this_outcome = attempts::count_of_outcome(tx, attempt.enrollment, outcome.as_str()).await?;
    let tries = Tries { counted: count(made.into()), of_this_outcome: count(of_this_outcome) };
    match next(attempt, outcome, tries, now) {
        Next::At(due_at) => attempts::plan_next(tx, attempt, made, due_at, (Some(outcome.as_str()), now)).await,
        Next::Done(disposition) => {
            attempts::finish(tx, attempt, disposition, Some(outcome.as_str()), (made, now)).await
        }
    }
}

fn next(attempt: &Attempt, outcome: Outcome, tries: Tries, now: Timestamp) -> Next {
    let plan = serde_json::from_value::<RetryPlan>(attempt.retry_plan.clone()).unwrap_or_else(|error| {
        tracing::error!(campaign.id = %attempt.campaign, %error, "the retry plan cannot be read: the default is used");
        RetryPlan::default()
    });
    plan.next_try(tries, outcome, now, jitter(attempt.id))
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// The next attempt of an enrollment whose try did not ring, or its end.
async fn again(tx: &TenantTx, attempt: &Attempt, due_at: Timestamp, because: &str, now: Timestamp) -> Result<()> {
    let made = attempt.attempts_made;
    if attempt.campaign_is_over {
        return attempts::finish(tx, attempt, Disposition::Cancelled, Some(because), (made, now)).await;
    }
    attempts::plan_next(tx, attempt, made, due_at, (Some(because), now)).await
}

fn unsent(state: AttemptState, because: &str) -> Closing<'_> {
    Closing { state, outcome: None, because: Some(because), never_dialed: true }
}

/// A fraction that is the same whenever it is asked for: retries of many leads spread, and a replay gives the same time.
fn jitter(attempt: AttemptId) -> f64 {
    let low = attempt.0.as_u128() & 0xffff;
    f64::from(u16::try_from(low).unwrap_or(0)) / f64::from(u16::MAX)
}
