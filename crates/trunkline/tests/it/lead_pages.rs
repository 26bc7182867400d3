//! The list of leads and one lead, as people get them over HTTP.

use crate::support::{Campaign, World, hours};
use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Method, StatusCode};
use vapi_sim::Outcome;

const MAYA: &str = "+12125550146";
const OWEN: &str = "+12125550147";
const IN_CHICAGO: &str = "+13125550146";

async fn lead_of(world: &World, phone: &str) -> String {
    world.sql(&format!("select id from leads where phone = '{phone}'")).await.remove(0)
}

#[tokio::test]
async fn a_lead_tells_why_it_is_not_called_and_when_it_is_looked_at_next() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let viewer = world.viewer(&acme).await;
    let campaign = Campaign { hours: hours("15:00-18:00"), ..Campaign::over(&[IN_CHICAGO]) };
    world.campaign_of(&acme, campaign).await;
    world.dial().await;

    let page = world.get(&viewer, &format!("/o/acme/leads/{}", lead_of(&world, IN_CHICAGO).await)).await.body;

    assert!(page.contains("it is 11:00 where the lead is (Chicago, from the phone number)"), "{page}");
    assert!(page.contains("Next: today 15:00 Chicago time (16:00 New York time)."), "{page}");
}

#[tokio::test]
async fn a_lead_whose_try_failed_waits_for_its_retry_plan() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let viewer = world.viewer(&acme).await;
    world.provider.script_phone(MAYA, vec![Outcome::NoAnswer]);
    world.campaign(&acme, &[MAYA]).await;
    world.finish_calls().await;

    let page = world.get(&viewer, &format!("/o/acme/leads/{}", lead_of(&world, MAYA).await)).await.body;

    assert!(page.contains("the last try ended with “no answer”"), "{page}");
    assert!(page.contains("Nobody answered"), "{page}");
}

#[tokio::test]
async fn a_lead_that_must_not_be_called_is_not_and_its_entry_is_audited() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    world.campaign(&acme, &[MAYA, OWEN]).await;
    let page = format!("/o/acme/leads/{}", lead_of(&world, MAYA).await);

    let put = world.post(&manager, &format!("{page}/dnc"), &[]).await;
    world.finish_calls().await;

    assert_eq!((put.status, put.location.as_deref()), (StatusCode::SEE_OTHER, Some(page.as_str())));
    assert_eq!(world.rang(), [OWEN]);
    assert_eq!(world.sql("select action from audit_entries").await, ["lead.put_on_dnc"]);
    let told = world.get(&manager, &page).await.body;
    assert!(told.contains("The phone is on the do-not-call list: put on the list by hand."), "{told}");
}

#[tokio::test]
async fn a_phone_is_taken_off_the_list_once() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    world.campaign(&acme, &[MAYA]).await;
    let page = format!("/o/acme/leads/{}", lead_of(&world, MAYA).await);
    world.post(&manager, &format!("{page}/dnc"), &[]).await;

    for _ in 0..2 {
        world.post(&manager, &format!("{page}/dnc/remove"), &[]).await;
    }

    assert_eq!(world.sql("select count(*) from dnc_entries").await, ["0"]);
    assert_eq!(
        world.sql("select action from audit_entries order by id").await,
        ["lead.put_on_dnc", "lead.taken_off_dnc"]
    );
}

#[tokio::test]
async fn what_a_form_did_is_said_once() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    world.campaign(&acme, &[MAYA]).await;
    let page = format!("/o/acme/leads/{}", lead_of(&world, MAYA).await);
    let form = world.request(&manager, Method::POST, &format!("{page}/dnc"));
    let noticed = form.send().await.unwrap().headers()[SET_COOKIE].to_str().unwrap().to_owned();
    let cookie = noticed.split(';').next().unwrap();

    let shown = world.request(&manager, Method::GET, &page).header(COOKIE, cookie);
    let shown = shown.send().await.unwrap();

    let cleared = shown.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cleared.starts_with("notice=;") && cleared.contains("Max-Age=0"), "{cleared}");
    assert!(shown.text().await.unwrap().contains("The phone is on the do-not-call list. No campaign dials it"));
    assert!(!world.get(&manager, &page).await.body.contains("No campaign dials it"));
}

#[tokio::test]
async fn who_may_only_look_changes_no_list() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let viewer = world.viewer(&acme).await;
    world.campaign(&acme, &[MAYA]).await;
    let page = format!("/o/acme/leads/{}", lead_of(&world, MAYA).await);

    let refused = world.post(&viewer, &format!("{page}/dnc"), &[]).await;

    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(world.sql("select count(*) from dnc_entries").await, ["0"]);
    assert!(!world.get(&viewer, &page).await.body.contains("/dnc"));
}

#[tokio::test]
async fn leads_are_found_by_phone_and_by_what_became_of_them() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let viewer = world.viewer(&acme).await;
    world.provider.script_phone(MAYA, vec![Outcome::Answered { scene: None, talk_seconds: Some(30.0) }]);
    world.provider.script_phone(OWEN, vec![Outcome::NoAnswer]);
    world.campaign(&acme, &[MAYA, OWEN]).await;
    world.finish_calls().await;
    let (maya, owen) = (lead_of(&world, MAYA).await, lead_of(&world, OWEN).await);

    let found = async |query: &str| {
        let body = world.get(&viewer, &format!("/o/acme/leads{query}")).await.body;
        [&maya, &owen].map(|id| body.contains(&format!("/o/acme/leads/{id}")))
    };
    assert_eq!(found("").await, [true, true]);
    assert_eq!(found("?q=555-0146").await, [true, false]);
    assert_eq!(found("?q=maya").await, [true, true]);
    assert_eq!(found("?q=m%25a").await, [false, false]);
    assert_eq!(found("?state=reached").await, [true, false]);
    assert_eq!(found("?state=to_call").await, [false, true]);
    assert_eq!(found("?state=do_not_call").await, [false, false]);
}

#[tokio::test]
async fn the_agency_lists_the_leads_of_all_organizations() {
    let world = World::new().await;
    let (acme, birch) = (world.client("Acme").await, world.client("Birch").await);
    world.campaign(&acme, &[MAYA]).await;
    world.campaign(&birch, &[MAYA]).await;
    let operator = world.operator().await;

    let body = world.get(&operator, "/leads").await.body;

    assert!(body.contains("/o/acme/leads/") && body.contains("/o/birch/leads/"), "{body}");
}
