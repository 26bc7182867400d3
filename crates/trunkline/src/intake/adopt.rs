//! Adopting a call that the provider has and a restored ledger does not: its attempt is claimed and sent on paper, so that
//! the call's own evidence then settles it like any other.

use crate::domain::call_evidence::CallEvidence;
use crate::domain::ids::{AttemptId, ProviderAccountId};
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::protocol::{Happening, Moment, Unsent};
use crate::domain::status::AttemptState;
use crate::domain::time_zone::{self, LeadZone};
use crate::settlement;
use crate::store::adoptions::{self, Place, Traces};
use crate::store::reservations::{self, ClaimTerms, Fenced, Reservation};
use crate::store::{Result, TenantTx, attempt_sends, attempts, organization_turns, phone_holds};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use vapi::{Call, Fetched};

/// What becomes of a try that was planned while the call to adopt was under way.
const ADOPTED_INSTEAD: &str = "a call that was made after the backup takes its place";
const UNPLACED: &str = "it was called after the backup that was restored, for a campaign that is not known any more";

/// Gives the call its attempt, where the ledger does not know that it was sent. A call of a campaign that came after the
/// backup has none: its phone is left alone for the rest of its day.
pub(super) async fn adopt(
    tx: &TenantTx,
    account: ProviderAccountId,
    (call, evidence): (&Fetched<Call>, &CallEvidence),
    moment: &Moment,
) -> Result<()> {
    let (Some(attempt), Some(phone)) = (evidence.attempt, evidence.phone.as_deref()) else { return Ok(()) };
    let placed_at = evidence.placed_at.unwrap_or(moment.now);
    let traces = traces(account, call, evidence, phone);
    let marked = adoptions::marked(tx, attempt).await?;
    let fenced = match marked.map(|marked| (marked.state, marked.fence)) {
        Some((AttemptState::Reserved, Some(fence))) => Fenced { attempt, fence },
        Some((AttemptState::Scheduled, _)) | None => {
            let traces = Traces { enrollment: marked.map(|one| one.enrollment).or(traces.enrollment), ..traces };
            let Some(place) = adoptions::place(tx, &traces).await? else {
                return leave_alone(tx, phone, placed_at, moment.now).await;
            };
            give_back_reserved(tx, phone, attempt, moment).await?;
            if marked.is_none() {
                attempts::withdraw_planned(tx, (tx.organization, place.enrollment), ADOPTED_INSTEAD, moment.now)
                    .await?;
                adoptions::add(tx, attempt, &place, phone, placed_at).await?;
            }
            claim(tx, attempt, (account, &place), (phone, placed_at)).await?
        }
        // It is known to have been sent: its call is evidence as at any time.
        Some(_) => return Ok(()),
    };
    attempt_sends::send(tx, fenced, placed_at, moment.now + moment.timing.sending_max).await
}

/// What was reserved for the phone at the time of the backup was given back before this call was made: one attempt on a phone
/// is open at a time, and the calls come in the order in which they were made.
async fn give_back_reserved(tx: &TenantTx, phone: &str, attempt: AttemptId, moment: &Moment) -> Result<()> {
    let Some(reserved) = adoptions::another_reserved(tx, phone, attempt).await? else { return Ok(()) };
    let mut reserved = attempts::lock(tx, reserved).await?;
    settlement::happen(tx, &mut reserved, Happening::Unsent(&Unsent::LEASE_OVER), moment).await?;
    Ok(())
}

fn traces<'a>(
    account: ProviderAccountId,
    call: &Fetched<Call>,
    evidence: &'a CallEvidence,
    phone: &'a str,
) -> Traces<'a> {
    let external_id = call.customer.as_ref().and_then(|customer| customer.external_id.as_deref());
    Traces {
        account,
        enrollment: call.mark("enrollment").and_then(|id| id.parse().ok()),
        lead: external_id.and_then(|id| id.parse().ok()),
        phone,
        assistant_id: evidence.assistant_id.as_deref(),
        provider_number_id: evidence.provider_number_id.as_deref(),
    }
}

/// As the claim did that was lost, whatever the limits are now: what has rung is counted.
async fn claim(
    tx: &TenantTx,
    attempt: AttemptId,
    (account, place): (ProviderAccountId, &Place),
    (phone, placed_at): (&str, Timestamp),
) -> Result<Fenced> {
    let zone = organization_zone(tx).await?;
    let given = place.time_zone.as_deref().and_then(|name| time_zone::named(name).ok());
    let number = PhoneNumber::from_e164(phone).ok();
    let lead_zone = LeadZone::of(given.as_ref(), place.postal_code.as_deref(), number, &zone);
    let terms = ClaimTerms { now: placed_at, lease_until: placed_at, accounts_that_rested: &[] };
    let reservation = Reservation {
        organization: tx.organization,
        attempt,
        enrollment: place.enrollment,
        campaign: place.campaign,
        phone: phone.to_owned(),
        number: place.number,
        account,
        pool: place.pool,
        lead_day: lead_zone.counted_day(placed_at),
        organization_day: time_zone::local_day(placed_at, &zone),
        send_before: placed_at,
        price: Money(0),
        calls_per_day_max: i32::MAX,
        calls_per_lead_and_day_max: i32::MAX,
    };
    organization_turns::take_line(tx).await?;
    let fenced = reservations::reserve(tx, &terms, &[&reservation]).await?;
    fenced.first().map(|(_, fenced)| *fenced).ok_or(crate::store::Error::NotFound)
}

async fn leave_alone(tx: &TenantTx, phone: &str, placed_at: Timestamp, now: Timestamp) -> Result<()> {
    let zone = organization_zone(tx).await?;
    let lead_zone = LeadZone::of(None, None, PhoneNumber::from_e164(phone).ok(), &zone);
    let day_ends_at = lead_zone.counted_day_ends_at(placed_at);
    phone_holds::hold(tx, (tx.organization, phone), day_ends_at, UNPLACED, now).await
}

async fn organization_zone(tx: &TenantTx) -> Result<TimeZone> {
    Ok(time_zone::named(&adoptions::zone(tx).await?).unwrap_or(TimeZone::UTC))
}
