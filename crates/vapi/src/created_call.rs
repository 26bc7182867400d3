//! What Vapi says when it has created a call.

use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Error, Unanswered};
use crate::response::Response;
use crate::{CallStatus, Fetched, tolerance};

/// A call that exists at Vapi, though it need not ring: see [`CreatedCall::concurrency_blocked`].
#[derive(Debug, Clone)]
pub struct CreatedCall {
    /// Vapi's id of the call.
    pub id: String,
    /// `queued`, or `scheduled`.
    pub status: Option<CallStatus>,
    /// The state of the line pool as Vapi saw it.
    pub subscription_limits: Option<SubscriptionLimits>,
    /// The whole answer.
    pub raw: Box<RawValue>,
}

/// The lines of the subscription, which several Vapi organizations may share.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SubscriptionLimits {
    /// Whether this very call was blocked for want of a line.
    #[serde(deserialize_with = "tolerance::flag")]
    pub concurrency_blocked: bool,
    /// All lines of the subscription.
    #[serde(deserialize_with = "tolerance::optional")]
    pub concurrency_limit: Option<i64>,
    /// Calls that would still be allowed, this one included. Often -1 though lines are free: a hint, no count.
    #[serde(deserialize_with = "tolerance::optional")]
    pub remaining_concurrent_calls: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Facts {
    id: String,
    #[serde(default, deserialize_with = "tolerance::optional")]
    status: Option<CallStatus>,
    #[serde(default, deserialize_with = "tolerance::optional")]
    subscription_limits: Option<SubscriptionLimits>,
}

impl CreatedCall {
    /// Whether all lines were in use, so that the call does not start although it was created.
    pub fn concurrency_blocked(&self) -> bool {
        self.subscription_limits.as_ref().is_some_and(|limits| limits.concurrency_blocked)
    }

    /// Only a 201 with an id is proof of a call; any other success is unknown.
    pub(crate) fn read(response: Response) -> Result<Self, Error> {
        let Fetched { facts, raw } = response.read::<Fetched<Facts>>(StatusCode::CREATED)?;
        let Facts { id, status, subscription_limits } = facts;
        if id.is_empty() {
            return Err(Unanswered::Unreadable("without an id").into());
        }
        Ok(Self { id, status, subscription_limits, raw })
    }
}
