//! Calls at Vapi, and what may be asked about one.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use crate::open_text::open_text;
use crate::snapshot::mark;
use crate::{Client, CustomerSnapshot, EndOfCallReport, EndedReason, Error, Fetched, OverridesSnapshot, tolerance};

pub(crate) const CALLS: &str = "call";

open_text! {
    /// How far a call has come. `ended` is final: a lower status that arrives later is old news.
    CallStatus {
        /// To be started later.
        Scheduled = "scheduled",
        /// Created, not yet dialed.
        Queued = "queued",
        /// The phone rings.
        Ringing = "ringing",
        /// Someone or something picked up.
        InProgress = "in-progress",
        /// Being handed to another party; it still holds a line.
        Forwarding = "forwarding",
        /// Over.
        Ended = "ended",
        /// Vapi does not know it, or not yet.
        NotFound = "not-found",
        /// It could not be deleted.
        DeletionFailed = "deletion-failed",
    }
}

open_text! {
    /// How the parties are connected.
    CallKind {
        /// Somebody called us.
        InboundPhone = "inboundPhoneCall",
        /// We called somebody.
        OutboundPhone = "outboundPhoneCall",
        /// From a browser.
        Web = "webCall",
        /// Over a plain web socket.
        Websocket = "vapi.websocketCall",
    }
}

/// The facts of a call that decide what happens next. Everything else is in [`Fetched::raw`] and in its report.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// Vapi's id; a UUID as a rule, but text.
    pub id: String,
    /// The Vapi organization it belongs to.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub org_id: Option<String>,
    /// How the parties are connected.
    #[serde(default, rename = "type", deserialize_with = "tolerance::optional")]
    pub kind: Option<CallKind>,
    /// How far it has come. Unlike the snapshot in a message this one is current.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub status: Option<CallStatus>,
    /// Why it ended.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub ended_reason: Option<EndedReason>,
    /// The label given at creation.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub name: Option<String>,
    /// Absent when the assistant was given inline.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub assistant_id: Option<String>,
    /// The number of ours.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub phone_number_id: Option<String>,
    /// The other party.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub customer: Option<CustomerSnapshot>,
    /// The metadata given at creation.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub metadata: Option<Value>,
    /// The overrides given at creation.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub assistant_overrides: Option<OverridesSnapshot>,
    /// When it was created.
    #[serde(default, deserialize_with = "tolerance::instant")]
    pub created_at: Option<Timestamp>,
    /// When Vapi last changed it.
    #[serde(default, deserialize_with = "tolerance::instant")]
    pub updated_at: Option<Timestamp>,
    /// When it was picked up.
    #[serde(default, deserialize_with = "tolerance::instant")]
    pub started_at: Option<Timestamp>,
    /// When it was over.
    #[serde(default, deserialize_with = "tolerance::instant")]
    pub ended_at: Option<Timestamp>,
    /// US dollars.
    #[serde(default, deserialize_with = "tolerance::decimal")]
    pub cost: Option<Decimal>,
}

impl Call {
    /// A text the caller left in the call under `key`: in its metadata, or else in its overrides.
    pub fn mark(&self, key: &str) -> Option<&str> {
        mark(self.metadata.as_ref(), self.assistant_overrides.as_ref(), key)
    }

    /// Where its messages go, if an address was given for it alone.
    pub fn server_url(&self) -> Option<&str> {
        self.assistant_overrides.as_ref()?.server.as_ref()?.url.as_deref()
    }

    /// Whether Vapi says that the call is over.
    pub fn has_ended(&self) -> bool {
        self.status == Some(CallStatus::Ended)
    }
}

impl Fetched<Call> {
    /// The same facts that the end-of-call report has; empty ones while the call goes on.
    pub fn report(&self) -> EndOfCallReport {
        // Every field of a report is optional, so that only an absurd object, such as one with a key twice, has none.
        serde_json::from_str(self.raw.get()).unwrap_or_default()
    }
}

impl Client {
    /// One call. A 404 soon after its creation means "not yet", not "no such call".
    pub async fn get_call(&self, id: &str) -> Result<Fetched<Call>, Error> {
        self.get(self.object(CALLS, id)?).await
    }

    /// Deletes a call and its recordings at Vapi, or cancels a scheduled one. Answers with the call as it was.
    /// Vapi's 503 means that nothing was deleted; it reads as [`Error::Unknown`].
    pub async fn delete_call(&self, id: &str) -> Result<Fetched<Call>, Error> {
        self.delete(self.object(CALLS, id)?).await
    }
}
