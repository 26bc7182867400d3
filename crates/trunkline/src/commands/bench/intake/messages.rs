//! The webhooks that are sent: status updates of 2 KB, reports of 50 KB and questions, about the assistants of an agency.

use crate::commands::bench::ground::{Agency, Ground};
use crate::domain::ids::ProviderAccountId;
use crate::provision;
use crate::vault::Vault;
use anyhow::{Context as _, Result};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    StatusUpdate,
    Report,
    /// Of a caller: which assistant takes the call?
    AssistantRequest,
}

const STATUS_UPDATE_BYTES: usize = 2 * 1024;
const REPORT_BYTES: usize = 50 * 1024;
/// Stand for what differs from message to message.
const CALL: &str = "00000000-0000-0000-0000-000000000000";
const ASSISTANT: &str = "THE-ASSISTANT";
const NUMBER: &str = "THE-NUMBER";
const STATUS: &str = "THE-STATUS";
const TIME: &str = "2026-03-04T18:00:00.000Z";
/// As a call goes through them; a status update of each.
const STATUSES: [&str; 4] = ["queued", "ringing", "in-progress", "forwarding"];
const SENDERS: &str = include_str!("senders.sql");
const SECRET: &str = "a-secret-of-the-bench-";

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::StatusUpdate => "2k",
            Self::Report => "50k",
            Self::AssistantRequest => "assistant_request",
        }
    }

    /// A message with marks in the places of what differs.
    fn template(self) -> String {
        let call = json!({ "id": CALL, "orgId": "org", "type": "inboundPhoneCall", "status": "queued",
                           "assistantId": ASSISTANT, "phoneNumberId": NUMBER, "customer": { "number": "+12125550146" } });
        let message = json!({ "timestamp": TIME, "call": call, "phoneNumber": { "id": NUMBER } });
        match self {
            Self::AssistantRequest => with(message, &json!({ "type": "assistant-request" })),
            Self::StatusUpdate => {
                let own = json!({ "type": "status-update", "status": STATUS,
                                  "assistant": { "id": ASSISTANT, "model": prompt(STATUS_UPDATE_BYTES - 700) } });
                with(message, &own)
            }
            Self::Report => {
                let turns: Vec<Value> = (0..100_u32).map(turn).collect();
                let own = json!({ "type": "end-of-call-report", "endedReason": "customer-ended-call",
                                  "durationSeconds": 61.2, "cost": 0.0931, "costBreakdown": { "total": 0.0931 },
                                  "assistant": { "id": ASSISTANT, "model": prompt(REPORT_BYTES / 4) },
                                  "analysis": { "summary": prompt(400), "successEvaluation": "true" },
                                  "artifact": { "transcript": prompt(REPORT_BYTES / 4), "messages": turns } });
                with(message, &own)
            }
        }
    }
}

fn with(mut message: Value, own: &Value) -> String {
    for (name, value) in own.as_object().into_iter().flatten() {
        message[name] = value.clone();
    }
    json!({ "message": message }).to_string()
}

fn turn(nth: u32) -> Value {
    let role = if nth.is_multiple_of(2) { "bot" } else { "user" };
    json!({ "role": role, "message": prompt(150), "time": 1_764_000_000_000_u64 + u64::from(nth) * 617,
            "secondsFromStart": f64::from(nth) * 0.617, "duration": 500 + nth % 7 })
}

/// English enough to be compressed like it.
fn prompt(bytes: usize) -> String {
    const WORDS: &str =
        "please confirm the appointment with our clinic on Tuesday morning or tell us another time which";
    let words: Vec<&str> = WORDS.split(' ').collect();
    let mut text = String::with_capacity(bytes + 16);
    let mut nth: usize = 7;
    while text.len() < bytes {
        nth = nth.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push_str(words[(nth >> 33) % words.len()]);
        text.push(' ');
    }
    text
}

/// Who the messages are about and what proves where they come from.
pub(super) struct Senders {
    senders: Vec<Sender>,
}

#[derive(Debug, Clone)]
struct Sender {
    assistant: String,
    number: String,
    secret: String,
}

impl Senders {
    /// Gives each account of the agency a secret.
    pub(super) async fn furnished(ground: &Ground, agency: &Agency) -> Result<Self> {
        let vault = Vault::in_file(&ground.dir().join("master.key"))?;
        let rows = agency.admin.query(SENDERS, &[]).await?;
        let accounts: BTreeSet<ProviderAccountId> = rows.iter().map(|row| row.get(2)).collect();
        for account in accounts {
            let secret = SecretString::from(format!("{SECRET}{account}"));
            provision::add_webhook_secret(&agency.db, &vault, account, &secret, agency.clock.now()).await?;
        }
        let read = |row: &tokio_postgres::Row| Sender {
            assistant: row.get(0),
            number: row.get(1),
            secret: format!("{SECRET}{}", row.get::<_, ProviderAccountId>(2)),
        };
        Ok(Self { senders: rows.iter().map(read).collect() })
    }

    pub(super) fn assistants(&self) -> Vec<&str> {
        self.senders.iter().map(|sender| sender.assistant.as_str()).collect()
    }

    /// A secret that fits.
    pub(super) fn secret(&self) -> Result<&str> {
        Ok(&self.senders.first().context("the agency has no assistant")?.secret)
    }

    pub(super) fn requests(&self, kind: Kind, connection: usize) -> Requests<'_> {
        Requests { senders: &self.senders, kind, template: kind.template(), connection, nth: 0, call: String::new() }
    }
}

/// Requests of one connection: the status updates of one call after the other, and else each about another call.
pub(super) struct Requests<'a> {
    senders: &'a [Sender],
    kind: Kind,
    template: String,
    connection: usize,
    nth: usize,
    call: String,
}

impl Requests<'_> {
    /// The body of the next message and the secret of its account.
    pub(super) fn next_body(&mut self) -> (String, &str) {
        let (nth_call, nth_of_call) = match self.kind {
            Kind::StatusUpdate => (self.nth / STATUSES.len(), self.nth % STATUSES.len()),
            Kind::Report | Kind::AssistantRequest => (self.nth, 0),
        };
        self.nth += 1;
        if nth_of_call == 0 {
            self.call = uuid::Uuid::now_v7().to_string();
        }
        let sender = &self.senders[(nth_call * 31 + self.connection * 17) % self.senders.len()];
        let body = self.template.replace(CALL, &self.call).replace(STATUS, STATUSES[nth_of_call]);
        let body = body.replace(TIME, &format!("2026-03-04T18:00:0{nth_of_call}.000Z"));
        (body.replace(ASSISTANT, &sender.assistant).replace(NUMBER, &sender.number), &sender.secret)
    }

    /// The bytes of the next request.
    pub(super) fn next_request(&mut self) -> Vec<u8> {
        let (body, secret) = self.next_body();
        let length = body.len();
        let head = format!(
            "POST /webhooks/vapi HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\nx-vapi-secret: {secret}\r\ncontent-length: {length}\r\n\r\n"
        );
        [head.as_bytes(), body.as_bytes()].concat()
    }
}
