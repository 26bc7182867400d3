//! The limit: the same bytes, compressed in the same way, inserted in batches and by nothing else.

use super::messages::{Kind, Senders};
use crate::commands::bench::cpu::{Measure, Meter};
use crate::commands::bench::ground::Ground;
use crate::postgres::Role;
use crate::store::events::compress;
use anyhow::Result;
use futures_util::future::try_join_all;
use std::time::{Duration, Instant};
use tokio_postgres::NoTls;

const CONNECTIONS: usize = 2;
const BATCH: usize = 128;
const TABLE: &str = include_str!("limit_table.sql");
const INSERT: &str = include_str!("limit_insert.sql");
const DATABASE: &str = "bench_limit";

pub(super) async fn batched_inserts(ground: &Ground, senders: &Senders, run: Duration) -> Result<Measure> {
    ground.drop_database(DATABASE).await?;
    ground.empty_database(DATABASE).await?;
    let session = || async {
        let (client, connection) = ground.embedded.config(Role::Owner, DATABASE).connect(NoTls).await?;
        tokio::spawn(connection);
        anyhow::Ok(client)
    };
    let owner = session().await?;
    owner.batch_execute(TABLE).await?;
    let meter = Meter::start(&ground.processes())?;
    let end = Instant::now() + run;
    let inserting = (0..CONNECTIONS).map(|nth| async move {
        let client = session().await?;
        let insert = client.prepare(INSERT).await?;
        let mut requests = senders.requests(Kind::StatusUpdate, nth);
        let mut rows = 0;
        while Instant::now() < end {
            let bodies: Vec<Vec<u8>> =
                (0..BATCH).map(|_| compress(requests.next_body().0.as_bytes())).collect::<Result<_, _>>()?;
            let calls: Vec<String> = (0..BATCH).map(|_| uuid::Uuid::now_v7().to_string()).collect();
            rows += client.execute(&insert, &[&calls, &bodies]).await?;
        }
        anyhow::Ok(rows)
    });
    let rows: u64 = try_join_all(inserting).await?.into_iter().sum();
    let measure = meter.stop(rows)?;
    ground.drop_database(DATABASE).await?;
    Ok(measure)
}
