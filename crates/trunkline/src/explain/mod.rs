//! "Why is this not being called?", read from the database as it stands: by the facts that a claim would read, and without
//! a lock. What is answered is `domain::why`'s.

mod case;
mod json;
mod preflight;
mod question;

pub use preflight::{Flight, preflight};
pub use question::{CampaignKey, LeadKey, NumberKey, Question};

use crate::dialer::{Look, look};
use crate::domain::ids::{CampaignId, LeadId};
use crate::domain::phone_number::PhoneNumber;
use crate::domain::why::{self, Answer, LeadCase, NumberCase, OrganizationCase, Reader, TurnCase};
use crate::store::{Result, TenantTx, dnc, why as asked};
use jiff::Timestamp;

/// An answer, and for a lead the one of each of its campaigns.
#[derive(Debug, Clone)]
pub struct Explained {
    pub subject: Subject,
    pub answer: Answer,
    pub campaigns: Vec<InCampaign>,
}

/// What was asked about, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// With its name, else its phone.
    Lead(LeadId, String),
    Campaign(CampaignId, String),
    /// In E.164.
    Number(String),
    Organization,
}

/// The answer for one of a lead's campaigns.
#[derive(Debug, Clone)]
pub struct InCampaign {
    pub id: CampaignId,
    pub name: String,
    pub answer: Answer,
}

/// Answers as of `now`, which may be another instant than this one: what if it were then. What does not exist is not found.
pub async fn explain(tx: &TenantTx, question: &Question, now: Timestamp, reader: &Reader) -> Result<Explained> {
    match question {
        Question::Lead(key) => lead(tx, key, now, reader).await,
        Question::Campaign(key) => campaign(tx, key, now, reader).await,
        Question::Number(key) => number(tx, key, now, reader).await,
        Question::Organization => {
            organization(tx, now, reader).await.map(|answer| alone(Subject::Organization, answer))
        }
    }
}

fn alone(subject: Subject, answer: Answer) -> Explained {
    Explained { subject, answer, campaigns: Vec::new() }
}

async fn lead(tx: &TenantTx, key: &LeadKey, now: Timestamp, reader: &Reader) -> Result<Explained> {
    let lead = match key {
        LeadKey::Id(id) => asked::lead(tx, Some(*id), None).await?,
        LeadKey::Phone(phone) => asked::lead(tx, None, Some(phone)).await?,
    };
    let places = asked::places(tx, lead.id).await?;
    let ids: Vec<CampaignId> = places.iter().map(|place| place.campaign.id).collect();
    let look = look(tx, now, &ids).await?;
    let phone = case::phone_facts(tx, &lead.phone, now).await?;
    let entry = dnc::of_phone(tx, &lead.phone).await?;
    let list = entry.map(|entry| case::list(&entry));
    let who = case::who(&lead.name, &lead.phone);
    let case = LeadCase {
        now,
        who: &who,
        dnc: list.as_deref(),
        places: places.iter().map(|place| case::place(place, &lead, &look, &phone)).collect(),
        turn: turn(&look),
    };
    let in_campaign = |(place, id): (&why::Place<'_>, &CampaignId)| InCampaign {
        id: *id,
        name: place.campaign.name.to_owned(),
        answer: why::lead_in(&case, place, reader),
    };
    let name = if lead.name.is_empty() { who.clone() } else { lead.name.clone() };
    Ok(Explained {
        subject: Subject::Lead(lead.id, name),
        answer: why::lead(&case, reader),
        campaigns: case.places.iter().zip(&ids).map(in_campaign).collect(),
    })
}

async fn campaign(tx: &TenantTx, key: &CampaignKey, now: Timestamp, reader: &Reader) -> Result<Explained> {
    let campaign = campaign_of(tx, key).await?;
    let subject = Subject::Campaign(campaign.id, campaign.name.clone());
    let look = look(tx, now, &[campaign.id]).await?;
    let read = case::read(tx, campaign, now).await?;
    Ok(alone(subject, why::campaign(&read.case(&look, now), reader)))
}

async fn campaign_of(tx: &TenantTx, key: &CampaignKey) -> Result<asked::Campaign> {
    match key {
        CampaignKey::Id(id) => asked::campaign(tx, Some(*id), None).await,
        CampaignKey::Name(name) => asked::campaign(tx, None, Some(name)).await,
    }
}

async fn number(tx: &TenantTx, key: &NumberKey, now: Timestamp, reader: &Reader) -> Result<Explained> {
    let number = match key {
        NumberKey::Id(id) => asked::number(tx, Some(*id), None).await?,
        NumberKey::Number(number) => asked::number(tx, None, Some(number)).await?,
    };
    let campaigns = asked::campaigns_of_number(tx, number.id).await?;
    let used_by = campaigns.len() as u64;
    let (look, reads) = case::running(tx, campaigns, now).await?;
    let written =
        PhoneNumber::from_e164(&number.number).map_or_else(|_| number.number.clone(), PhoneNumber::international);
    let case = NumberCase {
        now,
        id: number.id,
        number: &written,
        standing: number.standing,
        standing_because: number.because.as_deref(),
        resting_until: number.resting_until,
        is_unanswered: number.is_unanswered,
        campaigns: reads.iter().map(|read| read.case(&look, now)).collect(),
        used_by,
    };
    let answer = why::number(&case, reader);
    Ok(alone(Subject::Number(number.number), answer))
}

async fn organization(tx: &TenantTx, now: Timestamp, reader: &Reader) -> Result<Answer> {
    let campaigns = asked::running(tx).await?;
    let (paused, scheduled, drafts) = asked::by_status(tx).await?;
    let (look, reads) = case::running(tx, campaigns, now).await?;
    let case = OrganizationCase {
        now,
        name: &look.organization,
        is_active: look.turn.is_active,
        campaigns: reads.iter().map(|read| read.case(&look, now)).collect(),
        paused,
        scheduled,
        drafts,
    };
    Ok(why::organization(&case, reader))
}

fn turn(look: &Look) -> TurnCase<'_> {
    TurnCase {
        organization: &look.organization,
        next_at: look.turn_at,
        quarantined_because: look.quarantine.as_ref().map(|quarantine| quarantine.because.as_str()),
    }
}
