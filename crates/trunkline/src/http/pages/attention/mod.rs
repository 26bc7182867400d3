//! What only a person can settle: attempts of which nobody knows whether the phone rang, and calls that should not have been.

mod settling;

use crate::domain::status::AttemptState;
use crate::http::caller::{AgencyUser, Viewer};
use crate::http::error::PageError;
use crate::http::pages::calls::row::lead_name;
use crate::http::{App, context};
use crate::store::Reach;
use crate::store::attention::{self, Waiting};
use axum::extract::State;
use axum::response::Html;
use ui::view::{Attention, AttentionGroup, HeldAttempt, Incident, IncidentKind, OddAttempt, OrganizationName};

pub(crate) use settling::{acknowledge, count, look};

/// `GET /attention`
pub(crate) async fn agency(State(app): State<App>, caller: AgencyUser) -> Result<Html<String>, PageError> {
    let tx = app.db.agency().await?;
    let view = read(Reach::Agency(&tx)).await?;
    drop(tx);
    let context = context::of_agency(&app, &caller).await?;
    Ok(Html(ui::pages::attention::page(&view, &context).into_string()))
}

/// `GET /o/{slug}/attention`
pub(crate) async fn organization(State(app): State<App>, caller: Viewer) -> Result<Html<String>, PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    let view = read(Reach::Organization(&tx)).await?;
    drop(tx);
    let context = context::of_viewer(&app, &caller).await?;
    Ok(Html(ui::pages::attention::page(&view, &context).into_string()))
}

async fn read(reach: Reach<'_>) -> Result<Attention, PageError> {
    let (waiting, is_cut) = attention::list(reach).await?;
    let mut groups: Vec<AttentionGroup> = Vec::new();
    for one in waiting {
        let (slug, name) = one.organization.clone();
        if groups.last().is_none_or(|group| group.organization.slug != slug) {
            let organization = OrganizationName { slug, name };
            groups.push(AttentionGroup { organization, held: Vec::new(), incidents: Vec::new() });
        }
        if let Some(group) = groups.last_mut() {
            add(group, one);
        }
    }
    Ok(Attention { groups, is_cut })
}

fn add(group: &mut AttentionGroup, one: Waiting) {
    let (state, looks, looked_at, has_call) = (one.state, one.looks.unsigned_abs(), one.looked_at, one.has_call);
    let attempt = odd(one);
    match state {
        AttemptState::Conflict => group.incidents.push(Incident { attempt, kind: IncidentKind::Second }),
        AttemptState::AcceptedLate => group.incidents.push(Incident { attempt, kind: IncidentKind::Late }),
        _ => group.held.push(HeldAttempt { attempt, looks, looked_at, has_call }),
    }
}

fn odd(one: Waiting) -> OddAttempt {
    OddAttempt {
        id: one.id.to_string(),
        lead_id: one.lead.to_string(),
        lead: lead_name(Some(&one.lead_name), &one.phone),
        phone: one.phone,
        campaign_id: one.campaign.to_string(),
        campaign: one.campaign_name,
        sent_at: one.sending_at,
        because: one.because,
    }
}
