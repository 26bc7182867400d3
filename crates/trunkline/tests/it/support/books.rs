//! The books of a world: counters and lines must be what the attempts say, and the rings of the provider's journal must be
//! among the attempts that count.

use super::world::World;
use jiff::SignedDuration;
use std::collections::{HashMap, HashSet};

/// A ring begins this much after its send at the latest: a test's clock goes in steps.
const RINGS_WITHIN: SignedDuration = SignedDuration::from_mins(2);
const RING_GAP: SignedDuration = SignedDuration::from_mins(60);

/// Differences between the counted attempts and each counter; no row is right.
const COUNTERS: &str = "
    with counted as (
        select organization_id, phone, lead_day, phone_number_id, organization_day
        from attempts
        where lead_day is not null and not never_dialed
    )
    select 'lead ' || phone || ' on ' || day || ': ' || calls || ' counted, ' || n || ' attempts'
    from (
        select phone, day, coalesce(d.calls, 0) as calls, coalesce(a.n, 0) as n
        from lead_days d
        full join (select organization_id, phone, lead_day as day, count(*) as n from counted group by 1, 2, 3) a
            using (organization_id, phone, day)
    ) l
    where calls <> n
    union all
    select 'number ' || phone_number_id || ' on ' || day || ': ' || calls || ' counted, ' || n || ' attempts'
    from (
        select phone_number_id, day, coalesce(d.calls, 0) as calls, coalesce(a.n, 0) as n
        from phone_number_days d
        full join (
            select organization_id, phone_number_id, organization_day as day, count(*) as n from counted group by 1, 2, 3
        ) a using (organization_id, phone_number_id, day)
    ) l
    where calls <> n
    union all
    select 'organization ' || organization_id || ' on ' || day || ': ' || calls || ' counted, ' || n || ' attempts'
    from (
        select organization_id, day, coalesce(d.calls, 0) as calls, coalesce(a.n, 0) as n
        from organization_days d
        full join (
            select organization_id, organization_day as day, count(*) as n from counted group by 1, 2
        ) a using (organization_id, day)
    ) l
    where calls <> n";

/// Differences between the open attempts and the lines that are taken.
const LINES: &str = "
    with open as (
        select organization_id, provider_account_id from attempts
        where state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
           or state = 'conflict' and settled_at is null
    ), held as (
        select provider_account_id from open
        union all
        select provider_account_id from calls where holds_line
    )
    select 'organization ' || d.organization_id || ': ' || d.lines_in_use || ' lines, ' || count(o) || ' open attempts'
    from organization_dispatch d
    left join open o using (organization_id)
    group by d.organization_id, d.lines_in_use
    having d.lines_in_use <> count(o)
    union all
    select 'pool ' || p.name || ': ' || p.lines_in_use || ' lines, ' || count(h) || ' calls'
    from line_pools p
    left join provider_accounts a on a.line_pool_id = p.id
    left join held h on h.provider_account_id = a.id
    group by p.name, p.lines_in_use
    having p.lines_in_use <> count(h)";

/// Enrollments without a next step: nobody is lost.
const LOST: &str = "
    select 'enrollment ' || e.id || ' of ' || c.status || ' campaign is ' || e.status || ' with nothing planned'
    from enrollments e
    join campaigns c on c.organization_id = e.organization_id and c.id = e.campaign_id
    where e.status <> 'done'
      and not exists (
          select from attempts a
          where a.enrollment_id = e.id
            and (a.state in ('scheduled', 'reserved', 'sending', 'unknown', 'accepted', 'held')
                 or a.state = 'conflict' and a.settled_at is null)
      )";

/// Attempts that count as rings, with their lead and day.
const COUNTED: &str = "
    select id || ' ' || organization_id || '/' || phone || ' ' || lead_day
    from attempts
    where lead_day is not null and not never_dialed";

impl World {
    /// Panics unless counters, lines, enrollments and the provider's journal agree with the attempts.
    pub(crate) async fn check_books(&self) {
        self.check_counters().await;
        self.check_rings().await;
    }

    /// The same without the journal.
    pub(crate) async fn check_counters(&self) {
        for query in [COUNTERS, LINES, LOST] {
            assert_eq!(self.sql(query).await, [""; 0], "the books are wrong");
        }
    }

    /// At most one ring an attempt, each counted, never two of one phone within the gap, and two a day at most.
    async fn check_rings(&self) {
        let counted = self.sql(COUNTED).await;
        let counted: HashMap<&str, (&str, &str)> = counted.iter().filter_map(|row| attempt_of(row)).collect();
        let mut rung = HashSet::new();
        let mut last = HashMap::new();
        let mut by_day: HashMap<(&str, &str), u32> = HashMap::new();
        let rings = self.provider.rings();
        for ring in &rings {
            let name = ring.name.as_deref().unwrap_or_default();
            let Some((phone, day)) = counted.get(name).copied() else { panic!("{name} rang and is not counted") };
            assert!(rung.insert(name), "attempt {name} rang twice");
            let earlier = last.insert(phone, ring.at);
            let gap = earlier.map(|earlier| ring.at.duration_since(earlier));
            assert!(gap.is_none_or(|gap| gap + RINGS_WITHIN >= RING_GAP), "{phone} rang again after {gap:?}");
            let today = by_day.entry((phone, day)).or_default();
            *today += 1;
            assert!(*today <= 2, "{phone} rang {today} times on {day}");
        }
    }
}

fn attempt_of(row: &str) -> Option<(&str, (&str, &str))> {
    let mut words = row.split(' ');
    Some((words.next()?, (words.next()?, words.next()?)))
}
