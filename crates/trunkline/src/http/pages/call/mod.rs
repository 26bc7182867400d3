//! One call: on a page of its own, as the panel beside the list, and its recording.

mod evidence;
pub(crate) mod recording;
mod story;

use super::calls::row;
use crate::domain::conversation::response_times;
use crate::domain::ids::CallId;
use crate::http::caller::Viewer;
use crate::http::error::PageError;
use crate::http::path_id::PathId;
use crate::http::{App, context};
use crate::store::call_detail::{self, CallDetail, EventState, Report};
use crate::store::call_notes;
use crate::store::keyset::Place;
use crate::store::organizations::OrganizationBrief;
use crate::store::{self, TenantTx};
use axum::extract::{Query, State};
use axum::response::Html;
use evidence::Evidence;
use rust_decimal::Decimal;
use serde::Deserialize;
pub(crate) use story::{how_it_ended, name_in_words};
use ui::view::{Cost, CostPart, Named, OperatorCallDetail, OrganizationName, ProviderEvent};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Form {
    /// `1`: the panel alone.
    panel: String,
}

/// `GET /o/{slug}/calls/{id}`
pub(crate) async fn page(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<CallId>,
    Query(form): Query<Form>,
) -> Result<Html<String>, PageError> {
    let is_panel = form.panel == "1";
    let tx = app.db.tenant(caller.organization.id).await?;
    let context = context::of_viewer(&app, &caller).await?;
    let markup = if caller.is_agency() {
        let view = for_operator(&tx, &caller.organization, id).await?;
        if is_panel { ui::pages::call::agency_peek(&view, &context) } else { ui::pages::call::agency(&view, &context) }
    } else {
        let view = for_client(&tx, &caller.organization, id).await?;
        if is_panel { ui::pages::call::client_peek(&view, &context) } else { ui::pages::call::client(&view, &context) }
    };
    Ok(Html(markup.into_string()))
}

/// As everybody of the organization sees it.
pub(crate) async fn for_client(
    tx: &TenantTx,
    organization: &OrganizationBrief,
    id: CallId,
) -> store::Result<ui::view::CallDetail> {
    let detail = call_detail::get(tx, id).await?;
    drawn(tx, organization, &detail).await
}

/// As the agency sees it.
pub(crate) async fn for_operator(
    tx: &TenantTx,
    organization: &OrganizationBrief,
    id: CallId,
) -> store::Result<OperatorCallDetail> {
    let detail = call_detail::get(tx, id).await?;
    let events = call_detail::events(tx, id).await?;
    let parts = call_detail::costs(tx, id).await?;
    Ok(OperatorCallDetail {
        call: drawn(tx, organization, &detail).await?,
        organization: OrganizationName { slug: organization.slug.clone(), name: organization.name.clone() },
        provider_account: detail.account,
        provider_call_id: Some(detail.provider_call_id),
        ended_reason: detail.ended_reason,
        cost: detail.call.cost.map(|total| cost(total, parts)),
        events: events.into_iter().map(event).collect(),
    })
}

async fn drawn(
    tx: &TenantTx,
    organization: &OrganizationBrief,
    detail: &CallDetail,
) -> store::Result<ui::view::CallDetail> {
    let call = &detail.call;
    let report = call_detail::report(tx, call.id).await?;
    let notes = call_notes::of_call(tx, call.id).await?.into_iter().map(|text| ("Note".to_owned(), text));
    let beside = call_detail::neighbours(tx, Place { at: call.placed_at, id: call.id.0 }).await?;
    let row = row::for_client(call);
    let evidence = Evidence::of(detail, organization);
    let Report { transcript, turns, analysis } = report;
    let waits = response_times(&turns);
    Ok(ui::view::CallDetail {
        lead: call.lead.as_ref().map(|(id, _)| Named { id: id.to_string(), name: row.lead.clone() }),
        campaign: call.campaign.as_ref().map(|(id, name)| Named { id: id.to_string(), name: name.clone() }),
        lead_zone: evidence.zone().cloned(),
        ended_at: detail.ended_at,
        how_it_ended: story::how_it_ended(detail.ended_reason.as_deref()),
        summary: detail.summary.clone(),
        fields: story::fields(&analysis).into_iter().chain(notes).collect(),
        transcript: story::transcript(detail, &turns, &waits, transcript.as_deref()),
        recording: story::recording(detail),
        response_ms: waits.into_iter().flatten().collect(),
        timeline: evidence.timeline(),
        newer_id: beside.newer.map(|id| id.to_string()),
        older_id: beside.older.map(|id| id.to_string()),
        row,
    })
}

fn cost(total: Decimal, parts: Vec<(String, Decimal)>) -> Cost {
    let named = |(part, amount): (String, Decimal)| CostPart { name: part_name(&part), amount };
    let parts = parts.into_iter().filter(|(_, amount)| !amount.is_zero()).map(named).collect();
    Cost { total, parts }
}

/// The parts of a cost have the provider's short names; one that is new is shown as it is.
fn part_name(part: &str) -> String {
    let name = match part {
        "vapi" => "Platform",
        "tts" => "Voice",
        "llm" => "Model",
        "stt" => "Transcriber",
        "transport" => "Telephony",
        "analysis" => "Analysis",
        "chat" => "Chat",
        "knowledge_base" => "Knowledge base",
        "voicemail_detection" => "Voicemail detection",
        new => new,
    };
    name.to_owned()
}

fn event(event: call_detail::CallEvent) -> ProviderEvent {
    let state = match event.state {
        EventState::Kept => ui::view::EventState::Waiting,
        EventState::Applied => ui::view::EventState::Applied,
        EventState::Unattributed => ui::view::EventState::Unattributed,
        EventState::SetAside => ui::view::EventState::SetAside,
    };
    ProviderEvent { received_at: event.received_at, kind: event.kind, state }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_cost_nothing_are_left_out_and_new_ones_keep_their_name() {
        let part = |name: &str, cents: i64| (name.to_owned(), Decimal::new(cents, 2));

        let cost = cost(Decimal::new(15, 2), vec![part("tts", 10), part("warp", 5), part("chat", 0)]);

        let names: Vec<_> = cost.parts.iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["Voice", "warp"]);
    }
}
