//! What sets the pace, in the words of those who look: the agency sees pools and accounts by name, a client does not.

use crate::domain::dispatch_policy::Deferral;
use crate::domain::pace::{self, LimitKind, LimitUse, NextAttempt, PaceFacts};
use crate::store::campaign_live::NamedLimit;
use jiff::Timestamp;
use ui::view::{ClientLimit, Limit, OperatorLimit, PaceCause, PaceSetting};

/// Limits beside the binding one that are shown; those that are used most.
const OTHERS_MAX: usize = 5;

pub(super) struct Facts {
    pub is_running: bool,
    pub now: Timestamp,
    /// Those of campaign, agent, organization and numbers, and what held the organization back.
    pub own: (Vec<NamedLimit>, Option<Deferral>),
    pub provider: Vec<NamedLimit>,
    pub next: Option<NextAttempt>,
}

pub(super) fn for_operator(facts: &Facts) -> PaceSetting<OperatorLimit> {
    let limits: Vec<&NamedLimit> = facts.own.0.iter().chain(&facts.provider).collect();
    let cause = cause(facts, &limits);
    let drawn: Vec<Option<Limit<OperatorLimit>>> = limits.iter().map(|limit| Some(operator_limit(limit))).collect();
    setting(cause, drawn, |because| sentence(because.in_words()))
}

pub(super) fn for_client(facts: &Facts) -> PaceSetting<ClientLimit> {
    let limits: Vec<&NamedLimit> = facts.own.0.iter().chain(&facts.provider).collect();
    let cause = cause(facts, &limits);
    let drawn = limits.iter().map(|limit| client_limit(limit)).collect();
    setting(cause, drawn, in_a_clients_words)
}

fn cause(facts: &Facts, limits: &[&NamedLimit]) -> pace::PaceCause {
    let uses: Vec<LimitUse> = limits.iter().map(|limit| limit.limit).collect();
    pace::cause(&PaceFacts {
        now: facts.now,
        is_running: facts.is_running,
        limits: &uses,
        next_attempt: facts.next,
        waiting_because: facts.own.1,
    })
}

/// `drawn` has `None` for what this reader is not shown.
fn setting<Kind>(
    cause: pace::PaceCause,
    drawn: Vec<Option<Limit<Kind>>>,
    words: fn(Deferral) -> String,
) -> PaceSetting<Kind> {
    let binding = if let pace::PaceCause::Limit(place) = cause { Some(place) } else { None };
    let (mut bound, mut others) = (None, Vec::new());
    for (place, limit) in drawn.into_iter().enumerate() {
        match limit {
            Some(limit) if Some(place) == binding => bound = Some(limit),
            Some(limit) if limit.max > 0 => others.push(limit),
            Some(_) | None => {}
        }
    }
    others.sort_by_key(|limit| std::cmp::Reverse(limit.used * 1_000 / limit.max));
    others.truncate(OTHERS_MAX);
    let cause = match cause {
        pace::PaceCause::NotRunning => PaceCause::NotRunning,
        pace::PaceCause::Limit(_) => match bound {
            Some(limit) => PaceCause::Limit(limit),
            None => PaceCause::HeldBack { why: words(Deferral::NoFreeLine) },
        },
        pace::PaceCause::HeldBack(because) => PaceCause::HeldBack { why: words(because) },
        pace::PaceCause::ClosedUntil(opens_at) => PaceCause::CallingHours { opens_at },
        pace::PaceCause::RetriesFrom(next_at) => PaceCause::Retries { next_at },
        pace::PaceCause::LeadsWait(because, until) => PaceCause::LeadsWait { why: words(because), until },
        pace::PaceCause::Nothing => PaceCause::Nothing,
    };
    PaceSetting { cause, others }
}

fn operator_limit(limit: &NamedLimit) -> Limit<OperatorLimit> {
    let name = limit.name.clone().unwrap_or_default();
    let LimitUse { kind, used, max } = limit.limit;
    let kind = match kind {
        LimitKind::PoolLines => OperatorLimit::PoolLines(name),
        LimitKind::AccountRequests => OperatorLimit::AccountRequests(name),
        LimitKind::CampaignLines => OperatorLimit::Of(ClientLimit::CampaignLines),
        LimitKind::AgentLines => OperatorLimit::Of(ClientLimit::AgentLines),
        LimitKind::OrganizationLines => OperatorLimit::Of(ClientLimit::OrganizationLines),
        LimitKind::OrganizationCallsToday => OperatorLimit::Of(ClientLimit::OrganizationCallsToday),
        LimitKind::NumberCallsToday => OperatorLimit::Of(ClientLimit::NumberCallsToday),
    };
    Limit { kind, used, max }
}

fn client_limit(limit: &NamedLimit) -> Option<Limit<ClientLimit>> {
    let Limit { kind, used, max } = operator_limit(limit);
    match kind {
        OperatorLimit::Of(kind) => Some(Limit { kind, used, max }),
        OperatorLimit::PoolLines(_) | OperatorLimit::AccountRequests(_) => None,
    }
}

/// Names no supplier and no money.
fn in_a_clients_words(because: Deferral) -> String {
    let then = match because {
        Deferral::NoFreeLine | Deferral::RequestsPerMinute => " Calls begin as lines become free.",
        Deferral::AccountPaused => " No lead is lost.",
        _ => "",
    };
    let words = because.for_clients().map_or(because.in_words(), |(_, words)| words);
    format!("{}{then}", sentence(words))
}

fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(pool_used: u64) -> Facts {
        let limit = |kind, used, name: Option<&str>| NamedLimit {
            limit: LimitUse { kind, used, max: 4 },
            name: name.map(str::to_owned),
        };
        let now = "2026-11-24T15:00:00Z".parse().unwrap();
        Facts {
            is_running: true,
            now,
            own: (vec![limit(LimitKind::CampaignLines, 2, None)], None),
            provider: vec![limit(LimitKind::PoolLines, pool_used, Some("secret pool"))],
            next: Some(NextAttempt { due_at: now, deferred_because: None }),
        }
    }

    #[test]
    fn a_client_is_told_of_a_full_pool_without_its_name() {
        let shown = format!("{:?}", for_client(&facts(4)));

        assert!(shown.contains("Every phone line is taken"), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn the_agency_sees_which_pool_is_full() {
        let setting = for_operator(&facts(4));

        assert!(
            matches!(setting.cause, PaceCause::Limit(limit) if limit.kind == OperatorLimit::PoolLines("secret pool".into()))
        );
        assert_eq!(setting.others.len(), 1);
    }

    #[test]
    fn words_become_a_sentence() {
        assert_eq!(sentence("the agent is resting"), "The agent is resting.");
    }
}
