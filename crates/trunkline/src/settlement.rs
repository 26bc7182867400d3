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

/// The provider refused for certain, and the lead is not to blame: units and line go back, and the lead is due at once.
/// The caller holds back what is to blame, after this: pools are locked before accounts.
pub async fn refused(tx: &TenantTx, attempt: &Attempt, because: &str, now: Timestamp) -> Result<()> {
    attempts::close(tx, attempt.id, unsent(AttemptState::Rejected, because), now).await?;
    attempts::give_back_units(tx, attempt).await?;
    attempts::free_lines(tx, attempt, now).await?;
    again(tx, attempt, now, because, now).await
}

/// The provider refused for certain because of the lead itself: it is excluded from the campaign.
pub async fn refused_lead(tx: &TenantTx, attempt: &Attempt, because: &str, now: Timestamp) -> Result<()> {
    attempts::close(tx, attempt.id, unsent(AttemptState::Rejected, because), now).await?;
    attempts::give_back_units(tx, attempt).await?;
    attempts::free_lines(tx, attempt, now).await?;
    attempts::finish(tx, attempt, Disposition::Excluded, Some(because), (attempt.attempts_made, now)).await
}

/// A call of this attempt exists, whoever told us first. True if it is the attempt's own call, which is then accepted; a
/// call after the attempt was closed without one, or a second call, is an incident that a person sees.
pub async fn call_exists(
    tx: &TenantTx,
    attempt: &mut Attempt,
    call_id: &str,
    look_at: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    use AttemptState as State;
    let id = attempt.id;
    if let Some(known) = &attempt.provider_call_id {
        let is_own = known == call_id;
        match attempt.state {
            State::Held if is_own => {
                attempts::accept(tx, attempt, (call_id, State::Accepted), now, Some(look_at)).await?;
            }
            State::Accepted | State::Held | State::Ended | State::AcceptedLate if !is_own => {
                tracing::error!(attempt.id = %id, "attempt {id} has a second call");
                attempts::mark_conflict(tx, attempt, "the provider has a second call of it").await?;
            }
            _ => {}
        }
        return Ok(is_own);
    }
    match attempt.state {
        State::Sending | State::Unknown | State::Held => {
            attempts::accept(tx, attempt, (call_id, State::Accepted), now, Some(look_at)).await?;
            Ok(true)
        }
        State::NotCreated | State::Released | State::Rejected | State::Cancelled => {
            tracing::error!(attempt.id = %id, "attempt {id} was closed without a call, and one came to light");
            // Its phone rings after all: it counts again, whatever was given back.
            if attempt.never_dialed {
                attempts::take_units_again(tx, attempt).await?;
            }
            attempts::accept(tx, attempt, (call_id, State::AcceptedLate), now, None).await?;
            Ok(true)
        }
        // Nothing was sent, and the marker is somebody's invention; or there is a call already, as handled above.
        State::Scheduled | State::Reserved | State::Accepted | State::Ended | State::AcceptedLate | State::Conflict => {
            Ok(false)
        }
    }
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
pub async fn ended(tx: &TenantTx, attempt: &Attempt, ended_as: EndedAs, reason: &str, now: Timestamp) -> Result<()> {
    let outcome = ended_as.outcome();
    let is_the_leads = !ended_as.says_nothing_of_the_lead();
    let never_dialed = ended_as.gives_back_the_try();
    let closing = Closing {
        // A second call of the attempt stays in a person's sight.
        state: if attempt.state == AttemptState::Conflict { AttemptState::Conflict } else { AttemptState::Ended },
        // The retry plan counts by outcome: what is not the lead's is none of it.
        outcome: is_the_leads.then_some(outcome.as_str()),
        because: Some(reason),
        never_dialed,
    };
    attempts::close(tx, attempt.id, closing, now).await?;
    attempts::free_lines(tx, attempt, now).await?;
    if never_dialed {
        attempts::give_back_units(tx, attempt).await?;
    }
    if !is_the_leads {
        return again(tx, attempt, now, reason, now).await;
    }
    let made = if never_dialed { attempt.attempts_made } else { attempt.attempts_made + 1 };
    let followed = follow(tx, attempt, outcome, made, now).await?;
    match followed {
        Next::At(due_at) => attempts::plan_next(tx, attempt, made, due_at, (Some(outcome.as_str()), now)).await,
        Next::Done(disposition) => {
            attempts::finish(tx, attempt, disposition, Some(outcome.as_str()), (made, now)).await
        }
    }
}

/// The attempt was closed otherwise, and then it came to light that the lead was reached: the try that was planned is
/// withdrawn. So the end and the report that tells of the conversation may come in either order.
pub async fn reached_after_all(tx: &TenantTx, attempt: &Attempt, now: Timestamp) -> Result<()> {
    let outcome = Outcome::Answered.as_str();
    attempts::correct_outcome(tx, attempt.id, outcome).await?;
    if attempts::withdraw_planned(tx, attempt.enrollment, outcome, now).await? {
        attempts::finish(tx, attempt, Disposition::Reached, Some(outcome), (attempt.attempts_made, now)).await?;
    }
    Ok(())
}

async fn follow(tx: &TenantTx, attempt: &Attempt, outcome: Outcome, made: i32, now: Timestamp) -> Result<Next> {
    if attempt.campaign_is_over && outcome != Outcome::Answered {
        return Ok(Next::Done(Disposition::Cancelled));
    }
    let of_this_outcome = attempts::count_of_outcome(tx, attempt.enrollment, outcome.as_str()).await?;
    let tries = Tries { counted: count(made.into()), of_this_outcome: count(of_this_outcome) };
    Ok(next(attempt, outcome, tries, now))
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
