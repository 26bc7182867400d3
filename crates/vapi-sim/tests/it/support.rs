//! A simulator on a test clock, a client for it, and a server that keeps every webhook it gets.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use vapi_sim::{Account, Knobs, Outcome, Simulator, SimulatorConfig};

pub(crate) const KEY: &str = "private-key";
pub(crate) const ORG: &str = "org-1";
pub(crate) const POOL: &str = "pool-1";
pub(crate) const PHONE: &str = "+14155550101";
pub(crate) const ASSISTANT: &str = "assistant-1";
pub(crate) const NUMBER: &str = "number-1";

/// A webhook as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    pub(crate) fn message(&self) -> Value {
        serde_json::from_slice::<Value>(&self.body).unwrap()["message"].clone()
    }
}

/// Keeps webhooks; answers 200 unless told otherwise, and every tool call with the same sentence.
#[derive(Default)]
pub(crate) struct Hook {
    received: Mutex<Vec<Received>>,
    answers: Mutex<VecDeque<(u16, Value)>>,
}

async fn receive(State(hook): State<Arc<Hook>>, headers: HeaderMap, body: Bytes) -> (StatusCode, axum::Json<Value>) {
    let received = Received { headers, body };
    let message = received.message();
    hook.received.lock().unwrap().push(received);
    let scripted = if message["type"] == "tool-calls" {
        let id = &message["toolCallList"][0]["id"];
        Some((200, json!({ "results": [{ "toolCallId": id, "result": "Answered by us." }] })))
    } else {
        hook.answers.lock().unwrap().pop_front()
    };
    let (status, body) = scripted.unwrap_or((200, json!({})));
    (StatusCode::from_u16(status).unwrap(), axum::Json(body))
}

pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) hook: Arc<Hook>,
    pub(crate) hook_url: String,
    pub(crate) http: reqwest::Client,
    clock: Arc<AtomicI64>,
}

/// An answer of the REST API.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_seed(7).await
    }

    /// One account with ten lines, an assistant that reports to our server, and a number of Twilio's.
    pub(crate) async fn with_seed(seed: u64) -> Self {
        let begin: Timestamp = "2026-03-02T15:00:00Z".parse().unwrap();
        let clock = Arc::new(AtomicI64::new(begin.as_millisecond()));
        let read = Arc::clone(&clock);
        let read = move || Timestamp::from_millisecond(read.load(Ordering::SeqCst)).unwrap();
        let knobs = Knobs { iso_timestamps: 0.0, ..Knobs::default() };
        let config = SimulatorConfig { seed, knobs, ..SimulatorConfig::new(Arc::new(read)) };
        let simulator = Simulator::start(config).await.unwrap();
        let account = |key: &str, org_id: &str| Account {
            key: key.to_owned(),
            public_key: format!("{key}-public"),
            org_id: org_id.to_owned(),
            subscription: POOL.to_owned(),
        };
        simulator.add_account(account(KEY, ORG));
        let hook = Arc::new(Hook::default());
        let hook_url = serve(Arc::clone(&hook)).await;
        simulator.add_assistant(ORG, assistant(&hook_url));
        let number = json!({ "id": NUMBER, "provider": "twilio", "number": "+14155550000" });
        simulator.add_phone_number(ORG, number);
        let http = client().user_agent("test").build().unwrap();
        Self { simulator, hook, hook_url, http, clock }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.clock.load(Ordering::SeqCst)).unwrap()
    }

    /// Moves the clock and lets everything happen that is due by then.
    pub(crate) async fn advance(&self, duration: SignedDuration) -> usize {
        let milliseconds = i64::try_from(duration.as_millis()).unwrap();
        self.clock.fetch_add(milliseconds, Ordering::SeqCst);
        self.simulator.settle().await
    }

    pub(crate) async fn seconds(&self, seconds: i64) -> usize {
        self.advance(SignedDuration::from_secs(seconds)).await
    }

    pub(crate) fn script(&self, outcome: Outcome) {
        self.simulator.script_phone(PHONE, vec![outcome]);
    }

    /// Headers are sent as given: `key` may be wrong.
    pub(crate) async fn send(&self, method: &str, path: &str, key: &str, body: Option<Value>) -> Answer {
        let url = format!("{}{path}", self.simulator.base_url());
        let mut request = self.http.request(method.parse().unwrap(), url).bearer_auth(key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        Answer { status, body: response.json().await.unwrap_or(Value::Null) }
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, KEY, Some(body)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, KEY, None).await
    }

    /// Places a call to `phone`; returns the answer whatever it is.
    pub(crate) async fn call(&self, phone: &str) -> Answer {
        self.post("/call", order(phone)).await
    }

    /// Places a call to the usual phone and returns its id.
    pub(crate) async fn placed(&self) -> String {
        let answer = self.call(PHONE).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    pub(crate) fn set_knobs(&self, change: impl FnOnce(&mut Knobs)) {
        let mut knobs = self.simulator.knobs();
        change(&mut knobs);
        self.simulator.set_knobs(knobs);
    }

    /// The next webhooks are answered like this.
    pub(crate) fn answer_next(&self, status: u16, body: Value) {
        self.hook.answers.lock().unwrap().push_back((status, body));
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.hook.received.lock().unwrap().clone()
    }

    pub(crate) fn messages(&self, kind: &str) -> Vec<Value> {
        let messages = self.received().into_iter().map(|received| received.message());
        messages.filter(|message| message["type"] == kind).collect()
    }

    /// `message.status` of the status updates, in the order they came.
    pub(crate) fn statuses(&self) -> Vec<String> {
        let statuses = self.messages("status-update").into_iter();
        statuses.map(|message| message["status"].as_str().unwrap().to_owned()).collect()
    }
}

/// A client without roots of trust: the machine may have none, and the simulator is plain HTTP.
pub(crate) fn client() -> reqwest::ClientBuilder {
    // Another client of the same process may have installed it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().tls_certs_only([]).no_proxy()
}

pub(crate) fn order(phone: &str) -> Value {
    json!({
        "assistantId": ASSISTANT, "phoneNumberId": NUMBER, "name": "attempt-1",
        "customer": { "number": phone, "name": "Maria Alvarez", "externalId": "lead-1" },
        "metadata": { "attempt": "attempt-1" },
    })
}

fn assistant(hook_url: &str) -> Value {
    let tool = |name: &str| {
        let parameters = json!({ "type": "object", "properties": { "day": { "type": "string" } } });
        json!({ "type": "function", "function": { "name": name, "parameters": parameters } })
    };
    json!({
        "id": ASSISTANT, "name": "Booking", "firstMessage": "Hi {{customer.name}}.",
        "model": { "tools": [tool("check_availability"), tool("book_appointment")] },
        "voicemailDetection": { "provider": "vapi" },
        "server": { "url": hook_url },
        "serverMessages": ["status-update", "end-of-call-report", "tool-calls"],
    })
}

async fn serve(hook: Arc<Hook>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let router = Router::new().fallback(receive).with_state(hook);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}
