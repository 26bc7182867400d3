//! Whose attempts a claim looks at, for all organizations in turn: their running campaigns and what is due in them. The
//! deciding is `domain::dispatch_policy`'s.

use super::statement::sql;
use super::{Result, TenantTx, TurnsTx};
use crate::domain::ids::{AgentId, AttemptId, CampaignId, EnrollmentId, LeadId, OrganizationId};
use jiff::Timestamp;
use tokio_postgres::Row;

/// A campaign with the lines that it and its agent hold; in a claim it is running.
#[derive(Debug, Clone)]
pub struct RunningCampaign {
    pub organization: OrganizationId,
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
// "Offset 0" keeps the planner from reading a whole table at once where it should look up one organization after the other.
sql!(
    RUNNING_CAMPAIGNS,
    "with open as materialized (
         select o.id as organization_id, t.campaign_id, count(*)::int as lines
         from unnest($1::uuid[]) as o (id)
         cross join lateral (
             select campaign_id from attempts
             where organization_id = o.id and state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
             offset 0
         ) t
         group by o.id, t.campaign_id
     ), agent_open as materialized (
         select open.organization_id, c.agent_id, sum(open.lines)::int as lines
         from open
         join campaigns c on c.organization_id = open.organization_id and c.id = open.campaign_id
         group by open.organization_id, c.agent_id
     )
     select c.organization_id, c.id, c.agent_id, a.status = 'active', a.lines_max, c.calling_hours,
            c.calls_per_lead_and_day_max, c.lines_max, coalesce(open.lines, 0), coalesce(agent_open.lines, 0), c.priority,
            c.dialing_rules, greatest(first.due_at, last.reserved_at), true
     from unnest($1::uuid[]) as o (id)
     cross join lateral (
         select * from campaigns where organization_id = o.id and status = 'running' offset 0
     ) c
     join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     left join open on open.organization_id = c.organization_id and open.campaign_id = c.id
     left join agent_open on agent_open.organization_id = c.organization_id and agent_open.agent_id = c.agent_id
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
     order by c.priority, coalesce(open.lines, 0), last.reserved_at nulls first, c.id"
);
// The same of campaigns that are asked about, whatever their status.
sql!(
    CAMPAIGNS,
    "select c.organization_id, c.id, c.agent_id, a.status = 'active', a.lines_max, c.calling_hours,
            c.calls_per_lead_and_day_max, c.lines_max,
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
sql!(
    CANDIDATES,
    "select a.organization_id, a.id, a.enrollment_id, a.campaign_id, a.lead_id, a.phone, l.time_zone, e.call_back_at, a.nth,
            l.postal_code
     from unnest($1::uuid[], $2::int[]) as o (id, candidates_max)
     cross join lateral (
         select id from campaigns where organization_id = o.id and status = 'running' offset 0
     ) c
     cross join lateral (
         select t.organization_id, t.id, t.enrollment_id, t.campaign_id, t.lead_id, t.phone,
                row_number() over (order by t.due_at, t.id)::int as nth
         from attempts t
         where t.organization_id = o.id and t.campaign_id = c.id and t.state = 'scheduled' and t.due_at <= $3
         order by t.due_at, t.id
         limit o.candidates_max
     ) a
     cross join lateral (
         select time_zone, postal_code from leads where organization_id = o.id and id = a.lead_id offset 0
     ) l
     cross join lateral (
         select call_back_at from enrollments where organization_id = o.id and id = a.enrollment_id offset 0
     ) e"
);

/// The running campaigns of `organizations`, those of each in the order of their turns within one priority.
pub async fn running_campaigns(tx: &TurnsTx, organizations: &[OrganizationId]) -> Result<Vec<RunningCampaign>> {
    let rows = tx.all(RUNNING_CAMPAIGNS, &[&organizations]).await?;
    Ok(rows.iter().map(running_campaign).collect())
}

/// Those of `campaigns` that exist, running or not.
pub async fn campaigns(tx: &TenantTx, campaigns: &[CampaignId]) -> Result<Vec<RunningCampaign>> {
    let rows = tx.all(CAMPAIGNS, &[&tx.organization, &campaigns]).await?;
    Ok(rows.iter().map(running_campaign).collect())
}

fn running_campaign(row: &Row) -> RunningCampaign {
    RunningCampaign {
        organization: row.get(0),
        id: row.get(1),
        agent: row.get(2),
        agent_is_active: row.get(3),
        agent_lines_max: row.get(4),
        calling_hours: row.get(5),
        calls_per_lead_and_day_max: row.get(6),
        lines_max: row.get(7),
        lines_in_use: row.get(8),
        agent_lines_in_use: row.get(9),
        priority: row.get(10),
        dialing_rules: row.get(11),
        waiting_since: row.get(12),
        is_running: row.get(13),
    }
}

/// A due attempt with its place in the queue of its campaign, from 1.
#[derive(Debug, Clone)]
pub struct InQueue {
    pub organization: OrganizationId,
    pub candidate: Candidate,
    pub nth: i32,
}

/// The first due attempts of each running campaign, as many as `looked_at` says of its organization.
pub async fn candidates(tx: &TurnsTx, looked_at: &[(OrganizationId, i32)], now: Timestamp) -> Result<Vec<InQueue>> {
    let (organizations, counts): (Vec<OrganizationId>, Vec<i32>) = looked_at.iter().copied().unzip();
    let rows = tx.all(CANDIDATES, &[&organizations, &counts, &now]).await?;
    let candidate = |row: &Row| Candidate {
        id: row.get(1),
        enrollment: row.get(2),
        campaign: row.get(3),
        lead: row.get(4),
        phone: row.get(5),
        time_zone: row.get(6),
        call_back_at: row.get(7),
        postal_code: row.get(9),
    };
    Ok(rows
        .iter()
        .map(|row| InQueue { organization: row.get(0), candidate: candidate(row), nth: row.get(8) })
        .collect())
}
