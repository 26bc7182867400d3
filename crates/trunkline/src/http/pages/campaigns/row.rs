//! A campaign of the store as a row of a page. For the agency and for a client these are two types.

use crate::domain::status::CampaignStatus;
use crate::store::campaign_list::{ListedCampaign, Standing};
use crate::store::campaign_progress::{self, CallCounts, CampaignKey, LeadCounts};
use crate::store::{Reach, Result};
use rust_decimal::Decimal;
use ui::view::{CampaignRow, CampaignState, OperatorCampaignRow, OrganizationName, Progress};

pub(crate) async fn for_operator(reach: Reach<'_>, listed: &[ListedCampaign]) -> Result<Vec<OperatorCampaignRow>> {
    let rows = rows(reach, listed).await?;
    let with_organization = |(campaign, (row, spend)): (&ListedCampaign, (CampaignRow, Decimal))| {
        let (slug, name) = campaign.organization_name.clone();
        OperatorCampaignRow { campaign: row, organization: OrganizationName { slug, name }, spend }
    };
    Ok(listed.iter().zip(rows).map(with_organization).collect())
}

pub(crate) async fn for_client(reach: Reach<'_>, listed: &[ListedCampaign]) -> Result<Vec<CampaignRow>> {
    Ok(rows(reach, listed).await?.into_iter().map(|(row, _)| row).collect())
}

async fn rows(reach: Reach<'_>, listed: &[ListedCampaign]) -> Result<Vec<(CampaignRow, Decimal)>> {
    let keys: Vec<CampaignKey> = listed.iter().map(|campaign| (campaign.organization, campaign.id)).collect();
    let (leads, calls, lines) = tokio::try_join!(
        campaign_progress::leads(reach, &keys),
        campaign_progress::calls(reach, &keys),
        campaign_progress::lines(reach, &keys),
    )?;
    let row = |campaign: &ListedCampaign| {
        let leads = leads.get(&campaign.id).copied().unwrap_or_default();
        let calls = calls.get(&campaign.id).copied().unwrap_or_default();
        let lines = lines.get(&campaign.id).copied().unwrap_or_default();
        let row = CampaignRow {
            id: campaign.id.to_string(),
            name: campaign.name.clone(),
            state: state(&campaign.standing),
            agent: campaign.agent.clone(),
            progress: progress(&leads, &calls),
            lines_in_use: u32::try_from(lines).unwrap_or(u32::MAX),
            calls: calls.ended,
            answered: calls.answered,
        };
        (row, calls.spend)
    };
    Ok(listed.iter().map(row).collect())
}

pub(crate) fn state(standing: &Standing) -> CampaignState {
    let Standing { status, since, by, starts_at } = standing.clone();
    match status {
        CampaignStatus::Draft => CampaignState::Draft,
        CampaignStatus::Scheduled => CampaignState::Scheduled { starts_at: starts_at.unwrap_or(since) },
        CampaignStatus::Running => CampaignState::Running,
        CampaignStatus::Paused => CampaignState::Paused { by, at: since },
        CampaignStatus::Stopped => CampaignState::Stopped { by, at: since },
        CampaignStatus::Completed => CampaignState::Done { at: since },
    }
}

/// A lead may have met the goal in one call and be reached in another; those whose goal was met are not counted twice.
pub(crate) fn progress(leads: &LeadCounts, calls: &CallCounts) -> Progress {
    let LeadCounts { leads, reached, voicemail, no_answer, failed, excluded, on_the_line, to_retry, not_called } =
        *leads;
    let goals_met = calls.leads_with_goal.min(reached);
    Progress {
        leads,
        goals_met,
        answered: reached - goals_met,
        voicemail,
        no_answer,
        failed,
        excluded,
        on_the_line,
        to_retry,
        not_called,
    }
}
