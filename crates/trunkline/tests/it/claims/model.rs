//! What limits a call, counted attempt by attempt, and by none of the program's counters.

use crate::support::World;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use trunkline::domain::dialing_rules::ROLLING_DAYS_MAX;
use trunkline::domain::dispatch_policy::{AccountFacts, DayCalls, Dial, Facts, NumberFacts};
use trunkline::domain::ids::{
    AgentId, AttemptId, CampaignId, LinePoolId, OrganizationId, PhoneNumberId, ProviderAccountId,
};
use trunkline::domain::money::Money;
use trunkline::domain::time_zone;
use trunkline::store::reservations::{hour_of, minute_of, second_of};

const ATTEMPTS: &str = "
    select to_jsonb(t) from (
        select a.id, a.organization_id, a.campaign_id, c.agent_id, a.phone, a.phone_number_id, a.provider_account_id,
               x.line_pool_id, a.lead_day, a.organization_day, a.reserved_at, a.sending_at,
               case when a.sending_at is not null and a.state not in ('rejected', 'released') and not a.never_dialed
                    then greatest(a.sending_at, a.accepted_at, a.settled_at) end as rang_at,
               case when a.lead_day is null then 0 else (not a.never_dialed)::int + a.further_rings end as rings,
               a.state in ('reserved', 'sending', 'unknown', 'accepted', 'held') as is_open,
               a.money_reserved, a.money_spent
        from attempts a
        join campaigns c on c.organization_id = a.organization_id and c.id = a.campaign_id
        left join provider_accounts x on x.id = a.provider_account_id) t";
const ORGANIZATIONS: &str = "
    select to_jsonb(t) from (
        select o.id, o.time_zone, d.weight from organizations o
        join organization_dispatch d on d.organization_id = o.id) t";
const POOLS: &str = "select to_jsonb(t) from (select id, lines_max, inbound_reserve from line_pools) t";
const PROMISES: &str = "
    select to_jsonb(t) from (select organization_id, line_pool_id, lines_min from line_guarantees) t";

#[derive(Deserialize)]
struct Attempt {
    id: AttemptId,
    organization_id: OrganizationId,
    campaign_id: CampaignId,
    agent_id: AgentId,
    phone: String,
    phone_number_id: Option<PhoneNumberId>,
    provider_account_id: Option<ProviderAccountId>,
    line_pool_id: Option<LinePoolId>,
    lead_day: Option<Date>,
    organization_day: Option<Date>,
    reserved_at: Option<Timestamp>,
    sending_at: Option<Timestamp>,
    rang_at: Option<Timestamp>,
    rings: i32,
    is_open: bool,
    money_reserved: i64,
    money_spent: i64,
}

#[derive(Deserialize)]
struct Organization {
    id: OrganizationId,
    time_zone: String,
    weight: i32,
}

#[derive(Deserialize)]
struct Pool {
    id: LinePoolId,
    lines_max: i32,
    inbound_reserve: i32,
}

#[derive(Deserialize)]
struct Promise {
    organization_id: OrganizationId,
    line_pool_id: LinePoolId,
    lines_min: i32,
}

pub(super) struct Model {
    now: Timestamp,
    attempts: Vec<Attempt>,
    organizations: HashMap<OrganizationId, Organization>,
    pools: HashMap<LinePoolId, Pool>,
    promises: Vec<Promise>,
}

impl Model {
    pub(super) async fn read(world: &World) -> Self {
        let organizations: Vec<Organization> = read(world, ORGANIZATIONS).await;
        let pools: Vec<Pool> = read(world, POOLS).await;
        Self {
            now: world.now(),
            attempts: read(world, ATTEMPTS).await,
            organizations: organizations.into_iter().map(|one| (one.id, one)).collect(),
            pools: pools.into_iter().map(|pool| (pool.id, pool)).collect(),
            promises: read(world, PROMISES).await,
        }
    }

    pub(super) fn weight(&self, organization: OrganizationId) -> i32 {
        self.organizations[&organization].weight
    }

