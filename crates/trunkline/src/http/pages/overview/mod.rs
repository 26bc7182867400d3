//! The first page: the agency's over all organizations, a client's over its own.

mod needs;
mod numbers;

use super::{calls, campaigns, organizations, why};
use crate::domain::status::CampaignStatus;
use crate::explain::Question;
use crate::http::caller::{AgencyUser, SignedIn, Viewer};
use crate::http::error::PageError;
use crate::http::pages::campaign::drawn_lines;
use crate::http::{App, context, day};
use crate::store::call_list::{CallFilter, Matching};
use crate::store::campaign_list;
use crate::store::campaign_live::LineUse;
use crate::store::keyset::Cursor;
use crate::store::overview::{self, OrganizationNow, PoolUse};
use crate::store::{Reach, memberships, number_alarms};
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use ui::view::{AgencyOverview, ClientOverview, LinePoolUse, Lines};

/// Organizations of the agency's first page.
const ORGANIZATIONS_MAX: i64 = 10;
/// Campaigns and calls of a client's first page.
const CAMPAIGNS_MAX: usize = 6;
const CALLS_MAX: usize = 8;

/// `GET /`: the agency's overview; members are sent to their organization.
pub(crate) async fn agency(State(app): State<App>, caller: SignedIn) -> Result<Response, PageError> {
    let SignedIn { asked, session } = caller;
    let Some(role) = session.user.agency_role else {
        let first = memberships::of_user(&app.db, session.user.id).await?.into_iter().next();
        let organization = first.ok_or(PageError::NotFound)?.organization;
        return Ok(Redirect::to(&ui::url::organization(&organization.slug)).into_response());
    };
    let view = for_agency(&app).await?;
    let context = context::of_agency(&app, &AgencyUser { asked, session, role }).await?;
    Ok(Html(ui::pages::overview::agency(&view, &context).into_string()).into_response())
}

/// `GET /o/{slug}`: what a client sees first; for the agency, what the organization is made of.
pub(crate) async fn organization(State(app): State<App>, caller: Viewer) -> Result<Html<String>, PageError> {
    let context = context::of_viewer(&app, &caller).await?;
    let page = if caller.is_agency() {
        let view = organizations::detail(&app, &caller).await?;
        ui::pages::organization::page(&view, &context)
    } else {
        ui::pages::overview::client(&for_client(&app, &caller).await?, &context)
    };
    Ok(Html(page.into_string()))
}

async fn for_agency(app: &App) -> Result<AgencyOverview, PageError> {
    let now = app.clock.now();
    let tx = app.db.agency().await?;
    let day = day::read(Reach::Agency(&tx), now, &app.zone).await?;
    let pools = overview::pools(&tx).await?;
    let needs = overview::needs(&tx).await?;
    let alarms = number_alarms::read(&tx, now).await?;
    let campaigns_running = overview::campaigns_running(&tx).await?;
    let (organizations, organizations_total) = organizations::rows(&tx, "", ORGANIZATIONS_MAX, now, &app.zone).await?;
    Ok(AgencyOverview {
        pools: pools.into_iter().map(pool).collect(),
        today: day.today,
        spend_today: day.counts.spend,
        spend_last_week: day.last_week.map(|week| week.spend),
        campaigns_running,
        needs: [needs::drawn(needs, now, &app.zone), numbers::drawn(&alarms, now, &app.zone)].concat(),
        organizations,
        organizations_total,
    })
}

async fn for_client(app: &App, caller: &Viewer) -> Result<ClientOverview, PageError> {
    let now = app.clock.now();
    let zone = context::zone_of(&caller.organization);
    let tx = app.db.tenant(caller.organization.id).await?;
    let reach = Reach::Organization(&tx);
    let day = day::read(reach, now, &zone).await?;
    let state = overview::organization_now(&tx).await?;
    let not_over = [CampaignStatus::Running, CampaignStatus::Paused, CampaignStatus::Scheduled];
    let mut listed = campaign_list::page(reach, &not_over, Cursor::First).await?.rows;
    listed.truncate(CAMPAIGNS_MAX);
    let campaigns = campaigns::row::for_client(reach, &listed).await?;
    let filter = CallFilter::default();
    let latest = Matching::new(reach, &filter).await?.page(Cursor::First).await?;
    Ok(ClientOverview {
        today: day.today,
        lines: lines(&state),
        leads: state.leads,
        leads_to_call: state.leads_to_call,
        campaigns,
        latest_calls: latest.rows.iter().take(CALLS_MAX).map(calls::row::for_client).collect(),
        why: why::card(&tx, caller, &Question::Organization, now).await?,
    })
}

fn lines(state: &OrganizationNow) -> Lines {
    let OrganizationNow { talking, ringing, lines_in_use, lines_max, .. } = *state;
    drawn_lines(LineUse { talking, ringing, in_use: lines_in_use }, i32::try_from(lines_max).unwrap_or(i32::MAX))
}

fn pool(pool: PoolUse) -> LinePoolUse {
    let PoolUse { name, accounts, lines_max, lines_in_use, talking, ringing } = pool;
    let in_use = u64::from(lines_in_use.unsigned_abs());
    LinePoolUse { name, accounts, lines: drawn_lines(LineUse { talking, ringing, in_use }, lines_max) }
}
