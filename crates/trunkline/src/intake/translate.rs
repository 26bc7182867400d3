//! From the provider's words to ours. The only room that knows both.

use super::nul::without_nul;
use crate::domain::call_evidence::{CallEvidence, Consequence, Direction, Ended, Report};
use crate::domain::conversation::{Said, Turn};
use crate::domain::ids::AttemptId;
use crate::domain::outcome::{EndedAs, NeverDialed, Outcome};
use crate::domain::status::CallStatus;
use crate::store::Error;
use crate::store::events::{Event, Source};
use rust_decimal::Decimal;
use vapi::{
    Call, CallKind, CallSnapshot, ConversationMessage, EndOfCallReport, EndedReason, EndedReasonGroup, Envelope,
    Fetched, Role, ServerMessage,
};

/// What an event says.
pub(super) enum Meaning {
    Nothing,
    Evidence(CallEvidence),
    /// Of a call that a restored ledger does not know.
    Unknown(Box<Fetched<Call>>, CallEvidence),
}

pub(super) fn event(event: &Event) -> Result<Meaning, Error> {
    let body = event.body.unpack()?;
    let body = without_nul(&body);
    if event.source == Source::Webhook {
        let envelope = Envelope::parse(&body).map_err(|error| Error::Database(error.into()))?;
        return Ok(webhook(&envelope, event.attempt).map_or(Meaning::Nothing, Meaning::Evidence));
    }
    let call = serde_json::from_slice(&body).map_err(|error| Error::Database(error.into()))?;
    let evidence = record(&call, event.attempt);
    Ok(match event.source {
        Source::Adoption => Meaning::Unknown(Box::new(call), evidence),
        Source::Poll | Source::Webhook => Meaning::Evidence(evidence),
    })
}

/// What a webhook proves; `None` if it says nothing about a call's life.
fn webhook(envelope: &Envelope, attempt: Option<AttemptId>) -> Option<CallEvidence> {
    let call = envelope.head.call.as_ref()?;
    let mut evidence = from_snapshot(call, attempt);
    evidence.assistant_id = evidence.assistant_id.or_else(|| envelope.head.assistant_id.clone());
    evidence.provider_number_id = evidence.provider_number_id.or_else(|| envelope.head.phone_number_id.clone());
    evidence.phone =
        evidence.phone.or_else(|| envelope.head.customer.as_ref().and_then(|customer| customer.number.clone()));
    match &envelope.message {
        ServerMessage::StatusUpdate(update) => {
            evidence.status = Some(status(&update.status));
            let is_over = update.status == vapi::CallStatus::Ended;
            evidence.ended = update.ended_reason.as_ref().filter(|_| is_over).map(|reason| ended(reason, None));
        }
        ServerMessage::EndOfCallReport(end) => {
            evidence.status = Some(CallStatus::Ended);
            let reason = end.ended_reason.clone().unwrap_or_else(|| EndedReason::from("unknown"));
            evidence.ended = Some(ended(&reason, Some(end)));
            evidence.report = Some(report(end, true));
        }
        // Calls that are known to be live by what is said in them.
        ServerMessage::ToolCalls(_)
        | ServerMessage::ConversationUpdate(_)
        | ServerMessage::Transcript(_)
        | ServerMessage::SpeechUpdate(_) => evidence.status = Some(CallStatus::InProgress),
        // Everything else proves that the call exists, and no more.
        _ => {}
    }
    Some(evidence)
}

/// What the provider's own record of a call proves.
fn record(call: &Fetched<Call>, attempt: Option<AttemptId>) -> CallEvidence {
    let is_over = call.has_ended();
    let end = is_over.then(|| call.report());
    let reason = call.ended_reason.clone().unwrap_or_else(|| EndedReason::from("unknown"));
    CallEvidence {
        provider_call_id: call.id.clone(),
        attempt: attempt.or_else(|| call.name.as_deref().and_then(|name| name.parse().ok())),
        direction: call.kind.as_ref().and_then(direction),
        assistant_id: call.assistant_id.clone(),
        provider_number_id: call.phone_number_id.clone(),
        phone: call.customer.as_ref().and_then(|customer| customer.number.clone()),
        status: call.status.as_ref().map(status),
        placed_at: call.created_at,
        ended: end.as_ref().map(|end| ended(&reason, Some(end))),
        report: end.as_ref().map(|end| report(end, true)),
    }
}

fn from_snapshot(call: &CallSnapshot, attempt: Option<AttemptId>) -> CallEvidence {
    let marker = call.name.as_deref().and_then(|name| name.parse().ok());
    CallEvidence {
        provider_call_id: call.id.clone(),
        attempt: attempt.or(marker).or_else(|| call.mark("attempt")?.parse().ok()),
        direction: call.kind.as_ref().and_then(direction),
        assistant_id: call.assistant_id.clone(),
        provider_number_id: call.phone_number_id.clone(),
        phone: call.customer.as_ref().and_then(|customer| customer.number.clone()),
        status: None,
        placed_at: None,
        ended: None,
        report: None,
    }
}

