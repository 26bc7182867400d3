//! The form as it is sent: a few small fields and a file, read into memory up to a bound.

use crate::domain::ids::LeadImportId;
use crate::domain::lead_file::{LEAD_FILE_BYTES_MAX, LeadFileError};
use crate::http::error::PageError;
use axum::extract::multipart::{Field, Multipart};
use bytes::{Bytes, BytesMut};

/// The file and the other fields of the form.
pub(crate) const UPLOAD_BYTES_MAX: usize = LEAD_FILE_BYTES_MAX + 64 * 1024;
const FIELDS_MAX: usize = 10;
const FIELD_BYTES_MAX: usize = 1_000;

/// What was sent by the form.
#[derive(Default)]
pub(super) struct Upload {
    /// The form's key, which becomes the import's id: the same form again is the same import.
    pub id: Option<LeadImportId>,
    /// The file may have been imported before.
    pub again: bool,
    pub name: String,
    pub bytes: Bytes,
}

impl Upload {
    pub(super) async fn read(mut form: Multipart) -> Result<Result<Self, LeadFileError>, PageError> {
        let mut upload = Self::default();
        for _ in 0..FIELDS_MAX {
            let Some(mut field) = form.next_field().await.map_err(|_| PageError::Unreadable)? else {
                break;
            };
            let max = if field.name() == Some("file") { LEAD_FILE_BYTES_MAX } else { FIELD_BYTES_MAX };
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().unwrap_or_default().to_owned();
            let Some(bytes) = bounded(&mut field, max).await? else {
                return Ok(Err(LeadFileError::TooManyBytes));
            };
            match name.as_str() {
                "form_key" => upload.id = std::str::from_utf8(&bytes).ok().and_then(|key| key.parse().ok()),
                "again" => upload.again = true,
                "file" => (upload.name, upload.bytes) = (file_name, bytes),
                _ => {}
            }
        }
        Ok(Ok(upload))
    }
}

/// The bytes of a field; `None` if there are more than `bytes_max`.
async fn bounded(field: &mut Field<'_>, bytes_max: usize) -> Result<Option<Bytes>, PageError> {
    let mut bytes = BytesMut::new();
    while let Some(piece) = field.chunk().await.map_err(|_| PageError::Unreadable)? {
        if bytes.len() + piece.len() > bytes_max {
            return Ok(None);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Some(bytes.freeze()))
}
