//! The client for everything that may be asked twice. Creating a call may not: see [`Connection`].

use std::sync::Arc;
use std::time::Duration;

use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use http::{Method, StatusCode};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connection::{self, ConnectError, Connection};
use crate::error::{Error, Unanswered};
use crate::refusal::{Blame, Refusal};
use crate::response::{RESPONSE_BYTES_MAX, Response};
use crate::tls;

/// Sent with every request: Cloudflare in front of Vapi answers 403 to a request without one.
pub(crate) const USER_AGENT: &str = concat!("trunkline/", env!("CARGO_PKG_VERSION"));
/// How long DNS, TCP and TLS may take together.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Idle connections are dropped before the other side would, so that a request does not meet a closing one.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// One key at one Vapi organization.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// `https://api.vapi.ai` or `https://api.eu.vapi.ai`; a path is kept as a prefix.
    pub base_url: String,
    /// The private key.
    pub key: SecretString,
    /// For one request from its start to the last byte of the answer.
    pub timeout: Duration,
}

/// Why a [`Client`] cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The base URL is no `http` or `https` URL.
    #[error("the base url of vapi must be an http or https url")]
    BaseUrl,
    /// The key has characters that no header can carry.
    #[error("the vapi key has characters that a key cannot have")]
    Key,
    /// The TLS library could not be set up.
    #[error("tls could not be set up")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A client for one key. Cheap to clone: clones share their connections.
///
/// Never retries, follows no redirect and reads no proxy from the environment; what to do after an [`Error`] is the caller's decision.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    tls: Arc<rustls::ClientConfig>,
    base_url: Url,
    authorization: HeaderValue,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base_url", &self.base_url.as_str()).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client; connects to nothing yet.
    pub fn new(config: ClientConfig) -> Result<Self, ConfigError> {
        let ClientConfig { base_url, key, timeout } = config;
        let base_url = Url::parse(&base_url).map_err(|_| ConfigError::BaseUrl)?;
        if !matches!(base_url.scheme(), "http" | "https") || base_url.host_str().is_none() {
            return Err(ConfigError::BaseUrl);
        }
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).map_err(|_| ConfigError::Key)?;
        authorization.set_sensitive(true);

        let tls = tls::config().map_err(|cause| ConfigError::Tls(cause.into()))?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, authorization.clone())]))
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .timeout(timeout)
            .build()
            .map_err(|cause| ConfigError::Tls(cause.into()))?;
        Ok(Self { http, tls: connection::tls_config(tls), base_url, authorization })
    }

    /// Opens a connection of its own for one call to be created. Nothing has been asked of Vapi yet when this
    /// returns, and nothing will be when it fails: this is the only place where "not sent" is certain.
    pub async fn connect(&self) -> Result<Connection, ConnectError> {
        Connection::open(&self.base_url, Arc::clone(&self.tls), self.authorization.clone()).await
    }

    /// The address of a collection, such as `/call`.
    pub(crate) fn collection(&self, name: &str) -> Url {
        endpoint(&self.base_url, &[name])
    }

    /// The address of one object.
    pub(crate) fn object(&self, collection: &str, id: &str) -> Result<Url, Error> {
        // URLs drop these segments, and the request would then be for the whole collection.
        if matches!(id, "" | "." | "..") {
            return Err(Error::Refused(Box::new(Refusal {
                status: StatusCode::NOT_FOUND,
                messages: vec!["an id cannot be empty or made of dots".to_owned()],
                blame: Blame::Unknown,
                subscription_limits: None,
            })));
        }
        Ok(endpoint(&self.base_url, &[collection, id]))
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, url: Url) -> Result<T, Error> {
        self.send(self.http.get(url), StatusCode::OK).await
    }

    pub(crate) async fn delete<T: DeserializeOwned>(&self, url: Url) -> Result<T, Error> {
        self.send(self.http.delete(url), StatusCode::OK).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(&self, url: Url, body: &impl Serialize) -> Result<T, Error> {
        self.send(self.http.post(url).json(body), StatusCode::CREATED).await
    }

    pub(crate) async fn patch<T: DeserializeOwned>(&self, url: Url, body: &impl Serialize) -> Result<T, Error> {
        self.send(self.http.request(Method::PATCH, url).json(body), StatusCode::OK).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
        expected: StatusCode,
    ) -> Result<T, Error> {
        let mut answer = request.send().await.map_err(unanswered)?;
        let status = answer.status();
        let headers = std::mem::take(answer.headers_mut());
        let body = bounded_body(answer).await;
        Response { status, headers, body }.read(expected)
    }
}

/// `base_url` with `segments` appended to its path, each encoded.
pub(crate) fn endpoint(base_url: &Url, segments: &[&str]) -> Url {
    let mut url = base_url.clone();
    url.set_query(None);
    url.path_segments_mut()
        .expect("Client::new accepts only http and https, which have paths")
        .pop_if_empty()
        .extend(segments);
    url
}

async fn bounded_body(mut answer: reqwest::Response) -> Result<Vec<u8>, Unanswered> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unanswered)? {
        if body.len() + chunk.len() > RESPONSE_BYTES_MAX {
            return Err(Unanswered::Unreadable("too long"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn unanswered(cause: reqwest::Error) -> Unanswered {
    if cause.is_timeout() {
        return Unanswered::TimedOut;
    }
    // Without its URL, which holds ids in its path and filters in its query.
    Unanswered::Broken(cause.without_url().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(base_url: &str, key: &str) -> ClientConfig {
        ClientConfig { base_url: base_url.to_owned(), key: key.into(), timeout: Duration::from_secs(1) }
    }

    #[test]
    fn a_base_url_must_be_http_and_a_key_must_fit_a_header() {
        let error = |base_url, key| Client::new(config(base_url, key)).unwrap_err();

        assert!(matches!(error("api.vapi.ai", "k"), ConfigError::BaseUrl));
        assert!(matches!(error("ftp://api.vapi.ai", "k"), ConfigError::BaseUrl));
        assert!(matches!(error("https://api.vapi.ai", "a\nb"), ConfigError::Key));
    }

    #[test]
    fn a_prefix_is_kept_and_an_id_is_encoded() {
        let client = Client::new(config("http://localhost:1/prefix/", "k")).unwrap();

        assert_eq!(client.collection("call").as_str(), "http://localhost:1/prefix/call");
        assert_eq!(client.object("call", "a/b?c").unwrap().as_str(), "http://localhost:1/prefix/call/a%2Fb%3Fc");
        assert!(client.object("call", "..").unwrap_err().is_not_found());
    }

    #[test]
    fn debug_shows_no_key() {
        let shown = format!("{:?}", Client::new(config("https://api.vapi.ai", "hush")).unwrap());

        assert!(!shown.contains("hush"), "{shown}");
    }
}
