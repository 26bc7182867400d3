//! "Why is this not being called?": the answer as a page, as a card and as JSON.

use crate::domain::why::{Answer, Reader, Standing, table};
use crate::explain::{CampaignKey, Explained, LeadKey, NumberKey, Question, explain};
use crate::http::caller::Viewer;
use crate::http::error::PageError;
use crate::http::{App, context};
use crate::store::{self, TenantTx};
use axum::Json;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::json;
use ui::view::{FactGroup, Why, WhyPage, WhyStanding};

/// What is asked about: one of them, or the organization itself.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Phone with the country code, or id.
    lead: Option<String>,
    campaign: Option<String>,
    number: Option<String>,
    /// What if it were then.
    at: Option<String>,
}

/// `GET /o/{slug}/why`
pub(crate) async fn page(
    State(app): State<App>,
    caller: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, PageError> {
    let (question, at) = asked.read(&app)?;
    let tx = app.db.tenant(caller.organization.id).await?;
    let reader = reader(&caller);
    let explained = explain(&tx, &question, at, &reader).await?;
    drop(tx);
    let context = context::of_viewer(&app, &caller).await?;
    let view = WhyPage {
        title: title(&question).to_owned(),
        answer: drawn(&explained.answer, &reader),
        campaigns: explained.campaigns.iter().map(|(name, one)| (name.clone(), one.sentence.clone())).collect(),
        asked_at: at,
    };
    Ok(Html(ui::pages::why::page(&view, &context).into_string()))
}

/// `GET /o/{slug}/why.json`
pub(crate) async fn answer(
    State(app): State<App>,
    caller: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let (question, at) = asked.read(&app)?;
    let tx = app.db.tenant(caller.organization.id).await?;
    let reader = reader(&caller);
    let explained = explain(&tx, &question, at, &reader).await;
    told(explained.map(|explained| explained.to_json(&reader)))
}

/// Why, for a card on another page.
pub(crate) async fn card(
    tx: &TenantTx,
    caller: &Viewer,
    question: &Question,
    now: Timestamp,
) -> Result<Why, PageError> {
    let reader = reader(caller);
    let Explained { answer, campaigns: _ } = explain(tx, question, now, &reader).await?;
    Ok(drawn(&answer, &reader))
}

/// What a program asked about and is not there is said as JSON, too.
pub(super) fn told(value: store::Result<serde_json::Value>) -> Result<Response, PageError> {
    match value {
        Ok(value) => Ok(Json(value).into_response()),
        Err(store::Error::NotFound) => {
            let error =
                json!({ "error": { "code": "not_found", "message": "nothing with this id, phone or name is there" } });
            Ok((StatusCode::NOT_FOUND, Json(error)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn reader(caller: &Viewer) -> Reader {
    Reader { zone: context::zone_of(&caller.organization), sees_suppliers: caller.is_agency() }
}

impl Asked {
    fn read(&self, app: &App) -> Result<(Question, Timestamp), PageError> {
        let at = match &self.at {
            Some(at) => at.trim().parse().map_err(|_| PageError::Unreadable)?,
            None => app.clock.now(),
        };
        let question = match self {
            Self { lead: Some(lead), .. } => Question::Lead(LeadKey::read(lead).ok_or(PageError::Unreadable)?),
            Self { campaign: Some(campaign), .. } => Question::Campaign(CampaignKey::read(campaign)),
            Self { number: Some(number), .. } => {
                Question::Number(NumberKey::read(number).ok_or(PageError::Unreadable)?)
            }
            Self { .. } => Question::Organization,
        };
        Ok((question, at))
    }
}

fn title(question: &Question) -> &'static str {
    match question {
        Question::Lead(_) => "Why is this lead not called?",
        Question::Campaign(_) => "Why does this campaign not call?",
        Question::Number(_) => "Why does this number not call?",
        Question::Organization => "Why are no calls made?",
    }
}

fn drawn(answer: &Answer, reader: &Reader) -> Why {
    let group = |group: &crate::domain::why::Group| FactGroup {
        title: group.title.to_owned(),
        rows: group.rows.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
    };
    let facts = answer.facts.as_ref().map(|facts| table(facts, reader)).unwrap_or_default();
    Why {
        standing: match answer.standing {
            Standing::UnderWay => WhyStanding::UnderWay,
            Standing::Due => WhyStanding::Due,
            Standing::Waits => WhyStanding::Waits,
            Standing::Blocked => WhyStanding::Blocked,
            Standing::Never => WhyStanding::Never,
        },
        sentence: answer.sentence.clone(),
        facts: facts.iter().map(group).collect(),
    }
}
