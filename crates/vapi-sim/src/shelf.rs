//! Things an org keeps at Vapi (assistants, phone numbers, tools, credentials): created, patched, deleted.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::moment::iso;

/// One kept thing as Vapi shows it.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) id: String,
    pub(crate) created_at: Timestamp,
    pub(crate) body: Map<String, Value>,
    /// The same as JSON text, for messages that carry it along.
    pub(crate) raw: Arc<RawValue>,
}

impl Resource {
    /// `body` with what Vapi adds: id, org and times.
    pub(crate) fn new(id: String, org_id: &str, mut body: Map<String, Value>, now: Timestamp) -> Self {
        body.insert("id".into(), id.clone().into());
        body.insert("orgId".into(), org_id.into());
        body.insert("createdAt".into(), iso(now).into());
        body.insert("updatedAt".into(), iso(now).into());
        let raw = raw(&body);
        Self { id, created_at: now, body, raw }
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.body.get(key).and_then(Value::as_str)
    }
}

/// JSON text of a value that always has one.
pub(crate) fn raw(value: &impl serde::Serialize) -> Arc<RawValue> {
    Arc::from(serde_json::value::to_raw_value(value).expect("JSON values serialize"))
}

/// The things of one kind, by id and in the order of creation.
#[derive(Default)]
pub(crate) struct Shelf {
    by_id: BTreeMap<String, Arc<Resource>>,
    /// Ids, oldest first.
    order: Vec<String>,
}

impl Shelf {
    pub(crate) fn put(&mut self, resource: Resource) -> Arc<Resource> {
        let resource = Arc::new(resource);
        if self.by_id.insert(resource.id.clone(), Arc::clone(&resource)).is_none() {
            self.order.push(resource.id.clone());
        }
        resource
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Arc<Resource>> {
        self.by_id.get(id)
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// Newest first, as Vapi lists.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Resource>> {
        self.order.iter().rev().filter_map(|id| self.by_id.get(id))
    }

    /// Replaces top-level properties: a nested object that is sent replaces the stored one whole.
    /// A `null` takes the property away.
    pub(crate) fn patch(&mut self, id: &str, changes: Map<String, Value>, now: Timestamp) -> Option<Arc<Resource>> {
        let old = self.by_id.get(id)?;
        let mut body = old.body.clone();
        for (key, value) in changes {
            if value.is_null() {
                body.remove(&key);
            } else {
                body.insert(key, value);
            }
        }
        body.insert("updatedAt".into(), iso(now).into());
        let raw = raw(&body);
        let patched = Arc::new(Resource { id: id.to_owned(), created_at: old.created_at, body, raw });
        self.by_id.insert(id.to_owned(), Arc::clone(&patched));
        Some(patched)
    }

    pub(crate) fn take(&mut self, id: &str) -> Option<Arc<Resource>> {
        self.order.retain(|other| other != id);
        self.by_id.remove(id)
    }
}
