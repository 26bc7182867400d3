//! What a claim writes, for all organizations whose turns it has: attempts reserved, put off or excluded, and every counter
//! before a phone can ring.
//!
//! Invariant: a limit is counted here, in the transaction that reserves, and given back only on proof that no phone
//! rang (`a_call_that_never_dialed_gives_its_unit_back`, `an_unknown_call_stays_counted`).

use super::statement::sql;
use super::{Bound, Result, TurnsTx, settlements};
use crate::domain::ids::{
    AttemptId, CampaignId, EnrollmentId, LinePoolId, OrganizationId, PhoneNumberId, ProviderAccountId,
};
use crate::domain::money::Money;
use jiff::{Timestamp, civil::Date};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

/// One attempt that will be sent.
#[derive(Debug, Clone)]
pub struct Reservation {
    pub organization: OrganizationId,
    pub attempt: AttemptId,
    pub enrollment: EnrollmentId,
    pub campaign: CampaignId,
    pub phone: String,
    pub number: PhoneNumberId,
    pub account: ProviderAccountId,
    pub pool: LinePoolId,
    pub lead_day: Date,
    pub organization_day: Date,
    pub send_before: Timestamp,
    /// What the call is taken to cost; zero where no budget limits it.
    pub price: Money,
    /// The organization's limits, for the counters' own checks.
    pub calls_per_day_max: i32,
    pub calls_per_lead_and_day_max: i32,
}

#[derive(Debug, Clone)]
pub struct PutOff {
    pub organization: OrganizationId,
    pub attempt: AttemptId,
    pub until: Timestamp,
    pub because: &'static str,
}

#[derive(Debug, Clone)]
pub struct Excluded {
    pub organization: OrganizationId,
    pub attempt: AttemptId,
    pub enrollment: EnrollmentId,
    pub campaign: CampaignId,
    pub because: &'static str,
}

/// What all reservations of a claim share.
#[derive(Debug, Clone, Copy)]
pub struct ClaimTerms<'a> {
    pub now: Timestamp,
    pub lease_until: Timestamp,
    /// Those whose next request is the first after a rest (`domain::request_pace`).
    pub accounts_that_rested: &'a [ProviderAccountId],
}

/// A reserved attempt and the fence with which alone it can be sent.
#[derive(Debug, Clone, Copy)]
pub struct Fenced {
    pub attempt: AttemptId,
    pub fence: i64,
}

