-- Leads and the files they came in.

create table lead_imports (
    organization_id uuid not null references organizations,
    id uuid not null,
    file_name text not null,
    file_hash bytea not null,
    user_id uuid,
    rows int not null,
    created int not null,
    updated int not null,
    duplicates int not null,
    problems int not null,
    -- What each column of the file was used for, and how many leads are in each time zone.
    columns jsonb not null default '[]',
    zones jsonb not null default '[]',
    created_at timestamptz not null,
    primary key (organization_id, id)
);
create index lead_imports_latest on lead_imports (organization_id, created_at desc, id desc);
create index lead_imports_file on lead_imports (organization_id, file_hash);
select own_by_organization('lead_imports');

create table lead_import_problems (
    organization_id uuid not null,
    lead_import_id uuid not null,
    -- Line of the file, counted from 1, as an editor shows it.
    line int not null,
    column_name text not null,
    value text not null,
    reason text not null,
    primary key (organization_id, lead_import_id, line, column_name),
    foreign key (organization_id, lead_import_id) references lead_imports (organization_id, id) on delete cascade
);
select own_by_organization('lead_import_problems');

create table leads (
    organization_id uuid not null references organizations,
    id uuid not null,
    phone text not null check (phone ~ '^\+[1-9][0-9]{4,14}$'),
    name text not null default '',
    -- As given; null: the zones of the number, else the organization's.
    time_zone text,
    external_id text,
    variables jsonb not null default '{}',
    -- The file in which it came last.
    lead_import_id uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    -- One phone is one lead, whichever list it came in.
    unique (organization_id, phone),
    foreign key (organization_id, lead_import_id) references lead_imports (organization_id, id)
);
-- The agency looks for a phone in all organizations.
create index leads_phone on leads (phone);
create index leads_latest on leads (organization_id, created_at desc, id desc);
create index leads_import on leads (organization_id, lead_import_id, id) where lead_import_id is not null;
select own_by_organization('leads');
