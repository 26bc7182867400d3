//! A connection for exactly one request: the creation of a call, which Vapi cannot be asked twice.
//!
//! Vapi's `POST /call` takes no idempotency key, so no layer may send it again. Pooled clients re-send on connections
//! that closed; here hyper's connection is used directly, and [`Connection::create_call`] consumes it. After the
//! time allowed nothing of the request may still be on its way: the socket is closed with a reset (`SO_LINGER` 0),
//! and on Linux the kernel gives up unacknowledged bytes after `UNACKNOWLEDGED_TIMEOUT`.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use reqwest::Url;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;

use crate::client::{self, CONNECT_TIMEOUT, endpoint};
use crate::create_call::CreateCall;
use crate::created_call::CreatedCall;
use crate::error::{Error, Unanswered};
use crate::response::Response;

/// A created call is some 2 KB; it repeats the overrides that were sent.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Only the first addresses of a name are tried.
const ADDRESSES_MAX: usize = 4;
/// How long sent bytes may stay unacknowledged before the kernel resets the connection.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED_TIMEOUT: Duration = Duration::from_secs(20);

/// Why no connection could be opened. Nothing was sent.
#[derive(Debug, thiserror::Error)]
#[error("could not connect to vapi: {step} failed")]
pub struct ConnectError {
    step: &'static str,
    #[source]
    cause: io::Error,
}

/// An open connection to Vapi on which nothing has been sent.
pub struct Connection {
    requests: SendRequest<Full<Bytes>>,
    // Drives the connection; dropping it closes the socket at once.
    driver: JoinSet<()>,
    target: http::Uri,
    host: HeaderValue,
    authorization: HeaderValue,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Connection {
    pub(crate) async fn open(
        base_url: &Url,
        tls: Arc<rustls::ClientConfig>,
        authorization: HeaderValue,
    ) -> Result<Self, ConnectError> {
        timeout(CONNECT_TIMEOUT, connect(base_url, tls, authorization))
            .await
            .unwrap_or_else(|_| Err(failed("connecting in time")(io::ErrorKind::TimedOut.into())))
    }

    /// Whether Vapi has closed the connection meanwhile. Worth a look before what cannot be undone.
    pub fn is_closed(&self) -> bool {
        self.requests.is_closed()
    }

    /// Asks Vapi to create a call: one `POST`, written once, and never again.
    ///
    /// [`Error::Refused`] and [`Error::RateLimited`] mean that no call was created; after [`Error::Unknown`] it
    /// may exist. `answer_timeout` runs from the first byte written to the last byte read.
    pub async fn create_call(self, call: &CreateCall, answer_timeout: Duration) -> Result<CreatedCall, Error> {
        let Self { mut requests, driver, target, host, authorization } = self;
        let body = serde_json::to_vec(call).expect("a CreateCall has only text keys and finite numbers");
        let request = Request::post(target)
            .header(HOST, host)
            .header(AUTHORIZATION, authorization)
            .header(USER_AGENT, HeaderValue::from_static(client::USER_AGENT))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .body(Full::new(Bytes::from(body)))
            .expect("its parts were checked when the connection was opened");

        let deadline = Instant::now() + answer_timeout;
        let answer = timeout_at(deadline, requests.send_request(request))
            .await
            .map_err(|_| Unanswered::TimedOut)?
            .map_err(|cause| Unanswered::Broken(cause.into()))?;
        let response = read(answer, deadline).await;
        drop(driver);
        CreatedCall::read(response)
    }
}

/// The TLS configuration of such connections: HTTP/1.1, one request, no early data.
pub(crate) fn tls_config(mut config: rustls::ClientConfig) -> Arc<rustls::ClientConfig> {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.enable_early_data = false;
    Arc::new(config)
}

async fn connect(
    base_url: &Url,
    tls: Arc<rustls::ClientConfig>,
    authorization: HeaderValue,
) -> Result<Connection, ConnectError> {
    let host = base_url.host_str().expect("Client::new accepts only URLs with a host");
    let name = host.trim_matches(['[', ']']);
    let port = base_url.port_or_known_default().expect("http and https have default ports");
    let tcp = connect_tcp(name, port).await?;

    let (requests, driver) = if base_url.scheme() == "https" {
        let server = ServerName::try_from(name.to_owned())
            .map_err(|cause| failed("reading the host name")(io::Error::other(cause)))?;
        let secured = TlsConnector::from(tls).connect(server, tcp).await.map_err(failed("tls"))?;
        handshake(secured).await?
    } else {
        handshake(tcp).await?
    };

    let invalid = || failed("reading the base url")(io::ErrorKind::InvalidInput.into());
    let authority = base_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    Ok(Connection {
        requests,
        driver,
        target: endpoint(base_url, &["call"]).path().parse().map_err(|_| invalid())?,
        host: HeaderValue::from_str(&authority).map_err(|_| invalid())?,
        authorization,
    })
}

async fn connect_tcp(name: &str, port: u16) -> Result<TcpStream, ConnectError> {
    let addresses = tokio::net::lookup_host((name, port)).await.map_err(failed("name lookup"))?;
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in addresses.take(ADDRESSES_MAX) {
        match connect_address(address).await {
            Ok(stream) => return Ok(stream),
            Err(cause) => last = cause,
        }
    }
    Err(failed("tcp")(last))
}

async fn connect_address(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.set_zero_linger()?;
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(&stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED_TIMEOUT))?;
    Ok(stream)
}

