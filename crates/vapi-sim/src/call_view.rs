//! A call as the REST API shows it, and the parts it shares with the end-of-call report.

use serde_json::{Map, Value, json};

use crate::bill::{Bill, is_analyzed};
use crate::call::{Call, Status};
use crate::conversation::Transcript;
use crate::dialogue::Dialogue;
use crate::moment::iso;

/// What is known of a call once it has ended.
pub(crate) struct Aftermath {
    pub(crate) messages: Vec<Value>,
    pub(crate) openai_messages: Vec<Value>,
    pub(crate) transcript_text: String,
    pub(crate) analysis: Value,
    pub(crate) bill: Bill,
    /// `None` when nothing was recorded.
    pub(crate) recordings: Option<Recordings>,
}

/// Addresses of a call's audio.
#[derive(Debug)]
pub(crate) struct Recordings {
    pub(crate) mono: String,
    pub(crate) stereo: String,
    pub(crate) assistant: String,
    pub(crate) customer: String,
}

impl Recordings {
    pub(crate) fn new(base_url: &str, call_id: &str) -> Self {
        let of = |track: &str| format!("{base_url}/sim/recordings/{call_id}{track}.wav");
        Self { mono: of(""), stereo: of("-stereo"), assistant: of("-assistant"), customer: of("-customer") }
    }

    /// `artifact.recording`.
    pub(crate) fn nested(&self) -> Value {
        let Self { mono, stereo, assistant, customer } = self;
        json!({
            "stereoUrl": stereo,
            "mono": { "combinedUrl": mono, "assistantUrl": assistant, "customerUrl": customer },
        })
    }
}

impl Call {
    /// What the 201 says, and what every message repeats as `message.call`: the call as it was created.
    pub(crate) fn snapshot(&self, base_url: &str) -> Map<String, Value> {
        let id = self.id.to_string();
        let order = &self.order;
        let kind = if order.is_inbound { "inboundPhoneCall" } else { "outboundPhoneCall" };
        let status = match (order.is_inbound, &order.schedule_plan) {
            (true, _) => Status::Ringing,
            (false, Some(_)) => Status::Scheduled,
            (false, None) => Status::Queued,
        };
        let mut view = Map::new();
        let mut set = |key: &str, value: Value| view.insert(key.to_owned(), value);
        set("orgId", self.org_id.clone().into());
        set("createdAt", iso(self.created_at).into());
        set("updatedAt", iso(self.created_at).into());
        set("type", kind.into());
        set("status", status.as_str().into());
        set("cost", 0.into());
        set("customer", Value::Object(order.customer.clone()));
        set("phoneCallTransport", "pstn".into());
        set(
            "monitor",
            json!({
                "listenUrl": format!("{}/sim/calls/{id}/listen", base_url.replacen("http", "ws", 1)),
                "controlUrl": format!("{base_url}/sim/calls/{id}/control"),
            }),
        );
        set("id", id.into());
        self.add_parties(&mut view);
        view
    }