fn direction(kind: &CallKind) -> Option<Direction> {
    match kind {
        CallKind::InboundPhone => Some(Direction::Inbound),
        CallKind::OutboundPhone => Some(Direction::Outbound),
        CallKind::Web | CallKind::Websocket => Some(Direction::Web),
        // A kind of next year: the direction is left to what else is known.
        CallKind::Unknown(_) => None,
    }
}

fn status(status: &vapi::CallStatus) -> CallStatus {
    match status {
        vapi::CallStatus::Queued | vapi::CallStatus::Scheduled => CallStatus::Queued,
        vapi::CallStatus::Ringing => CallStatus::Ringing,
        vapi::CallStatus::InProgress => CallStatus::InProgress,
        vapi::CallStatus::Forwarding => CallStatus::Forwarding,
        vapi::CallStatus::Ended => CallStatus::Ended,
        other => CallStatus::Other(other.as_str().to_owned()),
    }
}

fn ended(reason: &EndedReason, report: Option<&EndOfCallReport>) -> Ended {
    let class = reason.classify();
    Ended {
        reason: reason.as_str().to_owned(),
        ended_as: ended_as(reason, report),
        consequence: consequence(reason, class.group),
    }
}

/// What the end proves about the lead's phone. A unit goes back only on the closed list of ends that never dialed.
fn ended_as(reason: &EndedReason, report: Option<&EndOfCallReport>) -> EndedAs {
    use EndedReasonGroup as Group;
    let class = reason.classify();
    if class.never_dialed {
        return EndedAs::NeverDialed(match class.group {
            Group::BadNumber => NeverDialed::BadNumber,
            Group::Concurrency => NeverDialed::NoFreeLine,
            Group::Account => NeverDialed::AccountBlocked,
            Group::NumberQuota if is_daily_limit(reason) => NeverDialed::NumberSpent,
            Group::NumberQuota | Group::Configuration | Group::PipelineConfiguration => NeverDialed::SetupBroken,
            // Whatever else failed before dialing is the provider's trouble.
            _ => NeverDialed::ProviderTrouble,
        });
    }
    match class.group {
        Group::Answered | Group::Transfer => EndedAs::Rang(Outcome::Answered),
        Group::NoAnswer => EndedAs::Rang(Outcome::NoAnswer),
        Group::Busy => EndedAs::Rang(Outcome::Busy),
        Group::Voicemail => EndedAs::Rang(Outcome::Voicemail),
        Group::Rejected | Group::BadNumber => EndedAs::Rang(Outcome::Refused),
        // The reason does not tell whether somebody picked up; what was said does.
        _ if report.is_some_and(EndOfCallReport::customer_spoke) => EndedAs::Rang(Outcome::Answered),
        // Somebody ended it by hand, at the provider: the lead is not rung again of itself.
        Group::Cancelled => EndedAs::Rang(Outcome::Refused),
        _ => EndedAs::Maybe,
    }
}

/// The other limit of a number, that it calls no other country, is over at no time: its leads are to blame as much.
fn is_daily_limit(reason: &EndedReason) -> bool {
    reason.as_str().contains("daily-limit")
}

fn consequence(reason: &EndedReason, group: EndedReasonGroup) -> Consequence {
    match group {
        EndedReasonGroup::Concurrency => Consequence::CoolPool,
        EndedReasonGroup::NumberQuota if is_daily_limit(reason) => Consequence::RestNumber,
        EndedReasonGroup::Account => Consequence::PauseAccount,
        EndedReasonGroup::Configuration | EndedReasonGroup::PipelineConfiguration => Consequence::PauseCampaign,
        // The other ends are about this call alone.
        _ => Consequence::Nothing,
    }
}

fn report(end: &EndOfCallReport, is_whole: bool) -> Report {
    Report {
        started_at: end.started_at,
        ended_at: end.ended_at,
        duration_ms: end.duration_ms.filter(|ms| *ms >= 0),
        cost: end.cost,
        cost_parts: cost_parts(end),
        transcript: end.transcript.clone(),
        turns: turns(&end.messages),
        summary: end.analysis.summary.clone(),
        success: end.analysis.success.clone(),
        structured_data: end.analysis.structured_data.clone().unwrap_or_default(),
        recording_url: end.recording.mono_url.clone().or_else(|| end.recording.stereo_url.clone()),
        is_whole,
    }
}

fn cost_parts(end: &EndOfCallReport) -> Vec<(String, Decimal)> {
    let Some(parts) = &end.cost_breakdown else { return Vec::new() };
    let analysis = Some(parts.analysis.total()).filter(|total| !total.is_zero());
    let named = [
        ("vapi", parts.vapi),
        ("tts", parts.tts),
        ("llm", parts.llm),
        ("stt", parts.stt),
        ("transport", parts.transport),
        ("chat", parts.chat),
        ("knowledge_base", parts.knowledge_base),
        ("voicemail_detection", parts.voicemail_detection),
        ("analysis", analysis),
    ];
    named.into_iter().filter_map(|(part, amount)| Some((part.to_owned(), amount?))).collect()
}

