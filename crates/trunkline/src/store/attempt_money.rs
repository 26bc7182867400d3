//! Money of attempts: reserved at the claim, given back on proof that nothing was dialed, replaced by the cost when that is
//! told. The totals of the organization's day follow in the same statement.

use super::statement::sql;
use super::{Bound, Result};
use crate::domain::ids::{AttemptId, OrganizationId};
use rust_decimal::Decimal;

sql!(
    GIVE_BACK,
    "with held as (
         select campaign_id, organization_day, money_reserved from attempts
         where organization_id = $1 and id = $2 and money_reserved > 0
     ), cleared as (
         update attempts set money_reserved = 0
         where organization_id = $1 and id = $2 and money_reserved > 0
     ), of_organization as (
         update organization_days d
         set money_reserved = d.money_reserved - held.money_reserved
         from held
         where d.organization_id = $1 and d.day = held.organization_day
     )
     update campaign_days d
     set money_reserved = d.money_reserved - held.money_reserved
     from held
     where d.organization_id = $1 and d.campaign_id = held.campaign_id and d.day = held.organization_day"
);
// A cost that is told again, and otherwise, replaces the one before.
sql!(
    SPEND,
    "with known as (
         select a.organization_id, a.id, a.campaign_id, a.organization_day, a.money_reserved, a.money_spent,
                round(least(greatest(r.cost, 0), 1000000) * 1000000)::bigint as cost
         from unnest($1::uuid[], $2::uuid[], $3::numeric[]) as r (organization_id, id, cost)
         join attempts a on a.organization_id = r.organization_id and a.id = r.id
         where a.organization_day is not null
     ), written as (
         update attempts a
         set money_reserved = 0, money_spent = known.cost
         from known
         where a.organization_id = known.organization_id and a.id = known.id
     ), of_organization as (
         update organization_days d
         set money_reserved = d.money_reserved - k.reserved, money_spent = d.money_spent + k.spent
         from (
             select organization_id, organization_day as day, sum(money_reserved)::bigint as reserved,
                    sum(cost - money_spent)::bigint as spent
             from known
             group by organization_id, organization_day
         ) k
         where d.organization_id = k.organization_id and d.day = k.day
     )
     insert into campaign_days as d (organization_id, campaign_id, day, money_reserved, money_spent)
     select organization_id, campaign_id, organization_day, -sum(money_reserved)::bigint, sum(cost - money_spent)::bigint
     from known
     where money_reserved <> 0 or cost <> money_spent
     group by organization_id, campaign_id, organization_day
     on conflict (organization_id, campaign_id, day) do update
     set money_reserved = d.money_reserved + excluded.money_reserved,
         money_spent = d.money_spent + excluded.money_spent"
);

/// What was reserved is free again.
pub async fn give_back(tx: &impl Bound, organization: OrganizationId, attempt: AttemptId) -> Result<()> {
    tx.run(GIVE_BACK, &[&organization, &attempt]).await?;
    Ok(())
}

/// What the call of an attempt cost.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    pub organization: OrganizationId,
    pub attempt: AttemptId,
    /// US dollars.
    pub cost: Decimal,
}

/// Enters what calls cost, at most one of each attempt.
pub async fn spend(tx: &impl Bound, spent: &[Spent]) -> Result<()> {
    if spent.is_empty() {
        return Ok(());
    }
    let organizations: Vec<OrganizationId> = spent.iter().map(|one| one.organization).collect();
    let attempts: Vec<AttemptId> = spent.iter().map(|one| one.attempt).collect();
    let costs: Vec<Decimal> = spent.iter().map(|one| one.cost).collect();
    tx.run(SPEND, &[&organizations, &attempts, &costs]).await?;
    Ok(())
}
