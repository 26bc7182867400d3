//! The words a scene is filled with: from the call's variables and customer first, else from the seed.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::chance::Chance;

const FIRST_NAMES: [&str; 12] =
    ["Maria", "James", "Aisha", "Daniel", "Linda", "Carlos", "Emily", "Trevor", "Priya", "Sam", "Nicole", "Marcus"];
const LAST_NAMES: [&str; 8] = ["Alvarez", "Bennett", "Chen", "Dawson", "Okafor", "Patel", "Ruiz", "Sullivan"];
const AGENTS: [&str; 6] = ["Ava", "Jordan", "Riley", "Grace", "Eli", "Sofia"];
const COMPANIES: [&str; 6] = [
    "Brightside Dental",
    "Summit Roofing",
    "Harbor Law Group",
    "Evergreen HVAC",
    "Northgate Clinic",
    "Oak & Main Realty",
];
const SERVICES: [&str; 6] = [
    "your request",
    "the free consultation",
    "your annual checkup",
    "the roof inspection",
    "the tune-up",
    "your inquiry",
];
const DAYS: [&str; 5] = ["Tuesday", "Wednesday", "Thursday", "Friday", "Monday"];
const TIMES: [&str; 6] = ["9:30 AM", "10 AM", "11:15 AM", "1 PM", "3:30 PM", "5 PM"];
const AMOUNTS: [&str; 5] = ["$1,850", "$4,200", "$760", "$2,975", "$11,400"];

/// Names under which clients commonly send a word.
const SYNONYMS: [(&str, &[&str]); 8] = [
    ("first", &["first_name", "firstName", "first", "lead_first_name"]),
    ("name", &["name", "full_name", "fullName", "customer_name", "customerName", "lead_name"]),
    ("agent", &["agent_name", "agentName", "agent", "assistant_name"]),
    ("company", &["company", "company_name", "companyName", "business_name", "businessName", "organization"]),
    ("service", &["service", "service_name", "topic", "reason", "product", "campaign"]),
    ("day", &["appointment_day", "day"]),
    ("time", &["appointment_time"]),
    ("amount", &["amount", "quote_amount", "price", "estimate"]),
];

/// Words by the name they have in a scene.
pub(crate) struct Words(HashMap<&'static str, String>);

impl Words {
    /// `variables` is `variableValues`; `customer_name` the `name` of the customer, if given.
    pub(crate) fn new(chance: &mut Chance, variables: &Map<String, Value>, customer_name: Option<&str>) -> Self {
        let given = |word: &str| {
            let (_, synonyms) = SYNONYMS.iter().find(|(name, _)| *name == word)?;
            synonyms.iter().find_map(|name| plain(variables.get(*name)?))
        };
        let drawn_name = format!("{} {}", chance.pick(&FIRST_NAMES), chance.pick(&LAST_NAMES));
        let name = given("name").or_else(|| customer_name.map(str::to_owned)).unwrap_or(drawn_name);
        let first = given("first").unwrap_or_else(|| name.split(' ').next().unwrap_or(&name).to_owned());
        let mut words = HashMap::from([("name", name), ("first", first)]);
        let drawn: [(&str, &[&str]); 6] = [
            ("agent", &AGENTS),
            ("company", &COMPANIES),
            ("service", &SERVICES),
            ("day", &DAYS),
            ("time", &TIMES),
            ("amount", &AMOUNTS),
        ];
        for (word, choices) in drawn {
            let choice = *chance.pick(choices);
            words.insert(word, given(word).unwrap_or_else(|| choice.to_owned()));
        }
        Self(words)
    }

    /// Takes over the names by which a greeting introduces the assistant, so that the rest of the talk agrees.
    pub(crate) fn take_introduction(&mut self, greeting: &str) {
        if let Some((agent, company)) = introduction(greeting) {
            self.set("agent", agent.to_owned());
            self.set("company", company.to_owned());
        }
    }

    pub(crate) fn set(&mut self, word: &'static str, text: String) {
        self.0.insert(word, text);
    }

    pub(crate) fn get(&self, word: &str) -> &str {
        self.0.get(word).map_or("", String::as_str)
    }

    /// `template` with every `{word}` filled in.
    pub(crate) fn fill(&self, template: &str) -> String {
        replace_between(template, ("{", "}"), |word| self.get(word).to_owned())
    }
}

/// `template` with every Liquid `{{ path }}` filled from `variables`; filters and unknown names give nothing.
pub(crate) fn fill_liquid(template: &str, variables: &Map<String, Value>) -> String {
    replace_between(template, ("{{", "}}"), |expression| {
        let path = expression.split('|').next().unwrap_or_default().trim();
        let mut steps = path.split('.');
        let root = steps.next().and_then(|name| variables.get(name));
        let found = steps.try_fold(root, |value, step| Some(value?.get(step)));
        found.flatten().and_then(plain).unwrap_or_default()
    })
}

/// "…, this is Ava from Brightside Dental. …" introduces Ava and Brightside Dental.
fn introduction(greeting: &str) -> Option<(&str, &str)> {
    let (_, rest) = ["this is ", "This is ", "it's ", "It's "].iter().find_map(|start| greeting.split_once(start))?;
    let (agent, rest) = [" from ", " with ", " at "].iter().find_map(|link| rest.split_once(link))?;
    let ends = [". ", ", ", "? ", " about ", " calling ", " returning ", " regarding "];
    let end = ends.iter().filter_map(|end| rest.find(end)).min().unwrap_or(rest.len());
    let company = rest[..end].trim_end_matches(['.', ',', '?', '!']);
    let is_name = !agent.contains(['.', ',', '?', '{']) && !company.is_empty();
    is_name.then_some((agent, company))
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn replace_between(text: &str, (open, close): (&str, &str), word: impl Fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        let Some((name, tail)) = after.split_once(close) else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&word(name));
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_first_message_is_filled_from_the_variables_of_the_call() {
        let variables = json!({ "first_name": "Maria", "customer": { "number": "+15555550101" } });
        let variables = variables.as_object().unwrap();
        let filled = fill_liquid("Hi {{first_name}}, {{ customer.number | upcase }}{{none}}!", variables);
        assert_eq!(filled, "Hi Maria, +15555550101!");
    }

    #[test]
    fn a_greeting_introduces_agent_and_company() {
        let check = |greeting: &str, expected| assert_eq!(introduction(greeting), expected, "{greeting}");
        check("Hi Zoe, this is Ava from Brightside Dental. A minute?", Some(("Ava", "Brightside Dental")));
        check("Hello, it's Jordan with Summit Roofing about the estimate.", Some(("Jordan", "Summit Roofing")));
        check("This is Grace at Harbor Law", Some(("Grace", "Harbor Law")));
        check("Hello there. How are you?", None);
    }

    #[test]
    fn given_words_win_over_drawn_ones() {
        let variables = json!({ "company": "Acme", "first_name": "Zoe" });
        let words = Words::new(&mut Chance::of(1, &[]), variables.as_object().unwrap(), Some("Other Name"));
        assert_eq!(words.fill("{first} from {company}"), "Zoe from Acme");
    }
}
