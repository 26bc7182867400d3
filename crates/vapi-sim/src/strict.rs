//! What Vapi lets into a request: properties it does not know are refused, and texts that are too long.

use serde_json::{Map, Value};

use crate::refusal::Refusal;

const NAME_CHARACTERS_MAX: usize = 40;

/// `CreateCallDTO` of the specification, with `type`, which official samples send.
const CALL: &[&str] = &[
    "assistant",
    "assistantId",
    "assistantOverrides",
    "assistantVersion",
    "customer",
    "customerId",
    "customers",
    "name",
    "phoneNumber",
    "phoneNumberId",
    "schedulePlan",
    "squad",
    "squadId",
    "squadOverrides",
    "transport",
    "type",
    "workflow",
    "workflowId",
    "workflowOverrides",
];
const CUSTOMER: &[&str] = &[
    "assistantOverrides",
    "email",
    "extension",
    "externalId",
    "name",
    "number",
    "numberE164CheckEnabled",
    "sipUri",
    "squadOverrides",
];
const SCHEDULE_PLAN: &[&str] = &["earliestAt", "latestAt"];
const ASSISTANT: &[&str] = &[
    "analysisPlan",
    "artifactPlan",
    "backgroundSound",
    "backgroundSpeechDenoisingPlan",
    "clientMessages",
    "compliancePlan",
    "credentialIds",
    "credentials",
    "endCallMessage",
    "endCallPhrases",
    "firstMessage",
    "firstMessageInterruptionsEnabled",
    "firstMessageMode",
    "hooks",
    "keypadInputPlan",
    "maxDurationSeconds",
    "metadata",
    "model",
    "modelOutputInMessagesEnabled",
    "monitorPlan",
    "name",
    "observabilityPlan",
    "server",
    "serverMessages",
    "startSpeakingPlan",
    "stopSpeakingPlan",
    "transcriber",
    "transportConfigurations",
    "voice",
    "voicemailDetection",
    "voicemailMessage",
];
const OVERRIDES_ONLY: &[&str] = &["tools:append", "variableValues"];
/// `secret` left the specification in May 2025 and is still honoured.
const SERVER: &[&str] = &[
    "backoffPlan",
    "credentialId",
    "encryptedPaths",
    "headers",
    "secret",
    "staticIpAddressesEnabled",
    "timeoutSeconds",
    "url",
];
const PHONE_NUMBER: &[&str] = &[
    "assistantId",
    "authentication",
    "credentialId",
    "fallbackDestination",
    "hooks",
    "name",
    "number",
    "numberDesiredAreaCode",
    "numberE164CheckEnabled",
    "provider",
    "server",
    "sipUri",
    "smsEnabled",
    "squadId",
    "twilioAccountSid",
    "twilioApiKey",
    "twilioApiSecret",
    "twilioAuthToken",
    "workflowId",
];

type Object = Map<String, Value>;

/// Complaints about one request, collected so that they are answered together.
#[derive(Default)]
pub(crate) struct Complaints(Vec<String>);

impl Complaints {
    /// Every property of `object` that is not one of `known`.
    fn unknown(&mut self, path: &str, object: &Object, known: &[&[&str]]) {
        let is_known = |key: &str| known.iter().any(|names| names.contains(&key));
        for key in object.keys().filter(|key| !is_known(key)) {
            self.0.push(format!("{path}property {key} should not exist"));
        }
    }

    fn long_text(&mut self, path: &str, object: &Object, keys: &[&str]) {
        for key in keys {
            let text = object.get(*key).and_then(Value::as_str).unwrap_or_default();
            if text.chars().count() > NAME_CHARACTERS_MAX {
                self.0.push(format!("{path}{key} must be shorter than or equal to {NAME_CHARACTERS_MAX} characters"));
            }
        }
    }

    fn assistant(&mut self, path: &str, assistant: Option<&Value>, more: &[&str]) {
        let Some(Value::Object(assistant)) = assistant else {
            return;
        };
        self.unknown(path, assistant, &[ASSISTANT, more]);
        self.long_text(path, assistant, &["name"]);
        self.server(path, assistant);
    }

    fn server(&mut self, path: &str, holder: &Object) {
        if let Some(Value::Object(server)) = holder.get("server") {
            self.unknown(&format!("{path}server."), server, &[SERVER]);
        }
    }

    fn customer(&mut self, path: &str, customer: &Object) {
        self.unknown(path, customer, &[CUSTOMER]);
        self.long_text(path, customer, &["name", "email", "externalId"]);
        self.assistant(&format!("{path}assistantOverrides."), customer.get("assistantOverrides"), OVERRIDES_ONLY);
    }

    fn answer(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(Refusal::invalid(&self.0)) }
    }
}

/// Checks the body of a create-call.
pub(crate) fn check_call(request: &Object, refuse_metadata: bool) -> Result<(), Refusal> {
    let mut complaints = Complaints::default();
    let more: &[&str] = if refuse_metadata { &[] } else { &["metadata"] };
    complaints.unknown("", request, &[CALL, more]);
    complaints.long_text("", request, &["name"]);
    complaints.assistant("assistant.", request.get("assistant"), &[]);
    complaints.assistant("assistantOverrides.", request.get("assistantOverrides"), OVERRIDES_ONLY);
    if let Some(Value::Object(customer)) = request.get("customer") {
        complaints.customer("customer.", customer);
    }
    if let Some(Value::Object(plan)) = request.get("schedulePlan") {
        complaints.unknown("schedulePlan.", plan, &[SCHEDULE_PLAN]);
    }
    complaints.answer()
}

/// Checks one customer of a batch.
pub(crate) fn check_customer(customer: &Object) -> Result<(), Refusal> {
    let mut complaints = Complaints::default();
    complaints.customer("customer.", customer);
    complaints.answer()
}

/// Checks the body of a new or changed assistant.
pub(crate) fn check_assistant(body: &Object) -> Result<(), Refusal> {
    let mut complaints = Complaints::default();
    complaints.unknown("", body, &[ASSISTANT]);
    complaints.long_text("", body, &["name"]);
    complaints.server("", body);
    complaints.answer()
}

/// Checks the body of a new or changed phone number.
pub(crate) fn check_phone_number(body: &Object) -> Result<(), Refusal> {
    let mut complaints = Complaints::default();
    complaints.unknown("", body, &[PHONE_NUMBER]);
    complaints.long_text("", body, &["name"]);
    complaints.server("", body);
    complaints.answer()
}

/// E.164: a plus, no leading zero, 7 to 15 digits.
pub(crate) fn is_e164(number: &str) -> bool {
    let Some(digits) = number.strip_prefix('+') else {
        return false;
    };
    (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_server_at_the_root_of_a_call_is_refused() {
        let request = json!({ "serverUrl": "http://a" });
        let refusal = check_call(request.as_object().unwrap(), false).unwrap_err();
        assert_eq!(refusal.message_text(), "property serverUrl should not exist");
    }

    #[test]
    fn metadata_passes_unless_the_knob_refuses_it() {
        let request = json!({ "metadata": { "attempt": "1" } });
        assert!(check_call(request.as_object().unwrap(), false).is_ok());
        assert!(check_call(request.as_object().unwrap(), true).is_err());
    }

    #[test]
    fn numbers_are_e164_only_with_plus_and_without_leading_zero() {
        let valid = ["+15555550101", "+4930123456"].map(is_e164);
        let invalid = ["15555550101", "+05555550101", "+1555", "+1555 555 0101", ""].map(is_e164);
        assert_eq!(valid, [true; 2]);
        assert_eq!(invalid, [false; 5]);
    }
}
