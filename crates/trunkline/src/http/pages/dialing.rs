//! The agency's switch: stops all dialing, and lets it go on.

use crate::http::App;
use crate::http::caller::AgencyUser;
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::posted::Posted;
use crate::store::agency_dispatch;
use axum::Form;
use axum::extract::State;
use axum::response::Response;

/// `POST /dialing/pause`: when this is answered, no new call begins, whatever the node.
pub(crate) async fn pause(
    State(app): State<App>,
    caller: AgencyUser,
    Form(posted): Form<Posted>,
) -> Result<Response, PageError> {
    let by = caller.session.user.id;
    agency_dispatch::pause(&app.db, Some(by), posted.because(), app.clock.now()).await?;
    tracing::warn!(user.id = %by, "all dialing was stopped");
    Ok(Notice::DialingPaused.then(posted.back("/")))
}

/// `POST /dialing/resume`
pub(crate) async fn resume(
    State(app): State<App>,
    caller: AgencyUser,
    Form(posted): Form<Posted>,
) -> Result<Response, PageError> {
    let by = caller.session.user.id;
    agency_dispatch::resume(&app.db, Some(by), app.clock.now()).await?;
    tracing::warn!(user.id = %by, "dialing goes on");
    Ok(Notice::DialingResumed.then(posted.back("/")))
}
