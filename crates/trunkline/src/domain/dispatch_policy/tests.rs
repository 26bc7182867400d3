//! What the policy decides, one fact changed at a time.

mod clock_changes;
mod limits;

use super::*;
use crate::domain::calling_hours::CallingHours;
use crate::domain::dialing_rules::{CampaignRules, OrganizationRules};
use crate::domain::money::Money;
use crate::domain::phone_number::{Country, PhoneKind, PhoneNumber};
use crate::domain::time_zone::LeadZone;
use jiff::tz::TimeZone;
use std::borrow::Cow;
use std::sync::LazyLock;

/// A Wednesday, 12:00 in New York.
const NOON: &str = "2026-03-04T17:00:00Z";
const MIDNIGHT: &str = "2026-03-05T05:00:00Z";

type Repair = fn(&mut Facts<'static>);

struct Place {
    zone: LeadZone,
    hours: CallingHours,
    number: NumberFacts,
    account: AccountFacts,
}

/// A lead in New York, hours from 9 to 20, and one number at one account.
static PLACE: LazyLock<Place> = LazyLock::new(|| {
    let account = ProviderAccountId::new();
    let maya = PhoneNumber::from_e164("+12125550146").unwrap();
    Place {
        zone: LeadZone::of(None, None, maya, &TimeZone::UTC),
        hours: hours("09:00-20:00"),
        number: NumberFacts {
            id: PhoneNumberId::new(),
            account,
            is_usable: true,
            resting_until: None,
            area_code: Some(212),
            zone: Some("America/New_York".to_owned()),
            calls_today: 3,
            calls_per_day_max: 50,
            calls_this_hour: 2,
            calls_per_hour_max: None,
            warm_up_day: None,
            last_call_at: Some(at("2026-03-04T16:59:30Z")),
        },
        account: AccountFacts {
            id: account,
            pool: LinePoolId::new(),
            paused_until: None,
            requests_left_this_minute: 10,
            requests_per_minute: Some(10),
            next_minute_at: at("2026-03-04T17:01:00Z"),
            requests_left_this_second: None,
            requests_per_second: None,
            next_second_at: at("2026-03-04T17:00:01Z"),
            pool_lines_free: 5,
            pool_lines_kept: 0,
            pool_cooling_until: None,
        },
    }
});

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn hours(window: &str) -> CallingHours {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let week: serde_json::Map<_, _> = days.iter().map(|day| ((*day).to_owned(), [window].into())).collect();
    serde_json::from_value(week.into()).unwrap()
}

/// All is well: the lead is dialed.
fn may_dial() -> Facts<'static> {
    Facts {
        now: at(NOON),
        lead: LeadFacts {
            is_on_dnc: false,
            kind: PhoneKind::LandlineOrMobile,
            country: Country::parse("US"),
            area_code: Some(212),
            zone: Cow::Borrowed(&PLACE.zone),
            hours: Cow::Borrowed(&PLACE.hours),
            calls_today: 1,
            earlier_days: Cow::Borrowed(&[]),
            last_ring_at: None,
            last_number: None,
            phone_is_busy: false,
            phone_held_until: None,
            call_back_at: None,
        },
        campaign: CampaignFacts {
            is_running: true,
            calls_per_lead_and_day_max: 2,
            lines_in_use: 0,
            lines_max: 5,
            agent_is_active: true,
            agent_lines_in_use: 0,
            agent_lines_max: 5,
            rules: CampaignRules::default(),
            budget: BudgetFacts::default(),
            price_per_call: Money::ZERO,
        },
        organization: OrganizationFacts {
            agency_dials: true,
            is_active: true,
            calls_today: 10,
            calls_per_day_max: 100,
            calls_per_lead_and_day_max: 3,
            ring_gap: SignedDuration::from_mins(60),
            lines_in_use: 0,
            lines_max: 5,
            budget: BudgetFacts::default(),
            tomorrow_at: at(MIDNIGHT),
        },
        rules: Cow::Owned(OrganizationRules::default()),
        numbers: std::slice::from_ref(&PLACE.number).into(),
        accounts: std::slice::from_ref(&PLACE.account).into(),
    }
}

