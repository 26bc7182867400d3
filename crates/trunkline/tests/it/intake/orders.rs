//! The events of a call in every order: each order gives the same call, the same attempt and the same costs.

use crate::support::{Campaign, World, phones};
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::Value;
use trunkline::store::events;
use vapi_sim::{Knobs, Outcome, Scene};

/// A call that went its way, as the provider told of it.
struct Told {
    call_id: String,
    attempt: String,
    phone: &'static str,
    bodies: Vec<String>,
}

impl Told {
    /// The same words about another call.
    fn about(&self, other: &Sent) -> Vec<String> {
        let about = |body: &String| {
            let body = body.replace(&self.call_id, &other.call_id).replace(&self.attempt, &other.attempt);
            body.replace(self.phone, &other.phone)
        };
        self.bodies.iter().map(about).collect()
    }
}

/// A call that was placed, and of which nothing was told.
struct Sent {
    call_id: String,
    attempt: String,
    phone: String,
}

/// A world of lines to spare, in which one call with this outcome has been told of.
async fn told(outcome: Outcome, knobs: Knobs) -> (World, Told) {
    let world = World::new().await;
    world.provider.set_knobs(knobs);
    world.set_lines(500).await;
    let acme = world.client_with("Acme", |new| new.limits.lines_max = 500).await;
    world.sql("update agents set lines_max = 500; update phone_numbers set calls_per_day_max = 500").await;
    let people = phones(121);
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
    let rest = Campaign { lines_max: 500, ..Campaign::over(&people[1..]) };
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
    let calls: Vec<(&Sent, Vec<String>)> = sent.iter().zip(&orders).map(|(sent, _)| (sent, told.about(sent))).collect();
    for place in 0..told.bodies.len() {
        let posts = calls
            .iter()
            .zip(&orders)
            .map(|((_, bodies), order)| world.webhook_with(&headers, bodies[order[place]].clone()));
        assert!(join_all(posts).await.iter().all(|(status, _)| *status == StatusCode::OK));
        world.apply().await;
    }
    assert_eq!(world.sql("select problem from events where state <> 'applied'").await, [""; 0]);
    let mut first = None;
    for ((call, _), order) in calls.iter().zip(&orders) {
        let end = world.sql(&what_came_of(&call.call_id)).await.remove(0).replace(&call.call_id, "CALL");
        let expected = first.get_or_insert_with(|| end.clone());
        assert_eq!(&end, expected, "in the order {order:?}");
    }
    world.check_counters().await;
}

/// The call, its texts and costs, its attempt and its enrollment, in one row.
fn what_came_of(call_id: &str) -> String {
    format!(
        "select jsonb_build_object(
             'call', to_jsonb(c) - array['id', 'attempt_id', 'campaign_id', 'lead_id', 'provider_call_id', 'phone', 'updated_at',
                                         'placed_at'],
             'texts', (select to_jsonb(r) - 'call_id' from call_reports r where r.call_id = c.id),
             'costs', (select jsonb_object_agg(part, amount) from call_costs o where o.call_id = c.id),
             'attempt', jsonb_build_object('state', a.state, 'outcome', a.outcome, 'counted', not a.never_dialed),
             'enrollment', jsonb_build_object('status', e.status, 'disposition', e.disposition, 'made', e.attempts_made),
             'planned', (select count(*) from attempts n where n.enrollment_id = e.id and n.state = 'scheduled')
         )
         from calls c
         join attempts a on a.id = c.attempt_id
         join enrollments e on e.id = a.enrollment_id
         where c.provider_call_id = '{call_id}'"
    )
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

/// Words of the person, between the pick-up and the end.
fn add_words(told: &mut Told) {
    let mut words: Value = serde_json::from_str(&told.bodies[0]).unwrap();
    let message = words["message"].as_object_mut().unwrap();
    message.remove("status");
    message.insert("type".to_owned(), "transcript".into());
    message.insert("role".to_owned(), "user".into());
    message.insert("transcriptType".to_owned(), "final".into());
    message.insert("transcript".to_owned(), "Hello?".into());
    told.bodies.push(words.to_string());
}

#[tokio::test]
async fn the_events_of_a_conversation_give_the_same_call_in_every_order() {
    let (world, mut told) = told(Outcome::answered(), Knobs::default()).await;
    add_words(&mut told);
    assert_eq!(told.bodies.len(), 5);

    check_every_order(&world, &told).await;

    assert_eq!(world.sql("select distinct disposition from enrollments where status = 'done'").await, ["reached"]);
}

#[tokio::test]
async fn the_events_of_a_conversation_that_broke_off_give_the_same_call_in_every_order() {
    // The reason does not tell whether somebody was there; the words in the report do.
    let scene = Outcome::scene(Scene::AppointmentBooked);
    let (world, mut told) = told(scene, Knobs { unknown_ended_reasons: 1.0, ..Knobs::default() }).await;
    add_words(&mut told);
    assert_eq!(told.bodies.len(), 5);

    check_every_order(&world, &told).await;

    assert_eq!(world.sql("select distinct outcome from calls where outcome is not null").await, ["answered"]);
    assert_eq!(world.sql("select distinct disposition from enrollments where status = 'done'").await, ["reached"]);
}

#[tokio::test]
async fn the_events_of_a_busy_line_and_of_a_voicemail_box_give_the_same_call_in_every_order() {
    for (outcome, name) in [(Outcome::Busy, "busy"), (Outcome::scene(Scene::VoicemailDetected), "voicemail")] {
        let (world, told) = told(outcome, Knobs::default()).await;

        check_every_order(&world, &told).await;

        assert_eq!(world.sql("select distinct outcome from calls where outcome is not null").await, [name]);
    }
}
