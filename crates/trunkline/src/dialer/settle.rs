//! T3: what the answer to create-call means, written down.

use super::Dialer;
use crate::domain::ids::{AttemptId, OrganizationId};
use crate::domain::outcome::{EndedAs, NeverDialed};
use crate::domain::status::AttemptState;
use crate::settlement;
use crate::store::attempts::{self, Attempt, NextLook};
use crate::store::reservations::minute_of;
use crate::store::{Result, TenantTx, campaign_moves, organization_turns, phone_number_holds, provider_accounts};
use jiff::{SignedDuration, Timestamp};
use vapi::{Blame, CreatedCall, Error, Refusal};

/// Sends of unknown outcome in a row after which an account is left alone for a while.
const UNKNOWNS_IN_A_ROW_MAX: i32 = 3;
const ACCOUNT_PAUSE: SignedDuration = SignedDuration::from_mins(1);
/// A refusal that blames the account (credit, key) needs a person; it is tried again now and then.
const ACCOUNT_REFUSED_PAUSE: SignedDuration = SignedDuration::from_mins(10);
/// The provider says that no line is free although our ledger has one: somebody else uses them too.
const POOL_COOLING: SignedDuration = SignedDuration::from_secs(15);

/// Records the answer under the organization's lock. A created call is evidence at any time. The other answers count only
/// while the attempt is this sender's: a webhook may have been faster, or the reconciler, if the sender slept.
pub(super) async fn create_call_answered(
    dialer: &Dialer,
    organization: OrganizationId,
    attempt: AttemptId,
    answer: std::result::Result<CreatedCall, Error>,
) -> Result<()> {
    let now = dialer.clock.now();
    let tx = dialer.db.tenant(organization).await?;
    organization_turns::lock(&tx).await?;
    let mut attempt = attempts::lock(&tx, attempt).await?;
    match answer {
        Ok(created) => accepted(dialer, &tx, &mut attempt, &created, now).await?,
        Err(_) if attempt.state != AttemptState::Sending => {}
        Err(Error::Refused(refusal)) => refused(&tx, &attempt, &refusal, now).await?,
        Err(Error::RateLimited { retry_after, .. }) => rate_limited(&tx, &attempt, retry_after, now).await?,
        Err(Error::Unknown(cause)) => {
            tracing::warn!(attempt.id = %attempt.id, error = %cause, "attempt {} may have been placed; left to the reconciler", attempt.id);
            unknown(dialer, &tx, &attempt, now).await?;
        }
    }
    tx.commit().await
}

async fn accepted(
    dialer: &Dialer,
    tx: &TenantTx,
    attempt: &mut Attempt,
    created: &CreatedCall,
    now: Timestamp,
) -> Result<()> {
    let is_own = settlement::call_exists(tx, attempt, &created.id, now + dialer.timing.silence, now).await?;
    if is_own && attempt.state == AttemptState::Accepted && created.concurrency_blocked() {
        // Created but not started for want of a line (contract §5.1, the second of four shapes): nothing rang.
        cool_pool(tx, attempt, now).await?;
        let ended_as = EndedAs::NeverDialed(NeverDialed::NoFreeLine);
        settlement::ended(tx, attempt, ended_as, "no free line at the provider", now).await?;
    }
    match attempt.account {
        Some(account) => provider_accounts::forget_unknowns(tx, account).await,
        None => Ok(()),
    }
}

async fn refused(tx: &TenantTx, attempt: &Attempt, refusal: &Refusal, now: Timestamp) -> Result<()> {
    let words = refusal.messages.join("; ");
    let status = refusal.status.as_u16();
    tracing::warn!(attempt.id = %attempt.id, status, blames = ?refusal.blame, "the provider refused attempt {}", attempt.id);
    if refusal.blame == Blame::Lead {
        return settlement::refused_lead(tx, attempt, &words, now).await;
    }
    // The lead is due again at once: what is to blame is held back, and another number, account or pool may serve it.
    settlement::refused(tx, attempt, &words, now).await?;
    match refusal.blame {
        Blame::Lead => Ok(()),
        Blame::Number => hold_number(tx, attempt, &words, now).await,
        Blame::LinePool => cool_pool(tx, attempt, now).await,
        Blame::Account => pause_account(tx, attempt, now + ACCOUNT_REFUSED_PAUSE, &words).await,
        // What is not understood stops the campaign for a person to look at; no lead is burned by it.
        Blame::Assistant | Blame::Unknown => {
            campaign_moves::pause(tx, attempt.campaign, &format!("the provider refused a call: {words}"), now).await
        }
    }
}

/// A number that does not exist is dead for good; a daily limit is over with the provider's day, which is UTC's.
async fn hold_number(tx: &TenantTx, attempt: &Attempt, words: &str, now: Timestamp) -> Result<()> {
    match attempt.number {
        Some(number) if words.contains("does not exist") => phone_number_holds::kill(tx, number, words).await,
        Some(number) => phone_number_holds::rest(tx, number, next_utc_day(now), words).await,
        None => Ok(()),
    }
}

async fn rate_limited(
    tx: &TenantTx,
    attempt: &Attempt,
    retry_after: Option<std::time::Duration>,
    now: Timestamp,
) -> Result<()> {
    // The provider counts by the UTC minute and sends no reset header (contract §5.2).
    let minute = minute_of(now) + SignedDuration::from_mins(1);
    let asked = retry_after.and_then(|wait| SignedDuration::try_from(wait).ok()).map_or(minute, |wait| now + wait);
    let reason = "the provider limits its requests";
    settlement::refused(tx, attempt, reason, now).await?;
    pause_account(tx, attempt, minute.max(asked), reason).await
}

async fn unknown(dialer: &Dialer, tx: &TenantTx, attempt: &Attempt, now: Timestamp) -> Result<()> {
    let at = attempt.sending_at.unwrap_or(now) + dialer.timing.settle;
    let next =
        NextLook { state: AttemptState::Unknown, at, looks: 0, looked_at: None, because: Some("no answer came") };
    attempts::look_later(tx, attempt.id, next).await?;
    let Some(account) = attempt.account else { return Ok(()) };
    if provider_accounts::count_unknown(tx, account).await? >= UNKNOWNS_IN_A_ROW_MAX {
        let reason = "several calls in a row went unanswered by the provider";
        pause_account(tx, attempt, now + ACCOUNT_PAUSE, reason).await?;
    }
    Ok(())
}

async fn pause_account(tx: &TenantTx, attempt: &Attempt, until: Timestamp, reason: &str) -> Result<()> {
    match attempt.account {
        Some(account) => provider_accounts::pause(tx, account, until, reason).await,
        None => Ok(()),
    }
}

async fn cool_pool(tx: &TenantTx, attempt: &Attempt, now: Timestamp) -> Result<()> {
    match attempt.pool {
        Some(pool) => provider_accounts::cool_pool(tx, pool, now + POOL_COOLING).await,
        None => Ok(()),
    }
}

fn next_utc_day(now: Timestamp) -> Timestamp {
    crate::domain::local_day::next_day_at(now, &jiff::tz::TimeZone::UTC)
}
