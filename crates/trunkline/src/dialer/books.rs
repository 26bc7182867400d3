//! The books of one turn: an organization's counters as they stand, brought forward with each attempt that is chosen, so
//! that a batch is decided as if its attempts came one after the other. The lines are shared by all turns of a claim.

use super::shared_lines::SharedLines;
use crate::domain::calling_hours::CallingHours;
use crate::domain::dialing_rules::OrganizationRules;
use crate::domain::dispatch_policy::{
    AccountFacts, CampaignFacts, Dial, Facts, LeadFacts, NumberFacts, OrganizationFacts,
};
use crate::domain::ids::{AgentId, CampaignId, OrganizationId, ProviderAccountId};
use crate::domain::money::Money;
use crate::domain::phone_number::{PhoneKind, PhoneNumber};
use crate::domain::time_zone::{self, LeadZone};
use crate::store::called_phones::CalledPhone;
use crate::store::claims::Candidate;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::collections::HashMap;

pub(crate) struct Books {
    pub now: Timestamp,
    pub id: OrganizationId,
    pub organization: OrganizationFacts,
    pub rules: OrganizationRules,
    /// The organization's own zone, for leads whose number tells none.
    pub zone: TimeZone,
    pub campaigns: HashMap<CampaignId, CampaignBooks>,
    /// Phones that were chosen just now, each with the day of its lead that the call counts for.
    pub chosen: HashMap<String, Date>,
}

/// A running campaign, and what it can call with.
pub(super) struct CampaignBooks {
    pub agent: AgentId,
    pub facts: CampaignFacts,
    /// The campaign's and the organization's, both.
    pub hours: CallingHours,
    pub numbers: Vec<NumberFacts>,
    /// Where its agent is deployed.
    pub accounts: Vec<ProviderAccountId>,
}

impl Books {
    /// What there is to decide about one candidate, as the books stand.
    pub(super) fn facts<'a>(&'a self, candidate: &Candidate, phone: &'a CalledPhone, lines: &SharedLines) -> Facts<'a> {
        let campaign = &self.campaigns[&candidate.campaign];
        // Phones are written to the table as parsed numbers; one that cannot be read is not called.
        let number = PhoneNumber::from_e164(&candidate.phone).ok();
        let given = candidate.time_zone.as_deref().and_then(|name| time_zone::named(name).ok());
        let zone = LeadZone::of(given.as_ref(), candidate.postal_code.as_deref(), number, &self.zone);
        let today = zone.counted_day(self.now);
        let chosen_for = self.chosen.get(&candidate.phone);
        let accounts: Vec<AccountFacts> =
            campaign.accounts.iter().filter_map(|account| lines.account(self.id, *account)).collect();
        let lead = LeadFacts {
            is_on_dnc: phone.is_on_dnc,
            kind: number.map_or(PhoneKind::Unknown, PhoneNumber::kind),
            country: number.and_then(PhoneNumber::country),
            area_code: number.and_then(PhoneNumber::area_code),
            hours: Cow::Borrowed(&campaign.hours),
            calls_today: phone.days.iter().find(|d| d.day == today).map_or(0, |d| d.calls)
                + i32::from(chosen_for == Some(&today)),
            earlier_days: Cow::Borrowed(&phone.days[..phone.days.partition_point(|d| d.day < today)]),
            last_ring_at: phone.last_ring_at,
            last_number: phone.last_number,
            phone_is_busy: phone.is_busy || chosen_for.is_some(),
            phone_held_until: phone.held_until,
            call_back_at: candidate.call_back_at,
            zone: Cow::Owned(zone),
        };
        Facts {
            now: self.now,
            lead,
            campaign: campaign.facts,
            organization: self.organization,
            rules: Cow::Borrowed(&self.rules),
            numbers: Cow::Borrowed(&campaign.numbers),
            accounts: accounts.into(),
        }
    }

    /// What a call of the campaign is taken to cost.
    pub(super) fn price(&self, campaign: CampaignId) -> Money {
        self.campaigns[&campaign].facts.price_per_call
    }

    /// Enters a chosen attempt, so that the next decision counts it.
    pub(super) fn enter(&mut self, candidate: &Candidate, dial: &Dial, lines: &mut SharedLines) {
        lines.enter(self.id, dial);
        self.chosen.insert(candidate.phone.clone(), dial.lead_day);
        let (agent, price) = (self.campaigns[&candidate.campaign].agent, self.price(candidate.campaign));
        self.organization.calls_today += 1;
        self.organization.lines_in_use += 1;
        self.organization.budget.reserved = self.organization.budget.reserved.plus(price);
        for (id, campaign) in &mut self.campaigns {
            if campaign.agent == agent {
                campaign.facts.agent_lines_in_use += 1;
            }
            if *id == candidate.campaign {
                campaign.facts.lines_in_use += 1;
                campaign.facts.budget.reserved = campaign.facts.budget.reserved.plus(price);
            }
            // A number may serve several campaigns.
            for number in campaign.numbers.iter_mut().filter(|number| number.id == dial.number) {
                number.calls_today += 1;
                number.calls_this_hour += 1;
                number.last_call_at = Some(self.now);
            }
        }
    }
}
