-- An assistant and a number of each organization, and the account where both are.
select distinct on (n.organization_id) d.assistant_id, n.provider_number_id, n.provider_account_id
from agent_deployments d
join phone_numbers n on n.organization_id = d.organization_id and n.provider_account_id = d.provider_account_id
order by n.organization_id, n.id
