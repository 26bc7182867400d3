//! What comes of attempts, written down: the protocol's step of each, with what it gives back and with the next try. Used by
//! the dialer and by intake, because both learn of ends, and by whoever lets a person decide.
//!
//! The caller holds the organizations' locks. What is decided here is decided by `domain`; this room brings decisions and
//! rows together, a statement for all attempts rather than one each.

use crate::domain::ids::AttemptId;
use crate::domain::outcome::Outcome;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::protocol::{Change, Follow, Happening, Moment, Units, step};
use crate::domain::retry_policy::{Next, RetryPlan, Tries};
use crate::domain::status::Disposition;
use crate::domain::time_zone::{self, LeadZone};
use crate::store::attempts::{self, Attempt};
use crate::store::settlements::{self, End, NextTry};
use crate::store::{Bound, Result, TenantTx, phone_holds, provider_accounts};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Why an account is stopped after an incident.
const STOPPED: &str = "it has made a call that should not have been: see “Needs a person” before it is used again";

/// Something happened to the attempt: what the protocol makes of it is written, all in the caller's transaction. False if
/// it changes nothing. Pools are locked by this, so whoever holds back an account as well does that afterwards.
pub async fn happen(tx: &TenantTx, attempt: &mut Attempt, happening: Happening<'_>, moment: &Moment) -> Result<bool> {
    Ok(happen_all(tx, &mut [(attempt, happening)], moment).await? == 1)
}

