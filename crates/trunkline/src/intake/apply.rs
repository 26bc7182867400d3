//! Applying events: in one transaction the call moves forward, the attempt is settled, the retry is planned, and the event
//! is marked. Order and repetition do not matter.
//!
//! Invariant: an event's effects and its mark are committed together (`an_event_applied_twice_has_one_effect`).

use super::adopt::adopt;
use super::nul::without_nul;
use super::number_watch;
use super::translate;
use crate::domain::call_evidence::{CallEvidence, Consequence, Ended};
use crate::domain::ids::{EventId, OrganizationId, ProviderAccountId};
use crate::domain::outcome::Outcome;
use crate::domain::protocol::{Happening, Moment};
use crate::domain::status::CallStatus;
use crate::settlement;
use crate::store::attempts::{self, Attempt};
use crate::store::calls::{self, KnownCall, Parties};
use crate::store::events::{self, Event, Source};
use crate::store::{
    Db, Result, TenantTx, attempt_money, campaign_moves, organization_turns, phone_number_holds, provider_accounts,
};
use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use std::panic::AssertUnwindSafe;
use vapi::{Call, Fetched};

/// Tries after which an event is set aside for a person.
const TRIES_MAX: i32 = 5;
const POOL_COOLING: SignedDuration = SignedDuration::from_secs(15);
const ACCOUNT_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Applies events of one organization, all in one transaction; if one of them cannot be applied, each in its own, so that
/// a bad one is alone in being set aside. Returns how many were applied.
pub(super) async fn apply(db: &Db, organization: OrganizationId, ids: &[EventId], moment: &Moment) -> Result<usize> {
    match caught(apply_together(db, organization, ids, moment)).await {
        Ok(applied) => return Ok(applied),
        Err(error) => {
            let events = ids.len();
            tracing::warn!(organization.id = %organization, events, ?error, "events could not be applied together; one by one");
        }
    }
    let mut applied = 0;
    for id in ids {
        match caught(apply_together(db, organization, &[*id], moment)).await {
            Ok(count) => applied += count,
            Err(error) => set_back(db, organization, *id, &error).await?,
        }
    }
    Ok(applied)
}

/// Counts a failed try, unless the trouble is the database's and passes: then the event is as good as before.
async fn set_back(db: &Db, organization: OrganizationId, id: EventId, error: &crate::store::Error) -> Result<()> {
    if error.is_passing() {
        tracing::warn!(event.id = %id, ?error, "event {id} waits for the database");
        return Ok(());
    }
    tracing::error!(event.id = %id, ?error, "event {id} could not be applied");
    let tx = db.tenant(organization).await?;
    events::mark_failed(&tx, id, &describe(error), TRIES_MAX).await?;
    tx.commit().await
}

