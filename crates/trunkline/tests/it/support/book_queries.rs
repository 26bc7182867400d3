//! What must hold between an organization's rows at any moment; each query lists what does not. The kill harness asks the
//! same of a database that was tortured.

/// Differences between the counted attempts and each counter; no row is right.
pub(crate) const COUNTERS: &str = "
    with counted as (
        select organization_id, phone, lead_day, phone_number_id, organization_day,
               (not never_dialed)::int + further_rings as rings
        from attempts
        where lead_day is not null
    )
    select 'lead ' || phone || ' on ' || day || ': ' || calls || ' counted, ' || n || ' attempts'
    from (
        select phone, day, coalesce(d.calls, 0) as calls, coalesce(a.n, 0) as n
        from lead_days d
        full join (select organization_id, phone, lead_day as day, sum(rings) as n from counted group by 1, 2, 3) a
            using (organization_id, phone, day)
    ) l
    where calls <> n
    union all
    select 'number ' || phone_number_id || ' on ' || day || ': ' || calls || ' counted, ' || n || ' attempts'
    from (
        select phone_number_id, day, coalesce(d.calls, 0) as calls, coalesce(a.n, 0) as n
        from phone_number_days d
        full join (
            select organization_id, phone_number_id, organization_day as day, sum(rings) as n from counted group by 1, 2, 3
        ) a using (organization_id, phone_number_id, day)
    ) l
    where calls <> n
    union all
    select 'organization ' || organization_id || ' on ' || day || ': ' || calls || ' counted, ' || n || ' attempts'
    from (
        select organization_id, day, coalesce(d.calls, 0) as calls, coalesce(a.n, 0) as n
        from organization_days d
        full join (
            select organization_id, organization_day as day, sum(rings) as n from counted group by 1, 2
        ) a using (organization_id, day)
    ) l
    where calls <> n";

/// Differences between the money of attempts and that of days, and between promised lines and what pools owe.
pub(crate) const MONEY_AND_PROMISES: &str = "
    select 'organization ' || organization_id || ' on ' || day || ': money'
    from organization_days d
    full join (
        select organization_id, organization_day as day, sum(money_reserved) as reserved, sum(money_spent) as spent
        from attempts
        where organization_day is not null
        group by 1, 2
    ) a using (organization_id, day)
    where (coalesce(d.money_reserved, 0), coalesce(d.money_spent, 0)) <> (coalesce(a.reserved, 0), coalesce(a.spent, 0))
    union all
    select 'campaign ' || campaign_id || ' on ' || day || ': money'
    from campaign_days d
    full join (
        select organization_id, campaign_id, organization_day as day, sum(money_reserved) as reserved,
               sum(money_spent) as spent
        from attempts
        where organization_day is not null
        group by 1, 2, 3
    ) a using (organization_id, campaign_id, day)
    where (coalesce(d.money_reserved, 0), coalesce(d.money_spent, 0)) <> (coalesce(a.reserved, 0), coalesce(a.spent, 0))
    union all
    select 'pool ' || p.name || ': owes ' || p.lines_owed || ' lines'
    from line_pools p
    where p.lines_owed <> (
        select coalesce(sum(greatest(0, g.lines_min - g.lines_in_use)), 0) from line_guarantees g
        where g.line_pool_id = p.id
    )
    union all
    select 'organization ' || g.organization_id || ': ' || g.lines_in_use || ' promised lines in use'
    from line_guarantees g
    where g.lines_in_use <> (
        select count(*) from attempts t
        join provider_accounts a on a.id = t.provider_account_id and a.line_pool_id = g.line_pool_id
        where t.organization_id = g.organization_id
          and (t.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')
               or t.state = 'conflict' and t.settled_at is null)
    )";

/// Differences between the open attempts and the lines that are taken.
pub(crate) const LINES: &str = "
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
pub(crate) const LOST: &str = "
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
