//! Why Vapi said no, and what has to be put right before it will say yes.

use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::SubscriptionLimits;
use crate::tolerance;

/// At most this many messages of one refusal are kept.
const MESSAGES_MAX: usize = 20;
/// A longer message is cut; the longest seen has 136 characters.
const MESSAGE_CHARS_MAX: usize = 500;

/// A definite no: Vapi understood the request and nothing happened.
///
/// The messages are Vapi's own and may repeat a phone number that was sent: show them, do not log them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: StatusCode,
    /// What Vapi says: one text for a business refusal, one a field for a validation error. Empty when the body
    /// could not be read.
    pub messages: Vec<String>,
    /// What has to be held until it is repaired.
    pub blame: Blame,
    /// The state of the line pool, when the refusal tells it.
    pub subscription_limits: Option<SubscriptionLimits>,
}

/// What a refused call shows to be at fault. A refusal must not be counted against a lead unless it is [`Blame::Lead`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blame {
    /// The number that was to be called, or another fact about the person.
    Lead,
    /// The number called from: missing, deleted, or out of calls for the UTC day.
    Number,
    /// The assistant or its overrides.
    Assistant,
    /// The key, the credit or the standing of the Vapi account.
    Account,
    /// All lines of the subscription are in use; it is right again as soon as a call ends.
    LinePool,
    /// None of the known texts: hold, and ask a person.
    Unknown,
}

impl Refusal {
    /// Reads the body of a refusal: `{message: text or list, error, statusCode}`, or anything else.
    pub(crate) fn read(status: StatusCode, body: &[u8]) -> Self {
        let parsed: RefusalBody = serde_json::from_slice(body).unwrap_or_default();
        let messages = parsed.messages(body);
        let limits = parsed.subscription_limits;
        let blocked = limits.as_ref().is_some_and(|limits| limits.concurrency_blocked);
        let error = parsed.error.unwrap_or_default();
        let blame = if blocked { Blame::LinePool } else { blame(status, &messages, &error) };
        Self { status, messages, blame, subscription_limits: limits }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "vapi refused with status {}", self.status.as_u16())
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RefusalBody {
    message: Option<Box<RawValue>>,
    #[serde(deserialize_with = "tolerance::text")]
    error: Option<String>,
    #[serde(deserialize_with = "tolerance::optional")]
    subscription_limits: Option<SubscriptionLimits>,
}

impl RefusalBody {
    fn messages(&self, body: &[u8]) -> Vec<String> {
        let texts = match &self.message {
            Some(message) => one_or_many(message.get()),
            None => self.error.clone().map_or_else(|| plain_text(body), |error| vec![error]),
        };
        texts.into_iter().take(MESSAGES_MAX).map(|text| text.chars().take(MESSAGE_CHARS_MAX).collect()).collect()
    }
}

fn one_or_many(json: &str) -> Vec<String> {
    serde_json::from_str::<String>(json)
        .map(|text| vec![text])
        .or_else(|_| serde_json::from_str::<Vec<String>>(json))
        .unwrap_or_else(|_| vec![json.to_owned()])
}

/// Cloudflare in front of Vapi answers in plain text or HTML.
fn plain_text(body: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(4 * MESSAGE_CHARS_MAX)]);
    if text.trim().is_empty() { Vec::new() } else { vec![text.trim().to_owned()] }
}

/// Words that tell who is to blame, in the order they are tried, where a line break begins a message. The texts are
/// Vapi's, as seen in logs and forum posts. The lead comes late: what is wrongly taken for its fault is lost.
const SIGNS: &[(Blame, &[&str])] = &[
    (Blame::LinePool, &["concurrency"]),
    (Blame::Number, &["daily outbound call limit", "phonenumber", "couldn't get phone number", "international call"]),
    (
        Blame::Account,
        &["credit", "frozen", "wallet", "invalid key", "error code: 1010", "billing", "subscription", "fraud"],
    ),
    (Blame::Assistant, &["\nassistant"]),
    (Blame::Lead, &["\ncustomer.", "e.164"]),
    (Blame::Assistant, &["assistant"]),
];

