//! The list of calls: filters, pages and the volume over time, for one organization or for all.

use super::keyset::{COUNTED_MAX, Count, Cursor, PAGE_ROWS_READ, Page, Place};
use super::search_words::SearchWords;
use super::statement::sql;
use super::{Reach, Result, TenantTx, columns};
use crate::domain::call_evidence::Direction;
use crate::domain::ids::{AgentId, CallId, CampaignId, LeadId};
use crate::domain::outcome::Outcome;
use crate::domain::status::CallStatus;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use tokio_postgres::{Row, types::ToSql};

/// Leads whose calls a search by name shows; the latest ones.
const LEADS_FOUND_MAX: i64 = 1_000;

/// Which calls; what is `None` rules nothing out.
#[derive(Debug, Clone, Default)]
pub struct CallFilter {
    pub words: Option<SearchWords>,
    pub outcome: Option<Outcome>,
    pub campaign: Option<CampaignId>,
    pub agent: Option<AgentId>,
    pub direction: Option<Direction>,
    /// Placed at this instant or later.
    pub placed_from: Option<Timestamp>,
    /// Lasted as long or longer, in milliseconds.
    pub ms_min: Option<i64>,
    /// Lasted less, in milliseconds.
    pub ms_below: Option<i64>,
}

/// A call as a list shows it.
#[derive(Debug, Clone)]
pub struct ListedCall {
    pub id: CallId,
    /// Slug and name; for the agency.
    pub organization: (String, String),
    pub lead: Option<(LeadId, String)>,
    pub phone: Option<String>,
    pub direction: Direction,
    pub status: CallStatus,
    pub outcome: Option<Outcome>,
    pub success: Option<String>,
    pub campaign: Option<(CampaignId, String)>,
    pub agent: Option<String>,
    pub placed_at: Timestamp,
    pub duration_ms: Option<i64>,
    /// US dollars; for the agency.
    pub cost: Option<Decimal>,
}

/// Calls placed in a stretch of time, by how they ended; those that go on are in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume {
    pub at: Timestamp,
    pub answered: u64,
    /// Voicemail, no answer, busy.
    pub not_reached: u64,
    /// Refused and failed.
    pub failed: u64,
}

sql!(
    OLDER,
    "select c.id, o.slug, o.name, c.lead_id, l.name, c.phone, c.direction, c.status, c.outcome, c.success, c.campaign_id,
            m.name, a.name, c.placed_at, c.duration_ms, c.cost
     from (
         select * from calls_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) f
         where $11::timestamptz is null or (f.placed_at, f.id) < ($11, $12::uuid)
         order by f.placed_at desc, f.id desc
         limit $13
     ) c
     join organizations o on o.id = c.organization_id
     left join leads l on l.organization_id = c.organization_id and l.id = c.lead_id
     left join campaigns m on m.organization_id = c.organization_id and m.id = c.campaign_id
     left join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     order by c.placed_at desc, c.id desc"
);
sql!(
    NEWER,
    "select c.id, o.slug, o.name, c.lead_id, l.name, c.phone, c.direction, c.status, c.outcome, c.success, c.campaign_id,
            m.name, a.name, c.placed_at, c.duration_ms, c.cost
     from (
         select * from calls_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) f
         where (f.placed_at, f.id) > ($11::timestamptz, $12::uuid)
         order by f.placed_at, f.id
         limit $13
     ) c
     join organizations o on o.id = c.organization_id
     left join leads l on l.organization_id = c.organization_id and l.id = c.lead_id
     left join campaigns m on m.organization_id = c.organization_id and m.id = c.campaign_id
     left join agents a on a.organization_id = c.organization_id and a.id = c.agent_id
     order by c.placed_at, c.id"
);
sql!(
    COUNT,
    "select count(*)
     from (select from calls_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) limit $11) c"
);
sql!(
    VOLUME,
    "select date_bin(make_interval(secs => $11), c.placed_at, timestamptz 'epoch') as began,
            count(*) filter (where c.outcome = 'answered'),
            count(*) filter (where c.outcome in ('voicemail', 'no_answer', 'busy')),
            count(*) filter (where c.outcome in ('refused', 'failed'))
     from calls_matching($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) c
     group by began
     order by began"
);
sql!(
    NAMED_LEADS,
    "select l.id from leads l
     where l.organization_id = $1 and l.name ilike $2
     order by l.created_at desc
     limit $3"
);
sql!(
    CAMPAIGN_NAMES,
    "select id, name from campaigns
     where organization_id = $1
     order by created_at desc, id desc
     limit $2"
);
sql!(HAS_ANY, "select exists (select from calls where $1::uuid is null or organization_id = $1)");

