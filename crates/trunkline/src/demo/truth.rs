//! What really happened in a run, from the provider's journal alone. No table of ours is asked, so that the two can be
//! held against each other.

use super::places::place_of;
use super::world::{
    CALLS_PER_LEAD_AND_DAY_MAX, CALLS_PER_NUMBER_AND_DAY_MAX, REQUESTS_PER_MINUTE_MAX, RING_GAP_MINUTES_MIN,
};
use crate::domain::time_zone;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};
use vapi_sim::{Entry, Fate, Ring};

/// The hours in which each phone may ring, in its own zone.
pub type Hours = HashMap<String, (Time, Time)>;

#[derive(Debug, Default)]
pub struct Truth {
    pub rings: u64,
    pub double_rings: u64,
    pub rings_outside_hours: u64,
    pub limits_exceeded: u64,
    pub max_rings_per_phone_and_day: u64,
    /// Markers of the calls that were created, with the provider's ids.
    pub created: HashMap<String, String>,
    /// Why calls ended, by the provider's ids.
    pub ended: HashMap<String, String>,
    /// When each marker rang.
    pub rang_at: HashMap<String, Timestamp>,
    pub webhooks: Webhooks,
    pub answer_ms: Vec<f64>,
}

/// Messages that the provider had to send, each counted once, however often it was tried.
#[derive(Debug, Default)]
pub struct Webhooks {
    pub sent: u64,
    pub duplicates: u64,
    pub lost: u64,
    pub failed: u64,
    /// Messages that got a 2xx at least once.
    pub acknowledged: u64,
}

pub fn read(journal: &[Entry], hours: &Hours) -> Truth {
    let mut truth = Truth::default();
    let mut rings: Vec<&Ring> = Vec::new();
    let mut requests: HashMap<(String, i64), u64> = HashMap::new();
    let mut acknowledged = HashSet::new();
    for entry in journal {
        match entry {
            Entry::Ring(ring) => rings.push(ring),
            Entry::Created(created) => {
                if let Some(name) = &created.name {
                    truth.created.insert(name.clone(), created.call_id.clone());
                }
            }
            Entry::Ended(ended) => {
                truth.ended.insert(ended.call_id.clone(), ended.reason.clone());
            }
            Entry::Request(request) => {
                let org = request.account_org.clone().unwrap_or_default();
                *requests.entry((org, request.at.as_second().div_euclid(60))).or_default() += 1;
            }
            Entry::Webhook(webhook) => {
                truth.webhooks.sent += u64::from(webhook.fate != Fate::Lost);
                truth.webhooks.duplicates += u64::from(webhook.is_duplicate && webhook.fate != Fate::Lost);
                truth.webhooks.lost += u64::from(webhook.fate == Fate::Lost);
                truth.webhooks.failed += u64::from(webhook.fate == Fate::Failed);
                if webhook.fate == Fate::Delivered {
                    acknowledged.insert(webhook.message);
                    truth.answer_ms.push(webhook.milliseconds);
                }
            }
        }
    }
    truth.webhooks.acknowledged = acknowledged.len() as u64;
    let over = requests.values().filter(|count| **count > u64::try_from(REQUESTS_PER_MINUTE_MAX).unwrap_or(0));
    truth.limits_exceeded += over.count() as u64;
    truth.count_rings(&rings, hours);
    truth
}

impl Truth {
    fn count_rings(&mut self, rings: &[&Ring], hours: &Hours) {
        let mut by_phone_and_day: HashMap<(&str, Date), u64> = HashMap::new();
        let mut by_number_and_day: HashMap<(&str, Date), i64> = HashMap::new();
        let mut last_at: HashMap<&str, Timestamp> = HashMap::new();
        let gap = SignedDuration::from_mins(i64::from(RING_GAP_MINUTES_MIN));
        for ring in rings {
            self.rings += 1;
            let marker = ring.name.clone().unwrap_or_default();
            let is_again = self.rang_at.insert(marker, ring.at).is_some();
            let is_too_soon = last_at.insert(&ring.phone, ring.at).is_some_and(|at| ring.at.duration_since(at) < gap);
            self.double_rings += u64::from(is_again || is_too_soon);
            self.rings_outside_hours += u64::from(!is_inside_hours(ring, hours));
            *by_phone_and_day.entry((&ring.phone, day_at(&ring.phone, ring.at))).or_default() += 1;
            *by_number_and_day.entry((&ring.from_number, day_at(&ring.from_number, ring.at))).or_default() += 1;
        }
        self.max_rings_per_phone_and_day = by_phone_and_day.values().copied().max().unwrap_or(0);
        let leads_over =
            by_phone_and_day.values().filter(|n| **n > u64::try_from(CALLS_PER_LEAD_AND_DAY_MAX).unwrap_or(0)).count();
        let numbers_over = by_number_and_day.values().filter(|n| **n > i64::from(CALLS_PER_NUMBER_AND_DAY_MAX)).count();
        self.limits_exceeded += (leads_over + numbers_over) as u64;
    }
}

/// A phone that is not the demo's rang outside all hours.
fn is_inside_hours(ring: &Ring, hours: &Hours) -> bool {
    let (Some(place), Some((opens, closes))) = (place_of(&ring.phone), hours.get(&ring.phone)) else { return false };
    let Ok(zone) = time_zone::named(place.zone) else { return false };
    let time = zone.to_datetime(ring.at).time();
    (*opens..*closes).contains(&time)
}

fn day_at(phone: &str, at: Timestamp) -> Date {
    let zone = place_of(phone).and_then(|place| time_zone::named(place.zone).ok());
    zone.unwrap_or(jiff::tz::TimeZone::UTC).to_datetime(at).date()
}
