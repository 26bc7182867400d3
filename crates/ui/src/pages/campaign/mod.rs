//! One campaign, live: numbers, progress, pace, what sets the pace, lines, calling hours and results.

mod head;
mod lines;
mod numbers;
mod pace_setting;
mod results;
mod zones;

use super::preflight;
use crate::charts::pace_chart;
use crate::components::{Frame, Place, Stat, card_with, page, progress_bar, why};
use crate::context::Context;
use crate::stream::Fragment;
use crate::url::{self, Section};
use crate::view::{Campaign, ClientCampaign, OperatorCampaign, OrganizationName, Why};
use maud::{Markup, html};

pub(super) use lines::trunk;
pub(super) use pace_setting::{operator_label, row as limit_row};

/// What differs between the two who look, already drawn.
struct Piece<'a> {
    campaign: &'a Campaign,
    slug: &'a str,
    /// Named on the agency's page only.
    organization: Option<&'a OrganizationName>,
    /// The fifth number.
    fifth: Stat,
    pace_setting: Markup,
}

/// `answer` is as of now: it is not of the pieces that change.
pub fn agency(view: &OperatorCampaign, answer: &Why, context: &Context) -> Markup {
    draw(operator_piece(view, context), answer, context)
}

/// The same for a client.
pub fn client(view: &ClientCampaign, answer: &Why, context: &Context) -> Markup {
    draw(client_piece(view, context), answer, context)
}

/// The pieces of the page that change, for the stream.
pub fn agency_fragments(view: &OperatorCampaign, context: &Context) -> Vec<Fragment> {
    fragments(operator_piece(view, context), context)
}

/// The pieces of the page that change, for the stream.
pub fn client_fragments(view: &ClientCampaign, context: &Context) -> Vec<Fragment> {
    fragments(client_piece(view, context), context)
}

fn operator_piece<'a>(view: &'a OperatorCampaign, context: &Context) -> Piece<'a> {
    Piece {
        campaign: &view.campaign,
        slug: &view.organization.slug,
        organization: Some(&view.organization),
        fifth: numbers::spend(view),
        pace_setting: pace_setting::operator(view, context),
    }
}

fn client_piece<'a>(view: &'a ClientCampaign, context: &'a Context) -> Piece<'a> {
    Piece {
        campaign: &view.campaign,
        slug: context.organization().map_or("", |organization| &organization.slug),
        organization: None,
        fifth: numbers::talk_time(&view.campaign),
        pace_setting: pace_setting::client(view, context),
    }
}

fn draw(piece: Piece<'_>, answer: &Why, context: &Context) -> Markup {
    let (campaign, slug) = (piece.campaign, piece.slug);
    let frame = Frame {
        title: &campaign.name,
        place: Place::Of(Section::Campaigns),
        above: &[(url::section(context, Section::Campaigns), "Campaigns")],
        is_live: true,
        is_split: false,
    };
    let stream = url::campaign_stream(slug, &campaign.id);
    let stop = head::stop_dialog(campaign, slug, context);
    let is_ahead = campaign.is_ahead();
    let mut pieces = fragments(piece, context).into_iter().map(|fragment| fragment.markup);
    let mut next = || pieces.next().unwrap_or_else(|| html! {});
    let body = html! {
        (next())
        div #live hidden hx-sse:connect=(stream) hx-trigger="load, reconnect" hx-swap="none" data-now=(context.now.as_millisecond())
            data-speed=(context.clock.speed) {}
        div.stack { (next()) (next()) }
        div.cols {
            div.stack { (why(answer)) @if is_ahead { (preflight::awaited(slug, &campaign.id)) } (next()) (next()) (next()) }
            div.stack { (next()) (next()) (next()) }
        }
        (stop)
    };
    page(context, &frame, &body)
}

/// In the order of the page.
fn fragments(piece: Piece<'_>, context: &Context) -> Vec<Fragment> {
    let (campaign, slug) = (piece.campaign, piece.slug);
    vec![
        Fragment { id: "head", markup: head::head(campaign, slug, piece.organization, context) },
        Fragment { id: "numbers", markup: numbers::strip(campaign, piece.fifth, context) },
        Fragment { id: "progress", markup: progress(campaign) },
        Fragment { id: "pace", markup: pace(campaign, context) },
        Fragment { id: "lines", markup: lines::card(campaign, slug, context) },
        Fragment { id: "latest", markup: results::latest(campaign, slug, context) },
        Fragment { id: "pace-setting", markup: piece.pace_setting },
        Fragment { id: "zones", markup: zones::card(campaign, context) },
        Fragment { id: "results", markup: results::by_outcome(campaign) },
    ]
}

fn progress(campaign: &Campaign) -> Markup {
    html! {
        section.card #progress aria-labelledby="progress-title" {
            div.body { h2.vh #progress-title { "Progress" } (progress_bar(&campaign.progress)) }
        }
    }
}

fn pace(campaign: &Campaign, context: &Context) -> Markup {
    let legend = html! {
        span.flex { span.sw.f-accent {} "Started" }
        span.flex { span.sw.f-good {} "Answered" }
        span.hide-s { "per minute" }
    };
    let chart = html! { div.body.chart-body { (pace_chart(&campaign.pace, context)) } };
    card_with("pace", "Pace", &legend, &chart)
}
