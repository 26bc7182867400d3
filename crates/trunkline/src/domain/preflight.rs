//! What a campaign would do if it began: who would be left out and why, how many calls fit into a day, and when the first
//! lead may be called. By the same `decide` that the dialer goes by.

use super::dispatch_policy::{CampaignFacts, Decision, Deferral, Exclusion, Facts, Scope, decide};
use super::ids::LeadId;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Leads that are named for each reason.
const SAMPLE_MAX: usize = 5;

/// The sum over the leads of a campaign.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preflight {
    pub leads: u64,
    /// Would be left out for good.
    pub skipped: BTreeMap<Exclusion, Skipped>,
    /// Would wait first, by the reason.
    pub waiting: BTreeMap<Deferral, u64>,
    /// When the first lead may be called; `None` if none ever may.
    pub first_at: Option<Timestamp>,
    /// What the organization and the campaign's numbers allow a day.
    pub calls_per_day: Option<CallsPerDay>,
}

/// Leads that are left out for one reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skipped {
    pub leads: u64,
    /// Some of them.
    pub sample: Vec<SampledLead>,
}

/// A lead that stands for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampledLead {
    pub id: LeadId,
    /// Name and phone.
    pub who: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallsPerDay {
    pub of_organization: i32,
    pub of_numbers: i32,
}

impl CallsPerDay {
    /// The one that binds.
    pub fn max(self) -> i32 {
        self.of_organization.min(self.of_numbers)
    }
}

impl Preflight {
    /// Decides about one more lead, as if the campaign ran.
    pub fn add(&mut self, facts: Facts<'_>, lead: impl FnOnce() -> SampledLead) {
        let facts = Facts { campaign: CampaignFacts { is_running: true, ..facts.campaign }, ..facts };
        self.leads += 1;
        self.calls_per_day.get_or_insert_with(|| calls_per_day(&facts));
        let opens_at = match decide(&facts) {
            Decision::Exclude(because) => {
                let skipped = self.skipped.entry(because).or_default();
                skipped.leads += 1;
                if skipped.sample.len() < SAMPLE_MAX {
                    skipped.sample.push(lead());
                }
                return;
            }
            Decision::Defer { until, because } if because.scope() == Scope::Lead => {
                *self.waiting.entry(because).or_default() += 1;
                until
            }
            // What holds back all of the campaign alike is not the lead's.
            Decision::Defer { .. } | Decision::Dial(_) => facts.now,
        };
        self.first_at = Some(self.first_at.map_or(opens_at, |first| first.min(opens_at)));
    }

    pub fn skipped_leads(&self) -> u64 {
        self.skipped.values().map(|skipped| skipped.leads).sum()
    }

    /// Leads that would be called, but not at once.
    pub fn waiting_leads(&self) -> u64 {
        self.waiting.values().sum()
    }

    /// Leads that would be called at all.
    pub fn callable(&self) -> u64 {
        self.leads - self.skipped_leads()
    }

    /// Days that one call to each of them takes; `None` if no call fits into a day.
    pub fn days(&self) -> Option<u64> {
        let per_day = u64::try_from(self.calls_per_day?.max()).ok().filter(|per_day| *per_day > 0)?;
        Some(self.callable().div_ceil(per_day))
    }
}

fn calls_per_day(facts: &Facts<'_>) -> CallsPerDay {
    let usable = facts.numbers.iter().filter(|number| number.is_usable);
    CallsPerDay {
        of_organization: facts.organization.calls_per_day_max,
        of_numbers: usable.map(|number| number.calls_per_day_max).sum(),
    }
}
