//! What organizations and campaigns may set about dialing besides hours, lines and calls a day.
//!
//! As JSON in the row of each; what is not named limits nothing. `{"lead_rings_max": [{"rings": 5, "days": 7}],
//! "countries": ["US", "CA"], "budget_per_day_max": 50000000}` and `{"numbers": "local", "other_daypart": true}`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::money::Money;
use super::phone_number::{Country, PhoneKind};
use super::text_enum::text_enum;
use super::warm_up::WarmUp;

const ROLLING_CAPS_MAX: usize = 4;
/// So many days of a lead's rings are looked back at.
pub const ROLLING_DAYS_MAX: u32 = 31;
const RINGS_MAX: u32 = 100;
const COUNTRIES_MAX: usize = 250;
const NUMBER_GAP_SECONDS_MAX: u32 = 3600;
const BUDGET_MAX: Money = Money::cents(100_000_000);
const PRICE_MAX: Money = Money::cents(10_000);

/// At most so many rings of one phone in so many of its local days, today included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollingCap {
    pub rings: u32,
    pub days: u32,
}

/// The rules of an organization, over all its campaigns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenOrganizationRules", into = "WrittenOrganizationRules")]
pub struct OrganizationRules(WrittenOrganizationRules);

/// The JSON form, not yet checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WrittenOrganizationRules {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lead_rings_max: Vec<RollingCap>,
    /// Countries that are called; `None`: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub countries: Option<BTreeSet<Country>>,
    /// Kinds of number that are called, of those that may be; `None`: all of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_kinds: Option<BTreeSet<PhoneKind>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_per_day_max: Option<Money>,
    /// Between two calls from one number, and up to half as much again by chance, so that none is called like clockwork.
    pub number_gap_seconds_min: u32,
    /// For numbers that are being warmed up.
    pub warm_up: WarmUp,
}

text_enum! {
    /// Which of its numbers a campaign calls a lead from. One that cannot call now is passed over.
    pub enum NumberChoice ("choice of numbers") {
        /// The one that has called least today.
        Rotating = "rotating",
        /// The one that this phone was called from last.
        Sticky = "sticky",
        /// One of the lead's area code, else one of its time zone.
        Local = "local",
    }
}

/// The rules of a campaign.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenCampaignRules", into = "WrittenCampaignRules")]
pub struct CampaignRules(WrittenCampaignRules);

/// The JSON form, not yet checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WrittenCampaignRules {
    pub numbers: NumberChoice,
    /// The next try of a lead is made in another part of the day than the last one.
    pub other_daypart: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_per_day_max: Option<Money>,
    /// What a call is taken to cost before it is made; `None`: the mean of the campaign's last calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_per_call: Option<Money>,
}

