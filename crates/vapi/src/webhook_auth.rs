//! Is this delivery from Vapi? Decided on the raw bytes, before anything is parsed.
//!
//! Vapi can prove itself with a bearer token, with the old `x-vapi-secret` header, or with an HMAC; the forms and
//! their defaults are those of a `webhook` credential at Vapi. Comparisons take the same time wherever they fail.

use http::{HeaderMap, Method};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::HmacAuth;

/// How the deliveries of one Vapi organization prove themselves.
#[derive(Debug, Clone)]
pub enum WebhookAuth {
    /// A token in a header.
    Bearer(BearerAuth),
    /// A signature over the bytes.
    Hmac(HmacAuth),
}

/// A token in a header.
#[derive(Debug, Clone)]
pub struct BearerAuth {
    /// The header, in any case.
    pub header_name: String,
    /// Whether `Bearer ` stands before the token.
    pub prefix_enabled: bool,
    /// The token.
    pub token: SecretString,
}

/// What of a request its signature may cover.
#[derive(Debug, Clone, Copy)]
pub struct WebhookRequest<'a> {
    /// `POST`.
    pub method: &'a Method,
    /// As configured at Vapi, not as seen behind a proxy.
    pub url: &'a str,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The bytes as received.
    pub body: &'a [u8],
}

/// Why a delivery is not taken for Vapi's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// A header it should have is not there. A wrong setting at Vapi looks like this.
    #[error("the header {0} is missing")]
    MissingHeader(String),
    /// A header is there and cannot be read.
    #[error("the header {0} cannot be read")]
    Malformed(String),
    /// The token or the signature is wrong.
    #[error("the token or signature is wrong")]
    Mismatch,
    /// Signed too long ago, or in the future: a repetition, or a clock that is wrong.
    #[error("the signature is too old or too new")]
    OutsideTolerance,
    /// The secret kept on this side is not base64 though it should be.
    #[error("the secret is not base64")]
    UnusableSecret,
}

impl WebhookAuth {
    /// `Authorization: Bearer <token>`.
    pub fn bearer(token: SecretString) -> Self {
        Self::Bearer(BearerAuth { header_name: "authorization".to_owned(), prefix_enabled: true, token })
    }

    /// The old way, gone from Vapi's schema in 2025-05 and still the most used: `x-vapi-secret: <secret>`.
    pub fn vapi_secret(secret: SecretString) -> Self {
        Self::Bearer(BearerAuth { header_name: "x-vapi-secret".to_owned(), prefix_enabled: false, token: secret })
    }

    /// Whether a request with these headers may be Vapi's; if not, its body need not be read.
    pub fn may_fit(&self, headers: &HeaderMap) -> Result<(), AuthError> {
        match self {
            Self::Bearer(bearer) => bearer.verify(headers),
            Self::Hmac(hmac) => header(headers, &hmac.signature_header).map(drop),
        }
    }

    /// Whether `request` is Vapi's. `now` matters only to signatures with a timestamp.
    pub fn verify(&self, request: &WebhookRequest<'_>, now: Timestamp) -> Result<(), AuthError> {
        match self {
            Self::Bearer(bearer) => bearer.verify(request.headers),
            Self::Hmac(hmac) => hmac.verify(request, now),
        }
    }
}

impl BearerAuth {
    fn verify(&self, headers: &HeaderMap) -> Result<(), AuthError> {
        let value = header(headers, &self.header_name)?;
        let token = if self.prefix_enabled { strip_bearer(value).ok_or(AuthError::Mismatch)? } else { value };
        let expected = self.token.expose_secret();
        // An empty secret would let everybody in.
        if !expected.is_empty() && bool::from(token.as_bytes().ct_eq(expected.as_bytes())) {
            Ok(())
        } else {
            Err(AuthError::Mismatch)
        }
    }
}