/// Changes one thing and checks what is decided.
#[track_caller]
fn check(change: impl FnOnce(&mut Facts<'_>), expected: &str) {
    let mut facts = may_dial();
    change(&mut facts);
    assert_eq!(said(decide(&facts)), expected);
}

fn said(decision: Decision) -> String {
    match decision {
        Decision::Dial(_) => "dial".to_owned(),
        Decision::Defer { until, because } => format!("{because} until {until}"),
        Decision::Exclude(because) => format!("never: {because}"),
    }
}

/// Changes the only number, and then the only account.
#[track_caller]
fn check_line(number: impl FnOnce(&mut NumberFacts), account: impl FnOnce(&mut AccountFacts), expected: &str) {
    let (mut numbers, mut accounts) = ([PLACE.number.clone()], [PLACE.account]);
    number(&mut numbers[0]);
    account(&mut accounts[0]);
    assert_eq!(
        said(decide(&Facts { numbers: numbers[..].into(), accounts: accounts[..].into(), ..may_dial() })),
        expected
    );
}

#[test]
fn a_lead_is_dialed_for_its_own_day_and_no_later_than_the_hours_allow() {
    let dial = Dial {
        number: PLACE.number.id,
        account: PLACE.account.id,
        pool: PLACE.account.pool,
        lead_day: "2026-03-04".parse().unwrap(),
        send_before: at("2026-03-05T00:50:00Z"),
    };
    assert_eq!(decide(&may_dial()), Decision::Dial(dial));

    let always = CallingHours::always();
    let mut facts = may_dial();
    facts.lead.hours = Cow::Borrowed(&always);
    assert_eq!(decide(&facts), Decision::Dial(Dial { send_before: at("2026-03-05T04:50:00Z"), ..dial }));
}

#[test]
fn what_is_forbidden_excludes() {
    check(|f| f.lead.is_on_dnc = true, "never: do_not_call");
    check(|f| f.lead.kind = PhoneKind::Premium, "never: number_not_allowed");
    let never = CallingHours::never();
    let facts = may_dial();
    let lead = LeadFacts { hours: Cow::Borrowed(&never), ..facts.lead.clone() };
    assert_eq!(said(decide(&Facts { lead, ..facts })), "never: never_open");
}

#[test]
fn outside_the_hours_and_in_their_last_minutes_the_lead_waits_for_the_next_opening() {
    check(|f| f.now = at("2026-03-04T13:59:59Z"), "outside_calling_hours until 2026-03-04T14:00:00Z");
    check(|f| f.now = at("2026-03-05T00:49:59Z"), "dial");
    check(|f| f.now = at("2026-03-05T00:50:01Z"), "outside_calling_hours until 2026-03-05T14:00:00Z");
}

/// Found by the simulation: a call sent seconds before midnight rang on the next day, as the third of that day.
#[test]
fn nobody_is_called_in_the_last_minutes_of_their_day() {
    let always = CallingHours::always();
    let late = |now: &str| {
        let mut facts = may_dial();
        facts.now = at(now);
        facts.lead.hours = Cow::Borrowed(&always);
        said(decide(&facts))
    };
    assert_eq!(late("2026-03-05T04:49:59Z"), "dial");
    assert_eq!(late("2026-03-05T04:50:00Z"), format!("leads_day_is_ending until {MIDNIGHT}"));
}

#[test]
fn the_leads_own_limits_put_it_off_into_the_hours() {
    check(|f| f.lead.calls_today = 2, "lead_called_enough_today until 2026-03-05T14:00:00Z");
    check(|f| f.organization.calls_per_lead_and_day_max = 1, "lead_called_enough_today until 2026-03-05T14:00:00Z");
    check(|f| f.lead.phone_held_until = Some(at(MIDNIGHT)), "phone_is_held until 2026-03-05T14:00:00Z");
    check(|f| f.lead.phone_held_until = Some(at(NOON)), "dial");
    check(|f| f.lead.phone_is_busy = true, "phone_is_busy until 2026-03-04T17:02:00Z");
    check(|f| f.lead.last_ring_at = Some(at("2026-03-04T16:30:00Z")), "rang_recently until 2026-03-04T17:30:00Z");
    check(|f| f.lead.last_ring_at = Some(at("2026-03-04T16:00:00Z")), "dial");
    let late = |f: &mut Facts<'_>| {
        f.now = at("2026-03-05T00:30:00Z");
        f.lead.last_ring_at = Some(at("2026-03-05T00:00:00Z"));
    };
    check(late, "rang_recently until 2026-03-05T14:00:00Z");
}

