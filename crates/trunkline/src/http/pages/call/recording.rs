//! `GET /o/{slug}/calls/{id}/recording`: the provider's recording, passed through. A browser never learns where it is
//! kept: that address alone opens it.

use crate::domain::ids::CallId;
use crate::http::App;
use crate::http::caller::Viewer;
use crate::http::error::PageError;
use crate::http::path_id::PathId;
use crate::store::call_detail;
use crate::tls;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use std::time::Duration;

/// Of stereo WAV these are some 25 minutes; of MP3, days.
const RECORDING_BYTES_MAX: u64 = 256 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// For the first byte, and between two pieces.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(20);
const REDIRECTS_MAX: usize = 3;
/// What a browser is told of the provider's answer.
const PASSED_ON: [HeaderName; 3] = [header::CONTENT_LENGTH, header::CONTENT_RANGE, header::ACCEPT_RANGES];

/// Why there is nothing to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Silent {
    NotRecorded,
    Gone,
    Away,
    NoSound,
    TooLarge,
}

pub(crate) async fn stream(
    State(app): State<App>,
    caller: Viewer,
    PathId(id): PathId<CallId>,
    asked: HeaderMap,
) -> Result<Response, PageError> {
    let tx = app.db.tenant(caller.organization.id).await?;
    let address = call_detail::recording_url(&tx, id).await?;
    drop(tx);
    let Some(address) = address.as_deref().and_then(web_address) else {
        return Ok(Silent::NotRecorded.answer());
    };
    Ok(match fetch(&app.recordings.0, address, asked.get(header::RANGE)).await {
        Ok(found) => pass_on(found),
        Err(silent) => {
            tracing::info!(call.id = %id, because = silent.sentence(), "a recording was not played");
            silent.answer()
        }
    })
}

/// Asks where recordings are kept: follows few redirects, and waits for nobody long.
pub(crate) struct Recordings(reqwest::Client);

impl Default for Recordings {
    fn default() -> Self {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::web())
            .user_agent(concat!("trunkline/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE_TIMEOUT)
            .redirect(reqwest::redirect::Policy::limited(REDIRECTS_MAX))
            .build()
            .expect("its settings are the same everywhere, and TLS is ready");
        Self(client)
    }
}

/// The address came from the provider, in a message that was authenticated; still only the web is asked.
fn web_address(text: &str) -> Option<reqwest::Url> {
    reqwest::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

async fn fetch(
    client: &reqwest::Client,
    address: reqwest::Url,
    range: Option<&HeaderValue>,
) -> Result<reqwest::Response, Silent> {
    let mut request = client.get(address);
    if let Some(range) = range {
        request = request.header(header::RANGE, range);
    }
    let found = request.send().await.map_err(|_| Silent::Away)?;
    match found.status() {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT => {}
        StatusCode::RANGE_NOT_SATISFIABLE => return Ok(found),
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Silent::Gone),
        _ => return Err(Silent::Away),
    }
    if found.content_length().is_some_and(|bytes| bytes > RECORDING_BYTES_MAX) {
        return Err(Silent::TooLarge);
    }
    sound_type(found.headers()).map(|_| found).ok_or(Silent::NoSound)
}

/// What is served from our own address must be sound, whatever the provider says: nothing that a browser would run.
fn sound_type(headers: &HeaderMap) -> Option<HeaderValue> {
    let told = headers.get(header::CONTENT_TYPE)?;
    let kind = told.to_str().ok()?.split(';').next()?.trim().to_ascii_lowercase();
    match kind.as_str() {
        kind if kind.starts_with("audio/") => Some(told.clone()),
        // Stores that were not told what they keep; a browser recognizes the sound by itself.
        "application/octet-stream" | "binary/octet-stream" => Some(HeaderValue::from_static("audio/wav")),
        _ => None,
    }
}

fn pass_on(found: reqwest::Response) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = found.status();
    let headers = response.headers_mut();
    for name in PASSED_ON {
        if let Some(value) = found.headers().get(&name) {
            headers.insert(name, value.clone());
        }
    }
    if let Some(kind) = sound_type(found.headers()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600"));
    *response.body_mut() = Body::from_stream(pieces(found));
    response
}

/// The body in pieces, cut off where it is larger than it may be.
fn pieces(found: reqwest::Response) -> impl stream::Stream<Item = Result<Bytes, reqwest::Error>> {
    stream::try_unfold((found, 0_u64), |(mut found, passed)| async move {
        let Some(piece) = found.chunk().await? else {
            return Ok(None);
        };
        let passed = passed + piece.len() as u64;
        Ok((passed <= RECORDING_BYTES_MAX).then_some((piece, (found, passed))))
    })
}

impl Silent {
    fn sentence(self) -> &'static str {
        match self {
            Self::NotRecorded => "This call has no recording.",
            Self::Gone => "The recording is gone: the provider keeps recordings for a limited time.",
            Self::Away => {
                "The provider does not give out the recording at the moment. It is not lost: try again later."
            }
            Self::NoSound => "What the provider keeps here is no sound.",
            Self::TooLarge => "The recording is too large to be played here.",
        }
    }

    fn answer(self) -> Response {
        let status = match self {
            Self::NotRecorded => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::Away | Self::NoSound | Self::TooLarge => StatusCode::BAD_GATEWAY,
        };
        (status, self.sentence()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_asked_for_a_recording() {
        assert!(web_address("https://storage.example.com/a.wav?token=1").is_some());
        for other in ["file:///etc/passwd", "ftp://example.com/a.wav", "data:audio/wav;base64,AAAA", "a.wav", ""] {
            assert_eq!(web_address(other), None, "{other}");
        }
    }

    #[test]
    fn only_sound_is_passed_on() {
        let kind = |told: &'static str| {
            sound_type(&HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(told))]))
        };
        assert_eq!(kind("audio/mpeg").unwrap(), "audio/mpeg");
        assert_eq!(kind("application/octet-stream").unwrap(), "audio/wav");
        assert_eq!((kind("text/html; charset=utf-8"), kind("image/svg+xml")), (None, None));
        assert_eq!(sound_type(&HeaderMap::new()), None);
    }
}
