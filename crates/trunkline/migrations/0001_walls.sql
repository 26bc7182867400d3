-- The walls between organizations. Every tenant table is bound to its organization by own_by_organization().
--
-- Roles (made before the first migration, see `trunkline migrate --help`):
--   trunkline_owner   owns the schema; only migrations log in as it.
--   trunkline_app     the program; owns nothing, cannot bypass a policy.
--   trunkline_agency  reads all organizations; the program takes it on for one transaction, never inherits it.

create schema across;
grant usage on schema public, across to trunkline_app, trunkline_agency;

-- The organization of this transaction. Our own setting wins over the claims of a Supabase token.
-- A setting made with set_config(…, true) reads as '' afterwards, not as null.
create function current_organization() returns uuid
language sql stable
as $$
    select coalesce(
        nullif(current_setting('trunkline.organization_id', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'organization_id'
    )::uuid
$$;

-- Binds a table to its organization: policy, grants, and the key that foreign keys of other tenant tables refer to.
create function own_by_organization(table_name regclass) returns void
language plpgsql
as $$
begin
    execute format('alter table %s enable row level security', table_name);
    -- The subselect makes the planner ask once a statement, not once a row.
    execute format(
        'create policy tenant on %s to trunkline_app
         using (organization_id = (select current_organization()))
         with check (organization_id = (select current_organization()))', table_name);
    execute format('create policy agency on %s for select to trunkline_agency using (true)', table_name);
    execute format('grant select, insert, update, delete on %s to trunkline_app', table_name);
    execute format('grant select on %s to trunkline_agency', table_name);
end
$$;
revoke execute on function own_by_organization(regclass) from public;
