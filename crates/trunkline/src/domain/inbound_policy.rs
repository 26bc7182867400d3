//! Who takes a call that came in. A caller is never left without an answer: an agent, another phone, or a sentence.

use super::calling_hours::CallingHours;
use super::ids::AgentId;
use super::text_enum::text_enum;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// Who takes the calls to a number, and what becomes of a caller whom nobody takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InboundPlan {
    /// `None`: the first agent at the number's account.
    pub agent: Option<AgentId>,
    /// In the organization's zone; `None`: always.
    pub hours: Option<CallingHours>,
    /// Calls to the number at once; `None`: no limit of its own.
    pub lines_max: Option<i32>,
    pub overflow: Overflow,
}

/// What becomes of a caller whom nobody takes: the first of these that can be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overflow {
    pub agent: Option<AgentId>,
    /// In E.164.
    pub number: Option<String>,
    /// Not empty.
    pub message: Option<String>,
}

/// How many of the lines of something are in use, without this call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    pub in_use: i32,
    pub max: i32,
}

impl Lines {
    fn are_full(self) -> bool {
        self.in_use >= self.max
    }
}

#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub now: Timestamp,
    pub organization_is_active: bool,
    /// The organization's.
    pub zone: &'a TimeZone,
    pub plan: &'a InboundPlan,
    /// The active agents at the account, the oldest first.
    pub agents: &'a [AgentId],
    /// Who called this phone last.
    pub last_agent: Option<AgentId>,
    /// `None`: nobody could count them in time, and no caller is turned away for that.
    pub organization_lines: Option<Lines>,
    pub pool_lines: Option<Lines>,
    pub calls_to_number: Option<i32>,
}

