-- A claim takes the turns of many organizations in one transaction. Role trunkline_turns sees exactly those whose turns the
-- transaction holds: their ids are a setting of the transaction, as the one organization of trunkline_app is.

create function organizations_in_turn() returns uuid[]
language sql stable
as $$
    select nullif(current_setting('trunkline.turns', true), '')::uuid[]
$$;

grant usage on schema public, across to trunkline_turns;
grant usage on attempt_fences to trunkline_turns;

-- Binds a table to the organizations in turn, beside the one organization of every other transaction.
create function open_to_turns(table_name regclass, owner_column text) returns void
language plpgsql
as $$
begin
    execute format(
        'create policy turns on %s to trunkline_turns
         using (%I = any ((select organizations_in_turn())::uuid[]))
         with check (%I = any ((select organizations_in_turn())::uuid[]))', table_name, owner_column, owner_column);
    execute format('grant select, insert, update on %s to trunkline_turns', table_name);
end
$$;
revoke execute on function open_to_turns(regclass, text) from public;

-- Binds a table to its organization: policies, grants, and the key that foreign keys of other tenant tables refer to.
create or replace function own_by_organization(table_name regclass) returns void
language plpgsql
as $$
begin
    execute format('alter table %s enable row level security', table_name);
    -- The subselect makes the planner ask once a statement, not once a row.
    execute format(
        'create policy tenant on %s to trunkline_app
         using (organization_id = (select current_organization()))
         with check (organization_id = (select current_organization()))', table_name);
    execute format('create policy agency on %s for select to trunkline_agency using (true)', table_name);
    execute format('grant select, insert, update, delete on %s to trunkline_app', table_name);
    execute format('grant select on %s to trunkline_agency', table_name);
    perform open_to_turns(table_name, 'organization_id');
end
$$;

select open_to_turns(format('%I', tablename)::regclass, case tablename when 'organizations' then 'id' else 'organization_id' end)
from pg_policies
where schemaname = 'public' and policyname = 'tenant';

-- What organizations share: the claim takes lines and spends requests. All but the sealed key.
grant select, update on line_pools to trunkline_turns;
grant select (id, line_pool_id, name, base_url, key_ending, requests_per_minute_max, minute_at, minute_requests,
              status, paused_until, pause_reason, status_since, status_by,
              unknowns_in_a_row, swept_until, created_at,
              requests_per_second_max, second_at, second_requests, slowed_to, slowed_at, slow_start_minutes, busy_since)
    on provider_accounts to trunkline_turns;
grant update (minute_at, minute_requests, second_at, second_requests, busy_since, status, paused_until, pause_reason, status_since,
              status_by)
    on provider_accounts to trunkline_turns;
grant execute on function across.is_on_agency_dnc(text[]) to trunkline_turns;

-- Whether dialing is paused by the agency.
grant select on agency_dispatch to trunkline_turns;

alter table organization_dispatch
    -- How many due attempts of each campaign the next turn looks at: few, unless the last turn had to put most of them off.
    add column candidates_max int not null default 8 check (candidates_max between 1 and 60),
    -- How far it has come by its share: calls that it took up, by its weight (domain/fair_share.rs).
    add column virtual_time bigint not null default 0,
    -- False: after its last turn it waited for what organizations share.
    add column is_idle boolean not null default true;

-- Whose turn it is, of the 500 that wait longest, the one that is furthest behind its share first. Whoever was idle begins
-- at the present virtual time, which is that of the furthest behind of those who waited: nobody saves for later.
-- One whose numbers all live in pools without a line for it keeps its place and is not asked: a turn could decide nothing
-- for it. No lock here: the claim takes it, with skip locked. In plpgsql, which remembers the plan.
drop function across.due_organizations(timestamptz, int);
create function across.due_organizations(at timestamptz, count_max int)
returns table (organization_id uuid, begins_at bigint)
language plpgsql stable security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
begin
    if not exists (select from organization_dispatch d where d.next_at <= at) then
        return;
    end if;
    return query
    with pools as materialized (
        select id, lines_max - lines_in_use - inbound_reserve - lines_owed as lines_free,
               cooling_until is null or cooling_until <= at as is_warm
        from line_pools
    ), due as materialized (
        select d.organization_id, d.virtual_time, d.is_idle, d.served_at, d.next_at
        from organization_dispatch d
        where d.next_at <= at
          -- As a rule every pool has a line for everybody, and then nobody's numbers are looked at.
          and (not (select coalesce(bool_or(lines_free <= 0 or not is_warm), false) from pools)
               or exists (
                   select from phone_numbers n
                   join provider_accounts a on a.id = n.provider_account_id
                   join pools p on p.id = a.line_pool_id
                   left join line_guarantees g on g.organization_id = d.organization_id and g.line_pool_id = p.id
                   where n.organization_id = d.organization_id and p.is_warm
                     and p.lines_free + greatest(0, coalesce(g.lines_min - g.lines_in_use, 0)) > 0
               )
               or not exists (select from phone_numbers n where n.organization_id = d.organization_id))
        order by d.next_at
        limit 500
    ), present as (
        select coalesce(min(virtual_time) filter (where not is_idle), max(virtual_time)) as virtual_time from due
    )
    select due.organization_id,
           case when due.is_idle then greatest(due.virtual_time, present.virtual_time) else due.virtual_time end
    from due
    cross join present
    order by 2, due.served_at, due.next_at
    limit count_max;
end
$$;
revoke execute on function across.due_organizations(timestamptz, int) from public;
grant execute on function across.due_organizations(timestamptz, int) to trunkline_app;
