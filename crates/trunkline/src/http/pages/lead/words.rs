//! What was decided about a lead, in the words of its story.

use crate::domain::dispatch_policy::{Deferral, Exclusion};
use crate::domain::outcome::Outcome;
use crate::store::dnc::DncEntry;

pub(super) fn on_dnc(entry: &DncEntry) -> String {
    match entry.source {
        Some(_) => format!("The phone is on the do-not-call list: {}.", entry.reason),
        None => format!("The phone must not be called by anybody: {}.", entry.reason),
    }
}

/// A sentence. Reasons are those of the dispatch policy, or the outcome after which the try was planned.
pub(super) fn why_later(because: Option<&str>) -> String {
    let Some(because) = because else {
        return "It is planned for later.".to_owned();
    };
    if let Ok(deferral) = because.parse::<Deferral>() {
        return sentence(deferral.in_words());
    }
    match because.parse::<Outcome>() {
        Ok(outcome) => format!("The last try ended with “{}”: the retry plan lets time pass.", outcome.label()),
        Err(_) => "The last try did not ring: it is made again after a while.".to_owned(),
    }
}

/// Completes "left out:". A provider's own words are not for everybody to read.
pub(super) fn why_excluded(because: Option<&str>) -> &'static str {
    match because.map(str::parse::<Exclusion>) {
        Some(Ok(exclusion)) => exclusion.in_words(),
        Some(Err(_)) | None => "the phone system does not call this number",
    }
}

fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deferral_and_an_outcome_are_told_as_sentences() {
        assert_eq!(why_later(Some("outside_calling_hours")), "It is outside calling hours where the lead is.");
        assert_eq!(why_later(Some("no_answer")), "The last try ended with “No answer”: the retry plan lets time pass.");
        assert_eq!(why_later(None), "It is planned for later.");
    }

    #[test]
    fn what_the_provider_refused_is_not_told_in_its_words() {
        assert_eq!(why_excluded(Some("do_not_call")), "the phone is on a do-not-call list");
        assert_eq!(why_excluded(Some("twilio said 21211")), "the phone system does not call this number");
    }
}
