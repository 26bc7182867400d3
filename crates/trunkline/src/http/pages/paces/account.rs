//! How fast a provider account may be asked.

use super::form::{self, Drawn, Reading};
use crate::domain::ids::ProviderAccountId;
use crate::http::App;
use crate::http::caller::AgencyUser;
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::path_id::PathId;
use crate::store::dialing_settings::SetBy;
use crate::store::paces::{self, AccountPace};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use ui::view::{FieldError, PaceField, PaceInput, PaceOf};

const REQUESTS_MAX: u32 = 1_000_000;
const SLOW_START_MINUTES_MAX: u32 = 60;

/// `GET /accounts/{id}/limits`
pub(crate) async fn form(
    State(app): State<App>,
    caller: AgencyUser,
    PathId(id): PathId<ProviderAccountId>,
) -> Result<Response, PageError> {
    draw(&app, &caller, id, None).await
}

/// `POST /accounts/{id}/limits`
pub(crate) async fn submit(
    State(app): State<App>,
    caller: AgencyUser,
    PathId(id): PathId<ProviderAccountId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let tx = app.db.agency().await?;
    let (_, before) = paces::account(&tx, id).await?;
    drop(tx);
    let typed = form::typed(fields(before), pairs);
    let pace = match read(&typed) {
        Ok(pace) => pace,
        Err(errors) => return draw(&app, &caller, id, Some((typed, errors))).await,
    };
    let by = SetBy { user: Some(caller.session.user.id), at: app.clock.now() };
    paces::set_account(&app.db, id, pace, by).await?;
    tracing::info!(account.id = %id, user.id = %caller.session.user.id, "the pace of an account was set");
    Ok(Notice::LimitSet.then(&ui::url::steer_account(&id.to_string(), "limits")))
}

fn read(typed: &[PaceField]) -> Result<AccountPace, Vec<FieldError>> {
    let mut reading = Reading::of(typed);
    let pace = AccountPace {
        requests_per_minute_max: reading.number("requests_per_minute_max", (1, REQUESTS_MAX)),
        requests_per_second_max: reading.optional_number("requests_per_second_max", (1, REQUESTS_MAX)),
        slow_start_minutes: reading.number("slow_start_minutes", (0, SLOW_START_MINUTES_MAX)),
    };
    reading.done(pace)
}

fn fields(pace: AccountPace) -> Vec<PaceField> {
    let field = |name, label, hint: &str, value| PaceField {
        name,
        label,
        hint: hint.to_owned(),
        input: PaceInput::Number,
        value,
    };
    vec![
        field(
            "requests_per_minute_max",
            "Requests a minute",
            "By the UTC minute. After a refusal it is asked less for a while, by itself.",
            pace.requests_per_minute_max.to_string(),
        ),
        field(
            "requests_per_second_max",
            "Requests a second",
            "Left empty: no limit but the one of the minute.",
            form::optional(pace.requests_per_second_max),
        ),
        field(
            "slow_start_minutes",
            "Minutes of a slow start",
            "After a rest it comes to its full pace in so many. 0: at once.",
            pace.slow_start_minutes.to_string(),
        ),
    ]
}

/// The form as it is set, or as it was typed.
async fn draw(
    app: &App,
    caller: &AgencyUser,
    id: ProviderAccountId,
    typed: Option<(Vec<PaceField>, Vec<FieldError>)>,
) -> Result<Response, PageError> {
    let tx = app.db.agency().await?;
    let (name, pace) = paces::account(&tx, id).await?;
    let change = paces::account_change(&tx, id).await?;
    drop(tx);
    let shown = typed.unwrap_or_else(|| (fields(pace), Vec::new()));
    form::draw(app, caller, Drawn { of: PaceOf::Account, name, change }, shown, (pace, fields)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_read_as_it_was() {
        for requests_per_second_max in [None, Some(4)] {
            let pace = AccountPace { requests_per_minute_max: 80, requests_per_second_max, slow_start_minutes: 5 };
            assert_eq!(read(&fields(pace)).unwrap(), pace);
        }
    }
}
