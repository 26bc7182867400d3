//! The filters of the list of calls, as they stand in an address. What cannot be read or means nothing is left out and
//! said.

use crate::domain::ids::CampaignId;
use crate::domain::outcome::Outcome;
use crate::store::call_list::CallFilter;
use crate::store::keyset::{Cursor, Place};
use crate::store::search_words::SearchWords;
use jiff::{SignedDuration, Timestamp};
use ui::view::When;

const IGNORED_MAX: usize = 10;
const KEY_CHARS_MAX: usize = 40;

/// Over what the list goes: words and campaigns are looked for within one organization only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    Agency,
    Organization,
}

#[derive(Debug, Clone)]
pub struct AskedCalls {
    pub within: Within,
    /// The filters as they are shown.
    pub shown: ui::view::CallFilter,
    pub cursor: Cursor,
    /// The call that is open beside the list: its id, after the organization's slug and a slash in the agency's list.
    pub peek: Option<String>,
}

impl AskedCalls {
    /// From the pairs of a query. An empty value is none.
    pub fn read(pairs: Vec<(String, String)>, within: Within) -> Self {
        let mut asked = Self {
            within,
            shown: ui::view::CallFilter::default(),
            cursor: Cursor::First,
            peek: None,
        };
        for (key, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            if !asked.take(&key, value) && asked.shown.ignored.len() < IGNORED_MAX {
                asked
                    .shown
                    .ignored
                    .push(key.chars().take(KEY_CHARS_MAX).collect());
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
            "outcome" => shown.outcome = ui::view::Outcome::from_name(&value),
            "campaign" if is_within_one => {
                shown.campaign = value.parse::<CampaignId>().ok().map(|id| id.to_string());
                return shown.campaign.is_some();
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
        key != "outcome" || self.shown.outcome.is_some()
    }

    fn turn_to(&mut self, cursor: Result<Cursor, <Place as std::str::FromStr>::Err>) -> bool {
        cursor.is_ok_and(|cursor| {
            self.cursor = cursor;
            true
        })
    }

    /// The filter of the store; times that are said from now are counted from `now`.
    pub fn filter(&self, now: Timestamp) -> CallFilter {
        let shown = &self.shown;
        CallFilter {
            words: SearchWords::parse(&shown.q),
            outcome: shown
                .outcome
                .and_then(|outcome| outcome.name().parse::<Outcome>().ok()),
            campaign: shown.campaign.as_deref().and_then(|id| id.parse().ok()),
            placed_from: shown
                .when
                .hours()
                .map(|hours| now - SignedDuration::from_hours(hours)),
            ..CallFilter::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)], within: Within) -> AskedCalls {
        AskedCalls::read(
            query
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            within,
        )
    }

    #[test]
    fn filters_are_read_from_the_address() {
        let asked = read(
            &[
                ("q", "Ann"),
                ("outcome", "busy"),
                ("when", "7d"),
                ("campaign", ""),
            ],
            Within::Organization,
        );

        let filter = asked.filter("2026-03-08T00:00:00Z".parse().unwrap());
        assert_eq!(filter.words, SearchWords::parse("Ann"));
        assert_eq!(filter.outcome, Some(Outcome::Busy));
        assert_eq!(filter.placed_from.unwrap().to_string(), "2026-03-01T00:00:00Z");
        assert!(asked.shown.ignored.is_empty());
    }

    #[test]
    fn what_means_nothing_is_named_and_left_out() {
        let query = [
            ("color", "red"),
            ("outcome", "great"),
            ("when", "9y"),
            ("older", "x"),
            ("campaign", "5"),
        ];

        let asked = read(&query, Within::Organization);

        assert_eq!(
            asked.shown.ignored,
            ["color", "outcome", "when", "older", "campaign"]
        );
        assert_eq!((asked.cursor, asked.shown.when), (Cursor::First, When::LastDay));
    }

    #[test]
    fn over_all_organizations_neither_words_nor_campaigns_are_looked_for() {
        let asked = read(
            &[("q", "Ann"), ("campaign", "0193d4a0-0000-7000-8000-000000000000")],
            Within::Agency,
        );

        assert_eq!(asked.shown.ignored, ["q", "campaign"]);
        assert_eq!(asked.filter(Timestamp::UNIX_EPOCH).words, None);
    }

    #[test]
    fn a_place_in_the_list_is_read_as_it_was_given_out() {
        let place = Place {
            at: Timestamp::UNIX_EPOCH,
            id: uuid::Uuid::from_u128(5),
        };

        let asked = read(&[("older", &place.to_string())], Within::Agency);

        assert_eq!(asked.cursor, Cursor::OlderThan(place));
    }
}