async fn handshake<S>(stream: S) -> Result<(SendRequest<Full<Bytes>>, JoinSet<()>), ConnectError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (requests, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|cause| failed("the http handshake")(io::Error::other(cause)))?;
    let mut driver = JoinSet::new();
    driver.spawn(async move {
        // Its end is seen by the request that waits on it.
        let _ = connection.await;
    });
    Ok((requests, driver))
}

async fn read(answer: hyper::Response<Incoming>, deadline: Instant) -> Response {
    let (parts, body) = answer.into_parts();
    let body = match timeout_at(deadline, Limited::new(body, ANSWER_BYTES_MAX).collect()).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes().to_vec()),
        Ok(Err(cause)) => Err(Unanswered::Broken(cause)),
        Err(_) => Err(Unanswered::TimedOut),
    };
    Response { status: parts.status, headers: parts.headers, body }
}

fn failed(step: &'static str) -> impl Fn(io::Error) -> ConnectError {
    move |cause| ConnectError { step, cause }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use rustls::pki_types::PrivateKeyDer;
    use rustls::{ClientConfig, RootCertStore, ServerConfig};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    /// A server for `localhost` that takes one connection, and the base URL it has.
    async fn tls_server(certificate: &CertifiedKey<rcgen::KeyPair>) -> (TcpListener, TlsAcceptor, Url) {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let key = PrivateKeyDer::try_from(certificate.signing_key.serialize_der()).unwrap();
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.cert.der().clone()], key)
            .unwrap();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        (listener, TlsAcceptor::from(Arc::new(config)), base_url.parse().unwrap())
    }

    fn trusting(certificate: &CertifiedKey<rcgen::KeyPair>) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(certificate.cert.der().clone()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        tls_config(config.with_root_certificates(roots).with_no_client_auth())
    }

    fn call() -> CreateCall {
        let customer = crate::CustomerTarget { number: "+15555550101".into(), name: None, external_id: None };
        CreateCall {
            assistant_id: "a".into(),
            assistant_overrides: crate::AssistantOverrides::default(),
            phone_number_id: "p".into(),
            customer,
            name: None,
            metadata: None,
            schedule_plan: None,
        }
    }

    #[tokio::test]
    async fn a_call_is_placed_over_tls_with_a_server_that_is_vouched_for() {
        let certificate = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (listener, acceptor, base_url) = tls_server(&certificate).await;
        let server = tokio::spawn(async move {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};

            let (tcp, _) = listener.accept().await.unwrap();
            let mut stream = acceptor.accept(tcp).await.unwrap();
            assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
            let mut request = [0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            let head = "HTTP/1.1 201 x\r\ncontent-type: application/json\r\ncontent-length: 11";
            stream.write_all(format!("{head}\r\n\r\n{{\"id\":\"c1\"}}").as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        });

        let authorization = HeaderValue::from_static("Bearer k");
        let connection = Connection::open(&base_url, trusting(&certificate), authorization).await.unwrap();
        let created = connection.create_call(&call(), Duration::from_secs(10)).await.unwrap();

        assert_eq!(created.id, "c1");
        assert!(server.await.unwrap().starts_with("POST /call HTTP/1.1\r\n"));
    }

    #[tokio::test]
    async fn a_server_that_nobody_vouches_for_is_not_sent_anything() {
        let certificate = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let (listener, acceptor, base_url) = tls_server(&certificate).await;
        let server = tokio::spawn(async move {
            let (tcp, _) = listener.accept().await.unwrap();
            acceptor.accept(tcp).await.is_err()
        });

        let tls = tls_config(crate::tls::config().unwrap());
        let failed = Connection::open(&base_url, tls, HeaderValue::from_static("Bearer k")).await.unwrap_err();

        assert_eq!(failed.to_string(), "could not connect to vapi: tls failed");
        assert!(server.await.unwrap());
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn what_is_on_its_way_dies_with_the_process_and_after_twenty_seconds_at_the_latest() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();

        let stream = connect_address(listener.local_addr().unwrap()).await.unwrap();

        let socket = socket2::SockRef::from(&stream);
        assert_eq!(socket.linger().unwrap(), Some(Duration::ZERO));
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(UNACKNOWLEDGED_TIMEOUT));
        assert!(socket.tcp_nodelay().unwrap());
    }
}
