//! Who speaks: the provider account whose credential a webhook proves to hold. Decided on the raw bytes.

use crate::clock::Clock;
use crate::domain::ids::ProviderAccountId;
use crate::store::cached::Cached;
use crate::store::changes::{Changes, Topic};
use crate::store::provider_accounts::{self, WebhookCredential};
use crate::store::webhook_refusals::Reason;
use crate::store::{Db, Result};
use crate::vault::Vault;
use crate::vault::secret_place;
use axum::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;
use vapi::{AuthError, BearerAuth, HmacAlgorithm, HmacAuth, SignatureEncoding, WebhookAuth, WebhookRequest};

pub(super) struct Gate {
    db: Db,
    vault: Vault,
    clock: Clock,
    credentials: Cached<Vec<Credential>>,
}

struct Credential {
    account: ProviderAccountId,
    auth: WebhookAuth,
    expires_at: Option<Timestamp>,
}

/// The fields of `webhook_credentials.settings`; each kind uses its own.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    header_name: Option<String>,
    prefix_enabled: Option<bool>,
    algorithm: Option<String>,
    signature_header: Option<String>,
    signature_prefix: Option<String>,
    signature_encoding: Option<String>,
    secret_is_base64: bool,
    include_timestamp: Option<bool>,
    timestamp_header: Option<String>,
    tolerance_seconds: Option<i64>,
    message_id_header: Option<String>,
    payload_format: Option<String>,
}

impl Gate {
    pub(super) fn new(db: Db, vault: Vault, changes: &Changes, clock: Clock) -> Self {
        Self { db, vault, clock, credentials: Cached::new(changes, Topic::Credentials) }
    }

    /// Refuses what no credential can fit whatever the body is.
    pub(super) async fn may_fit(&self, headers: &HeaderMap) -> Result<std::result::Result<(), Reason>> {
        let now = self.clock.now();
        let credentials = self.credentials.get(|| self.read(now)).await?;
        let mut closest = Reason::Missing;
        for credential in credentials.iter() {
            match credential.auth.may_fit(headers) {
                Ok(()) => return Ok(Ok(())),
                Err(error) => closest = closer(closest, &error),
            }
        }
        Ok(Err(closest))
    }

    /// The account that sent the request, or why no credential fits.
    pub(super) async fn account_of(
        &self,
        request: &WebhookRequest<'_>,
    ) -> Result<std::result::Result<ProviderAccountId, Reason>> {
        let now = self.clock.now();
        let credentials = self.credentials.get(|| self.read(now)).await?;
        Ok(fitting(&credentials, request, now))
    }

    async fn read(&self, now: Timestamp) -> Result<Vec<Credential>> {
        let rows = provider_accounts::credentials(&self.db, now).await?;
        Ok(rows.into_iter().filter_map(|row| self.open(row)).collect())
    }

    fn open(&self, row: WebhookCredential) -> Option<Credential> {
        let opened = self.vault.open(&secret_place(row.id), &row.sealed_secret);
        let settings = serde_json::from_value::<Settings>(row.settings);
        match (opened, settings) {
            (Ok(secret), Ok(settings)) => Some(Credential {
                account: row.account,
                auth: auth(&row.kind, secret, settings),
                expires_at: row.expires_at,
            }),
            (opened, settings) => {
                let problem = opened.err().map(|e| e.to_string()).or(settings.err().map(|e| e.to_string()));
                tracing::error!(credential.id = %row.id, ?problem, "a webhook credential cannot be used");
                None
            }
        }
    }
}

// Every credential is tried, whichever fits: how long it takes does not tell which one nearly did.
fn fitting(
    credentials: &[Credential],
    request: &WebhookRequest<'_>,
    now: Timestamp,
) -> std::result::Result<ProviderAccountId, Reason> {
    let counts = |credential: &&Credential| credential.expires_at.is_none_or(|until| now < until);
    let nobody = Err(Reason::Missing);
    credentials.iter().filter(counts).fold(nobody, |found, credential| {
        match (found, credential.auth.verify(request, now)) {
            (Ok(account), _) => Ok(account),
            (Err(_), Ok(())) => Ok(credential.account),
            (Err(reason), Err(error)) => Err(closer(reason, &error)),
        }
    })
}

/// Of several credentials that do not fit, what the one says that came closest.
fn closer(reason: Reason, error: &AuthError) -> Reason {
    match (reason, error) {
        (Reason::Stale, _) | (_, AuthError::OutsideTolerance) => Reason::Stale,
        (Reason::Missing, AuthError::MissingHeader(_)) => Reason::Missing,
        _ => Reason::Wrong,
    }
}

fn auth(kind: &str, secret: SecretString, settings: Settings) -> WebhookAuth {
    match kind {
        "hmac" => WebhookAuth::Hmac(hmac(secret, settings)),
        "bearer" => WebhookAuth::Bearer(BearerAuth {
            header_name: settings.header_name.unwrap_or_else(|| "authorization".to_owned()),
            prefix_enabled: settings.prefix_enabled.unwrap_or(true),
            token: secret,
        }),
        // The table's check constraint leaves `secret`.
        _ => WebhookAuth::vapi_secret(secret),
    }
}

fn hmac(secret: SecretString, settings: Settings) -> HmacAuth {
    let algorithm = match settings.algorithm.as_deref() {
        Some("sha512") => HmacAlgorithm::Sha512,
        Some("sha1") => HmacAlgorithm::Sha1,
        _ => HmacAlgorithm::Sha256,
    };
    let defaults = HmacAuth::new(secret, algorithm);
    HmacAuth {
        secret_is_base64: settings.secret_is_base64,
        signature_header: settings.signature_header.unwrap_or(defaults.signature_header),
        signature_prefix: settings.signature_prefix.unwrap_or(defaults.signature_prefix),
        signature_encoding: match settings.signature_encoding.as_deref() {
            Some("base64") => SignatureEncoding::Base64,
            _ => defaults.signature_encoding,
        },
        include_timestamp: settings.include_timestamp.unwrap_or(defaults.include_timestamp),
        timestamp_header: settings.timestamp_header.unwrap_or(defaults.timestamp_header),
        timestamp_tolerance: settings.tolerance_seconds.map_or(defaults.timestamp_tolerance, SignedDuration::from_secs),
        message_id_header: settings.message_id_header.or(defaults.message_id_header),
        payload_format: settings.payload_format.or(defaults.payload_format),
        secret_key: defaults.secret_key,
        algorithm,
    }
}
