//! The books of one claim: the counters as they stand, brought forward with each attempt that is chosen, so that a batch
//! is decided as if its attempts came one after the other.

use crate::domain::calling_hours::CallingHours;
use crate::domain::dispatch_policy::{
    AccountFacts, CampaignFacts, Dial, Facts, LeadFacts, NumberFacts, OrganizationFacts,
};
use crate::domain::ids::{AgentId, CampaignId, ProviderAccountId};
use crate::domain::phone_number::PhoneNumber;
use crate::domain::time_zone::{self, LeadZone};
use crate::store::claims::{Account, CampaignNumber, Candidate, PhoneFacts, RunningCampaign};
use crate::store::reservations::minute_of;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

pub(crate) struct Books {
    pub now: Timestamp,
    pub organization: OrganizationFacts,
    /// The organization's own zone, for leads whose number tells none.
    pub zone: TimeZone,
    campaigns: HashMap<CampaignId, Campaign>,
    accounts: HashMap<ProviderAccountId, AccountFacts>,
    busy: HashSet<String>,
}

struct Campaign {
    agent: AgentId,
    facts: CampaignFacts,
    hours: CallingHours,
    numbers: Vec<NumberFacts>,
    accounts: Vec<ProviderAccountId>,
}

impl Books {
    pub(super) fn new(now: Timestamp, organization: OrganizationFacts, zone: TimeZone, accounts: &[Account]) -> Self {
        let accounts = accounts.iter().map(|account| (account.id, account_facts(now, account))).collect();
        Self { now, organization, zone, campaigns: HashMap::new(), accounts, busy: HashSet::new() }
    }

    /// `hours` are the campaign's and the organization's, both; `deployed_at` where its agent is.
    pub(super) fn add_campaign(
        &mut self,
        campaign: &RunningCampaign,
        hours: CallingHours,
        numbers: &[CampaignNumber],
        deployed_at: Vec<ProviderAccountId>,
    ) {
        let number_facts = |n: &CampaignNumber| NumberFacts {
            id: n.id,
            account: n.account,
            is_usable: n.is_usable,
            calls_today: n.calls_today,
            calls_per_day_max: n.calls_per_day_max,
        };
        let facts = CampaignFacts {
            is_running: campaign.is_running,
            calls_per_lead_and_day_max: campaign.calls_per_lead_and_day_max,
            lines_in_use: campaign.lines_in_use,
            lines_max: campaign.lines_max,
            agent_is_active: campaign.agent_is_active,
            agent_lines_in_use: campaign.agent_lines_in_use,
            agent_lines_max: campaign.agent_lines_max,
        };
        let numbers = numbers.iter().filter(|n| n.campaign == campaign.id).map(number_facts).collect();
        let entry = Campaign { agent: campaign.agent, facts, hours, numbers, accounts: deployed_at };
        self.campaigns.insert(campaign.id, entry);
    }

    /// What there is to decide about one candidate, as the books stand.
    pub(crate) fn facts(&self, candidate: &Candidate, phone: &PhoneFacts) -> Facts<'_> {
        let campaign = &self.campaigns[&candidate.campaign];
        // Phones are written to the table as parsed numbers; one that cannot be read is not called.
        let number = PhoneNumber::from_e164(&candidate.phone).ok();
        let given = candidate.time_zone.as_deref().and_then(|name| time_zone::named(name).ok());
        let zone = LeadZone::of(given.as_ref(), number, &self.zone);
        let day = zone.counted_day(self.now);
        let accounts: Vec<AccountFacts> =
            campaign.accounts.iter().filter_map(|id| self.accounts.get(id)).copied().collect();
        let lead = LeadFacts {
            is_on_dnc: phone.is_on_dnc,
            number_may_be_called: number.is_some_and(|number| number.kind().may_be_called()),
            hours: Cow::Borrowed(&campaign.hours),
            calls_today: phone.days.iter().find(|(d, _)| *d == day).map_or(0, |(_, calls)| *calls),
            last_ring_at: phone.last_ring_at,
            phone_is_busy: phone.is_busy || self.busy.contains(&candidate.phone),
            zone: Cow::Owned(zone),
        };
        Facts {
            now: self.now,
            lead,
            campaign: campaign.facts,
            organization: self.organization,
            numbers: Cow::Borrowed(&campaign.numbers),
            accounts: accounts.into(),
        }
    }

    /// Enters a chosen attempt, so that the next decision counts it.
    pub(super) fn enter(&mut self, candidate: &Candidate, dial: &Dial) {
        self.busy.insert(candidate.phone.clone());
        self.organization.calls_today += 1;
        self.organization.lines_in_use += 1;
        let agent = self.campaigns[&candidate.campaign].agent;
        for (id, campaign) in &mut self.campaigns {
            if campaign.agent == agent {
                campaign.facts.agent_lines_in_use += 1;
            }
            if *id == candidate.campaign {
                campaign.facts.lines_in_use += 1;
            }
            // A number may serve several campaigns.
            for number in campaign.numbers.iter_mut().filter(|number| number.id == dial.number) {
                number.calls_today += 1;
            }
        }
        for account in self.accounts.values_mut() {
            if account.pool == dial.pool {
                account.pool_lines_free -= 1;
            }
            if account.id == dial.account {
                account.requests_left_this_minute -= 1;
            }
        }
    }
}

fn account_facts(now: Timestamp, account: &Account) -> AccountFacts {
    let minute = minute_of(now);
    let spent = if account.minute_at == minute { account.minute_requests } else { 0 };
    AccountFacts {
        id: account.id,
        pool: account.pool,
        paused_until: account.paused_until,
        requests_left_this_minute: account.requests_per_minute_max - spent,
        next_minute_at: minute + SignedDuration::from_mins(1),
        pool_lines_free: account.pool_lines_free,
        pool_cooling_until: account.pool_cooling_until,
    }
}
