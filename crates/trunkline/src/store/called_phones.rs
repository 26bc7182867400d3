//! What an organization remembers of the phones it calls: do-not-call lists, rings, open attempts.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::dialing_rules::ROLLING_DAYS_MAX;
use crate::domain::dispatch_policy::DayCalls;
use crate::domain::ids::PhoneNumberId;
use jiff::{Timestamp, ToSpan, civil::Date};
use std::collections::{HashMap, HashSet};
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

sql!(
    DNC,
    "select phone from dnc_entries where organization_id = $2 and phone = any ($1)
     union
     select across.is_on_agency_dnc($1)"
);
// A phone rings some time after the send, and a call that came to light late may have begun late; it never rings after its
// end, so the gap counts from there where it is known.
sql!(
    RINGS,
    "select p.phone, r.rang_at,
            exists (
                select from attempts b
                where b.organization_id = $2 and b.phone = p.phone
                  and b.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
            ), r.phone_number_id,
            (select h.held_until from phone_holds h where h.organization_id = $2 and h.phone = p.phone)
     from unnest($1::text[]) with ordinality as p (phone, place)
     left join lateral (
         select greatest(t.sending_at, t.accepted_at, t.settled_at) as rang_at, t.phone_number_id from attempts t
         where t.organization_id = $2 and t.phone = p.phone and t.sending_at is not null
           and t.state not in ('rejected', 'released') and not t.never_dialed
         order by t.sending_at desc
         limit 1
     ) r on true
     order by p.place"
);
// Up to a day after: the lead's day is decided by its zone, not by this query.
sql!(
    LEAD_DAYS,
    "select phone, day, calls from lead_days
     where organization_id = $2 and phone = any ($1) and day between $3 and $4
     order by phone, day"
);
/// What is remembered of `phones`, in their order. `today` is any zone's current date.
pub async fn remembered(tx: &TenantTx, phones: &[&str], today: Date) -> Result<Vec<CalledPhone>> {
    let (first, last) = (today.saturating_sub(i64::from(ROLLING_DAYS_MAX).days()), today.saturating_add(1.day()));
    let of_phones: [&(dyn ToSql + Sync); 2] = [&phones, &tx.organization];
    let in_days: [&(dyn ToSql + Sync); 4] = [&phones, &tx.organization, &first, &last];
    let (dnc, rings, days) =
        tokio::try_join!(tx.all(DNC, &of_phones), tx.all(RINGS, &of_phones), tx.all(LEAD_DAYS, &in_days))?;
    let on_dnc: HashSet<&str> = dnc.iter().map(|row| row.get(0)).collect();
    let mut days_of: HashMap<&str, Vec<DayCalls>> = HashMap::new();
    for row in &days {
        days_of.entry(row.get(0)).or_default().push(DayCalls { day: row.get(1), calls: row.get(2) });
    }
    // A phone may be among `phones` twice, and then it is so among the rings.
    let facts_of = |(phone, ring): (&&str, &Row)| CalledPhone {
        is_on_dnc: on_dnc.contains(phone),
        is_busy: ring.get(2),
        last_ring_at: ring.get(1),
        last_number: ring.get(3),
        held_until: ring.get(4),
        days: days_of.get(phone).cloned().unwrap_or_default(),
    };
    Ok(phones.iter().zip(&rings).map(facts_of).collect())
}