/// The scheme's name is compared without case (RFC 9110).
fn strip_bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// The text of a header that stands exactly once.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, AuthError> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or_else(|| AuthError::MissingHeader(name.to_owned()))?;
    match (value.to_str(), values.next()) {
        (Ok(text), None) => Ok(text),
        _ => Err(AuthError::Malformed(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verify(auth: &WebhookAuth, headers: &[(&'static str, &'static str)]) -> Result<(), AuthError> {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let request = WebhookRequest { method: &Method::POST, url: "https://h", headers: &headers, body: b"{}" };
        auth.verify(&request, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_bearer_token_must_be_right() {
        let auth = WebhookAuth::bearer("token".into());

        assert_eq!(verify(&auth, &[("authorization", "Bearer token")]), Ok(()));
        assert_eq!(verify(&auth, &[("authorization", "bearer token")]), Ok(()));
        assert_eq!(verify(&auth, &[("authorization", "Bearer tokens")]), Err(AuthError::Mismatch));
        assert_eq!(verify(&auth, &[("authorization", "token")]), Err(AuthError::Mismatch));
        assert_eq!(verify(&auth, &[]), Err(AuthError::MissingHeader("authorization".into())));
    }

    #[test]
    fn the_old_secret_has_a_header_of_its_own() {
        let auth = WebhookAuth::vapi_secret("hush".into());

        assert_eq!(verify(&auth, &[("x-vapi-secret", "hush")]), Ok(()));
        assert_eq!(verify(&auth, &[("x-vapi-secret", "Hush")]), Err(AuthError::Mismatch));
        assert_eq!(verify(&auth, &[("authorization", "hush")]), Err(AuthError::MissingHeader("x-vapi-secret".into())));
    }

    #[test]
    fn header_name_and_prefix_can_be_chosen() {
        let auth = WebhookAuth::Bearer(BearerAuth {
            header_name: "X-Vapi-Secret".into(),
            prefix_enabled: true,
            token: "token".into(),
        });

        assert_eq!(verify(&auth, &[("x-vapi-secret", "Bearer token")]), Ok(()));
        assert_eq!(verify(&auth, &[("x-vapi-secret", "token")]), Err(AuthError::Mismatch));
    }

    #[test]
    fn headers_tell_that_nothing_can_fit() {
        let may_fit = |auth: &WebhookAuth, name: &'static str, value: &'static str| {
            auth.may_fit(&HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])).is_ok()
        };
        let hmac = WebhookAuth::Hmac(HmacAuth::new("hush".into(), crate::HmacAlgorithm::Sha256));
        let secret = WebhookAuth::vapi_secret("hush".into());

        assert!(may_fit(&secret, "x-vapi-secret", "hush") && may_fit(&hmac, "x-signature", "00"));
        assert!(!may_fit(&secret, "x-vapi-secret", "Hush") && !may_fit(&secret, "x-signature", "00"));
        assert!(!may_fit(&hmac, "x-vapi-secret", "hush"));
    }

    #[test]
    fn an_empty_secret_lets_nobody_in() {
        assert_eq!(verify(&WebhookAuth::vapi_secret("".into()), &[("x-vapi-secret", "")]), Err(AuthError::Mismatch));
    }

    #[test]
    fn a_header_that_stands_twice_is_refused() {
        let auth = WebhookAuth::vapi_secret("hush".into());
        let mut headers = HeaderMap::new();
        headers.append("x-vapi-secret", "hush".parse().unwrap());
        headers.append("x-vapi-secret", "hush".parse().unwrap());
        let request = WebhookRequest { method: &Method::POST, url: "https://h", headers: &headers, body: b"{}" };

        let verified = auth.verify(&request, Timestamp::UNIX_EPOCH);

        assert_eq!(verified, Err(AuthError::Malformed("x-vapi-secret".into())));
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", WebhookAuth::vapi_secret("hush".into()));

        assert!(!shown.contains("hush"), "{shown}");
    }
}
