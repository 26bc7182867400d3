//! What a claim stands on: everything that limits, read under the organization's lock, as facts of the policy.

use super::books::CampaignBooks;
use crate::domain::calling_hours::CallingHours;
use crate::domain::dialing_rules::{CampaignRules, OrganizationRules};
use crate::domain::dispatch_policy::{AccountFacts, BudgetFacts, CampaignFacts, NumberFacts, OrganizationFacts};
use crate::domain::ids::{AgentId, CampaignId, ProviderAccountId};
use crate::domain::local_day::next_day_at;
use crate::domain::money::Money;
use crate::domain::phone_number::PhoneNumber;
use crate::domain::{phone_time_zones, time_zone};
use crate::store::claims::RunningCampaign;
use crate::store::day_totals::{self, DayMoney, DayTotals};
use crate::store::dialing_lines::{self, Account, CampaignNumber};
use crate::store::organization_turns::Turn;
use crate::store::reservations::{hour_of, minute_of, second_of};
use crate::store::{Result, TenantTx};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet};

/// What a call is taken to cost of a campaign that has made none: at most a minute and a half, at usual prices.
const PRICE_OF_FIRST_CALLS: Money = Money::cents(20);
/// The calls whose mean cost is the price of the next one.
const PRICED_CALLS_MAX: i64 = 50;

pub(super) struct Ground {
    pub now: Timestamp,
    pub organization: OrganizationFacts,
    pub rules: OrganizationRules,
    pub zone: TimeZone,
    pub campaigns: HashMap<CampaignId, CampaignBooks>,
    pub accounts: Vec<AccountFacts>,
    /// Accounts whose next request is the first after a rest.
    pub rested: Vec<ProviderAccountId>,
}

/// What was read of all campaigns together.
struct Read<'a> {
    now: Timestamp,
    today: Date,
    turn: &'a Turn,
    numbers: Vec<CampaignNumber>,
    deployments: Vec<(AgentId, ProviderAccountId)>,
    money: HashMap<CampaignId, DayMoney>,
    /// Mean costs; `None` where no budget limits anything, and money is not reserved.
    prices: Option<HashMap<CampaignId, Money>>,
}

/// What the ground is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Accounts and pools are locked: nobody else may change them before this transaction ends.
    Claim,
    Look,
}

/// Reads it, of an organization and of these campaigns of it.
pub(super) async fn read(
    tx: &TenantTx,
    now: Timestamp,
    (turn, running): (&Turn, &[RunningCampaign]),
    reading: Reading,
) -> Result<Ground> {
    let zone = zone_of(turn);
    let today = time_zone::local_day(now, &zone);
    let ids: Vec<CampaignId> = running.iter().map(|campaign| campaign.id).collect();
    let (numbers, deployments, used, money) = tokio::try_join!(
        dialing_lines::numbers(tx, &ids, today),
        dialing_lines::deployments(tx),
        day_totals::of_organization(tx, today),
        day_totals::of_campaigns(tx, &ids, today),
    )?;
    let rules: Option<OrganizationRules> = readable(&turn.dialing_rules, "dialing rules", &tx.organization);
    let is_readable = rules.is_some();
    let rules = rules.unwrap_or_default();
    let campaign_rules: HashMap<CampaignId, CampaignRules> = running
        .iter()
        .filter_map(|campaign| Some((campaign.id, readable(&campaign.dialing_rules, "dialing rules", &campaign.id)?)))
        .collect();
    let has_budget =
        rules.budget_per_day_max.is_some() || campaign_rules.values().any(|rules| rules.budget_per_day_max.is_some());
    let prices = if has_budget { Some(day_totals::prices(tx, &ids, PRICED_CALLS_MAX).await?) } else { None };
    let accounts: HashSet<ProviderAccountId> = deployments.iter().map(|(_, account)| *account).collect();
    let accounts: Vec<ProviderAccountId> = accounts.into_iter().collect();
    let accounts = match reading {
        Reading::Claim => dialing_lines::lock_accounts(tx, &accounts).await?,
        Reading::Look => dialing_lines::accounts(tx, &accounts).await?,
    };
    let read = Read { now, today, turn, numbers, deployments, money, prices };
    let campaigns = running.iter().map(|c| (c.id, read.campaign(c, campaign_rules.get(&c.id).copied()))).collect();
    let organization = OrganizationFacts {
        is_active: turn.is_active && is_readable,
        ..organization_facts(turn, &rules, used, next_day_at(now, &zone))
    };
    let rested = accounts.iter().filter(|account| account.pace.begins_after_rest(now)).map(|account| account.id);
    let rested = rested.collect();
    let accounts = accounts.iter().map(|account| account_facts(now, account)).collect();
    Ok(Ground { now, organization, rules, zone, campaigns, accounts, rested })
}

pub(super) fn zone_of(turn: &Turn) -> TimeZone {
    time_zone::named(&turn.time_zone).unwrap_or(TimeZone::UTC)
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

impl Read<'_> {
    /// What cannot be read holds the campaign back; no lead is burned by it.
    fn campaign(&self, campaign: &RunningCampaign, rules: Option<CampaignRules>) -> CampaignBooks {
        let hours = self.hours(campaign);
        let is_readable = hours.is_some() && rules.is_some();
        let (hours, rules) = (hours.unwrap_or_else(CallingHours::always), rules.unwrap_or_default());
        let money = self.money.get(&campaign.id).copied().unwrap_or_default();
        let price = self.prices.as_ref().map_or(Money::ZERO, |means| {
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
        let numbers = self.numbers.iter().filter(|number| number.campaign == campaign.id);
        let deployed = self.deployments.iter().filter(|(agent, _)| *agent == campaign.agent);
        CampaignBooks {
            agent: campaign.agent,
            facts,
            hours,
            numbers: numbers.map(|number| number_facts(number, self.now, self.today)).collect(),
            accounts: deployed.map(|(_, account)| *account).collect(),
        }
    }

    fn hours(&self, campaign: &RunningCampaign) -> Option<CallingHours> {
        let own: CallingHours = readable(&campaign.calling_hours, "calling hours", &campaign.id)?;
        let all: CallingHours = readable(&self.turn.calling_hours, "calling hours", &campaign.id)?;
        Some(own.intersection(&all))
    }
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

fn account_facts(now: Timestamp, account: &Account) -> AccountFacts {
    let (minute, second) = (minute_of(now), second_of(now));
    let asked = if account.pace.last_minute_at == minute { account.minute_requests } else { 0 };
    let asked_now = if account.second_at == second { account.second_requests } else { 0 };
    AccountFacts {
        id: account.id,
        pool: account.pool,
        paused_until: account.paused_until,
        requests_left_this_minute: account.pace.calls_left(now, asked),
        next_minute_at: minute + SignedDuration::from_mins(1),
        requests_left_this_second: account.requests_per_second_max.map(|max| max - asked_now),
        next_second_at: second + SignedDuration::from_secs(1),
        pool_lines_free: account.pool_lines_free,
        pool_lines_kept: account.pool_lines_kept,
        pool_cooling_until: account.pool_cooling_until,
    }
}
