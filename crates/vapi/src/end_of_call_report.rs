//! Everything about a call that is over. The same facts stand in the report and in the call itself.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use crate::artifact::{Artifact, Recording};
use crate::{Analysis, ConversationMessage, CostBreakdown, CostItem, EndedReason, StructuredOutput, tolerance};

/// How a call ended, what was said and what it cost. Any part may be absent; for unanswered calls most are.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(from = "Wire")]
pub struct EndOfCallReport {
    /// Why it ended.
    pub ended_reason: Option<EndedReason>,
    /// When it was picked up.
    pub started_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// From the report, or else from the two instants.
    pub duration_ms: Option<i64>,
    /// US dollars, all parts together.
    pub cost: Option<Decimal>,
    /// The cost by part.
    pub cost_breakdown: Option<CostBreakdown>,
    /// The cost item by item.
    pub costs: Vec<CostItem>,
    /// The whole conversation as one text.
    pub transcript: Option<String>,
    /// The conversation turn by turn.
    pub messages: Vec<ConversationMessage>,
    /// Summary, verdict and extracted fields.
    pub analysis: Analysis,
    /// Where its recordings are.
    pub recording: Recording,
    /// What structured outputs found.
    pub structured_outputs: Vec<StructuredOutput>,
    /// Where it was transferred to.
    pub destination: Option<Value>,
}

impl EndOfCallReport {
    /// Whether the other side said anything: a better sign of a person than the ended reason.
    pub fn customer_spoke(&self) -> bool {
        self.messages.iter().any(|turn| turn.role == crate::Role::User && !turn.text.trim().is_empty())
    }
}

/// Older reports have the artifact's fields beside it, newer ones in it, many in both.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Wire {
    #[serde(deserialize_with = "tolerance::optional")]
    ended_reason: Option<EndedReason>,
    #[serde(deserialize_with = "tolerance::instant")]
    started_at: Option<Timestamp>,
    #[serde(deserialize_with = "tolerance::instant")]
    ended_at: Option<Timestamp>,
    #[serde(deserialize_with = "tolerance::optional")]
    duration_ms: Option<f64>,
    #[serde(deserialize_with = "tolerance::optional")]
    duration_seconds: Option<f64>,
    #[serde(deserialize_with = "tolerance::decimal")]
    cost: Option<Decimal>,
    #[serde(deserialize_with = "tolerance::optional")]
    cost_breakdown: Option<CostBreakdown>,
    #[serde(deserialize_with = "tolerance::list")]
    costs: Vec<CostItem>,
    #[serde(deserialize_with = "tolerance::text")]
    transcript: Option<String>,
    #[serde(deserialize_with = "tolerance::text")]
    summary: Option<String>,
    #[serde(deserialize_with = "tolerance::list")]
    messages: Vec<ConversationMessage>,
    #[serde(deserialize_with = "tolerance::optional")]
    analysis: Option<Analysis>,
    #[serde(deserialize_with = "tolerance::optional")]
    artifact: Option<Artifact>,
    #[serde(deserialize_with = "tolerance::optional")]
    recording_url: Option<String>,
    #[serde(deserialize_with = "tolerance::optional")]
    stereo_recording_url: Option<String>,
    #[serde(deserialize_with = "tolerance::optional")]
    destination: Option<Value>,
}

impl From<Wire> for EndOfCallReport {
    fn from(wire: Wire) -> Self {
        let duration_ms = wire.duration_ms();
        let artifact = wire.artifact.unwrap_or_default();
        let mut analysis = wire.analysis.unwrap_or_default();
        analysis.summary = analysis.summary.or(wire.summary);
        let mut recording = artifact.recording;
        recording.mono_url = recording.mono_url.or(wire.recording_url);
        recording.stereo_url = recording.stereo_url.or(wire.stereo_recording_url);
        Self {
            ended_reason: wire.ended_reason,
            started_at: wire.started_at,
            ended_at: wire.ended_at,
            duration_ms,
            cost: wire.cost.or(wire.cost_breakdown.as_ref().and_then(|parts| parts.total)),
            cost_breakdown: wire.cost_breakdown,
            costs: wire.costs,
            transcript: artifact.transcript.or(wire.transcript),
            messages: if artifact.messages.is_empty() { wire.messages } else { artifact.messages },
            analysis,
            recording,
            structured_outputs: artifact.structured_outputs,
            destination: wire.destination,
        }
    }
}

