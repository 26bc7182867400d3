//! What a test does by hand at the provider, past the program: calls placed with its key, webhooks with its secret.

use super::builders::Client;
use super::world::World;
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use trunkline::domain::ids::ProviderAccountId;
use trunkline::store::provider_accounts;
use trunkline::vault::secret_place;

impl World {
    /// The secret that the first account's webhooks bear.
    pub(crate) async fn webhook_secret(&self) -> String {
        self.webhook_secret_of(self.account).await
    }

    pub(crate) async fn webhook_secret_of(&self, account: ProviderAccountId) -> String {
        let credentials = provider_accounts::credentials(&self.node.db, self.now()).await.unwrap();
        let credential = credentials.iter().find(|credential| credential.account == account).unwrap();
        let secret = self.vault.open(&secret_place(credential.id), &credential.sealed_secret).unwrap();
        secret.expose_secret().to_owned()
    }

    /// Has the provider create a call with the marker of `attempt`, as a request does that arrives late. Returns its id.
    pub(crate) async fn place_call(&self, client: &Client, phone: &str, attempt: &str) -> String {
        let secret = self.webhook_secret().await;
        let url = format!("{}/webhooks/vapi?attempt={attempt}", self.base_url);
        let server = json!({ "url": url, "headers": { "x-vapi-secret": secret } });
        let body = json!({
            "assistantId": client.assistant_id,
            "phoneNumberId": client.provider_number_id,
            "customer": { "number": phone },
            "name": attempt,
            "assistantOverrides": { "server": server, "metadata": { "attempt": attempt } },
        });
        let request = self.browser.post(format!("{}/call", self.provider.base_url())).bearer_auth("sim-key-1");
        let response = request.header("user-agent", "by hand").json(&body).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::CREATED);
        let created: Value = response.json().await.unwrap();
        created["id"].as_str().unwrap().to_owned()
    }

    /// Posts a webhook of the first account.
    pub(crate) async fn webhook(&self, body: &Value) -> (StatusCode, Value) {
        let secret = self.webhook_secret().await;
        self.webhook_with(&[("x-vapi-secret", &secret)], body.to_string()).await
    }

    /// Posts a webhook with these headers; the answer is null if it is no JSON.
    pub(crate) async fn webhook_with(
        &self,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> (StatusCode, Value) {
        let mut request = self.browser.post(format!("{}/webhooks/vapi", self.base_url)).body(body);
        request = request.header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }
}