sql!(
    RESERVE,
    "update attempts a
     set state = 'reserved', phone_number_id = r.number, provider_account_id = r.account, lead_day = r.lead_day,
         send_before = r.send_before, organization_day = r.organization_day, reserved_at = $8, lease_until = $9,
         money_reserved = r.price, fence = nextval('attempt_fences'), deferred_because = null, decided_at = $8
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::date[], $7::timestamptz[], $10::bigint[])
         as r (organization_id, id, number, account, lead_day, organization_day, send_before, price)
     where a.organization_id = r.organization_id and a.id = r.id and a.state = 'scheduled'
     returning a.organization_id, a.id, a.fence"
);
sql!(
    ACTIVATE,
    "update enrollments e
     set status = 'active'
     from unnest($1::uuid[], $2::uuid[]) as r (organization_id, id)
     where e.organization_id = r.organization_id and e.id = r.id and e.status <> 'done'"
);
// A limit lowered below what was already called takes effect tomorrow: the maximum never falls below the count.
sql!(
    COUNT_LEADS,
    "insert into lead_days as d (organization_id, phone, day, calls, calls_max)
     select r.organization_id, r.phone, r.day, 1, r.calls_max
     from unnest($1::uuid[], $2::text[], $3::date[], $4::int[]) as r (organization_id, phone, day, calls_max)
     on conflict (organization_id, phone, day) do update
     set calls = d.calls + 1, calls_max = greatest(excluded.calls_max, d.calls)"
);
sql!(
    COUNT_NUMBERS,
    "insert into phone_number_days as d (organization_id, phone_number_id, day, calls, calls_max)
     select r.organization_id, n.id, r.day, r.calls, n.calls_per_day_max
     from (
         select organization_id, number, day, count(*)::int as calls
         from unnest($1::uuid[], $2::uuid[], $3::date[]) as u (organization_id, number, day)
         group by organization_id, number, day
     ) r
     cross join lateral (
         select id, calls_per_day_max from phone_numbers where organization_id = r.organization_id and id = r.number offset 0
     ) n
     on conflict (organization_id, phone_number_id, day) do update
     set calls = d.calls + excluded.calls, calls_max = greatest(excluded.calls_max, d.calls)"
);
sql!(
    PACE_NUMBERS,
    "update phone_numbers n
     set hour_calls = case when n.hour_at = $3 then n.hour_calls else 0 end + r.calls, hour_at = $3, last_call_at = $4
     from (
         select organization_id, number, count(*)::int as calls
         from unnest($1::uuid[], $2::uuid[]) as u (organization_id, number)
         group by organization_id, number
     ) r
     where n.organization_id = r.organization_id and n.id = r.number"
);
sql!(
    COUNT_ORGANIZATIONS,
    "insert into organization_days as d (organization_id, day, calls, calls_max, money_reserved)
     select organization_id, day, count(*)::int, max(calls_max), sum(price)::bigint
     from unnest($1::uuid[], $2::date[], $3::int[], $4::bigint[]) as u (organization_id, day, calls_max, price)
     group by organization_id, day
     on conflict (organization_id, day) do update
     set calls = d.calls + excluded.calls, calls_max = greatest(excluded.calls_max, d.calls),
         money_reserved = d.money_reserved + excluded.money_reserved"
);
sql!(
    RESERVE_MONEY,
    "insert into campaign_days as d (organization_id, campaign_id, day, money_reserved)
     select r.organization_id, r.campaign, r.day, sum(r.price)::bigint
     from unnest($1::uuid[], $2::uuid[], $3::date[], $4::bigint[]) as r (organization_id, campaign, day, price)
     where r.price > 0
     group by r.organization_id, r.campaign, r.day
     on conflict (organization_id, campaign_id, day) do update
     set money_reserved = d.money_reserved + excluded.money_reserved"
);
// What was promised to an organization and is taken up is owed no longer.
sql!(
    TAKE_LINES,
    "with r as (
         select organization_id, id, count(*)::int as lines
         from unnest($1::uuid[], $2::uuid[]) as u (organization_id, id)
         group by organization_id, id
     ), mine as (
         update line_guarantees g
         set lines_in_use = g.lines_in_use + r.lines
         from r
         where g.organization_id = r.organization_id and g.line_pool_id = r.id
         returning g.line_pool_id as id,
                   greatest(0, g.lines_min - g.lines_in_use + r.lines) - greatest(0, g.lines_min - g.lines_in_use) as paid
     )
     update line_pools p
     set lines_in_use = p.lines_in_use + t.lines, lines_owed = p.lines_owed - coalesce(m.paid, 0)
     from (select id, sum(lines)::int as lines from r group by id) t
     left join (select id, sum(paid)::int as paid from mine group by id) m on m.id = t.id
     where p.id = t.id"
);
sql!(
    SPEND_REQUESTS,
    "update provider_accounts a
     set minute_requests = case when a.minute_at = $2 then a.minute_requests else 0 end + r.requests, minute_at = $2,
         second_requests = case when a.second_at = $3 then a.second_requests else 0 end + r.requests, second_at = $3,
         busy_since = case when a.id = any ($4) then $2 else a.busy_since end
     from (select id, count(*)::int as requests from unnest($1::uuid[]) as u (id) group by id) r
     where a.id = r.id"
);
sql!(
    PUT_OFF,
    "update attempts a
     set due_at = r.until, deferred_because = r.because, decided_at = $5
     from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[]) as r (organization_id, id, until, because)
     where a.organization_id = r.organization_id and a.id = r.id and a.state = 'scheduled'"
);
sql!(
    EXCLUDE,
    "update attempts a
     set state = 'cancelled', because = r.because, decided_at = $4, settled_at = $4
     from unnest($1::uuid[], $2::uuid[], $3::text[]) as r (organization_id, id, because)
     where a.organization_id = r.organization_id and a.id = r.id and a.state = 'scheduled'"
);
sql!(
    EXCLUDE_ENROLLMENTS,
    "update enrollments e
     set status = 'done', disposition = 'excluded', because = r.because, done_at = $4
     from unnest($1::uuid[], $2::uuid[], $3::text[]) as r (organization_id, id, because)
     where e.organization_id = r.organization_id and e.id = r.id and e.status <> 'done'"
);
// The next due attempt of a running campaign: when an organization's turn is worth taking again.
sql!(
    NEXT_ATTEMPTS,
    "select o.id, min(a.due_at)
     from unnest($1::uuid[]) as o (id)
     cross join lateral (
         select id from campaigns where organization_id = o.id and status = 'running' and not id = any ($2) offset 0
     ) c
     cross join lateral (
         select t.due_at from attempts t
         where t.organization_id = o.id and t.campaign_id = c.id and t.state = 'scheduled'
         order by t.due_at, t.id
         limit 1
     ) a
     group by o.id"
);

