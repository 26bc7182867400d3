//! What comes of attempts, written for many at once: of one organization, or of all whose locks a transaction holds.
//!
//! Every change happens under the organization's lock (`organization_turns::lock`). The caller decides; these functions
//! write one thing each, in one statement for all.

use super::attempts::Attempt;
use super::statement::sql;
use super::{Bound, Result, TenantTx};
use crate::domain::ids::{AttemptId, CampaignId, EnrollmentId, LeadId, LinePoolId, OrganizationId};
use crate::domain::outcome::Outcome;
use crate::domain::protocol::Standing;
use crate::domain::status::Disposition;
use jiff::Timestamp;
use std::collections::HashMap;
use tokio_postgres::types::ToSql;

// The protocol's own columns, as `protocol::step` has them. The time of the send is the send's alone.
sql!(
    WRITE,
    "update attempts a
     set state = r.state, provider_call_id = r.provider_call_id, look_at = r.look_at, looks = r.looks,
         looked_at = r.looked_at, settled_at = r.settled_at, outcome = r.outcome, because = r.because,
         never_dialed = r.never_dialed, dropped_at = r.dropped_at,
         accepted_at = case when r.state in ('accepted', 'accepted_late') then coalesce(a.accepted_at, $12)
                            else a.accepted_at end
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::int[], $7::timestamptz[],
                 $8::timestamptz[], $9::text[], $10::text[], $11::bool[], $13::timestamptz[])
         as r (organization_id, id, state, provider_call_id, look_at, looks, looked_at, settled_at, outcome, because,
               never_dialed, dropped_at)
     where a.organization_id = r.organization_id and a.id = r.id"
);
sql!(
    FREE_LINES,
    "update organization_dispatch d
     set lines_in_use = d.lines_in_use - r.lines, next_at = least(d.next_at, $2)
     from (select id, count(*)::int as lines from unnest($1::uuid[]) as u (id) group by id) r
     where d.organization_id = r.id"
);
// In the order of their ids: whoever locks several pools does so.
sql!(LOCK_POOLS, "select id from line_pools where id = any ($1) order by id for no key update");
// A line that was promised to an organization is owed to it again.
sql!(
    FREE_POOL_LINES,
    "with r as (
         select organization_id, id, count(*)::int as lines
         from unnest($1::uuid[], $2::uuid[]) as u (organization_id, id)
         group by organization_id, id
     ), mine as (
         update line_guarantees g
         set lines_in_use = greatest(0, g.lines_in_use - r.lines)
         from r
         join line_guarantees before on before.organization_id = r.organization_id and before.line_pool_id = r.id
         where g.organization_id = r.organization_id and g.line_pool_id = r.id
         returning g.line_pool_id as id,
                   greatest(0, g.lines_min - g.lines_in_use) - greatest(0, before.lines_min - before.lines_in_use) as owed
     )
     update line_pools p
     set lines_in_use = greatest(0, p.lines_in_use - t.lines), lines_owed = p.lines_owed + coalesce(m.owed, 0)
     from (select id, sum(lines)::int as lines from r group by id) t
     left join (select id, sum(owed)::int as owed from mine group by id) m on m.id = t.id
     where p.id = t.id"
);
sql!(
    SCHEDULE,
    "insert into attempts (organization_id, id, enrollment_id, campaign_id, lead_id, phone, state, due_at,
                           deferred_because, created_at)
     select r.organization_id, r.id, r.enrollment_id, r.campaign_id, r.lead_id, r.phone, 'scheduled', r.due_at, r.because, $9
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[], $8::text[])
         as r (organization_id, id, enrollment_id, campaign_id, lead_id, phone, due_at, because)"
);
sql!(
    RETURN_TO_QUEUE,
    "update enrollments e
     set status = 'queued', attempts_made = r.made, because = r.because
     from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[]) as r (organization_id, id, made, because)
     where e.organization_id = r.organization_id and e.id = r.id and e.status <> 'done'"
);
sql!(
    WAKE,
    "update organization_dispatch d
     set next_at = least(d.next_at, r.due_at)
     from (
         select id, min(due_at) as due_at from unnest($1::uuid[], $2::timestamptz[]) as u (id, due_at) group by id
     ) r
     where d.organization_id = r.id"
);
sql!(
    FINISH_ENROLLMENTS,
    "update enrollments e
     set status = 'done', disposition = r.disposition, because = r.because, attempts_made = r.made, done_at = $6
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[])
         as r (organization_id, id, disposition, because, made)
     where e.organization_id = r.organization_id and e.id = r.id and e.status <> 'done'"
);
sql!(
    COMPLETE_CAMPAIGNS,
    "update campaigns c
     set status = 'completed', finished_at = $3, status_since = $3, status_by = null
     from unnest($1::uuid[], $2::uuid[]) as r (organization_id, id)
     where c.organization_id = r.organization_id and c.id = r.id and c.status = 'running'
       and not exists (
           select from enrollments e
           where e.organization_id = r.organization_id and e.campaign_id = r.id and e.done_at is null
       )"
);
sql!(
    COUNT_OF_OUTCOMES,
    "select (
         select count(*) from attempts a
         where a.organization_id = r.organization_id and a.enrollment_id = r.enrollment_id and a.outcome = r.outcome
     )
     from unnest($1::uuid[], $2::uuid[], $3::text[]) with ordinality as r (organization_id, enrollment_id, outcome, place)
     order by r.place"
);

