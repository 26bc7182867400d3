//! The adoption of calls that the provider has of us and a restored database does not: while it goes on, nothing is dialed.

use super::accounts::OpenAccount;
use super::{ACCOUNTS_AT_ONCE_MAX, Dialer, polls};
use crate::domain::ids::AttemptId;
use crate::domain::protocol::{Adoption, next_adoption};
use crate::store::across;
use crate::store::quarantine::{self, Adopting, Quarantine};
use crate::store::{Result, adoptions, provider_accounts};
use futures_util::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use vapi::{Call, CallFilter, CallKind, Fetched, ListingError};

/// Between two looks at the provider's calls.
const EVERY: SignedDuration = SignedDuration::from_secs(10);
/// Pages of one listing.
const PAGES_MAX: usize = 20;
/// A stretch with too many calls is halved this often: a week to less than an hour.
const HALVINGS_MAX: usize = 8;

/// Whether the database is in quarantine. If it is, what is due of the adoption is done, and the quarantine ended when
/// nothing is left.
pub(super) async fn look(dialer: &Dialer, now: Timestamp) -> Result<bool> {
    let Some(quarantine) = quarantine::recognize(&dialer.db, now).await? else { return Ok(false) };
    let left = quarantine::left(&dialer.db).await?;
    if left.is_nothing() {
        quarantine::end(&dialer.db, "every call at the provider is known", (None, now)).await?;
        return Ok(false);
    }
    let mut adopted_at = dialer.adopted_at.lock().await;
    if adopted_at.is_some_and(|at| now.duration_since(at) < EVERY) {
        return Ok(true);
    }
    *adopted_at = Some(now);
    dialer.accounts.refresh().await?;
    let quarantine = &quarantine;
    stream::iter(left.accounts)
        .for_each_concurrent(ACCOUNTS_AT_ONCE_MAX, |adopting| async move {
            if let Err(error) = adopt(dialer, &adopting, quarantine, now).await {
                tracing::error!(account.id = %adopting.account, ?error, "the calls of account {} could not be adopted", adopting.account);
            }
        })
        .await;
    Ok(true)
}

async fn adopt(dialer: &Dialer, adopting: &Adopting, quarantine: &Quarantine, now: Timestamp) -> Result<()> {
    let next = next_adoption(quarantine.since, adopting.adopted_until, &dialer.timing, now);
    let Adoption::List { from, to, then } = next else { return Ok(()) };
    let Some(account) = dialer.accounts.get(adopting.account).await? else { return Ok(()) };
    if !provider_accounts::spend_request(&dialer.db, account.id, now).await? {
        return Ok(());
    }
    let Some((calls, listed_to)) = created_between(&account, from, to).await else { return Ok(()) };
    let are_all_kept = keep_unknown(dialer, &account, calls, now).await?;
    if are_all_kept {
        let until = if listed_to < to { Some(listed_to) } else { then };
        quarantine::adopted(&dialer.db, account.id, until).await?;
    }
    Ok(())
}

/// The calls that were created from `from` on, and until when these are all of them: `to`, or earlier if there are too many.
/// `None` if the provider did not tell.
async fn created_between(
    account: &OpenAccount,
    from: Timestamp,
    mut to: Timestamp,
) -> Option<(Vec<Fetched<Call>>, Timestamp)> {
    for _ in 0..HALVINGS_MAX {
        let filter = CallFilter {
            created_at_ge: Some(from),
            created_at_le: Some(to),
            limit: Some(vapi::CALLS_PER_PAGE_MAX),
            ..CallFilter::default()
        };
        match account.client.list_all_calls(&filter, PAGES_MAX).await {
            Ok(calls) => return Some((calls, to)),
            Err(ListingError::TooLong { .. }) => to = from + to.duration_since(from) / 2,
            Err(error) => {
                tracing::warn!(account.id = %account.id, %error, "a listing failed; the quarantine goes on");
                return None;
            }
        }
    }
    tracing::error!(account.id = %account.id, "too many calls were created at once to be adopted");
    None
}

/// Keeps the calls that the ledger does not know, the oldest first. False if one has to wait until it is known what became of
/// an earlier call to its phone.
async fn keep_unknown(
    dialer: &Dialer,
    account: &OpenAccount,
    mut calls: Vec<Fetched<Call>>,
    now: Timestamp,
) -> Result<bool> {
    calls.retain(|call| call.kind.as_ref().is_none_or(|kind| *kind == CallKind::OutboundPhone));
    let unknown = unknown_of(dialer, account, &calls).await?;
    calls.sort_by_key(|call| call.created_at);
    let mut are_all_kept = true;
    for call in &calls {
        let Some(attempt) = polls::attempt_of(call).filter(|attempt| unknown.contains_key(attempt)) else { continue };
        are_all_kept &= keep(dialer, account, call, attempt, now).await?;
    }
    Ok(are_all_kept)
}

/// The attempts that calls are marked with and that the ledger does not know to have been sent, each with whether the call
/// is known all the same.
async fn unknown_of(
    dialer: &Dialer,
    account: &OpenAccount,
    calls: &[Fetched<Call>],
) -> Result<HashMap<AttemptId, bool>> {
    let marked: Vec<_> = calls.iter().filter_map(|call| Some((call.id.as_str(), polls::attempt_of(call)?))).collect();
    if marked.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(across::unsent_attempts(&dialer.db, account.id, &marked).await?.into_iter().collect())
}

/// The second way to recognize a restored database, for when it looks like the one that the nodes wrote to: among the calls
/// that changed since `from` is one that was made here, and the ledger does not know it.
pub(super) async fn recognize_by_calls(
    dialer: &Dialer,
    account: &OpenAccount,
    calls: &[Fetched<Call>],
    (from, now): (Timestamp, Timestamp),
) -> Result<()> {
    let is_ours = |call: &&Fetched<Call>| call.server_url().is_some_and(|url| url.starts_with(&*dialer.public_url));
    let ours: Vec<Fetched<Call>> = calls.iter().filter(is_ours).cloned().collect();
    let unknown = unknown_of(dialer, account, &ours).await?;
    for call in &ours {
        let is_unknown = polls::attempt_of(call).is_some_and(|attempt| unknown.get(&attempt) == Some(&false));
        if is_unknown && across::attribute(&dialer.db, account.id, polls::clues(call)).await?.is_some() {
            let because = "the provider has calls of ours that the database does not know";
            quarantine::begin(&dialer.db, because, Some(from), (None, now)).await?;
            return Ok(());
        }
    }
    Ok(())
}

async fn keep(
    dialer: &Dialer,
    account: &OpenAccount,
    call: &Fetched<Call>,
    attempt: AttemptId,
    now: Timestamp,
) -> Result<bool> {
    let Some(organization) = across::attribute(&dialer.db, account.id, polls::clues(call)).await? else {
        tracing::error!(account.id = %account.id, "a call of ours is nobody's: its organization came after the backup");
        return Ok(true);
    };
    if let Some(phone) = call.customer.as_ref().and_then(|customer| customer.number.as_deref()) {
        let tx = dialer.db.tenant(organization).await?;
        let has_to_wait = adoptions::another_is_sent(&tx, phone, attempt).await?;
        tx.commit().await?;
        if has_to_wait {
            return Ok(false);
        }
    }
    polls::keep_for_adoption(&dialer.db, account.id, organization, call, now).await?;
    Ok(true)
}
