//! What was changed, on whichever node: heard over LISTEN, on a connection of its own.
//!
//! Invariant: who keeps a copy in memory trusts it only while a sign of life, sent through the database to ourselves, was
//! heard a moment ago. So a connection that has died, a pooler that passes no notifications on, or a network that is cut
//! lead to reading again, never to an old answer (`what_a_node_remembers_ends_with_the_connection_that_tells_of_changes`).

use super::statement::sql;
use super::{Db, Error, Result};
use futures_util::{StreamExt as _, stream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio_postgres::AsyncMessage;

const LISTEN: &str = "listen trunkline_changes";
const CHANNEL: &str = "trunkline_changes";
/// Every node sends itself a sign of life so often.
const BEAT_EVERY: Duration = Duration::from_secs(1);
/// A sign of life that could not even be sent in this time: the connection is dead.
const BEAT_TIMEOUT: Duration = Duration::from_secs(3);
/// What is remembered may be as old as this when the connection dies without a sign.
const TRUSTED_FOR: Duration = Duration::from_secs(3);

sql!(TELL, "select pg_notify($1, $2)");

/// What copies are made of. One is read again when its topic changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// How webhooks prove where they come from.
    Credentials,
    /// Whose assistants and numbers are.
    Owners,
    /// Who takes the calls that come in, and where calls may go on to.
    Reception,
}

const TOPICS: [Topic; 3] = [Topic::Credentials, Topic::Owners, Topic::Reception];

/// Cheap to clone; all clones hear the same.
#[derive(Clone)]
pub struct Changes {
    heard: Arc<Heard>,
}

struct Heard {
    /// Names our own signs of life among those of other nodes.
    node: uuid::Uuid,
    began_at: Instant,
    /// How often each topic may have changed, in the order of [`TOPICS`].
    versions: [AtomicU64; TOPICS.len()],
    /// When the last sign of life that came back had been sent.
    alive_at: watch::Sender<Option<Instant>>,
}

impl Default for Changes {
    fn default() -> Self {
        let heard = Heard {
            node: uuid::Uuid::now_v7(),
            began_at: Instant::now(),
            versions: std::array::from_fn(|_| AtomicU64::new(0)),
            alive_at: watch::Sender::new(None),
        };
        Self { heard: Arc::new(heard) }
    }
}

impl Changes {
    /// Hears changes until the connection breaks; to be called again then. Without it nothing is ever trusted.
    pub async fn follow(&self, db: &Db) -> Result<()> {
        let (client, mut connection) = db.listener().await?;
        let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
        let hear = async {
            while let Some(message) = messages.next().await {
                if let AsyncMessage::Notification(told) = message? {
                    self.take_in(told.payload());
                }
            }
            Ok(())
        };
        let live = async {
            client.batch_execute(LISTEN).await?;
            // Whatever was read before may have changed unheard.
            for topic in TOPICS {
                self.changed(topic);
            }
            loop {
                tokio::time::timeout(BEAT_TIMEOUT, self.beat(&client))
                    .await
                    .map_err(|late| Error::Database(late.into()))??;
                tokio::time::sleep(BEAT_EVERY).await;
            }
        };
        let ended = tokio::select! {
            ended = hear => ended,
            ended = live => ended,
        };
        self.heard.alive_at.send_replace(None);
        ended
    }

    /// Returns when everything that was committed before is heard of.
    pub async fn caught_up(&self) {
        let asked_at = Instant::now();
        let mut alive_at = self.heard.alive_at.subscribe();
        // The sender lives as long as `self`.
        let _ = alive_at.wait_for(|alive_at| alive_at.is_some_and(|at| at > asked_at)).await;
    }

    /// The version of a topic, or `None` while changes may go unheard.
    pub(super) fn heard(&self, topic: Topic) -> Option<u64> {
        let alive_at = *self.heard.alive_at.borrow();
        alive_at.filter(|at| at.elapsed() < TRUSTED_FOR).map(|_| self.version(topic))
    }

    pub(super) fn version(&self, topic: Topic) -> u64 {
        self.heard.versions[topic as usize].load(Ordering::Acquire)
    }

    async fn beat(&self, client: &tokio_postgres::Client) -> Result<()> {
        let sent = self.heard.began_at.elapsed().as_millis();
        client.query(TELL, &[&CHANNEL, &format!("{} {sent}", self.heard.node)]).await?;
        Ok(())
    }

    fn take_in(&self, payload: &str) {
        match payload.split_once(' ') {
            Some((node, sent)) if node.parse() == Ok(self.heard.node) => {
                let sent = sent.parse().ok().map(|sent| self.heard.began_at + Duration::from_millis(sent));
                self.heard.alive_at.send_replace(sent);
            }
            // Another node's sign of life.
            Some(_) => {}
            None => match payload {
                "webhook_credentials" => self.changed(Topic::Credentials),
                "agent_deployments" | "phone_numbers" => {
                    self.changed(Topic::Owners);
                    self.changed(Topic::Reception);
                }
                "agents" | "inbound_plans" | "organizations" | "tools" | "transfer_destinations" => {
                    self.changed(Topic::Reception);
                }
                // A table that a newer version tells of.
                _ => {}
            },
        }
    }

    fn changed(&self, topic: Topic) {
        self.heard.versions[topic as usize].fetch_add(1, Ordering::AcqRel);
    }
}
