//! The tool `book_call_back`: the person wants to be called at another time, and is, within all limits.

use super::tool_calls::{Outcome, not_done};
use super::{Answers, Question};
use crate::domain::call_back::{agreed, spoken};
use crate::domain::ids::OrganizationId;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::time_zone::{self, LeadZone};
use crate::store::call_backs::{self, Place};
use crate::store::{Result, organization_turns};
use jiff::tz::TimeZone;
use vapi::ToolCall;

const NO_PLACE: &str = "nothing is planned for this person that could be moved";

pub(super) async fn run(answers: &Answers, question: &Question, call: &ToolCall) -> Outcome {
    let Some(organization) = question.organization else { return Err("nobody knows whose call this is".to_owned()) };
    let booked = book(answers, organization, question, call).await;
    booked.map_err(|error| not_done("book a call-back", &error))?
}

/// Under the organization's lock: the try that is planned is moved, or what comes of this call is.
async fn book(
    answers: &Answers,
    organization: OrganizationId,
    question: &Question,
    call: &ToolCall,
) -> Result<Outcome> {
    let now = answers.clock.now();
    let phone = question.phone();
    let tx = answers.db.tenant(organization).await?;
    organization_turns::lock(&tx).await?;
    let place = call_backs::place(&tx, question.clues(phone.as_deref())).await?;
    let Some(place) = place else { return Ok(Err(NO_PLACE.to_owned())) };
    let zones = zones(&place);
    let at = match agreed(&call.arguments, now, &zones, &place.hours) {
        Ok(at) => at,
        Err(why) => return Ok(Err(why.to_string())),
    };
    if !call_backs::set(&tx, place.enrollment, at).await? {
        return Ok(Err(NO_PLACE.to_owned()));
    }
    tx.commit().await?;
    Ok(Ok(format!("Booked: this person is called on {}.", spoken(at, zones.first()))))
}

fn zones(place: &Place) -> LeadZone {
    let given = place.time_zone.as_deref().and_then(|name| time_zone::named(name).ok());
    let organization = time_zone::named(&place.organization_zone).unwrap_or(TimeZone::UTC);
    LeadZone::of(given.as_ref(), place.postal_code.as_deref(), PhoneNumber::from_e164(&place.phone).ok(), &organization)
}
