//! Creating outbound calls: what is checked, in Vapi's order, and the call that comes of it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::account::Org;
use crate::agenda::Event;
use crate::call::{Call, Order, Status, merged};
use crate::chance::Chance;
use crate::conversation::Tools;
use crate::journal::{Created, Ended, Entry};
use crate::knobs::OverLimit;
use crate::life::NO_LINE;
use crate::moment::after;
use crate::refusal::Refusal;
use crate::shelf::{Resource, raw};
use crate::strict::{check_call, check_customer, is_e164};
use crate::world::World;

type Object = Map<String, Value>;

/// Customers in one batch.
const CUSTOMERS_MAX: usize = 1_000;

impl World {
    /// `POST /call`: the body of the 201, or the refusal.
    pub(crate) fn create_calls(
        &mut self,
        org_id: &str,
        request: &Object,
        over_limit: Option<OverLimit>,
        now: Timestamp,
    ) -> Result<Value, Refusal> {
        check_call(request, self.knobs.refuse_metadata)?;
        if let Some(Value::Array(customers)) = request.get("customers") {
            return self.create_batch(org_id, request, customers, now);
        }
        let Some(Value::Object(customer)) = request.get("customer") else {
            return Err(Refusal::no_customer());
        };
        let order = self.order(org_id, request, customer.clone())?;
        self.place(org_id, order, over_limit, now).map(Value::Object)
    }

    /// A batch is created as far as it goes: what is refused is named beside what was created.
    fn create_batch(
        &mut self,
        org_id: &str,
        request: &Object,
        customers: &[Value],
        now: Timestamp,
    ) -> Result<Value, Refusal> {
        if customers.len() > CUSTOMERS_MAX {
            return Err(Refusal::invalid(&[format!("customers must contain no more than {CUSTOMERS_MAX} elements")]));
        }
        let (mut results, mut errors) = (Vec::new(), Vec::new());
        for customer in customers {
            let object = customer.as_object().cloned().unwrap_or_default();
            let created = check_customer(&object)
                .and_then(|()| self.order(org_id, request, object))
                .and_then(|order| self.place(org_id, order, None, now));
            match created {
                Ok(mut call) => {
                    call.remove("subscriptionLimits");
                    results.push(Value::Object(call));
                }
                Err(refusal) => errors.push(json!({ "customer": customer, "error": refusal.message_text() })),
            }
        }
        let limits = self.limits(&self.orgs[org_id].account.subscription, false);
        Ok(json!({ "subscriptionLimits": limits, "results": results, "errors": errors }))
    }

    /// Reads what is asked for; nothing is changed yet.
    fn order(&self, org_id: &str, request: &Object, customer: Object) -> Result<Order, Refusal> {
        let org = &self.orgs[org_id];
        let phone_number = phone_number(org, request)?;
        let assistant = assistant(org, request)?;
        let text = |key: &str| request.get(key).and_then(Value::as_str);
        let phone = customer.get("number").or_else(|| customer.get("sipUri")).and_then(Value::as_str);
        let phone = phone.ok_or_else(Refusal::not_e164)?.to_owned();
        let is_checked = customer.get("numberE164CheckEnabled") != Some(&Value::Bool(false));
        if is_checked && !customer.contains_key("sipUri") && !is_e164(&phone) {
            return Err(Refusal::not_e164());
        }
        let over = |holder: &Object| holder.get("assistantOverrides").cloned().unwrap_or_else(|| json!({}));
        let overrides = merged(&over(request), &over(&customer));
        let latest_at = request.get("schedulePlan").and_then(|plan| plan.get("latestAt")).and_then(Value::as_str);
        Ok(Order {
            is_inbound: false,
            phone,
            from_number: phone_number.text("number").unwrap_or_default().to_owned(),
            phone_number: Some(phone_number),
            assistant,
            overrides: overrides.as_object().cloned().unwrap_or_default(),
            name: text("name").map(str::to_owned),
            metadata: request.get("metadata").cloned(),
            schedule_plan: request.get("schedulePlan").cloned(),
            latest_at: latest_at.and_then(|at| at.parse().ok()),
            customer,
        })
    }

