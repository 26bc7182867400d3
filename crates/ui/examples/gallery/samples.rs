//! Made-up values for all pages but campaigns and calls. Tests of the pages use them too.

use crate::calls::{self, PEOPLE};
use crate::campaigns;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use ui::view::{
    AgencyOverview, AgentRow, CallState, Calling, ClientOverview, ColumnRole, ColumnUse, EnrollmentRow,
    EventCounts, EventRow, EventState, HourVolume, ImportForm, ImportProblem, ImportResult, ImportRow,
    LastWeek, LeadDetail, LeadDnc, LeadRow, LeadState, LeadStep, LeadStepKind, LeadTab, Leads, LinePoolUse,
    Lines, Named, Need, NumberRow, OperatorLeadRow, OrganizationDetail, OrganizationName, OrganizationRow,
    Organizations, Outcome, Pager, SearchGroup, SearchHit, SearchKind, SearchResults, Today, Tone, Total,
    UserRow, WebhookTab, Webhooks,
};
use ui::{Audience, Clock, Context, Right, Scope, Theme, User, Visitor};

pub(crate) const ORGANIZATIONS: [(&str, &str); 5] = [
    ("northwind", "Northwind Dental"),
    ("brightpath", "Brightpath Solar"),
    ("harbor", "Harbor Legal"),
    ("cedar", "Cedar Realty"),
    ("fable", "Fable Fitness"),
];

pub(crate) fn organization(index: usize) -> OrganizationName {
    let (slug, name) = ORGANIZATIONS[index % ORGANIZATIONS.len()];
    OrganizationName {
        slug: slug.into(),
        name: name.into(),
    }
}

/// The time of all pages, `seconds` after the beginning.
pub(crate) fn now(seconds: i64) -> Timestamp {
    let beginning: Timestamp = "2026-11-24T16:42:20Z".parse().expect("this is a time");
    beginning + SignedDuration::from_secs(seconds)
}

pub(crate) fn ago(seconds: i64) -> Timestamp {
    now(-seconds)
}

pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("the zone is known")
}

pub(crate) fn money(text: &str) -> Decimal {
    text.parse().expect("this is a number")
}

/// Somebody of the first organization, or of the agency in the scope of `slug`.
pub(crate) fn context(is_client: bool, slug: Option<&str>, path: &str) -> Context {
    let one = slug.and_then(|slug| {
        (0..ORGANIZATIONS.len())
            .map(organization)
            .find(|one| one.slug == slug)
    });
    let audience = if is_client {
        Audience::Client {
            organization: organization(0),
        }
    } else {
        Audience::Agency {
            agency: "Relay Agency".into(),
            scope: one.map_or(Scope::All, Scope::One),
            organizations: (0..4).map(organization).collect(),
            organizations_total: 62,
        }
    };
    let (name, role) = if is_client {
        ("Dana Reyes", "Manager")
    } else {
        ("Sam Okoro", "Owner")
    };
    Context {
        audience,
        user: User {
            name: name.into(),
            role: role.into(),
        },
        rights: vec![Right::SteerCampaigns, Right::CreateCampaigns, Right::ImportLeads],
        theme: Theme::System,
        path: path.into(),
        now: now(0),
        zone: zone("America/Chicago"),
        clock: Clock {
            label: Some("60 times as fast".into()),
            speed: 1,
        },
        simulated: true,
        notice: None,
    }
}

pub(crate) fn visitor(context: &Context) -> Visitor {
    Visitor {
        theme: context.theme,
        agency: "Relay Agency".into(),
        simulated: true,
    }
}

