//! A number that people stop answering rests by itself, is told about, and burns no lead.

use crate::support::{Campaign, Client, World, phones};
use jiff::SignedDuration;
use reqwest::StatusCode;
use trunkline::domain::retry_policy::RetryPlan;
use vapi_sim::{Knobs, Outcome};

/// As many calls as make a rate known, and two in five are answered.
const USUAL: usize = 60;
/// People who do not answer.
const SILENT: usize = 80;

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

fn once() -> RetryPlan {
    serde_json::from_str(r#"{"attempts_max": 1}"#).unwrap()
}

/// A client whose number was answered as usual by some, and of whom the others do not answer: their campaign is to be made.
async fn client_of_a_known_number(world: &World) -> (Client, Vec<&'static str>) {
    let acme = world.client("Acme").await;
    world.sql("update phone_numbers set calls_per_day_max = 1000").await;
    let mut people = phones(USUAL + SILENT);
    let silent = people.split_off(USUAL);
    for (nth, phone) in people.iter().enumerate() {
        let outcome = if nth % 5 < 2 { Outcome::answered() } else { Outcome::NoAnswer };
        world.provider.script_phone(phone, vec![outcome]);
    }
    for phone in &silent {
        world.provider.script_phone(phone, vec![Outcome::NoAnswer; 3]);
    }
    world.campaign_of(&acme, Campaign { retry_plan: once(), ..Campaign::over(&people) }).await;
    world.run_for(minutes(40)).await;
    assert_eq!(world.rang().len(), USUAL);
    assert_eq!(world.sql("select status from phone_numbers").await, ["active"]);
    (acme, silent)
}

fn silent_campaign(silent: &[&'static str]) -> Campaign {
    Campaign { name: "Silence".to_owned(), retry_plan: once(), ..Campaign::over(silent) }
}

#[tokio::test]
async fn a_number_that_people_stop_answering_rests_and_its_leads_wait() {
    let world = World::new().await;
    let (acme, silent) = client_of_a_known_number(&world).await;
    world.campaign_of(&acme, silent_campaign(&silent)).await;

    world.run_for(minutes(60)).await;

    let rang = world.rang().len() - USUAL;
    assert!((20..40).contains(&rang), "{rang} of {SILENT} were called before it rested");
    assert_eq!(world.sql("select status || ' ' || (status_by is null) from phone_numbers").await, ["resting true"]);
    let left = world.sql("select count(*) from enrollments where status = 'queued' and attempts_made = 0").await;
    assert_eq!(left, [(SILENT - rang).to_string()]);
    assert_eq!(world.sql("select waiting_because from organization_dispatch").await, ["numbers_resting"]);
    world.check_books().await;

    let (operator, viewer) = (world.operator().await, world.viewer(&acme).await);
    let because = "people stopped answering it: 0 of its last";
    for page in ["/o/acme/numbers", "/", "/o/acme/why?number=%2B12125552000"] {
        let told = world.get(&operator, page).await;
        assert!(told.status == StatusCode::OK && told.body.contains(because), "{page}: {}", told.body);
    }
    let told = world.get(&viewer, "/o/acme/why.json?number=%2B12125552000").await.body;
    assert!(told.contains("number_unanswered") && told.contains(because), "{told}");
    let noted = "select (detail ->> 'because') from audit_entries where action = 'number.rested' and user_id is null";
    assert!(world.sql(noted).await[0].starts_with(because));

    // Three days later it calls again, by itself.
    world.advance(SignedDuration::from_hours(72));
    world.run_for(minutes(30)).await;
    assert!(world.rang().len() > USUAL + rang);
    world.check_books().await;
}

#[tokio::test]
async fn a_person_may_take_it_up_again_and_it_is_judged_anew() {
    let world = World::new().await;
    let (acme, silent) = client_of_a_known_number(&world).await;
    world.campaign_of(&acme, silent_campaign(&silent)).await;
    world.run_for(minutes(60)).await;
    assert_eq!(world.sql("select status from phone_numbers").await, ["resting"]);

    let manager = world.manager(&acme).await;
    let resumed = world.post(&manager, &format!("/o/acme/numbers/{}/resume", acme.number), &[]).await;
    assert_eq!(resumed.status, StatusCode::SEE_OTHER);
    world.run_for(minutes(60)).await;

    assert_eq!(world.rang().len(), USUAL + SILENT);
    assert_eq!(world.sql("select status from phone_numbers").await, ["active"]);
    world.check_books().await;
}

#[tokio::test]
async fn another_number_takes_over_from_one_that_rests() {
    let world = World::new().await;
    let (acme, silent) = client_of_a_known_number(&world).await;
    let second = world.second_number(&acme).await;
    // On a new day both have made no call, and take turns.
    world.advance(SignedDuration::from_hours(24));
    world.campaign_of(&acme, Campaign { more_numbers: vec![second], ..silent_campaign(&silent) }).await;

    world.run_for(minutes(60)).await;

    assert_eq!(world.rang().len(), USUAL + SILENT);
    let standing = world.sql("select status from phone_numbers order by number").await;
    assert_eq!(standing, ["resting", "active"], "of the second too little is known to say that it fell");
    world.check_books().await;
}

#[tokio::test]
async fn each_call_is_noted_once_however_often_it_is_told() {
    let world = World::new().await;
    let knobs = Knobs { duplicate_webhooks: 0.5, reorder_webhooks: true, lose_webhooks: 0.2, ..Knobs::default() };
    world.provider.set_knobs(knobs);
    let acme = world.client("Acme").await;
    let people = phones(30);
    for (nth, phone) in people.iter().enumerate() {
        let first = if nth % 3 == 0 { Outcome::answered() } else { Outcome::Busy };
        world.provider.script_phone(phone, vec![first, Outcome::answered()]);
    }
    world.campaign(&acme, &people).await;

    world.run_for(minutes(240)).await;

    assert!(world.rang().len() > 40, "those that were busy are called again");
    let noted = "select length(answers) || ' ' || length(replace(answers, '0', '')) from phone_number_answers";
    assert_eq!(world.sql(noted).await, ["30 10"], "the first call to each, and no other");
}
