//! Deliveries and answers of Vapi as others have recorded them.

use vapi::{Blame, CallKind, EndOfCallReport, Envelope, Error, MessageKind, Role, ServerMessage};

use crate::facts;
use crate::provider::{Provider, Reply};

fn envelope(name: &str) -> Option<Envelope> {
    let bytes = std::fs::read(facts::path(&format!("payloads/{name}"))?).unwrap();
    Some(Envelope::parse(&bytes).unwrap())
}

fn report(name: &str) -> Option<EndOfCallReport> {
    match envelope(name)?.message {
        ServerMessage::EndOfCallReport(report) => Some(*report),
        other => panic!("not a report: {other:?}"),
    }
}

#[test]
fn every_recorded_delivery_is_of_a_known_type() {
    let Some(folder) = facts::path("payloads") else {
        return;
    };
    let mut deliveries = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let is_answer = name.starts_with("rest.") || name.starts_with("official.response.");
        if is_answer || path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let envelope = Envelope::parse(&std::fs::read(&path).unwrap()).unwrap();
        let type_ = name.strip_prefix("official.").unwrap_or(&name).split('.').next().unwrap().to_owned();
        assert_eq!(envelope.head.kind, MessageKind::from(type_.as_str()), "{name}");
        assert!(!matches!(envelope.message, ServerMessage::Unknown { .. }), "{name}");
        deliveries += 1;
    }
    assert!(deliveries >= 16, "{deliveries}");
}

#[test]
fn an_inbound_call_of_2024_has_its_number_caller_and_iso_time() {
    let Some(envelope) = envelope("assistant-request.inbound-twilio.2024-07.json") else {
        return;
    };

    let head = envelope.head;
    assert!(head.kind.expects_answer());
    assert_eq!(head.phone_number_id.as_deref(), Some("4a5a04dc-dcbe-45b1-8f64-fd32a253d136"));
    assert_eq!(head.customer.unwrap().number.as_deref(), Some("+15555550100"));
    assert_eq!(head.timestamp, Some("2024-07-25T18:53:47.736Z".parse().unwrap()));
    assert_eq!((head.assistant_id, head.call.unwrap().assistant_id), (None, None));
}

#[test]
fn a_report_of_2024_11_has_cost_duration_and_milliseconds() {
    let Some(report) = report("end-of-call-report.pipeline-error.2024-11.json") else {
        return;
    };

    let parts = report.cost_breakdown.as_ref().unwrap();
    assert_eq!(report.ended_reason.as_ref().unwrap().as_str(), "pipeline-error-custom-llm-llm-failed");
    assert_eq!((report.cost.unwrap().to_string(), parts.vapi.unwrap().to_string()), ("0.0192".into(), "0.0118".into()));
    assert_eq!(report.duration_ms, Some(14186));
    assert_eq!((report.costs.len(), report.messages.len()), (2, 3));
    assert_eq!((&report.messages[2].role, report.messages[2].duration_ms), (&Role::User, Some(500.0)));
    assert_eq!(report.recording.mono_url.as_deref(), Some("https://example.com/recording.wav"));
    assert_eq!(report.analysis.success.as_deref(), Some("false"));
    assert!(report.customer_spoke());
}

#[test]
fn a_report_of_2024_07_has_its_words_beside_an_empty_artifact() {
    let Some(report) = report("end-of-call-report.tool-calls-in-messages.2024-07.json") else {
        return;
    };

    assert_eq!(report.messages.len(), 17);
    let called = report.messages.iter().find(|turn| turn.role == Role::ToolCalls).unwrap();
    assert_eq!(called.tool_calls[0].name, "getWeatherByCity_001");
    assert_eq!(called.tool_calls[0].arguments["city"], "Danville");
    // Seconds in this report: 4.31 for words that took 3.38 s.
    assert_eq!(report.messages[2].duration_ms.map(f64::round), Some(4310.0));
    assert!(report.transcript.unwrap().starts_with("AI: Hi there."));
    assert!(report.recording.stereo_url.is_some());
}

#[test]
fn tools_are_called_in_all_recorded_shapes() {
    let names = [
        ("tool-calls.object-arguments.a.2024-07.json", "getWeatherByCity_001", "city"),
        ("official.tool-calls.name-parameters.json", "function_name", "key"),
    ];
    for (file, tool, argument) in names {
        let Some(envelope) = envelope(file) else {
            return;
        };
        let ServerMessage::ToolCalls(asked) = envelope.message else {
            panic!("not tool calls: {file}");
        };
        assert_eq!(asked.calls.len(), 1);
        assert_eq!(asked.calls[0].name, tool);
        assert!(asked.calls[0].arguments.contains_key(argument));
    }
}

#[tokio::test]
async fn the_recorded_refusals_blame_whom_they_should() {
    let recorded = [
        (400, "rest.post-call.400.daily-limit.json", Blame::Number),
        (400, "rest.post-call.400.e164.json", Blame::Lead),
        (400, "rest.post-call.400.over-concurrency.json", Blame::LinePool),
        (400, "rest.post-call.400.unknown-phone-number.json", Blame::Number),
        (400, "rest.post-call.400.no-phone-number.json", Blame::Number),
        (401, "rest.401.invalid-key.json", Blame::Account),
    ];
    for (status, file, blame) in recorded {
        let Some(path) = facts::path(&format!("payloads/{file}")) else {
            return;
        };
        let provider = Provider::start([Reply::Json(status, std::fs::read_to_string(path).unwrap())]).await;

        let refused = provider.client().get_call("c1").await;

        assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.blame == blame), "{file}");
    }
}

#[tokio::test]
async fn the_recorded_call_of_2025_11_has_its_marks_and_kind() {
    let Some(path) = facts::path("payloads/rest.post-call.201.outbound-metadata.2025-11.json") else {
        return;
    };
    let provider = Provider::start([Reply::Json(200, std::fs::read_to_string(path).unwrap())]).await;

    let call = provider.client().get_call("c1").await.unwrap();

    assert_eq!(call.id, "019a9c95-32a0-7ccd-93e9-2655308be9ae");
    assert_eq!((call.mark("source"), call.kind.clone()), (Some("example"), Some(CallKind::OutboundPhone)));
    assert_eq!(call.created_at, Some("2025-11-19T14:46:54.880Z".parse().unwrap()));
}
