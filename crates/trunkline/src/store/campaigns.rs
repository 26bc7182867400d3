//! Campaigns: their making, their leads, and the steering of them.

use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::calling_hours::CallingHours;
use crate::domain::ids::{AgentId, AttemptId, CampaignId, EnrollmentId, LeadId, LeadImportId, PhoneNumberId, UserId};
use crate::domain::retry_policy::RetryPlan;
use crate::domain::status::CampaignStatus;
use jiff::Timestamp;
use std::collections::HashSet;
use tokio_postgres::types::Json;

/// Leads enrolled by one pair of statements; more go in rounds.
const LEADS_PER_ROUND: i64 = 5_000;
/// Leads that one campaign takes at most.
pub const LEADS_MAX: u64 = 1_000_000;

/// A campaign to be made, as a draft.
#[derive(Debug, Clone)]
pub struct NewCampaign {
    pub id: CampaignId,
    pub name: String,
    pub agent: AgentId,
    /// Lower goes first within its organization; 100 is usual.
    pub priority: i32,
    /// Narrows the organization's.
    pub calling_hours: CallingHours,
    pub retry_plan: RetryPlan,
    pub calls_per_lead_and_day_max: i32,
    pub lines_max: i32,
    /// The numbers it calls from.
    pub numbers: Vec<PhoneNumberId>,
    pub created_by: Option<UserId>,
}

/// Which leads a campaign takes.
#[derive(Debug, Clone)]
pub enum LeadGroup {
    All,
    ImportedWith(LeadImportId),
    These(Vec<LeadId>),
}

/// A campaign whose row is locked until the transaction ends.
#[derive(Debug, Clone)]
pub struct LockedCampaign {
    pub id: CampaignId,
    pub name: String,
    pub status: CampaignStatus,
}

/// A change of status, with who made it.
#[derive(Debug, Clone, Copy)]
pub struct StatusChange<'a> {
    pub to: CampaignStatus,
    /// In words; `None` where a person's decision says enough.
    pub reason: Option<&'a str>,
    /// `None`: the program itself.
    pub by: Option<UserId>,
    /// When a scheduled campaign will start.
    pub starts_at: Option<Timestamp>,
}

sql!(
    CREATE,
    "insert into campaigns (organization_id, id, name, agent_id, priority, calling_hours, retry_plan,
                            calls_per_lead_and_day_max, lines_max, created_by, created_at, status_since)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)"
);
sql!(
    USE_NUMBERS,
    "insert into campaign_phone_numbers (organization_id, campaign_id, phone_number_id)
     select $1, $2, unnest($3::uuid[])"
);
// Taken for update: a send holds the row for share until its point of no return is committed.
sql!(
    LOCK,
    "select id, name, status from campaigns
     where organization_id = $1 and id = $2
     for update"
);
sql!(
    SET_STATUS,
    "update campaigns
     set status = $3, status_reason = $4, status_by = $5, status_since = $6,
         starts_at = coalesce($7, starts_at),
         started_at = case when $3 = 'running' then coalesce(started_at, $6) else started_at end,
         finished_at = case when $3 in ('stopped', 'completed') then $6 end
     where organization_id = $1 and id = $2"
);
sql!(
    LEADS,
    "select id, phone from leads
     where organization_id = $1 and id > $2
       and ($3::uuid is null or lead_import_id = $3)
       and ($4::uuid[] is null or id = any ($4))
     order by id
     limit $5"
);
// Who is in the campaign already is left out here, by the index, and not by a join: the rows of the rounds before are
// not in the planner's statistics, and it would try each lead with each.
sql!(
    ENROLL,
    "insert into enrollments (organization_id, id, campaign_id, lead_id, created_at)
     select $1, n.id, $2, n.lead, $3
     from unnest($4::uuid[], $5::uuid[]) as n (id, lead)
     on conflict (organization_id, campaign_id, lead_id) do nothing
     returning id"
);
sql!(
    PLAN_FIRST_ATTEMPTS,
    "insert into attempts (organization_id, id, enrollment_id, campaign_id, lead_id, phone, due_at, created_at)
     select $1, n.id, n.enrollment, $2, n.lead, n.phone, $3, $3
     from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::text[]) as n (id, enrollment, lead, phone)"
);
sql!(
    WITHDRAW_ATTEMPTS,
    "update attempts
     set state = 'cancelled', because = 'campaign_stopped', settled_at = $3
     where organization_id = $1 and campaign_id = $2 and state = 'scheduled'"
);
// An enrollment with an attempt that may ring, or rings, ends with that attempt.
sql!(
    CANCEL_ENROLLMENTS,
    "update enrollments e
     set status = 'done', disposition = 'cancelled', because = 'campaign_stopped', done_at = $3
     where e.organization_id = $1 and e.campaign_id = $2 and e.done_at is null
       and not exists (
           select from attempts a
           where a.organization_id = $1 and a.enrollment_id = e.id
             and a.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
       )"
);

