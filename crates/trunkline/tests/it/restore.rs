//! A database that was restored from a backup: the calls since then are at the provider, and nobody is called again for them.

use crate::support::{Campaign, Client, World, hours};
use jiff::SignedDuration;
use trunkline::store::quarantine;
use vapi_sim::{Knobs, Outcome};

const MAYA: &str = "+12125550146";
const OWEN: &str = "+12125550147";

const COUNTED: &str = "select phone || ' ' || calls from lead_days order by 1";
const STATES: &str = "select state from attempts where sending_at is not null order by sending_at";

fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

/// Lets everybody do what is due, in steps in which a call comes to its end.
async fn live(world: &World, hours: i64) {
    for _ in 0..hours * 12 {
        world.dial().await;
        world.advance(minutes(5));
        world.provider().await;
        world.apply().await;
    }
}

async fn is_in_quarantine(world: &World) -> bool {
    quarantine::state(&world.node.db).await.unwrap().is_some()
}

async fn back_up(world: &World) {
    world.database.back_up().await;
    world.database.forget_connections(&world.node.db).await;
}

/// The backup takes the place of the database.
async fn replace(world: &World) {
    world.database.restore().await;
    world.database.forget_connections(&world.node.db).await;
}

/// The same, and a node starts on it.
async fn restore(world: &World) {
    replace(world).await;
    world.node.check().await.unwrap();
}