/// Writes where attempts stand from now on.
pub async fn write(tx: &impl Bound, attempts: &[(&Attempt, &Standing)], now: Timestamp) -> Result<()> {
    let organizations: Vec<OrganizationId> = attempts.iter().map(|(attempt, _)| attempt.organization).collect();
    let ids: Vec<AttemptId> = attempts.iter().map(|(attempt, _)| attempt.id).collect();
    let states: Vec<&str> = attempts.iter().map(|(_, standing)| standing.state.as_str()).collect();
    let calls: Vec<Option<&str>> = attempts.iter().map(|(_, standing)| standing.provider_call_id.as_deref()).collect();
    let look_at: Vec<Option<Timestamp>> = attempts.iter().map(|(_, standing)| standing.look_at).collect();
    let looks: Vec<i32> = attempts.iter().map(|(_, standing)| standing.looks).collect();
    let looked_at: Vec<Option<Timestamp>> = attempts.iter().map(|(_, standing)| standing.looked_at).collect();
    let settled_at: Vec<Option<Timestamp>> = attempts.iter().map(|(_, standing)| standing.settled_at).collect();
    let outcomes: Vec<Option<&str>> =
        attempts.iter().map(|(_, standing)| standing.outcome.map(Outcome::as_str)).collect();
    let because: Vec<Option<&str>> = attempts.iter().map(|(_, standing)| standing.because.as_deref()).collect();
    let never_dialed: Vec<bool> = attempts.iter().map(|(_, standing)| standing.never_dialed).collect();
    let dropped_at: Vec<Option<Timestamp>> = attempts.iter().map(|(_, standing)| standing.dropped_at).collect();
    let params: [&(dyn ToSql + Sync); 13] = [
        &organizations,
        &ids,
        &states,
        &calls,
        &look_at,
        &looks,
        &looked_at,
        &settled_at,
        &outcomes,
        &because,
        &never_dialed,
        &now,
        &dropped_at,
    ];
    tx.run(WRITE, &params).await?;
    Ok(())
}

/// Gives back the lines of organizations and of pools, once calls are proven over or never were. Whoever waits for such a
/// line has its turn.
pub async fn free_lines(tx: &impl Bound, attempts: &[&Attempt], now: Timestamp) -> Result<()> {
    if attempts.is_empty() {
        return Ok(());
    }
    let organizations: Vec<OrganizationId> = attempts.iter().map(|attempt| attempt.organization).collect();
    tx.run(FREE_LINES, &[&organizations, &now]).await?;
    let lines = attempts.iter().filter_map(|attempt| Some((attempt.organization, attempt.pool?)));
    let (organizations, pools): (Vec<OrganizationId>, Vec<LinePoolId>) = lines.unzip();
    if pools.is_empty() {
        return Ok(());
    }
    tx.all(LOCK_POOLS, &[&pools]).await?;
    tx.run(FREE_POOL_LINES, &[&organizations, &pools]).await?;
    Ok(())
}

/// A further try of an enrollment.
#[derive(Debug)]
pub struct NextTry<'a> {
    pub attempt: &'a Attempt,
    /// Rings so far.
    pub made: i32,
    pub due_at: Timestamp,
    pub because: Option<&'a str>,
}

