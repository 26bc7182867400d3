//! Provider accounts as they come to be: the key sealed, a pool for its lines, and a secret that its webhooks will bear.

use crate::domain::ids::ProviderAccountId;
use crate::store::provider_accounts::{self, NewAccount, WebhookCredential};
use crate::store::{Db, Result};
use crate::vault::{Vault, key_place, secret_place};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rand::RngCore as _;
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

/// Characters of a key that are shown, so that people can tell keys apart.
const KEY_ENDING_CHARS: usize = 4;
const SECRET_BYTES: usize = 32;

/// An account as a person or the demo gives it.
pub struct Account<'a> {
    pub name: &'a str,
    /// Accounts of one subscription share its lines: give them the same pool.
    pub pool: &'a str,
    pub lines_max: i32,
    pub base_url: &'a str,
    pub key: &'a SecretString,
    pub requests_per_minute_max: i32,
}

/// Makes the account, or gives the one of this name a new key and address. A new account gets a webhook secret.
pub async fn account(db: &Db, vault: &Vault, account: &Account<'_>, now: Timestamp) -> Result<ProviderAccountId> {
    let Account { name, pool, lines_max, base_url, key, requests_per_minute_max } = account;
    let pool = provider_accounts::put_pool(db, pool, *lines_max, now).await?;
    let known = provider_accounts::find(db, name).await?;
    let id = known.unwrap_or_default();
    let new = NewAccount {
        id,
        pool,
        name,
        base_url,
        sealed_key: &vault.seal(&key_place(id), key),
        key_ending: &ending(key),
        requests_per_minute_max: *requests_per_minute_max,
    };
    provider_accounts::put(db, &new, now).await?;
    if known.is_none() {
        add_webhook_secret(db, vault, id, &new_secret(), now).await?;
    }
    Ok(id)
}

/// A way in which webhooks will prove where they come from.
pub struct WebhookSecret<'a> {
    pub account: ProviderAccountId,
    /// As in `webhook_credentials`.
    pub kind: &'a str,
    pub secret: &'a SecretString,
    pub settings: serde_json::Value,
}

/// Adds a secret of kind `x-vapi-secret`; calls placed from now on carry it. Older ones stay valid.
pub async fn add_webhook_secret(
    db: &Db,
    vault: &Vault,
    account: ProviderAccountId,
    secret: &SecretString,
    now: Timestamp,
) -> Result<()> {
    let new = WebhookSecret { account, kind: "secret", secret, settings: serde_json::json!({}) };
    add_webhook_credential(db, vault, &new, now).await?;
    Ok(())
}

/// Adds a credential of any kind; returns its id.
pub async fn add_webhook_credential(db: &Db, vault: &Vault, new: &WebhookSecret<'_>, now: Timestamp) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let credential = WebhookCredential {
        id,
        account: new.account,
        kind: new.kind.to_owned(),
        sealed_secret: vault.seal(&secret_place(id), new.secret),
        settings: new.settings.clone(),
        expires_at: None,
    };
    provider_accounts::add_credential(db, &credential, now).await?;
    Ok(id)
}

/// One that nobody guesses.
pub fn new_secret() -> SecretString {
    let mut bytes = [0; SECRET_BYTES];
    rand::rng().fill_bytes(&mut bytes);
    SecretString::from(URL_SAFE_NO_PAD.encode(bytes))
}

fn ending(key: &SecretString) -> String {
    let chars: Vec<char> = key.expose_secret().chars().collect();
    chars[chars.len().saturating_sub(KEY_ENDING_CHARS)..].iter().collect()
}
