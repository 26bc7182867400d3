//! From status, headers and body to a value or one of the three errors. The same for every request.

use std::time::Duration;

use http::header::{CONTENT_TYPE, DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::error::{Error, Unanswered};
use crate::refusal::Refusal;

/// A longer body is not read to its end: the answer then counts as unreadable. A page of 100 calls with whole
/// transcripts is some 5 MB.
pub const RESPONSE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// An answer whose body has been read, or has broken off.
pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Result<Vec<u8>, Unanswered>,
}

impl Response {
    /// The value of an answer with the status `expected`.
    ///
    /// A refusal is definite by its status alone, even if its body is lost; a success needs a whole JSON body.
    pub(crate) fn read<T: DeserializeOwned>(self, expected: StatusCode) -> Result<T, Error> {
        if self.status == expected {
            return read_json(&self.headers, &self.body?);
        }
        Err(match self.status {
            status @ (StatusCode::BAD_REQUEST
            | StatusCode::UNAUTHORIZED
            | StatusCode::PAYMENT_REQUIRED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::UNPROCESSABLE_ENTITY) => {
                Error::Refused(Box::new(Refusal::read(status, &self.body.unwrap_or_default())))
            }
            StatusCode::TOO_MANY_REQUESTS => Error::RateLimited { retry_after: retry_after(&self.headers) },
            odd => Unanswered::Status(odd).into(),
        })
    }
}

fn read_json<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Error> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("application/json") {
        return Err(Unanswered::Unreadable("not labelled as JSON").into());
    }
    // The cause is left out on purpose: serde quotes values, and values are people's data.
    serde_json::from_slice(body).map_err(|cause| {
        let what = if cause.is_eof() { "cut short" } else { "not the JSON that was asked for" };
        Unanswered::Unreadable(what).into()
    })
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let asked = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(asked)?;
    let sent_at = http_date(headers.get(DATE)?.to_str().ok()?)?;
    Some(Duration::try_from(until.duration_since(sent_at)).unwrap_or_default())
}

fn http_date(text: &str) -> Option<Timestamp> {
    // An HTTP date is an RFC 2822 date that spells its zone GMT.
    jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_after_the_answers_own() {
        let check = |pairs: &[(&'static str, &'static str)], expected: Option<u64>| {
            assert_eq!(retry_after(&headers(pairs)), expected.map(Duration::from_secs), "{pairs:?}");
        };
        check(&[("retry-after", "21")], Some(21));
        check(&[("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"), ("date", "Sun, 06 Nov 1994 08:49:37 GMT")], Some(30));
        check(&[("retry-after", "Sun, 06 Nov 1994 08:49:07 GMT"), ("date", "Sun, 06 Nov 1994 08:49:37 GMT")], Some(0));
        check(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")], None);
        check(&[("retry-after", "soon")], None);
        check(&[], None);
    }

    #[test]
    fn a_refusal_is_definite_even_when_its_body_is_lost() {
        let response =
            Response { status: StatusCode::BAD_REQUEST, headers: HeaderMap::new(), body: Err(Unanswered::TimedOut) };

        let refused = response.read::<serde_json::Value>(StatusCode::CREATED);

        assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.messages.is_empty()));
    }
}
