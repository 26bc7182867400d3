//! Scenes without a person: voicemail boxes and silence.

use super::Script;
use super::Step::{Agent, Pause, Person};

pub(super) const VOICEMAIL_DETECTED: Script = Script {
    steps: &[
        Person(&[
            "You have reached the voicemail box of {name}. Please leave a message after the tone.",
            "Hi, you've reached {first}. I can't come to the phone right now, leave a message and I'll call you back.",
            "The person you are trying to reach is not available. At the tone, please record your message.",
        ]),
        Pause(1.2),
        Agent(&["{voicemail_message}"]),
    ],
    ended_reason: "voicemail",
    outcome: "voicemail",
    is_success: false,
    summary: "The call reached the voicemail of {first}. {agent} left a message asking to call {company} back.",
    data: &[("leftMessage", "yes")],
};

// Without voicemail detection the assistant talks to the box until the silence is too long.
pub(super) const VOICEMAIL_UNNOTICED: Script = Script {
    steps: &[
        Person(&[
            "You have reached the voicemail box of {name}. Please leave a message after the tone.",
            "Your call has been forwarded to an automated voice messaging system.",
        ]),
        Agent(&["Hi {first}, this is {agent} from {company}. Is this a good time to talk?"]),
        Pause(10.0),
        Agent(&["Are you still there?"]),
        Pause(12.0),
    ],
    ended_reason: "silence-timed-out",
    outcome: "no_conversation",
    is_success: false,
    summary: "An automated greeting was heard and nobody replied.",
    data: &[],
};

pub(super) const SILENCE: Script = Script {
    steps: &[
        Agent(&["Hello? This is {agent} from {company}. Am I speaking with {first}?"]),
        Pause(9.0),
        Agent(&["I can't hear you. I'll try again another time. Goodbye."]),
        Pause(4.0),
    ],
    ended_reason: "silence-timed-out",
    outcome: "no_conversation",
    is_success: false,
    summary: "The call was picked up and nobody spoke.",
    data: &[],
};
