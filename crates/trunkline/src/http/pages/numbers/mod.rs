//! Phone numbers: the list, for the agency and for an organization, and the switches of each.

mod steering;

use crate::http::caller::{AgencyUser, Viewer};
use crate::http::error::PageError;
use crate::http::{App, context, off};
use crate::store::Reach;
use crate::store::number_list::{self, ListedNumber, NumberStanding};
use axum::extract::State;
use axum::response::Html;
use jiff::SignedDuration;
use ui::view::{ClientNumbers, NumberState, OperatorNumber, OperatorNumbers, OrganizationName, PhoneNumberRow};

pub(crate) use steering::{kill, pause, resume};

/// Over this time the answered calls of a number are counted.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// `GET /numbers`
pub(crate) async fn agency(State(app): State<App>, caller: AgencyUser) -> Result<Html<String>, PageError> {
    let tx = app.db.agency().await?;
    let view = for_operator(&app, Reach::Agency(&tx)).await?;
    drop(tx);
    let context = context::of_agency(&app, &caller).await?;
    Ok(Html(ui::pages::numbers::agency(&view, &context).into_string()))
}

/// `GET /o/{slug}/numbers`
pub(crate) async fn organization(State(app): State<App>, caller: Viewer) -> Result<Html<String>, PageError> {
    let context = context::of_viewer(&app, &caller).await?;
    let tx = app.db.tenant(caller.organization.id).await?;
    let reach = Reach::Organization(&tx);
    let page = if caller.is_agency() {
        ui::pages::numbers::agency(&for_operator(&app, reach).await?, &context)
    } else {
        let now = app.clock.now();
        let listed = number_list::list(reach, now - LOOKED_BACK, now).await?;
        let view = ClientNumbers { rows: listed.into_iter().map(|number| row(number).number).collect() };
        ui::pages::numbers::client(&view, &context::name_of(&caller.organization), &context)
    };
    Ok(Html(page.into_string()))
}

async fn for_operator(app: &App, reach: Reach<'_>) -> Result<OperatorNumbers, PageError> {
    let now = app.clock.now();
    let listed = number_list::list(reach, now - LOOKED_BACK, now).await?;
    Ok(OperatorNumbers { rows: listed.into_iter().map(row).collect(), total: number_list::count(reach).await? })
}

fn row(listed: ListedNumber) -> OperatorNumber {
    let state = match listed.standing {
        NumberStanding::InUse if listed.calls_today >= listed.calls_per_day_max => NumberState::CalledEnough,
        NumberStanding::InUse => NumberState::InUse,
        NumberStanding::Resting(off) => NumberState::Resting(off::drawn(off)),
        NumberStanding::Dead(off) => NumberState::Dead(off::drawn(off)),
    };
    let (slug, name) = listed.organization;
    OperatorNumber {
        number: PhoneNumberRow {
            id: listed.id.to_string(),
            phone: listed.number,
            label: listed.label,
            state,
            calls_today: listed.calls_today.unsigned_abs(),
            calls_a_day_max: listed.calls_per_day_max.unsigned_abs(),
            calls_an_hour_max: listed.calls_per_hour_max.map(i32::unsigned_abs),
            warm_up_from: listed.warm_up_from,
            calls: listed.calls,
            answered: listed.answered,
            calls_now: u32::try_from(listed.calls_now).unwrap_or(u32::MAX),
        },
        organization: OrganizationName { slug, name },
        account: listed.account,
    }
}
