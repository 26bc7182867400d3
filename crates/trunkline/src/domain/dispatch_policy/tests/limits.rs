//! What rules of organizations and campaigns decide, and the pace of numbers and accounts.

use super::*;
use crate::domain::dialing_rules::NumberChoice;

fn organization_rules(json: &str) -> Cow<'static, OrganizationRules> {
    Cow::Owned(serde_json::from_str(json).unwrap())
}

fn campaign_rules(json: &str) -> CampaignRules {
    serde_json::from_str(json).unwrap()
}

#[track_caller]
fn check_rules(json: &str, change: impl FnOnce(&mut Facts<'_>), expected: &str) {
    let ruled = |facts: &mut Facts<'_>| {
        facts.rules = organization_rules(json);
        change(facts);
    };
    check(ruled, expected);
}

#[test]
fn a_country_or_a_kind_of_number_that_is_not_allowed_excludes() {
    let us = r#"{"countries":["US"]}"#;
    check_rules(us, |_| (), "dial");
    check_rules(us, |f| f.lead.country = Country::parse("JM"), "never: country_not_allowed");
    check_rules(us, |f| f.lead.country = None, "never: country_not_allowed");
    let landlines = r#"{"phone_kinds":["landline","landline_or_mobile"]}"#;
    check_rules(landlines, |_| (), "dial");
    check_rules(landlines, |f| f.lead.kind = PhoneKind::Mobile, "never: kind_not_allowed");
    for kind in [PhoneKind::Premium, PhoneKind::SharedCost, PhoneKind::Satellite, PhoneKind::TollFree] {
        check(|f| f.lead.kind = kind, "never: number_not_allowed");
    }
}

#[test]
fn a_rolling_limit_waits_for_the_day_on_which_the_oldest_rings_leave_its_window() {
    let rang = |days: &[(&str, i32)]| {
        let day = |(day, calls): &(&str, i32)| DayCalls { day: day.parse().unwrap(), calls: *calls };
        Cow::Owned(days.iter().map(day).collect::<Vec<_>>())
    };
    let three_in_seven = r#"{"lead_rings_max":[{"rings":3,"days":7}]}"#;
    // One ring today.
    check_rules(three_in_seven, |f| f.lead.earlier_days = rang(&[("2026-03-01", 1)]), "dial");
    check_rules(three_in_seven, |f| f.lead.earlier_days = rang(&[("2026-02-25", 2)]), "dial");
    let until = |day: &str| format!("lead_called_enough_lately until {day}T14:00:00Z");
    check_rules(three_in_seven, |f| f.lead.earlier_days = rang(&[("2026-02-26", 2)]), &until("2026-03-05"));
    // The clocks go forward on that day.
    let sunday = "lead_called_enough_lately until 2026-03-08T13:00:00Z";
    check_rules(three_in_seven, |f| f.lead.earlier_days = rang(&[("2026-03-01", 2)]), sunday);
    let both = r#"{"lead_rings_max":[{"rings":3,"days":7},{"rings":1,"days":3}]}"#;
    check_rules(both, |f| f.lead.earlier_days = rang(&[("2026-02-26", 2)]), &until("2026-03-07"));
}

#[test]
fn a_lead_who_named_a_time_is_called_then_and_inside_the_hours() {
    check(|f| f.lead.call_back_at = Some(at("2026-03-04T19:00:00Z")), "call_back_later until 2026-03-04T19:00:00Z");
    check(|f| f.lead.call_back_at = Some(at("2026-03-05T04:00:00Z")), "call_back_later until 2026-03-05T14:00:00Z");
    check(|f| f.lead.call_back_at = Some(at("2026-03-04T16:00:00Z")), "dial");
}

#[test]
fn the_next_try_is_made_in_another_part_of_the_day_where_the_hours_have_one() {
    let rang_yesterday = |f: &mut Facts<'_>| {
        f.campaign.rules = campaign_rules(r#"{"other_daypart":true}"#);
        f.lead.last_ring_at = Some(at("2026-03-03T18:00:00Z"));
    };
    check(rang_yesterday, "same_part_of_day until 2026-03-04T22:00:00Z");
    let named_a_time = |f: &mut Facts<'_>| {
        rang_yesterday(f);
        f.lead.call_back_at = Some(f.now);
    };
    check(named_a_time, "dial");
    let afternoons = |f: &mut Facts<'_>| {
        rang_yesterday(f);
        f.lead.hours = Cow::Owned(hours("12:00-17:00"));
    };
    check(afternoons, "dial");
}

