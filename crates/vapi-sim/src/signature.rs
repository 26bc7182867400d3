//! How a webhook proves that it comes from Vapi: bearer token, HMAC over the raw body, or the old shared secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::Value;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// The delivery that is to be signed.
pub(crate) struct Signed<'a> {
    pub(crate) url: &'a str,
    pub(crate) body: &'a [u8],
    pub(crate) message_id: &'a str,
    pub(crate) now: Timestamp,
}

/// Headers by a credential's `authenticationPlan`; none for a type that needs no signature.
pub(crate) fn headers(plan: &Value, signed: &Signed<'_>) -> Vec<(String, String)> {
    match plan["type"].as_str() {
        Some("bearer") => vec![bearer(plan)],
        Some("hmac") => hmac_headers(plan, signed),
        _ => Vec::new(),
    }
}

fn bearer(plan: &Value) -> (String, String) {
    let name = plan["headerName"].as_str().unwrap_or("Authorization");
    let token = plan["token"].as_str().unwrap_or_default();
    let has_prefix = plan["bearerPrefixEnabled"].as_bool().unwrap_or(true);
    (name.to_owned(), if has_prefix { format!("Bearer {token}") } else { token.to_owned() })
}

/// The unit of the timestamp is not documented; seconds, as in the Standard Webhooks form it resembles.
fn hmac_headers(plan: &Value, signed: &Signed<'_>) -> Vec<(String, String)> {
    let text = |key: &str, default: &'static str| plan[key].as_str().unwrap_or(default).to_owned();
    let timestamp = signed.now.as_second().to_string();
    let format = text("payloadFormat", "{timestamp}.{body}");
    let payload = payload(&format, &timestamp, signed);
    let key = match plan["secretIsBase64"].as_bool() {
        Some(true) => BASE64.decode(text("secretKey", "")).unwrap_or_default(),
        _ => text("secretKey", "").into_bytes(),
    };
    let digest = digest(&text("algorithm", "sha256"), &key, &payload);
    let encoded =
        if text("signatureEncoding", "hex") == "base64" { BASE64.encode(digest) } else { hex::encode(digest) };
    let mut headers = vec![(text("signatureHeader", "x-signature"), text("signaturePrefix", "") + &encoded)];
    if plan["includeTimestamp"].as_bool().unwrap_or(true) {
        headers.push((text("timestampHeader", "x-timestamp"), timestamp));
    }
    if let Some(name) = plan["messageIdHeader"].as_str() {
        headers.push((name.to_owned(), signed.message_id.to_owned()));
    }
    headers
}

/// `format` with its places filled. The body goes in as raw bytes, last, so that its braces are left alone.
fn payload(format: &str, timestamp: &str, signed: &Signed<'_>) -> Vec<u8> {
    let fill = |part: &str| {
        let part = part.replace("{timestamp}", timestamp).replace("{method}", "POST");
        part.replace("{url}", signed.url).replace("{svix-id}", signed.message_id)
    };
    let parts: Vec<Vec<u8>> = format.split("{body}").map(|part| fill(part).into_bytes()).collect();
    parts.join(signed.body)
}

fn digest(algorithm: &str, key: &[u8], payload: &[u8]) -> Vec<u8> {
    macro_rules! keyed {
        ($hash:ty) => {{
            let mut mac = Hmac::<$hash>::new_from_slice(key).expect("HMAC takes keys of any length");
            mac.update(payload);
            mac.finalize().into_bytes().to_vec()
        }};
    }
    match algorithm {
        "sha1" => keyed!(Sha1),
        "sha512" => keyed!(Sha512),
        _ => keyed!(Sha256),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn signed() -> Signed<'static> {
        Signed {
            url: "http://a/b",
            body: b"{\"message\":{}}",
            message_id: "msg_1",
            now: Timestamp::from_second(1_700_000_000).unwrap(),
        }
    }

    #[test]
    fn an_hmac_covers_timestamp_and_raw_body() {
        let plan = json!({ "type": "hmac", "secretKey": "s3cret", "algorithm": "sha256" });
        // openssl: printf '1700000000.{"message":{}}' | openssl dgst -sha256 -hmac s3cret
        let expected = "5636fcb6296a2ce8b4a72c9119a54ee543dea12345e99179818bd48f0b68bd09";
        let headers = headers(&plan, &signed());
        assert_eq!(headers[0], ("x-signature".to_owned(), expected.to_owned()));
        assert_eq!(headers[1], ("x-timestamp".to_owned(), "1700000000".to_owned()));
    }

    #[test]
    fn a_bearer_token_may_use_its_own_header_without_prefix() {
        let plan =
            json!({ "type": "bearer", "token": "t", "headerName": "X-Vapi-Secret", "bearerPrefixEnabled": false });
        assert_eq!(headers(&plan, &signed()), [("X-Vapi-Secret".to_owned(), "t".to_owned())]);
    }

    #[test]
    fn a_payload_may_name_method_url_and_message_id() {
        let filled = payload("{method} {url} {svix-id}:{body}", "1", &signed());
        assert_eq!(filled, b"POST http://a/b msg_1:{\"message\":{}}");
    }
}
