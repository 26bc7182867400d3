//! Why a phone number makes no call now.

use super::lead::answer_of;
use super::{Answer, CampaignCase, Reader, Standing, Verdict, campaign};
use crate::domain::dispatch_policy::Facts;
use crate::domain::ids::PhoneNumberId;
use crate::domain::text_enum::text_enum;
use jiff::Timestamp;
use std::borrow::Cow;

text_enum! {
    /// Whether a number may be called from.
    pub enum NumberStanding ("standing of a number") {
        Active = "active",
        Resting = "resting",
        Dead = "dead",
    }
}

/// A number and the campaigns that call from it.
#[derive(Debug, Clone)]
pub struct NumberCase<'a> {
    pub now: Timestamp,
    pub id: PhoneNumberId,
    /// As people write it.
    pub number: &'a str,
    pub standing: NumberStanding,
    pub standing_because: Option<&'a str>,
    pub resting_until: Option<Timestamp>,
    /// It rests because people stopped answering it: then the reason is ours, and for everybody.
    pub is_unanswered: bool,
    /// The running ones.
    pub campaigns: Vec<CampaignCase<'a>>,
    /// How many there are that use it, running or not.
    pub used_by: u64,
}

/// What holds the number back: its own state, or what holds back the campaigns that use it when it is their only number.
pub fn number(case: &NumberCase<'_>, reader: &Reader) -> Answer {
    if let Some(verdict) = at_rest(case, reader) {
        return own(case, &verdict, reader);
    }
    let answers = case.campaigns.iter().map(|one| campaign(&alone(one, case.id), reader));
    let nearest = answers.min_by_key(|answer| (answer.standing, answer.next_at.unwrap_or(Timestamp::MAX)));
    if let Some(answer) = nearest {
        let subject = subject(case, answer.standing);
        return Answer { sentence: format!("{subject}. {}", answer.sentence), ..answer };
    }
    let reason = match case.used_by {
        0 => "no campaign calls from it".to_owned(),
        1 => "the one campaign that calls from it is not running".to_owned(),
        count => format!("none of the {count} campaigns that call from it is running"),
    };
    own(case, &Verdict::new(Standing::Blocked, "no_running_campaign", reason), reader)
}

/// What is the number's own.
fn own(case: &NumberCase<'_>, verdict: &Verdict, reader: &Reader) -> Answer {
    answer_of(&subject(case, verdict.standing), verdict, (case.now, &reader.zone), None, reader)
}

fn at_rest(case: &NumberCase<'_>, reader: &Reader) -> Option<Verdict> {
    // A provider's own words are not for a client.
    let is_told = reader.sees_suppliers || case.is_unanswered;
    let why = case.standing_because.filter(|_| is_told).map(|why| format!(" ({why})")).unwrap_or_default();
    match case.standing {
        NumberStanding::Active => None,
        NumberStanding::Resting if case.resting_until.is_some_and(|until| until <= case.now) => None,
        NumberStanding::Resting if case.is_unanswered => Some(
            Verdict::new(
                Standing::Waits,
                "number_unanswered",
                format!("it is resting{why}; whoever knows better may take it up again sooner"),
            )
            .until(case.resting_until),
        ),
        NumberStanding::Resting => Some(
            Verdict::new(Standing::Waits, "number_resting", format!("it is resting{why}")).until(case.resting_until),
        ),
        NumberStanding::Dead => Some(Verdict::new(Standing::Never, "number_dead", format!("it is out of use{why}"))),
    }
}

fn subject(case: &NumberCase<'_>, standing: Standing) -> String {
    let number = case.number;
    match standing {
        Standing::UnderWay | Standing::Due => format!("{number} may call"),
        Standing::Waits | Standing::Blocked => format!("{number} makes no new call now"),
        Standing::Never => format!("{number} makes no more calls"),
    }
}

/// The campaign as if this were its only number.
fn alone<'a>(case: &CampaignCase<'a>, id: PhoneNumberId) -> CampaignCase<'a> {
    let mut case = case.clone();
    for waiting in &mut case.next {
        waiting.facts = only(waiting.facts.clone(), id);
    }
    case
}

fn only(facts: Facts<'_>, id: PhoneNumberId) -> Facts<'_> {
    let numbers = facts.numbers.iter().filter(|number| number.id == id).cloned().collect();
    Facts { numbers: Cow::Owned(numbers), ..facts }
}
