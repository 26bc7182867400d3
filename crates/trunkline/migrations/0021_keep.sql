-- The same as before, planned once a session: a function in SQL is planned anew at each call, which for a batch of a few events
-- costs more than to keep them.

create or replace function across.keep_attributed_events(
    ids uuid[], organizations uuid[], accounts uuid[], sources text[], types text[], provider_calls text[], attempts uuid[],
    keys text[], received timestamptz[], bodies bytea[])
returns table (event_id uuid, owner_id uuid, is_new boolean)
language plpgsql security definer set search_path = public, pg_temp
as $$
#variable_conflict use_column
begin
    return query
    with given as materialized (
        select e.*,
               coalesce(
                   (select c.organization_id from calls c
                    where c.provider_account_id = e.account and c.provider_call_id = e.call),
                   (select a.organization_id from attempts a
                    where a.provider_account_id = e.account and a.provider_call_id = e.call limit 1),
                   (select a.organization_id from attempts a
                    where a.id = e.attempt and a.provider_account_id = e.account),
                   e.told) as owner
        from unnest(ids, organizations, accounts, sources, types, provider_calls, keep_attributed_events.attempts, keys, received,
                    bodies)
            as e (id, told, account, source, type, call, attempt, key, received, body)
    ),
    kept as (
        insert into events (id, organization_id, provider_account_id, source, type, provider_call_id, attempt_id, dedupe_key,
                            received_at, body, state)
        select g.id, g.owner, g.account, g.source, g.type, g.call, g.attempt, g.key, g.received, g.body,
               case when g.owner is null then 'unattributed' else 'kept' end
        from given g
        on conflict do nothing
        returning id
    )
    select g.id, g.owner, k.id is not null
    from given g
    left join kept k on k.id = g.id;
end
$$;
