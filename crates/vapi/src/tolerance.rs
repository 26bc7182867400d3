//! How wrong an optional field may be: a field of an unexpected type reads as absent, and the rest of the message
//! is still read. Only JSON text can be read this way, since the fields are first taken as raw text.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A value, or `None` when it is null or not a `T`.
pub(crate) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(read(raw))
}

/// A list without the items that are not a `T`; empty when it is no list.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let raw = <&RawValue>::deserialize(deserializer)?;
    let items: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
    Ok(items.into_iter().filter_map(read).collect())
}

/// A text; a number or a boolean reads as its JSON text (`successEvaluation` has been seen as all three).
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    let json = raw.get();
    match json.as_bytes().first() {
        Some(b'"') => Ok(serde_json::from_str(json).or_else(|_| serde_json::from_str(&mend_surrogates(json))).ok()),
        Some(b'{' | b'[' | b'n') | None => Ok(None),
        Some(_) => Ok(Some(json.to_owned())),
    }
}

/// A text as [`text`] reads it, or an empty one.
pub(crate) fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(text(deserializer)?.unwrap_or_default())
}

/// A fact that is false unless it is said to be true.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(optional(deserializer)?.unwrap_or_default())
}

/// An instant: ISO 8601 text, or milliseconds since 1970 as a number (with or without a fraction).
pub(crate) fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    if let Some(text) = read::<String>(raw) {
        return Ok(text.parse().ok());
    }
    Ok(read::<f64>(raw).and_then(instant_from_milliseconds))
}

/// An amount, read from the JSON text itself so that no digit passes through a float.
pub(crate) fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    let digits = raw.get().trim_matches('"');
    Ok(digits.parse().or_else(|_| Decimal::from_scientific(digits)).ok())
}

/// Half a surrogate pair becomes U+FFFD. JavaScript cuts texts between the halves of an emoji and writes the half
/// as an escape, which is no Unicode text.
fn mend_surrogates(json: &str) -> String {
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(start) = rest.find('\\') {
        mended.push_str(&rest[..start]);
        let escape = &rest[start..];
        let pair = unit(escape).zip(escape.get(6..).and_then(unit));
        let length = match (unit(escape), pair) {
            (_, Some((0xD800..=0xDBFF, 0xDC00..=0xDFFF))) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                mended.push('\u{FFFD}');
                rest = &escape[6..];
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => 2.min(escape.len()),
        };
        let (whole, after) = escape.split_at(length);
        mended.push_str(whole);
        rest = after;
    }
    mended + rest
}

/// The code unit of an escape such as `\uD83D` at the start of `text`.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

fn read<T: DeserializeOwned>(raw: &RawValue) -> Option<T> {
    serde_json::from_str::<Option<T>>(raw.get()).ok().flatten()
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked by Timestamp; a fraction of a ms is noise")]
fn instant_from_milliseconds(milliseconds: f64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds as i64).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Sample {
        #[serde(deserialize_with = "optional")]
        count: Option<i64>,
        #[serde(deserialize_with = "list")]
        words: Vec<String>,
        #[serde(deserialize_with = "text")]
        verdict: Option<String>,
        #[serde(deserialize_with = "instant")]
        at: Option<Timestamp>,
        #[serde(deserialize_with = "decimal")]
        cost: Option<Decimal>,
    }

    fn read_sample(json: &str) -> Sample {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_field_of_the_wrong_type_reads_as_absent() {
        let wrong = r#"{"count":"many","words":{"a":1},"verdict":[],"at":true,"cost":"a lot"}"#;

        assert_eq!(read_sample(wrong), Sample::default());
        assert_eq!(read_sample("{}"), Sample::default());
    }

    #[test]
    fn null_reads_as_absent() {
        let nulls = r#"{"count":null,"words":null,"verdict":null,"at":null,"cost":null}"#;

        assert_eq!(read_sample(nulls), Sample::default());
    }

    #[test]
    fn a_list_loses_only_its_wrong_items() {
        assert_eq!(read_sample(r#"{"words":["a",1,null,"b"]}"#).words, ["a", "b"]);
    }

    #[test]
    fn a_verdict_may_be_a_text_a_number_or_a_boolean() {
        let check = |json: &str, expected: &str| {
            assert_eq!(read_sample(&format!(r#"{{"verdict":{json}}}"#)).verdict.as_deref(), Some(expected));
        };
        check(r#""true""#, "true");
        check("true", "true");
        check("7", "7");
    }

    #[test]
    fn half_an_emoji_does_not_cost_the_whole_text() {
        let check = |json: &str, expected: &str| {
            let sample = read_sample(&format!(r#"{{"verdict":"{json}"}}"#));
            assert_eq!(sample.verdict.as_deref(), Some(expected), "{json}");
        };
        check(r"cut \ud83d", "cut \u{FFFD}");
        check(r"\ude00\ud83d\ude00\ud83d!", "\u{FFFD}😀\u{FFFD}!");
        check(r"\ud83d\n\\ud83d\u00e9\ud83dé", "\u{FFFD}\n\\ud83dé\u{FFFD}é");
    }

    #[test]
    fn an_instant_may_be_iso_text_or_milliseconds() {
        let expected: Timestamp = "2024-07-27T21:23:38.016Z".parse().unwrap();
        let check = |json: &str| {
            assert_eq!(read_sample(&format!(r#"{{"at":{json}}}"#)).at, Some(expected), "{json}");
        };
        check(r#""2024-07-27T21:23:38.016Z""#);
        check("1722115418016");
        check("1722115418016.999");
    }

    #[test]
    fn an_amount_keeps_every_digit_of_its_text() {
        let check = |json: &str, expected: &str| {
            let cost = read_sample(&format!(r#"{{"cost":{json}}}"#)).cost.unwrap();
            assert_eq!(cost.to_string(), expected);
        };
        check("0.0394", "0.0394");
        check("0.1000000000000000055", "0.1000000000000000055");
        check(r#""0.25""#, "0.25");
        check("5e-7", "0.0000005");
        check("0", "0");
    }
}
