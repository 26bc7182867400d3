//! What a claim writes: attempts reserved, put off or excluded, and every counter before a phone can ring.
//!
//! Invariant: a limit is counted here, in the transaction that reserves, and given back only on proof that no phone
//! rang (`a_call_that_never_dialed_gives_its_unit_back`, `an_unknown_call_stays_counted`).

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::{AttemptId, CampaignId, EnrollmentId, LinePoolId, PhoneNumberId, ProviderAccountId};
use crate::domain::money::Money;
use jiff::{Timestamp, civil::Date};

/// One attempt that will be sent.
#[derive(Debug, Clone)]
pub struct Reservation {
    pub attempt: AttemptId,
    pub enrollment: EnrollmentId,
    pub campaign: CampaignId,
    pub phone: String,
    pub number: PhoneNumberId,
    pub account: ProviderAccountId,
    pub pool: LinePoolId,
    pub lead_day: Date,
    pub send_before: Timestamp,
    /// What the call is taken to cost; zero where no budget limits it.
    pub price: Money,
}

/// What all reservations of a claim share.
#[derive(Debug, Clone, Copy)]
pub struct ClaimTerms<'a> {
    pub now: Timestamp,
    pub lease_until: Timestamp,
    pub organization_day: Date,
    pub calls_per_day_max: i32,
    pub calls_per_lead_and_day_max: i32,
    /// Those whose next request is the first after a rest (`domain::request_pace`).
    pub accounts_that_rested: &'a [ProviderAccountId],
}

#[derive(Debug, Clone)]
pub struct PutOff {
    pub attempt: AttemptId,
    pub until: Timestamp,
    pub because: &'static str,
}