    /// What was known of the attempt, with everything in it that can be counted counted again.
    pub(super) fn facts(&self, organization: OrganizationId, attempt: AttemptId, known: &Facts<'_>) -> Facts<'static> {
        let mut facts = comparable(known.clone());
        let candidate = self.attempts.iter().find(|one| one.id == attempt).unwrap();
        let own: Vec<&Attempt> = self.attempts.iter().filter(|one| one.organization_id == organization).collect();
        let of_phone: Vec<&Attempt> = own.iter().filter(|one| one.phone == candidate.phone).copied().collect();
        let today = facts.lead.zone.counted_day(self.now);
        let day = self.day(organization);
        facts.lead.calls_today = rings(of_phone.iter().filter(|one| one.lead_day == Some(today)));
        facts.lead.earlier_days = Cow::Owned(self.earlier_days(&of_phone, today));
        facts.lead.phone_is_busy = of_phone.iter().any(|one| one.is_open);
        let last = of_phone.iter().filter(|one| one.rang_at.is_some()).max_by_key(|one| one.sending_at);
        facts.lead.last_ring_at = last.and_then(|one| one.rang_at);
        facts.lead.last_number = last.and_then(|one| one.phone_number_id);

        let of_campaign = |one: &&&Attempt| one.campaign_id == candidate.campaign_id;
        facts.campaign.lines_in_use = open(own.iter().filter(of_campaign));
        facts.campaign.agent_lines_in_use = open(own.iter().filter(|one| one.agent_id == candidate.agent_id));
        let is_today = |one: &&&Attempt| one.organization_day == Some(day);
        let budget = &mut facts.campaign.budget;
        (budget.spent, budget.reserved) = money(own.iter().filter(is_today).filter(of_campaign));
        let budget = &mut facts.organization.budget;
        (budget.spent, budget.reserved) = money(own.iter().filter(is_today));
        facts.organization.calls_today = rings(own.iter().filter(is_today));
        facts.organization.lines_in_use = open(own.iter());

        facts.numbers = facts.numbers.iter().map(|number| self.number(number, day)).collect::<Vec<_>>().into();
        facts.accounts =
            facts.accounts.iter().map(|account| self.account(organization, account)).collect::<Vec<_>>().into();
        facts
    }

    /// Enters a call that was chosen.
    pub(super) fn reserve(&mut self, attempt: AttemptId, dial: &Dial, facts: &Facts<'_>) {
        let now = self.now;
        let place = self.attempts.iter().position(|one| one.id == attempt).unwrap();
        let day = self.day(self.attempts[place].organization_id);
        let one = &mut self.attempts[place];
        (one.phone_number_id, one.provider_account_id, one.line_pool_id) =
            (Some(dial.number), Some(dial.account), Some(dial.pool));
        (one.lead_day, one.organization_day, one.reserved_at) = (Some(dial.lead_day), Some(day), Some(now));
        (one.rings, one.is_open) = (1, true);
        one.money_reserved = facts.campaign.price_per_call.0;
    }

    fn day(&self, organization: OrganizationId) -> Date {
        time_zone::local_day(self.now, &TimeZone::get(&self.organizations[&organization].time_zone).unwrap())
    }

    fn earlier_days(&self, of_phone: &[&Attempt], today: Date) -> Vec<DayCalls> {
        let first = time_zone::local_day(self.now, &TimeZone::UTC).saturating_sub(i64::from(ROLLING_DAYS_MAX).days());
        let mut days: BTreeMap<Date, i32> = BTreeMap::new();
        for one in of_phone {
            if let Some(day) = one.lead_day.filter(|day| (first..today).contains(day)) {
                *days.entry(day).or_default() += one.rings;
            }
        }
        days.into_iter().map(|(day, calls)| DayCalls { day, calls }).filter(|day| day.calls > 0).collect()
    }

    fn number(&self, known: &NumberFacts, day: Date) -> NumberFacts {
        let of_number: Vec<&Attempt> =
            self.attempts.iter().filter(|one| one.phone_number_id == Some(known.id)).collect();
        let this_hour = |one: &&&Attempt| one.reserved_at.map(hour_of) == Some(hour_of(self.now));
        NumberFacts {
            calls_today: rings(of_number.iter().filter(|one| one.organization_day == Some(day))),
            calls_this_hour: rings(of_number.iter().filter(this_hour)),
            last_call_at: of_number.iter().filter_map(|one| one.reserved_at).max(),
            ..known.clone()
        }
    }

    fn account(&self, organization: OrganizationId, known: &AccountFacts) -> AccountFacts {
        let asked = |is_now: &dyn Fn(Timestamp) -> bool| {
            let of_account = self.attempts.iter().filter(|one| one.provider_account_id == Some(known.id));
            i32::try_from(of_account.filter(|one| one.reserved_at.is_some_and(is_now)).count()).unwrap()
        };
        let this_minute = asked(&|at| minute_of(at) == minute_of(self.now));
        let this_second = asked(&|at| second_of(at) == second_of(self.now));
        let pool = &self.pools[&known.pool];
        let in_pool: Vec<&Attempt> = self.attempts.iter().filter(|one| one.line_pool_id == Some(known.pool)).collect();
        let of_others =
            self.promises.iter().filter(|one| one.line_pool_id == known.pool && one.organization_id != organization);
        let owed = of_others.map(|promise| {
            let own = in_pool.iter().filter(|one| one.organization_id == promise.organization_id);
            (promise.lines_min - open(own)).max(0)
        });
        AccountFacts {
            requests_left_this_minute: known.requests_per_minute.unwrap() - this_minute,
            requests_left_this_second: known.requests_per_second.map(|max| max - this_second),
            pool_lines_free: pool.lines_max - open(in_pool.iter()),
            pool_lines_kept: pool.inbound_reserve + owed.sum::<i32>(),
            ..*known
        }
    }
}

/// Facts in the form in which they are compared: a day whose calls were given back is a day without calls.
pub(super) fn comparable(facts: Facts<'_>) -> Facts<'static> {
    let mut facts = facts.into_owned();
    facts.lead.earlier_days.to_mut().retain(|day| day.calls > 0);
    facts
}

fn rings<'a>(attempts: impl Iterator<Item = &'a &'a Attempt>) -> i32 {
    attempts.map(|one| one.rings).sum()
}

fn open<'a>(attempts: impl Iterator<Item = &'a &'a Attempt>) -> i32 {
    attempts.map(|one| i32::from(one.is_open)).sum()
}

/// Spent, and reserved.
fn money<'a>(attempts: impl Iterator<Item = &'a &'a Attempt>) -> (Money, Money) {
    attempts.fold((Money::ZERO, Money::ZERO), |(spent, reserved), one| {
        (spent.plus(Money(one.money_spent)), reserved.plus(Money(one.money_reserved)))
    })
}

async fn read<T: for<'de> Deserialize<'de>>(world: &World, query: &str) -> Vec<T> {
    world.sql(query).await.iter().map(|row| serde_json::from_str(row).unwrap()).collect()
}
