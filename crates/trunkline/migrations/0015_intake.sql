-- What nodes keep in memory of the database, and how they hear that it changed.

-- Tells every node that listens which table was changed. Only for tables that people change: a notification takes a lock
-- that all commits with one share.
create function tell_change() returns trigger
language plpgsql
as $$
begin
    perform pg_notify('trunkline_changes', tg_table_name);
    return null;
end
$$;
revoke execute on function tell_change() from public;

create trigger tell_change after insert or update or delete on webhook_credentials
    for each statement execute function tell_change();
create trigger tell_change after insert or update or delete on agent_deployments
    for each statement execute function tell_change();
-- Not when a number rests: that is no question of whose it is.
create trigger tell_change after insert or delete or update of organization_id, provider_account_id, provider_number_id
    on phone_numbers for each statement execute function tell_change();

-- Whose each assistant and each number is at which account; `kind` tells which of the two.
create function across.owners(count_max int)
returns table (provider_account_id uuid, kind text, provider_id text, organization_id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$
    select o.provider_account_id, o.kind, o.provider_id, o.organization_id
    from (
        select d.provider_account_id, 'assistant' as kind, d.assistant_id as provider_id, d.organization_id
        from agent_deployments d
        union all
        select n.provider_account_id, 'number', n.provider_number_id, n.organization_id
        from phone_numbers n
    ) o
    limit count_max
$$;

-- Keeps a batch of events; one statement, one commit. Whose a message is says the ledger, if it knows the call or the
-- attempt, and else `organizations`, which is what the assistant and the number tell. A repeated event is not kept again.
create function across.keep_attributed_events(
    ids uuid[], organizations uuid[], accounts uuid[], sources text[], types text[], provider_calls text[], attempts uuid[],
    keys text[], received timestamptz[], bodies bytea[])
returns table (event_id uuid, owner_id uuid, is_new boolean)
language sql security definer set search_path = public, pg_temp
as $$
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
        from unnest(ids, organizations, accounts, sources, types, provider_calls, attempts, keys, received, bodies)
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
    left join kept k on k.id = g.id
$$;

-- What nodes of the version before ask.
create or replace function across.keep_events(
    ids uuid[], organizations uuid[], accounts uuid[], sources text[], types text[], provider_calls text[], attempts uuid[],
    keys text[], received timestamptz[], bodies bytea[])
returns table (id uuid)
language sql security definer set search_path = public, pg_temp
as $$
    select k.event_id
    from across.keep_attributed_events(
        ids, organizations, accounts, sources, types, provider_calls, attempts, keys, received, bodies) k
    where k.is_new
$$;

revoke execute on all functions in schema across from public;
grant execute on all functions in schema across to trunkline_app;

-- Webhooks that no credential fits, for the agency to see that somebody tries, or that a secret at the provider is wrong.
create table webhook_refusals (
    minute timestamptz not null,
    reason text not null check (reason in ('missing', 'wrong', 'stale')),
    count bigint not null check (count > 0),
    primary key (minute, reason)
);
grant select, insert, update, delete on webhook_refusals to trunkline_app;
grant select on webhook_refusals to trunkline_agency;
