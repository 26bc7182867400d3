//! What a live answer is made of that only people change: read whole for one organization, to be kept in memory.

use super::inbound_plans::{self, PLANS_MAX};
use super::statement::sql;
use super::tools::{self, Tool};
use super::transfer_destinations::{self, TransferDestination};
use super::{Result, TenantTx};
use crate::domain::ids::{AgentId, PhoneNumberId, ProviderAccountId};
use crate::domain::inbound_policy::InboundPlan;
use std::collections::HashMap;

/// Deployments of one organization.
const DEPLOYMENTS_MAX: i64 = 2000;

/// An active agent's copy at an account.
#[derive(Debug, Clone)]
pub struct Deployed {
    pub account: ProviderAccountId,
    pub agent: AgentId,
    pub name: String,
    pub assistant_id: String,
}

#[derive(Debug)]
pub struct Reception {
    pub is_active: bool,
    /// IANA name.
    pub time_zone: String,
    /// The oldest first.
    pub deployed: Vec<Deployed>,
    pub numbers: HashMap<(ProviderAccountId, String), PhoneNumberId>,
    pub plans: HashMap<Option<PhoneNumberId>, InboundPlan>,
    pub destinations: Vec<TransferDestination>,
    pub tools: Vec<Tool>,
}

sql!(ORGANIZATION, "select status = 'active', time_zone from organizations where id = $1");
sql!(
    DEPLOYED,
    "select d.provider_account_id, a.id, a.name, d.assistant_id
     from agents a
     join agent_deployments d on d.organization_id = a.organization_id and d.agent_id = a.id
     where a.organization_id = $1 and a.status = 'active'
     order by a.created_at, a.id, d.provider_account_id
     limit $2"
);
sql!(
    NUMBERS,
    "select provider_account_id, provider_number_id, id
     from phone_numbers
     where organization_id = $1
     limit $2"
);

pub async fn get(tx: &TenantTx) -> Result<Reception> {
    let organization = tx.one(ORGANIZATION, &[&tx.organization]).await?;
    let deployed = tx.all(DEPLOYED, &[&tx.organization, &DEPLOYMENTS_MAX]).await?;
    let numbers = tx.all(NUMBERS, &[&tx.organization, &PLANS_MAX]).await?;
    Ok(Reception {
        is_active: organization.get(0),
        time_zone: organization.get(1),
        deployed: deployed
            .iter()
            .map(|row| Deployed { account: row.get(0), agent: row.get(1), name: row.get(2), assistant_id: row.get(3) })
            .collect(),
        numbers: numbers.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect(),
        plans: inbound_plans::list(tx).await?.into_iter().collect(),
        destinations: transfer_destinations::list(tx).await?,
        tools: tools::list(tx).await?,
    })
}
