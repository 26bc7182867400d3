//! What a call cost at Vapi, by part. US dollars, exactly as Vapi writes them.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::open_text::open_text;
use crate::tolerance;

/// `costBreakdown`. Vapi's parts need not add up to its total.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CostBreakdown {
    /// Telephony.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub transport: Option<Decimal>,
    /// Speech to text.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub stt: Option<Decimal>,
    /// The model.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub llm: Option<Decimal>,
    /// Text to speech.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub tts: Option<Decimal>,
    /// Vapi's own fee.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub vapi: Option<Decimal>,
    /// Chat messages.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub chat: Option<Decimal>,
    /// Searches in knowledge bases.
    #[serde(rename = "knowledgeBaseCost", deserialize_with = "tolerance::decimal")]
    pub knowledge_base: Option<Decimal>,
    /// Telling a box from a person.
    #[serde(rename = "voicemailDetectionCost", deserialize_with = "tolerance::decimal")]
    pub voicemail_detection: Option<Decimal>,
    /// Everything.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub total: Option<Decimal>,
    /// Analysis after the call.
    #[serde(rename = "analysisCostBreakdown")]
    pub analysis: AnalysisCost,
    /// Tokens given to the model.
    #[serde(deserialize_with = "tolerance::optional")]
    pub llm_prompt_tokens: Option<i64>,
    /// Tokens written by the model.
    #[serde(deserialize_with = "tolerance::optional")]
    pub llm_completion_tokens: Option<i64>,
    /// Characters spoken.
    #[serde(deserialize_with = "tolerance::optional")]
    pub tts_characters: Option<i64>,
}

/// What the analysis after the call cost.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AnalysisCost {
    /// The summary.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub summary: Option<Decimal>,
    /// The extracted fields.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub structured_data: Option<Decimal>,
    /// The verdict.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub success_evaluation: Option<Decimal>,
    /// The structured outputs.
    #[serde(deserialize_with = "tolerance::decimal")]
    pub structured_output: Option<Decimal>,
}

impl AnalysisCost {
    /// All of it.
    pub fn total(&self) -> Decimal {
        [self.summary, self.structured_data, self.success_evaluation, self.structured_output]
            .into_iter()
            .flatten()
            .sum()
    }
}

open_text! {
    /// What an item of `costs` is for.
    CostKind {
        /// Telephony.
        Transport = "transport",
        /// Speech to text.
        Transcriber = "transcriber",
        /// The model.
        Model = "model",
        /// Text to speech.
        Voice = "voice",
        /// Vapi's own fee.
        Vapi = "vapi",
        /// Telling a box from a person.
        VoicemailDetection = "voicemail-detection",
        /// Analysis after the call.
        Analysis = "analysis",
        /// Searches in knowledge bases.
        KnowledgeBase = "knowledge-base",
    }
}

/// One item of `costs`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CostItem {
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: CostKind,
    /// US dollars.
    #[serde(default, deserialize_with = "tolerance::decimal")]
    pub cost: Option<Decimal>,
    /// What it was measured by, if by time.
    #[serde(default, deserialize_with = "tolerance::decimal")]
    pub minutes: Option<Decimal>,
    /// `normal` or `overage` for Vapi's own fee.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub sub_type: Option<String>,
    /// Which part of the analysis.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub analysis_type: Option<String>,
}
