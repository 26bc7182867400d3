//! Attempts after their claim: where each stands, what came of it, and the next try.
//!
//! Every change happens under the organization's lock (`organization_turns::lock`), the send itself excepted
//! (`attempt_sends`). The caller decides; these functions write one thing each.

use super::statement::sql;
use super::{Result, TenantTx, columns};
use crate::domain::ids::{
    AgentId, AttemptId, CampaignId, EnrollmentId, LeadId, LinePoolId, PhoneNumberId, ProviderAccountId,
};
use crate::domain::outcome::Outcome;
use crate::domain::protocol::Standing;
use crate::domain::status::Disposition;
use jiff::{Timestamp, civil::Date};

/// An attempt with its enrollment, locked.
#[derive(Debug, Clone)]
pub struct Attempt {
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
            e.call_back_at, a.dropped_at
     from attempts a
     join enrollments e on e.organization_id = a.organization_id and e.id = a.enrollment_id
     join campaigns c on c.organization_id = a.organization_id and c.id = a.campaign_id
     left join provider_accounts p on p.id = a.provider_account_id
     where a.organization_id = $1 and a.id = $2
     for update of a, e"
);
// The protocol's own columns, as `protocol::step` has them.
sql!(
    WRITE,
    "update attempts
     set state = $3, provider_call_id = $4, look_at = $5, looks = $6, looked_at = $7, settled_at = $8, outcome = $9,
         because = $10, never_dialed = $11, dropped_at = $13,
         accepted_at = case when $3 in ('accepted', 'accepted_late') then coalesce(accepted_at, $12) else accepted_at end
     where organization_id = $1 and id = $2"
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
// A line that was promised to the organization is owed to it again.
sql!(
    FREE_POOL_LINE,
    "with mine as (
         update line_guarantees
         set lines_in_use = lines_in_use - 1
         where organization_id = $2 and line_pool_id = $1 and lines_in_use > 0
         returning lines_in_use < lines_min as is_owed
     )
     update line_pools
     set lines_in_use = lines_in_use - 1, lines_owed = lines_owed + (select count(*) from mine where is_owed)
     where id = $1 and lines_in_use > 0"
);
sql!(
    SCHEDULE,
    "insert into attempts (organization_id, id, enrollment_id, campaign_id, lead_id, phone, state, due_at,
                           deferred_because, created_at)
     values ($1, $2, $3, $4, $5, $6, 'scheduled', $7, $8, $9)"
);
sql!(
    RETURN_TO_QUEUE,
    "update enrollments
     set status = 'queued', attempts_made = $3, because = $4
     where organization_id = $1 and id = $2 and status <> 'done'"
);
sql!(
    FINISH_ENROLLMENT,
    "update enrollments
     set status = 'done', disposition = $3, because = $4, attempts_made = $5, done_at = $6
     where organization_id = $1 and id = $2 and status <> 'done'"
);
sql!(
    COMPLETE_CAMPAIGN,
    "update campaigns c
     set status = 'completed', finished_at = $3, status_since = $3, status_by = null
     where c.organization_id = $1 and c.id = $2 and c.status = 'running'
       and not exists (
           select from enrollments e
           where e.organization_id = c.organization_id and e.campaign_id = c.id and e.status <> 'done'
       )"
);
sql!(COUNT_FURTHER, "update attempts set further_rings = further_rings + 1 where organization_id = $1 and id = $2");
sql!(
    ZONES,
    "select l.time_zone, l.postal_code, o.time_zone from leads l
     join organizations o on o.id = l.organization_id
     where l.organization_id = $1 and l.id = $2"
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
sql!(
    COUNT_OF_OUTCOME,
    "select count(*) from attempts
     where organization_id = $1 and enrollment_id = $2 and outcome = $3"
);

/// The attempt, locked together with its enrollment.
pub async fn lock(tx: &TenantTx, id: AttemptId) -> Result<Attempt> {
    let row = tx.one(LOCK, &[&tx.organization, &id]).await?;
    Ok(Attempt {
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
            state: columns::text(&row, 14)?,
            sending_at: row.get(15),
            provider_call_id: row.get(16),
            look_at: row.get(17),
            looks: row.get(18),
            looked_at: row.get(19),
            settled_at: row.get(20),
            outcome: columns::text_or_none(&row, 21)?,
            because: row.get(22),
            never_dialed: row.get(23),
            dropped_at: row.get(25),
        },
    })
}