#[derive(Debug, Clone)]
pub struct Excluded {
    pub attempt: AttemptId,
    pub enrollment: EnrollmentId,
    pub campaign: CampaignId,
    pub because: &'static str,
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
         send_before = r.send_before, organization_day = $6, reserved_at = $7, lease_until = $8,
         money_reserved = r.price, fence = nextval('attempt_fences'), deferred_because = null, decided_at = $7
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::timestamptz[], $10::bigint[])
         as r (id, number, account, lead_day, send_before, price)
     where a.organization_id = $9 and a.id = r.id and a.state = 'scheduled'
     returning a.id, a.fence"
);
sql!(
    ACTIVATE,
    "update enrollments
     set status = 'active'
     where organization_id = $2 and id = any ($1) and status <> 'done'"
);
// A limit lowered below what was already called takes effect tomorrow: the maximum never falls below the count.
sql!(
    COUNT_LEADS,
    "insert into lead_days as d (organization_id, phone, day, calls, calls_max)
     select $1, r.phone, r.day, 1, $4
     from unnest($2::text[], $3::date[]) as r (phone, day)
     on conflict (organization_id, phone, day) do update
     set calls = d.calls + 1, calls_max = greatest(excluded.calls_max, d.calls)"
);
sql!(
    COUNT_NUMBERS,
    "insert into phone_number_days as d (organization_id, phone_number_id, day, calls, calls_max)
     select $1, n.id, $3, r.calls, n.calls_per_day_max
     from (select number, count(*)::int as calls from unnest($2::uuid[]) as u (number) group by number) r
     join phone_numbers n on n.organization_id = $1 and n.id = r.number
     on conflict (organization_id, phone_number_id, day) do update
     set calls = d.calls + excluded.calls, calls_max = greatest(excluded.calls_max, d.calls)"
);
sql!(
    PACE_NUMBERS,
    "update phone_numbers n
     set hour_calls = case when n.hour_at = $3 then n.hour_calls else 0 end + r.calls, hour_at = $3, last_call_at = $4
     from (select number, count(*)::int as calls from unnest($2::uuid[]) as u (number) group by number) r
     where n.organization_id = $1 and n.id = r.number"
);
sql!(
    COUNT_ORGANIZATION,
    "insert into organization_days as d (organization_id, day, calls, calls_max, money_reserved)
     values ($1, $2, $3, $4, $5)
     on conflict (organization_id, day) do update
     set calls = d.calls + excluded.calls, calls_max = greatest(excluded.calls_max, d.calls),
         money_reserved = d.money_reserved + excluded.money_reserved"
);
sql!(
    RESERVE_MONEY,
    "insert into campaign_days as d (organization_id, campaign_id, day, money_reserved)
     select $1, r.campaign, $2, sum(r.price)::bigint
     from unnest($3::uuid[], $4::bigint[]) as r (campaign, price)
     where r.price > 0
     group by r.campaign
     on conflict (organization_id, campaign_id, day) do update
     set money_reserved = d.money_reserved + excluded.money_reserved"
);
// What was promised to the organization and is taken up is owed no longer.
sql!(
    TAKE_LINES,
    "with r as (
         select id, count(*)::int as lines from unnest($1::uuid[]) as u (id) group by id
     ), mine as (
         update line_guarantees g
         set lines_in_use = g.lines_in_use + r.lines
         from r
         where g.organization_id = $2 and g.line_pool_id = r.id
         returning g.line_pool_id as id,
                   greatest(0, g.lines_min - g.lines_in_use + r.lines) - greatest(0, g.lines_min - g.lines_in_use) as paid
     )
     update line_pools p
     set lines_in_use = p.lines_in_use + r.lines, lines_owed = p.lines_owed - coalesce(mine.paid, 0)
     from r
     left join mine on mine.id = r.id
     where p.id = r.id"
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
     set due_at = r.until, deferred_because = r.because, decided_at = $4
     from unnest($1::uuid[], $2::timestamptz[], $3::text[]) as r (id, until, because)
     where a.organization_id = $5 and a.id = r.id and a.state = 'scheduled'"
);
sql!(
    EXCLUDE,
    "update attempts a
     set state = 'cancelled', because = r.because, decided_at = $3, settled_at = $3
     from unnest($1::uuid[], $2::text[]) as r (id, because)
     where a.organization_id = $4 and a.id = r.id and a.state = 'scheduled'"
);
sql!(
    EXCLUDE_ENROLLMENTS,
    "update enrollments e
     set status = 'done', disposition = 'excluded', because = r.because, done_at = $3
     from unnest($1::uuid[], $2::text[]) as r (id, because)
     where e.organization_id = $4 and e.id = r.id and e.status <> 'done'"
);
// The next due attempt of a running campaign: when the organization's turn is worth taking again.
sql!(
    NEXT_ATTEMPT,
    "select min(a.due_at)
     from campaigns c
     cross join lateral (
         select t.due_at from attempts t
         where t.organization_id = c.organization_id and t.campaign_id = c.id and t.state = 'scheduled'
         order by t.due_at, t.id
         limit 1
     ) a
     where c.status = 'running' and not c.id = any ($1)"
);

/// Reserves and counts. The accounts and pools are locked by `dialing_lines::lock_accounts`.
pub async fn reserve(tx: &TenantTx, terms: &ClaimTerms<'_>, chosen: &[Reservation]) -> Result<Vec<Fenced>> {
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let column = |f: fn(&Reservation) -> uuid::Uuid| chosen.iter().map(f).collect::<Vec<_>>();
    let (attempts, numbers, accounts) = (column(|r| r.attempt.0), column(|r| r.number.0), column(|r| r.account.0));
    let enrollments = column(|r| r.enrollment.0);
    let prices: Vec<i64> = chosen.iter().map(|r| r.price.0).collect();
    let days: Vec<Date> = chosen.iter().map(|r| r.lead_day).collect();
    let send_before: Vec<Timestamp> = chosen.iter().map(|r| r.send_before).collect();
    let rows = tx
        .all(
            RESERVE,
            &[
                &attempts,
                &numbers,
                &accounts,
                &days,
                &send_before,
                &terms.organization_day,
                &terms.now,
                &terms.lease_until,
                &tx.organization,
                &prices,
            ],
        )
        .await?;
    tx.run(ACTIVATE, &[&enrollments, &tx.organization]).await?;
    count(tx, terms, chosen).await?;
    Ok(rows.iter().map(|row| Fenced { attempt: row.get(0), fence: row.get(1) }).collect())
}

