//! Who speaks: the provider account whose credential a webhook proves to hold. Decided on the raw bytes.

use crate::clock::Clock;
use crate::domain::ids::ProviderAccountId;
use crate::store::provider_accounts::{self, WebhookCredential};
use crate::store::{Db, Result};
use crate::vault::Vault;
use crate::vault::secret_place;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use vapi::{BearerAuth, HmacAlgorithm, HmacAuth, SignatureEncoding, WebhookAuth, WebhookRequest};

/// A secret that was rotated on another node counts here after this at the latest.
const READ_EVERY: Duration = Duration::from_secs(30);
/// A webhook that no credential fits may be signed with a new one: read again, but not for each of a flood.
const READ_AGAIN_AFTER: Duration = Duration::from_secs(1);

pub(super) struct Gate {
    db: Db,
    vault: Vault,
    clock: Clock,
    known: Mutex<Known>,
}

#[derive(Default, Clone)]
struct Known {
    credentials: Arc<Vec<(ProviderAccountId, WebhookAuth)>>,
    read_at: Option<Instant>,
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
    pub(super) fn new(db: Db, vault: Vault, clock: Clock) -> Self {
        Self { db, vault, clock, known: Mutex::default() }
    }

    /// The account that sent the request; `None` if no credential fits.
    pub(super) async fn account_of(&self, request: &WebhookRequest<'_>) -> Result<Option<ProviderAccountId>> {
        let now = self.clock.now();
        if let Some(account) = fitting(&self.credentials(READ_EVERY).await?, request, now) {
            return Ok(Some(account));
        }
        Ok(fitting(&self.credentials(READ_AGAIN_AFTER).await?, request, now))
    }

    async fn credentials(&self, age_max: Duration) -> Result<Arc<Vec<(ProviderAccountId, WebhookAuth)>>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if known.read_at.is_some_and(|at| at.elapsed() < age_max) {
            return Ok(known.credentials);
        }
        let rows = provider_accounts::credentials(&self.db, self.clock.now()).await?;
        let credentials = Arc::new(rows.into_iter().filter_map(|row| self.open(row)).collect::<Vec<_>>());
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) =
            Known { credentials: credentials.clone(), read_at: Some(Instant::now()) };
        Ok(credentials)
    }

    fn open(&self, row: WebhookCredential) -> Option<(ProviderAccountId, WebhookAuth)> {
        let opened = self.vault.open(&secret_place(row.id), &row.sealed_secret);
        let settings = serde_json::from_value::<Settings>(row.settings);
        match (opened, settings) {
            (Ok(secret), Ok(settings)) => Some((row.account, auth(&row.kind, secret, settings))),
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
    credentials: &[(ProviderAccountId, WebhookAuth)],
    request: &WebhookRequest<'_>,
    now: Timestamp,
) -> Option<ProviderAccountId> {
    let fits = |auth: &WebhookAuth| auth.verify(request, now).is_ok();
    credentials.iter().fold(None, |found, (account, auth)| if fits(auth) { found.or(Some(*account)) } else { found })
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
