//! A call of the store as a row of a page. For the agency and for a client these are two types.

use crate::domain::call_evidence::Direction;
use crate::domain::outcome::Outcome;
use crate::domain::status::CallStatus;
use crate::store::call_list::ListedCall;
use ui::view::{CallRow, CallState, Goal, OperatorCallRow, OrganizationName};

pub(crate) fn for_operator(call: &ListedCall) -> OperatorCallRow {
    let (slug, name) = call.organization.clone();
    OperatorCallRow { call: for_client(call), organization: OrganizationName { slug, name }, cost: call.cost }
}

pub(crate) fn for_client(call: &ListedCall) -> CallRow {
    let phone = call.phone.clone().unwrap_or_default();
    CallRow {
        id: call.id.to_string(),
        lead: lead_name(call.lead.as_ref().map(|(_, name)| name.as_str()), &phone),
        phone,
        direction: match call.direction {
            Direction::Outbound => ui::view::Direction::Outbound,
            Direction::Inbound | Direction::Web => ui::view::Direction::Inbound,
        },
        state: state(&call.status, call.outcome),
        goal: goal(call.success.as_deref()),
        campaign: call.campaign.as_ref().map(|(_, name)| name.clone()),
        agent: call.agent.clone().unwrap_or_else(|| "No agent".to_owned()),
        started_at: call.placed_at,
        seconds: call.duration_ms.map(whole_seconds),
    }
}

/// What a lead is called on a page: its name, else its phone.
pub(crate) fn lead_name(name: Option<&str>, phone: &str) -> String {
    match name.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => name.to_owned(),
        None if phone.is_empty() => "Somebody".to_owned(),
        None => ui::format::phone(phone),
    }
}

/// Where a call is in its life. An end without an outcome lasts only until the end is applied.
pub(crate) fn state(status: &CallStatus, outcome: Option<Outcome>) -> CallState {
    if let Some(outcome) = outcome {
        return CallState::Ended(drawn_outcome(outcome));
    }
    match status {
        CallStatus::Ringing => CallState::Ringing,
        CallStatus::InProgress | CallStatus::Forwarding | CallStatus::Ended => CallState::Talking,
        CallStatus::Queued | CallStatus::Other(_) => CallState::Queued,
    }
}

pub(crate) fn drawn_outcome(outcome: Outcome) -> ui::view::Outcome {
    match outcome {
        Outcome::Answered => ui::view::Outcome::Answered,
        Outcome::Voicemail => ui::view::Outcome::Voicemail,
        Outcome::NoAnswer => ui::view::Outcome::NoAnswer,
        Outcome::Busy => ui::view::Outcome::Busy,
        Outcome::Refused => ui::view::Outcome::Refused,
        Outcome::Failed => ui::view::Outcome::Failed,
    }
}

/// The provider's evaluation is open text: agents judge by pass and fail, or by a scale of their own, which says nothing
/// here.
pub(crate) fn goal(success: Option<&str>) -> Goal {
    match success.map(str::to_ascii_lowercase).as_deref() {
        Some("true" | "pass" | "passed") => Goal::Met,
        Some("false" | "fail" | "failed") => Goal::Missed,
        Some(_) | None => Goal::Unknown,
    }
}

pub(crate) fn whole_seconds(ms: i64) -> u32 {
    u32::try_from((ms + 500).div_euclid(1000)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_without_a_name_is_called_by_its_phone() {
        assert_eq!(lead_name(Some("Ann"), "+13125550146"), "Ann");
        assert_eq!(lead_name(Some(" "), "+13125550146"), ui::format::phone("+13125550146"));
        assert_eq!(lead_name(None, ""), "Somebody");
    }

    #[test]
    fn an_outcome_says_more_than_a_status_that_lags() {
        assert_eq!(state(&CallStatus::Ringing, Some(Outcome::Busy)), CallState::Ended(ui::view::Outcome::Busy));
        assert_eq!(state(&CallStatus::Ringing, None), CallState::Ringing);
        assert_eq!(state(&CallStatus::Other("odd".to_owned()), None), CallState::Queued);
    }

    #[test]
    fn an_evaluation_by_another_scale_says_nothing_of_the_goal() {
        assert_eq!(goal(Some("True")), Goal::Met);
        assert_eq!(goal(Some("fail")), Goal::Missed);
        assert_eq!((goal(Some("7")), goal(None)), (Goal::Unknown, Goal::Unknown));
    }
}
