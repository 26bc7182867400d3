//! Made-up campaigns, one of which moves.

use crate::calls::PEOPLE;
use crate::samples::{ago, money, now, organization, zone};
use jiff::civil::time;
use ui::view::{
    CallsPerDay, Campaign, CampaignDraft, CampaignRow, CampaignState, CampaignTab, Campaigns, Choice, ClientCampaign,
    ClientLimit, FieldError, Finish, Goal, LatestResult, LeadGroup, Limit, Lines, Named, NewCampaign, OnTheLine,
    OperatorCampaign, OperatorCampaignRow, OperatorLimit, Outcome, Pace, PaceCause, PaceMinute, PaceSetting, Pager,
    Preflight, Progress, Said, SkippedLeads, Talk, ZoneHours,
};

pub(crate) fn client_list() -> Campaigns<CampaignRow> {
    let states = [
        ("recall", "Six-month recall", CampaignState::Running),
        ("winback", "Win-back", CampaignState::Paused { by: Some("Dana Reyes".into()), at: ago(5000) }),
        ("quote", "Quote follow-up", CampaignState::Scheduled { starts_at: now(70_000) }),
        ("open", "Open-house invites", CampaignState::Done { at: ago(90_000) }),
        ("intake", "Intake callback", CampaignState::Draft),
    ];
    let rows = states.into_iter().map(|(id, name, state)| CampaignRow {
        id: id.into(),
        name: name.into(),
        lines_in_use: if state == CampaignState::Running { 14 } else { 0 },
        state,
        agent: "Ava".into(),
        progress: progress(0),
        calls: 3418,
        answered: 1258,
    });
    Campaigns { tab: CampaignTab::All, rows: rows.collect(), pager: Pager::default() }
}

pub(crate) fn operator_list() -> Campaigns<OperatorCampaignRow> {
    let rows = client_list().rows.into_iter().enumerate();
    let rows = rows.map(|(index, campaign)| OperatorCampaignRow {
        campaign,
        organization: organization(index),
        spend: money("318.42"),
    });
    Campaigns { tab: CampaignTab::All, rows: rows.collect(), pager: Pager { newer: None, older: Some("c".into()) } }
}

pub(crate) fn operator(second: i64) -> OperatorCampaign {
    let shared = |kind, used, max| Limit { kind: OperatorLimit::Of(kind), used, max };
    OperatorCampaign {
        campaign: campaign(second, true),
        organization: organization(0),
        pace_setting: PaceSetting {
            cause: PaceCause::Limit(shared(ClientLimit::OrganizationLines, 18, 18)),
            others: vec![
                Limit { kind: OperatorLimit::PoolLines("East".into()), used: 34, max: 40 },
                Limit { kind: OperatorLimit::AccountRequests("vapi-east-2".into()), used: 24, max: 60 },
                shared(ClientLimit::OrganizationCallsToday, 1204, 5000),
                shared(ClientLimit::NumberCallsToday, 244, 400),
            ],
        },
        spend: money("318.42") + money("0.09") * rust_decimal::Decimal::from(second),
        budget: Some(money("500")),
    }
}

pub(crate) fn client(second: i64) -> ClientCampaign {
    let limit = |kind, used, max| Limit { kind, used, max };
    ClientCampaign {
        campaign: campaign(second, false),
        pace_setting: PaceSetting {
            cause: PaceCause::Limit(limit(ClientLimit::OrganizationLines, 18, 18)),
            others: vec![limit(ClientLimit::NumberCallsToday, 244, 400)],
        },
    }
}

fn progress(second: i64) -> Progress {
    let more = u64::try_from(second).unwrap_or(0);
    Progress {
        leads: 4120,
        goals_met: 214,
        answered: 583 + more,
        voicemail: 772,
        no_answer: 604,
        failed: 31,
        excluded: 22,
        on_the_line: 17,
        to_retry: 615,
        not_called: 1262 - more,
    }
}

fn campaign(second: i64, has_words: bool) -> Campaign {
    let zone_hours = |name: &str, opens_at, leads_left| ZoneHours {
        zone: zone(name),
        today: Some((time(9, 0, 0, 0), time(17, 30, 0, 0))),
        opens_at,
        leads_left,
    };
    let more = u64::try_from(second).unwrap_or(0);
    Campaign {
        id: "recall".into(),
        name: "Six-month recall".into(),
        state: CampaignState::Running,
        agent: "Ava".into(),
        numbers: 4,
        started_at: Some(ago(6140)),
        started_by: Some("Sam Okoro".into()),
        progress: progress(second),
        calls: 3418 + more,
        answered: 1258 + more / 2,
        talk_seconds: 128_400,
        calls_in_ten_minutes: 194,
        finish: Finish::Expected(now(8300)),
        pace: pace(),
        on_the_line: on_the_line(second, has_words),
        zones: vec![
            zone_hours("America/New_York", None, 904),
            zone_hours("America/Chicago", None, 786),
            zone_hours("America/Denver", None, 118),
            zone_hours("America/Los_Angeles", Some(now(1060)), 86),
        ],
        results: vec![
            (Outcome::Answered, 1258),
            (Outcome::Voicemail, 772),
            (Outcome::NoAnswer, 1104),
            (Outcome::Busy, 131),
            (Outcome::Refused, 22),
            (Outcome::Failed, 31),
        ],
        latest: latest(second),
    }
}

