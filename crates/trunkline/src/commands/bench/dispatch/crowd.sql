-- Gives the first organization `bench.crowd` attempts that are due before all others. With `bench.crowd_calls` their leads
-- had so many calls today already.
set session_replication_role = replica;
set synchronous_commit = off;

create temp table crowd as
select n, pg_temp.id(3, 1, 0) as organization, '+1917' || (2000000 + n) as phone
from generate_series(1, current_setting('bench.crowd')::int) n;

insert into leads (organization_id, id, phone, created_at, updated_at)
select organization, pg_temp.id(10, 1, n), phone, pg_temp.begins(), pg_temp.begins() from crowd;

insert into lead_days (organization_id, phone, day, calls, calls_max)
select organization, phone, pg_temp.begins()::date, calls, calls
from crowd
cross join (select current_setting('bench.crowd_calls')::int as calls) c
where calls > 0;

insert into enrollments (organization_id, id, campaign_id, lead_id, created_at)
select organization, pg_temp.id(11, 1, n), pg_temp.id(6, 1, 1), pg_temp.id(10, 1, n), pg_temp.begins() from crowd;

insert into attempts (organization_id, id, enrollment_id, campaign_id, lead_id, phone, due_at, created_at)
select organization, pg_temp.id(12, 1, n), pg_temp.id(11, 1, n), pg_temp.id(6, 1, 1), pg_temp.id(10, 1, n), phone,
       pg_temp.begins() - interval '1 hour' + n * interval '1 microsecond', pg_temp.begins()
from crowd;

set session_replication_role = origin;