    /// Counts, takes a line if there is one, and creates the call: the 201 with its limits.
    fn place(
        &mut self,
        org_id: &str,
        order: Order,
        forced: Option<OverLimit>,
        now: Timestamp,
    ) -> Result<Object, Refusal> {
        let subscription = self.orgs[org_id].account.subscription.clone();
        let lines = &self.subscriptions[&subscription];
        let starts_at = starts_at(&order).filter(|starts_at| *starts_at > now);
        let is_full = !lines.has_free_line() && starts_at.is_none();
        let over_limit = forced.or(is_full.then_some(self.knobs.over_limit));
        if over_limit == Some(OverLimit::Refused400) {
            return Err(Refusal::over_concurrency(lines.lines_max));
        }
        self.count_daily_call(&order, now)?;
        let id = self.add_call(org_id, order, now);
        match (over_limit, starts_at) {
            (None, Some(at)) => self.agenda.add(at, Event::Begin(id)),
            (None, None) => self.begin(id, now),
            (Some(OverLimit::Blocked201), _) => self.block(id, now),
            (Some(OverLimit::Waits), _) => self.wait(id),
            (Some(OverLimit::EndsAtStart | OverLimit::Refused400), _) => {
                let seconds = self.chance_of(id, b"no line").between(1.0, 3.0);
                self.end_in(id, now, NO_LINE, seconds);
            }
        }
        let mut answer = self.calls[&id].snapshot(&self.base_url);
        let is_blocked = over_limit == Some(OverLimit::Blocked201);
        answer.insert("subscriptionLimits".into(), self.limits(&subscription, is_blocked));
        Ok(answer)
    }

    /// The call exists and never starts; nobody is told.
    fn block(&mut self, id: Uuid, now: Timestamp) {
        let (call_id, reason) = (id.to_string(), NO_LINE.to_owned());
        self.journal.add(Entry::Ended(Ended { at: now, call_id, reason, talk_seconds: 0.0 }));
        if let Some(call) = self.calls.get_mut(&id) {
            call.status = Status::Ended;
            call.ended_at = Some(now);
            call.ended_reason = Some(NO_LINE.to_owned());
            call.is_reported = true;
            call.frame = None;
        }
    }

    fn wait(&mut self, id: Uuid) {
        let Some(call) = self.calls.get(&id) else { return };
        if let Some(lines) = self.subscriptions.get_mut(&call.subscription) {
            lines.waiting.push_back(id);
        }
    }

    fn limits(&self, subscription: &str, is_blocked: bool) -> Value {
        let lines = &self.subscriptions[subscription];
        json!({
            "concurrencyBlocked": is_blocked,
            "concurrencyLimit": lines.lines_max,
            "remainingConcurrentCalls": i64::from(lines.lines_max) - i64::from(lines.lines_in_use),
        })
    }

    /// Numbers bought at Vapi make a few outbound calls a day, counted in UTC.
    fn count_daily_call(&mut self, order: &Order, now: Timestamp) -> Result<(), Refusal> {
        let Some(number) = order.phone_number.as_ref().filter(|number| number.text("provider") == Some("vapi")) else {
            return Ok(());
        };
        let today = now.to_zoned(TimeZone::UTC).date();
        let (day, count) = self.daily_calls.entry(number.id.clone()).or_insert((today, 0));
        if *day != today {
            (*day, *count) = (today, 0);
        }
        if *count >= self.knobs.vapi_number_calls_per_day_max {
            return Err(Refusal::daily_limit());
        }
        *count += 1;
        Ok(())
    }