fn describe(error: &crate::store::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// A panic over one event is no reason to stop at the others: it is a failed try like any other. Its transaction was
/// dropped, and with it all that it had written.
async fn caught(applying: impl Future<Output = Result<usize>>) -> Result<usize> {
    let panicked = |_| Err(crate::store::Error::Database("the program panicked over it".into()));
    AssertUnwindSafe(applying).catch_unwind().await.unwrap_or_else(panicked)
}

async fn apply_together(db: &Db, organization: OrganizationId, ids: &[EventId], moment: &Moment) -> Result<usize> {
    let tx = db.tenant(organization).await?;
    organization_turns::lock(&tx).await?;
    let events = events::lock(&tx, ids).await?;
    failpoint!("apply.locked");
    for event in &events {
        match read(event)? {
            Told::Nothing => {}
            Told::Evidence(evidence) => take_in(&tx, event.account, &evidence, moment).await?,
            Told::Unknown(call, evidence) => {
                adopt(&tx, event.account, (&call, &evidence), moment).await?;
                take_in(&tx, event.account, &evidence, moment).await?;
            }
        }
        events::mark_applied(&tx, event.id, moment.now).await?;
        failpoint!("apply.marked");
    }
    tx.commit().await?;
    failpoint!("apply.committed");
    Ok(events.len())
}

/// What an event says.
enum Told {
    Nothing,
    Evidence(CallEvidence),
    /// Of a call that a restored ledger does not know.
    Unknown(Box<Fetched<Call>>, CallEvidence),
}

fn read(event: &Event) -> Result<Told> {
    let unreadable = |error: Box<dyn std::error::Error + Send + Sync>| crate::store::Error::Database(error);
    let body = without_nul(&event.body);
    match event.source {
        Source::Webhook => {
            let envelope = vapi::Envelope::parse(&body).map_err(|error| unreadable(error.into()))?;
            Ok(translate::webhook(&envelope, event.attempt).map_or(Told::Nothing, Told::Evidence))
        }
        Source::Poll | Source::Adoption => {
            let call = serde_json::from_slice(&body).map_err(|error| unreadable(error.into()))?;
            let evidence = translate::record(&call, event.attempt);
            Ok(match event.source {
                Source::Adoption => Told::Unknown(Box::new(call), evidence),
                Source::Poll | Source::Webhook => Told::Evidence(evidence),
            })
        }
    }
}

async fn take_in(tx: &TenantTx, account: ProviderAccountId, evidence: &CallEvidence, moment: &Moment) -> Result<()> {
    let now = moment.now;
    let mut parties = calls::parties(tx, account, evidence).await?;
    let mut attempt = own_attempt(tx, &mut parties, evidence, moment).await?;
    failpoint!("apply.attempt");
    let (call, is_new) = calls::open(tx, account, evidence, &parties, now).await?;
    failpoint!("apply.opened");
    hold_line(tx, account, (&call, is_new), attempt.as_ref(), evidence).await?;
    calls::advance(tx, &call, evidence, &parties, now).await?;
    if let Some(ended) = &evidence.ended {
        failpoint!("apply.advanced");
        end(tx, &call, attempt.as_mut(), ended, moment).await?;
        failpoint!("apply.ended");
        if !call.has_ended() {
            follow(tx, account, &parties, ended, now).await?;
            if let Some(attempt) = &attempt {
                number_watch::note(tx, attempt, ended.ended_as, now).await?;
            }
        }
    }
    if let Some(report) = &evidence.report {
        calls::enter_report(tx, call.id, report, now).await?;
        if let (Some(attempt), Some(cost)) = (parties.attempt, report.cost) {
            attempt_money::spend(tx, attempt, cost).await?;
        }
        failpoint!("apply.reported");
    }
    Ok(())
}

/// The attempt whose call this is, brought forward by the evidence. A second call of an attempt is entered without it.
async fn own_attempt(
    tx: &TenantTx,
    parties: &mut Parties,
    evidence: &CallEvidence,
    moment: &Moment,
) -> Result<Option<Attempt>> {
    let Some(id) = parties.attempt else { return Ok(None) };
    let mut attempt = attempts::lock(tx, id).await?;
    let call = evidence.provider_call_id.as_str();
    settlement::happen(tx, &mut attempt, Happening::CallSeen(call), moment).await?;
    if attempt.standing.provider_call_id.as_deref() == Some(call) {
        return Ok(Some(attempt));
    }
    if !parties.is_known {
        settlement::happen(tx, &mut attempt, Happening::FurtherCall, moment).await?;
    }
    parties.attempt = None;
    Ok(None)
}

/// The first end stays, and settles the attempt; but a conversation that only the report shows is not a failure.
async fn end(
    tx: &TenantTx,
    call: &KnownCall,
    attempt: Option<&mut Attempt>,
    ended: &Ended,
    moment: &Moment,
) -> Result<()> {
    let now = moment.now;
    let outcome = ended.ended_as.outcome();
    if call.outcome.is_none() {
        calls::end(tx, call.id, &ended.reason, outcome.as_str(), now).await?;
    }
    // An adopted attempt may come to a call whose end was told before.
    let settles = call.outcome.is_none() || attempt.as_ref().is_some_and(|attempt| attempt.standing.has_line());
    if settles {
        let Some(attempt) = attempt else { return Ok(()) };
        let happening = Happening::Ended { ended_as: ended.ended_as, reason: &ended.reason };
        if !settlement::happen(tx, attempt, happening, moment).await? && outcome == Outcome::Answered {
            settlement::reached_after_all(tx, attempt, now).await?;
        }
        return Ok(());
    }
    let known = call.outcome.as_deref();
    if outcome != Outcome::Answered || known == Some(outcome.as_str()) {
        return Ok(());
    }
    calls::correct_outcome(tx, call.id, outcome.as_str(), now).await?;
    match attempt {
        Some(attempt) => settlement::reached_after_all(tx, attempt, now).await,
        None => Ok(()),
    }
}

/// A call that no attempt holds a line for takes one of the pool from its first sign to its end: an inbound call, one
/// placed by hand, or one that came to light late.
async fn hold_line(
    tx: &TenantTx,
    account: ProviderAccountId,
    (call, is_new): (&KnownCall, bool),
    attempt: Option<&Attempt>,
    evidence: &CallEvidence,
) -> Result<()> {
    let is_over = evidence.ended.is_some() || evidence.status == Some(CallStatus::Ended);
    let needs = (is_new || call.holds_line) && !is_over && !attempt.is_some_and(|attempt| attempt.standing.has_line());
    if needs == call.holds_line {
        return Ok(());
    }
    if needs {
        provider_accounts::take_line(tx, account).await?;
    } else {
        provider_accounts::free_line(tx, account).await?;
    }
    calls::set_holds_line(tx, call.id, needs).await
}

/// What the end says about more than its call.
async fn follow(
    tx: &TenantTx,
    account: ProviderAccountId,
    parties: &Parties,
    ended: &Ended,
    now: Timestamp,
) -> Result<()> {
    match ended.consequence {
        Consequence::Nothing => Ok(()),
        Consequence::CoolPool => provider_accounts::cool_pool_of(tx, account, now + POOL_COOLING).await,
        Consequence::PauseAccount => {
            provider_accounts::pause(tx, account, now + ACCOUNT_PAUSE, &ended.reason, now).await
        }
        Consequence::RestNumber => match parties.number {
            Some(number) => {
                let tomorrow = crate::domain::local_day::next_day_at(now, &jiff::tz::TimeZone::UTC);
                phone_number_holds::rest(tx, number, tomorrow, &ended.reason, now).await.map(drop)
            }
            None => Ok(()),
        },
        Consequence::PauseCampaign => match parties.campaign {
            Some(campaign) => {
                campaign_moves::pause(tx, campaign, &format!("calls end with {}", ended.reason), now).await
            }
            None => Ok(()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failed_try_that_does_not_pass_by_itself() {
        let error = caught(async { panic!("as it is asked to") }).await.unwrap_err();

        assert!(!error.is_passing());
        assert_eq!(describe(&error), "the database did not do it: the program panicked over it");
        assert_eq!(caught(async { Ok(7) }).await.unwrap(), 7);
    }
}