/// The conversation without the prompt, which is the agency's. A tool's answer joins its call.
fn turns(messages: &[ConversationMessage]) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut waiting: Vec<(&str, usize)> = Vec::new();
    for message in messages {
        let at_ms = message.seconds_from_start.map(|seconds| milliseconds(seconds * 1000.0));
        let lasted_ms = message.duration_ms.map(milliseconds);
        let text = message.text.clone();
        match &message.role {
            role if role.is_assistant() => turns.push(Turn { said: Said::Agent { text }, at_ms, lasted_ms }),
            Role::User => turns.push(Turn { said: Said::Lead { text }, at_ms, lasted_ms }),
            Role::ToolCalls => {
                for call in &message.tool_calls {
                    waiting.push((&call.id, turns.len()));
                    let said = Said::Tool { name: call.name.clone(), result: String::new() };
                    turns.push(Turn { said, at_ms, lasted_ms: None });
                }
            }
            Role::ToolCallResult | Role::Tool => {
                let id = message.tool_call_id.as_deref().unwrap_or_default();
                let Some((_, place)) = waiting.iter().find(|(call, _)| *call == id) else { continue };
                let turn = &mut turns[*place];
                turn.lasted_ms = at_ms.zip(turn.at_ms).map(|(answered, asked)| answered.saturating_sub(asked));
                if let Said::Tool { result, .. } = &mut turn.said {
                    *result = text;
                }
            }
            // The prompt, and roles of next year, are not of the conversation.
            _ => {}
        }
    }
    turns
}

/// Times that are negative or absurd are cut to what a recording can have.
fn milliseconds(number: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to the range first")]
    let whole = number.clamp(0.0, f64::from(u32::MAX)) as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken() -> EndOfCallReport {
        serde_json::from_str(r#"{"messages": [{"role": "user", "message": "Hello?", "time": 1}]}"#).unwrap()
    }

    #[track_caller]
    fn check(reason: &str, expected: EndedAs, consequence: Consequence) {
        let found = ended(&EndedReason::from(reason), None);
        assert_eq!((found.ended_as, found.consequence), (expected, consequence), "{reason}");
        assert_eq!(found.reason, reason);
    }

    #[test]
    fn what_reached_the_phone_rang() {
        let rang = |reason, outcome| check(reason, EndedAs::Rang(outcome), Consequence::Nothing);
        rang("customer-ended-call", Outcome::Answered);
        rang("silence-timed-out", Outcome::Answered);
        rang("call.forwarding.operator-busy", Outcome::Answered);
        rang("customer-did-not-answer", Outcome::NoAnswer);
        rang("customer-busy", Outcome::Busy);
        rang("voicemail", Outcome::Voicemail);
        rang("vonage-rejected", Outcome::Refused);
        rang("twilio-reported-customer-misdialed", Outcome::Refused);
        rang("manually-canceled", Outcome::Refused);
    }

    #[test]
    fn what_never_dialed_gives_its_unit_back_and_holds_what_is_to_blame() {
        let never = |reason, cause, consequence| check(reason, EndedAs::NeverDialed(cause), consequence);
        never("call.start.error-vapifault-get-org", NeverDialed::ProviderTrouble, Consequence::Nothing);
        never(
            "call.start.error-subscription-concurrency-limit-reached",
            NeverDialed::NoFreeLine,
            Consequence::CoolPool,
        );
        never("call.start.error-subscription-frozen", NeverDialed::AccountBlocked, Consequence::PauseAccount);
        never("call.start.error-vapi-number-outbound-daily-limit", NeverDialed::NumberSpent, Consequence::RestNumber);
        never("call.start.error-vapi-number-international", NeverDialed::SetupBroken, Consequence::Nothing);
        never("call.start.error-get-assistant", NeverDialed::SetupBroken, Consequence::PauseCampaign);
    }

    #[test]
    fn what_may_have_rung_stays_counted() {
        for reason in ["twilio-failed-to-connect-call", "a-reason-of-next-year", "unknown", "worker-shutdown"] {
            check(reason, EndedAs::Maybe, Consequence::Nothing);
        }
        check("pipeline-error-openai-401-unauthorized", EndedAs::Maybe, Consequence::PauseCampaign);
    }

    #[test]
    fn a_reason_that_does_not_tell_is_told_by_what_was_said() {
        let said = |reason: &str, report: &EndOfCallReport| ended(&EndedReason::from(reason), Some(report)).ended_as;
        let silent = EndOfCallReport::default();

        assert_eq!(said("worker-shutdown", &spoken()), EndedAs::Rang(Outcome::Answered));
        assert_eq!(said("manually-canceled", &spoken()), EndedAs::Rang(Outcome::Answered));
        assert_eq!(said("worker-shutdown", &silent), EndedAs::Maybe);
        // A greeting of a voicemail box is a word of the user, too.
        assert_eq!(said("voicemail", &spoken()), EndedAs::Rang(Outcome::Voicemail));
    }
}
