//! What was tried with a lead, newest first, and where it stands in its campaigns.

use super::words::{on_dnc, why_excluded, why_later};
use crate::domain::dispatch_policy::Exclusion;
use crate::domain::retry_policy::RetryPlan;
use crate::domain::status::{AttemptState, Disposition};
use crate::http::pages::call::{how_it_ended, name_in_words};
use crate::http::pages::calls::row::{state, whole_seconds};
use crate::store::dnc::DncEntry;
use crate::store::lead_detail::{Attempt, Enrollment, LeadCall, Origin};
use crate::store::lead_list::ListedLead;
use serde_json::Value;
use ui::view::{EnrollmentRow, LeadStep, LeadStepKind, Named};

/// Variables that are shown.
const VARIABLES_MAX: usize = 60;

/// What the agent can use in a call, and the lead's id elsewhere.
pub(super) fn variables(origin: &Origin) -> Vec<(String, String)> {
    let id = origin.external_id.iter().map(|id| ("Your own id".to_owned(), id.clone()));
    let variables = origin.variables.as_object().into_iter().flatten();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    id.chain(variables.map(|(name, value)| (name_in_words(name), text(value)))).take(VARIABLES_MAX).collect()
}

pub(super) fn enrollment_row(enrollment: &Enrollment) -> EnrollmentRow {
    let plan = serde_json::from_value::<RetryPlan>(enrollment.retry_plan.clone()).unwrap_or_default();
    EnrollmentRow {
        campaign: Named { id: enrollment.campaign.to_string(), name: enrollment.campaign_name.clone() },
        standing: standing(enrollment),
        attempts: u32::try_from(enrollment.attempts_made).unwrap_or(0),
        attempts_max: plan.attempts_max(),
    }
}

fn standing(enrollment: &Enrollment) -> String {
    match enrollment.disposition {
        None => "To be called".to_owned(),
        Some(Disposition::Reached) => "Reached".to_owned(),
        Some(Disposition::Exhausted) => "Exhausted".to_owned(),
        Some(Disposition::Cancelled) => "Cancelled".to_owned(),
        Some(Disposition::Excluded) => format!("Excluded: {}", why_excluded(enrollment.because.as_deref())),
    }
}

/// Calls, the attempts that came to none, and what happened to the lead itself; newest first.
pub(super) fn timeline(
    lead: &ListedLead,
    enrollments: &[Enrollment],
    attempts: &[Attempt],
    calls: &[LeadCall],
    dnc: Option<&DncEntry>,
) -> Vec<LeadStep> {
    let note = |at, text: String, campaign| LeadStep { at, what: LeadStepKind::Note { text }, campaign };
    let mut steps = vec![note(lead.created_at, "Added.".to_owned(), None)];
    steps.extend(dnc.map(|entry| note(entry.since, on_dnc(entry), None)));
    steps.extend(
        enrollments.iter().map(|one| note(one.created_at, "Enrolled.".to_owned(), Some(one.campaign_name.clone()))),
    );
    steps.extend(attempts.iter().filter(|attempt| !attempt.has_call).map(attempt_step));
    steps.extend(calls.iter().map(call_step));
    // Stable, so that of two things at one instant the later one in the story stands first.
    steps.reverse();
    steps.sort_by_key(|step| std::cmp::Reverse(step.at));
    steps
}

fn call_step(call: &LeadCall) -> LeadStep {
    LeadStep {
        at: call.placed_at,
        what: LeadStepKind::Call {
            id: call.id.to_string(),
            state: state(&call.status, call.outcome),
            seconds: call.duration_ms.map(whole_seconds),
            how_it_ended: how_it_ended(call.ended_reason.as_deref()),
        },
        campaign: call.campaign_name.clone(),
    }
}

fn attempt_step(attempt: &Attempt) -> LeadStep {
    let what = LeadStepKind::Attempt { text: attempt_in_words(attempt) };
    LeadStep { at: attempt.at, what, campaign: Some(attempt.campaign_name.clone()) }
}

/// A sentence for an attempt without a call. A provider's own words are not for everybody to read.
fn attempt_in_words(attempt: &Attempt) -> String {
    let because = attempt.because.as_deref();
    match attempt.state {
        AttemptState::Scheduled => match attempt.deferred_because.as_deref() {
            Some(reason) => format!("Put off. {}", why_later(Some(reason))),
            None => "The next try is planned.".to_owned(),
        },
        AttemptState::Reserved => "A line is reserved.".to_owned(),
        AttemptState::Sending => "It is being dialed.".to_owned(),
        AttemptState::Unknown => "It was dialed, and no answer came. The phone system is being asked.".to_owned(),
        AttemptState::Accepted | AttemptState::AcceptedLate => "The phone system accepted the call.".to_owned(),
        AttemptState::Ended => "It ended.".to_owned(),
        AttemptState::Rejected => "The phone system refused it. No phone rang.".to_owned(),
        AttemptState::NotCreated => "No call came of it. The try stays counted.".to_owned(),
        AttemptState::Released => "It was given back before it was dialed.".to_owned(),
        AttemptState::Cancelled => match because.map(str::parse::<Exclusion>) {
            Some(Ok(exclusion)) => format!("Not called: {}.", exclusion.in_words()),
            Some(Err(_)) | None => "It was withdrawn.".to_owned(),
        },
        AttemptState::Held => {
            "Whether a call was placed is not known. Somebody at the agency has to decide.".to_owned()
        }
        AttemptState::Conflict => "A second call of the same try came to light.".to_owned(),
    }
}
