//! What an explanation reads beside the facts of a claim: who or what is asked about, and what is planned for it.

use super::claims::Candidate;
use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::ids::{AttemptId, CampaignId, EnrollmentId, LeadId, PhoneNumberId};
use crate::domain::status::{AttemptState, CampaignStatus, Disposition};
use crate::domain::why::NumberStanding;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

/// Campaigns of one lead, of one number and of one organization that are looked at.
const CAMPAIGNS_MAX: i64 = 20;
/// Tries before another one are counted up to here.
const AHEAD_MAX: i64 = 10_000;

#[derive(Debug, Clone)]
pub struct Lead {
    pub id: LeadId,
    pub phone: String,
    pub name: String,
    pub time_zone: Option<String>,
    pub postal_code: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Campaign {
    pub id: CampaignId,
    pub name: String,
    pub status: CampaignStatus,
    pub status_reason: Option<String>,
    pub starts_at: Option<Timestamp>,
}

/// A lead's place in a campaign, with the try that is planned or open.
#[derive(Debug, Clone)]
pub struct Place {
    pub campaign: Campaign,
    pub enrollment: EnrollmentId,
    pub disposition: Option<Disposition>,
    pub because: Option<String>,
    pub attempt: Option<Attempt>,
}

#[derive(Debug, Clone)]
pub struct Attempt {
    pub id: AttemptId,
    pub state: AttemptState,
    pub due_at: Timestamp,
    pub deferred_because: Option<String>,
    pub call_back_at: Option<Timestamp>,
    /// Due tries of the campaign before it.
    pub ahead: u64,
}

/// A try that is planned, with its lead.
#[derive(Debug, Clone)]
pub struct Next {
    pub candidate: Candidate,
    pub name: String,
    pub due_at: Timestamp,
    pub deferred_because: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Number {
    pub id: PhoneNumberId,
    pub number: String,
    pub standing: NumberStanding,
    pub because: Option<String>,
    pub resting_until: Option<Timestamp>,
    /// It rests because people stopped answering it.
    pub is_unanswered: bool,
}

sql!(
    LEAD,
    "select id, phone, name, time_zone, postal_code from leads
     where organization_id = $1 and (id = $2 or phone = $3)
     limit 1"
);
sql!(
    CAMPAIGN,
    "select id, name, status, status_reason, starts_at from campaigns
     where organization_id = $1 and (id = $2 or lower(name) = lower($3))
     order by created_at desc
     limit 1"
);
sql!(
    RUNNING,
    "select id, name, status, status_reason, starts_at from campaigns
     where organization_id = $1 and status = 'running'
     order by priority, id
     limit $2"
);
sql!(
    OF_NUMBER,
    "select c.id, c.name, c.status, c.status_reason, c.starts_at
     from campaign_phone_numbers u
     join campaigns c on c.organization_id = u.organization_id and c.id = u.campaign_id
     where u.organization_id = $1 and u.phone_number_id = $2
     order by c.status <> 'running', c.priority, c.id
     limit $3"
);
sql!(
    NUMBER,
    "select n.id, n.number, n.status, n.status_reason, n.resting_until,
            n.status = 'resting' and coalesce(n.status_since = a.rested_at, false)
     from phone_numbers n
     left join phone_number_answers a on a.organization_id = n.organization_id and a.phone_number_id = n.id
     where n.organization_id = $1 and (n.id = $2 or n.number = $3)
     order by n.id
     limit 1"
);
sql!(
    PLACES,
    "select c.id, c.name, c.status, c.status_reason, c.starts_at, e.id, e.disposition, e.because,
            a.id, a.state, a.due_at, a.deferred_because,
            (select count(*) from (
                select from attempts t
                where t.organization_id = $1 and t.campaign_id = a.campaign_id and t.state = 'scheduled'
                  and (t.due_at, t.id) < (a.due_at, a.id)
                limit $4
            ) earlier), e.call_back_at
     from enrollments e
     join campaigns c on c.organization_id = e.organization_id and c.id = e.campaign_id
     left join attempts a on a.organization_id = e.organization_id and a.enrollment_id = e.id
         and a.state in ('scheduled', 'reserved', 'sending', 'unknown', 'accepted', 'held')
     where e.organization_id = $1 and e.lead_id = $2
     order by e.created_at desc, e.id desc
     limit $3"
);
sql!(
    NEXT,
    "select a.id, a.enrollment_id, a.campaign_id, a.lead_id, a.phone, l.time_zone, l.name, a.due_at, a.deferred_because,
            e.call_back_at, l.postal_code
     from (
         select * from attempts
         where organization_id = $1 and campaign_id = $2 and state = 'scheduled' and (due_at, id) > ($3, $4)
         order by due_at, id
         limit $5
     ) a
     join leads l on l.organization_id = $1 and l.id = a.lead_id
     join enrollments e on e.organization_id = $1 and e.id = a.enrollment_id
     order by a.due_at, a.id"
);
sql!(
    LEFT,
    "select (select count(*) from enrollments where organization_id = $1 and campaign_id = $2 and done_at is null),
            (select count(*) from attempts
             where organization_id = $1 and campaign_id = $2
               and state in ('reserved', 'sending', 'unknown', 'accepted', 'held'))"
);
sql!(
    BY_STATUS,
    "select count(*) filter (where status = 'paused'), count(*) filter (where status = 'scheduled'),
            count(*) filter (where status = 'draft')
     from campaigns
     where organization_id = $1"
);

/// The lead with this id or this phone, in E.164.
pub async fn lead(tx: &TenantTx, id: Option<LeadId>, phone: Option<&str>) -> Result<Lead> {
    let row = tx.one(LEAD, &[&tx.organization, &id, &phone]).await?;
    Ok(Lead { id: row.get(0), phone: row.get(1), name: row.get(2), time_zone: row.get(3), postal_code: row.get(4) })
}

/// The campaign with this id, or the latest with this name.
pub async fn campaign(tx: &TenantTx, id: Option<CampaignId>, name: Option<&str>) -> Result<Campaign> {
    read_campaign(&tx.one(CAMPAIGN, &[&tx.organization, &id, &name]).await?)
}

/// The first running campaigns in the order of their priorities.
pub async fn running(tx: &TenantTx) -> Result<Vec<Campaign>> {
    let rows = tx.all(RUNNING, &[&tx.organization, &CAMPAIGNS_MAX]).await?;
    rows.iter().map(read_campaign).collect()
}

/// Campaigns that call from a number, the running ones first.
pub async fn campaigns_of_number(tx: &TenantTx, number: PhoneNumberId) -> Result<Vec<Campaign>> {
    let rows = tx.all(OF_NUMBER, &[&tx.organization, &number, &CAMPAIGNS_MAX]).await?;
    rows.iter().map(read_campaign).collect()
}

/// The number with this id, or written like this in E.164.
pub async fn number(tx: &TenantTx, id: Option<PhoneNumberId>, number: Option<&str>) -> Result<Number> {
    let row = tx.one(NUMBER, &[&tx.organization, &id, &number]).await?;
    Ok(Number {
        id: row.get(0),
        number: row.get(1),
        standing: columns::text(&row, 2)?,
        because: row.get(3),
        resting_until: row.get(4),
        is_unanswered: row.get(5),
    })
}

/// A lead's places in campaigns, the latest first.
pub async fn places(tx: &TenantTx, lead: LeadId) -> Result<Vec<Place>> {
    let rows = tx.all(PLACES, &[&tx.organization, &lead, &CAMPAIGNS_MAX, &AHEAD_MAX]).await?;
    let read = |row: &Row| {
        let attempt = match row.get::<_, Option<AttemptId>>(8) {
            None => None,
            Some(id) => Some(Attempt {
                id,
                state: columns::text(row, 9)?,
                due_at: row.get(10),
                deferred_because: row.get(11),
                ahead: columns::count(row, 12),
                call_back_at: row.get(13),
            }),
        };
        Ok(Place {
            campaign: read_campaign(row)?,
            enrollment: row.get(5),
            disposition: columns::text_or_none(row, 6)?,
            because: row.get(7),
            attempt,
        })
    };
    rows.iter().map(read).collect()
}

/// Tries that are planned in a campaign, the earliest first, from the one after `after` on.
pub async fn next(tx: &TenantTx, campaign: CampaignId, after: Option<&Next>, count_max: i64) -> Result<Vec<Next>> {
    // Nothing was due before there were telephones with programs behind them.
    let (due_at, id) =
        after.map_or((Timestamp::UNIX_EPOCH, AttemptId(Uuid::nil())), |next| (next.due_at, next.candidate.id));
    let rows = tx.all(NEXT, &[&tx.organization, &campaign, &due_at, &id, &count_max]).await?;
    let read = |row: &Row| Next {
        candidate: Candidate {
            id: row.get(0),
            enrollment: row.get(1),
            campaign: row.get(2),
            lead: row.get(3),
            phone: row.get(4),
            time_zone: row.get(5),
            call_back_at: row.get(9),
            postal_code: row.get(10),
        },
        name: row.get(6),
        due_at: row.get(7),
        deferred_because: row.get(8),
    };
    Ok(rows.iter().map(read).collect())
}

/// Leads that a campaign is not done with, and lines that it holds.
pub async fn left(tx: &TenantTx, campaign: CampaignId) -> Result<(u64, u64)> {
    let row = tx.one(LEFT, &[&tx.organization, &campaign]).await?;
    Ok((columns::count(&row, 0), columns::count(&row, 1)))
}

/// Campaigns that are paused, scheduled and in draft.
pub async fn by_status(tx: &TenantTx) -> Result<(u64, u64, u64)> {
    let row = tx.one(BY_STATUS, &[&tx.organization]).await?;
    Ok((columns::count(&row, 0), columns::count(&row, 1), columns::count(&row, 2)))
}

fn read_campaign(row: &Row) -> Result<Campaign> {
    Ok(Campaign {
        id: row.get(0),
        name: row.get(1),
        status: columns::text(row, 2)?,
        status_reason: row.get(3),
        starts_at: row.get(4),
    })
}
