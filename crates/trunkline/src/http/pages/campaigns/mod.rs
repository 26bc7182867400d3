//! The list of campaigns: the agency's over all organizations, and that of one.

pub(crate) mod row;

use crate::domain::status::CampaignStatus;
use crate::http::caller::{AgencyUser, Viewer};
use crate::http::error::PageError;
use crate::http::{App, context};
use crate::store::campaign_list::{self, ListedCampaign};
use crate::store::keyset::{Cursor, Page};
use crate::store::{Reach, Result as Stored, TenantTx};
use axum::extract::{Query, State};
use axum::response::Html;
use ui::view::{CampaignRow, CampaignTab, Campaigns, OperatorCampaignRow, Pager};

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    state: String,
    older: String,
    newer: String,
}

/// `GET /campaigns`
pub(crate) async fn agency(
    State(app): State<App>,
    caller: AgencyUser,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, PageError> {
    let tx = app.db.agency().await?;
    let view = for_operator(Reach::Agency(&tx), &asked).await?;
    drop(tx);
    let context = context::of_agency(&app, &caller).await?;
    Ok(Html(ui::pages::campaigns::agency(&view, &context).into_string()))
}

/// `GET /o/{slug}/campaigns`
pub(crate) async fn organization(
    State(app): State<App>,
    caller: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, PageError> {
    let context = context::of_viewer(&app, &caller).await?;
    let tx = app.db.tenant(caller.organization.id).await?;
    let page = if caller.is_agency() {
        ui::pages::campaigns::agency(&for_operator(Reach::Organization(&tx), &asked).await?, &context)
    } else {
        ui::pages::campaigns::client(&for_client(&tx, &asked).await?, &context)
    };
    Ok(Html(page.into_string()))
}

async fn for_operator(reach: Reach<'_>, asked: &Asked) -> Stored<Campaigns<OperatorCampaignRow>> {
    let page = listed(reach, asked).await?;
    let rows = row::for_operator(reach, &page.rows).await?;
    Ok(Campaigns { tab: asked.tab(), rows, pager: pager(&page) })
}

async fn for_client(tx: &TenantTx, asked: &Asked) -> Stored<Campaigns<CampaignRow>> {
    let reach = Reach::Organization(tx);
    let page = listed(reach, asked).await?;
    let rows = row::for_client(reach, &page.rows).await?;
    Ok(Campaigns { tab: asked.tab(), rows, pager: pager(&page) })
}

async fn listed(reach: Reach<'_>, asked: &Asked) -> Stored<Page<ListedCampaign>> {
    campaign_list::page(reach, statuses(asked.tab()), asked.cursor()).await
}

fn statuses(tab: CampaignTab) -> &'static [CampaignStatus] {
    match tab {
        CampaignTab::All => CampaignStatus::ALL,
        CampaignTab::Running => &[CampaignStatus::Running],
        CampaignTab::Paused => &[CampaignStatus::Paused],
        CampaignTab::Over => &[CampaignStatus::Stopped, CampaignStatus::Completed],
    }
}

fn pager(page: &Page<ListedCampaign>) -> Pager {
    Pager { newer: page.newer.map(|place| place.to_string()), older: page.older.map(|place| place.to_string()) }
}

impl Asked {
    fn tab(&self) -> CampaignTab {
        CampaignTab::from_name(&self.state).unwrap_or_default()
    }

    /// A place that cannot be read is the beginning of the list.
    fn cursor(&self) -> Cursor {
        let older = self.older.parse().map(Cursor::OlderThan);
        older.or_else(|_| self.newer.parse().map(Cursor::NewerThan)).unwrap_or_default()
    }
}
