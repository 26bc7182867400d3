//! Importing leads: the form, the upload, what came of a file, and the rows that were left out, as a file again.

use crate::domain::ids::LeadImportId;
use crate::domain::lead_file::{LEAD_FILE_BYTES_MAX, LeadFileError, PROBLEMS_MAX, ROWS_MAX};
use crate::http::caller::{Manager, Viewer};
use crate::http::error::PageError;
use crate::http::path_id::PathId;
use crate::http::{App, context};
use crate::lead_imports::{self as service, FileToImport, ImportError, Imported};
use crate::store::lead_imports::{self, LeadImport, UsedAs, UsedColumn};
use crate::store::organizations;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use bytes::{Bytes, BytesMut};
use http::{HeaderValue, StatusCode, header};
use tokio::sync::Semaphore;
use ui::view::{ColumnRole, ColumnUse, FieldError, ImportForm, ImportProblem, ImportResult, ImportRow};

/// The file and the other fields of the form.
pub const UPLOAD_BYTES_MAX: usize = LEAD_FILE_BYTES_MAX + 64 * 1024;
/// Files in memory at a time; the next one waits.
const UPLOADS_MAX: usize = 4;
const FIELDS_MAX: usize = 10;
const FIELD_BYTES_MAX: usize = 1_000;
/// Earlier imports that the form shows.
const RECENT_MAX: i64 = 10;

static UPLOADS: Semaphore = Semaphore::const_new(UPLOADS_MAX);

/// `GET /o/{slug}/leads/import`
pub async fn form(State(app): State<App>, Manager(caller): Manager) -> Result<Response, PageError> {
    draw_form(&app, &caller, None, Vec::new()).await
}

/// `POST /o/{slug}/leads/import`
pub async fn submit(
    State(app): State<App>,
    Manager(caller): Manager,
    upload: Multipart,
) -> Result<Response, PageError> {
    let _room = UPLOADS.acquire().await.map_err(|_| PageError::Busy)?;
    let upload = match Upload::read(upload).await? {
        Ok(upload) => upload,
        Err(error) => return refuse(&app, &caller, None, error.to_string()).await,
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
            let sentence = same_file(&earlier, &caller);
            refuse(&app, &caller, Some(earlier.file_name), sentence).await
        }
        Err(ImportError::File(error)) => refuse(&app, &caller, None, in_a_sentence(&error)).await,
        Err(ImportError::Store(error)) => Err(error.into()),
        Err(error @ ImportError::Settings { .. }) => Err(PageError::Internal(error.into())),
    }
}

/// `GET /o/{slug}/leads/imports/{id}`
pub async fn result(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<LeadImportId>,
) -> Result<Html<String>, PageError> {
    let (import, problems) = read(&app, &caller, id).await?;
    let context = context::of_viewer(&app, &caller).await?;
    Ok(Html(ui::pages::import::result(&drawn(import, problems), &context).into_string()))
}

/// `GET /o/{slug}/leads/imports/{id}/problems.csv`
pub async fn problems(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<LeadImportId>,
) -> Result<Response, PageError> {
    let (_, problems) = read(&app, &caller, id).await?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let broken = |error: csv::Error| PageError::Internal(error.into());
    writer.write_record(["line", "column", "value", "reason"]).map_err(broken)?;
    for lead_imports::Problem { line, column, value, reason } in &problems {
        writer.write_record([&line.to_string(), &as_text(column), &as_text(value), reason]).map_err(broken)?;
    }
    let rows = writer.into_inner().map_err(|error| PageError::Internal(error.into_error().into()))?;
    // With a mark of its encoding, which spreadsheets need.
    let file = ["\u{feff}".as_bytes(), &rows].concat();
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"problem-rows.csv\"")),
    ];
    Ok((headers, file).into_response())
}

/// A spreadsheet runs a cell that begins like a formula; an apostrophe makes it text, and an import takes it off again.
fn as_text(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t']) { format!("'{cell}") } else { cell.to_owned() }
}

async fn read(app: &App, caller: &Viewer, id: LeadImportId) -> Result<(LeadImport, Vec<lead_imports::Problem>), PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    let import = lead_imports::get(&tx, id).await?;
    let problems = lead_imports::problems(&tx, id, i64::try_from(PROBLEMS_MAX).unwrap_or(i64::MAX)).await?;
    Ok((import, problems))
}

