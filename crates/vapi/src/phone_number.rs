//! Phone numbers at Vapi.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::open_text::open_text;
use crate::{Client, Error, Fetched, tolerance};

const PHONE_NUMBERS: &str = "phone-number";

open_text! {
    /// Whether a number can be used.
    PhoneNumberStatus {
        /// It works.
        Active = "active",
        /// It is being set up.
        Activating = "activating",
        /// It must not be used.
        Blocked = "blocked",
    }
}

/// The facts of a phone number that are asked for; the whole of it is in [`Fetched::raw`].
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneNumber {
    /// Vapi's id.
    pub id: String,
    /// The Vapi organization it belongs to.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub org_id: Option<String>,
    /// `vapi`, `twilio`, `vonage`, `telnyx` or `byo-phone-number`.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub provider: Option<String>,
    /// E.164; absent for a SIP address.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub number: Option<String>,
    /// At most 40 characters.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub name: Option<String>,
    /// Whether it can be used.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub status: Option<PhoneNumberStatus>,
    /// Who answers inbound calls.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub assistant_id: Option<String>,
    /// The squad that answers inbound calls.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub squad_id: Option<String>,
    /// The workflow that answers inbound calls.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub workflow_id: Option<String>,
    /// Where its messages go.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub server: Option<Map<String, Value>>,
}

impl PhoneNumber {
    /// A number Vapi gives away: US only, no calls abroad, and about ten outbound calls a UTC day.
    pub fn is_free_vapi_number(&self) -> bool {
        self.provider.as_deref() == Some("vapi")
    }

    /// Whether nobody is set to answer it, so that each inbound call asks the server with an `assistant-request`.
    pub fn asks_who_answers(&self) -> bool {
        self.assistant_id.is_none() && self.squad_id.is_none() && self.workflow_id.is_none()
    }
}

impl Client {
    /// The phone numbers of the organization, at most 1000.
    pub async fn list_phone_numbers(&self) -> Result<Vec<Fetched<PhoneNumber>>, Error> {
        let mut url = self.collection(PHONE_NUMBERS);
        url.set_query(Some("limit=1000"));
        self.get(url).await
    }

    /// One phone number.
    pub async fn get_phone_number(&self, id: &str) -> Result<Fetched<PhoneNumber>, Error> {
        self.get(self.object(PHONE_NUMBERS, id)?).await
    }

    /// Merges `change` deeply into the stored number, as
    /// [`update_assistant`](Self::update_assistant) does.
    pub async fn update_phone_number(
        &self,
        id: &str,
        change: &Map<String, Value>,
    ) -> Result<Fetched<PhoneNumber>, Error> {
        self.update(PHONE_NUMBERS, id, change).await
    }
}
