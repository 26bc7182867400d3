//! The list of calls: the agency's over all organizations, and that of one.

mod filter;
pub(crate) mod row;

use super::call;
use crate::domain::ids::CallId;
use crate::http::caller::{AgencyUser, Viewer};
use crate::http::error::PageError;
use crate::http::{App, context};
use crate::store::call_list::{self, ListedCall, Matching, Volume};
use crate::store::keyset::{Count, Page, Place};
use crate::store::organizations::{self, OrganizationBrief};
use crate::store::{Reach, TenantTx, agents};
use axum::extract::{Query, State};
use axum::response::Html;
use filter::{AskedCalls, Within};
use jiff::{SignedDuration, Timestamp};
use ui::view::{CallDetail, Calls, Choice, HourVolume, OperatorCallDetail, Pager, Total, When};

/// Campaigns that the filter offers, the latest ones, and agents.
const CAMPAIGNS_OFFERED_MAX: i64 = 100;
const AGENTS_OFFERED_MAX: i64 = 100;

/// What may be filtered by; nothing over all organizations.
#[derive(Default)]
struct Offer {
    campaigns: Vec<Choice>,
    agents: Vec<Choice>,
}

/// What both kinds of list read alike.
struct Listed {
    page: Page<ListedCall>,
    total: Total,
    volume: Vec<HourVolume>,
    has_any: bool,
}

