//! What an organization may do at most, and its switch, for the agency.

mod reading;

use crate::domain::time_zone;
use crate::http::caller::AgencyUser;
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::path_organization::PathOrganization;
use crate::http::posted::Posted;
use crate::http::{App, context, last_change, off};
use crate::store::audit::{self, Entry};
use crate::store::organizations::{self, OrganizationBrief, OrganizationLimits};
use crate::store::switches::{self, By};
use crate::store::{self, TenantTx, campaign_terms, day_totals, limits, organization_turns, overview};
use axum::Form;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ui::view::{FieldError, LimitsDraft, OrganizationLimitsForm};

const LIMITS_SET: &str = "limits.set";

/// `GET /organizations/{slug}/limits`
pub(crate) async fn form(
    State(app): State<App>,
    caller: AgencyUser,
    PathOrganization(organization): PathOrganization,
) -> Result<Response, PageError> {
    let tx = app.db.tenant(organization.id).await?;
    draw(&app, &caller, &tx, &organization, None).await
}

/// `POST /organizations/{slug}/limits`
pub(crate) async fn submit(
    State(app): State<App>,
    caller: AgencyUser,
    PathOrganization(organization): PathOrganization,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let now = app.clock.now();
    let draft: LimitsDraft = pairs.into_iter().collect();
    let tx = app.db.tenant(organization.id).await?;
    organization_turns::lock(&tx).await?;
    let before = Set::read(&tx).await?;
    let (limits, weight) = match reading::read(&draft, &before.limits) {
        Ok(wanted) => wanted,
        Err(errors) => return draw(&app, &caller, &tx, &organization, Some((draft, errors))).await,
    };
    let wanted = Set { limits, weight };
    organizations::set_limits(&tx, &wanted.limits).await?;
    limits::set_weight(&tx, weight).await?;
    if wanted.limits.calling_hours != before.limits.calling_hours {
        campaign_terms::forget_hours(&tx, None, now).await?;
    }
    let entry = Entry {
        by: Some(caller.session.user.id),
        action: LIMITS_SET,
        subject: subject(&tx),
        detail: json!({ "from": before, "to": wanted }),
    };
    audit::add(&tx, &entry, now).await?;
    organization_turns::wake(&tx, now).await?;
    tx.commit().await?;
    tracing::info!(organization.id = %organization.id, user.id = %caller.session.user.id, "limits were set");
    Ok(Notice::LimitSet.then(&ui::url::limits(&organization.slug)))
}

/// All that the form sets, as an entry of the audit holds it.
#[derive(Debug, Serialize, Deserialize)]
struct Set {
    #[serde(flatten)]
    limits: OrganizationLimits,
    weight: i32,
}

impl Set {
    async fn read(tx: &TenantTx) -> store::Result<Self> {
        Ok(Self { limits: organizations::get(tx).await?.limits, weight: limits::weight(tx).await? })
    }

    fn drawn(&self) -> LimitsDraft {
        reading::drawn(&self.limits, self.weight)
    }
}

fn subject(tx: &TenantTx) -> String {
    format!("organization/{}", tx.organization)
}

/// `POST /organizations/{slug}/suspend`: nobody is called for it any more.
pub(crate) async fn suspend(
    State(app): State<App>,
    caller: AgencyUser,
    PathOrganization(organization): PathOrganization,
    Form(posted): Form<Posted>,
) -> Result<Response, PageError> {
    switch(&app, &caller, &organization, false, posted.because()).await?;
    Ok(Notice::SwitchedOff.then(&ui::url::limits(&organization.slug)))
}

/// `POST /organizations/{slug}/restore`
pub(crate) async fn restore(
    State(app): State<App>,
    caller: AgencyUser,
    PathOrganization(organization): PathOrganization,
) -> Result<Response, PageError> {
    switch(&app, &caller, &organization, true, None).await?;
    Ok(Notice::SwitchedOn.then(&ui::url::limits(&organization.slug)))
}

async fn switch(
    app: &App,
    caller: &AgencyUser,
    organization: &OrganizationBrief,
    is_on: bool,
    because: Option<&str>,
) -> Result<(), PageError> {
    let by = By { user: Some(caller.session.user.id), because };
    switches::organization(&app.db, organization.id, is_on, by, app.clock.now()).await?;
    tracing::warn!(organization.id = %organization.id, user.id = %caller.session.user.id, is_on, "an organization was switched");
    Ok(())
}

/// The form as it is set, or as it was typed.
async fn draw(
    app: &App,
    caller: &AgencyUser,
    tx: &TenantTx,
    organization: &OrganizationBrief,
    typed: Option<(LimitsDraft, Vec<FieldError>)>,
) -> Result<Response, PageError> {
    let set = Set::read(tx).await?.drawn();
    let change = audit::latest(tx, LIMITS_SET, &subject(tx)).await?;
    let last_change = last_change::drawn(change, &set.pairs(), |before: &Set| Some(before.drawn().pairs()));
    let (draft, errors) = typed.unwrap_or_else(|| (set, Vec::new()));
    let today = time_zone::local_day(app.clock.now(), &context::zone_of(organization));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = OrganizationLimitsForm {
        organization: context::name_of(organization),
        off: switches::organization_off(tx).await?.map(off::drawn),
        draft,
        errors,
        last_change,
        calls_today: day_totals::of_organization(tx, today).await?.calls.unsigned_abs(),
        lines_in_use: u32::try_from(overview::organization_now(tx).await?.lines_in_use).unwrap_or(u32::MAX),
    };
    let context = context::of_agency(app, caller).await?;
    Ok((status, Html(ui::pages::limits::page(&view, &context).into_string())).into_response())
}
