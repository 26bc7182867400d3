//! Further provider accounts, each with lines of its own, and agents and numbers there.

use super::builders::Client;
use super::world::World;
use secrecy::SecretString;
use serde_json::json;
use trunkline::domain::ids::{PhoneNumberId, ProviderAccountId};
use trunkline::provision;
use trunkline::store::agents::{self, NewDeployment};
use trunkline::store::phone_numbers::{self, NewPhoneNumber};

/// A second account at the provider.
#[derive(Debug, Clone)]
pub(crate) struct Second {
    pub(crate) id: ProviderAccountId,
    pub(crate) org: &'static str,
}

impl World {
    /// An account of another subscription, with ten lines.
    pub(crate) async fn second_account(&self) -> Second {
        self.provider.add_subscription("pool-2", 10);
        self.provider.add_account(vapi_sim::Account {
            key: "sim-key-2".to_owned(),
            public_key: "sim-public-2".to_owned(),
            org_id: "org-2".to_owned(),
            subscription: "pool-2".to_owned(),
        });
        let account = provision::Account {
            name: "vapi-two",
            pool: "second",
            lines_max: 10,
            base_url: self.provider.base_url(),
            key: &SecretString::from("sim-key-2"),
            requests_per_minute_max: 80,
        };
        let id = provision::account(&self.node.db, &self.vault, &account, self.now()).await.unwrap();
        Second { id, org: "org-2" }
    }

    /// Gives the first account another key, as a person does.
    pub(crate) async fn replace_key(&self, key: &str) {
        let account = provision::Account {
            name: "vapi-one",
            pool: super::world::POOL,
            lines_max: 10,
            base_url: self.provider.base_url(),
            key: &SecretString::from(key),
            requests_per_minute_max: 80,
        };
        provision::account(&self.node.db, &self.vault, &account, self.now()).await.unwrap();
    }

    /// Gives the first account this many lines, here and at the provider, and requests to spare.
    pub(crate) async fn set_lines(&self, lines_max: u32) {
        self.provider.add_subscription("pool-1", lines_max);
        self.sql(&format!("update line_pools set lines_max = {lines_max} where name = '{}'", super::world::POOL)).await;
        self.sql("update provider_accounts set requests_per_minute_max = 10000").await;
    }

    /// Deploys the client's agent at a second account, with a number there.
    pub(crate) async fn deploy(&self, client: &Client, second: &Second) -> PhoneNumberId {
        let assistant = json!({ "name": client.slug, "voicemailDetection": { "provider": "vapi" } });
        let assistant_id = self.provider.add_assistant(second.org, assistant);
        let deployment = NewDeployment { agent: client.agent, account: second.id, assistant_id };
        let tx = self.node.db.tenant(client.id).await.unwrap();
        agents::deploy(&tx, &[deployment], self.now()).await.unwrap();
        tx.commit().await.unwrap();
        self.number_at(client, (second.id, second.org), "twilio").await
    }

    /// A further number of the client at the first account.
    pub(crate) async fn second_number(&self, client: &Client) -> PhoneNumberId {
        self.number_at(client, (self.account, "org-1"), "twilio").await
    }

    /// A number of the client at an account; one of provider `vapi` has a daily limit there.
    pub(crate) async fn number_at(
        &self,
        client: &Client,
        (account, org): (ProviderAccountId, &str),
        provider: &str,
    ) -> PhoneNumberId {
        let id = PhoneNumberId::new();
        let numbers: usize = self.sql("select count(*) from phone_numbers").await[0].parse().unwrap();
        let number = format!("+1212555{:04}", 2000 + numbers);
        let body = json!({ "provider": provider, "number": number });
        let provider_number_id = self.provider.add_phone_number(org, body);
        let label = String::new();
        let new = NewPhoneNumber { id, account, provider_number_id, number, label, calls_per_day_max: 100 };
        let tx = self.node.db.tenant(client.id).await.unwrap();
        phone_numbers::create(&tx, &[new], self.now()).await.unwrap();
        tx.commit().await.unwrap();
        id
    }
}
