//! Every route, once. The router is built from this table and from nothing else, so a test that walks it walks all.
//!
//! Who may call a route is not written here: it is the caller that the handler's arguments begin with. A handler that
//! asks for none does not compile as a route.

use super::caller::{Caller, Who};
use super::pages::{
    accounts, agents, attention, call, calls, campaign, campaigns, dialing, lead, lead_import, leads, limits,
    new_campaign, numbers, organizations, overview, paces, preflight, rules, search, sign_in, theme, webhooks, why,
};
use super::{App, assets, health};
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;

/// One method of one path.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub who: Who,
    handler: MethodRouter<App>,
}

pub fn table() -> Vec<Route> {
    over_all().into_iter().chain(in_organization()).collect()
}

/// What is no organization's, and what the agency sees and sets over all of them.
fn over_all() -> Vec<Route> {
    vec![
        get("/healthz", health::alive),
        get("/readyz", health::ready),
        get("/assets/{file}", assets::file),
        get("/signin", sign_in::form),
        post("/signin", sign_in::submit),
        get("/signin/link/{token}", sign_in::link),
        post("/signout", sign_in::sign_out),
        post("/theme", theme::choose),
        get("/", overview::agency),
        get("/campaigns", campaigns::agency),
        get("/organizations", organizations::list),
        get("/organizations/{slug}/rules", rules::form),
        post("/organizations/{slug}/rules", rules::submit),
        get("/organizations/{slug}/limits", limits::form),
        post("/organizations/{slug}/limits", limits::submit),
        post("/organizations/{slug}/suspend", limits::suspend),
        post("/organizations/{slug}/restore", limits::restore),
        get("/organizations/{slug}/numbers/{id}/limits", paces::number::form),
        post("/organizations/{slug}/numbers/{id}/limits", paces::number::submit),
        post("/organizations/{slug}/agents/{id}/limits", agents::set_limit),
        post("/dialing/pause", dialing::pause),
        post("/dialing/resume", dialing::resume),
        get("/accounts", accounts::page),
        post("/accounts/{id}/pause", accounts::pause),
        post("/accounts/{id}/resume", accounts::resume),
        get("/accounts/{id}/limits", paces::account::form),
        post("/accounts/{id}/limits", paces::account::submit),
        get("/pools/{id}/limits", paces::pool::form),
        post("/pools/{id}/limits", paces::pool::submit),
        get("/numbers", numbers::agency),
        get("/attention", attention::agency),
        get("/webhooks", webhooks::page),
        post("/webhooks/replay", webhooks::replay),
        get("/search", search::find),
        get("/calls", calls::agency),
        get("/leads", leads::agency),
    ]
}

