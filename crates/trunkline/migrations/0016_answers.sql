-- What is answered while a call goes on: who takes it, where it may go on to, what the agent's tools do, what is known.

-- Who takes the calls to a number. The row without a number is for all numbers of the organization that have none of their
-- own; without any row the agent that called last takes the call, or else the first agent.
create table inbound_plans (
    organization_id uuid not null references organizations,
    id uuid not null,
    phone_number_id uuid,
    -- null: the first agent at the number's account.
    agent_id uuid,
    -- As calling hours are written, in the organization's zone; null: always.
    hours jsonb,
    -- Calls to the number at once; null: as many as the organization has lines.
    lines_max int check (lines_max > 0),
    -- What becomes of a caller whom nobody takes: another agent, else another phone, else a sentence.
    overflow_agent_id uuid,
    overflow_number text check (overflow_number ~ '^\+[1-9][0-9]{4,14}$'),
    overflow_message text check (length(overflow_message) between 1 and 500),
    updated_at timestamptz not null,
    primary key (organization_id, id),
    unique nulls not distinct (organization_id, phone_number_id),
    foreign key (organization_id, phone_number_id) references phone_numbers (organization_id, id),
    foreign key (organization_id, agent_id) references agents (organization_id, id),
    foreign key (organization_id, overflow_agent_id) references agents (organization_id, id)
);
create index inbound_plans_agent on inbound_plans (organization_id, agent_id);
create index inbound_plans_overflow_agent on inbound_plans (organization_id, overflow_agent_id);
select own_by_organization('inbound_plans');

-- Where a call may be transferred to, and nowhere else.
create table transfer_destinations (
    organization_id uuid not null references organizations,
    name text not null check (length(name) between 1 and 60),
    number text not null check (number ~ '^\+[1-9][0-9]{4,14}$'),
    -- Said to the person before the transfer; null: nothing.
    message text check (length(message) between 1 and 500),
    -- The first one is meant when none is named.
    place int not null,
    updated_at timestamptz not null,
    primary key (organization_id, name)
);
select own_by_organization('transfer_destinations');

-- The organization's own tools, which its own server answers.
create table tools (
    organization_id uuid not null references organizations,
    name text not null check (name ~ '^[A-Za-z0-9_-]{1,64}$'),
    url text not null check (length(url) <= 2000),
    -- Signs what is sent there.
    sealed_secret bytea not null,
    -- The rest of the time of a live call is ours and the provider's.
    timeout_ms int not null check (timeout_ms between 100 and 12000),
    updated_at timestamptz not null,
    primary key (organization_id, name)
);
select own_by_organization('tools');
-- All but the sealed secret.
revoke select on tools from trunkline_agency;
grant select (organization_id, name, url, timeout_ms, updated_at) on tools to trunkline_agency;

-- What agents noted in calls. A call may be unknown to the ledger yet: its webhooks wait to be applied.
create table call_notes (
    organization_id uuid not null references organizations,
    id uuid not null,
    provider_account_id uuid not null references provider_accounts,
    provider_call_id text not null,
    -- A question that is asked again is the same note.
    tool_call_id text not null,
    lead_id uuid,
    text text not null check (length(text) <= 2000),
    created_at timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, provider_account_id, provider_call_id, tool_call_id),
    foreign key (organization_id, lead_id) references leads (organization_id, id)
);
create index call_notes_lead on call_notes (organization_id, lead_id, created_at desc) where lead_id is not null;
create index call_notes_call on call_notes (provider_account_id, provider_call_id);
select own_by_organization('call_notes');

-- The organization's documents, in passages that fit into an answer. No index on the words: the policy is asked first, and
-- text search may not be before it, so one organization's passages are read, of which there are few.
create table knowledge_passages (
    organization_id uuid not null references organizations,
    document text not null check (length(document) between 1 and 200),
    place int not null,
    content text not null,
    -- Of the content.
    words tsvector not null,
    created_at timestamptz not null,
    primary key (organization_id, document, place)
);
select own_by_organization('knowledge_passages');

-- What a node remembers of who takes calls (`store/reception.rs`).
create trigger tell_change after insert or update or delete on inbound_plans
    for each statement execute function tell_change();
create trigger tell_change after insert or update or delete on transfer_destinations
    for each statement execute function tell_change();
create trigger tell_change after insert or update or delete on tools
    for each statement execute function tell_change();
create trigger tell_change after insert or update or delete on agents
    for each statement execute function tell_change();
create trigger tell_change after insert or update or delete on organizations
    for each statement execute function tell_change();
