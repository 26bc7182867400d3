//! Attempts after their claim: where each stands, and the units that it counts. What comes of them is written by
//! `settlements`.
//!
//! Every change happens under the organization's lock (`organization_turns::lock`), the send itself excepted
//! (`attempt_sends`). The caller decides; these functions write one thing each.

use super::statement::sql;
use super::{Bound, Error, Result, TenantTx, columns};
use crate::domain::ids::{
    AgentId, AttemptId, CampaignId, EnrollmentId, LeadId, LinePoolId, OrganizationId, PhoneNumberId, ProviderAccountId,
};
use crate::domain::protocol::Standing;
use jiff::{Timestamp, civil::Date};
use tokio_postgres::Row;

/// An attempt with its enrollment, locked.
#[derive(Debug, Clone)]
pub struct Attempt {
    pub organization: OrganizationId,
    pub id: AttemptId,
    pub enrollment: EnrollmentId,
    pub campaign: CampaignId,
    pub agent: AgentId,
    pub lead: LeadId,
    pub phone: String,
    pub standing: Standing,
    pub number: Option<PhoneNumberId>,
    pub account: Option<ProviderAccountId>,
    pub pool: Option<LinePoolId>,
    pub lead_day: Option<Date>,
    pub organization_day: Option<Date>,
    /// Rings that counted so far in this enrollment.
    pub attempts_made: i32,
    pub retry_plan: serde_json::Value,
    pub campaign_is_over: bool,
    /// When the lead asked to be called.
    pub call_back_at: Option<Timestamp>,
}

/// What tells a lead's zone besides its phone.
#[derive(Debug, Clone)]
pub struct Zones {
    /// IANA name, as it was given with the lead.
    pub given: Option<String>,
    pub postal_code: Option<String>,
    /// IANA name of the organization's.
    pub organization: String,
}

sql!(
    LOCK,
    "select a.id, a.enrollment_id, a.campaign_id, c.agent_id, a.lead_id, a.phone, a.phone_number_id,
            a.provider_account_id, p.line_pool_id, a.lead_day, a.organization_day, e.attempts_made, c.retry_plan,
            c.status in ('stopped', 'completed'), a.state, a.sending_at, a.provider_call_id, a.look_at, a.looks,
            a.looked_at, a.settled_at, a.outcome, a.because, a.never_dialed,
            e.call_back_at, a.organization_id, a.dropped_at
     from unnest($1::uuid[], $2::uuid[]) with ordinality as r (organization_id, id, place)
     join attempts a on a.organization_id = r.organization_id and a.id = r.id
     join enrollments e on e.organization_id = a.organization_id and e.id = a.enrollment_id
     join campaigns c on c.organization_id = a.organization_id and c.id = a.campaign_id
     left join provider_accounts p on p.id = a.provider_account_id
     order by r.place
     for update of a, e"
);
sql!(COUNT_FURTHER, "update attempts set further_rings = further_rings + 1 where organization_id = $1 and id = $2");
sql!(
    ZONES,
    "select l.time_zone, l.postal_code, o.time_zone from leads l
     join organizations o on o.id = l.organization_id
     where l.organization_id = $1 and l.id = $2"
);
// A call that came to light late may be one too many: it is counted all the same.
sql!(
    CHANGE_LEAD_DAY,
    "update lead_days set calls = calls + $4, calls_max = greatest(calls_max, calls + $4)
     where organization_id = $1 and phone = $2 and day = $3"
);
sql!(
    CHANGE_NUMBER_DAY,
    "update phone_number_days set calls = calls + $4, calls_max = greatest(calls_max, calls + $4)
     where organization_id = $1 and phone_number_id = $2 and day = $3"
);
// As long as the hour lasts in which it was claimed.
sql!(
    CHANGE_NUMBER_HOUR,
    "update phone_numbers n
     set hour_calls = greatest(0, n.hour_calls + $3)
     from attempts a
     where a.organization_id = $1 and a.id = $2 and n.organization_id = $1 and n.id = a.phone_number_id
       and n.hour_at = date_trunc('hour', a.reserved_at, 'UTC')"
);
sql!(
    CHANGE_ORGANIZATION_DAY,
    "update organization_days set calls = calls + $3, calls_max = greatest(calls_max, calls + $3)
     where organization_id = $1 and day = $2"
);
sql!(
    CORRECT_OUTCOME,
    "update attempts set outcome = $3
     where organization_id = $1 and id = $2 and state in ('ended', 'accepted_late')"
);
sql!(
    WITHDRAW_PLANNED,
    "update attempts set state = 'cancelled', because = $3, settled_at = $4
     where organization_id = $1 and enrollment_id = $2 and state = 'scheduled'"
);
/// The attempt, locked together with its enrollment.
pub async fn lock(tx: &TenantTx, id: AttemptId) -> Result<Attempt> {
    lock_all(tx, &[(tx.organization, id)]).await?.pop().ok_or(Error::NotFound)
}

