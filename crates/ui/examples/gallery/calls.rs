//! Made-up calls.

use crate::samples::{ago, money, now, organization, zone};
use ui::view::{
    CallDetail, CallFilter, CallRow, CallState, Calls, Choice, Cost, CostPart, Direction, EventState, Goal, HourVolume,
    Named, OperatorCallDetail, OperatorCallRow, Outcome, Pager, Peaks, ProviderEvent, Recording, TimelineStep, Total,
    Transcript, Turn,
};

pub(crate) const PEOPLE: [(&str, &str); 12] = [
    ("Maya Lindqvist", "+12125550146"),
    ("Grace Novak", "+14155550112"),
    ("Elena Chandra", "+12125550197"),
    ("Hugo Lindqvist", "+13035550137"),
    ("Maya Okafor", "+12125550184"),
    ("Tom Lindqvist", "+14155550106"),
    ("Marcus Ekström", "+15125550152"),
    ("Aisha Becker", "+14155550134"),
    ("Lucía Doyle", "+13035550127"),
    ("Łukasz Żak", "+16175550119"),
    ("Noor Garner", "+17735550193"),
    ("Owen <b>Moreno</b>", "+442079460018"),
];

fn row(index: usize) -> CallRow {
    let state = match index {
        0 => CallState::Talking,
        1 => CallState::Ringing,
        _ => CallState::Ended(Outcome::ALL[index % 6]),
    };
    let (lead, phone) = PEOPLE[index % PEOPLE.len()];
    CallRow {
        id: format!("c{index}"),
        lead: lead.into(),
        phone: phone.into(),
        direction: if index == 4 { Direction::Inbound } else { Direction::Outbound },
        state,
        goal: if index == 6 { Goal::Met } else { Goal::Unknown },
        campaign: (index != 4).then(|| "Six-month recall".into()),
        agent: "Ava".into(),
        started_at: ago(14 + 47 * i64::try_from(index).expect("small")),
        seconds: (index > 1).then(|| u32::try_from(index * 17 % 130).expect("small")),
    }
}

pub(crate) fn client_list(peek: Option<&str>) -> Calls<CallRow, CallDetail> {
    let hour = |index: i64| {
        let busy = if (17..28).contains(&index) { 0 } else { 30 + u32::try_from(index * 7 % 23).expect("small") };
        HourVolume {
            at: ago((48 - index) * 1800),
            answered: busy * 4 / 10,
            not_reached: busy * 6 / 10,
            failed: if index == 7 { 11 } else { busy / 40 },
        }
    };
    Calls {
        filter: CallFilter::default(),
        campaigns: vec![Choice { value: "recall".into(), label: "Six-month recall".into() }],
        agents: vec![Choice { value: "ava".into(), label: "Ava".into() }],
        is_searchable: true,
        rows: (0..14).map(row).collect(),
        pager: Pager { newer: None, older: Some("c".into()) },
        total: Total::Exactly(2226),
        volume: (0..48).map(hour).collect(),
        has_any: true,
        peek: peek.map(|_| detail()),
    }
}

pub(crate) fn operator_list(peek: Option<&str>, is_empty: bool) -> Calls<OperatorCallRow, OperatorCallDetail> {
    let calls = client_list(None);
    let rows = calls.rows.into_iter().enumerate().map(|(index, call)| OperatorCallRow {
        cost: call.seconds.map(|_| money("0.214")),
        call,
        organization: organization(index),
    });
    let ignored = if is_empty { vec!["colour".into()] } else { Vec::new() };
    Calls {
        filter: CallFilter { ignored, outcome: is_empty.then_some(Outcome::Busy), ..CallFilter::default() },
        campaigns: Vec::new(),
        agents: Vec::new(),
        is_searchable: true,
        rows: if is_empty { Vec::new() } else { rows.collect() },
        pager: calls.pager,
        total: if is_empty { Total::Exactly(0) } else { Total::MoreThan(10_000) },
        volume: calls.volume,
        has_any: true,
        peek: peek.map(|_| operator_detail()),
    }
}

pub(crate) fn operator_detail() -> OperatorCallDetail {
    let part = |name: &str, amount| CostPart { name: name.into(), amount: money(amount) };
    let event = |seconds, kind: &str| ProviderEvent {
        received_at: ago(seconds),
        kind: kind.into(),
        state: EventState::Applied,
    };
    OperatorCallDetail {
        call: detail(),
        organization: organization(0),
        provider_account: "vapi-east-2".into(),
        provider_call_id: Some("0199f3b2-7c1e-7aa4".into()),
        ended_reason: Some("customer-ended-call".into()),
        cost: Some(Cost {
            total: money("0.214"),
            parts: vec![
                part("Platform", "0.085"),
                part("Voice", "0.061"),
                part("Model", "0.027"),
                part("Telephony", "0.024"),
                part("Transcriber", "0.017"),
            ],
        }),
        events: vec![event(130, "status-update"), event(120, "status-update"), event(14, "end-of-call-report")],
    }
}

