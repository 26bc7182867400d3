//! Changing a campaign while it runs: lines, priority, numbers, tries and hours.

use crate::domain::ids::{CampaignId, PhoneNumberId};
use crate::domain::retry_policy::{Delays, RetryPlan, WrittenPlan};
use crate::http::caller::{Manager, Viewer};
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::pages::{written_hours, written_number};
use crate::http::path_id::PathId;
use crate::http::{App, context};
use crate::store::audit::{self, Entry};
use crate::store::campaign_terms::{self, Terms};
use crate::store::phone_numbers::{self, PhoneNumber};
use crate::store::{TenantTx, campaigns, organization_turns, organizations};
use axum::Form;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use serde_json::json;
use ui::view::{Choice, EditCampaign, FieldError, TermsDraft};

const NUMBERS_MAX: i64 = 500;
const PRIORITY_MAX: u32 = 1_000;
const CALLS_PER_LEAD_MAX: u32 = 10;
const ATTEMPTS_MAX: u32 = 30;
const RETRY_MINUTES_MAX: u32 = 7 * 24 * 60;

/// `GET /o/{slug}/campaigns/{id}/edit`
pub(crate) async fn form(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<CampaignId>,
) -> Result<Response, PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    let draft = drawn(&campaign_terms::get(&tx, id).await?);
    draw(&app, &caller, &tx, id, (draft, Vec::new())).await
}

/// `POST /o/{slug}/campaigns/{id}/edit`
pub(crate) async fn submit(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<CampaignId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let (now, by) = (app.clock.now(), caller.session.user.id);
    let address = ui::url::campaign(&caller.organization.slug, &id.to_string());
    let draft: TermsDraft = pairs.into_iter().collect();
    let tx = app.db.tenant(caller.organization.id).await?;
    organization_turns::lock(&tx).await?;
    let campaign = campaigns::lock(&tx, id).await?;
    if campaign.status.is_final() {
        return Ok(Notice::CampaignChangedMeanwhile.then(&address));
    }
    let before = campaign_terms::get(&tx, id).await?;
    let lines_max = organizations::get(&tx).await?.limits.lines_max;
    let offered = phone_numbers::list(&tx, NUMBERS_MAX, now).await?;
    let terms = match read(&draft, &before, lines_max, &offered) {
        Ok(terms) => terms,
        Err(errors) => return draw(&app, &caller, &tx, id, (draft, errors)).await,
    };
    campaign_terms::set(&tx, id, &terms).await?;
    if terms.calling_hours != before.calling_hours {
        campaign_terms::forget_hours(&tx, Some(id), now).await?;
    }
    let detail = json!({ "name": campaign.name, "from": told(&before), "to": told(&terms) });
    let entry = Entry { by: Some(by), action: "campaign.edited", subject: format!("campaign/{id}"), detail };
    audit::add(&tx, &entry, now).await?;
    organization_turns::wake(&tx, now).await?;
    tx.commit().await?;
    tracing::info!(campaign.id = %id, user.id = %by, "a campaign was edited");
    Ok(Notice::CampaignChanged.then(&address))
}

fn told(terms: &Terms) -> serde_json::Value {
    json!({
        "lines_max": terms.lines_max,
        "priority": terms.priority,
        "calling_hours": terms.calling_hours,
        "retry_plan": terms.retry_plan,
        "calls_per_lead_and_day_max": terms.calls_per_lead_and_day_max,
        "numbers": terms.numbers,
    })
}

fn drawn(terms: &Terms) -> TermsDraft {
    TermsDraft {
        lines_max: terms.lines_max.to_string(),
        priority: terms.priority.to_string(),
        calls_per_lead_and_day_max: terms.calls_per_lead_and_day_max.to_string(),
        attempts_max: terms.retry_plan.attempts_max().to_string(),
        retry_after_minutes: String::new(),
        numbers: terms.numbers.iter().map(ToString::to_string).collect(),
        hours: written_hours::drawn(&terms.calling_hours),
    }
}

