//! What holds for every page, drawn from the values of the gallery.

#[path = "../examples/gallery/calls.rs"]
#[expect(dead_code, reason = "the gallery shows more than is tested here")]
mod calls;
#[path = "../examples/gallery/campaigns.rs"]
mod campaigns;
#[path = "../examples/gallery/control.rs"]
#[expect(dead_code, reason = "the gallery shows more than is tested here")]
mod control;
#[path = "../examples/gallery/agency.rs"]
mod days;
#[path = "../examples/gallery/leads.rs"]
mod leads;
#[path = "../examples/gallery/samples.rs"]
mod samples;

use ui::view::{SignIn, Trouble};
use ui::{Context, Markup, pages};

fn agency() -> Context {
    samples::context(false, None, "/calls")
}

fn agency_in_one() -> Context {
    samples::context(false, Some("northwind"), "/o/northwind/calls")
}

fn client() -> Context {
    samples::context(true, Some("northwind"), "/o/northwind/calls")
}

fn client_pages() -> Vec<(&'static str, Markup)> {
    let context = client();
    vec![
        ("overview", pages::overview::client(&days::client_overview(), &context)),
        ("campaigns", pages::campaigns::client(&campaigns::client_list(), &context)),
        ("campaign", pages::campaign::client(&campaigns::client(0), &leads::why(), &context)),
        ("draft", pages::campaign::client(&campaigns::draft(), &leads::why(), &context)),
        ("preflight", pages::preflight::page(&campaigns::preflight(), &context)),
        ("new campaign", pages::new_campaign::page(&campaigns::form(true), &context)),
        ("calls", pages::calls::client(&calls::client_list(Some("c0")), &context)),
        ("call", pages::call::client(&calls::detail(), &context)),
        ("leads", pages::leads::client(&leads::client_leads(), &context)),
        ("lead", pages::lead::page(&leads::lead_detail(), &context)),
        ("why", pages::why::page(&leads::why_page(), &context)),
        ("import", pages::import::form(&leads::import_form(), &context)),
        ("import result", pages::import::result(&leads::import_result(), &context)),
        ("numbers", pages::numbers::client(&control::client_numbers(), &samples::organization(0), &context)),
        ("agents", pages::agents::client(&control::client_agents(), &samples::organization(0), &context)),
        ("attention", pages::attention::page(&control::attention(&context, false), &context)),
        ("edit campaign", pages::edit_campaign::client(&control::edit_campaign(), &context)),
        ("not found", pages::trouble::page(Trouble::NotFound, "7f3a", &context)),
    ]
}

fn agency_pages() -> Vec<(&'static str, Markup)> {
    let (all, one) = (agency(), agency_in_one());
    vec![
        ("overview", pages::overview::agency(&days::agency_overview(), &all)),
        ("organizations", pages::organizations::page(&days::organizations(), &all)),
        ("organization", pages::organization::page(&days::organization_detail(), &one)),
        ("campaigns", pages::campaigns::agency(&campaigns::operator_list(), &all)),
        ("campaign", pages::campaign::agency(&campaigns::operator(0), &leads::why(), &one)),
        ("new campaign", pages::new_campaign::page(&campaigns::form(false), &one)),
        ("calls", pages::calls::agency(&calls::operator_list(Some("c0"), false), &all)),
        ("no calls", pages::calls::agency(&calls::operator_list(None, true), &all)),
        ("call", pages::call::agency(&calls::operator_detail(), &one)),
        ("leads", pages::leads::agency(&leads::operator_leads(), &all)),
        ("lead", pages::lead::page(&leads::lead_detail(), &one)),
        ("import", pages::import::form(&leads::import_form(), &one)),
        ("webhooks", pages::webhooks::page(&days::webhooks(), &all)),
        ("search", pages::search::page(&days::search(), &all)),
        ("numbers", pages::numbers::agency(&control::operator_numbers(false), &all)),
        ("no numbers", pages::numbers::agency(&control::operator_numbers(true), &all)),
        ("agents", pages::agents::agency(&control::operator_agents(), &samples::organization(0), &one)),
        ("accounts", pages::accounts::page(&control::accounts(), &all)),
        ("attention", pages::attention::page(&control::attention(&all, false), &all)),
        ("limits", pages::limits::page(&control::limits(true), &all)),
        ("rules", pages::rules::page(&control::rules(true), &all)),
        ("pace", pages::pace::page(&control::number_pace(true), &all)),
        ("edit campaign", pages::edit_campaign::agency(&control::operator_edit_campaign(), &one)),
        ("forbidden", pages::trouble::page(Trouble::Forbidden, "7f3a", &all)),
    ]
}

fn lone_pages() -> Vec<(&'static str, Markup)> {
    let visitor = samples::visitor(&agency());
    vec![
        ("sign in", pages::sign_in::page(&SignIn::default(), &visitor)),
        ("not found", pages::trouble::visitor_page(Trouble::NotFound, "7f3a", &visitor)),
    ]
}

fn all_pages() -> Vec<(&'static str, String)> {
    let pages = client_pages().into_iter().chain(agency_pages()).chain(lone_pages());
    pages.map(|(name, markup)| (name, markup.into_string())).collect()
}

