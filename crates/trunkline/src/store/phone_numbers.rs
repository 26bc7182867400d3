//! The numbers that an organization calls from.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::{PhoneNumberId, ProviderAccountId};
use jiff::Timestamp;

#[derive(Debug, Clone)]
pub struct NewPhoneNumber {
    pub id: PhoneNumberId,
    pub account: ProviderAccountId,
    /// The provider's id of it.
    pub provider_number_id: String,
    /// In E.164.
    pub number: String,
    /// What people call it; may be empty.
    pub label: String,
    pub calls_per_day_max: i32,
}

#[derive(Debug, Clone)]
pub struct PhoneNumber {
    pub id: PhoneNumberId,
    /// In E.164.
    pub number: String,
    pub label: String,
    pub is_usable: bool,
    pub calls_per_day_max: i32,
}

sql!(
    CREATE,
    "insert into phone_numbers (organization_id, id, provider_account_id, provider_number_id, number, label,
                                calls_per_day_max, created_at)
     select $1, n.id, n.account, n.provider_number_id, n.number, n.label, n.calls_per_day_max, $2
     from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[])
         as n (id, account, provider_number_id, number, label, calls_per_day_max)"
);
sql!(
    LIST,
    "select id, number, label, status = 'active' or (status = 'resting' and coalesce(resting_until <= $3, false)), calls_per_day_max
     from phone_numbers
     where organization_id = $1
     order by number, id
     limit $2"
);

/// Makes numbers, all or none of them. One that is known already at its account is a conflict.
pub async fn create(tx: &TenantTx, numbers: &[NewPhoneNumber], now: Timestamp) -> Result<()> {
    let ids: Vec<PhoneNumberId> = numbers.iter().map(|number| number.id).collect();
    let accounts: Vec<ProviderAccountId> = numbers.iter().map(|number| number.account).collect();
    let provider_ids: Vec<&str> = numbers.iter().map(|number| number.provider_number_id.as_str()).collect();
    let phones: Vec<&str> = numbers.iter().map(|number| number.number.as_str()).collect();
    let labels: Vec<&str> = numbers.iter().map(|number| number.label.as_str()).collect();
    let calls_max: Vec<i32> = numbers.iter().map(|number| number.calls_per_day_max).collect();
    tx.run(CREATE, &[&tx.organization, &now, &ids, &accounts, &provider_ids, &phones, &labels, &calls_max]).await?;
    Ok(())
}

/// The first `count_max` numbers.
pub async fn list(tx: &TenantTx, count_max: i64, now: Timestamp) -> Result<Vec<PhoneNumber>> {
    let rows = tx.all(LIST, &[&tx.organization, &count_max, &now]).await?;
    let read = |row: &tokio_postgres::Row| PhoneNumber {
        id: row.get(0),
        number: row.get(1),
        label: row.get(2),
        is_usable: row.get(3),
        calls_per_day_max: row.get(4),
    };
    Ok(rows.iter().map(read).collect())
}
