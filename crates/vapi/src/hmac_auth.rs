//! Signatures of Vapi's `hmac` credentials, in every form the credential can be given.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

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
        let timestamp = if self.include_timestamp {
            header(request.headers, &self.timestamp_header)?
        } else {
            ""
        };
        let payload = self.payload(request, timestamp)?;
        let key = self.key()?;
        // The signature first: a forger learns nothing about the clock.
        match self.algorithm {
            HmacAlgorithm::Sha256 => check::<Hmac<Sha256>>(&key, &payload, &signature)?,
            HmacAlgorithm::Sha512 => check::<Hmac<Sha512>>(&key, &payload, &signature)?,
            HmacAlgorithm::Sha1 => check::<Hmac<Sha1>>(&key, &payload, &signature)?,
        }
        if self.include_timestamp {
            self.check_freshness(timestamp, now)
        } else {
            Ok(())
        }
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
        if key.is_empty() {
            Err(AuthError::UnusableSecret)
        } else {
            Ok(key)
        }
    }

    /// The signed bytes. What is filled in is not searched for further placeholders: it may be the sender's.
    fn payload(&self, request: &WebhookRequest<'_>, timestamp: &str) -> Result<Vec<u8>, AuthError> {
        let default = if self.include_timestamp {
            "{timestamp}.{body}"
        } else {
            "{body}"
        };
        let mut rest = self.payload_format.as_deref().unwrap_or(default);
        let mut payload = Vec::with_capacity(rest.len() + request.body.len());
        while let Some(start) = rest.find('{') {
            let (before, from) = rest.split_at(start);
            payload.extend_from_slice(before.as_bytes());
            let end = from.find('}').map_or(from.len(), |end| end + 1);
            let (placeholder, after) = from.split_at(end);
            match placeholder {
                "{body}" => payload.extend_from_slice(request.body),
                "{timestamp}" => payload.extend_from_slice(timestamp.as_bytes()),
                "{method}" => payload.extend_from_slice(request.method.as_str().as_bytes()),
                "{url}" => payload.extend_from_slice(request.url.as_bytes()),
                "{svix-id}" => payload.extend_from_slice(self.message_id(request)?.as_bytes()),
                literal => payload.extend_from_slice(literal.as_bytes()),
            }
            rest = after;
        }
        payload.extend_from_slice(rest.as_bytes());
        Ok(payload)
    }

    fn message_id<'a>(&self, request: &WebhookRequest<'a>) -> Result<&'a str, AuthError> {
        header(
            request.headers,
            self.message_id_header.as_deref().unwrap_or("svix-id"),
        )
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
        if age.abs() <= self.timestamp_tolerance {
            Ok(())
        } else {
            Err(AuthError::OutsideTolerance)
        }
    }
}

/// Compares in constant time.
fn check<M: Mac + KeyInit>(key: &[u8], payload: &[u8], signature: &[u8]) -> Result<(), AuthError> {
    let mac = <M as KeyInit>::new_from_slice(key).expect("an HMAC takes keys of any length");
    mac.chain_update(payload)
        .verify_slice(signature)
        .map_err(|_| AuthError::Mismatch)
}
