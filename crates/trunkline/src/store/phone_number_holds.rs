//! What the provider says about a number while it is dialed from: capped for the day, or gone.

use super::statement::sql;
use super::{Bound, Result, TenantTx};
use crate::domain::ids::{OrganizationId, PhoneNumberId};
use jiff::Timestamp;

// A person's rest has no end, and stays as it is.
sql!(
    REST,
    "update phone_numbers
     set status = 'resting', resting_until = $3, status_reason = $4, status_since = $5, status_by = null
     where organization_id = $1 and id = $2 and (status = 'active' or (status = 'resting' and resting_until < $3))"
);
sql!(
    KILL,
    "update phone_numbers
     set status = 'dead', resting_until = null, status_reason = $3, status_since = $4, status_by = null
     where organization_id = $1 and id = $2"
);

/// Makes no call from the number until `until`; false if it rests longer already, or is dead.
pub async fn rest(
    tx: &impl Bound,
    (organization, number): (OrganizationId, PhoneNumberId),
    until: Timestamp,
    reason: &str,
    now: Timestamp,
) -> Result<bool> {
    Ok(tx.run(REST, &[&organization, &number, &until, &reason, &now]).await? == 1)
}

/// The number is gone at the provider; only a person brings it back.
pub async fn kill(tx: &TenantTx, number: PhoneNumberId, reason: &str, now: Timestamp) -> Result<()> {
    tx.run(KILL, &[&tx.organization, &number, &reason, &now]).await?;
    Ok(())
}
