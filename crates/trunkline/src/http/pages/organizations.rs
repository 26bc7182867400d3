//! Organizations, for the agency: the list, and what one of them is made of.

use crate::domain::status::CampaignStatus;
use crate::domain::time_zone;
use crate::explain::Question;
use crate::http::caller::{AgencyUser, Viewer};
use crate::http::error::PageError;
use crate::http::pages::campaigns::row;
use crate::http::pages::why;
use crate::http::{App, context, day};
use crate::store::keyset::Cursor;
use crate::store::organization_activity::{
    self, Activity, AgentActivity, Member, NumberActivity, OrganizationFacts, Which,
};
use crate::store::{AgencyTx, Reach, campaign_list};
use axum::extract::{Query, State};
use axum::response::Html;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ui::view::{
    AgentRow, ClientLimit, Limit, NumberRow, OperatorLimit, OrganizationDetail, OrganizationRow, Organizations, UserRow,
};

/// The list is not paged: it is searched.
const LISTED_MAX: i64 = 200;
const WORDS_CHARS_MAX: usize = 100;
/// Campaigns beside what an organization is made of.
const CAMPAIGNS_MAX: usize = 12;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
}

/// `GET /organizations`
pub(crate) async fn list(
    State(app): State<App>,
    caller: AgencyUser,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, PageError> {
    let q: String = asked.q.trim().chars().take(WORDS_CHARS_MAX).collect();
    let tx = app.db.agency().await?;
    let (rows, total) = rows(&tx, &q, LISTED_MAX, app.clock.now(), &app.zone).await?;
    drop(tx);
    let context = context::of_agency(&app, &caller).await?;
    Ok(Html(ui::pages::organizations::page(&Organizations { q, rows, total }, &context).into_string()))
}

/// The busiest of those with `words` in their name, and how many these are.
pub(crate) async fn rows(
    tx: &AgencyTx,
    words: &str,
    count_max: i64,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<(Vec<OrganizationRow>, u64), PageError> {
    let today = day::began_at(now, zone);
    let activities = organization_activity::list(tx, Which::Named(words), today, count_max).await?;
    let total = organization_activity::count(tx, words).await?;
    Ok((drawn(tx, activities, now, zone).await?, total))
}

/// What the agency sees of one organization; its days are the organization's own.
pub(crate) async fn detail(app: &App, caller: &Viewer) -> Result<OrganizationDetail, PageError> {
    let organization = &caller.organization;
    let (now, zone) = (app.clock.now(), context::zone_of(organization));
    let (id, today, date) = (organization.id, day::began_at(now, &zone), time_zone::local_day(now, &zone));
    let tx = app.db.agency().await?;
    let activities = organization_activity::list(&tx, Which::One(id), today, 1).await?;
    let row = drawn(&tx, activities, now, &zone).await?.into_iter().next().ok_or(PageError::NotFound)?;
    let facts = organization_activity::facts(&tx, id, date).await?;
    let agents = organization_activity::agents(&tx, id, today).await?;
    let numbers = organization_activity::numbers(&tx, id, date, now).await?;
    let members = organization_activity::members(&tx, id).await?;
    drop(tx);
    let tx = app.db.tenant(id).await?;
    let reach = Reach::Organization(&tx);
    let mut listed = campaign_list::page(reach, CampaignStatus::ALL, Cursor::First).await?.rows;
    listed.sort_by_key(|campaign| campaign.standing.status.is_final());
    listed.truncate(CAMPAIGNS_MAX);
    Ok(OrganizationDetail {
        since: facts.since,
        zone: organization.time_zone.clone(),
        leads: facts.leads,
        limits: limits(&row, facts),
        row,
        campaigns: row::for_client(reach, &listed).await?,
        agents: agents.into_iter().map(agent).collect(),
        numbers: numbers.into_iter().map(number).collect(),
        users: members.into_iter().map(user).collect(),
        why: why::card(&tx, caller, &Question::Organization, now).await?,
    })
}

async fn drawn(
    tx: &AgencyTx,
    activities: Vec<Activity>,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Vec<OrganizationRow>, PageError> {
    let ids: Vec<_> = activities.iter().map(|activity| activity.organization.id).collect();
    let charts = organization_activity::calls_by_day(tx, &ids, time_zone::local_day(now, zone)).await?;
    let row = |(activity, calls_by_day): (Activity, Vec<u32>)| OrganizationRow {
        organization: context::name_of(&activity.organization),
        lines_in_use: activity.lines_in_use.unsigned_abs(),
        lines_max: activity.lines_max.unsigned_abs(),
        campaigns_running: u32::try_from(activity.campaigns_running).unwrap_or(u32::MAX),
        calls_today: activity.calls_today,
        answered_today: activity.answered_today,
        spend_today: activity.spend_today,
        calls_by_day,
    };
    Ok(activities.into_iter().zip(charts).map(row).collect())
}

fn limits(row: &OrganizationRow, facts: OrganizationFacts) -> Vec<Limit<OperatorLimit>> {
    vec![
        Limit {
            kind: OperatorLimit::Of(ClientLimit::OrganizationLines),
            used: row.lines_in_use.into(),
            max: row.lines_max.into(),
        },
        Limit {
            kind: OperatorLimit::Of(ClientLimit::OrganizationCallsToday),
            used: facts.calls_today.unsigned_abs().into(),
            max: facts.calls_per_day_max.unsigned_abs().into(),
        },
    ]
}

fn agent(agent: AgentActivity) -> AgentRow {
    let AgentActivity { name, calls_today, answered_today, lines_max, accounts } = agent;
    AgentRow { name, calls_today, answered_today, lines_max: Some(lines_max.unsigned_abs()), accounts }
}

fn number(number: NumberActivity) -> NumberRow {
    let NumberActivity { number, account, calls_today, calls_per_day_max, is_usable } = number;
    NumberRow {
        phone: number,
        account,
        calls_today: calls_today.unsigned_abs(),
        calls_a_day_max: calls_per_day_max.unsigned_abs(),
        in_use: is_usable,
    }
}

fn user(member: Member) -> UserRow {
    let Member { name, email, role } = member;
    UserRow { name, email, role: role.label().to_owned(), last_seen_at: None }
}
