//! What the tasks of a simulator share: the world behind its lock, the clock, the courier and the word to stop.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc, watch};

use crate::config::Clock;
use crate::courier::Courier;
use crate::delivery::Delivery;
use crate::moment::to_millisecond;
use crate::world::World;

/// How often a simulator that runs by itself looks what is due, in real time.
const TICK: Duration = Duration::from_millis(10);
/// Events handled before the lock is let go.
const EVENTS_PER_TURN_MAX: usize = 200;
/// Webhooks under way at one time.
const DELIVERIES_IN_FLIGHT_MAX: usize = 256;
/// Webhooks waiting to be sent; beyond that they are lost, as Vapi drops messages under load.
const DELIVERIES_QUEUED_MAX: usize = 100_000;

pub(crate) struct Shared {
    world: Mutex<World>,
    clock: Clock,
    courier: Courier,
    pub(crate) stop: watch::Sender<bool>,
}

impl Shared {
    pub(crate) fn new(world: World, clock: Clock, courier: Courier) -> Self {
        Self { world: Mutex::new(world), clock, courier, stop: watch::Sender::new(false) }
    }

    /// The world. Never held across an await.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("whoever panicked with the world has left it in no known state")
    }

    pub(crate) fn now(&self) -> Timestamp {
        to_millisecond((self.clock)())
    }

    /// Resolves when the simulator is told to stop.
    pub(crate) async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // An error means that the sender is gone, which is a stop as well.
        let _ = stop.wait_for(|is_stopped| *is_stopped).await;
    }

    /// Lets everything happen that is due by now, in order, each webhook awaited before the next event.
    pub(crate) async fn settle(&self) -> usize {
        let mut happened = 0;
        loop {
            let now = self.now();
            // Webhooks of a request that came between two settlings are sent before anything else happens.
            let (at, deliveries) = {
                let mut world = self.world();
                let left = std::mem::take(&mut world.outgoing);
                if left.is_empty() {
                    let Some(at) = world.happen_next(now) else {
                        return happened;
                    };
                    happened += 1;
                    (at, std::mem::take(&mut world.outgoing))
                } else {
                    (now, left)
                }
            };
            for delivery in deliveries {
                let answer = self.courier.send(&delivery, self.now()).await;
                self.world().answered(delivery, &answer, at);
                happened += 1;
            }
        }
    }
}

/// Runs by itself until told to stop: looks every tick what is due and hands webhooks to the postman.
pub(crate) async fn run(shared: Arc<Shared>) {
    let (queue, queued) = mpsc::channel(DELIVERIES_QUEUED_MAX);
    let postman = tokio::spawn(carry(Arc::clone(&shared), queued));
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = shared.stopped() => break,
            _ = ticks.tick() => {}
        }
        while take_turn(&shared, &queue) {
            tokio::task::yield_now().await;
        }
    }
    drop(queue);
    postman.abort();
}

/// A bounded number of events; true when there may be more.
fn take_turn(shared: &Shared, queue: &mpsc::Sender<Delivery>) -> bool {
    let now = shared.now();
    let mut world = shared.world();
    let mut events = 0;
    while events < EVENTS_PER_TURN_MAX && world.happen_next(now).is_some() {
        events += 1;
    }
    for delivery in std::mem::take(&mut world.outgoing) {
        if let Err(refused) = queue.try_send(delivery) {
            world.lose(&refused.into_inner(), now);
        }
    }
    events == EVENTS_PER_TURN_MAX
}

/// Sends webhooks as they come, many at a time.
async fn carry(shared: Arc<Shared>, mut queued: mpsc::Receiver<Delivery>) {
    let in_flight = Arc::new(Semaphore::new(DELIVERIES_IN_FLIGHT_MAX));
    while let Some(delivery) = queued.recv().await {
        let permit = Arc::clone(&in_flight).acquire_owned().await.expect("nobody closes the semaphore");
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let sent = shared.courier.send(&delivery, shared.now());
            tokio::select! {
                () = shared.stopped() => {}
                answer = sent => {
                    let now = shared.now();
                    shared.world().answered(delivery, &answer, now);
                }
            }
            drop(permit);
        });
    }
}