fn read(draft: &TermsDraft, before: &Terms, lines_max: i32, offered: &[PhoneNumber]) -> Result<Terms, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut terms = before.clone();
    let mut number = |field, text: &str, bounds| {
        written_number::read(field, text, bounds).map_err(|error| errors.push(error)).unwrap_or_default()
    };
    // A limit of the organization that was lowered since does not stand against other changes.
    let lines_most = lines_max.max(before.lines_max).unsigned_abs();
    terms.lines_max = number(("lines_max", "Lines"), &draft.lines_max, (1, lines_most));
    terms.priority = number(("priority", "Priority"), &draft.priority, (1, PRIORITY_MAX));
    let field = ("calls_per_lead_and_day_max", "Calls a lead and day");
    terms.calls_per_lead_and_day_max = number(field, &draft.calls_per_lead_and_day_max, (1, CALLS_PER_LEAD_MAX));
    let attempts_max = number(("attempts_max", "Attempts for each lead"), &draft.attempts_max, (1, ATTEMPTS_MAX));
    let minutes = (!draft.retry_after_minutes.trim().is_empty()).then(|| {
        let field = ("retry_after_minutes", "Minutes between attempts");
        number(field, &draft.retry_after_minutes, (1, RETRY_MINUTES_MAX)).unsigned_abs()
    });
    match numbers(draft, offered) {
        Ok(numbers) => terms.numbers = numbers,
        Err(error) => errors.push(error),
    }
    match written_hours::read(&draft.hours, &before.calling_hours) {
        Ok(hours) => terms.calling_hours = hours,
        Err(error) => errors.push(error),
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    terms.retry_plan = plan(&before.retry_plan, attempts_max.unsigned_abs(), minutes).map_err(|error| vec![error])?;
    Ok(terms)
}

/// The plan as it was, with another number of attempts and, if they are given, other delays.
fn plan(before: &RetryPlan, attempts_max: u32, minutes: Option<u32>) -> Result<RetryPlan, FieldError> {
    let mut written = WrittenPlan::from(before.clone());
    written.attempts_max = attempts_max;
    if let Some(minutes) = minutes {
        let delays = Some(Delays::Listed(vec![minutes]));
        (written.voicemail, written.no_answer) = (delays.clone(), delays);
    }
    RetryPlan::try_from(written)
        .map_err(|error| FieldError { field: "attempts_max".to_owned(), message: format!("This is no plan: {error}.") })
}

fn numbers(draft: &TermsDraft, offered: &[PhoneNumber]) -> Result<Vec<PhoneNumberId>, FieldError> {
    let is_chosen = |number: &&PhoneNumber| draft.numbers.contains(&number.id.to_string());
    let mut chosen: Vec<_> = offered.iter().filter(is_chosen).map(|number| number.id).collect();
    chosen.sort_unstable();
    if chosen.is_empty() {
        let message = "Choose at least one phone number to call from.".to_owned();
        return Err(FieldError { field: "numbers".to_owned(), message });
    }
    Ok(chosen)
}

async fn draw(
    app: &App,
    caller: &Viewer,
    tx: &TenantTx,
    id: CampaignId,
    typed: (TermsDraft, Vec<FieldError>),
) -> Result<Response, PageError> {
    let (draft, errors) = typed;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let number = |number: &PhoneNumber| {
        let phone = ui::format::phone(&number.number);
        let label = if number.label.is_empty() { phone } else { format!("{phone} ({})", number.label) };
        Choice { value: number.id.to_string(), label }
    };
    let offered = phone_numbers::list(tx, NUMBERS_MAX, app.clock.now()).await?;
    let view = EditCampaign {
        id: id.to_string(),
        name: campaign_terms::name(tx, id).await?,
        draft,
        numbers: offered.iter().map(number).collect(),
        lines_max: organizations::get(tx).await?.limits.lines_max.unsigned_abs(),
        errors,
    };
    let context = context::of_viewer(app, caller).await?;
    Ok((status, Html(ui::pages::edit_campaign::page(&view, &context).into_string())).into_response())
}
