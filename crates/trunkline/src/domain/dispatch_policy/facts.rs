//! All that one decision looks at. Kept with the decision as JSON, so that it can be decided again years later by the rules
//! of its version.

use crate::domain::calling_hours::CallingHours;
use crate::domain::dialing_rules::{CampaignRules, OrganizationRules};
use crate::domain::ids::{LinePoolId, PhoneNumberId, ProviderAccountId};
use crate::domain::money::Money;
use crate::domain::phone_number::{Country, PhoneKind};
use crate::domain::time_zone::LeadZone;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// All that one decision looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts<'a> {
    pub now: Timestamp,
    pub lead: LeadFacts<'a>,
    pub campaign: CampaignFacts,
    pub organization: OrganizationFacts,
    /// The organization's.
    pub rules: Cow<'a, OrganizationRules>,
    /// The numbers that the campaign may call from.
    pub numbers: Cow<'a, [NumberFacts]>,
    /// Where the campaign's agent is deployed.
    pub accounts: Cow<'a, [AccountFacts]>,
}

impl Facts<'_> {
    /// The same, of its own.
    pub fn into_owned(self) -> Facts<'static> {
        let Self { now, lead, campaign, organization, rules, numbers, accounts } = self;
        let rules = Cow::Owned(rules.into_owned());
        let (numbers, accounts) = (Cow::Owned(numbers.into_owned()), Cow::Owned(accounts.into_owned()));
        Facts { now, lead: lead.into_owned(), campaign, organization, rules, numbers, accounts }
    }
}

impl LeadFacts<'_> {
    fn into_owned(self) -> LeadFacts<'static> {
        let (zone, hours) = (Cow::Owned(self.zone.into_owned()), Cow::Owned(self.hours.into_owned()));
        LeadFacts {
            zone,
            hours,
            is_on_dnc: self.is_on_dnc,
            kind: self.kind,
            country: self.country,
            area_code: self.area_code,
            calls_today: self.calls_today,
            earlier_days: Cow::Owned(self.earlier_days.into_owned()),
            last_ring_at: self.last_ring_at,
            last_number: self.last_number,
            phone_is_busy: self.phone_is_busy,
            phone_held_until: self.phone_held_until,
            call_back_at: self.call_back_at,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadFacts<'a> {
    pub is_on_dnc: bool,
    pub kind: PhoneKind,
    /// `None`: a number of no country, such as a satellite's.
    pub country: Option<Country>,
    /// Of a number of North America.
    pub area_code: Option<u16>,
    pub zone: Cow<'a, LeadZone>,
    /// Campaign and organization hours, both.
    pub hours: Cow<'a, CallingHours>,
    /// Rings of this phone today, the lead's day, over all campaigns of the organization.
    pub calls_today: i32,
    /// The same of the days before, as far back as a rolling limit looks.
    pub earlier_days: Cow<'a, [DayCalls]>,
    pub last_ring_at: Option<Timestamp>,
    /// The number that the last ring came from.
    pub last_number: Option<PhoneNumberId>,
    /// Another attempt on this phone is open.
    pub phone_is_busy: bool,
    /// One call too many was made to it: it is left alone until then.
    #[serde(default)]
    pub phone_held_until: Option<Timestamp>,
    /// When the lead asked to be called.
    pub call_back_at: Option<Timestamp>,
}

/// Rings on one local day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCalls {
    pub day: Date,
    pub calls: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignFacts {
    pub is_running: bool,
    pub calls_per_lead_and_day_max: i32,
    pub lines_in_use: i32,
    pub lines_max: i32,
    pub agent_is_active: bool,
    pub agent_lines_in_use: i32,
    pub agent_lines_max: i32,
    pub rules: CampaignRules,
    pub budget: BudgetFacts,
    /// What a call is taken to cost until its cost is known.
    pub price_per_call: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationFacts {
    /// False while the agency has stopped all dialing.
    #[serde(default = "dials")]
    pub agency_dials: bool,
    pub is_active: bool,
    pub calls_today: i32,
    pub calls_per_day_max: i32,
    pub calls_per_lead_and_day_max: i32,
    pub ring_gap: SignedDuration,
    pub lines_in_use: i32,
    pub lines_max: i32,
    pub budget: BudgetFacts,
    /// When its next day begins, in its own zone.
    pub tomorrow_at: Timestamp,
}

/// Money of the organization's day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BudgetFacts {
    /// `None`: no limit.
    pub per_day_max: Option<Money>,
    /// The cost of calls that is known.
    pub spent: Money,
    /// What calls are taken to cost whose cost is not known yet.
    pub reserved: Money,
}

impl BudgetFacts {
    /// True if a further call at this price might cost more than is left.
    pub fn is_used_up_by(&self, price: Money) -> bool {
        self.per_day_max.is_some_and(|max| self.spent.plus(self.reserved).plus(price) > max)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberFacts {
    pub id: PhoneNumberId,
    pub account: ProviderAccountId,
    /// Not dead, and not resting for good.
    pub is_usable: bool,
    pub resting_until: Option<Timestamp>,
    pub area_code: Option<u16>,
    /// IANA name of the first zone of its area.
    pub zone: Option<String>,
    pub calls_today: i32,
    pub calls_per_day_max: i32,
    pub calls_this_hour: i32,
    pub calls_per_hour_max: Option<i32>,
    /// Days since its warm-up began, the first being 0; `None`: it needs none.
    pub warm_up_day: Option<i32>,
    pub last_call_at: Option<Timestamp>,
}

/// A provider account at which the campaign's agent is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFacts {
    pub id: ProviderAccountId,
    pub pool: LinePoolId,
    pub paused_until: Option<Timestamp>,
    /// Of as many as the account is asked at its present pace (`request_pace`).
    pub requests_left_this_minute: i32,
    /// Of how many; `None`: it was not kept with older decisions.
    #[serde(default)]
    pub requests_per_minute: Option<i32>,
    pub next_minute_at: Timestamp,
    /// `None`: no limit.
    pub requests_left_this_second: Option<i32>,
    /// Of how many.
    #[serde(default)]
    pub requests_per_second: Option<i32>,
    pub next_second_at: Timestamp,
    pub pool_lines_free: i32,
    /// Of the free lines, those that are kept for incoming calls or were promised to other organizations.
    pub pool_lines_kept: i32,
    pub pool_cooling_until: Option<Timestamp>,
}

/// What facts mean that were kept before the agency had a switch.
const fn dials() -> bool {
    true
}
