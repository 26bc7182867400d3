//! Where a call is sent on to.

use std::collections::BTreeMap;

use serde::Serialize;

/// The target of a transfer, in an answer of ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Destination {
    /// A phone.
    Number {
        /// E.164.
        number: String,
        /// The number shown to who is called.
        #[serde(skip_serializing_if = "Option::is_none")]
        caller_id: Option<String>,
        /// To be dialed after the pick-up.
        #[serde(skip_serializing_if = "Option::is_none")]
        extension: Option<String>,
        /// Spoken to the person before the transfer.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// A SIP address.
    Sip {
        /// `sip:…`.
        sip_uri: String,
        /// Extra headers.
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        sip_headers: BTreeMap<String, String>,
        /// Spoken to the person before the transfer.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// Another assistant of the squad.
    Assistant {
        /// Its name in the squad.
        assistant_name: String,
        /// Spoken to the person before the transfer.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
}
