//! The agents of one organization: which work, how much they do, and their switches.

use crate::components::{
    self, Frame, PauseDialog, Place, badge, column, count_input, empty, icon, meter, number_column, off_story,
    pause_button, resume_form, table, zone_note,
};
use crate::context::{Context, Right};
use crate::format::{percent, thousands};
use crate::url;
use crate::view::{AgentControl, Agents, DeployedAt, OrganizationName, Tone};
use crate::words::count;
use maud::{Markup, html};

pub fn agency(view: &Agents<DeployedAt>, organization: &OrganizationName, context: &Context) -> Markup {
    let rows = html! { @for (agent, at) in &view.rows { (draw_row(agent, Some(at), organization, context)) } };
    page(&rows, view.rows.is_empty(), true, context)
}

pub fn client(view: &Agents<()>, organization: &OrganizationName, context: &Context) -> Markup {
    let rows = html! { @for (agent, ()) in &view.rows { (draw_row(agent, None, organization, context)) } };
    page(&rows, view.rows.is_empty(), false, context)
}

fn page(rows: &Markup, is_empty: bool, is_agency: bool, context: &Context) -> Markup {
    let frame = Frame { title: "Agents", place: Place::Agents, above: &[], is_live: false, is_split: false };
    let body = html! {
        div.head { h1 { "Agents" } }
        section.card aria-label="List of agents" {
            @if is_empty {
                (nothing(is_agency))
            } @else {
                (table("Agents", &head(is_agency, context), rows))
                footer { (zone_note(context)) }
            }
        }
    };
    components::page(context, &frame, &body)
}

fn nothing(is_agency: bool) -> Markup {
    let sentence = if is_agency {
        "An agent is an assistant tied to this organization with `trunkline add agent`. Campaigns speak with its voice."
    } else {
        "An agent is the voice that speaks for you. Your agency sets it up."
    };
    empty("bot", "No agents yet", sentence, &html! {})
}

fn head(is_agency: bool, context: &Context) -> Markup {
    html! {
        (column("Agent", None))
        @if is_agency { (column("Deployed to", Some("wide"))) }
        (column("State", None))
        (column("Lines", None))
        (number_column("Calls today"))
        (number_column("Picked up"))
        @if context.can(Right::SteerCampaigns) { (column("Switch", None)) }
    }
}

fn draw_row(
    agent: &AgentControl,
    deployed: Option<&DeployedAt>,
    organization: &OrganizationName,
    context: &Context,
) -> Markup {
    html! {
        tr id={ "agent-" (agent.id) } {
            th scope="row" { span.flex { (icon("bot")) (agent.name) } }
            @if let Some(DeployedAt(accounts)) = deployed {
                td.wide.soft {
                    @if accounts.is_empty() { (badge(Tone::Warn, "circle-alert", "Nowhere")) } @else { (accounts.join(", ")) }
                }
            }
            td { (state(agent, context)) }
            td.bar-cell {
                span.flex {
                    (meter(&format!("Lines of {}", agent.name), agent.calls_now.into(), agent.lines_max.into(), None))
                    span.num.soft { (agent.calls_now) " of " (agent.lines_max) }
                }
            }
            td.r { (thousands(agent.calls_today)) }
            td.r { (percent(agent.answered_today, agent.calls_today)) }
            @if context.can(Right::SteerCampaigns) {
                td { (switches(agent, &organization.slug, deployed.is_some(), context)) }
            }
        }
    }
}

fn state(agent: &AgentControl, context: &Context) -> Markup {
    let Some(off) = &agent.off else { return badge(Tone::Good, "circle-check", "Works") };
    html! {
        span.two {
            (badge(Tone::Warn, "pause", "Paused"))
            small {
                (off_story(off, context))
                @if agent.calls_now > 0 { ". " (count(agent.calls_now.into(), "call")) " finishing" }
            }
        }
    }
}

fn switches(agent: &AgentControl, slug: &str, is_agency: bool, context: &Context) -> Markup {
    let id = format!("pause-{}", agent.id);
    let act = |verb: &str| url::steer_agent(slug, &agent.id, verb);
    html! {
        div.switches {
            @if agent.off.is_some() { (resume_form(&act("resume"), "Resume", &agent.name)) } @else {
                (pause_button(&PauseDialog {
                    id: &id, action: &act("pause"), verb: "Pause", what: &agent.name,
                    sentence: "None of its campaigns begins a new call. Calls in progress go on.",
                    more: html! {}, back: None,
                }, "btn sm", "pause"))
            }
            @if is_agency {
                @let label = format!("Lines of {} at most", agent.name);
                (count_input(&url::part_limits(slug, "agents", &agent.id), ("lines_max", &label, "lines"), agent.lines_max, context))
            }
        }
    }
}
