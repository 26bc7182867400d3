//! Secrets at rest: AES-256-GCM under one master key. What a secret belongs to is sealed in with it, so that a row's
//! sealed secret cannot be moved to another row.

use crate::domain::ids::{OrganizationId, ProviderAccountId};
use aes_gcm::aead::{Aead, Generate, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use anyhow::{Context as _, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use uuid::Uuid;

const NONCE_BYTES: usize = 12;

#[derive(Clone)]
pub struct Vault {
    cipher: Aes256Gcm,
}

/// A sealed secret that this vault's key does not open, or that belongs elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("a sealed secret cannot be opened: the master key is another one, or the row was changed")]
pub struct Unopenable;

/// Where a provider account's key is sealed in.
pub fn key_place(account: ProviderAccountId) -> String {
    format!("provider_accounts/{account}/key")
}

/// Where a webhook credential's secret is sealed in.
pub fn secret_place(credential: Uuid) -> String {
    format!("webhook_credentials/{credential}/secret")
}

/// Where the secret of an organization's tool is sealed in.
pub fn tool_place(organization: OrganizationId, name: &str) -> String {
    format!("organizations/{organization}/tools/{name}/secret")
}

impl Vault {
    /// The vault of a key of 32 bytes in base64.
    pub fn new(key: &SecretString) -> anyhow::Result<Self> {
        let bytes = STANDARD.decode(key.expose_secret().trim()).context("the master key is not base64")?;
        if bytes.len() != 32 {
            bail!("the master key has {} bytes, 32 are needed: make one with `openssl rand -base64 32`", bytes.len());
        }
        let key = Key::<Aes256Gcm>::try_from(bytes.as_slice()).context("the master key has 32 bytes")?;
        Ok(Self { cipher: Aes256Gcm::new(&key) })
    }

    /// The vault whose key is in the file at `path`, which is made, readable by its owner alone, if it is missing.
    pub fn in_file(path: &Path) -> anyhow::Result<Self> {
        if !path.exists() {
            let key = STANDARD.encode(Key::<Aes256Gcm>::generate());
            let mut file = std::fs::OpenOptions::new()
                .create_new(true)
                .write(true)
                .mode(0o600)
                .open(path)
                .with_context(|| format!("the master key cannot be written to {}", path.display()))?;
            file.write_all(key.as_bytes())?;
            file.sync_all()?;
        }
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the master key cannot be read from {}", path.display()))?;
        Self::new(&SecretString::from(text))
    }

    /// Seals `secret` for `place`, such as `provider_accounts/ID/key`.
    pub fn seal(&self, place: &str, secret: &SecretString) -> Vec<u8> {
        let nonce = Nonce::generate();
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: place.as_bytes() };
        let sealed = self.cipher.encrypt(&nonce, payload).expect("a secret is far below the cipher's 64 GiB");
        [nonce.as_slice(), &sealed].concat()
    }

    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<SecretString, Unopenable> {
        let (nonce, text) = sealed.split_at_checked(NONCE_BYTES).ok_or(Unopenable)?;
        let nonce = Nonce::try_from(nonce).map_err(|_| Unopenable)?;
        let payload = Payload { msg: text, aad: place.as_bytes() };
        let opened = self.cipher.decrypt(&nonce, payload).map_err(|_| Unopenable)?;
        String::from_utf8(opened).map(SecretString::from).map_err(|_| Unopenable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::new(&SecretString::from(STANDARD.encode([7; 32]))).unwrap()
    }

    #[test]
    fn a_secret_opens_only_in_its_place_and_with_its_key() {
        let sealed = vault().seal("provider_accounts/1/key", &SecretString::from("s3cret"));

        assert_eq!(vault().open("provider_accounts/1/key", &sealed).unwrap().expose_secret(), "s3cret");
        assert!(vault().open("provider_accounts/2/key", &sealed).is_err());
        let other = Vault::new(&SecretString::from(STANDARD.encode([8; 32]))).unwrap();
        assert!(other.open("provider_accounts/1/key", &sealed).is_err());
        assert!(vault().open("provider_accounts/1/key", &sealed[..5]).is_err());
    }

    #[test]
    fn a_key_of_another_length_is_refused_with_the_way_to_make_one() {
        let error = Vault::new(&SecretString::from("c2hvcnQ=")).err().unwrap().to_string();

        assert!(error.contains("openssl rand -base64 32"), "{error}");
    }
}
