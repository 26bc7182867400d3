//! The facts of a run as JSON: what the provider's journal says, what our tables say, and whether the two agree.

use super::truth::Truth;
use crate::domain::status::AttemptState;
use crate::store::installation::{self, SentAttempt};
use crate::store::{Db, across};
use serde::Serialize;
use std::collections::BTreeMap;

/// Differences that are written out; more are only counted.
const DIFFERENCES_SHOWN_MAX: usize = 20;

#[derive(Debug, Serialize)]
pub struct Report {
    pub organizations: i64,
    pub leads: i64,
    /// From the journal, as are the next four.
    pub rings: u64,
    pub double_rings: u64,
    pub rings_outside_hours: u64,
    pub limits_exceeded: u64,
    pub max_rings_per_phone_and_day: u64,
    /// By state.
    pub attempts: BTreeMap<String, i64>,
    /// By outcome.
    pub calls: BTreeMap<String, i64>,
    pub webhooks: WebhookCounts,
    /// Real milliseconds until a webhook was answered.
    pub answer_ms: Spread,
    /// From the due time of an attempt to the ring, on the demo's clock; it includes the wait for a free line.
    pub due_to_ring_ms: Spread,
    /// From the point of no return to the ring, on the demo's clock.
    pub sent_to_ring_ms: Spread,
    pub agrees: bool,
    pub differences: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct WebhookCounts {
    /// Requests that the provider made, repetitions included.
    pub sent: u64,
    pub duplicates: u64,
    /// Never sent, by the knob.
    pub lost: u64,
    pub failed: u64,
    /// Messages that got a 2xx, each once: as many must be kept.
    pub acknowledged: u64,
    pub kept: i64,
    pub applied: i64,
    pub unattributed: i64,
    pub set_aside: i64,
}

#[derive(Debug, Default, Serialize)]
pub struct Spread {
    pub p50: f64,
    pub p99: f64,
}

impl Report {
    /// True if nothing happened that must not, and both sides tell the same.
    pub fn is_good(&self) -> bool {
        self.agrees && self.double_rings == 0 && self.rings_outside_hours == 0 && self.limits_exceeded == 0
    }
}

/// Holds the journal against the tables. `lines_exceeded` counts pools that ever had more calls than lines.
pub async fn report(db: &Db, truth: Truth, lines_exceeded: u64) -> anyhow::Result<Report> {
    let totals = across::totals(db).await?;
    let tx = db.agency().await?;
    let attempts = installation::sent_attempts(&tx).await?;
    let ended = installation::ended_calls(&tx).await?;
    let by = |name: &str| -> BTreeMap<String, i64> {
        totals.iter().filter(|(n, ..)| n == name).map(|(_, label, count)| (label.clone(), *count)).collect()
    };
    let webhooks = webhook_counts(&truth, &by("events"));
    let mut differences = differences(&truth, &attempts, &ended);
    if i64::try_from(truth.webhooks.acknowledged) != Ok(webhooks.kept) {
        differences
            .push(format!("{} webhooks were acknowledged, {} are kept", truth.webhooks.acknowledged, webhooks.kept));
    }
    let from = |instant: fn(&SentAttempt) -> jiff::Timestamp| {
        let waits = attempts.iter().filter_map(|a| Some((instant(a), truth.rang_at.get(&a.id)?)));
        spread(waits.map(|(begin, rang)| rang.duration_since(begin).as_secs_f64() * 1000.0).collect())
    };
    Ok(Report {
        organizations: by("organizations").values().sum(),
        leads: by("leads").values().sum(),
        rings: truth.rings,
        double_rings: truth.double_rings,
        rings_outside_hours: truth.rings_outside_hours,
        limits_exceeded: truth.limits_exceeded + lines_exceeded,
        max_rings_per_phone_and_day: truth.max_rings_per_phone_and_day,
        attempts: by("attempts"),
        calls: by("calls"),
        webhooks,
        due_to_ring_ms: from(|attempt| attempt.due_at),
        sent_to_ring_ms: from(|attempt| attempt.sending_at),
        answer_ms: spread(truth.answer_ms),
        agrees: differences.is_empty(),
        differences: shown(differences),
    })
}

fn webhook_counts(truth: &Truth, events: &BTreeMap<String, i64>) -> WebhookCounts {
    let of = |state: &str| events.get(state).copied().unwrap_or(0);
    let w = &truth.webhooks;
    WebhookCounts {
        sent: w.sent,
        duplicates: w.duplicates,
        lost: w.lost,
        failed: w.failed,
        acknowledged: w.acknowledged,
        kept: events.values().sum(),
        applied: of("applied"),
        unattributed: of("unattributed"),
        set_aside: of("set_aside"),
    }
}

/// Everything in which the tables tell something else than the journal.
pub fn differences(truth: &Truth, attempts: &[SentAttempt], ended: &[(String, String)]) -> Vec<String> {
    let mut differences = Vec::new();
    let by_marker: BTreeMap<&str, &SentAttempt> = attempts.iter().map(|a| (a.id.as_str(), a)).collect();
    for (marker, call) in &truth.created {
        match by_marker.get(marker.as_str()) {
            None => differences.push(format!("call {call} was created, and no attempt {marker} was sent")),
            Some(attempt) if !knows(attempt, call) => {
                differences
                    .push(format!("call {call} was created, and attempt {marker} is {} without it", attempt.state));
            }
            Some(_) => {}
        }
    }
    for attempt in attempts {
        if attempt.provider_call_id.is_some() && !truth.created.contains_key(&attempt.id) {
            differences.push(format!("attempt {} has a call that the provider never created", attempt.id));
        }
        if attempt.never_dialed && truth.rang_at.contains_key(&attempt.id) {
            differences.push(format!("attempt {} gave its unit back, and its phone rang", attempt.id));
        }
    }
    for (call, reason) in ended {
        match truth.ended.get(call) {
            Some(true_reason) if true_reason == reason => {}
            Some(true_reason) => {
                differences.push(format!("call {call} ended with {true_reason}, the table says {reason}"));
            }
            None => differences.push(format!("call {call} has not ended, the table says {reason}")),
        }
    }
    differences
}

/// An attempt that is still being asked about need not know its call yet: it is visibly waiting.
fn knows(attempt: &SentAttempt, call: &str) -> bool {
    match attempt.state {
        AttemptState::Sending | AttemptState::Unknown | AttemptState::Held => true,
        AttemptState::Scheduled
        | AttemptState::Reserved
        | AttemptState::Accepted
        | AttemptState::Ended
        | AttemptState::Rejected
        | AttemptState::NotCreated
        | AttemptState::Released
        | AttemptState::Cancelled
        | AttemptState::AcceptedLate
        | AttemptState::Conflict => attempt.provider_call_id.as_deref() == Some(call),
    }
}

fn shown(mut differences: Vec<String>) -> Vec<String> {
    let all = differences.len();
    differences.truncate(DIFFERENCES_SHOWN_MAX);
    if all > DIFFERENCES_SHOWN_MAX {
        differences.push(format!("and {} more", all - DIFFERENCES_SHOWN_MAX));
    }
    differences
}

fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    let at = |per_cent: usize| {
        let place = (values.len() * per_cent / 100).min(values.len().saturating_sub(1));
        values.get(place).map_or(0.0, |value| (value * 10.0).round() / 10.0)
    };
    Spread { p50: at(50), p99: at(99) }
}
