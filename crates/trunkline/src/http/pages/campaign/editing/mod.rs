//! Changing a campaign while it runs: lines, priority, numbers, tries and hours; for the agency, money too.

mod reading;

use crate::domain::ids::CampaignId;
use crate::http::caller::{Manager, Viewer};
use crate::http::error::PageError;
use crate::http::last_change::{self, Pairs};
use crate::http::notice::Notice;
use crate::http::pages::number_choice;
use crate::http::path_id::PathId;
use crate::http::{App, context};
use crate::store::audit::{self, Entry};
use crate::store::campaign_terms::{self, Terms};
use crate::store::{TenantTx, campaigns, organization_turns, organizations, phone_numbers};
use axum::Form;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use serde_json::json;
use ui::view::{EditCampaign, FieldError, MoneyDraft, OperatorEditCampaign, TermsDraft};

const NUMBERS_MAX: i64 = 500;
const EDITED: &str = "campaign.edited";

/// What was typed, with its errors. Only the agency's form has the second part, and only the agency's is read.
struct Typed {
    terms: TermsDraft,
    money: MoneyDraft,
    errors: Vec<FieldError>,
}

/// `GET /o/{slug}/campaigns/{id}/edit`
pub(crate) async fn form(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<CampaignId>,
) -> Result<Response, PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    draw(&app, &caller, &tx, id, None).await
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
    let (draft, money): (TermsDraft, MoneyDraft) = (pairs.iter().cloned().collect(), pairs.into_iter().collect());
    let tx = app.db.tenant(caller.organization.id).await?;
    organization_turns::lock(&tx).await?;
    let campaign = campaigns::lock(&tx, id).await?;
    if campaign.status.is_final() {
        return Ok(Notice::CampaignChangedMeanwhile.then(&address));
    }
    let before = campaign_terms::get(&tx, id).await?;
    let lines_max = organizations::get(&tx).await?.limits.lines_max;
    let offered = phone_numbers::list(&tx, NUMBERS_MAX, now).await?;
    let sees_money = caller.is_agency().then_some(&money);
    let terms = match reading::read((&draft, sees_money), &before, lines_max, &offered) {
        Ok(terms) => terms,
        Err(errors) => return draw(&app, &caller, &tx, id, Some(Typed { terms: draft, money, errors })).await,
    };
    campaign_terms::set(&tx, id, &terms).await?;
    if terms.calling_hours != before.calling_hours {
        campaign_terms::forget_hours(&tx, Some(id), now).await?;
    }
    let detail = json!({ "name": campaign.name, "from": before, "to": terms });
    let entry = Entry { by: Some(by), action: EDITED, subject: subject(id), detail };
    audit::add(&tx, &entry, now).await?;
    organization_turns::wake(&tx, now).await?;
    tx.commit().await?;
    tracing::info!(campaign.id = %id, user.id = %by, "a campaign was edited");
    Ok(Notice::CampaignChanged.then(&address))
}

fn subject(id: CampaignId) -> String {
    format!("campaign/{id}")
}

/// The form as it is set, or as it was typed.
async fn draw(
    app: &App,
    caller: &Viewer,
    tx: &TenantTx,
    id: CampaignId,
    typed: Option<Typed>,
) -> Result<Response, PageError> {
    let set = campaign_terms::get(tx, id).await?;
    let change = audit::latest(tx, EDITED, &subject(id)).await?;
    let pairs = |terms: &Terms| pairs(terms, caller.is_agency());
    let last_change = last_change::drawn(change, &pairs(&set), |before: &Terms| {
        reading::can_go_back(&set.retry_plan, &before.retry_plan).then(|| pairs(before))
    });
    let typed = typed.unwrap_or_else(|| Typed {
        terms: reading::drawn(&set),
        money: reading::drawn_money(&set.rules),
        errors: Vec::new(),
    });
    let status = if typed.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let offered = phone_numbers::list(tx, NUMBERS_MAX, app.clock.now()).await?;
    let edit = EditCampaign {
        id: id.to_string(),
        name: campaign_terms::name(tx, id).await?,
        draft: typed.terms,
        numbers: offered.iter().map(number_choice::drawn).collect(),
        lines_max: organizations::get(tx).await?.limits.lines_max.unsigned_abs(),
        errors: typed.errors,
        last_change,
    };
    let context = context::of_viewer(app, caller).await?;
    let page = if caller.is_agency() {
        ui::pages::edit_campaign::agency(&OperatorEditCampaign { edit, money: typed.money }, &context)
    } else {
        ui::pages::edit_campaign::client(&edit, &context)
    };
    Ok((status, Html(page.into_string())).into_response())
}

/// As the form of an audience posts the terms.
fn pairs(terms: &Terms, is_agency: bool) -> Pairs {
    let mut pairs = reading::drawn(terms).pairs();
    if is_agency {
        pairs.extend(reading::drawn_money(&terms.rules).pairs());
    }
    pairs
}
