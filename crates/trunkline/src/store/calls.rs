//! The ledger of calls, as evidence comes in. A call only moves forward: every update is a join.
//!
//! Every change happens under the organization's lock (`organization_turns::lock`). The caller decides
//! (`domain::call_entry`); these functions read or write for many calls at once.

use super::statement::sql;
use super::{Bound, Error, Result, TenantTx, columns};
use crate::domain::call_entry::{CallEntry, End, KnownCall};
use crate::domain::call_evidence::{Direction, Report, Told};
use crate::domain::ids::{
    AgentId, AttemptId, CallId, CampaignId, LeadId, OrganizationId, PhoneNumberId, ProviderAccountId,
};
use crate::domain::outcome::Outcome;
use crate::domain::status::CallStatus;
use jiff::Timestamp;
use rust_decimal::Decimal;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

/// Whose call it is, looked up from the ids that the evidence names, and what is known of the call.
#[derive(Debug, Clone, Default)]
pub struct Parties {
    pub attempt: Option<AttemptId>,
    pub campaign: Option<CampaignId>,
    pub lead: Option<LeadId>,
    pub agent: Option<AgentId>,
    pub number: Option<PhoneNumberId>,
    /// `None`: it was not heard of before.
    pub call: Option<KnownCall>,
}

/// A call to be written.
#[derive(Debug, Clone, Copy)]
pub struct CallToWrite<'a> {
    pub id: CallId,
    pub told: &'a Told,
    pub parties: &'a Parties,
    pub entry: &'a CallEntry,
}

// Each table by its index, whatever it held when the plan was made: "offset 0" keeps the planner from joining it whole.
sql!(
    PARTIES,
    "select t.id, t.campaign_id, coalesce(t.lead_id, l.id), coalesce(c.agent_id, d.agent_id),
            coalesce(t.phone_number_id, n.id), k.id, k.holds_line, k.status, k.outcome
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[]) with ordinality
         as r (organization_id, account_id, call, attempt, assistant, number, phone, place)
     left join lateral (
         select k.id, k.holds_line, k.status, k.outcome, k.attempt_id from calls k
         where k.organization_id = r.organization_id and k.provider_account_id = r.account_id
           and k.provider_call_id = r.call
         offset 0
     ) k on true
     left join lateral (
         select t.id, t.campaign_id, t.lead_id, t.phone_number_id from attempts t
         where t.organization_id = r.organization_id and t.provider_account_id = r.account_id
           and t.id = coalesce(k.attempt_id, r.attempt, (
               select a.id from attempts a
               where a.organization_id = r.organization_id and a.provider_account_id = r.account_id
                 and a.provider_call_id = r.call
               limit 1
           ))
         offset 0
     ) t on true
     left join campaigns c on c.organization_id = r.organization_id and c.id = t.campaign_id
     left join lateral (
         select d.agent_id from agent_deployments d
         where d.organization_id = r.organization_id and d.provider_account_id = r.account_id
           and d.assistant_id = r.assistant
         offset 0
     ) d on true
     left join lateral (
         select n.id from phone_numbers n
         where n.organization_id = r.organization_id and n.provider_account_id = r.account_id
           and n.provider_number_id = r.number
         offset 0
     ) n on true
     left join lateral (
         select l.id from leads l where l.organization_id = r.organization_id and l.phone = r.phone offset 0
     ) l on true
     order by r.place"
);
// The earliest time, and of each other fact the first that is known; of what a report tells, the latest. A call of another
// organization's is not to be seen here, and is an error.
sql!(
    WRITE,
    "insert into calls as c (organization_id, id, provider_account_id, provider_call_id, direction, attempt_id, campaign_id,
                             lead_id, agent_id, phone_number_id, phone, placed_at, status, status_rank, holds_line,
                             ended_reason, outcome, started_at, ended_at, duration_ms, cost, summary, success, recording_url,
                             has_report, updated_at)
     select r.organization_id, r.id, r.account_id, r.call, r.direction, r.attempt_id, r.campaign_id, r.lead_id, r.agent_id,
            r.number_id, r.phone, coalesce(r.placed_at, $26), r.status, r.status_rank, r.holds_line, r.ended_reason, r.outcome,
            r.started_at, coalesce(r.ended_at, case when r.ended_reason is not null then $26::timestamptz end),
            r.duration_ms, r.cost, r.summary, r.success, r.recording_url, r.has_report, $26
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[], $9::uuid[],
                 $10::uuid[], $11::text[], $12::timestamptz[], $13::text[], $14::int[], $15::bool[], $16::text[], $17::text[],
                 $18::timestamptz[], $19::timestamptz[], $20::bigint[], $21::numeric[], $22::text[], $23::text[], $24::text[],
                 $25::bool[])
         as r (organization_id, id, account_id, call, direction, attempt_id, campaign_id, lead_id, agent_id, number_id, phone,
               placed_at, status, status_rank, holds_line, ended_reason, outcome, started_at, ended_at, duration_ms, cost,
               summary, success, recording_url, has_report)
     on conflict (provider_account_id, provider_call_id) do update
     set status = excluded.status,
         status_rank = excluded.status_rank,
         holds_line = excluded.holds_line,
         placed_at = least(c.placed_at, excluded.placed_at),
         attempt_id = coalesce(c.attempt_id, excluded.attempt_id),
         campaign_id = coalesce(c.campaign_id, excluded.campaign_id),
         lead_id = coalesce(c.lead_id, excluded.lead_id),
         agent_id = coalesce(c.agent_id, excluded.agent_id),
         phone_number_id = coalesce(c.phone_number_id, excluded.phone_number_id),
         phone = coalesce(c.phone, excluded.phone),
         ended_reason = coalesce(c.ended_reason, excluded.ended_reason),
         outcome = coalesce(excluded.outcome, c.outcome),
         started_at = coalesce(c.started_at, excluded.started_at),
         ended_at = coalesce(excluded.ended_at, c.ended_at),
         duration_ms = coalesce(excluded.duration_ms, c.duration_ms),
         cost = coalesce(excluded.cost, c.cost),
         summary = coalesce(excluded.summary, c.summary),
         success = coalesce(excluded.success, c.success),
         recording_url = coalesce(excluded.recording_url, c.recording_url),
         has_report = c.has_report or excluded.has_report,
         updated_at = excluded.updated_at"
);
sql!(
    DROP,
    "update calls
     set status = 'ended', status_rank = $4, ended_reason = $5, outcome = $6, ended_at = $7, updated_at = $7
     where organization_id = $1 and provider_account_id = $2 and provider_call_id = $3 and ended_reason is null"
);

