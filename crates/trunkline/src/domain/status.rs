//! The statuses of campaigns, enrollments, attempts and calls, and the only arrows along which they move.
//!
//! The states of an attempt are those of the dispatch protocol: nothing leads back to `reserved`, so an
//! attempt is sent at most once.

mod call_status;

pub use self::call_status::CallStatus;
use super::text_enum::text_enum;

text_enum! {
    /// Where a campaign stands.
    pub enum CampaignStatus ("campaign status") {
        Draft = "draft",
        Scheduled = "scheduled",
        Running = "running",
        Paused = "paused",
        /// Ended by a person before every lead was done with.
        Stopped = "stopped",
        /// Every enrollment is done.
        Completed = "completed",
    }
}

text_enum! {
    /// Where a lead stands in a campaign; a done enrollment has a [`Disposition`].
    pub enum EnrollmentStatus ("enrollment status") {
        /// Waits for its next attempt to be taken.
        Queued = "queued",
        /// An attempt is open.
        Active = "active",
        Done = "done",
    }
}

text_enum! {
    /// What came of an enrollment.
    pub enum Disposition ("disposition") {
        /// A conversation took place.
        Reached = "reached",
        /// The retry plan has no try left.
        Exhausted = "exhausted",
        /// A rule forbids the call, such as a DNC entry.
        Excluded = "excluded",
        /// A person took the lead out, or stopped the campaign.
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// Where one planned try stands.
    pub enum AttemptState ("attempt state") {
        /// Waits for its due time.
        Scheduled = "scheduled",
        /// Counted against the limits and leased; nothing was sent.
        Reserved = "reserved",
        /// The point of no return is committed; one process may send once.
        Sending = "sending",
        /// A call may or may not have been created.
        Unknown = "unknown",
        /// The provider's call is known.
        Accepted = "accepted",
        Ended = "ended",
        /// The provider refused for certain: no call.
        Rejected = "rejected",
        /// The provider was asked and has no such call; the try stays counted.
        NotCreated = "not_created",
        /// Given back before it was sent.
        Released = "released",
        /// Withdrawn before it was sent.
        Cancelled = "cancelled",
        /// Not decidable by the program; waits for a person.
        Held = "held",
        /// A call came to light after the attempt was closed without one.
        AcceptedLate = "accepted_late",
        /// A second call of the same attempt came to light.
        Conflict = "conflict",
    }
}

/// A move that the diagram of a status does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} {from} {what} cannot become {to}", article(from))]
pub struct StatusConflict {
    pub what: &'static str,
    pub from: &'static str,
    pub to: &'static str,
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

impl CampaignStatus {
    pub fn change_to(self, to: Self) -> Result<Self, StatusConflict> {
        use CampaignStatus::{Completed, Draft, Paused, Running, Scheduled, Stopped};
        let next: &[Self] = match self {
            Draft => &[Scheduled, Running],
            Scheduled => &[Draft, Running, Stopped],
            Running => &[Paused, Stopped, Completed],
            Paused => &[Running, Stopped],
            Stopped | Completed => &[],
        };
        if next.contains(&to) {
            return Ok(to);
        }
        Err(StatusConflict { what: "campaign", from: self.as_str(), to: to.as_str() })
    }

    /// True once nothing can happen in the campaign any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Stopped | Self::Completed)
    }
}

impl EnrollmentStatus {
    pub fn change_to(self, to: Self) -> Result<Self, StatusConflict> {
        use EnrollmentStatus::{Active, Done, Queued};
        let next: &[Self] = match self {
            Queued => &[Active, Done],
            Active => &[Queued, Done],
            Done => &[],
        };
        if next.contains(&to) {
            return Ok(to);
        }
        Err(StatusConflict { what: "enrollment", from: self.as_str(), to: to.as_str() })
    }
}

impl AttemptState {
    /// The arrows of the diagram. The steps of `protocol::step` take no other (`every_step_follows_an_arrow_of_the_diagram`).
    pub fn change_to(self, to: Self) -> Result<Self, StatusConflict> {
        use AttemptState::{
            Accepted, AcceptedLate, Cancelled, Conflict, Ended, Held, NotCreated, Rejected, Released, Reserved,
            Scheduled, Sending, Unknown,
        };
        let next: &[Self] = match self {
            Scheduled => &[Reserved, Cancelled],
            Reserved => &[Sending, Released, Cancelled],
            // Given back only by the process that holds the send, before it has written a byte. Ended: created, and blocked.
            Sending => &[Accepted, Rejected, Unknown, Released, Cancelled, Ended],
            Unknown => &[Accepted, NotCreated, Held, Ended],
            Accepted => &[Ended, Held, Conflict],
            // A person counts it as called or has it looked at again; evidence may still come by itself.
            Held => &[Accepted, Unknown, Ended, Conflict],
            Released | Cancelled | Rejected | NotCreated => &[AcceptedLate],
            Ended | AcceptedLate => &[Conflict],
            Conflict => &[],
        };
        if next.contains(&to) {
            return Ok(to);
        }
        Err(StatusConflict { what: "attempt", from: self.as_str(), to: to.as_str() })
    }

    /// True while the phone may ring or be in a call because of this attempt, or may yet: at most one open
    /// attempt for each phone and each enrollment.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Reserved | Self::Sending | Self::Unknown | Self::Accepted | Self::Held)
    }

    /// True if only a person can settle it.
    pub fn needs_a_person(self) -> bool {
        matches!(self, Self::Held | Self::AcceptedLate | Self::Conflict)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(result: Result<impl std::fmt::Display, StatusConflict>, expected: &str) {
        let text = match result {
            Ok(status) => status.to_string(),
            Err(conflict) => conflict.to_string(),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn a_campaign_moves_along_its_diagram_only() {
        use CampaignStatus::{Completed, Draft, Paused, Running, Scheduled, Stopped};
        check(Draft.change_to(Running), "running");
        check(Draft.change_to(Scheduled), "scheduled");
        check(Scheduled.change_to(Draft), "draft");
        check(Running.change_to(Paused), "paused");
        check(Paused.change_to(Running), "running");
        check(Running.change_to(Completed), "completed");
        check(Paused.change_to(Stopped), "stopped");
        check(Paused.change_to(Paused), "a paused campaign cannot become paused");
        check(Draft.change_to(Paused), "a draft campaign cannot become paused");
        check(Stopped.change_to(Running), "a stopped campaign cannot become running");
        check(Completed.change_to(Running), "a completed campaign cannot become running");
    }

    #[test]
    fn an_enrollment_returns_to_the_queue_until_it_is_done() {
        use EnrollmentStatus::{Active, Done, Queued};
        check(Queued.change_to(Active), "active");
        check(Active.change_to(Queued), "queued");
        check(Active.change_to(Done), "done");
        check(Queued.change_to(Done), "done");
        check(Done.change_to(Queued), "a done enrollment cannot become queued");
        check(Active.change_to(Active), "an active enrollment cannot become active");
    }

    #[test]
    fn nothing_leads_back_to_reserved_but_a_first_claim() {
        for &from in AttemptState::ALL {
            let may = from.change_to(AttemptState::Reserved).is_ok();
            assert_eq!(may, from == AttemptState::Scheduled, "{from}");
        }
    }

    #[test]
    fn only_a_reserved_attempt_is_sent() {
        for &from in AttemptState::ALL {
            let may = from.change_to(AttemptState::Sending).is_ok();
            assert_eq!(may, from == AttemptState::Reserved, "{from}");
        }
    }

    #[test]
    fn an_unknown_attempt_is_asked_about_and_never_released() {
        use AttemptState::{Accepted, Held, NotCreated, Released, Scheduled, Unknown};
        check(Unknown.change_to(Accepted), "accepted");
        check(Unknown.change_to(NotCreated), "not_created");
        check(Unknown.change_to(Held), "held");
        check(Unknown.change_to(Released), "an unknown attempt cannot become released");
        check(Unknown.change_to(Scheduled), "an unknown attempt cannot become scheduled");
    }

    #[test]
    fn a_call_found_after_closing_is_accepted_late() {
        use AttemptState::{Accepted, AcceptedLate, Cancelled, Ended, NotCreated, Rejected, Released};
        for closed in [NotCreated, Rejected, Released, Cancelled] {
            check(closed.change_to(AcceptedLate), "accepted_late");
        }
        check(NotCreated.change_to(Accepted), "a not_created attempt cannot become accepted");
        check(Ended.change_to(AcceptedLate), "an ended attempt cannot become accepted_late");
    }

    #[test]
    fn an_attempt_is_open_while_the_phone_may_ring_because_of_it() {
        let open: Vec<_> = AttemptState::ALL.iter().filter(|state| state.is_open()).map(|s| s.as_str()).collect();
        assert_eq!(open, ["reserved", "sending", "unknown", "accepted", "held"]);
    }

    #[test]
    fn texts_are_read_as_they_are_written() {
        for &state in AttemptState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        let unknown = "gone".parse::<CampaignStatus>().unwrap_err();
        assert_eq!(unknown.to_string(), "\"gone\" is no campaign status");
    }
}
