//! Applying events: in one transaction the call moves forward, the attempt is settled, the retry is planned, and the event
//! is marked. Order and repetition do not matter.
//!
//! Invariant: an event's effects and its mark are committed together (`an_event_applied_twice_has_one_effect`).

use super::translate;
use crate::domain::call_evidence::{CallEvidence, Consequence, Ended};
use crate::domain::ids::{AttemptId, EventId, OrganizationId, ProviderAccountId};
use crate::domain::status::AttemptState;
use crate::settlement;
use crate::store::attempts::{self, Attempt};
use crate::store::calls::{self, KnownCall, Parties};
use crate::store::events::{self, Event, Source};
use crate::store::{Db, Result, TenantTx, campaign_moves, organization_turns, phone_number_holds, provider_accounts};
use jiff::{SignedDuration, Timestamp};

/// Tries after which an event is set aside for a person.
const TRIES_MAX: i32 = 5;
/// An accepted call of which nothing more is heard is asked about after this.
const SILENCE: SignedDuration = SignedDuration::from_mins(20);
const POOL_COOLING: SignedDuration = SignedDuration::from_secs(15);
const ACCOUNT_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// Applies events of one organization, all in one transaction; if one of them cannot be applied, each in its own, so that
/// a bad one is alone in being set aside. Returns how many were applied.
pub async fn apply(db: &Db, organization: OrganizationId, ids: &[EventId], now: Timestamp) -> Result<usize> {
    match apply_together(db, organization, ids, now).await {
        Ok(applied) => Ok(applied),
        Err(error) if ids.len() == 1 => {
            set_back(db, organization, ids[0], &error).await?;
            Ok(0)
        }
        Err(_) => {
            let mut applied = 0;
            for id in ids {
                match apply_together(db, organization, &[*id], now).await {
                    Ok(count) => applied += count,
                    Err(error) => set_back(db, organization, *id, &error).await?,
                }
            }
            Ok(applied)
        }
    }
}

