insert into events (call, body)
select * from unnest($1::text[], $2::bytea[])
on conflict do nothing
