//! What people switch off and on: organizations, agents, phone numbers and provider accounts, each with who did it, when
//! and why. Whoever switches something off answers after `send_gate::wait_for_sends`.

use super::audit::{self, Entry};
use super::number_list::Off;
use super::statement::sql;
use super::{Db, Result, TenantTx, across, organization_turns, phone_number_answers, send_gate};
use crate::domain::ids::{AgentId, OrganizationId, PhoneNumberId, ProviderAccountId, UserId};
use jiff::Timestamp;
use serde_json::json;

/// Who changes it and why.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// `None`: somebody at a terminal.
    pub user: Option<UserId>,
    pub because: Option<&'a str>,
}

/// What becomes of a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberSwitch {
    Use,
    /// Until then; `None`: until somebody takes it up again.
    Rest(Option<Timestamp>),
    /// Gone for good, unless somebody takes it up again all the same.
    Kill,
}

sql!(
    SWITCH_ORGANIZATION,
    "update organizations
     set status = case when $2 then 'active' else 'suspended' end, status_reason = $3, status_since = $4, status_by = $5
     where id = $1
     returning name"
);
sql!(
    SWITCH_AGENT,
    "update agents
     set status = case when $3 then 'active' else 'resting' end, status_reason = $4, status_since = $5, status_by = $6
     where organization_id = $1 and id = $2
     returning name"
);
sql!(
    SWITCH_NUMBER,
    "update phone_numbers
     set status = $3, resting_until = $4, status_reason = $5, status_since = $6, status_by = $7
     where organization_id = $1 and id = $2
     returning number"
);
// A person's pause has no end, so that nothing takes the account up again by itself.
sql!(
    SWITCH_ACCOUNT,
    "update provider_accounts
     set status = case when $2 then 'active' else 'paused' end, paused_until = null, pause_reason = $3, status_since = $4,
         status_by = $5, unknowns_in_a_row = case when $2 then 0 else unknowns_in_a_row end
     where id = $1
     returning name"
);

sql!(
    ORGANIZATION_OFF,
    "select o.status_since, (select u.name from across.user_names(array[o.status_by]) u), o.status_reason
     from organizations o
     where o.id = $1 and o.status <> 'active'"
);

/// Suspends an organization, or takes it up again.
pub async fn organization(db: &Db, id: OrganizationId, is_on: bool, by: By<'_>, now: Timestamp) -> Result<()> {
    let tx = db.tenant(id).await?;
    organization_turns::lock(&tx).await?;
    let row = tx.one(SWITCH_ORGANIZATION, &[&id, &is_on, &by.because, &now, &by.user]).await?;
    let entry = Entry {
        by: by.user,
        action: if is_on { "organization.restored" } else { "organization.suspended" },
        subject: format!("organization/{id}"),
        detail: json!({ "name": row.get::<_, String>(0), "because": by.because }),
    };
    audit::add(&tx, &entry, now).await?;
    if is_on {
        organization_turns::wake(&tx, now).await?;
    }
    tx.commit().await?;
    if is_on { Ok(()) } else { send_gate::wait_for_sends(db).await }
}

/// How the organization of this transaction came to be suspended; `None`: it is active.
pub async fn organization_off(tx: &TenantTx) -> Result<Option<Off>> {
    let row = tx.one_or_none(ORGANIZATION_OFF, &[&tx.organization]).await?;
    Ok(row.map(|row| Off { since: row.get(0), by: row.get(1), because: row.get(2), until: None }))
}

/// Lets an agent rest, or work again; returns its name.
pub async fn agent(tx: &TenantTx, id: AgentId, is_on: bool, by: By<'_>, now: Timestamp) -> Result<String> {
    let row = tx.one(SWITCH_AGENT, &[&tx.organization, &id, &is_on, &by.because, &now, &by.user]).await?;
    Ok(row.get(0))
}

/// Returns the number, in E.164. Whoever takes it up again has it judged by what comes from then on.
pub async fn number(tx: &TenantTx, id: PhoneNumberId, to: NumberSwitch, by: By<'_>, now: Timestamp) -> Result<String> {
    let (status, until) = match to {
        NumberSwitch::Use => ("active", None),
        NumberSwitch::Rest(until) => ("resting", until),
        NumberSwitch::Kill => ("dead", None),
    };
    if to == NumberSwitch::Use {
        phone_number_answers::begin_anew(tx, (tx.organization, id), now).await?;
    }
    let row = tx.one(SWITCH_NUMBER, &[&tx.organization, &id, &status, &until, &by.because, &now, &by.user]).await?;
    Ok(row.get(0))
}

/// Pauses a provider account, or takes it up again. Once this has returned for a pause, nothing is sent with it any more, on
/// any node; calls in progress go on.
pub async fn account(db: &Db, id: ProviderAccountId, is_on: bool, by: By<'_>, now: Timestamp) -> Result<()> {
    let tx = db.plain().await?;
    let name: String = tx.one(SWITCH_ACCOUNT, &[&id, &is_on, &by.because, &now, &by.user]).await?.get(0);
    let entry = Entry {
        by: by.user,
        action: if is_on { "account.resumed" } else { "account.paused" },
        subject: format!("account/{id}"),
        detail: json!({ "name": name, "because": by.because }),
    };
    audit::add_of_agency(&tx, &entry, now).await?;
    tx.commit().await?;
    if is_on { across::wake_waiting(db, now).await } else { send_gate::wait_for_sends(db).await }
}
