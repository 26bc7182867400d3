//! What organizations remember of the phones they call: do-not-call lists, rings, open attempts.

use super::statement::sql;
use super::{Bound, Result};
use crate::domain::dialing_rules::ROLLING_DAYS_MAX;
use crate::domain::dispatch_policy::DayCalls;
use crate::domain::ids::{OrganizationId, PhoneNumberId};
use jiff::{Timestamp, ToSpan, civil::Date};
use std::collections::HashSet;
use tokio_postgres::{Row, types::ToSql};

/// What the organization remembers of a phone.
#[derive(Debug, Clone, Default)]
pub struct CalledPhone {
    pub is_on_dnc: bool,
    pub is_busy: bool,
    /// It is left alone until then.
    pub held_until: Option<Timestamp>,
    pub last_ring_at: Option<Timestamp>,
    /// The number that it was called from then.
    pub last_number: Option<PhoneNumberId>,
    /// Rings by local day, up to the day after today.
    pub days: Vec<DayCalls>,
}

sql!(AGENCY_DNC, "select across.is_on_agency_dnc($1)");
// A phone rings some time after the send, and a call that came to light late may have begun late; it never rings after its
// end, so the gap counts from there where it is known. Days up to the one after today: the lead's day is decided by its
// zone, not by this query.
sql!(
    REMEMBERED,
    "select exists (select from dnc_entries d where d.organization_id = p.organization_id and d.phone = p.phone),
            exists (
                select from attempts b
                where b.organization_id = p.organization_id and b.phone = p.phone
                  and b.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
            ),
            r.rang_at, r.phone_number_id, d.days, d.calls,
            (select h.held_until from phone_holds h where h.organization_id = p.organization_id and h.phone = p.phone)
     from unnest($1::uuid[], $2::text[]) with ordinality as p (organization_id, phone, place)
     left join lateral (
         select greatest(t.sending_at, t.accepted_at, t.settled_at) as rang_at, t.phone_number_id from attempts t
         where t.organization_id = p.organization_id and t.phone = p.phone and t.sending_at is not null
           and t.state not in ('rejected', 'released') and not t.never_dialed
         order by t.sending_at desc
         limit 1
     ) r on true
     cross join lateral (
         select array_agg(day order by day) as days, array_agg(calls order by day) as calls from lead_days
         where organization_id = p.organization_id and phone = p.phone and day between $3 and $4
     ) d
     order by p.place"
);

/// What is remembered of `phones` by their organizations, in their order. `today` is any zone's current date.
pub async fn remembered(tx: &impl Bound, phones: &[(OrganizationId, &str)], today: Date) -> Result<Vec<CalledPhone>> {
    let (first, last) = (today.saturating_sub(i64::from(ROLLING_DAYS_MAX).days()), today.saturating_add(1.day()));
    let (organizations, phones): (Vec<OrganizationId>, Vec<&str>) = phones.iter().copied().unzip();
    let of_organizations: [&(dyn ToSql + Sync); 4] = [&organizations, &phones, &first, &last];
    let of_agency: [&(dyn ToSql + Sync); 1] = [&phones];
    let (rows, on_dnc) = tokio::try_join!(tx.all(REMEMBERED, &of_organizations), tx.all(AGENCY_DNC, &of_agency))?;
    let on_dnc: HashSet<&str> = on_dnc.iter().map(|row| row.get(0)).collect();
    let read = |(phone, row): (&&str, &Row)| CalledPhone {
        is_on_dnc: row.get(0) || on_dnc.contains(phone),
        is_busy: row.get(1),
        last_ring_at: row.get(2),
        last_number: row.get(3),
        days: days_of(row.get(4), row.get(5)),
        held_until: row.get(6),
    };
    Ok(phones.iter().zip(&rows).map(read).collect())
}

fn days_of(days: Option<Vec<Date>>, calls: Option<Vec<i32>>) -> Vec<DayCalls> {
    let days = days.unwrap_or_default().into_iter().zip(calls.unwrap_or_default());
    days.map(|(day, calls)| DayCalls { day, calls }).collect()
}
