//! Agents and their deployments, the copies of them at provider accounts.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::{AgentId, ProviderAccountId};
use jiff::Timestamp;

#[derive(Debug, Clone)]
pub struct NewAgent {
    pub id: AgentId,
    /// Unique within its organization.
    pub name: String,
    /// Calls of this agent at once.
    pub lines_max: i32,
    /// Whether its assistants tell voicemail from a person.
    pub detects_voicemail: bool,
}

/// The copy of an agent at one account.
#[derive(Debug, Clone)]
pub struct NewDeployment {
    pub agent: AgentId,
    pub account: ProviderAccountId,
    /// The provider's id of the copy.
    pub assistant_id: String,
}

#[derive(Debug, Clone)]
pub struct Agent {
    pub id: AgentId,
    pub name: String,
    pub is_active: bool,
    pub lines_max: i32,
}

sql!(
    CREATE,
    "insert into agents (organization_id, id, name, lines_max, detects_voicemail, created_at)
     select $1, n.id, n.name, n.lines_max, n.detects_voicemail, $2
     from unnest($3::uuid[], $4::text[], $5::int[], $6::bool[]) as n (id, name, lines_max, detects_voicemail)"
);
sql!(
    DEPLOY,
    "insert into agent_deployments (organization_id, agent_id, provider_account_id, assistant_id, created_at)
     select $1, n.agent, n.account, n.assistant, $2
     from unnest($3::uuid[], $4::uuid[], $5::text[]) as n (agent, account, assistant)
     on conflict (organization_id, agent_id, provider_account_id) do update
     set assistant_id = excluded.assistant_id"
);
sql!(
    LIST,
    "select id, name, status = 'active', lines_max from agents
     where organization_id = $1
     order by name, id
     limit $2"
);

/// Makes agents, all or none of them.
pub async fn create(tx: &TenantTx, agents: &[NewAgent], now: Timestamp) -> Result<()> {
    let ids: Vec<AgentId> = agents.iter().map(|agent| agent.id).collect();
    let names: Vec<&str> = agents.iter().map(|agent| agent.name.as_str()).collect();
    let lines_max: Vec<i32> = agents.iter().map(|agent| agent.lines_max).collect();
    let detects: Vec<bool> = agents.iter().map(|agent| agent.detects_voicemail).collect();
    tx.run(CREATE, &[&tx.organization, &now, &ids, &names, &lines_max, &detects]).await?;
    Ok(())
}

/// Remembers where agents are deployed; a newer copy at an account replaces the older.
pub async fn deploy(tx: &TenantTx, deployments: &[NewDeployment], now: Timestamp) -> Result<()> {
    let agents: Vec<AgentId> = deployments.iter().map(|deployment| deployment.agent).collect();
    let accounts: Vec<ProviderAccountId> = deployments.iter().map(|deployment| deployment.account).collect();
    let assistants: Vec<&str> = deployments.iter().map(|deployment| deployment.assistant_id.as_str()).collect();
    tx.run(DEPLOY, &[&tx.organization, &now, &agents, &accounts, &assistants]).await?;
    Ok(())
}

/// The first `count_max` agents by name.
pub async fn list(tx: &TenantTx, count_max: i64) -> Result<Vec<Agent>> {
    let rows = tx.all(LIST, &[&tx.organization, &count_max]).await?;
    let read = |row: &tokio_postgres::Row| Agent {
        id: row.get(0),
        name: row.get(1),
        is_active: row.get(2),
        lines_max: row.get(3),
    };
    Ok(rows.iter().map(read).collect())
}
