-- How many organizations, numbers and leads have more calls than they may, or another count than they have calls.
with taken as (
    select organization_id, phone_number_id, phone, count(*)::int as calls
    from attempts
    where reserved_at is not null
    group by grouping sets ((organization_id), (organization_id, phone_number_id), (organization_id, phone))
), counted as (
    select organization_id, null::uuid as phone_number_id, null as phone, calls, calls_max from organization_days
    union all
    select organization_id, phone_number_id, null, calls, calls_max from phone_number_days
    union all
    select organization_id, null, phone, calls, calls_max from lead_days
)
select count(*)::float8
from taken t
full join counted c on c.organization_id = t.organization_id
    and c.phone_number_id is not distinct from t.phone_number_id and c.phone is not distinct from t.phone
where t.calls is distinct from c.calls or c.calls > c.calls_max
