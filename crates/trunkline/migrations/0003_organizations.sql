-- Organizations and what they configure.

create table organizations (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 60),
    name text not null,
    time_zone text not null,
    -- ISO 3166 alpha-2: how a phone without a country code is read.
    country text not null check (country ~ '^[A-Z]{2}$'),
    status text not null default 'active' check (status in ('active', 'suspended')),
    -- When its leads may be called at all; a campaign can only narrow it.
    calling_hours jsonb not null,
    calls_per_day_max int not null check (calls_per_day_max >= 0),
    calls_per_lead_and_day_max int not null default 2 check (calls_per_lead_and_day_max between 0 and 10),
    -- Between two rings of one phone, over all campaigns.
    ring_gap_minutes_min int not null default 60 check (ring_gap_minutes_min >= 0),
    lines_max int not null check (lines_max > 0),
    created_at timestamptz not null
);
alter table organizations enable row level security;
create policy tenant on organizations to trunkline_app
    using (id = (select current_organization()))
    with check (id = (select current_organization()));
create policy agency on organizations for select to trunkline_agency using (true);
grant select, insert, update on organizations to trunkline_app;
grant select on organizations to trunkline_agency;

create table memberships (
    organization_id uuid not null references organizations,
    user_id uuid not null references users on delete cascade,
    role text not null check (role in ('manager', 'viewer')),
    created_at timestamptz not null,
    primary key (organization_id, user_id)
);
create index memberships_user on memberships (user_id);
select own_by_organization('memberships');

create table agents (
    organization_id uuid not null references organizations,
    id uuid not null,
    name text not null,
    status text not null default 'active' check (status in ('active', 'resting')),
    -- Calls of this agent at once.
    lines_max int not null check (lines_max > 0),
    -- Without it no call ends as voicemail, it shows up as answered (contract §1.5).
    detects_voicemail boolean not null default false,
    created_at timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, name)
);
select own_by_organization('agents');

-- The copy of an agent at one provider account.
create table agent_deployments (
    organization_id uuid not null,
    agent_id uuid not null,
    provider_account_id uuid not null references provider_accounts,
    assistant_id text not null,
    created_at timestamptz not null,
    primary key (organization_id, agent_id, provider_account_id),
    foreign key (organization_id, agent_id) references agents (organization_id, id),
    unique (provider_account_id, assistant_id)
);
select own_by_organization('agent_deployments');

create table phone_numbers (
    organization_id uuid not null references organizations,
    id uuid not null,
    provider_account_id uuid not null references provider_accounts,
    provider_number_id text not null,
    number text not null check (number ~ '^\+[1-9][0-9]{4,14}$'),
    label text not null default '',
    status text not null default 'active' check (status in ('active', 'resting', 'dead')),
    -- Why it rests or is dead, in words, and until when it rests.
    status_reason text,
    resting_until timestamptz,
    calls_per_day_max int not null check (calls_per_day_max >= 0),
    created_at timestamptz not null,
    primary key (organization_id, id),
    unique (provider_account_id, provider_number_id)
);
create index phone_numbers_number on phone_numbers (organization_id, number);
select own_by_organization('phone_numbers');

create table dnc_entries (
    organization_id uuid not null references organizations,
    phone text not null,
    reason text not null,
    source text not null check (source in ('person', 'call', 'import')),
    created_at timestamptz not null,
    primary key (organization_id, phone)
);
select own_by_organization('dnc_entries');

create table audit_entries (
    organization_id uuid not null references organizations,
    id uuid not null,
    -- null: the program itself.
    user_id uuid,
    action text not null,
    subject text not null,
    detail jsonb not null default '{}',
    created_at timestamptz not null,
    primary key (organization_id, id)
);
create index audit_entries_latest on audit_entries (organization_id, created_at desc, id desc);
select own_by_organization('audit_entries');
