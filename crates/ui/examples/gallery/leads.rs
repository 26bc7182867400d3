//! Made-up leads and imports.

use crate::calls::PEOPLE;
use crate::samples::{ago, now, organization, zone};
use ui::view::{
    CallState, ColumnRole, ColumnUse, EnrollmentRow, FactGroup, ImportForm, ImportProblem, ImportResult, ImportRow,
    LeadDetail, LeadDnc, LeadRow, LeadState, LeadStep, LeadStepKind, LeadTab, Leads, Named, OperatorLeadRow, Outcome,
    Pager, Total, Why, WhyPage, WhyStanding, WhySubject,
};

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
        last_call: (!index.is_multiple_of(4))
            .then(|| (Outcome::ALL[index % 6], ago(3000 * i64::try_from(index).expect("small")))),
        next_attempt_at: (index % 6 == 1).then(|| now(9000)),
    }
}

pub(crate) fn client_leads() -> Leads<LeadRow> {
    Leads {
        q: String::new(),
        tab: LeadTab::All,
        is_searchable: true,
        rows: (0..12).map(lead_row).collect(),
        pager: Pager { newer: None, older: Some("c".into()) },
        total: Total::Exactly(4120),
        has_any: true,
    }
}

pub(crate) fn operator_leads() -> Leads<OperatorLeadRow> {
    let leads = client_leads();
    let rows = leads.rows.into_iter().enumerate();
    let rows = rows.map(|(index, lead)| OperatorLeadRow { lead, organization: organization(index) }).collect();
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
    let campaign = Named { id: "recall".into(), name: "Six-month recall".into() };
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
        variables: vec![("last_visit".into(), "12 Apr 2026".into()), ("insurance".into(), "Delta Dental".into())],
        dnc: LeadDnc::No,
        why: why(),
        enrollments: vec![EnrollmentRow { campaign, standing: "To be called".into(), attempts: 2, attempts_max: 3 }],
        timeline: vec![
            text(600, "Third attempt planned for tomorrow 9:00 AM"),
            call(4000, "c2", Outcome::Voicemail),
            call(90_000, "c1", Outcome::NoAnswer),
            text(100_000, "Put off: no free line"),
        ],
    }
}

pub(crate) fn why() -> Why {
    let rows = |rows: &[(&str, &str)]| rows.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Why {
        standing: WhyStanding::Waits,
        sentence: "Maya Lindqvist (+1 212-555-0146) is not being called: it is 20:14 where the lead is (New York, from the phone \
                   number) and calling hours end at 20:00. Next: tomorrow 09:00 New York time (08:00 Chicago time)."
            .into(),
        facts: vec![
            FactGroup { title: "Lead".into(), rows: rows(&[("Time there", "20:14 New York"), ("Rings today", "1")]) },
            FactGroup { title: "Campaign".into(), rows: rows(&[("Running", "yes"), ("Lines in use", "3 of 10")]) },
        ],
        page: "/o/northwind/why?lead=l1".into(),
    }
}

pub(crate) fn why_page() -> WhyPage {
    let named = |id: &str, name: &str| Named { id: id.into(), name: name.into() };
    let campaigns = [named("recall", "Six-month recall"), named("winback", "Win-back")];
    WhyPage {
        subject: WhySubject::Lead(named("l1", "Maya Lindqvist")),
        answer: why(),
        campaigns: campaigns.into_iter().map(|campaign| (campaign, why().sentence)).collect(),
        asked_at: now(0),
        is_another_time: false,
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
    let column = |header: &str, used_as| ColumnUse { header: header.into(), used_as };
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
            problem(88, "Cell", "312 555 01", "too short for a phone number: ten digits are needed"),
            problem(412, "Cell", "", "no phone number"),
            problem(977, "Zone", "Centrall", "not a time zone that is known: write it like America/Chicago"),
        ],
        zones: vec![
            ("Eastern".into(), 1918),
            ("Central".into(), 1803),
            ("Mountain".into(), 254),
            ("Pacific".into(), 227),
        ],
    }
}
