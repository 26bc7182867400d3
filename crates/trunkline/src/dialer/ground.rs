//! What a claim stands on: everything that limits, read under the locks of all organizations in turn, as facts of the
//! policy.

use super::books::{Books, CampaignBooks};
use crate::domain::calling_hours::CallingHours;
use crate::domain::dialing_rules::{CampaignRules, OrganizationRules};
use crate::domain::dispatch_policy::{BudgetFacts, CampaignFacts, NumberFacts, OrganizationFacts};
use crate::domain::fair_share::aged_priority;
use crate::domain::ids::{AgentId, CampaignId, LinePoolId, OrganizationId, ProviderAccountId};
use crate::domain::local_day::next_day_at;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::{phone_time_zones, time_zone};
use crate::store::called_phones::CalledPhone;
use crate::store::claims::{InQueue, RunningCampaign};
use crate::store::day_totals::{self, CampaignDay, DayMoney, DayTotals};
use crate::store::dialing_lines::{self, CampaignNumber};
use crate::store::organization_turns::Turn;
use crate::store::reservations::hour_of;
use crate::store::{Bound, Result};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};

/// What a call is taken to cost of a campaign that has made none: at most a minute and a half, at usual prices.
const PRICE_OF_FIRST_CALLS: Money = Money::cents(20);
/// The calls whose mean cost is the price of the next one.
const PRICED_CALLS_MAX: i64 = 50;

/// What was read of all organizations.
pub(super) struct Ground {
    now: Timestamp,
    /// In the order of their turns.
    campaigns: HashMap<OrganizationId, Vec<RunningCampaign>>,
    rules: HashMap<CampaignId, CampaignRules>,
    numbers: HashMap<CampaignId, Vec<CampaignNumber>>,
    deployments: HashMap<AgentId, Vec<ProviderAccountId>>,
    used: HashMap<OrganizationId, DayTotals>,
    money: HashMap<CampaignId, DayMoney>,
    /// Mean costs, of organizations in which a budget limits anything; for others money is not reserved.
    prices: HashMap<OrganizationId, HashMap<CampaignId, Money>>,
    pub owed: HashMap<(OrganizationId, LinePoolId), i32>,
}

impl Ground {
    /// Reads it, of organizations and of these campaigns of theirs.
    pub(super) async fn read(
        tx: &impl Bound,
        turns: &[Turn],
        campaigns: Vec<RunningCampaign>,
        now: Timestamp,
    ) -> Result<Self> {
        let ids: Vec<OrganizationId> = turns.iter().map(|turn| turn.organization).collect();
        let days: HashMap<OrganizationId, Date> =
            turns.iter().map(|turn| (turn.organization, day_of(turn, now))).collect();
        let of_organizations: Vec<(OrganizationId, Date)> = days.iter().map(|(id, day)| (*id, *day)).collect();
        let of_campaigns: Vec<CampaignDay> = campaigns
            .iter()
            .map(|one| CampaignDay { organization: one.organization, campaign: one.id, day: days[&one.organization] })
            .collect();
        let (numbers, deployments, used, money, owed) = tokio::try_join!(
            dialing_lines::numbers(tx, &of_campaigns),
            dialing_lines::deployments(tx, &ids),
            day_totals::of_organizations(tx, &of_organizations),
            day_totals::of_campaigns(tx, &of_campaigns),
            dialing_lines::owed(tx, &ids),
        )?;
        let rules: HashMap<CampaignId, CampaignRules> = campaigns.iter().filter_map(rules_of_campaign).collect();
        let prices = prices(tx, turns, &campaigns, &rules).await?;
        Ok(Self {
            now,
            campaigns: in_turn(campaigns, now),
            rules,
            numbers: grouped(numbers.into_iter().map(|number| (number.campaign, number))),
            deployments: grouped(deployments),
            used,
            money,
            prices,
            owed,
        })
    }

    /// Where the organizations' agents are deployed.
    pub(super) fn accounts(&self) -> Vec<ProviderAccountId> {
        self.deployments.values().flatten().copied().collect::<HashSet<_>>().into_iter().collect()
    }

