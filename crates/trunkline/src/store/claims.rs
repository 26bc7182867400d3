//! Whose attempts a claim looks at, inside an organization's turn: its running campaigns and what is due in them. The
//! deciding is `domain::dispatch_policy`'s.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::{AgentId, AttemptId, CampaignId, EnrollmentId, LeadId};
use jiff::Timestamp;
use tokio_postgres::Row;

/// A campaign with the lines that it and its agent hold; in a claim it is running.
#[derive(Debug, Clone)]
pub struct RunningCampaign {
    pub id: CampaignId,
    pub agent: AgentId,
    pub agent_is_active: bool,
    pub agent_lines_max: i32,
    pub calling_hours: serde_json::Value,
    pub calls_per_lead_and_day_max: i32,
    pub lines_max: i32,
    pub lines_in_use: i32,
    pub agent_lines_in_use: i32,
    /// Lower goes first.
    pub priority: i32,
    pub dialing_rules: serde_json::Value,
    /// Since when an attempt of it is due and none was taken up.
    pub waiting_since: Option<Timestamp>,
    pub is_running: bool,
}

/// A due attempt with what is known of its lead.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub id: AttemptId,
    pub enrollment: EnrollmentId,
    pub campaign: CampaignId,
    pub lead: LeadId,
    pub phone: String,
    pub time_zone: Option<String>,
    pub postal_code: Option<String>,
    pub call_back_at: Option<Timestamp>,
}

// In the order of their turns within one priority: the campaign with the fewest lines, then the one that waited longest.
sql!(
    RUNNING_CAMPAIGNS,
    "with open as (
         select campaign_id, count(*)::int as lines
         from attempts
         where state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
         group by campaign_id
     ), agent_open as (
         select c.agent_id, sum(open.lines)::int as lines
         from open
         join campaigns c on c.id = open.campaign_id
         group by c.agent_id
     )
     select c.id, c.agent_id, a.status = 'active', a.lines_max, c.calling_hours, c.calls_per_lead_and_day_max, c.lines_max,
            coalesce(open.lines, 0), coalesce(agent_open.lines, 0), c.priority, c.dialing_rules,
            greatest(first.due_at, last.reserved_at), true
     from campaigns c
     join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     left join open on open.campaign_id = c.id
     left join agent_open on agent_open.agent_id = c.agent_id
     left join lateral (
         select t.reserved_at from attempts t
         where t.organization_id = c.organization_id and t.campaign_id = c.id and t.reserved_at is not null
         order by t.reserved_at desc
         limit 1
     ) last on true
     left join lateral (
         select t.due_at from attempts t
         where t.organization_id = c.organization_id and t.campaign_id = c.id and t.state = 'scheduled'
         order by t.due_at, t.id
         limit 1
     ) first on true
     where c.status = 'running'
     order by c.priority, coalesce(open.lines, 0), last.reserved_at nulls first, c.id"
);
// The same of campaigns that are asked about, whatever their status.
sql!(
    CAMPAIGNS,
    "select c.id, c.agent_id, a.status = 'active', a.lines_max, c.calling_hours, c.calls_per_lead_and_day_max, c.lines_max,
            (select count(*)::int from attempts o
             where o.organization_id = $1 and o.campaign_id = c.id
               and o.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')),
            (select count(*)::int from campaigns s
             join attempts o on o.organization_id = s.organization_id and o.campaign_id = s.id
                            and o.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
             where s.organization_id = $1 and s.agent_id = c.agent_id),
            c.priority, c.dialing_rules, null::timestamptz, c.status = 'running'
     from campaigns c
     join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     where c.organization_id = $1 and c.id = any ($2)"
);
// An attempt comes after as many others as its campaign would hold lines by then: campaigns of one priority fill up evenly.
sql!(
    CANDIDATES,
    "select a.id, a.enrollment_id, a.campaign_id, a.lead_id, a.phone, l.time_zone, e.call_back_at, l.postal_code
     from unnest($1::uuid[], $5::int[], $6::int[]) with ordinality as c (id, priority, lines, place)
     cross join lateral (
         select t.id, t.enrollment_id, t.campaign_id, t.lead_id, t.phone, t.due_at,
                row_number() over (order by t.due_at, t.id) as nth
         from attempts t
         where t.organization_id = $2 and t.campaign_id = c.id and t.state = 'scheduled' and t.due_at <= $3
         order by t.due_at, t.id
         limit $4
     ) a
     join leads l on l.organization_id = $2 and l.id = a.lead_id
     join enrollments e on e.organization_id = $2 and e.id = a.enrollment_id
     order by c.priority, c.lines + a.nth, c.place"
);
pub async fn running_campaigns(tx: &TenantTx) -> Result<Vec<RunningCampaign>> {
    let rows = tx.all(RUNNING_CAMPAIGNS, &[]).await?;
    Ok(rows.iter().map(running_campaign).collect())
}

/// Those of `campaigns` that exist, running or not.
pub async fn campaigns(tx: &TenantTx, campaigns: &[CampaignId]) -> Result<Vec<RunningCampaign>> {
    let rows = tx.all(CAMPAIGNS, &[&tx.organization, &campaigns]).await?;
    Ok(rows.iter().map(running_campaign).collect())
}

fn running_campaign(row: &Row) -> RunningCampaign {
    RunningCampaign {
        id: row.get(0),
        agent: row.get(1),
        agent_is_active: row.get(2),
        agent_lines_max: row.get(3),
        calling_hours: row.get(4),
        calls_per_lead_and_day_max: row.get(5),
        lines_max: row.get(6),
        lines_in_use: row.get(7),
        agent_lines_in_use: row.get(8),
        priority: row.get(9),
        dialing_rules: row.get(10),
        waiting_since: row.get(11),
        is_running: row.get(12),
    }
}

/// Due attempts in the order in which they are decided, at most `per_campaign_max` of each campaign. `campaigns` are in the
/// order of their turns.
pub async fn candidates(
    tx: &TenantTx,
    campaigns: &[RunningCampaign],
    now: Timestamp,
    per_campaign_max: i64,
) -> Result<Vec<Candidate>> {
    let ids: Vec<CampaignId> = campaigns.iter().map(|campaign| campaign.id).collect();
    let priorities: Vec<i32> = campaigns.iter().map(|campaign| campaign.priority).collect();
    let lines: Vec<i32> = campaigns.iter().map(|campaign| campaign.lines_in_use).collect();
    let rows = tx.all(CANDIDATES, &[&ids, &tx.organization, &now, &per_campaign_max, &priorities, &lines]).await?;
    let read = |row: &Row| Candidate {
        id: row.get(0),
        enrollment: row.get(1),
        campaign: row.get(2),
        lead: row.get(3),
        phone: row.get(4),
        time_zone: row.get(5),
        call_back_at: row.get(6),
        postal_code: row.get(7),
    };
    Ok(rows.iter().map(read).collect())
}
