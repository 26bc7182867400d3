//! What the provider says about a number while it is dialed from: capped for the day, or gone.

use super::statement::sql;
use super::{Result, TenantTx};
use crate::domain::ids::PhoneNumberId;
use jiff::Timestamp;

sql!(
    REST,
    "update phone_numbers
     set status = 'resting', resting_until = $3, status_reason = $4
     where organization_id = $1 and id = $2 and status <> 'dead'"
);
sql!(
    KILL,
    "update phone_numbers
     set status = 'dead', resting_until = null, status_reason = $3
     where organization_id = $1 and id = $2"
);

/// Makes no call from the number until `until`.
pub async fn rest(tx: &TenantTx, number: PhoneNumberId, until: Timestamp, reason: &str) -> Result<()> {
    tx.run(REST, &[&tx.organization, &number, &until, &reason]).await?;
    Ok(())
}

/// The number is gone at the provider; only a person brings it back.
pub async fn kill(tx: &TenantTx, number: PhoneNumberId, reason: &str) -> Result<()> {
    tx.run(KILL, &[&tx.organization, &number, &reason]).await?;
    Ok(())
}
