-- Numbers that people stop answering rest by themselves (domain/answer_rate.rs).

create table phone_number_answers (
    organization_id uuid not null,
    phone_number_id uuid not null,
    -- Its latest first calls to a lead, the oldest first: 1 was answered, 0 was not.
    answers text not null check (answers ~ '^[01]*$' and length(answers) <= 300),
    -- Calls that were sent before are no part of it.
    begun_at timestamptz not null default '-infinity',
    -- When the number was last put to rest for it.
    rested_at timestamptz,
    primary key (organization_id, phone_number_id),
    foreign key (organization_id, phone_number_id) references phone_numbers (organization_id, id)
) with (fillfactor = 50);
select own_by_organization('phone_number_answers');
