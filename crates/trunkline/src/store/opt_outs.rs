//! What becomes of the planned tries of a phone that must not be called any more.

use super::statement::sql;
use super::{Result, TenantTx, settlements};
use crate::domain::ids::CampaignId;
use jiff::Timestamp;

// Under the organization's lock no claim takes one of them meanwhile.
sql!(
    WITHDRAW,
    "with withdrawn as (
         update attempts
         set state = 'cancelled', because = $3, settled_at = $4
         where organization_id = $1 and phone = $2 and state = 'scheduled'
         returning enrollment_id
     ), excluded as (
         update enrollments e
         set status = 'done', disposition = 'excluded', because = $3, done_at = $4
         from withdrawn w
         where e.organization_id = $1 and e.id = w.enrollment_id and e.status <> 'done'
         returning e.campaign_id
     )
     select coalesce(array_agg(distinct campaign_id), '{}') from excluded"
);

/// Withdraws every planned try of a phone and excludes its lead from those campaigns. The caller holds the organization's
/// lock. A try that was claimed already is stopped at the point of no return.
pub async fn withdraw(tx: &TenantTx, phone: &str, because: &str, now: Timestamp) -> Result<()> {
    let row = tx.one(WITHDRAW, &[&tx.organization, &phone, &because, &now]).await?;
    for campaign in row.get::<_, Vec<CampaignId>>(0) {
        settlements::complete_campaign(tx, campaign, now).await?;
    }
    Ok(())
}
