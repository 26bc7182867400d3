//! Asking a server that an organization named. It must be the internet's: the name is resolved here, every address it has
//! must be public, and the connection goes to an address that was checked. No redirect is followed, no proxy is asked.

use crate::domain::public_address::is_public;
use crate::tls;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Of an answer. A longer one is none.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
const IDLE_CONNECTIONS_MAX: usize = 4;

/// Which servers may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Over HTTPS, and on the internet.
    Internet,
    /// This very machine too, over HTTP: where the provider is simulated, so is everything else.
    ThisMachine,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum Unreached {
    #[error("its secret cannot be opened")]
    NoSecret,
    #[error("its address is none that may be asked")]
    Forbidden,
    #[error("it did not answer: {0}")]
    Silent(#[from] reqwest::Error),
    #[error("it answered {0}")]
    Refused(reqwest::StatusCode),
    #[error("its answer is longer than {ANSWER_BYTES_MAX} bytes")]
    TooLong,
}

pub(super) struct Web {
    client: reqwest::Client,
    reach: Reach,
}

impl Web {
    pub(super) fn new(reach: Reach) -> Self {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::web())
            .dns_resolver(Arc::new(Checked { reach }))
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(IDLE_CONNECTIONS_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("the settings of this client are constants");
        Self { client, reach }
    }

    /// The text of a successful answer.
    pub(super) async fn post(
        &self,
        url: &str,
        headers: Vec<(&'static str, String)>,
        body: String,
        timeout: Duration,
    ) -> Result<String, Unreached> {
        let url = allowed(url, self.reach).ok_or(Unreached::Forbidden)?;
        let mut request = self.client.post(url).timeout(timeout).header("content-type", "application/json").body(body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let mut response = request.send().await?;
        if !response.status().is_success() {
            return Err(Unreached::Refused(response.status()));
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if answer.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(Unreached::TooLong);
            }
            answer.extend_from_slice(&chunk);
        }
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

/// The address, if its scheme and its host may be asked. A name is checked once more when it is resolved.
fn allowed(url: &str, reach: Reach) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let literal = match url.host()? {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(_) => None,
    };
    let is_local_http =
        reach == Reach::ThisMachine && url.scheme() == "http" && literal.is_some_and(|ip| ip.is_loopback());
    let is_https = url.scheme() == "https" && literal.is_none_or(|address| may_be_asked(address, reach));
    (is_https || is_local_http).then_some(url)
}

fn may_be_asked(address: IpAddr, reach: Reach) -> bool {
    is_public(address) || (reach == Reach::ThisMachine && address.is_loopback())
}

struct Checked {
    reach: Reach,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One private address among public ones is enough: which one is taken is not ours to say.
            if !found.iter().all(|address| may_be_asked(address.ip(), reach)) {
                return Err(Unreached::Forbidden.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_to_what_may_be_public_is_asked() {
        for url in ["https://tools.example.com/hook", "https://8.8.8.8/", "https://[2606:4700::1111]:8443/x"] {
            assert!(allowed(url, Reach::Internet).is_some(), "{url}");
        }
        for url in [
            "http://tools.example.com/",
            "https://127.0.0.1/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1:8443/",
            "ftp://8.8.8.8/",
            "file:///etc/passwd",
            "https:///",
            "tools.example.com",
            "",
        ] {
            assert!(allowed(url, Reach::Internet).is_none(), "{url}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_to_a_private_address_is_not_connected_to() {
        tls::install();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());

        let asked = Web::new(Reach::Internet).post(&url, Vec::new(), String::new(), Duration::from_secs(5)).await;

        assert!(matches!(asked, Err(Unreached::Silent(_))), "{asked:?}");
        let nobody = tokio::time::timeout(Duration::ZERO, listener.accept()).await;
        assert!(nobody.is_err(), "somebody connected");
    }
}