/// Whose calls the evidence is about, in its order.
pub async fn parties(tx: &impl Bound, told: &[Told]) -> Result<Vec<Parties>> {
    let evidence = || told.iter().map(|told| &told.evidence);
    let organizations: Vec<OrganizationId> = told.iter().map(|told| told.organization).collect();
    let accounts: Vec<ProviderAccountId> = told.iter().map(|told| told.account).collect();
    let calls: Vec<&str> = evidence().map(|evidence| evidence.provider_call_id.as_str()).collect();
    let attempts: Vec<Option<AttemptId>> = evidence().map(|evidence| evidence.attempt).collect();
    let assistants: Vec<Option<&str>> = evidence().map(|evidence| evidence.assistant_id.as_deref()).collect();
    let numbers: Vec<Option<&str>> = evidence().map(|evidence| evidence.provider_number_id.as_deref()).collect();
    let phones: Vec<Option<&str>> = evidence().map(|evidence| evidence.phone.as_deref()).collect();
    let params: [&(dyn ToSql + Sync); 7] =
        [&organizations, &accounts, &calls, &attempts, &assistants, &numbers, &phones];
    tx.all(PARTIES, &params).await?.iter().map(parties_of).collect()
}

fn parties_of(row: &Row) -> Result<Parties> {
    let known = |id| {
        let status = CallStatus::parse(row.get(7));
        Ok::<_, Error>(KnownCall { id, holds_line: row.get(6), status, outcome: columns::text_or_none(row, 8)? })
    };
    Ok(Parties {
        attempt: row.get(0),
        campaign: row.get(1),
        lead: row.get(2),
        agent: row.get(3),
        number: row.get(4),
        call: row.get::<_, Option<CallId>>(5).map(known).transpose()?,
    })
}

