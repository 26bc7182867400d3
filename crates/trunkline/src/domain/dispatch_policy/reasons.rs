//! Why not: each reason with its word in tables and its words for people.

crate::domain::text_enum::text_enum! {
    /// Why not now.
    pub enum Deferral ("deferral") {
        OutsideCallingHours = "outside_calling_hours",
        LeadsDayIsEnding = "leads_day_is_ending",
        PhoneIsHeld = "phone_is_held",
        CallBackLater = "call_back_later",
        LeadCalledEnoughToday = "lead_called_enough_today",
        LeadCalledEnoughLately = "lead_called_enough_lately",
        RangRecently = "rang_recently",
        SamePartOfDay = "same_part_of_day",
        PhoneIsBusy = "phone_is_busy",
        AgencyPaused = "agency_paused",
        OrganizationSuspended = "organization_suspended",
        CampaignNotRunning = "campaign_not_running",
        AgentResting = "agent_resting",
        OrganizationCalledEnoughToday = "organization_called_enough_today",
        OrganizationBudgetSpent = "organization_budget_spent",
        CampaignBudgetSpent = "campaign_budget_spent",
        OrganizationLinesInUse = "organization_lines_in_use",
        CampaignLinesInUse = "campaign_lines_in_use",
        AgentLinesInUse = "agent_lines_in_use",
        NumbersResting = "numbers_resting",
        NumbersCalledEnoughToday = "numbers_called_enough_today",
        NumbersWarmingUp = "numbers_warming_up",
        NumbersCalledEnoughThisHour = "numbers_called_enough_this_hour",
        NumbersPausing = "numbers_pausing",
        NoUsableNumber = "no_usable_number",
        AccountPaused = "account_paused",
        RequestsPerMinute = "requests_per_minute",
        RequestsPerSecond = "requests_per_second",
        NoFreeLine = "no_free_line",
        LinesKeptForOthers = "lines_kept_for_others",
    }
}

crate::domain::text_enum::text_enum! {
    /// Why never, in this campaign.
    pub enum Exclusion ("exclusion") {
        DoNotCall = "do_not_call",
        NumberNotAllowed = "number_not_allowed",
        KindNotAllowed = "kind_not_allowed",
        CountryNotAllowed = "country_not_allowed",
        NeverOpen = "never_open",
    }
}

/// How much else a deferral holds back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Lead,
    Campaign,
    Organization,
}

impl Deferral {
    pub fn scope(self) -> Scope {
        match self {
            Self::OutsideCallingHours
            | Self::LeadsDayIsEnding
            | Self::PhoneIsHeld
            | Self::CallBackLater
            | Self::LeadCalledEnoughToday
            | Self::LeadCalledEnoughLately
            | Self::RangRecently
            | Self::SamePartOfDay
            | Self::PhoneIsBusy => Scope::Lead,
            Self::CampaignNotRunning
            | Self::AgentResting
            // What is left of the budget may be enough for the calls of another campaign, which cost less.
            | Self::OrganizationBudgetSpent
            | Self::CampaignBudgetSpent
            | Self::CampaignLinesInUse
            | Self::AgentLinesInUse
            | Self::NumbersResting
            | Self::NumbersCalledEnoughToday
            | Self::NumbersWarmingUp
            | Self::NumbersCalledEnoughThisHour
            | Self::NumbersPausing
            | Self::NoUsableNumber
            | Self::AccountPaused
            | Self::RequestsPerMinute
            | Self::RequestsPerSecond
            | Self::NoFreeLine
            | Self::LinesKeptForOthers => Scope::Campaign,
            Self::AgencyPaused
            | Self::OrganizationSuspended
            | Self::OrganizationCalledEnoughToday
            | Self::OrganizationLinesInUse => Scope::Organization,
        }
    }

    /// Whether it ends when a line of the pool comes free.
    pub const fn wants_a_line(self) -> bool {
        matches!(self, Self::NoFreeLine | Self::LinesKeptForOthers)
    }

    /// Whether other organizations may have taken what is missing.
    pub const fn is_for_want_of_what_is_shared(self) -> bool {
        self.wants_a_line() || matches!(self, Self::RequestsPerMinute | Self::RequestsPerSecond)
    }

    /// For people: completes "not called because …".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::OutsideCallingHours => "it is outside calling hours where the lead is",
            Self::LeadsDayIsEnding => "the lead's day is about to end, and a call that waits would ring on the next",
            Self::PhoneIsHeld => {
                "one call too many was made to the phone, and it is left alone for the rest of that day"
            }
            Self::CallBackLater => "the lead asked to be called at a later time",
            Self::LeadCalledEnoughToday => "the lead was called as often as is allowed in a day",
            Self::LeadCalledEnoughLately => "the lead was called as often as is allowed in these days",
            Self::RangRecently => "the phone rang only a short while ago",
            Self::SamePartOfDay => "the lead is tried in another part of the day than the last time",
            Self::PhoneIsBusy => "another call to this phone is under way",
            Self::AgencyPaused => "dialing is paused by the agency",
            Self::OrganizationSuspended => "the organization is suspended",
            Self::CampaignNotRunning => "the campaign is not running",
            Self::AgentResting => "the agent is resting",
            Self::OrganizationCalledEnoughToday => "the organization has used up its calls of today",
            Self::OrganizationBudgetSpent => "the organization's budget of today has no room for another call",
            Self::CampaignBudgetSpent => "the campaign's budget of today has no room for another call",
            Self::OrganizationLinesInUse => "all lines of the organization are in use",
            Self::CampaignLinesInUse => "all lines of the campaign are in use",
            Self::AgentLinesInUse => "all lines of the agent are in use",
            Self::NumbersCalledEnoughToday => "every number has made its calls of today",
            Self::NumbersResting => "every number is resting",
            Self::NumbersWarmingUp => "every number has made its calls of today while it is being warmed up",
            Self::NumbersCalledEnoughThisHour => "every number has made its calls of this hour",
            Self::NumbersPausing => "every number pauses for a moment between two calls",
            Self::NoUsableNumber => "no number can be used: each is dead, or at an account without the agent",
            Self::AccountPaused => "the provider account is paused",
            Self::RequestsPerMinute => "the provider account has used up its requests of this minute",
            Self::RequestsPerSecond => "the provider account has used up its requests of this second",
            Self::LinesKeptForOthers => "the free lines are kept for incoming calls or promised to others",
            Self::NoFreeLine => "all lines of the provider's pool are in use",
        }
    }
}

impl Deferral {
    /// What a client's people read instead, who are told of no supplier and of no money: its word, and what completes "not
    /// called because …". `None`: the reason is their own.
    pub const fn for_clients(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::AccountPaused => Some(("phone_lines", "the phone lines are not available at the moment")),
            Self::NoFreeLine | Self::LinesKeptForOthers | Self::RequestsPerMinute | Self::RequestsPerSecond => {
                Some(("phone_lines", "every phone line is taken at the moment"))
            }
            Self::OrganizationBudgetSpent => {
                Some(("daily_limit", "the organization has made the calls that were agreed on for today"))
            }
            Self::CampaignBudgetSpent => {
                Some(("daily_limit", "the campaign has made the calls that were agreed on for today"))
            }
            _ => None,
        }
    }
}

impl Exclusion {
    /// For people: completes "never called because …".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::DoNotCall => "the phone is on a do-not-call list",
            Self::NumberNotAllowed => "numbers of this kind are not called",
            Self::KindNotAllowed => "the organization does not call numbers of this kind",
            Self::CountryNotAllowed => "the organization does not call this country",
            Self::NeverOpen => "there is no hour at which this lead may be called",
        }
    }
}
