-- The roles of Trunkline. Run by a superuser before the first migration, or on a managed database, which has none, by an
-- administrator who may create roles. Harmless when repeated.
--
-- trunkline_owner  owns the schema; the migrations run as it
-- trunkline_app    what the program is while it works; row-level security binds it
-- trunkline_agency may ask the few questions across organizations; the program becomes it for just those
-- trunkline_turns  may reach the organizations whose turns a claim holds; the program becomes it for just that

set client_min_messages = warning;

do $$
declare
    role_name text;
begin
    foreach role_name in array array['trunkline_owner', 'trunkline_app', 'trunkline_agency', 'trunkline_turns'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I', role_name);
        end if;
        -- Only a superuser may say so, even of a role that has none of this; a new one has not.
        if exists (select from pg_roles where rolname = role_name and (rolsuper or rolreplication or rolbypassrls)) then
            execute format('alter role %I nosuperuser noreplication nobypassrls', role_name);
        end if;
    end loop;
end
$$;

alter role trunkline_owner login nocreatedb nocreaterole;
alter role trunkline_app login noinherit nocreatedb nocreaterole;
alter role trunkline_agency nologin nocreatedb nocreaterole;
alter role trunkline_turns nologin nocreatedb nocreaterole;

grant trunkline_agency, trunkline_turns to trunkline_app;
