//! Create-calls whose answer does not come, or comes wrong, although the call exists.

use std::time::Duration;

use serde_json::Value;
use vapi_sim::CreateFault;

use crate::support::{KEY, PHONE, World, order};

/// Status and body, or `None` when no whole answer came within a second.
async fn create(world: &World) -> Option<(u16, String)> {
    let url = format!("{}/call", world.simulator.base_url());
    let request = world.http.post(url).bearer_auth(KEY).json(&order(PHONE)).timeout(Duration::from_secs(1));
    let response = request.send().await.ok()?;
    Some((response.status().as_u16(), response.text().await.ok()?))
}

#[tokio::test]
async fn the_call_exists_although_the_answer_is_lost() {
    let world = World::new().await;
    for fault in [CreateFault::DropAfter, CreateFault::Hang, CreateFault::LateAnswer(Duration::from_secs(3))] {
        let before = world.simulator.totals().created;
        world.simulator.next_create(fault.clone());
        assert_eq!(create(&world).await, None, "{fault:?}");
        assert_eq!(world.simulator.totals().created, before + 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_connection_cut_before_anything_was_done_leaves_no_call() {
    let world = World::new().await;
    world.simulator.next_create(CreateFault::DropBefore);

    assert_eq!(create(&world).await, None);

    assert_eq!(world.simulator.totals().created, 0);
}

#[tokio::test]
async fn a_late_answer_is_the_right_one() {
    let world = World::new().await;
    world.simulator.next_create(CreateFault::LateAnswer(Duration::from_millis(50)));

    let (status, body) = create(&world).await.unwrap();

    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, body["name"].as_str()), (201, Some("attempt-1")));
}

#[tokio::test]
async fn a_wrong_answer_hides_a_call_that_exists() {
    let world = World::new().await;
    for fault in [CreateFault::Status500After, CreateFault::TruncatedJson, CreateFault::WithoutId, CreateFault::NotJson]
    {
        world.simulator.next_create(fault.clone());
        let (_, body) = create(&world).await.unwrap();
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        assert!(body.get("id").is_none(), "{fault:?}");
    }

    assert_eq!(world.simulator.totals().created, 4);
}

#[tokio::test]
async fn the_knob_loses_every_answer_and_no_call() {
    let world = World::new().await;
    world.set_knobs(|knobs| knobs.lost_answers = 1.0);

    for _ in 0..3 {
        assert_eq!(create(&world).await, None);
    }

    assert_eq!(world.simulator.totals().created, 3);
}
