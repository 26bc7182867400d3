//! What an organization's documents say, passage by passage.

use super::statement::sql;
use super::{Result, TenantTx};
use jiff::Timestamp;

/// Passages that an answer holds: more would cost the model more time than they are worth.
const FOUND_MAX: i64 = 5;

#[derive(Debug, Clone, PartialEq)]
pub struct Passage {
    pub document: String,
    pub content: String,
    /// How well it fits, from 0 to 1.
    pub similarity: f64,
}

sql!(
    FORGET,
    "delete from knowledge_passages
     where organization_id = $1 and document = $2"
);
sql!(
    ADD,
    "insert into knowledge_passages (organization_id, document, place, content, words, created_at)
     select $1, $2, p.place, p.content, to_tsvector('english', p.content), $3
     from unnest($4::text[]) with ordinality as p (content, place)"
);
// Any word of the question counts, because people speak in sentences; the more and the closer, the better. 32 brings the
// rank between 0 and 1.
sql!(
    SEARCH,
    "select p.document, p.content, ts_rank_cd(p.words, q.wanted, 32)::float8 as similarity
     from knowledge_passages p
     cross join (select replace(plainto_tsquery('english', $2)::text, ' & ', ' | ')::tsquery as wanted) q
     where p.organization_id = $1 and p.words @@ q.wanted
     order by similarity desc, p.document, p.place
     limit $3"
);

/// Replaces the document of this name; without passages it is forgotten. Returns how many passages it had.
pub async fn put(tx: &TenantTx, document: &str, passages: &[String], now: Timestamp) -> Result<u64> {
    let forgotten = tx.run(FORGET, &[&tx.organization, &document]).await?;
    tx.run(ADD, &[&tx.organization, &document, &now, &passages]).await?;
    Ok(forgotten)
}

/// The passages that fit a question best.
pub async fn search(tx: &TenantTx, question: &str) -> Result<Vec<Passage>> {
    let rows = tx.all(SEARCH, &[&tx.organization, &question, &FOUND_MAX]).await?;
    let read =
        |row: &tokio_postgres::Row| Passage { document: row.get(0), content: row.get(1), similarity: row.get(2) };
    Ok(rows.iter().map(read).collect())
}
