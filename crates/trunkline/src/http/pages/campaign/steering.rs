//! Pause, resume and stop. Forms post here; the answer is the campaign's page, which says what was done.

use crate::domain::ids::CampaignId;
use crate::domain::status::CampaignStatus;
use crate::http::App;
use crate::http::caller::{Manager, Viewer};
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::path_id::PathId;
use crate::store::campaigns::{LockedCampaign, StatusChange};
use crate::store::{TenantTx, audit, campaigns, organization_turns, settlements};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;

/// `POST /o/{slug}/campaigns/{id}/pause`: stops dialing; calls in progress go on.
pub(crate) async fn pause(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<CampaignId>,
) -> Result<Response, PageError> {
    steer(&app, &caller, id, CampaignStatus::Paused).await
}

/// `POST /o/{slug}/campaigns/{id}/resume`: goes on, or starts what has not started yet.
pub(crate) async fn resume(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<CampaignId>,
) -> Result<Response, PageError> {
    steer(&app, &caller, id, CampaignStatus::Running).await
}

/// `POST /o/{slug}/campaigns/{id}/stop`: ends it for good.
pub(crate) async fn stop(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<CampaignId>,
) -> Result<Response, PageError> {
    steer(&app, &caller, id, CampaignStatus::Stopped).await
}

async fn steer(app: &App, caller: &Viewer, id: CampaignId, to: CampaignStatus) -> Result<Response, PageError> {
    let now = app.clock.now();
    let tx = app.db.tenant(caller.organization.id).await?;
    // In the order of the dialer: the organization's lock first, then the campaign's.
    organization_turns::lock(&tx).await?;
    let campaign = campaigns::lock(&tx, id).await?;
    let from = campaign.status;
    if from.change_to(to).is_err() {
        drop(tx);
        return super::draw(app, caller, id, Some(Notice::CampaignChangedMeanwhile)).await;
    }
    let by = caller.session.user.id;
    let change = StatusChange { to, reason: None, by: Some(by), starts_at: None };
    campaigns::set_status(&tx, id, change, now).await?;
    follow_up(&tx, id, to, now).await?;
    audit::add(&tx, &entry(&campaign, to, by), now).await?;
    tx.commit().await?;
    tracing::info!(campaign.id = %id, %from, %to, user.id = %by, "a campaign was steered");
    Ok(notice(from, to).then(&ui::url::campaign(&caller.organization.slug, &id.to_string())))
}

async fn follow_up(tx: &TenantTx, id: CampaignId, to: CampaignStatus, now: Timestamp) -> Result<(), PageError> {
    match to {
        CampaignStatus::Running => {
            // Its last call may have ended while it was paused.
            settlements::complete_campaign(tx, id, now).await?;
            organization_turns::wake(tx, now).await?;
        }
        CampaignStatus::Stopped => {
            campaigns::cancel_what_is_left(tx, id, now).await?;
        }
        CampaignStatus::Paused | CampaignStatus::Draft | CampaignStatus::Scheduled | CampaignStatus::Completed => {}
    }
    Ok(())
}

fn entry(campaign: &LockedCampaign, to: CampaignStatus, by: crate::domain::ids::UserId) -> audit::Entry<'static> {
    audit::Entry {
        by: Some(by),
        action: match to {
            CampaignStatus::Running => "campaign.resumed",
            CampaignStatus::Paused => "campaign.paused",
            CampaignStatus::Stopped => "campaign.stopped",
            CampaignStatus::Draft | CampaignStatus::Scheduled | CampaignStatus::Completed => "campaign.changed",
        },
        subject: format!("campaign/{}", campaign.id),
        detail: serde_json::json!({ "name": campaign.name, "from": campaign.status, "to": to }),
    }
}

fn notice(from: CampaignStatus, to: CampaignStatus) -> Notice {
    match (from, to) {
        (_, CampaignStatus::Paused) => Notice::CampaignPaused,
        (_, CampaignStatus::Stopped) => Notice::CampaignStopped,
        (CampaignStatus::Paused, _) => Notice::CampaignResumed,
        (_, _) => Notice::CampaignStarted,
    }
}
