//! The provider's journal is the truth; everything in which the tables tell something else is a violation.

use anyhow::Context as _;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap, HashSet};
use tokio_postgres::{Config, NoTls};
use trunkline::demo::{headless, report, truth};
use trunkline::store::{Db, installation};
use vapi_sim::{Entry, Fate, Ring, Simulator};

use crate::book_queries::{COUNTERS, LINES, LOST, MONEY_AND_PROMISES};

/// Of each kind; more are only counted.
const SHOWN_MAX: usize = 10;
/// Phones whose story is told.
const STORIES_MAX: usize = 3;
/// As in the demo's world.
const RING_GAP: SignedDuration = SignedDuration::from_mins(60);

const KEPT: &str = "
    select provider_call_id, type, count(*)
    from events
    where source = 'webhook' and provider_call_id is not null
    group by 1, 2";

/// The program contains them, so that they bring no second ring; that there are any is wrong all the same.
const INCIDENTS: &str = "
    select 'attempt ' || id || ' is ' || state || ': ' || coalesce(because, 'it was closed without a call')
    from attempts
    where state in ('accepted_late', 'conflict')";

const ATTEMPTS_OF_PHONE: &str = "
    select concat_ws(' ', id, state, 'due', due_at, 'sent', sending_at, provider_call_id, outcome, never_dialed)
    from attempts
    where phone = $1
    order by due_at";

/// What was found, with the phones that it is about.
#[derive(Default)]
pub(crate) struct Verdict {
    pub(crate) violations: Vec<String>,
    pub(crate) facts: String,
    phones: Vec<String>,
}

/// Holds the whole journal against the tables, once everything has come to rest.
pub(crate) async fn judge(db: &Db, simulator: &Simulator, admin: &Config, clients: usize) -> anyhow::Result<Verdict> {
    let journal = simulator.journal();
    let mut verdict = Verdict::default();
    let rings: Vec<&Ring> = journal.iter().filter_map(ring).collect();
    verdict.judge_rings(&rings);
    let truth = truth::read(&journal, &headless::hours(clients));
    verdict.count("rings outside the hours", truth.rings_outside_hours);
    verdict.count("limits exceeded", truth.limits_exceeded);
    verdict.count("pools with more calls than lines", headless::lines_exceeded(simulator, clients));
    let tx = db.agency().await?;
    let (attempts, ended) = (installation::sent_attempts(&tx).await?, installation::ended_calls(&tx).await?);
    drop(tx);
    verdict.add(report::differences(&truth, &attempts, &ended));
    let (client, connection) = admin.connect(NoTls).await?;
    let driver = tokio::spawn(connection);
    for query in [COUNTERS, LINES, LOST, MONEY_AND_PROMISES, INCIDENTS] {
        let rows = client.query(query, &[]).await.context("the books cannot be read")?;
        verdict.add(rows.iter().map(|row| row.get(0)).collect());
    }
    let kept = client.query(KEPT, &[]).await?;
    let kept = kept.iter().map(|row| ((row.get(0), row.get(1)), row.get(2))).collect();
    verdict.judge_webhooks(&journal, &kept);
    for phone in verdict.phones.iter().take(STORIES_MAX) {
        verdict.violations.push(format!("the story of {phone}:"));
        let story = journal.iter().filter(|entry| format!("{entry:?}").contains(phone.as_str()));
        verdict.violations.extend(story.map(|entry| format!("    journal: {entry:?}")));
        let rows = client.query(ATTEMPTS_OF_PHONE, &[phone]).await?;
        verdict.violations.extend(rows.iter().map(|row| format!("    attempt: {}", row.get::<_, String>(0))));
    }
    driver.abort();
    let totals = simulator.totals();
    verdict.facts = format!(
        "{} rings of {} calls, {} attempts sent, {} webhooks acknowledged, {} not",
        totals.rings,
        totals.created,
        attempts.len(),
        totals.webhooks_delivered,
        totals.webhooks_failed,
    );
    Ok(verdict)
}

impl Verdict {
    fn count(&mut self, what: &str, count: u64) {
        if count > 0 {
            self.violations.push(format!("{count} {what}"));
        }
    }

    fn add(&mut self, mut differences: Vec<String>) {
        let more = differences.len().saturating_sub(SHOWN_MAX);
        differences.truncate(SHOWN_MAX);
        self.violations.extend(differences);
        self.count("more of these", more as u64);
    }

    /// No marker rings twice, and no phone twice within the gap.
    fn judge_rings(&mut self, rings: &[&Ring]) {
        let mut markers = HashSet::new();
        let mut last: HashMap<&str, Timestamp> = HashMap::new();
        let mut doubles = Vec::new();
        for ring in rings {
            let is_again = !markers.insert(ring.name.as_deref().unwrap_or_default());
            let before = last.insert(&ring.phone, ring.at);
            let gap = before.map(|before| ring.at.duration_since(before));
            if is_again || gap.is_some_and(|gap| gap < RING_GAP) {
                doubles.push(format!("double dial: {} rang again after {gap:?} for {:?}", ring.phone, ring.name));
                self.phones.push(ring.phone.clone());
            }
        }
        self.add(doubles);
    }

    /// What was acknowledged is kept, and each message once: not fewer rows than were acknowledged, not more than were sent.
    fn judge_webhooks(&mut self, journal: &[Entry], kept: &BTreeMap<(String, String), i64>) {
        let mut messages: BTreeMap<(String, String), (HashSet<u64>, HashSet<u64>)> = BTreeMap::new();
        for entry in journal {
            let Entry::Webhook(webhook) = entry else { continue };
            let of = messages.entry((webhook.call_id.clone(), webhook.kind.clone())).or_default();
            if webhook.fate != Fate::Lost {
                of.0.insert(webhook.message);
            }
            if webhook.fate == Fate::Delivered {
                of.1.insert(webhook.message);
            }
        }
        let mut wrong = Vec::new();
        for ((call, kind), (sent, acknowledged)) in &messages {
            let kept = kept.get(&(call.clone(), kind.clone())).copied().unwrap_or(0);
            let kept = usize::try_from(kept).unwrap_or(0);
            if kept < acknowledged.len() || kept > sent.len() {
                let (sent, acknowledged) = (sent.len(), acknowledged.len());
                wrong.push(format!("{kind} of {call}: {sent} sent, {acknowledged} acknowledged, {kept} kept"));
            }
        }
        self.add(wrong);
    }
}

fn ring(entry: &Entry) -> Option<&Ring> {
    match entry {
        Entry::Ring(ring) => Some(ring),
        _ => None,
    }
}
