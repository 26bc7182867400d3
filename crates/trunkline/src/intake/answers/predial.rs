//! `campaign.predial`: may a contact of a campaign at the provider be called? Campaigns are ours, but one that an
//! organization runs there keeps to its do-not-call list and hours too. Who cannot be asked about is not called.

use super::{Answers, Question, in_time};
use crate::domain::phone_number::PhoneNumber;
use crate::domain::time_zone::{self, LeadZone};
use crate::store::{Result, dnc, organizations};
use jiff::SignedDuration;
use vapi::{Contact, PredialAnswer};

pub(super) async fn answer(answers: &Answers, question: &Question, contact: Option<&Contact>) -> PredialAnswer {
    let number = contact.and_then(|contact| contact.number.as_deref());
    let Some(phone) = number.and_then(|number| PhoneNumber::from_e164(number).ok()) else {
        return PredialAnswer { eligible: false };
    };
    let eligible = in_time("what a contact allows", may_be_called(answers, question, phone)).await;
    PredialAnswer { eligible: eligible == Some(true) }
}

async fn may_be_called(answers: &Answers, question: &Question, phone: PhoneNumber) -> Result<bool> {
    let Some(organization) = question.organization else { return Ok(false) };
    let tx = answers.db.tenant(organization).await?;
    let organization = organizations::get(&tx).await?;
    let is_forbidden = dnc::of_phone(&tx, &phone.to_string()).await?.is_some();
    tx.commit().await?;
    let Ok(zone) = time_zone::named(&organization.time_zone) else { return Ok(false) };
    let zone = LeadZone::of(None, None, phone, &zone);
    let is_open = organization.limits.calling_hours.is_open(answers.clock.now(), zone.zones(), SignedDuration::ZERO);
    Ok(organization.is_active && !is_forbidden && is_open)
}
