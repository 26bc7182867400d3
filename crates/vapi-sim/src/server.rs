//! The HTTP server: hyper's own, because an answer must sometimes never come, which axum's cannot do.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::shared::Shared;

/// A client must send its headers within this time.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(30);
/// After a failed accept, as when there are no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A mark on a response that is not to be sent as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withheld {
    /// The connection is cut instead.
    Cut,
    /// The connection stays open and silent for this long, and is cut then.
    Held(Duration),
    /// The response is sent after this long.
    Late(Duration),
}

impl IntoResponse for Withheld {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Serves until told to stop.
pub(crate) async fn serve(listener: TcpListener, router: Router, shared: Arc<Shared>) {
    loop {
        let accepted = tokio::select! {
            () = shared.stopped() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, router.clone(), Arc::clone(&shared)));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn connection(stream: TcpStream, router: Router, shared: Arc<Shared>) {
    // An answer of two small writes would otherwise wait for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(router.clone(), request));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEADER_READ_TIMEOUT);
    tokio::select! {
        () = shared.stopped() => {}
        // An error here is a connection cut by us on purpose, or by the client.
        _ = builder.serve_connection(TokioIo::new(stream), service) => {}
    }
}

async fn answer(router: Router, request: Request<Incoming>) -> Result<Response, io::Error> {
    let answered: Result<Response, Infallible> = router.oneshot(request.map(Body::new)).await;
    let Ok(response) = answered;
    match response.extensions().get::<Withheld>() {
        None => Ok(response),
        Some(Withheld::Cut) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
        Some(Withheld::Held(silence)) => {
            tokio::time::sleep(*silence).await;
            Err(io::Error::from(io::ErrorKind::ConnectionAborted))
        }
        Some(Withheld::Late(late)) => {
            tokio::time::sleep(*late).await;
            Ok(response)
        }
    }
}
