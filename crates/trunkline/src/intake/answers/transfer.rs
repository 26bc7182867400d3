//! `transfer-destination-request` and `handoff-destination-request`: where a call may go on to. Nowhere but to what the
//! organization allows.

use super::{Answers, NO_DESTINATION, Question, no_handoff};
use crate::domain::tool::text_argument;
use crate::store::transfer_destinations::TransferDestination;
use serde_json::{Map, Value, json};
use vapi::{Destination, HandoffDestinationAnswer, TransferDestinationAnswer};

const ARGUMENTS: [&str; 4] = ["destination", "name", "department", "agent"];

pub(super) async fn destination(
    answers: &Answers,
    question: &Question,
    parameters: Option<&Map<String, Value>>,
) -> TransferDestinationAnswer {
    let reception = answers.reception(question).await;
    let allowed = reception.as_ref().map_or(&[][..], |reception| &reception.destinations);
    match chosen(allowed, parameters) {
        Some(TransferDestination { name: _, number, message }) => TransferDestinationAnswer::Transfer {
            destination: Destination::Number {
                number: number.clone(),
                caller_id: None,
                extension: None,
                message: message.clone(),
            },
        },
        None => TransferDestinationAnswer::Refuse { error: NO_DESTINATION.to_owned() },
    }
}

/// The one that is named, by name or number; without a name the first. A name that is unknown is no wish for another.
fn chosen<'a>(
    allowed: &'a [TransferDestination],
    parameters: Option<&Map<String, Value>>,
) -> Option<&'a TransferDestination> {
    match parameters.and_then(|parameters| text_argument(parameters, &ARGUMENTS)) {
        Some(named) => allowed.iter().find(|one| one.name.eq_ignore_ascii_case(&named) || one.number == named),
        None => allowed.first(),
    }
}

/// To another active agent of the organization at the same account, by its name.
pub(super) async fn handoff(
    answers: &Answers,
    question: &Question,
    parameters: Option<&Map<String, Value>>,
) -> HandoffDestinationAnswer {
    let named = parameters.and_then(|parameters| text_argument(parameters, &ARGUMENTS));
    let (Some(reception), Some(named)) = (answers.reception(question).await, named) else { return no_handoff() };
    let at_account = reception.deployed.iter().filter(|deployed| deployed.account == question.account);
    let mut there = at_account.filter(|deployed| deployed.name.eq_ignore_ascii_case(&named));
    match there.next() {
        Some(deployed) => {
            let destination = json!({ "type": "assistant", "assistantId": deployed.assistant_id });
            let destination = destination.as_object().cloned().unwrap_or_default();
            HandoffDestinationAnswer { destination, result: None, error: None }
        }
        None => no_handoff(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_goes_where_it_is_allowed_to_and_nowhere_else() {
        let one = |name: &str, number: &str| TransferDestination {
            name: name.to_owned(),
            number: number.to_owned(),
            message: None,
        };
        let allowed = [one("Front desk", "+12125550100"), one("Billing", "+12125550101")];
        let to = |parameters: Value| chosen(&allowed, parameters.as_object()).map(|one| one.name.as_str());

        assert_eq!(to(json!({})), Some("Front desk"));
        assert_eq!(to(Value::Null), Some("Front desk"));
        assert_eq!(to(json!({ "destination": "billing" })), Some("Billing"));
        assert_eq!(to(json!({ "destination": "+12125550101" })), Some("Billing"));
        assert_eq!(to(json!({ "destination": "+19005550199" })), None);
        assert_eq!(chosen(&[], None), None);
    }
}
