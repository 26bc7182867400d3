//! Call-backs at a time that the lead named.

use super::statement::sql;
use super::subjects::CallClues;
use super::{Result, TenantTx, columns, organization_turns};
use crate::domain::calling_hours::CallingHours;
use crate::domain::ids::EnrollmentId;
use jiff::Timestamp;

/// The place in a campaign that a call-back would be for.
#[derive(Debug, Clone)]
pub struct Place {
    pub enrollment: EnrollmentId,
    /// IANA name, as it was given with the lead.
    pub time_zone: Option<String>,
    pub postal_code: Option<String>,
    pub phone: String,
    /// IANA name.
    pub organization_zone: String,
    /// Of the organization and of the campaign together.
    pub hours: CallingHours,
}

// The call's own place; else, in a call that came in, the latest that goes on.
sql!(
    PLACE,
    "select e.id, l.time_zone, l.postal_code, l.phone, o.time_zone, o.calling_hours, c.calling_hours
     from enrollments e
     join campaigns c on c.organization_id = e.organization_id and c.id = e.campaign_id
     join leads l on l.organization_id = e.organization_id and l.id = e.lead_id
     join organizations o on o.id = e.organization_id
     where e.organization_id = $1 and e.status <> 'done' and c.status in ('running', 'paused')
       and e.id = coalesce(
           (select enrollment_id from attempts
            where organization_id = $1 and provider_account_id = $2 and provider_call_id = $3
            limit 1),
           (select enrollment_id from attempts where organization_id = $1 and provider_account_id = $2 and id = $4),
           (select p.id
            from leads w
            join enrollments p on p.organization_id = w.organization_id and p.lead_id = w.id and p.status <> 'done'
            join campaigns r on r.organization_id = p.organization_id and r.id = p.campaign_id
                            and r.status in ('running', 'paused')
            where w.organization_id = $1 and w.phone = $5
            order by p.created_at desc, p.id desc
            limit 1))"
);

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

/// What a call-back of the person in a call would be for; `None` if nothing is planned or under way for it.
pub async fn place(tx: &TenantTx, clues: CallClues<'_>) -> Result<Option<Place>> {
    let CallClues { account, provider_call_id, attempt, phone } = clues;
    let row = tx.one_or_none(PLACE, &[&tx.organization, &account, &provider_call_id, &attempt, &phone]).await?;
    let Some(row) = row else { return Ok(None) };
    let hours: CallingHours = columns::json(&row, 5)?;
    Ok(Some(Place {
        enrollment: row.get(0),
        time_zone: row.get(1),
        postal_code: row.get(2),
        phone: row.get(3),
        organization_zone: row.get(4),
        hours: hours.intersection(&columns::json(&row, 6)?),
    }))
}

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
