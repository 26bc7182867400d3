//! A stranger on every route: what is not theirs is answered as if it were not there. Walks the table of routes, so a
//! route that is added is tested without anybody thinking of it.

use crate::support::{Client, Person, World};
use reqwest::{Method, StatusCode};
use trunkline::http::{Route, Who, routes};

/// One of each thing that has an address.
struct Things {
    campaign: String,
    call: String,
    lead: String,
    import: String,
    number: String,
    agent: String,
    account: String,
    pool: String,
}

/// A client with a call, so that nothing is missing but the right to see it.
async fn client_with_things(world: &World, name: &str, phone: &'static str) -> (Client, Things) {
    let client = world.client(name).await;
    let campaign = world.campaign(&client, &[phone]).await;
    world.finish_calls().await;
    let manager = world.manager(&client).await;
    let file = ("leads.csv", "phone\n+13125550111\n");
    let key = [("form_key", "01946f00-0000-7000-8000-00000000000a")];
    let path = format!("/o/{}/leads/import", client.slug);
    let imported = world.upload(&manager, &path, if name == "Acme" { &[] } else { &key }, file).await;
    assert_eq!(imported.status, StatusCode::SEE_OTHER, "{}", imported.body);
    let one = async |table: &str| {
        let id = format!("select id from {table} where organization_id = '{}' limit 1", client.id);
        world.sql(&id).await.remove(0)
    };
    let things = Things {
        campaign: campaign.to_string(),
        call: one("calls").await,
        lead: one("leads").await,
        import: one("lead_imports").await,
        number: client.number.to_string(),
        agent: client.agent.to_string(),
        account: world.account.to_string(),
        pool: world.sql("select id from line_pools").await.remove(0),
    };
    (client, things)
}

fn path_of(route: &Route, slug: &str, things: &Things) -> String {
    let kinds = [
        ("/campaigns/{id}", &things.campaign),
        ("/calls/{id}", &things.call),
        ("/leads/imports/{id}", &things.import),
        ("/leads/{id}", &things.lead),
        ("/numbers/{id}", &things.number),
        ("/agents/{id}", &things.agent),
        ("/accounts/{id}", &things.account),
        ("/pools/{id}", &things.pool),
    ];
    let id = kinds.iter().find(|(kind, _)| route.path.contains(kind)).map_or("", |(_, id)| id.as_str());
    assert!(!route.path.contains("{id}") || !id.is_empty(), "what is the {{id}} of {}?", route.path);
    let path = route.path.replace("{slug}", slug).replace("{id}", id);
    assert!(route.who == Who::Anyone || !path.contains('{'), "what stands for the rest of {path}?");
    path
}

fn guarded() -> impl Iterator<Item = Route> {
    routes().into_iter().filter(|route| route.who != Who::Anyone)
}

async fn check(world: &World, person: &Person, route: &Route, path: &str, expected: StatusCode) {
    let answer = world.ask(person, route.method.clone(), path, &[]).await;
    assert_eq!(answer.status, expected, "{} {path} as {:?}", route.method, route.who);
    assert!(answer.status != StatusCode::SEE_OTHER || answer.location.unwrap().starts_with("/signin"), "{path}");
}

#[tokio::test]
async fn who_is_not_signed_in_is_asked_to_on_every_route() {
    let world = World::new().await;
    let (acme, things) = client_with_things(&world, "Acme", "+12125550146").await;
    let stranger = world.stranger();

    for route in guarded() {
        check(&world, &stranger, &route, &path_of(&route, &acme.slug, &things), StatusCode::SEE_OTHER).await;
    }
}

#[tokio::test]
async fn another_clients_things_do_not_exist() {
    let world = World::new().await;
    let (acme, _) = client_with_things(&world, "Acme", "+12125550146").await;
    let (rival, theirs) = client_with_things(&world, "Rival", "+12125550147").await;
    let manager = world.manager(&acme).await;

    for route in guarded().filter(|route| matches!(route.who, Who::Viewer | Who::Manager)) {
        check(&world, &manager, &route, &path_of(&route, &rival.slug, &theirs), StatusCode::NOT_FOUND).await;
        // Their id under one's own address finds nothing either.
        if route.path.contains("{id}") {
            check(&world, &manager, &route, &path_of(&route, &acme.slug, &theirs), StatusCode::NOT_FOUND).await;
        }
    }
}

#[tokio::test]
async fn the_agencys_pages_do_not_exist_for_a_client() {
    let world = World::new().await;
    let (acme, things) = client_with_things(&world, "Acme", "+12125550146").await;
    let manager = world.manager(&acme).await;

    for route in guarded().filter(|route| route.who == Who::Agency) {
        check(&world, &manager, &route, &path_of(&route, &acme.slug, &things), StatusCode::NOT_FOUND).await;
    }
}

#[tokio::test]
async fn a_viewer_changes_nothing() {
    let world = World::new().await;
    let (acme, things) = client_with_things(&world, "Acme", "+12125550146").await;
    let viewer = world.viewer(&acme).await;

    for route in guarded().filter(|route| route.who == Who::Manager) {
        check(&world, &viewer, &route, &path_of(&route, &acme.slug, &things), StatusCode::FORBIDDEN).await;
    }
}

/// Without it, the tests above would be content with routes that answer nobody.
#[tokio::test]
async fn those_whose_they_are_find_every_page() {
    let world = World::new().await;
    let (acme, things) = client_with_things(&world, "Acme", "+12125550146").await;
    let (operator, manager) = (world.operator().await, world.manager(&acme).await);
    // A stream does not end, and the call that is made here was not answered: it has no recording.
    let is_page = |route: &Route| {
        route.method == Method::GET && !route.path.ends_with("/stream") && !route.path.ends_with("/recording")
    };

    for route in guarded().filter(is_page) {
        let path = path_of(&route, &acme.slug, &things);
        assert_eq!(world.get(&operator, &path).await.status, StatusCode::OK, "{path} for the agency");
        let expected = match route.who {
            Who::Agency => StatusCode::NOT_FOUND,
            _ if route.path == "/" => StatusCode::SEE_OTHER,
            _ => StatusCode::OK,
        };
        assert_eq!(world.get(&manager, &path).await.status, expected, "{path} for the client");
    }
}

#[tokio::test]
async fn a_clients_pages_name_no_other_client_no_supplier_and_no_cost() {
    let world = World::new().await;
    let (acme, things) = client_with_things(&world, "Acme", "+12125550146").await;
    client_with_things(&world, "Northwind Dental", "+12125550147").await;
    let (operator, manager) = (world.operator().await, world.manager(&acme).await);
    let mut seen = String::new();

    for route in guarded().filter(|route| matches!(route.who, Who::Viewer | Who::Manager | Who::SignedIn)) {
        if route.method == Method::GET && !route.path.ends_with("/stream") && !route.path.ends_with("/recording") {
            seen += &world.get(&manager, &path_of(&route, &acme.slug, &things)).await.body;
        }
    }
    seen += &world.get(&manager, "/search?q=n").await.body;

    for secret in ["Northwind", "vapi-one", "Relay Agency", "Spend", "Requests a minute"] {
        assert!(!seen.contains(secret), "a client reads {secret:?}");
    }
    assert!(!seen.to_lowercase().contains("vapi"));
    // The agency reads them, so they are there to be hidden.
    let mut operators = world.get(&operator, &format!("/o/acme/campaigns/{}", things.campaign)).await.body;
    operators += &world.get(&operator, "/o/acme").await.body;
    for secret in ["Northwind", "vapi-one", "Relay Agency", "Spend"] {
        assert!(operators.contains(secret), "the agency does not read {secret:?}");
    }
}