/// The same for many attempts, each once, of organizations whose locks the transaction holds; tells how many it changed.
pub async fn happen_all(
    tx: &impl Bound,
    happenings: &mut [(&mut Attempt, Happening<'_>)],
    moment: &Moment,
) -> Result<usize> {
    let steps: Vec<Option<Change>> = happenings
        .iter()
        .map(|(attempt, happening)| step(&attempt.standing, *happening, attempt.campaign_is_over, moment))
        .collect();
    let changed: Vec<(&Attempt, &Change)> =
        happenings.iter().zip(&steps).filter_map(|((attempt, _), step)| Some((&**attempt, step.as_ref()?))).collect();
    let count = changed.len();
    if count > 0 {
        write(tx, &changed, moment.now).await?;
    }
    for ((attempt, _), step) in happenings.iter_mut().zip(steps) {
        if let Some(change) = step {
            attempt.standing = change.standing;
        }
    }
    Ok(count)
}

async fn write(tx: &impl Bound, changed: &[(&Attempt, &Change)], now: Timestamp) -> Result<()> {
    let standings: Vec<_> = changed.iter().map(|(attempt, change)| (*attempt, &change.standing)).collect();
    settlements::write(tx, &standings, now).await?;
    failpoint!("step.written");
    for (attempt, change) in changed {
        match change.units {
            Units::Keep => {}
            Units::GiveBack => attempts::give_back_units(tx, attempt).await?,
            Units::TakeAgain => attempts::take_units_again(tx, attempt).await?,
            Units::TakeAnother => attempts::take_another_unit(tx, attempt).await?,
        }
    }
    failpoint!("step.units");
    let free: Vec<&Attempt> =
        changed.iter().filter(|(_, change)| change.frees_line).map(|(attempt, _)| *attempt).collect();
    settlements::free_lines(tx, &free, now).await?;
    failpoint!("step.lines");
    follow(tx, changed, now).await?;
    failpoint!("step.followed");
    for (attempt, change) in changed {
        if let Some(incident) = change.incident {
            tracing::error!(attempt.id = %attempt.id, incident, "attempt {} needs a person", attempt.id);
            contain(tx, attempt, incident, now).await?;
        }
    }
    Ok(())
}

/// A call that should not have been: until a person has looked, no other is made with the account, and none to the phone for
/// the rest of its day.
async fn contain(tx: &impl Bound, attempt: &Attempt, incident: &str, now: Timestamp) -> Result<()> {
    let told = attempts::zones(tx, attempt).await?;
    let given = told.given.and_then(|name| time_zone::named(&name).ok());
    let organization = time_zone::named(&told.organization).unwrap_or(TimeZone::UTC);
    let phone = PhoneNumber::from_e164(&attempt.phone).ok();
    let zone = LeadZone::of(given.as_ref(), told.postal_code.as_deref(), phone, &organization);
    let held = (attempt.organization, attempt.phone.as_str());
    phone_holds::hold(tx, held, zone.counted_day_ends_at(now), incident, now).await?;
    match attempt.account {
        Some(account) => provider_accounts::stop(tx, account, STOPPED, now).await,
        None => Ok(()),
    }
}

/// The attempt was closed otherwise, and then it came to light that the lead was reached: the try that was planned is
/// withdrawn. So the end and the report that tells of the conversation may come in either order.
pub async fn reached_after_all(tx: &impl Bound, attempt: &Attempt, now: Timestamp) -> Result<()> {
    let outcome = Outcome::Answered.as_str();
    attempts::correct_outcome(tx, attempt, outcome).await?;
    // Whoever was reached and named a time is called then.
    if attempt.call_back_at.is_some_and(|at| at > now) {
        return Ok(());
    }
    if attempts::withdraw_planned(tx, (attempt.organization, attempt.enrollment), outcome, now).await? {
        let because = Some(outcome);
        let end = End { attempt, made: attempt.attempts_made, disposition: Disposition::Reached, because };
        settlements::finish(tx, &[end], now).await?;
    }
    Ok(())
}

/// What becomes of the enrollments.
async fn follow(tx: &impl Bound, changed: &[(&Attempt, &Change)], now: Timestamp) -> Result<()> {
    // Whoever was reached is not called again: nobody asks how often.
    let planned = changed.iter().filter_map(|(attempt, change)| match change.follow {
        Follow::Plan { outcome, .. } if outcome != Outcome::Answered => Some((*attempt, outcome)),
        _ => None,
    });
    let planned: Vec<(&Attempt, Outcome)> = planned.collect();
    let mut counts = settlements::count_of_outcomes(tx, &planned).await?.into_iter();
    let (mut tries, mut ends) = (Vec::new(), Vec::new());
    for (attempt, change) in changed {
        let (next, made, because) = match change.follow {
            Follow::Nothing => continue,
            Follow::Again(due_at) => (Next::At(due_at), attempt.attempts_made, change.standing.because.as_deref()),
            Follow::Finish(disposition) => {
                (Next::Done(disposition), attempt.attempts_made, change.standing.because.as_deref())
            }
            Follow::Plan { outcome, counts: counted } => {
                let made = if counted { attempt.attempts_made + 1 } else { attempt.attempts_made };
                let of_this_outcome = if outcome == Outcome::Answered { 0 } else { counts.next().unwrap_or(0) };
                let tries = Tries { counted: count(made.into()), of_this_outcome: count(of_this_outcome) };
                (next_of_plan(attempt, outcome, tries, now), made, Some(outcome.as_str()))
            }
        };
        match next {
            Next::At(due_at) => tries.push(NextTry { attempt, made, due_at, because }),
            Next::Done(disposition) => ends.push(End { attempt, made, disposition, because }),
        }
    }
    settlements::plan_next(tx, &tries, now).await?;
    settlements::finish(tx, &ends, now).await
}

fn next_of_plan(attempt: &Attempt, outcome: Outcome, tries: Tries, now: Timestamp) -> Next {
    let call_back_at = attempt.call_back_at.filter(|at| *at > now && !attempt.campaign_is_over);
    if let Some(at) = call_back_at {
        Next::At(at)
    } else if attempt.campaign_is_over && outcome != Outcome::Answered {
        Next::Done(Disposition::Cancelled)
    } else {
        plan_of(attempt).next_try(tries, outcome, now, jitter(attempt.id))
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
