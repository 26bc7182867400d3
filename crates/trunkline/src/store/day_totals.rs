//! Calls and money of an organization's day, and the prices that its calls are taken to have.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::CampaignId;
use crate::domain::money::Money;
use jiff::civil::Date;
use std::collections::HashMap;
use tokio_postgres::Row;

/// Calls and money of a day so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct DayTotals {
    pub calls: i32,
    pub money: DayMoney,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct DayMoney {
    pub spent: Money,
    pub reserved: Money,
}

sql!(ORGANIZATION_DAY, "select calls, money_spent, money_reserved from organization_days where day = $1");
sql!(
    CAMPAIGN_DAYS,
    "select campaign_id, money_spent, money_reserved from campaign_days
     where campaign_id = any ($1) and day = $2"
);
// What the last calls of each campaign cost on average.
sql!(
    PRICES,
    "select c.id, round(avg(l.cost) * 1000000)::bigint
     from unnest($1::uuid[]) as c (id)
     cross join lateral (
         select t.cost from calls t
         where t.organization_id = $2 and t.campaign_id = c.id and t.cost is not null
         order by t.placed_at desc, t.id desc
         limit $3
     ) l
     group by c.id"
);
/// What the organization has used of its day.
pub async fn of_organization(tx: &TenantTx, day: Date) -> Result<DayTotals> {
    let row = tx.one_or_none(ORGANIZATION_DAY, &[&day]).await?;
    Ok(row.map_or_else(DayTotals::default, |row| DayTotals { calls: row.get(0), money: money(&row, 1) }))
}

/// What each campaign has spent and reserved of its money on `day`, the organization's.
pub async fn of_campaigns(tx: &TenantTx, campaigns: &[CampaignId], day: Date) -> Result<HashMap<CampaignId, DayMoney>> {
    let rows = tx.all(CAMPAIGN_DAYS, &[&campaigns, &day]).await?;
    Ok(rows.iter().map(|row| (row.get(0), money(row, 1))).collect())
}

/// What a call of each campaign cost on average over its last `calls_max` calls; nothing of a campaign without any.
pub async fn prices(tx: &TenantTx, campaigns: &[CampaignId], calls_max: i64) -> Result<HashMap<CampaignId, Money>> {
    let rows = tx.all(PRICES, &[&campaigns, &tx.organization, &calls_max]).await?;
    Ok(rows.iter().map(|row| (row.get(0), Money(row.get(1)))).collect())
}

fn money(row: &Row, at: usize) -> DayMoney {
    DayMoney { spent: Money(row.get(at)), reserved: Money(row.get(at + 1)) }
}
