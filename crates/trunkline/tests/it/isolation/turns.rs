//! The turns of a claim: many organizations in one transaction, and only those whose turns it has.

use super::{Neighbors, due, tables, why};
use crate::support::World;
use tokio_postgres::error::SqlState;
use trunkline::store::organization_turns;

#[tokio::test]
async fn a_claim_sees_the_organizations_whose_turns_it_has_in_every_table_and_no_others() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, acme, rival, .. } = &neighbors;
    world.sql("update organization_dispatch set next_at = '-infinity'").await;
    let db = &world.node.db;

    let (tx, turns) = organization_turns::take(db, &[due(acme), due(rival)], world.now()).await.unwrap();
    assert_eq!(turns.len(), 2);
    drop(tx);
    let (tx, turns) = organization_turns::take(db, &[due(acme)], world.now()).await.unwrap();
    assert_eq!(turns.len(), 1);

    for table in tables(world).await {
        let column = if table.name == "organizations" { "id" } else { "organization_id" };
        let owners: &'static str = format!("select distinct {column}::text from {}", table.name).leak();
        let seen = tx.all(owners, &[]).await.unwrap();
        let seen: Vec<String> = seen.iter().map(|row| row.get(0)).collect();
        assert!(seen.iter().all(|owner| *owner == acme.id.to_string()), "{}: {seen:?}", table.name);
    }
}

/// The transaction was begun for both; what it could not lock is none of its business.
#[tokio::test]
async fn a_claim_lets_go_of_an_organization_that_somebody_else_has() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, acme, rival, .. } = &neighbors;
    world.sql("update organization_dispatch set next_at = '-infinity'").await;
    let db = &world.node.db;
    let other = db.tenant(rival.id).await.unwrap();
    organization_turns::lock(&other).await.unwrap();

    let (tx, turns) = organization_turns::take(db, &[due(acme), due(rival)], world.now()).await.unwrap();

    assert_eq!(turns.iter().map(|turn| turn.organization).collect::<Vec<_>>(), [acme.id]);
    let leads = tx.all("select distinct organization_id::text from leads", &[]).await.unwrap();
    assert_eq!(leads.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), [acme.id.to_string()]);
}

#[tokio::test]
async fn without_turns_there_is_no_row_and_with_them_nothing_can_be_deleted() {
    let neighbors = Neighbors::new().await;
    let session = neighbors.world.database.app_session().await;
    session.batch_execute("begin; set local role trunkline_turns").await.unwrap();

    let rows = session.query("select from leads", &[]).await.unwrap();
    assert!(rows.is_empty());

    let (code, message) = why(&session.execute("delete from leads", &[]).await.unwrap_err());
    assert_eq!(code, SqlState::INSUFFICIENT_PRIVILEGE, "{message}");
}

#[tokio::test]
async fn a_claim_reads_no_secret() {
    let world = World::new().await;

    for wanted in [
        "select sealed_key from provider_accounts",
        "select from webhook_credentials",
        "select from users",
        "select from sessions",
    ] {
        let session = world.database.app_session().await;
        session.batch_execute("begin; set local role trunkline_turns").await.unwrap();
        let (code, message) = why(&session.execute(wanted, &[]).await.expect_err(wanted));
        assert_eq!(code, SqlState::INSUFFICIENT_PRIVILEGE, "{wanted}: {message}");
    }
}
