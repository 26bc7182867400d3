//! Answers for programs. What they hold is documented in docs/why.md.

use super::{Explained, Flight, InCampaign};
use crate::domain::why::{Answer, Group, Reader, table};
use serde_json::{Map, Value, json};

impl Explained {
    /// `reader` is who it was answered for.
    pub fn to_json(&self, reader: &Reader) -> Value {
        let mut answer = answer_of(&self.answer);
        let facts = self.answer.facts.as_ref().map(|facts| groups(&table(facts, reader)));
        answer.insert("facts".to_owned(), facts.unwrap_or(Value::Null));
        let campaign = |one: &InCampaign| {
            let mut value = answer_of(&one.answer);
            value.insert("campaign".to_owned(), json!(one.name));
            Value::Object(value)
        };
        answer.insert("campaigns".to_owned(), self.campaigns.iter().map(campaign).collect());
        Value::Object(answer)
    }
}

impl Flight {
    pub fn to_json(&self) -> Value {
        let preflight = &self.preflight;
        let skipped = preflight.skipped.iter().map(|(because, skipped)| {
            let sample: Vec<&str> = skipped.sample.iter().map(|lead| lead.who.as_str()).collect();
            json!({ "because": because, "in_words": because.in_words(), "leads": skipped.leads, "sample": sample })
        });
        let waiting = preflight
            .waiting
            .iter()
            .map(|(because, leads)| json!({ "because": because, "in_words": because.in_words(), "leads": leads }));
        json!({
            "campaign": self.campaign.name,
            "at": self.at,
            "leads": preflight.leads,
            "is_whole": self.is_whole,
            "callable": preflight.callable(),
            "skipped": preflight.skipped_leads(),
            "skipped_because": skipped.collect::<Vec<_>>(),
            "waiting_because": waiting.collect::<Vec<_>>(),
            "first_at": preflight.first_at,
            "calls_per_day_max": preflight.calls_per_day.map(|per_day| json!({
                "organization": per_day.of_organization,
                "numbers": per_day.of_numbers,
                "max": per_day.max(),
            })),
            "days": preflight.days(),
        })
    }
}

fn answer_of(answer: &Answer) -> Map<String, Value> {
    let mut value = Map::new();
    value.insert("standing".to_owned(), json!(answer.standing));
    value.insert("because".to_owned(), json!(answer.because));
    value.insert("sentence".to_owned(), json!(answer.sentence));
    value.insert("next_at".to_owned(), json!(answer.next_at));
    value
}

/// Lists, because several rows of one group may have the same name.
fn groups(groups: &[Group]) -> Value {
    let group = |group: &Group| {
        let rows = group.rows.iter().map(|(name, value)| json!({ "name": name, "value": value }));
        json!({ "title": group.title, "rows": rows.collect::<Vec<_>>() })
    };
    groups.iter().map(group).collect()
}
