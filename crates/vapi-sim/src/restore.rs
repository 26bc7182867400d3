//! Calls of an earlier run. The simulator keeps everything in memory; a client that goes on with its own data after
//! a restart asks for calls that nobody knows. They are shown as a provider shows calls whose worker died.

use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::call::{Call, Order, Status};
use crate::moment::to_millisecond;
use crate::world::World;

/// `endedReason` of a call whose worker died.
const WORKER_DIED: &str = "call.in-progress.error-vapifault-worker-died";

/// An outbound call that went on when an earlier simulator stopped.
#[derive(Clone, Copy, Debug)]
pub struct RestoredCall<'a> {
    /// Org that placed it.
    pub org_id: &'a str,
    /// Its id then, a UUID.
    pub id: &'a str,
    /// `name` of the create-call.
    pub name: &'a str,
    /// The number that was called.
    pub phone: &'a str,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it is said to have ended.
    pub ended_at: Timestamp,
}

impl World {
    /// False if the id is no UUID, the org does not exist or the call is there already.
    pub(crate) fn restore_ended_call(&mut self, restored: &RestoredCall<'_>) -> bool {
        let RestoredCall { org_id, id, name, phone, created_at, ended_at } = *restored;
        let (created_at, ended_at) = (to_millisecond(created_at), to_millisecond(ended_at));
        let (Ok(id), Some(org)) = (id.parse::<Uuid>(), self.orgs.get_mut(org_id)) else {
            return false;
        };
        if self.calls.contains_key(&id) {
            return false;
        }
        let order = Order {
            customer: Map::from_iter([("number".to_owned(), Value::from(phone))]),
            phone: phone.to_owned(),
            name: Some(name.to_owned()),
            ..Order::default()
        };
        let mut call = Call::new(id, &org.account, order, created_at);
        call.status = Status::Ended;
        call.ended_at = Some(ended_at);
        call.ended_reason = Some(WORKER_DIED.to_owned());
        call.is_reported = true;
        org.calls.add(created_at, id);
        self.ages.push_front(id);
        self.calls.insert(id, call);
        self.touch(id, ended_at);
        true
    }
}
