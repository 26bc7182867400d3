//! A campaign before it starts: every lead that it would call is decided about.

use super::{CampaignKey, case};
use crate::dialer::{Look, look};
use crate::domain::ids::CampaignId;
use crate::domain::preflight::{Preflight, SampledLead};
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
    /// False if there are more leads than are looked at.
    pub is_whole: bool,
}

/// Looks at all planned tries of a campaign as of `now`, or of its start if that is later. Locks nothing.
pub async fn preflight(tx: &TenantTx, key: &CampaignKey, now: Timestamp) -> Result<Flight> {
    let campaign = super::campaign_of(tx, key).await?;
    let starts_at = campaign.starts_at.filter(|_| campaign.status == CampaignStatus::Scheduled);
    let at = starts_at.map_or(now, |starts_at| starts_at.max(now));
    let look = look(tx, at, &[campaign.id]).await?;
    let mut preflight = Preflight::default();
    let is_whole = decide_all(tx, campaign.id, (&look, at), &mut preflight).await?;
    Ok(Flight { campaign, at, preflight, is_whole })
}

/// Adds the decision about each lead; false if there are more of them. The next page is read while what is remembered of
/// this one's phones is.
async fn decide_all(
    tx: &TenantTx,
    campaign: CampaignId,
    (look, at): (&Look, Timestamp),
    preflight: &mut Preflight,
) -> Result<bool> {
    let today = local_day(at, &TimeZone::UTC);
    let mut page = asked::next(tx, campaign, None, PAGE).await?;
    for _ in 0..PAGES_MAX {
        let Some(last) = page.last() else { return Ok(true) };
        let phones: Vec<_> = page.iter().map(|next| (tx.organization, next.candidate.phone.as_str())).collect();
        let (facts, following) = tokio::try_join!(
            called_phones::remembered(tx, &phones, today),
            asked::next(tx, campaign, Some(last), PAGE)
        )?;
        for (next, phone) in page.iter().zip(&facts) {
            let candidate = &next.candidate;
            let lead = || SampledLead { id: candidate.lead, who: case::who(&next.name, &candidate.phone) };
            preflight.add(look.facts(candidate, phone), lead);
        }
        page = following;
    }
    Ok(page.is_empty())
}
