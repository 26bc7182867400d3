//! What was typed into the form of a new campaign, read field by field: all that is wanted, or every error at once.

use crate::domain::calling_hours::{CallingHours, Window};
use crate::domain::ids::{AgentId, PhoneNumberId};
use crate::domain::retry_policy::{Delays, RetryPlan, WrittenPlan};
use crate::http::pages::{number_choice, written_hours, written_number};
use crate::store::agents::Agent;
use crate::store::campaigns;
use crate::store::phone_numbers::PhoneNumber;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use ui::view::{CampaignDraft, FieldError, LeadGroup};

const NAME_CHARS_MAX: usize = 120;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const ATTEMPTS_MAX: u32 = 30;
const RETRY_MINUTES_MAX: u32 = 7 * 24 * 60;
const STARTS_WITHIN: SignedDuration = SignedDuration::from_hours(365 * 24);

/// What the organization has to choose from.
pub(super) struct Offer {
    pub groups: Vec<LeadGroup>,
    pub agents: Vec<Agent>,
    pub numbers: Vec<PhoneNumber>,
    pub lines_max: i32,
    pub calls_per_lead_and_day_max: i32,
}

/// A campaign as it is wanted.
#[derive(Debug)]
pub(super) struct Wanted {
    pub name: String,
    pub leads: campaigns::LeadGroup,
    pub agent: AgentId,
    pub numbers: Vec<PhoneNumberId>,
    pub calling_hours: CallingHours,
    pub retry_plan: RetryPlan,
    pub lines_max: i32,
    pub calls_per_lead_and_day_max: i32,
    pub begin: Begin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    Now,
    At(Timestamp),
    /// When somebody starts it.
    Later,
}

type Field<T> = Result<T, FieldError>;

