//! Rest, use again, retire.

use crate::domain::ids::PhoneNumberId;
use crate::http::App;
use crate::http::caller::{Manager, Viewer};
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::path_id::PathId;
use crate::http::posted::Posted;
use crate::store::audit::{self, Entry};
use crate::store::switches::{self, By, NumberSwitch};
use crate::store::{organization_turns, send_gate};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use jiff::SignedDuration;
use serde_json::json;
use ui::url::{Section, section_of};

/// `POST /o/{slug}/numbers/{id}/pause`: lets it rest, for a while or until somebody uses it again.
pub(crate) async fn pause(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<PhoneNumberId>,
    Form(posted): Form<Posted>,
) -> Result<Response, PageError> {
    let until = posted.hours().map(|hours| app.clock.now() + SignedDuration::from_hours(hours));
    switch(&app, &caller, id, NumberSwitch::Rest(until), &posted).await
}

/// `POST /o/{slug}/numbers/{id}/kill`: it is gone.
pub(crate) async fn kill(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<PhoneNumberId>,
    Form(posted): Form<Posted>,
) -> Result<Response, PageError> {
    switch(&app, &caller, id, NumberSwitch::Kill, &posted).await
}

/// `POST /o/{slug}/numbers/{id}/resume`
pub(crate) async fn resume(
    State(app): State<App>,
    Manager(caller): Manager,
    PathId(id): PathId<PhoneNumberId>,
    Form(posted): Form<Posted>,
) -> Result<Response, PageError> {
    switch(&app, &caller, id, NumberSwitch::Use, &posted).await
}

async fn switch(
    app: &App,
    caller: &Viewer,
    id: PhoneNumberId,
    to: NumberSwitch,
    posted: &Posted,
) -> Result<Response, PageError> {
    let (now, user) = (app.clock.now(), caller.session.user.id);
    let tx = app.db.tenant(caller.organization.id).await?;
    organization_turns::lock(&tx).await?;
    let because = if to == NumberSwitch::Use { None } else { posted.because() };
    let number = switches::number(&tx, id, to, By { user: Some(user), because }, now).await?;
    let (action, until) = match to {
        NumberSwitch::Use => ("number.resumed", None),
        NumberSwitch::Rest(until) => ("number.rested", until),
        NumberSwitch::Kill => ("number.retired", None),
    };
    let detail = json!({ "number": number, "because": because, "until": until });
    let entry = Entry { by: Some(user), action, subject: format!("number/{id}"), detail };
    audit::add(&tx, &entry, now).await?;
    if to == NumberSwitch::Use {
        organization_turns::wake(&tx, now).await?;
    }
    tx.commit().await?;
    tracing::info!(number.id = %id, user.id = %user, action, "a number was switched");
    let page = section_of(&caller.organization.slug, Section::Numbers);
    if to == NumberSwitch::Use {
        return Ok(Notice::SwitchedOn.then(posted.back(&page)));
    }
    send_gate::wait_for_sends(&app.db).await?;
    Ok(Notice::SwitchedOff.then(posted.back(&page)))
}
