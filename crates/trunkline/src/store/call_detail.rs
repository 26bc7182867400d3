//! One call with all that is known of it.

use super::call_list::{ListedCall, listed};
use super::keyset::Place;
use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::conversation::Turn;
use crate::domain::ids::CallId;
use crate::domain::text_enum::text_enum;
use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;
use serde_json::Value;
use tokio_postgres::Row;

/// Messages of one call that are listed; a call has a dozen.
const EVENTS_MAX: i64 = 200;

#[derive(Debug, Clone)]
pub struct CallDetail {
    pub call: ListedCall,
    /// As given with the lead; IANA name.
    pub lead_time_zone: Option<String>,
    pub lead_postal_code: Option<String>,
    pub account: String,
    pub provider_call_id: String,
    /// The number of ours.
    pub our_number: Option<String>,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// The provider's own word.
    pub ended_reason: Option<String>,
    pub summary: Option<String>,
    pub has_report: bool,
    pub has_recording: bool,
    /// `None`: not placed by us.
    pub attempt: Option<AttemptFacts>,
}

/// What the attempt behind a call remembers.
#[derive(Debug, Clone)]
pub struct AttemptFacts {
    pub due_at: Timestamp,
    /// The point of no return, where hours, limits and do-not-call lists were asked a last time.
    pub sending_at: Option<Timestamp>,
    /// End of the lead's calling hours or day, as the claim found it.
    pub send_before: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    pub lead_day: Option<Date>,
}

/// The large texts of a call.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub transcript: Option<String>,
    pub turns: Vec<Turn>,
    /// What the agent noted: an object, or null.
    pub analysis: Value,
}

text_enum! {
    /// Where a message of a provider stands.
    pub enum EventState ("event state") {
        Kept = "kept",
        Applied = "applied",
        Unattributed = "unattributed",
        SetAside = "set_aside",
    }
}

/// A message of the provider about a call.
#[derive(Debug, Clone)]
pub struct CallEvent {
    pub received_at: Timestamp,
    /// The provider's word.
    pub kind: String,
    pub state: EventState,
}

/// The calls beside one in the organization's list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Neighbours {
    pub newer: Option<CallId>,
    pub older: Option<CallId>,
}

sql!(
    CALL,
    "select c.id, o.slug, o.name, c.lead_id, l.name, c.phone, c.direction, c.status, c.outcome, c.success, c.campaign_id,
            m.name, a.name, c.placed_at, c.duration_ms, c.cost, l.time_zone, p.name, c.provider_call_id, n.number,
            c.started_at, c.ended_at, c.ended_reason, c.summary, c.has_report, c.recording_url is not null, t.id,
            t.due_at, t.sending_at, t.send_before, t.accepted_at, t.lead_day, l.postal_code
     from calls c
     join organizations o on o.id = c.organization_id
     join provider_accounts p on p.id = c.provider_account_id
     left join leads l on l.organization_id = c.organization_id and l.id = c.lead_id
     left join campaigns m on m.organization_id = c.organization_id and m.id = c.campaign_id
     left join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     left join phone_numbers n on n.organization_id = c.organization_id and n.id = c.phone_number_id
     left join attempts t on t.organization_id = c.organization_id and t.id = c.attempt_id
     where c.organization_id = $1 and c.id = $2"
);
sql!(
    REPORT,
    "select transcript, messages, analysis from call_reports
     where organization_id = $1 and call_id = $2"
);
sql!(
    COSTS,
    "select part, amount from call_costs
     where organization_id = $1 and call_id = $2
     order by amount desc, part"
);
sql!(
    EVENTS,
    "select e.received_at, e.type, e.state
     from calls c
     join events e on e.organization_id = c.organization_id and e.provider_call_id = c.provider_call_id
                  and e.provider_account_id = c.provider_account_id
     where c.organization_id = $1 and c.id = $2
     order by e.received_at, e.id
     limit $3"
);
sql!(
    NEIGHBOURS,
    "select (select id from calls
             where organization_id = $1 and (placed_at, id) > ($2, $3)
             order by placed_at, id
             limit 1),
            (select id from calls
             where organization_id = $1 and (placed_at, id) < ($2, $3)
             order by placed_at desc, id desc
             limit 1)"
);
sql!(
    RECORDING,
    "select recording_url from calls
     where organization_id = $1 and id = $2"
);

pub async fn get(tx: &TenantTx, id: CallId) -> Result<CallDetail> {
    let row = tx.one(CALL, &[&tx.organization, &id]).await?;
    Ok(CallDetail {
        call: listed(&row)?,
        lead_time_zone: row.get(16),
        lead_postal_code: row.get(32),
        account: row.get(17),
        provider_call_id: row.get(18),
        our_number: row.get(19),
        started_at: row.get(20),
        ended_at: row.get(21),
        ended_reason: row.get(22),
        summary: row.get(23),
        has_report: row.get(24),
        has_recording: row.get(25),
        attempt: row.get::<_, Option<uuid::Uuid>>(26).map(|_| AttemptFacts {
            due_at: row.get(27),
            sending_at: row.get(28),
            send_before: row.get(29),
            accepted_at: row.get(30),
            lead_day: row.get(31),
        }),
    })
}

/// Empty until the provider's report is here.
pub async fn report(tx: &TenantTx, id: CallId) -> Result<Report> {
    let Some(row) = tx.one_or_none(REPORT, &[&tx.organization, &id]).await? else {
        return Ok(Report::default());
    };
    Ok(Report { transcript: row.get(0), turns: columns::json(&row, 1)?, analysis: row.get(2) })
}

/// Cost by part in US dollars, the largest first.
pub async fn costs(tx: &TenantTx, id: CallId) -> Result<Vec<(String, Decimal)>> {
    let rows = tx.all(COSTS, &[&tx.organization, &id]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// What the provider told, oldest first.
pub async fn events(tx: &TenantTx, id: CallId) -> Result<Vec<CallEvent>> {
    let rows = tx.all(EVENTS, &[&tx.organization, &id, &EVENTS_MAX]).await?;
    let read = |row: &Row| Ok(CallEvent { received_at: row.get(0), kind: row.get(1), state: columns::text(row, 2)? });
    rows.iter().map(read).collect()
}

pub async fn neighbours(tx: &TenantTx, of: Place) -> Result<Neighbours> {
    let row = tx.one(NEIGHBOURS, &[&tx.organization, &of.at, &of.id]).await?;
    Ok(Neighbours { newer: row.get(0), older: row.get(1) })
}

/// Where the provider keeps the recording. For the program only: the address alone opens it.
pub async fn recording_url(tx: &TenantTx, id: CallId) -> Result<Option<String>> {
    Ok(tx.one(RECORDING, &[&tx.organization, &id]).await?.get(0))
}