/// Reserves and counts. The accounts and pools are locked by `dialing_lines::lock_accounts`.
pub async fn reserve(
    tx: &impl Bound,
    terms: &ClaimTerms<'_>,
    chosen: &[&Reservation],
) -> Result<Vec<(OrganizationId, Fenced)>> {
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let column = |f: fn(&Reservation) -> Uuid| chosen.iter().map(|one| f(one)).collect::<Vec<_>>();
    let (organizations, attempts) = (column(|r| r.organization.0), column(|r| r.attempt.0));
    let (numbers, accounts) = (column(|r| r.number.0), column(|r| r.account.0));
    let enrollments = column(|r| r.enrollment.0);
    let (lead_days, days) = days_of(chosen);
    let send_before: Vec<Timestamp> = chosen.iter().map(|r| r.send_before).collect();
    let prices: Vec<i64> = chosen.iter().map(|r| r.price.0).collect();
    let reserved: [&(dyn ToSql + Sync); 10] = [
        &organizations,
        &attempts,
        &numbers,
        &accounts,
        &lead_days,
        &days,
        &send_before,
        &terms.now,
        &terms.lease_until,
        &prices,
    ];
    let rows = tx.all(RESERVE, &reserved).await?;
    tx.run(ACTIVATE, &[&organizations, &enrollments]).await?;
    count(tx, chosen).await?;
    spend(tx, terms, chosen).await?;
    Ok(rows.iter().map(|row| (row.get(0), Fenced { attempt: row.get(1), fence: row.get(2) })).collect())
}

/// Leads' days and organizations' days.
fn days_of(chosen: &[&Reservation]) -> (Vec<Date>, Vec<Date>) {
    chosen.iter().map(|r| (r.lead_day, r.organization_day)).unzip()
}

/// What belongs to the organizations.
async fn count(tx: &impl Bound, chosen: &[&Reservation]) -> Result<()> {
    let organizations: Vec<OrganizationId> = chosen.iter().map(|r| r.organization).collect();
    let phones: Vec<&str> = chosen.iter().map(|r| r.phone.as_str()).collect();
    let (lead_days, days) = days_of(chosen);
    let lead_max: Vec<i32> = chosen.iter().map(|r| r.calls_per_lead_and_day_max).collect();
    let day_max: Vec<i32> = chosen.iter().map(|r| r.calls_per_day_max).collect();
    let numbers: Vec<PhoneNumberId> = chosen.iter().map(|r| r.number).collect();
    let campaigns: Vec<CampaignId> = chosen.iter().map(|r| r.campaign).collect();
    let prices: Vec<i64> = chosen.iter().map(|r| r.price.0).collect();
    let of_leads: [&(dyn ToSql + Sync); 4] = [&organizations, &phones, &lead_days, &lead_max];
    let of_numbers: [&(dyn ToSql + Sync); 3] = [&organizations, &numbers, &days];
    let of_organizations: [&(dyn ToSql + Sync); 4] = [&organizations, &days, &day_max, &prices];
    tokio::try_join!(
        tx.run(COUNT_LEADS, &of_leads),
        tx.run(COUNT_NUMBERS, &of_numbers),
        tx.run(COUNT_ORGANIZATIONS, &of_organizations),
    )?;
    if prices.iter().any(|price| *price > 0) {
        tx.run(RESERVE_MONEY, &[&organizations, &campaigns, &days, &prices]).await?;
    }
    Ok(())
}