/// Makes the campaign, a draft without leads.
pub async fn create(tx: &TenantTx, new: &NewCampaign, now: Timestamp) -> Result<()> {
    let NewCampaign {
        id,
        name,
        agent,
        priority,
        calling_hours,
        retry_plan,
        calls_per_lead_and_day_max,
        lines_max,
        numbers,
        created_by,
    } = new;
    tx.run(
        CREATE,
        &[
            &tx.organization,
            id,
            name,
            agent,
            priority,
            &Json(calling_hours),
            &Json(retry_plan),
            calls_per_lead_and_day_max,
            lines_max,
            created_by,
            &now,
        ],
    )
    .await?;
    tx.run(USE_NUMBERS, &[&tx.organization, id, numbers]).await?;
    Ok(())
}

/// Enrolls those leads of the group that are not in the campaign yet, each with its first attempt due at once, and
/// returns how many they were. What must not be called is excluded at its turn, with the reason.
pub async fn enroll(tx: &TenantTx, campaign: CampaignId, leads: &LeadGroup, now: Timestamp) -> Result<u64> {
    let (import, ids) = match leads {
        LeadGroup::All => (None, None),
        LeadGroup::ImportedWith(import) => (Some(*import), None),
        LeadGroup::These(ids) => (None, Some(ids)),
    };
    let mut after = LeadId(uuid::Uuid::nil());
    let mut enrolled = 0;
    while enrolled < LEADS_MAX {
        let params: super::tx::Params<'_> = &[&tx.organization, &after, &import, &ids, &LEADS_PER_ROUND];
        let rows = tx.search(LEADS, params).await?;
        let round: Vec<(LeadId, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let Some((last, _)) = round.last() else {
            break;
        };
        after = *last;
        enrolled += enroll_round(tx, campaign, &round, now).await?;
    }
    Ok(enrolled)
}

async fn enroll_round(tx: &TenantTx, campaign: CampaignId, round: &[(LeadId, String)], now: Timestamp) -> Result<u64> {
    let leads: Vec<LeadId> = round.iter().map(|(lead, _)| *lead).collect();
    let ids: Vec<EnrollmentId> = round.iter().map(|_| EnrollmentId::new()).collect();
    let rows = tx.all(ENROLL, &[&tx.organization, &campaign, &now, &ids, &leads]).await?;
    let new: HashSet<EnrollmentId> = rows.iter().map(|row| row.get(0)).collect();
    let (mut attempts, mut enrollments, mut leads, mut phones) = (vec![], vec![], vec![], vec![]);
    for ((lead, phone), id) in round.iter().zip(ids).filter(|(_, id)| new.contains(id)) {
        attempts.push(AttemptId::new());
        enrollments.push(id);
        leads.push(*lead);
        phones.push(phone.as_str());
    }
    let params: super::tx::Params<'_> = &[&tx.organization, &campaign, &now, &attempts, &enrollments, &leads, &phones];
    tx.run(PLAN_FIRST_ATTEMPTS, params).await
}

/// The campaign, locked until the transaction ends.
pub async fn lock(tx: &TenantTx, id: CampaignId) -> Result<LockedCampaign> {
    let row = tx.one(LOCK, &[&tx.organization, &id]).await?;
    Ok(LockedCampaign { id: row.get(0), name: row.get(1), status: columns::text(&row, 2)? })
}

/// Writes a status that [`CampaignStatus::change_to`] has allowed. Whoever makes it run wakes the organization's turn.
pub async fn set_status(tx: &TenantTx, id: CampaignId, change: StatusChange<'_>, now: Timestamp) -> Result<()> {
    let StatusChange { to, reason, by, starts_at } = change;
    tx.run(SET_STATUS, &[&tx.organization, &id, &to.as_str(), &reason, &by, &now, &starts_at]).await?;
    Ok(())
}

/// Withdraws what is planned and cancels the leads that no call is under way to; returns how many leads. The
/// organization's lock is held by the caller (`organization_turns::lock`), before that of the campaign.
pub async fn cancel_what_is_left(tx: &TenantTx, id: CampaignId, now: Timestamp) -> Result<u64> {
    tx.run(WITHDRAW_ATTEMPTS, &[&tx.organization, &id, &now]).await?;
    tx.run(CANCEL_ENROLLMENTS, &[&tx.organization, &id, &now]).await
}
