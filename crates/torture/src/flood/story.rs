//! What is told of each call, invented: the messages in the order in which they are sent, and what has to come of them.

use crate::yard::Yard;
use anyhow::Context as _;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand::{Rng as _, SeedableRng as _};
use secrecy::SecretString;
use std::collections::{BTreeMap, HashMap, HashSet};
use tokio_postgres::NoTls;
use trunkline::domain::ids::ProviderAccountId;
use trunkline::provision;

const REPEATED: f64 = 0.2;
/// A report comes of so many calls, an end in some way of nearly all.
const REPORTED: f64 = 0.7;
const ENDED: f64 = 0.9;
const SECRET: &str = "a-secret-of-the-flood-";

/// One assistant and one number of each organization.
const SENDERS: &str = "
    select distinct on (d.organization_id) d.assistant_id, d.provider_account_id, n.provider_number_id
    from agent_deployments d
    join phone_numbers n on n.organization_id = d.organization_id and n.provider_account_id = d.provider_account_id
    order by d.organization_id";

/// An ended reason and what it is to us.
const ENDS: [(&str, &str); 5] = [
    ("customer-ended-call", "answered"),
    ("customer-did-not-answer", "no_answer"),
    ("customer-busy", "busy"),
    ("voicemail", "voicemail"),
    ("a-reason-of-next-year", "failed"),
];
const STATUSES: [&str; 3] = ["queued", "ringing", "in-progress"];

/// A webhook.
pub(super) struct Message {
    pub(super) secret: String,
    pub(super) body: String,
}

/// What has to be known of a call in the end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) status: String,
    pub(super) outcome: Option<String>,
    /// US dollars.
    pub(super) cost: Option<String>,
    pub(super) has_report: bool,
    pub(super) holds_line: bool,
    /// Events by type.
    pub(super) events: BTreeMap<String, i64>,
}

pub(super) struct Story {
    pub(super) messages: Vec<Message>,
    pub(super) repetitions: usize,
    /// By the provider's id.
    pub(super) calls: HashMap<String, Known>,
}

struct Sender {
    assistant: String,
    number: String,
    secret: String,
}

impl Story {
    /// So many webhooks, a fifth of them repetitions, in an order of chance.
    pub(super) async fn invent(yard: &Yard, webhooks: u32, seed: u64) -> anyhow::Result<Self> {
        let senders = senders(yard).await?;
        let mut rng = StdRng::seed_from_u64(seed);
        let mut story = Self { messages: Vec::new(), repetitions: 0, calls: HashMap::new() };
        let webhooks = webhooks as usize;
        while story.messages.len() < webhooks {
            let id = format!("flood-{seed}-{}", story.calls.len());
            let sender = senders.choose(&mut rng).context("nobody has an assistant and a number")?;
            story.tell_of(&id, sender, webhooks, &mut rng);
        }
        story.messages.shuffle(&mut rng);
        Ok(story)
    }

    fn tell_of(&mut self, id: &str, sender: &Sender, webhooks: usize, rng: &mut StdRng) {
        let (reason, outcome) = *ENDS.choose(rng).unwrap_or(&ENDS[0]);
        let (is_reported, is_ended) = (rng.random_bool(REPORTED), rng.random_bool(ENDED));
        let cents = rng.random_range(0..900) * 10 + 1;
        let mut told: Vec<(&str, String)> = Vec::new();
        for status in &STATUSES[..rng.random_range(1..=STATUSES.len())] {
            told.push(("status-update", format!(r#""status":"{status}""#)));
        }
        told.push(("speech-update", r#""status":"started","role":"user""#.to_owned()));
        if is_ended {
            told.push(("status-update", format!(r#""status":"ended","endedReason":"{reason}""#)));
        }
        if is_reported {
            told.push(("end-of-call-report", format!(r#""endedReason":"{reason}","cost":0.{cents:04}"#)));
        }
        let mut known = Known { status: "queued".to_owned(), holds_line: true, ..Known::default() };
        for (nth, (kind, own)) in told.iter().enumerate() {
            // The last call is told of as far as there is room.
            if self.messages.len() == webhooks {
                break;
            }
            known.learn(kind, own, (outcome, cents));
            self.send(&message(id, sender, (kind, own, nth)), sender);
            if rng.random_bool(REPEATED / (1.0 - REPEATED)) && self.messages.len() < webhooks {
                self.repetitions += 1;
                self.send(&message(id, sender, (kind, own, nth)), sender);
            }
        }
        self.calls.insert(id.to_owned(), known);
    }

    /// A repeated one bears another signed address, as the provider's do.
    fn send(&mut self, message: &str, sender: &Sender) {
        let body = message.replace("SIGNED", &self.messages.len().to_string());
        self.messages.push(Message { secret: sender.secret.clone(), body });
    }
}

impl Known {
    fn learn(&mut self, kind: &str, own: &str, (outcome, cents): (&str, u32)) {
        *self.events.entry(kind.to_owned()).or_default() += 1;
        let is_over = own.contains("endedReason");
        if is_over {
            (self.status, self.outcome, self.holds_line) = ("ended".to_owned(), Some(outcome.to_owned()), false);
        }
        if kind == "end-of-call-report" {
            (self.has_report, self.cost) = (true, Some(format!("0.{cents:04}")));
        }
        let further = [("\"ringing\"", "ringing"), ("\"in-progress\"", "in_progress"), ("\"started\"", "in_progress")];
        if let Some((_, status)) = further.iter().find(|(word, _)| !is_over && own.contains(word)) {
            (*status).clone_into(&mut self.status);
        }
    }
}

fn message(id: &str, sender: &Sender, (kind, own, nth): (&str, &str, usize)) -> String {
    let Sender { assistant, number, .. } = sender;
    format!(
        r#"{{"message":{{"type":"{kind}",{own},"timestamp":{at},"recordingUrl":"https://recordings.invalid/{id}?SIGNED",
        "call":{{"id":"{id}","type":"inboundPhoneCall","assistantId":"{assistant}","phoneNumberId":"{number}"}}}}}}"#,
        at = 1_770_000_000_000_u64 + nth as u64 * 1_000,
    )
}

/// Gives each account a secret.
async fn senders(yard: &Yard) -> anyhow::Result<Vec<Sender>> {
    let (client, connection) = yard.server.admin.connect(NoTls).await?;
    let driver = tokio::spawn(connection);
    let rows = client.query(SENDERS, &[]).await?;
    driver.abort();
    let accounts: HashSet<ProviderAccountId> = rows.iter().map(|row| row.get(1)).collect();
    for account in accounts {
        let secret = SecretString::from(secret(account));
        provision::add_webhook_secret(&yard.db, &yard.vault, account, &secret, yard.clock.now()).await?;
    }
    let sender =
        |row: &tokio_postgres::Row| Sender { assistant: row.get(0), number: row.get(2), secret: secret(row.get(1)) };
    Ok(rows.iter().map(sender).collect())
}

fn secret(account: ProviderAccountId) -> String {
    format!("{SECRET}{account}")
}
