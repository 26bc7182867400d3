//! JSON may carry the character NUL as `\u0000`, Postgres keeps it in no text: it is left out before anything is read.

use std::borrow::Cow;

const NUL: &[u8] = br"\u0000";

/// The JSON without the character NUL. A backslash that is itself escaped begins no escape.
pub(super) fn without_nul(json: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memmem::find(json, NUL).is_none() {
        return Cow::Borrowed(json);
    }
    let mut kept = Vec::with_capacity(json.len());
    let mut rest = json;
    while let Some(&first) = rest.first() {
        let taken = match rest {
            [b'\\', ..] if rest.starts_with(NUL) => {
                rest = &rest[NUL.len()..];
                continue;
            }
            [b'\\', _, ..] => 2,
            _ => 1,
        };
        kept.push(first);
        kept.extend_from_slice(&rest[1..taken]);
        rest = &rest[taken..];
    }
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        assert_eq!(String::from_utf8_lossy(&without_nul(json.as_bytes())), expected);
    }

    #[test]
    fn only_the_escape_of_the_character_is_left_out() {
        check(r#"{"a":"b"}"#, r#"{"a":"b"}"#);
        check(r#"{"a":"\u0000b\u0000\u0000"}"#, r#"{"a":"b"}"#);
        check(r#"{"a":"\\u0000\\\u0000\""}"#, r#"{"a":"\\u0000\\\""}"#);
        check(r"\u000", r"\u000");
        check("\\u0000\\", "\\");
    }
}
