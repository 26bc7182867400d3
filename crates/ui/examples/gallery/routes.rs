//! Which address shows which page.

use crate::samples;
use crate::{agency, calls, campaigns, control, leads};
use ui::assets::{self, Asset};
use ui::view::{SignIn, SignInProblem, Tone, Trouble};
use ui::{Context, Markup, Notice, Theme, pages};

pub(crate) struct Request {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or("/")
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let query = self.target.split_once('?')?.1;
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A value of the address, else the one that a cookie remembers.
    pub(crate) fn chosen(&self, name: &str) -> Option<&str> {
        let cookies = self.header("cookie").unwrap_or_default();
        let cookie = cookies.split("; ").filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name);
        self.query(name).or(cookie.map(|(_, value)| value))
    }
}

pub(crate) enum Answer {
    Page { status: u16, markup: Markup, cookies: Vec<String> },
    Asset(&'static Asset),
    Sound { bytes: Vec<u8>, range: String },
    SeeOther(String),
    Stream,
}

pub(crate) fn answer(request: &Request) -> Answer {
    let path = request.path();
    if let Some(asset) = path.strip_prefix("/assets/").and_then(assets::get) {
        return Answer::Asset(asset);
    }
    if request.method == "POST" {
        return post(request);
    }
    if path.ends_with("/stream") {
        return Answer::Stream;
    }
    if path.ends_with("/recording") {
        let (bytes, range) = calls::sound(request.header("range"));
        return Answer::Sound { bytes, range };
    }
    let cookies = ["theme", "as"]
        .into_iter()
        .filter_map(|name| request.query(name).map(|value| format!("{name}={value}")))
        .collect();
    let (status, markup) = page(request, &context(request, 0));
    Answer::Page { status, markup, cookies }
}

/// The context that an address and its cookies ask for, `seconds` after the beginning.
pub(crate) fn context(request: &Request, seconds: i64) -> Context {
    let slug = request.path().strip_prefix("/o/").and_then(|rest| rest.split('/').next());
    let is_client = request.chosen("as") == Some("client");
    let text = "The campaign is paused. 14 calls are finishing.";
    Context {
        theme: Theme::from_name(request.chosen("theme").unwrap_or("system")),
        now: samples::now(seconds),
        simulated: request.query("real").is_none(),
        dialing_paused: request.query("paused").map(|_| control::dialing_paused(is_client)),
        notice: request.query("notice").map(|_| Notice { tone: Tone::Good, text: text.into() }),
        ..samples::context(is_client, slug, &request.target)
    }
}

fn post(request: &Request) -> Answer {
    match request.path() {
        "/theme" => {
            let theme = request.body.split('&').find_map(|pair| pair.strip_prefix("theme=")).unwrap_or("system");
            Answer::SeeOther(format!("/?theme={theme}"))
        }
        "/signin" => Answer::SeeOther("/signin?problem=1".to_owned()),
        path => Answer::SeeOther(format!("{}?notice=1", path.rsplit_once('/').map_or("/", |(above, _)| above))),
    }
}

fn page(request: &Request, context: &Context) -> (u16, Markup) {
    let path = request.path();
    let within = path.strip_prefix("/o/").map_or(path, |rest| rest.find('/').map_or("/organization", |at| &rest[at..]));
    let is_empty = request.query("empty").is_some();
    let markup = match (within, context.is_agency()) {
        ("/", _) => pages::overview::agency(&agency::agency_overview(), context),
        ("/organization", true) => pages::organization::page(&agency::organization_detail(), context),
        ("/organization", false) => pages::overview::client(&agency::client_overview(), context),
        ("/campaigns", true) => pages::campaigns::agency(&campaigns::operator_list(), context),
        ("/campaigns", false) => pages::campaigns::client(&campaigns::client_list(), context),
        ("/why", _) => pages::why::page(&leads::why_page(), context),
        ("/campaigns/new", _) => pages::new_campaign::page(&campaigns::form(is_empty), context),
        ("/calls", true) => pages::calls::agency(&calls::operator_list(request.query("peek"), is_empty), context),
        ("/calls", false) => pages::calls::client(&calls::client_list(request.query("peek")), context),
        ("/leads", true) => pages::leads::agency(&leads::operator_leads(), context),
        ("/leads", false) => pages::leads::client(&leads::client_leads(), context),
        ("/leads/import", _) => pages::import::form(&leads::import_form(), context),
        ("/numbers", true) => pages::numbers::agency(&control::operator_numbers(is_empty), context),
        ("/numbers", false) => pages::numbers::client(&control::client_numbers(), &samples::organization(0), context),
        ("/agents", true) => pages::agents::agency(&control::operator_agents(), &samples::organization(0), context),
        ("/agents", false) => pages::agents::client(&control::client_agents(), &samples::organization(0), context),
        ("/accounts", _) => pages::accounts::page(&control::accounts(), context),
        ("/attention", _) => pages::attention::page(&control::attention(context, is_empty), context),
        ("/organizations/northwind/rules", _) => pages::rules::page(&control::rules(is_empty), context),
        ("/organizations/northwind/numbers/1/limits", _) => pages::pace::page(&control::number_pace(is_empty), context),
        ("/organizations/northwind/limits", _) => pages::limits::page(&control::limits(is_empty), context),
        ("/organizations", _) => pages::organizations::page(&agency::organizations(), context),
        ("/webhooks", _) => pages::webhooks::page(&agency::webhooks(), context),
        ("/search", _) if request.header("hx-request").is_some() => pages::search::fragment(&agency::search()),
        ("/search", _) => pages::search::page(&agency::search(), context),
        ("/signin", _) => pages::sign_in::page(&sign_in(request), &samples::visitor(context)),
        ("/403", _) => return (403, pages::trouble::page(Trouble::Forbidden, "7f3a", context)),
        ("/500", _) => return (500, pages::trouble::page(Trouble::Internal, "7f3a", context)),
        (deeper, _) => return deep(deeper, request, context),
    };
    (200, markup)
}

fn deep(path: &str, request: &Request, context: &Context) -> (u16, Markup) {
    let is_panel = request.query("panel").is_some();
    let markup = if path.ends_with("/edit") {
        if context.is_agency() {
            pages::edit_campaign::agency(&control::operator_edit_campaign(), context)
        } else {
            pages::edit_campaign::client(&control::edit_campaign(), context)
        }
    } else if path.ends_with("/preflight") {
        let draw = if request.header("hx-request").is_some() { pages::preflight::card } else { pages::preflight::page };
        draw(&campaigns::preflight(), context)
    } else if path == "/campaigns/intake" {
        pages::campaign::client(&campaigns::draft(), &leads::why(), context)
    } else if path.starts_with("/campaigns/") {
        if context.is_agency() {
            pages::campaign::agency(&campaigns::operator(0), &leads::why(), context)
        } else {
            pages::campaign::client(&campaigns::client(0), &leads::why(), context)
        }
    } else if path.starts_with("/calls/") {
        match (context.is_agency(), is_panel) {
            (true, false) => pages::call::agency(&calls::operator_detail(), context),
            (true, true) => pages::call::agency_peek(&calls::operator_detail(), context),
            (false, false) => pages::call::client(&calls::detail(), context),
            (false, true) => pages::call::client_peek(&calls::detail(), context),
        }
    } else if path.starts_with("/leads/imports/") {
        pages::import::result(&leads::import_result(), context)
    } else if path.starts_with("/leads/") {
        pages::lead::page(&leads::lead_detail(), context)
    } else {
        return (404, pages::trouble::page(Trouble::NotFound, "7f3a", context));
    };
    (200, markup)
}

fn sign_in(request: &Request) -> SignIn {
    SignIn { problem: request.query("problem").map(|_| SignInProblem::Wrong), ..SignIn::default() }
}
