//! Organizations: what they are called, when and how much they may call.

use super::statement::sql;
use super::{AgencyTx, Result, TenantTx, columns};
use crate::domain::calling_hours::CallingHours;
use crate::domain::ids::OrganizationId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_postgres::{Row, types::Json};

/// An organization to be made. Its id is that of the transaction.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    /// Its part of addresses: lowercase letters, digits and single hyphens.
    pub slug: String,
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    /// Two letters: how a phone without a country code is read.
    pub country: String,
    pub limits: OrganizationLimits,
    /// Its share of turns beside the others, 1 to 100.
    pub weight: i32,
}

/// What an organization may do at most.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrganizationLimits {
    pub calling_hours: CallingHours,
    pub calls_per_day_max: i32,
    pub calls_per_lead_and_day_max: i32,
    pub ring_gap_minutes_min: i32,
    pub lines_max: i32,
}

/// An organization as pages need it.
#[derive(Debug, Clone)]
pub struct Organization {
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    pub country: String,
    pub is_active: bool,
    pub limits: OrganizationLimits,
    pub created_at: Timestamp,
}

/// How an organization is called, and where it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationBrief {
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
    /// IANA name.
    pub time_zone: String,
}

// Its first turn comes when something is due (`organization_turns::wake`).
sql!(
    CREATE,
    "with made as (
         insert into organizations (id, slug, name, time_zone, country, calling_hours, calls_per_day_max,
                                    calls_per_lead_and_day_max, ring_gap_minutes_min, lines_max, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         returning id
     )
     insert into organization_dispatch (organization_id, next_at, weight)
     select id, $11, $12 from made"
);
sql!(
    GET,
    "select id, slug, name, time_zone, country, status = 'active', calling_hours, calls_per_day_max,
            calls_per_lead_and_day_max, ring_gap_minutes_min, lines_max, created_at
     from organizations
     where id = $1"
);
sql!(
    UPDATE,
    "update organizations
     set calling_hours = $2, calls_per_day_max = $3, calls_per_lead_and_day_max = $4, ring_gap_minutes_min = $5,
         lines_max = $6
     where id = $1"
);
sql!(BRIEF_BY_SLUG, "select id, slug, name, time_zone from organizations where slug = $1");
sql!(
    BRIEFS,
    "select id, slug, name, time_zone from organizations
     order by name, id
     limit $1"
);
sql!(COUNT, "select count(*) from organizations");

/// Makes the organization and its place in the ring of turns. A slug that is taken is a conflict.
pub async fn create(tx: &TenantTx, new: &NewOrganization, now: Timestamp) -> Result<()> {
    let NewOrganization { slug, name, time_zone, country, limits, weight } = new;
    let OrganizationLimits {
        calling_hours,
        calls_per_day_max,
        calls_per_lead_and_day_max,
        ring_gap_minutes_min,
        lines_max,
    } = limits;
    tx.run(
        CREATE,
        &[
            &tx.organization,
            slug,
            name,
            time_zone,
            country,
            &Json(calling_hours),
            calls_per_day_max,
            calls_per_lead_and_day_max,
            ring_gap_minutes_min,
            lines_max,
            &now,
            weight,
        ],
    )
    .await?;
    Ok(())
}

/// The organization of this transaction.
pub async fn get(tx: &TenantTx) -> Result<Organization> {
    organization(&tx.one(GET, &[&tx.organization]).await?)
}

/// Changes what it may do at most; the next claim goes by it.
pub async fn set_limits(tx: &TenantTx, limits: &OrganizationLimits) -> Result<()> {
    let OrganizationLimits {
        calling_hours,
        calls_per_day_max,
        calls_per_lead_and_day_max,
        ring_gap_minutes_min,
        lines_max,
    } = limits;
    tx.run(
        UPDATE,
        &[
            &tx.organization,
            &Json(calling_hours),
            calls_per_day_max,
            calls_per_lead_and_day_max,
            ring_gap_minutes_min,
            lines_max,
        ],
    )
    .await?;
    Ok(())
}

/// Whose address this is, for people of the agency.
pub async fn brief_by_slug(tx: &AgencyTx, slug: &str) -> Result<Option<OrganizationBrief>> {
    Ok(tx.one_or_none(BRIEF_BY_SLUG, &[&slug]).await?.map(|row| brief(&row)))
}

/// The first `count_max` by name, and how many there are.
pub async fn briefs(tx: &AgencyTx, count_max: i64) -> Result<(Vec<OrganizationBrief>, u64)> {
    let rows = tx.all(BRIEFS, &[&count_max]).await?;
    let total = columns::count(&tx.one(COUNT, &[]).await?, 0);
    Ok((rows.iter().map(brief).collect(), total))
}

fn brief(row: &Row) -> OrganizationBrief {
    OrganizationBrief { id: row.get(0), slug: row.get(1), name: row.get(2), time_zone: row.get(3) }
}

fn organization(row: &Row) -> Result<Organization> {
    Ok(Organization {
        id: row.get(0),
        slug: row.get(1),
        name: row.get(2),
        time_zone: row.get(3),
        country: row.get(4),
        is_active: row.get(5),
        limits: OrganizationLimits {
            calling_hours: columns::json(row, 6)?,
            calls_per_day_max: row.get(7),
            calls_per_lead_and_day_max: row.get(8),
            ring_gap_minutes_min: row.get(9),
            lines_max: row.get(10),
        },
        created_at: row.get(11),
    })
}
