//! One campaign, live: its page, its stream, and the steering of it.

mod editing;
mod pace_setting;
mod steering;
mod view;
mod zones;

use crate::domain::ids::CampaignId;
use crate::explain::{CampaignKey, Question};
use crate::http::caller::{self, ActsAs, Viewer};
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::pages::why;
use crate::http::path_id::PathId;
use crate::http::stream::{self, MayLook, Render, View};
use crate::http::{App, context, session};
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use ui::Context;
use ui::stream::Fragment;

pub(crate) use editing::{form as edit, submit as submit_edit};
pub(crate) use steering::{pause, resume, stop};
pub(crate) use view::drawn_lines;

/// `GET /o/{slug}/campaigns/{id}`
pub(crate) async fn page(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<CampaignId>,
) -> Result<Response, PageError> {
    draw(&app, &caller, id, None).await
}

/// `GET /o/{slug}/campaigns/{id}/stream`
pub(crate) async fn stream(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<CampaignId>,
) -> Result<Response, PageError> {
    // What is not there is said before a stream begins.
    fragments(&app, &caller, &context::of_viewer(&app, &caller).await?, id).await?;
    let member = match caller.acts_as {
        ActsAs::Agency(_) => None,
        ActsAs::Member(role) => Some(role),
    };
    let may_look = may_look(app.clone(), caller.clone());
    let render = render(app.clone(), caller, id);
    stream::open(&app, View { campaign: id, member }, render, may_look)
}

/// The page as it is now; `refused` is said on it, with the status of a conflict.
async fn draw(app: &App, caller: &Viewer, id: CampaignId, refused: Option<Notice>) -> Result<Response, PageError> {
    let mut context = context::of_viewer(app, caller).await?;
    if let Some(notice) = refused {
        context.notice = Some(notice.drawn());
        context.path = ui::url::campaign(&caller.organization.slug, &id.to_string());
    }
    let why = why(app, caller, id).await?;
    let page = if caller.is_agency() {
        ui::pages::campaign::agency(&view::for_operator(app, caller, id).await?, &why, &context)
    } else {
        ui::pages::campaign::client(&view::for_client(app, caller, id).await?, &why, &context)
    };
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok((status, Html(page.into_string())).into_response())
}

/// Why it makes no call now, or does.
async fn why(app: &App, caller: &Viewer, id: CampaignId) -> Result<ui::view::Why, PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    why::card(&tx, caller, &Question::Campaign(CampaignKey::Id(id)), app.clock.now()).await
}

async fn fragments(app: &App, caller: &Viewer, context: &Context, id: CampaignId) -> Result<Vec<Fragment>, PageError> {
    Ok(if caller.is_agency() {
        ui::pages::campaign::agency_fragments(&view::for_operator(app, caller, id).await?, context)
    } else {
        ui::pages::campaign::client_fragments(&view::for_client(app, caller, id).await?, context)
    })
}

/// Every listener of one audience sees what the first of them would: the pieces hold nothing of the person.
fn render(app: App, caller: Viewer, id: CampaignId) -> Render {
    Box::new(move || {
        let (app, caller) = (app.clone(), caller.clone());
        Box::pin(async move {
            let context = context::of_viewer(&app, &caller).await?;
            fragments(&app, &caller, &context, id).await
        })
    })
}

/// Whether the session is still alive, and still the same in this organization. A database that is away changes nothing.
fn may_look(app: App, caller: Viewer) -> MayLook {
    Box::new(move || {
        let (app, caller) = (app.clone(), caller.clone());
        Box::pin(async move {
            let Ok(session) = session::of_token(&app, caller.session.token).await else {
                return true;
            };
            let Some(session) = session else { return false };
            match caller::acts_as_in(&app, &session.user, &caller.organization.slug).await {
                Ok(found) => found.is_some_and(|(_, acts_as)| acts_as == caller.acts_as),
                Err(_) => true,
            }
        })
    })
}