/// What goes with the second in which it is claimed: the pace of numbers, and what organizations share.
async fn spend(tx: &impl Bound, terms: &ClaimTerms<'_>, chosen: &[&Reservation]) -> Result<()> {
    let organizations: Vec<OrganizationId> = chosen.iter().map(|r| r.organization).collect();
    let numbers: Vec<PhoneNumberId> = chosen.iter().map(|r| r.number).collect();
    let pools: Vec<LinePoolId> = chosen.iter().map(|r| r.pool).collect();
    let accounts: Vec<ProviderAccountId> = chosen.iter().map(|r| r.account).collect();
    let now = terms.now;
    let (hour, minute, second) = (hour_of(now), minute_of(now), second_of(now));
    let of_numbers: [&(dyn ToSql + Sync); 4] = [&organizations, &numbers, &hour, &now];
    let of_pools: [&(dyn ToSql + Sync); 2] = [&organizations, &pools];
    let of_accounts: [&(dyn ToSql + Sync); 4] = [&accounts, &minute, &second, &terms.accounts_that_rested];
    tokio::try_join!(
        tx.run(PACE_NUMBERS, &of_numbers),
        tx.run(TAKE_LINES, &of_pools),
        tx.run(SPEND_REQUESTS, &of_accounts),
    )?;
    Ok(())
}

pub async fn put_off(tx: &TurnsTx, put_off: &[&PutOff], now: Timestamp) -> Result<()> {
    if put_off.is_empty() {
        return Ok(());
    }
    let organizations: Vec<OrganizationId> = put_off.iter().map(|p| p.organization).collect();
    let ids: Vec<AttemptId> = put_off.iter().map(|p| p.attempt).collect();
    let until: Vec<Timestamp> = put_off.iter().map(|p| p.until).collect();
    let because: Vec<&str> = put_off.iter().map(|p| p.because).collect();
    tx.run(PUT_OFF, &[&organizations, &ids, &until, &because, &now]).await?;
    Ok(())
}

/// Excludes attempts with their enrollments, and completes the campaigns whose last ones these were.
pub async fn exclude(tx: &TurnsTx, excluded: &[&Excluded], now: Timestamp) -> Result<()> {
    if excluded.is_empty() {
        return Ok(());
    }
    let organizations: Vec<OrganizationId> = excluded.iter().map(|e| e.organization).collect();
    let attempts: Vec<AttemptId> = excluded.iter().map(|e| e.attempt).collect();
    let enrollments: Vec<EnrollmentId> = excluded.iter().map(|e| e.enrollment).collect();
    let campaigns: Vec<CampaignId> = excluded.iter().map(|e| e.campaign).collect();
    let because: Vec<&str> = excluded.iter().map(|e| e.because).collect();
    tx.run(EXCLUDE, &[&organizations, &attempts, &because, &now]).await?;
    tx.run(EXCLUDE_ENROLLMENTS, &[&organizations, &enrollments, &because, &now]).await?;
    settlements::complete_campaigns(tx, (&organizations, &campaigns), now).await
}

/// When the earliest attempt of each organization's running campaigns is due, leaving out the campaigns `held_back`.
pub async fn next_attempts_at(
    tx: &TurnsTx,
    organizations: &[OrganizationId],
    held_back: &[CampaignId],
) -> Result<Vec<(OrganizationId, Timestamp)>> {
    if organizations.is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx.all(NEXT_ATTEMPTS, &[&organizations, &held_back]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// The UTC minute that the provider counts a request in (contract §5.2).
pub fn minute_of(now: Timestamp) -> Timestamp {
    whole(now, 60)
}

/// The second that a request is counted in.
pub fn second_of(now: Timestamp) -> Timestamp {
    whole(now, 1)
}

/// The UTC hour that a number's calls are counted in.
pub fn hour_of(now: Timestamp) -> Timestamp {
    whole(now, 3600)
}

fn whole(now: Timestamp, seconds: i64) -> Timestamp {
    let second = now.as_second();
    Timestamp::from_second(second - second.rem_euclid(seconds)).unwrap_or(now)
}
