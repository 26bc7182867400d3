//! What comes of an attempt, written down: the protocol's step, with what it gives back and with the next try. Used by the
//! dialer and by intake, because both learn of ends, and by whoever lets a person decide.
//!
//! The caller holds the organization's lock. What is decided here is decided by `domain`; this room brings decision and
//! rows together.

use crate::domain::ids::AttemptId;
use crate::domain::outcome::Outcome;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::protocol::{Change, Follow, Happening, Moment, Units, step};
use crate::domain::retry_policy::{Next, RetryPlan, Tries};
use crate::domain::status::Disposition;
use crate::domain::time_zone::{self, LeadZone};
use crate::store::attempts::{self, Attempt};
use crate::store::{Result, TenantTx, phone_holds, provider_accounts};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Why an account is stopped after an incident.
const STOPPED: &str = "it has made a call that should not have been: see “Needs a person” before it is used again";

/// Something happened to the attempt: what the protocol makes of it is written, all in the caller's transaction. False if
/// it changes nothing. Pools are locked by this, so whoever holds back an account as well does that afterwards.
pub async fn happen(tx: &TenantTx, attempt: &mut Attempt, happening: Happening<'_>, moment: &Moment) -> Result<bool> {
    let now = moment.now;
    let Some(change) = step(&attempt.standing, happening, attempt.campaign_is_over, moment) else {
        return Ok(false);
    };
    attempts::write(tx, attempt.id, &change.standing, now).await?;
    failpoint!("step.written");
    match change.units {
        Units::Keep => {}
        Units::GiveBack => attempts::give_back_units(tx, attempt).await?,
        Units::TakeAgain => attempts::take_units_again(tx, attempt).await?,
        Units::TakeAnother => attempts::take_another_unit(tx, attempt).await?,
    }
    failpoint!("step.units");
    if change.frees_line {
        attempts::free_lines(tx, attempt, now).await?;
    }
    failpoint!("step.lines");
    follow(tx, attempt, &change, now).await?;
    failpoint!("step.followed");
    if let Some(incident) = change.incident {
        tracing::error!(attempt.id = %attempt.id, incident, "attempt {} needs a person", attempt.id);
        contain(tx, attempt, incident, now).await?;
    }
    attempt.standing = change.standing;
    Ok(true)
}

/// A call that should not have been: until a person has looked, no other is made with the account, and none to the phone for
/// the rest of its day.
async fn contain(tx: &TenantTx, attempt: &Attempt, incident: &str, now: Timestamp) -> Result<()> {
    let told = attempts::zones(tx, attempt.lead).await?;
    let given = told.given.and_then(|name| time_zone::named(&name).ok());
    let organization = time_zone::named(&told.organization).unwrap_or(TimeZone::UTC);
    let phone = PhoneNumber::from_e164(&attempt.phone).ok();
    let zone = LeadZone::of(given.as_ref(), told.postal_code.as_deref(), phone, &organization);
    phone_holds::hold(tx, &attempt.phone, zone.counted_day_ends_at(now), incident, now).await?;
    match attempt.account {
        Some(account) => provider_accounts::stop(tx, account, STOPPED, now).await,
        None => Ok(()),
    }
}

/// The attempt was closed otherwise, and then it came to light that the lead was reached: the try that was planned is
/// withdrawn. So the end and the report that tells of the conversation may come in either order.
pub async fn reached_after_all(tx: &TenantTx, attempt: &Attempt, now: Timestamp) -> Result<()> {
    let outcome = Outcome::Answered.as_str();
    attempts::correct_outcome(tx, attempt.id, outcome).await?;
    // Whoever was reached and named a time is called then.
    if attempt.call_back_at.is_some_and(|at| at > now) {
        return Ok(());
    }
    if attempts::withdraw_planned(tx, attempt.enrollment, outcome, now).await? {
        attempts::finish(tx, attempt, Disposition::Reached, Some(outcome), (attempt.attempts_made, now)).await?;
    }
    Ok(())
}

async fn follow(tx: &TenantTx, attempt: &Attempt, change: &Change, now: Timestamp) -> Result<()> {
    let made = attempt.attempts_made;
    let because = change.standing.because.as_deref();
    match change.follow {
        Follow::Nothing => Ok(()),
        Follow::Again(due_at) => attempts::plan_next(tx, attempt, made, due_at, (because, now)).await,
        Follow::Finish(disposition) => attempts::finish(tx, attempt, disposition, because, (made, now)).await,
        Follow::Plan { outcome, counts } => {
            let made = if counts { made + 1 } else { made };
            follow_plan(tx, attempt, outcome, made, now).await
        }
    }
}

async fn follow_plan(tx: &TenantTx, attempt: &Attempt, outcome: Outcome, made: i32, now: Timestamp) -> Result<()> {
    let of_this_outcome = attempts::count_of_outcome(tx, attempt.enrollment, outcome.as_str()).await?;
    let tries = Tries { counted: count(made.into()), of_this_outcome: count(of_this_outcome) };
    let call_back_at = attempt.call_back_at.filter(|at| *at > now && !attempt.campaign_is_over);
    let next = if let Some(at) = call_back_at {
        Next::At(at)
    } else if attempt.campaign_is_over && outcome != Outcome::Answered {
        Next::Done(Disposition::Cancelled)
    } else {
        plan_of(attempt).next_try(tries, outcome, now, jitter(attempt.id))
    };
    let because = Some(outcome.as_str());
    match next {
        Next::At(due_at) => attempts::plan_next(tx, attempt, made, due_at, (because, now)).await,
        Next::Done(disposition) => attempts::finish(tx, attempt, disposition, because, (made, now)).await,
    }
}

fn plan_of(attempt: &Attempt) -> RetryPlan {
    serde_json::from_value(attempt.retry_plan.clone()).unwrap_or_else(|error| {
        tracing::error!(campaign.id = %attempt.campaign, %error, "the retry plan cannot be read: the default is used");
        RetryPlan::default()
    })
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// A fraction that is the same whenever it is asked for: retries of many leads spread, and a replay gives the same time.
fn jitter(attempt: AttemptId) -> f64 {
    let low = attempt.0.as_u128() & 0xffff;
    f64::from(u16::try_from(low).unwrap_or(0)) / f64::from(u16::MAX)
}
