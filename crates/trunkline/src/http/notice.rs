//! What a form did, said once on the page that follows it. Between the two pages it travels as a code in a cookie.

use super::cookie;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header;
use ui::view::Tone;

/// Long enough for the redirect.
const SECONDS: i64 = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    CampaignMade,
    CampaignStarted,
    CampaignScheduled,
    CampaignPaused,
    CampaignResumed,
    CampaignStopped,
    CampaignChangedMeanwhile,
    EventsReplayed,
    NothingReplayed,
    LeadOnDnc,
    LeadOffDnc,
    DialingPaused,
    DialingResumed,
    SwitchedOff,
    SwitchedOn,
    LimitSet,
    RulesSet,
    LimitWrong,
    HeldSettled,
    HeldLooked,
    Acknowledged,
    NothingChosen,
    CampaignChanged,
}

impl Notice {
    const ALL: [Self; 23] = [
        Self::CampaignMade,
        Self::CampaignStarted,
        Self::CampaignScheduled,
        Self::CampaignPaused,
        Self::CampaignResumed,
        Self::CampaignStopped,
        Self::CampaignChangedMeanwhile,
        Self::EventsReplayed,
        Self::NothingReplayed,
        Self::LeadOnDnc,
        Self::LeadOffDnc,
        Self::DialingPaused,
        Self::DialingResumed,
        Self::SwitchedOff,
        Self::SwitchedOn,
        Self::LimitSet,
        Self::RulesSet,
        Self::LimitWrong,
        Self::HeldSettled,
        Self::HeldLooked,
        Self::Acknowledged,
        Self::NothingChosen,
        Self::CampaignChanged,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::CampaignMade => "campaign-made",
            Self::CampaignStarted => "campaign-started",
            Self::CampaignScheduled => "campaign-scheduled",
            Self::CampaignPaused => "campaign-paused",
            Self::CampaignResumed => "campaign-resumed",
            Self::CampaignStopped => "campaign-stopped",
            Self::CampaignChangedMeanwhile => "campaign-changed-meanwhile",
            Self::EventsReplayed => "events-replayed",
            Self::NothingReplayed => "nothing-replayed",
            Self::LeadOnDnc => "lead-on-dnc",
            Self::LeadOffDnc => "lead-off-dnc",
            Self::DialingPaused => "dialing-paused",
            Self::DialingResumed => "dialing-resumed",
            Self::SwitchedOff => "switched-off",
            Self::SwitchedOn => "switched-on",
            Self::LimitSet => "limit-set",
            Self::RulesSet => "rules-set",
            Self::LimitWrong => "limit-wrong",
            Self::HeldSettled => "held-settled",
            Self::HeldLooked => "held-looked",
            Self::Acknowledged => "acknowledged",
            Self::NothingChosen => "nothing-chosen",
            Self::CampaignChanged => "campaign-changed",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.code() == code)
    }

    pub(super) fn drawn(self) -> ui::Notice {
        let (tone, text) = match self {
            Self::CampaignMade => (Tone::Good, "Campaign saved as a draft. Nothing is dialed until it is started."),
            Self::CampaignStarted => (Tone::Good, "Campaign started. The first calls begin within seconds."),
            Self::CampaignScheduled => (Tone::Good, "Campaign scheduled. It starts by itself."),
            Self::CampaignPaused => (Tone::Good, "Campaign paused. No new call begins; calls in progress go on."),
            Self::CampaignResumed => (Tone::Good, "Campaign resumed."),
            Self::CampaignStopped => (Tone::Good, "Campaign ended. The leads that were left are not called."),
            Self::CampaignChangedMeanwhile => {
                (Tone::Warn, "Somebody was faster: the campaign had changed. This is how it stands now.")
            }
            Self::NothingReplayed => {
                (Tone::Warn, "Nothing of that is set aside any more: it may have been applied meanwhile.")
            }
            Self::EventsReplayed => (Tone::Good, "The events are applied again, in the order in which they came."),
            Self::LeadOnDnc => (Tone::Good, "The phone is on the do-not-call list. No campaign dials it any more."),
            Self::LeadOffDnc => {
                (Tone::Good, "The phone is off the do-not-call list. Campaigns that left it out do not take it back.")
            }
            Self::DialingPaused => {
                (Tone::Good, "All dialing is stopped. No phone rings any more; calls in progress go on.")
            }
            Self::DialingResumed => (Tone::Good, "Dialing goes on."),
            Self::SwitchedOff => (Tone::Good, "Switched off. No new call begins; calls in progress go on."),
            Self::SwitchedOn => (Tone::Good, "Switched on. It is used from the next call on."),
            Self::LimitSet => (Tone::Good, "The limit is set. It counts from the next call that is chosen."),
            Self::RulesSet => (Tone::Good, "The rules are saved. They count from the next call that is chosen."),
            Self::LimitWrong => (Tone::Bad, "The limit was not changed: a whole number within its bounds is needed."),
            Self::HeldSettled => (Tone::Good, "Counted as called. The next try follows the campaign’s plan."),
            Self::HeldLooked => (Tone::Good, "The provider is asked again. Nobody is called before it has answered."),
            Self::Acknowledged => (Tone::Good, "Seen. They stay in the leads’ histories."),
            Self::NothingChosen => (Tone::Warn, "Nothing was changed: nothing was chosen, or somebody was faster."),
            Self::CampaignChanged => {
                (Tone::Good, "The campaign is changed. It counts from the next call that is chosen.")
            }
        };
        ui::Notice { tone, text: text.to_owned() }
    }

    /// See other: the page at `to`, where this is said.
    pub(super) fn then(self, to: &str) -> Response {
        let mut response = Redirect::to(to).into_response();
        response.headers_mut().append(header::SET_COOKIE, cookie::set(cookie::NOTICE, self.code(), false, SECONDS));
        response
    }
}

/// Takes a notice back once a page has said it: the next page says it no more.
pub(super) async fn say_once(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let is_waiting = cookie::get(headers, cookie::NOTICE).is_some() && !headers.contains_key("hx-request");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_waiting && is_page {
        headers.append(header::SET_COOKIE, cookie::set(cookie::NOTICE, "", false, 0));
    }
    response
}