fn today() -> Today {
    let hour = |index: i64, calls: u32| HourVolume {
        at: ago((17 - index) * 1800),
        answered: calls * 4 / 10,
        not_reached: calls / 2,
        failed: if index == 7 { 11 } else { calls / 40 },
    };
    let calls = [
        2, 8, 31, 44, 40, 38, 47, 30, 26, 44, 52, 55, 49, 43, 47, 51, 50, 21,
    ];
    Today {
        calls: 3418,
        answered: 1258,
        goals_met: 214,
        last_week: Some(LastWeek {
            calls: 3011,
            answered: 1190,
        }),
        by_hour: (0..)
            .zip(calls)
            .map(|(index, calls)| hour(index, calls))
            .collect(),
    }
}

pub(crate) fn agency_overview() -> AgencyOverview {
    let pool = |name: &str, accounts: &[&str], lines| LinePoolUse {
        name: name.into(),
        accounts: accounts.iter().map(|&account| account.into()).collect(),
        lines,
    };
    AgencyOverview {
        pools: vec![
            pool(
                "East",
                &["vapi-east-1", "vapi-east-2"],
                Lines {
                    talking: 22,
                    ringing: 7,
                    settling: 3,
                    max: 40,
                },
            ),
            pool(
                "West",
                &["vapi-west"],
                Lines {
                    talking: 5,
                    ringing: 0,
                    settling: 0,
                    max: 10,
                },
            ),
        ],
        today: today(),
        spend_today: money("318.42"),
        spend_last_week: Some(money("290.10")),
        campaigns_running: 17,
        needs: vec![
            Need {
                tone: Tone::Warn,
                title: "12 webhooks belong to nobody".into(),
                detail: "They are kept. An assistant that is not known here sent them.".into(),
                href: "/webhooks".into(),
                action: "Look at them".into(),
            },
            Need {
                tone: Tone::Bad,
                title: "Account vapi-west was refused".into(),
                detail: "Its key is not valid since 10:31 AM. Three campaigns wait; no lead was lost.".into(),
                href: "/organizations".into(),
                action: "Show who waits".into(),
            },
        ],
        organizations: organization_rows(),
        organizations_total: 62,
    }
}

pub(crate) fn client_overview() -> ClientOverview {
    ClientOverview {
        today: Today {
            last_week: None,
            ..today()
        },
        lines: Lines {
            talking: 9,
            ringing: 3,
            settling: 1,
            max: 18,
        },
        leads: 4120,
        leads_to_call: 1893,
        campaigns: campaigns::client_list().rows,
        latest_calls: calls::client_list(None).rows.into_iter().take(5).collect(),
        next_opening: None,
    }
}

fn organization_rows() -> Vec<OrganizationRow> {
    (0..5_u32)
        .map(|index| OrganizationRow {
            organization: organization(index as usize),
            lines_in_use: 18 - index * 4,
            lines_max: 18,
            campaigns_running: 4 - index.min(3),
            calls_today: u64::from(1204 - index * 230),
            answered_today: u64::from(441 - index * 92),
            spend_today: money("112.08") / Decimal::from(index + 1),
            calls_by_day: [310, 420, 380, 500, 90, 40, 1204]
                .map(|calls| calls / (index + 1))
                .to_vec(),
        })
        .collect()
}

pub(crate) fn organizations() -> Organizations {
    Organizations {
        q: String::new(),
        rows: organization_rows(),
        total: 62,
    }
}

pub(crate) fn organization_detail() -> OrganizationDetail {
    let agent = |name: &str, accounts: &[&str], calls| AgentRow {
        name: name.into(),
        calls_today: calls,
        answered_today: calls / 3,
        lines_max: Some(12),
        accounts: accounts.iter().map(|&account| account.into()).collect(),
    };
    let number = |phone: &str, calls, in_use| NumberRow {
        phone: phone.into(),
        account: "vapi-east-2".into(),
        calls_today: calls,
        calls_a_day_max: 100,
        in_use,
    };
    OrganizationDetail {
        row: organization_rows().remove(0),
        since: "2026-03-02T12:00:00Z".parse().expect("this is a time"),
        zone: "America/Chicago".into(),
        leads: 4120,
        limits: campaigns::operator(0).pace_setting.others,
        campaigns: campaigns::client_list().rows,
        agents: vec![
            agent("Ava", &["vapi-east-1", "vapi-east-2"], 1102),
            agent("Milo", &[], 0),
        ],
        numbers: vec![
            number("+13125550199", 61, true),
            number("+13125550200", 100, true),
            number("+13125550201", 0, false),
        ],
        users: vec![UserRow {
            name: "Dana Reyes".into(),
            email: "dana@northwind.example".into(),
            role: "Manager".into(),
            last_seen_at: Some(ago(900)),
        }],
    }
}

