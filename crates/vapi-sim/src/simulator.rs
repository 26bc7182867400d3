//! The handle with which a test, the demo or the benchmark starts a simulator, sets it up and looks inside.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::account::{Account, Subscription};
use crate::config::SimulatorConfig;
use crate::courier::Courier;
use crate::faults::{CreateFault, ListFault};
use crate::journal::{Entry, Ring, Totals};
use crate::rest::{self, Kind};
use crate::restore::RestoredCall;
use crate::server;
use crate::shared::{self, Shared};
use crate::world::World;
use crate::{Knobs, Outcome};

/// `shutdown` waits this long for each task.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);

/// A running simulator. Dropping it stops it as well, without waiting.
pub struct Simulator {
    shared: Arc<Shared>,
    address: String,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Simulator {
    /// Binds 127.0.0.1 and begins to serve.
    pub async fn start(config: SimulatorConfig) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let base_url = config.public_url.clone().unwrap_or_else(|| address.clone());
        let courier = Courier::new().map_err(io::Error::other)?;
        let world = World::new(&config, base_url);
        let shared = Arc::new(Shared::new(world, Arc::clone(&config.clock), courier));
        let mut tasks = vec![tokio::spawn(server::serve(listener, rest::router(&shared), Arc::clone(&shared)))];
        if config.auto_run {
            tasks.push(tokio::spawn(shared::run(Arc::clone(&shared))));
        }
        Ok(Self { shared, address, tasks: Mutex::new(tasks) })
    }

    /// Where it listens, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.address
    }

    /// Stops serving and waits for the tasks. Calls in progress are forgotten.
    pub async fn shutdown(&self) {
        self.shared.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks.lock().expect("no holder panics"));
        for task in tasks {
            // A task that does not end in time is left to the runtime.
            let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, task).await;
        }
    }

    /// Processes everything due by now, in the order it is due, each webhook awaited with its answer.
    /// Returns how many things happened. For simulators that do not run by themselves.
    pub async fn settle(&self) -> usize {
        self.shared.settle().await
    }

    /// When the next thing is due.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.shared.world().agenda.next_due()
    }

    /// Changes the lasting bad days.
    pub fn set_knobs(&self, knobs: Knobs) {
        self.shared.world().knobs = knobs;
    }

    /// The lasting bad days as they are.
    pub fn knobs(&self) -> Knobs {
        self.shared.world().knobs.clone()
    }

    /// The next create-call meets this fault. Several are met one after the other.
    pub fn next_create(&self, fault: CreateFault) {
        self.shared.world().create_faults.push_back(fault);
    }

    /// Each create-call of the account meets the next of these faults, round and round, until they are taken back by none.
    pub fn keep_failing(&self, org_id: &str, faults: Vec<CreateFault>) {
        if let Some(org) = self.shared.world().orgs.get_mut(org_id) {
            org.lasting_faults = faults.into();
        }
    }

    /// The next `GET /call` meets this fault.
    pub fn next_list(&self, fault: ListFault) {
        self.shared.world().list_faults.push_back(fault);
    }

    /// Adds a subscription, or changes how many lines it has. Calls that wait for a new line begin.
    pub fn add_subscription(&self, id: &str, lines_max: u32) {
        let now = self.shared.now();
        let mut world = self.shared.world();
        let lines = world.subscriptions.entry(id.to_owned()).or_insert_with(|| Subscription::new(lines_max));
        lines.lines_max = lines_max;
        world.start_waiting(id, now);
    }

    /// Freezes a subscription, as an empty wallet does: calls fail at the start.
    pub fn freeze_subscription(&self, id: &str, is_frozen: bool) {
        if let Some(lines) = self.shared.world().subscriptions.get_mut(id) {
            lines.is_frozen = is_frozen;
        }
    }

    /// Adds an account. Its subscription gets the default number of lines unless it was added before.
    pub fn add_account(&self, account: Account) {
        self.shared.world().add_account(account);
    }

    /// A private key is refused from now on; the org and its calls stay.
    pub fn revoke_key(&self, key: &str) {
        self.shared.world().keys.remove(key);
    }

    /// A further private key opens the org.
    pub fn add_key(&self, org_id: &str, key: &str) {
        self.shared.world().keys.insert(key.to_owned(), org_id.to_owned());
    }

    /// The server of last resort for the messages of an org.
    pub fn set_org_server(&self, org_id: &str, server: Value) {
        if let Some(org) = self.shared.world().orgs.get_mut(org_id) {
            org.server = Some(server);
        }
    }

    /// Adds an assistant as `POST /assistant` does and returns its id; `id` in the body is kept.
    /// Panics when the org does not exist.
    pub fn add_assistant(&self, org_id: &str, body: Value) -> String {
        self.add_resource(org_id, Kind::Assistant, body)
    }

    /// Adds a phone number with its `number` and `provider` and returns its id; `id` in the body is kept.
    /// Panics when the org does not exist.
    pub fn add_phone_number(&self, org_id: &str, body: Value) -> String {
        self.add_resource(org_id, Kind::PhoneNumber, body)
    }

    fn add_resource(&self, org_id: &str, kind: Kind, body: Value) -> String {
        let body = match body {
            Value::Object(body) => body,
            _ => Map::new(),
        };
        let now = self.shared.now();
        self.shared.world().add_resource(org_id, kind, body, now).id.clone()
    }

    /// What becomes of the next calls to `phone`, one outcome a call; after the last one, chance decides again.
    pub fn script_phone(&self, phone: &str, outcomes: Vec<Outcome>) {
        self.shared.world().scripts.entry(phone.to_owned()).or_default().extend(outcomes);
    }

    /// Somebody calls `to_number`. Returns the call's id; `None` when no account has that number.
    pub fn inbound_call(&self, to_number: &str, from_number: &str) -> Option<String> {
        let now = self.shared.now();
        self.shared.world().receive_call(to_number, from_number, now).map(|id| id.to_string())
    }

    /// Lists a call of before the start, as one whose worker died while it went on: reads show it, no message
    /// tells of it. False when the org is unknown, the id is no UUID, or there is such a call already.
    pub fn restore_ended_call(&self, restored: RestoredCall<'_>) -> bool {
        self.shared.world().restore_ended_call(&restored)
    }

    /// What happened, oldest first: the ground truth.
    pub fn journal(&self) -> Vec<Entry> {
        self.shared.world().journal.entries()
    }

    /// The rings among what happened.
    pub fn rings(&self) -> Vec<Ring> {
        self.shared.world().journal.rings()
    }

    /// How often things happened.
    pub fn totals(&self) -> Totals {
        self.shared.world().journal.totals()
    }

    /// Lines of a subscription that are taken now.
    pub fn lines_in_use(&self, subscription: &str) -> u32 {
        self.shared.world().subscriptions.get(subscription).map_or(0, |lines| lines.lines_in_use)
    }

    /// The most lines of a subscription that were ever taken at one time.
    pub fn lines_in_use_max(&self, subscription: &str) -> u32 {
        self.shared.world().subscriptions.get(subscription).map_or(0, |lines| lines.lines_in_use_max)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.shared.stop.send_replace(true);
    }
}
