//! What only a person can settle: held attempts, and calls that should not have been.

use crate::support::{Client, World};
use jiff::SignedDuration;
use reqwest::StatusCode;
use vapi_sim::{CreateFault, Knobs, Outcome};

const MAYA: &str = "+12125550146";

/// A call that nobody heard of again, held. `was_created`: it rang all the same.
async fn held_attempt(world: &World, was_created: bool) -> (Client, String) {
    let acme = world.client("Acme").await;
    world.provider.set_knobs(Knobs { lose_webhooks: 1.0, ..Knobs::default() });
    world.provider.script_phone(
        MAYA,
        if was_created { vec![Outcome::NoAnswer, Outcome::answered()] } else { vec![Outcome::answered()] },
    );
    world.provider.next_create(if was_created { CreateFault::DropAfter } else { CreateFault::DropBefore });
    world.campaign(&acme, &[MAYA]).await;
    world.dial().await;
    world.sql("update attempts set state = 'held', look_at = null, because = 'it cannot be found out whether the phone rang'").await;
    world.provider.set_knobs(Knobs::default());
    let attempt = world.sql("select id from attempts").await.remove(0);
    (acme, attempt)
}

#[tokio::test]
async fn a_held_attempt_is_shown_with_what_is_known_and_counted_in_the_navigation() {
    let world = World::new().await;
    let (acme, _) = held_attempt(&world, true).await;
    let (operator, manager) = (world.operator().await, world.manager(&acme).await);

    for (person, path) in [(&operator, "/attention"), (&operator, "/o/acme/attention"), (&manager, "/o/acme/attention")]
    {
        let page = world.get(person, path).await.body;
        for text in [
            "+1 212 555 0146",
            "it cannot be found out whether the phone rang",
            "Count as called",
            "Look again",
            "1<span class=\"vh\"> waiting",
        ] {
            assert!(page.contains(text), "{text} on {path}");
        }
    }
    let overview = world.get(&operator, "/").await.body;
    assert!(overview.contains("1 attempt cannot be settled") && overview.contains("href=\"/attention\""));
    world.sql("update attempts set state = 'unknown', look_at = now()").await;
}

#[tokio::test]
async fn counted_as_called_the_try_is_spent_and_the_next_one_follows_the_plan() {
    let world = World::new().await;
    let (acme, attempt) = held_attempt(&world, false).await;
    let manager = world.manager(&acme).await;

    let answer = world.post(&manager, "/o/acme/attention/count", &[("attempts", &attempt)]).await;

    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let states = "select state || coalesce(' ' || outcome, '') from attempts order by created_at, id";
    assert_eq!(world.sql(states).await, ["ended no_answer", "scheduled"]);
    assert_eq!(world.sql("select calls from lead_days").await, ["1"], "the unit stays spent");
    assert_eq!(world.sql("select lines_in_use from organization_dispatch").await, ["0"]);
    let entries = "select action from audit_entries where subject like 'attempt/%'";
    assert_eq!(world.sql(entries).await, ["attempt.counted_as_called"]);
    assert!(world.get(&manager, "/o/acme/attention").await.body.contains("Nothing waits for you"));
    world.run_for(SignedDuration::from_hours(5)).await;
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    world.check_books().await;
}

#[tokio::test]
async fn looked_at_again_a_call_that_exists_is_found_and_nobody_is_called_twice() {
    let world = World::new().await;
    let (acme, attempt) = held_attempt(&world, true).await;
    let manager = world.manager(&acme).await;

    world.post(&manager, "/o/acme/attention/look", &[("attempts", &attempt)]).await;
    assert_eq!(world.sql("select state from attempts").await, ["unknown"]);
    world.run_for(SignedDuration::from_mins(8)).await;

    assert_eq!(world.rang(), [MAYA]);
    assert_eq!(
        world.sql("select state || ' ' || outcome from attempts order by created_at limit 1").await,
        ["ended no_answer"]
    );
    world.check_books().await;
}

#[tokio::test]
async fn two_people_who_settle_the_same_attempt_settle_it_once() {
    let world = World::new().await;
    let (acme, attempt) = held_attempt(&world, false).await;
    let (operator, manager) = (world.operator().await, world.manager(&acme).await);
    let forms = [("attempts", attempt.as_str()), ("attempts", attempt.as_str())];

    let (first, second) = tokio::join!(
        world.post(&manager, "/o/acme/attention/count", &forms),
        world.post(&operator, "/o/acme/attention/count", &forms),
    );

    assert_eq!([first.status, second.status], [StatusCode::SEE_OTHER; 2]);
    assert_eq!(world.sql("select count(*) from audit_entries where subject like 'attempt/%'").await, ["1"]);
    assert_eq!(world.sql("select count(*) from attempts").await, ["2"]);
    world.check_books().await;
}

#[tokio::test]
async fn a_call_that_should_not_have_been_waits_until_a_person_has_seen_it() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    let manager = world.manager(&acme).await;
    world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    world.campaign(&acme, &[MAYA]).await;
    world.finish_calls().await;
    world.sql("update attempts set state = 'conflict', because = 'the provider has a second call of it'").await;
    let attempt = world.sql("select id from attempts").await.remove(0);
    let page = world.get(&manager, "/o/acme/attention").await.body;
    assert!(page.contains("Second call") && page.contains("I have seen these"));

    world.post(&manager, "/o/acme/attention/acknowledge", &[("attempts", &attempt)]).await;

    assert!(world.get(&manager, "/o/acme/attention").await.body.contains("Nothing waits for you"));
    assert_eq!(world.sql("select state from attempts").await, ["conflict"]);
    assert_eq!(world.sql("select count(*) from attempts where acknowledged_by is not null").await, ["1"]);
    assert_eq!(
        world.sql("select action from audit_entries where subject like 'attempt/%'").await,
        ["attempt.acknowledged"]
    );
}
