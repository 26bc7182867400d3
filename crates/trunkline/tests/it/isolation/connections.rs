//! Connections are shared by all organizations in turn: nothing of one transaction is left when the next begins.

use super::{Neighbors, due};
use crate::support::Client;
use futures_util::poll;
use trunkline::store::dnc::{self, DncSource};
use trunkline::store::{Db, PlainTx, organization_turns};

const OWNERS: &str = "select distinct organization_id::text from leads";
const CONNECTION: &str =
    "select pg_backend_pid(), current_user::text, current_setting('trunkline.organization_id', true)";
const PHONE: &str = "+12125550177";

#[tokio::test]
async fn a_connection_forgets_its_organization_with_the_transaction() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, acme, rival, .. } = &neighbors;
    let db = world.database.app_in_turn();

    let tx = db.tenant(acme.id).await.unwrap();
    let (connection, role, organization) = of(&tx).await;
    assert_eq!((role.as_str(), organization), ("trunkline_app", acme.id.to_string()));
    tx.commit().await.unwrap();

    let tx = db.agency().await.unwrap();
    assert_eq!(of(&tx).await, (connection, "trunkline_agency".to_owned(), String::new()));
    drop(tx);

    let (tx, _) = organization_turns::take(&db, &[due(acme)], world.now()).await.unwrap();
    assert_eq!(of(&tx).await, (connection, "trunkline_turns".to_owned(), String::new()));
    drop(tx);

    let tx = db.tenant(rival.id).await.unwrap();
    assert_eq!(of(&tx).await, (connection, "trunkline_app".to_owned(), rival.id.to_string()));
    drop(tx);
    assert_eq!(owners(&db, acme).await, [acme.id.to_string()]);
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back_before_its_connection_serves_anyone_else() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, acme, rival, .. } = &neighbors;
    let db = world.database.app_in_turn();

    let tx = db.tenant(acme.id).await.unwrap();
    let (connection, ..) = of(&tx).await;
    assert!(dnc::add(&tx, PHONE, ("half done", DncSource::Person), world.now()).await.unwrap());
    drop(tx);

    let tx = db.tenant(rival.id).await.unwrap();
    assert_eq!(of(&tx).await.0, connection);
    let entries = "select phone from dnc_entries where reason = 'half done'";
    assert!(tx.all(entries, &[]).await.unwrap().is_empty());
    tx.commit().await.unwrap();
    assert!(world.sql(entries).await.is_empty());
}

/// A request may be given up at any moment: while the transaction begins, too.
#[tokio::test]
async fn a_transaction_given_up_while_it_begins_leaves_nothing_behind() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, acme, rival, .. } = &neighbors;
    let db = world.database.app_in_turn();
    assert_eq!(owners(&db, rival).await, [rival.id.to_string()]);

    for polls in 1..12 {
        let mut begin = Box::pin(db.tenant(acme.id));
        for _ in 0..polls {
            if poll!(&mut begin).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(begin);

        let tx = db.agency().await.unwrap();
        let (_, role, organization) = of(&tx).await;
        assert_eq!((role.as_str(), organization.as_str()), ("trunkline_agency", ""), "after {polls} polls");
        drop(tx);
        assert_eq!(owners(&db, rival).await, [rival.id.to_string()], "after {polls} polls");
    }
}

async fn of(tx: &PlainTx) -> (i32, String, String) {
    let row = tx.one(CONNECTION, &[]).await.unwrap();
    (row.get(0), row.get(1), row.get(2))
}

async fn owners(db: &Db, client: &Client) -> Vec<String> {
    let tx = db.tenant(client.id).await.unwrap();
    tx.all(OWNERS, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// The same schema serves clients of Supabase, whose token names the organization; the program's own word counts more.
#[tokio::test]
async fn claims_of_a_token_never_win_over_the_organization_of_the_transaction() {
    let neighbors = Neighbors::new().await;
    let Neighbors { acme, rival, .. } = &neighbors;
    let (own, others) = (acme.id.to_string(), rival.id.to_string());
    let of_rival = format!(r#"{{"organization_id": "{others}"}}"#);

    assert_eq!(seen(&neighbors, &own, &of_rival).await.unwrap(), [own.as_str()]);
    assert_eq!(seen(&neighbors, &own, "neither JSON").await.unwrap(), [own.as_str()]);
    assert_eq!(seen(&neighbors, "", &of_rival).await.unwrap(), [others.as_str()]);
}

#[tokio::test]
async fn claims_that_name_no_organization_open_nothing() {
    let neighbors = Neighbors::new().await;

    for claims in [
        "",
        " ",
        "{",
        "{}",
        "[]",
        "null",
        "7",
        "\"\"",
        r#"{"organization_id": null}"#,
        r#"{"organization_id": ""}"#,
        r#"{"organization_id": "%"}"#,
        r#"{"organization_id": ["00000000-0000-0000-0000-000000000000"]}"#,
        r#"{"organization_id": {"or": true}}"#,
        r#"{"organization_id": "00000000-0000-0000-0000-000000000000"}"#,
        r#"{"app_metadata": {"organization_id": "*"}}"#,
    ] {
        let seen = seen(&neighbors, "", claims).await;
        assert!(seen.as_ref().map_or(true, Vec::is_empty), "{claims}: {seen:?}");
    }
}

/// Whose leads a session sees with our setting and the claims of a token.
async fn seen(neighbors: &Neighbors, organization: &str, claims: &str) -> Result<Vec<String>, tokio_postgres::Error> {
    let session = neighbors.world.database.app_session().await;
    let set = "select set_config('trunkline.organization_id', $1, false), set_config('request.jwt.claims', $2, false)";
    session.execute(set, &[&organization, &claims]).await?;
    Ok(session.query(OWNERS, &[]).await?.iter().map(|row| row.get(0)).collect())
}
