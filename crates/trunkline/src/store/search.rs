//! What the search of the top bar finds beside the leads of one organization, which `lead_list` finds.

use super::organizations::OrganizationBrief;
use super::search_words::anywhere;
use super::statement::sql;
use super::{AgencyTx, Reach, Result, columns};
use crate::domain::ids::{CallId, CampaignId, LeadId};
use crate::domain::status::CampaignStatus;
use tokio_postgres::Row;

#[derive(Debug, Clone)]
pub struct FoundCampaign {
    /// Slug and name.
    pub organization: (String, String),
    pub id: CampaignId,
    pub name: String,
    pub status: CampaignStatus,
}

#[derive(Debug, Clone)]
pub struct FoundLead {
    /// Slug and name.
    pub organization: (String, String),
    pub id: LeadId,
    pub name: String,
    pub phone: String,
}

#[derive(Debug, Clone)]
pub struct FoundCall {
    /// Slug and name.
    pub organization: (String, String),
    pub id: CallId,
    pub lead: String,
    pub phone: String,
}

sql!(
    ORGANIZATIONS,
    "select id, slug, name, time_zone from organizations
     where name ilike $1
     order by name, id
     limit $2"
);
sql!(
    CAMPAIGNS,
    "select o.slug, o.name, c.id, c.name, c.status
     from campaigns c
     join organizations o on o.id = c.organization_id
     where ($1::uuid is null or c.organization_id = $1) and c.name ilike $2
     order by c.status = 'running' desc, c.created_at desc, c.id desc
     limit $3"
);
sql!(
    LEADS_BY_PHONE,
    "select o.slug, o.name, l.id, l.name, l.phone
     from leads l
     join organizations o on o.id = l.organization_id
     where l.phone = any ($1)
     order by l.created_at desc, l.id desc
     limit $2"
);
sql!(
    CALLS,
    "select o.slug, o.name, k.id, coalesce(l.name, ''), coalesce(k.phone, '')
     from provider_accounts a
     join calls k on k.provider_account_id = a.id and k.provider_call_id = $1
     join organizations o on o.id = k.organization_id
     left join leads l on l.organization_id = k.organization_id and l.id = k.lead_id
     limit $2"
);

pub async fn organizations(tx: &AgencyTx, words: &str, count_max: i64) -> Result<Vec<OrganizationBrief>> {
    let rows = tx.all(ORGANIZATIONS, &[&anywhere(words), &count_max]).await?;
    let read =
        |row: &Row| OrganizationBrief { id: row.get(0), slug: row.get(1), name: row.get(2), time_zone: row.get(3) };
    Ok(rows.iter().map(read).collect())
}

pub async fn campaigns(reach: Reach<'_>, words: &str, count_max: i64) -> Result<Vec<FoundCampaign>> {
    let rows = reach.tx().all(CAMPAIGNS, &[&reach.organization(), &anywhere(words), &count_max]).await?;
    let read = |row: &Row| {
        Ok(FoundCampaign {
            organization: (row.get(0), row.get(1)),
            id: row.get(2),
            name: row.get(3),
            status: columns::text(row, 4)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Leads of all organizations with one of these phones.
pub async fn leads_by_phone(tx: &AgencyTx, phones: &[String], count_max: i64) -> Result<Vec<FoundLead>> {
    let rows = tx.all(LEADS_BY_PHONE, &[&phones, &count_max]).await?;
    let read = |row: &Row| FoundLead {
        organization: (row.get(0), row.get(1)),
        id: row.get(2),
        name: row.get(3),
        phone: row.get(4),
    };
    Ok(rows.iter().map(read).collect())
}

/// Calls with this id at their provider.
pub async fn calls(tx: &AgencyTx, provider_call_id: &str, count_max: i64) -> Result<Vec<FoundCall>> {
    let rows = tx.all(CALLS, &[&provider_call_id, &count_max]).await?;
    let read = |row: &Row| FoundCall {
        organization: (row.get(0), row.get(1)),
        id: row.get(2),
        lead: row.get(3),
        phone: row.get(4),
    };
    Ok(rows.iter().map(read).collect())
}
