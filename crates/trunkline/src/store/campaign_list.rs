//! The list of campaigns, newest first, of one organization or of all.

use super::keyset::{Cursor, PAGE_ROWS_READ, Page, Place};
use super::statement::sql;
use super::{Reach, Result, columns};
use crate::domain::ids::{CampaignId, OrganizationId};
use crate::domain::status::CampaignStatus;
use jiff::Timestamp;

/// A campaign as a list shows it.
#[derive(Debug, Clone)]
pub struct ListedCampaign {
    pub organization: OrganizationId,
    /// Slug and name; for the agency.
    pub organization_name: (String, String),
    pub id: CampaignId,
    pub name: String,
    pub standing: Standing,
    pub agent: String,
    pub created_at: Timestamp,
}

/// In which status a campaign is, since when and by whom.
#[derive(Debug, Clone)]
pub struct Standing {
    pub status: CampaignStatus,
    pub since: Timestamp,
    /// The name of the person, if it was one.
    pub by: Option<String>,
    pub starts_at: Option<Timestamp>,
}

sql!(
    OLDER,
    "select c.organization_id, o.slug, o.name, c.id, c.name, c.status, c.status_since,
            (select n.name from across.user_names(array[c.status_by]) n), c.starts_at, a.name, c.created_at
     from (
         select * from campaigns f
         where ($1::uuid is null or f.organization_id = $1) and f.status = any ($2)
           and ($3::timestamptz is null or (f.created_at, f.id) < ($3, $4::uuid))
         order by f.created_at desc, f.id desc
         limit $5
     ) c
     join organizations o on o.id = c.organization_id
     join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     order by c.created_at desc, c.id desc"
);
sql!(
    NEWER,
    "select c.organization_id, o.slug, o.name, c.id, c.name, c.status, c.status_since,
            (select n.name from across.user_names(array[c.status_by]) n), c.starts_at, a.name, c.created_at
     from (
         select * from campaigns f
         where ($1::uuid is null or f.organization_id = $1) and f.status = any ($2)
           and (f.created_at, f.id) > ($3::timestamptz, $4::uuid)
         order by f.created_at, f.id
         limit $5
     ) c
     join organizations o on o.id = c.organization_id
     join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     order by c.created_at, c.id"
);

/// A page of the campaigns in one of `statuses`.
pub async fn page(reach: Reach<'_>, statuses: &[CampaignStatus], cursor: Cursor) -> Result<Page<ListedCampaign>> {
    let statuses: Vec<&str> = statuses.iter().map(|status| status.as_str()).collect();
    let (statement, place) = match cursor {
        Cursor::First => (OLDER, None),
        Cursor::OlderThan(place) => (OLDER, Some(place)),
        Cursor::NewerThan(place) => (NEWER, Some(place)),
    };
    let (at, id) = (place.map(|place| place.at), place.map(|place| place.id));
    let rows = reach.tx().all(statement, &[&reach.organization(), &statuses, &at, &id, &PAGE_ROWS_READ]).await?;
    let campaigns = rows.iter().map(campaign).collect::<Result<Vec<_>>>()?;
    Ok(Page::of(cursor, campaigns, |campaign| Place { at: campaign.created_at, id: campaign.id.0 }))
}

fn campaign(row: &tokio_postgres::Row) -> Result<ListedCampaign> {
    Ok(ListedCampaign {
        organization: row.get(0),
        organization_name: (row.get(1), row.get(2)),
        id: row.get(3),
        name: row.get(4),
        standing: Standing { status: columns::text(row, 5)?, since: row.get(6), by: row.get(7), starts_at: row.get(8) },
        agent: row.get(9),
        created_at: row.get(10),
    })
}
