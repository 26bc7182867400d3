//! Scenes that end soon: the wrong person, a no, a later.

use super::Script;
use super::Step::{Agent, Person, Tool};

pub(super) const WRONG_PERSON: Script = Script {
    steps: &[
        Agent(&["Hi, is this {first}? It's {agent} calling from {company}."]),
        Person(&["No, you have the wrong number.", "There's no {first} here."]),
        Agent(&["Oh, I'm sorry about that. Is there a better number where I could reach {first}?"]),
        Person(&["I don't know who that is. I've had this number for three years.", "Nope. Sorry."]),
        Tool(&["wrong", "update", "crm", "note", "lead"]),
        Agent(&["Thanks for letting me know, I'll correct our records. Have a good day."]),
        Person(&["Bye.", "Okay."]),
    ],
    ended_reason: "customer-ended-call",
    outcome: "wrong_number",
    is_success: false,
    summary: "The number does not belong to {first}. {agent} apologized and promised to correct the records.",
    data: &[("wrongNumber", "yes")],
};

pub(super) const OPT_OUT: Script = Script {
    steps: &[
        Agent(&["Hi {first}, this is {agent} from {company}, about {service}."]),
        Person(&[
            "Please take me off your list and don't call me again.",
            "Stop calling me. Take me off your list.",
            "I'm not interested, remove my number please.",
        ]),
        Agent(&["I understand, and I apologize. I'm removing your number right now. You won't hear from us again."]),
        Tool(&["opt", "dnc", "not_call", "unsub", "remove"]),
        Person(&["Thank you.", "Good."]),
    ],
    ended_reason: "customer-ended-call",
    outcome: "do_not_call",
    is_success: false,
    summary: "{first} asked not to be called again and to be taken off the list. {agent} confirmed the removal.",
    data: &[("doNotCall", "yes")],
};

pub(super) const CALL_BACK_LATER: Script = Script {
    steps: &[
        Agent(&["Hello, is that {first}? This is {agent} with {company}, I'm calling about {service}."]),
        Person(&["Hey, I'm driving right now, can you call me back?", "I'm in a meeting, can we do this later?"]),
        Agent(&["Of course. When would be a good time?", "No problem at all. What time suits you?"]),
        Person(&["{day}, after {time}.", "Try me {day} around {time}."]),
        Tool(&["callback", "call_back", "schedul", "remind"]),
        Agent(&["I'll call you {day} around {time}. Drive safely.", "{day} around {time} it is. Talk to you then."]),
        Person(&["Thanks. Bye.", "Okay, bye."]),
    ],
    ended_reason: "customer-ended-call",
    outcome: "callback_requested",
    is_success: false,
    summary: "{first} could not talk and asked to be called back on {day} around {time}.",
    data: &[("callbackDay", "{day}"), ("callbackTime", "{time}")],
};

pub(super) const NOT_INTERESTED: Script = Script {
    steps: &[
        Agent(&["Hi {first}, {agent} here from {company}. You had asked about {service}, do you have a minute?"]),
        Person(&["We already went with somebody else, thanks.", "No, we're not doing that anymore."]),
        Agent(&["Thanks for telling me. May I ask what made the difference?"]),
        Person(&["They could come sooner.", "It was the price, mostly.", "Just not a priority this year."]),
        Agent(&["That makes sense. I'll close your request. If anything changes, we're glad to help."]),
        Person(&["Alright, thank you. Bye.", "Will do. Bye."]),
    ],
    ended_reason: "customer-ended-call",
    outcome: "not_interested",
    is_success: false,
    summary: "{first} is no longer interested in {service} and the request was closed.",
    data: &[("interested", "no")],
};

pub(super) const HANGS_UP: Script = Script {
    steps: &[
        Agent(&["Hi, this is {agent}, a virtual assistant calling from {company} about {service}."]),
        Person(&["Uh, no.", "Hello? No thanks."]),
    ],
    ended_reason: "customer-ended-call",
    outcome: "hung_up",
    is_success: false,
    summary: "The person hung up right after the greeting.",
    data: &[],
};