#[test]
fn a_budget_holds_back_once_another_call_might_exceed_it() {
    let budget = |spent, reserved| BudgetFacts {
        per_day_max: Some(Money::cents(100)),
        spent: Money::cents(spent),
        reserved: Money::cents(reserved),
    };
    check(|f| f.organization.budget = budget(70, 30), "dial");
    let of_organization = |f: &mut Facts<'_>| {
        f.organization.budget = budget(70, 11);
        f.campaign.price_per_call = Money::cents(20);
    };
    check(of_organization, "organization_budget_spent until 2026-03-05T05:00:00Z");
    let of_campaign = |f: &mut Facts<'_>| {
        f.campaign.budget = budget(81, 0);
        f.campaign.price_per_call = Money::cents(20);
    };
    check(of_campaign, "campaign_budget_spent until 2026-03-05T05:00:00Z");
}

#[test]
fn a_number_rests_pauses_and_warms_up() {
    let same = |_: &mut AccountFacts| ();
    let rests = Some(at("2026-03-04T18:00:00Z"));
    check_line(|n| n.resting_until = rests, same, "numbers_resting until 2026-03-04T18:00:00Z");
    check_line(|n| n.resting_until = Some(at(NOON)), same, "dial");
    check_line(|n| n.calls_per_hour_max = Some(2), same, "numbers_called_enough_this_hour until 2026-03-04T18:00:00Z");
    let warming = |n: &mut NumberFacts| (n.warm_up_day, n.calls_today) = (Some(0), 10);
    check_line(warming, same, "numbers_warming_up until 2026-03-05T05:00:00Z");
    check_line(|n| (n.warm_up_day, n.calls_today) = (Some(3), 10), same, "dial");
    check_line(|n| (n.warm_up_day, n.calls_today) = (Some(400), 49), same, "dial");
}

#[test]
fn two_calls_from_one_number_are_at_least_the_gap_and_at_most_half_as_much_again_apart() {
    let mut facts = may_dial();
    facts.rules = organization_rules(r#"{"number_gap_seconds_min":60}"#);
    let mut waits = std::collections::BTreeSet::new();
    for second in 0..100 {
        let last = at(NOON) - SignedDuration::from_secs(second % 50);
        let number = NumberFacts { id: PhoneNumberId::new(), last_call_at: Some(last), ..PLACE.number.clone() };
        facts.numbers = vec![number].into();
        let Decision::Defer { until, because: Deferral::NumbersPausing } = decide(&facts) else { panic!("{second}") };
        let wait = until.duration_since(last);
        assert!((60..=90).contains(&wait.as_secs()), "{wait}");
        waits.insert(wait.as_secs());
    }
    assert!(waits.len() > 15, "like clockwork: {waits:?}");
}

#[test]
fn lines_that_are_kept_for_others_and_requests_of_a_second_hold_back() {
    let same = |_: &mut NumberFacts| ();
    check_line(same, |a| a.pool_lines_kept = 5, "lines_kept_for_others until 2026-03-04T17:00:02Z");
    check_line(same, |a| a.pool_lines_kept = 4, "dial");
    let second = |a: &mut AccountFacts| a.requests_left_this_second = Some(0);
    check_line(same, second, "requests_per_second until 2026-03-04T17:00:01Z");
}

#[test]
fn a_number_is_chosen_as_the_campaign_wants_and_one_that_cannot_call_is_passed_over() {
    let number = |area_code, zone: &str, calls_today| NumberFacts {
        id: PhoneNumberId::new(),
        area_code: Some(area_code),
        zone: Some(zone.to_owned()),
        calls_today,
        ..PLACE.number.clone()
    };
    let far = number(213, "America/Los_Angeles", 0);
    let near = number(305, "America/New_York", 5);
    let local = number(212, "America/New_York", 9);
    let chosen = |choice: NumberChoice, numbers: &[&NumberFacts]| {
        let mut facts = may_dial();
        facts.campaign.rules = campaign_rules(&format!(r#"{{"numbers":"{choice}"}}"#));
        facts.lead.last_number = Some(near.id);
        facts.numbers = numbers.iter().map(|number| (*number).clone()).collect();
        match decide(&facts) {
            Decision::Dial(dial) => Some(dial.number),
            Decision::Defer { .. } | Decision::Exclude(_) => None,
        }
    };
    let all = [&far, &near, &local];
    assert_eq!(chosen(NumberChoice::Rotating, &all), Some(far.id));
    assert_eq!(chosen(NumberChoice::Sticky, &all), Some(near.id));
    assert_eq!(chosen(NumberChoice::Local, &all), Some(local.id));
    let capped = NumberFacts { calls_per_day_max: 9, ..local.clone() };
    assert_eq!(chosen(NumberChoice::Local, &[&far, &near, &capped]), Some(near.id));
    assert_eq!(chosen(NumberChoice::Local, &[&far, &capped]), Some(far.id));
}