    /// Brings a call into being: in the journal, in the listings, with what its messages will carry.
    pub(crate) fn add_call(&mut self, org_id: &str, order: Order, now: Timestamp) -> Uuid {
        self.forget_old_calls(now);
        // Invariant: calls are created in the order of their times; the listing searches by them.
        let created_at = now.max(self.created_last_at);
        self.created_last_at = created_at;
        self.ids_given += 1;
        let id = Chance::of(self.seed, &[b"call", &self.ids_given.to_be_bytes()]).call_id(created_at.as_millisecond());
        let org = self.orgs.get_mut(org_id).expect("a call is created for an org that exists");
        let tools = Arc::new(tools_of(org, &order));
        let mut call = Call::new(id, &org.account, order, created_at);
        call.tools = tools;
        call.visible_at = after(created_at, self.knobs.read_lag_seconds);
        if starts_at(&call.order).is_some_and(|starts_at| starts_at > now) {
            call.status = Status::Scheduled;
        }
        org.calls.add(created_at, id);
        let is_text = Chance::of(self.seed, &[b"timestamp", id.as_bytes()]).happens(self.knobs.iso_timestamps);
        call.frame = Some(Arc::new(call.new_frame(&self.base_url, is_text)));
        self.journal.add(Entry::Created(Created {
            at: created_at,
            call_id: id.to_string(),
            account_org: org_id.to_owned(),
            phone: call.order.phone.clone(),
            name: call.order.name.clone(),
            is_inbound: call.order.is_inbound,
        }));
        self.ages.push_back(id);
        self.calls.insert(id, call);
        id
    }
}

fn starts_at(order: &Order) -> Option<Timestamp> {
    order.schedule_plan.as_ref()?.get("earliestAt")?.as_str()?.parse().ok()
}

fn phone_number(org: &Org, request: &Object) -> Result<Arc<Resource>, Refusal> {
    if let Some(id) = request.get("phoneNumberId").and_then(Value::as_str) {
        return org.phone_numbers.get(id).cloned().ok_or_else(|| Refusal::does_not_exist("phoneNumber", id));
    }
    match request.get("phoneNumber") {
        Some(Value::Object(inline)) => {
            let mut body = inline.clone();
            let number = body.get("twilioPhoneNumber").or_else(|| body.get("number")).cloned();
            body.insert("number".into(), number.unwrap_or_default());
            body.insert("provider".into(), "twilio".into());
            Ok(Arc::new(transient(body)))
        }
        _ => Err(Refusal::no_phone_number()),
    }
}

fn assistant(org: &Org, request: &Object) -> Result<Option<Arc<Resource>>, Refusal> {
    if let Some(id) = request.get("assistantId").and_then(Value::as_str) {
        let found = org.assistants.get(id).cloned();
        return found.map(Some).ok_or_else(|| Refusal::does_not_exist("assistant", id));
    }
    for kind in ["squad", "workflow"] {
        if let Some(id) = request.get(&format!("{kind}Id")).and_then(Value::as_str) {
            return Err(Refusal::does_not_exist(kind, id));
        }
    }
    // A squad begins with its first member.
    let member = request.get("squad").and_then(|squad| squad.pointer("/members/0"));
    if let Some(id) = member.and_then(|member| member.get("assistantId")).and_then(Value::as_str) {
        return org.assistants.get(id).cloned().map(Some).ok_or_else(|| Refusal::does_not_exist("assistant", id));
    }
    let inline = request.get("assistant").or_else(|| member?.get("assistant"));
    Ok(inline.and_then(Value::as_object).map(|body| Arc::new(transient(body.clone()))))
}

/// Something that came with a request and has no id.
pub(crate) fn transient(body: Object) -> Resource {
    let raw = raw(&body);
    Resource { id: String::new(), created_at: Timestamp::UNIX_EPOCH, body, raw }
}

/// Tools of the assistant: declared in `model.tools`, named in `model.toolIds`, added by the overrides.
pub(crate) fn tools_of(org: &Org, order: &Order) -> Tools {
    let model = order.overrides.get("model").or_else(|| order.assistant.as_ref()?.body.get("model"));
    let list = |value: Option<&Value>| value.and_then(Value::as_array).cloned().unwrap_or_default();
    let mut tools = list(model.and_then(|model| model.get("tools")));
    tools.extend(list(order.overrides.get("tools:append")));
    let ids = list(model.and_then(|model| model.get("toolIds")));
    let kept = ids.iter().filter_map(|id| org.tools.get(id.as_str()?)).map(|tool| Value::Object(tool.body.clone()));
    tools.extend(kept);
    Tools(tools.into_iter().map(Arc::new).collect())
}
