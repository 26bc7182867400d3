//! A campaign before it starts: every lead that it would call is decided about.

use super::{CampaignKey, case};
use crate::dialer::look;
use crate::domain::preflight::Preflight;
use crate::domain::status::CampaignStatus;
use crate::domain::time_zone::local_day;
use crate::store::{Result, TenantTx, called_phones, why as asked};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Leads that are read at once.
const PAGE: i64 = 2_000;
/// Pages of a campaign that are looked at: a million leads.
const PAGES_MAX: usize = 500;

/// What would come of a campaign.
#[derive(Debug, Clone)]
pub struct Flight {
    pub campaign: asked::Campaign,
    /// As of when: now, or when it is to begin.
    pub at: Timestamp,
    pub preflight: Preflight,
}

/// Looks at all planned tries of a campaign as of `now`, or of its start if that is later. Locks nothing.
pub async fn preflight(tx: &TenantTx, key: &CampaignKey, now: Timestamp) -> Result<Flight> {
    let campaign = super::campaign_of(tx, key).await?;
    let starts_at = campaign.starts_at.filter(|_| campaign.status == CampaignStatus::Scheduled);
    let at = starts_at.map_or(now, |starts_at| starts_at.max(now));
    let look = look(tx, at, &[campaign.id]).await?;
    let mut preflight = Preflight::default();
    let mut last: Option<asked::Next> = None;
    for _ in 0..PAGES_MAX {
        let page = asked::next(tx, campaign.id, last.as_ref(), PAGE).await?;
        let phones: Vec<&str> = page.iter().map(|next| next.candidate.phone.as_str()).collect();
        let facts = called_phones::remembered(tx, &phones, local_day(at, &TimeZone::UTC)).await?;
        for (next, phone) in page.iter().zip(&facts) {
            preflight.add(look.books.facts(&next.candidate, phone), || case::who(&next.name, &next.candidate.phone));
        }
        match page.into_iter().last() {
            Some(next) => last = Some(next),
            None => break,
        }
    }
    Ok(Flight { campaign, at, preflight })
}
