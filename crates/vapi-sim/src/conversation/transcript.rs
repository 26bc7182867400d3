//! A scene played once: who says what, from which second to which.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::tool_use::{arguments_for, name_of};
use super::words::fill_liquid;
use super::{Scene, Script, Step, Tools, Words};
use crate::chance::Chance;

const SECONDS_PER_WORD: f64 = 0.34;
const SECONDS_BEFORE_FIRST_WORD: f64 = 1.2;
/// A tool is used this long after the sentence before it, and takes this long.
const TOOL_SECONDS: f64 = 1.1;

/// Everything about a call that its conversation follows from.
pub(crate) struct Setting<'a> {
    pub(crate) scene: Scene,
    pub(crate) variables: &'a Map<String, Value>,
    pub(crate) customer_name: Option<&'a str>,
    pub(crate) phone: &'a str,
    pub(crate) first_message: Option<&'a str>,
    pub(crate) voicemail_message: Option<&'a str>,
    pub(crate) tools: &'a Tools,
    /// Cut the talk here, in seconds: the assistant's `maxDurationSeconds`.
    pub(crate) talk_seconds_max: f64,
    /// Stretch the talk to this many seconds.
    pub(crate) talk_seconds: Option<f64>,
}

/// What happens at one place of a conversation.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    Agent(String),
    Person(String),
    ToolCall { id: String, tool: Arc<Value>, name: String, arguments: Value },
    ToolResult { id: String, name: String },
}

/// One place of a conversation, in seconds from pick-up.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) start: f64,
    pub(crate) end: f64,
    pub(crate) said: Said,
}

/// A scene played once.
pub(crate) struct Transcript {
    pub(crate) items: Vec<Item>,
    pub(crate) talk_seconds: f64,
    pub(crate) ended_reason: &'static str,
    pub(crate) summary: String,
    pub(crate) script: &'static Script,
    pub(crate) words: Words,
}

impl Transcript {
    /// Plays the scene. The same chance and setting give the same transcript.
    pub(crate) fn play(mut chance: Chance, setting: &Setting<'_>) -> Self {
        let script = setting.scene.script();
        let mut words = Words::new(&mut chance, setting.variables, setting.customer_name);
        words.set("phone", setting.phone.to_owned());
        words.take_introduction(&fill_liquid(setting.first_message.unwrap_or_default(), setting.variables));
        words.set("voicemail_message", voicemail_message(&words, setting));
        let mut stage = Stage { chance, second: SECONDS_BEFORE_FIRST_WORD, items: Vec::new() };
        let mut first_message = setting.first_message.filter(|text| !text.is_empty());
        for step in script.steps {
            match step {
                Step::Agent(lines) => {
                    let line = words.fill(stage.chance.pick::<&str>(lines));
                    // A detected voicemail box hears the voicemail message, not the greeting.
                    let greeting = first_message.take().filter(|_| setting.scene != Scene::VoicemailDetected);
                    stage.say(greeting.map_or(line, |text| fill_liquid(text, setting.variables)), Said::Agent);
                }
                Step::Person(lines) => {
                    let line = words.fill(stage.chance.pick::<&str>(lines));
                    stage.say(line, Said::Person);
                }
                Step::Tool(hints) => {
                    if let Some(tool) = setting.tools.fitting(hints) {
                        stage.use_tool(tool, &words);
                    }
                }
                Step::Pause(seconds) => stage.second += seconds,
            }
        }
        let summary = words.fill(script.summary);
        let talk_seconds = stage.second + 0.8;
        let transcript =
            Self { items: stage.items, talk_seconds, ended_reason: script.ended_reason, summary, script, words };
        transcript.fitted(setting)
    }

    /// Stretches the talk to a wanted length and cuts it at the longest one allowed.
    fn fitted(mut self, setting: &Setting<'_>) -> Self {
        if let Some(wanted) = setting.talk_seconds {
            let factor = wanted / self.talk_seconds;
            for item in &mut self.items {
                item.start *= factor;
                item.end *= factor;
            }
            self.talk_seconds = wanted;
        }
        if self.talk_seconds > setting.talk_seconds_max {
            self.talk_seconds = setting.talk_seconds_max;
            self.items.retain(|item| item.end <= setting.talk_seconds_max);
            self.ended_reason = "exceeded-max-duration";
        }
        self
    }

    /// `structuredData` of the analysis.
    pub(crate) fn structured_data(&self) -> Map<String, Value> {
        let mut data = Map::from_iter([("outcome".to_owned(), Value::from(self.script.outcome))]);
        for (key, template) in self.script.data {
            data.insert((*key).to_owned(), self.words.fill(template).into());
        }
        data
    }

    /// What was said, one line each, as Vapi writes it.
    pub(crate) fn text(&self) -> String {
        let line = |item: &Item| match &item.said {
            Said::Agent(text) => Some(format!("AI: {text}\n")),
            Said::Person(text) => Some(format!("User: {text}\n")),
            Said::ToolCall { .. } | Said::ToolResult { .. } => None,
        };
        self.items.iter().filter_map(line).collect()
    }
}

fn voicemail_message(words: &Words, setting: &Setting<'_>) -> String {
    let fallback = "Hi {first}, this is {agent} from {company} about {service}. Please call us back at this number \
                    when you have a moment. Thank you.";
    match setting.voicemail_message {
        Some(text) if !text.is_empty() => fill_liquid(text, setting.variables),
        _ => words.fill(fallback),
    }
}

/// A transcript in the making.
struct Stage {
    chance: Chance,
    second: f64,
    items: Vec<Item>,
}

impl Stage {
    fn say(&mut self, text: String, said: fn(String) -> Said) {
        let start = self.second + self.chance.between(0.3, 1.1);
        #[expect(clippy::cast_precision_loss, reason = "a sentence has few words")]
        let words = text.split_whitespace().count() as f64;
        let end = start + (words * SECONDS_PER_WORD * self.chance.between(0.85, 1.15)).max(0.4);
        self.second = end;
        self.items.push(Item { start, end, said: said(text) });
    }

    fn use_tool(&mut self, tool: Arc<Value>, words: &Words) {
        let Some(name) = name_of(&tool).map(str::to_owned) else {
            return;
        };
        let id = format!("call_{}", &hex::encode(self.chance.bytes())[..24]);
        let arguments = arguments_for(&tool, words);
        let start = self.second + 0.3;
        let end = start + TOOL_SECONDS;
        let call = Said::ToolCall { id: id.clone(), tool, name: name.clone(), arguments };
        self.items.push(Item { start, end: start, said: call });
        self.items.push(Item { start: end, end, said: Said::ToolResult { id, name } });
        self.second = end;
    }
}
