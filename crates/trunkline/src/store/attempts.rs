//! Attempts after their claim: the point of no return, what came of it, and the next try.
//!
//! Every change happens under the organization's lock (`organization_turns::lock`), the send itself excepted, which is
//! one compare-and-set. The caller decides; these functions write one thing each.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::{
    AgentId, AttemptId, CampaignId, EnrollmentId, LeadId, LinePoolId, PhoneNumberId, ProviderAccountId,
};
use crate::domain::status::{AttemptState, Disposition};
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
    pub state: AttemptState,
    pub number: Option<PhoneNumberId>,
    pub account: Option<ProviderAccountId>,
    pub pool: Option<LinePoolId>,
    pub lead_day: Option<Date>,
    pub organization_day: Option<Date>,
    pub sending_at: Option<Timestamp>,
    pub provider_call_id: Option<String>,
    pub looks: i32,
    pub looked_at: Option<Timestamp>,
    /// Its counted call was given back.
    pub never_dialed: bool,
    /// What came of it is written down, for its enrollment and its lines too.
    pub is_settled: bool,
    /// Rings that counted so far in this enrollment.
    pub attempts_made: i32,
    pub retry_plan: serde_json::Value,
    pub campaign_is_over: bool,
}

/// What a create-call request is made of.
#[derive(Debug, Clone)]
pub struct Payload {
    pub lead: LeadId,
    pub phone: String,
    pub lead_name: String,
    pub variables: serde_json::Value,
    pub account: ProviderAccountId,
    pub assistant_id: String,
    pub provider_number_id: String,
}

sql!(
    LOCK,
    "select a.id, a.enrollment_id, a.campaign_id, c.agent_id, a.lead_id, a.phone, a.state, a.phone_number_id,
            a.provider_account_id, p.line_pool_id, a.lead_day, a.organization_day, a.sending_at, a.provider_call_id,
            a.looks, a.looked_at, a.never_dialed, a.settled_at is not null, e.attempts_made, c.retry_plan,
            c.status in ('stopped', 'completed')
     from attempts a
     join enrollments e on e.organization_id = a.organization_id and e.id = a.enrollment_id
     join campaigns c on c.organization_id = a.organization_id and c.id = a.campaign_id
     left join provider_accounts p on p.id = a.provider_account_id
     where a.organization_id = $1 and a.id = $2
     for update of a, e"
);
sql!(
    PAYLOAD,
    "select l.id, a.phone, l.name, l.variables, a.provider_account_id, d.assistant_id, n.provider_number_id
     from attempts a
     join leads l on l.organization_id = a.organization_id and l.id = a.lead_id
     join campaigns c on c.organization_id = a.organization_id and c.id = a.campaign_id
     join agent_deployments d on d.organization_id = a.organization_id and d.agent_id = c.agent_id
                             and d.provider_account_id = a.provider_account_id
     join phone_numbers n on n.organization_id = a.organization_id and n.id = a.phone_number_id
     where a.organization_id = $1 and a.id = $2"
);
// A pause waits for this lock, so that nothing is sent after a pause that was answered, but for a send already decided.
sql!(
    HOLD_CAMPAIGN,
    "select c.id
     from campaigns c
     join attempts a on a.organization_id = c.organization_id and a.campaign_id = c.id
     where a.organization_id = $1 and a.id = $2
     for share of c"
);
// Invariant: the point of no return. One process's commit of this update lets it write one request, once
// (`an_attempt_is_sent_at_most_once`). Everything that may have changed since the claim is asked again.
sql!(
    SEND,
    "update attempts a
     set state = 'sending', sending_at = $4, look_at = $5
     where a.organization_id = $1 and a.id = $2 and a.state = 'reserved' and a.fence = $3
       and a.lease_until > $4 and a.send_before > $4
       and exists (
           select from campaigns c
           join organizations o on o.id = c.organization_id
           where c.organization_id = a.organization_id and c.id = a.campaign_id
             and c.status = 'running' and o.status = 'active'
       )
       and not exists (select from dnc_entries d where d.organization_id = a.organization_id and d.phone = a.phone)
       and not exists (select across.is_on_agency_dnc(array[a.phone]))"
);
sql!(
    CLOSE,
    "update attempts
     set state = $3, settled_at = $4, outcome = $5, because = $6, never_dialed = $7, look_at = null
     where organization_id = $1 and id = $2"
);
sql!(
    ACCEPT,
    "update attempts
     set state = $3, accepted_at = coalesce(accepted_at, $4), provider_call_id = $5, look_at = $6, never_dialed = false
     where organization_id = $1 and id = $2"
);
sql!(MARK_CONFLICT, "update attempts set state = 'conflict', because = $3 where organization_id = $1 and id = $2");
sql!(
    LOOK_LATER,
    "update attempts
     set state = $3, look_at = $4, looks = $5, looked_at = $6, because = $7
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
sql!(
    CHANGE_ORGANIZATION_DAY,
    "update organization_days set calls = calls + $3, calls_max = greatest(calls_max, calls + $3)
     where organization_id = $1 and day = $2"
);
sql!(
    FREE_POOL_LINE,
    "update line_pools set lines_in_use = lines_in_use - 1
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
        state: super::columns::text(&row, 6)?,
        number: row.get(7),
        account: row.get(8),
        pool: row.get(9),
        lead_day: row.get(10),
        organization_day: row.get(11),
        sending_at: row.get(12),
        provider_call_id: row.get(13),
        looks: row.get(14),
        looked_at: row.get(15),
        never_dialed: row.get(16),
        is_settled: row.get(17),
        attempts_made: row.get(18),
        retry_plan: row.get(19),
        campaign_is_over: row.get(20),
    })
}

