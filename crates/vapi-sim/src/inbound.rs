//! Calls that come in: they take a line like any other, and a number without an assistant asks its server for one.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::agenda::Event;
use crate::call::{Order, Status};
use crate::create::{tools_of, transient};
use crate::life::NO_LINE;
use crate::message::{Fields, Message};
use crate::shelf::Resource;
use crate::world::World;

const REQUEST_FAILED: &str = "assistant-request-failed";

impl World {
    /// A call from `from_number` reaches `to_number`; `None` when no account has that number.
    pub(crate) fn receive_call(&mut self, to_number: &str, from_number: &str, now: Timestamp) -> Option<Uuid> {
        let (org_id, number) = self.number_owner(to_number)?;
        let org = self.orgs.get(&org_id)?;
        let assistant = number.text("assistantId").and_then(|id| org.assistants.get(id)).cloned();
        let subscription = org.account.subscription.clone();
        let asks = assistant.is_none();
        let order = Order {
            is_inbound: true,
            customer: Map::from_iter([("number".to_owned(), from_number.into())]),
            phone: from_number.to_owned(),
            from_number: to_number.to_owned(),
            phone_number: Some(number),
            assistant,
            overrides: Map::new(),
            name: None,
            metadata: None,
            schedule_plan: None,
            latest_at: None,
        };
        let id = self.add_call(&org_id, order, now);
        if !self.subscriptions[&subscription].has_free_line() {
            self.end_in(id, now, NO_LINE, 0.0);
        } else if asks {
            self.take_line(id);
            self.agenda.add(now, Event::AskAssistant(id));
        } else {
            self.begin(id, now);
        }
        Some(id)
    }

    fn number_owner(&self, number: &str) -> Option<(String, Arc<Resource>)> {
        // In the order of org ids, so that a number two accounts claim is always the same one's.
        let orgs: BTreeMap<_, _> = self.orgs.iter().collect();
        orgs.into_iter().find_map(|(org_id, org)| {
            let found = org.phone_numbers.iter().find(|kept| kept.text("number") == Some(number))?;
            Some((org_id.clone(), Arc::clone(found)))
        })
    }

    /// Sends `assistant-request`; without a server to ask, the call fails.
    pub(crate) fn ask_assistant(&mut self, id: Uuid, at: Timestamp) {
        let Some(call) = self.open_call(id) else { return };
        let Some(frame) = call.frame.clone() else { return };
        let message = Message {
            kind: "assistant-request",
            status: None,
            call_id: id,
            at,
            fields: Fields::new(),
            artifact: Fields::new(),
            recordings: None,
            frame,
            wants_answer: true,
        };
        match self.target_for(id, None) {
            Some(target) => self.dispatch(message, target),
            None => self.turn_away(id, "call-start-error-neither-assistant-nor-server-set", None, at),
        }
    }

    /// Goes on with what the server answered: an error wins over a destination, that over an assistant.
    pub(crate) fn take_assistant(&mut self, id: Uuid, answer: Option<Value>, at: Timestamp) {
        if self.open_call(id).is_none() {
            return;
        }
        let Some(answer) = answer.filter(Value::is_object) else {
            return self.turn_away(id, REQUEST_FAILED, Some("no answer, or not a 2xx with JSON"), at);
        };
        if let Some(error) = answer.get("error").and_then(Value::as_str) {
            let error = if error.is_empty() { "Unknown Error. Contact Support." } else { error };
            return self.turn_away(id, "assistant-request-returned-error", Some(error), at);
        }
        if let Some(destination) = answer.get("destination").filter(|destination| destination.is_object()) {
            let reason = "assistant-request-returned-forwarding-phone-number";
            return self.forward_unanswered(id, destination.clone(), reason, at);
        }
        match self.answered_assistant(id, &answer) {
            Ok(assistant) => {
                let Some(call) = self.calls.get_mut(&id) else {
                    return;
                };
                call.order.assistant = Some(assistant);
                if let Some(Value::Object(overrides)) = answer.get("assistantOverrides") {
                    call.order.overrides.clone_from(overrides);
                }
                call.tools = Arc::new(tools_of(&self.orgs[&call.org_id], &call.order));
                let is_text = call.frame.as_ref().is_some_and(|frame| frame.timestamp_is_text);
                call.frame = Some(Arc::new(call.new_frame(&self.base_url, is_text)));
                self.begin(id, at);
            }
            Err(reason) => self.turn_away(id, reason, Some("the answer names no assistant"), at),
        }
    }

    fn answered_assistant(&self, id: Uuid, answer: &Value) -> Result<Arc<Resource>, &'static str> {
        if let Some(body) = answer.get("assistant").and_then(Value::as_object) {
            return Ok(Arc::new(transient(body.clone())));
        }
        let Some(assistant_id) = answer.get("assistantId").and_then(Value::as_str) else {
            return Err("assistant-request-returned-no-assistant");
        };
        let org = self.calls.get(&id).and_then(|call| self.orgs.get(&call.org_id));
        let found = org.and_then(|org| org.assistants.get(assistant_id)).cloned();
        found.ok_or("assistant-request-returned-invalid-assistant")
    }

    /// The caller hears no assistant: goes to the number's `fallbackDestination`, if it has one, or is hung up on.
    fn turn_away(&mut self, id: Uuid, reason: &str, error: Option<&str>, at: Timestamp) {
        let Some(call) = self.calls.get_mut(&id) else {
            return;
        };
        call.admission_error = error.map(str::to_owned);
        let fallback = call.order.phone_number.as_ref().and_then(|number| number.body.get("fallbackDestination"));
        match fallback.filter(|fallback| fallback.is_object()).cloned() {
            Some(destination) => self.forward_unanswered(id, destination, reason, at),
            None => self.end_in(id, at, reason, 0.5),
        }
    }

    fn forward_unanswered(&mut self, id: Uuid, destination: Value, reason: &str, at: Timestamp) {
        let Some(call) = self.calls.get_mut(&id) else {
            return;
        };
        call.status = Status::Forwarding;
        call.destination = Some(destination);
        self.touch(id, at);
        self.announce_status(id, at);
        let seconds = self.chance_of(id, b"fallback").between(20.0, 90.0);
        self.end_in(id, at, reason, seconds);
    }
}
