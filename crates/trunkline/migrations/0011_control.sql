-- What people switch off and on at every level: since when, by whom and why.

-- Who put it to rest, and when; null: the program itself, or it never rested. Why is in status_reason.
alter table organizations
    add column status_reason text,
    add column status_since timestamptz,
    add column status_by uuid;
alter table agents
    add column status_reason text,
    add column status_since timestamptz,
    add column status_by uuid;
alter table phone_numbers
    add column status_since timestamptz,
    add column status_by uuid;
alter table provider_accounts
    add column status_since timestamptz,
    add column status_by uuid;
grant select (status_since, status_by) on provider_accounts to trunkline_agency;

-- The agency's own switch: one row.
create table agency_dispatch (
    is_the_one boolean primary key default true check (is_the_one),
    -- Null: it dials.
    paused_since timestamptz,
    paused_by uuid,
    paused_because text,
    check (paused_since is not null or (paused_by is null and paused_because is null))
);
insert into agency_dispatch default values;
grant select, update on agency_dispatch to trunkline_app;
grant select on agency_dispatch to trunkline_agency;

-- What people of the agency changed that is no organization's.
create table agency_audit_entries (
    id uuid primary key,
    -- null: the program itself, or a person at a terminal.
    user_id uuid,
    action text not null,
    subject text not null,
    detail jsonb not null default '{}',
    created_at timestamptz not null
);
create index agency_audit_entries_latest on agency_audit_entries (created_at desc, id desc);
grant select, insert on agency_audit_entries to trunkline_app;
grant select on agency_audit_entries to trunkline_agency;

-- A call that came to light late, or a second one: a person has seen it.
alter table attempts
    add column acknowledged_at timestamptz,
    add column acknowledged_by uuid;
drop index attempts_for_a_person;
create index attempts_for_a_person on attempts (organization_id)
    where state = 'held' or (state in ('accepted_late', 'conflict') and acknowledged_at is null);
-- The calls that go on at an account.
create index attempts_on_account on attempts (provider_account_id)
    where state in ('reserved', 'sending', 'unknown', 'accepted', 'held');

-- Something that held organizations back is gone: those that wait take their turn now.
create function across.wake_waiting(at timestamptz) returns void
language sql volatile security definer set search_path = public, pg_temp
as $$
    update organization_dispatch set next_at = at
    where waiting_because is not null and next_at > at
$$;
revoke execute on function across.wake_waiting(timestamptz) from public;
grant execute on function across.wake_waiting(timestamptz) to trunkline_app;
