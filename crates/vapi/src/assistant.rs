//! Assistants at Vapi.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::merge::patch_body;
use crate::{Client, Error, Fetched, tolerance};

const ASSISTANTS: &str = "assistant";

/// The facts of an assistant that are asked for; the whole of it is in [`Fetched::raw`].
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assistant {
    /// Vapi's id.
    pub id: String,
    /// The Vapi organization it belongs to.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub org_id: Option<String>,
    /// At most 40 characters.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub name: Option<String>,
    /// The first sentence.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub first_message: Option<String>,
    /// Where its messages go; absent means the phone number's or the organization's server.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub server: Option<Map<String, Value>>,
    /// Which messages it sends; empty means Vapi's default list.
    #[serde(default, deserialize_with = "tolerance::list")]
    pub server_messages: Vec<crate::MessageKind>,
    /// `"off"` or a plan; absent when it was never set.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub voicemail_detection: Option<Value>,
    /// The caller's own marks.
    #[serde(default, deserialize_with = "tolerance::optional")]
    pub metadata: Option<Value>,
    /// When it was created.
    #[serde(default, deserialize_with = "tolerance::instant")]
    pub created_at: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default, deserialize_with = "tolerance::instant")]
    pub updated_at: Option<Timestamp>,
}

impl Assistant {
    /// Whether it can tell a voicemail box from a person. If not, no call of its ever ends as `voicemail`: such
    /// calls look answered.
    pub fn detects_voicemail(&self) -> bool {
        self.voicemail_detection.as_ref().is_some_and(Value::is_object)
    }
}

impl Client {
    /// The assistants of the organization, at most 1000.
    pub async fn list_assistants(&self) -> Result<Vec<Fetched<Assistant>>, Error> {
        let mut url = self.collection(ASSISTANTS);
        url.set_query(Some("limit=1000"));
        self.get(url).await
    }

    /// One assistant.
    pub async fn get_assistant(&self, id: &str) -> Result<Fetched<Assistant>, Error> {
        self.get(self.object(ASSISTANTS, id)?).await
    }

    /// Creates an assistant from its JSON. After [`Error::Unknown`] it may exist.
    pub async fn create_assistant(&self, assistant: &Map<String, Value>) -> Result<Fetched<Assistant>, Error> {
        self.post(self.collection(ASSISTANTS), assistant).await
    }

    /// Merges `change` deeply into the stored assistant; sends nothing if it is already so.
    ///
    /// Reads before it writes: of two changes to one nested object at the same time, one may be lost.
    pub async fn update_assistant(&self, id: &str, change: &Map<String, Value>) -> Result<Fetched<Assistant>, Error> {
        self.update(ASSISTANTS, id, change).await
    }

    /// For every kind of object: get, merge, patch what differs.
    pub(crate) async fn update<T: serde::de::DeserializeOwned>(
        &self,
        collection: &str,
        id: &str,
        change: &Map<String, Value>,
    ) -> Result<Fetched<T>, Error> {
        let url = self.object(collection, id)?;
        let stored: Fetched<T> = self.get(url.clone()).await?;
        let whole = serde_json::from_str(stored.raw.get()).expect("raw is JSON that was read before");
        let body = patch_body(&whole, change);
        if body.is_empty() {
            return Ok(stored);
        }
        self.patch(url, &body).await
    }
}
