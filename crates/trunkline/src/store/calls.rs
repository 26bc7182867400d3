//! The ledger of calls, as evidence comes in. A call only moves forward: every update is a join.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::call_evidence::{CallEvidence, Direction, Report};
use crate::domain::ids::{AgentId, AttemptId, CallId, CampaignId, LeadId, PhoneNumberId, ProviderAccountId};
use crate::domain::status::CallStatus;
use jiff::Timestamp;
use rust_decimal::Decimal;

/// A call as it is known, locked.
#[derive(Debug, Clone)]
pub struct KnownCall {
    pub id: CallId,
    pub holds_line: bool,
    pub status: CallStatus,
    /// Once it has ended.
    pub outcome: Option<String>,
}

impl KnownCall {
    pub fn has_ended(&self) -> bool {
        self.outcome.is_some()
    }
}

/// Whose call it is, looked up from the ids that the evidence names, and from what is known of the call.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parties {
    pub attempt: Option<AttemptId>,
    pub campaign: Option<CampaignId>,
    pub lead: Option<LeadId>,
    pub agent: Option<AgentId>,
    pub number: Option<PhoneNumberId>,
    /// The call was heard of before.
    pub is_known: bool,
}

sql!(
    PARTIES,
    "select t.id, t.campaign_id, coalesce(t.lead_id, l.id), coalesce(c.agent_id, d.agent_id),
            coalesce(t.phone_number_id, n.id), k.id is not null
     from (select) as one
     left join calls k on k.organization_id = $1 and k.provider_account_id = $3 and k.provider_call_id = $7
     left join attempts t on t.organization_id = $1 and t.provider_account_id = $3
                         and t.id = coalesce(k.attempt_id, $2, (
                             select id from attempts
                             where organization_id = $1 and provider_account_id = $3 and provider_call_id = $7
                             limit 1
                         ))
     left join campaigns c on c.organization_id = $1 and c.id = t.campaign_id
     left join agent_deployments d on d.organization_id = $1 and d.provider_account_id = $3 and d.assistant_id = $4
     left join phone_numbers n on n.organization_id = $1 and n.provider_account_id = $3 and n.provider_number_id = $5
     left join leads l on l.organization_id = $1 and l.phone = $6"
);
sql!(
    OPEN,
    "insert into calls (organization_id, id, provider_account_id, provider_call_id, direction, attempt_id, campaign_id,
                        lead_id, agent_id, phone_number_id, phone, placed_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     on conflict (provider_account_id, provider_call_id) do nothing"
);
sql!(
    LOCK,
    "select id, holds_line, status, outcome
     from calls
     where organization_id = $1 and provider_account_id = $2 and provider_call_id = $3
     for update"
);
// The earliest time, and of each other fact the first that is known.
sql!(
    ADVANCE,
    "update calls
     set status = $3,
         status_rank = $4,
         placed_at = least(placed_at, coalesce($5, placed_at)),
         updated_at = $6,
         attempt_id = coalesce(attempt_id, $7),
         campaign_id = coalesce(campaign_id, $8),
         lead_id = coalesce(lead_id, $9),
         agent_id = coalesce(agent_id, $10),
         phone_number_id = coalesce(phone_number_id, $11),
         phone = coalesce(phone, $12)
     where organization_id = $1 and id = $2"
);
sql!(
    END,
    "update calls
     set ended_reason = $3, outcome = $4, ended_at = coalesce(ended_at, $5), updated_at = $5
     where organization_id = $1 and id = $2 and ended_reason is null"
);
sql!(
    DROP,
    "update calls
     set status = 'ended', status_rank = $4, ended_reason = $5, outcome = $6, ended_at = $7, updated_at = $7
     where organization_id = $1 and provider_account_id = $2 and provider_call_id = $3 and ended_reason is null"
);
sql!(CORRECT_OUTCOME, "update calls set outcome = $3, updated_at = $4 where organization_id = $1 and id = $2");
sql!(
    REPORT,
    "update calls
     set started_at = coalesce(started_at, $3),
         ended_at = coalesce($4, ended_at),
         duration_ms = coalesce($5, duration_ms),
         cost = coalesce($6, cost),
         summary = coalesce($7, summary),
         success = coalesce($8, success),
         recording_url = coalesce($9, recording_url),
         has_report = has_report or $10,
         updated_at = $11
     where organization_id = $1 and id = $2"
);
sql!(
    REPORT_TEXTS,
    "insert into call_reports as r (organization_id, call_id, transcript, messages, analysis)
     values ($1, $2, $3, $4, $5)
     on conflict (organization_id, call_id) do update
     set transcript = coalesce(excluded.transcript, r.transcript),
         messages = case when excluded.messages = '[]' then r.messages else excluded.messages end,
         analysis = case when excluded.analysis = 'null' then r.analysis else excluded.analysis end"
);
sql!(
    COSTS,
    "insert into call_costs (organization_id, call_id, part, amount)
     select $1, $2, c.part, c.amount
     from unnest($3::text[], $4::numeric[]) as c (part, amount)
     on conflict (organization_id, call_id, part) do update set amount = excluded.amount"
);
sql!(HOLD_LINE, "update calls set holds_line = $3 where organization_id = $1 and id = $2");

