//! What sets the pace: the one limit or fact that holds a campaign now, then the limits that do not.

use crate::components::{card_with, meter, moment};
use crate::context::Context;
use crate::format::thousands;
use crate::view::{
    CampaignState, ClientCampaign, ClientLimit, Limit, OperatorCampaign, OperatorLimit, PaceCause, PaceSetting, Tone,
};
use maud::{Markup, html};

pub(super) fn operator(view: &OperatorCampaign, context: &Context) -> Markup {
    let setting = &view.pace_setting;
    let advice = room_in_pool(&setting.others).unwrap_or_default();
    draw(setting, operator_label, &advice, &view.campaign.state, context)
}

pub(super) fn client(view: &ClientCampaign, context: &Context) -> Markup {
    let advice = " Ask your agency for more to go faster.";
    draw(&view.pace_setting, client_label, advice, &view.campaign.state, context)
}

fn draw<Kind>(
    setting: &PaceSetting<Kind>,
    label: fn(&Kind) -> String,
    advice: &str,
    state: &CampaignState,
    context: &Context,
) -> Markup {
    let list = html! {
        ul.limits {
            @match &setting.cause {
                PaceCause::Limit(limit) => li.bind {
                    (row(&label(&limit.kind), limit, Some(Tone::Warn)))
                    span.note { "Holds the pace now." (advice) }
                },
                cause => li.cause { (fact(cause, state, context)) },
            }
            @for limit in &setting.others { li { (row(&label(&limit.kind), limit, None)) } }
        }
    };
    card_with("pace-setting", "What sets the pace", &html! {}, &list)
}

pub(in crate::pages) fn row<Kind>(label: &str, limit: &Limit<Kind>, tone: Option<Tone>) -> Markup {
    html! {
        div.row { b { (label) } span.v { (thousands(limit.used)) " of " (thousands(limit.max)) } }
        (meter(label, limit.used, limit.max, tone))
    }
}

fn fact<Kind>(cause: &PaceCause<Kind>, state: &CampaignState, context: &Context) -> Markup {
    html! {
        @match cause {
            PaceCause::Limit(_) | PaceCause::Nothing => {
                b { "Nothing holds it" } span.note { "Every lead that is due is being called." }
            }
            PaceCause::CallingHours { opens_at } => {
                b { "Calling hours are closed" }
                span.note { "No lead that is left may be called now. The next hours begin at " (moment(*opens_at, context)) "." }
            }
            PaceCause::Retries { next_at } => {
                b { "Only retries are left" }
                span.note { "The next lead is tried again at " (moment(*next_at, context)) "." }
            }
            PaceCause::LeadsWait { why, until } => {
                b { "Its leads wait" }
                span.note { (why) " The next lead is due at " (moment(*until, context)) "." }
            }
            PaceCause::HeldBack { why } => { b { "It waits" } span.note { (why) } }
            PaceCause::NotRunning => (not_running(state))
        }
    }
}

fn not_running(state: &CampaignState) -> Markup {
    let (title, sentence) = match state {
        CampaignState::Draft => ("It is a draft", "Nothing is dialed until it is started."),
        CampaignState::Scheduled { .. } => ("It has not started", "Nothing is dialed before its time."),
        CampaignState::Paused { .. } => ("It is paused", "No new call begins. Every lead keeps its place."),
        CampaignState::Finishing => ("It is finishing", "No new call begins; the last ones go on."),
        CampaignState::Done { .. } => ("It is done", "Every lead has a result."),
        CampaignState::Stopped { .. } => ("It was ended", "The leads that were left are not called."),
        CampaignState::Running => ("It waits", "Dialing is stopped for all campaigns at the moment."),
    };
    html! { b { (title) } span.note { (sentence) } }
}

fn room_in_pool(others: &[Limit<OperatorLimit>]) -> Option<String> {
    others.iter().find_map(|limit| match &limit.kind {
        OperatorLimit::PoolLines(name) if limit.max > limit.used => {
            Some(format!(" {name} has room for {} more.", thousands(limit.max - limit.used)))
        }
        OperatorLimit::PoolLines(_) | OperatorLimit::AccountRequests(_) | OperatorLimit::Of(_) => None,
    })
}

pub(in crate::pages) fn operator_label(kind: &OperatorLimit) -> String {
    match kind {
        OperatorLimit::Of(kind) => client_label(kind),
        OperatorLimit::PoolLines(name) => format!("Lines of pool {name}"),
        OperatorLimit::AccountRequests(name) => format!("Requests a minute, {name}"),
    }
}

fn client_label(kind: &ClientLimit) -> String {
    match kind {
        ClientLimit::CampaignLines => "Lines of this campaign",
        ClientLimit::OrganizationLines => "Lines of the organization",
        ClientLimit::AgentLines => "Lines of the agent",
        ClientLimit::OrganizationCallsToday => "Calls of the organization today",
        ClientLimit::NumberCallsToday => "Calls from its numbers today",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_pool_has_no_room_to_advise() {
        let pool = |used| Limit { kind: OperatorLimit::PoolLines("east".into()), used, max: 40 };

        assert_eq!(room_in_pool(&[pool(34)]).as_deref(), Some(" east has room for 6 more."));
        assert_eq!(room_in_pool(&[pool(40)]), None);
    }
}