/// Writes calls, each of them once: new ones, and what was learned of known ones.
pub async fn write(tx: &impl Bound, calls: &[CallToWrite<'_>], now: Timestamp) -> Result<()> {
    let direction = |call: &CallToWrite<'_>| {
        let usual = if call.parties.attempt.is_some() { Direction::Outbound } else { Direction::Inbound };
        call.told.evidence.direction.unwrap_or(usual).as_str()
    };
    let evidence = || calls.iter().map(|call| &call.told.evidence);
    let parties = || calls.iter().map(|call| call.parties);
    let organizations: Vec<OrganizationId> = calls.iter().map(|call| call.told.organization).collect();
    let ids: Vec<CallId> = calls.iter().map(|call| call.id).collect();
    let accounts: Vec<ProviderAccountId> = calls.iter().map(|call| call.told.account).collect();
    let names: Vec<&str> = evidence().map(|evidence| evidence.provider_call_id.as_str()).collect();
    let directions: Vec<&str> = calls.iter().map(direction).collect();
    let attempts: Vec<Option<AttemptId>> = parties().map(|parties| parties.attempt).collect();
    let campaigns: Vec<Option<CampaignId>> = parties().map(|parties| parties.campaign).collect();
    let leads: Vec<Option<LeadId>> = parties().map(|parties| parties.lead).collect();
    let agents: Vec<Option<AgentId>> = parties().map(|parties| parties.agent).collect();
    let numbers: Vec<Option<PhoneNumberId>> = parties().map(|parties| parties.number).collect();
    let phones: Vec<Option<&str>> = evidence().map(|evidence| evidence.phone.as_deref()).collect();
    let placed_at: Vec<Option<Timestamp>> = evidence().map(|evidence| evidence.placed_at).collect();
    let statuses: Vec<&str> = calls.iter().map(|call| call.entry.status.as_str()).collect();
    let ranks: Vec<i32> = calls.iter().map(|call| i32::from(call.entry.status.rank())).collect();
    let holds_line: Vec<bool> = calls.iter().map(|call| call.entry.holds_line).collect();
    let reasons: Vec<Option<&str>> = calls.iter().map(first_reason).collect();
    let outcomes: Vec<Option<&str>> = calls.iter().map(|call| call.entry.outcome().map(Outcome::as_str)).collect();
    let numbers_told = Numbers::of(evidence().map(|evidence| evidence.report.as_ref()));
    let mut params: Vec<&(dyn ToSql + Sync)> = vec![
        &organizations,
        &ids,
        &accounts,
        &names,
        &directions,
        &attempts,
        &campaigns,
        &leads,
        &agents,
        &numbers,
        &phones,
        &placed_at,
        &statuses,
        &ranks,
        &holds_line,
        &reasons,
        &outcomes,
    ];
    params.extend(numbers_told.params());
    params.push(&now);
    tx.run(WRITE, &params).await?;
    Ok(())
}

/// The provider's own word for the end, if it is the first that is told.
fn first_reason<'a>(call: &CallToWrite<'a>) -> Option<&'a str> {
    let ended = call.told.evidence.ended.as_ref()?;
    matches!(call.entry.end, End::First(_)).then_some(ended.reason.as_str())
}

/// What reports tell that lists show, a column each.
#[derive(Default)]
struct Numbers<'a> {
    started_at: Vec<Option<Timestamp>>,
    ended_at: Vec<Option<Timestamp>>,
    duration_ms: Vec<Option<i64>>,
    costs: Vec<Option<Decimal>>,
    summaries: Vec<Option<&'a str>>,
    successes: Vec<Option<&'a str>>,
    recordings: Vec<Option<&'a str>>,
    are_whole: Vec<bool>,
}

impl<'a> Numbers<'a> {
    fn of(reports: impl Iterator<Item = Option<&'a Report>>) -> Self {
        let mut all = Self::default();
        for report in reports {
            all.started_at.push(report.and_then(|report| report.started_at));
            all.ended_at.push(report.and_then(|report| report.ended_at));
            all.duration_ms.push(report.and_then(|report| report.duration_ms));
            all.costs.push(report.and_then(|report| report.cost));
            all.summaries.push(report.and_then(|report| report.summary.as_deref()));
            all.successes.push(report.and_then(|report| report.success.as_deref()));
            all.recordings.push(report.and_then(|report| report.recording_url.as_deref()));
            all.are_whole.push(report.is_some_and(|report| report.is_whole));
        }
        all
    }

    fn params(&self) -> [&(dyn ToSql + Sync); 8] {
        let Self { started_at, ended_at, duration_ms, costs, summaries, successes, recordings, are_whole } = self;
        [started_at, ended_at, duration_ms, costs, summaries, successes, recordings, are_whole]
    }
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
