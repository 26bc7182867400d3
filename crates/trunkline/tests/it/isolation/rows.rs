//! Rows: an organization sees, changes, makes and refers to its own only, and learns nothing of those of others.

use super::{MAYA, Neighbors, statement};
use tokio_postgres::error::SqlState;

#[tokio::test]
async fn an_organization_sees_its_own_rows_in_every_table_and_no_others() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, acme, rival, .. } = &neighbors;
    let tx = world.node.db.tenant(acme.id).await.unwrap();

    for table in neighbors.tables().await {
        let (own, others) = (neighbors.count(&table, acme).await, neighbors.count(&table, rival).await);
        assert!(own > 0 && others > 0, "{}: give both organizations of this test a row", table.name);
        let count = format!("select count(*), count(*) filter (where {} = $1) from {}", table.owner, table.name);
        let row = tx.one(statement(count), &[&acme.id]).await.unwrap();
        let seen: (i64, i64) = (row.get(0), row.get(1));
        assert_eq!(seen, (own, own), "{}", table.name);
    }
}

#[tokio::test]
async fn without_an_organization_there_is_no_row() {
    let neighbors = Neighbors::new().await;
    let session = neighbors.world.database.app_session().await;

    for table in neighbors.tables().await {
        let count = session.query_one(&format!("select count(*) from {}", table.name), &[]).await.unwrap();
        assert_eq!(count.get::<_, i64>(0), 0, "{}", table.name);
    }
}

#[tokio::test]
async fn an_organization_changes_and_deletes_no_row_of_another() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, acme, rival, .. } = &neighbors;

    for table in neighbors.tables().await {
        let (name, owner) = (&table.name, table.owner);
        let before = neighbors.count(&table, rival).await;
        for wanted in [
            format!("update {name} set {owner} = {owner} where {owner} = '{}'", rival.id),
            format!("delete from {name} where {owner} = '{}'", rival.id),
        ] {
            let tx = world.node.db.tenant(acme.id).await.unwrap();
            let written = tx.run(statement(wanted.clone()), &[]).await;
            tx.commit().await.unwrap();
            // Some tables grant no deletion at all.
            assert!(matches!(written, Ok(0) | Err(_)), "{wanted}: {written:?}");
        }
        assert_eq!(neighbors.count(&table, rival).await, before, "{name}");
    }
}

#[tokio::test]
async fn an_organization_makes_no_row_for_another_and_gives_none_away() {
    let neighbors = Neighbors::new().await;
    let Neighbors { acme, rival, .. } = &neighbors;

    for table in neighbors.tables().await {
        let (name, owner) = (&table.name, table.owner);
        let copy = format!("jsonb_populate_record(t, jsonb_build_object('{owner}', '{}'))", rival.id);
        for wanted in [
            format!("insert into {name} select ({copy}).* from {name} t limit 1"),
            format!("update {name} set {owner} = '{}'", rival.id),
        ] {
            let (code, message) = neighbors.try_as(acme, &wanted).await.expect_err(&wanted);
            assert_eq!(code, SqlState::INSUFFICIENT_PRIVILEGE, "{wanted}: {message}");
            assert!(message.contains("violates row-level security policy"), "{wanted}: {message}");
        }
    }
}

/// PostgreSQL checks foreign keys past the policies: a key that does not carry the organization would reach over.
#[tokio::test]
async fn no_foreign_key_reaches_a_row_of_another_organization() {
    let neighbors = Neighbors::new().await;
    let Neighbors { world, acme, rival, .. } = &neighbors;
    let keys = world.sql(FOREIGN_KEYS).await;
    assert!(keys.len() > 15, "only {} foreign keys were found", keys.len());

    for key in keys {
        let [table, column, other, other_column] = key.split(' ').collect::<Vec<_>>()[..] else { panic!("{key}") };
        let of_rival = format!("select {other_column} from {other} where organization_id = '{}' limit 1", rival.id);
        let of_rival = &world.sql(&of_rival).await[0];
        let wanted =
            format!("update {table} set {column} = '{of_rival}' where ctid = (select ctid from {table} limit 1)");
        let (code, message) = neighbors.try_as(acme, &wanted).await.expect_err(&wanted);
        assert_eq!(code, SqlState::FOREIGN_KEY_VIOLATION, "{wanted}: {message}");
    }
}

/// The columns by which tenant tables refer to each other, besides the organization.
const FOREIGN_KEYS: &str = "
    select concat_ws(' ', k.conrelid::regclass, a.attname, k.confrelid::regclass, b.attname)
    from pg_constraint k
    cross join unnest(k.conkey, k.confkey) as pair (here, there)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = pair.here
    join pg_attribute b on b.attrelid = k.confrelid and b.attnum = pair.there
    where k.contype = 'f' and k.connamespace = 'public'::regnamespace and a.attname <> 'organization_id'
      and exists (select from pg_attribute o where o.attrelid = k.confrelid and o.attname = 'organization_id')
    order by 1";

/// A third organization makes all that its neighbors have: no error may tell it that they do.
#[tokio::test]
async fn what_is_unique_is_unique_within_an_organization() {
    let neighbors = Neighbors::new().await;
    let third = neighbors.world.client("Third").await;
    let agent = neighbors.rival.agent;

    for (table, columns, values) in [
        ("leads", "id, phone, created_at, updated_at", format!("gen_random_uuid(), '{MAYA}', now(), now()")),
        ("dnc_entries", "phone, reason, source, created_at", "'+12125550199', '', 'person', now()".to_owned()),
        ("lead_days", "phone, day, calls, calls_max", format!("'{MAYA}', '2026-03-04', 1, 2")),
        // Its agent is called Ava as theirs are; this one has the very id of one of theirs.
        ("agents", "id, name, lines_max, created_at", format!("'{agent}', 'Otto', 1, now()")),
    ] {
        let wanted = format!("insert into {table} (organization_id, {columns}) values ('{}', {values})", third.id);
        assert_eq!(neighbors.try_as(&third, &wanted).await, Ok(1), "{wanted}");
    }
    let same_name = "select count(distinct organization_id) from agents where name = 'Ava'";
    assert_eq!(neighbors.world.sql(same_name).await, ["3"]);
}
