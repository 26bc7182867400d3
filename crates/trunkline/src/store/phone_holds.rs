//! Phones that an organization leaves alone for a while, because one call too many was made to them.

use super::statement::sql;
use super::{Bound, Result};
use crate::domain::ids::OrganizationId;
use jiff::Timestamp;

sql!(
    HOLD,
    "insert into phone_holds as h (organization_id, phone, held_until, because, created_at)
     values ($1, $2, $3, $4, $5)
     on conflict (organization_id, phone) do update
     set held_until = greatest(h.held_until, excluded.held_until), because = excluded.because,
         created_at = excluded.created_at"
);

/// No campaign of the organization calls the phone before `until`.
pub async fn hold(
    tx: &impl Bound,
    (organization, phone): (OrganizationId, &str),
    until: Timestamp,
    because: &str,
    now: Timestamp,
) -> Result<()> {
    tx.run(HOLD, &[&organization, &phone, &until, &because, &now]).await?;
    Ok(())
}
