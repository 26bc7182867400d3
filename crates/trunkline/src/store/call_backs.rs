//! Call-backs at a time that the lead named.

use super::statement::sql;
use super::{Result, TenantTx, organization_turns};
use crate::domain::ids::EnrollmentId;
use jiff::Timestamp;

// What is done stays done: a lead that was taken off is not called again by mistake.
sql!(
    SET,
    "update enrollments set call_back_at = $3
     where organization_id = $1 and id = $2 and status <> 'done'"
);
sql!(
    MOVE_PLANNED,
    "update attempts set due_at = $3
     where organization_id = $1 and enrollment_id = $2 and state = 'scheduled'"
);

/// The lead is called at `at`, within all limits, and not before; a try that is planned is moved there. During a call, the
/// next try is planned for then, whatever comes of the call. False: the enrollment is done. The caller holds the
/// organization's lock.
pub async fn set(tx: &TenantTx, enrollment: EnrollmentId, at: Timestamp) -> Result<bool> {
    if tx.run(SET, &[&tx.organization, &enrollment, &at]).await? == 0 {
        return Ok(false);
    }
    tx.run(MOVE_PLANNED, &[&tx.organization, &enrollment, &at]).await?;
    organization_turns::wake(tx, at).await?;
    Ok(true)
}
