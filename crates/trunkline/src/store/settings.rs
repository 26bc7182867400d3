//! Facts of the installation that are no organization's, such as the demo's clock.

use super::statement::sql;
use super::{Db, Result};
use serde_json::Value;

sql!(GET, "select value from settings where name = $1");
sql!(
    PUT,
    "insert into settings (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value"
);

pub async fn get(db: &Db, name: &str) -> Result<Option<Value>> {
    Ok(db.plain().await?.one_or_none(GET, &[&name]).await?.map(|row| row.get(0)))
}

pub async fn put(db: &Db, name: &str, value: &Value) -> Result<()> {
    let tx = db.plain().await?;
    tx.run(PUT, &[&name, &value]).await?;
    tx.commit().await
}
