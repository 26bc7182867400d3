//! A call's audio: 8 kHz, 8 bit, one tone for the assistant and a lower one for the person, as they took turns.

use crate::conversation::{Item, Said, Transcript};

const SAMPLES_PER_SECOND: u32 = 8_000;
/// Longer talks are recorded up to here: the file stays below a megabyte.
const SECONDS_MAX: f64 = 60.0;
const HEADER_BYTES: u32 = 44;
const AGENT_HERTZ: f32 = 210.0;
const PERSON_HERTZ: f32 = 140.0;
/// Syllables swell and fade about this often.
const SYLLABLES_PER_SECOND: f32 = 4.5;

/// Which voices are heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Track {
    Mono,
    /// The person on the left, the assistant on the right.
    Stereo,
    Assistant,
    Customer,
}

impl Track {
    /// Splits the name of a recording into the call's id and the track.
    pub(crate) fn of_file(name: &str) -> Option<(&str, Self)> {
        let name = name.strip_suffix(".wav")?;
        let tracks = [("-stereo", Self::Stereo), ("-assistant", Self::Assistant), ("-customer", Self::Customer)];
        let found = tracks.iter().find_map(|(suffix, track)| Some((name.strip_suffix(suffix)?, *track)));
        Some(found.unwrap_or((name, Self::Mono)))
    }
}

/// The WAV file of a conversation.
pub(crate) fn wav(transcript: &Transcript, track: Track) -> Vec<u8> {
    let samples = index(transcript.talk_seconds.min(SECONDS_MAX));
    let mut agent = vec![0.0_f32; samples];
    let mut person = vec![0.0_f32; samples];
    for item in &transcript.items {
        match item.said {
            Said::Agent(_) => speak(&mut agent, item, AGENT_HERTZ),
            Said::Person(_) => speak(&mut person, item, PERSON_HERTZ),
            Said::ToolCall { .. } | Said::ToolResult { .. } => {}
        }
    }
    let both = agent.iter().zip(&person);
    match track {
        Track::Mono => file(1, both.map(|(agent, person)| byte(agent + person))),
        Track::Assistant => file(1, agent.iter().copied().map(byte)),
        Track::Customer => file(1, person.iter().copied().map(byte)),
        Track::Stereo => file(2, both.flat_map(|(agent, person)| [byte(*person), byte(*agent)])),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded by SECONDS_MAX, never negative")]
fn index(seconds: f64) -> usize {
    (seconds.max(0.0) * f64::from(SAMPLES_PER_SECOND)) as usize
}

#[expect(clippy::cast_precision_loss, reason = "a second of samples, counted from the start of a sentence")]
fn speak(samples: &mut [f32], item: &Item, hertz: f32) {
    let (from, to) = (index(item.start), index(item.end).min(samples.len()));
    let Some(sentence) = samples.get_mut(from.min(to)..to) else {
        return;
    };
    let turn = std::f32::consts::TAU / SAMPLES_PER_SECOND as f32;
    for (number, sample) in sentence.iter_mut().enumerate() {
        let phase = number as f32 * turn;
        let syllable = (phase * SYLLABLES_PER_SECOND / 2.0).sin().abs();
        let voice = (phase * hertz).sin() + 0.5 * (phase * hertz * 2.0).sin() + 0.25 * (phase * hertz * 3.0).sin();
        *sample = 0.35 * syllable * voice;
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
fn byte(sample: f32) -> u8 {
    (128.0 + sample * 120.0).clamp(0.0, 255.0) as u8
}

fn file(channels: u16, samples: impl Iterator<Item = u8>) -> Vec<u8> {
    let samples: Vec<u8> = samples.collect();
    let data_bytes = u32::try_from(samples.len()).expect("a minute of sound");
    let mut wav = Vec::with_capacity(samples.len() + HEADER_BYTES as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(HEADER_BYTES - 8 + data_bytes).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&16_u32.to_le_bytes());
    wav.extend_from_slice(&1_u16.to_le_bytes());
    wav.extend_from_slice(&channels.to_le_bytes());
    wav.extend_from_slice(&SAMPLES_PER_SECOND.to_le_bytes());
    wav.extend_from_slice(&(SAMPLES_PER_SECOND * u32::from(channels)).to_le_bytes());
    wav.extend_from_slice(&channels.to_le_bytes());
    wav.extend_from_slice(&8_u16.to_le_bytes());
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&data_bytes.to_le_bytes());
    wav.extend_from_slice(&samples);
    wav
}
