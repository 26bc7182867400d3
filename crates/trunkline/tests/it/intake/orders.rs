//! The events of a call in every order: each order gives the same call, the same attempt and the same costs.

use crate::support::{Campaign, World, phones};
use futures_util::{StreamExt as _, stream};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::collections::HashMap;
use trunkline::store::events;
use trunkline::store::organizations::NewOrganization;
use vapi_sim::{Knobs, Outcome, Scene};

/// As many as there are orders of seven events, and some.
const LINES_MAX: i32 = 5_500;
/// Webhooks on their way at a time.
const POSTS_AT_ONCE: usize = 64;

/// A call that went its way, as the provider told of it.
struct Told {
    call_id: String,
    attempt: String,
    phone: &'static str,
    bodies: Vec<String>,
}

impl Told {
    /// The words at that place about another call.
    fn about(&self, other: &Sent, place: usize) -> String {
        let body = self.bodies[place].replace(&self.call_id, &other.call_id).replace(&self.attempt, &other.attempt);
        body.replace(self.phone, &other.phone)
    }
}

/// A call that was placed, and of which nothing was told.
struct Sent {
    call_id: String,
    attempt: String,
    phone: String,
}

/// A world of lines to spare, in which one call with this outcome has been told of, and which has `others` to call.
async fn told(outcome: Outcome, knobs: Knobs, others: usize) -> (World, Told) {
    let world = World::new().await;
    world.provider.set_knobs(knobs);
    world.set_lines(LINES_MAX.unsigned_abs()).await;
    let roomy = |new: &mut NewOrganization| {
        (new.limits.lines_max, new.limits.calls_per_day_max) = (LINES_MAX, LINES_MAX);
        // Many in a turn.
        new.weight = 100;
    };
    let acme = world.client_with("Acme", roomy).await;
    let enough =
        format!("update agents set lines_max = {LINES_MAX}; update phone_numbers set calls_per_day_max = {LINES_MAX}");
    world.sql(&enough).await;
    let people = phones(others + 1);
    world.provider.script_phone(people[0], vec![outcome]);
    world.campaign(&acme, &people[..1]).await;
    world.finish_calls().await;
    let session = world.database.superuser().await;
    let query =
        "select body, provider_call_id, attempt_id from events where source = 'webhook' order by received_at, id";
    let rows = session.query(query, &[]).await.unwrap();
    let body = |row: &tokio_postgres::Row| String::from_utf8(events::decompress(row.get(0)).unwrap()).unwrap();
    let told = Told {
        call_id: rows[0].get(1),
        attempt: rows[0].get::<_, uuid::Uuid>(2).to_string(),
        phone: people[0],
        bodies: rows.iter().map(body).collect(),
    };
    world.provider.set_knobs(Knobs { lose_webhooks: 1.0, ..Knobs::default() });
    let rest = Campaign { lines_max: LINES_MAX, ..Campaign::over(&people[1..]) };
    world.campaign_of(&acme, rest).await;
    (world, told)
}

async fn sent(world: &World) -> Vec<Sent> {
    world.dial().await;
    let rows =
        world.sql("select provider_call_id || ' ' || id || ' ' || phone from attempts where state = 'accepted'").await;
    let sent = |row: &String| {
        let mut words = row.split(' ').map(str::to_owned);
        Sent { call_id: words.next().unwrap(), attempt: words.next().unwrap(), phone: words.next().unwrap() }
    };
    rows.iter().map(sent).collect()
}

/// Tells of one call in each order of `told`, one event after the other, and checks that all calls come out the same.
async fn check_every_order(world: &World, told: &Told) {
    let orders = orders(told.bodies.len());
    let sent = sent(world).await;
    assert!(sent.len() >= orders.len(), "{} calls for {} orders", sent.len(), orders.len());
    let secret = world.webhook_secret().await;
    let headers = [("x-vapi-secret", secret.as_str())];
    let calls: Vec<(&Sent, &Vec<usize>)> = sent.iter().zip(&orders).collect();
    for place in 0..told.bodies.len() {
        let posts = calls.iter().map(|(sent, order)| world.webhook_with(&headers, told.about(sent, order[place])));
        let answers: Vec<_> = stream::iter(posts).buffer_unordered(POSTS_AT_ONCE).collect().await;
        assert!(answers.iter().all(|(status, _)| *status == StatusCode::OK));
        // As autovacuum does of tables that fill within minutes and not, as here, within seconds.
        world.sql("analyze").await;
        world.apply().await;
    }
    assert_eq!(world.sql("select problem from events where state <> 'applied'").await, [""; 0]);
    let ends = ends(world).await;
    for (call, order) in &calls {
        assert_eq!(ends[&call.call_id], ends[&sent[0].call_id], "in the order {order:?}");
    }
    world.check_counters().await;
}

