//! The bytes that a signature covers.

use crate::webhook_auth::{AuthError, WebhookRequest, header};

/// `format` with `{timestamp}`, `{body}`, `{method}`, `{url}` and `{svix-id}` filled in; other braces stay.
///
/// What is filled in is not searched for further placeholders: it may be a forger's.
pub(crate) fn signed_payload(
    format: &str,
    request: &WebhookRequest<'_>,
    timestamp: &str,
    message_id_header: &str,
) -> Result<Vec<u8>, AuthError> {
    let mut payload = Vec::with_capacity(format.len() + timestamp.len() + request.body.len());
    let mut rest = format;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        payload.extend_from_slice(before.as_bytes());
        let end = from.find('}').map_or(from.len(), |end| end + 1);
        let (placeholder, after) = from.split_at(end);
        payload.extend_from_slice(match placeholder {
            "{body}" => request.body,
            "{timestamp}" => timestamp.as_bytes(),
            "{method}" => request.method.as_str().as_bytes(),
            "{url}" => request.url.as_bytes(),
            "{svix-id}" => header(request.headers, message_id_header)?.as_bytes(),
            literal => literal.as_bytes(),
        });
        rest = after;
    }
    payload.extend_from_slice(rest.as_bytes());
    Ok(payload)
}