/// What is to be sent; `None` when the agent is no longer deployed at the account.
pub async fn payload(tx: &TenantTx, id: AttemptId) -> Result<Option<Payload>> {
    let row = tx.one_or_none(PAYLOAD, &[&tx.organization, &id]).await?;
    Ok(row.map(|row| Payload {
        lead: row.get(0),
        phone: row.get(1),
        lead_name: row.get(2),
        variables: row.get(3),
        account: row.get(4),
        assistant_id: row.get(5),
        provider_number_id: row.get(6),
    }))
}

/// Passes the point of no return. False: somebody or something was faster, and nothing may be sent.
/// Counts only once the transaction's commit is acknowledged.
pub async fn send(
    tx: &TenantTx,
    fenced: super::reservations::Fenced,
    now: Timestamp,
    look_at: Timestamp,
) -> Result<bool> {
    tx.one_or_none(HOLD_CAMPAIGN, &[&tx.organization, &fenced.attempt]).await?;
    Ok(tx.run(SEND, &[&tx.organization, &fenced.attempt, &fenced.fence, &now, &look_at]).await? == 1)
}

/// How a closed attempt is remembered.
#[derive(Debug, Clone, Copy)]
pub struct Closing<'a> {
    pub state: AttemptState,
    pub outcome: Option<&'a str>,
    pub because: Option<&'a str>,
    pub never_dialed: bool,
}

pub async fn close(tx: &TenantTx, id: AttemptId, closing: Closing<'_>, now: Timestamp) -> Result<()> {
    let Closing { state, outcome, because, never_dialed } = closing;
    tx.run(CLOSE, &[&tx.organization, &id, &state.as_str(), &now, &outcome, &because, &never_dialed]).await?;
    Ok(())
}

/// Ties the attempt to the provider's call.
pub async fn accept(
    tx: &TenantTx,
    attempt: &mut Attempt,
    call: (&str, AttemptState),
    now: Timestamp,
    look_at: Option<Timestamp>,
) -> Result<()> {
    let (provider_call_id, state) = call;
    tx.run(ACCEPT, &[&tx.organization, &attempt.id, &state.as_str(), &now, &provider_call_id, &look_at]).await?;
    attempt.state = state;
    attempt.provider_call_id = Some(provider_call_id.to_owned());
    attempt.never_dialed = false;
    Ok(())
}

/// Notes that the provider has a second call of the attempt. Its own call goes on, and settles it as any other.
pub async fn mark_conflict(tx: &TenantTx, attempt: &mut Attempt, because: &str) -> Result<()> {
    tx.run(MARK_CONFLICT, &[&tx.organization, &attempt.id, &because]).await?;
    attempt.state = AttemptState::Conflict;
    Ok(())
}

/// When to ask the provider next, and what was learned so far.
#[derive(Debug, Clone, Copy)]
pub struct NextLook<'a> {
    pub state: AttemptState,
    pub at: Timestamp,
    pub looks: i32,
    pub looked_at: Option<Timestamp>,
    pub because: Option<&'a str>,
}

pub async fn look_later(tx: &TenantTx, id: AttemptId, next: NextLook<'_>) -> Result<()> {
    let NextLook { state, at, looks, looked_at, because } = next;
    tx.run(LOOK_LATER, &[&tx.organization, &id, &state.as_str(), &at, &looks, &looked_at, &because]).await?;
    Ok(())
}

/// Takes the counted call back from lead, number and organization: there is proof that no phone rang.
pub async fn give_back_units(tx: &TenantTx, attempt: &Attempt) -> Result<()> {
    change_units(tx, attempt, -1).await
}

/// Counts a call again that was given back: it exists after all.
pub async fn take_units_again(tx: &TenantTx, attempt: &Attempt) -> Result<()> {
    change_units(tx, attempt, 1).await
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
        }
    }
    Ok(())
}

/// Gives back the line of the organization and of the pool, once the call is proven over or never was.
pub async fn free_lines(tx: &TenantTx, attempt: &Attempt, now: Timestamp) -> Result<()> {
    super::organization_turns::free_line(tx, now).await?;
    if let Some(pool) = attempt.pool {
        tx.run(FREE_POOL_LINE, &[&pool]).await?;
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
