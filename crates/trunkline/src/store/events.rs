//! Events: what a provider told us, kept as it came, before it has any effect.

use super::statement::sql;
use super::{Bound, Db, Error, Result, TenantTx};
use crate::domain::ids::{AttemptId, EventId, OrganizationId, ProviderAccountId};
use jiff::Timestamp;
use std::cell::RefCell;

/// A body as received; a larger one is refused at the door.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
const ZSTD_LEVEL: i32 = 1;

/// A body as it is kept: zstd, a seventh of a report's size, at a fiftieth of what jsonb would cost the database.
#[derive(Debug, Clone)]
pub struct PackedBody(Vec<u8>);

/// An event to be kept.
#[derive(Debug, Clone)]
pub struct NewEvent {
    pub id: EventId,
    /// Whose its assistant or number is; a call or an attempt that the ledger knows tells better, and is asked for when
    /// the event is kept. Nobody's is kept and shown all the same.
    pub organization: Option<OrganizationId>,
    pub account: ProviderAccountId,
    pub source: Source,
    pub kind: String,
    pub provider_call_id: Option<String>,
    pub attempt: Option<AttemptId>,
    /// What makes a repetition recognizable, within its account.
    pub dedupe_key: String,
    pub received_at: Timestamp,
    pub body: PackedBody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Webhook,
    /// The provider was asked, and this is its answer.
    Poll,
    /// The same of a call that a restored database does not know.
    Adoption,
}

/// An event to be applied.
#[derive(Debug, Clone)]
pub struct Event {
    pub organization: OrganizationId,
    pub id: EventId,
    pub account: ProviderAccountId,
    pub source: Source,
    pub attempt: Option<AttemptId>,
    pub body: PackedBody,
}

sql!(
    KEEP,
    "select event_id, owner_id, is_new from across.keep_attributed_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
);
// Not locked: the organization is, and whoever applies its events holds that lock.
sql!(
    READ,
    "select e.organization_id, e.id, e.provider_account_id, e.source, e.attempt_id, e.body
     from unnest($1::uuid[], $2::uuid[]) as r (organization_id, id)
     cross join lateral (
         select * from events where organization_id = r.organization_id and id = r.id and state = 'kept' offset 0
     ) e
     order by e.received_at, e.id"
);
sql!(
    APPLIED,
    "update events e
     set state = 'applied', applied_at = $3
     from unnest($1::uuid[], $2::uuid[]) as r (organization_id, id)
     where e.organization_id = r.organization_id and e.id = r.id"
);
sql!(
    FAILED,
    "update events
     set tries = tries + 1, problem = $3, state = case when tries + 1 >= $4 then 'set_aside' else state end
     where organization_id = $1 and id = $2 and state = 'kept'"
);

thread_local! {
    /// To begin a new one for each body costs more than a small body itself.
    static COMPRESSOR: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

impl PackedBody {
    pub fn new(body: &[u8]) -> Result<Self> {
        compress(body).map(Self)
    }

    /// The body as it was received.
    pub fn unpack(&self) -> Result<Vec<u8>> {
        decompress(&self.0)
    }

    /// Bytes as kept.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Source {
    fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Poll => "poll",
            Self::Adoption => "adoption",
        }
    }

    fn of(text: &str) -> Self {
        match text {
            "poll" => Self::Poll,
            "adoption" => Self::Adoption,
            _ => Self::Webhook,
        }
    }
}

/// What became of an event to be kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    pub id: EventId,
    /// `None`: nobody's yet.
    pub organization: Option<OrganizationId>,
    /// False: the provider had told it before.
    pub is_new: bool,
}

