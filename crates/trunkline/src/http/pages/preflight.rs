//! A campaign before it starts: who would be called and who would not, as a page, as a card for the campaign's page, and as
//! JSON.

use super::why::told;
use crate::domain::ids::CampaignId;
use crate::domain::preflight::Skipped;
use crate::domain::status::CampaignStatus;
use crate::explain::{CampaignKey, Flight, preflight};
use crate::http::caller::Viewer;
use crate::http::error::PageError;
use crate::http::path_id::PathId;
use crate::http::{App, context};
use axum::extract::State;
use axum::response::{Html, Response};
use ui::view::{CallsPerDay, Named, Preflight, SkippedLeads};

/// `GET /o/{slug}/campaigns/{id}/preflight`: the card alone, if a page that is open asks for it.
pub(crate) async fn page(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<CampaignId>,
) -> Result<Html<String>, PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    let view = drawn(preflight(&tx, &CampaignKey::Id(id), app.clock.now()).await?);
    drop(tx);
    let context = context::of_viewer(&app, &caller).await?;
    let markup = if caller.asked.is_htmx {
        ui::pages::preflight::card(&view, &context)
    } else {
        ui::pages::preflight::page(&view, &context)
    };
    Ok(Html(markup.into_string()))
}

/// `GET /o/{slug}/campaigns/{id}/preflight.json`
pub(crate) async fn json(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<CampaignId>,
) -> Result<Response, PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    let flight = preflight(&tx, &CampaignKey::Id(id), app.clock.now()).await;
    told(flight.map(|flight| flight.to_json()))
}

fn drawn(flight: Flight) -> Preflight {
    let Flight { campaign, at, preflight, is_whole } = flight;
    let skipped = |(because, skipped): (&_, &Skipped)| SkippedLeads {
        because: crate::domain::dispatch_policy::Exclusion::in_words(*because).to_owned(),
        leads: skipped.leads,
        sample: skipped.sample.iter().map(|lead| Named { id: lead.id.to_string(), name: lead.who.clone() }).collect(),
    };
    Preflight {
        campaign: Named { id: campaign.id.to_string(), name: campaign.name },
        has_begun: !matches!(campaign.status, CampaignStatus::Draft | CampaignStatus::Scheduled),
        at,
        leads: preflight.leads,
        callable: preflight.callable(),
        waiting_leads: preflight.waiting_leads(),
        skipped: preflight.skipped.iter().map(skipped).collect(),
        waiting: preflight.waiting.iter().map(|(because, leads)| (because.in_words().to_owned(), *leads)).collect(),
        first_at: preflight.first_at,
        calls_per_day: preflight.calls_per_day.map(|per_day| CallsPerDay {
            of_organization: per_day.of_organization.unsigned_abs(),
            of_numbers: per_day.of_numbers.unsigned_abs(),
        }),
        days: preflight.days(),
        is_whole,
    }
}