#[test]
fn a_client_page_shows_no_cost_and_no_supplier() {
    for (name, page) in client_pages() {
        for word in ["$", "Cost", "Spend", "vapi", "Provider"] {
            assert!(!page.0.contains(word), "{name} has {word}");
        }
    }
}

#[test]
fn a_client_page_names_no_other_organization_and_not_the_agency() {
    for (name, page) in client_pages() {
        for (_, other) in &samples::ORGANIZATIONS[1..] {
            assert!(!page.0.contains(other), "{name} has {other}");
        }
        assert!(!page.0.contains("Relay Agency") && !page.0.contains("/organizations"), "{name}");
    }
}

#[test]
fn the_agency_does_see_what_a_call_cost() {
    let page = pages::call::agency(&calls::operator_detail(), &agency_in_one()).into_string();

    assert!(page.contains("$0.214") && page.contains("vapi-east-2") && page.contains("customer-ended-call"));
}

#[test]
fn a_name_with_markup_in_it_stays_text() {
    for (name, page) in all_pages() {
        assert!(!page.contains("<b>Moreno</b>"), "{name}");
    }
    let list = pages::leads::client(&leads::client_leads(), &client()).into_string();
    assert!(list.contains("Owen &lt;b&gt;Moreno&lt;/b&gt;"));
}

#[test]
fn no_page_has_script_in_its_markup() {
    for (name, page) in all_pages() {
        for word in [" onclick", " onload", "hx-on", "javascript:", "<script>", "hx-vals", "<style"] {
            assert!(!page.contains(word), "{name} has {word}");
        }
    }
}

#[test]
fn every_page_has_one_heading_of_the_first_rank_and_one_main() {
    for (name, page) in all_pages() {
        assert_eq!(page.matches("<h1").count(), 1, "{name}");
        assert_eq!(page.matches("<main").count(), 1, "{name}");
    }
}

#[test]
fn every_link_leads_to_a_page_that_exists() {
    for (name, page) in all_pages() {
        for href in page.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(is_known(href), "{name} links to {href}");
        }
    }
}

fn is_known(href: &str) -> bool {
    if let Some(id) = href.strip_prefix('#') {
        return !id.is_empty();
    }
    let path = href.split('?').next().unwrap_or(href);
    if path.starts_with("/assets/") {
        return true;
    }
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    matches!(
        parts[..],
        ["" | "campaigns"
            | "calls"
            | "leads"
            | "numbers"
            | "attention"
            | "organizations"
            | "accounts"
            | "webhooks"
            | "search"
            | "signin",]
            | ["organizations", _, "limits" | "rules"]
            | ["organizations", _, "numbers", _, "limits"]
            | ["accounts" | "pools", _, "limits"]
            | ["o", _]
            | ["o", _, "campaigns" | "calls" | "leads" | "numbers" | "agents" | "attention" | "why"]
            | ["o", _, "campaigns", _, "edit" | "preflight"]
            | ["o", _, "campaigns" | "calls" | "leads", _]
            | ["o", _, "calls", _, "recording"]
            | ["o", _, "leads", "imports", _]
            | ["o", _, "leads", "imports", _, "problems.csv"]
    )
}

#[test]
fn without_the_right_nothing_can_be_steered_created_or_imported() {
    let reader = Context { rights: Vec::new(), ..agency_in_one() };
    let drawn = [
        pages::campaign::agency(&campaigns::operator(0), &leads::why(), &reader),
        pages::organization::page(&days::organization_detail(), &reader),
        pages::preflight::page(&campaigns::preflight(), &reader),
        pages::leads::client(&leads::client_leads(), &reader),
        pages::lead::page(&leads::lead_detail(), &reader),
        pages::numbers::client(&control::client_numbers(), &samples::organization(0), &reader),
        pages::agents::client(&control::client_agents(), &samples::organization(0), &reader),
        pages::attention::page(&control::attention(&reader, false), &reader),
    ];

    for page in drawn {
        for word in [
            "/pause\"",
            "/resume\"",
            "/kill\"",
            "/attention/count\"",
            "/stop\"",
            "/campaigns/new\"",
            "/leads/import\"",
            "/dnc\"",
        ] {
            assert!(!page.0.contains(word), "{word}");
        }
    }
}

#[test]
fn a_fragment_carries_the_id_by_which_it_is_replaced_and_is_the_same_in_the_page() {
    let context = agency_in_one();
    let page = pages::campaign::agency(&campaigns::operator(0), &leads::why(), &context).into_string();

    for fragment in pages::campaign::agency_fragments(&campaigns::operator(0), &context) {
        let (id, markup) = (fragment.id, fragment.markup.into_string());
        let root = &markup[..markup.find('>').expect("a root")];
        assert!(root.contains(&format!("id=\"{id}\"")), "{id}: {root}");
        assert!(page.contains(&markup), "{id}");
    }
}

#[test]
fn the_theme_of_the_cookie_is_drawn_by_the_server() {
    let context = Context { theme: ui::Theme::Dark, ..agency() };

    let page = pages::webhooks::page(&days::webhooks(), &context).into_string();

    assert!(page.contains(r#"<html lang="en" data-theme="dark">"#));
}
