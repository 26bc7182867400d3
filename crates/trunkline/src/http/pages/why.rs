//! "Why is this not being called?": the answer as a page, as a card and as JSON.

use crate::domain::why::{Reader, Standing, table};
use crate::explain::{CampaignKey, Explained, InCampaign, LeadKey, NumberKey, Question, Subject, explain};
use crate::http::caller::Viewer;
use crate::http::error::PageError;
use crate::http::{App, context};
use crate::store::{self, TenantTx};
use axum::Json;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::json;
use ui::view::{FactGroup, Named, Why, WhyPage, WhyStanding, WhySubject};

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
    let reader = reader(&caller);
    let (question, at) = asked.read(&app, &reader.zone)?;
    let tx = app.db.tenant(caller.organization.id).await?;
    let explained = explain(&tx, &question, at, &reader).await?;
    drop(tx);
    let context = context::of_viewer(&app, &caller).await?;
    let named = |one: &InCampaign| Named { id: one.id.to_string(), name: one.name.clone() };
    let view = WhyPage {
        answer: drawn(&explained, &caller, &reader),
        campaigns: explained.campaigns.iter().map(|one| (named(one), one.answer.sentence.clone())).collect(),
        subject: subject(explained.subject),
        asked_at: at,
        is_another_time: asked.at.is_some(),
    };
    Ok(Html(ui::pages::why::page(&view, &context).into_string()))
}

/// `GET /o/{slug}/why.json`
pub(crate) async fn answer(
    State(app): State<App>,
    caller: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let reader = reader(&caller);
    let (question, at) = asked.read(&app, &reader.zone)?;
    let tx = app.db.tenant(caller.organization.id).await?;
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
    Ok(drawn(&explain(tx, question, now, &reader).await?, caller, &reader))
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
    /// An instant without a zone is one of `zone`, as the form of the page writes it.
    fn read(&self, app: &App, zone: &TimeZone) -> Result<(Question, Timestamp), PageError> {
        let civil = |text: &str| text.parse::<DateTime>().ok()?.to_zoned(zone.clone()).ok();
        let instant = |text: &str| text.parse().ok().or_else(|| Some(civil(text)?.timestamp()));
        let at = match &self.at {
            Some(at) => instant(at.trim()).ok_or(PageError::Unreadable)?,
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

fn subject(subject: Subject) -> WhySubject {
    match subject {
        Subject::Lead(id, name) => WhySubject::Lead(Named { id: id.to_string(), name }),
        Subject::Campaign(id, name) => WhySubject::Campaign(Named { id: id.to_string(), name }),
        Subject::Number(number) => WhySubject::Number(number),
        Subject::Organization => WhySubject::Organization,
    }
}

/// The page of the answer.
fn address(subject: &Subject, slug: &str) -> String {
    match subject {
        Subject::Lead(id, _) => ui::url::why(slug, Some(("lead", &id.to_string()))),
        Subject::Campaign(id, _) => ui::url::why(slug, Some(("campaign", &id.to_string()))),
        Subject::Number(number) => ui::url::why_number(slug, number),
        Subject::Organization => ui::url::why(slug, None),
    }
}

fn drawn(explained: &Explained, caller: &Viewer, reader: &Reader) -> Why {
    let answer = &explained.answer;
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
        page: address(&explained.subject, &caller.organization.slug),
    }
}