impl Wire {
    #[expect(clippy::cast_possible_truncation, reason = "a float of milliseconds that does not fit saturates")]
    fn duration_ms(&self) -> Option<i64> {
        let reported = self.duration_ms.or_else(|| self.duration_seconds.map(|seconds| seconds * 1000.0));
        if let Some(milliseconds) = reported {
            return Some(milliseconds.round() as i64);
        }
        let (started_at, ended_at) = self.started_at.zip(self.ended_at)?;
        Some(ended_at.as_millisecond() - started_at.as_millisecond())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CostKind;

    fn read(json: &str) -> EndOfCallReport {
        serde_json::from_str(json).unwrap()
    }

    fn amount(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_report_has_cost_by_part_exactly_as_written() {
        let report = read(
            r#"{"cost":0.0192,
                "costBreakdown":{"stt":0.0033,"llm":0.0,"vapi":0.0118,"total":0.0192,"llmPromptTokens":0,
                                 "knowledgeBaseCost":0.001,
                                 "analysisCostBreakdown":{"summary":0.001,"successEvaluation":0.0031}},
                "costs":[{"type":"vapi","subType":"normal","cost":0.0118,"minutes":0.2364},{"type":"brand-new","cost":1}]}"#,
        );

        let parts = report.cost_breakdown.unwrap();
        assert_eq!(report.cost, Some(amount("0.0192")));
        assert_eq!((parts.stt, parts.vapi), (Some(amount("0.0033")), Some(amount("0.0118"))));
        assert_eq!((parts.llm, parts.tts), (Some(amount("0.0")), None));
        assert_eq!((parts.knowledge_base, parts.analysis.total()), (Some(amount("0.001")), amount("0.0041")));
        assert_eq!((&report.costs[0].kind, report.costs[0].minutes), (&CostKind::Vapi, Some(amount("0.2364"))));
        assert_eq!(report.costs[1].kind, CostKind::Unknown("brand-new".into()));
    }

    #[test]
    fn what_stands_beside_the_artifact_fills_what_is_not_in_it() {
        let report = read(
            r#"{"transcript":"AI: Hi.","summary":"Short.","messages":[{"role":"user","message":"Hi."}],
                "recordingUrl":"https://r/mono","stereoRecordingUrl":"https://r/stereo",
                "artifact":{"messages":[]}}"#,
        );

        assert_eq!(
            (report.transcript.as_deref(), report.analysis.summary.as_deref()),
            (Some("AI: Hi."), Some("Short."))
        );
        assert_eq!(report.messages.len(), 1);
        assert_eq!(report.recording.mono_url.as_deref(), Some("https://r/mono"));
        assert_eq!(report.recording.stereo_url.as_deref(), Some("https://r/stereo"));
        assert!(report.customer_spoke());
    }

    #[test]
    fn the_artifact_has_recordings_and_structured_outputs() {
        let report = read(
            r#"{"artifact":{"transcript":"AI: Hi.",
                "recording":{"stereoUrl":"s","mono":{"combinedUrl":"m","assistantUrl":"a","customerUrl":"c"}},
                "structuredOutputs":{"o1":{"name":"Booked","result":true},"o2":{"result":{"n":1}}}}}"#,
        );

        let urls = [
            report.recording.mono_url,
            report.recording.stereo_url,
            report.recording.assistant_url,
            report.recording.customer_url,
        ];
        assert_eq!(urls.map(Option::unwrap), ["m", "s", "a", "c"]);
        assert_eq!(report.structured_outputs[0].name.as_deref(), Some("Booked"));
        assert_eq!(report.structured_outputs[0].result, true);
        assert_eq!(report.structured_outputs[1].result["n"], 1);
    }

    #[test]
    fn the_duration_is_reported_or_computed() {
        assert_eq!(read(r#"{"durationMs":14186,"durationSeconds":14.186}"#).duration_ms, Some(14186));
        assert_eq!(read(r#"{"durationSeconds":25.276}"#).duration_ms, Some(25276));
        let instants = r#"{"startedAt":"2026-07-16T18:00:00.000Z","endedAt":"2026-07-16T18:03:00.250Z"}"#;
        assert_eq!(read(instants).duration_ms, Some(180_250));
        assert_eq!(read("{}").duration_ms, None);
    }

    #[test]
    fn a_verdict_and_extracted_fields_are_read() {
        let report = read(r#"{"analysis":{"successEvaluation":true,"structuredData":{"budget":5},"summary":null}}"#);

        assert_eq!(report.analysis.success.as_deref(), Some("true"));
        assert_eq!(report.analysis.structured_data.unwrap()["budget"], 5);
        assert_eq!(report.analysis.summary, None);
    }

    #[test]
    fn a_report_without_anything_is_empty() {
        assert_eq!(read(r#"{"artifact":null,"analysis":null,"costBreakdown":null}"#), EndOfCallReport::default());
    }
}
