//! The list of what providers sent, for the agency, and applying again what was set aside.

use super::keyset::{Cursor, PAGE_ROWS_READ, Page, Place};
use super::statement::sql;
use super::{AgencyTx, Db, Result, columns};
use crate::domain::ids::EventId;
use crate::domain::text_enum::text_enum;
use jiff::Timestamp;
use tokio_postgres::Row;

text_enum! {
    /// What has become of an event.
    pub enum EventState ("event state") {
        /// Waits to be applied.
        Kept = "kept",
        Applied = "applied",
        /// Belongs to no call, assistant or number that is known here.
        Unattributed = "unattributed",
        /// Could not be applied, again and again.
        SetAside = "set_aside",
    }
}

#[derive(Debug, Clone)]
pub struct ListedEvent {
    pub id: EventId,
    pub received_at: Timestamp,
    pub kind: String,
    pub account: String,
    /// Slug and name.
    pub organization: Option<(String, String)>,
    pub state: EventState,
    pub problem: Option<String>,
}

/// Webhooks since some instant, and all that wait for something.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventCounts {
    pub kept: u64,
    pub applied: u64,
    pub waiting: u64,
    pub unattributed: u64,
    pub set_aside: u64,
    pub last_received_at: Option<Timestamp>,
}

sql!(
    OLDER,
    "select e.id, e.received_at, e.type, a.name, o.slug, o.name, e.state, e.problem
     from (
         select * from events f
         where f.state = any ($1) and f.source = 'webhook'
           and ($2::timestamptz is null or (f.received_at, f.id) < ($2, $3::uuid))
         order by f.received_at desc, f.id desc
         limit $4
     ) e
     join provider_accounts a on a.id = e.provider_account_id
     left join organizations o on o.id = e.organization_id
     order by e.received_at desc, e.id desc"
);
sql!(
    NEWER,
    "select e.id, e.received_at, e.type, a.name, o.slug, o.name, e.state, e.problem
     from (
         select * from events f
         where f.state = any ($1) and f.source = 'webhook'
           and (f.received_at, f.id) > ($2::timestamptz, $3::uuid)
         order by f.received_at, f.id
         limit $4
     ) e
     join provider_accounts a on a.id = e.provider_account_id
     left join organizations o on o.id = e.organization_id
     order by e.received_at, e.id"
);
sql!(
    COUNTS,
    "select count(*), count(*) filter (where state = 'applied'),
            (select count(*) from events where state = 'kept'),
            (select count(*) from events where state = 'unattributed'),
            (select count(*) from events where state = 'set_aside'),
            (select received_at from events where source = 'webhook' order by received_at desc, id desc limit 1)
     from events
     where received_at >= $1 and source = 'webhook'"
);
sql!(REPLAY_SINCE, "select across.replay_events($1)");
sql!(REPLAY_ONE, "select across.replay_event($1)");

/// Which of the events that were set aside are to be applied again.
#[derive(Debug, Clone, Copy)]
pub enum Again {
    One(EventId),
    ReceivedSince(Timestamp),
}

/// A page of the events in one of `states`, newest first.
pub async fn page(tx: &AgencyTx, states: &[EventState], cursor: Cursor) -> Result<Page<ListedEvent>> {
    let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let (statement, place) = match cursor {
        Cursor::First => (OLDER, None),
        Cursor::OlderThan(place) => (OLDER, Some(place)),
        Cursor::NewerThan(place) => (NEWER, Some(place)),
    };
    let (at, id) = (place.map(|place| place.at), place.map(|place| place.id));
    let rows = tx.all(statement, &[&states, &at, &id, &PAGE_ROWS_READ]).await?;
    let events = rows.iter().map(event).collect::<Result<Vec<_>>>()?;
    Ok(Page::of(cursor, events, |event| Place { at: event.received_at, id: event.id.0 }))
}

pub async fn counts(tx: &AgencyTx, since: Timestamp) -> Result<EventCounts> {
    let row = tx.one(COUNTS, &[&since]).await?;
    Ok(EventCounts {
        kept: columns::count(&row, 0),
        applied: columns::count(&row, 1),
        waiting: columns::count(&row, 2),
        unattributed: columns::count(&row, 3),
        set_aside: columns::count(&row, 4),
        last_received_at: row.get(5),
    })
}

/// Has events that were set aside applied again; returns how many they are.
pub async fn replay(db: &Db, which: Again) -> Result<u64> {
    let tx = db.plain().await?;
    let row = match which {
        Again::One(event) => tx.one(REPLAY_ONE, &[&event]).await?,
        Again::ReceivedSince(at) => tx.one(REPLAY_SINCE, &[&at]).await?,
    };
    tx.commit().await?;
    Ok(columns::count(&row, 0))
}

fn event(row: &Row) -> Result<ListedEvent> {
    let (slug, name): (Option<String>, Option<String>) = (row.get(4), row.get(5));
    Ok(ListedEvent {
        id: row.get(0),
        received_at: row.get(1),
        kind: row.get(2),
        account: row.get(3),
        organization: slug.zip(name),
        state: columns::text(row, 6)?,
        problem: row.get(7),
    })
}
