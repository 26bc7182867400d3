//! The steps, walked through all states and happenings.

use super::*;
use crate::domain::outcome::{EndedAs, NeverDialed, Outcome};
use crate::domain::status::AttemptState as State;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use std::time::Duration;

fn now() -> Timestamp {
    "2026-03-04T17:00:00Z".parse().unwrap()
}

fn moment(after: SignedDuration) -> Moment {
    Moment { now: now() + after, timing: Timing::at_speed(1) }
}

/// An attempt in `state`, sent just now if it was sent.
fn standing(state: State) -> Standing {
    let sent = !matches!(state, State::Scheduled | State::Reserved | State::Released | State::Cancelled);
    let has_call = matches!(state, State::Accepted | State::Ended | State::AcceptedLate | State::Conflict);
    Standing {
        state,
        sending_at: sent.then(now),
        provider_call_id: has_call.then(|| "call-1".to_owned()),
        look_at: None,
        looks: 0,
        looked_at: None,
        settled_at: (!state.is_open() && state != State::Scheduled).then(now),
        outcome: None,
        because: None,
        never_dialed: matches!(state, State::Released | State::Cancelled | State::Rejected),
        dropped_at: None,
    }
}

const ALL_UNSENT: [Unsent; 3] = [Unsent::NO_CONNECTION, Unsent::LEASE_OVER, Unsent::TOO_LATE];

fn all_happenings() -> Vec<Happening<'static>> {
    let ends = [
        EndedAs::Rang(Outcome::Answered),
        EndedAs::Rang(Outcome::NoAnswer),
        EndedAs::NeverDialed(NeverDialed::ProviderTrouble),
        EndedAs::NeverDialed(NeverDialed::NoFreeLine),
        EndedAs::Maybe,
    ];
    let unsent = ALL_UNSENT.iter().map(Happening::Unsent);
    let answers = [
        Answer::Created { call: "call-1", blocked: false },
        Answer::Created { call: "call-1", blocked: true },
        Answer::Created { call: "call-2", blocked: false },
        Answer::Refused { blames_lead: true, because: "no such number" },
        Answer::Refused { blames_lead: false, because: "no credit" },
        Answer::RateLimited,
        Answer::Odd { status: Some(500) },
        Answer::Odd { status: None },
    ];
    let others = [
        Happening::SenderSilent,
        Happening::Listed(Seen::Untold),
        Happening::Listed(Seen::Absent),
        Happening::AskedAboutSilence,
        Happening::CallSeen("call-1"),
        Happening::CallSeen("call-2"),
        Happening::FurtherCall,
        Happening::Moving,
        Happening::Dropping,
        Happening::Judged(Verdict::CountAsCalled),
        Happening::Judged(Verdict::LookAgain),
    ];
    let ends = ends.into_iter().map(|ended_as| Happening::Ended { ended_as, reason: "over" });
    unsent.chain(answers.into_iter().map(Happening::Answered)).chain(others).chain(ends).collect()
}

/// Every change that is possible from every state, at once, after settling, and after a day.
fn all_changes() -> Vec<(Standing, Happening<'static>, Change)> {
    let mut changes = Vec::new();
    for &state in State::ALL {
        for happening in all_happenings() {
            for (hours, is_over) in [(0, false), (1, false), (25, false), (1, true)] {
                let standing = standing(state);
                let moment = moment(SignedDuration::from_hours(hours));
                if let Some(change) = step(&standing, happening, is_over, &moment) {
                    changes.push((standing, happening, change));
                }
            }
        }
    }
    changes
}

#[test]
fn every_step_follows_an_arrow_of_the_diagram() {
    for (before, happening, change) in all_changes() {
        let after = change.standing.state;
        let stays = before.state == after;
        assert!(stays || before.state.change_to(after).is_ok(), "{} to {after} by {happening:?}", before.state);
        assert_ne!(after, State::Reserved, "{happening:?}");
    }
}

#[test]
fn whatever_waits_for_the_provider_has_a_time_to_look() {
    for (before, happening, change) in all_changes() {
        let waits = matches!(change.standing.state, State::Unknown | State::Accepted);
        assert!(!waits || change.standing.look_at.is_some(), "{} by {happening:?}", before.state);
    }
}

#[test]
fn a_line_is_given_back_once_and_by_every_end() {
    for (before, happening, change) in all_changes() {
        let held = before.state.is_open() || before.has_line();
        let holds = change.standing.state.is_open() || change.standing.has_line();
        assert_eq!(change.frees_line, held && !holds, "{} by {happening:?}", before.state);
        // Where the line goes back, the enrollment goes on or ends.
        assert_eq!(change.frees_line, change.follow != Follow::Nothing, "{} by {happening:?}", before.state);
    }
}

