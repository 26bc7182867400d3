-- What limits dialing besides lines and calls a day: rules of organizations and campaigns, the pace of numbers and accounts,
-- lines that are kept and promised, money, call-backs. With every default all is as before.

-- The JSON of domain/dialing_rules.rs.
alter table organizations add column dialing_rules jsonb not null default '{}';
alter table campaigns add column dialing_rules jsonb not null default '{}';

alter table phone_numbers
    add column calls_per_hour_max int check (calls_per_hour_max >= 0),
    -- The first day of its warm-up; null: it needs none.
    add column warm_up_from date,
    -- The UTC hour that is being counted.
    add column hour_at timestamptz not null default 'epoch',
    add column hour_calls int not null default 0 check (hour_calls >= 0),
    add column last_call_at timestamptz;

alter table line_pools
    -- Lines that no outbound call takes.
    add column inbound_reserve int not null default 0 check (inbound_reserve >= 0),
    -- The sum over its line_guarantees of what each organization has not taken up of its promised lines.
    add column lines_owed int not null default 0 check (lines_owed >= 0);

-- Lines of a pool that are promised to an organization, with those that its calls hold.
create table line_guarantees (
    organization_id uuid not null references organizations,
    line_pool_id uuid not null references line_pools,
    lines_min int not null check (lines_min >= 0),
    lines_in_use int not null default 0 check (lines_in_use >= 0),
    primary key (organization_id, line_pool_id)
);
create index line_guarantees_pool on line_guarantees (line_pool_id);
select own_by_organization('line_guarantees');

alter table provider_accounts
    add column requests_per_second_max int check (requests_per_second_max > 0),
    add column second_at timestamptz not null default 'epoch',
    add column second_requests int not null default 0,
    -- To how many requests a minute the last refusal slowed it, and when (domain/request_pace.rs).
    add column slowed_to int check (slowed_to > 0),
    add column slowed_at timestamptz,
    add column slow_start_minutes int not null default 0 check (slow_start_minutes between 0 and 60),
    -- When the first request after the last rest was made.
    add column busy_since timestamptz,
    add check ((slowed_to is null) = (slowed_at is null));
grant select (requests_per_second_max, second_at, second_requests, slowed_to, slowed_at, slow_start_minutes, busy_since)
    on provider_accounts to trunkline_agency;

-- When the lead asked to be called; the next try is made then.
alter table enrollments add column call_back_at timestamptz;

-- Money in millionths of a US dollar. Reserved when an attempt is claimed, replaced by the call's cost when that is known.
alter table attempts
    add column money_reserved bigint not null default 0,
    add column money_spent bigint not null default 0;
alter table organization_days
    add column money_reserved bigint not null default 0,
    add column money_spent bigint not null default 0;
create table campaign_days (
    organization_id uuid not null,
    campaign_id uuid not null,
    -- The organization's day.
    day date not null,
    money_reserved bigint not null default 0,
    money_spent bigint not null default 0,
    primary key (organization_id, campaign_id, day),
    foreign key (organization_id, campaign_id) references campaigns (organization_id, id)
);
select own_by_organization('campaign_days');

-- As before; a line that is kept for incoming calls or promised to others is none for this organization.
create or replace function across.due_organizations(at timestamptz, count_max int) returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
    select d.organization_id from organization_dispatch d
    where d.next_at <= at
      and (
          exists (
              select from phone_numbers n
              join provider_accounts a on a.id = n.provider_account_id
              join line_pools p on p.id = a.line_pool_id
              left join line_guarantees g on g.organization_id = d.organization_id and g.line_pool_id = p.id
              where n.organization_id = d.organization_id
                and p.lines_in_use + p.inbound_reserve + p.lines_owed
                    - greatest(0, coalesce(g.lines_min - g.lines_in_use, 0)) < p.lines_max
                and (p.cooling_until is null or p.cooling_until <= at)
          )
          or not exists (select from phone_numbers n where n.organization_id = d.organization_id)
      )
    order by d.served_at, d.next_at
    limit count_max
$$;