/// Leads that nobody reaches, in a campaign whose leads are tried twice a day.
async fn unreachable(world: &World, phones: &[&'static str]) -> Client {
    let acme = world.client("Acme").await;
    for phone in phones {
        world.provider.script_phone(phone, vec![Outcome::NoAnswer; 6]);
    }
    world.campaign(&acme, phones).await;
    acme
}

#[tokio::test]
async fn what_rang_since_the_backup_is_adopted_and_counted_and_does_not_ring_again() {
    let world = World::new().await;
    let acme = unreachable(&world, &[MAYA]).await;
    world.finish_calls().await;
    world.provider.script_phone(OWEN, vec![Outcome::NoAnswer; 6]);
    world.campaign_of(&acme, Campaign { hours: hours("13:00-21:00"), ..Campaign::over(&[OWEN]) }).await;
    back_up(&world).await;
    // Maya's planned try, Owen's planned one and a second one that the backup has never heard of.
    live(&world, 5).await;
    let rang = world.rang();
    assert_eq!(rang.len(), 4);

    restore(&world).await;
    assert!(is_in_quarantine(&world).await);
    assert_eq!(world.sql(COUNTED).await, [format!("{MAYA} 1")]);
    world.run_for(minutes(2)).await;
    assert!(is_in_quarantine(&world).await, "what was under way at the restore may not have arrived");
    world.run_for(minutes(3)).await;

    assert!(!is_in_quarantine(&world).await);
    assert_eq!(world.sql(COUNTED).await, [format!("{MAYA} 2"), format!("{OWEN} 2")]);
    assert_eq!(world.sql(STATES).await, ["ended"; 4]);
    world.check_books().await;
    live(&world, 4).await;
    assert_eq!(world.rang(), rang, "both have rung twice today");
    live(&world, 14).await;
    assert!(world.rang().len() > rang.len(), "they are called on the next day");
    world.check_books().await;
}

#[tokio::test]
async fn a_call_that_goes_on_while_the_database_is_restored_is_adopted_with_its_line() {
    let world = World::new().await;
    world.provider.script_phone(MAYA, vec![Outcome::answered()]);
    let acme = world.client("Acme").await;
    world.campaign(&acme, &[MAYA]).await;
    back_up(&world).await;
    world.dial().await;
    world.advance(SignedDuration::from_secs(10));
    world.provider().await;

    restore(&world).await;
    world.dial().await;
    world.apply().await;

    assert_eq!(world.sql("select state from attempts").await, ["accepted"]);
    assert_eq!(world.sql("select lines_in_use from line_pools").await, ["1"]);
    world.check_books().await;
    world.finish_calls().await;
    assert_eq!(world.rang(), [MAYA]);
    assert_eq!(world.sql("select disposition from enrollments").await, ["reached"]);
    world.check_books().await;
}

#[tokio::test]
async fn what_was_reserved_at_the_time_of_the_backup_is_given_back_only_if_it_was_not_sent() {
    let world = World::new().await;
    let acme = unreachable(&world, &[MAYA, OWEN]).await;
    let claimed = world.node.dialer.take_turn(acme.id).await.unwrap();
    back_up(&world).await;
    world.node.dialer.send(acme.id, claimed[0]).await.unwrap();
    world.finish_calls().await;
    let rang = world.rang();
    assert_eq!(rang.len(), 2, "the other one was given back when its lease was over, and tried again");

    restore(&world).await;
    world.run_for(minutes(6)).await;

    assert!(!is_in_quarantine(&world).await);
    let sent = format!("select state from attempts where id = '{}'", claimed[0].attempt);
    assert_eq!(world.sql(&sent).await, ["ended"]);
    let other = format!("select state from attempts where id = '{}'", claimed[1].attempt);
    assert_eq!(world.sql(&other).await, ["released"]);
    assert_eq!(world.rang(), rang);
    world.check_books().await;
}

#[tokio::test]
async fn a_phone_of_a_campaign_that_is_lost_is_left_alone_for_its_day() {
    let world = World::new().await;
    let acme = world.client("Acme").await;
    back_up(&world).await;
    world.provider.script_phone(MAYA, vec![Outcome::NoAnswer; 3]);
    world.campaign(&acme, &[MAYA]).await;
    world.finish_calls().await;

    restore(&world).await;
    world.run_for(minutes(6)).await;
    assert!(!is_in_quarantine(&world).await);
    world.campaign(&acme, &[MAYA]).await;
    live(&world, 8).await;

    assert_eq!(world.rang(), [MAYA]);
    assert_eq!(world.sql("select deferred_because from attempts").await, ["phone_is_held"]);
    live(&world, 15).await;
    assert_eq!(world.rang()[..2], [MAYA, MAYA], "on the next day it is called");
}

#[tokio::test]
async fn nothing_is_dialed_as_long_as_the_provider_does_not_tell_unless_a_person_says_so() {
    let world = World::new().await;
    unreachable(&world, &[MAYA]).await;
    back_up(&world).await;
    world.finish_calls().await;
    world.provider.set_knobs(Knobs { listing_errors: 1.0, ..Knobs::default() });

    restore(&world).await;
    live(&world, 2).await;

    assert!(is_in_quarantine(&world).await);
    assert_eq!(world.rang(), [MAYA]);
    let operator = world.operator().await;
    let page = world.get(&operator, "/").await.body;
    assert!(page.contains("Nothing is dialed: the database may lack calls"), "{page}");
    assert!(world.get(&world.stranger(), "/readyz").await.body.contains("quarantine"));

    let ended = (None, world.now());
    assert!(quarantine::end(&world.node.db, "Maya has been spoken to", ended).await.unwrap());
    world.dial().await;
    assert_eq!(world.rang_or_about_to(), 2);
    let audit = "select action from agency_audit_entries order by created_at";
    assert_eq!(world.sql(audit).await, ["quarantine.begun", "quarantine.ended"]);
}

#[tokio::test]
async fn a_restore_that_the_database_does_not_tell_is_told_by_the_providers_calls() {
    let world = World::new().await;
    unreachable(&world, &[MAYA]).await;
    world.dial().await;
    world.finish_calls().await;
    back_up(&world).await;
    live(&world, 4).await;
    assert_eq!(world.rang(), [MAYA, MAYA]);

    replace(&world).await;
    // As of a disk that was set back.
    world.sql("update agency_dispatch set database_identity = database_identity()").await;
    world.node.dialer.look_after().await.unwrap();

    assert!(is_in_quarantine(&world).await);
    world.run_for(minutes(6)).await;
    assert!(!is_in_quarantine(&world).await);
    assert_eq!(world.sql(COUNTED).await, [format!("{MAYA} 2")]);
    assert_eq!(world.rang(), [MAYA, MAYA]);
    world.check_books().await;
}

#[tokio::test]
async fn the_database_that_nodes_have_written_to_is_in_no_quarantine() {
    let world = World::new().await;
    unreachable(&world, &[MAYA]).await;
    world.finish_calls().await;

    world.node.check().await.unwrap();
    world.dial().await;

    assert!(!is_in_quarantine(&world).await);
    assert_eq!(world.sql("select count(*) from agency_audit_entries").await, ["0"]);
}

#[tokio::test]
async fn nothing_is_sent_between_a_restore_and_its_recognition() {
    let world = World::new().await;
    let acme = unreachable(&world, &[MAYA]).await;
    back_up(&world).await;

    replace(&world).await;
    for claimed in world.node.dialer.take_turn(acme.id).await.unwrap() {
        world.node.dialer.send(acme.id, claimed).await.unwrap();
    }

    assert_eq!(world.rang_or_about_to(), 0);
}
