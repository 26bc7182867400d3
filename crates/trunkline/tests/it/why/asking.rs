//! How it is asked: for another time, for what is not there, at a terminal, and before a campaign starts.

use super::{Asking, EVENING, LOS_ANGELES, MAYA, OWEN, PREMIUM};
use crate::support::{Campaign, hours};
use reqwest::StatusCode;
use serde_json::Value;
use std::process::Command;

#[tokio::test]
async fn it_can_be_asked_what_would_be_then_and_nothing_is_changed_by_asking() {
    let ask = Asking::at(EVENING).await;
    ask.campaign(&[MAYA]).await;
    let rows = "select md5(string_agg(t::text, '' order by id)) from attempts t";
    let before = ask.world.sql(rows).await;

    let words = ["lead", MAYA, "--at", "2026-03-05T15:00:00Z", "--facts"].map(str::to_owned);
    let told = ask.command(&words).await;

    assert!(told.contains("nobody took it") && told.contains("Calling hours today"), "{told}");
    assert_eq!(ask.world.sql(rows).await, before);
    assert_eq!(ask.world.sql("select count(*) from decisions").await, ["0"]);
}

#[tokio::test]
async fn the_page_asks_again_for_the_time_that_its_form_names_in_the_organizations_zone() {
    let ask = Asking::at(EVENING).await;
    let id = ask.campaign(&[MAYA]).await;
    let lead = ask.world.sql("select id from leads").await.remove(0);
    let shown = ask.world.get(&ask.sam, &format!("/o/acme/leads/{lead}")).await.body;
    let page = format!("/o/acme/why?lead={lead}");
    assert!(shown.contains(&page), "the lead's page leads there: {shown}");

    let now = ask.world.get(&ask.sam, &page).await.body;
    let then = ask.world.get(&ask.sam, &format!("{page}&at=2026-03-05T10:00")).await.body;

    assert!(now.contains("calling hours end at 20:00") && now.contains("value=\"2026-03-04T20:14\""), "{now}");
    assert!(then.contains("As it would be") && !then.contains("calling hours end"), "{then}");
    assert!(then.contains(&format!("/o/acme/leads/{lead}")) && then.contains("As of now"), "{then}");
    for question in [format!("?campaign={id}"), "?number=%2B12125552000".to_owned(), String::new()] {
        let page = ask.world.get(&ask.sam, &format!("/o/acme/why{question}")).await;
        assert_eq!(page.status, StatusCode::OK, "{question}");
    }
    assert_eq!(ask.world.get(&ask.sam, &format!("{page}&at=noon")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_not_there_is_said_so_and_what_cannot_be_read_too() {
    let ask = Asking::new().await;
    let unknown = ask.world.get(&ask.sam, "/o/acme/why.json?lead=%2B12125550199").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(unknown.body.contains("not_found"), "{}", unknown.body);
    let unreadable = ask.world.get(&ask.sam, "/o/acme/why.json?lead=Maya").await;
    assert_eq!(unreadable.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_program_answers_and_replays_at_a_terminal() {
    let ask = Asking::at(EVENING).await;
    ask.campaign(&[MAYA, PREMIUM]).await;
    ask.world.dial().await;
    let url = ask.world.database.url();
    let run = |words: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_trunkline"));
        let done =
            program.arg("why").args(words).args(["--organization", "acme", "--database-url", &url]).output().unwrap();
        (done.status.success(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };

    let (is_good, told, problems) = run(&["lead", MAYA, "--at", EVENING]);
    assert!(is_good && told.contains("it is 20:14 where the lead is"), "{told}{problems}");
    let (is_good, told, problems) = run(&["lead", MAYA, "--at", EVENING, "--json"]);
    let value: Value = serde_json::from_str(&told).unwrap();
    assert!(is_good && value["because"] == "outside_calling_hours", "{told}{problems}");
    let (is_good, told, _) = run(&["replay"]);
    assert!(is_good, "{told}");
    assert_eq!(told, "2 decisions come out the same, 0 otherwise; 0 were made by other rules.\n");
    let (is_good, _, problems) = run(&["lead", OWEN]);
    assert!(!is_good && problems.contains("there is no lead"), "{problems}");
}

#[tokio::test]
async fn before_a_campaign_starts_it_is_told_who_would_be_skipped() {
    let ask = Asking::at(EVENING).await;
    let people = [MAYA, OWEN, PREMIUM, LOS_ANGELES];
    let draft = Campaign { is_running: false, hours: hours("09:00-20:00"), ..Campaign::over(&people) };
    let id = ask.campaign_of(draft).await;
    let lead = ask.world.sql("select id from leads where phone = '+12125550147'").await.remove(0);
    ask.post(&format!("/leads/{lead}/dnc")).await;

    let answer = ask.world.get(&ask.sam, &format!("/o/acme/campaigns/{id}/preflight.json")).await;
    let told: Value = serde_json::from_str(&answer.body).unwrap();

    assert_eq!((&told["leads"], &told["callable"], &told["skipped"]), (&4.into(), &2.into(), &2.into()), "{told:#}");
    assert_eq!(told["skipped_because"][0]["because"], "do_not_call");
    assert_eq!(told["skipped_because"][0]["sample"][0], "Maya Lindqvist (+1 212-555-0147)");
    assert_eq!(told["first_at"], EVENING, "it is 17:14 in Los Angeles");
    assert_eq!(told["calls_per_day_max"]["max"], 100);
    assert_eq!(told["days"], 1);
    let told = ask.command(&["campaign".to_owned(), id.to_string(), "--preflight".to_owned()]).await;
    assert!(told.starts_with("Recall of 4: 2 of 4 leads would be skipped.\n"), "{told}");
}
