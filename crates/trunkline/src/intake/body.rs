//! Bodies of webhooks, read with a bound on each, on all that are held at once, and on the time they may take.

use crate::store::events::BODY_BYTES_MAX;
use axum::body::{Body, Bytes};
use futures_util::StreamExt as _;
use http_body::Body as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// All bodies that are being read or wait to be kept. More of them are told to come again.
const ROOM_BYTES_MAX: usize = 128 * 1024 * 1024;
/// From the head of a request to the end of its body.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);
/// A sender that is silent for so long in the middle of a body is cut off.
const PIECE_TIMEOUT: Duration = Duration::from_secs(5);

/// The room that bodies share. Cheap to clone.
#[derive(Clone)]
pub(super) struct Room(Arc<Semaphore>);

/// A whole body, which holds its place until it is dropped.
pub(super) struct WholeBody {
    pub(super) bytes: Bytes,
    _place: OwnedSemaphorePermit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unread {
    #[error("the body is too large")]
    TooLarge,
    #[error("too many bodies are being read")]
    NoRoom,
    #[error("the body did not come in time")]
    Slow,
    #[error("the sender went away")]
    Broken,
}

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(ROOM_BYTES_MAX)))
    }

    /// Reads a body to its end. One that announces to be too large is not read at all.
    pub(super) async fn read(&self, body: Body) -> Result<WholeBody, Unread> {
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if announced > BODY_BYTES_MAX {
            return Err(Unread::TooLarge);
        }
        tokio::time::timeout(BODY_TIMEOUT, self.read_pieces(body, announced)).await.unwrap_or(Err(Unread::Slow))
    }

    async fn read_pieces(&self, body: Body, announced: usize) -> Result<WholeBody, Unread> {
        let mut pieces = body.into_data_stream();
        let mut place = self.place(0)?;
        let mut first = Bytes::new();
        let mut rest = Vec::new();
        let mut length = 0;
        while let Some(piece) = tokio::time::timeout(PIECE_TIMEOUT, pieces.next()).await.map_err(|_| Unread::Slow)? {
            let piece = piece.map_err(|_| Unread::Broken)?;
            length += piece.len();
            if length > BODY_BYTES_MAX {
                return Err(Unread::TooLarge);
            }
            place.merge(self.place(piece.len())?);
            // Most come in one piece, which is not copied.
            if first.is_empty() {
                first = piece;
                continue;
            }
            if rest.is_empty() {
                rest.reserve(announced.max(length));
                rest.extend_from_slice(&first);
            }
            rest.extend_from_slice(&piece);
        }
        Ok(WholeBody { bytes: if rest.is_empty() { first } else { rest.into() }, _place: place })
    }

    fn place(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Unread> {
        let bytes = u32::try_from(bytes).map_err(|_| Unread::TooLarge)?;
        self.0.clone().try_acquire_many_owned(bytes).map_err(|_| Unread::NoRoom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use std::convert::Infallible;

    fn pieces(sizes: &'static [usize]) -> Body {
        Body::from_stream(stream::iter(sizes.iter().map(|size| Ok::<_, Infallible>(vec![b'x'; *size]))))
    }

    #[tokio::test]
    async fn a_body_is_put_together_from_its_pieces() {
        let body = Room::new().read(pieces(&[3, 0, 2, 1])).await.unwrap();

        assert_eq!(body.bytes, "xxxxxx");
    }

    #[tokio::test]
    async fn a_body_beyond_its_bound_is_not_read_to_its_end() {
        let endless = stream::repeat_with(|| Ok::<_, Infallible>(vec![0; 64 * 1024]));

        assert_eq!(Room::new().read(Body::from_stream(endless)).await.err(), Some(Unread::TooLarge));
        assert_eq!(Room::new().read(Body::from(vec![0; BODY_BYTES_MAX + 1])).await.err(), Some(Unread::TooLarge));
    }

    #[tokio::test]
    async fn bodies_share_a_room_and_give_their_place_back() {
        let room = Room(Arc::new(Semaphore::new(10)));
        let held = room.read(pieces(&[4, 4])).await.unwrap();

        assert_eq!(room.read(pieces(&[4])).await.err(), Some(Unread::NoRoom));
        drop(held);

        assert!(room.read(pieces(&[4, 4])).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_sender_is_cut_off() {
        let silent = stream::once(async { Ok::<_, Infallible>("{") }).chain(stream::pending());

        assert_eq!(Room::new().read(Body::from_stream(silent)).await.err(), Some(Unread::Slow));
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_trickles_is_cut_off() {
        let every_second = tokio::time::interval(Duration::from_secs(1));
        let trickle = stream::unfold(every_second, |mut every_second| async {
            every_second.tick().await;
            Some((Ok::<_, Infallible>("x"), every_second))
        });

        assert_eq!(Room::new().read(Body::from_stream(Box::pin(trickle))).await.err(), Some(Unread::Slow));
    }
}
