//! A lead of the store as a row of a page.

use crate::domain::phone_number::PhoneNumber;
use crate::domain::time_zone::{self, LeadZone};
use crate::http::pages::calls::row::{drawn_outcome, lead_name};
use crate::store::lead_list::{LeadStanding, ListedLead};
use jiff::tz::TimeZone;
use ui::view::{LeadRow, LeadState, OperatorLeadRow, OrganizationName};

pub(crate) fn for_operator(lead: &ListedLead) -> OperatorLeadRow {
    let (slug, name, _) = lead.organization.clone();
    OperatorLeadRow { lead: for_client(lead), organization: OrganizationName { slug, name } }
}

pub(crate) fn for_client(lead: &ListedLead) -> LeadRow {
    LeadRow {
        id: lead.id.to_string(),
        name: lead_name(Some(&lead.name), &lead.phone),
        phone: lead.phone.clone(),
        zone: zone(lead),
        state: match lead.standing {
            LeadStanding::DoNotCall => LeadState::DoNotCall,
            LeadStanding::OnTheLine => LeadState::OnTheLine,
            LeadStanding::ToCall => LeadState::ToCall,
            LeadStanding::Reached => LeadState::Reached,
            LeadStanding::Exhausted => LeadState::Exhausted,
            LeadStanding::Idle => LeadState::Idle,
        },
        calls: u32::try_from(lead.calls).unwrap_or(u32::MAX),
        last_call: lead.last_call.map(|(outcome, at)| (drawn_outcome(outcome), at)),
        next_attempt_at: lead.next_attempt_at,
    }
}

/// The zone in which the lead's times are shown: of several in which it may be, the first.
fn zone(lead: &ListedLead) -> TimeZone {
    let organization = time_zone::named(&lead.organization.2).unwrap_or(TimeZone::UTC);
    lead_zone((lead.time_zone.as_deref(), lead.postal_code.as_deref()), &lead.phone, &organization)
        .and_then(|zone| zone.zones().first().cloned())
        .unwrap_or(organization)
}

/// In which zones a lead may be, by its given zone and its postal code; `None` if its phone is none that is called.
pub(crate) fn lead_zone(
    (given, postal_code): (Option<&str>, Option<&str>),
    phone: &str,
    organization: &TimeZone,
) -> Option<LeadZone> {
    let phone = PhoneNumber::from_e164(phone).ok()?;
    let given = given.and_then(|name| time_zone::named(name).ok());
    Some(LeadZone::of(given.as_ref(), postal_code, phone, organization))
}
