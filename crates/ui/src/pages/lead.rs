//! One lead: whether it is called now and why not, its campaigns, and everything that was tried.

use crate::components::{
    self, Frame, Place, call_badge, campaign_link, card, card_with, column, icon, key_values, lead_badge, moment,
    number_column, table, why,
};
use crate::context::{Context, Right};
use crate::format::{self, minutes_and_seconds};
use crate::url::{self, Section};
use crate::view::{EnrollmentRow, Goal, LeadDetail, LeadDnc, LeadStep, LeadStepKind};
use maud::{Markup, html};

pub fn page(view: &LeadDetail, context: &Context) -> Markup {
    let frame = Frame {
        title: &view.row.name,
        place: Place::Of(Section::Leads),
        above: &[(url::section(context, Section::Leads), "Leads")],
        is_live: false,
        is_split: false,
    };
    let slug = context.organization().map_or("", |organization| &organization.slug);
    let body = html! {
        (head(view, slug, context))
        div.cols {
            div.stack {
                (why(&view.why))
                (timeline(&view.timeline, slug, context))
            }
            div.stack {
                (facts(view, context))
                (enrollments(&view.enrollments, slug))
            }
        }
    };
    components::page(context, &frame, &body)
}

fn head(view: &LeadDetail, slug: &str, context: &Context) -> Markup {
    let lead = &view.row;
    let their_time = context.now.to_zoned(lead.zone.clone()).time();
    html! {
        div.head {
            div {
                div.title { h1 { (lead.name) } (lead_badge(lead.state)) }
                div.meta {
                    span.num { (icon("phone")) (format::phone(&lead.phone)) }
                    span {
                        (icon("globe")) (format::zone_name(&lead.zone)) ", "
                        (format::time_of_day(their_time)) " for the lead"
                    }
                }
            }
            @if context.can(Right::ImportLeads) { div.end { (do_not_call(view, slug)) } }
        }
    }
}

/// Puts the lead's phone on the list, or takes it off. One click, because the other undoes it.
fn do_not_call(view: &LeadDetail, slug: &str) -> Markup {
    let (action, icon_name, words) = match view.dnc {
        LeadDnc::No => (url::put_on_dnc(slug, &view.row.id), "ban", "Do not call"),
        LeadDnc::OfOrganization => (url::take_off_dnc(slug, &view.row.id), "phone", "Take off the do-not-call list"),
        LeadDnc::OfAgency => return html! {},
    };
    html! { form method="post" action=(action) { button.btn { (icon(icon_name)) (words) } } }
}

fn timeline(steps: &[LeadStep], slug: &str, context: &Context) -> Markup {
    let body = html! {
        @if steps.is_empty() {
            p.note { "Nothing was tried yet." }
        } @else {
            ol.steps { @for step in steps { li { (moment(step.at, context)) (draw_step(step, slug)) } } }
        }
    };
    card("timeline", "Calls and attempts", &body)
}

fn draw_step(step: &LeadStep, slug: &str) -> Markup {
    html! {
        @match &step.what {
            LeadStepKind::Call { id, state, seconds, how_it_ended } => {
                span.flex {
                    (call_badge(*state, Goal::Unknown))
                    a.link href=(url::call(slug, id)) {
                        "Call" @if let Some(seconds) = seconds { ", " (minutes_and_seconds(*seconds)) }
                    }
                }
                @if let Some(how) = how_it_ended { small { (how) } }
            }
            LeadStepKind::Attempt { text } | LeadStepKind::Note { text } => span { (text) }
        }
        @if let Some(campaign) = &step.campaign { small { (campaign) } }
    }
}

fn facts(view: &LeadDetail, context: &Context) -> Markup {
    let mut pairs = vec![("Added", moment(view.added_at, context))];
    if let Some(source) = &view.source {
        pairs.push(("From", html! { (source) }));
    }
    pairs.push(("Calls", html! { (view.row.calls) }));
    pairs.extend(view.variables.iter().map(|(name, value)| (name.as_str(), html! { (value) })));
    card("facts", "What we know", &key_values(&pairs))
}

fn enrollments(enrollments: &[EnrollmentRow], slug: &str) -> Markup {
    if enrollments.is_empty() {
        return card("enrollments", "Campaigns", &html! { p.note { "In no campaign." } });
    }
    let head = html! { (column("Campaign", None)) (column("Standing", None)) (number_column("Attempts")) };
    let rows = html! { @for row in enrollments {
        tr {
            th scope="row" { (campaign_link(slug, &row.campaign.id, &row.campaign.name)) }
            td.soft { (row.standing) }
            td.r { (row.attempts) span.muted { " of " (row.attempts_max) } }
        }
    } };
    card_with("enrollments", "Campaigns", &html! {}, &table("Campaigns of this lead", &head, &rows))
}
