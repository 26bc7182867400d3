//! People at their browsers: they sign in by a link, as a newcomer does, and then ask for pages over HTTP.

use super::builders::Client;
use super::world::World;
use jiff::SignedDuration;
use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, RequestBuilder, StatusCode};
use trunkline::domain::role::{AgencyRole, Role};
use trunkline::http;
use trunkline::store::memberships;
use trunkline::store::users::{self, NewUser};

/// Somebody who is signed in, or not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    cookie: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

impl World {
    /// Somebody of the agency.
    pub(crate) async fn operator(&self) -> Person {
        self.sign_in("sam@relay.example", Some(AgencyRole::Owner), None).await
    }

    /// Somebody of the client organization who may change things.
    pub(crate) async fn manager(&self, client: &Client) -> Person {
        let email = format!("dana@{}.example", client.slug);
        self.sign_in(&email, None, Some((client, Role::Manager))).await
    }

    /// Somebody of the client organization who may only look.
    pub(crate) async fn viewer(&self, client: &Client) -> Person {
        let email = format!("vera@{}.example", client.slug);
        self.sign_in(&email, None, Some((client, Role::Viewer))).await
    }

    /// Nobody in particular.
    #[expect(clippy::unused_self, reason = "a test asks the world for every person")]
    pub(crate) fn stranger(&self) -> Person {
        Person::default()
    }

    pub(crate) async fn get(&self, person: &Person, path: &str) -> Answer {
        self.ask(person, Method::GET, path, &[]).await
    }

    pub(crate) async fn post(&self, person: &Person, path: &str, form: &[(&str, &str)]) -> Answer {
        self.ask(person, Method::POST, path, form).await
    }

    pub(crate) async fn ask(&self, person: &Person, method: Method, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self.request(person, method.clone(), path);
        answer(if method == Method::GET { request } else { request.form(form) }).await
    }

    /// Posts a form with a file, as a browser does.
    pub(crate) async fn upload(
        &self,
        person: &Person,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &str),
    ) -> Answer {
        let part = |name: &str, more: &str, value: &str| {
            format!("--cut\r\ncontent-disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n")
        };
        let mut body: String = fields.iter().map(|(name, value)| part(name, "", value)).collect();
        body += &part("file", &format!("; filename=\"{}\"", file.0), file.1);
        body += "--cut--\r\n";
        let request = self.request(person, Method::POST, path);
        answer(request.header(CONTENT_TYPE, "multipart/form-data; boundary=cut").body(body)).await
    }

    pub(crate) fn request(&self, person: &Person, method: Method, path: &str) -> RequestBuilder {
        let is_change = method != Method::GET;
        let mut request = self.browser.request(method, format!("{}{path}", self.base_url));
        if let Some(cookie) = &person.cookie {
            request = request.header(COOKIE, cookie);
        }
        if is_change {
            // As a browser does for a form on a page of the same site.
            request = request.header("sec-fetch-site", "same-origin");
        }
        request
    }

    async fn sign_in(&self, email: &str, agency: Option<AgencyRole>, member: Option<(&Client, Role)>) -> Person {
        let name = "Somebody";
        let new = NewUser { email, name, password_hash: None, agency_role: agency };
        let user = users::put(&self.node.db, &new, self.now()).await.unwrap();
        if let Some((client, role)) = member {
            let tx = self.node.db.tenant(client.id).await.unwrap();
            memberships::put(&tx, user, role, self.now()).await.unwrap();
            tx.commit().await.unwrap();
        }
        let link = http::signin_link(&self.node.pages, user, SignedDuration::from_mins(15)).await.unwrap();
        let response = self.browser.get(link).send().await.unwrap();
        let cookie = response.headers()[SET_COOKIE].to_str().unwrap();
        Person { cookie: Some(cookie.split(';').next().unwrap().to_owned()) }
    }
}

async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let location = response.headers().get(LOCATION).map(|value| value.to_str().unwrap().to_owned());
    Answer { status: response.status(), location, body: response.text().await.unwrap() }
}
