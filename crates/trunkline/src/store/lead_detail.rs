//! One lead: where it came from, its place in campaigns, what waits for it, and everything that was tried.

use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::ids::{CallId, CampaignId, LeadId};
use crate::domain::outcome::Outcome;
use crate::domain::status::{AttemptState, CallStatus, Disposition};
use jiff::Timestamp;
use serde_json::Value;
use tokio_postgres::Row;

/// Enrollments, attempts and calls of one lead that are shown; the latest ones.
const ROWS_MAX: i64 = 200;

#[derive(Debug, Clone)]
pub struct Origin {
    /// Name of the file in which it came last, with the time of that import.
    pub import: Option<(String, Timestamp)>,
    pub external_id: Option<String>,
    /// An object.
    pub variables: Value,
    pub updated_at: Timestamp,
}

/// A lead's place in a campaign.
#[derive(Debug, Clone)]
pub struct Enrollment {
    pub campaign: CampaignId,
    pub campaign_name: String,
    /// `None` while it is not done.
    pub disposition: Option<Disposition>,
    /// Why it was excluded, or the last outcome.
    pub because: Option<String>,
    pub attempts_made: i32,
    pub retry_plan: Value,
    pub created_at: Timestamp,
}

/// One planned try.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub state: AttemptState,
    pub campaign_name: String,
    /// The latest reason for which it was not dialed, or the outcome after which it was planned.
    pub deferred_because: Option<String>,
    pub because: Option<String>,
    pub has_call: bool,
    /// When it was settled, else sent, else decided about, else planned.
    pub at: Timestamp,
}

/// A call of the lead.
#[derive(Debug, Clone)]
pub struct LeadCall {
    pub id: CallId,
    pub campaign_name: Option<String>,
    pub status: CallStatus,
    pub outcome: Option<Outcome>,
    pub ended_reason: Option<String>,
    pub placed_at: Timestamp,
    pub duration_ms: Option<i64>,
}

sql!(
    ORIGIN,
    "select i.file_name, i.created_at, l.external_id, l.variables, l.updated_at
     from leads l
     left join lead_imports i on i.organization_id = l.organization_id and i.id = l.lead_import_id
     where l.organization_id = $1 and l.id = $2"
);
sql!(
    ENROLLMENTS,
    "select c.id, c.name, e.disposition, e.because, e.attempts_made, c.retry_plan, e.created_at
     from enrollments e
     join campaigns c on c.organization_id = e.organization_id and c.id = e.campaign_id
     where e.organization_id = $1 and e.lead_id = $2
     order by e.created_at desc, e.id desc
     limit $3"
);
sql!(
    ATTEMPTS,
    "select a.state, c.name, a.deferred_because, a.because,
            exists (select from calls k where k.organization_id = a.organization_id and k.attempt_id = a.id),
            coalesce(a.settled_at, a.sending_at, a.decided_at, a.created_at)
     from attempts a
     join campaigns c on c.organization_id = a.organization_id and c.id = a.campaign_id
     where a.organization_id = $1 and a.lead_id = $2
     order by a.created_at desc
     limit $3"
);
sql!(
    CALLS,
    "select k.id, c.name, k.status, k.outcome, k.ended_reason, k.placed_at, k.duration_ms
     from calls k
     left join campaigns c on c.organization_id = k.organization_id and c.id = k.campaign_id
     where k.organization_id = $1 and k.lead_id = $2
     order by k.placed_at desc
     limit $3"
);

pub async fn origin(tx: &TenantTx, lead: LeadId) -> Result<Origin> {
    let row = tx.one(ORIGIN, &[&tx.organization, &lead]).await?;
    Ok(Origin {
        import: row.get::<_, Option<String>>(0).zip(row.get(1)),
        external_id: row.get(2),
        variables: row.get(3),
        updated_at: row.get(4),
    })
}

/// The lead's places in campaigns, the latest first.
pub async fn enrollments(tx: &TenantTx, lead: LeadId) -> Result<Vec<Enrollment>> {
    let rows = tx.all(ENROLLMENTS, &[&tx.organization, &lead, &ROWS_MAX]).await?;
    let read = |row: &Row| {
        Ok(Enrollment {
            campaign: row.get(0),
            campaign_name: row.get(1),
            disposition: columns::text_or_none(row, 2)?,
            because: row.get(3),
            attempts_made: row.get(4),
            retry_plan: row.get(5),
            created_at: row.get(6),
        })
    };
    rows.iter().map(read).collect()
}

/// What was and what is planned, the latest first.
pub async fn attempts(tx: &TenantTx, lead: LeadId) -> Result<Vec<Attempt>> {
    let rows = tx.all(ATTEMPTS, &[&tx.organization, &lead, &ROWS_MAX]).await?;
    let read = |row: &Row| {
        Ok(Attempt {
            state: columns::text(row, 0)?,
            campaign_name: row.get(1),
            deferred_because: row.get(2),
            because: row.get(3),
            has_call: row.get(4),
            at: row.get(5),
        })
    };
    rows.iter().map(read).collect()
}

/// Calls with the lead, in either direction, the latest first.
pub async fn calls(tx: &TenantTx, lead: LeadId) -> Result<Vec<LeadCall>> {
    let rows = tx.all(CALLS, &[&tx.organization, &lead, &ROWS_MAX]).await?;
    let read = |row: &Row| {
        Ok(LeadCall {
            id: row.get(0),
            campaign_name: row.get(1),
            status: CallStatus::parse(row.get(2)),
            outcome: columns::text_or_none(row, 3)?,
            ended_reason: row.get(4),
            placed_at: row.get(5),
            duration_ms: row.get(6),
        })
    };
    rows.iter().map(read).collect()
}
