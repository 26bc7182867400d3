//! What limits the calls of an organization and of a campaign: whether they run, their lines, their day, their money.

use super::facts::BudgetFacts;
use super::{Decision, Deferral, Facts, RECHECK, defer};
use jiff::SignedDuration;

/// When to look again at what a person switches on again, who wakes all that waits for it.
const UNTIL_SWITCHED_ON: SignedDuration = SignedDuration::from_mins(10);

pub(super) fn limits(facts: &Facts<'_>) -> Option<Decision> {
    let (organization, campaign) = (&facts.organization, &facts.campaign);
    let (later, tomorrow) = (facts.now + RECHECK, organization.tomorrow_at);
    let has_no_money = |budget: &BudgetFacts| budget.is_used_up_by(campaign.price_per_call);
    let (until, because) = if !organization.agency_dials {
        (facts.now + UNTIL_SWITCHED_ON, Deferral::AgencyPaused)
    } else if !organization.is_active {
        (later, Deferral::OrganizationSuspended)
    } else if !campaign.is_running {
        (later, Deferral::CampaignNotRunning)
    } else if !campaign.agent_is_active {
        (later, Deferral::AgentResting)
    } else if organization.calls_today >= organization.calls_per_day_max {
        (tomorrow, Deferral::OrganizationCalledEnoughToday)
    } else if has_no_money(&organization.budget) {
        (tomorrow, Deferral::OrganizationBudgetSpent)
    } else if has_no_money(&campaign.budget) {
        (tomorrow, Deferral::CampaignBudgetSpent)
    } else if organization.lines_in_use >= organization.lines_max {
        (later, Deferral::OrganizationLinesInUse)
    } else if campaign.lines_in_use >= campaign.lines_max {
        (later, Deferral::CampaignLinesInUse)
    } else if campaign.agent_lines_in_use >= campaign.agent_lines_max {
        (later, Deferral::AgentLinesInUse)
    } else {
        return None;
    };
    Some(defer(until, because))
}
