//! Money of attempts: reserved at the claim, given back on proof that nothing was dialed, replaced by the cost when that is
//! told. The totals of the organization's day follow in the same statement.

use super::statement::sql;
use super::{Bound, Result, TenantTx};
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
         select campaign_id, organization_day, money_reserved, money_spent,
                round(least(greatest($3::numeric, 0), 1000000) * 1000000)::bigint as cost
         from attempts
         where organization_id = $1 and id = $2 and organization_day is not null
     ), written as (
         update attempts a
         set money_reserved = 0, money_spent = known.cost
         from known
         where a.organization_id = $1 and a.id = $2
     ), of_organization as (
         update organization_days d
         set money_reserved = d.money_reserved - known.money_reserved,
             money_spent = d.money_spent + known.cost - known.money_spent
         from known
         where d.organization_id = $1 and d.day = known.organization_day
     )
     insert into campaign_days as d (organization_id, campaign_id, day, money_reserved, money_spent)
     select $1, campaign_id, organization_day, -money_reserved, cost - money_spent
     from known
     where money_reserved <> 0 or cost <> money_spent
     on conflict (organization_id, campaign_id, day) do update
     set money_reserved = d.money_reserved + excluded.money_reserved,
         money_spent = d.money_spent + excluded.money_spent"
);

/// What was reserved is free again.
pub async fn give_back(tx: &impl Bound, organization: OrganizationId, attempt: AttemptId) -> Result<()> {
    tx.run(GIVE_BACK, &[&organization, &attempt]).await?;
    Ok(())
}

/// Enters what its call cost, in US dollars.
pub async fn spend(tx: &TenantTx, attempt: AttemptId, cost: Decimal) -> Result<()> {
    tx.run(SPEND, &[&tx.organization, &attempt, &cost]).await?;
    Ok(())
}
