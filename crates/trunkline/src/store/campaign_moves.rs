//! Moves of a campaign that the program makes by itself: a scheduled one starts, one that a person has to look at pauses.

use super::statement::sql;
use super::{Bound, Result, TenantTx};
use crate::domain::ids::{CampaignId, OrganizationId};
use jiff::Timestamp;

sql!(
    PAUSE,
    "update campaigns
     set status = 'paused', status_reason = $3, status_by = null, status_since = $4
     where organization_id = $1 and id = $2 and status = 'running'"
);
sql!(
    START,
    "update campaigns
     set status = 'running', started_at = $3, status_reason = null, status_by = null, status_since = $3
     where organization_id = $1 and id = $2 and status = 'scheduled' and starts_at <= $3"
);

/// Pauses a running campaign and says why.
pub async fn pause(
    tx: &impl Bound,
    (organization, campaign): (OrganizationId, CampaignId),
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    tx.run(PAUSE, &[&organization, &campaign, &reason, &now]).await?;
    Ok(())
}

/// Starts a campaign whose time has come; its organization's turn comes at once.
pub async fn start(tx: &TenantTx, campaign: CampaignId, now: Timestamp) -> Result<()> {
    if tx.run(START, &[&tx.organization, &campaign, &now]).await? == 1 {
        super::organization_turns::wake(tx, now).await?;
    }
    Ok(())
}
