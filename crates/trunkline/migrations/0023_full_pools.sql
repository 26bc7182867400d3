-- While every pool is full, which with many organizations is most of the time, nobody's turn could decide anything: one look at
-- the pools tells, instead of a look at the numbers of each organization that waits. The rest is as before.
create or replace function across.due_organizations(at timestamptz, count_max int)
returns table (organization_id uuid, begins_at bigint)
language plpgsql stable security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
begin
    if not exists (select from organization_dispatch d where d.next_at <= at) then
        return;
    end if;
    if exists (select from line_pools) and not exists (
        select from line_pools p
        where (p.cooling_until is null or p.cooling_until <= at)
          and (p.lines_in_use + p.inbound_reserve + p.lines_owed < p.lines_max
               or exists (select from line_guarantees g where g.line_pool_id = p.id and g.lines_in_use < g.lines_min))
    ) then
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