/// Keeps events in one statement and one commit; once this returns, they survive. Returns them in any order.
pub async fn keep(db: &Db, events: &[NewEvent]) -> Result<Vec<Kept>> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<EventId> = events.iter().map(|e| e.id).collect();
    let organizations: Vec<Option<OrganizationId>> = events.iter().map(|e| e.organization).collect();
    let accounts: Vec<ProviderAccountId> = events.iter().map(|e| e.account).collect();
    let sources: Vec<&str> = events.iter().map(|e| e.source.as_str()).collect();
    let kinds: Vec<&str> = events.iter().map(|e| e.kind.as_str()).collect();
    let calls: Vec<Option<&str>> = events.iter().map(|e| e.provider_call_id.as_deref()).collect();
    let attempts: Vec<Option<AttemptId>> = events.iter().map(|e| e.attempt).collect();
    let keys: Vec<&str> = events.iter().map(|e| e.dedupe_key.as_str()).collect();
    let received: Vec<Timestamp> = events.iter().map(|e| e.received_at).collect();
    let bodies: Vec<&[u8]> = events.iter().map(|e| e.body.0.as_slice()).collect();
    let tx = db.plain().await?;
    let rows = tx
        .all(KEEP, &[&ids, &organizations, &accounts, &sources, &kinds, &calls, &attempts, &keys, &received, &bodies])
        .await?;
    tx.commit().await?;
    let read = |row: &tokio_postgres::Row| Kept { id: row.get(0), organization: row.get(1), is_new: row.get(2) };
    Ok(rows.iter().map(read).collect())
}

/// Those of `events` that wait to be applied, in the order in which they came. The locks of their organizations are held.
pub async fn read(tx: &impl Bound, events: &[(OrganizationId, EventId)]) -> Result<Vec<Event>> {
    let (organizations, ids): (Vec<OrganizationId>, Vec<EventId>) = events.iter().copied().unzip();
    let rows = tx.all(READ, &[&organizations, &ids]).await?;
    let read = |row: &tokio_postgres::Row| Event {
        organization: row.get(0),
        id: row.get(1),
        account: row.get(2),
        source: Source::of(row.get(3)),
        attempt: row.get(4),
        body: PackedBody(row.get(5)),
    };
    Ok(rows.iter().map(read).collect())
}

/// As bodies and the facts of decisions are kept.
pub fn compress(body: &[u8]) -> Result<Vec<u8>> {
    let packed = COMPRESSOR.with_borrow_mut(|compressor| match compressor {
        Some(compressor) => compressor.compress(body),
        none => none.insert(zstd::bulk::Compressor::new(ZSTD_LEVEL)?).compress(body),
    });
    packed.map_err(|error| Error::Database(error.into()))
}

/// Room for the largest body is not taken for a small one: the kernel would clear it page by page.
pub fn decompress(body: &[u8]) -> Result<Vec<u8>> {
    let told = zstd::zstd_safe::get_frame_content_size(body).ok().flatten();
    let size = told.and_then(|size| usize::try_from(size).ok()).map_or(BODY_BYTES_MAX, |size| size.min(BODY_BYTES_MAX));
    let unpacked = DECOMPRESSOR.with_borrow_mut(|decompressor| match decompressor {
        Some(decompressor) => decompressor.decompress(body, size),
        none => none.insert(zstd::bulk::Decompressor::new()?).decompress(body, size),
    });
    unpacked.map_err(|error| Error::Database(error.into()))
}

/// Marks events in the same transaction as their effects.
pub async fn mark_applied(tx: &impl Bound, events: &[(OrganizationId, EventId)], now: Timestamp) -> Result<()> {
    let (organizations, ids): (Vec<OrganizationId>, Vec<EventId>) = events.iter().copied().unzip();
    tx.run(APPLIED, &[&organizations, &ids, &now]).await?;
    Ok(())
}

/// Counts a failed try; after `tries_max` of them the event is set aside for a person, with its reason.
pub async fn mark_failed(tx: &TenantTx, id: EventId, problem: &str, tries_max: i32) -> Result<()> {
    tx.run(FAILED, &[&tx.organization, &id, &problem, &tries_max]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_out_as_it_went_in_and_takes_no_more_room() {
        for body in [Vec::new(), b"{}".to_vec(), vec![b'x'; BODY_BYTES_MAX]] {
            let unpacked = PackedBody::new(&body).unwrap().unpack().unwrap();
            assert!(unpacked == body && unpacked.capacity() == body.len());
        }
    }

    #[test]
    fn more_than_is_ever_received_does_not_come_out() {
        let packed = PackedBody::new(&vec![b'x'; BODY_BYTES_MAX + 1]).unwrap();

        assert!(packed.unpack().is_err());
    }
}
