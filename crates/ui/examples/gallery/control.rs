//! Made-up numbers, agents, accounts and what waits for a person.

use crate::samples::{ago, organization};
use jiff::civil::date;
use ui::Context;
use ui::view::{
    AccountRow, Accounts, AgentControl, Agents, Attention, AttentionGroup, CapDraft, Choice, ClientNumbers, DeployedAt,
    DialingPaused, EditCampaign, FieldError, HeldAttempt, Incident, IncidentKind, LastChange, LimitsDraft, MoneyDraft,
    NumberState, OddAttempt, OperatorEditCampaign, OperatorNumber, OperatorNumbers, OrganizationLimitsForm, PaceField,
    PaceForm, PaceInput, PaceOf, PhoneNumberRow, PoolRow, RulesDraft, RulesForm, SwitchedOff, TermsDraft, WeekDraft,
};

fn off(by: Option<&str>, because: &str) -> SwitchedOff {
    SwitchedOff { since: Some(ago(1560)), by: by.map(Into::into), because: Some(because.into()), until: None }
}

pub(crate) fn dialing_paused(is_client: bool) -> DialingPaused {
    if is_client {
        return DialingPaused::ForClient;
    }
    DialingPaused::ForAgency(off(Some("Sam Okoro"), "the script of Northwind names a wrong price"))
}

fn numbers() -> Vec<PhoneNumberRow> {
    let number = |id: &str, phone: &str, state, calls_today| PhoneNumberRow {
        id: id.into(),
        phone: phone.into(),
        label: if id == "1" { "Main line".into() } else { String::new() },
        state,
        calls_today,
        calls_a_day_max: 100,
        calls_an_hour_max: (id == "2").then_some(20),
        warm_up_from: (id == "2").then_some(date(2026, 11, 20)),
        calls: 612,
        answered: 201,
        calls_now: 2,
    };
    let until = SwitchedOff { until: Some(ago(-3 * 3600)), ..off(None, "daily limit of the number reached") };
    vec![
        number("1", "+13125550199", NumberState::InUse, 61),
        number("2", "+13125550200", NumberState::CalledEnough, 100),
        number("3", "+13125550201", NumberState::Resting(until), 40),
        number("4", "+13125550202", NumberState::Resting(off(Some("Dana Reyes"), "complaints")), 12),
        number("5", "+13125550203", NumberState::Dead(off(None, "the number does not exist")), 0),
    ]
}

pub(crate) fn operator_numbers(is_empty: bool) -> OperatorNumbers {
    let row =
        |(place, number)| OperatorNumber { number, organization: organization(place), account: "vapi-east-2".into() };
    let numbers = if is_empty { Vec::new() } else { numbers() };
    OperatorNumbers { total: numbers.len() as u64, rows: (0..).zip(numbers).map(row).collect() }
}

pub(crate) fn client_numbers() -> ClientNumbers {
    ClientNumbers { rows: numbers() }
}

fn agents() -> Vec<AgentControl> {
    let agent = |id: &str, name: &str, off, calls_now| AgentControl {
        id: id.into(),
        name: name.into(),
        off,
        calls_now,
        lines_max: 12,
        calls_today: 1102,
        answered_today: 380,
    };
    vec![agent("1", "Ava", None, 9), agent("2", "Milo", Some(off(Some("Dana Reyes"), "its voice is being changed")), 2)]
}

pub(crate) fn operator_agents() -> Agents<DeployedAt> {
    let at = [DeployedAt(vec!["vapi-east-1".into(), "vapi-east-2".into()]), DeployedAt(Vec::new())];
    Agents { rows: agents().into_iter().zip(at).collect() }
}

pub(crate) fn client_agents() -> Agents<()> {
    Agents { rows: agents().into_iter().map(|agent| (agent, ())).collect() }
}

pub(crate) fn accounts() -> Accounts {
    let account = |name: &str, off, unknowns_in_a_row| AccountRow {
        id: name.into(),
        name: name.into(),
        key_ending: "4f2a".into(),
        pool: "East".into(),
        off,
        requests_this_minute: 46,
        requests_per_minute_max: 80,
        unknowns_in_a_row,
        calls_now: 11,
    };
    let until =
        SwitchedOff { until: Some(ago(-240)), ..off(None, "several calls in a row went unanswered by the provider") };
    Accounts {
        accounts: vec![
            account("vapi-east-1", None, 0),
            account("vapi-east-2", Some(until), 3),
            account("vapi-west", Some(off(Some("Sam Okoro"), "its invoice is being looked at")), 0),
        ],
        pools: vec![
            PoolRow {
                id: "1".into(),
                name: "East".into(),
                lines_in_use: 32,
                lines_max: 40,
                inbound_reserve: 4,
                cooling_until: None,
            },
            PoolRow {
                id: "2".into(),
                name: "West".into(),
                lines_in_use: 5,
                lines_max: 10,
                inbound_reserve: 0,
                cooling_until: Some(ago(-40)),
            },
        ],
    }
}

fn odd(id: &str, lead: &str, phone: &str) -> OddAttempt {
    OddAttempt {
        id: id.into(),
        lead_id: id.into(),
        lead: lead.into(),
        phone: phone.into(),
        campaign_id: "1".into(),
        campaign: "Spring recall".into(),
        sent_at: Some(ago(90_000)),
        because: Some("it cannot be found out whether the phone rang".into()),
    }
}

