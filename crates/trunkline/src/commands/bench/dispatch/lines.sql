-- Lines that organizations and pools hold by their rows, beyond one for each attempt that is claimed.
select (select sum(lines_in_use) from organization_dispatch)::float8 + (select sum(lines_in_use) from line_pools)::float8
       - 2 * (select count(*) from attempts where state = 'reserved')
