//! What the provider sent, for the agency.

use crate::http::caller::AgencyUser;
use crate::http::error::PageError;
use crate::http::notice::Notice;
use crate::http::{App, context};
use crate::store::keyset::Cursor;
use crate::store::webhook_refusals;
use crate::store::webhooks::{self, Again, EventState, ListedEvent};
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use jiff::{SignedDuration, Timestamp};
use ui::view::{EventCounts, EventRow, OrganizationName, Pager, WebhookTab, Webhooks};

const COUNTED: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    state: String,
    older: String,
    newer: String,
}

/// `GET /webhooks`
pub(crate) async fn page(
    State(app): State<App>,
    caller: AgencyUser,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, PageError> {
    let tab = WebhookTab::from_name(&asked.state).unwrap_or_default();
    let older = asked.older.parse().map(Cursor::OlderThan);
    let cursor = older.or_else(|_| asked.newer.parse().map(Cursor::NewerThan)).unwrap_or_default();
    let tx = app.db.agency().await?;
    let page = webhooks::page(&tx, states(tab), cursor).await?;
    let counts = webhooks::counts(&tx, app.clock.now() - COUNTED).await?;
    let refused = webhook_refusals::since(&tx, app.clock.now() - COUNTED).await?;
    drop(tx);
    let view = Webhooks {
        address: format!("{}/webhooks/vapi", app.public_url),
        last_received_at: counts.last_received_at,
        counts: drawn_counts(counts, refused),
        tab,
        rows: page.rows.into_iter().map(row).collect(),
        pager: Pager {
            newer: page.newer.map(|place| place.to_string()),
            older: page.older.map(|place| place.to_string()),
        },
    };
    let context = context::of_agency(&app, &caller).await?;
    Ok(Html(ui::pages::webhooks::page(&view, &context).into_string()))
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct AskedAgain {
    event: String,
    hours: String,
}

/// `POST /webhooks/replay`: has what was set aside applied again: one `event`, those of the last `hours`, or all.
pub(crate) async fn replay(
    State(app): State<App>,
    caller: AgencyUser,
    Form(asked): Form<AskedAgain>,
) -> Result<Response, PageError> {
    let which = again(&asked, app.clock.now()).ok_or(PageError::NotFound)?;
    let replayed = webhooks::replay(&app.db, which).await?;
    tracing::info!(user.id = %caller.session.user.id, replayed, "events that were set aside are applied again");
    let notice = if replayed == 0 { Notice::NothingReplayed } else { Notice::EventsReplayed };
    Ok(notice.then("/webhooks"))
}

fn again(asked: &AskedAgain, now: Timestamp) -> Option<Again> {
    if !asked.event.is_empty() {
        return asked.event.parse().ok().map(Again::One);
    }
    if asked.hours.is_empty() {
        return Some(Again::ReceivedSince(Timestamp::UNIX_EPOCH));
    }
    let hours: u16 = asked.hours.parse().ok()?;
    Some(Again::ReceivedSince(now - SignedDuration::from_hours(hours.into())))
}

fn states(tab: WebhookTab) -> &'static [EventState] {
    match tab {
        WebhookTab::NeedsYou => &[EventState::Unattributed, EventState::SetAside],
        WebhookTab::Unattributed => &[EventState::Unattributed],
        WebhookTab::SetAside => &[EventState::SetAside],
        WebhookTab::All => EventState::ALL,
    }
}

fn drawn_counts(counts: webhooks::EventCounts, refused: u64) -> EventCounts {
    let webhooks::EventCounts { kept, applied, waiting, unattributed, set_aside, last_received_at: _ } = counts;
    EventCounts { kept, applied, waiting, unattributed, set_aside, refused }
}

fn row(event: ListedEvent) -> EventRow {
    let ListedEvent { id, received_at, kind, account, organization, state, problem } = event;
    let (state, reason) = match state {
        EventState::Kept => (ui::view::EventState::Waiting, problem),
        EventState::Applied => (ui::view::EventState::Applied, None),
        EventState::Unattributed => {
            let nobodys = "Its call, assistant and number are unknown here. It is applied once one of them is known.";
            (ui::view::EventState::Unattributed, Some(nobodys.to_owned()))
        }
        EventState::SetAside => (ui::view::EventState::SetAside, problem),
    };
    EventRow {
        id: id.to_string(),
        received_at,
        kind,
        provider_account: account,
        organization: organization.map(|(slug, name)| OrganizationName { slug, name }),
        state,
        reason,
    }
}
