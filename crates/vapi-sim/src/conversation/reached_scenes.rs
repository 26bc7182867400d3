//! Scenes in which the right person talks and something comes of it.

use super::Script;
use super::Step::{Agent, Pause, Person, Tool};

pub(super) const APPOINTMENT_BOOKED: Script = Script {
    steps: &[
        Agent(&[
            "Hi, is this {first}? This is {agent} calling from {company} about {service}. Do you have a quick minute?",
            "Hello {first}, {agent} here with {company}. You asked us about {service}, is now an okay time?",
        ]),
        Person(&["Yeah, this is {first}. What's up?", "Uh, sure, I've got a minute.", "Speaking. Go ahead."]),
        Agent(&[
            "Great, thanks. We have a couple of openings this week and I'd love to get you on the calendar. \
             Do mornings or afternoons work better for you?",
            "Perfect. I can get you in this week. Would you rather come in the morning or later in the day?",
        ]),
        Person(&[
            "Mornings are better, I pick up the kids at three.",
            "Later in the day if you have it.",
            "Honestly anything that isn't Monday.",
        ]),
        Agent(&["Let me check what we have.", "One second, I'm looking at the calendar."]),
        Tool(&["avail", "slot", "calendar", "check"]),
        Agent(&[
            "I have {day} at {time}, or Thursday at two thirty. Which one would you like?",
            "Okay, there's {day} at {time}. Would that work?",
        ]),
        Person(&["{day} at {time} works.", "Yeah, let's do {day}.", "The first one, {day}."]),
        Tool(&["book", "appoint", "schedul", "create"]),
        Agent(&[
            "You're all set for {day} at {time}. You'll get a text with the address. Anything else I can help with?",
            "Done, {first}. {day} at {time}. We'll send a reminder the day before. Is there anything else?",
        ]),
        Person(&["No, that's it. Thank you.", "That's all, thanks for calling.", "Nope, appreciate it. Bye."]),
        Agent(&["Thank you, {first}. Have a great day.", "Thanks so much. Talk soon."]),
    ],
    ended_reason: "assistant-ended-call",
    outcome: "appointment_booked",
    is_success: true,
    summary: "{agent} called {first} on behalf of {company} about {service}. {first} agreed to an appointment on \
              {day} at {time}; the appointment was booked and a text confirmation was promised.",
    data: &[("appointmentDay", "{day}"), ("appointmentTime", "{time}"), ("service", "{service}")],
};

pub(super) const APPOINTMENT_CONFIRMED: Script = Script {
    steps: &[
        Agent(&["Hi {first}, this is {agent} from {company}. I'm calling about your visit for {service}."]),
        Person(&["Hi, yes, this is {first}.", "Speaking. Is this about my visit?"]),
        Agent(&["Thanks. We have you down for {day} at {time}. Can you still make it?"]),
        Person(&["Yes, I'll be there.", "Yep, {day} still works."]),
        Tool(&["confirm", "book", "appoint", "update"]),
        Agent(&["Wonderful, you're confirmed. See you {day}, {first}."]),
        Person(&["Thanks, bye.", "See you then."]),
    ],
    ended_reason: "customer-ended-call",
    outcome: "appointment_confirmed",
    is_success: true,
    summary: "{first} confirmed the visit with {company} on {day} at {time}.",
    data: &[("appointmentDay", "{day}"), ("appointmentTime", "{time}")],
};