pub(super) fn read(
    draft: &CampaignDraft,
    offer: &Offer,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Wanted, Vec<FieldError>> {
    let mut errors = Vec::new();
    let name = take(&mut errors, name(&draft.name));
    let leads = take(&mut errors, leads(&draft.leads, offer));
    let agent = take(&mut errors, agent(&draft.agent, offer));
    let numbers = take(&mut errors, number_choice::read(&draft.numbers, &offer.numbers));
    let calling_hours = take(&mut errors, calling_hours(draft));
    let mut number = |name, label, text: &str, max| {
        take(&mut errors, written_number::read((name, label), text, (1, max))).map(i32::unsigned_abs)
    };
    let attempts_max = number("attempts_max", "Attempts", &draft.attempts_max, ATTEMPTS_MAX);
    let label = "Minutes between attempts";
    let minutes = number("retry_after_minutes", label, &draft.retry_after_minutes, RETRY_MINUTES_MAX);
    let lines_max = number("lines_max", "Lines", &draft.lines_max, offer.lines_max.unsigned_abs());
    let begin = take(&mut errors, begin(draft, zone, now));
    let plan = attempts_max.zip(minutes).map(|(attempts_max, minutes)| retry_plan(attempts_max, minutes));
    let plan = plan.and_then(|plan| take(&mut errors, plan));
    let wanted = || {
        Some(Wanted {
            name: name?,
            leads: leads?,
            agent: agent?,
            numbers: numbers?,
            calling_hours: calling_hours?,
            retry_plan: plan?,
            lines_max: i32::try_from(lines_max?).ok()?,
            calls_per_lead_and_day_max: offer.calls_per_lead_and_day_max.max(1),
            begin: begin?,
        })
    };
    wanted().ok_or(errors)
}

fn take<T>(errors: &mut Vec<FieldError>, field: Field<T>) -> Option<T> {
    field.map_err(|error| errors.push(error)).ok()
}

fn wrong<T>(field: &str, message: impl Into<String>) -> Field<T> {
    Err(FieldError { field: field.to_owned(), message: message.into() })
}

fn name(text: &str) -> Field<String> {
    let name = text.trim();
    match name.chars().count() {
        0 => wrong("name", "Give it a name, such as “Spring recall”."),
        count if count > NAME_CHARS_MAX => {
            wrong("name", format!("The name has {count} characters, {NAME_CHARS_MAX} are possible."))
        }
        _ => Ok(name.to_owned()),
    }
}

fn leads(text: &str, offer: &Offer) -> Field<campaigns::LeadGroup> {
    let Some(group) = offer.groups.iter().find(|group| group.value == text) else {
        return wrong("leads", "Choose the leads to be called.");
    };
    if group.leads == 0 {
        return wrong("leads", "There are no leads in it. Import some first.");
    }
    match group.value.parse() {
        Ok(import) => Ok(campaigns::LeadGroup::ImportedWith(import)),
        Err(_) => Ok(campaigns::LeadGroup::All),
    }
}

fn agent(text: &str, offer: &Offer) -> Field<AgentId> {
    match offer.agents.iter().find(|agent| agent.id.to_string() == text) {
        Some(agent) => Ok(agent.id),
        None => wrong("agent", "Choose the agent that speaks."),
    }
}

fn calling_hours(draft: &CampaignDraft) -> Field<CallingHours> {
    // Midnight as the end of a day is written 24:00, which a browser's field cannot hold.
    let closes = if draft.closes.trim() == "00:00" { "24:00" } else { draft.closes.trim() };
    let window = match format!("{}-{closes}", draft.opens.trim()).parse::<Window>() {
        Ok(window) => window,
        Err(error) => return wrong("closes", format!("These are no hours: {error}.")),
    };
    if !draft.days.iter().any(|day| DAYS.contains(&day.as_str())) {
        return wrong("days", "Choose at least one day.");
    }
    let is_open = |day: &str| draft.days.iter().any(|chosen| chosen == day);
    let week = DAYS.map(|day| if is_open(day) { vec![window] } else { Vec::new() });
    let hours = CallingHours::new(week, BTreeSet::new())
        .or_else(|error| wrong("closes", format!("These are no hours: {error}.")))?;
    Ok(hours.with_holidays(written_hours::calendar(&draft.holidays)?))
}

/// Lines that were busy are tried again sooner, as in the default plan, and calls that failed too.
fn retry_plan(attempts_max: u32, minutes: u32) -> Field<RetryPlan> {
    let delays = Some(Delays::Listed(vec![minutes]));
    let plan = WrittenPlan { attempts_max, voicemail: delays.clone(), no_answer: delays, ..WrittenPlan::default() };
    RetryPlan::try_from(plan).or_else(|error| wrong("attempts_max", format!("This is no plan: {error}.")))
}

fn begin(draft: &CampaignDraft, zone: &TimeZone, now: Timestamp) -> Field<Begin> {
    match draft.start.as_str() {
        "now" => Ok(Begin::Now),
        "draft" => Ok(Begin::Later),
        "later" => {
            let civil = draft.starts_at.trim().parse::<DateTime>();
            let instant = civil.and_then(|civil| civil.to_zoned(zone.clone())).map(|zoned| zoned.timestamp());
            match instant {
                Ok(at) if at > now && at.duration_since(now) < STARTS_WITHIN => Ok(Begin::At(at)),
                Ok(_) => wrong("starts_at", "Choose a time that is still to come, within a year."),
                Err(_) => wrong("starts_at", "Choose the day and the time at which it starts."),
            }
        }
        _ => wrong("start", "Choose when it begins."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer() -> Offer {
        let group = |value: &str, leads| LeadGroup { value: value.to_owned(), label: String::new(), leads };
        Offer {
            groups: vec![group("all", 40), group("019a0000-0000-7000-8000-000000000001", 0)],
            agents: vec![Agent { id: AgentId(uuid(2)), name: "Ava".into(), is_active: true, lines_max: 4 }],
            numbers: vec![PhoneNumber {
                id: PhoneNumberId(uuid(3)),
                number: "+13125550100".into(),
                label: String::new(),
                is_usable: true,
                calls_per_day_max: 100,
            }],
            lines_max: 8,
            calls_per_lead_and_day_max: 2,
        }
    }

    fn uuid(number: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(number)
    }

    fn draft() -> CampaignDraft {
        CampaignDraft {
            name: " Spring recall ".into(),
            leads: "all".into(),
            agent: uuid(2).to_string(),
            numbers: vec![uuid(3).to_string(), "of another organization".into()],
            days: vec!["mon".into(), "sat".into()],
            opens: "09:00".into(),
            closes: "00:00".into(),
            holidays: String::new(),
            attempts_max: "4".into(),
            retry_after_minutes: "120".into(),
            lines_max: "8".into(),
            start: "later".into(),
            starts_at: "2026-11-25T09:30".into(),
            form_key: String::new(),
        }
    }

    fn read_at_noon(draft: &CampaignDraft) -> Result<Wanted, Vec<FieldError>> {
        let zone = crate::domain::time_zone::named("America/Chicago").unwrap();
        read(draft, &offer(), &zone, "2026-11-24T18:00:00Z".parse().unwrap())
    }

    #[test]
    fn a_form_that_is_filled_in_is_what_is_wanted() {
        let wanted = read_at_noon(&draft()).unwrap();

        assert_eq!(wanted.name, "Spring recall");
        assert_eq!(wanted.numbers, [PhoneNumberId(uuid(3))]);
        assert_eq!(wanted.calling_hours.to_string(), "Mon 09:00–24:00, Sat 09:00–24:00");
        assert_eq!(wanted.begin, Begin::At("2026-11-25T15:30:00Z".parse().unwrap()));
    }

    #[test]
    fn every_error_is_told_at_once_beside_its_field() {
        let empty = CampaignDraft { start: "later".into(), ..CampaignDraft::default() };

        let errors = read_at_noon(&empty).unwrap_err();

        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        let expected = [
            "name",
            "leads",
            "agent",
            "numbers",
            "closes",
            "attempts_max",
            "retry_after_minutes",
            "lines_max",
            "starts_at",
        ];
        assert_eq!(fields, expected);
    }

    #[track_caller]
    fn check(change: impl Fn(&mut CampaignDraft), message: &str) {
        let mut changed = draft();
        change(&mut changed);
        let errors = read_at_noon(&changed).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>(), [message]);
    }

    #[test]
    fn an_error_says_what_is_needed_and_what_came() {
        check(|draft| draft.lines_max = "9".into(), "Lines: a number from 1 to 8 is needed, “9” came.");
        check(|draft| draft.days = vec!["someday".into()], "Choose at least one day.");
        check(
            |draft| draft.closes = "08:00".into(),
            "These are no hours: the window 09:00-08:00 closes before it opens.",
        );
        check(
            |draft| draft.starts_at = "2026-11-24T11:00".into(),
            "Choose a time that is still to come, within a year.",
        );
        check(
            |draft| draft.leads = "019a0000-0000-7000-8000-000000000001".into(),
            "There are no leads in it. Import some first.",
        );
    }
}