fn blame(status: StatusCode, messages: &[String], error: &str) -> Blame {
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::PAYMENT_REQUIRED) {
        return Blame::Account;
    }
    let text = format!("\n{}\n{error}", messages.join("\n")).to_lowercase();
    let said = SIGNS.iter().find(|(_, words)| words.iter().any(|word| text.contains(word)));
    match said {
        Some((blame, _)) => *blame,
        // A key that may not do this at all: 403 without another hint.
        None if status == StatusCode::FORBIDDEN => Blame::Account,
        None => Blame::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, body: &str, expected: Blame) {
        let refusal = Refusal::read(StatusCode::from_u16(status).unwrap(), body.as_bytes());
        assert_eq!(refusal.blame, expected, "{body}");
    }

    fn check_message(message: &str, expected: Blame) {
        let body = serde_json::json!({"message": message, "error": "Bad Request", "statusCode": 400});
        check(400, &body.to_string(), expected);
    }

    #[test]
    fn the_daily_limit_of_a_free_number_is_not_the_leads_fault() {
        check_message(
            "Couldn't Start Call. Numbers Bought On Vapi Have A Daily Outbound Call Limit. Import Your Own Twilio \
             Numbers To Scale Without Limits.",
            Blame::Number,
        );
    }

    #[test]
    fn a_number_that_was_deleted_is_blamed_itself() {
        check_message("`phoneNumber` `22222222-2222-4222-8222-222222222222` does not exist.", Blame::Number);
        check_message("Couldn't Get Phone Number. Need Either `phoneNumberId` Or `phoneNumber`.", Blame::Number);
    }

    #[test]
    fn a_phone_that_is_no_phone_is_the_leads_fault() {
        check(
            400,
            r#"{"message":["customer.number must be a valid phone number in the E.164 format. Hot tip, you may be
                missing the country code (Eg. US: +1)."],"error":"Bad Request","statusCode":400}"#
                .replace('\n', " ")
                .as_str(),
            Blame::Lead,
        );
        check_message("customer.name must be shorter than or equal to 40 characters", Blame::Lead);
    }

    #[test]
    fn a_full_line_pool_is_seen_in_either_place() {
        check_message("Over Concurrency Limit", Blame::LinePool);
        check(400, r#"{"message":"Bad Request","error":"Over Concurrency Limit","statusCode":400}"#, Blame::LinePool);
        check(400, r#"{"message":"no","subscriptionLimits":{"concurrencyBlocked":true}}"#, Blame::LinePool);
    }

    #[test]
    fn key_credit_and_standing_are_the_accounts() {
        check(
            401,
            r#"{"message":"Invalid Key. Hot tip, you may be using the private key.","statusCode":401}"#,
            Blame::Account,
        );
        check(402, "", Blame::Account);
        check(403, "error code: 1010", Blame::Account);
        check_message("Your subscription is frozen.", Blame::Account);
        check_message("Wallet balance is below zero, please add credits.", Blame::Account);
    }

    #[test]
    fn an_assistant_is_blamed_for_itself_and_its_overrides() {
        check_message("Couldn't Get Assistant. `assistantId` 5 does not exist.", Blame::Assistant);
        check_message("assistantOverrides.server.url must be a URL address", Blame::Assistant);
    }

    #[test]
    fn an_unknown_text_blames_nobody() {
        check_message("property metadata should not exist", Blame::Unknown);
        check_message("We cannot do that for this customer. Please wait.", Blame::Unknown);
        check(400, "", Blame::Unknown);
        check(404, "<html>", Blame::Unknown);
    }

    #[test]
    fn messages_are_read_from_a_text_a_list_and_a_plain_body() {
        let read = |body: &str| Refusal::read(StatusCode::BAD_REQUEST, body.as_bytes()).messages;

        assert_eq!(read(r#"{"message":"no"}"#), ["no"]);
        assert_eq!(read(r#"{"message":["a","b"]}"#), ["a", "b"]);
        assert_eq!(read(r#"{"error":"Bad Request"}"#), ["Bad Request"]);
        assert_eq!(read("error code: 1010"), ["error code: 1010"]);
        assert!(read("").is_empty());
    }
}
