//! Bad days that happen once: the next create-call or listing meets the fault, the one after does not.

use std::time::Duration;

/// What becomes of the next create-call.
#[derive(Clone, Debug, PartialEq)]
pub enum CreateFault {
    /// 500, and no call exists.
    Status500Before,
    /// 500, and the call exists.
    Status500After,
    /// 502 from the edge, and no call exists.
    Status502Before,
    /// The connection is cut before anything was done.
    DropBefore,
    /// The call exists; the connection is cut instead of an answer.
    DropAfter,
    /// The call exists; the connection stays open and silent.
    Hang,
    /// The call exists; the right answer comes after this much real time.
    LateAnswer(Duration),
    /// 429, and no call exists.
    TooManyRequests {
        /// Seconds for the `Retry-After` header; without it there is no such header.
        retry_after: Option<u32>,
    },
    /// 400 `Over Concurrency Limit`, whatever the lines say; no call exists.
    OverConcurrency400,
    /// 201 with `concurrencyBlocked: true`; the call exists and never starts.
    ConcurrencyBlocked201,
    /// 201; the call ends moments later for want of a line.
    ConcurrencyEnds201,
    /// 201; the call stays queued until a line of its subscription is given back.
    ConcurrencyWaits201,
    /// 400 of a number bought at Vapi that has made its calls of the day; no call exists.
    DailyLimit400,
    /// The call exists; the answer is 201 with its second half missing.
    TruncatedJson,
    /// The call exists; the answer is 201 without `id`.
    WithoutId,
    /// The call exists; the answer is 200 with an HTML page.
    NotJson,
    /// This status and JSON text, and no call exists.
    Refused {
        /// HTTP status.
        status: u16,
        /// Body as sent.
        body: String,
    },
}

/// What becomes of the next `GET /call`.
#[derive(Clone, Debug, PartialEq)]
pub enum ListFault {
    /// 500.
    Status500,
    /// 429 without `Retry-After`.
    TooManyRequests,
    /// 200 with the second half of the array missing.
    TruncatedJson,
    /// The connection is cut instead of an answer.
    Drop,
    /// The connection stays open and silent.
    Hang,
}
