//! A phone number's calls a day and an hour, and its warm-up.

use super::form::{self, Drawn, Reading};
use crate::domain::ids::PhoneNumberId;
use crate::domain::warm_up::{Rung, WarmUp};
use crate::http::App;
use crate::http::caller::AgencyUser;
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::path_id::PathId;
use crate::http::path_organization::PathOrganization;
use crate::store::dialing_settings::SetBy;
use crate::store::organizations::OrganizationBrief;
use crate::store::paces::{self, NumberPace};
use crate::store::{TenantTx, dialing_settings, organization_turns};
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use ui::view::{FieldError, PaceField, PaceInput, PaceOf};

const CALLS_MAX: u32 = 1_000_000;

/// `GET /organizations/{slug}/numbers/{id}/limits`
pub(crate) async fn form(
    State(app): State<App>,
    caller: AgencyUser,
    PathOrganization(organization): PathOrganization,
    PathId(id): PathId<PhoneNumberId>,
) -> Result<Response, PageError> {
    let tx = app.db.tenant(organization.id).await?;
    draw(&app, &caller, (&tx, &organization, id), None).await
}

/// `POST /organizations/{slug}/numbers/{id}/limits`
pub(crate) async fn submit(
    State(app): State<App>,
    caller: AgencyUser,
    PathOrganization(organization): PathOrganization,
    PathId(id): PathId<PhoneNumberId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let tx = app.db.tenant(organization.id).await?;
    organization_turns::lock(&tx).await?;
    let (_, before) = paces::number(&tx, id).await?;
    let warm_up = dialing_settings::organization_rules(&tx).await?.warm_up.clone();
    let typed = form::typed(fields(before, &warm_up), pairs);
    let pace = match read(&typed) {
        Ok(pace) => pace,
        Err(errors) => return draw(&app, &caller, (&tx, &organization, id), Some((typed, errors))).await,
    };
    let by = SetBy { user: Some(caller.session.user.id), at: app.clock.now() };
    paces::set_number(&tx, id, pace, by).await?;
    tx.commit().await?;
    tracing::info!(number.id = %id, user.id = %caller.session.user.id, "the pace of a number was set");
    Ok(Notice::LimitSet.then(&ui::url::part_limits(&organization.slug, "numbers", &id.to_string())))
}

fn read(typed: &[PaceField]) -> Result<NumberPace, Vec<FieldError>> {
    let mut reading = Reading::of(typed);
    let pace = NumberPace {
        calls_per_day_max: reading.number("calls_per_day_max", (0, CALLS_MAX)),
        calls_per_hour_max: reading.optional_number("calls_per_hour_max", (0, CALLS_MAX)),
        warm_up_from: reading.optional_date("warm_up_from"),
    };
    reading.done(pace)
}

fn fields(pace: NumberPace, warm_up: &WarmUp) -> Vec<PaceField> {
    let field = |name, label, hint: &str, input, value| PaceField { name, label, hint: hint.to_owned(), input, value };
    let warm_up_from = pace.warm_up_from.map(|date| date.to_string()).unwrap_or_default();
    vec![
        field(
            "calls_per_day_max",
            "Calls a day",
            "By the organization's own day. 0: it is not called from.",
            PaceInput::Number,
            pace.calls_per_day_max.to_string(),
        ),
        field(
            "calls_per_hour_max",
            "Calls an hour",
            "From full hour to full hour. Left empty: no limit.",
            PaceInput::Number,
            form::optional(pace.calls_per_hour_max),
        ),
        field(
            "warm_up_from",
            "First day of its warm-up",
            &format!(
                "Left empty: it is used to calls. From that day on: {}. Then its calls a day alone count.",
                told(warm_up)
            ),
            PaceInput::Date,
            warm_up_from,
        ),
    ]
}

/// "10 calls a day, 20 from day 3, 40 from day 7".
fn told(warm_up: &WarmUp) -> String {
    let rung = |rung: &Rung| match rung {
        Rung { from_day: 0, calls_per_day_max } => format!("{calls_per_day_max} calls a day"),
        Rung { from_day, calls_per_day_max } => format!("{calls_per_day_max} from day {from_day}"),
    };
    Vec::from(warm_up.clone()).iter().map(rung).collect::<Vec<_>>().join(", ")
}

/// The form as it is set, or as it was typed.
async fn draw(
    app: &App,
    caller: &AgencyUser,
    (tx, organization, id): (&TenantTx, &OrganizationBrief, PhoneNumberId),
    typed: Option<(Vec<PaceField>, Vec<FieldError>)>,
) -> Result<Response, PageError> {
    let (number, pace) = paces::number(tx, id).await?;
    let warm_up = dialing_settings::organization_rules(tx).await?.warm_up.clone();
    let draw = |pace: NumberPace| fields(pace, &warm_up);
    let shown = typed.unwrap_or_else(|| (draw(pace), Vec::new()));
    let of = PaceOf::Number { slug: organization.slug.clone(), organization: organization.name.clone() };
    let change = paces::number_change(tx, id).await?;
    let drawn = Drawn { of, name: ui::format::phone(&number), change };
    form::draw(app, caller, drawn, shown, (pace, draw)).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_is_drawn_is_read_as_it_was() {
        for pace in [
            NumberPace { calls_per_day_max: 100, calls_per_hour_max: None, warm_up_from: None },
            NumberPace { calls_per_day_max: 0, calls_per_hour_max: Some(9), warm_up_from: Some(date(2026, 3, 4)) },
        ] {
            assert_eq!(read(&fields(pace, &WarmUp::default())).unwrap(), pace);
        }
    }

    #[test]
    fn the_ladder_is_told_rung_by_rung() {
        assert!(told(&WarmUp::default()).starts_with("10 calls a day, 20 from day 3, 40 from day 7"));
    }
}