/// `GET /calls`
pub(crate) async fn agency(
    State(app): State<App>,
    caller: AgencyUser,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Html<String>, PageError> {
    let now = app.clock.now();
    let asked = AskedCalls::read(pairs, Within::Agency);
    let tx = app.db.agency().await?;
    let listed = read(Reach::Agency(&tx), &asked, now).await?;
    let peek = match asked.peek.as_deref().and_then(|peek| peek.split_once('/')) {
        Some((slug, id)) => match organizations::brief_by_slug(&tx, slug).await? {
            Some(organization) => operator_peek(&app, &organization, id).await?,
            None => None,
        },
        None => None,
    };
    drop(tx);
    let rows = listed.page.rows.iter().map(row::for_operator).collect();
    let view = view(asked, listed, Offer::default(), rows, peek);
    let context = context::of_agency(&app, &caller).await?;
    Ok(Html(ui::pages::calls::agency(&view, &context).into_string()))
}

/// `GET /o/{slug}/calls`
pub(crate) async fn organization(
    State(app): State<App>,
    caller: Viewer,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Html<String>, PageError> {
    let now = app.clock.now();
    let asked = AskedCalls::read(pairs, Within::Organization);
    let tx = app.db.tenant(caller.organization.id).await?;
    let listed = read(Reach::Organization(&tx), &asked, now).await?;
    let offer = offer(&tx).await?;
    let peeked = asked.peek.clone().unwrap_or_default();
    let context = context::of_viewer(&app, &caller).await?;
    let page = if caller.is_agency() {
        let peek = operator_peek(&app, &caller.organization, &peeked).await?;
        let rows = listed.page.rows.iter().map(row::for_operator).collect();
        ui::pages::calls::agency(&view(asked, listed, offer, rows, peek), &context)
    } else {
        let peek = client_peek(&app, &caller.organization, &peeked).await?;
        let rows = listed.page.rows.iter().map(row::for_client).collect();
        ui::pages::calls::client(&view(asked, listed, offer, rows, peek), &context)
    };
    Ok(Html(page.into_string()))
}

async fn read(reach: Reach<'_>, asked: &AskedCalls, now: Timestamp) -> Result<Listed, PageError> {
    let filter = asked.filter(now);
    let matching = Matching::new(reach, &filter).await?;
    let page = matching.page(asked.cursor).await?;
    let total = match matching.count().await? {
        Count::Exactly(count) => Total::Exactly(count),
        Count::MoreThan(count) => Total::MoreThan(count),
    };
    let volume = match volume_step(asked.shown.when) {
        Some(step) if !page.rows.is_empty() => steps(&matching.volume(step).await?, asked.shown.when, step, now),
        _ => Vec::new(),
    };
    let has_any = !page.rows.is_empty() || call_list::has_any(reach).await?;
    Ok(Listed { page, total, volume, has_any })
}

/// The steps in which the volume of a stretch of time is drawn; longer and shorter ones are not.
fn volume_step(when: When) -> Option<SignedDuration> {
    match when {
        When::LastDay => Some(SignedDuration::from_mins(30)),
        When::LastWeek => Some(SignedDuration::from_hours(1)),
        When::LastHour | When::LastMonth | When::Ever => None,
    }
}

/// All steps of the time, those without a call too, oldest first.
fn steps(volume: &[Volume], when: When, step: SignedDuration, now: Timestamp) -> Vec<HourVolume> {
    let hours = when.hours().unwrap_or_default();
    let last = now.as_second().div_euclid(step.as_secs());
    let first = (now.as_second() - hours * 3600).div_euclid(step.as_secs());
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    (first..=last)
        .filter_map(|number| Timestamp::from_second(number * step.as_secs()).ok())
        .map(|at| {
            let found = volume.iter().find(|volume| volume.at == at);
            HourVolume {
                at,
                answered: found.map_or(0, |volume| small(volume.answered)),
                not_reached: found.map_or(0, |volume| small(volume.not_reached)),
                failed: found.map_or(0, |volume| small(volume.failed)),
            }
        })
        .collect()
}

async fn offer(tx: &TenantTx) -> Result<Offer, PageError> {
    let campaigns = call_list::campaign_names(tx, CAMPAIGNS_OFFERED_MAX).await?;
    let agents = agents::list(tx, AGENTS_OFFERED_MAX).await?;
    let choice = |value: String, label: String| Choice { value, label };
    Ok(Offer {
        campaigns: campaigns.into_iter().map(|(id, name)| choice(id.to_string(), name)).collect(),
        agents: agents.into_iter().map(|agent| choice(agent.id.to_string(), agent.name)).collect(),
    })
}

/// The call to be shown beside the list; `None` if there is no such call here.
async fn operator_peek(
    app: &App,
    organization: &OrganizationBrief,
    id: &str,
) -> Result<Option<OperatorCallDetail>, PageError> {
    let Ok(id) = id.parse::<CallId>() else {
        return Ok(None);
    };
    found(call::for_operator(&app.db.tenant(organization.id).await?, organization, id).await)
}

async fn client_peek(app: &App, organization: &OrganizationBrief, id: &str) -> Result<Option<CallDetail>, PageError> {
    let Ok(id) = id.parse::<CallId>() else {
        return Ok(None);
    };
    found(call::for_client(&app.db.tenant(organization.id).await?, organization, id).await)
}

fn found<T>(read: crate::store::Result<T>) -> Result<Option<T>, PageError> {
    match read {
        Ok(call) => Ok(Some(call)),
        Err(crate::store::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn view<Row, Peek>(
    asked: AskedCalls,
    listed: Listed,
    offer: Offer,
    rows: Vec<Row>,
    peek: Option<Peek>,
) -> Calls<Row, Peek> {
    Calls {
        filter: asked.shown,
        campaigns: offer.campaigns,
        agents: offer.agents,
        is_searchable: asked.within == Within::Organization,
        rows,
        pager: pager(listed.page.newer, listed.page.older),
        total: listed.total,
        volume: listed.volume,
        has_any: listed.has_any,
        peek,
    }
}

/// Places as they go through an address.
pub(super) fn pager(newer: Option<Place>, older: Option<Place>) -> Pager {
    Pager { newer: newer.map(|place| place.to_string()), older: older.map(|place| place.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_calls_is_drawn_in_half_hours_with_the_empty_ones() {
        let now: Timestamp = "2026-03-05T10:10:00Z".parse().unwrap();
        let volume = [Volume { at: "2026-03-05T09:30:00Z".parse().unwrap(), answered: 3, not_reached: 2, failed: 1 }];

        let steps = steps(&volume, When::LastDay, SignedDuration::from_mins(30), now);

        let filled: Vec<_> = steps.iter().filter(|step| step.answered > 0).map(|step| step.at.to_string()).collect();
        assert_eq!((steps.len(), filled), (49, vec!["2026-03-05T09:30:00Z".to_owned()]));
        assert_eq!(steps[48].at.to_string(), "2026-03-05T10:00:00Z");
    }
}
