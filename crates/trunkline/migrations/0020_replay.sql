-- One event that was set aside is applied again.

create function across.replay_event(event uuid) returns bigint
language sql security definer set search_path = public, pg_temp
as $$
    with replayed as (
        update events set state = 'kept', tries = 0, problem = null
        where state = 'set_aside' and id = event
        returning 1
    )
    select count(*) from replayed
$$;
revoke execute on function across.replay_event(uuid) from public;
grant execute on function across.replay_event(uuid) to trunkline_app;
