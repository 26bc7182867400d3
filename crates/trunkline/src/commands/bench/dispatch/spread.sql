-- The organization with the most attempts taken, beside the one with the fewest.
select max(taken)::float8 / greatest(min(taken), 1)
from (select organization_id, count(reserved_at) as taken from attempts group by organization_id) t
