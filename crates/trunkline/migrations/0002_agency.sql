-- What belongs to the agency as a whole: people, provider accounts and their lines.

create table users (
    id uuid primary key,
    email text not null,
    name text not null,
    -- argon2id in PHC form; null until the person has chosen one.
    password_hash text,
    -- null: the person is a member of organizations only.
    agency_role text check (agency_role in ('owner', 'operator')),
    failed_signins int not null default 0,
    signin_blocked_until timestamptz,
    created_at timestamptz not null
);
create unique index users_email on users (lower(email));

create table sessions (
    -- SHA-256 of the cookie; the cookie itself is nowhere.
    token_hash bytea primary key,
    user_id uuid not null references users on delete cascade,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_user on sessions (user_id);

create table signin_links (
    token_hash bytea primary key,
    user_id uuid not null references users on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);

-- The lines of one provider subscription, shared by its accounts.
create table line_pools (
    id uuid primary key,
    name text not null unique,
    lines_max int not null check (lines_max > 0),
    -- Our ledger of lines: taken at the claim, given back on proof of an end.
    lines_in_use int not null default 0 check (lines_in_use >= 0),
    -- Set when the provider says that it has no free line; nothing is claimed before.
    cooling_until timestamptz,
    created_at timestamptz not null
);

create table provider_accounts (
    id uuid primary key,
    line_pool_id uuid not null references line_pools,
    name text not null unique,
    base_url text not null,
    sealed_key bytea not null,
    key_ending text not null,
    requests_per_minute_max int not null default 80 check (requests_per_minute_max > 0),
    -- The UTC minute that is being counted, as the provider counts (contract §5.2).
    minute_at timestamptz not null default 'epoch',
    minute_requests int not null default 0,
    status text not null default 'active' check (status in ('active', 'paused')),
    paused_until timestamptz,
    pause_reason text,
    -- Consecutive sends with an unknown outcome, for the circuit breaker.
    unknowns_in_a_row int not null default 0,
    swept_until timestamptz,
    created_at timestamptz not null
);

-- How webhooks of an account prove where they come from. Several at once: a secret is rotated with an overlap.
create table webhook_credentials (
    id uuid primary key,
    provider_account_id uuid not null references provider_accounts on delete cascade,
    kind text not null check (kind in ('bearer', 'secret', 'hmac')),
    sealed_secret bytea not null,
    -- Header names, prefix, algorithm: the fields of vapi::webhook_auth, as JSON.
    settings jsonb not null default '{}',
    created_at timestamptz not null,
    expires_at timestamptz
);
create index webhook_credentials_account on webhook_credentials (provider_account_id);

-- Phones that nobody may call, whatever the organization.
create table agency_dnc_entries (
    phone text primary key,
    reason text not null,
    created_at timestamptz not null
);

-- Facts of the installation, such as the demo's clock.
create table settings (
    name text primary key,
    value jsonb not null
);

grant select, insert, update on line_pools, provider_accounts, webhook_credentials, settings to trunkline_app;
grant delete on webhook_credentials to trunkline_app;
grant select, insert, delete on agency_dnc_entries to trunkline_app;
grant select on line_pools to trunkline_agency;
-- All but the sealed key.
grant select (id, line_pool_id, name, base_url, key_ending, requests_per_minute_max, minute_at, minute_requests,
              status, paused_until, pause_reason, unknowns_in_a_row, swept_until, created_at)
    on provider_accounts to trunkline_agency;
grant select (id, email, name, agency_role, created_at) on users to trunkline_agency;
-- People and their sessions are reached through the functions of schema across only: no route can list them by mistake.
