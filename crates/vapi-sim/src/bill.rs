//! What a call costs, in parts that add up to the total, exactly: everything is counted in millionths of a dollar.

use serde_json::{Value, json};

use crate::conversation::{Said, Transcript};

/// Vapi's platform fee, prorated: 0.4213 minutes cost 0.021065.
const VAPI_MICROS_PER_MINUTE: f64 = 50_000.0;
const TRANSPORT_MICROS_PER_MINUTE: f64 = 14_000.0;
const TRANSCRIBER_MICROS_PER_MINUTE: f64 = 9_800.0;
const PROMPT_MICROS_PER_TOKEN: f64 = 0.4;
const COMPLETION_MICROS_PER_TOKEN: f64 = 1.6;
const VOICE_MICROS_PER_CHARACTER: f64 = 22.0;
const VOICEMAIL_DETECTION_MICROS: u64 = 1_200;
const SUMMARY_MICROS: u64 = 1_500;
const STRUCTURED_DATA_MICROS: u64 = 1_900;
const SUCCESS_EVALUATION_MICROS: u64 = 1_100;
/// Tokens sent to the model for each answer besides the growing conversation.
const PROMPT_TOKENS_BASE: u64 = 600;
const CHARACTERS_PER_TOKEN: u64 = 4;

/// The parts of a call's price in millionths of a dollar, with the amounts they were computed from.
#[derive(Debug, Default)]
pub(crate) struct Bill {
    minutes: f64,
    vapi: u64,
    transport: u64,
    transcriber: u64,
    model: u64,
    voice: u64,
    voicemail_detection: u64,
    summary: u64,
    structured_data: u64,
    success_evaluation: u64,
    prompt_tokens: u64,
    completion_tokens: u64,
    voice_characters: u64,
    transport_provider: String,
}

impl Bill {
    /// The bill of a call that was talked on; one that nobody picked up costs nothing.
    pub(crate) fn new(transcript: Option<&Transcript>, talk_seconds: f64, transport_provider: &str) -> Self {
        let transport_provider = transport_provider.to_owned();
        let Some(transcript) = transcript else {
            return Self { transport_provider, ..Self::default() };
        };
        let minutes = (talk_seconds / 60.0 * 10_000.0).round() / 10_000.0;
        let mut bill = Self {
            minutes,
            vapi: micros(minutes * VAPI_MICROS_PER_MINUTE),
            transport: micros(minutes * TRANSPORT_MICROS_PER_MINUTE),
            transcriber: micros(minutes * TRANSCRIBER_MICROS_PER_MINUTE),
            transport_provider,
            ..Self::default()
        };
        bill.add_words(transcript);
        if transcript.ended_reason == "voicemail" {
            bill.voicemail_detection = VOICEMAIL_DETECTION_MICROS;
        }
        if is_analyzed(transcript) {
            bill.summary = SUMMARY_MICROS;
            bill.structured_data = STRUCTURED_DATA_MICROS;
            bill.success_evaluation = SUCCESS_EVALUATION_MICROS;
        }
        bill
    }

    fn add_words(&mut self, transcript: &Transcript) {
        let mut heard = 0;
        for item in &transcript.items {
            let said = match &item.said {
                Said::Agent(text) => {
                    self.voice_characters += text.len() as u64;
                    self.completion_tokens += text.len() as u64 / CHARACTERS_PER_TOKEN;
                    self.prompt_tokens += PROMPT_TOKENS_BASE + heard / CHARACTERS_PER_TOKEN;
                    text.len()
                }
                Said::Person(text) => text.len(),
                Said::ToolCall { .. } | Said::ToolResult { .. } => 0,
            };
            heard += said as u64;
        }
        self.model = micros(times(self.prompt_tokens, PROMPT_MICROS_PER_TOKEN))
            + micros(times(self.completion_tokens, COMPLETION_MICROS_PER_TOKEN));
        self.voice = micros(times(self.voice_characters, VOICE_MICROS_PER_CHARACTER));
    }

    fn analysis(&self) -> u64 {
        self.summary + self.structured_data + self.success_evaluation
    }

    fn total_micros(&self) -> u64 {
        let carried = self.transport + self.transcriber + self.model + self.voice;
        self.vapi + carried + self.voicemail_detection + self.analysis()
    }

