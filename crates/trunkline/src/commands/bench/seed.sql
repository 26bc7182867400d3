-- Sows the agency of a bench, by a superuser: foreign keys are true by construction and not checked row by row.
set session_replication_role = replica;
set synchronous_commit = off;

create function pg_temp.setting(name text) returns int language sql
as $$ select current_setting('bench.' || name)::int $$;
create function pg_temp.begins() returns timestamptz language sql
as $$ select current_setting('bench.begins')::timestamptz $$;
-- An id that tells what it is of: kind, organization, number.
create function pg_temp.id(kind int, organization int, nth int) returns uuid language sql immutable
as $$ select (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(organization), 4, '0') || lpad(to_hex(nth), 8, '0'))::uuid $$;
create function pg_temp.hours() returns jsonb language sql immutable
as $$ select jsonb_object_agg(day, jsonb_build_array('00:00-24:00'))
      from unnest(array['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) as d (day) $$;

insert into line_pools (id, name, lines_max, created_at)
select pg_temp.id(1, 0, n), 'pool ' || n, 1000000000, pg_temp.begins() from generate_series(1, 4) n;

-- Swept already: the provider is not asked.
insert into provider_accounts (id, line_pool_id, name, base_url, sealed_key, key_ending, requests_per_minute_max, swept_until,
                               created_at)
select pg_temp.id(2, 0, n), pg_temp.id(1, 0, n), 'account ' || n, 'http://127.0.0.1', '', '', 1000000000,
       pg_temp.begins() + interval '1 day', pg_temp.begins()
from generate_series(1, 4) n;

insert into organizations (id, slug, name, time_zone, country, calling_hours, calls_per_day_max, lines_max, created_at)
select pg_temp.id(3, o, 0), 'client-' || o, 'Client ' || o, 'America/New_York', 'US', pg_temp.hours(),
       pg_temp.setting('calls_per_day_max'), pg_temp.setting('lines_max'), pg_temp.begins()
from generate_series(1, pg_temp.setting('organizations')) o;

insert into organization_dispatch (organization_id, next_at)
select pg_temp.id(3, o, 0), pg_temp.begins() - interval '1 minute'
from generate_series(1, pg_temp.setting('organizations')) o;

insert into agents (organization_id, id, name, lines_max, created_at)
select pg_temp.id(3, o, 0), pg_temp.id(4, o, 0), 'Agent', 1000000, pg_temp.begins()
from generate_series(1, pg_temp.setting('organizations')) o;

insert into agent_deployments (organization_id, agent_id, provider_account_id, assistant_id, created_at)
select pg_temp.id(3, o, 0), pg_temp.id(4, o, 0), pg_temp.id(2, 0, o % 4 + 1), 'assistant-' || o, pg_temp.begins()
from generate_series(1, pg_temp.setting('organizations')) o;

insert into phone_numbers (organization_id, id, provider_account_id, provider_number_id, number, calls_per_day_max, created_at)
select pg_temp.id(3, o, 0), pg_temp.id(5, o, n), pg_temp.id(2, 0, o % 4 + 1), 'number-' || o || '-' || n,
       '+1646' || (2000000 + o * 10 + n), pg_temp.setting('number_calls_per_day_max'), pg_temp.begins()
from generate_series(1, pg_temp.setting('organizations')) o, generate_series(1, pg_temp.setting('numbers')) n;

insert into campaigns (organization_id, id, name, agent_id, status, status_since, calling_hours, retry_plan, lines_max, created_at)
select pg_temp.id(3, o, 0), pg_temp.id(6, o, c), 'Campaign ' || c, pg_temp.id(4, o, 0), 'running', pg_temp.begins(),
       pg_temp.hours(), '{}', 1000000, pg_temp.begins()
from generate_series(1, pg_temp.setting('organizations')) o, generate_series(1, pg_temp.setting('campaigns')) c;

insert into campaign_phone_numbers (organization_id, campaign_id, phone_number_id)
select pg_temp.id(3, o, 0), pg_temp.id(6, o, c), pg_temp.id(5, o, n)
from generate_series(1, pg_temp.setting('organizations')) o, generate_series(1, pg_temp.setting('campaigns')) c,
     generate_series(1, pg_temp.setting('numbers')) n;

insert into leads (organization_id, id, phone, created_at, updated_at)
select pg_temp.id(3, o, 0), pg_temp.id(7, o, l), '+1212' || (2000000 + l), pg_temp.begins(), pg_temp.begins()
from generate_series(1, pg_temp.setting('organizations')) o, generate_series(1, pg_temp.setting('leads')) l;

-- Mixed, as they are after days of work: the lanes of organizations do not lie one after the other.
create temp table planned as
select o, c, l, (c - 1) * pg_temp.setting('leads') + l as nth
from generate_series(1, pg_temp.setting('leads')) l, generate_series(1, pg_temp.setting('campaigns')) c,
     generate_series(1, pg_temp.setting('organizations')) o;

insert into enrollments (organization_id, id, campaign_id, lead_id, created_at)
select pg_temp.id(3, o, 0), pg_temp.id(8, o, nth), pg_temp.id(6, o, c), pg_temp.id(7, o, l), pg_temp.begins()
from planned;

insert into attempts (organization_id, id, enrollment_id, campaign_id, lead_id, phone, due_at, created_at)
select pg_temp.id(3, o, 0), pg_temp.id(9, o, nth), pg_temp.id(8, o, nth), pg_temp.id(6, o, c), pg_temp.id(7, o, l),
       '+1212' || (2000000 + l),
       case pg_temp.setting('due_every_us')
           when 0 then pg_temp.begins() - interval '1 minute' + nth * interval '1 microsecond'
           else pg_temp.begins() + row_number() over () * pg_temp.setting('due_every_us') * interval '1 microsecond'
       end,
       pg_temp.begins()
from planned;

drop table planned;
set session_replication_role = origin;
