//! What waits for a person at the agency: what is the matter, what is safe, what to do.

use crate::store::overview::{Needs, PausedAccount, PausedCampaign};
use crate::store::quarantine::Quarantine;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ui::url::{self, with_query};
use ui::view::{Need, Tone};
use ui::words::count;

pub(super) fn drawn(needs: Needs, now: Timestamp, zone: &TimeZone) -> Vec<Need> {
    let Needs { unattributed_events, events_set_aside, attempts, paused_campaigns, paused_accounts, quarantine } =
        needs;
    let mut drawn: Vec<Need> = quarantine.iter().map(of_quarantine).collect();
    drawn.extend(paused_accounts.iter().map(|account| of_account(account, now, zone)));
    drawn.extend(paused_campaigns.iter().map(of_campaign));
    drawn.extend((attempts > 0).then(|| of_attempts(attempts)));
    drawn.extend((events_set_aside > 0).then(|| of_events_set_aside(events_set_aside)));
    drawn.extend((unattributed_events > 0).then(|| of_unattributed_events(unattributed_events)));
    drawn
}

fn of_quarantine(quarantine: &Quarantine) -> Need {
    Need {
        tone: Tone::Bad,
        title: "Nothing is dialed: the database may lack calls".to_owned(),
        detail: format!(
            "It is in quarantine: {}. Dialing goes on by itself once every call that the provider has is entered here, a few \
             minutes as a rule.",
            quarantine.because
        ),
        href: "/accounts".to_owned(),
        action: "Look at the accounts".to_owned(),
    }
}

fn of_account(account: &PausedAccount, now: Timestamp, zone: &TimeZone) -> Need {
    let why = account.reason.as_deref().unwrap_or("somebody paused it");
    let until =
        account.until.map(|until| format!(", until {}", ui::format::when(until, now, zone))).unwrap_or_default();
    Need {
        tone: Tone::Bad,
        title: format!("Provider account {} is paused", account.name),
        detail: format!("No call is placed with it{until}: {why}. No lead is lost."),
        href: "/accounts".to_owned(),
        action: "Look at the accounts".to_owned(),
    }
}

fn of_campaign(campaign: &PausedCampaign) -> Need {
    let (slug, organization) = &campaign.organization;
    Need {
        tone: Tone::Warn,
        title: format!("{} of {organization} was paused", campaign.name),
        detail: format!("It paused by itself: {}. Its leads keep their places.", campaign.reason),
        href: url::campaign(slug, &campaign.id),
        action: "Open the campaign".to_owned(),
    }
}

fn of_attempts(attempts: u64) -> Need {
    Need {
        tone: Tone::Warn,
        title: format!("{} cannot be settled", count(attempts, "attempt")),
        detail: "The provider did not tell whether a call was placed. Nobody is called again because of it.".to_owned(),
        href: url::section_of_all(url::Section::Attention).to_owned(),
        action: "Settle them".to_owned(),
    }
}

fn of_events_set_aside(events: u64) -> Need {
    Need {
        tone: Tone::Warn,
        title: format!("{} could not be applied", count(events, "webhook")),
        detail: "They are kept, and can be applied again once the cause is mended.".to_owned(),
        href: with_query("/webhooks", &[("state", "set_aside")]),
        action: "Look at them".to_owned(),
    }
}

fn of_unattributed_events(events: u64) -> Need {
    Need {
        tone: Tone::Mute,
        title: format!(
            "{} to nobody",
            if events == 1 { "1 webhook belongs".to_owned() } else { format!("{} belong", count(events, "webhook")) }
        ),
        detail: "They are kept, and applied once their assistant or phone number is known here.".to_owned(),
        href: with_query("/webhooks", &[("state", "unattributed")]),
        action: "Look at them".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stops_calls_comes_first_and_what_is_not_is_not_said() {
        let account = PausedAccount { name: "east".into(), reason: Some("out of credit".into()), until: None };
        let needs = Needs { unattributed_events: 1, paused_accounts: vec![account], ..Needs::default() };

        let drawn = drawn(needs, Timestamp::UNIX_EPOCH, &TimeZone::UTC);

        let titles: Vec<_> = drawn.iter().map(|need| need.title.as_str()).collect();
        assert_eq!(titles, ["Provider account east is paused", "1 webhook belongs to nobody"]);
        assert_eq!(drawn[0].detail, "No call is placed with it: out of credit. No lead is lost.");
    }
}
