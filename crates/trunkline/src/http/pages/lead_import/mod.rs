//! Importing leads: the form, the upload, what came of a file, and the rows that were left out, as a file again.

mod outcome;
mod problem_rows;
mod upload;

use crate::domain::ids::LeadImportId;
use crate::domain::lead_file::{LEAD_FILE_BYTES_MAX, PROBLEMS_MAX, ROWS_MAX};
use crate::http::caller::{Manager, Viewer};
use crate::http::error::PageError;
use crate::http::path_id::PathId;
use crate::http::{App, context};
use crate::lead_imports::{self as service, FileToImport, ImportError, Imported};
use crate::store::lead_imports::{self, LeadImport, Problem};
use crate::store::organizations;
use axum::extract::{Multipart, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use http::{StatusCode, header};
use tokio::sync::Semaphore;
use ui::view::{FieldError, ImportForm};
use upload::Upload;

pub(crate) use upload::UPLOAD_BYTES_MAX;

/// Files in memory at a time; the next one waits.
const UPLOADS_MAX: usize = 4;
/// Earlier imports that the form shows.
const RECENT_MAX: i64 = 10;

static UPLOADS: Semaphore = Semaphore::const_new(UPLOADS_MAX);

/// `GET /o/{slug}/leads/import`
pub(crate) async fn form(State(app): State<App>, Manager(caller): Manager) -> Result<Response, PageError> {
    draw_form(&app, &caller, None, Vec::new()).await
}

/// `POST /o/{slug}/leads/import`
pub(crate) async fn submit(
    State(app): State<App>,
    Manager(caller): Manager,
    upload: Multipart,
) -> Result<Response, PageError> {
    let _room = UPLOADS.acquire().await.map_err(|_| PageError::Busy)?;
    let upload = match Upload::read(upload).await? {
        Ok(upload) => upload,
        Err(error) => return refuse(&app, &caller, None, outcome::in_a_sentence(&error)).await,
    };
    let id = upload.id.unwrap_or_default();
    let file = FileToImport {
        id,
        name: upload.name,
        bytes: upload.bytes,
        even_if_same: upload.again,
        by: Some(caller.session.user.id),
    };
    let done = |id: LeadImportId| {
        Redirect::to(&ui::url::import_result(&caller.organization.slug, &id.to_string())).into_response()
    };
    match service::import(&app.db, caller.organization.id, file, app.clock.now()).await {
        Ok(Imported::Done(import)) => Ok(done(import.id)),
        Ok(Imported::SameForm) => Ok(done(id)),
        Ok(Imported::SameFile(earlier)) => {
            let sentence = outcome::same_file(&earlier, context::zone_of(&caller.organization));
            refuse(&app, &caller, Some(earlier.file_name), sentence).await
        }
        Err(ImportError::File(error)) => refuse(&app, &caller, None, outcome::in_a_sentence(&error)).await,
        Err(ImportError::Store(error)) => Err(error.into()),
        Err(error @ ImportError::Settings { .. }) => Err(PageError::Internal(error.into())),
    }
}

/// `GET /o/{slug}/leads/imports/{id}`
pub(crate) async fn result(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<LeadImportId>,
) -> Result<Html<String>, PageError> {
    let (import, problems) = read(&app, &caller, id).await?;
    let context = context::of_viewer(&app, &caller).await?;
    Ok(Html(ui::pages::import::result(&outcome::drawn(import, problems), &context).into_string()))
}

/// `GET /o/{slug}/leads/imports/{id}/problems.csv`
pub(crate) async fn problems(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<LeadImportId>,
) -> Result<Response, PageError> {
    let (_, problems) = read(&app, &caller, id).await?;
    let file = problem_rows::as_csv(&problems).map_err(|error| PageError::Internal(error.into()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"problem-rows.csv\""),
    ];
    Ok((headers, file).into_response())
}

async fn read(app: &App, caller: &Viewer, id: LeadImportId) -> Result<(LeadImport, Vec<Problem>), PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    let import = lead_imports::get(&tx, id).await?;
    let problems = lead_imports::problems(&tx, id, i64::try_from(PROBLEMS_MAX).unwrap_or(i64::MAX)).await?;
    Ok((import, problems))
}

async fn refuse(app: &App, caller: &Viewer, again: Option<String>, message: String) -> Result<Response, PageError> {
    let error = FieldError { field: "file".to_owned(), message };
    draw_form(app, caller, again, vec![error]).await
}

async fn draw_form(
    app: &App,
    caller: &Viewer,
    again: Option<String>,
    errors: Vec<FieldError>,
) -> Result<Response, PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    let organization = organizations::get(&tx).await?;
    let recent = lead_imports::latest(&tx, RECENT_MAX).await?;
    drop(tx);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = ImportForm {
        bytes_max: LEAD_FILE_BYTES_MAX as u64,
        rows_max: ROWS_MAX as u64,
        country: outcome::country(&organization.country),
        zone: organization.time_zone,
        errors,
        form_key: LeadImportId::new().to_string(),
        again,
        recent: recent.into_iter().map(outcome::earlier).collect(),
    };
    let context = context::of_viewer(app, caller).await?;
    Ok((status, Html(ui::pages::import::form(&view, &context).into_string())).into_response())
}
