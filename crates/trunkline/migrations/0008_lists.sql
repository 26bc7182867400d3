-- What lists show. A filter that is null is absent. These functions run with the caller's rights, so the policies hold,
-- and are inlined: a list is planned for the filters at hand (`PlainTx::search`), by whichever index serves them best.

create index leads_agency_latest on leads (created_at desc, id desc);
create index calls_agent on calls (organization_id, agent_id, placed_at desc, id desc);

-- So that the agency's lists, too, tell which leads must not be called.
grant select on agency_dnc_entries to trunkline_agency;

-- `leads` are those whose name was searched for, `phone_like` is the pattern of a phone; both null: no search.
create function calls_matching(
    organization uuid, with_outcome text, of_campaign uuid, of_agent uuid, with_direction text,
    placed_from timestamptz, ms_min bigint, ms_below bigint, leads uuid[], phone_like text)
returns setof calls
language sql stable
as $$
    select * from calls c
    where (organization is null or c.organization_id = organization)
      and (with_outcome is null or c.outcome = with_outcome)
      and (of_campaign is null or c.campaign_id = of_campaign)
      and (of_agent is null or c.agent_id = of_agent)
      and (with_direction is null or c.direction = with_direction)
      and (placed_from is null or c.placed_at >= placed_from)
      and (ms_min is null or c.duration_ms >= ms_min)
      and (ms_below is null or c.duration_ms < ms_below)
      and (leads is null or c.lead_id = any (leads))
      and (phone_like is null or c.phone like phone_like)
$$;

-- How a lead stands over all its campaigns, the most telling first; the words of `lead_list.rs`.
create function lead_standing(organization uuid, lead uuid, lead_phone text) returns text
language sql stable
as $$
    select case
        when exists (select from dnc_entries d where d.organization_id = organization and d.phone = lead_phone)
          or exists (select from agency_dnc_entries d where d.phone = lead_phone) then 'do_not_call'
        when exists (
            select from attempts a
            where a.organization_id = organization and a.phone = lead_phone
              and a.state in ('reserved', 'sending', 'unknown', 'accepted', 'held')) then 'on_the_line'
        when bool_or(e.status <> 'done') then 'to_call'
        when bool_or(e.disposition = 'reached') then 'reached'
        when bool_or(e.disposition = 'exhausted') then 'exhausted'
        else 'idle'
    end
    from enrollments e
    where e.organization_id = organization and e.lead_id = lead
$$;

create function leads_matching(
    organization uuid, name_like text, phone_like text, to_call boolean, reached boolean, not_reached boolean,
    do_not_call boolean)
returns setof leads
language sql stable
as $$
    select * from leads l
    where (organization is null or l.organization_id = organization)
      and (name_like is null or l.name ilike name_like)
      and (phone_like is null or l.phone like phone_like)
      and (not to_call or exists (
          select from enrollments e
          where e.organization_id = l.organization_id and e.lead_id = l.id and e.status <> 'done'))
      and (not reached or exists (
          select from enrollments e
          where e.organization_id = l.organization_id and e.lead_id = l.id and e.disposition = 'reached'))
      and (not not_reached or exists (
          select from enrollments e
          where e.organization_id = l.organization_id and e.lead_id = l.id and e.disposition = 'exhausted')
        and not exists (
          select from enrollments e
          where e.organization_id = l.organization_id and e.lead_id = l.id
            and (e.status <> 'done' or e.disposition = 'reached')))
      and (not do_not_call or exists (
          select from dnc_entries d where d.organization_id = l.organization_id and d.phone = l.phone)
        or exists (select from agency_dnc_entries d where d.phone = l.phone))
$$;

-- How often a lead was called, and the latest call that ended.
create function lead_calls(organization uuid, lead uuid)
returns table (calls bigint, outcome text, placed_at timestamptz)
language sql stable
as $$
    select (select count(*) from calls c where c.organization_id = organization and c.lead_id = lead), e.outcome, e.placed_at
    from (select) as one
    left join lateral (
        select c.outcome, c.placed_at from calls c
        where c.organization_id = organization and c.lead_id = lead and c.outcome is not null
        order by c.placed_at desc
        limit 1
    ) e on true
$$;

-- When a running campaign tries a lead next; null: none does.
create function next_attempt(organization uuid, lead uuid) returns table (due_at timestamptz)
language sql stable
as $$
    select min(a.due_at)
    from attempts a
    join campaigns c on c.organization_id = a.organization_id and c.id = a.campaign_id
    where a.organization_id = organization and a.lead_id = lead and a.state = 'scheduled' and c.status = 'running'
$$;