async fn count(tx: &TenantTx, terms: &ClaimTerms<'_>, chosen: &[Reservation]) -> Result<()> {
    let phones: Vec<&str> = chosen.iter().map(|r| r.phone.as_str()).collect();
    let days: Vec<Date> = chosen.iter().map(|r| r.lead_day).collect();
    let numbers: Vec<PhoneNumberId> = chosen.iter().map(|r| r.number).collect();
    let pools: Vec<LinePoolId> = chosen.iter().map(|r| r.pool).collect();
    let accounts: Vec<ProviderAccountId> = chosen.iter().map(|r| r.account).collect();
    let campaigns: Vec<CampaignId> = chosen.iter().map(|r| r.campaign).collect();
    let prices: Vec<i64> = chosen.iter().map(|r| r.price.0).collect();
    let calls = i32::try_from(chosen.len()).unwrap_or(i32::MAX);
    let money = prices.iter().sum::<i64>();
    let (organization, day, now) = (&tx.organization, &terms.organization_day, &terms.now);
    tx.run(COUNT_LEADS, &[organization, &phones, &days, &terms.calls_per_lead_and_day_max]).await?;
    tx.run(COUNT_NUMBERS, &[organization, &numbers, day]).await?;
    tx.run(PACE_NUMBERS, &[organization, &numbers, &hour_of(terms.now), now]).await?;
    tx.run(COUNT_ORGANIZATION, &[organization, day, &calls, &terms.calls_per_day_max, &money]).await?;
    if money > 0 {
        tx.run(RESERVE_MONEY, &[organization, day, &campaigns, &prices]).await?;
    }
    tx.run(TAKE_LINES, &[&pools, organization]).await?;
    let rested = &terms.accounts_that_rested;
    tx.run(SPEND_REQUESTS, &[&accounts, &minute_of(terms.now), &second_of(terms.now), rested]).await?;
    Ok(())
}

pub async fn put_off(tx: &TenantTx, now: Timestamp, put_off: &[PutOff]) -> Result<()> {
    if put_off.is_empty() {
        return Ok(());
    }
    let ids: Vec<AttemptId> = put_off.iter().map(|p| p.attempt).collect();
    let until: Vec<Timestamp> = put_off.iter().map(|p| p.until).collect();
    let because: Vec<&str> = put_off.iter().map(|p| p.because).collect();
    tx.run(PUT_OFF, &[&ids, &until, &because, &now, &tx.organization]).await?;
    Ok(())
}

pub async fn exclude(tx: &TenantTx, now: Timestamp, excluded: &[Excluded]) -> Result<()> {
    if excluded.is_empty() {
        return Ok(());
    }
    let attempts: Vec<AttemptId> = excluded.iter().map(|e| e.attempt).collect();
    let enrollments: Vec<EnrollmentId> = excluded.iter().map(|e| e.enrollment).collect();
    let because: Vec<&str> = excluded.iter().map(|e| e.because).collect();
    tx.run(EXCLUDE, &[&attempts, &because, &now, &tx.organization]).await?;
    tx.run(EXCLUDE_ENROLLMENTS, &[&enrollments, &because, &now, &tx.organization]).await?;
    Ok(())
}

/// When the earliest attempt of a running campaign is due, leaving out the campaigns that something holds back.
pub async fn next_attempt_at(tx: &TenantTx, held_back: &[CampaignId]) -> Result<Option<Timestamp>> {
    Ok(tx.one(NEXT_ATTEMPT, &[&held_back]).await?.get(0))
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
