//! The order of one send, and what its point of no return asks.

use super::super::status::AttemptState;
use super::protections::{Protection, off};
use super::step::{Answer, Unsent};
use super::timing::SEND_BUDGET;
use jiff::Timestamp;
use std::time::Duration;

/// One send of a reserved attempt: tells what to do, and is told what came of it. Whoever drives it does what it says, in
/// this order and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sending(Stage);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connecting,
    Passing,
    Writing,
    Over,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Do<'a> {
    /// Open a connection that will carry one request.
    Connect,
    /// Commit the point of no return.
    PassPointOfNoReturn,
    /// Write the request, once, and wait for its answer.
    Write,
    /// Write down what was answered.
    Record(Answer<'a>),
    /// Nothing was written, and only this process knows it.
    GiveBack(Unsent),
    /// Whether it may be sent is not known: the sweepers need only the row.
    Leave,
}

/// What came of what was to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply<'a> {
    Connected,
    NotConnected,
    /// The point of no return, its commit, the time that it took, and whether the provider has hung up meanwhile.
    Passed {
        passed: Result<(), Withdrawn>,
        commit: Commit,
        took: Duration,
        hung_up: bool,
    },
    Answered(Answer<'a>),
}

/// What is known of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    Acknowledged,
    /// It failed, or nobody knows.
    Unacknowledged,
}

impl Sending {
    pub fn begin() -> (Self, Do<'static>) {
        (Self(Stage::Connecting), Do::Connect)
    }

    /// What to do after `reply`. `None`: the send is over.
    pub fn next<'a>(&mut self, reply: Reply<'a>) -> Option<Do<'a>> {
        let (stage, next) = match (self.0, reply) {
            (Stage::Connecting, Reply::NotConnected) => (Stage::Over, Do::GiveBack(Unsent::NO_CONNECTION)),
            (Stage::Connecting, Reply::Connected) if off(Protection::CommitBeforeWrite) => (Stage::Writing, Do::Write),
            (Stage::Connecting, Reply::Connected) => (Stage::Passing, Do::PassPointOfNoReturn),
            (Stage::Passing, Reply::Passed { passed, commit, took, hung_up }) => {
                after_point_of_no_return(passed, commit, took, hung_up)
            }
            (Stage::Writing, Reply::Answered(answer)) => after_answer(answer),
            _ => return None,
        };
        self.0 = stage;
        Some(next)
    }
}

/// The commit is acknowledged: this process, and no other, may write, once. Unless it slept meanwhile, or the provider
/// hung up: then nothing was written, and this process alone knows it. An unknown commit does not send.
fn after_point_of_no_return<'a>(
    passed: Result<(), Withdrawn>,
    commit: Commit,
    took: Duration,
    hung_up: bool,
) -> (Stage, Do<'a>) {
    if commit == Commit::Unacknowledged && !off(Protection::UnknownCommitDoesNotSend) {
        return (Stage::Over, Do::Leave);
    }
    if let Err(withdrawn) = passed {
        return (Stage::Over, Do::GiveBack(Unsent::withdrawn(withdrawn.in_words())));
    }
    if (took > SEND_BUDGET || hung_up) && !off(Protection::SendBudget) {
        return (Stage::Over, Do::GiveBack(Unsent::TOO_LATE));
    }
    (Stage::Writing, Do::Write)
}

fn after_answer(answer: Answer<'_>) -> (Stage, Do<'_>) {
    let retryable = matches!(answer, Answer::Odd { .. } | Answer::RateLimited);
    if retryable && off(Protection::OneRequest) {
        return (Stage::Writing, Do::Write);
    }
    (Stage::Over, Do::Record(answer))
}

/// Everything that may have changed since the claim, asked again with the attempt's row locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, asked in one statement")]
pub struct SendFacts {
    pub state: AttemptState,
    pub fence: Option<i64>,
    pub lease_until: Option<Timestamp>,
    pub send_before: Option<Timestamp>,
    pub agency_dials: bool,
    pub campaign_is_running: bool,
    pub organization_is_active: bool,
    pub agent_is_active: bool,
    pub number_is_usable: bool,
    pub account_is_active: bool,
    pub is_on_dnc: bool,
    /// One call too many was made to it.
    pub phone_is_held: bool,
}

/// Why a reserved attempt is not sent after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawn {
    /// Another process has it, or has had it.
    NotOurs,
    LeaseOver,
    WindowOver,
    OnDnc,
    PhoneHeld,
    AgencyPaused,
    OrganizationSuspended,
    CampaignNotRunning,
    AgentResting,
    NumberNotUsable,
    AccountPaused,
}

impl Withdrawn {
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::NotOurs => "another process has taken it over",
            Self::LeaseOver => "its lease was over before it was sent",
            Self::WindowOver => "its calling hours or its day were over before it was sent",
            Self::OnDnc => "the phone has come onto a do-not-call list",
            Self::PhoneHeld => "the phone has come to be left alone for a while",
            Self::AgencyPaused => "the agency has stopped all dialing",
            Self::OrganizationSuspended => "the organization was suspended",
            Self::CampaignNotRunning => "the campaign is not running any more",
            Self::AgentResting => "the agent was put to rest",
            Self::NumberNotUsable => "the number cannot be used any more",
            Self::AccountPaused => "the provider account was paused",
        }
    }
}

/// Whether the point of no return may be passed by whoever holds `fence`.
pub fn may_send(facts: &SendFacts, fence: i64, now: Timestamp) -> Result<(), Withdrawn> {
    let after = |at: Option<Timestamp>| at.is_some_and(|at| at > now);
    if !off(Protection::CompareAndSet) {
        if facts.state != AttemptState::Reserved || facts.fence != Some(fence) {
            return Err(Withdrawn::NotOurs);
        }
        if !after(facts.lease_until) {
            return Err(Withdrawn::LeaseOver);
        }
    }
    if !after(facts.send_before) && !off(Protection::Window) {
        return Err(Withdrawn::WindowOver);
    }
    if facts.is_on_dnc && !off(Protection::DncAtTheSend) {
        return Err(Withdrawn::OnDnc);
    }
    let conditions = [
        (!facts.phone_is_held, Withdrawn::PhoneHeld),
        (facts.agency_dials, Withdrawn::AgencyPaused),
        (facts.organization_is_active, Withdrawn::OrganizationSuspended),
        (facts.campaign_is_running, Withdrawn::CampaignNotRunning),
        (facts.agent_is_active, Withdrawn::AgentResting),
        (facts.number_is_usable, Withdrawn::NumberNotUsable),
        (facts.account_is_active, Withdrawn::AccountPaused),
    ];
    conditions.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, withdrawn)| Err(*withdrawn))
}
