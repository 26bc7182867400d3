-- As little as one can keep of an event.
create table events (
    id bigint generated always as identity primary key,
    call text not null unique,
    received_at timestamptz not null default now(),
    body bytea not null
);
alter table events alter column body set storage external
