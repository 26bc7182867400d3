//! The filters of the list of calls, as they stand in an address. What cannot be read or means nothing is left out and
//! said.

use crate::domain::call_evidence::Direction;
use crate::domain::ids::{AgentId, CampaignId};
use crate::domain::outcome::Outcome;
use crate::store::call_list::CallFilter;
use crate::store::keyset::{Cursor, Place};
use crate::store::search_words::SearchWords;
use jiff::{SignedDuration, Timestamp};
use ui::view::{CallLength, When};

const IGNORED_MAX: usize = 10;
const KEY_CHARS_MAX: usize = 40;

/// Over what the list goes: words, campaigns and agents are looked for within one organization only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    Agency,
    Organization,
}

#[derive(Debug, Clone)]
pub(super) struct AskedCalls {
    pub within: Within,
    /// The filters as they are shown.
    pub shown: ui::view::CallFilter,
    pub cursor: Cursor,
    /// The call that is open beside the list: its id, after the organization's slug and a slash in the agency's list.
    pub peek: Option<String>,
}

impl AskedCalls {
    /// From the pairs of a query. An empty value is none.
    pub(super) fn read(pairs: Vec<(String, String)>, within: Within) -> Self {
        let mut asked = Self { within, shown: ui::view::CallFilter::default(), cursor: Cursor::First, peek: None };
        for (key, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            if !asked.take(&key, value) && asked.shown.ignored.len() < IGNORED_MAX {
                asked.shown.ignored.push(key.chars().take(KEY_CHARS_MAX).collect());
            }
        }
        asked
    }

    /// False if the pair means nothing here.
    fn take(&mut self, key: &str, value: String) -> bool {
        let is_within_one = self.within == Within::Organization;
        let shown = &mut self.shown;
        match key {
            "q" if is_within_one => shown.q = value,
            "outcome" => {
                shown.outcome = ui::view::Outcome::from_name(&value);
                return shown.outcome.is_some();
            }
            "campaign" if is_within_one => {
                shown.campaign = value.parse::<CampaignId>().ok().map(|id| id.to_string());
                return shown.campaign.is_some();
            }
            "agent" if is_within_one => {
                shown.agent = value.parse::<AgentId>().ok().map(|id| id.to_string());
                return shown.agent.is_some();
            }
            "direction" => {
                shown.direction = ui::view::Direction::from_name(&value);
                return shown.direction.is_some();
            }
            "length" => {
                shown.length = CallLength::from_name(&value);
                return shown.length.is_some();
            }
            "when" => match When::from_name(&value) {
                Some(when) => shown.when = when,
                None => return false,
            },
            "older" => return self.turn_to(value.parse().map(Cursor::OlderThan)),
            "newer" => return self.turn_to(value.parse().map(Cursor::NewerThan)),
            "peek" => self.peek = Some(value),
            _ => return false,
        }
        true
    }

    fn turn_to(&mut self, cursor: Result<Cursor, <Place as std::str::FromStr>::Err>) -> bool {
        cursor.is_ok_and(|cursor| {
            self.cursor = cursor;
            true
        })
    }

    /// The filter of the store; times that are said from now are counted from `now`.
    pub(super) fn filter(&self, now: Timestamp) -> CallFilter {
        let ui::view::CallFilter { q, outcome, when, campaign, agent, direction, length, ignored: _ } = &self.shown;
        let (from, below) = length.map_or((None, None), |length| {
            let (from, below) = length.seconds();
            (Some(ms(from)), below.map(ms))
        });
        CallFilter {
            words: SearchWords::parse(q),
            outcome: outcome.and_then(|outcome| outcome.name().parse::<Outcome>().ok()),
            campaign: campaign.as_deref().and_then(|id| id.parse().ok()),
            agent: agent.as_deref().and_then(|id| id.parse().ok()),
            direction: direction.and_then(|direction| direction.name().parse::<Direction>().ok()),
            placed_from: when.hours().map(|hours| now - SignedDuration::from_hours(hours)),
            ms_min: from,
            ms_below: below,
        }
    }
}

fn ms(seconds: u32) -> i64 {
    i64::from(seconds) * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)], within: Within) -> AskedCalls {
        AskedCalls::read(query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(), within)
    }

    #[test]
    fn filters_are_read_from_the_address() {
        let asked = read(&[("q", "Ann"), ("outcome", "busy"), ("when", "7d"), ("campaign", "")], Within::Organization);

        let filter = asked.filter("2026-03-08T00:00:00Z".parse().unwrap());
        assert_eq!(filter.words, SearchWords::parse("Ann"));
        assert_eq!(filter.outcome, Some(Outcome::Busy));
        assert_eq!(filter.placed_from.unwrap().to_string(), "2026-03-01T00:00:00Z");
        assert!(asked.shown.ignored.is_empty());
    }

    #[test]
    fn what_means_nothing_is_named_and_left_out() {
        let query = [("color", "red"), ("outcome", "great"), ("when", "9y"), ("older", "x"), ("campaign", "5")];

        let asked = read(&query, Within::Organization);

        assert_eq!(asked.shown.ignored, ["color", "outcome", "when", "older", "campaign"]);
        assert_eq!((asked.cursor, asked.shown.when), (Cursor::First, When::LastDay));
    }

    #[test]
    fn a_length_is_a_stretch_of_milliseconds() {
        let length = |name| {
            let filter = read(&[("length", name)], Within::Agency).filter(Timestamp::UNIX_EPOCH);
            (filter.ms_min, filter.ms_below)
        };
        assert_eq!(length("10-60s"), (Some(10_000), Some(60_000)));
        assert_eq!(length("5m"), (Some(300_000), None));
        assert_eq!(length("long"), (None, None));
    }

    #[test]
    fn over_all_organizations_neither_words_nor_campaigns_are_looked_for() {
        let asked = read(&[("q", "Ann"), ("campaign", "0193d4a0-0000-7000-8000-000000000000")], Within::Agency);

        assert_eq!(asked.shown.ignored, ["q", "campaign"]);
        assert_eq!(asked.filter(Timestamp::UNIX_EPOCH).words, None);
    }

    #[test]
    fn a_place_in_the_list_is_read_as_it_was_given_out() {
        let place = Place { at: Timestamp::UNIX_EPOCH, id: uuid::Uuid::from_u128(5) };

        let asked = read(&[("older", &place.to_string())], Within::Agency);

        assert_eq!(asked.cursor, Cursor::OlderThan(place));
    }
}
