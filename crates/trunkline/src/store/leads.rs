//! Leads: taken in many at a time, looked up one by one. The list is in `lead_list.rs`.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::{LeadId, LeadImportId};
use crate::domain::phone_number::PhoneNumber;
use jiff::Timestamp;
use serde_json::Value;

/// How many leads one statement takes in.
pub const LEADS_PER_STATEMENT_MAX: usize = 5_000;

/// A lead as it comes in. What is empty or `None` leaves what is known of the phone as it is.
#[derive(Debug, Clone)]
pub struct NewLead {
    pub phone: PhoneNumber,
    pub name: String,
    /// An IANA name; `None`: the zones of the postal code, else of the number, else the organization's.
    pub time_zone: Option<String>,
    /// As it was given.
    pub postal_code: Option<String>,
    pub external_id: Option<String>,
    /// An object of texts, which the agent can use in the call.
    pub variables: Value,
}

/// What became of leads that came in. The rest were known already, in every field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeadCounts {
    pub created: u64,
    pub updated: u64,
}

// All parts of the statement see the rows as they were before it, so `known` holds what a lead was. Taken in the order
// of phones, so that two imports of the same people wait for each other instead of in a circle.
sql!(
    UPSERT_MANY,
    "with given as (
         select *
         from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[])
             as g (id, phone, name, time_zone, postal_code, external_id, variables)
     ), known as (
         select l.phone, l.name, l.time_zone, l.postal_code, l.external_id, l.variables
         from given g
         join leads l on l.organization_id = $1 and l.phone = g.phone
     ), written as (
         insert into leads as l (organization_id, id, phone, name, time_zone, postal_code, external_id, variables,
                                 lead_import_id, created_at, updated_at)
         select $1, g.id, g.phone, g.name, g.time_zone, g.postal_code, g.external_id, g.variables, $2, $10, $10
         from given g
         order by g.phone
         on conflict (organization_id, phone) do update
         set name = coalesce(nullif(excluded.name, ''), l.name),
             time_zone = coalesce(excluded.time_zone, l.time_zone),
             postal_code = coalesce(excluded.postal_code, l.postal_code),
             external_id = coalesce(excluded.external_id, l.external_id),
             variables = l.variables || excluded.variables,
             lead_import_id = coalesce(excluded.lead_import_id, l.lead_import_id),
             updated_at = excluded.updated_at
         returning phone, name, time_zone, postal_code, external_id, variables
     )
     select count(*) filter (where k.phone is null),
            count(*) filter (
                where k.phone is not null
                  and (w.name, w.time_zone, w.postal_code, w.external_id, w.variables)
                      is distinct from (k.name, k.time_zone, k.postal_code, k.external_id, k.variables)
            )
     from written w
     left join known k on k.phone = w.phone"
);

/// Takes in leads with different phones, at most [`LEADS_PER_STATEMENT_MAX`]: a phone that is known is that same lead,
/// with what is new about it; variables are merged. A lead belongs to the import in which it came last.
pub async fn upsert_many(
    tx: &TenantTx,
    import: Option<LeadImportId>,
    leads: &[NewLead],
    now: Timestamp,
) -> Result<LeadCounts> {
    let ids: Vec<LeadId> = leads.iter().map(|_| LeadId::new()).collect();
    let phones: Vec<String> = leads.iter().map(|lead| lead.phone.to_string()).collect();
    let names: Vec<&str> = leads.iter().map(|lead| lead.name.as_str()).collect();
    let time_zones: Vec<Option<&str>> = leads.iter().map(|lead| lead.time_zone.as_deref()).collect();
    let postal_codes: Vec<Option<&str>> = leads.iter().map(|lead| lead.postal_code.as_deref()).collect();
    let external_ids: Vec<Option<&str>> = leads.iter().map(|lead| lead.external_id.as_deref()).collect();
    let variables: Vec<&Value> = leads.iter().map(|lead| &lead.variables).collect();
    // Planned for these very rows: without their number, what was known is found by trying each row with each.
    let counts = tx
        .search(
            UPSERT_MANY,
            &[
                &tx.organization,
                &import,
                &ids,
                &phones,
                &names,
                &time_zones,
                &postal_codes,
                &external_ids,
                &variables,
                &now,
            ],
        )
        .await?;
    let row = counts.first().ok_or(super::Error::NotFound)?;
    Ok(LeadCounts { created: super::columns::count(row, 0), updated: super::columns::count(row, 1) })
}
