//! The send of a reserved attempt: what its request is made of, and the point of no return.

use super::reservations::Fenced;
use super::statement::sql;
use super::{Result, TenantTx, columns, send_gate};
use crate::domain::ids::{AttemptId, EnrollmentId, LeadId, ProviderAccountId};
use crate::domain::protocol::SendFacts;
use jiff::Timestamp;

/// What a create-call request is made of.
#[derive(Debug, Clone)]
pub struct Payload {
    pub lead: LeadId,
    pub enrollment: EnrollmentId,
    pub phone: String,
    pub lead_name: String,
    pub variables: serde_json::Value,
    pub account: ProviderAccountId,
    pub assistant_id: String,
    pub provider_number_id: String,
}

sql!(
    PAYLOAD,
    "select l.id, a.phone, l.name, l.variables, a.provider_account_id, d.assistant_id, n.provider_number_id,
            a.enrollment_id
     from attempts a
     join leads l on l.organization_id = a.organization_id and l.id = a.lead_id
     join campaigns c on c.organization_id = a.organization_id and c.id = a.campaign_id
     join agent_deployments d on d.organization_id = a.organization_id and d.agent_id = c.agent_id
                             and d.provider_account_id = a.provider_account_id
     join phone_numbers n on n.organization_id = a.organization_id and n.id = a.phone_number_id
     where a.organization_id = $1 and a.id = $2"
);
// A pause waits for this lock, so that nothing is sent after a pause that was answered, but for a send already decided.
sql!(
    HOLD_CAMPAIGN,
    "select c.id
     from campaigns c
     join attempts a on a.organization_id = c.organization_id and a.campaign_id = c.id
     where a.organization_id = $1 and a.id = $2
     for share of c"
);
// One statement after the locks are held, so that it sees what was committed while this one waited for them.
sql!(
    SEND_FACTS,
    "select a.state, a.fence, a.lease_until, a.send_before, c.status = 'running', o.status = 'active', g.status = 'active',
            n.status = 'active' or (n.status = 'resting' and coalesce(n.resting_until <= $3, false)), p.status = 'active',
            exists (select from dnc_entries d where d.organization_id = a.organization_id and d.phone = a.phone)
                or exists (select across.is_on_agency_dnc(array[a.phone])),
            not exists (
                select from agency_dispatch s
                where s.paused_since is not null or s.quarantined_since is not null
                   or s.database_identity <> database_identity()
            ),
            exists (
                select from phone_holds h
                where h.organization_id = a.organization_id and h.phone = a.phone and h.held_until > $3
            )
     from attempts a
     join organizations o on o.id = a.organization_id
     join campaigns c on c.organization_id = a.organization_id and c.id = a.campaign_id
     join agents g on g.organization_id = a.organization_id and g.id = c.agent_id
     join phone_numbers n on n.organization_id = a.organization_id and n.id = a.phone_number_id
     join provider_accounts p on p.id = a.provider_account_id
     where a.organization_id = $1 and a.id = $2
     for update of a"
);
// Invariant: the point of no return. One process's commit of this update lets it write one request, once
// (`an_attempt_is_sent_at_most_once`).
sql!(
    SEND,
    "update attempts
     set state = 'sending', sending_at = $3, look_at = $4
     where organization_id = $1 and id = $2"
);

/// What is to be sent; `None` when the agent is no longer deployed at the account.
pub async fn payload(tx: &TenantTx, id: AttemptId) -> Result<Option<Payload>> {
    let row = tx.one_or_none(PAYLOAD, &[&tx.organization, &id]).await?;
    Ok(row.map(|row| Payload {
        lead: row.get(0),
        phone: row.get(1),
        lead_name: row.get(2),
        variables: row.get(3),
        account: row.get(4),
        assistant_id: row.get(5),
        provider_number_id: row.get(6),
        enrollment: row.get(7),
    }))
}

/// What the point of no return asks, with the attempt's row locked, and its campaign's and the gate's so that a pause waits for
/// this send or this send for the pause. `None`: the attempt was never reserved, or what it refers to is gone.
pub async fn facts(tx: &TenantTx, id: AttemptId, now: Timestamp) -> Result<Option<SendFacts>> {
    send_gate::pass(tx).await?;
    tx.one_or_none(HOLD_CAMPAIGN, &[&tx.organization, &id]).await?;
    let Some(row) = tx.one_or_none(SEND_FACTS, &[&tx.organization, &id, &now]).await? else { return Ok(None) };
    Ok(Some(SendFacts {
        state: columns::text(&row, 0)?,
        fence: row.get(1),
        lease_until: row.get(2),
        send_before: row.get(3),
        campaign_is_running: row.get(4),
        organization_is_active: row.get(5),
        agent_is_active: row.get(6),
        number_is_usable: row.get(7),
        account_is_active: row.get(8),
        is_on_dnc: row.get(9),
        agency_dials: row.get(10),
        phone_is_held: row.get(11),
    }))
}

/// Passes the point of no return, once `protocol::may_send` has allowed it on the facts of this transaction. Counts only
/// once the commit is acknowledged.
pub async fn send(tx: &TenantTx, fenced: Fenced, now: Timestamp, look_at: Timestamp) -> Result<()> {
    tx.run(SEND, &[&tx.organization, &fenced.attempt, &now, &look_at]).await?;
    Ok(())
}
