//! How Vapi says no: status and body. The texts are those observed in the field.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

const INVALID_KEY: &str =
    "Invalid Key. Hot tip, you may be using the private key instead of the public key, or vice versa.";
const NO_PHONE_NUMBER: &str = "Couldn't Get Phone Number. Need Either `phoneNumberId` Or `phoneNumber`.";
const NO_CUSTOMER: &str = "Couldn't Get Customer. Need Either `customerId` Or `customer`.";
const DAILY_LIMIT: &str = "Couldn't Start Call. Numbers Bought On Vapi Have A Daily Outbound Call Limit. Import Your Own \
                           Twilio Numbers To Scale Without Limits.";
const NOT_E164: &str = "customer.number must be a valid phone number in the E.164 format. Hot tip, you may be missing \
                        the country code (Eg. US: +1).";

/// Vapi's no.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    status: StatusCode,
    body: Value,
    retry_after_seconds: Option<u32>,
}

impl Refusal {
    /// A business refusal: `message` is a string.
    pub(crate) fn business(status: StatusCode, message: &str) -> Self {
        let error = status.canonical_reason().unwrap_or("Error");
        let body = json!({ "message": message, "error": error, "statusCode": status.as_u16() });
        Self { status, body, retry_after_seconds: None }
    }

    /// A validation refusal: `message` is an array.
    pub(crate) fn invalid(messages: &[String]) -> Self {
        let body = json!({ "message": messages, "error": "Bad Request", "statusCode": 400 });
        Self { status: StatusCode::BAD_REQUEST, body, retry_after_seconds: None }
    }

    pub(crate) fn bad_request(message: &str) -> Self {
        Self::business(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn invalid_key() -> Self {
        Self::business(StatusCode::UNAUTHORIZED, INVALID_KEY)
    }

    pub(crate) fn no_phone_number() -> Self {
        Self::bad_request(NO_PHONE_NUMBER)
    }

    pub(crate) fn no_customer() -> Self {
        Self::bad_request(NO_CUSTOMER)
    }

    pub(crate) fn daily_limit() -> Self {
        Self::bad_request(DAILY_LIMIT)
    }

    pub(crate) fn not_e164() -> Self {
        Self::invalid(&[NOT_E164.to_owned()])
    }

    /// `kind` as in the request: `phoneNumber`, `assistant`.
    pub(crate) fn does_not_exist(kind: &str, id: &str) -> Self {
        Self::bad_request(&format!("`{kind}` `{id}` does not exist."))
    }

    pub(crate) fn not_found(kind: &str, id: &str) -> Self {
        Self::business(StatusCode::NOT_FOUND, &format!("{kind} {id} not found"))
    }

    pub(crate) fn over_concurrency(lines_max: u32) -> Self {
        let mut refusal = Self::bad_request("Over Concurrency Limit");
        refusal.body["subscriptionLimits"] = json!({
            "concurrencyBlocked": true, "concurrencyLimit": lines_max, "remainingConcurrentCalls": -1,
        });
        refusal
    }

    pub(crate) fn too_many_requests(retry_after_seconds: Option<u32>) -> Self {
        let refusal = Self::business(StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded");
        Self { retry_after_seconds, ..refusal }
    }

    pub(crate) fn server_error() -> Self {
        Self::business(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
    }

    /// What a batch says of one customer that was refused.
    pub(crate) fn message_text(&self) -> String {
        match &self.body["message"] {
            Value::Array(messages) => messages.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            message => message.as_str().unwrap_or_default().to_owned(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