fn pace() -> Pace {
    let started = [
        3, 6, 8, 14, 15, 15, 15, 15, 16, 14, 17, 15, 17, 17, 15, 16, 16, 15, 17, 15, 16, 14, 13, 11, 13, 18, 20, 18,
        20, 20, 17, 17, 17, 20, 19, 18, 19, 17, 19, 19, 19,
    ];
    let minutes = (0_i64..).zip(started).map(|(index, started)| PaceMinute {
        at: ago((41 - index) * 60 + 20),
        started,
        answered: started * 2 / 5,
    });
    Pace { minutes: minutes.collect(), limit: Some(21) }
}

fn on_the_line(second: i64, has_words: bool) -> OnTheLine {
    let words = [
        ("Lead", "Great. And is the cleaning for me or a family member?"),
        ("Ava", "Can I call you back this afternoon?"),
        ("Lead", "Sure, let me check my calendar."),
    ];
    let talks = PEOPLE.iter().take(7).enumerate().map(|(index, (lead, phone))| {
        let (by, text) = words[(index + usize::try_from(second).unwrap_or(0) / 4) % words.len()];
        Talk {
            call_id: format!("c{index}"),
            lead: (*lead).into(),
            phone: (*phone).into(),
            since: ago(15 + 23 * i64::try_from(index).expect("small")),
            is_answered: index != 3,
            last_said: (has_words && index != 3).then(|| Said { by: by.into(), text: text.into() }),
        }
    });
    let ringing = 3 + u32::try_from(second % 2).unwrap_or(0);
    OnTheLine { lines: Lines { talking: 13, ringing, settling: 1, max: 18 }, talks: talks.collect() }
}

fn latest(second: i64) -> Vec<LatestResult> {
    let first = second / 3;
    (0..6)
        .map(|place| {
            let index = usize::try_from(first + 6 - place).expect("positive");
            let outcome = Outcome::ALL[index % 6];
            LatestResult {
                call_id: format!("r{index}"),
                lead: PEOPLE[index % PEOPLE.len()].0.into(),
                outcome,
                goal: if index % 12 == 0 { Goal::Met } else { Goal::Unknown },
                at: now((first - place) * 3),
                next_attempt_at: (outcome == Outcome::NoAnswer).then(|| now(9200)),
            }
        })
        .collect()
}

pub(crate) fn form(has_errors: bool) -> NewCampaign {
    let choice = |value: &str, label: &str| Choice { value: value.into(), label: label.into() };
    let texts = |values: &[&str]| values.iter().map(|&value| value.into()).collect::<Vec<String>>();
    let error = |field: &str, message: &str| FieldError { field: field.into(), message: message.into() };
    NewCampaign {
        draft: CampaignDraft {
            numbers: texts(&["n1"]),
            days: texts(&["mon", "tue", "wed", "thu", "fri"]),
            opens: "09:00".into(),
            closes: "17:30".into(),
            attempts_max: "3".into(),
            retry_after_minutes: "120".into(),
            lines_max: "6".into(),
            start: "now".into(),
            ..CampaignDraft::default()
        },
        groups: vec![LeadGroup { value: "all".into(), label: "All leads".into(), leads: 4120 }],
        agents: vec![choice("ava", "Ava"), choice("milo", "Milo")],
        numbers: vec![choice("n1", "+1 312 555 0199"), choice("n2", "+1 312 555 0200")],
        lines_max: 18,
        errors: if has_errors {
            vec![
                error("name", "Name is empty. It needs one to eighty letters."),
                error("lines_max", "Lines is 40, but 18 is the most."),
            ]
        } else {
            Vec::new()
        },
        form_key: "k".into(),
    }
}

/// One that has not started.
pub(crate) fn draft() -> ClientCampaign {
    let mut view = client(0);
    view.campaign.state = CampaignState::Draft;
    view.campaign.progress = Progress { leads: 4120, not_called: 4120, ..Progress::default() };
    view.pace_setting.cause = PaceCause::NotRunning;
    view
}

pub(crate) fn preflight() -> Preflight {
    let named =
        |place: usize| Named { id: format!("l{place}"), name: format!("{} (+1 312-555-0146)", PEOPLE[place].0) };
    let skipped = |because: &str, leads, sample: usize| SkippedLeads {
        because: because.into(),
        leads,
        sample: (0..sample).map(named).collect(),
    };
    Preflight {
        campaign: Named { id: "intake".into(), name: "Intake callback".into() },
        has_begun: false,
        at: now(0),
        leads: 4120,
        callable: 4016,
        waiting_leads: 812,
        skipped: vec![
            skipped("the phone is on a do-not-call list", 101, 5),
            skipped("numbers of this kind are not called", 3, 3),
        ],
        waiting: vec![("it is outside calling hours where the lead is".into(), 812)],
        first_at: Some(now(0)),
        calls_per_day: Some(CallsPerDay { of_organization: 1000, of_numbers: 400 }),
        days: Some(11),
        is_whole: true,
    }
}
