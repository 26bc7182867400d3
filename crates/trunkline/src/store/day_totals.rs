//! Calls and money of organizations' days, and the prices that its calls are taken to have.

use super::statement::sql;
use super::{Bound, Result, TenantTx};
use crate::domain::ids::{CampaignId, OrganizationId};
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

/// A campaign on a day, its organization's.
#[derive(Debug, Clone, Copy)]
pub struct CampaignDay {
    pub organization: OrganizationId,
    pub campaign: CampaignId,
    pub day: Date,
}

impl CampaignDay {
    pub(super) fn columns(days: &[Self]) -> (Vec<OrganizationId>, Vec<CampaignId>, Vec<Date>) {
        let organizations = days.iter().map(|of| of.organization).collect();
        (organizations, days.iter().map(|of| of.campaign).collect(), days.iter().map(|of| of.day).collect())
    }
}

sql!(
    ORGANIZATION_DAYS,
    "select d.organization_id, d.calls, d.money_spent, d.money_reserved
     from unnest($1::uuid[], $2::date[]) as o (id, day)
     cross join lateral (select * from organization_days where organization_id = o.id and day = o.day offset 0) d"
);
sql!(
    CAMPAIGN_DAYS,
    "select d.campaign_id, d.money_spent, d.money_reserved
     from unnest($1::uuid[], $2::uuid[], $3::date[]) as o (id, campaign_id, day)
     cross join lateral (
         select * from campaign_days where organization_id = o.id and campaign_id = o.campaign_id and day = o.day offset 0
     ) d"
);
// What the last calls of each campaign cost on average.
sql!(
    PRICES,
    "select c.id, round(avg(l.cost) * 1000000)::bigint
     from unnest($1::uuid[], $2::uuid[]) as c (organization_id, id)
     cross join lateral (
         select t.cost from calls t
         where t.organization_id = c.organization_id and t.campaign_id = c.id and t.cost is not null
         order by t.placed_at desc, t.id desc
         limit $3
     ) l
     group by c.id"
);

/// What organizations have used of a day; one that used nothing is left out.
pub async fn of_organizations(
    tx: &impl Bound,
    days: &[(OrganizationId, Date)],
) -> Result<HashMap<OrganizationId, DayTotals>> {
    let (organizations, days): (Vec<OrganizationId>, Vec<Date>) = days.iter().copied().unzip();
    let rows = tx.all(ORGANIZATION_DAYS, &[&organizations, &days]).await?;
    Ok(rows.iter().map(|row| (row.get(0), DayTotals { calls: row.get(1), money: money(row, 2) })).collect())
}

/// What one organization has used of its day.
pub async fn of_organization(tx: &TenantTx, day: Date) -> Result<DayTotals> {
    let of_one = of_organizations(tx, &[(tx.organization, day)]).await?;
    Ok(of_one.get(&tx.organization).copied().unwrap_or_default())
}

/// What campaigns have spent and reserved of their money on a day.
pub async fn of_campaigns(tx: &impl Bound, days: &[CampaignDay]) -> Result<HashMap<CampaignId, DayMoney>> {
    let (organizations, campaigns, days) = CampaignDay::columns(days);
    let rows = tx.all(CAMPAIGN_DAYS, &[&organizations, &campaigns, &days]).await?;
    Ok(rows.iter().map(|row| (row.get(0), money(row, 1))).collect())
}

/// What a call of each campaign cost on average over its last `calls_max` calls; nothing of a campaign without any.
pub async fn prices(
    tx: &impl Bound,
    campaigns: &[(OrganizationId, CampaignId)],
    calls_max: i64,
) -> Result<HashMap<CampaignId, Money>> {
    let (organizations, campaigns): (Vec<OrganizationId>, Vec<CampaignId>) = campaigns.iter().copied().unzip();
    let rows = tx.all(PRICES, &[&organizations, &campaigns, &calls_max]).await?;
    Ok(rows.iter().map(|row| (row.get(0), Money(row.get(1)))).collect())
}

fn money(row: &Row, at: usize) -> DayMoney {
    DayMoney { spent: Money(row.get(at)), reserved: Money(row.get(at + 1)) }
}
