//! Live pages: pieces of a page sent as they change, at most once a second.
//!
//! A view is rendered by one task however many look at it, and only while somebody does. Each message carries the pieces
//! that changed since the one before; who comes new, or missed one, gets the whole set.

use super::App;
use super::error::PageError;
use crate::domain::ids::CampaignId;
use crate::domain::role::Role;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, Stream};
use http::{HeaderName, HeaderValue};
use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, interval_at};
use ui::stream::{Fragment, Sent};

/// Connections at once; each is one tab that is in front.
const STREAMS_MAX: usize = 1_000;
const RENDER_EVERY: Duration = Duration::from_secs(1);
const RIGHTS_EVERY: Duration = Duration::from_secs(60);
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(15);

/// One view as one audience sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct View {
    pub campaign: CampaignId,
    /// `None`: the agency's people, who all see the same.
    pub member: Option<Role>,
}

/// Renders the pieces of a view as they are now.
pub(super) type Render = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Result<Vec<Fragment>, PageError>> + Send>> + Send>;
/// Tells whether the listener may still look.
pub(super) type MayLook = Box<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send>;

/// The views that somebody looks at.
pub(super) struct Streams {
    views: Arc<Mutex<HashMap<View, watch::Sender<Update>>>>,
    permits: Arc<Semaphore>,
    ending: watch::Receiver<bool>,
}

/// The latest message of a view.
#[derive(Debug, Clone, Default)]
struct Update {
    /// Counts messages; 0 is none yet.
    number: u64,
    /// What changed since the message before.
    changed: Arc<str>,
    whole: Arc<str>,
}

impl Streams {
    pub(super) fn new(ending: watch::Receiver<bool>) -> Self {
        Self { views: Arc::default(), permits: Arc::new(Semaphore::new(STREAMS_MAX)), ending }
    }
}

/// Streams `view` to one listener until they may not look any more, leave, or the program ends.
pub(super) fn open(app: &App, view: View, render: Render, may_look: MayLook) -> Result<Response, PageError> {
    let streams = &app.streams;
    let permit = Arc::clone(&streams.permits).try_acquire_owned().map_err(|_| PageError::Busy)?;
    let listener = Listener {
        updates: subscribe(streams, view, render),
        seen: 0,
        may_look,
        rights: interval_at(Instant::now() + RIGHTS_EVERY, RIGHTS_EVERY),
        ending: streams.ending.clone(),
        said_bye: false,
        _permit: permit,
    };
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE_EVERY);
    let mut response = Sse::new(messages(listener)).keep_alive(keep_alive).into_response();
    // Proxies hold a response back to fill their buffers, unless told not to.
    response.headers_mut().insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

fn subscribe(streams: &Streams, view: View, render: Render) -> watch::Receiver<Update> {
    let mut views = streams.views.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(sender) = views.get(&view) {
        return sender.subscribe();
    }
    let (sender, receiver) = watch::channel(Update::default());
    views.insert(view, sender.clone());
    tokio::spawn(keep_rendering(Arc::clone(&streams.views), view, sender, render));
    receiver
}

/// Ends when nobody listens any more. It takes itself off under the lock, so that nobody subscribes to a dead one.
async fn keep_rendering(
    views: Arc<Mutex<HashMap<View, watch::Sender<Update>>>>,
    view: View,
    sender: watch::Sender<Update>,
    render: Render,
) {
    let mut sent = Sent::default();
    let mut ticks: Interval = interval(RENDER_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        {
            let mut views = views.lock().unwrap_or_else(PoisonError::into_inner);
            if sender.receiver_count() == 0 {
                views.remove(&view);
                return;
            }
        }
        match render().await {
            Ok(fragments) => publish(&sender, &mut sent, fragments),
            // The page keeps its last values; the next second may do better.
            Err(error) => {
                tracing::warn!(campaign.id = %view.campaign, %error, "a live view could not be rendered");
            }
        }
    }
}

fn publish(sender: &watch::Sender<Update>, sent: &mut Sent, fragments: Vec<Fragment>) {
    let copy = fragments.iter().map(|piece| Fragment { id: piece.id, markup: piece.markup.clone() }).collect();
    let Some(changed) = sent.changed(fragments) else {
        return;
    };
    let whole = Sent::default().changed(copy).unwrap_or_default();
    sender.send_modify(|update| {
        *update = Update { number: update.number + 1, changed: changed.into(), whole: whole.into() };
    });
}

