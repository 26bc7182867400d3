//! Why something is or is not called, on a page of its own: the answer, all facts, and the same for another time.

use crate::components::{self, Frame, Place, campaign_link, card, card_with, facts, moment, why_alone};
use crate::context::Context;
use crate::format;
use crate::url::{self, Section};
use crate::view::{Named, WhyPage, WhySubject};
use maud::{Markup, html};

pub fn page(view: &WhyPage, context: &Context) -> Markup {
    let slug = context.organization().map_or("", |organization| &organization.slug);
    let (title, section) = match &view.subject {
        WhySubject::Lead(_) => ("Why is this lead not called?", Section::Leads),
        WhySubject::Campaign(_) => ("Why does this campaign not call?", Section::Campaigns),
        WhySubject::Number(_) => ("Why does this number not call?", Section::Numbers),
        WhySubject::Organization => ("Why are no calls made?", Section::Overview),
    };
    let subject = subject(&view.subject, slug);
    let list = (url::section_of(slug, section), list_name(section));
    let above: Vec<(String, &str)> =
        std::iter::once(list).chain(subject.as_ref().map(|(href, name)| (href.clone(), name.as_str()))).collect();
    let frame = Frame { title: "Why", place: Place::Of(section), above: &above, is_live: false, is_split: false };
    let body = html! {
        div.head {
            div {
                h1 { (title) }
                div.meta {
                    @if let Some((href, name)) = &subject { span { a.link href=(href) { (name) } } }
                    span {
                        @if view.is_another_time { "As it would be " } @else { "As of " }
                        (moment(view.asked_at, context))
                    }
                }
            }
        }
        div.cols {
            div.stack {
                (why_alone(&view.answer))
                @if view.campaigns.len() > 1 { (in_campaigns(&view.campaigns, slug)) }
                @if !view.answer.facts.is_empty() { (all_facts(view)) }
            }
            div.stack { (another_time(view, context)) }
        }
    };
    components::page(context, &frame, &body)
}

fn list_name(section: Section) -> &'static str {
    match section {
        Section::Leads => "Leads",
        Section::Campaigns => "Campaigns",
        Section::Numbers => "Numbers",
        Section::Overview | Section::Calls | Section::Attention => "Overview",
    }
}

/// Its page and how it is called; a number has its list only, and the organization is the crumb above.
fn subject(subject: &WhySubject, slug: &str) -> Option<(String, String)> {
    match subject {
        WhySubject::Lead(Named { id, name }) => Some((url::lead(slug, id), name.clone())),
        WhySubject::Campaign(Named { id, name }) => Some((url::campaign(slug, id), name.clone())),
        WhySubject::Number(number) => Some((url::section_of(slug, Section::Numbers), format::phone(number))),
        WhySubject::Organization => None,
    }
}

fn in_campaigns(campaigns: &[(Named, String)], slug: &str) -> Markup {
    let body = html! {
        ul.found {
            @for (campaign, sentence) in campaigns {
                li { (campaign_link(slug, &campaign.id, &campaign.name)) p.note { (sentence) } }
            }
        }
    };
    card_with("campaigns", "In each campaign", &html! {}, &body)
}

fn all_facts(view: &WhyPage) -> Markup {
    let body = html! { div.fact-groups { @for group in &view.answer.facts { (facts(group)) } } };
    card("facts", "How this was decided", &body)
}

/// The question again, as it would be at another time.
fn another_time(view: &WhyPage, context: &Context) -> Markup {
    let asked = match &view.subject {
        WhySubject::Lead(lead) => Some(("lead", lead.id.as_str())),
        WhySubject::Campaign(campaign) => Some(("campaign", campaign.id.as_str())),
        WhySubject::Number(number) => Some(("number", number.as_str())),
        WhySubject::Organization => None,
    };
    let at = view.asked_at.to_zoned(context.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string();
    let body = html! {
        form.form method="get" {
            @if let Some((name, value)) = asked { input type="hidden" name=(name) value=(value); }
            div.form-row {
                label for="at" { "What if it were" }
                input.input #at type="datetime-local" name="at" value=(at) required aria-describedby="at-hint";
                p.note #at-hint { "In " (format::zone_name(&context.zone)) " time, with the calls that are counted now. Nothing is changed by asking." }
            }
            div.bar {
                button.btn { "Ask" }
                @if view.is_another_time { a.btn.quiet href=(view.answer.page) { "As of now" } }
            }
        }
    };
    card("another-time", "At another time", &body)
}
