-- Rows of organizations in turn are looked up by their own keys, whatever the planner believes of the tables.

-- A bare "= any" of a policy becomes a condition of every index that begins with the organization: each look-up then walks
-- through all organizations in turn, and the planner, counting the organization twice, takes half an
-- organization's rows for none. Within "coalesce" it is a check of the rows that were found.
create or replace function open_to_turns(table_name regclass, owner_column text) returns void
language plpgsql
as $$
begin
    execute format('drop policy if exists turns on %s', table_name);
    execute format(
        'create policy turns on %s to trunkline_turns
         using (coalesce(%I = any ((select organizations_in_turn())::uuid[]), false))
         with check (coalesce(%I = any ((select organizations_in_turn())::uuid[]), false))',
        table_name, owner_column, owner_column);
    execute format('grant select, insert, update on %s to trunkline_turns', table_name);
end
$$;
select open_to_turns(format('%I', tablename)::regclass, case tablename when 'organizations' then 'id' else 'organization_id' end)
from pg_policies
where schemaname = 'public' and policyname = 'turns';

-- For whoever names the account, and nobody else: else it is read from end to end in place of an organization's few.
drop index attempts_on_account;
create index attempts_on_account on attempts (provider_account_id)
    where state in ('reserved', 'sending', 'unknown', 'accepted', 'held') and provider_account_id is not null;
-- An organization's open attempts are few, and found by attempts_open_phone.
drop index attempts_open_campaign;

-- An enrollment is taken up and comes back without a new entry in any index: these rows stay in their page.
drop index enrollments_open;
create index enrollments_open on enrollments (organization_id, campaign_id) where done_at is null;
alter table enrollments add check ((status = 'done') = (done_at is not null));
alter table enrollments set (fillfactor = 80);
alter table phone_numbers set (fillfactor = 60);

-- A turn takes four attempts, and a fifth tells that there are more.
alter table organization_dispatch alter column candidates_max set default 5;