#[test]
fn whatever_is_switched_off_or_used_up_holds_back() {
    check(|f| f.organization.agency_dials = false, "agency_paused until 2026-03-04T17:10:00Z");
    check(|f| f.organization.is_active = false, "organization_suspended until 2026-03-04T17:00:30Z");
    check(|f| f.campaign.is_running = false, "campaign_not_running until 2026-03-04T17:00:30Z");
    check(|f| f.campaign.agent_is_active = false, "agent_resting until 2026-03-04T17:00:30Z");
    check(|f| f.organization.calls_today = 100, "organization_called_enough_today until 2026-03-05T05:00:00Z");
    check(|f| f.organization.lines_in_use = 5, "organization_lines_in_use until 2026-03-04T17:00:30Z");
    check(|f| f.campaign.lines_in_use = 5, "campaign_lines_in_use until 2026-03-04T17:00:30Z");
    check(|f| f.campaign.agent_lines_in_use = 5, "agent_lines_in_use until 2026-03-04T17:00:30Z");
    // A maximum that was lowered below what is used.
    check(|f| f.organization.lines_max = 0, "organization_lines_in_use until 2026-03-04T17:00:30Z");
}

#[test]
fn a_number_or_an_account_that_cannot_serve_holds_back() {
    let same = |_: &mut AccountFacts| ();
    check_line(|n| n.is_usable = false, same, "no_usable_number until 2026-03-04T17:00:30Z");
    check_line(|n| n.account = ProviderAccountId::new(), same, "no_usable_number until 2026-03-04T17:00:30Z");
    check_line(|n| n.calls_today = 50, same, "numbers_called_enough_today until 2026-03-05T05:00:00Z");
    let until = Some(at("2026-03-04T17:10:00Z"));
    check_line(|_| (), |a| a.paused_until = until, "account_paused until 2026-03-04T17:10:00Z");
    check_line(|_| (), |a| a.pool_cooling_until = until, "no_free_line until 2026-03-04T17:10:00Z");
    check_line(|_| (), |a| a.pool_lines_free = 0, "no_free_line until 2026-03-04T17:00:02Z");
    check_line(|_| (), |a| a.requests_left_this_minute = 0, "requests_per_minute until 2026-03-04T17:01:00Z");
    // Over by now.
    check_line(|_| (), |a| a.paused_until = Some(at(NOON)), "dial");
    check(|f| f.numbers = Cow::Borrowed(&[]), "no_usable_number until 2026-03-04T17:00:30Z");
}

#[test]
fn the_number_that_called_least_today_is_taken_where_it_can_be() {
    let second = AccountFacts { id: ProviderAccountId::new(), ..PLACE.account };
    let quiet = NumberFacts { id: PhoneNumberId::new(), account: second.id, calls_today: 1, ..PLACE.number.clone() };
    let numbers = [PLACE.number.clone(), quiet.clone()];
    let chosen = |accounts: &[AccountFacts]| match decide(&Facts {
        numbers: numbers[..].into(),
        accounts: accounts.into(),
        ..may_dial()
    }) {
        Decision::Dial(dial) => Some((dial.number, dial.account)),
        Decision::Defer { .. } | Decision::Exclude(_) => None,
    };
    assert_eq!(chosen(&[PLACE.account, second]), Some((quiet.id, second.id)));
    let paused = AccountFacts { paused_until: Some(at(MIDNIGHT)), ..second };
    assert_eq!(chosen(&[PLACE.account, paused]), Some((PLACE.number.id, PLACE.account.id)));
    assert_eq!(chosen(&[paused]), None);
}

#[test]
fn of_several_blocked_lines_the_one_that_is_free_first_is_named() {
    let paused = AccountFacts { paused_until: Some(at("2026-03-04T17:00:20Z")), ..PLACE.account };
    let spent = NumberFacts { calls_today: 50, ..PLACE.number.clone() };
    let gone = NumberFacts { is_usable: false, ..PLACE.number.clone() };
    for numbers in [[&spent, &PLACE.number, &gone], [&gone, &PLACE.number, &spent]].map(|n| n.map(Clone::clone)) {
        let facts = Facts { numbers: numbers[..].into(), accounts: vec![paused].into(), ..may_dial() };
        assert_eq!(said(decide(&facts)), "account_paused until 2026-03-04T17:00:20Z");
    }
}

