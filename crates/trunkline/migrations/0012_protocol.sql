-- The rests of the dispatch protocol: quarantine after a restore, phones that are left alone for the rest of a day, calls
-- that wait at the provider for too long, further rings of one attempt.

-- Which database this is. Another cluster (a restored dump), another timeline (a restored base backup, a standby that took
-- over), another database or another table (a dump restored beside or over the old one) is not the one that the nodes wrote to:
-- it may lack what they did since it was copied. What a managed server does not tell is left out.
create function database_identity() returns text
language plpgsql stable set search_path = public, pg_temp
as $$
declare
    server text := '';
begin
    begin
        select c.system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
        into server
        from pg_control_system() c;
    exception
        when insufficient_privilege or feature_not_supported or undefined_function
             or object_not_in_prerequisite_state then null;
    end;
    return server || '/' || (select d.oid from pg_database d where d.datname = current_database())
        || '/' || 'attempts'::regclass::oid;
end
$$;

alter table agency_dispatch
    -- As the nodes know it; null: none has looked yet.
    add column database_identity text,
    -- Since when it is in quarantine: nothing is dialed until every call since the backup is in the ledger.
    add column quarantined_since timestamptz,
    add column quarantined_because text,
    add check ((quarantined_since is null) = (quarantined_because is null));

-- While in quarantine: calls of the account that were created before are in the ledger. Null: there is nothing left to adopt.
alter table provider_accounts add column adopted_until timestamptz;
grant select (adopted_until) on provider_accounts to trunkline_agency;

-- A call of ours that the provider has and the ledger does not. Rows of before fit.
alter table events drop constraint events_source_check;
alter table events add constraint events_source_check check (source in ('webhook', 'poll', 'adoption')) not valid;
create index events_to_adopt on events (received_at) where source = 'adoption' and state in ('kept', 'set_aside');

-- Phones that are left alone until then, whatever the campaign: one call too many was made to them.
create table phone_holds (
    organization_id uuid not null references organizations,
    phone text not null,
    held_until timestamptz not null,
    because text not null,
    created_at timestamptz not null,
    primary key (organization_id, phone)
);
select own_by_organization('phone_holds');

alter table attempts
    -- Rings beyond the first, each counted like it.
    add column further_rings int not null default 0 check (further_rings >= 0),
    -- When the provider was asked to drop its call, which had waited there for too long.
    add column dropped_at timestamptz;

-- Of these calls, each with the attempt that it is marked with, those whose attempt does not exist here or was never sent,
-- and whether the call itself is known all the same.
create function across.unsent_attempts(account uuid, provider_calls text[], attempts uuid[])
returns table (attempt_id uuid, call_is_known boolean)
language sql stable security definer set search_path = public, pg_temp
as $$
    select m.attempt, exists (
        select from calls c where c.provider_account_id = account and c.provider_call_id = m.call
    )
    from unnest(provider_calls, attempts) as m (call, attempt)
    left join public.attempts a on a.id = m.attempt
    where a.id is null or a.state in ('scheduled', 'reserved')
$$;

-- Calls that are kept and not yet in the ledger.
create function across.adoptions_left() returns bigint
language sql stable security definer set search_path = public, pg_temp
as $$
    select count(*) from events where source = 'adoption' and state in ('kept', 'set_aside')
$$;

-- As before, with how far the call of an accepted attempt has come, as the ledger knows it.
drop function across.attempts_to_look_at(timestamptz, int);
create function across.attempts_to_look_at(at timestamptz, count_max int)
returns table (organization_id uuid, attempt_id uuid, provider_account_id uuid, state text, sending_at timestamptz,
               provider_call_id text, call_status text)
language sql stable security definer set search_path = public, pg_temp
as $$
    select a.organization_id, a.id, a.provider_account_id, a.state, a.sending_at, a.provider_call_id, c.status
    from attempts a
    left join calls c on c.provider_account_id = a.provider_account_id and c.provider_call_id = a.provider_call_id
    where a.state in ('sending', 'unknown', 'accepted') and a.look_at <= at
    order by a.look_at
    limit count_max
$$;

revoke execute on all functions in schema across from public;
grant execute on function across.unsent_attempts(uuid, text[], uuid[]), across.adoptions_left(),
    across.attempts_to_look_at(timestamptz, int) to trunkline_app;