pub(crate) fn attention(context: &Context, is_empty: bool) -> Attention {
    let group = |place: usize| AttentionGroup {
        organization: organization(place),
        held: vec![
            HeldAttempt {
                attempt: odd("h1", "Maya Lindqvist", "+12125550146"),
                looks: 1,
                looked_at: Some(ago(600)),
                has_call: false,
            },
            HeldAttempt {
                attempt: odd("h2", "Marcus Ekström", "+15125550152"),
                looks: 0,
                looked_at: None,
                has_call: true,
            },
        ],
        incidents: vec![
            Incident { attempt: odd("i1", "Ann Field", "+12125550147"), kind: IncidentKind::Late },
            Incident { attempt: odd("i2", "Bo Reyes", "+12125550148"), kind: IncidentKind::Second },
        ],
    };
    let places = if context.organization().is_some() { 1 } else { 2 };
    Attention { groups: if is_empty { Vec::new() } else { (0..places).map(group).collect() }, is_cut: places == 2 }
}

pub(crate) fn limits(is_wrong: bool) -> OrganizationLimitsForm {
    let error = FieldError {
        field: "lines_max".into(),
        message: "Lines: a number from 1 to 10,000 is needed, “many” came.".into(),
    };
    OrganizationLimitsForm {
        organization: organization(0),
        off: is_wrong.then(|| off(Some("Sam Okoro"), "its contract ended")),
        draft: LimitsDraft {
            calls_per_day_max: "1000".into(),
            lines_max: if is_wrong { "many".into() } else { "18".into() },
            weight: "1".into(),
            calls_per_lead_and_day_max: "2".into(),
            ring_gap_minutes_min: "60".into(),
            hours: week(),
        },
        errors: if is_wrong { vec![error] } else { Vec::new() },
        last_change: Some(last_change()),
        calls_today: 1204,
        lines_in_use: 18,
    }
}

fn week() -> WeekDraft {
    let day = "09:00-12:00, 13:00-18:00".to_owned();
    WeekDraft {
        days: [day.clone(), day.clone(), day.clone(), day.clone(), day, String::new(), String::new()],
        closed: "2026-12-24\n2026-12-31".into(),
        holidays: Some("US".into()),
    }
}

pub(crate) fn edit_campaign() -> EditCampaign {
    let number = |id: &str, label: &str| Choice { value: id.into(), label: label.into() };
    EditCampaign {
        id: "1".into(),
        name: "Spring recall".into(),
        draft: TermsDraft {
            lines_max: "8".into(),
            priority: "100".into(),
            calls_per_lead_and_day_max: "2".into(),
            attempts_max: "4".into(),
            retry_after_minutes: "120".into(),
            numbers: vec!["1".into()],
            number_choice: "local".into(),
            daypart: "other".into(),
            hours: week(),
        },
        numbers: vec![number("1", "+1 312 555 0199 (Main line)"), number("2", "+1 312 555 0200")],
        lines_max: 18,
        errors: Vec::new(),
        last_change: Some(last_change()),
    }
}

pub(crate) fn operator_edit_campaign() -> OperatorEditCampaign {
    let money = MoneyDraft { budget_per_day_max: "50.00".into(), price_per_call: String::new() };
    OperatorEditCampaign { edit: edit_campaign(), money }
}

fn last_change() -> LastChange {
    LastChange { by: Some("Sam Okoro".into()), at: ago(240), before: vec![("lines_max".into(), "6".into())] }
}

pub(crate) fn rules(is_wrong: bool) -> RulesForm {
    let kind = |value: &str, label: &str| Choice { value: value.into(), label: label.into() };
    let cap = |rings: &str, days: &str| CapDraft { rings: rings.into(), days: days.into() };
    let error = |field: &str, message: &str| FieldError { field: field.into(), message: message.into() };
    RulesForm {
        organization: organization(0),
        kinds: vec![
            kind("landline", "A landline"),
            kind("mobile", "A mobile"),
            kind("landline_or_mobile", "A landline or mobile"),
            kind("voip", "An internet line"),
        ],
        draft: RulesDraft {
            caps: [cap("5", "7"), cap("9", if is_wrong { "90" } else { "30" }), cap("", ""), cap("", "")],
            countries: "US, CA".into(),
            phone_kinds: vec!["landline".into(), "mobile".into(), "landline_or_mobile".into()],
            budget_per_day_max: if is_wrong { "plenty".into() } else { "250.00".into() },
            number_gap_seconds_min: "30".into(),
            warm_up: "0: 10\n3: 20\n7: 40\n11: 80\n14: 120\n21: 200".into(),
        },
        errors: if is_wrong {
            vec![
                error("days_1", "Days: a number from 2 to 31 is needed, “90” came."),
                error(
                    "budget_per_day_max",
                    "Budget a day: dollars from 0 to 1,000,000 such as 49.90 are needed, “plenty” came.",
                ),
            ]
        } else {
            Vec::new()
        },
        last_change: Some(last_change()),
    }
}

pub(crate) fn number_pace(is_wrong: bool) -> PaceForm {
    let field = |name, label, hint: &str, input, value: &str| PaceField {
        name,
        label,
        hint: hint.into(),
        input,
        value: value.into(),
    };
    let error = FieldError {
        field: "calls_per_hour_max".into(),
        message: "Calls an hour: a number from 0 to 1,000,000 is needed, “some” came.".into(),
    };
    let hint = "Left empty: it is used to calls. From that day on: 10 calls a day, 20 from day 3, 40 from day 7.";
    PaceForm {
        of: PaceOf::Number { slug: "northwind".into(), organization: "Northwind Dental".into() },
        name: "+1 312 555 0199".into(),
        fields: vec![
            field("calls_per_day_max", "Calls a day", "By the organization's own day.", PaceInput::Number, "100"),
            field("calls_per_hour_max", "Calls an hour", "Left empty: no limit.", PaceInput::Number, "20"),
            field("warm_up_from", "First day of its warm-up", hint, PaceInput::Date, "2026-11-20"),
        ],
        errors: if is_wrong { vec![error] } else { Vec::new() },
        last_change: Some(last_change()),
    }
}