pub(super) const QUOTE_FOLLOW_UP: Script = Script {
    steps: &[
        Agent(&[
            "Hi {first}, this is {agent} with {company}. I'm following up on the estimate we sent you for {service}. \
             Did you get a chance to look at it?",
            "Hello, may I speak with {first}? It's {agent} from {company}, about your quote for {service}.",
        ]),
        Person(&["Yeah I saw it. It was a bit more than I expected.", "I did, I just haven't had time to decide."]),
        Agent(&[
            "I hear you. The {amount} includes materials, labor and the two year warranty. What part would you like \
             me to go over?",
            "Of course. The total of {amount} covers everything, and we can split it into monthly payments. Would \
             that help?",
        ]),
        Person(&["So the warranty is included? Okay.", "How would the payments work?"]),
        Agent(&[
            "It is included, both parts and labor. And if you go ahead this week we can start on {day}.",
            "It would be twelve payments, no interest, and the first one is due after we start.",
        ]),
        Person(&["Alright, that sounds fair.", "Okay. And when could you come out?"]),
        Tool(&["quote", "crm", "update", "lead", "note"]),
        Agent(&["I can put you down for {day} at {time}. Shall I go ahead and confirm it?"]),
        Person(&["Yes, go ahead.", "Sure, let's do it."]),
        Agent(&["Excellent. You'll get the paperwork by email today. Thanks for choosing {company}, {first}."]),
        Person(&["Great, thanks. Bye bye.", "Thank you, bye."]),
    ],
    ended_reason: "customer-ended-call",
    outcome: "quote_accepted",
    is_success: true,
    summary: "{agent} followed up on the {amount} estimate for {service}. After questions about price and warranty \
              {first} accepted the quote; work is to start on {day} at {time} and paperwork goes out by email.",
    data: &[("quoteAmount", "{amount}"), ("startDay", "{day}"), ("service", "{service}")],
};

pub(super) const INTAKE_CALL_BACK: Script = Script {
    steps: &[
        Agent(&[
            "Hello {first}, this is {agent} from {company}. You filled in a form on our site asking for help, and I \
             have a few questions so the right person can call you. Is that alright?",
        ]),
        Person(&["Yes, that was me. Go ahead.", "Oh good, I was hoping someone would call."]),
        Agent(&["Thank you. Can you tell me in a sentence or two what happened?"]),
        Person(&[
            "My car was rear ended a couple of weeks ago and their insurance keeps stalling.",
            "The heater went out over the weekend and the landlord won't fix it.",
            "I've had back pain since I changed jobs and I need to see someone.",
        ]),
        Agent(&["I'm sorry to hear that. When did it start?"]),
        Person(&["About two weeks ago.", "It was the Friday before last.", "Maybe a month now."]),
        Agent(&["Have you spoken with anybody else about it so far?"]),
        Person(&["No, you're the first.", "I called one other place but they never got back to me."]),
        Tool(&["intake", "lead", "crm", "save", "create", "note"]),
        Agent(&["Thanks, I've noted all of that. What is the best time to reach you on this number?"]),
        Person(&["Any time after {time}.", "{day} would be best, around {time}."]),
        Agent(&["Got it. Someone from our team will call you {day}. Thank you, {first}."]),
        Person(&["Thank you so much.", "Okay, thanks. Bye."]),
    ],
    ended_reason: "assistant-said-end-call-phrase",
    outcome: "intake_completed",
    is_success: true,
    summary: "{first} answered the intake questions for {company}: the matter began recently, nobody else has been \
              engaged, and a call back on {day} around {time} was requested.",
    data: &[("bestDay", "{day}"), ("bestTime", "{time}"), ("hasOtherProvider", "no")],
};

pub(super) const TRANSFER: Script = Script {
    steps: &[
        Agent(&["Hi, this is {agent} from {company} calling for {first} about {service}."]),
        Person(&["Yeah, that's me. Actually, can I talk to a real person?", "Speaking. I'd rather talk to a human."]),
        Agent(&["Absolutely. Stay on the line and I'll connect you with a colleague now."]),
        Tool(&["transfer", "forward", "escalat", "human"]),
        Person(&["Okay, thanks.", "Alright."]),
        Pause(1.5),
    ],
    ended_reason: "assistant-forwarded-call",
    outcome: "transferred",
    is_success: true,
    summary: "{first} asked to speak with a person and was transferred to a colleague at {company}.",
    data: &[("transferRequested", "yes")],
};
