//! "Why is this not being called?": one sentence, from the same facts and by the same function that decides.
//!
//! What `dispatch_policy::decide` says about fresh facts is told together with what stands before deciding: a campaign that
//! does not run, an enrollment that is done, a try that is not due yet, a turn that has not come.

mod campaign;
mod figures;
mod lead;
mod number;
mod organization;
mod table;
#[cfg(test)]
mod tests;
mod times;
mod words;

pub use campaign::{CampaignCase, Waiting, campaign};
pub use lead::{LeadCase, Place, Planned, lead, lead_in};
pub use number::{NumberCase, NumberStanding, number};
pub use organization::{OrganizationCase, organization};
pub use table::{Group, table};
pub use times::when;

use super::dispatch_policy::{Decision, Deferral, Facts, decide};
use super::status::CampaignStatus;
use super::text_enum::text_enum;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Sooner than this, an instant is only when the dialer looks again.
const SOON: SignedDuration = SignedDuration::from_mins(2);
/// A turn that has been due for this long was taken by no node.
const TURN_OVERDUE: SignedDuration = SignedDuration::from_mins(2);
/// A pause without an end is written as an instant beyond this.
const FOREVER_YEAR: i16 = 9000;

text_enum! {
    /// How far something is from being called, or from calling. The first of them is nearest.
    pub enum Standing ("standing") {
        UnderWay = "under_way",
        /// Nothing stands against it.
        Due = "due",
        /// Its time will come, or something has to end first.
        Waits = "waits",
        /// Somebody has to change something.
        Blocked = "blocked",
        Never = "never",
    }
}

/// The answer, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub standing: Standing,
    /// The reason as a word: one of the policy's, or of what stands before deciding.
    pub because: &'static str,
    /// For people: the reason with its figures, and when it goes on.
    pub sentence: String,
    /// The next instant at which it may be called or call, where one is known.
    pub next_at: Option<Timestamp>,
    /// What was decided about.
    pub facts: Option<Box<Facts<'static>>>,
}

/// Who reads the answer.
#[derive(Debug, Clone)]
pub struct Reader {
    pub zone: TimeZone,
    /// False for a client, who is told of no provider account and no pool.
    pub sees_suppliers: bool,
}

/// The organization, and when its turn to dial comes.
#[derive(Debug, Clone)]
pub struct TurnCase<'a> {
    pub organization: &'a str,
    pub next_at: Timestamp,
    /// Why the database is in quarantine, if it is.
    pub quarantined_because: Option<&'a str>,
}

/// A campaign by name, and whether it runs.
#[derive(Debug, Clone, Copy)]
pub struct NamedCampaign<'a> {
    pub name: &'a str,
    pub status: CampaignStatus,
    pub status_reason: Option<&'a str>,
    pub starts_at: Option<Timestamp>,
}

/// A reason with what it means for the reader, before it is a sentence.
struct Verdict {
    standing: Standing,
    because: &'static str,
    /// Completes "… is not being called: ".
    reason: String,
    next_at: Option<Timestamp>,
}

impl Verdict {
    fn new(standing: Standing, because: &'static str, reason: impl Into<String>) -> Self {
        Self { standing, because, reason: reason.into(), next_at: None }
    }

    fn until(self, next_at: Option<Timestamp>) -> Self {
        Self { next_at, ..self }
    }
}

/// What keeps a campaign's leads waiting, whichever lead it is; `None` if it runs.
fn not_running(campaign: &NamedCampaign<'_>) -> Option<Verdict> {
    let name = campaign.name;
    let verdict = match campaign.status {
        CampaignStatus::Running => return None,
        CampaignStatus::Draft => Verdict::new(
            Standing::Blocked,
            "campaign_draft",
            format!("the campaign {name} is a draft, and somebody has to start it"),
        ),
        CampaignStatus::Scheduled => {
            Verdict::new(Standing::Waits, "campaign_scheduled", format!("the campaign {name} has not begun yet"))
                .until(campaign.starts_at)
        }
        CampaignStatus::Paused => {
            let why = campaign.status_reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
            let reason = format!("the campaign {name} is paused{why}, and somebody has to resume it");
            Verdict::new(Standing::Blocked, "campaign_paused", reason)
        }
        CampaignStatus::Stopped => {
            Verdict::new(Standing::Never, "campaign_stopped", format!("the campaign {name} was stopped"))
        }
        CampaignStatus::Completed => {
            Verdict::new(Standing::Never, "campaign_completed", format!("the campaign {name} is completed"))
        }
    };
    Some(verdict)
}