#[test]
fn units_go_back_only_on_proof_that_no_phone_rang() {
    for (before, happening, change) in all_changes() {
        let is_proof = match happening {
            Happening::Unsent(_) => true,
            Happening::Answered(answer) => {
                !matches!(answer, Answer::Created { blocked: false, .. } | Answer::Odd { .. })
            }
            Happening::Ended { ended_as, .. } => ended_as.gives_back_the_try(),
            _ => false,
        };
        assert!(change.units != Units::GiveBack || is_proof, "{} by {happening:?}", before.state);
        assert_eq!(change.units == Units::TakeAgain, before.never_dialed && !change.standing.never_dialed);
    }
}

#[test]
fn a_campaign_that_is_over_plans_no_other_try() {
    for &state in State::ALL {
        for happening in all_happenings() {
            if let Some(change) = step(&standing(state), happening, true, &moment(SignedDuration::from_hours(1))) {
                assert!(!matches!(change.follow, Follow::Again(_)), "{state} by {happening:?}");
            }
        }
    }
}

#[test]
fn a_call_that_waits_in_the_providers_queue_is_looked_at_soon_and_one_that_rings_later() {
    let accepted =
        |happening| step(&standing(State::Sending), happening, false, &moment(SignedDuration::ZERO)).unwrap();
    let created = accepted(Happening::CallSeen("call-1")).standing;
    assert_eq!(created.look_at, Some(now() + SignedDuration::from_mins(1)));

    let after_a_minute = moment(SignedDuration::from_mins(1));
    let moving = step(&created, Happening::Moving, false, &after_a_minute).unwrap().standing;
    assert_eq!(moving.look_at, Some(now() + SignedDuration::from_mins(20)));
}

#[test]
fn a_call_that_was_dropped_is_no_refusal_of_the_leads_and_stays_counted() {
    let at = moment(SignedDuration::from_mins(1));
    let dropping = step(&standing(State::Accepted), Happening::Dropping, false, &at).unwrap().standing;
    let refused = Happening::Ended { ended_as: EndedAs::Rang(Outcome::Refused), reason: "call-deleted" };

    let dropped = step(&dropping, refused, false, &at).unwrap();

    assert_eq!((dropped.standing.state, dropped.units), (State::Ended, Units::Keep));
    assert_eq!(dropped.follow, Follow::Plan { outcome: Outcome::Failed, counts: true });
    let by_others = step(&standing(State::Accepted), refused, false, &at).unwrap();
    assert_eq!(by_others.follow, Follow::Plan { outcome: Outcome::Refused, counts: true });
}

#[test]
fn what_a_person_says_of_a_held_attempt_ends_it_or_has_it_looked_at() {
    let judge = |standing: &Standing, verdict| {
        step(standing, Happening::Judged(verdict), false, &moment(SignedDuration::from_hours(25))).unwrap()
    };
    let counted = judge(&standing(State::Held), Verdict::CountAsCalled);
    assert_eq!(counted.standing.state, State::Ended);
    assert_eq!((counted.units, counted.frees_line), (Units::Keep, true));
    assert_eq!(counted.follow, Follow::Plan { outcome: Outcome::NoAnswer, counts: true });

    let again = judge(&standing(State::Held), Verdict::LookAgain).standing;
    assert_eq!((again.state, again.look_at), (State::Unknown, Some(now() + SignedDuration::from_hours(25))));
    let known = Standing { provider_call_id: Some("call-1".to_owned()), ..standing(State::Held) };
    assert_eq!(judge(&known, Verdict::LookAgain).standing.state, State::Accepted);
}

proptest! {
    /// Whatever comes, in any order and as often as it likes: units are never given back twice, nor the line, and a call
    /// once known stays known.
    #[test]
    fn any_story_gives_back_each_thing_at_most_once(
        story in prop::collection::vec((0_usize..40, 0_i64..90_000), 1..40),
    ) {
        let happenings = all_happenings();
        let mut standing = standing(State::Sending);
        let (mut units, mut lines, mut seconds) = (1, 1, 0);
        for (place, wait) in story {
            seconds += wait;
            let happening = happenings[place % happenings.len()];
            let Some(change) = step(&standing, happening, false, &moment(SignedDuration::from_secs(seconds))) else {
                continue;
            };
            units += match change.units {
                // Another is a ring beyond the attempt's own.
                Units::Keep | Units::TakeAnother => 0,
                Units::GiveBack => -1,
                Units::TakeAgain => 1,
            };
            lines -= i32::from(change.frees_line);
            prop_assert!((0..=1).contains(&units), "{units} units by {happening:?} in {}", standing.state);
            prop_assert!((0..=1).contains(&lines), "{lines} lines by {happening:?} in {}", standing.state);
            prop_assert!(standing.provider_call_id.is_none() || change.standing.provider_call_id == standing.provider_call_id);
            standing = change.standing;
        }
    }
}

