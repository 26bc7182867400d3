//! The list of campaigns.

use crate::components::{
    Frame, Place, campaign_badge, column, empty, icon, number_column, organization_name, page, pager, progress_parts,
    segments, table, tabs, zone_note,
};
use crate::context::{Context, Right};
use crate::format::{dollars, percent, thousands};
use crate::url::{self, Section, with_query};
use crate::view::{CampaignRow, CampaignTab, Campaigns, OperatorCampaignRow, OrganizationName};
use maud::{Markup, html};
use rust_decimal::Decimal;

pub fn agency(view: &Campaigns<OperatorCampaignRow>, context: &Context) -> Markup {
    let rows = html! { @for row in &view.rows {
        (draw_row(&row.campaign, &row.organization.slug, Some((&row.organization, row.spend))))
    } };
    draw(view, &rows, context)
}

pub fn client(view: &Campaigns<CampaignRow>, context: &Context) -> Markup {
    let rows = rows(&view.rows, context.organization().map_or("", |organization| &organization.slug));
    draw(view, &rows, context)
}

/// Rows without organization and spend.
pub(super) fn rows(campaigns: &[CampaignRow], slug: &str) -> Markup {
    html! { @for campaign in campaigns { (draw_row(campaign, slug, None)) } }
}

pub(super) fn head(is_agency: bool) -> Markup {
    html! {
        (column("Campaign", None))
        (column("State", None))
        @if is_agency { (column("Organization", Some("wide"))) }
        (column("Progress", None))
        (number_column("Leads"))
        (number_column("Lines"))
        (number_column("Calls"))
        (number_column("Picked up"))
        @if is_agency { (number_column("Spend")) }
    }
}

fn draw<Row>(view: &Campaigns<Row>, rows: &Markup, context: &Context) -> Markup {
    let frame =
        Frame { title: "Campaigns", place: Place::Of(Section::Campaigns), above: &[], is_live: false, is_split: false };
    let address = url::section(context, Section::Campaigns);
    let links: Vec<_> =
        CampaignTab::ALL.into_iter().map(|tab| (tab_address(&address, tab), tab_label(tab), tab == view.tab)).collect();
    let body = html! {
        div.head { h1 { "Campaigns" } div.end { (new_campaign(context)) } }
        (tabs("Campaigns by state", &links))
        section.card #campaigns aria-label="List of campaigns" hx-get=(context.path) hx-trigger="every 5s"
            hx-select="#campaigns" hx-swap="outerMorph" {
            @if view.rows.is_empty() {
                (nothing(view.tab, context))
            } @else {
                (table("Campaigns", &head(context.is_agency()), rows))
                footer { (zone_note(context)) (pager(&view.pager, &tab_address(&address, view.tab))) }
            }
        }
    };
    page(context, &frame, &body)
}

fn tab_address(address: &str, tab: CampaignTab) -> String {
    match tab {
        CampaignTab::All => address.to_owned(),
        tab => with_query(address, &[("state", tab.name())]),
    }
}

fn tab_label(tab: CampaignTab) -> &'static str {
    match tab {
        CampaignTab::All => "All",
        CampaignTab::Running => "Running",
        CampaignTab::Paused => "Paused",
        CampaignTab::Over => "Over",
    }
}

fn new_campaign(context: &Context) -> Markup {
    html! {
        @if let Some(organization) = context.organization().filter(|_| context.can(Right::CreateCampaigns)) {
            a.btn.primary href=(url::new_campaign(&organization.slug)) { (icon("plus")) "New campaign" }
        }
    }
}

fn nothing(tab: CampaignTab, context: &Context) -> Markup {
    match tab {
        CampaignTab::All => empty(
            "megaphone",
            "No campaigns yet",
            "A campaign calls a list of leads with one agent, inside calling hours.",
            &new_campaign(context),
        ),
        CampaignTab::Running | CampaignTab::Paused | CampaignTab::Over => {
            let all = html! { a.btn href=(url::section(context, Section::Campaigns)) { "All campaigns" } };
            empty("megaphone", "None in this state", "Other campaigns are under the other tabs.", &all)
        }
    }
}

fn draw_row(campaign: &CampaignRow, slug: &str, operator: Option<(&OrganizationName, Decimal)>) -> Markup {
    let progress = &campaign.progress;
    let sentence = format!("{} of {} leads have a result", thousands(progress.settled()), thousands(progress.leads));
    html! {
        tr.row id={ "campaign-" (campaign.id) } {
            th scope="row" {
                span.two { a.cell href=(url::campaign(slug, &campaign.id)) { (campaign.name) } small { (campaign.agent) } }
            }
            td { (campaign_badge(&campaign.state)) }
            @if let Some((organization, _)) = operator { td.wide { (organization_name(organization)) } }
            td.bar-cell { (segments(&progress_parts(progress), &sentence)) }
            td.r { (thousands(progress.settled())) span.muted { " of " (thousands(progress.leads)) } }
            td.r { (campaign.lines_in_use) }
            td.r { (thousands(campaign.calls)) }
            td.r { (percent(campaign.answered, campaign.calls)) }
            @if let Some((_, spend)) = operator { td.r { (dollars(spend)) } }
        }
    }
}
