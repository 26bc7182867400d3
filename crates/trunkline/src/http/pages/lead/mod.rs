//! One lead: why it is or is not called now, its campaigns, everything that was tried; and the do-not-call list.

mod story;
mod words;

use super::leads::row;
use super::why;
use crate::domain::ids::LeadId;
use crate::explain::{LeadKey, Question};
use crate::http::caller::{Manager, Viewer};
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::path_id::PathId;
use crate::http::{App, context};
use crate::store::audit::{self, Entry};
use crate::store::dnc::{self, DncEntry, DncSource};
use crate::store::{TenantTx, lead_detail, lead_list};
use axum::extract::State;
use axum::response::{Html, Response};
use serde_json::json;
use ui::view::{LeadDetail, LeadDnc};

/// The reason that stands in the list when a person puts a lead on it.
const BY_HAND: &str = "put on the list by hand";

/// `GET /o/{slug}/leads/{id}`
pub(crate) async fn page(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<LeadId>,
) -> Result<Html<String>, PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    let view = read(&tx, &caller, id, app.clock.now()).await?;
    drop(tx);
    let context = context::of_viewer(&app, &caller).await?;
    Ok(Html(ui::pages::lead::page(&view, &context).into_string()))
}

async fn read(tx: &TenantTx, caller: &Viewer, id: LeadId, now: jiff::Timestamp) -> Result<LeadDetail, PageError> {
    let lead = lead_list::one(tx, id).await?;
    let origin = lead_detail::origin(tx, id).await?;
    let enrollments = lead_detail::enrollments(tx, id).await?;
    let attempts = lead_detail::attempts(tx, id).await?;
    let calls = lead_detail::calls(tx, id).await?;
    let entry = dnc::of_phone(tx, &lead.phone).await?;
    let why = why::card(tx, caller, &Question::Lead(LeadKey::Id(id)), now).await?;
    Ok(LeadDetail {
        added_at: lead.created_at,
        source: origin.import.as_ref().map(|(file, _)| format!("Imported from {file}")),
        variables: story::variables(&origin),
        dnc: on_list(entry.as_ref()),
        why,
        timeline: story::timeline(&lead, &enrollments, &attempts, &calls, entry.as_ref()),
        enrollments: enrollments.iter().map(story::enrollment_row).collect(),
        row: row::for_client(&lead),
    })
}

fn on_list(entry: Option<&DncEntry>) -> LeadDnc {
    match entry {
        None => LeadDnc::No,
        Some(DncEntry { source: Some(_), .. }) => LeadDnc::OfOrganization,
        Some(DncEntry { source: None, .. }) => LeadDnc::OfAgency,
    }
}

/// `POST /o/{slug}/leads/{id}/dnc`: its phone is not called any more, from the next dispatch on.
pub(crate) async fn put_on_dnc(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<LeadId>,
) -> Result<Response, PageError> {
    change_dnc(&app, &caller, id, Change::Put).await
}

/// `POST /o/{slug}/leads/{id}/dnc/remove`
pub(crate) async fn take_off_dnc(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<LeadId>,
) -> Result<Response, PageError> {
    change_dnc(&app, &caller, id, Change::TakeOff).await
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Put,
    TakeOff,
}

/// Change and audit entry are one transaction; what is so already is left alone.
async fn change_dnc(app: &App, caller: &Viewer, id: LeadId, change: Change) -> Result<Response, PageError> {
    let now = app.clock.now();
    let tx = app.db.tenant(caller.organization.id).await?;
    let lead = lead_list::one(&tx, id).await?;
    let (changed, action, notice) = match change {
        Change::Put => {
            let added = dnc::add(&tx, &lead.phone, (BY_HAND, DncSource::Person), now).await?;
            (added, "lead.put_on_dnc", Notice::LeadOnDnc)
        }
        Change::TakeOff => (dnc::remove(&tx, &lead.phone).await?, "lead.taken_off_dnc", Notice::LeadOffDnc),
    };
    if changed {
        let by = Some(caller.session.user.id);
        audit::add(&tx, &Entry { by, action, subject: format!("lead/{id}"), detail: json!({}) }, now).await?;
    }
    tx.commit().await?;
    Ok(notice.then(&ui::url::lead(&caller.organization.slug, &id.to_string())))
}
