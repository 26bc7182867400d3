//! Provider accounts and line pools, for the agency: how they stand, their switches and limits.

use crate::domain::ids::ProviderAccountId;
use crate::http::caller::AgencyUser;
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::path_id::PathId;
use crate::http::posted::Posted;
use crate::http::{App, context, off};
use crate::store::account_list::{self, ListedAccount, ListedPool};
use crate::store::switches::{self, By};
use axum::Form;
use axum::extract::State;
use axum::response::{Html, Response};
use ui::view::{AccountRow, Accounts, PoolRow};

const PAGE: &str = "/accounts";

/// `GET /accounts`
pub(crate) async fn page(State(app): State<App>, caller: AgencyUser) -> Result<Html<String>, PageError> {
    let now = app.clock.now();
    let tx = app.db.agency().await?;
    let accounts = account_list::accounts(&tx, now).await?.into_iter().map(account).collect();
    let pools = account_list::pools(&tx, now).await?.into_iter().map(pool).collect();
    drop(tx);
    let context = context::of_agency(&app, &caller).await?;
    Ok(Html(ui::pages::accounts::page(&Accounts { accounts, pools }, &context).into_string()))
}

fn account(account: ListedAccount) -> AccountRow {
    AccountRow {
        id: account.id.to_string(),
        name: account.name,
        key_ending: account.key_ending,
        pool: account.pool,
        off: account.off.map(off::drawn),
        requests_this_minute: account.minute_requests.unsigned_abs(),
        requests_per_minute_max: account.requests_per_minute_max.unsigned_abs(),
        unknowns_in_a_row: account.unknowns_in_a_row.unsigned_abs(),
        calls_now: u32::try_from(account.calls_now).unwrap_or(u32::MAX),
    }
}

fn pool(pool: ListedPool) -> PoolRow {
    PoolRow {
        id: pool.id.to_string(),
        name: pool.name,
        lines_in_use: pool.lines_in_use.unsigned_abs(),
        lines_max: pool.lines_max.unsigned_abs(),
        inbound_reserve: pool.inbound_reserve.unsigned_abs(),
        cooling_until: pool.cooling_until,
    }
}

/// `POST /accounts/{id}/pause`: nothing new is placed with it.
pub(crate) async fn pause(
    State(app): State<App>,
    caller: AgencyUser,
    PathId(id): PathId<ProviderAccountId>,
    Form(posted): Form<Posted>,
) -> Result<Response, PageError> {
    let by = By { user: Some(caller.session.user.id), because: posted.because() };
    switches::account(&app.db, id, false, by, app.clock.now()).await?;
    tracing::warn!(account.id = %id, user.id = %caller.session.user.id, "a provider account was paused");
    Ok(Notice::SwitchedOff.then(PAGE))
}

/// `POST /accounts/{id}/resume`
pub(crate) async fn resume(
    State(app): State<App>,
    caller: AgencyUser,
    PathId(id): PathId<ProviderAccountId>,
) -> Result<Response, PageError> {
    let by = By { user: Some(caller.session.user.id), because: None };
    switches::account(&app.db, id, true, by, app.clock.now()).await?;
    tracing::warn!(account.id = %id, user.id = %caller.session.user.id, "a provider account was taken up again");
    Ok(Notice::SwitchedOn.then(PAGE))
}
