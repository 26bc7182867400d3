//! The sweep over calls that changed at the provider: it finds the ends whose webhooks were lost, within minutes.

use super::accounts::OpenAccount;
use super::{ACCOUNTS_AT_ONCE_MAX, Dialer, polls, quarantine};
use crate::domain::ids::ProviderAccountId;
use crate::store::{Result, across, provider_accounts};
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use vapi::{Call, CallFilter, Fetched, ListingError};

/// Calls that changed while the last sweep ran are seen by the next one.
const OVERLAP: SignedDuration = SignedDuration::from_mins(2);
/// The first sweep of an account looks back this far.
const FIRST_LOOK_BACK: SignedDuration = SignedDuration::from_hours(1);
const PAGES_MAX: usize = 20;
/// A stretch with too many calls is halved this often: a day to some minutes.
const HALVINGS_MAX: usize = 8;
/// An ended call's report is left to its webhook for this long.
const REPORT_PATIENCE: SignedDuration = SignedDuration::from_secs(45);

/// Sweeps each account whose last sweep is long enough ago. An account that does not answer is not the others' trouble.
pub(super) async fn sweep_due(dialer: &Dialer, now: Timestamp) -> Result<()> {
    let accounts = provider_accounts::all(&dialer.db).await?;
    let is_due = |until: Option<Timestamp>| until.is_none_or(|at| now.duration_since(at) >= dialer.timing.sweep);
    let due: Vec<_> = accounts.into_iter().filter(|account| is_due(account.swept_until)).collect();
    if due.is_empty() {
        return Ok(());
    }
    failpoint!("sweep.due");
    // A key that was replaced is used from now on.
    dialer.accounts.refresh().await?;
    stream::iter(due)
        .for_each_concurrent(ACCOUNTS_AT_ONCE_MAX, |account| async move {
            let swept_until = account.swept_until.unwrap_or(now - FIRST_LOOK_BACK);
            if let Err(error) = sweep(dialer, account.id, swept_until, now).await {
                tracing::error!(account.id = %account.id, ?error, "account {} could not be swept", account.id);
            }
        })
        .await;
    Ok(())
}

async fn sweep(dialer: &Dialer, account: ProviderAccountId, swept_until: Timestamp, now: Timestamp) -> Result<()> {
    let Some(account) = dialer.accounts.get(account).await? else { return Ok(()) };
    if !provider_accounts::spend_request(&dialer.db, account.id, now).await? {
        return Ok(());
    }
    let Some((calls, until)) = changed_since(dialer, &account, swept_until, now).await else { return Ok(()) };
    failpoint!("sweep.listed");
    quarantine::recognize_by_calls(dialer, &account, &calls, (swept_until, now)).await?;
    keep_ended(dialer, &account, calls, now).await?;
    failpoint!("sweep.kept");
    provider_accounts::swept(&dialer.db, account.id, until).await?;
    failpoint!("sweep.marked");
    Ok(())
}

/// The calls that changed from shortly before `from` on, and until when these are all of them: now, or earlier if there
/// are too many, as after a long absence of ours. `None` if the provider did not tell.
async fn changed_since(
    dialer: &Dialer,
    account: &OpenAccount,
    from: Timestamp,
    now: Timestamp,
) -> Option<(Vec<Fetched<Call>>, Timestamp)> {
    let overlap = OVERLAP.max(dialer.timing.sweep * 2);
    let mut until = now;
    for _ in 0..HALVINGS_MAX {
        let filter = CallFilter {
            updated_at_ge: Some(from - overlap),
            updated_at_le: (until < now).then_some(until),
            limit: Some(vapi::CALLS_PER_PAGE_MAX),
            ..CallFilter::default()
        };
        match account.client.list_all_calls(&filter, PAGES_MAX).await {
            Ok(calls) => return Some((calls, until)),
            Err(ListingError::TooLong { .. }) => until = from + until.duration_since(from) / 2,
            Err(error) => {
                tracing::warn!(account.id = %account.id, %error, "a sweep failed; the next one looks back as far");
                return None;
            }
        }
    }
    tracing::error!(account.id = %account.id, "too many calls changed at once to be swept");
    None
}

async fn keep_ended(dialer: &Dialer, account: &OpenAccount, calls: Vec<Fetched<Call>>, now: Timestamp) -> Result<()> {
    let ended: Vec<Fetched<Call>> = calls.into_iter().filter(|call| is_whole(call, now)).collect();
    let ids: Vec<String> = ended.iter().map(|call| call.id.clone()).collect();
    let known: HashSet<String> = across::calls_with_report(&dialer.db, account.id, &ids).await?.into_iter().collect();
    for call in ended.iter().filter(|call| !known.contains(&call.id)) {
        if let Some(organization) = across::attribute(&dialer.db, account.id, polls::clues(call)).await? {
            failpoint!("sweep.keeping");
            polls::keep(&dialer.db, account.id, organization, call, now).await?;
        }
    }
    Ok(())
}

fn is_whole(call: &Call, now: Timestamp) -> bool {
    call.has_ended() && call.updated_at.is_none_or(|at| now.duration_since(at) >= REPORT_PATIENCE)
}