    fn add_parties(&self, view: &mut Map<String, Value>) {
        let order = &self.order;
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                view.insert(key.to_owned(), value);
            }
        };
        match (self.assistant_id(), &order.assistant) {
            (Some(id), _) => set("assistantId", Some(id.into())),
            (None, Some(transient)) => set("assistant", Some(Value::Object(transient.body.clone()))),
            (None, None) => {}
        }
        let overrides = Some(&order.overrides).filter(|overrides| !overrides.is_empty());
        set("assistantOverrides", overrides.cloned().map(Value::Object));
        let number = order.phone_number.as_ref();
        set("phoneNumberId", number.filter(|number| !number.id.is_empty()).map(|number| number.id.clone().into()));
        set("name", order.name.clone().map(Value::from));
        set("metadata", order.metadata.clone());
        set("schedulePlan", order.schedule_plan.clone());
        let provider = self.provider();
        set("phoneCallProvider", Some(provider.into()));
        if provider == "twilio" {
            let sid = format!("CA{}", self.id.simple());
            set("transport", Some(json!({ "provider": "twilio", "callSid": sid, "conversationType": "voice" })));
            set("phoneCallProviderId", Some(sid.into()));
        } else {
            set("transport", Some(json!({ "provider": "vapi.sip", "conversationType": "voice" })));
        }
    }

    /// Carrier of the phone number.
    pub(crate) fn provider(&self) -> &str {
        self.order.phone_number.as_ref().and_then(|number| number.text("provider")).unwrap_or("vapi")
    }

    /// The call as `GET /call/{id}` shows it.
    pub(crate) fn view(&self, base_url: &str, seed: u64) -> Value {
        let mut view = self.snapshot(base_url);
        view.insert("status".into(), self.status.as_str().into());
        view.insert("updatedAt".into(), iso(self.updated_at).into());
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                view.insert(key.to_owned(), value);
            }
        };
        set("startedAt", self.started_at.map(|at| iso(at).into()));
        set("endedAt", self.ended_at.map(|at| iso(at).into()));
        set("endedReason", self.ended_reason.clone().map(Value::from));
        set("destination", self.destination.clone());
        if self.is_reported {
            let Aftermath { messages, openai_messages, transcript_text, analysis, bill, recordings } =
                self.aftermath(base_url, seed);
            set("cost", Some(bill.total().into()));
            set("costBreakdown", Some(bill.breakdown()));
            set("costs", Some(bill.items().into()));
            set("messages", Some(messages.clone().into()));
            set("transcript", Some(transcript_text.clone().into()));
            set("summary", analysis.get("summary").cloned());
            set("analysis", Some(analysis));
            set("recordingUrl", recordings.as_ref().map(|urls| urls.mono.clone().into()));
            set("stereoRecordingUrl", recordings.as_ref().map(|urls| urls.stereo.clone().into()));
            let mut artifact = Map::from_iter([
                ("messages".to_owned(), messages.into()),
                ("messagesOpenAIFormatted".to_owned(), openai_messages.into()),
                ("transcript".to_owned(), transcript_text.into()),
                ("variableValues".to_owned(), Value::Object(self.variables())),
            ]);
            if let Some(urls) = recordings {
                artifact.insert("recording".into(), urls.nested());
                artifact.insert("recordingUrl".into(), urls.mono.into());
                artifact.insert("stereoRecordingUrl".into(), urls.stereo.into());
            }
            set("artifact", Some(Value::Object(artifact)));
        }
        Value::Object(view)
    }

    /// Everything that is worked out after the end.
    pub(crate) fn aftermath(&self, base_url: &str, seed: u64) -> Aftermath {
        let transcript = self.transcript(seed);
        let bill = Bill::new(transcript.as_ref(), self.talk_seconds(), self.provider());
        let (Some(transcript), Some(started_at)) = (transcript, self.started_at) else {
            return Aftermath {
                messages: Vec::new(),
                openai_messages: Vec::new(),
                transcript_text: String::new(),
                analysis: json!({}),
                bill,
                recordings: None,
            };
        };
        let system_prompt = self.system_prompt();
        let items = &transcript.items;
        let dialogue = Dialogue { started_at, system_prompt: &system_prompt, items, tool_results: &self.tool_results };
        Aftermath {
            messages: dialogue.messages(),
            openai_messages: dialogue.openai_messages(),
            transcript_text: transcript.text(),
            analysis: analysis(&transcript),
            bill,
            recordings: self.is_recorded().then(|| Recordings::new(base_url, &self.id.to_string())),
        }
    }

    /// `artifactPlan.recordingEnabled`, on unless switched off.
    pub(crate) fn is_recorded(&self) -> bool {
        let plan = self.setting("artifactPlan").unwrap_or_default();
        self.started_at.is_some() && plan.get("recordingEnabled") != Some(&Value::Bool(false))
    }
}

fn analysis(transcript: &Transcript) -> Value {
    if !is_analyzed(transcript) {
        return json!({});
    }
    json!({
        "summary": transcript.summary,
        "successEvaluation": transcript.script.is_success.to_string(),
        "structuredData": transcript.structured_data(),
    })
}
