//! What of an installation lives at the provider, over all organizations: for the demo, which furnishes its provider with
//! it, and for the doctor.

use super::statement::sql;
use super::{AgencyTx, Result};
use crate::domain::ids::OrganizationId;
use crate::domain::status::AttemptState;
use jiff::Timestamp;

/// An agent's copy at an account.
#[derive(Debug, Clone)]
pub struct DeployedAssistant {
    pub account: String,
    pub assistant_id: String,
    /// Slug and name.
    pub organization: String,
    pub organization_name: String,
    pub agent: String,
    pub detects_voicemail: bool,
}

/// A number at an account.
#[derive(Debug, Clone)]
pub struct ProviderNumber {
    pub account: String,
    pub provider_number_id: String,
    pub organization: String,
    pub number: String,
}

/// An attempt as the report of a run looks at it.
#[derive(Debug, Clone)]
pub struct SentAttempt {
    pub id: String,
    pub organization: OrganizationId,
    pub account: Option<String>,
    pub phone: String,
    pub state: AttemptState,
    pub due_at: Timestamp,
    pub sending_at: Timestamp,
    pub provider_call_id: Option<String>,
    pub never_dialed: bool,
}

sql!(
    ASSISTANTS,
    "select p.name, d.assistant_id, o.slug, o.name, a.name, a.detects_voicemail
     from agent_deployments d
     join agents a on a.organization_id = d.organization_id and a.id = d.agent_id
     join organizations o on o.id = d.organization_id
     join provider_accounts p on p.id = d.provider_account_id
     order by d.created_at, d.assistant_id"
);
sql!(
    NUMBERS,
    "select p.name, n.provider_number_id, o.slug, n.number
     from phone_numbers n
     join organizations o on o.id = n.organization_id
     join provider_accounts p on p.id = n.provider_account_id
     order by n.created_at, n.provider_number_id"
);
sql!(
    SENT,
    "select a.id::text, a.organization_id, p.name, a.phone, a.state, a.due_at, a.sending_at, a.provider_call_id,
            a.never_dialed
     from attempts a
     left join provider_accounts p on p.id = a.provider_account_id
     where a.sending_at is not null"
);
sql!(
    ENDED_CALLS,
    "select provider_call_id, ended_reason
     from calls
     where ended_reason is not null"
);

pub async fn assistants(tx: &AgencyTx) -> Result<Vec<DeployedAssistant>> {
    let rows = tx.all(ASSISTANTS, &[]).await?;
    let read = |row: &tokio_postgres::Row| DeployedAssistant {
        account: row.get(0),
        assistant_id: row.get(1),
        organization: row.get(2),
        organization_name: row.get(3),
        agent: row.get(4),
        detects_voicemail: row.get(5),
    };
    Ok(rows.iter().map(read).collect())
}

pub async fn numbers(tx: &AgencyTx) -> Result<Vec<ProviderNumber>> {
    let rows = tx.all(NUMBERS, &[]).await?;
    let read = |row: &tokio_postgres::Row| ProviderNumber {
        account: row.get(0),
        provider_number_id: row.get(1),
        organization: row.get(2),
        number: row.get(3),
    };
    Ok(rows.iter().map(read).collect())
}

/// Every attempt that passed the point of no return.
pub async fn sent_attempts(tx: &AgencyTx) -> Result<Vec<SentAttempt>> {
    let rows = tx.all(SENT, &[]).await?;
    let read = |row: &tokio_postgres::Row| {
        Ok(SentAttempt {
            id: row.get(0),
            organization: row.get(1),
            account: row.get(2),
            phone: row.get(3),
            state: super::columns::text(row, 4)?,
            due_at: row.get(5),
            sending_at: row.get(6),
            provider_call_id: row.get(7),
            never_dialed: row.get(8),
        })
    };
    rows.iter().map(read).collect()
}

/// The provider's id and reason of each call that is over.
pub async fn ended_calls(tx: &AgencyTx) -> Result<Vec<(String, String)>> {
    let rows = tx.all(ENDED_CALLS, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
