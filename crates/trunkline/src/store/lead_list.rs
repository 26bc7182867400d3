//! The list of leads: search, tabs and pages, for one organization or for all.

use super::keyset::{COUNTED_MAX, Count, Cursor, PAGE_ROWS_READ, Page, Place};
use super::search_words::SearchWords;
use super::statement::sql;
use super::{Reach, Result, columns};
use crate::domain::ids::LeadId;
use crate::domain::outcome::Outcome;
use crate::domain::text_enum::text_enum;
use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};

/// Which leads.
#[derive(Debug, Clone, Default)]
pub struct LeadFilter {
    /// Looked for within one organization only.
    pub words: Option<SearchWords>,
    /// `None`: all of them.
    pub group: Option<LeadGroup>,
}

text_enum! {
    /// Leads by what became of them; a lead may be in several groups.
    pub enum LeadGroup ("group of leads") {
        ToCall = "to_call",
        Reached = "reached",
        /// Given up, not reached in any campaign, and in none that will still call.
        NotReached = "not_reached",
        DoNotCall = "do_not_call",
    }
}

text_enum! {
    /// How a lead stands over all its campaigns: the first of these that is true.
    pub enum LeadStanding ("standing of a lead") {
        DoNotCall = "do_not_call",
        OnTheLine = "on_the_line",
        ToCall = "to_call",
        Reached = "reached",
        Exhausted = "exhausted",
        Idle = "idle",
    }
}

/// A lead as a list shows it.
#[derive(Debug, Clone)]
pub struct ListedLead {
    pub id: LeadId,
    pub name: String,
    pub phone: String,
    /// As given with the lead; IANA name.
    pub time_zone: Option<String>,
    pub postal_code: Option<String>,
    pub created_at: Timestamp,
    /// Slug, name and time zone.
    pub organization: (String, String, String),
    pub standing: LeadStanding,
    pub calls: u64,
    /// The latest call that ended.
    pub last_call: Option<(Outcome, Timestamp)>,
    /// The next attempt of a running campaign.
    pub next_attempt_at: Option<Timestamp>,
}

sql!(
    OLDER,
    "select l.id, l.name, l.phone, l.time_zone, l.created_at, o.slug, o.name, o.time_zone,
            lead_standing(l.organization_id, l.id, l.phone), k.calls, k.outcome, k.placed_at, n.due_at, l.postal_code
     from (
         select * from leads_matching($1, $2, $3, $4, $5, $6, $7) f
         where $8::timestamptz is null or (f.created_at, f.id) < ($8, $9::uuid)
         order by f.created_at desc, f.id desc
         limit $10
     ) l
     join organizations o on o.id = l.organization_id
     cross join lateral lead_calls(l.organization_id, l.id) k
     cross join lateral next_attempt(l.organization_id, l.id) n
     order by l.created_at desc, l.id desc"
);
sql!(
    NEWER,
    "select l.id, l.name, l.phone, l.time_zone, l.created_at, o.slug, o.name, o.time_zone,
            lead_standing(l.organization_id, l.id, l.phone), k.calls, k.outcome, k.placed_at, n.due_at, l.postal_code
     from (
         select * from leads_matching($1, $2, $3, $4, $5, $6, $7) f
         where (f.created_at, f.id) > ($8::timestamptz, $9::uuid)
         order by f.created_at, f.id
         limit $10
     ) l
     join organizations o on o.id = l.organization_id
     cross join lateral lead_calls(l.organization_id, l.id) k
     cross join lateral next_attempt(l.organization_id, l.id) n
     order by l.created_at, l.id"
);
sql!(
    COUNT,
    "select count(*)
     from (select from leads_matching($1, $2, $3, $4, $5, $6, $7) limit $8) l"
);
sql!(HAS_ANY, "select exists (select from leads where $1::uuid is null or organization_id = $1)");
sql!(
    ONE,
    "select l.id, l.name, l.phone, l.time_zone, l.created_at, o.slug, o.name, o.time_zone,
            lead_standing(l.organization_id, l.id, l.phone), k.calls, k.outcome, k.placed_at, n.due_at, l.postal_code
     from leads l
     join organizations o on o.id = l.organization_id
     cross join lateral lead_calls(l.organization_id, l.id) k
     cross join lateral next_attempt(l.organization_id, l.id) n
     where l.organization_id = $1 and l.id = $2"
);

/// A page, newest first.
pub async fn page(reach: Reach<'_>, filter: &LeadFilter, cursor: Cursor) -> Result<Page<ListedLead>> {
    let (statement, place) = match cursor {
        Cursor::First => (OLDER, None),
        Cursor::OlderThan(place) => (OLDER, Some(place)),
        Cursor::NewerThan(place) => (NEWER, Some(place)),
    };
    let (at, id) = (place.map(|place| place.at), place.map(|place| place.id));
    let rows = ask(reach, filter, statement, &[&at, &id, &PAGE_ROWS_READ]).await?;
    let leads = rows.iter().map(listed).collect::<Result<Vec<_>>>()?;
    Ok(Page::of(cursor, leads, |lead| Place { at: lead.created_at, id: lead.id.0 }))
}

pub async fn count(reach: Reach<'_>, filter: &LeadFilter) -> Result<Count> {
    let rows = ask(reach, filter, COUNT, &[&(COUNTED_MAX + 1)]).await?;
    Ok(Count::bounded(rows.first().map_or(0, |row| columns::count(row, 0))))
}

/// Whether there was ever a lead.
pub async fn has_any(reach: Reach<'_>) -> Result<bool> {
    Ok(reach.tx().one(HAS_ANY, &[&reach.organization()]).await?.get(0))
}

/// One lead as the list shows it.
pub async fn one(tx: &super::TenantTx, id: LeadId) -> Result<ListedLead> {
    listed(&tx.one(ONE, &[&tx.organization, &id]).await?)
}

async fn ask(
    reach: Reach<'_>,
    filter: &LeadFilter,
    statement: &'static str,
    more: &[&(dyn ToSql + Sync)],
) -> Result<Vec<Row>> {
    let organization = reach.organization();
    let words = filter.words.as_ref().filter(|_| organization.is_some());
    let (name, phone) = (words.and_then(|words| words.name.as_ref()), words.and_then(|words| words.phone.as_ref()));
    let is = |group| filter.group == Some(group);
    let matching: [&(dyn ToSql + Sync); 7] = [
        &organization,
        &name,
        &phone,
        &is(LeadGroup::ToCall),
        &is(LeadGroup::Reached),
        &is(LeadGroup::NotReached),
        &is(LeadGroup::DoNotCall),
    ];
    reach.tx().search(statement, &[&matching, more].concat()).await
}

fn listed(row: &Row) -> Result<ListedLead> {
    Ok(ListedLead {
        id: row.get(0),
        name: row.get(1),
        phone: row.get(2),
        time_zone: row.get(3),
        postal_code: row.get(13),
        created_at: row.get(4),
        organization: (row.get(5), row.get(6), row.get(7)),
        standing: columns::text(row, 8)?,
        calls: columns::count(row, 9),
        last_call: columns::text_or_none(row, 10)?.zip(row.get(11)),
        next_attempt_at: row.get(12),
    })
}