async fn set_back(db: &Db, organization: OrganizationId, id: EventId, error: &crate::store::Error) -> Result<()> {
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

async fn apply_together(db: &Db, organization: OrganizationId, ids: &[EventId], now: Timestamp) -> Result<usize> {
    let tx = db.tenant(organization).await?;
    organization_turns::lock(&tx).await?;
    let events = events::lock(&tx, ids).await?;
    for event in &events {
        if let Some(evidence) = read(event)? {
            take_in(&tx, event.account, &evidence, now).await?;
        }
        events::mark_applied(&tx, event.id, now).await?;
    }
    tx.commit().await?;
    Ok(events.len())
}

fn read(event: &Event) -> Result<Option<CallEvidence>> {
    let unreadable = |error: Box<dyn std::error::Error + Send + Sync>| crate::store::Error::Database(error);
    match event.source {
        Source::Webhook => {
            let envelope = vapi::Envelope::parse(&event.body).map_err(|error| unreadable(error.into()))?;
            Ok(translate::webhook(&envelope, event.attempt))
        }
        Source::Poll => {
            let call = serde_json::from_slice(&event.body).map_err(|error| unreadable(error.into()))?;
            Ok(Some(translate::record(&call, event.attempt)))
        }
    }
}

async fn take_in(tx: &TenantTx, account: ProviderAccountId, evidence: &CallEvidence, now: Timestamp) -> Result<()> {
    let parties = calls::parties(tx, account, evidence).await?;
    let (call, is_new) = calls::open(tx, account, evidence, &parties, now).await?;
    if call.attempt.is_none() && parties.attempt.is_some() {
        calls::tie(tx, call.id, &parties).await?;
    }
    let attempt = match call.attempt.or(parties.attempt) {
        Some(id) => Some(accept(tx, id, evidence, now).await?),
        None => None,
    };
    hold_line(tx, account, &call, is_new, attempt.is_some(), evidence).await?;
    calls::advance(tx, call.id, evidence, now).await?;
    if let Some(ended) = evidence.ended.as_ref().filter(|_| !call.has_ended) {
        calls::end(tx, call.id, &ended.reason, ended.ended_as.outcome().as_str(), now).await?;
        if let Some(attempt) = attempt.as_ref().filter(|attempt| settles(attempt.state)) {
            settlement::ended(tx, attempt, ended.ended_as, &ended.reason, now).await?;
        }
        follow(tx, account, &parties, ended, now).await?;
    }
    if let Some(report) = &evidence.report {
        calls::enter_report(tx, call.id, report, now).await?;
    }
    Ok(())
}

/// Brings the attempt to `accepted`: the call is there, whoever told us first. Evidence after the attempt was closed
/// without a call is an incident that a person sees.
async fn accept(tx: &TenantTx, id: AttemptId, evidence: &CallEvidence, now: Timestamp) -> Result<Attempt> {
    let mut attempt = attempts::lock(tx, id).await?;
    let call_id = evidence.provider_call_id.as_str();
    let to = match attempt.state {
        AttemptState::Sending | AttemptState::Unknown | AttemptState::Held => AttemptState::Accepted,
        AttemptState::NotCreated | AttemptState::Released | AttemptState::Rejected | AttemptState::Cancelled
            if attempt.provider_call_id.is_none() =>
        {
            tracing::error!(attempt.id = %id, "attempt {id} was closed without a call, and one came to light");
            AttemptState::AcceptedLate
        }
        AttemptState::Accepted | AttemptState::Ended if attempt.provider_call_id.as_deref() != Some(call_id) => {
            tracing::error!(attempt.id = %id, "attempt {id} has a second call");
            AttemptState::Conflict
        }
        AttemptState::Scheduled
        | AttemptState::Reserved
        | AttemptState::Accepted
        | AttemptState::Ended
        | AttemptState::Rejected
        | AttemptState::NotCreated
        | AttemptState::Released
        | AttemptState::Cancelled
        | AttemptState::AcceptedLate
        | AttemptState::Conflict => return Ok(attempt),
    };
    let look_at = (to == AttemptState::Accepted).then(|| now + SILENCE);
    attempts::accept(tx, id, (call_id, to), now, look_at).await?;
    attempt.state = to;
    attempt.provider_call_id = Some(call_id.to_owned());
    Ok(attempt)
}

/// An end settles an attempt that is open; one that was closed has given back its line already.
fn settles(state: AttemptState) -> bool {
    matches!(state, AttemptState::Accepted | AttemptState::Held)
}

/// A call that no attempt of ours placed takes a line of the pool from its first sign to its end.
async fn hold_line(
    tx: &TenantTx,
    account: ProviderAccountId,
    call: &KnownCall,
    is_new: bool,
    is_ours: bool,
    evidence: &CallEvidence,
) -> Result<()> {
    if is_ours {
        return Ok(());
    }
    if is_new && evidence.ended.is_none() {
        provider_accounts::take_line(tx, account).await?;
        return calls::set_holds_line(tx, call.id, true).await;
    }
    if call.holds_line && evidence.ended.is_some() {
        provider_accounts::free_line(tx, account).await?;
        return calls::set_holds_line(tx, call.id, false).await;
    }
    Ok(())
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
        Consequence::PauseAccount => provider_accounts::pause(tx, account, now + ACCOUNT_PAUSE, &ended.reason).await,
        Consequence::RestNumber => match parties.number {
            Some(number) => {
                let tomorrow = crate::domain::local_day::next_day_at(now, &jiff::tz::TimeZone::UTC);
                phone_number_holds::rest(tx, number, tomorrow, &ended.reason).await
            }
            None => Ok(()),
        },
        Consequence::PauseCampaign => match parties.campaign {
            Some(campaign) => {
                campaign_moves::pause(tx, campaign, &format!("calls end with {}", ended.reason), now).await
            },
            None => Ok(()),
        },
    }
}
