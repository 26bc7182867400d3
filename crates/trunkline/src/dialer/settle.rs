//! T3: what the answer to create-call means, written down.

use super::Dialer;
use crate::domain::ids::{AttemptId, OrganizationId};
use crate::domain::protocol::{Answer, Happening};
use crate::domain::request_pace::FRUITLESS_IN_A_ROW_MAX;
use crate::settlement;
use crate::store::attempts::{self, Attempt};
use crate::store::reservations::minute_of;
use crate::store::{
    Result, TenantTx, across, campaign_moves, organization_turns, phone_number_holds, provider_accounts,
};
use jiff::{SignedDuration, Timestamp};
use vapi::{Blame, CreatedCall, Error, Refusal, Unanswered};

/// How long an account is left alone that does not answer: less than a minute, for after that one request a minute finds out
/// whether it is back (`request_pace`).
const ACCOUNT_PAUSE: SignedDuration = SignedDuration::from_secs(30);
/// A refusal that blames the account (credit, key) needs a person; it is tried again now and then.
const ACCOUNT_REFUSED_PAUSE: SignedDuration = SignedDuration::from_mins(10);
/// The provider says that no line is free although our ledger has one: somebody else uses them too.
const POOL_COOLING: SignedDuration = SignedDuration::from_secs(15);

/// The answer to create-call, with a refusal's words.
pub(super) struct Heard {
    answer: std::result::Result<CreatedCall, Error>,
    words: String,
}

impl Heard {
    pub(super) fn new(answer: std::result::Result<CreatedCall, Error>) -> Self {
        let words = match &answer {
            Err(Error::Refused(refusal)) => refusal.messages.join("; "),
            Ok(_) | Err(_) => String::new(),
        };
        Self { answer, words }
    }

    /// The answer in the protocol's words.
    pub(super) fn read(&self) -> Answer<'_> {
        match &self.answer {
            Ok(created) => Answer::Created { call: &created.id, blocked: created.concurrency_blocked() },
            Err(Error::Refused(refusal)) => {
                Answer::Refused { blames_lead: refusal.blame == Blame::Lead, because: &self.words }
            }
            Err(Error::RateLimited { .. }) => Answer::RateLimited,
            Err(Error::Unknown(Unanswered::Status(status))) => Answer::Odd { status: Some(status.as_u16()) },
            Err(Error::Unknown(_)) => Answer::Odd { status: None },
        }
    }
}

/// Records the answer under the organization's lock, and holds back what it blames.
pub(super) async fn answered(
    dialer: &Dialer,
    organization: OrganizationId,
    attempt: AttemptId,
    heard: &Heard,
) -> Result<()> {
    failpoint!("settle.begun");
    let moment = dialer.moment();
    let now = moment.now;
    let tx = dialer.db.tenant(organization).await?;
    organization_turns::lock(&tx).await?;
    let mut attempt = attempts::lock(&tx, attempt).await?;
    failpoint!("settle.locked");
    let happening = Happening::Answered(heard.read());
    let changed = settlement::happen(&tx, &mut attempt, happening, &moment).await?;
    failpoint!("settle.happened");
    let is_back = match (&heard.answer, attempt.account) {
        (Ok(_), Some(account)) => provider_accounts::forget_fruitless(&tx, account).await?,
        (Err(Error::Refused(refusal)), Some(account)) if refusal.blame != Blame::Account => {
            provider_accounts::forget_fruitless(&tx, account).await?
        }
        _ => false,
    };
    match &heard.answer {
        Ok(created) => accepted(&tx, &attempt, created, now).await?,
        Err(_) if !changed => {}
        Err(Error::Refused(refusal)) => refused(&tx, &attempt, refusal, &heard.words, now).await?,
        Err(Error::RateLimited { retry_after, .. }) => rate_limited(&tx, &attempt, *retry_after, now).await?,
        Err(Error::Unknown(cause)) => {
            tracing::warn!(attempt.id = %attempt.id, error = %cause, "attempt {} may have been placed; left to the reconciler", attempt.id);
            unknown(&tx, &attempt, now).await?;
        }
    }
    failpoint!("settle.written");
    tx.commit().await?;
    failpoint!("settle.committed");
    // Whoever waits for the account takes its turn now. In a transaction of its own: here other organizations are locked.
    if is_back { across::wake_waiting(&dialer.db, now).await } else { Ok(()) }
}

async fn accepted(tx: &TenantTx, attempt: &Attempt, created: &CreatedCall, now: Timestamp) -> Result<()> {
    failpoint!("settle.accepted");
    if created.concurrency_blocked() { cool_pool(tx, attempt, now).await } else { Ok(()) }
}

/// What is to blame is held back: another number, account or pool may serve the lead.
async fn refused(tx: &TenantTx, attempt: &Attempt, refusal: &Refusal, words: &str, now: Timestamp) -> Result<()> {
    failpoint!("settle.refused");
    let status = refusal.status.as_u16();
    tracing::warn!(attempt.id = %attempt.id, status, blames = ?refusal.blame, "the provider refused attempt {}", attempt.id);
    match refusal.blame {
        Blame::Lead => Ok(()),
        Blame::Number => hold_number(tx, attempt, words, now).await,
        Blame::LinePool => cool_pool(tx, attempt, now).await,
        Blame::Account => pause_account(tx, attempt, now + ACCOUNT_REFUSED_PAUSE, words, now).await,
        // What is not understood stops the campaign for a person to look at; no lead is burned by it.
        Blame::Assistant | Blame::Unknown => {
            let campaign = (attempt.organization, attempt.campaign);
            campaign_moves::pause(tx, campaign, &format!("the provider refused a call: {words}"), now).await
        }
    }
}

/// A number that does not exist is dead for good; a daily limit is over with the provider's day, which is UTC's.
async fn hold_number(tx: &TenantTx, attempt: &Attempt, words: &str, now: Timestamp) -> Result<()> {
    match attempt.number {
        Some(number) if words.contains("does not exist") => phone_number_holds::kill(tx, number, words, now).await,
        Some(number) => {
            let of = (attempt.organization, number);
            phone_number_holds::rest(tx, of, next_utc_day(now), words, now).await.map(drop)
        }
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
    pause_account(tx, attempt, minute.max(asked), "the provider limits its requests", now).await?;
    let Some(account) = attempt.account else { return Ok(()) };
    if provider_accounts::has_served(tx, account, minute_of(now)).await? {
        return provider_accounts::slow_down(tx, account, now).await;
    }
    provider_accounts::count_fruitless(tx, account).await.map(drop)
}

async fn unknown(tx: &TenantTx, attempt: &Attempt, now: Timestamp) -> Result<()> {
    failpoint!("settle.unknown");
    let Some(account) = attempt.account else { return Ok(()) };
    if provider_accounts::count_fruitless(tx, account).await? >= FRUITLESS_IN_A_ROW_MAX {
        let reason = "several calls in a row went unanswered by the provider";
        pause_account(tx, attempt, now + ACCOUNT_PAUSE, reason, now).await?;
    }
    Ok(())
}

async fn pause_account(tx: &TenantTx, attempt: &Attempt, until: Timestamp, reason: &str, now: Timestamp) -> Result<()> {
    match attempt.account {
        Some(account) => provider_accounts::pause(tx, account, until, reason, now).await,
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