    /// The order in which an organization's due attempts are decided: by priority, and then so that campaigns of one priority
    /// fill up evenly, for an attempt comes after as many others as its campaign would hold lines by then.
    pub(super) fn put_in_order(&self, organization: OrganizationId, queue: &mut [(InQueue, CalledPhone)]) {
        let places = self.campaigns.get(&organization).into_iter().flatten().enumerate();
        let places: HashMap<CampaignId, (i32, i32, usize)> =
            places.map(|(place, campaign)| (campaign.id, (campaign.priority, campaign.lines_in_use, place))).collect();
        queue.sort_by_key(|(queued, _)| {
            let (priority, lines, place) = places.get(&queued.candidate.campaign).copied().unwrap_or_default();
            (priority, lines.saturating_add(queued.nth), place, queued.nth)
        });
    }

    /// An organization's books as they stand before its turn.
    pub(super) fn books(&self, turn: &Turn) -> Books {
        let zone = zone_of(turn);
        let rules = rules_of_organization(turn);
        let is_readable = rules.is_some();
        let rules = rules.unwrap_or_default();
        let used = self.used.get(&turn.organization).copied().unwrap_or_default();
        let campaigns = self.campaigns.get(&turn.organization).into_iter().flatten();
        Books {
            now: self.now,
            id: turn.organization,
            organization: OrganizationFacts {
                is_active: turn.is_active && is_readable,
                ..organization_facts(turn, &rules, used, next_day_at(self.now, &zone))
            },
            rules,
            zone,
            campaigns: campaigns.map(|campaign| (campaign.id, self.campaign(turn, campaign))).collect(),
            chosen: HashMap::new(),
        }
    }

    /// What cannot be read holds the campaign back; no lead is burned by it.
    fn campaign(&self, turn: &Turn, campaign: &RunningCampaign) -> CampaignBooks {
        let hours = hours(turn, campaign);
        let rules = self.rules.get(&campaign.id).copied();
        let is_readable = hours.is_some() && rules.is_some();
        let (hours, rules) = (hours.unwrap_or_else(CallingHours::always), rules.unwrap_or_default());
        let money = self.money.get(&campaign.id).copied().unwrap_or_default();
        let price = self.prices.get(&turn.organization).map_or(Money::ZERO, |means| {
            rules.price_per_call.or_else(|| means.get(&campaign.id).copied()).unwrap_or(PRICE_OF_FIRST_CALLS)
        });
        let facts = CampaignFacts {
            is_running: campaign.is_running && is_readable,
            calls_per_lead_and_day_max: campaign.calls_per_lead_and_day_max,
            lines_in_use: campaign.lines_in_use,
            lines_max: campaign.lines_max,
            agent_is_active: campaign.agent_is_active,
            agent_lines_in_use: campaign.agent_lines_in_use,
            agent_lines_max: campaign.agent_lines_max,
            budget: budget(rules.budget_per_day_max, money),
            price_per_call: price,
            rules,
        };
        let (numbers, today) = (self.numbers.get(&campaign.id).into_iter().flatten(), day_of(turn, self.now));
        CampaignBooks {
            agent: campaign.agent,
            facts,
            hours,
            numbers: numbers.map(|number| number_facts(number, self.now, today)).collect(),
            accounts: self.deployments.get(&campaign.agent).cloned().unwrap_or_default(),
        }
    }
}

/// The organization's current day, in its own zone.
pub(super) fn day_of(turn: &Turn, now: Timestamp) -> Date {
    time_zone::local_day(now, &zone_of(turn))
}

fn zone_of(turn: &Turn) -> TimeZone {
    time_zone::named(&turn.time_zone).unwrap_or(TimeZone::UTC)
}

/// Campaigns in the order of their turns, each with the priority that it has by waiting: of equals the one with the fewest
/// lines, then the one that waits longest.
fn in_turn(mut campaigns: Vec<RunningCampaign>, now: Timestamp) -> HashMap<OrganizationId, Vec<RunningCampaign>> {
    for campaign in &mut campaigns {
        campaign.priority = aged_priority(campaign.priority, campaign.waiting_since, now);
    }
    campaigns.sort_by_key(|campaign| {
        (campaign.priority, campaign.lines_in_use, campaign.waiting_since.unwrap_or(Timestamp::MAX))
    });
    grouped(campaigns.into_iter().map(|campaign| (campaign.organization, campaign)))
}

