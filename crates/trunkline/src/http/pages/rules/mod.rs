//! An organization's rules of dialing, for the agency: who may be called how often, for how much, and how its numbers are used.

mod reading;

use crate::domain::dialing_rules::OrganizationRules;
use crate::domain::phone_number::PhoneKind;
use crate::http::caller::AgencyUser;
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::path_organization::PathOrganization;
use crate::http::{App, context, last_change};
use crate::store::dialing_settings::{self, SetBy};
use crate::store::organizations::OrganizationBrief;
use crate::store::{TenantTx, organization_turns};
use axum::Form;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use ui::view::{Choice, FieldError, RulesDraft, RulesForm};

/// `GET /organizations/{slug}/rules`
pub(crate) async fn form(
    State(app): State<App>,
    caller: AgencyUser,
    PathOrganization(organization): PathOrganization,
) -> Result<Response, PageError> {
    let tx = app.db.tenant(organization.id).await?;
    draw(&app, &caller, &tx, &organization, None).await
}

/// `POST /organizations/{slug}/rules`
pub(crate) async fn submit(
    State(app): State<App>,
    caller: AgencyUser,
    PathOrganization(organization): PathOrganization,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let draft: RulesDraft = pairs.into_iter().collect();
    let tx = app.db.tenant(organization.id).await?;
    organization_turns::lock(&tx).await?;
    let before = dialing_settings::organization_rules(&tx).await?;
    let rules = match reading::read(&draft, &before) {
        Ok(rules) => rules,
        Err(errors) => return draw(&app, &caller, &tx, &organization, Some((draft, errors))).await,
    };
    let by = SetBy { user: Some(caller.session.user.id), at: app.clock.now() };
    dialing_settings::set_organization_rules(&tx, &rules, by).await?;
    tx.commit().await?;
    tracing::info!(organization.id = %organization.id, user.id = %caller.session.user.id, "rules were set");
    Ok(Notice::RulesSet.then(&ui::url::rules(&organization.slug)))
}

/// The form as it is set, or as it was typed.
async fn draw(
    app: &App,
    caller: &AgencyUser,
    tx: &TenantTx,
    organization: &OrganizationBrief,
    typed: Option<(RulesDraft, Vec<FieldError>)>,
) -> Result<Response, PageError> {
    let set = reading::drawn(&dialing_settings::organization_rules(tx).await?);
    let change = dialing_settings::organization_change(tx).await?;
    let before = |rules: &OrganizationRules| Some(reading::drawn(rules).pairs());
    let last_change = last_change::drawn(change, &set.pairs(), before);
    let (draft, errors) = typed.unwrap_or_else(|| (set, Vec::new()));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let kind = |kind: PhoneKind| Choice { value: kind.as_str().to_owned(), label: capitalized(kind.described()) };
    let view = RulesForm {
        organization: context::name_of(organization),
        kinds: PhoneKind::ALL.iter().copied().filter(|kind| kind.may_be_called()).map(kind).collect(),
        draft,
        errors,
        last_change,
    };
    let context = context::of_agency(app, caller).await?;
    Ok((status, Html(ui::pages::rules::page(&view, &context).into_string())).into_response())
}

/// "A landline".
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