/// The attempts in this order, those that exist.
pub async fn lock_all(tx: &impl Bound, ids: &[(OrganizationId, AttemptId)]) -> Result<Vec<Attempt>> {
    let (organizations, ids): (Vec<OrganizationId>, Vec<AttemptId>) = ids.iter().copied().unzip();
    tx.all(LOCK, &[&organizations, &ids]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Attempt> {
    Ok(Attempt {
        organization: row.get(25),
        id: row.get(0),
        enrollment: row.get(1),
        campaign: row.get(2),
        agent: row.get(3),
        lead: row.get(4),
        phone: row.get(5),
        number: row.get(6),
        account: row.get(7),
        pool: row.get(8),
        lead_day: row.get(9),
        organization_day: row.get(10),
        attempts_made: row.get(11),
        retry_plan: row.get(12),
        campaign_is_over: row.get(13),
        call_back_at: row.get(24),
        standing: Standing {
            state: columns::text(row, 14)?,
            sending_at: row.get(15),
            provider_call_id: row.get(16),
            look_at: row.get(17),
            looks: row.get(18),
            looked_at: row.get(19),
            settled_at: row.get(20),
            outcome: columns::text_or_none(row, 21)?,
            because: row.get(22),
            never_dialed: row.get(23),
            dropped_at: row.get(26),
        },
    })
}

/// Takes the counted call, and its money, back from lead, number and organization: there is proof that no phone rang.
pub async fn give_back_units(tx: &impl Bound, attempt: &Attempt) -> Result<()> {
    change_units(tx, attempt, -1).await?;
    super::attempt_money::give_back(tx, attempt.organization, attempt.id).await
}

/// Counts a call again that was given back: it exists after all.
pub async fn take_units_again(tx: &impl Bound, attempt: &Attempt) -> Result<()> {
    change_units(tx, attempt, 1).await
}

/// Counts one more ring of the attempt, beside its own.
pub async fn take_another_unit(tx: &impl Bound, attempt: &Attempt) -> Result<()> {
    tx.run(COUNT_FURTHER, &[&attempt.organization, &attempt.id]).await?;
    change_units(tx, attempt, 1).await
}

pub async fn zones(tx: &impl Bound, attempt: &Attempt) -> Result<Zones> {
    let row = tx.one(ZONES, &[&attempt.organization, &attempt.lead]).await?;
    Ok(Zones { given: row.get(0), postal_code: row.get(1), organization: row.get(2) })
}

async fn change_units(tx: &impl Bound, attempt: &Attempt, by: i32) -> Result<()> {
    let organization = &attempt.organization;
    if let Some(day) = attempt.lead_day {
        tx.run(CHANGE_LEAD_DAY, &[organization, &attempt.phone, &day, &by]).await?;
    }
    if let Some(day) = attempt.organization_day {
        tx.run(CHANGE_ORGANIZATION_DAY, &[organization, &day, &by]).await?;
        if let Some(number) = attempt.number {
            tx.run(CHANGE_NUMBER_DAY, &[organization, &number, &day, &by]).await?;
            tx.run(CHANGE_NUMBER_HOUR, &[organization, &attempt.id, &by]).await?;
        }
    }
    Ok(())
}

/// Replaces the outcome of an attempt whose call has ended.
pub async fn correct_outcome(tx: &impl Bound, attempt: &Attempt, outcome: &str) -> Result<()> {
    tx.run(CORRECT_OUTCOME, &[&attempt.organization, &attempt.id, &outcome]).await?;
    Ok(())
}

/// Withdraws the enrollment's next try; false if none is planned, or it is under way already.
pub async fn withdraw_planned(
    tx: &impl Bound,
    (organization, enrollment): (OrganizationId, EnrollmentId),
    because: &str,
    now: Timestamp,
) -> Result<bool> {
    Ok(tx.run(WITHDRAW_PLANNED, &[&organization, &enrollment, &because, &now]).await? == 1)
}
