//! Signatures of Vapi's `hmac` credentials, in every form the credential can be given.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use crate::signed_payload::signed_payload;
use crate::webhook_auth::{AuthError, WebhookRequest, header};

/// How deliveries are signed. [`HmacAuth::new`] has Vapi's defaults.
#[derive(Debug, Clone)]
pub struct HmacAuth {
    /// The secret, as given to Vapi.
    pub secret_key: SecretString,
    /// Whether the secret is the base64 of the key.
    pub secret_is_base64: bool,
    /// The hash.
    pub algorithm: HmacAlgorithm,
    /// Where the signature stands.
    pub signature_header: String,
    /// What stands before it, such as `sha256=`; may be empty.
    pub signature_prefix: String,
    /// How it is written.
    pub signature_encoding: SignatureEncoding,
    /// Whether a timestamp is sent and must be fresh. Without one an old delivery can be played again.
    pub include_timestamp: bool,
    /// Where the timestamp stands: seconds or milliseconds since 1970.
    pub timestamp_header: String,
    /// How far it may be from now, either way.
    pub timestamp_tolerance: SignedDuration,
    /// Where the id stands that fills `{svix-id}`.
    pub message_id_header: Option<String>,
    /// What is signed, with `{timestamp}`, `{body}`, `{method}`, `{url}` and `{svix-id}`. Vapi does not say what it
    /// takes without a timestamp; the body alone is assumed.
    pub payload_format: Option<String>,
}

/// The hash of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HmacAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// SHA-1.
    Sha1,
}

/// How a signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureEncoding {
    /// Hexadecimal, in any case.
    Hex,
    /// Base64 with padding.
    Base64,
}

/// Between these numbers, seconds would be after the year 5138 and milliseconds before 1973-03.
const MILLISECONDS_FROM: i64 = 100_000_000_000;
/// As most senders of webhooks recommend.
const TIMESTAMP_TOLERANCE_DEFAULT: SignedDuration = SignedDuration::from_mins(5);

impl HmacAuth {
    /// Signatures with Vapi's defaults.
    pub fn new(secret_key: SecretString, algorithm: HmacAlgorithm) -> Self {
        Self {
            secret_key,
            secret_is_base64: false,
            algorithm,
            signature_header: "x-signature".to_owned(),
            signature_prefix: String::new(),
            signature_encoding: SignatureEncoding::Hex,
            include_timestamp: true,
            timestamp_header: "x-timestamp".to_owned(),
            timestamp_tolerance: TIMESTAMP_TOLERANCE_DEFAULT,
            message_id_header: None,
            payload_format: None,
        }
    }

    pub(crate) fn verify(&self, request: &WebhookRequest<'_>, now: Timestamp) -> Result<(), AuthError> {
        let signature = self.signature(request)?;
        let timestamp = if self.include_timestamp { header(request.headers, &self.timestamp_header)? } else { "" };
        let payload = self.payload(request, timestamp)?;
        let key = self.key()?;
        // The signature first: a forger learns nothing about the clock.
        match self.algorithm {
            HmacAlgorithm::Sha256 => check::<Hmac<Sha256>>(&key, &payload, &signature)?,
            HmacAlgorithm::Sha512 => check::<Hmac<Sha512>>(&key, &payload, &signature)?,
            HmacAlgorithm::Sha1 => check::<Hmac<Sha1>>(&key, &payload, &signature)?,
        }
        if self.include_timestamp { self.check_freshness(timestamp, now) } else { Ok(()) }
    }

    fn signature(&self, request: &WebhookRequest<'_>) -> Result<Vec<u8>, AuthError> {
        let malformed = || AuthError::Malformed(self.signature_header.clone());
        let value = header(request.headers, &self.signature_header)?;
        let text = value.strip_prefix(&self.signature_prefix).ok_or_else(malformed)?;
        match self.signature_encoding {
            SignatureEncoding::Hex => hex::decode(text).map_err(|_| malformed()),
            SignatureEncoding::Base64 => BASE64.decode(text).map_err(|_| malformed()),
        }
    }

    fn key(&self) -> Result<Vec<u8>, AuthError> {
        let secret = self.secret_key.expose_secret();
        let key = if self.secret_is_base64 {
            BASE64.decode(secret).map_err(|_| AuthError::UnusableSecret)?
        } else {
            secret.as_bytes().to_vec()
        };
        // An empty key would let everybody in.
        if key.is_empty() { Err(AuthError::UnusableSecret) } else { Ok(key) }
    }

