-- Calls and the events they are made of.

create table calls (
    organization_id uuid not null references organizations,
    id uuid not null,
    provider_account_id uuid not null references provider_accounts,
    provider_call_id text not null,
    direction text not null check (direction in ('outbound', 'inbound', 'web')),
    -- null: not placed by us (inbound, or by hand at the provider).
    attempt_id uuid,
    campaign_id uuid,
    lead_id uuid,
    agent_id uuid,
    phone_number_id uuid,
    -- The other side's phone.
    phone text,
    -- Open text of the provider's, and its place in the life of a call: a call only moves forward.
    status text not null default 'queued',
    status_rank int not null default 0,
    holds_line boolean not null default false,
    placed_at timestamptz not null,
    started_at timestamptz,
    ended_at timestamptz,
    ended_reason text,
    outcome text check (outcome in ('answered', 'voicemail', 'no_answer', 'busy', 'refused', 'failed')),
    duration_ms bigint check (duration_ms >= 0),
    cost numeric,
    summary text,
    success text,
    has_report boolean not null default false,
    recording_url text,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    unique (provider_account_id, provider_call_id),
    foreign key (organization_id, attempt_id) references attempts (organization_id, id),
    foreign key (organization_id, campaign_id) references campaigns (organization_id, id),
    foreign key (organization_id, lead_id) references leads (organization_id, id),
    foreign key (organization_id, agent_id) references agents (organization_id, id),
    foreign key (organization_id, phone_number_id) references phone_numbers (organization_id, id)
);
create unique index calls_attempt on calls (organization_id, attempt_id) where attempt_id is not null;
create index calls_latest on calls (organization_id, placed_at desc, id desc);
create index calls_agency_latest on calls (placed_at desc, id desc);
create index calls_campaign on calls (organization_id, campaign_id, placed_at desc, id desc);
create index calls_lead on calls (organization_id, lead_id, placed_at desc);
create index calls_outcome on calls (organization_id, outcome, placed_at desc, id desc);
create index calls_going_on on calls (organization_id) where ended_at is null;
select own_by_organization('calls');

-- The large texts, apart from the rows that lists read.
create table call_reports (
    organization_id uuid not null,
    call_id uuid not null,
    transcript text,
    messages jsonb not null default '[]',
    analysis jsonb not null default '{}',
    primary key (organization_id, call_id),
    foreign key (organization_id, call_id) references calls (organization_id, id)
);
select own_by_organization('call_reports');

create table call_costs (
    organization_id uuid not null,
    call_id uuid not null,
    part text not null,
    amount numeric not null,
    primary key (organization_id, call_id, part),
    foreign key (organization_id, call_id) references calls (organization_id, id)
);
select own_by_organization('call_costs');

-- What a provider told us, kept before it has any effect.
create table events (
    id uuid primary key,
    -- null: nobody's yet. Such a row is invisible to every organization.
    organization_id uuid references organizations,
    provider_account_id uuid not null references provider_accounts,
    source text not null check (source in ('webhook', 'poll')),
    type text not null,
    provider_call_id text,
    -- The attempt named in the webhook's own address or in the call's name.
    attempt_id uuid,
    dedupe_key text not null,
    received_at timestamptz not null,
    -- The body as received, zstd.
    body bytea not null,
    state text not null check (state in ('kept', 'applied', 'unattributed', 'set_aside')),
    tries int not null default 0,
    applied_at timestamptz,
    problem text,
    unique (provider_account_id, dedupe_key),
    unique (organization_id, id),
    check (state <> 'applied' or organization_id is not null)
);
-- zstd bytes do not compress again.
alter table events alter column body set storage external;
create index events_to_apply on events (received_at, id) where state = 'kept';
create index events_call on events (organization_id, provider_call_id, received_at);
create index events_latest on events (received_at desc, id desc);
create index events_odd on events (received_at desc, id desc) where state in ('unattributed', 'set_aside');
select own_by_organization('events');