pub(crate) fn detail() -> CallDetail {
    let step = |seconds, title: &str, detail: Option<&str>| TimelineStep {
        at: ago(seconds),
        title: title.into(),
        detail: detail.map(Into::into),
    };
    CallDetail {
        row: CallRow { goal: Goal::Met, seconds: Some(102), state: CallState::Ended(Outcome::Answered), ..row(0) },
        lead: Some(Named { id: "l1".into(), name: PEOPLE[0].0.into() }),
        campaign: Some(Named { id: "recall".into(), name: "Six-month recall".into() }),
        lead_zone: Some(zone("America/New_York")),
        ended_at: Some(now(0)),
        how_it_ended: Some("The lead hung up".into()),
        summary: Some("Maya booked a cleaning with Dr. Okafor for Tuesday 1 December at 2:00 PM. She asked whether the office takes Delta Dental (yes) and wants the team to know that she is nervous about X-rays.".into()),
        fields: vec![("Appointment".into(), "Tue 1 Dec, 2:00 PM".into()), ("Reference".into(), "ND-20931".into())],
        transcript: Transcript::Turns(turns()),
        recording: Recording::Ready { seconds: 102, peaks: Some(peaks()) },
        response_ms: vec![640, 710, 1180, 760, 690, 655],
        timeline: vec![
            step(130, "Due", Some("Attempt 1 of 3")),
            step(129, "Sent", None),
            step(122, "Picked up", None),
            step(14, "Ended", Some("The lead hung up")),
        ],
        newer_id: None,
        older_id: Some("c1".into()),
    }
}

fn turns() -> Vec<Turn> {
    let agent = |at, text: &str, response_ms| Turn::Agent { at: Some(at), text: text.into(), response_ms };
    let lead = |at, text: &str| Turn::Lead { at: Some(at), text: text.into() };
    vec![
        agent(
            1,
            "Hi, is this Maya? This is Ava, a virtual assistant calling for Northwind Dental. This call is recorded. Is now an okay time?",
            Some(640),
        ),
        lead(9, "Oh, hi. Yes, I have a minute."),
        agent(
            14,
            "Thank you. Our records show your last cleaning was in April, so you are due for your six-month visit. Would you like me to find a time?",
            Some(710),
        ),
        lead(24, "Yes please. Early next week would be best, ideally in the afternoon."),
        Turn::Tool { at: Some(31), name: "find_openings".into(), result: "3 openings".into(), took_ms: Some(420) },
        agent(
            33,
            "I have Tuesday the first at two, or Wednesday the second at three thirty. Which one suits you?",
            Some(1180),
        ),
        lead(42, "Tuesday at two works. Is it still Dr. Okafor? And do you still take Delta?"),
        agent(
            50,
            "It is Dr. Okafor, and we do take Delta Dental. Shall I book Tuesday, December first, at two in the afternoon?",
            Some(760),
        ),
        lead(61, "Perfect, go ahead."),
        Turn::Tool {
            at: Some(65),
            name: "book_visit".into(),
            result: "Booked, ref ND-20931".into(),
            took_ms: Some(610),
        },
        agent(67, "You are booked. Is there anything else before I let you go?", Some(690)),
        lead(79, "No, that was quick. Can you add a note that I am nervous about X-rays?"),
        agent(87, "Of course, I have added that for the team. See you on Tuesday, Maya.", Some(655)),
        lead(98, "Thanks, bye."),
    ]
}

fn peaks() -> Peaks {
    let loud = |index: usize, phase: usize| {
        if (index / 14 + phase).is_multiple_of(2) { u8::try_from(60 + index * 53 % 170).expect("small") } else { 0 }
    };
    Peaks {
        agent: (0..210).map(|index| loud(index, 0)).collect(),
        lead: (0..210).map(|index| loud(index, 1)).collect(),
    }
}

const RATE: usize = 8000;

/// A quiet tone as long as the call, or the part of it that was asked for.
pub(crate) fn sound(range: Option<&str>) -> (Vec<u8>, String) {
    let length = RATE * 102;
    let mut wav = b"RIFF".to_vec();
    let mut put = |bytes: &[u8]| wav.extend_from_slice(bytes);
    let word = |number: usize| u32::try_from(number).expect("small").to_le_bytes();
    put(&word(length + 36));
    put(b"WAVEfmt ");
    put(&word(16));
    put(&[1, 0, 1, 0]);
    put(&word(RATE));
    put(&word(RATE));
    put(&[1, 0, 8, 0]);
    put(b"data");
    put(&word(length));
    wav.extend((0..length).map(|index| if index % 40 < 20 { 124_u8 } else { 132 }));
    let from = range.and_then(|range| range.strip_prefix("bytes=")?.split('-').next()?.parse().ok()).unwrap_or(0);
    let all = wav.len();
    (wav.split_off(from), format!("bytes {from}-{}/{all}", all - 1))
}
