-- The few questions across organizations. Each is a function of the owner, so it sees past the policies: it returns ids,
-- totals, or what signing in needs, and the catalog test knows every one of them by name.

create function across.user_by_email(wanted text)
returns table (id uuid, password_hash text, signin_blocked_until timestamptz)
language sql stable security definer set search_path = public, pg_temp
as $$
    select id, password_hash, signin_blocked_until from users where lower(email) = lower(wanted)
$$;

create function across.count_failed_signin(who uuid, at timestamptz, tries_max int, block interval)
returns void
language sql security definer set search_path = public, pg_temp
as $$
    update users
    set failed_signins = case when failed_signins + 1 >= tries_max then 0 else failed_signins + 1 end,
        signin_blocked_until = case when failed_signins + 1 >= tries_max then at + block else signin_blocked_until end
    where id = who
$$;

create function across.begin_session(token bytea, who uuid, at timestamptz, until timestamptz)
returns void
language sql security definer set search_path = public, pg_temp
as $$
    update users set failed_signins = 0, signin_blocked_until = null where id = who;
    delete from sessions where user_id = who and expires_at <= at;
    insert into sessions (token_hash, user_id, created_at, seen_at, expires_at) values (token, who, at, at, until);
$$;

create function across.session(token bytea, at timestamptz, seen_after timestamptz)
returns table (user_id uuid, email text, name text, agency_role text, seen_at timestamptz)
language sql stable security definer set search_path = public, pg_temp
as $$
    select u.id, u.email, u.name, u.agency_role, s.seen_at
    from sessions s
    join users u on u.id = s.user_id
    where s.token_hash = token and s.expires_at > at and s.seen_at > seen_after
$$;

create function across.touch_session(token bytea, at timestamptz) returns void
language sql security definer set search_path = public, pg_temp
as $$
    update sessions set seen_at = at where token_hash = token and seen_at < at
$$;

create function across.end_session(token bytea) returns void
language sql security definer set search_path = public, pg_temp
as $$
    delete from sessions where token_hash = token
$$;

create function across.add_signin_link(token bytea, who uuid, at timestamptz, until timestamptz) returns void
language sql security definer set search_path = public, pg_temp
as $$
    delete from signin_links where user_id = who and (expires_at <= at or used_at is not null);
    insert into signin_links (token_hash, user_id, created_at, expires_at) values (token, who, at, until);
$$;

create function across.use_signin_link(token bytea, at timestamptz) returns uuid
language sql security definer set search_path = public, pg_temp
as $$
    update signin_links set used_at = at
    where token_hash = token and used_at is null and expires_at > at
    returning user_id
$$;

create function across.add_user(new_id uuid, new_email text, new_name text, new_hash text, new_agency_role text, at timestamptz)
returns uuid
language sql security definer set search_path = public, pg_temp
as $$
    insert into users (id, email, name, password_hash, agency_role, created_at)
    values (new_id, new_email, new_name, new_hash, new_agency_role, at)
    on conflict (lower(email)) do update
        set name = excluded.name,
            password_hash = coalesce(excluded.password_hash, users.password_hash),
            agency_role = coalesce(excluded.agency_role, users.agency_role)
    returning id
$$;

create function across.memberships_of(who uuid)
returns table (organization_id uuid, slug text, name text, time_zone text, role text)
language sql stable security definer set search_path = public, pg_temp
as $$
    select o.id, o.slug, o.name, o.time_zone, m.role
    from memberships m
    join organizations o on o.id = m.organization_id
    where m.user_id = who
    order by o.name
$$;

-- Names to be shown beside what people did; asked by ids that the asker has already.
create function across.user_names(ids uuid[]) returns table (id uuid, name text)
language sql stable security definer set search_path = public, pg_temp
as $$
    select id, name from users where id = any (ids)
$$;

create function across.organization_by_slug(wanted text) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$
    select id from organizations where slug = wanted
$$;

-- Whose turn it is, the one served longest ago first. One whose numbers all live in pools without a free line keeps its place and is
-- not asked: a turn could decide nothing for it. No lock here: the claim takes it inside the organization, with skip locked.
create function across.due_organizations(at timestamptz, count_max int) returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
    select d.organization_id from organization_dispatch d
    where d.next_at <= at
      and (
          exists (
              select from phone_numbers n
              join provider_accounts a on a.id = n.provider_account_id
              join line_pools p on p.id = a.line_pool_id
              where n.organization_id = d.organization_id
                and p.lines_in_use < p.lines_max and (p.cooling_until is null or p.cooling_until <= at)
          )
          or not exists (select from phone_numbers n where n.organization_id = d.organization_id)
      )
    order by d.served_at, d.next_at
    limit count_max
$$;

create function across.next_due_organization() returns timestamptz
language sql stable security definer set search_path = public, pg_temp
as $$
    select min(next_at) from organization_dispatch
$$;

