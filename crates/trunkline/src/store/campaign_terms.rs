//! What may be changed of a campaign while it runs. The next claim goes by it.

use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::calling_hours::CallingHours;
use crate::domain::dialing_rules::CampaignRules;
use crate::domain::ids::{CampaignId, PhoneNumberId};
use crate::domain::retry_policy::RetryPlan;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_postgres::types::Json;

const NUMBERS_MAX: i64 = 1_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    pub lines_max: i32,
    /// Lower goes first within its organization.
    pub priority: i32,
    pub calling_hours: CallingHours,
    pub retry_plan: RetryPlan,
    pub calls_per_lead_and_day_max: i32,
    /// The numbers it calls from, in the order of their ids.
    pub numbers: Vec<PhoneNumberId>,
    #[serde(default)]
    pub rules: CampaignRules,
}

sql!(
    GET,
    "select lines_max, priority, calling_hours, retry_plan, calls_per_lead_and_day_max, dialing_rules
     from campaigns
     where organization_id = $1 and id = $2"
);
sql!(
    NUMBERS,
    "select phone_number_id from campaign_phone_numbers
     where organization_id = $1 and campaign_id = $2
     order by phone_number_id
     limit $3"
);
sql!(
    SET,
    "update campaigns
     set lines_max = $3, priority = $4, calling_hours = $5, retry_plan = $6, calls_per_lead_and_day_max = $7,
         dialing_rules = $8
     where organization_id = $1 and id = $2"
);
sql!(
    DROP_NUMBERS,
    "delete from campaign_phone_numbers
     where organization_id = $1 and campaign_id = $2 and phone_number_id <> all ($3)"
);
sql!(
    ADD_NUMBERS,
    "insert into campaign_phone_numbers (organization_id, campaign_id, phone_number_id)
     select $1, $2, unnest($3::uuid[])
     on conflict do nothing"
);
sql!(
    FORGET_HOURS,
    "update attempts
     set due_at = $3
     where organization_id = $1 and ($2::uuid is null or campaign_id = $2) and state = 'scheduled'
       and deferred_because = 'outside_calling_hours' and due_at > $3"
);

sql!(NAME, "select name from campaigns where organization_id = $1 and id = $2");

pub async fn name(tx: &TenantTx, id: CampaignId) -> Result<String> {
    Ok(tx.one(NAME, &[&tx.organization, &id]).await?.get(0))
}

pub async fn get(tx: &TenantTx, id: CampaignId) -> Result<Terms> {
    let row = tx.one(GET, &[&tx.organization, &id]).await?;
    let numbers = tx.all(NUMBERS, &[&tx.organization, &id, &NUMBERS_MAX]).await?;
    Ok(Terms {
        lines_max: row.get(0),
        priority: row.get(1),
        calling_hours: columns::json(&row, 2)?,
        retry_plan: columns::json(&row, 3)?,
        calls_per_lead_and_day_max: row.get(4),
        numbers: numbers.iter().map(|row| row.get(0)).collect(),
        rules: columns::json(&row, 5)?,
    })
}

/// The organization's lock is held by the caller, and then the campaign's.
pub async fn set(tx: &TenantTx, id: CampaignId, terms: &Terms) -> Result<()> {
    let Terms { lines_max, priority, calling_hours, retry_plan, calls_per_lead_and_day_max, numbers, rules } = terms;
    let organization = &tx.organization;
    let (hours, plan, rules) = (Json(calling_hours), Json(retry_plan), Json(rules));
    tx.run(SET, &[organization, &id, lines_max, priority, &hours, &plan, calls_per_lead_and_day_max, &rules]).await?;
    tx.run(DROP_NUMBERS, &[organization, &id, numbers]).await?;
    tx.run(ADD_NUMBERS, &[organization, &id, numbers]).await?;
    Ok(())
}

/// Hours have changed, of one campaign or of all: leads that waited for the old ones are decided anew.
pub async fn forget_hours(tx: &TenantTx, campaign: Option<CampaignId>, now: Timestamp) -> Result<()> {
    tx.run(FORGET_HOURS, &[&tx.organization, &campaign, &now]).await?;
    Ok(())
}
