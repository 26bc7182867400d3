-- Campaigns, the queue of attempts and the counters that limit them.

create table campaigns (
    organization_id uuid not null references organizations,
    id uuid not null,
    name text not null,
    agent_id uuid not null,
    status text not null default 'draft'
        check (status in ('draft', 'scheduled', 'running', 'paused', 'stopped', 'completed')),
    status_reason text,
    -- Since when it is in this status, and who brought it there; null: the program itself.
    status_since timestamptz not null,
    status_by uuid,
    -- Lower goes first within its organization.
    priority int not null default 100,
    calling_hours jsonb not null,
    retry_plan jsonb not null,
    calls_per_lead_and_day_max int not null default 2 check (calls_per_lead_and_day_max between 1 and 10),
    lines_max int not null check (lines_max > 0),
    starts_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    created_by uuid,
    created_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, agent_id) references agents (organization_id, id)
);
create index campaigns_latest on campaigns (organization_id, created_at desc, id desc);
create index campaigns_running on campaigns (organization_id, priority) where status = 'running';
create index campaigns_scheduled on campaigns (starts_at) where status = 'scheduled';
select own_by_organization('campaigns');

create table campaign_phone_numbers (
    organization_id uuid not null,
    campaign_id uuid not null,
    phone_number_id uuid not null,
    primary key (organization_id, campaign_id, phone_number_id),
    foreign key (organization_id, campaign_id) references campaigns (organization_id, id),
    foreign key (organization_id, phone_number_id) references phone_numbers (organization_id, id)
);
select own_by_organization('campaign_phone_numbers');

create table enrollments (
    organization_id uuid not null,
    id uuid not null,
    campaign_id uuid not null,
    lead_id uuid not null,
    status text not null default 'queued' check (status in ('queued', 'active', 'done')),
    disposition text check (disposition in ('reached', 'exhausted', 'excluded', 'cancelled')),
    -- Why it was excluded, or the last outcome.
    because text,
    attempts_made int not null default 0,
    created_at timestamptz not null,
    done_at timestamptz,
    primary key (organization_id, id),
    unique (organization_id, campaign_id, lead_id),
    check ((status = 'done') = (disposition is not null)),
    foreign key (organization_id, campaign_id) references campaigns (organization_id, id),
    foreign key (organization_id, lead_id) references leads (organization_id, id)
);
create index enrollments_lead on enrollments (organization_id, lead_id);
create index enrollments_open on enrollments (organization_id, campaign_id) where status <> 'done';
select own_by_organization('enrollments');

-- Fences rise with each claim: a worker that slept through its lease holds an old one.
create sequence attempt_fences;
grant usage on sequence attempt_fences to trunkline_app;

-- The queue's row: one planned try, at most one ring. States and arrows: domain/status.rs and ARCHITECTURE.md.
create table attempts (
    organization_id uuid not null,
    id uuid not null,
    enrollment_id uuid not null,
    campaign_id uuid not null,
    lead_id uuid not null,
    phone text not null,
    state text not null default 'scheduled' check (state in (
        'scheduled', 'reserved', 'sending', 'unknown', 'accepted', 'ended', 'rejected',
        'not_created', 'released', 'cancelled', 'held', 'accepted_late', 'conflict')),
    due_at timestamptz not null,
    -- The latest reason for which it was not dialed, and when that was decided.
    deferred_because text,
    decided_at timestamptz,
    phone_number_id uuid,
    provider_account_id uuid references provider_accounts,
    -- The lead's local day and the organization's local day that were counted.
    lead_day date,
    organization_day date,
    fence bigint,
    reserved_at timestamptz,
    lease_until timestamptz,
    -- End of calling hours or of the lead's day: T2 refuses after it.
    send_before timestamptz,
    sending_at timestamptz,
    accepted_at timestamptz,
    settled_at timestamptz,
    provider_call_id text,
    -- When the reconciler looks at it next, and the complete listings that did not show it.
    look_at timestamptz,
    looks int not null default 0,
    looked_at timestamptz,
    outcome text,
    because text,
    -- Proof that no phone rang: the counted call was given back.
    never_dialed boolean not null default false,
    created_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, enrollment_id) references enrollments (organization_id, id),
    foreign key (organization_id, campaign_id) references campaigns (organization_id, id),
    foreign key (organization_id, lead_id) references leads (organization_id, id),
    foreign key (organization_id, phone_number_id) references phone_numbers (organization_id, id),
    check (state <> 'reserved' or (lease_until is not null and fence is not null)),
    check (state not in ('sending', 'unknown') or (sending_at is not null and look_at is not null))
) with (fillfactor = 80);
-- The lanes: a paused campaign's rows are in nobody's way.
create index attempts_lane on attempts (organization_id, campaign_id, due_at, id) where state = 'scheduled';
-- Invariant: one open attempt per phone, whatever the campaign (a_phone_in_two_campaigns_rings_once_at_a_time_and_twice_a_day).
create unique index attempts_open_phone on attempts (organization_id, phone)
    where state in ('reserved', 'sending', 'unknown', 'accepted', 'held');
