//! Carries webhooks over real HTTP and brings the answers back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::delivery::Delivery;
use crate::signature::{self, Signed};
use crate::target::Target;

/// Answers are read up to here; the rest is dropped with the connection.
const ANSWER_BYTES_MAX: usize = 1_000_000;
/// Idle connections kept per server.
const IDLE_CONNECTIONS_MAX: usize = 256;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Access tokens are fetched anew after this long when their issuer does not say.
const TOKEN_SECONDS_DEFAULT: u64 = 300;

/// Trusts the roots it brings along: the machine it runs on may have none, and most servers are plain HTTP anyway.
fn tls() -> rustls::ClientConfig {
    let roots: rustls::RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.expect("ring has the default protocol versions");
    builder.with_root_certificates(roots).with_no_client_auth()
}

/// What a server answered.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// `None`: no answer came in time.
    pub(crate) status: Option<u16>,
    pub(crate) body: Bytes,
    pub(crate) milliseconds: f64,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

struct Token {
    text: String,
    expires_at: Instant,
}

/// One connection pool for all servers, and the access tokens of `oauth2` credentials.
pub(crate) struct Courier {
    http: reqwest::Client,
    tokens: Mutex<HashMap<String, Token>>,
}

impl Courier {
    pub(crate) fn new() -> reqwest::Result<Self> {
        let http = reqwest::Client::builder()
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tls_backend_preconfigured(tls())
            .build()?;
        Ok(Self { http, tokens: Mutex::default() })
    }

    /// Posts one delivery and waits for the answer within the server's own time limit.
    pub(crate) async fn send(&self, delivery: &Delivery, now: Timestamp) -> Answer {
        let body = delivery.message.render(delivery.dress);
        let begun = Instant::now();
        let posted = tokio::time::timeout(delivery.time_limit(), self.post(delivery, body, now)).await;
        let (status, body) = posted.ok().flatten().unwrap_or_default();
        Answer { status, body, milliseconds: begun.elapsed().as_secs_f64() * 1000.0 }
    }

    async fn post(&self, delivery: &Delivery, body: Bytes, now: Timestamp) -> Option<(Option<u16>, Bytes)> {
        let target = &delivery.target;
        let headers = self.headers(target, &body, delivery, now).await;
        let sent = self.http.post(&target.url).headers(headers).body(body).send().await.ok()?;
        let status = sent.status().as_u16();
        Some((Some(status), read_bounded(sent).await.unwrap_or_default()))
    }

    async fn headers(&self, target: &Target, body: &Bytes, delivery: &Delivery, now: Timestamp) -> HeaderMap {
        let message_id = format!("msg_{}_{}", delivery.message.call_id.simple(), delivery.dress.delivery_number);
        let signed = Signed { url: &target.url, body, message_id: &message_id, now };
        let mut headers = HeaderMap::from_iter([
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (HeaderName::from_static("x-call-id"), text(&delivery.message.call_id.to_string())),
        ]);
        let mut set = |name: &str, value: &str| {
            if let Ok(name) = HeaderName::try_from(name) {
                headers.insert(name, text(value));
            }
        };
        if let Some(secret) = &target.secret {
            set("x-vapi-secret", secret);
        }
        if let Some(credential) = &target.credential {
            let plan = credential.body.get("authenticationPlan").unwrap_or(&Value::Null);
            for (name, value) in signature::headers(plan, &signed) {
                set(&name, &value);
            }
            if plan["type"] == "oauth2"
                && let Some(token) = self.access_token(&credential.id, plan).await
            {
                set("authorization", &format!("Bearer {token}"));
            }
        }
        // The server's own headers come last: they override the credential.
        for (name, value) in &target.headers {
            set(name, value);
        }
        headers
    }

    /// The access token of an `oauth2` credential, by client credentials.
    async fn access_token(&self, credential_id: &str, plan: &Value) -> Option<String> {
        if let Some(token) = self.tokens.lock().expect("no holder panics").get(credential_id)
            && token.expires_at > Instant::now()
        {
            return Some(token.text.clone());
        }
        let form = |key: &str| plan[key].as_str().unwrap_or_default().to_owned();
        let fields = [
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", form("clientId")),
            ("client_secret", form("clientSecret")),
            ("scope", form("scope")),
        ];
        let encoded = form_encoded(&fields);
        let request = self.http.post(form("url")).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = request.body(encoded).timeout(CONNECT_TIMEOUT).send().await.ok()?;
        let answer: Value = serde_json::from_slice(&read_bounded(answer).await?).ok()?;
        let text = answer["access_token"].as_str()?.to_owned();
        let seconds = answer["expires_in"].as_u64().unwrap_or(TOKEN_SECONDS_DEFAULT);
        let token = Token { text: text.clone(), expires_at: Instant::now() + Duration::from_secs(seconds) };
        self.tokens.lock().expect("no holder panics").insert(credential_id.to_owned(), token);
        Some(text)
    }
}

fn text(value: &str) -> HeaderValue {
    HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(""))
}

fn form_encoded(fields: &[(&str, String)]) -> String {
    let mut url = reqwest::Url::parse("http://form/").expect("a constant URL");
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap_or_default().to_owned()
}

/// The body up to the bound; `None` when it breaks off or is longer.
async fn read_bounded(mut response: reqwest::Response) -> Option<Bytes> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return None;
        }
        body.extend_from_slice(&chunk);
    }
    Some(body.freeze())
}