/// What was sent by the form.
#[derive(Default)]
struct Upload {
    /// The form's key, which becomes the import's id: the same form again is the same import.
    id: Option<LeadImportId>,
    again: bool,
    name: String,
    bytes: Bytes,
}

impl Upload {
    async fn read(mut form: Multipart) -> Result<Result<Self, LeadFileError>, PageError> {
        let mut upload = Self::default();
        for _ in 0..FIELDS_MAX {
            let Some(mut field) = form.next_field().await.map_err(|_| PageError::Unreadable)? else { break };
            let max = if field.name() == Some("file") { LEAD_FILE_BYTES_MAX } else { FIELD_BYTES_MAX };
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().unwrap_or_default().to_owned();
            let Some(bytes) = bounded(&mut field, max).await? else { return Ok(Err(LeadFileError::TooManyBytes)) };
            match name.as_str() {
                "form_key" => upload.id = std::str::from_utf8(&bytes).ok().and_then(|key| key.parse().ok()),
                "again" => upload.again = true,
                "file" => (upload.name, upload.bytes) = (file_name, bytes),
                _ => {}
            }
        }
        Ok(Ok(upload))
    }
}

/// The bytes of a field; `None` if there are more than `bytes_max`.
async fn bounded(field: &mut Field<'_>, bytes_max: usize) -> Result<Option<Bytes>, PageError> {
    let mut bytes = BytesMut::new();
    while let Some(piece) = field.chunk().await.map_err(|_| PageError::Unreadable)? {
        if bytes.len() + piece.len() > bytes_max {
            return Ok(None);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(bytes.freeze()))
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
        country: organization.country,
        zone: organization.time_zone,
        errors,
        form_key: LeadImportId::new().to_string(),
        again,
        recent: recent.into_iter().map(earlier).collect(),
    };
    let context = context::of_viewer(app, caller).await?;
    Ok((status, Html(ui::pages::import::form(&view, &context).into_string())).into_response())
}

fn same_file(earlier: &LeadImport, caller: &Viewer) -> String {
    let at = earlier.created_at.to_zoned(context::zone_of(&caller.organization));
    let created = ui::words::count(earlier.counts.created, "new lead");
    format!(
        "This same file was imported on {} as {}, with {created}. Nothing was done. Choose it again to import it all the same.",
        at.strftime("%-d %B %Y"),
        earlier.file_name,
    )
}

fn in_a_sentence(error: &LeadFileError) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

fn earlier(import: LeadImport) -> ImportRow {
    let LeadImport { id, file_name, counts, created_at, .. } = import;
    ImportRow { id: id.to_string(), file_name, at: created_at, added: counts.created, problems: counts.problems }
}

fn drawn(import: LeadImport, problems: Vec<lead_imports::Problem>) -> ImportResult {
    let LeadImport { id, file_name, counts, created_at, by, columns, zones } = import;
    let problem = |problem| {
        let lead_imports::Problem { line, column, value, reason } = problem;
        ImportProblem { line, column, found: value, reason }
    };
    ImportResult {
        id: id.to_string(),
        file_name,
        at: created_at,
        by,
        rows: counts.rows,
        added: counts.created,
        updated: counts.updated,
        duplicates: counts.duplicates,
        rejected: counts.problems,
        columns: columns.into_iter().map(column).collect(),
        problems: problems.into_iter().map(problem).collect(),
        zones,
    }
}

fn column(column: UsedColumn) -> ColumnUse {
    let used_as = match column.used_as {
        UsedAs::Phone => ColumnRole::Phone,
        UsedAs::Name => ColumnRole::Name,
        UsedAs::TimeZone => ColumnRole::TimeZone,
        UsedAs::ExternalId => ColumnRole::ExternalId,
        UsedAs::Variable => ColumnRole::Variable,
        UsedAs::Ignored => ColumnRole::Ignored,
    };
    ColumnUse { header: column.head, used_as }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_a_download_is_a_formula() {
        assert_eq!(as_text("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(as_text("+1 312"), "'+1 312");
        assert_eq!(as_text("312"), "312");
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_in_a_sentence() {
        assert_eq!(in_a_sentence(&LeadFileError::Workbook), "This is an Excel workbook: save it as CSV.");
    }
}
