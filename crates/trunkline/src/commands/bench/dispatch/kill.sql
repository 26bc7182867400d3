-- Ends the session of a claimer in the middle of its transaction.
select count(pg_terminate_backend(pid))
from (
    select pid from pg_stat_activity
    where datname = current_database() and usename = 'trunkline_app' and xact_start is not null
    limit 1
) claimer