/// By the provider's id of each call: the call, its texts and costs, its attempt and its enrollment.
async fn ends(world: &World) -> HashMap<String, String> {
    let query = "select c.provider_call_id, replace(jsonb_build_object(
             'call', to_jsonb(c) - array['id', 'attempt_id', 'campaign_id', 'lead_id', 'provider_call_id', 'phone', 'updated_at',
                                         'placed_at'],
             'texts', (select to_jsonb(r) - 'call_id' from call_reports r where r.organization_id = c.organization_id and r.call_id = c.id),
             'costs', (select jsonb_object_agg(part, amount) from call_costs o
                       where o.organization_id = c.organization_id and o.call_id = c.id),
             'attempt', jsonb_build_object('state', a.state, 'outcome', a.outcome, 'counted', not a.never_dialed),
             'enrollment', jsonb_build_object('status', e.status, 'disposition', e.disposition, 'made', e.attempts_made),
             'planned', (select count(*) from attempts n where n.enrollment_id = e.id and n.state = 'scheduled')
         )::text, c.provider_call_id, 'CALL')
         from calls c
         join attempts a on a.id = c.attempt_id
         join enrollments e on e.id = a.enrollment_id";
    let rows = world.database.superuser().await.query(query, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// All orders of `count` things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(count - 1) {
        for place in 0..count {
            let mut order = shorter.clone();
            order.insert(place, count - 1);
            all.push(order);
        }
    }
    all
}

/// The first message as one of another type, with more in it.
fn add(told: &mut Told, kind: &str, more: &Value) {
    let mut body: Value = serde_json::from_str(&told.bodies[0]).unwrap();
    let message = body["message"].as_object_mut().unwrap();
    message.remove("status");
    message.insert("type".to_owned(), kind.into());
    message.extend(more.as_object().unwrap().clone());
    told.bodies.push(body.to_string());
}

/// Words of the person, between the pick-up and the end.
fn add_words(told: &mut Told) {
    add(told, "transcript", &json!({ "role": "user", "transcriptType": "final", "transcript": "Hello?" }));
}

#[tokio::test]
async fn seven_events_of_a_conversation_give_the_same_call_in_all_5040_orders() {
    let (world, mut told) = told(Outcome::answered(), Knobs::default(), 5_040).await;
    add_words(&mut told);
    add(&mut told, "speech-update", &json!({ "status": "started", "role": "user" }));
    add(&mut told, "hang", &json!({}));
    assert_eq!(told.bodies.len(), 7);

    check_every_order(&world, &told).await;

    assert_eq!(world.sql("select distinct disposition from enrollments where status = 'done'").await, ["reached"]);
}

#[tokio::test]
async fn the_events_of_a_conversation_that_broke_off_give_the_same_call_in_every_order() {
    // The reason does not tell whether somebody was there; the words in the report do.
    let scene = Outcome::scene(Scene::AppointmentBooked);
    let (world, mut told) = told(scene, Knobs { unknown_ended_reasons: 1.0, ..Knobs::default() }, 120).await;
    add_words(&mut told);
    assert_eq!(told.bodies.len(), 5);

    check_every_order(&world, &told).await;

    assert_eq!(world.sql("select distinct outcome from calls where outcome is not null").await, ["answered"]);
    assert_eq!(world.sql("select distinct disposition from enrollments where status = 'done'").await, ["reached"]);
}

#[tokio::test]
async fn the_events_of_a_busy_line_and_of_a_voicemail_box_give_the_same_call_in_every_order() {
    for (outcome, name) in [(Outcome::Busy, "busy"), (Outcome::scene(Scene::VoicemailDetected), "voicemail")] {
        let (world, told) = told(outcome, Knobs::default(), 120).await;

        check_every_order(&world, &told).await;

        assert_eq!(world.sql("select distinct outcome from calls where outcome is not null").await, [name]);
    }
}