fn in_organization() -> Vec<Route> {
    vec![
        get("/o/{slug}", overview::organization),
        get("/o/{slug}/why", why::page),
        get("/o/{slug}/why.json", why::answer),
        get("/o/{slug}/campaigns", campaigns::organization),
        get("/o/{slug}/campaigns/new", new_campaign::form),
        post("/o/{slug}/campaigns/new", new_campaign::submit),
        get("/o/{slug}/campaigns/{id}", campaign::page),
        get("/o/{slug}/campaigns/{id}/edit", campaign::edit),
        post("/o/{slug}/campaigns/{id}/edit", campaign::submit_edit),
        get("/o/{slug}/campaigns/{id}/stream", campaign::stream),
        get("/o/{slug}/campaigns/{id}/preflight", preflight::page),
        get("/o/{slug}/campaigns/{id}/preflight.json", preflight::json),
        post("/o/{slug}/campaigns/{id}/pause", campaign::pause),
        post("/o/{slug}/campaigns/{id}/resume", campaign::resume),
        post("/o/{slug}/campaigns/{id}/stop", campaign::stop),
        get("/o/{slug}/numbers", numbers::organization),
        post("/o/{slug}/numbers/{id}/pause", numbers::pause),
        post("/o/{slug}/numbers/{id}/resume", numbers::resume),
        post("/o/{slug}/numbers/{id}/kill", numbers::kill),
        get("/o/{slug}/agents", agents::page),
        post("/o/{slug}/agents/{id}/pause", agents::pause),
        post("/o/{slug}/agents/{id}/resume", agents::resume),
        get("/o/{slug}/attention", attention::organization),
        post("/o/{slug}/attention/count", attention::count),
        post("/o/{slug}/attention/look", attention::look),
        post("/o/{slug}/attention/acknowledge", attention::acknowledge),
        get("/o/{slug}/calls", calls::organization),
        get("/o/{slug}/calls/{id}", call::page),
        get("/o/{slug}/calls/{id}/recording", call::recording::stream),
        get("/o/{slug}/leads", leads::organization),
        get("/o/{slug}/leads/import", lead_import::form),
        upload("/o/{slug}/leads/import", lead_import::submit, lead_import::UPLOAD_BYTES_MAX),
        get("/o/{slug}/leads/imports/{id}", lead_import::result),
        get("/o/{slug}/leads/imports/{id}/problems.csv", lead_import::problems),
        get("/o/{slug}/leads/{id}", lead::page),
        post("/o/{slug}/leads/{id}/dnc", lead::put_on_dnc),
        post("/o/{slug}/leads/{id}/dnc/remove", lead::take_off_dnc),
    ]
}

impl Route {
    pub(super) fn mount(router: axum::Router<App>, route: Self) -> axum::Router<App> {
        router.route(route.path, route.handler)
    }
}

/// `HEAD` is answered too.
fn get<H, T>(path: &'static str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: AskedBy + 'static,
{
    Route { method: Method::GET, path, who: T::WHO, handler: on(MethodFilter::GET, handler) }
}

fn post<H, T>(path: &'static str, handler: H) -> Route
where
    H: Handler<T, App>,
    T: AskedBy + 'static,
{
    Route { method: Method::POST, path, who: T::WHO, handler: on(MethodFilter::POST, handler) }
}

/// A form with a file, of at most `bytes_max`.
fn upload<H, T>(path: &'static str, handler: H, bytes_max: usize) -> Route
where
    H: Handler<T, App>,
    T: AskedBy + 'static,
{
    let Route { method, path, who, handler } = post(path, handler);
    Route { method, path, who, handler: handler.layer(DefaultBodyLimit::max(bytes_max)) }
}

/// The arguments of a handler that begin with the state and then the caller.
trait AskedBy {
    const WHO: Who;
}

/// `Marker` and `State` are axum's; it writes a handler's arguments as such a tuple.
macro_rules! asked_by {
    ($($argument:ident)*) => {
        impl<Marker, State, C: Caller, $($argument),*> AskedBy for (Marker, State, C, $($argument,)*) {
            const WHO: Who = C::WHO;
        }
    };
}
asked_by!();
asked_by!(A);
asked_by!(A B);
asked_by!(A B D);

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_route_stands_once() {
        let all: Vec<_> = table().iter().map(|route| (route.method.clone(), route.path)).collect();

        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    }

    #[test]
    fn what_anyone_may_call_is_known_by_name() {
        let open: Vec<_> = table().iter().filter(|route| route.who == Who::Anyone).map(|route| route.path).collect();

        assert_eq!(
            open,
            ["/healthz", "/readyz", "/assets/{file}", "/signin", "/signin", "/signin/link/{token}", "/theme"]
        );
    }

    #[test]
    fn inside_an_organization_reading_needs_a_viewer_and_writing_a_manager() {
        for route in table().iter().filter(|route| route.path.starts_with("/o/{slug}")) {
            let is_form = ["/new", "/import", "/edit"].iter().any(|end| route.path.ends_with(end));
            let writes = route.method == Method::POST || is_form;
            let expected = if writes { Who::Manager } else { Who::Viewer };
            assert_eq!(route.who, expected, "{} {}", route.method, route.path);
        }
    }
}
