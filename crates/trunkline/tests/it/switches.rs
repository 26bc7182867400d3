//! A person in command, at every level: what is switched off begins no call, whatever the node, and it is told who did it,
//! when and why.

use crate::support::{Client, Person, World, phones};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use reqwest::StatusCode;
use trunkline::app::{Node, Settings};
use trunkline::domain::ids::OrganizationId;
use trunkline::store::reservations::Fenced;
use trunkline::store::{agency_dispatch, attempt_sends, send_gate};
use vapi_sim::Outcome;

const BECAUSE: (&str, &str) = ("because", "the script names a wrong price");

/// What can be switched: how it is named in a sentence, and where it is switched off and on.
fn switches(world: &World, acme: &Client, campaign: &str) -> Vec<(&'static str, String, String)> {
    let of = |what: &'static str, place: String, off: &str, on: &str| {
        (what, format!("{place}/{off}"), format!("{place}/{on}"))
    };
    let slug = &acme.slug;
    vec![
        of("campaign", format!("/o/{slug}/campaigns/{campaign}"), "pause", "resume"),
        of("agent", format!("/o/{slug}/agents/{}", acme.agent), "pause", "resume"),
        of("number at rest", format!("/o/{slug}/numbers/{}", acme.number), "pause", "resume"),
        of("number that is gone", format!("/o/{slug}/numbers/{}", acme.number), "kill", "resume"),
        of("account", format!("/accounts/{}", world.account), "pause", "resume"),
        of("organization", format!("/organizations/{slug}"), "suspend", "restore"),
        of("agency", "/dialing".to_owned(), "pause", "resume"),
    ]
}

