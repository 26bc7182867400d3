//! The lines of a pool, and those of them that are left for incoming calls.

use super::form::{self, Drawn, Reading};
use crate::domain::ids::LinePoolId;
use crate::http::App;
use crate::http::caller::AgencyUser;
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::path_id::PathId;
use crate::store::dialing_settings::SetBy;
use crate::store::paces::{self, PoolLines};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use ui::view::{FieldError, PaceField, PaceInput, PaceOf};

const LINES_MAX: u32 = 1_000_000;

/// `GET /pools/{id}/limits`
pub(crate) async fn form(
    State(app): State<App>,
    caller: AgencyUser,
    PathId(id): PathId<LinePoolId>,
) -> Result<Response, PageError> {
    draw(&app, &caller, id, None).await
}

/// `POST /pools/{id}/limits`
pub(crate) async fn submit(
    State(app): State<App>,
    caller: AgencyUser,
    PathId(id): PathId<LinePoolId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let tx = app.db.agency().await?;
    let (_, before) = paces::pool(&tx, id).await?;
    drop(tx);
    let typed = form::typed(fields(before), pairs);
    let lines = match read(&typed) {
        Ok(lines) => lines,
        Err(errors) => return draw(&app, &caller, id, Some((typed, errors))).await,
    };
    let by = SetBy { user: Some(caller.session.user.id), at: app.clock.now() };
    paces::set_pool(&app.db, id, lines, by).await?;
    tracing::info!(pool.id = %id, user.id = %caller.session.user.id, "the lines of a pool were set");
    Ok(Notice::LimitSet.then(&ui::url::pool_limits(&id.to_string())))
}

/// More than all of them cannot be kept.
fn read(typed: &[PaceField]) -> Result<PoolLines, Vec<FieldError>> {
    let mut reading = Reading::of(typed);
    let lines_max = reading.number("lines_max", (1, LINES_MAX));
    let most = if lines_max == 0 { LINES_MAX } else { lines_max.unsigned_abs() };
    let inbound_reserve = reading.number("inbound_reserve", (0, most));
    reading.done(PoolLines { lines_max, inbound_reserve })
}

fn fields(lines: PoolLines) -> Vec<PaceField> {
    let field = |name, label, hint: &str, value: i32| PaceField {
        name,
        label,
        hint: hint.to_owned(),
        input: PaceInput::Number,
        value: value.to_string(),
    };
    vec![
        field("lines_max", "Lines at most", "Calls at once that the subscription allows.", lines.lines_max),
        field(
            "inbound_reserve",
            "Lines kept for incoming calls",
            "So many stay free of our own calls. 0: none is kept.",
            lines.inbound_reserve,
        ),
    ]
}

/// The form as it is set, or as it was typed.
async fn draw(
    app: &App,
    caller: &AgencyUser,
    id: LinePoolId,
    typed: Option<(Vec<PaceField>, Vec<FieldError>)>,
) -> Result<Response, PageError> {
    let tx = app.db.agency().await?;
    let (name, lines) = paces::pool(&tx, id).await?;
    let change = paces::pool_change(&tx, id).await?;
    drop(tx);
    let shown = typed.unwrap_or_else(|| (fields(lines), Vec::new()));
    form::draw(app, caller, Drawn { of: PaceOf::Pool, name, change }, shown, (lines, fields)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_lines_than_there_are_cannot_be_kept() {
        let errors = read(&fields(PoolLines { lines_max: 10, inbound_reserve: 11 })).unwrap_err();

        assert_eq!(errors[0].message, "Lines kept for incoming calls: a number from 0 to 10 is needed, “11” came.");
        let all = PoolLines { lines_max: 10, inbound_reserve: 10 };
        assert_eq!(read(&fields(all)).unwrap(), all);
    }
}