/// Writes where the attempt stands from now on.
pub async fn write(tx: &TenantTx, id: AttemptId, standing: &Standing, now: Timestamp) -> Result<()> {
    // The time of the send is the send's alone.
    let Standing { state, sending_at: _, provider_call_id, look_at, looks, looked_at, .. } = standing;
    let Standing { settled_at, outcome, because, never_dialed, dropped_at, .. } = standing;
    tx.run(
        WRITE,
        &[
            &tx.organization,
            &id,
            &state.as_str(),
            provider_call_id,
            look_at,
            looks,
            looked_at,
            settled_at,
            &outcome.map(Outcome::as_str),
            because,
            never_dialed,
            &now,
            dropped_at,
        ],
    )
    .await?;
    Ok(())
}

/// Takes the counted call, and its money, back from lead, number and organization: there is proof that no phone rang.
pub async fn give_back_units(tx: &TenantTx, attempt: &Attempt) -> Result<()> {
    change_units(tx, attempt, -1).await?;
    super::attempt_money::give_back(tx, attempt.id).await
}

/// Counts a call again that was given back: it exists after all.
pub async fn take_units_again(tx: &TenantTx, attempt: &Attempt) -> Result<()> {
    change_units(tx, attempt, 1).await
}

/// Counts one more ring of the attempt, beside its own.
pub async fn take_another_unit(tx: &TenantTx, attempt: &Attempt) -> Result<()> {
    tx.run(COUNT_FURTHER, &[&tx.organization, &attempt.id]).await?;
    change_units(tx, attempt, 1).await
}

pub async fn zones(tx: &TenantTx, lead: LeadId) -> Result<Zones> {
    let row = tx.one(ZONES, &[&tx.organization, &lead]).await?;
    Ok(Zones { given: row.get(0), postal_code: row.get(1), organization: row.get(2) })
}

async fn change_units(tx: &TenantTx, attempt: &Attempt, by: i32) -> Result<()> {
    let organization = &tx.organization;
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

/// Gives back the line of the organization and of the pool, once the call is proven over or never was.
pub async fn free_lines(tx: &TenantTx, attempt: &Attempt, now: Timestamp) -> Result<()> {
    super::organization_turns::free_line(tx, now).await?;
    if let Some(pool) = attempt.pool {
        tx.run(FREE_POOL_LINE, &[&pool, &tx.organization]).await?;
    }
    Ok(())
}

/// Replaces the outcome of an attempt whose call has ended.
pub async fn correct_outcome(tx: &TenantTx, id: AttemptId, outcome: &str) -> Result<()> {
    tx.run(CORRECT_OUTCOME, &[&tx.organization, &id, &outcome]).await?;
    Ok(())
}

/// Withdraws the enrollment's next try; false if none is planned, or it is under way already.
pub async fn withdraw_planned(tx: &TenantTx, enrollment: EnrollmentId, because: &str, now: Timestamp) -> Result<bool> {
    Ok(tx.run(WITHDRAW_PLANNED, &[&tx.organization, &enrollment, &because, &now]).await? == 1)
}

/// How many attempts of the enrollment ended so.
pub async fn count_of_outcome(tx: &TenantTx, enrollment: EnrollmentId, outcome: &str) -> Result<i64> {
    Ok(tx.one(COUNT_OF_OUTCOME, &[&tx.organization, &enrollment, &outcome]).await?.get(0))
}

/// Plans the next try and returns the enrollment to the queue. `made` counts its rings so far.
pub async fn plan_next(
    tx: &TenantTx,
    attempt: &Attempt,
    made: i32,
    due_at: Timestamp,
    planned: (Option<&str>, Timestamp),
) -> Result<()> {
    let (because, now) = planned;
    tx.run(RETURN_TO_QUEUE, &[&tx.organization, &attempt.enrollment, &made, &because]).await?;
    tx.run(
        SCHEDULE,
        &[
            &tx.organization,
            &AttemptId::new(),
            &attempt.enrollment,
            &attempt.campaign,
            &attempt.lead,
            &attempt.phone,
            &due_at,
            &because,
            &now,
        ],
    )
    .await?;
    super::organization_turns::wake(tx, due_at).await
}

/// Ends the enrollment, and the campaign with its last one.
pub async fn finish(
    tx: &TenantTx,
    attempt: &Attempt,
    disposition: Disposition,
    because: Option<&str>,
    made: (i32, Timestamp),
) -> Result<()> {
    let (attempts_made, now) = made;
    tx.run(
        FINISH_ENROLLMENT,
        &[&tx.organization, &attempt.enrollment, &disposition.as_str(), &because, &attempts_made, &now],
    )
    .await?;
    complete_campaign(tx, attempt.campaign, now).await
}

/// Completes the campaign if every enrollment of it is done.
pub async fn complete_campaign(tx: &TenantTx, campaign: CampaignId, now: Timestamp) -> Result<()> {
    tx.run(COMPLETE_CAMPAIGN, &[&tx.organization, &campaign, &now]).await?;
    Ok(())
}