async fn click(world: &World, person: &Person, path: &str) {
    let answer = world.post(person, path, &[BECAUSE]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
}

/// A second node over the same database.
fn other_node(world: &World) -> Node {
    Node::new(Settings {
        db: world.database.app(),
        clock: world.clock.clone(),
        vault: world.vault.clone(),
        public_url: world.base_url.clone(),
        agency: "Relay Agency".to_owned(),
        zone: TimeZone::UTC,
        simulated: true,
        decisions_kept: SignedDuration::from_hours(24),
    })
}

/// A client whose people answer whenever they are called, with a campaign.
async fn client_of_people_who_answer(world: &World) -> (Client, String) {
    let acme = world.client("Acme").await;
    let people = phones(3);
    for phone in &people {
        world.provider.script_phone(phone, vec![Outcome::answered(); 2]);
    }
    let campaign = world.campaign(&acme, &people).await.to_string();
    (acme, campaign)
}

async fn send_all(node: &Node, organization: OrganizationId, claimed: Vec<Fenced>) {
    for fenced in claimed {
        node.dialer.send(organization, fenced).await.unwrap();
    }
}

#[tokio::test]
async fn nothing_that_another_node_has_claimed_is_sent_after_an_answered_click_at_any_level() {
    for level in 0..7 {
        let world = World::new().await;
        let operator = world.operator().await;
        let (acme, campaign) = client_of_people_who_answer(&world).await;
        let other = other_node(&world);
        let (what, off, on) = switches(&world, &acme, &campaign).remove(level);
        let claimed = other.dialer.take_turn(acme.id).await.unwrap();
        assert_eq!(claimed.len(), 3, "{what}");

        click(&world, &operator, &off).await;
        send_all(&other, acme.id, claimed).await;
        world.run_for(SignedDuration::from_mins(12)).await;
        assert_eq!(world.rang_or_about_to(), 0, "{what}");
        assert_eq!(world.sql("select coalesce(sum(calls), 0) from lead_days").await, ["0"], "{what}");

        click(&world, &operator, &on).await;
        assert_eq!(world.dial().await, 3, "{what}: it goes on at once");
        world.finish_calls().await;
        assert_eq!(world.sql("select distinct disposition from enrollments").await, ["reached"], "{what}");
        world.check_books().await;
    }
}

#[tokio::test]
async fn calls_in_progress_go_on_whatever_is_switched_off() {
    for level in 0..7 {
        let world = World::new().await;
        let operator = world.operator().await;
        let (acme, campaign) = client_of_people_who_answer(&world).await;
        let (what, off, _) = switches(&world, &acme, &campaign).remove(level);
        assert_eq!(world.dial().await, 3);

        click(&world, &operator, &off).await;
        world.finish_calls().await;

        assert_eq!(world.sql("select distinct disposition from enrollments").await, ["reached"], "{what}");
        world.check_books().await;
    }
}

/// A send that has read "it may dial" is over before the click is answered.
#[tokio::test]
async fn a_click_is_answered_only_when_the_sends_that_began_before_it_are_over() {
    let world = World::new().await;
    let (acme, _) = client_of_people_who_answer(&world).await;
    let other = other_node(&world);
    let fenced = other.dialer.take_turn(acme.id).await.unwrap().remove(0);
    let now = world.now();
    let tx = other.db.tenant(acme.id).await.unwrap();
    let facts = attempt_sends::facts(&tx, fenced.attempt, now).await.unwrap().unwrap();
    attempt_sends::send(&tx, fenced, now, now).await.unwrap();

    let db = world.node.db.clone();
    let pause = tokio::spawn(async move { agency_dispatch::pause(&db, None, None, now).await });
    while world.sql("select count(*) from pg_locks where locktype = 'advisory' and not granted").await == ["0"] {
        tokio::task::yield_now().await;
    }
    assert!(facts.agency_dials && !pause.is_finished(), "the send holds the gate");
    tx.commit().await.unwrap();
    pause.await.unwrap().unwrap();

    let tx = other.db.tenant(acme.id).await.unwrap();
    let facts = attempt_sends::facts(&tx, fenced.attempt, now).await.unwrap().unwrap();
    assert!(!facts.agency_dials);
}

/// A process that was stopped in the midst of its point of no return holds nobody up: it writes nothing any more.
#[tokio::test]
async fn a_send_that_never_ends_does_not_keep_a_click_from_being_answered() {
    let world = World::new().await;
    let (acme, _) = client_of_people_who_answer(&world).await;
    let tx = world.node.db.tenant(acme.id).await.unwrap();
    send_gate::pass(&tx).await.unwrap();

    agency_dispatch::pause(&world.node.db, None, Some("a drill"), world.now()).await.unwrap();

    let pause = agency_dispatch::state(&world.node.db).await.unwrap().unwrap();
    assert_eq!(pause.because.as_deref(), Some("a drill"));
}

#[tokio::test]
async fn the_agencys_pause_is_said_on_every_page_and_why_only_to_the_agency() {
    let world = World::new().await;
    let (operator, acme) = (world.operator().await, world.client("Acme").await);
    let manager = world.manager(&acme).await;
    world.campaign(&acme, &phones(2)).await;

    click(&world, &operator, "/dialing/pause").await;
    world.run_for(SignedDuration::from_mins(1)).await;

    assert_eq!(world.sql("select waiting_because from organization_dispatch").await, ["agency_paused"]);
    for path in ["/", "/accounts", "/calls", "/o/acme", "/o/acme/campaigns"] {
        let page = world.get(&operator, path).await.body;
        assert!(
            page.contains("All dialing is paused") && page.contains(BECAUSE.1) && page.contains("Somebody"),
            "{path}"
        );
    }
    let page = world.get(&manager, "/o/acme").await.body;
    assert!(page.contains("Dialing is paused by your agency") && !page.contains(BECAUSE.1), "{page}");
    let changes = "select action || ' ' || (detail ->> 'because') from agency_audit_entries";
    assert_eq!(world.sql(changes).await, ["dialing.paused the script names a wrong price"]);

    click(&world, &operator, "/dialing/resume").await;
    assert!(!world.get(&operator, "/").await.body.contains("All dialing is paused"));
}

#[tokio::test]
async fn who_switched_something_off_and_why_is_shown_where_it_is_shown() {
    let world = World::new().await;
    let operator = world.operator().await;
    let (acme, campaign) = client_of_people_who_answer(&world).await;
    let pages = ["/o/acme/agents", "/o/acme/numbers", "/o/acme/numbers", "/accounts", "/organizations/acme/limits"];

    for ((what, off, on), page) in switches(&world, &acme, &campaign).into_iter().skip(1).zip(pages) {
        click(&world, &operator, &off).await;
        let shown = world.get(&operator, page).await.body;
        assert!(shown.contains(BECAUSE.1) && shown.contains("by Somebody"), "{what} on {page}");
        click(&world, &operator, &on).await;
        assert!(!world.get(&operator, page).await.body.contains(BECAUSE.1), "{what} on {page}");
    }
    let changes = world.sql("select count(*) from audit_entries where user_id is not null").await;
    assert_eq!(changes, ["8"], "each change has its entry");
    assert_eq!(world.sql("select count(*) from agency_audit_entries").await, ["2"]);
}

#[tokio::test]
async fn a_persons_pause_outlasts_what_the_program_says() {
    let world = World::new().await;
    let operator = world.operator().await;
    let (acme, campaign) = client_of_people_who_answer(&world).await;
    let all = switches(&world, &acme, &campaign);
    click(&world, &operator, &all[2].1).await;
    click(&world, &operator, &all[4].1).await;

    let tx = world.node.db.tenant(acme.id).await.unwrap();
    let (now, later) = (world.now(), world.now() + SignedDuration::from_mins(1));
    trunkline::store::phone_number_holds::rest(&tx, (acme.id, acme.number), later, "daily limit", now).await.unwrap();
    trunkline::store::provider_accounts::pause(&tx, world.account, later, "no credit", now).await.unwrap();
    tx.commit().await.unwrap();
    world.run_for(SignedDuration::from_mins(30)).await;

    assert_eq!(world.rang_or_about_to(), 0);
    let reasons = "select status_reason from phone_numbers union all select pause_reason from provider_accounts";
    assert_eq!(world.sql(reasons).await, [BECAUSE.1, BECAUSE.1]);
}

#[tokio::test]
async fn a_number_that_rests_for_some_hours_is_used_again_by_itself() {
    let world = World::new().await;
    let manager_of = client_of_people_who_answer(&world).await.0;
    let manager = world.manager(&manager_of).await;
    let rest = format!("/o/acme/numbers/{}/pause", manager_of.number);

    assert_eq!(world.post(&manager, &rest, &[("hours", "4")]).await.status, StatusCode::SEE_OTHER);
    world.run_for(SignedDuration::from_mins(238)).await;
    assert_eq!(world.rang_or_about_to(), 0);
    world.run_for(SignedDuration::from_mins(8)).await;

    assert_eq!(world.rang().len(), 3);
}

#[tokio::test]
async fn a_client_steers_its_own_and_neither_limits_nor_accounts() {
    let world = World::new().await;
    let (acme, campaign) = client_of_people_who_answer(&world).await;
    let manager = world.manager(&acme).await;

    for (what, off, _) in switches(&world, &acme, &campaign) {
        let expected = if off.starts_with("/o/") { StatusCode::SEE_OTHER } else { StatusCode::NOT_FOUND };
        assert_eq!(world.post(&manager, &off, &[]).await.status, expected, "{what}");
    }
    let limit = format!("/organizations/acme/agents/{}/limits", acme.agent);
    assert_eq!(world.post(&manager, &limit, &[("lines_max", "99")]).await.status, StatusCode::NOT_FOUND);
}
