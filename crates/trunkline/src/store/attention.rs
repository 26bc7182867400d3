//! Attempts that wait for a person: held ones, and calls that should not have been.

use super::statement::sql;
use super::{Reach, Result, TenantTx, columns};
use crate::domain::ids::{AttemptId, CampaignId, LeadId, UserId};
use crate::domain::status::AttemptState;
use jiff::Timestamp;
use tokio_postgres::Row;

/// Attempts that one page shows, and that one form settles.
pub const WAITING_MAX: usize = 200;
/// One more, to know that there are more.
const LOOKED_FOR: i64 = 201;

#[derive(Debug, Clone)]
pub struct Waiting {
    pub id: AttemptId,
    /// Held, accepted late, or a conflict.
    pub state: AttemptState,
    pub lead: LeadId,
    pub lead_name: String,
    /// In E.164.
    pub phone: String,
    pub campaign: CampaignId,
    pub campaign_name: String,
    pub sending_at: Option<Timestamp>,
    pub because: Option<String>,
    pub looks: i32,
    pub looked_at: Option<Timestamp>,
    pub has_call: bool,
    /// Slug and name.
    pub organization: (String, String),
}

sql!(
    LIST,
    "select a.id, a.state, l.id, l.name, a.phone, c.id, c.name, a.sending_at, a.because, a.looks, a.looked_at,
            a.provider_call_id is not null, o.slug, o.name
     from attempts a
     join organizations o on o.id = a.organization_id
     join leads l on l.organization_id = a.organization_id and l.id = a.lead_id
     join campaigns c on c.organization_id = a.organization_id and c.id = a.campaign_id
     where ($1::uuid is null or a.organization_id = $1)
       and (a.state = 'held' or (a.state in ('accepted_late', 'conflict') and a.acknowledged_at is null))
     order by o.name, o.id, a.sending_at, a.id
     limit $2"
);
sql!(
    COUNT,
    "select count(*) from attempts a
     where ($1::uuid is null or a.organization_id = $1)
       and (a.state = 'held' or (a.state in ('accepted_late', 'conflict') and a.acknowledged_at is null))"
);
sql!(
    ACKNOWLEDGE,
    "update attempts
     set acknowledged_at = $3, acknowledged_by = $4
     where organization_id = $1 and id = any ($2) and state in ('accepted_late', 'conflict') and acknowledged_at is null
     returning id"
);

/// By organization, the longest waiting first, and whether there are more.
pub async fn list(reach: Reach<'_>) -> Result<(Vec<Waiting>, bool)> {
    let rows = reach.tx().search(LIST, &[&reach.organization(), &LOOKED_FOR]).await?;
    let waiting: Vec<Waiting> = rows.iter().take(WAITING_MAX).map(read).collect::<Result<_>>()?;
    Ok((waiting, rows.len() > WAITING_MAX))
}

pub async fn count(reach: Reach<'_>) -> Result<u64> {
    Ok(columns::count(&reach.tx().one(COUNT, &[&reach.organization()]).await?, 0))
}

/// A person has seen these calls that should not have been; returns those of which nobody had said so before.
pub async fn acknowledge(tx: &TenantTx, ids: &[AttemptId], by: UserId, now: Timestamp) -> Result<Vec<AttemptId>> {
    let rows = tx.all(ACKNOWLEDGE, &[&tx.organization, &ids, &now, &by]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

fn read(row: &Row) -> Result<Waiting> {
    Ok(Waiting {
        id: row.get(0),
        state: columns::text(row, 1)?,
        lead: row.get(2),
        lead_name: row.get(3),
        phone: row.get(4),
        campaign: row.get(5),
        campaign_name: row.get(6),
        sending_at: row.get(7),
        because: row.get(8),
        looks: row.get(9),
        looked_at: row.get(10),
        has_call: row.get(11),
        organization: (row.get(12), row.get(13)),
    })
}
