//! The protocol's times. They bound what networks and kernels can do, so they are real seconds: on a clock that runs
//! faster they grow with its speed, or a fast demo would take a slow machine for a lost call.

use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Between the commit of the point of no return and the first byte on the wire, on a clock that counts suspend.
pub const SEND_BUDGET: Duration = Duration::from_secs(2);

/// After a failure to connect: nothing was sent, and the provider is likely to be away for others too.
pub(super) const CONNECT_RETRY: SignedDuration = SignedDuration::from_secs(30);
/// After a reservation that was withdrawn because something changed in between.
pub(super) const RELEASE_RETRY: SignedDuration = SignedDuration::from_secs(5);
/// After a listing that failed.
pub(super) const LISTING_RETRY: SignedDuration = SignedDuration::from_secs(30);
/// After absence is proven: the ring gap of the phone holds besides.
pub(super) const NOT_CREATED_RETRY: SignedDuration = SignedDuration::from_mins(10);

#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// How long to wait for the answer of create-call, in real time.
    pub answer_timeout: Duration,
    /// A reservation that is not sent by then is given back.
    pub lease: SignedDuration,
    /// After it, nobody is writing any more: `sending` becomes `unknown`.
    pub sending_max: SignedDuration,
    /// The provider lists a created call, and every request has arrived or died, by then after the send.
    pub settle: SignedDuration,
    /// Between two listings that prove absence.
    pub between_looks: SignedDuration,
    /// An accepted call rings by then, or it is deleted at the provider: calling hours and the lead's day end with room for it.
    pub queued_max: SignedDuration,
    /// An accepted call of which nothing is heard is asked about this often.
    pub silence: SignedDuration,
    /// After it an unknown attempt is held for a person.
    pub hold_after: SignedDuration,
    /// Between two sweeps over the calls that changed at the provider.
    pub sweep: SignedDuration,
    /// Between two looks for leases that are over, calls to ask about and campaigns to start.
    pub chores: SignedDuration,
}

impl Timing {
    pub fn at_speed(speed: u32) -> Self {
        let real = |seconds: i64| SignedDuration::from_secs(seconds) * i32::try_from(speed).unwrap_or(i32::MAX);
        // On a fast clock the answer's real 20 s would be hours: what a loopback needs is far less.
        let (arrival, listing) = if speed > 1 { (6, 4) } else { (120, 60) };
        Self {
            answer_timeout: Duration::from_secs(if speed > 1 { 4 } else { 20 }),
            lease: real(30),
            sending_max: real(if speed > 1 { 5 } else { 30 }),
            settle: real(arrival + listing),
            between_looks: real(if speed > 1 { 1 } else { 15 }),
            queued_max: SignedDuration::from_mins(1),
            silence: SignedDuration::from_mins(20),
            hold_after: SignedDuration::from_hours(24),
            sweep: real(if speed > 1 { 2 } else { 60 }),
            chores: real(1),
        }
    }
}

/// When something happens, and the times that hold there.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    pub now: Timestamp,
    pub timing: Timing,
}