    fn payload(&self, request: &WebhookRequest<'_>, timestamp: &str) -> Result<Vec<u8>, AuthError> {
        let default = if self.include_timestamp { "{timestamp}.{body}" } else { "{body}" };
        let format = self.payload_format.as_deref().unwrap_or(default);
        let message_id_header = self.message_id_header.as_deref().unwrap_or("svix-id");
        signed_payload(format, request, timestamp, message_id_header)
    }

    fn check_freshness(&self, timestamp: &str, now: Timestamp) -> Result<(), AuthError> {
        let malformed = || AuthError::Malformed(self.timestamp_header.clone());
        let number: i64 = timestamp.trim().parse().map_err(|_| malformed())?;
        let signed_at = if number < MILLISECONDS_FROM {
            Timestamp::from_second(number)
        } else {
            Timestamp::from_millisecond(number)
        };
        let age = now.duration_since(signed_at.map_err(|_| malformed())?);
        if age.abs() <= self.timestamp_tolerance { Ok(()) } else { Err(AuthError::OutsideTolerance) }
    }
}

/// Compares in constant time.
fn check<M: Mac + KeyInit>(key: &[u8], payload: &[u8], signature: &[u8]) -> Result<(), AuthError> {
    let mac = <M as KeyInit>::new_from_slice(key).expect("an HMAC takes keys of any length");
    mac.chain_update(payload).verify_slice(signature).map_err(|_| AuthError::Mismatch)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Method};

    use super::*;

    const NOW_SECONDS: i64 = 1_764_000_000;
    const BODY: &[u8] = br#"{"message":{"type":"hang"}}"#;

    fn now() -> Timestamp {
        Timestamp::from_second(NOW_SECONDS).unwrap()
    }

    fn auth() -> HmacAuth {
        HmacAuth::new("hush".into(), HmacAlgorithm::Sha256)
    }

    fn sign<M: Mac + KeyInit>(key: &[u8], payload: &[u8]) -> Vec<u8> {
        <M as KeyInit>::new_from_slice(key).unwrap().chain_update(payload).finalize().into_bytes().to_vec()
    }

    fn stamped(timestamp: &str) -> Vec<u8> {
        [timestamp.as_bytes(), b".", BODY].concat()
    }

    fn verify(auth: &HmacAuth, headers: &[(&'static str, &str)]) -> Result<(), AuthError> {
        let headers: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        let url = "https://hooks.example.com/vapi";
        auth.verify(&WebhookRequest { method: &Method::POST, url, headers: &headers, body: BODY }, now())
    }

    #[test]
    fn an_outside_signer_agrees() {
        // printf '%s' '1764000000.{"message":{"type":"hang"}}' | openssl dgst -sha256 -hmac hush
        let signature = "9d58026a46ca4649bd9807a7e2f0e87ba4edc37884b93c364a7b1c1c00d45a54";

        assert_eq!(verify(&auth(), &[("x-signature", signature), ("x-timestamp", "1764000000")]), Ok(()));
    }

    #[test]
    fn every_hash_and_encoding_is_understood() {
        let check = |algorithm, signature: Vec<u8>| {
            let headers = [("x-signature", hex::encode_upper(&signature)), ("x-timestamp", NOW_SECONDS.to_string())];
            let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
            assert_eq!(verify(&HmacAuth { algorithm, ..auth() }, &headers), Ok(()), "{algorithm:?}");

            let headers = [("x-signature", BASE64.encode(&signature)), ("x-timestamp", NOW_SECONDS.to_string())];
            let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
            let base64 = HmacAuth { algorithm, signature_encoding: SignatureEncoding::Base64, ..auth() };
            assert_eq!(verify(&base64, &headers), Ok(()), "{algorithm:?}");
        };
        let payload = stamped("1764000000");
        check(HmacAlgorithm::Sha256, sign::<Hmac<Sha256>>(b"hush", &payload));
        check(HmacAlgorithm::Sha512, sign::<Hmac<Sha512>>(b"hush", &payload));
        check(HmacAlgorithm::Sha1, sign::<Hmac<Sha1>>(b"hush", &payload));
    }

    #[test]
    fn the_timestamp_is_seconds_or_milliseconds_and_must_be_fresh() {
        let check = |timestamp: &str, expected: Result<(), AuthError>| {
            let signature = hex::encode(sign::<Hmac<Sha256>>(b"hush", &stamped(timestamp)));
            let verified = verify(&auth(), &[("x-signature", &signature), ("x-timestamp", timestamp)]);
            assert_eq!(verified, expected, "{timestamp}");
        };
        check("1764000000", Ok(()));
        check("1764000300", Ok(()));
        check("1763999700", Ok(()));
        check("1764000300000", Ok(()));
        check("1764000301", Err(AuthError::OutsideTolerance));
        check("1763999699", Err(AuthError::OutsideTolerance));
        check("1764000301000", Err(AuthError::OutsideTolerance));
        check("soon", Err(AuthError::Malformed("x-timestamp".into())));
        check("9223372036854775807", Err(AuthError::Malformed("x-timestamp".into())));
    }

    #[test]
    fn a_signature_of_other_bytes_is_wrong() {
        let signature = hex::encode(sign::<Hmac<Sha256>>(b"hush", b"1764000000.{}"));

        let verified = verify(&auth(), &[("x-signature", &signature), ("x-timestamp", "1764000000")]);

        assert_eq!(verified, Err(AuthError::Mismatch));
    }

    #[test]
    fn a_shortened_signature_is_wrong() {
        let signature = hex::encode(sign::<Hmac<Sha256>>(b"hush", &stamped("1764000000")));
        let check = |text: &str| {
            let verified = verify(&auth(), &[("x-signature", text), ("x-timestamp", "1764000000")]);
            assert_eq!(verified, Err(AuthError::Mismatch), "{text}");
        };
        check("");
        check(&signature[..2]);
    }

    #[test]
    fn missing_and_unreadable_headers_are_told_apart() {
        let signature = hex::encode([0; 32]);

        assert_eq!(verify(&auth(), &[]), Err(AuthError::MissingHeader("x-signature".into())));
        assert_eq!(verify(&auth(), &[("x-signature", "zz")]), Err(AuthError::Malformed("x-signature".into())));
        assert_eq!(
            verify(&auth(), &[("x-signature", &signature)]),
            Err(AuthError::MissingHeader("x-timestamp".into()))
        );
    }

    #[test]
    fn a_prefix_and_other_header_names_can_be_chosen() {
        let auth = HmacAuth {
            signature_header: "X-Hub-Signature-256".into(),
            signature_prefix: "sha256=".into(),
            include_timestamp: false,
            ..auth()
        };
        let signature = hex::encode(sign::<Hmac<Sha256>>(b"hush", BODY));

        assert_eq!(verify(&auth, &[("x-hub-signature-256", &format!("sha256={signature}"))]), Ok(()));
        assert_eq!(
            verify(&auth, &[("x-hub-signature-256", &signature)]),
            Err(AuthError::Malformed("X-Hub-Signature-256".into()))
        );
    }

    #[test]
    fn the_payload_may_cover_method_url_and_message_id() {
        let auth = HmacAuth {
            payload_format: Some("{svix-id}.{timestamp}.{method} {url} {odd}{".into()),
            message_id_header: Some("webhook-id".into()),
            secret_key: BASE64.encode(b"raw key").into(),
            secret_is_base64: true,
            ..auth()
        };
        let payload = b"{body}.1764000000.POST https://hooks.example.com/vapi {odd}{";
        let signature = hex::encode(sign::<Hmac<Sha256>>(b"raw key", payload));

        let verified =
            verify(&auth, &[("x-signature", &signature), ("x-timestamp", "1764000000"), ("webhook-id", "{body}")]);

        assert_eq!(verified, Ok(()));
    }

    #[test]
    fn a_secret_that_is_no_key_lets_nobody_in() {
        let headers = [("x-signature", "00"), ("x-timestamp", "1764000000")];
        let not_base64 = HmacAuth { secret_is_base64: true, secret_key: "*".into(), ..auth() };
        let empty = HmacAuth { secret_key: "".into(), ..auth() };

        assert_eq!(verify(&not_base64, &headers), Err(AuthError::UnusableSecret));
        assert_eq!(verify(&empty, &headers), Err(AuthError::UnusableSecret));
    }
}