fn lead_row(index: usize) -> LeadRow {
    let states = [
        LeadState::OnTheLine,
        LeadState::ToCall,
        LeadState::Reached,
        LeadState::Exhausted,
        LeadState::DoNotCall,
        LeadState::Idle,
    ];
    let (name, phone) = PEOPLE[index % PEOPLE.len()];
    LeadRow {
        id: format!("0199-{index}"),
        name: name.into(),
        phone: phone.into(),
        zone: zone(["America/Chicago", "America/New_York", "America/Phoenix"][index % 3]),
        state: states[index % states.len()],
        calls: u32::try_from(index % 4).expect("small"),
        last_call: (!index.is_multiple_of(4)).then(|| {
            (
                Outcome::ALL[index % 6],
                ago(3000 * i64::try_from(index).expect("small")),
            )
        }),
        next_attempt_at: (index % 6 == 1).then(|| now(9000)),
    }
}

pub(crate) fn client_leads() -> Leads<LeadRow> {
    Leads {
        q: String::new(),
        tab: LeadTab::All,
        is_searchable: true,
        rows: (0..12).map(lead_row).collect(),
        pager: Pager {
            newer: None,
            older: Some("c".into()),
        },
        total: Total::Exactly(4120),
        has_any: true,
    }
}

pub(crate) fn operator_leads() -> Leads<OperatorLeadRow> {
    let leads = client_leads();
    let rows = leads.rows.into_iter().enumerate();
    let rows = rows
        .map(|(index, lead)| OperatorLeadRow {
            lead,
            organization: organization(index),
        })
        .collect();
    Leads {
        q: leads.q,
        tab: leads.tab,
        is_searchable: false,
        rows,
        pager: leads.pager,
        total: leads.total,
        has_any: true,
    }
}

pub(crate) fn lead_detail() -> LeadDetail {
    let campaign = Named {
        id: "recall".into(),
        name: "Six-month recall".into(),
    };
    let call = |seconds, id: &str, outcome| LeadStep {
        at: ago(seconds),
        what: LeadStepKind::Call {
            id: id.into(),
            state: CallState::Ended(outcome),
            seconds: Some(42),
            how_it_ended: Some("Voicemail answered".into()),
        },
        campaign: Some("Six-month recall".into()),
    };
    let text = |seconds, text: &str| LeadStep {
        at: ago(seconds),
        what: LeadStepKind::Attempt { text: text.into() },
        campaign: None,
    };
    LeadDetail {
        row: lead_row(1),
        added_at: ago(400_000),
        source: Some("recall-november.csv, line 14".into()),
        variables: vec![
            ("last_visit".into(), "12 Apr 2026".into()),
            ("insurance".into(), "Delta Dental".into()),
        ],
        dnc: LeadDnc::No,
        calling: Calling::Waits {
            reason: "Calling hours are closed where the lead lives.".into(),
            until: Some(now(60_000)),
        },
        enrollments: vec![EnrollmentRow {
            campaign,
            standing: "To be called".into(),
            attempts: 2,
            attempts_max: 3,
        }],
        timeline: vec![
            text(600, "Third attempt planned for tomorrow 9:00 AM"),
            call(4000, "c2", Outcome::Voicemail),
            call(90_000, "c1", Outcome::NoAnswer),
            text(100_000, "Put off: no free line"),
        ],
    }
}