/// Whose call the evidence is about.
pub async fn parties(tx: &TenantTx, account: ProviderAccountId, evidence: &CallEvidence) -> Result<Parties> {
    let row = tx
        .one(
            PARTIES,
            &[
                &tx.organization,
                &evidence.attempt,
                &account,
                &evidence.assistant_id,
                &evidence.provider_number_id,
                &evidence.phone,
                &evidence.provider_call_id,
            ],
        )
        .await?;
    Ok(Parties {
        attempt: row.get(0),
        campaign: row.get(1),
        lead: row.get(2),
        agent: row.get(3),
        number: row.get(4),
        is_known: row.get(5),
    })
}

/// The call of the evidence, locked; entered in the ledger if it is not known yet. True if it is new.
pub async fn open(
    tx: &TenantTx,
    account: ProviderAccountId,
    evidence: &CallEvidence,
    parties: &Parties,
    now: Timestamp,
) -> Result<(KnownCall, bool)> {
    let direction =
        evidence.direction.unwrap_or(if parties.attempt.is_some() { Direction::Outbound } else { Direction::Inbound });
    let Parties { attempt, campaign, lead, agent, number, is_known: _ } = parties;
    let placed_at = evidence.placed_at.unwrap_or(now);
    let opened = tx
        .run(
            OPEN,
            &[
                &tx.organization,
                &CallId::new(),
                &account,
                &evidence.provider_call_id,
                &direction.as_str(),
                attempt,
                campaign,
                lead,
                agent,
                number,
                &evidence.phone,
                &placed_at,
                &now,
            ],
        )
        .await?;
    let row = tx.one(LOCK, &[&tx.organization, &account, &evidence.provider_call_id]).await?;
    let status = CallStatus::parse(row.get(2));
    let call = KnownCall { id: row.get(0), holds_line: row.get(1), status, outcome: row.get(3) };
    Ok((call, opened == 1))
}

/// Moves the call forward and learns whose it is; a status that is behind changes nothing.
pub async fn advance(
    tx: &TenantTx,
    call: &KnownCall,
    evidence: &CallEvidence,
    parties: &Parties,
    now: Timestamp,
) -> Result<()> {
    let status = evidence.brings_forward(&call.status);
    let Parties { attempt, campaign, lead, agent, number, is_known: _ } = parties;
    tx.run(
        ADVANCE,
        &[
            &tx.organization,
            &call.id,
            &status.as_str(),
            &i32::from(status.rank()),
            &evidence.placed_at,
            &now,
            attempt,
            campaign,
            lead,
            agent,
            number,
            &evidence.phone,
        ],
    )
    .await?;
    Ok(())
}

/// Enters the end; the first one stays.
pub async fn end(tx: &TenantTx, call: CallId, reason: &str, outcome: &str, at: Timestamp) -> Result<()> {
    tx.run(END, &[&tx.organization, &call, &reason, &outcome, &at]).await?;
    Ok(())
}

/// Enters the end of a call that was deleted at the provider, which will not show it any more; nothing if it is not known.
pub async fn drop_call(
    tx: &TenantTx,
    account: ProviderAccountId,
    provider_call_id: &str,
    (reason, outcome): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    let rank = i32::from(CallStatus::Ended.rank());
    tx.run(DROP, &[&tx.organization, &account, &provider_call_id, &rank, &reason, &outcome, &now]).await?;
    Ok(())
}

/// Replaces the outcome of a call that has ended: more was learned.
pub async fn correct_outcome(tx: &TenantTx, call: CallId, outcome: &str, now: Timestamp) -> Result<()> {
    tx.run(CORRECT_OUTCOME, &[&tx.organization, &call, &outcome, &now]).await?;
    Ok(())
}

/// Enters a report: numbers in the call's row, texts apart, cost by part.
pub async fn enter_report(tx: &TenantTx, call: CallId, report: &Report, now: Timestamp) -> Result<()> {
    let organization = &tx.organization;
    let Report { started_at, ended_at, duration_ms, cost, summary, success, recording_url, is_whole, .. } = report;
    tx.run(
        REPORT,
        &[
            organization,
            &call,
            started_at,
            ended_at,
            duration_ms,
            cost,
            summary,
            success,
            recording_url,
            is_whole,
            &now,
        ],
    )
    .await?;
    if report.transcript.is_some() || !report.turns.is_empty() || !report.structured_data.is_null() {
        let turns = serde_json::to_value(&report.turns).expect("turns have only text keys and finite numbers");
        tx.run(REPORT_TEXTS, &[organization, &call, &report.transcript, &turns, &report.structured_data]).await?;
    }
    if !report.cost_parts.is_empty() {
        let parts: Vec<&str> = report.cost_parts.iter().map(|(part, _)| part.as_str()).collect();
        let amounts: Vec<Decimal> = report.cost_parts.iter().map(|(_, amount)| *amount).collect();
        tx.run(COSTS, &[organization, &call, &parts, &amounts]).await?;
    }
    Ok(())
}

/// Notes whether the call holds a line of its pool that no attempt took: an inbound call, or one placed by hand.
pub async fn set_holds_line(tx: &TenantTx, call: CallId, holds: bool) -> Result<()> {
    tx.run(HOLD_LINE, &[&tx.organization, &call, &holds]).await?;
    Ok(())
}
