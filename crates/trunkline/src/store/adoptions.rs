//! Calls that the provider has and a restored ledger does not: whose they are, and the attempt that each gets.
//!
//! An adopted call is claimed and sent once more on paper, by `reservations::reserve` and `attempt_sends::send`, so that every
//! counter is as if the ledger had never been lost.

use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::ids::{AttemptId, CampaignId, EnrollmentId, LeadId, LinePoolId, PhoneNumberId, ProviderAccountId};
use crate::domain::status::AttemptState;
use jiff::Timestamp;

/// What a call tells of whose it is.
#[derive(Debug, Clone, Copy)]
pub struct Traces<'a> {
    pub account: ProviderAccountId,
    pub enrollment: Option<EnrollmentId>,
    pub lead: Option<LeadId>,
    pub phone: &'a str,
    pub assistant_id: Option<&'a str>,
    pub provider_number_id: Option<&'a str>,
}

/// Where the call belongs.
#[derive(Debug, Clone)]
pub struct Place {
    pub enrollment: EnrollmentId,
    pub campaign: CampaignId,
    pub lead: LeadId,
    /// As given with the lead.
    pub time_zone: Option<String>,
    pub postal_code: Option<String>,
    pub number: PhoneNumberId,
    pub pool: LinePoolId,
}

/// The attempt of a marker, if the ledger has it.
#[derive(Debug, Clone, Copy)]
pub struct Marked {
    pub state: AttemptState,
    pub enrollment: EnrollmentId,
    pub fence: Option<i64>,
}

sql!(
    MARKED,
    "select state, enrollment_id, fence from attempts
     where organization_id = $1 and id = $2
     for update"
);
// Calls of before an enrollment was among the markers tell their lead and their assistant: of its enrollments with that
// agent the one that goes on, or else the latest.
sql!(
    PLACE,
    "select e.id, e.campaign_id, e.lead_id, l.time_zone, n.id, p.line_pool_id, l.postal_code
     from enrollments e
     join leads l on l.organization_id = e.organization_id and l.id = e.lead_id
     join campaigns c on c.organization_id = e.organization_id and c.id = e.campaign_id
     join phone_numbers n on n.organization_id = e.organization_id and n.provider_account_id = $2 and n.provider_number_id = $3
     join provider_accounts p on p.id = $2
     where e.organization_id = $1
       and (
           e.id = $4
           or (e.lead_id = $5 or l.phone = $6)
               and exists (
                   select from agent_deployments d
                   where d.organization_id = $1 and d.agent_id = c.agent_id and d.provider_account_id = $2
                     and d.assistant_id = $7
               )
       )
     order by (e.id = $4) is true desc, e.status <> 'done' desc, e.created_at desc
     limit 1"
);
sql!(
    ADD,
    "insert into attempts (organization_id, id, enrollment_id, campaign_id, lead_id, phone, state, due_at, created_at)
     values ($1, $2, $3, $4, $5, $6, 'scheduled', $7, $7)"
);
sql!(
    IS_SENT,
    "select exists (
         select from attempts
         where organization_id = $1 and phone = $2 and id <> $3 and state in ('sending', 'unknown', 'accepted', 'held')
     )"
);
sql!(
    RESERVED,
    "select id from attempts
     where organization_id = $1 and phone = $2 and id <> $3 and state = 'reserved'"
);
sql!(ZONE, "select time_zone from organizations where id = $1");

pub async fn marked(tx: &TenantTx, id: AttemptId) -> Result<Option<Marked>> {
    let Some(row) = tx.one_or_none(MARKED, &[&tx.organization, &id]).await? else { return Ok(None) };
    Ok(Some(Marked { state: columns::text(&row, 0)?, enrollment: row.get(1), fence: row.get(2) }))
}

/// `None`: its lead, its campaign or its number came after the backup, and the ledger knows none of them.
pub async fn place(tx: &TenantTx, traces: &Traces<'_>) -> Result<Option<Place>> {
    let Traces { account, enrollment, lead, phone, assistant_id, provider_number_id } = traces;
    let row = tx
        .one_or_none(PLACE, &[&tx.organization, account, provider_number_id, enrollment, lead, phone, assistant_id])
        .await?;
    Ok(row.map(|row| Place {
        enrollment: row.get(0),
        campaign: row.get(1),
        lead: row.get(2),
        time_zone: row.get(3),
        number: row.get(4),
        pool: row.get(5),
        postal_code: row.get(6),
    }))
}

/// Enters an attempt as it was planned. The enrollment has no other that is planned or open.
pub async fn add(tx: &TenantTx, id: AttemptId, place: &Place, phone: &str, at: Timestamp) -> Result<()> {
    let Place { enrollment, campaign, lead, .. } = place;
    tx.run(ADD, &[&tx.organization, &id, enrollment, campaign, lead, &phone, &at]).await?;
    Ok(())
}

/// Whether another attempt on the phone was sent and is open: what became of it has to be known first.
pub async fn another_is_sent(tx: &TenantTx, phone: &str, id: AttemptId) -> Result<bool> {
    Ok(tx.one(IS_SENT, &[&tx.organization, &phone, &id]).await?.get(0))
}

/// Another attempt that is reserved for the phone.
pub async fn another_reserved(tx: &TenantTx, phone: &str, id: AttemptId) -> Result<Option<AttemptId>> {
    Ok(tx.one_or_none(RESERVED, &[&tx.organization, &phone, &id]).await?.map(|row| row.get(0)))
}

/// The organization's zone, by its name.
pub async fn zone(tx: &TenantTx) -> Result<String> {
    Ok(tx.one(ZONE, &[&tx.organization]).await?.get(0))
}
