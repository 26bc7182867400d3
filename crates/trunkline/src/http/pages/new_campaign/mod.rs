//! Making a campaign: the form, and what is posted by it. The form's key is the campaign's id to be, so a form that is
//! posted twice makes one campaign.

mod reading;

use crate::domain::ids::{CampaignId, UserId};
use crate::domain::status::CampaignStatus;
use crate::http::caller::{Manager, Viewer};
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::pages::number_choice;
use crate::http::{App, context};
use crate::store::campaigns::{NewCampaign, StatusChange};
use crate::store::{
    self, TenantTx, agents, audit, campaigns, lead_groups, organization_turns, organizations, phone_numbers,
};
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use http::StatusCode;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reading::{Begin, Offer, Wanted};
use ui::view::{CampaignDraft, Choice, FieldError, LeadGroup};

/// Agents, numbers and imports that the form offers.
const AGENTS_MAX: i64 = 200;
const NUMBERS_MAX: i64 = 500;
const IMPORTS_MAX: i64 = 20;
/// Lines of a new campaign unless more are asked for.
const LINES_USUAL: i32 = 5;

/// What the address may choose beforehand.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    /// The value of one of the groups: an import has just been done.
    leads: String,
}

/// `GET /o/{slug}/campaigns/new`
pub(crate) async fn form(
    State(app): State<App>,
    Manager(caller): Manager,
    Query(chosen): Query<Chosen>,
) -> Result<Response, PageError> {
    let (now, zone) = (app.clock.now(), context::zone_of(&caller.organization));
    let offer = offer(&app.db.tenant(caller.organization.id).await?, &zone, now).await?;
    let mut draft = usual(&offer);
    if offer.groups.iter().any(|group| group.value == chosen.leads) {
        draft.leads = chosen.leads;
    }
    draw(&app, &caller, offer, draft, Vec::new()).await
}

/// `POST /o/{slug}/campaigns/new`
pub(crate) async fn submit(
    State(app): State<App>,
    Manager(caller): Manager,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let (now, zone) = (app.clock.now(), context::zone_of(&caller.organization));
    let draft: CampaignDraft = pairs.into_iter().collect();
    let tx = app.db.tenant(caller.organization.id).await?;
    let offer = offer(&tx, &zone, now).await?;
    let id: CampaignId = draft.form_key.parse().unwrap_or_default();
    let wanted = match reading::read(&draft, &offer, &zone, now) {
        Ok(wanted) => wanted,
        Err(errors) => {
            drop(tx);
            return draw(&app, &caller, offer, draft, errors).await;
        }
    };
    let begin = wanted.begin;
    let address = ui::url::campaign(&caller.organization.slug, &id.to_string());
    match make(&tx, id, wanted, caller.session.user.id, now).await {
        Ok(()) => tx.commit().await?,
        // The same form, posted before.
        Err(store::Error::Conflict(constraint)) if constraint == "campaigns_pkey" => {
            return Ok(Redirect::to(&address).into_response());
        }
        Err(error) => return Err(error.into()),
    }
    tracing::info!(campaign.id = %id, user.id = %caller.session.user.id, "a campaign was made");
    let notice = match begin {
        Begin::Now => Notice::CampaignStarted,
        Begin::At(_) => Notice::CampaignScheduled,
        Begin::Later => Notice::CampaignMade,
    };
    Ok(notice.then(&address))
}

async fn make(tx: &TenantTx, id: CampaignId, wanted: Wanted, by: UserId, now: Timestamp) -> store::Result<()> {
    let Wanted { name, leads, agent, numbers, calling_hours, retry_plan, lines_max, calls_per_lead_and_day_max, begin } =
        wanted;
    organization_turns::lock(tx).await?;
    let campaign = NewCampaign {
        id,
        name,
        agent,
        priority: 100,
        calling_hours,
        retry_plan,
        calls_per_lead_and_day_max,
        lines_max,
        numbers,
        created_by: Some(by),
    };
    campaigns::create(tx, &campaign, now).await?;
    let enrolled = campaigns::enroll(tx, id, &leads, now).await?;
    let change = |to, starts_at| StatusChange { to, reason: None, by: Some(by), starts_at };
    match begin {
        Begin::Now => {
            campaigns::set_status(tx, id, change(CampaignStatus::Running, None), now).await?;
            organization_turns::wake(tx, now).await?;
        }
        Begin::At(at) => {
            campaigns::set_status(tx, id, change(CampaignStatus::Scheduled, Some(at)), now).await?;
        }
        Begin::Later => {}
    }
    let detail = serde_json::json!({ "name": campaign.name, "leads": enrolled });
    let entry = audit::Entry { by: Some(by), action: "campaign.created", subject: format!("campaign/{id}"), detail };
    audit::add(tx, &entry, now).await
}

async fn offer(tx: &TenantTx, zone: &TimeZone, now: Timestamp) -> store::Result<Offer> {
    let organization = organizations::get(tx).await?;
    let agents = agents::list(tx, AGENTS_MAX).await?;
    let numbers = phone_numbers::list(tx, NUMBERS_MAX, now).await?;
    let all =
        LeadGroup { value: "all".to_owned(), label: "All leads".to_owned(), leads: lead_groups::count_all(tx).await? };
    let imported = lead_groups::imported(tx, IMPORTS_MAX).await?;
    let group = |import: &lead_groups::ImportedGroup| LeadGroup {
        value: import.import.to_string(),
        label: format!("Imported {}: {}", ui::format::when(import.at, now, zone), import.file_name),
        leads: import.leads,
    };
    Ok(Offer {
        groups: std::iter::once(all).chain(imported.iter().map(group)).collect(),
        agents: agents.into_iter().filter(|agent| agent.is_active).collect(),
        numbers,
        lines_max: organization.limits.lines_max,
        calls_per_lead_and_day_max: organization.limits.calls_per_lead_and_day_max,
    })
}

/// What most campaigns are like.
fn usual(offer: &Offer) -> CampaignDraft {
    let usable = offer.numbers.iter().filter(|number| number.is_usable);
    CampaignDraft {
        leads: "all".to_owned(),
        agent: offer.agents.first().map(|agent| agent.id.to_string()).unwrap_or_default(),
        numbers: usable.map(|number| number.id.to_string()).collect(),
        days: ["mon", "tue", "wed", "thu", "fri"].map(str::to_owned).to_vec(),
        opens: "09:00".to_owned(),
        closes: "18:00".to_owned(),
        attempts_max: "4".to_owned(),
        retry_after_minutes: "120".to_owned(),
        lines_max: LINES_USUAL.min(offer.lines_max).to_string(),
        start: "now".to_owned(),
        form_key: CampaignId::new().to_string(),
        ..CampaignDraft::default()
    }
}

async fn draw(
    app: &App,
    caller: &Viewer,
    offer: Offer,
    draft: CampaignDraft,
    errors: Vec<FieldError>,
) -> Result<Response, PageError> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = ui::view::NewCampaign {
        form_key: draft.form_key.clone(),
        draft,
        numbers: offer.numbers.iter().map(number_choice::drawn).collect(),
        agents: offer
            .agents
            .iter()
            .map(|agent| Choice { value: agent.id.to_string(), label: agent.name.clone() })
            .collect(),
        groups: offer.groups,
        lines_max: offer.lines_max.unsigned_abs(),
        errors,
    };
    let context = context::of_viewer(app, caller).await?;
    Ok((status, Html(ui::pages::new_campaign::page(&view, &context).into_string())).into_response())
}
