//! The list of leads: the agency's over all organizations, and that of one.

pub(crate) mod row;

use super::calls::pager;
use crate::http::caller::{AgencyUser, Viewer};
use crate::http::error::PageError;
use crate::http::{App, context};
use crate::store::Reach;
use crate::store::keyset::{Count, Cursor, Page};
use crate::store::lead_list::{self, LeadFilter, LeadGroup, ListedLead};
use crate::store::search_words::SearchWords;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;
use ui::view::{LeadTab, Leads, Total};

/// What an address asks for. Keys that mean nothing are left alone.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AskedLeads {
    q: String,
    state: String,
    older: String,
    newer: String,
}

struct Listed {
    page: Page<ListedLead>,
    total: Total,
    has_any: bool,
}

/// `GET /leads`
pub(crate) async fn agency(
    State(app): State<App>,
    caller: AgencyUser,
    Query(asked): Query<AskedLeads>,
) -> Result<Html<String>, PageError> {
    // Words are looked for within one organization only.
    let asked = AskedLeads { q: String::new(), ..asked };
    let tx = app.db.agency().await?;
    let listed = read(Reach::Agency(&tx), &asked).await?;
    drop(tx);
    let rows = listed.page.rows.iter().map(row::for_operator).collect();
    let view = view(asked, &listed, false, rows);
    let context = context::of_agency(&app, &caller).await?;
    Ok(Html(ui::pages::leads::agency(&view, &context).into_string()))
}

/// `GET /o/{slug}/leads`
pub(crate) async fn organization(
    State(app): State<App>,
    caller: Viewer,
    Query(asked): Query<AskedLeads>,
) -> Result<Html<String>, PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    let listed = read(Reach::Organization(&tx), &asked).await?;
    drop(tx);
    let context = context::of_viewer(&app, &caller).await?;
    let page = if caller.is_agency() {
        let rows = listed.page.rows.iter().map(row::for_operator).collect();
        ui::pages::leads::agency(&view(asked, &listed, true, rows), &context)
    } else {
        let rows = listed.page.rows.iter().map(row::for_client).collect();
        ui::pages::leads::client(&view(asked, &listed, true, rows), &context)
    };
    Ok(Html(page.into_string()))
}

async fn read(reach: Reach<'_>, asked: &AskedLeads) -> Result<Listed, PageError> {
    let filter = LeadFilter { words: SearchWords::parse(&asked.q), group: asked.group() };
    let page = lead_list::page(reach, &filter, asked.cursor()).await?;
    let total = match lead_list::count(reach, &filter).await? {
        Count::Exactly(count) => Total::Exactly(count),
        Count::MoreThan(count) => Total::MoreThan(count),
    };
    let has_any = !page.rows.is_empty() || lead_list::has_any(reach).await?;
    Ok(Listed { page, total, has_any })
}

impl AskedLeads {
    fn tab(&self) -> LeadTab {
        LeadTab::from_name(&self.state).unwrap_or_default()
    }

    fn group(&self) -> Option<LeadGroup> {
        match self.tab() {
            LeadTab::All => None,
            LeadTab::ToCall => Some(LeadGroup::ToCall),
            LeadTab::Reached => Some(LeadGroup::Reached),
            LeadTab::NotReached => Some(LeadGroup::NotReached),
            LeadTab::DoNotCall => Some(LeadGroup::DoNotCall),
        }
    }

    /// A place that cannot be read is the first page.
    fn cursor(&self) -> Cursor {
        if let Ok(place) = self.older.parse() {
            return Cursor::OlderThan(place);
        }
        self.newer.parse().map_or(Cursor::First, Cursor::NewerThan)
    }
}

fn view<Row>(asked: AskedLeads, listed: &Listed, is_searchable: bool, rows: Vec<Row>) -> Leads<Row> {
    Leads {
        tab: asked.tab(),
        q: asked.q,
        is_searchable,
        rows,
        pager: pager(listed.page.newer, listed.page.older),
        total: listed.total,
        has_any: listed.has_any,
    }
}
