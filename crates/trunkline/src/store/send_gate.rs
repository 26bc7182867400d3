//! The gate that every send passes, and behind which whoever switches something off waits.
//!
//! A send that read "it may dial" a moment before somebody switched that off commits a moment later. So each point of no
//! return holds this lock, shared with all others, until its commit; and the answer to a switch waits until every send that
//! began before it is over. A lock in memory: it writes nothing, and no send waits for another.

use super::statement::sql;
use super::{Db, Result, TenantTx};

// "dial gate" in ASCII; no other lock of ours has this number.
sql!(PASS, "select pg_advisory_xact_lock_shared(7235421023512589413)");
sql!(WAIT, "select pg_advisory_xact_lock(7235421023512589413)");
// As long as a send may take between its point of no return and its first byte (`protocol::SEND_BUDGET`): one that still
// holds the gate then, in a process that was stopped, writes nothing any more.
sql!(WAIT_MAX, "select set_config('lock_timeout', '2s', true)");

/// Holds the gate open until the transaction ends. What is read afterwards is newer than every switch that was answered.
pub async fn pass(tx: &TenantTx) -> Result<()> {
    tx.run(PASS, &[]).await?;
    Ok(())
}

/// Waits until every send is over that may have begun before a switch whose transaction is committed.
pub async fn wait_for_sends(db: &Db) -> Result<()> {
    let tx = db.plain().await?;
    tx.run(WAIT_MAX, &[]).await?;
    match tx.run(WAIT, &[]).await {
        Ok(_) => tx.commit().await,
        Err(error) if error.is_passing() => {
            tracing::warn!(?error, "a send held the gate for longer than it may take; it writes nothing any more");
            Ok(())
        }
        Err(error) => Err(error),
    }
}
