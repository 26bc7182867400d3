//! The provider accounts as the dialer uses them: a client with the opened key, and the secret that the provider is told
//! to send with each webhook of our calls.

use crate::clock::Clock;
use crate::domain::ids::ProviderAccountId;
use crate::store::provider_accounts::{self, ProviderAccount, WebhookCredential};
use crate::store::{Db, Result};
use crate::vault::{Vault, key_place, secret_place};
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use vapi::{Client, ClientConfig};

/// For listings and the like; creating a call has a time of its own.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

pub struct OpenAccount {
    pub id: ProviderAccountId,
    pub name: String,
    pub client: Client,
    /// The newest secret of kind `secret`: sent along as the header `x-vapi-secret` by the calls we place.
    pub webhook_secret: Option<SecretString>,
}

/// All accounts, read anew when one is asked for that is not known, and by [`Accounts::refresh`].
pub struct Accounts {
    db: Db,
    vault: Vault,
    clock: Clock,
    open: Mutex<Arc<HashMap<ProviderAccountId, Arc<OpenAccount>>>>,
}

impl Accounts {
    pub fn new(db: Db, vault: Vault, clock: Clock) -> Self {
        Self { db, vault, clock, open: Mutex::default() }
    }

    /// The account, or `None` if it does not exist or its key cannot be opened, which is logged.
    pub async fn get(&self, id: ProviderAccountId) -> Result<Option<Arc<OpenAccount>>> {
        if let Some(account) = self.known().get(&id) {
            return Ok(Some(account.clone()));
        }
        self.refresh().await?;
        Ok(self.known().get(&id).cloned())
    }

    pub async fn all(&self) -> Result<Vec<Arc<OpenAccount>>> {
        self.refresh().await?;
        Ok(self.known().values().cloned().collect())
    }

    /// Reads keys and secrets again; one that was rotated is used from then on.
    pub async fn refresh(&self) -> Result<()> {
        let accounts = provider_accounts::all(&self.db).await?;
        let credentials = provider_accounts::credentials(&self.db, self.clock.now()).await?;
        let open = accounts.into_iter().filter_map(|account| self.open(account, &credentials)).collect();
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(open);
        Ok(())
    }

    fn known(&self) -> Arc<HashMap<ProviderAccountId, Arc<OpenAccount>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn open(
        &self,
        account: ProviderAccount,
        credentials: &[WebhookCredential],
    ) -> Option<(ProviderAccountId, Arc<OpenAccount>)> {
        let ProviderAccount { id, name, base_url, sealed_key, swept_until: _ } = account;
        let client = self
            .vault
            .open(&key_place(id), &sealed_key)
            .map_err(anyhow::Error::from)
            .and_then(|key| Ok(Client::new(ClientConfig { base_url, key, timeout: REQUEST_TIMEOUT })?));
        let client = match client {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(account.id = %id, %error, "provider account {id} cannot be used");
                return None;
            }
        };
        let secret = credentials.iter().find(|credential| credential.account == id && credential.kind == "secret");
        let webhook_secret =
            secret.and_then(|credential| self.vault.open(&secret_place(credential.id), &credential.sealed_secret).ok());
        Some((id, Arc::new(OpenAccount { id, name, client, webhook_secret })))
    }
}
