//! What is said on a call: scenes, the words they are filled with, and the timed transcript they become.

mod machine_scenes;
mod reached_scenes;
mod short_scenes;
mod tool_use;
mod transcript;
mod words;

use serde::{Deserialize, Serialize};

use crate::chance::Chance;

pub(crate) use tool_use::Tools;
pub(crate) use transcript::{Item, Said, Setting, Transcript};
pub(crate) use words::Words;

/// A kind of conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scene {
    /// A visit is booked.
    AppointmentBooked,
    /// A visit that was agreed is confirmed.
    AppointmentConfirmed,
    /// An estimate that was sent is talked over and accepted.
    QuoteFollowUp,
    /// Somebody who asked for help answers the intake questions.
    IntakeCallBack,
    /// The person is handed over to a human.
    Transfer,
    /// The number belongs to somebody else.
    WrongPerson,
    /// "Take me off your list."
    OptOut,
    /// "Call me back later."
    CallBackLater,
    /// Friendly no.
    NotInterested,
    /// The person hangs up after the first sentence.
    HangsUp,
    /// Somebody picks up and says nothing.
    Silence,
    /// A voicemail box that the assistant detects; it leaves its message.
    VoicemailDetected,
    /// A voicemail box the assistant takes for a person.
    VoicemailUnnoticed,
}

/// One step of a scene. Alternatives are chosen by the seed; `{word}` is filled in.
pub(crate) enum Step {
    Agent(&'static [&'static str]),
    Person(&'static [&'static str]),
    /// The assistant uses the tool that fits these hints best, if it has any.
    Tool(&'static [&'static str]),
    /// Seconds in which nobody speaks.
    Pause(f64),
}

/// A scene as it is written down.
pub(crate) struct Script {
    pub(crate) steps: &'static [Step],
    pub(crate) ended_reason: &'static str,
    /// `structuredData.outcome`.
    pub(crate) outcome: &'static str,
    pub(crate) is_success: bool,
    pub(crate) summary: &'static str,
    /// Further `structuredData`: key and `{word}` text.
    pub(crate) data: &'static [(&'static str, &'static str)],
}

/// How people who pick up behave, when the script of the phone does not say.
const MAIN_SCENE_SHARE: f64 = 0.5;
const OTHER_SCENES: [(Scene, f64); 7] = [
    (Scene::CallBackLater, 14.0),
    (Scene::NotInterested, 12.0),
    (Scene::WrongPerson, 6.0),
    (Scene::OptOut, 5.0),
    (Scene::HangsUp, 5.0),
    (Scene::Transfer, 4.0),
    (Scene::Silence, 2.0),
];
const MAIN_SCENES: [(Scene, &[&str]); 4] = [
    (Scene::AppointmentConfirmed, &["confirm", "reminder"]),
    (Scene::QuoteFollowUp, &["quote", "estimate", "proposal", "renewal", "sales"]),
    (Scene::IntakeCallBack, &["intake", "consult", "claim", "case", "qualif", "inquiry", "legal"]),
    (Scene::AppointmentBooked, &["appoint", "book", "schedul", "visit", "reactivat", "checkup"]),
];

impl Scene {
    pub(crate) fn script(self) -> &'static Script {
        match self {
            Self::AppointmentBooked => &reached_scenes::APPOINTMENT_BOOKED,
            Self::AppointmentConfirmed => &reached_scenes::APPOINTMENT_CONFIRMED,
            Self::QuoteFollowUp => &reached_scenes::QUOTE_FOLLOW_UP,
            Self::IntakeCallBack => &reached_scenes::INTAKE_CALL_BACK,
            Self::Transfer => &reached_scenes::TRANSFER,
            Self::WrongPerson => &short_scenes::WRONG_PERSON,
            Self::OptOut => &short_scenes::OPT_OUT,
            Self::CallBackLater => &short_scenes::CALL_BACK_LATER,
            Self::NotInterested => &short_scenes::NOT_INTERESTED,
            Self::HangsUp => &short_scenes::HANGS_UP,
            Self::Silence => &machine_scenes::SILENCE,
            Self::VoicemailDetected => &machine_scenes::VOICEMAIL_DETECTED,
            Self::VoicemailUnnoticed => &machine_scenes::VOICEMAIL_UNNOTICED,
        }
    }

    /// A scene for a person who picks up, given what is known of the assistant's job.
    pub(crate) fn drawn(chance: &mut Chance, job: &str) -> Self {
        if !chance.happens(MAIN_SCENE_SHARE) {
            return chance.weigh(&OTHER_SCENES);
        }
        let job = job.to_lowercase();
        let fits = |hints: &[&str]| hints.iter().any(|hint| job.contains(hint));
        let named = MAIN_SCENES.iter().find(|(_, hints)| fits(hints));
        named.map_or_else(|| chance.pick(&MAIN_SCENES).0, |(scene, _)| *scene)
    }
}
