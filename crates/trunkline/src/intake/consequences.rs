//! What ends of calls say about more than their call: whatever is to blame makes no calls for a while.

use crate::domain::call_evidence::Consequence;
use crate::domain::ids::{CampaignId, OrganizationId, PhoneNumberId, ProviderAccountId};
use crate::domain::local_day;
use crate::store::{Bound, Result, campaign_moves, phone_number_holds, provider_accounts};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const POOL_COOLING: SignedDuration = SignedDuration::from_secs(15);
const ACCOUNT_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// What an end is blamed on.
#[derive(Debug)]
pub(super) struct Blamed {
    pub consequence: Consequence,
    pub organization: OrganizationId,
    pub account: ProviderAccountId,
    pub number: Option<PhoneNumberId>,
    pub campaign: Option<CampaignId>,
    /// The provider's own word.
    pub reason: String,
}

/// Holds back what is to blame. Accounts are locked in the order of their ids, after all pools.
pub(super) async fn follow(tx: &impl Bound, mut blamed: Vec<Blamed>, now: Timestamp) -> Result<()> {
    blamed.sort_by_key(|one| one.account);
    for one in &blamed {
        follow_one(tx, one, now).await?;
    }
    Ok(())
}

async fn follow_one(tx: &impl Bound, blamed: &Blamed, now: Timestamp) -> Result<()> {
    let Blamed { consequence, organization, account, number, campaign, reason } = blamed;
    match consequence {
        Consequence::Nothing => Ok(()),
        Consequence::CoolPool => provider_accounts::cool_pool_of(tx, *account, now + POOL_COOLING).await,
        Consequence::PauseAccount => provider_accounts::pause(tx, *account, now + ACCOUNT_PAUSE, reason, now).await,
        Consequence::RestNumber => match number {
            Some(number) => {
                let tomorrow = local_day::next_day_at(now, &TimeZone::UTC);
                phone_number_holds::rest(tx, (*organization, *number), tomorrow, reason, now).await.map(drop)
            }
            None => Ok(()),
        },
        Consequence::PauseCampaign => match campaign {
            Some(campaign) => {
                let because = format!("calls end with {reason}");
                campaign_moves::pause(tx, (*organization, *campaign), &because, now).await
            }
            None => Ok(()),
        },
    }
}