/// Drives a send with these replies and says what it did.
fn sent(replies: &[Reply<'static>]) -> Vec<String> {
    let (mut sending, first) = Sending::begin();
    let mut done = vec![format!("{first:?}")];
    for reply in replies {
        if let Some(next) = sending.next(*reply) {
            let text = format!("{next:?}");
            done.push(text.split([' ', '(']).next().unwrap().to_owned());
        }
    }
    done
}

fn passed(passed: Result<(), Withdrawn>, commit: Commit, took: Duration, hung_up: bool) -> Reply<'static> {
    Reply::Passed { passed, commit, took, hung_up }
}

#[test]
fn a_request_is_written_once_and_only_after_an_acknowledged_commit() {
    let (soon, late) = (Duration::from_millis(5), SEND_BUDGET + Duration::from_millis(1));
    let odd = Reply::Answered(Answer::Odd { status: Some(500) });
    let good = passed(Ok(()), Commit::Acknowledged, soon, false);

    assert_eq!(sent(&[Reply::Connected, good, odd, odd]), ["Connect", "PassPointOfNoReturn", "Write", "Record"]);
    assert_eq!(sent(&[Reply::NotConnected, good]), ["Connect", "GiveBack"]);
    for reply in [
        passed(Err(Withdrawn::OnDnc), Commit::Acknowledged, soon, false),
        passed(Ok(()), Commit::Acknowledged, late, false),
        passed(Ok(()), Commit::Acknowledged, soon, true),
    ] {
        assert_eq!(sent(&[Reply::Connected, reply, odd]), ["Connect", "PassPointOfNoReturn", "GiveBack"]);
    }
    let unknown = passed(Ok(()), Commit::Unacknowledged, soon, false);
    assert_eq!(sent(&[Reply::Connected, unknown, odd]), ["Connect", "PassPointOfNoReturn", "Leave"]);
}

#[test]
fn the_point_of_no_return_asks_again_for_everything_that_may_have_changed() {
    let may = SendFacts {
        state: State::Reserved,
        fence: Some(7),
        lease_until: Some(now() + SignedDuration::from_secs(1)),
        send_before: Some(now() + SignedDuration::from_secs(1)),
        campaign_is_running: true,
        agency_dials: true,
        organization_is_active: true,
        agent_is_active: true,
        number_is_usable: true,
        account_is_active: true,
        is_on_dnc: false,
        phone_is_held: false,
    };
    assert_eq!(may_send(&may, 7, now()), Ok(()));
    assert_eq!(may_send(&may, 6, now()), Err(Withdrawn::NotOurs));
    let check = |facts: SendFacts, withdrawn| assert_eq!(may_send(&facts, 7, now()), Err(withdrawn));
    for &state in State::ALL.iter().filter(|state| **state != State::Reserved) {
        check(SendFacts { state, ..may }, Withdrawn::NotOurs);
    }
    check(SendFacts { fence: None, ..may }, Withdrawn::NotOurs);
    check(SendFacts { lease_until: Some(now()), ..may }, Withdrawn::LeaseOver);
    check(SendFacts { send_before: Some(now()), ..may }, Withdrawn::WindowOver);
    check(SendFacts { is_on_dnc: true, ..may }, Withdrawn::OnDnc);
    check(SendFacts { phone_is_held: true, ..may }, Withdrawn::PhoneHeld);
    check(SendFacts { agency_dials: false, ..may }, Withdrawn::AgencyPaused);
    check(SendFacts { organization_is_active: false, ..may }, Withdrawn::OrganizationSuspended);
    check(SendFacts { campaign_is_running: false, ..may }, Withdrawn::CampaignNotRunning);
    check(SendFacts { agent_is_active: false, ..may }, Withdrawn::AgentResting);
    check(SendFacts { number_is_usable: false, ..may }, Withdrawn::NumberNotUsable);
    check(SendFacts { account_is_active: false, ..may }, Withdrawn::AccountPaused);
}
