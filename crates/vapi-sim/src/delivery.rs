//! The way of a message: which server gets it, whether it is lost, doubled or late, and what its answer does.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::agenda::Event;
use crate::chance::Chance;
use crate::conversation::Said;
use crate::courier::Answer;
use crate::journal::{Entry, Fate, Webhook};
use crate::message::{Dress, Message};
use crate::moment::after;
use crate::target::Target;
use crate::world::World;

/// Vapi waits this long for an assistant, whatever the server's `timeoutSeconds` says.
pub(crate) const ASSISTANT_REQUEST_LIMIT: Duration = Duration::from_millis(7_500);
/// A reordered webhook is late by up to this many seconds.
const REORDER_SECONDS_MAX: f64 = 20.0;
/// A duplicate follows within this many seconds.
const DUPLICATE_SECONDS_MAX: f64 = 8.0;

/// One sending of a message to its server.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) message: Arc<Message>,
    /// The same for every copy and every try of the message.
    pub(crate) message_number: u64,
    pub(crate) target: Arc<Target>,
    pub(crate) dress: Dress,
    pub(crate) try_number: u32,
    pub(crate) is_duplicate: bool,
}

impl Delivery {
    pub(crate) fn time_limit(&self) -> Duration {
        if self.message.kind == "assistant-request" { ASSISTANT_REQUEST_LIMIT } else { self.target.timeout }
    }
}

impl World {
    /// Sends `message` to `target`, or loses, doubles or delays it as the knobs say.
    pub(crate) fn dispatch(&mut self, message: Message, target: Target) {
        let at = message.at;
        let first = self.next_delivery(Arc::new(message), Arc::new(target), false);
        let number = first.dress.delivery_number;
        let mut chance = Chance::of(self.seed, &[b"delivery", &number.to_be_bytes()]);
        let wants_answer = first.message.wants_answer;
        if chance.happens(self.knobs.duplicate_webhooks) && !wants_answer {
            let copy = self.next_delivery(Arc::clone(&first.message), Arc::clone(&first.target), true);
            let copy = Delivery { message_number: number, ..copy };
            let late = after(at, chance.between(0.0, DUPLICATE_SECONDS_MAX));
            self.agenda.add(late, Event::Deliver(Box::new(copy)));
        }
        if chance.happens(self.knobs.lose_webhooks) {
            self.journal_webhook(&first, at, Fate::Lost, &Answer::default());
            if wants_answer {
                self.take_answer(&first, &Answer::default(), at);
            }
        } else if self.knobs.reorder_webhooks && !wants_answer {
            let late = after(at, chance.between(0.0, REORDER_SECONDS_MAX));
            self.agenda.add(late, Event::Deliver(Box::new(first)));
        } else {
            self.outgoing.push(first);
        }
    }

    fn next_delivery(&mut self, message: Arc<Message>, target: Arc<Target>, is_duplicate: bool) -> Delivery {
        self.deliveries += 1;
        let mut chance = Chance::of(self.seed, &[b"dress", &self.deliveries.to_be_bytes()]);
        let dress = Dress {
            delivery_number: self.deliveries,
            is_bare: chance.happens(self.knobs.missing_fields),
            is_big: chance.happens(self.knobs.big_bodies),
        };
        Delivery { message, message_number: self.deliveries, target, dress, try_number: 1, is_duplicate }
    }

    /// Takes note of a delivery's answer: repeats it if the server asked for that, and lets the call go on.
    pub(crate) fn answered(&mut self, mut delivery: Delivery, answer: &Answer, at: Timestamp) {
        let fate = if answer.is_success() { Fate::Delivered } else { Fate::Failed };
        self.journal_webhook(&delivery, at, fate, answer);
        let wants_answer = delivery.message.wants_answer;
        if wants_answer {
            self.take_answer(&delivery, answer, at);
        } else if !answer.is_success()
            && let Some(seconds) = delivery.target.retry_after(delivery.try_number, answer.status)
        {
            self.deliveries += 1;
            delivery.dress.delivery_number = self.deliveries;
            delivery.try_number += 1;
            self.agenda.add(after(at, seconds), Event::Deliver(Box::new(delivery)));
        }
    }

    /// A delivery that could not even be queued.
    pub(crate) fn lose(&mut self, delivery: &Delivery, at: Timestamp) {
        self.journal_webhook(delivery, at, Fate::Lost, &Answer::default());
        if delivery.message.wants_answer {
            self.take_answer(delivery, &Answer::default(), at);
        }
    }

    fn take_answer(&mut self, delivery: &Delivery, answer: &Answer, at: Timestamp) {
        let id = delivery.message.call_id;
        // Whatever is not a 2xx with JSON is ignored, as if nobody had answered.
        let body = answer.json().filter(|_| answer.is_success());
        match delivery.message.kind {
            "assistant-request" => self.take_assistant(id, body, at),
            "tool-calls" => self.take_tool_results(id, body.as_ref()),
            _ => {
                let destination = body.and_then(|body| body.get("destination").cloned());
                if let (Some(call), Some(destination)) = (self.calls.get_mut(&id), destination) {
                    call.destination = Some(destination);
                }
            }
        }
    }

    fn take_tool_results(&mut self, id: uuid::Uuid, body: Option<&Value>) {
        let results = body.and_then(|body| body.get("results")).and_then(Value::as_array);
        let Some(call) = self.calls.get_mut(&id) else {
            return;
        };
        for item in results.into_iter().flatten() {
            let text = item.get("result").or_else(|| item.get("error")).and_then(Value::as_str);
            if let (Some(tool_call_id), Some(text)) = (item["toolCallId"].as_str(), text) {
                call.tool_results.insert(tool_call_id.to_owned(), text.replace('\n', " "));
            }
        }
    }

    fn journal_webhook(&mut self, delivery: &Delivery, at: Timestamp, fate: Fate, answer: &Answer) {
        let message = &delivery.message;
        self.journal.add(Entry::Webhook(Webhook {
            at,
            message: delivery.message_number,
            call_id: message.call_id.to_string(),
            kind: message.kind.to_owned(),
            status: message.status.map(str::to_owned),
            fate,
            is_duplicate: delivery.is_duplicate,
            try_number: delivery.try_number,
            http_status: answer.status,
            milliseconds: answer.milliseconds,
        }));
    }

    /// The server of a tool call goes first, then assistant (with overrides), phone number and org.
    pub(crate) fn target_for(&self, id: uuid::Uuid, said: Option<&Said>) -> Option<Target> {
        let call = self.calls.get(&id)?;
        let org = self.orgs.get(&call.org_id)?;
        let tool_server = match said {
            Some(Said::ToolCall { tool, .. }) => tool.get("server").cloned(),
            _ => None,
        };
        let number_server = call.order.phone_number.as_ref().and_then(|number| number.body.get("server").cloned());
        let servers = [tool_server, call.setting("server"), number_server, org.server.clone()];
        servers.iter().flatten().find_map(|server| Target::read(server, org))
    }
}
