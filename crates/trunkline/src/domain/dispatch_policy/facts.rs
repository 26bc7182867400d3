//! All that one decision looks at. Kept with the decision as JSON, so that it can be decided again years later: a field
//! that is added has a default under which the old facts mean what they meant.

use crate::domain::calling_hours::CallingHours;
use crate::domain::ids::{LinePoolId, PhoneNumberId, ProviderAccountId};
use crate::domain::time_zone::LeadZone;
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
    /// The numbers that the campaign may call from.
    pub numbers: Cow<'a, [NumberFacts]>,
    /// Where the campaign's agent is deployed.
    pub accounts: Cow<'a, [AccountFacts]>,
}

impl Facts<'_> {
    /// The same, of its own.
    pub fn into_owned(self) -> Facts<'static> {
        let Self { now, lead, campaign, organization, numbers, accounts } = self;
        let (numbers, accounts) = (Cow::Owned(numbers.into_owned()), Cow::Owned(accounts.into_owned()));
        Facts { now, lead: lead.into_owned(), campaign, organization, numbers, accounts }
    }
}

impl LeadFacts<'_> {
    fn into_owned(self) -> LeadFacts<'static> {
        let (zone, hours) = (Cow::Owned(self.zone.into_owned()), Cow::Owned(self.hours.into_owned()));
        LeadFacts {
            zone,
            hours,
            is_on_dnc: self.is_on_dnc,
            number_may_be_called: self.number_may_be_called,
            calls_today: self.calls_today,
            last_ring_at: self.last_ring_at,
            phone_is_busy: self.phone_is_busy,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadFacts<'a> {
    pub is_on_dnc: bool,
    /// False for premium, satellite and other numbers that no campaign calls.
    pub number_may_be_called: bool,
    pub zone: Cow<'a, LeadZone>,
    /// Campaign and organization hours, both.
    pub hours: Cow<'a, CallingHours>,
    /// Rings of this phone today, the lead's day, over all campaigns of the organization.
    pub calls_today: i32,
    pub last_ring_at: Option<Timestamp>,
    /// Another attempt on this phone is open.
    pub phone_is_busy: bool,
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
    /// When its next day begins, in its own zone.
    pub tomorrow_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberFacts {
    pub id: PhoneNumberId,
    pub account: ProviderAccountId,
    /// Active and not resting now.
    pub is_usable: bool,
    pub calls_today: i32,
    pub calls_per_day_max: i32,
}

/// A provider account at which the campaign's agent is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFacts {
    pub id: ProviderAccountId,
    pub pool: LinePoolId,
    pub paused_until: Option<Timestamp>,
    pub requests_left_this_minute: i32,
    pub next_minute_at: Timestamp,
    pub pool_lines_free: i32,
    pub pool_cooling_until: Option<Timestamp>,
}

/// What facts mean that were kept before the agency had a switch.
const fn dials() -> bool {
    true
}
