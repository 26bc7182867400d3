//! Campaigns as people make, steer and watch them over HTTP.

use crate::support::{Campaign, Client, Person, World};
use jiff::SignedDuration;
use reqwest::{Method, StatusCode};
use std::time::Duration;
use trunkline::domain::ids::CampaignId;
use trunkline::store::campaigns::{self, LeadGroup};

const PHONES: [&str; 3] = ["+12125550146", "+12125550147", "+12125550148"];

async fn steer(world: &World, person: &Person, client: &Client, id: CampaignId, verb: &str) -> (StatusCode, String) {
    let answer = world.post(person, &format!("/o/{}/campaigns/{id}/{verb}", client.slug), &[]).await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn a_paused_campaign_calls_nobody_until_it_is_resumed() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    let id = world.campaign(&acme, &PHONES).await;

    assert_eq!(steer(&world, &manager, &acme, id, "pause").await.0, StatusCode::SEE_OTHER);
    assert_eq!(world.dial().await, 0);
    let page = world.get(&manager, &format!("/o/acme/campaigns/{id}")).await.body;
    assert!(page.contains("Paused") && page.contains("by Somebody"));
    assert_eq!(steer(&world, &manager, &acme, id, "resume").await.0, StatusCode::SEE_OTHER);

    assert_eq!(world.dial().await, 3);
    let audited = world.sql("select action from audit_entries order by created_at, id").await;
    assert_eq!(audited, ["campaign.paused", "campaign.resumed"]);
    world.finish_calls().await;
}

#[tokio::test]
async fn who_pauses_second_is_told_that_somebody_was_faster() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let (manager, operator) = (world.manager(&acme).await, world.operator().await);
    let id = world.campaign(&acme, &PHONES).await;
    steer(&world, &manager, &acme, id, "pause").await;

    let (status, body) = steer(&world, &operator, &acme, id, "pause").await;

    assert_eq!(status, StatusCode::CONFLICT);
    assert!(body.contains("Somebody was faster") && body.contains("Resume"));
}

#[tokio::test]
async fn an_ended_campaign_lets_its_calls_finish_and_calls_nobody_else() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    let id = world.campaign_of(&acme, Campaign { lines_max: 1, ..Campaign::over(&PHONES) }).await;
    assert_eq!(world.dial().await, 1);

    steer(&world, &manager, &acme, id, "stop").await;
    world.finish_calls().await;
    world.advance(SignedDuration::from_hours(30));
    world.finish_calls().await;

    assert_eq!(world.rang().len(), 1);
    let open = "select count(*) from enrollments where status <> 'done' or disposition <> 'cancelled'";
    assert_eq!(world.sql(open).await, ["0"]);
    assert_eq!(world.sql("select count(*) from attempts where state = 'scheduled'").await, ["0"]);
    assert_eq!(steer(&world, &manager, &acme, id, "resume").await.0, StatusCode::CONFLICT);
}

/// A form as it is filled in when it is opened, with a name.
fn form<'a>(client: &Client, agent: &'a str, number: &'a str, key: &'a str) -> Vec<(&'static str, &'a str)> {
    assert_eq!((agent, number), (client.agent.to_string().as_str(), client.number.to_string().as_str()));
    vec![
        ("name", "Spring recall"),
        ("leads", "all"),
        ("agent", agent),
        ("numbers", number),
        ("days", "wed"),
        ("days", "thu"),
        ("opens", "09:00"),
        ("closes", "18:00"),
        ("attempts_max", "3"),
        ("retry_after_minutes", "90"),
        ("lines_max", "2"),
        ("start", "now"),
        ("starts_at", ""),
        ("form_key", key),
    ]
}

