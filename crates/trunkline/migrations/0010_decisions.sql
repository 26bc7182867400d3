-- What was decided about each attempt, with the facts: so that it can be explained and decided again.

create table decisions (
    organization_id uuid not null,
    attempt_id uuid not null,
    -- An attempt is dialed once and excluded once; of its deferrals the latest is kept.
    verdict text not null check (verdict in ('dial', 'defer', 'exclude')),
    because text,
    rules_version int not null,
    decided_at timestamptz not null,
    -- zstd of the JSON of `KeptDecision`.
    kept bytea not null,
    primary key (organization_id, attempt_id, verdict),
    check ((verdict = 'dial') = (because is null)),
    foreign key (organization_id, attempt_id) references attempts (organization_id, id) on delete cascade
) with (fillfactor = 80);
-- Compressed already; out of line it would be another row to write.
alter table decisions alter column kept set storage external;
create index decisions_oldest on decisions (decided_at);
select own_by_organization('decisions');

-- Whose decisions were made before, the oldest first; they are deleted in the organization's own transaction.
create function across.organizations_with_decisions_before(instant timestamptz, count_max int) returns setof uuid
language sql stable security definer set search_path = public, pg_temp
as $$
    select distinct d.organization_id
    from (select organization_id from decisions where decided_at < instant order by decided_at limit count_max) d
$$;
revoke execute on function across.organizations_with_decisions_before(timestamptz, int) from public;
grant execute on function across.organizations_with_decisions_before(timestamptz, int) to trunkline_app;
