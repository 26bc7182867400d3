//! The bad days that last until the knob is turned back. Probabilities run from 0 to 1.

use serde::{Deserialize, Serialize};

/// How a create-call over the subscription's lines is answered. Public sources name all four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverLimit {
    /// 400 `Over Concurrency Limit`; no call exists.
    #[default]
    Refused400,
    /// 201 with `concurrencyBlocked: true`; the call exists and never starts.
    Blocked201,
    /// 201 as if all were well; moments later the call ends for want of a line.
    EndsAtStart,
    /// 201; the call stays queued until a line is free.
    Waits,
}

/// Everything about the simulator that may go wrong, changeable while it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Knobs {
    /// Share of webhooks that are never sent.
    pub lose_webhooks: f64,
    /// Share of webhooks that are sent a second time, some seconds later.
    pub duplicate_webhooks: f64,
    /// Each webhook waits for up to 20 seconds, so that they overtake each other.
    pub reorder_webhooks: bool,
    /// Share of create-calls that are carried out and never answered: the connection is cut or left open.
    pub lost_answers: f64,
    /// Share of create-calls answered 500 with nothing done.
    pub errors_before_create: f64,
    /// Share of create-calls answered 500 although the call exists.
    pub errors_after_create: f64,
    /// Share of listings answered 500.
    pub listing_errors: f64,
    /// Share of call events followed by a message of a type no documentation knows.
    pub unknown_types: f64,
    /// Share of calls that end for a reason no list contains.
    pub unknown_ended_reasons: f64,
    /// Share of webhooks without `assistant`, `customer` and `phoneNumber`.
    pub missing_fields: f64,
    /// Share of calls whose messages carry `timestamp` as ISO text, as in 2024, and not as a number.
    pub iso_timestamps: f64,
    /// Share of webhooks blown up to one megabyte.
    pub big_bodies: f64,
    /// 403 `error code: 1010` for requests without a User-Agent, as Vapi's edge does.
    pub refuse_without_user_agent: bool,
    /// 400 for `metadata` on create-call, which no specification lists.
    pub refuse_metadata: bool,
    /// What happens when no line is free.
    pub over_limit: OverLimit,
    /// Requests one org may make in a UTC minute; more are answered 429. `None`: any number.
    pub requests_per_minute_max: Option<u32>,
    /// `Retry-After` sent with such a 429.
    pub retry_after_seconds: Option<u32>,
    /// Outbound calls a day (UTC) from a number bought at Vapi.
    pub vapi_number_calls_per_day_max: u32,
    /// How long a new call is absent from listings and reads.
    pub read_lag_seconds: f64,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            lose_webhooks: 0.0,
            duplicate_webhooks: 0.0,
            reorder_webhooks: false,
            lost_answers: 0.0,
            errors_before_create: 0.0,
            errors_after_create: 0.0,
            listing_errors: 0.0,
            unknown_types: 0.0,
            unknown_ended_reasons: 0.0,
            missing_fields: 0.0,
            iso_timestamps: 0.05,
            big_bodies: 0.0,
            refuse_without_user_agent: true,
            refuse_metadata: false,
            over_limit: OverLimit::default(),
            requests_per_minute_max: None,
            retry_after_seconds: None,
            vapi_number_calls_per_day_max: 10,
            read_lag_seconds: 1.5,
        }
    }
}

impl Knobs {
    /// A day on which a little of everything goes wrong.
    pub fn bad_day() -> Self {
        Self {
            lose_webhooks: 0.05,
            duplicate_webhooks: 0.05,
            reorder_webhooks: true,
            lost_answers: 0.02,
            errors_before_create: 0.01,
            errors_after_create: 0.01,
            listing_errors: 0.02,
            unknown_types: 0.01,
            unknown_ended_reasons: 0.01,
            missing_fields: 0.02,
            ..Self::default()
        }
    }
}
