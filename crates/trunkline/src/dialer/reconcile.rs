//! Asking the provider about attempts whose call may or may not exist, and about accepted calls that have gone silent.
//!
//! Absence is proven only by complete listings, begun after every request has arrived or died. A listing that failed, or
//! that the key may not make, proves nothing.

use super::{ACCOUNTS_AT_ONCE_MAX, CHORES_PER_TICK_MAX, Dialer};
use super::{polls, queue};
use crate::domain::ids::ProviderAccountId;
use crate::domain::protocol::{self, Happening, Moment, Seen};
use crate::domain::status::{AttemptState, CallStatus};
use crate::settlement;
use crate::store::across::{self, ToLookAt};
use crate::store::{Result, attempts, organization_turns, provider_accounts};
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use vapi::{Call, CallFilter, Fetched};

/// Pages of one listing: 20,000 calls in the few minutes that it spans.
const PAGES_MAX: usize = 20;
/// The provider's clock and ours may differ by this much.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(1);

/// Looks at every attempt whose time to look has come. One that cannot be looked at is not the others' trouble, nor is an
/// account that does not answer.
pub(super) async fn look_at_due(dialer: &Dialer, now: Timestamp) -> Result<()> {
    let due = across::attempts_to_look_at(&dialer.db, now, CHORES_PER_TICK_MAX).await?;
    let mut by_account: HashMap<Option<ProviderAccountId>, Vec<ToLookAt>> = HashMap::new();
    for one in due {
        failpoint!("reconcile.due");
        by_account.entry(one.account).or_default().push(one);
    }
    stream::iter(by_account)
        .for_each_concurrent(ACCOUNTS_AT_ONCE_MAX, |(account, attempts)| async move {
            if let Some(account) = account {
                look_at(dialer, account, attempts, now).await;
            } else {
                tracing::error!(attempts = attempts.len(), "attempts were sent without an account");
            }
        })
        .await;
    Ok(())
}

async fn look_at(dialer: &Dialer, account: ProviderAccountId, attempts: Vec<ToLookAt>, now: Timestamp) {
    let mut unknown = Vec::new();
    for one in attempts {
        let looked = match one.state {
            AttemptState::Sending => forget_sender(dialer, &one, now).await,
            AttemptState::Accepted if is_on_its_way(dialer, &one, now) => {
                happen(dialer, &one, Happening::Moving, now).await
            }
            AttemptState::Accepted => ask_about_silent(dialer, &one, account, now).await,
            _ => {
                unknown.push(one);
                continue;
            }
        };
        if let Err(error) = looked {
            tracing::error!(attempt.id = %one.attempt, ?error, "attempt {} could not be looked at", one.attempt);
        }
    }
    if unknown.is_empty() {
        return;
    }
    if let Err(error) = list_for(dialer, account, &unknown, now).await {
        tracing::error!(account.id = %account, ?error, "the unknown calls of account {account} could not be looked at");
    }
}

/// R2: whoever was to write has written or died.
async fn forget_sender(dialer: &Dialer, one: &ToLookAt, now: Timestamp) -> Result<()> {
    failpoint!("reconcile.silent_sender");
    happen(dialer, one, Happening::SenderSilent, now).await
}

pub(super) async fn happen(dialer: &Dialer, one: &ToLookAt, happening: Happening<'_>, now: Timestamp) -> Result<()> {
    let tx = dialer.db.tenant(one.organization).await?;
    organization_turns::lock(&tx).await?;
    let mut attempt = attempts::lock(&tx, one.attempt).await?;
    settlement::happen(&tx, &mut attempt, happening, &Moment { now, timing: dialer.timing }).await?;
    failpoint!("reconcile.concluded");
    tx.commit().await?;
    failpoint!("reconcile.committed");
    Ok(())
}

/// R3: one listing serves all unknown attempts of an account.
async fn list_for(dialer: &Dialer, account: ProviderAccountId, attempts: &[ToLookAt], now: Timestamp) -> Result<()> {
    failpoint!("reconcile.listing");
    let listing = list(dialer, account, attempts, now).await?;
    failpoint!("reconcile.listed");
    for one in attempts {
        let found = listing.as_ref().and_then(|calls| calls.iter().find(|call| is_marked(call, one)));
        if let Some(call) = found {
            // Kept like a webhook; applying it ties the call to the attempt.
            polls::keep(&dialer.db, account, one.organization, call, now).await?;
            failpoint!("reconcile.kept");
        }
        failpoint!("reconcile.concluding");
        let seen = if listing.is_some() && found.is_none() { Seen::Absent } else { Seen::Untold };
        happen(dialer, one, Happening::Listed(seen), now).await?;
    }
    Ok(())
}

/// `None`: the listing is not complete, or could not be made. Nothing follows from it.
async fn list(
    dialer: &Dialer,
    account: ProviderAccountId,
    attempts: &[ToLookAt],
    now: Timestamp,
) -> Result<Option<Vec<Fetched<Call>>>> {
    let sent = attempts.iter().map(|one| one.sending_at);
    let (Some(first), Some(last)) = (sent.clone().min(), sent.max()) else { return Ok(None) };
    if !provider_accounts::spend_request(&dialer.db, account, now).await? {
        return Ok(None);
    }
    let Some(open) = dialer.accounts.get(account).await? else { return Ok(None) };
    let filter = CallFilter {
        created_at_ge: Some(first - CLOCK_SKEW),
        // The list grows with time; what may have been created by these sends does not.
        created_at_le: Some(last + dialer.timing.settle + CLOCK_SKEW),
        limit: Some(vapi::CALLS_PER_PAGE_MAX),
        ..CallFilter::default()
    };
    match open.client.list_all_calls(&filter, PAGES_MAX).await {
        Ok(calls) => Ok(Some(calls)),
        Err(error) => {
            tracing::warn!(account.id = %account, %error, "a listing of calls failed; it proves nothing");
            Ok(None)
        }
    }
}

fn is_marked(call: &Call, one: &ToLookAt) -> bool {
    protocol::is_marked(one.attempt, call.name.as_deref(), call.mark("attempt"))
}

/// The ledger knows that the call has left the provider's queue, and its silence has not begun.
fn is_on_its_way(dialer: &Dialer, one: &ToLookAt, now: Timestamp) -> bool {
    let has_moved = one.call_status.as_ref().is_some_and(|status| status.rank() > CallStatus::Queued.rank());
    has_moved && now < one.sending_at + dialer.timing.silence
}

/// R4: nothing was heard of an accepted call for long, or not that it has begun to ring.
async fn ask_about_silent(dialer: &Dialer, one: &ToLookAt, account: ProviderAccountId, now: Timestamp) -> Result<()> {
    if let (Some(call_id), Some(open)) = (&one.provider_call_id, dialer.accounts.get(account).await?)
        && provider_accounts::spend_request(&dialer.db, account, now).await?
    {
        match open.client.get_call(call_id).await {
            Ok(call) if queue::waits_too_long(&call, &dialer.timing, now) => {
                return queue::drop_call(dialer, one, (account, &open, call_id), now).await;
            }
            Ok(call) => polls::keep(&dialer.db, account, one.organization, &call, now).await?,
            // Not found is not an end: the list lags, and a deleted call may still have rung.
            Err(error) => tracing::warn!(attempt.id = %one.attempt, %error, "a silent call could not be asked about"),
        }
    }
    happen(dialer, one, Happening::AskedAboutSilence, now).await
}
