//! The agency's reading: all organizations, and nothing else than reading.

use super::{Neighbors, Table, statement, why};
use crate::support::World;
use tokio_postgres::error::SqlState;

/// Tables and columns with secrets or people's keys.
const SEALED: [&str; 7] = [
    "select sealed_key from provider_accounts",
    "select sealed_secret from tools",
    "select sealed_secret from webhook_credentials",
    "select password_hash from users",
    "select failed_signins from users",
    "select token_hash from sessions",
    "select token_hash from signin_links",
];

#[tokio::test]
async fn the_agency_reads_the_rows_of_all_organizations() {
    let neighbors = Neighbors::new().await;
    let tx = neighbors.world.node.db.agency().await.unwrap();

    for Table { name, owner } in neighbors.tables().await {
        let count = format!("select count(*) from {name}");
        let all: i64 = neighbors.world.sql(&count).await[0].parse().unwrap();
        let seen: i64 = tx.one(statement(count), &[]).await.unwrap().get(0);
        assert_eq!(seen, all, "{name}");
        let owners = format!("select count(distinct {owner}) from {name}");
        assert_eq!(tx.one(statement(owners), &[]).await.unwrap().get::<_, i64>(0), 2, "{name}");
    }
}

#[tokio::test]
async fn the_agency_writes_nothing() {
    let neighbors = Neighbors::new().await;

    for Table { name, owner } in neighbors.tables().await {
        for wanted in [
            format!("insert into {name} select * from {name}"),
            format!("update {name} set {owner} = {owner}"),
            format!("delete from {name}"),
            format!("select from {name} for update"),
        ] {
            // The transaction is read only, and its role has no right to write: each holds alone.
            let tx = neighbors.world.node.db.agency().await.unwrap();
            assert!(tx.run(statement(wanted.clone()), &[]).await.is_err(), "{wanted}");
            let (code, message) = as_agency(&neighbors.world, &wanted).await.expect_err(&wanted);
            assert_eq!(code, SqlState::INSUFFICIENT_PRIVILEGE, "{wanted}: {message}");
        }
    }
}

#[tokio::test]
async fn the_agencys_transaction_is_read_only() {
    let world = World::new().await;
    let tx = world.node.db.agency().await.unwrap();

    assert_eq!(tx.one("select current_setting('transaction_read_only')", &[]).await.unwrap().get::<_, String>(0), "on");
    assert!(tx.run("set transaction read write", &[]).await.is_err());
}

#[tokio::test]
async fn the_agencys_reading_shows_no_secret() {
    let world = World::new().await;

    for wanted in SEALED {
        let (code, message) = as_agency(&world, wanted).await.expect_err(wanted);
        assert_eq!(code, SqlState::INSUFFICIENT_PRIVILEGE, "{wanted}: {message}");
    }
}

/// Runs a statement with the agency's rights, in a transaction that could write.
async fn as_agency(world: &World, statement: &str) -> Result<u64, (SqlState, String)> {
    let session = world.database.app_session().await;
    session.batch_execute("begin; set local role trunkline_agency").await.unwrap();
    session.execute(statement, &[]).await.map_err(|error| why(&error))
}