create unique index attempts_open_enrollment on attempts (organization_id, enrollment_id)
    where state in ('scheduled', 'reserved', 'sending', 'unknown', 'accepted', 'held');
create index attempts_open_campaign on attempts (organization_id, campaign_id)
    where state in ('reserved', 'sending', 'unknown', 'accepted', 'held');
-- When each campaign had its last turn.
create index attempts_campaign_turns on attempts (organization_id, campaign_id, reserved_at desc)
    where reserved_at is not null;
create index attempts_rings on attempts (organization_id, phone, sending_at) where sending_at is not null;
create index attempts_campaign_latest on attempts (organization_id, campaign_id, settled_at desc) where settled_at is not null;
create index attempts_enrollment on attempts (organization_id, enrollment_id);
create index attempts_lead on attempts (organization_id, lead_id, created_at desc);
-- The marker in a webhook names the attempt alone.
create unique index attempts_marker on attempts (id);
create index attempts_lease on attempts (lease_until) where state = 'reserved';
create index attempts_look on attempts (look_at) where state in ('sending', 'unknown', 'accepted');
-- What only a person can settle.
create index attempts_for_a_person on attempts (organization_id) where state in ('held', 'accepted_late', 'conflict');
create index attempts_call on attempts (provider_account_id, provider_call_id) where provider_call_id is not null;
select own_by_organization('attempts');

-- The ring of organizations: at once the mutex of an organization's claims, its turn, and its lines.
create table organization_dispatch (
    organization_id uuid primary key references organizations,
    next_at timestamptz not null,
    weight int not null default 1 check (weight between 1 and 100),
    lines_in_use int not null default 0 check (lines_in_use >= 0),
    -- When it last took lines. Of those whose turn has come, the one served longest ago goes first: when lines are few, an
    -- organization with many leads does not take each one that comes free.
    served_at timestamptz not null default '-infinity',
    -- What held the organization back at its last turn.
    waiting_because text
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
create index organization_dispatch_next on organization_dispatch (next_at);
select own_by_organization('organization_dispatch');

-- Counters of rings. Counted before the phone can ring; the check is the second line behind the claim.
create table lead_days (
    organization_id uuid not null references organizations,
    phone text not null,
    day date not null,
    calls int not null check (calls >= 0),
    calls_max int not null,
    primary key (organization_id, phone, day),
    check (calls <= calls_max)
);
select own_by_organization('lead_days');

create table phone_number_days (
    organization_id uuid not null,
    phone_number_id uuid not null,
    day date not null,
    calls int not null check (calls >= 0),
    calls_max int not null,
    primary key (organization_id, phone_number_id, day),
    foreign key (organization_id, phone_number_id) references phone_numbers (organization_id, id),
    check (calls <= calls_max)
);
select own_by_organization('phone_number_days');

create table organization_days (
    organization_id uuid not null references organizations,
    day date not null,
    calls int not null check (calls >= 0),
    calls_max int not null,
    primary key (organization_id, day),
    check (calls <= calls_max)
);
select own_by_organization('organization_days');
