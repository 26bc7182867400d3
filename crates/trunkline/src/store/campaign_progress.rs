//! How far campaigns have come: where their leads are, and what came of their calls.

use super::statement::sql;
use super::{Reach, Result, columns};
use crate::domain::ids::{CampaignId, OrganizationId};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Where the leads of a campaign are; the parts add up to `leads`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeadCounts {
    pub leads: u64,
    pub reached: u64,
    /// Given up after voicemail; after no answer or busy; after anything else.
    pub voicemail: u64,
    pub no_answer: u64,
    pub failed: u64,
    /// Must not or need not be called.
    pub excluded: u64,
    /// A call is on its way or going on.
    pub on_the_line: u64,
    pub to_retry: u64,
    pub not_called: u64,
}

/// What came of a campaign's calls.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CallCounts {
    /// Calls that ended.
    pub ended: u64,
    pub answered: u64,
    /// Leads with a conversation that did what the agent is for.
    pub leads_with_goal: u64,
    /// All conversations together.
    pub talk_ms: u64,
    /// US dollars; for the agency.
    pub spend: Decimal,
}

/// A campaign by its whole key.
pub type CampaignKey = (OrganizationId, CampaignId);

sql!(
    LEADS,
    "select e.campaign_id, count(*),
            count(*) filter (where e.because = 'answered' and e.status = 'done'),
            count(*) filter (where e.disposition = 'exhausted' and e.because = 'voicemail'),
            count(*) filter (where e.disposition = 'exhausted' and e.because in ('no_answer', 'busy')),
            count(*) filter (where e.disposition = 'exhausted'
                             and coalesce(e.because, '') <> all (array['voicemail', 'no_answer', 'busy', 'answered'])),
            count(*) filter (where e.disposition in ('excluded', 'cancelled') and e.because is distinct from 'answered'),
            count(*) filter (where e.status = 'active'),
            count(*) filter (where e.status = 'queued' and (e.attempts_made > 0 or e.because is not null)),
            count(*) filter (where e.status = 'queued' and e.attempts_made = 0 and e.because is null)
     from unnest($1::uuid[], $2::uuid[]) as c (organization_id, id)
     join enrollments e on e.organization_id = c.organization_id and e.campaign_id = c.id
     group by e.campaign_id"
);
sql!(
    CALLS,
    "select k.campaign_id, count(*) filter (where k.outcome is not null),
            count(*) filter (where k.outcome = 'answered'),
            count(distinct k.lead_id) filter (where k.outcome = 'answered' and lower(k.success) in ('true', 'pass', 'passed')),
            coalesce(sum(k.duration_ms) filter (where k.outcome = 'answered'), 0)::bigint,
            coalesce(sum(k.cost), 0)
     from unnest($1::uuid[], $2::uuid[]) as c (organization_id, id)
     join calls k on k.organization_id = c.organization_id and k.campaign_id = c.id
     group by k.campaign_id"
);
sql!(
    LINES,
    "select a.campaign_id, count(*)
     from unnest($1::uuid[], $2::uuid[]) as c (organization_id, id)
     join attempts a on a.organization_id = c.organization_id and a.campaign_id = c.id
     where a.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
     group by a.campaign_id"
);

/// Where the leads of each campaign are; a campaign without leads is not in it.
pub async fn leads(reach: Reach<'_>, campaigns: &[CampaignKey]) -> Result<HashMap<CampaignId, LeadCounts>> {
    let (organizations, ids) = columns_of(campaigns);
    let rows = reach.tx().all(LEADS, &[&organizations, &ids]).await?;
    let read = |row: &tokio_postgres::Row| LeadCounts {
        leads: columns::count(row, 1),
        reached: columns::count(row, 2),
        voicemail: columns::count(row, 3),
        no_answer: columns::count(row, 4),
        failed: columns::count(row, 5),
        excluded: columns::count(row, 6),
        on_the_line: columns::count(row, 7),
        to_retry: columns::count(row, 8),
        not_called: columns::count(row, 9),
    };
    Ok(rows.iter().map(|row| (row.get(0), read(row))).collect())
}

/// What came of the calls of each campaign; a campaign without calls is not in it.
pub async fn calls(reach: Reach<'_>, campaigns: &[CampaignKey]) -> Result<HashMap<CampaignId, CallCounts>> {
    let (organizations, ids) = columns_of(campaigns);
    let rows = reach.tx().all(CALLS, &[&organizations, &ids]).await?;
    let read = |row: &tokio_postgres::Row| CallCounts {
        ended: columns::count(row, 1),
        answered: columns::count(row, 2),
        leads_with_goal: columns::count(row, 3),
        talk_ms: columns::count(row, 4),
        spend: row.get(5),
    };
    Ok(rows.iter().map(|row| (row.get(0), read(row))).collect())
}

/// The lines that each campaign holds; one that holds none is not in it.
pub async fn lines(reach: Reach<'_>, campaigns: &[CampaignKey]) -> Result<HashMap<CampaignId, u64>> {
    let (organizations, ids) = columns_of(campaigns);
    let rows = reach.tx().all(LINES, &[&organizations, &ids]).await?;
    Ok(rows.iter().map(|row| (row.get(0), columns::count(row, 1))).collect())
}

fn columns_of(campaigns: &[CampaignKey]) -> (Vec<OrganizationId>, Vec<CampaignId>) {
    campaigns.iter().copied().unzip()
}