#[tokio::test]
async fn a_form_that_is_posted_twice_makes_one_campaign_that_calls() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    world.campaign_of(&acme, Campaign { is_running: false, ..Campaign::over(&PHONES) }).await;
    let (agent, number, key) = (acme.agent.to_string(), acme.number.to_string(), CampaignId::new().to_string());
    let fields = form(&acme, &agent, &number, &key);

    let first = world.post(&manager, "/o/acme/campaigns/new", &fields).await;
    let second = world.post(&manager, "/o/acme/campaigns/new", &fields).await;

    let page = format!("/o/acme/campaigns/{key}");
    assert_eq!(
        (first.status, first.location.as_deref()),
        (StatusCode::SEE_OTHER, Some(page.as_str())),
        "{}",
        first.body
    );
    assert_eq!((second.status, second.location.as_deref()), (StatusCode::SEE_OTHER, Some(page.as_str())));
    assert_eq!(world.sql("select status from campaigns where name = 'Spring recall'").await, ["running"]);
    // Two lines of three leads.
    assert_eq!(world.dial().await, 2);
    world.finish_calls().await;
}

#[tokio::test]
async fn a_campaign_that_is_checked_first_calls_nobody_and_tells_whom_it_would_leave_out() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    world.campaign_of(&acme, Campaign { is_running: false, ..Campaign::over(&PHONES) }).await;
    let lead = world.sql("select id from leads where phone = '+12125550147'").await.remove(0);
    world.post(&manager, &format!("/o/acme/leads/{lead}/dnc"), &[]).await;
    let (agent, number, key) = (acme.agent.to_string(), acme.number.to_string(), CampaignId::new().to_string());
    // As a browser sends it: the radio button, and after it the button that was pressed.
    let fields = [form(&acme, &agent, &number, &key), vec![("holidays", "US"), ("start", "draft")]].concat();

    let made = world.post(&manager, "/o/acme/campaigns/new", &fields).await;

    let page = made.location.unwrap();
    assert_eq!(world.dial().await, 0);
    assert!(world.get(&manager, &page).await.body.contains("Once it calls, its calls are counted here"));
    assert_eq!(world.sql("select calling_hours ->> 'holidays' from campaigns order by id desc limit 1").await, ["US"]);
    let address = format!("{page}/preflight");
    assert!(world.get(&manager, &page).await.body.contains(&format!("hx-get=\"{address}\"")));
    let told = world.get(&manager, &address).await.body;
    for text in ["2 of 3 leads", "the phone is on a do-not-call list", &format!("/o/acme/leads/{lead}"), "Start now"] {
        assert!(told.contains(text), "{text}: {told}");
    }
    world.post(&manager, &format!("{page}/resume"), &[]).await;
    assert_eq!(world.dial().await, 2);
    assert!(!world.get(&manager, &page).await.body.contains(&address), "it has begun");
    world.finish_calls().await;
}

#[tokio::test]
async fn a_form_with_errors_comes_back_with_what_was_typed_and_makes_nothing() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    let (agent, number, key) = (acme.agent.to_string(), acme.number.to_string(), CampaignId::new().to_string());
    let mut fields = form(&acme, &agent, &number, &key);
    fields.retain(|(name, _)| *name != "lines_max");
    fields.push(("lines_max", "99"));

    let answer = world.post(&manager, "/o/acme/campaigns/new", &fields).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Spring recall") && answer.body.contains("“99” came"));
    assert_eq!(world.sql("select count(*) from campaigns").await, ["0"]);
}

#[tokio::test]
async fn a_live_page_shows_calls_and_what_sets_the_pace() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let operator = world.operator().await;
    let id = world.campaign_of(&acme, Campaign { lines_max: 1, ..Campaign::over(&PHONES) }).await;
    world.dial().await;

    let path = format!("/o/acme/campaigns/{id}");
    let dialing = world.get(&operator, &path).await.body;
    world.finish_calls().await;
    let later = world.get(&operator, &path).await.body;

    assert!(dialing.contains("Holds the pace now") && dialing.contains("1 of 1"), "{dialing}");
    assert!(later.contains("Maya Lindqvist"));
    assert_ne!(world.sql("select count(*) from calls where outcome is not null").await, ["0"]);
}

