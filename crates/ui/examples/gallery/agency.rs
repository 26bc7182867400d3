//! Made-up days of an agency and of its organizations.

use crate::calls;
use crate::campaigns;
use crate::samples::{ago, money, organization};
use rust_decimal::Decimal;
use ui::view::{
    AgencyOverview, AgentRow, ClientOverview, EventCounts, EventRow, EventState, HourVolume, LastWeek, LinePoolUse,
    Lines, Need, NumberRow, OrganizationDetail, OrganizationRow, Organizations, Pager, SearchGroup, SearchHit,
    SearchKind, SearchResults, Today, Tone, UserRow, WebhookTab, Webhooks,
};

fn today() -> Today {
    let hour = |index: i64, calls: u32| HourVolume {
        at: ago((17 - index) * 1800),
        answered: calls * 4 / 10,
        not_reached: calls / 2,
        failed: if index == 7 { 11 } else { calls / 40 },
    };
    let calls = [2, 8, 31, 44, 40, 38, 47, 30, 26, 44, 52, 55, 49, 43, 47, 51, 50, 21];
    Today {
        calls: 3418,
        answered: 1258,
        goals_met: 214,
        last_week: Some(LastWeek { calls: 3011, answered: 1190 }),
        by_hour: (0..).zip(calls).map(|(index, calls)| hour(index, calls)).collect(),
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
            pool("East", &["vapi-east-1", "vapi-east-2"], Lines { talking: 22, ringing: 7, settling: 3, max: 40 }),
            pool("West", &["vapi-west"], Lines { talking: 5, ringing: 0, settling: 0, max: 10 }),
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
        today: Today { last_week: None, ..today() },
        lines: Lines { talking: 9, ringing: 3, settling: 1, max: 18 },
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
            calls_by_day: [310, 420, 380, 500, 90, 40, 1204].map(|calls| calls / (index + 1)).to_vec(),
        })
        .collect()
}

pub(crate) fn organizations() -> Organizations {
    Organizations { q: String::new(), rows: organization_rows(), total: 62 }
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
        agents: vec![agent("Ava", &["vapi-east-1", "vapi-east-2"], 1102), agent("Milo", &[], 0)],
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
        counts: EventCounts { kept: 48_120, applied: 48_104, waiting: 4, unattributed: 12, set_aside: 1, refused: 3 },
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