/// What stands still until a person acts: told before hours and limits, which would promise a time.
fn switched_off(facts: &Facts<'_>, turn: &TurnCase<'_>, reader: &Reader) -> Option<Verdict> {
    if let Some(why) = turn.quarantined_because {
        return Some(quarantined(why, reader));
    }
    if !facts.organization.agency_dials {
        let because = Deferral::AgencyPaused;
        return Some(Verdict::new(Standing::Blocked, because.as_str(), because.in_words()));
    }
    if !facts.organization.is_active {
        let reason = format!("{} is suspended", turn.organization);
        return Some(Verdict::new(Standing::Blocked, Deferral::OrganizationSuspended.as_str(), reason));
    }
    (!facts.campaign.agent_is_active)
        .then(|| Verdict::new(Standing::Blocked, Deferral::AgentResting.as_str(), Deferral::AgentResting.in_words()))
}

/// It ends by itself as a rule, and is nobody's switch. A client is not told how the agency runs its database.
fn quarantined(why: &str, reader: &Reader) -> Verdict {
    let reason = if reader.sees_suppliers {
        format!(
            "calling rests until every call that the provider was asked for is entered here ({why}), which takes a few minutes; \
             `trunkline quarantine show` tells what is missing, and `trunkline quarantine end` dials again without it"
        )
    } else {
        "calling rests until every call that was made before is known, which takes a few minutes".to_owned()
    };
    Verdict::new(Standing::Waits, "quarantine", reason)
}

/// What `decide` holds against it; `None` if it may be dialed.
fn decided(facts: &Facts<'_>, turn: &TurnCase<'_>, reader: &Reader) -> Option<Verdict> {
    match decide(facts) {
        Decision::Dial(_) => None,
        Decision::Exclude(because) => {
            Some(Verdict::new(Standing::Never, because.as_str(), figures::excluded(because, facts)))
        }
        Decision::Defer { until, because } => {
            let reason = words::reason(facts, because, turn, reader);
            let verdict = Verdict::new(words::standing(because), words::word(because, reader), reason);
            Some(verdict.until(next_instant(facts, until).filter(|_| words::standing(because) == Standing::Waits)))
        }
    }
}

/// The opening at or after `until`; `None` for the dialer's own rechecks and for what has no end.
fn next_instant(facts: &Facts<'_>, until: Timestamp) -> Option<Timestamp> {
    let has_end = until.to_zoned(TimeZone::UTC).year() < FOREVER_YEAR;
    let is_told = has_end && until > facts.now + SOON;
    is_told.then(|| opening_from(facts, until))
}

/// The first instant from `at` on that is inside the lead's hours.
fn opening_from(facts: &Facts<'_>, at: Timestamp) -> Timestamp {
    let lead = &facts.lead;
    lead.hours.next_open(at, lead.zone.zones(), super::dispatch_policy::EARLY_CLOSE).unwrap_or(at)
}

/// Nothing stands against a dial: then it is the turn that is waited for.
fn turn_of(turn: &TurnCase<'_>, now: Timestamp) -> Verdict {
    let organization = turn.organization;
    if turn.next_at > now + SOON {
        let reason = format!("the next turn of {organization} to dial has not come");
        return Verdict::new(Standing::Waits, "turn_not_come", reason).until(Some(turn.next_at));
    }
    if turn.next_at + TURN_OVERDUE < now {
        let minutes = now.duration_since(turn.next_at).as_mins();
        let reason = format!(
            "the turn of {organization} came {minutes} minutes ago and nobody took it: no node is dialing, or each is draining \
             or does not know the database's clock"
        );
        return Verdict::new(Standing::Blocked, "nobody_dials", reason);
    }
    Verdict::new(Standing::Due, "due", "")
}