#[tokio::test]
async fn a_stream_sends_the_whole_view_and_then_what_changed() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let viewer = world.viewer(&acme).await;
    let id = world.campaign(&acme, &PHONES).await;
    let request = world.request(&viewer, Method::GET, &format!("/o/acme/campaigns/{id}/stream"));
    let mut stream = request.header("accept", "text/event-stream").send().await.unwrap();

    let first = next_message(&mut stream).await;
    world.dial().await;
    let second = next_message(&mut stream).await;

    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert!(first.contains("#head") && first.contains("#lines") && first.contains("#zones"));
    assert!(second.contains("#lines") && !second.contains("#results"), "{second}");
    world.finish_calls().await;
}

/// The next message of a stream, which ends with an empty line.
async fn next_message(stream: &mut reqwest::Response) -> String {
    let mut text = String::new();
    while !text.contains("\n\n") {
        let chunk = tokio::time::timeout(Duration::from_secs(10), stream.chunk()).await.unwrap().unwrap().unwrap();
        text += std::str::from_utf8(&chunk).unwrap();
    }
    text
}

#[tokio::test]
async fn a_stream_is_not_for_strangers() {
    let world = World::new().await;
    let (acme, rival) = (world.client("Acme").await, world.client("Rival").await);
    let manager = world.manager(&rival).await;
    let id = world.campaign(&acme, &PHONES).await;
    let path = format!("/o/acme/campaigns/{id}/stream");

    assert_eq!(world.get(&manager, &path).await.status, StatusCode::NOT_FOUND);
    let out = world.request(&world.stranger(), Method::GET, &path).header("accept", "text/event-stream").send().await;
    assert_eq!(out.unwrap().status(), StatusCode::UNAUTHORIZED);
    world.finish_calls().await;
}

#[tokio::test]
async fn lists_show_campaigns_by_state_and_a_search_finds_them() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let (operator, manager) = (world.operator().await, world.manager(&acme).await);
    world.campaign_of(&acme, Campaign { name: "Spring recall".into(), ..Campaign::over(&PHONES) }).await;
    let draft = Campaign { name: "Autumn recall".into(), is_running: false, ..Campaign::over(&PHONES) };
    world.campaign_of(&acme, draft).await;

    for (person, path) in [(&operator, "/campaigns"), (&operator, "/o/acme/campaigns"), (&manager, "/o/acme/campaigns")]
    {
        let all = world.get(person, path).await.body;
        let running = world.get(person, &format!("{path}?state=running")).await.body;
        assert!(all.contains("Spring recall") && all.contains("Autumn recall"), "{path}");
        assert!(running.contains("Spring recall") && !running.contains("Autumn recall"), "{path}");
    }
    for (person, q) in [(&operator, "spring"), (&manager, "SPRING"), (&operator, "acme"), (&operator, "(212) 555-0146")]
    {
        let found = world.get(person, &format!("/search?q={q}")).await.body;
        assert!(found.contains("Spring recall") || found.contains("/o/acme"), "{q}");
    }
    world.finish_calls().await;
}

#[tokio::test]
async fn a_lead_is_enrolled_once_however_often_it_is_asked_for() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let draft = Campaign { is_running: false, ..Campaign::over(&PHONES[..2]) };
    let id = world.campaign_of(&acme, draft).await;
    let more = format!(
        "insert into leads (organization_id, id, phone, created_at, updated_at)
         select '{}', gen_random_uuid(), '+' || (13000000000 + n), now(), now()
         from generate_series(1, 12000) n",
        acme.id,
    );
    world.sql(&more).await;
    let tx = world.node.db.tenant(acme.id).await.unwrap();

    let first = campaigns::enroll(&tx, id, &LeadGroup::All, world.now()).await.unwrap();
    let again = campaigns::enroll(&tx, id, &LeadGroup::All, world.now()).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!((first, again), (12_000, 0));
    let planned = "select count(*) || ' ' || count(distinct a.enrollment_id) || ' ' || count(distinct e.lead_id)
                   from attempts a
                   join enrollments e on e.id = a.enrollment_id";
    assert_eq!(world.sql(planned).await, ["12002 12002 12002"]);
}