pub(crate) fn import_form() -> ImportForm {
    ImportForm {
        bytes_max: 20 << 20,
        rows_max: 200_000,
        country: "the United States (+1)".into(),
        zone: "America/Chicago".into(),
        errors: Vec::new(),
        again: None,
        form_key: "k".into(),
        recent: vec![ImportRow {
            id: "i1".into(),
            file_name: "recall-october.csv".into(),
            at: ago(90_000),
            added: 3120,
            problems: 14,
        }],
    }
}

pub(crate) fn import_result() -> ImportResult {
    let problem = |line, column: &str, found: &str, reason: &str| ImportProblem {
        line,
        column: column.into(),
        found: found.into(),
        reason: reason.into(),
    };
    let column = |header: &str, used_as| ColumnUse {
        header: header.into(),
        used_as,
    };
    ImportResult {
        id: "0193d4a0-0000-7000-8000-000000000000".to_owned(),
        file_name: "recall-november.csv".into(),
        at: ago(40),
        by: Some("Sam Okoro".into()),
        rows: 4306,
        added: 4151,
        updated: 51,
        duplicates: 40,
        rejected: 64,
        columns: vec![
            column("Patient Name", ColumnRole::Name),
            column("Cell", ColumnRole::Phone),
            column("Last visit", ColumnRole::Variable),
            column("Zone", ColumnRole::TimeZone),
            column("", ColumnRole::Ignored),
        ],
        problems: vec![
            problem(
                88,
                "Cell",
                "312 555 01",
                "too short for a phone number: ten digits are needed",
            ),
            problem(412, "Cell", "", "no phone number"),
            problem(
                977,
                "Zone",
                "Centrall",
                "not a time zone that is known: write it like America/Chicago",
            ),
        ],
        zones: vec![
            ("Eastern".into(), 1918),
            ("Central".into(), 1803),
            ("Mountain".into(), 254),
            ("Pacific".into(), 227),
        ],
    }
}

pub(crate) fn webhooks() -> Webhooks {
    let row = |id: &str, kind: &str, state, reason: Option<&str>, organization| EventRow {
        id: id.into(),
        received_at: ago(75),
        kind: kind.into(),
        provider_account: "vapi-east-2".into(),
        organization,
        state,
        reason: reason.map(Into::into),
    };
    Webhooks {
        address: "https://calls.relay.example/webhooks/vapi".into(),
        last_received_at: Some(ago(2)),
        counts: EventCounts {
            kept: 48_120,
            applied: 48_104,
            waiting: 4,
            unattributed: 12,
            set_aside: 1,
        },
        tab: WebhookTab::NeedsYou,
        rows: vec![
            row(
                "0199f3",
                "end-of-call-report",
                EventState::Unattributed,
                Some("Assistant 3f2a is not deployed by anybody here."),
                None,
            ),
            row(
                "0199f1",
                "status-update",
                EventState::SetAside,
                Some("It could not be applied eight times: the call has no attempt."),
                Some(organization(1)),
            ),
        ],
        pager: Pager::default(),
    }
}

pub(crate) fn search() -> SearchResults {
    let hit = |title: &str, detail: &str, href: &str| SearchHit {
        title: title.into(),
        detail: detail.into(),
        href: href.into(),
    };
    SearchResults {
        q: "ma".into(),
        groups: vec![
            SearchGroup {
                kind: SearchKind::Organizations,
                hits: vec![hit("Northwind Dental", "18 of 18 lines", "/o/northwind")],
            },
            SearchGroup {
                kind: SearchKind::Leads,
                hits: vec![
                    hit("Maya Lindqvist", "+1 212 555 0146", "/o/northwind/leads/1"),
                    hit("Marcus Ekström", "+1 512 555 0152", "/o/northwind/leads/2"),
                ],
            },
        ],
    }
}