create function across.expired_reservations(at timestamptz, count_max int)
returns table (organization_id uuid, attempt_id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$
    select organization_id, id from attempts
    where state = 'reserved' and lease_until <= at
    order by lease_until
    limit count_max
$$;

create function across.attempts_to_look_at(at timestamptz, count_max int)
returns table (organization_id uuid, attempt_id uuid, provider_account_id uuid, state text, sending_at timestamptz,
               provider_call_id text)
language sql stable security definer set search_path = public, pg_temp
as $$
    select organization_id, id, provider_account_id, state, sending_at, provider_call_id from attempts
    where state in ('sending', 'unknown', 'accepted') and look_at <= at
    order by look_at
    limit count_max
$$;

-- Which of an account's calls need no further look: their report is here.
create function across.calls_with_report(account uuid, provider_calls text[]) returns setof text
language sql stable security definer set search_path = public, pg_temp
as $$
    select provider_call_id from calls
    where provider_account_id = account and provider_call_id = any (provider_calls) and has_report
$$;

create function across.campaigns_to_start(at timestamptz, count_max int)
returns table (organization_id uuid, campaign_id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$
    select organization_id, id from campaigns
    where status = 'scheduled' and starts_at <= at
    order by starts_at
    limit count_max
$$;

-- Whose a provider's message is: the strongest evidence first (contract §3). Only what the speaking account serves counts.
create function across.attribute(account uuid, call text, attempt uuid, assistant text, number_id text) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$
    select coalesce(
        (select organization_id from calls where provider_account_id = account and provider_call_id = call),
        (select organization_id from attempts where provider_account_id = account and provider_call_id = call limit 1),
        (select organization_id from attempts where id = attempt and provider_account_id = account),
        (select organization_id from agent_deployments where provider_account_id = account and assistant_id = assistant),
        (select organization_id from phone_numbers where provider_account_id = account and provider_number_id = number_id)
    )
$$;

-- Keeps a batch of events; one statement, one commit. A repeated one is told by `kept = false`.
create function across.keep_events(
    ids uuid[], organizations uuid[], accounts uuid[], sources text[], types text[], provider_calls text[], attempts uuid[],
    keys text[], received timestamptz[], bodies bytea[])
returns table (id uuid)
language sql security definer set search_path = public, pg_temp
as $$
    insert into events (id, organization_id, provider_account_id, source, type, provider_call_id, attempt_id, dedupe_key,
                        received_at, body, state)
    select e.id, e.organization_id, e.account, e.source, e.type, e.call, e.attempt, e.key, e.received, e.body,
           case when e.organization_id is null then 'unattributed' else 'kept' end
    from unnest(ids, organizations, accounts, sources, types, provider_calls, attempts, keys, received, bodies)
        as e (id, organization_id, account, source, type, call, attempt, key, received, body)
    on conflict do nothing
    returning events.id
$$;

create function across.events_to_apply(count_max int)
returns table (organization_id uuid, event_id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$
    select organization_id, id from events
    where state = 'kept'
    order by received_at, id
    limit count_max
$$;

-- Gives unattributed events their organization, once an assistant, a number or a call is known. Returns how many.
create function across.adopt_unattributed(event uuid, organization uuid) returns boolean
language sql security definer set search_path = public, pg_temp
as $$
    update events set organization_id = organization, state = 'kept'
    where id = event and state = 'unattributed'
    returning true
$$;

create function across.unattributed_events(count_max int)
returns table (event_id uuid, provider_account_id uuid, body bytea, attempt_id uuid, provider_call_id text)
language sql stable security definer set search_path = public, pg_temp
as $$
    select id, provider_account_id, body, attempt_id, provider_call_id from events
    where state = 'unattributed'
    order by received_at desc, id desc
    limit count_max
$$;

create function across.replay_events(since timestamptz) returns bigint
language sql security definer set search_path = public, pg_temp
as $$
    with replayed as (
        update events set state = 'kept', tries = 0, problem = null
        where state = 'set_aside' and received_at >= since
        returning 1
    )
    select count(*) from replayed
$$;

create function across.is_on_agency_dnc(phones text[]) returns setof text
language sql stable security definer set search_path = public, pg_temp
as $$
    select phone from agency_dnc_entries where phone = any (phones)
$$;

-- Totals for the report of a run and for the health of the installation.
create function across.totals() returns table (name text, label text, count bigint)
language sql stable security definer set search_path = public, pg_temp
as $$
    select 'organizations', '', count(*) from organizations
    union all select 'leads', '', count(*) from leads
    union all select 'attempts', state, count(*) from attempts group by state
    union all select 'calls', coalesce(outcome, 'going on'), count(*) from calls group by outcome
    union all select 'events', state, count(*) from events where source = 'webhook' group by state
$$;

revoke execute on all functions in schema across from public;
grant execute on all functions in schema across to trunkline_app;
grant execute on function across.user_names(uuid[]) to trunkline_agency;
