//! The agents of an organization: the list, the switch of each, and its lines, which are the agency's to set.

use crate::domain::ids::AgentId;
use crate::http::caller::{AgencyUser, Manager, Viewer};
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::path_id::PathId;
use crate::http::path_organization::PathOrganization;
use crate::http::posted::Posted;
use crate::http::{App, context, day, off};
use crate::store::agent_list::{self, ListedAgent};
use crate::store::audit::{self, Entry};
use crate::store::switches::{self, By};
use crate::store::{limits, organization_turns, send_gate};
use axum::Form;
use axum::extract::State;
use axum::response::{Html, Response};
use serde_json::json;
use ui::view::{AgentControl, Agents, DeployedAt};

/// `GET /o/{slug}/agents`
pub(crate) async fn page(State(app): State<App>, caller: Viewer) -> Result<Html<String>, PageError> {
    let context = context::of_viewer(&app, &caller).await?;
    let today = day::began_at(app.clock.now(), &context.zone);
    let tx = app.db.tenant(caller.organization.id).await?;
    let listed = agent_list::list(&tx, today).await?;
    let organization = context::name_of(&caller.organization);
    let page = if caller.is_agency() {
        let rows = listed.into_iter().map(|agent| (drawn(&agent), DeployedAt(agent.accounts))).collect();
        ui::pages::agents::agency(&Agents { rows }, &organization, &context)
    } else {
        let rows = listed.iter().map(|agent| (drawn(agent), ())).collect();
        ui::pages::agents::client(&Agents { rows }, &organization, &context)
    };
    Ok(Html(page.into_string()))
}

fn drawn(agent: &ListedAgent) -> AgentControl {
    AgentControl {
        id: agent.id.to_string(),
        name: agent.name.clone(),
        off: agent.off.clone().map(off::drawn),
        calls_now: u32::try_from(agent.calls_now).unwrap_or(u32::MAX),
        lines_max: agent.lines_max.unsigned_abs(),
        calls_today: agent.calls_today,
        answered_today: agent.answered_today,
    }
}

/// `POST /o/{slug}/agents/{id}/pause`: none of its campaigns begins a new call.
pub(crate) async fn pause(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<AgentId>,
    Form(posted): Form<Posted>,
) -> Result<Response, PageError> {
    switch(&app, &caller, id, false, posted.because()).await?;
    send_gate::wait_for_sends(&app.db).await?;
    Ok(Notice::SwitchedOff.then(&ui::url::agents(&caller.organization.slug)))
}

/// `POST /o/{slug}/agents/{id}/resume`
pub(crate) async fn resume(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<AgentId>,
) -> Result<Response, PageError> {
    switch(&app, &caller, id, true, None).await?;
    Ok(Notice::SwitchedOn.then(&ui::url::agents(&caller.organization.slug)))
}

async fn switch(app: &App, caller: &Viewer, id: AgentId, is_on: bool, because: Option<&str>) -> Result<(), PageError> {
    let (now, user) = (app.clock.now(), caller.session.user.id);
    let tx = app.db.tenant(caller.organization.id).await?;
    organization_turns::lock(&tx).await?;
    let name = switches::agent(&tx, id, is_on, By { user: Some(user), because }, now).await?;
    let entry = Entry {
        by: Some(user),
        action: if is_on { "agent.resumed" } else { "agent.paused" },
        subject: format!("agent/{id}"),
        detail: json!({ "name": name, "because": because }),
    };
    audit::add(&tx, &entry, now).await?;
    if is_on {
        organization_turns::wake(&tx, now).await?;
    }
    tx.commit().await?;
    tracing::info!(agent.id = %id, user.id = %user, is_on, "an agent was switched");
    Ok(())
}

/// `POST /organizations/{slug}/agents/{id}/limits`: its lines.
pub(crate) async fn set_limit(
    State(app): State<App>,
    caller: AgencyUser,
    PathOrganization(organization): PathOrganization,
    PathId(id): PathId<AgentId>,
    Form(posted): Form<Posted>,
) -> Result<Response, PageError> {
    let page = ui::url::agents(&organization.slug);
    let Some(max) = posted.lines_max() else { return Ok(Notice::LimitWrong.then(&page)) };
    let (now, user) = (app.clock.now(), caller.session.user.id);
    let tx = app.db.tenant(organization.id).await?;
    organization_turns::lock(&tx).await?;
    let (name, from) = limits::set_agent_lines(&tx, id, max).await?;
    let detail = json!({ "name": name, "from": from, "to": max });
    audit::add(&tx, &Entry { by: Some(user), action: "limit.set", subject: format!("agent/{id}"), detail }, now)
        .await?;
    organization_turns::wake(&tx, now).await?;
    tx.commit().await?;
    Ok(Notice::LimitSet.then(&page))
}
