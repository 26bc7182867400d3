//! What the search of the top bar finds: for the agency over all organizations, for a member in their own.

use crate::domain::status::CampaignStatus;
use crate::http::caller::SignedIn;
use crate::http::error::PageError;
use crate::http::pages::calls::row::lead_name;
use crate::http::{App, context};
use crate::store::keyset::Cursor;
use crate::store::lead_list::{self, LeadFilter};
use crate::store::organizations::OrganizationBrief;
use crate::store::search::{self, FoundCampaign};
use crate::store::search_words::SearchWords;
use crate::store::{Reach, memberships};
use axum::extract::{Query, State};
use axum::response::Html;
use ui::url;
use ui::view::{SearchGroup, SearchHit, SearchKind, SearchResults};

const HITS_MAX: usize = 6;
const HITS_READ: i64 = 6;
/// Organizations of one member that are searched.
const MEMBERSHIPS_MAX: usize = 8;
const WORDS_CHARS_MAX: usize = 100;
/// Fewer digits are no whole phone.
const PHONE_DIGITS_MIN: usize = 7;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
}

/// `GET /search`: as a piece of the palette for the script, else as a page.
pub(crate) async fn find(
    State(app): State<App>,
    caller: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, PageError> {
    let q: String = asked.q.trim().chars().take(WORDS_CHARS_MAX).collect();
    let groups = match (q.is_empty(), caller.session.user.agency_role) {
        (true, _) => Vec::new(),
        (false, Some(_)) => for_agency(&app, &q).await?,
        (false, None) => for_member(&app, &caller, &q).await?,
    };
    let groups = groups.into_iter().filter(|group| !group.hits.is_empty()).collect();
    let view = SearchResults { q, groups };
    let context = context::of_anybody(&app, &caller.session, &caller.asked).await?.ok_or(PageError::NotFound)?;
    let markup = if caller.asked.is_htmx {
        ui::pages::search::fragment(&view)
    } else {
        ui::pages::search::page(&view, &context)
    };
    Ok(Html(markup.into_string()))
}

async fn for_agency(app: &App, q: &str) -> Result<Vec<SearchGroup>, PageError> {
    let tx = app.db.agency().await?;
    let organizations = search::organizations(&tx, q, HITS_READ).await?;
    let campaigns = search::campaigns(Reach::Agency(&tx), q, HITS_READ).await?;
    let leads = search::leads_by_phone(&tx, &phones(q), HITS_READ).await?;
    let calls = search::calls(&tx, q, HITS_READ).await?;
    let lead = |lead: &search::FoundLead| SearchHit {
        title: lead_name(Some(&lead.name), &lead.phone),
        detail: lead.organization.1.clone(),
        href: url::lead(&lead.organization.0, &lead.id.to_string()),
    };
    let call = |call: &search::FoundCall| SearchHit {
        title: lead_name(Some(&call.lead), &call.phone),
        detail: call.organization.1.clone(),
        href: url::call(&call.organization.0, &call.id.to_string()),
    };
    Ok(vec![
        group(SearchKind::Organizations, organizations.iter().map(organization).collect()),
        group(SearchKind::Campaigns, campaigns.iter().map(|found| campaign(found, true)).collect()),
        group(SearchKind::Leads, leads.iter().map(lead).collect()),
        group(SearchKind::Calls, calls.iter().map(call).collect()),
    ])
}

async fn for_member(app: &App, caller: &SignedIn, q: &str) -> Result<Vec<SearchGroup>, PageError> {
    let (mut campaigns, mut leads) = (Vec::new(), Vec::new());
    let memberships = memberships::of_user(&app.db, caller.session.user.id).await?;
    let is_of_several = memberships.len() > 1;
    for membership in memberships.into_iter().take(MEMBERSHIPS_MAX) {
        let slug = &membership.organization.slug;
        let tx = app.db.tenant(membership.organization.id).await?;
        let reach = Reach::Organization(&tx);
        let found = search::campaigns(reach, q, HITS_READ).await?;
        campaigns.extend(found.iter().map(|found| campaign(found, is_of_several)));
        let filter = LeadFilter { words: SearchWords::parse(q), group: None };
        let found = lead_list::page(reach, &filter, Cursor::First).await?;
        leads.extend(found.rows.iter().take(HITS_MAX).map(|lead| SearchHit {
            title: lead_name(Some(&lead.name), &lead.phone),
            detail: ui::format::phone(&lead.phone),
            href: url::lead(slug, &lead.id.to_string()),
        }));
    }
    Ok(vec![group(SearchKind::Campaigns, campaigns), group(SearchKind::Leads, leads)])
}

fn group(kind: SearchKind, mut hits: Vec<SearchHit>) -> SearchGroup {
    hits.truncate(HITS_MAX);
    SearchGroup { kind, hits }
}

fn organization(found: &OrganizationBrief) -> SearchHit {
    SearchHit { title: found.name.clone(), detail: String::new(), href: url::organization(&found.slug) }
}

fn campaign(found: &FoundCampaign, with_organization: bool) -> SearchHit {
    let (slug, name) = &found.organization;
    let detail = if with_organization { name.clone() } else { in_words(found.status).to_owned() };
    SearchHit { title: found.name.clone(), detail, href: url::campaign(slug, &found.id.to_string()) }
}

fn in_words(status: CampaignStatus) -> &'static str {
    match status {
        CampaignStatus::Draft => "Draft",
        CampaignStatus::Scheduled => "Scheduled",
        CampaignStatus::Running => "Running",
        CampaignStatus::Paused => "Paused",
        CampaignStatus::Stopped => "Stopped",
        CampaignStatus::Completed => "Done",
    }
}

/// The phones that a text may mean, in E.164: as it stands, and as a North American one. Words mean none.
fn phones(q: &str) -> Vec<String> {
    let digits: String = q.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < PHONE_DIGITS_MIN || q.chars().any(char::is_alphabetic) {
        return Vec::new();
    }
    vec![format!("+{digits}"), format!("+1{digits}")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_looked_for_as_it_is_typed_and_as_a_national_one() {
        assert_eq!(phones("(312) 555-0146"), ["+3125550146", "+13125550146"]);
        assert_eq!(phones("+1 312 555 0146"), ["+13125550146", "+113125550146"]);
        assert!(phones("Ann 3125550146").is_empty());
        assert!(phones("555").is_empty());
    }
}
