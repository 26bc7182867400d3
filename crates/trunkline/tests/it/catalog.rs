//! What must hold for every table, function and view of the schema, asked of PostgreSQL's own catalog: it holds for those
//! that do not exist yet. Who adds a table that belongs to no organization says here why.

mod functions;
mod keys;
mod tables;

use crate::support::TestDatabase;
use tokio_postgres::Client;

/// Tables whose rows are the agency's, with the reason why they are no organization's.
const AGENCY_TABLES: [(&str, &str); 12] = [
    ("agency_audit_entries", "what people of the agency changed that is no organization's"),
    ("agency_dispatch", "the switch that stops all dialing"),
    ("agency_dnc_entries", "phones that nobody may call, whatever the organization"),
    ("line_pools", "lines are shared by all organizations"),
    ("provider_accounts", "an account serves many organizations"),
    ("schema_migrations", "the schema's own history"),
    ("sessions", "of people, who may belong to several organizations"),
    ("settings", "facts of the installation"),
    ("signin_links", "of people, who may belong to several organizations"),
    ("users", "people, who may belong to several organizations"),
    ("webhook_credentials", "of provider accounts"),
    ("webhook_refusals", "of messages that are nobody's"),
];

async fn session() -> (TestDatabase, Client) {
    let database = TestDatabase::create().await;
    let session = database.superuser().await;
    (database, session)
}

/// The columns of each row, with ` | ` between them. `$1` of a query that has it: the tables of the agency.
async fn asked(session: &Client, query: &str) -> Vec<String> {
    let agency: Vec<&str> = AGENCY_TABLES.iter().map(|(name, _)| *name).collect();
    let statement = session.prepare(query).await.unwrap();
    let params: &[&(dyn tokio_postgres::types::ToSql + Sync)] = &[&agency];
    let rows = session.query(&statement, &params[..statement.params().len()]).await.unwrap();
    let read = |row: &tokio_postgres::Row| {
        let columns = (0..row.len()).map(|place| row.get::<_, Option<String>>(place).unwrap_or("null".to_owned()));
        columns.collect::<Vec<_>>().join(" | ")
    };
    rows.iter().map(read).collect()
}

/// Fails with all that a query finds, which should be nothing.
async fn nothing(query: &str) {
    let (_database, session) = session().await;
    crate::support::source::none(&asked(&session, query).await);
}

/// Fails unless what was found is what is excepted, each with its reason: nothing more, and nothing that is gone.
fn only(found: &[String], excepted: &[(&str, &str)]) {
    let is_excepted = |name: &&String| excepted.iter().any(|(known, _)| known == name);
    let new = found.iter().filter(|name| !is_excepted(name)).cloned();
    let is_gone = |name: &str| !found.iter().any(|found| found == name);
    let gone =
        excepted.iter().filter(|(name, _)| is_gone(name)).map(|(name, _)| format!("{name} is excepted, and gone"));
    crate::support::source::none(&new.chain(gone).collect::<Vec<_>>());
}