/// Why rules are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DialingRulesError {
    #[error("{what} is {value}, from {min} to {max} is possible")]
    OutOfRange { what: &'static str, value: i64, min: i64, max: i64 },
    #[error("{0} is never called")]
    NeverCalled(&'static str),
    #[error("a list of allowed {0} that is empty allows nothing")]
    Empty(&'static str),
}

impl Default for WrittenCampaignRules {
    fn default() -> Self {
        Self { numbers: NumberChoice::Rotating, other_daypart: false, budget_per_day_max: None, price_per_call: None }
    }
}

impl std::ops::Deref for OrganizationRules {
    type Target = WrittenOrganizationRules;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl std::ops::Deref for CampaignRules {
    type Target = WrittenCampaignRules;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl TryFrom<WrittenOrganizationRules> for OrganizationRules {
    type Error = DialingRulesError;

    fn try_from(rules: WrittenOrganizationRules) -> Result<Self, Self::Error> {
        in_range("the number of rolling limits", rules.lead_rings_max.len(), 0, ROLLING_CAPS_MAX)?;
        for cap in &rules.lead_rings_max {
            in_range("a number of rings", cap.rings, 1, RINGS_MAX)?;
            in_range("a number of days", cap.days, 2, ROLLING_DAYS_MAX)?;
        }
        if let Some(countries) = &rules.countries {
            in_range("the number of countries", countries.len(), 0, COUNTRIES_MAX)?;
        }
        if rules.countries.as_ref().is_some_and(BTreeSet::is_empty) {
            return Err(DialingRulesError::Empty("countries"));
        }
        let kinds = rules.phone_kinds.iter().flatten();
        if let Some(kind) = kinds.copied().find(|kind| !kind.may_be_called()) {
            return Err(DialingRulesError::NeverCalled(kind.described()));
        }
        if rules.phone_kinds.as_ref().is_some_and(BTreeSet::is_empty) {
            return Err(DialingRulesError::Empty("kinds of number"));
        }
        in_range("the seconds between two calls", rules.number_gap_seconds_min, 0, NUMBER_GAP_SECONDS_MAX)?;
        budget_in_range(rules.budget_per_day_max)?;
        Ok(Self(rules))
    }
}

impl From<OrganizationRules> for WrittenOrganizationRules {
    fn from(rules: OrganizationRules) -> Self {
        rules.0
    }
}

impl TryFrom<WrittenCampaignRules> for CampaignRules {
    type Error = DialingRulesError;

    fn try_from(rules: WrittenCampaignRules) -> Result<Self, Self::Error> {
        budget_in_range(rules.budget_per_day_max)?;
        if let Some(price) = rules.price_per_call {
            in_range("the price of a call", price.0, 1, PRICE_MAX.0)?;
        }
        Ok(Self(rules))
    }
}

impl From<CampaignRules> for WrittenCampaignRules {
    fn from(rules: CampaignRules) -> Self {
        rules.0
    }
}

fn budget_in_range(budget: Option<Money>) -> Result<(), DialingRulesError> {
    budget.map_or(Ok(()), |budget| in_range("the budget of a day", budget.0, 0, BUDGET_MAX.0))
}

/// Numbers of any integer type; one beyond `i64` is out of every range.
fn in_range<N: TryInto<i64>>(what: &'static str, value: N, min: N, max: N) -> Result<(), DialingRulesError> {
    let [value, min, max] = [value, min, max].map(|n| n.try_into().unwrap_or(i64::MAX));
    if (min..=max).contains(&value) { Ok(()) } else { Err(DialingRulesError::OutOfRange { what, value, min, max }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_name_nothing_limit_nothing() {
        let organization: OrganizationRules = serde_json::from_str("{}").unwrap();
        assert_eq!(organization, OrganizationRules::default());
        assert!(organization.lead_rings_max.is_empty() && organization.budget_per_day_max.is_none());
        let campaign: CampaignRules = serde_json::from_str("{}").unwrap();
        assert_eq!(campaign.numbers, NumberChoice::Rotating);
    }

    #[test]
    fn rules_are_read_as_they_are_written() {
        let json = r#"{"lead_rings_max":[{"rings":5,"days":7}],"countries":["CA","US"],"phone_kinds":["landline","mobile"],"budget_per_day_max":50000000,"number_gap_seconds_min":30,"warm_up":[{"from_day":0,"calls_per_day_max":20}]}"#;
        let rules: OrganizationRules = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&rules).unwrap(), json);
        let json = r#"{"numbers":"sticky","other_daypart":true,"budget_per_day_max":1000000,"price_per_call":150000}"#;
        let rules: CampaignRules = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&rules).unwrap(), json);
    }

    #[test]
    fn rules_out_of_bounds_are_refused_with_the_reason() {
        let check = |json: &str, expected: &str| {
            let error = serde_json::from_str::<OrganizationRules>(json).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        };
        check(r#"{"lead_rings_max":[{"rings":0,"days":7}]}"#, "a number of rings is 0, from 1 to 100 is possible");
        check(r#"{"lead_rings_max":[{"rings":5,"days":32}]}"#, "a number of days is 32, from 2 to 31 is possible");
        check(r#"{"countries":[]}"#, "a list of allowed countries that is empty allows nothing");
        check(r#"{"countries":["XX"]}"#, "\"XX\" is no country");
        check(r#"{"phone_kinds":["premium"]}"#, "a premium rate number is never called");
        check(r#"{"budget_per_day_max":-1}"#, "the budget of a day is -1, from 0 to 1000000000000 is possible");
        check(r#"{"number_gap_seconds_min":3601}"#, "the seconds between two calls is 3601");
        check(r#"{"warm_up":[]}"#, "a warm-up has 0 rungs");
        let error = serde_json::from_str::<CampaignRules>(r#"{"price_per_call":0}"#).unwrap_err().to_string();
        assert_eq!(error, "the price of a call is 0, from 1 to 100000000 is possible");
    }
}
