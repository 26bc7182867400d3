//! The sweep over calls that changed at the provider: it finds the ends whose webhooks were lost, within minutes.

use super::Dialer;
use super::accounts::OpenAccount;
use super::polls;
use crate::store::across::{self, Clues};
use crate::store::{Result, provider_accounts};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use vapi::{Call, CallFilter, Fetched};

/// Calls that changed while the last sweep ran are seen by the next one.
const OVERLAP: SignedDuration = SignedDuration::from_mins(2);
/// The first sweep of an account looks back this far.
const FIRST_LOOK_BACK: SignedDuration = SignedDuration::from_hours(1);
const PAGES_MAX: usize = 20;
/// An ended call's report is left to its webhook for this long.
const REPORT_PATIENCE: SignedDuration = SignedDuration::from_secs(45);

/// Sweeps each account whose last sweep is long enough ago.
pub async fn sweep_due(dialer: &Dialer, now: Timestamp) -> Result<()> {
    for account in provider_accounts::all(&dialer.db).await? {
        let swept_until = account.swept_until.unwrap_or(now - FIRST_LOOK_BACK);
        if account.swept_until.is_some_and(|at| now.duration_since(at) < dialer.timing.sweep) {
            continue;
        }
        let Some(open) = dialer.accounts.get(account.id).await? else { continue };
        if !provider_accounts::spend_request(&dialer.db, account.id, now).await? {
            continue;
        }
        sweep(dialer, &open, swept_until, now).await?;
    }
    Ok(())
}

async fn sweep(dialer: &Dialer, account: &OpenAccount, swept_until: Timestamp, now: Timestamp) -> Result<()> {
    let overlap = OVERLAP.max(dialer.timing.sweep * 2);
    let filter = CallFilter {
        updated_at_ge: Some(swept_until - overlap),
        limit: Some(vapi::CALLS_PER_PAGE_MAX),
        ..CallFilter::default()
    };
    let calls = match account.client.list_all_calls(&filter, PAGES_MAX).await {
        Ok(calls) => calls,
        Err(error) => {
            tracing::warn!(account.id = %account.id, %error, "a sweep failed; the next one looks back as far");
            return Ok(());
        }
    };
    let ended: Vec<Fetched<Call>> = calls.into_iter().filter(|call| is_whole(call, now)).collect();
    let ids: Vec<String> = ended.iter().map(|call| call.id.clone()).collect();
    let known: HashSet<String> =
        across::calls_with_report(&dialer.db, account.id, &ids).await?.into_iter().collect();
    for call in ended.iter().filter(|call| !known.contains(&call.id)) {
        let clues = Clues {
            provider_call_id: Some(&call.id),
            attempt: polls::attempt_of(call),
            assistant_id: call.assistant_id.as_deref(),
            provider_number_id: call.phone_number_id.as_deref(),
        };
        if let Some(organization) = across::attribute(&dialer.db, account.id, clues).await? {
            polls::keep(&dialer.db, account.id, organization, call, now).await?;
        }
    }
    provider_accounts::swept(&dialer.db, account.id, now).await
}

fn is_whole(call: &Call, now: Timestamp) -> bool {
    call.has_ended() && call.updated_at.is_none_or(|at| now.duration_since(at) >= REPORT_PATIENCE)
}
