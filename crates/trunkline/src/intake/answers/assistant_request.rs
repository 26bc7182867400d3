//! `assistant-request`: who takes a call that came in.

use super::{Answers, NOBODY, Question, in_time};
use crate::domain::ids::{AgentId, OrganizationId, PhoneNumberId};
use crate::domain::inbound_policy::{self, Decision, Facts, InboundPlan};
use crate::domain::time_zone;
use crate::store::Result;
use crate::store::callers::{self, Caller, Incoming};
use crate::store::reception::{Deployed, Reception};
use jiff::tz::TimeZone;
use vapi::{AssistantOverrides, AssistantRequestAnswer, Destination};

pub(super) async fn answer(answers: &Answers, question: &Question) -> AssistantRequestAnswer {
    let Some(organization) = question.organization else { return say(None) };
    let Some(reception) = answers.reception(question).await else { return say(None) };
    let number = question.head.phone_number_id.as_ref();
    let number = number.and_then(|id| reception.numbers.get(&(question.account, id.clone())).copied());
    let caller = in_time("what is known of its caller", caller(answers, organization, question, number)).await;
    let decision = decide(answers, question, &reception, (number, caller.as_ref()));
    if let Decision::TakeInstead(_, because) | Decision::Forward { because, .. } | Decision::Say(_, because) = &decision
    {
        tracing::info!(organization.id = %organization, %because, "a call that came in is not taken as planned");
    }
    spoken(decision, question, &reception, caller)
}

async fn caller(
    answers: &Answers,
    organization: OrganizationId,
    question: &Question,
    number: Option<PhoneNumberId>,
) -> Result<Caller> {
    let phone = question.phone();
    let incoming =
        Incoming { account: question.account, provider_call_id: question.call_id(), number, phone: phone.as_deref() };
    let tx = answers.db.tenant(organization).await?;
    let caller = callers::of(&tx, incoming).await?;
    tx.commit().await?;
    Ok(caller)
}

fn decide(
    answers: &Answers,
    question: &Question,
    reception: &Reception,
    (number, caller): (Option<PhoneNumberId>, Option<&Caller>),
) -> Decision {
    let none = InboundPlan::default();
    let plans = &reception.plans;
    let plan = number.and_then(|number| plans.get(&Some(number))).or_else(|| plans.get(&None)).unwrap_or(&none);
    let zone = time_zone::named(&reception.time_zone).unwrap_or(TimeZone::UTC);
    let agents: Vec<AgentId> = at_account(reception, question).map(|deployed| deployed.agent).collect();
    inbound_policy::decide(&Facts {
        now: answers.clock.now(),
        organization_is_active: reception.is_active,
        zone: &zone,
        plan,
        agents: &agents,
        last_agent: caller.and_then(|caller| caller.last_agent),
        organization_lines: caller.map(|caller| caller.organization_lines),
        pool_lines: caller.and_then(|caller| caller.pool_lines),
        calls_to_number: caller.map(|caller| caller.calls_to_number),
    })
}

fn spoken(
    decision: Decision,
    question: &Question,
    reception: &Reception,
    caller: Option<Caller>,
) -> AssistantRequestAnswer {
    match decision {
        Decision::Take(agent) | Decision::TakeInstead(agent, _) => {
            let deployed = at_account(reception, question).find(|deployed| deployed.agent == agent);
            match deployed {
                Some(deployed) => AssistantRequestAnswer::Assistant {
                    assistant_id: deployed.assistant_id.clone(),
                    assistant_overrides: overrides(caller),
                },
                None => say(None),
            }
        }
        Decision::Forward { number, because: _ } => AssistantRequestAnswer::Forward {
            destination: Destination::Number { number, caller_id: None, extension: None, message: None },
        },
        Decision::Say(words, _) => say(words),
    }
}

/// The agent knows a lead that calls back as well as one that it calls.
fn overrides(caller: Option<Caller>) -> Option<AssistantOverrides> {
    let variables = caller?.variables?.as_object().cloned().unwrap_or_default();
    let overrides = AssistantOverrides { variable_values: variables, ..AssistantOverrides::default() };
    (!overrides.variable_values.is_empty()).then_some(overrides)
}

fn at_account<'a>(reception: &'a Reception, question: &Question) -> impl Iterator<Item = &'a Deployed> {
    let account = question.account;
    reception.deployed.iter().filter(move |deployed| deployed.account == account)
}

fn say(words: Option<String>) -> AssistantRequestAnswer {
    AssistantRequestAnswer::Refuse { error: words.unwrap_or_else(|| NOBODY.to_owned()) }
}