/// Mean costs of the campaigns of organizations that have a budget, their own or a campaign's.
async fn prices(
    tx: &impl Bound,
    turns: &[Turn],
    campaigns: &[RunningCampaign],
    rules: &HashMap<CampaignId, CampaignRules>,
) -> Result<HashMap<OrganizationId, HashMap<CampaignId, Money>>> {
    let has_budget =
        |campaign: &&RunningCampaign| rules.get(&campaign.id).is_some_and(|rules| rules.budget_per_day_max.is_some());
    let organizations =
        turns.iter().filter(|turn| rules_of_organization(turn).is_some_and(|rules| rules.budget_per_day_max.is_some()));
    let limited: HashSet<OrganizationId> = organizations
        .map(|turn| turn.organization)
        .chain(campaigns.iter().filter(has_budget).map(|campaign| campaign.organization))
        .collect();
    if limited.is_empty() {
        return Ok(HashMap::new());
    }
    let priced = campaigns.iter().filter(|campaign| limited.contains(&campaign.organization));
    let priced: Vec<_> = priced.map(|campaign| (campaign.organization, campaign.id)).collect();
    let means = day_totals::prices(tx, &priced, PRICED_CALLS_MAX).await?;
    let mut means_of: HashMap<_, HashMap<_, _>> = limited.into_iter().map(|id| (id, HashMap::new())).collect();
    for (organization, campaign) in priced {
        if let (Some(of_one), Some(mean)) = (means_of.get_mut(&organization), means.get(&campaign)) {
            of_one.insert(campaign, *mean);
        }
    }
    Ok(means_of)
}

fn rules_of_campaign(campaign: &RunningCampaign) -> Option<(CampaignId, CampaignRules)> {
    Some((campaign.id, readable(&campaign.dialing_rules, "dialing rules", &campaign.id)?))
}

fn rules_of_organization(turn: &Turn) -> Option<OrganizationRules> {
    readable(&turn.dialing_rules, "dialing rules", &turn.organization)
}

fn hours(turn: &Turn, campaign: &RunningCampaign) -> Option<CallingHours> {
    let own: CallingHours = readable(&campaign.calling_hours, "calling hours", &campaign.id)?;
    let all: CallingHours = readable(&turn.calling_hours, "calling hours", &campaign.id)?;
    Some(own.intersection(&all))
}

/// What a row holds as JSON; `None`, and a log entry, if it cannot be read.
fn readable<T: serde::de::DeserializeOwned>(
    json: &serde_json::Value,
    what: &str,
    whose: &dyn std::fmt::Display,
) -> Option<T> {
    T::deserialize(json)
        .inspect_err(|error| tracing::error!(%whose, %error, "{what} cannot be read: nothing is dialed by them"))
        .ok()
}

fn budget(per_day_max: Option<Money>, money: DayMoney) -> BudgetFacts {
    BudgetFacts { per_day_max, spent: money.spent, reserved: money.reserved }
}

fn organization_facts(
    turn: &Turn,
    rules: &OrganizationRules,
    used: DayTotals,
    tomorrow_at: Timestamp,
) -> OrganizationFacts {
    OrganizationFacts {
        agency_dials: turn.agency_dials,
        is_active: turn.is_active,
        calls_today: used.calls,
        calls_per_day_max: turn.calls_per_day_max,
        calls_per_lead_and_day_max: turn.calls_per_lead_and_day_max,
        ring_gap: SignedDuration::from_mins(i64::from(turn.ring_gap_minutes_min)),
        lines_in_use: turn.lines_in_use,
        lines_max: turn.lines_max,
        budget: budget(rules.budget_per_day_max, used.money),
        tomorrow_at,
    }
}

fn number_facts(number: &CampaignNumber, now: Timestamp, today: Date) -> NumberFacts {
    let phone = PhoneNumber::from_e164(&number.number).ok();
    let zones = phone.map(phone_time_zones::zones_of).unwrap_or_default();
    let warm_up_day = number.warm_up_from.and_then(|from| today.since(from).ok()).map(|span| span.get_days());
    NumberFacts {
        id: number.id,
        account: number.account,
        is_usable: number.is_usable,
        resting_until: number.resting_until,
        area_code: phone.and_then(PhoneNumber::area_code),
        zone: zones.first().and_then(TimeZone::iana_name).map(str::to_owned),
        calls_today: number.calls_today,
        calls_per_day_max: number.calls_per_day_max,
        calls_this_hour: if number.hour_at == hour_of(now) { number.hour_calls } else { 0 },
        calls_per_hour_max: number.calls_per_hour_max,
        warm_up_day,
        last_call_at: number.last_call_at,
    }
}

fn grouped<K: Eq + std::hash::Hash, V>(pairs: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in pairs {
        groups.entry(key).or_default().push(value);
    }
    groups
}
