//! What happened in a call's life, step by step, and what is really known of the rules it was placed under: when the
//! point of no return was passed, and that it was inside the lead's hours and off the do-not-call lists then.

use crate::domain::call_evidence::Direction;
use crate::domain::outcome::Outcome;
use crate::domain::time_zone::{LeadZone, ZoneSource};
use crate::http::context;
use crate::http::pages::leads::row::lead_zone;
use crate::store::call_detail::{AttemptFacts, CallDetail};
use crate::store::organizations::OrganizationBrief;
use jiff::tz::TimeZone;
use ui::view::TimelineStep;

pub(super) struct Evidence<'a> {
    detail: &'a CallDetail,
    zone: Option<LeadZone>,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(detail: &'a CallDetail, organization: &OrganizationBrief) -> Self {
        let phone = detail.call.phone.as_deref().unwrap_or_default();
        let told = (detail.lead_time_zone.as_deref(), detail.lead_postal_code.as_deref());
        let zone = lead_zone(told, phone, &context::zone_of(organization));
        Self { detail, zone }
    }

    /// The zone in which the lead's times are shown.
    pub(super) fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref().and_then(|zone| zone.zones().first())
    }

    /// Oldest first.
    pub(super) fn timeline(&self) -> Vec<TimelineStep> {
        let CallDetail { call, started_at, ended_at, attempt, .. } = self.detail;
        let was_picked_up = matches!(call.outcome, None | Some(Outcome::Answered | Outcome::Voicemail));
        let mut steps = match attempt {
            Some(attempt) => self.attempt_steps(attempt),
            None => vec![step(call.placed_at, "Began", self.not_ours())],
        };
        if let Some(at) = started_at.filter(|_| was_picked_up) {
            let who = if call.outcome == Some(Outcome::Voicemail) { "Voicemail picked up" } else { "Picked up" };
            steps.push(step(at, who, None));
        }
        if let Some(at) = *ended_at {
            steps.push(step(at, "Ended", super::story::how_it_ended(self.detail.ended_reason.as_deref())));
        }
        steps.sort_by_key(|step| step.at);
        steps
    }

    fn attempt_steps(&self, attempt: &AttemptFacts) -> Vec<TimelineStep> {
        let AttemptFacts { due_at, sending_at, send_before: _, accepted_at, lead_day: _ } = attempt;
        let mut steps = vec![step(*due_at, "Due", None)];
        if let Some(at) = *sending_at {
            steps.push(step(at, "Dialed", Some(self.what_was_checked(attempt))));
        }
        if let Some(at) = *accepted_at {
            steps.push(step(at, "Accepted by the phone system", None));
        }
        steps
    }

    fn not_ours(&self) -> Option<String> {
        let number = self.detail.our_number.as_deref().map(ui::format::phone);
        match self.detail.call.direction {
            Direction::Inbound => number.map(|number| format!("The lead called {number}.")),
            Direction::Outbound => {
                Some("It was not placed by a campaign: no limit of a campaign was asked.".to_owned())
            }
            Direction::Web => Some("It came from a web page.".to_owned()),
        }
    }

    /// The send is refused unless all of this is so, hence a call that was dialed proves it.
    fn what_was_checked(&self, attempt: &AttemptFacts) -> String {
        let mut sentences = Vec::new();
        if let Some(number) = &self.detail.our_number {
            sentences.push(format!("From {}.", ui::format::phone(number)));
        }
        if let (Some(until), Some(zone)) = (attempt.send_before, self.zone()) {
            let until = ui::format::time_of_day(until.to_zoned(zone.clone()).time());
            sentences
                .push(format!("Inside the lead's calling hours, which allowed it until {until}{}.", self.whose_time()));
        }
        sentences.push("On no do-not-call list.".to_owned());
        sentences.join(" ")
    }

    fn whose_time(&self) -> String {
        let Some(zone) = &self.zone else {
            return String::new();
        };
        let names = zone.names().map(str::to_owned).collect::<Vec<_>>().join(" and ");
        let source = match zone.source() {
            ZoneSource::Given => "given with the lead",
            ZoneSource::PostalCode => "by the postal code",
            ZoneSource::PhoneNumber => "by the phone number",
            ZoneSource::Organization => "the organization's, for want of a better one",
        };
        format!(" in {names} ({source})")
    }
}

fn step(at: jiff::Timestamp, title: &str, detail: Option<String>) -> TimelineStep {
    TimelineStep { at, title: title.to_owned(), detail }
}