#[test]
fn the_reason_that_matters_most_is_told() {
    let mut facts = may_dial();
    let all_is_wrong = |facts: &mut Facts<'_>| {
        facts.now = at("2026-03-04T05:00:00Z");
        facts.lead.is_on_dnc = true;
        facts.lead.kind = PhoneKind::Premium;
        facts.lead.calls_today = 2;
        facts.lead.phone_is_busy = true;
        facts.lead.last_ring_at = Some(facts.now);
        facts.organization.agency_dials = false;
        facts.organization.is_active = false;
        facts.campaign.is_running = false;
        facts.campaign.agent_is_active = false;
        facts.organization.calls_today = 100;
        facts.organization.lines_in_use = 5;
        facts.campaign.lines_in_use = 5;
        facts.campaign.agent_lines_in_use = 5;
        facts.numbers = Cow::Borrowed(&[]);
    };
    all_is_wrong(&mut facts);
    let repairs: [(&str, Repair); 15] = [
        ("never: do_not_call", |f| f.lead.is_on_dnc = false),
        ("never: number_not_allowed", |f| f.lead.kind = PhoneKind::Mobile),
        ("outside_calling_hours", |f| f.now = at(NOON)),
        ("lead_called_enough_today", |f| f.lead.calls_today = 0),
        ("phone_is_busy", |f| {
            f.lead.phone_is_busy = false;
            f.lead.last_ring_at = Some(at(NOON));
        }),
        ("rang_recently", |f| f.lead.last_ring_at = None),
        ("agency_paused", |f| f.organization.agency_dials = true),
        ("organization_suspended", |f| f.organization.is_active = true),
        ("campaign_not_running", |f| f.campaign.is_running = true),
        ("agent_resting", |f| f.campaign.agent_is_active = true),
        ("organization_called_enough_today", |f| f.organization.calls_today = 0),
        ("organization_lines_in_use", |f| f.organization.lines_in_use = 0),
        ("campaign_lines_in_use", |f| f.campaign.lines_in_use = 0),
        ("agent_lines_in_use", |f| f.campaign.agent_lines_in_use = 0),
        ("no_usable_number", |f| f.numbers = std::slice::from_ref(&PLACE.number).into()),
    ];
    for (reason, repair) in repairs {
        let decision = said(decide(&facts));
        assert!(decision.starts_with(reason), "{decision}, not {reason}");
        repair(&mut facts);
    }
    assert_eq!(said(decide(&facts)), "dial");
}

#[test]
fn what_concerns_a_lead_alone_holds_back_no_other() {
    for &deferral in Deferral::ALL {
        let is_the_leads = [
            "outside_calling_hours",
            "leads_day_is_ending",
            "phone_is_held",
            "call_back_later",
            "lead_called_enough_today",
            "lead_called_enough_lately",
            "rang_recently",
            "same_part_of_day",
            "phone_is_busy",
            "phone_is_held",
        ];
        let is_organizations = deferral.as_str().starts_with("organization_") || deferral == Deferral::AgencyPaused;
        let expected = match deferral.as_str() {
            word if is_the_leads.contains(&word) => Scope::Lead,
            // Another campaign's calls may be cheaper.
            _ if is_organizations && deferral != Deferral::OrganizationBudgetSpent => Scope::Organization,
            _ => Scope::Campaign,
        };
        assert_eq!(deferral.scope(), expected, "{deferral}");
    }
}

#[test]
fn facts_that_were_kept_are_decided_the_same_again() {
    let kept = serde_json::to_string(&may_dial()).unwrap();
    let read: Facts<'static> = serde_json::from_str(&kept).unwrap();
    assert_eq!(read, may_dial());

    let decision = serde_json::to_string(&decide(&may_dial())).unwrap();
    assert_eq!(serde_json::from_str::<Decision>(&decision).unwrap(), decide(&read));
}

#[test]
fn a_kept_decision_is_decided_again_by_the_rules_of_its_version_only() {
    let kept = KeptDecision { rules_version: RULES_VERSION, facts: may_dial(), decision: decide(&may_dial()) };
    assert_eq!(replay(&kept), Replay::Same);

    let otherwise = KeptDecision { decision: Decision::Exclude(Exclusion::DoNotCall), ..kept.clone() };
    assert_eq!(replay(&otherwise), Replay::Otherwise(kept.decision));

    let older = KeptDecision { rules_version: RULES_VERSION - 1, ..otherwise };
    assert_eq!(replay(&older), Replay::OtherRules);
}
