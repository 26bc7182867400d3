//! Phone numbers as a person sees them: how each stands, and what it did today and in the last days.

use super::statement::sql;
use super::{Reach, Result, columns};
use crate::domain::ids::PhoneNumberId;
use jiff::Timestamp;
use jiff::civil::Date;
use tokio_postgres::Row;

/// Numbers that one page shows.
pub const NUMBERS_MAX: i64 = 500;

/// What a person reads of something that was switched off.
#[derive(Debug, Clone, Default)]
pub struct Off {
    pub since: Option<Timestamp>,
    /// `None`: the program, or somebody at a terminal.
    pub by: Option<String>,
    pub because: Option<String>,
    pub until: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct ListedNumber {
    pub id: PhoneNumberId,
    /// In E.164.
    pub number: String,
    pub label: String,
    pub standing: NumberStanding,
    pub calls_per_day_max: i32,
    /// `None`: no limit.
    pub calls_per_hour_max: Option<i32>,
    /// The first day of its warm-up; `None`: it needs none.
    pub warm_up_from: Option<Date>,
    /// By the organization's own day.
    pub calls_today: i32,
    /// Since the instant that was asked for.
    pub calls: u64,
    pub answered: u64,
    pub calls_now: u64,
    /// Slug and name.
    pub organization: (String, String),
    pub account: String,
}

#[derive(Debug, Clone)]
pub enum NumberStanding {
    InUse,
    Resting(Off),
    Dead(Off),
}

sql!(
    LIST,
    "select n.id, n.number, n.label,
            case when n.status = 'resting' and n.resting_until <= $2 then 'active' else n.status end,
            n.status_since, (select u.name from across.user_names(array[n.status_by]) u), n.status_reason, n.resting_until,
            n.calls_per_day_max, coalesce(d.calls, 0), coalesce(k.calls, 0), coalesce(k.answered, 0),
            (select count(*) from attempts a
             where a.organization_id = n.organization_id and a.phone_number_id = n.id
               and a.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')),
            o.slug, o.name, x.name, n.calls_per_hour_max, n.warm_up_from
     from phone_numbers n
     join organizations o on o.id = n.organization_id
     join provider_accounts x on x.id = n.provider_account_id
     left join phone_number_days d
         on d.organization_id = n.organization_id and d.phone_number_id = n.id
        and d.day = ($2::timestamptz at time zone o.time_zone)::date
     left join (
         select organization_id, phone_number_id, count(*) as calls, count(*) filter (where outcome = 'answered') as answered
         from calls
         where ($1::uuid is null or organization_id = $1) and placed_at >= $3
         group by organization_id, phone_number_id
     ) k on k.organization_id = n.organization_id and k.phone_number_id = n.id
     where $1::uuid is null or n.organization_id = $1
     order by n.status = 'active', o.name, n.number, n.id
     limit $4"
);
sql!(COUNT, "select count(*) from phone_numbers where $1::uuid is null or organization_id = $1");

/// The first [`NUMBERS_MAX`], what is switched off first; `since` is where the count of calls begins.
pub async fn list(reach: Reach<'_>, since: Timestamp, now: Timestamp) -> Result<Vec<ListedNumber>> {
    let rows = reach.tx().search(LIST, &[&reach.organization(), &now, &since, &NUMBERS_MAX]).await?;
    Ok(rows.iter().map(listed).collect())
}

pub async fn count(reach: Reach<'_>) -> Result<u64> {
    Ok(columns::count(&reach.tx().one(COUNT, &[&reach.organization()]).await?, 0))
}

fn listed(row: &Row) -> ListedNumber {
    let off = Off { since: row.get(4), by: row.get(5), because: row.get(6), until: row.get(7) };
    ListedNumber {
        id: row.get(0),
        number: row.get(1),
        label: row.get(2),
        standing: match row.get(3) {
            "active" => NumberStanding::InUse,
            "resting" => NumberStanding::Resting(off),
            _ => NumberStanding::Dead(off),
        },
        calls_per_day_max: row.get(8),
        calls_today: row.get(9),
        calls: columns::count(row, 10),
        answered: columns::count(row, 11),
        calls_now: columns::count(row, 12),
        organization: (row.get(13), row.get(14)),
        account: row.get(15),
        calls_per_hour_max: row.get(16),
        warm_up_from: row.get(17),
    }
}
