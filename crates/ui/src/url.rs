//! Addresses of pages. Handlers redirect by these, pages link by these.

use crate::context::Context;

/// A page that exists both over all organizations and within one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Overview,
    Campaigns,
    Calls,
    Leads,
    Numbers,
    Attention,
}

impl Section {
    fn path(self) -> &'static str {
        match self {
            Section::Overview => "",
            Section::Campaigns => "/campaigns",
            Section::Calls => "/calls",
            Section::Leads => "/leads",
            Section::Numbers => "/numbers",
            Section::Attention => "/attention",
        }
    }
}

/// A section in the scope of this page.
pub fn section(context: &Context, section: Section) -> String {
    match context.organization() {
        Some(organization) => section_of(&organization.slug, section),
        None => section_of_all(section).to_owned(),
    }
}

/// A section over all organizations.
pub fn section_of_all(section: Section) -> &'static str {
    match section {
        Section::Overview => "/",
        Section::Campaigns | Section::Calls | Section::Leads | Section::Numbers | Section::Attention => section.path(),
    }
}

pub fn section_of(slug: &str, section: Section) -> String {
    format!("/o/{slug}{}", section.path())
}

pub fn organization(slug: &str) -> String {
    section_of(slug, Section::Overview)
}

pub fn campaign(slug: &str, id: &str) -> String {
    format!("/o/{slug}/campaigns/{id}")
}

pub fn campaign_stream(slug: &str, id: &str) -> String {
    format!("/o/{slug}/campaigns/{id}/stream")
}

/// Where a campaign is steered: `verb` is `pause`, `resume` or `stop`.
pub fn steer(slug: &str, id: &str, verb: &str) -> String {
    format!("/o/{slug}/campaigns/{id}/{verb}")
}

/// Who would be called by a campaign, before it starts.
pub fn preflight(slug: &str, id: &str) -> String {
    format!("/o/{slug}/campaigns/{id}/preflight")
}

pub fn edit_campaign(slug: &str, id: &str) -> String {
    format!("/o/{slug}/campaigns/{id}/edit")
}

pub fn agents(slug: &str) -> String {
    format!("/o/{slug}/agents")
}

/// Where an agent is put to rest or to work: `verb` is `pause` or `resume`.
pub fn steer_agent(slug: &str, id: &str, verb: &str) -> String {
    format!("/o/{slug}/agents/{id}/{verb}")
}

/// Where a phone number is switched: `verb` is `pause`, `resume` or `kill`.
pub fn steer_number(slug: &str, id: &str, verb: &str) -> String {
    format!("/o/{slug}/numbers/{id}/{verb}")
}

/// Where what waits for a person is settled: `verb` is `count`, `look` or `acknowledge`.
pub fn settle(slug: &str, verb: &str) -> String {
    format!("/o/{slug}/attention/{verb}")
}

/// Where a provider account is switched or limited: `verb` is `pause`, `resume` or `limits`.
pub fn steer_account(id: &str, verb: &str) -> String {
    format!("/accounts/{id}/{verb}")
}

pub fn pool_limits(id: &str) -> String {
    format!("/pools/{id}/limits")
}

/// What an organization may do at most, for the agency.
pub fn limits(slug: &str) -> String {
    format!("/organizations/{slug}/limits")
}

/// How an organization dials, for the agency.
pub fn rules(slug: &str) -> String {
    format!("/organizations/{slug}/rules")
}

/// Where an organization is switched: `verb` is `suspend` or `restore`.
pub fn steer_organization(slug: &str, verb: &str) -> String {
    format!("/organizations/{slug}/{verb}")
}

/// Where the limits of an agent or a number of an organization are set: `kind` is `agents` or `numbers`.
pub fn part_limits(slug: &str, kind: &str, id: &str) -> String {
    format!("/organizations/{slug}/{kind}/{id}/limits")
}

pub fn new_campaign(slug: &str) -> String {
    format!("/o/{slug}/campaigns/new")
}

pub fn call(slug: &str, id: &str) -> String {
    format!("/o/{slug}/calls/{id}")
}

pub fn recording(slug: &str, id: &str) -> String {
    format!("/o/{slug}/calls/{id}/recording")
}

pub fn lead(slug: &str, id: &str) -> String {
    format!("/o/{slug}/leads/{id}")
}

/// Where a lead's phone is put on the organization's do-not-call list.
pub fn put_on_dnc(slug: &str, id: &str) -> String {
    format!("/o/{slug}/leads/{id}/dnc")
}

pub fn take_off_dnc(slug: &str, id: &str) -> String {
    format!("/o/{slug}/leads/{id}/dnc/remove")
}

/// Why a number does not call; `phone` in E.164.
pub fn why_number(slug: &str, phone: &str) -> String {
    why(slug, Some(("number", phone)))
}

/// Why something is not called: `about` is `lead`, `campaign` or `number` with an id, nothing is the organization.
pub fn why(slug: &str, about: Option<(&str, &str)>) -> String {
    with_query(&format!("/o/{slug}/why"), about.as_slice())
}

/// The rows that were left out of an import, as CSV.
pub fn import_problems(slug: &str, id: &str) -> String {
    format!("/o/{slug}/leads/imports/{id}/problems.csv")
}

pub fn import(slug: &str) -> String {
    format!("/o/{slug}/leads/import")
}

pub fn import_result(slug: &str, id: &str) -> String {
    format!("/o/{slug}/leads/imports/{id}")
}

/// `path` with a query of these pairs; pairs without a value are left out.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(if address.contains('?') { '&' } else { '?' });
        address.push_str(name);
        address.push('=');
        encode_into(&mut address, value);
    }
    address
}

fn encode_into(address: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            address.push('%');
            for half in [byte >> 4, byte & 15] {
                address.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_encoded_and_leaves_out_what_is_empty() {
        let address = with_query("/calls", &[("q", "Ann & Bö/1"), ("outcome", ""), ("when", "24h")]);

        assert_eq!(address, "/calls?q=Ann%20%26%20B%C3%B6%2F1&when=24h");
    }
}
