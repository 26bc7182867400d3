//! The lists of calls find their rows by an index, whatever is filtered: planned as the program's role, over enough rows
//! that reading all of them would be noticed.

use crate::support::World;
use crate::support::source;
use std::fmt::Write as _;

/// `$1` to `$13` of the list's statement: the organization, the filters by their number, and how many rows; the rest is
/// null.
fn parameters(organization: &str, filters: &[(usize, &str)]) -> String {
    let organization = format!("'{organization}'");
    let mut parameters = ["null"; 13];
    parameters[0] = &organization;
    parameters[12] = "51";
    for (number, value) in filters {
        parameters[number - 1] = value;
    }
    parameters.join(", ")
}

/// A statement of the list of calls, as declared.
fn statement(name: &str) -> String {
    let files = source::rust("crates/trunkline/src/store");
    let file = files.iter().find(|file| file.path.ends_with("/call_list.rs")).unwrap();
    let mut declarations = file.code.match_indices("sql!(");
    let is_it = |at: &usize| file.code[at + "sql!(".len()..].trim_start().starts_with(&format!("{name},"));
    let at = declarations.find_map(|(at, _)| Some(at).filter(is_it)).unwrap();
    file.literal_from(at).to_owned()
}

async fn world_with_calls(organizations: &[&str]) -> (World, Vec<String>) {
    let world = World::new().await;
    let mut ids = Vec::new();
    for name in organizations {
        let client = world.client(name).await;
        world
            .sql(&format!(
                "insert into calls (organization_id, id, provider_account_id, provider_call_id, direction, agent_id,
                                    phone, status, placed_at, outcome, duration_ms, updated_at)
                 select '{}', gen_random_uuid(), '{}', gen_random_uuid(), 'outbound', '{}', '+12125550146', 'ended', at,
                        (array['busy', 'answered', 'no_answer'])[1 + n % 3], n, at
                 from generate_series(1, 5000) n, lateral (select now() - n * interval '1 minute') t (at)",
                client.id, world.account, client.agent,
            ))
            .await;
        ids.push(client.id.to_string());
    }
    world.sql("analyze calls").await;
    (world, ids)
}

#[tokio::test]
async fn a_list_of_calls_finds_its_rows_by_an_index_of_its_organization() {
    let (world, organizations) = world_with_calls(&["Acme", "Birch", "Cedar"]).await;
    let older = statement("OLDER");
    let session = world.database.app_session().await;
    let acme = &organizations[0];
    let begin = format!(
        "set plan_cache_mode = force_custom_plan; set trunkline.organization_id = '{acme}'; prepare list as {older}"
    );
    session.batch_execute(&begin).await.unwrap();

    let day = "'2026-03-04T00:00:00Z'";
    let some = "'0193d4a0-0000-7000-8000-000000000000'";
    let cases: [(&[(usize, &str)], &str); 6] = [
        (&[], "calls_latest"),
        (&[(6, day)], "calls_latest"),
        (&[(11, day), (12, some)], "calls_latest"),
        (&[(2, "'failed'")], "calls_outcome"),
        (&[(3, some)], "calls_campaign"),
        (&[(4, some)], "calls_agent"),
    ];
    let mut offences = Vec::new();
    for (filters, index) in cases {
        let explain = format!("explain execute list ({})", parameters(acme, filters));
        let mut plan = String::new();
        for row in session.simple_query(&explain).await.unwrap() {
            if let tokio_postgres::SimpleQueryMessage::Row(row) = row {
                writeln!(plan, "{}", row.get(0).unwrap()).unwrap();
            }
        }
        if !plan.contains(index) || plan.contains("Seq Scan on calls") {
            offences.push(format!("{filters:?} without {index}:\n{plan}"));
        }
    }
    source::none(&offences);
}
