//! `trunkline add webhook-secret`: a further way for an account's webhooks to prove where they come from.

use super::reach::Reached;
use crate::config::MasterKey;
use crate::provision;
use crate::store::provider_accounts;
use anyhow::Context as _;
use jiff::SignedDuration;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

/// Adds a secret for the webhooks of a provider account and shows it, once. Older ones stay valid, or for as long as you
/// say, so that it can be set at Vapi without losing a webhook.
#[derive(clap::Args, Debug)]
pub(super) struct WebhookSecret {
    #[command(flatten)]
    master_key: MasterKey,
    #[arg(long, default_value = "vapi", value_name = "NAME")]
    account: String,
    /// How Vapi proves to know it. An oauth2 credential sends a bearer token, too.
    #[arg(long, value_enum, default_value_t = Kind::Secret)]
    kind: Kind,
    /// Header of the token or of the signature, if not the usual one.
    #[arg(long, value_name = "NAME")]
    header: Option<String>,
    /// Of a signature.
    #[arg(long, value_enum, default_value_t = Algorithm::Sha256)]
    algorithm: Algorithm,
    /// Older secrets of this kind end after this time, such as 24h: calls that are going on still bring the old one.
    #[arg(long, value_name = "TIME")]
    expires_old_in: Option<SignedDuration>,
}

#[derive(clap::ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The header `x-vapi-secret`. The calls that Trunkline places bring it along by themselves.
    Secret,
    /// `Authorization: Bearer …`
    Bearer,
    /// A signature over time and body.
    Hmac,
}

#[derive(clap::ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Sha256,
    Sha512,
    Sha1,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Bearer => "bearer",
            Self::Hmac => "hmac",
        }
    }
}

impl WebhookSecret {
    pub(super) async fn add(self, reached: &Reached) -> anyhow::Result<String> {
        let Reached { db, now, .. } = reached;
        let account = provider_accounts::find(db, &self.account)
            .await?
            .with_context(|| format!("there is no provider account {}", self.account))?;
        let secret = provision::new_secret();
        let new =
            provision::WebhookSecret { account, kind: self.kind.as_str(), secret: &secret, settings: self.settings() };
        let added = provision::add_webhook_credential(db, &self.master_key.vault()?, &new, *now).await?;
        let expired = match self.expires_old_in {
            Some(time) => {
                provider_accounts::expire_older(db, (account, self.kind.as_str(), added), *now + time).await?
            }
            None => 0,
        };
        let shown = secret.expose_secret();
        Ok(format!(
            "{shown}\n\nThis is shown once. At Vapi: {}.\n{expired} older secrets of this kind end at the time you gave.",
            self.at_vapi()
        ))
    }

    /// As `intake/gate.rs` reads them.
    fn settings(&self) -> Value {
        match self.kind {
            Kind::Secret => json!({}),
            Kind::Bearer => match &self.header {
                Some(header) => json!({ "header_name": header, "prefix_enabled": false }),
                None => json!({}),
            },
            Kind::Hmac => {
                let algorithm = format!("{:?}", self.algorithm).to_lowercase();
                match &self.header {
                    Some(header) => json!({ "algorithm": algorithm, "signature_header": header }),
                    None => json!({ "algorithm": algorithm }),
                }
            }
        }
    }

    fn at_vapi(&self) -> String {
        match self.kind {
            Kind::Secret => {
                "nothing is to be set for calls that Trunkline places; else it is the server's secret".to_owned()
            }
            Kind::Bearer => "a custom credential of type bearer token, chosen as the server's credential".to_owned(),
            Kind::Hmac => format!(
                "a custom credential of type HMAC with {:?}, the rest as it comes, chosen as the server's credential",
                self.algorithm
            ),
        }
    }
}