/// Plans the next tries and returns the enrollments to the queue.
pub async fn plan_next(tx: &impl Bound, tries: &[NextTry<'_>], now: Timestamp) -> Result<()> {
    if tries.is_empty() {
        return Ok(());
    }
    let organizations: Vec<OrganizationId> = tries.iter().map(|next| next.attempt.organization).collect();
    let enrollments: Vec<EnrollmentId> = tries.iter().map(|next| next.attempt.enrollment).collect();
    let made: Vec<i32> = tries.iter().map(|next| next.made).collect();
    let because: Vec<Option<&str>> = tries.iter().map(|next| next.because).collect();
    let due_at: Vec<Timestamp> = tries.iter().map(|next| next.due_at).collect();
    let ids: Vec<AttemptId> = tries.iter().map(|_| AttemptId::new()).collect();
    let campaigns: Vec<CampaignId> = tries.iter().map(|next| next.attempt.campaign).collect();
    let leads: Vec<LeadId> = tries.iter().map(|next| next.attempt.lead).collect();
    let phones: Vec<&str> = tries.iter().map(|next| next.attempt.phone.as_str()).collect();
    let planned: [&(dyn ToSql + Sync); 9] =
        [&organizations, &ids, &enrollments, &campaigns, &leads, &phones, &due_at, &because, &now];
    tx.run(RETURN_TO_QUEUE, &[&organizations, &enrollments, &made, &because]).await?;
    tx.run(SCHEDULE, &planned).await?;
    tx.run(WAKE, &[&organizations, &due_at]).await?;
    Ok(())
}

/// The end of an enrollment.
#[derive(Debug)]
pub struct End<'a> {
    pub attempt: &'a Attempt,
    pub made: i32,
    pub disposition: Disposition,
    pub because: Option<&'a str>,
}

/// Ends enrollments, and campaigns with their last ones.
pub async fn finish(tx: &impl Bound, ends: &[End<'_>], now: Timestamp) -> Result<()> {
    if ends.is_empty() {
        return Ok(());
    }
    let organizations: Vec<OrganizationId> = ends.iter().map(|end| end.attempt.organization).collect();
    let enrollments: Vec<EnrollmentId> = ends.iter().map(|end| end.attempt.enrollment).collect();
    let dispositions: Vec<&str> = ends.iter().map(|end| end.disposition.as_str()).collect();
    let because: Vec<Option<&str>> = ends.iter().map(|end| end.because).collect();
    let made: Vec<i32> = ends.iter().map(|end| end.made).collect();
    tx.run(FINISH_ENROLLMENTS, &[&organizations, &enrollments, &dispositions, &because, &made, &now]).await?;
    let campaigns: HashMap<CampaignId, OrganizationId> =
        ends.iter().map(|end| (end.attempt.campaign, end.attempt.organization)).collect();
    let (campaigns, organizations): (Vec<CampaignId>, Vec<OrganizationId>) = campaigns.into_iter().unzip();
    complete_campaigns(tx, (&organizations, &campaigns), now).await
}

/// Completes the campaign if every enrollment of it is done.
pub async fn complete_campaign(tx: &TenantTx, campaign: CampaignId, now: Timestamp) -> Result<()> {
    complete_campaigns(tx, (&[tx.organization], &[campaign]), now).await
}

/// The same for campaigns, each beside its organization; one may be named more than once.
pub async fn complete_campaigns(
    tx: &impl Bound,
    (organizations, campaigns): (&[OrganizationId], &[CampaignId]),
    now: Timestamp,
) -> Result<()> {
    tx.run(COMPLETE_CAMPAIGNS, &[&organizations, &campaigns, &now]).await?;
    Ok(())
}

/// How many attempts of each enrollment ended so, in this order.
pub async fn count_of_outcomes(tx: &impl Bound, ended: &[(&Attempt, Outcome)]) -> Result<Vec<i64>> {
    if ended.is_empty() {
        return Ok(Vec::new());
    }
    let organizations: Vec<OrganizationId> = ended.iter().map(|(attempt, _)| attempt.organization).collect();
    let enrollments: Vec<EnrollmentId> = ended.iter().map(|(attempt, _)| attempt.enrollment).collect();
    let outcomes: Vec<&str> = ended.iter().map(|(_, outcome)| outcome.as_str()).collect();
    let rows = tx.all(COUNT_OF_OUTCOMES, &[&organizations, &enrollments, &outcomes]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