/// The parameters `$1` to `$10` of `calls_matching`.
pub struct Matching<'a> {
    reach: Reach<'a>,
    filter: &'a CallFilter,
    organization: Option<crate::domain::ids::OrganizationId>,
    outcome: Option<&'static str>,
    direction: Option<&'static str>,
    /// Of the names searched for; `None`: no name is.
    leads: Option<Vec<LeadId>>,
    phone: Option<&'a str>,
}

impl<'a> Matching<'a> {
    /// Looks up the leads that are searched for by name: words are looked for within one organization only, over all of
    /// them they are left alone.
    pub async fn new(reach: Reach<'a>, filter: &'a CallFilter) -> Result<Self> {
        let organization = reach.organization();
        let words = filter.words.as_ref().filter(|_| organization.is_some());
        let leads = match words.and_then(|words| words.name.as_ref()) {
            Some(name) => {
                let rows = reach.tx().search(NAMED_LEADS, &[&organization, name, &LEADS_FOUND_MAX]).await?;
                Some(rows.iter().map(|row| row.get(0)).collect())
            }
            None => None,
        };
        Ok(Self {
            reach,
            filter,
            organization,
            outcome: filter.outcome.map(Outcome::as_str),
            direction: filter.direction.map(Direction::as_str),
            leads,
            phone: words.and_then(|words| words.phone.as_deref()),
        })
    }

    /// A page, newest first.
    pub async fn page(&self, cursor: Cursor) -> Result<Page<ListedCall>> {
        let (statement, place) = match cursor {
            Cursor::First => (OLDER, None),
            Cursor::OlderThan(place) => (OLDER, Some(place)),
            Cursor::NewerThan(place) => (NEWER, Some(place)),
        };
        let (at, id) = (place.map(|place| place.at), place.map(|place| place.id));
        let rows = self.ask(statement, &[&at, &id, &PAGE_ROWS_READ]).await?;
        let calls = rows.iter().map(listed).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(cursor, calls, |call| Place { at: call.placed_at, id: call.id.0 }))
    }

    pub async fn count(&self) -> Result<Count> {
        let rows = self.ask(COUNT, &[&(COUNTED_MAX + 1)]).await?;
        Ok(Count::bounded(rows.first().map_or(0, |row| columns::count(row, 0))))
    }

    /// Calls in steps of `step`, oldest first; steps without a call are left out.
    pub async fn volume(&self, step: SignedDuration) -> Result<Vec<Volume>> {
        let rows = self.ask(VOLUME, &[&step.as_secs_f64()]).await?;
        let read = |row: &Row| Volume {
            at: row.get(0),
            answered: columns::count(row, 1),
            not_reached: columns::count(row, 2),
            failed: columns::count(row, 3),
        };
        Ok(rows.iter().map(read).collect())
    }

    async fn ask(&self, statement: &'static str, more: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>> {
        let CallFilter { campaign, agent, placed_from, ms_min, ms_below, .. } = self.filter;
        let matching: [&(dyn ToSql + Sync); 10] = [
            &self.organization,
            &self.outcome,
            campaign,
            agent,
            &self.direction,
            placed_from,
            ms_min,
            ms_below,
            &self.leads,
            &self.phone,
        ];
        self.reach.tx().search(statement, &[&matching, more].concat()).await
    }
}

/// Whether a call was ever made.
pub async fn has_any(reach: Reach<'_>) -> Result<bool> {
    Ok(reach.tx().one(HAS_ANY, &[&reach.organization()]).await?.get(0))
}

/// The latest campaigns, whose calls one may want to see.
pub async fn campaign_names(tx: &TenantTx, count_max: i64) -> Result<Vec<(CampaignId, String)>> {
    let rows = tx.all(CAMPAIGN_NAMES, &[&tx.organization, &count_max]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// From columns as [`OLDER`] names them, in its order.
pub(super) fn listed(row: &Row) -> Result<ListedCall> {
    Ok(ListedCall {
        id: row.get(0),
        organization: (row.get(1), row.get(2)),
        lead: row.get::<_, Option<LeadId>>(3).zip(row.get(4)),
        phone: row.get(5),
        direction: columns::text(row, 6)?,
        status: CallStatus::parse(row.get(7)),
        outcome: columns::text_or_none(row, 8)?,
        success: row.get(9),
        campaign: row.get::<_, Option<CampaignId>>(10).zip(row.get(11)),
        agent: row.get(12),
        placed_at: row.get(13),
        duration_ms: row.get(14),
        cost: row.get(15),
    })
}
