//! The six numbers.

use crate::components::{Stat, stats};
use crate::context::Context;
use crate::format::{dollars, duration, percent, tenths, thousands};
use crate::view::{Campaign, CampaignState, Finish, OperatorCampaign};
use crate::words::count;
use jiff::Timestamp;
use maud::{Markup, html};
use rust_decimal::Decimal;

pub(super) fn strip(campaign: &Campaign, fifth: Stat, context: &Context) -> Markup {
    let progress = &campaign.progress;
    let reached = progress.goals_met + progress.answered;
    stats(
        "numbers",
        &[
            Stat::new("Reached a result", thousands(progress.settled()))
                .unit(format!("of {}", thousands(progress.leads)))
                .below(html! { (percent(progress.settled(), progress.leads)) " of leads" }),
            Stat::new("Picked up", percent(campaign.answered, campaign.calls))
                .below(html! { (thousands(campaign.answered)) " of " (count(campaign.calls, "call")) }),
            Stat::new("Goal met", thousands(progress.goals_met))
                .below(html! { (percent(progress.goals_met, reached)) " of leads reached" }),
            Stat::new("Calls per minute", tenths(campaign.calls_in_ten_minutes.into())).below(
                html! { @match campaign.pace.limit {
                    Some(limit) => { "limits let " (limit) " through" },
                    None => { "over ten minutes" },
                } },
            ),
            fifth,
            finish(campaign, context),
        ],
    )
}

/// The agency's fifth number.
pub(super) fn spend(view: &OperatorCampaign) -> Stat {
    let stat = Stat::new("Spend", dollars(view.spend)).below(html! {
        @if view.campaign.answered > 0 { (dollars(view.spend / Decimal::from(view.campaign.answered))) " for each pick-up" }
    });
    match view.budget {
        Some(budget) => stat.unit(format!("of {}", dollars(budget).trim_end_matches(".00"))),
        None => stat,
    }
}

/// A client's fifth number.
pub(super) fn talk_time(campaign: &Campaign) -> Stat {
    Stat::new("Talk time", duration(campaign.talk_seconds)).below(html! {
        @if let Some(average) = campaign.talk_seconds.checked_div(campaign.answered) {
            (duration(average)) " for each pick-up"
        }
    })
}

fn finish(campaign: &Campaign, context: &Context) -> Stat {
    match campaign.finish {
        Finish::Was(at) => Stat::new("Finished", text(at, context)),
        Finish::Expected(at) => Stat::new("Done by", text(at, context)).below(html! { "at the present pace" }),
        Finish::Unknown => Stat::new("Done by", "–").below(html! {
            @if campaign.state == CampaignState::Running { "after five minutes of calls" } @else { "it does not run" }
        }),
    }
}

fn text(at: Timestamp, context: &Context) -> String {
    crate::format::when(at, context.now, &context.zone)
}
