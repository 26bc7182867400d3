//! Why not: each reason with its word in tables and its words for people.

crate::domain::text_enum::text_enum! {
    /// Why not now.
    pub enum Deferral ("deferral") {
        OutsideCallingHours = "outside_calling_hours",
        LeadsDayIsEnding = "leads_day_is_ending",
        LeadCalledEnoughToday = "lead_called_enough_today",
        RangRecently = "rang_recently",
        PhoneIsBusy = "phone_is_busy",
        AgencyPaused = "agency_paused",
        OrganizationSuspended = "organization_suspended",
        CampaignNotRunning = "campaign_not_running",
        AgentResting = "agent_resting",
        OrganizationCalledEnoughToday = "organization_called_enough_today",
        OrganizationLinesInUse = "organization_lines_in_use",
        CampaignLinesInUse = "campaign_lines_in_use",
        AgentLinesInUse = "agent_lines_in_use",
        NumbersCalledEnoughToday = "numbers_called_enough_today",
        NoUsableNumber = "no_usable_number",
        AccountPaused = "account_paused",
        RequestsPerMinute = "requests_per_minute",
        NoFreeLine = "no_free_line",
    }
}

crate::domain::text_enum::text_enum! {
    /// Why never, in this campaign.
    pub enum Exclusion ("exclusion") {
        DoNotCall = "do_not_call",
        NumberNotAllowed = "number_not_allowed",
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
            | Self::LeadCalledEnoughToday
            | Self::RangRecently
            | Self::PhoneIsBusy => Scope::Lead,
            Self::CampaignNotRunning
            | Self::AgentResting
            | Self::CampaignLinesInUse
            | Self::AgentLinesInUse
            | Self::NumbersCalledEnoughToday
            | Self::NoUsableNumber
            | Self::AccountPaused
            | Self::RequestsPerMinute
            | Self::NoFreeLine => Scope::Campaign,
            Self::AgencyPaused
            | Self::OrganizationSuspended
            | Self::OrganizationCalledEnoughToday
            | Self::OrganizationLinesInUse => Scope::Organization,
        }
    }

    /// For people: completes "not called because …".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::OutsideCallingHours => "it is outside calling hours where the lead is",
            Self::LeadsDayIsEnding => "the lead's day is about to end, and a call that waits would ring on the next",
            Self::LeadCalledEnoughToday => "the lead was called as often as is allowed in a day",
            Self::RangRecently => "the phone rang only a short while ago",
            Self::PhoneIsBusy => "another call to this phone is under way",
            Self::AgencyPaused => "dialing is paused by the agency",
            Self::OrganizationSuspended => "the organization is suspended",
            Self::CampaignNotRunning => "the campaign is not running",
            Self::AgentResting => "the agent is resting",
            Self::OrganizationCalledEnoughToday => "the organization has used up its calls of today",
            Self::OrganizationLinesInUse => "all lines of the organization are in use",
            Self::CampaignLinesInUse => "all lines of the campaign are in use",
            Self::AgentLinesInUse => "all lines of the agent are in use",
            Self::NumbersCalledEnoughToday => "every number has made its calls of today",
            Self::NoUsableNumber => "no number can be used: each is resting, dead, or at an account without the agent",
            Self::AccountPaused => "the provider account is paused",
            Self::RequestsPerMinute => "the provider account has used up its requests of this minute",
            Self::NoFreeLine => "all lines of the provider's pool are in use",
        }
    }
}

impl Exclusion {
    /// For people: completes "never called because …".
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::DoNotCall => "the phone is on a do-not-call list",
            Self::NumberNotAllowed => "numbers of this kind are not called",
            Self::NeverOpen => "there is no hour at which this lead may be called",
        }
    }
}
