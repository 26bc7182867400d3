//! Why a lead is not being called: in one campaign, and over all of them.

use super::{
    Answer, NamedCampaign, Reader, Standing, TurnCase, Verdict, decided, not_running, opening_from, switched_off,
};
use super::{figures, turn_of, words};
use crate::domain::dispatch_policy::{Decision, Exclusion, Facts, decide};
use crate::domain::status::{AttemptState, Disposition};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A lead and its place in each of its campaigns.
#[derive(Debug, Clone)]
pub struct LeadCase<'a> {
    pub now: Timestamp,
    /// Name and phone.
    pub who: &'a str,
    /// Completes "the phone is on …", if it is on a do-not-call list.
    pub dnc: Option<&'a str>,
    pub places: Vec<Place<'a>>,
    pub turn: TurnCase<'a>,
}

/// A lead's place in a campaign.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    pub campaign: NamedCampaign<'a>,
    /// What came of it, and why it was left out.
    pub done: Option<(Disposition, Option<&'a str>)>,
    /// The try that is planned or open.
    pub planned: Option<Planned<'a>>,
    pub facts: Option<Facts<'a>>,
}

/// A try that is planned or open.
#[derive(Debug, Clone, Copy)]
pub struct Planned<'a> {
    pub state: AttemptState,
    pub due_at: Timestamp,
    /// The rule that put it off last, or the outcome after which it was planned.
    pub deferred_because: Option<&'a str>,
    /// Tries of the campaign that are due before it, as far as they are counted.
    pub ahead: u64,
}

/// Over all campaigns: the answer of the place that is nearest to a call.
pub fn lead(case: &LeadCase<'_>, reader: &Reader) -> Answer {
    let answers = case.places.iter().map(|place| lead_in(case, place, reader));
    // The first of equals: places come with the latest first.
    let nearest = answers.min_by_key(|answer| (answer.standing, answer.next_at.unwrap_or(Timestamp::MAX)));
    nearest.unwrap_or_else(|| {
        let verdict = match case.dnc {
            Some(list) => {
                Verdict::new(Standing::Never, Exclusion::DoNotCall.as_str(), format!("the phone is on {list}"))
            }
            None => Verdict::new(Standing::Never, "not_enrolled", "no campaign has it among its leads"),
        };
        answer(case, &verdict, None, reader)
    })
}

/// In one campaign.
pub fn lead_in(case: &LeadCase<'_>, place: &Place<'_>, reader: &Reader) -> Answer {
    let verdict = place_verdict(case, place, reader);
    answer(case, &verdict, place.facts.as_ref(), reader)
}

fn place_verdict(case: &LeadCase<'_>, place: &Place<'_>, reader: &Reader) -> Verdict {
    if let Some((disposition, because)) = place.done {
        return done(place.campaign.name, disposition, because, case.dnc);
    }
    let planned = match place.planned {
        Some(planned) if planned.state.is_open() => return open(planned.state),
        planned => planned,
    };
    if let Some((Decision::Exclude(because), facts)) = place.facts.as_ref().map(|facts| (decide(facts), facts)) {
        let verdict = excluded(because, case.dnc);
        let is_told_by_list = because == Exclusion::DoNotCall;
        return if is_told_by_list {
            verdict
        } else {
            Verdict { reason: figures::excluded(because, facts), ..verdict }
        };
    }
    if let Some(verdict) = not_running(&place.campaign) {
        return verdict;
    }
    let (Some(planned), Some(facts)) = (planned, &place.facts) else {
        let reason = format!("{} has nothing planned for it at the moment", place.campaign.name);
        return Verdict::new(Standing::Waits, "nothing_planned", reason);
    };
    switched_off(facts, &case.turn, reader).unwrap_or_else(|| waiting(case, planned, facts, reader))
}

/// A try of a running campaign: what holds it back now, or that its time has not come.
pub(super) fn waiting(case: &LeadCase<'_>, planned: Planned<'_>, facts: &Facts<'_>, reader: &Reader) -> Verdict {
    let verdict = decided(facts, &case.turn, reader);
    if planned.due_at > case.now {
        let is_longer = verdict.as_ref().and_then(|verdict| verdict.next_at).is_some_and(|at| at >= planned.due_at);
        return verdict.filter(|_| is_longer).unwrap_or_else(|| {
            let (because, reason) = words::planned(planned.deferred_because, reader);
            Verdict::new(Standing::Waits, because, reason).until(Some(opening_from(facts, planned.due_at)))
        });
    }
    verdict.unwrap_or_else(|| {
        let verdict = turn_of(&case.turn, case.now);
        if verdict.standing != Standing::Due {
            return verdict;
        }
        let reason = match planned.ahead {
            0 => "it is next in line".to_owned(),
            1 => "one other lead of the campaign comes before it".to_owned(),
            ahead => format!("{ahead} other leads of the campaign come before it"),
        };
        Verdict { reason, ..verdict }
    })
}

fn done(campaign: &str, disposition: Disposition, because: Option<&str>, dnc: Option<&str>) -> Verdict {
    let (word, reason) = match disposition {
        Disposition::Reached => ("reached", format!("it was reached in {campaign}")),
        Disposition::Exhausted => ("exhausted", format!("every try of {campaign} is used up")),
        Disposition::Cancelled => ("cancelled", format!("it was taken out of {campaign} before it was reached")),
        Disposition::Excluded => match because.map(str::parse::<Exclusion>) {
            Some(Ok(exclusion)) => return excluded(exclusion, dnc),
            Some(Err(_)) | None => ("excluded", "the phone system does not call this number".to_owned()),
        },
    };
    Verdict::new(Standing::Never, word, reason)
}

fn excluded(because: Exclusion, dnc: Option<&str>) -> Verdict {
    let reason = match (because, dnc) {
        (Exclusion::DoNotCall, Some(list)) => format!("the phone is on {list}"),
        _ => because.in_words().to_owned(),
    };
    Verdict::new(Standing::Never, because.as_str(), reason)
}

fn open(state: AttemptState) -> Verdict {
    match state {
        AttemptState::Unknown => Verdict::new(
            Standing::Waits,
            "unknown_call",
            "a call may have been placed; the phone system is being asked, and it is not dialed again before that is known",
        ),
        AttemptState::Held => Verdict::new(
            Standing::Blocked,
            "held",
            "whether a call was placed could not be found out, and somebody at the agency has to decide",
        ),
        _ => Verdict::new(Standing::UnderWay, "under_way", "a call is on its way or going on"),
    }
}

fn answer(case: &LeadCase<'_>, verdict: &Verdict, facts: Option<&Facts<'_>>, reader: &Reader) -> Answer {
    let subject = match verdict.standing {
        Standing::UnderWay => format!("{} is being called", case.who),
        Standing::Due => format!("{} is about to be called", case.who),
        Standing::Waits | Standing::Blocked => format!("{} is not being called", case.who),
        Standing::Never => format!("{} will not be called", case.who),
    };
    let theirs = facts.map_or(&reader.zone, |facts| &facts.lead.zone.zones()[0]);
    answer_of(&subject, verdict, (case.now, theirs), facts, reader)
}

pub(super) fn answer_of(
    subject: &str,
    verdict: &Verdict,
    (now, theirs): (Timestamp, &TimeZone),
    facts: Option<&Facts<'_>>,
    reader: &Reader,
) -> Answer {
    Answer {
        standing: verdict.standing,
        because: verdict.because,
        sentence: words::sentence(subject, verdict, now, theirs, reader),
        next_at: verdict.next_at,
        facts: facts.map(|facts| Box::new(facts.clone().into_owned())),
    }
}