    /// The total in dollars.
    pub(crate) fn total(&self) -> f64 {
        dollars(self.total_micros())
    }

    /// `costBreakdown`: its parts, with those of the analysis, add up to `total`.
    pub(crate) fn breakdown(&self) -> Value {
        json!({
            "transport": dollars(self.transport),
            "stt": dollars(self.transcriber),
            "llm": dollars(self.model),
            "tts": dollars(self.voice),
            "vapi": dollars(self.vapi),
            "chat": 0,
            "total": self.total(),
            "llmPromptTokens": self.prompt_tokens,
            "llmCompletionTokens": self.completion_tokens,
            "llmCachedPromptTokens": 0,
            "ttsCharacters": self.voice_characters,
            "voicemailDetectionCost": dollars(self.voicemail_detection),
            "knowledgeBaseCost": 0,
            "analysisCostBreakdown": {
                "summary": dollars(self.summary),
                "summaryPromptTokens": self.prompt_tokens / 4,
                "summaryCompletionTokens": 90,
                "structuredData": dollars(self.structured_data),
                "structuredDataPromptTokens": self.prompt_tokens / 3,
                "structuredDataCompletionTokens": 60,
                "successEvaluation": dollars(self.success_evaluation),
                "successEvaluationPromptTokens": self.prompt_tokens / 4,
                "successEvaluationCompletionTokens": 1,
            },
        })
    }

    /// `costs`: the same parts as items; empty for a call nobody picked up.
    pub(crate) fn items(&self) -> Vec<Value> {
        if self.total_micros() == 0 {
            return Vec::new();
        }
        let minutes = self.minutes;
        let mut items = vec![
            json!({ "type": "transport", "provider": self.transport_provider, "minutes": minutes,
                    "cost": dollars(self.transport) }),
            json!({ "type": "transcriber", "minutes": minutes, "cost": dollars(self.transcriber),
                    "transcriber": { "provider": "deepgram", "model": "nova-3" } }),
            json!({ "type": "model", "promptTokens": self.prompt_tokens, "completionTokens": self.completion_tokens,
                    "cachedPromptTokens": 0, "cost": dollars(self.model),
                    "model": { "provider": "openai", "model": "gpt-4.1-mini" } }),
            json!({ "type": "voice", "characters": self.voice_characters, "cost": dollars(self.voice),
                    "voice": { "provider": "vapi", "voiceId": "Elliot" } }),
            json!({ "type": "vapi", "subType": "normal", "minutes": minutes, "cost": dollars(self.vapi) }),
        ];
        if self.voicemail_detection > 0 {
            items.push(json!({
                "type": "voicemail-detection", "provider": "vapi", "cost": dollars(self.voicemail_detection),
                "model": { "provider": "google", "model": "gemini-2.5-flash" },
                "promptTextTokens": 180, "promptAudioTokens": 240,
                "completionTextTokens": 12, "completionAudioTokens": 0,
            }));
        }
        let analyses = [
            ("summary", self.summary),
            ("structuredData", self.structured_data),
            ("successEvaluation", self.success_evaluation),
        ];
        for (kind, cost) in analyses.into_iter().filter(|(_, cost)| *cost > 0) {
            items.push(json!({
                "type": "analysis", "analysisType": kind, "cost": dollars(cost),
                "model": { "provider": "google", "model": "gemini-2.5-flash" },
                "promptTokens": self.prompt_tokens / 4, "completionTokens": 60, "cachedPromptTokens": 0,
            }));
        }
        items
    }
}

/// Vapi analyses a conversation of at least two messages.
pub(crate) fn is_analyzed(transcript: &Transcript) -> bool {
    transcript.items.len() >= 2
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a price of a call fits and is not negative"
)]
fn micros(amount: f64) -> u64 {
    amount.round() as u64
}

#[expect(clippy::cast_precision_loss, reason = "token counts are small")]
fn times(count: u64, each: f64) -> f64 {
    count as f64 * each
}

/// Millionths as a number that prints with at most six decimals.
#[expect(clippy::cast_precision_loss, reason = "a price of a call is far below 2^53 millionths")]
fn dollars(micros: u64) -> f64 {
    micros as f64 / 1_000_000.0
}
