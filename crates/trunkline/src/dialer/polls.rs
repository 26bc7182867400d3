//! What the provider answers when it is asked about a call: kept as an event, and applied like a webhook.

use crate::domain::ids::{AttemptId, EventId, OrganizationId, ProviderAccountId};
use crate::store::across::Clues;
use crate::store::events::{self, NewEvent, PackedBody, Source};
use crate::store::{Db, Result};
use jiff::Timestamp;
use vapi::{Call, Fetched};

/// The attempt whose marker the call carries, in its name or in its metadata.
pub(super) fn attempt_of(call: &Call) -> Option<AttemptId> {
    let named = call.name.as_deref().and_then(|name| name.parse().ok());
    named.or_else(|| call.mark("attempt")?.parse().ok())
}

/// What the call tells of whose it is.
pub(super) fn clues(call: &Fetched<Call>) -> Clues<'_> {
    Clues {
        provider_call_id: Some(&call.id),
        attempt: attempt_of(call),
        assistant_id: call.assistant_id.as_deref(),
        provider_number_id: call.phone_number_id.as_deref(),
    }
}

/// Keeps a call as the provider shows it. The same state of it is kept once.
pub(super) async fn keep(
    db: &Db,
    account: ProviderAccountId,
    organization: OrganizationId,
    call: &Fetched<Call>,
    now: Timestamp,
) -> Result<()> {
    let updated_at = call.updated_at.map(|at| at.to_string()).unwrap_or_default();
    let key = format!("poll/{}/{updated_at}", call.id);
    keep_as(db, account, organization, (call, Source::Poll, key), now).await
}

/// Keeps a call that the ledger does not know, for it to be adopted; once, whatever becomes of the call.
pub(super) async fn keep_for_adoption(
    db: &Db,
    account: ProviderAccountId,
    organization: OrganizationId,
    call: &Fetched<Call>,
    now: Timestamp,
) -> Result<()> {
    let key = format!("adoption/{}", call.id);
    keep_as(db, account, organization, (call, Source::Adoption, key), now).await
}

async fn keep_as(
    db: &Db,
    account: ProviderAccountId,
    organization: OrganizationId,
    (call, source, dedupe_key): (&Fetched<Call>, Source, String),
    now: Timestamp,
) -> Result<()> {
    let event = NewEvent {
        id: EventId::new(),
        organization: Some(organization),
        account,
        source,
        kind: "call".to_owned(),
        provider_call_id: Some(call.id.clone()),
        attempt: attempt_of(call),
        dedupe_key,
        received_at: now,
        body: PackedBody::new(call.raw.get().as_bytes())?,
    };
    events::keep(db, &[event]).await?;
    Ok(())
}
