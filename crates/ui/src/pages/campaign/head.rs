//! Title, state and actions of a campaign.

use crate::components::{campaign_badge, icon, moment, organization_link};
use crate::context::{Context, Right};
use crate::url;
use crate::view::{Campaign, CampaignState, OrganizationName};
use crate::words::{count, count_of};
use maud::{Markup, html};

pub(super) fn head(
    campaign: &Campaign,
    slug: &str,
    organization: Option<&OrganizationName>,
    context: &Context,
) -> Markup {
    html! {
        div.head #head {
            div {
                div.title { h1 { (campaign.name) } (campaign_badge(&campaign.state)) }
                div.meta {
                    @if let Some(organization) = organization { span { (organization_link(organization)) } }
                    span { (icon("bot")) (campaign.agent) }
                    span { (icon("hash")) (count(campaign.numbers.into(), "phone number")) }
                    (story(campaign, context))
                }
            }
            div.end { (actions(campaign, slug, context)) }
        }
    }
}

/// How the campaign came to the state it is in.
fn story(campaign: &Campaign, context: &Context) -> Markup {
    html! {
        @if let Some(at) = campaign.started_at {
            span { (icon("clock")) span { "Started " (moment(at, context)) (by(campaign.started_by.as_deref())) } }
        }
        @match &campaign.state {
            CampaignState::Scheduled { starts_at } => {
                span { (icon("calendar-clock")) span { "Starts " (moment(*starts_at, context)) } }
            }
            CampaignState::Paused { by: who, at } => {
                span { (icon("pause")) span { "Paused " (moment(*at, context)) (by(who.as_deref())) (still_talking(campaign)) } }
            }
            CampaignState::Stopped { by: who, at } => {
                span { (icon("square")) span { "Stopped " (moment(*at, context)) (by(who.as_deref())) (still_talking(campaign)) } }
            }
            CampaignState::Done { at } => { span { (icon("circle-check")) span { "Done " (moment(*at, context)) } } }
            CampaignState::Draft | CampaignState::Running | CampaignState::Finishing => {}
        }
    }
}

fn by(who: Option<&str>) -> String {
    who.map(|who| format!(" by {who}")).unwrap_or_default()
}

fn still_talking(campaign: &Campaign) -> String {
    let lines = campaign.on_the_line.lines;
    match u64::from(lines.talking + lines.ringing) {
        0 => String::new(),
        calls => format!(". {} finishing", count_of(calls, "call is", "calls are")),
    }
}

fn actions(campaign: &Campaign, slug: &str, context: &Context) -> Markup {
    let may_steer = context.can(Right::SteerCampaigns);
    html! {
        @if may_steer && !matches!(campaign.state, CampaignState::Done { .. } | CampaignState::Stopped { .. }) {
            a.btn href=(url::edit_campaign(slug, &campaign.id)) { (icon("pencil")) "Edit" }
        }
        @if may_steer && may_stop(&campaign.state) {
            button.btn type="button" popovertarget="stop" { (icon("square")) "End" }
        }
        @if may_steer {
            @match campaign.state {
                CampaignState::Running => (steer(campaign, slug, "pause", "pause", "Pause")),
                CampaignState::Paused { .. } => (steer(campaign, slug, "resume", "play", "Resume")),
                CampaignState::Draft | CampaignState::Scheduled { .. } => (steer(campaign, slug, "resume", "play", "Start now")),
                CampaignState::Finishing | CampaignState::Done { .. } | CampaignState::Stopped { .. } => {}
            }
        }
    }
}

fn may_stop(state: &CampaignState) -> bool {
    match state {
        CampaignState::Running | CampaignState::Paused { .. } | CampaignState::Scheduled { .. } => true,
        CampaignState::Draft
        | CampaignState::Finishing
        | CampaignState::Done { .. }
        | CampaignState::Stopped { .. } => false,
    }
}

fn steer(campaign: &Campaign, slug: &str, verb: &str, icon_name: &str, label: &str) -> Markup {
    html! {
        form method="post" action=(url::steer(slug, &campaign.id, verb)) {
            button.btn.primary { (icon(icon_name)) (label) }
        }
    }
}

/// The question before a campaign is ended. It stands outside of what the stream replaces.
pub(super) fn stop_dialog(campaign: &Campaign, slug: &str, context: &Context) -> Markup {
    let open = campaign.progress.to_retry + campaign.progress.not_called;
    html! {
        @if context.can(Right::SteerCampaigns) && may_stop(&campaign.state) {
            div #stop popover class="dialog" role="dialog" aria-labelledby="stop-title" {
                h2 #stop-title { "End “" (campaign.name) "”" }
                p {
                    (count_of(open, "lead", "leads")) " will not be called any more. "
                    "Calls in progress go on. An ended campaign cannot be resumed."
                }
                div.bar {
                    form method="post" action=(url::steer(slug, &campaign.id, "stop")) {
                        button.btn.danger { "End for " (count_of(open, "lead", "leads")) }
                    }
                    button.btn type="button" popovertarget="stop" popovertargetaction="hide" { "Keep it" }
                }
            }
        }
    }
}