text_enum! {
    /// Why a caller is not taken as planned.
    pub enum NotTaken ("reason for which a call is not taken") {
        Suspended = "organization_suspended",
        OutsideHours = "outside_hours",
        OrganizationLines = "organization_lines",
        NumberLines = "number_lines",
        PoolLines = "pool_lines",
        NoAgent = "no_agent",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Take(AgentId),
    /// The agent for those whom nobody else takes.
    TakeInstead(AgentId, NotTaken),
    Forward {
        /// In E.164.
        number: String,
        because: NotTaken,
    },
    /// `None`: the usual words.
    Say(Option<String>, NotTaken),
}

/// The organization's state goes first, then its hours, then room, then who.
pub fn decide(facts: &Facts<'_>) -> Decision {
    let Some(because) = hindrance(facts) else {
        return match agent(facts) {
            Some(agent) => Decision::Take(agent),
            None => overflow(facts, NotTaken::NoAgent),
        };
    };
    overflow(facts, because)
}

fn hindrance(facts: &Facts<'_>) -> Option<NotTaken> {
    let Facts { now, zone, plan, organization_lines, pool_lines, calls_to_number, .. } = facts;
    if !facts.organization_is_active {
        return Some(NotTaken::Suspended);
    }
    let zones = std::slice::from_ref(*zone);
    if plan.hours.as_ref().is_some_and(|hours| !hours.is_open(*now, zones, SignedDuration::ZERO)) {
        return Some(NotTaken::OutsideHours);
    }
    if organization_lines.is_some_and(Lines::are_full) {
        return Some(NotTaken::OrganizationLines);
    }
    if plan.lines_max.zip(*calls_to_number).is_some_and(|(max, in_use)| in_use >= max) {
        return Some(NotTaken::NumberLines);
    }
    // The provider has given the call a line already. It is only given back where the caller has somewhere to go.
    let can_go_on = plan.overflow.number.is_some();
    (can_go_on && pool_lines.is_some_and(Lines::are_full)).then_some(NotTaken::PoolLines)
}

/// The agent that called last is whom the caller expects.
fn agent(facts: &Facts<'_>) -> Option<AgentId> {
    let is_there = |agent: &AgentId| facts.agents.contains(agent);
    facts.last_agent.filter(is_there).or(facts.plan.agent.filter(is_there)).or(facts.agents.first().copied())
}

fn overflow(facts: &Facts<'_>, because: NotTaken) -> Decision {
    let Overflow { agent, number, message } = &facts.plan.overflow;
    // Another agent needs a line as well, and who is suspended gets nothing that costs.
    let may_talk = matches!(because, NotTaken::OutsideHours | NotTaken::NoAgent);
    if let Some(agent) = agent.filter(|agent| may_talk && facts.agents.contains(agent)) {
        return Decision::TakeInstead(agent, because);
    }
    match number {
        Some(number) if because != NotTaken::Suspended => Decision::Forward { number: number.clone(), because },
        _ => Decision::Say(message.clone(), because),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const AVA: AgentId = AgentId(Uuid::from_u128(1));
    const NOEL: AgentId = AgentId(Uuid::from_u128(2));
    const GONE: AgentId = AgentId(Uuid::from_u128(3));

    fn nine_to_five() -> CallingHours {
        serde_json::from_value(serde_json::json!({ "wed": ["09:00-17:00"] })).unwrap()
    }

    fn plan() -> InboundPlan {
        InboundPlan { agent: None, hours: None, lines_max: None, overflow: Overflow::default() }
    }

    /// A Wednesday, noon in UTC, with two agents and room.
    fn decided(plan: &InboundPlan, change: impl FnOnce(&mut Facts<'_>)) -> Decision {
        let free = Some(Lines { in_use: 1, max: 5 });
        let mut facts = Facts {
            now: "2026-03-04T12:00:00Z".parse().unwrap(),
            organization_is_active: true,
            zone: &TimeZone::UTC,
            plan,
            agents: &[AVA, NOEL],
            last_agent: None,
            organization_lines: free,
            pool_lines: free,
            calls_to_number: Some(0),
        };
        change(&mut facts);
        decide(&facts)
    }

    const FULL: Option<Lines> = Some(Lines { in_use: 5, max: 5 });

    #[test]
    fn the_agent_that_called_last_takes_the_call_before_the_planned_and_the_first_one() {
        let planned = InboundPlan { agent: Some(NOEL), ..plan() };

        assert_eq!(decided(&plan(), |_| {}), Decision::Take(AVA));
        assert_eq!(decided(&planned, |_| {}), Decision::Take(NOEL));
        assert_eq!(decided(&planned, |facts| facts.last_agent = Some(AVA)), Decision::Take(AVA));
    }

    #[test]
    fn an_agent_that_is_not_there_takes_no_call() {
        let planned = InboundPlan { agent: Some(GONE), ..plan() };

        assert_eq!(decided(&planned, |facts| facts.last_agent = Some(GONE)), Decision::Take(AVA));
        assert_eq!(decided(&planned, |facts| facts.agents = &[]), Decision::Say(None, NotTaken::NoAgent));
    }

    #[test]
    fn outside_the_hours_another_agent_goes_before_another_phone_and_that_before_words() {
        let closed = |overflow| {
            let plan = InboundPlan { hours: Some(nine_to_five()), overflow, ..plan() };
            decided(&plan, |facts| facts.now = "2026-03-04T18:00:00Z".parse().unwrap())
        };
        let because = NotTaken::OutsideHours;
        let (number, message) = (Some("+12125550100".to_owned()), Some("We are closed.".to_owned()));

        let all = Overflow { agent: Some(NOEL), number: number.clone(), message: message.clone() };
        assert_eq!(closed(all.clone()), Decision::TakeInstead(NOEL, because));
        let forwarded = Decision::Forward { number: "+12125550100".to_owned(), because };
        assert_eq!(closed(Overflow { agent: Some(GONE), ..all }), forwarded);
        assert_eq!(
            closed(Overflow { message: message.clone(), ..Overflow::default() }),
            Decision::Say(message, because)
        );
        assert_eq!(closed(Overflow::default()), Decision::Say(None, because));
    }

    #[test]
    fn without_a_line_no_other_agent_is_asked() {
        let overflow = Overflow { agent: Some(NOEL), number: None, message: None };
        let plan = InboundPlan { overflow, lines_max: Some(2), ..plan() };

        let full = decided(&plan, |facts| facts.organization_lines = FULL);
        assert_eq!(full, Decision::Say(None, NotTaken::OrganizationLines));
        let full = decided(&plan, |facts| facts.calls_to_number = Some(2));
        assert_eq!(full, Decision::Say(None, NotTaken::NumberLines));
    }

    #[test]
    fn a_full_pool_sends_a_caller_on_and_never_away() {
        let number = "+12125550100".to_owned();
        let overflow = Overflow { number: Some(number.clone()), ..Overflow::default() };
        let forwards = InboundPlan { overflow, ..plan() };

        assert_eq!(decided(&plan(), |facts| facts.pool_lines = FULL), Decision::Take(AVA));
        let because = NotTaken::PoolLines;
        assert_eq!(decided(&forwards, |facts| facts.pool_lines = FULL), Decision::Forward { number, because });
    }

    #[test]
    fn lines_that_nobody_could_count_turn_no_caller_away() {
        let plan = InboundPlan { lines_max: Some(1), ..plan() };
        let uncounted = decided(&plan, |facts| {
            facts.organization_lines = None;
            facts.pool_lines = None;
            facts.calls_to_number = None;
        });

        assert_eq!(uncounted, Decision::Take(AVA));
    }

    #[test]
    fn who_is_suspended_speaks_and_pays_for_nothing() {
        let overflow = Overflow { agent: Some(NOEL), number: Some("+12125550100".to_owned()), message: None };
        let plan = InboundPlan { overflow, ..plan() };

        let suspended = decided(&plan, |facts| facts.organization_is_active = false);

        assert_eq!(suspended, Decision::Say(None, NotTaken::Suspended));
    }
}