/// One connection.
struct Listener {
    updates: watch::Receiver<Update>,
    /// The number of the last message that was sent.
    seen: u64,
    may_look: MayLook,
    rights: Interval,
    ending: watch::Receiver<bool>,
    said_bye: bool,
    _permit: OwnedSemaphorePermit,
}

fn messages(listener: Listener) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(listener, |mut listener| async move {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    })
}

impl Listener {
    async fn next(&mut self) -> Option<Event> {
        if self.said_bye {
            return None;
        }
        loop {
            let update = self.updates.borrow_and_update().clone();
            if update.number > self.seen {
                let is_next = update.number == self.seen + 1 && self.seen > 0;
                self.seen = update.number;
                return Some(Event::default().data(if is_next { &*update.changed } else { &*update.whole }));
            }
            tokio::select! {
                changed = self.updates.changed() => changed.ok()?,
                () = end(&mut self.ending) => return None,
                _ = self.rights.tick() => {
                    if !(self.may_look)().await {
                        self.said_bye = true;
                        return Some(Event::default().event("bye").data("signed out"));
                    }
                }
            }
        }
    }
}

/// Waits until the program ends.
async fn end(ending: &mut watch::Receiver<bool>) {
    // An error says that the sender is gone, which is an end too.
    let _ = ending.wait_for(|ending| *ending).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt as _;
    use maud::html;

    fn fragments(number: u32) -> Vec<Fragment> {
        vec![
            Fragment { id: "same", markup: html! { p #same { "as it was" } } },
            Fragment { id: "count", markup: html! { p #count { (number) } } },
        ]
    }

    fn listener(updates: watch::Receiver<Update>) -> (Listener, watch::Sender<bool>) {
        let (end, ending) = watch::channel(false);
        let permit = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        // Its first tick comes at once, but after what is there to be sent.
        let rights = interval(RIGHTS_EVERY);
        let may_look: MayLook = Box::new(|| Box::pin(async { false }));
        (Listener { updates, seen: 0, may_look, rights, ending, said_bye: false, _permit: permit }, end)
    }

    async fn text(listener: &mut Listener) -> Option<String> {
        let event = listener.next().await?;
        let body = Sse::new(stream::iter([Ok::<_, Infallible>(event)])).into_response().into_body();
        let bytes: Vec<_> = body.into_data_stream().map(|part| part.unwrap()).collect().await;
        Some(String::from_utf8(bytes.concat()).unwrap())
    }

    #[tokio::test]
    async fn who_comes_new_gets_everything_and_then_what_changed() {
        let (sender, updates) = watch::channel(Update::default());
        let mut sent = Sent::default();
        let (mut listener, _end) = listener(updates);

        publish(&sender, &mut sent, fragments(1));
        let first = text(&mut listener).await.unwrap();
        publish(&sender, &mut sent, fragments(2));
        let second = text(&mut listener).await.unwrap();
        publish(&sender, &mut sent, fragments(3));
        publish(&sender, &mut sent, fragments(4));
        let after_a_miss = text(&mut listener).await.unwrap();

        assert!(first.contains("#same") && first.contains("#count"), "{first}");
        assert!(!second.contains("#same") && second.contains("#count"), "{second}");
        assert!(after_a_miss.contains("#same"), "{after_a_miss}");
    }

    #[tokio::test]
    async fn a_listener_who_may_not_look_any_more_is_told_and_left() {
        let (_sender, updates) = watch::channel(Update::default());
        let (mut listener, _end) = listener(updates);

        assert!(text(&mut listener).await.unwrap().starts_with("event: bye"));
        assert_eq!(text(&mut listener).await, None);
    }

    #[tokio::test]
    async fn streams_end_with_the_program() {
        let (_sender, updates) = watch::channel(Update::default());
        let (mut listener, end) = listener(updates);
        listener.may_look = Box::new(|| Box::pin(async { true }));

        end.send(true).unwrap();

        assert_eq!(text(&mut listener).await, None);
    }
}
